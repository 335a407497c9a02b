package main

import (
	"context"
	"math"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
)

// moment is one instant of a run, handed to sinks. It is theirs until the next one.
type moment struct {
	t      float64
	state  sim.State
	energy sim.Energy
	st     *sim.Stepper // reports of the step that led here
	first  bool         // the start: there was no step
	result sim.Result
}

// sink takes what a run produces: a CSV file, a picture.
type sink interface {
	take(*moment) error
	close() error
}

// loop runs the simulation and fills the report. A step that fails, or a sink that does, ends it.
func loop(ctx context.Context, r *report, st *sim.Stepper, start sim.State, steps int, ctrl sim.Controller, sinks []sink, bar *bar) {
	defer bar.done()
	m := moment{state: start.Clone(), st: st, first: true}
	u := make([]float64, st.Model().NU())
	if m.energy, r.err = st.Energy(m.state); r.err != nil {
		r.Failures++
	}
	r.begin(&m)
	defer r.end(&m)
	for k := 0; r.err == nil && ctx.Err() == nil; k++ {
		for _, s := range sinks {
			if r.err = s.take(&m); r.err != nil {
				return
			}
		}
		if k == steps {
			return
		}
		began := time.Now()
		if ctrl != nil {
			clear(u)
			ctrl(u, k, m.state)
		}
		m.result, r.err = st.Step(&m.state, m.state, u)
		r.wall += time.Since(began)
		if r.err != nil {
			r.fail(&m)
			return
		}
		m.t, m.first = float64(k+1)*st.Model().Timestep(), false
		var noEnergy error // a body that spins too fast for the step has none; that is no failed step
		if m.energy, noEnergy = st.Energy(m.state); noEnergy != nil {
			m.energy = sim.Energy{Kinetic: math.NaN(), Gravity: math.NaN(), Spring: math.NaN()}
		}
		r.step(&m)
		bar.step()
	}
}
