package rows

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/replay"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Film says what becomes of a motion.
type Film struct {
	Kind       string // "page" (HTML) or "recording", what `ukemi replay` reads
	Title      string // "" is the model's name
	FPS        float64
	Interval   float64 // s between states; 0 is the timestep
	Kappa      float64
	Tolerance  float64
	Centrality float64
}

// Film writes a motion of one row: of its states (frames×nx), or of the first of them and the inputs (steps×nu), whose steps are taken once
// more, so that forces are known. A recording wants inputs.
func (m *Model) Film(x, h, u []float64, steps int, f Film, stop *int32) ([]byte, error) {
	var states []sim.State
	nx, nq := m.NQ()+m.NV(), m.NQ()
	if len(x) == 0 || len(x)%nx != 0 || len(h) != len(x)/nx || u != nil && len(u) != steps*m.NU() {
		return nil, fmt.Errorf("%d numbers, %d intervals and %d inputs make no motion of %q", len(x), len(h), len(u), m.Name())
	}
	for i := range h {
		s := sim.State{Q: x[i*nx : i*nx+nq], V: x[i*nx+nq : (i+1)*nx], H: h[i]}
		if err := m.CheckState(s); err != nil {
			return nil, fmt.Errorf("state %d: %w", i, err)
		}
		states = append(states, s)
	}
	if f.Kind == "recording" {
		if u == nil {
			return nil, errors.New("a recording wants the inputs of every step")
		}
		return m.record(states[0], u, steps, f, stop)
	}
	film := replay.NewFilm(m.Model, replay.Options{Title: f.Title, FPS: f.FPS})
	var err error
	if u == nil {
		err = m.show(film, states, f.Interval)
	} else {
		err = m.again(film, states[0].Clone(), u, steps, f, stop)
	}
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = film.WriteHTML(&page)
	return page.Bytes(), err
}

// show adds states as they are.
func (m *Model) show(film *replay.Film, states []sim.State, interval float64) error {
	if interval == 0 {
		interval = m.Timestep()
	}
	var now scene.Moment
	for i, s := range states {
		now.Set(float64(i)*interval, s)
		if err := film.AddMoment(&now); err != nil {
			return err
		}
	}
	return nil
}

// again takes steps, with their forces. A step that fails is where the film ends.
func (m *Model) again(film *replay.Film, x sim.State, u []float64, steps int, f Film, stop *int32) error {
	st := m.NewStepper(sim.Options{Kappa: f.Kappa, Tolerance: f.Tolerance, Centrality: f.Centrality})
	film.Start(st, x)
	nu := m.NU()
	for k := range steps {
		if stopped(stop) {
			return errCanceled
		}
		res, err := st.Step(&x, x, u[k*nu:(k+1)*nu])
		if err != nil {
			break
		}
		film.Add(st, x, res)
	}
	return nil
}

// record takes steps into a recording, up to one that fails.
func (m *Model) record(start sim.State, u []float64, steps int, f Film, stop *int32) ([]byte, error) {
	st, nu := m.NewStepper(sim.Options{Kappa: f.Kappa, Tolerance: f.Tolerance, Centrality: f.Centrality}), m.NU()
	path, err := st.Rollout(start, steps, func(in []float64, k int, _ sim.State) { copy(in, u[k*nu:(k+1)*nu]) })
	if stopped(stop) {
		return nil, errCanceled
	}
	if path == nil || len(path.States) < 2 {
		return nil, err
	}
	var b bytes.Buffer
	err = st.Record(path, 0).Save(&b)
	return b.Bytes(), err
}
