package replay

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Options are the choices around a replay. The zero value selects the defaults.
type Options struct {
	Title  string              // default: the model's name
	FPS    float64             // frames kept per second of simulation. Default 50, at most one per step
	Figure scene.FigureOptions // how the model is drawn
	Still  bool                // do not begin to play when the page opens
}

// Film is a simulation on its way into a page. Add every step; it keeps the frames it needs.
type Film struct {
	opt    Options
	figure *scene.Figure
	probe  *Probe
	now    scene.Moment
	every  int // steps per frame
	step   int // steps so far
	times  []float64
	rows   [][]float64
	qs     [][]float64 // configurations of the rows
}

// NewFilm returns an empty film of m.
func NewFilm(m *sim.Model, opt Options) *Film {
	if opt.Title == "" {
		opt.Title = m.Name()
	}
	if !(opt.FPS > 0) {
		opt.FPS = 50
	}
	f := &Film{opt: opt, figure: scene.FromModel(m, opt.Figure)}
	f.probe = NewProbe(f.figure)
	f.every = max(1, int(math.Round(1/(opt.FPS*m.Timestep()))))
	return f
}

// Figure returns how the film draws its model; [scene.Figure.Skipped] says what it could not draw.
func (f *Film) Figure() *scene.Figure { return f.figure }

// Frames returns the number of frames kept so far.
func (f *Film) Frames() int { return len(f.rows) }

// Start adds the first instant, at time zero.
func (f *Film) Start(st *sim.Stepper, state sim.State) {
	f.now.Set(0, state)
	f.now.Kappa = st.Options().Kappa
	_ = f.now.Weigh(st) // the energy of a fast spinning state may not exist
	f.keep(&f.now)
}

// Add adds the instant after a step of st that ended in state.
func (f *Film) Add(st *sim.Stepper, state sim.State, res sim.Result) {
	if f.next() {
		f.look(float64(f.step)*f.figure.Model().Timestep(), st, state, res)
	}
}

// look keeps the instant at time t after a step of st.
func (f *Film) look(t float64, st *sim.Stepper, state sim.State, res sim.Result) {
	f.now.Set(t, state)
	f.now.Report(st, res)
	_ = f.now.Weigh(st)
	f.keep(&f.now)
}

// AddMoment adds an instant at a time of its own, later than that of the last. Options.FPS plays no part.
func (f *Film) AddMoment(m *scene.Moment) error {
	if n := len(f.times); n > 0 && !(m.Time > f.times[n-1]) {
		return fmt.Errorf("replay: a frame at %g s after one at %g s", m.Time, f.times[n-1])
	}
	f.keep(m)
	return nil
}

// next counts a step and reports whether its end is kept.
func (f *Film) next() bool {
	f.step++
	return f.step%f.every == 0
}

func (f *Film) keep(m *scene.Moment) {
	f.times = append(f.times, m.Time)
	f.rows = append(f.rows, f.probe.Row(make([]float64, 0, f.probe.Columns()), m))
	f.qs = append(f.qs, append([]float64(nil), m.State.Q...))
}

// FromTrajectory returns the film of a recorded trajectory. It takes the steps that lead to frames once
// more, with the options of the recording, to know the contact forces.
func FromTrajectory(m *sim.Model, t *sim.Trajectory, opt sim.Options, o Options) (*Film, error) {
	if len(t.States) == 0 {
		return nil, errors.New("replay: the trajectory is empty")
	}
	f, st, next := NewFilm(m, o), m.NewStepper(opt), m.NewState()
	f.Start(st, t.States[0])
	for k, u := range t.Inputs {
		if !f.next() {
			continue // its forces are not shown
		}
		res, err := st.Step(&next, t.States[k], u)
		if err != nil {
			return f, fmt.Errorf("replay: step %d: %w", k, err)
		}
		f.look(float64(k+1)*t.Timestep, st, t.States[k+1], res)
	}
	return f, nil
}

// FromRecording is [FromTrajectory] for a loaded recording. It fails when the recording is of another model.
func FromRecording(m *sim.Model, r *sim.Recording, o Options) (*Film, error) {
	if err := r.Of(m); err != nil {
		return nil, err
	}
	return FromTrajectory(m, &r.Trajectory, r.Options, o)
}

// columns returns the rows as channels.
func (f *Film) columns() [][]float64 {
	out := make([][]float64, f.probe.Columns())
	for c := range out {
		out[c] = make([]float64, len(f.rows))
		for i, r := range f.rows {
			out[c][i] = r[c]
		}
	}
	f.smooth(out)
	return out
}

// smooth changes the channels so that they store well and mean the same: quaternions do not change sign
// from frame to frame, and a contact without force stays where it was.
func (f *Film) smooth(ch [][]float64) {
	nb := len(f.probe.poses)
	for b := range nb {
		q := ch[7*b+3 : 7*b+7]
		for i := 1; i < len(f.rows); i++ {
			dot := 0.0
			for k := range q {
				dot += q[k][i-1] * q[k][i]
			}
			if dot < 0 {
				for k := range q {
					q[k][i] = -q[k][i]
				}
			}
		}
	}
	least := 1e-4 * f.figure.Weight()
	for c := range f.probe.normals {
		at := ch[7*nb+6*c : 7*nb+6*c+6]
		for i := range f.rows {
			if math.Hypot(math.Hypot(at[3][i], at[4][i]), at[5][i]) > least {
				continue
			}
			for k := range 3 {
				at[k][i], at[3+k][i] = 0, 0
				if i > 0 {
					at[k][i] = at[k][i-1]
				}
			}
		}
	}
}
