package replay

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

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
	joints []scene.Slider
	touch  []touch
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
	for _, s := range scene.Sliders(m) {
		if !s.Input {
			f.joints = append(f.joints, s)
		}
	}
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
	f.finish(st)
}

// Add adds the instant after a step of st that ended in state.
func (f *Film) Add(st *sim.Stepper, state sim.State, res sim.Result) {
	if f.next() {
		f.now.Set(float64(f.step)*f.figure.Model().Timestep(), state)
		f.now.Report(st, res)
		f.finish(st)
	}
}

// finish keeps the instant at hand.
func (f *Film) finish(st *sim.Stepper) {
	_ = f.now.Weigh(st) // the energy of a fast spinning state may not exist
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
	for i := range m.Contacts {
		if c := &m.Contacts[i]; f.probe.shown(c) {
			f.touch = append(f.touch, touch{c.ID, len(f.rows), numbers(c)})
		}
	}
	f.rows = append(f.rows, f.probe.Row(make([]float64, 0, f.probe.Columns()), m))
	f.qs = append(f.qs, append([]float64(nil), m.State.Q...))
}

// FromTrajectory returns the film of a recorded trajectory. The steps that lead to frames are taken once more, with the options of the
// recording: no recording holds the forces of drives and joints. What it knows of contacts goes before.
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
		f.now.Set(float64(k+1)*t.Timestep, t.States[k+1])
		res, err := st.Step(&next, t.States[k], u)
		if err != nil {
			return f, fmt.Errorf("replay: step %d: %w", k, err)
		}
		f.now.Report(st, res)
		f.now.Recall(t, k, st.Options().Kappa)
		f.finish(st)
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

// positions returns the coordinates of the joints as channels.
func (f *Film) positions() [][]float64 {
	out := make([][]float64, len(f.joints))
	for c := range out {
		out[c] = make([]float64, len(f.qs))
		for i, q := range f.qs {
			out[c][i] = q[f.joints[c].Index]
		}
	}
	return out
}

// touch is a contact in one of the frames.
type touch struct {
	id    sim.ContactID
	frame int
	x     touching
}

// contacts returns all contacts of the film: the frames they are in, and a channel for each of their numbers. They are ordered
// by contact, then frame: neighbors in a channel are neighbors in time, which stores well.
func (f *Film) contacts() (frames []uint32, channels [][]float64) {
	all := slices.Clone(f.touch)
	slices.SortStableFunc(all, func(a, b touch) int {
		return cmp.Or(cmp.Compare(a.id.A, b.id.A), cmp.Compare(a.id.B, b.id.B), cmp.Compare(a.id.Feature, b.id.Feature))
	})
	channels = make([][]float64, len(touch{}.x))
	for _, t := range all {
		frames = append(frames, uint32(t.frame))
		for k, x := range t.x {
			channels[k] = append(channels[k], x)
		}
	}
	return frames, channels
}

// smooth changes the channels so that they store well and mean the same: quaternions do not change sign
// from frame to frame.
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
}
