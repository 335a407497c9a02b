package main

import (
	"bufio"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// recorder keeps a run and writes it as a recording.
type recorder struct {
	d    *draft.File
	st   *sim.Stepper
	seed uint64
	t    sim.Trajectory
}

func newRecorder(d *draft.File, st *sim.Stepper, seed uint64) *recorder {
	return &recorder{d: d, st: st, seed: seed, t: sim.Trajectory{Timestep: st.Model().Timestep()}}
}

func (r *recorder) take(m *scene.Moment) error {
	if len(r.t.States) > 0 {
		r.t.Results = append(r.t.Results, m.Result)
		var pushing []sim.Contact
		for _, c := range m.Contacts {
			if c.Force != (r3.Vec{}) {
				pushing = append(pushing, c)
			}
		}
		r.t.Contacts = append(r.t.Contacts, pushing)
	}
	r.t.States = append(r.t.States, m.State.Clone())
	r.t.Inputs = append(r.t.Inputs, slices.Clone(m.Input))
	return nil
}

// close writes the recording. The input of the last instant was not used.
func (r *recorder) close() error {
	if n := len(r.t.States); n > 0 {
		r.t.Inputs = r.t.Inputs[:n-1]
	}
	w := bufio.NewWriter(r.d)
	err := r.st.Record(&r.t, r.seed).Save(w)
	if err == nil {
		err = w.Flush()
	}
	if err = r.d.Keep(err); err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	return nil
}
