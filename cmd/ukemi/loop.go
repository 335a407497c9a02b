package main

import (
	"context"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// sink takes what a run produces: a CSV file, a picture. The moment is its own until the next one. What no step has
// led to, the start, has contacts without force and no result.
type sink interface {
	take(*scene.Moment) error
	close() error
}

// loop runs the simulation and fills the report. A step that fails, or a sink that does, ends it.
func loop(ctx context.Context, r *report, st *sim.Stepper, start sim.State, steps int, ctrl sim.Controller, sinks []sink, bar *bar) {
	defer bar.done()
	var m scene.Moment
	next, u := start.Clone(), make([]float64, st.Model().NU())
	m.Set(0, start)
	m.Report(st, sim.Result{})
	if r.err = m.Weigh(st); r.err != nil {
		r.Failures++
	}
	r.begin(&m)
	defer r.end(&m)
	for k := 0; r.err == nil && ctx.Err() == nil; k++ {
		began := time.Now()
		if ctrl != nil && k < steps { // at the end the last input stays
			clear(u)
			ctrl(u, k, m.State)
		}
		r.wall += time.Since(began)
		m.Feed(u)
		for _, s := range sinks {
			if r.err = s.take(&m); r.err != nil {
				return
			}
		}
		if k == steps {
			return
		}
		began = time.Now()
		var res sim.Result
		res, r.err = st.Step(&next, m.State, u)
		r.wall += time.Since(began)
		if r.err != nil {
			r.fail(&m, res)
			return
		}
		m.Set(float64(k+1)*st.Model().Timestep(), next)
		m.Report(st, res)
		_ = m.Weigh(st) // a body that spins too fast for the step has no energy; that is no failed step
		r.step(&m, st.Penetration(), st.Parts())
		r.Calmed += st.Calmed()
		r.add(m.Contacts, st.Islands())
		bar.step()
	}
}
