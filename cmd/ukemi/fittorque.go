package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
)

// torque fits what torques depend on.
func (r *fitted) torque(ctx context.Context, c *cobra.Command, f *fitFlags, m *sim.Model, params []sysid.Parameter, files, apart []string) error {
	filter := sysid.DefaultFilter
	filter.Cutoff = f.cutoff
	filter.Rate = math.Max(filter.Rate, 10*f.cutoff)
	train, held, err := r.logs(f, m, files, apart)
	if err != nil {
		return err
	}
	learn, err := motions(train, filter)
	if err != nil {
		return err
	}
	judge, err := motions(held, filter)
	if err != nil {
		return err
	}
	if r.set, err = sysid.NewSet(m, params...); err != nil {
		return err
	}
	const rounds, most = 4, 100
	b, round, last := newBar(c.ErrOrStderr(), rounds*most, "fitting torques"), 0, 0
	t := sysid.Torque{Model: m, Motions: learn, Progress: func(p sysid.Progress) {
		if p.Iteration < last {
			round++
		}
		last = p.Iteration
		b.at(round*most + p.Iteration)
	}}
	found, err := t.Fit(ctx, r.set)
	b.done()
	if err != nil {
		return err
	}
	r.Result, r.Torque = found.Result, &torqueDetails{filter, found.Base, found.Presliding}
	r.measure = fmt.Sprintf("predicted minus measured torque, rms, both through a fourth-order Butterworth filter of %g Hz, both ways", f.cutoff)
	return r.judgeTorque(found, learn, judge)
}

// logs reads the files; of a single one the end may be kept apart.
func (r *fitted) logs(f *fitFlags, m *sim.Model, files, apart []string) (train, held []*sysid.Log, err error) {
	read := func(paths []string) (l []*sysid.Log, err error) {
		for _, p := range paths {
			log, err := sysid.LoadLog(p, m, silent(m)...)
			if err != nil {
				return nil, err
			}
			if log.Stale+log.Doubled > 0 {
				r.Notes = append(r.Notes, fmt.Sprintf("%s: left out %s that repeat the one before", p, plural(log.Stale+log.Doubled, "sample", "samples")))
			}
			if log.Early > 0 {
				r.Notes = append(r.Notes, fmt.Sprintf("%s: left out %s before the first torque", p, plural(log.Early, "sample", "samples")))
			}
			r.Notes = append(r.Notes, sense(p, m, log.Time, log.Q, log.V, true)...)
			l = append(l, log)
		}
		return l, nil
	}
	if train, err = read(files); err != nil {
		return nil, nil, err
	}
	if held, err = read(apart); err != nil {
		return nil, nil, err
	}
	if part, _ := f.part(); part > 0 && len(files) == 1 {
		l := train[0]
		cut := l.Time[len(l.Time)-1] - part*(l.Time[len(l.Time)-1]-l.Time[0])
		train, held = []*sysid.Log{l.Between(math.Inf(-1), cut)}, []*sysid.Log{l.Between(cut, math.Inf(1))}
	}
	for _, l := range train {
		r.Data = append(r.Data, l.Name)
	}
	for _, l := range held {
		r.HeldOut = append(r.HeldOut, l.Name)
	}
	return train, held, nil
}

// silent returns the columns of the tables of `ukemi simulate` that say nothing to torques.
func silent(m *sim.Model) (l []string) {
	for _, n := range columnNames(m) {
		if strings.HasPrefix(n, "energy.") || strings.HasPrefix(n, "u.") || strings.HasPrefix(n, "wrench.") {
			l = append(l, n)
		}
	}
	return l
}

func motions(logs []*sysid.Log, filter sysid.Filter) (all []sysid.Motion, err error) {
	for _, l := range logs {
		m, err := l.Motions(filter)
		if err != nil {
			return nil, err
		}
		all = append(all, m...)
	}
	return all, nil
}

// judgeTorque compares predictions with measurements.
func (r *fitted) judgeTorque(found *sysid.TorqueResult, learn, judge []sysid.Motion) error {
	g, m := found.Regression, r.base
	start := g.Start()
	errors := func(values []float64, mo []sysid.Motion) ([]float64, error) {
		if len(mo) == 0 {
			return nil, nil
		}
		return g.Errors(values, mo)
	}
	var e [4][]float64
	for i, x := range []struct {
		values []float64
		mo     []sysid.Motion
	}{{start, learn}, {found.Values, learn}, {start, judge}, {found.Values, judge}} {
		var err error
		if e[i], err = errors(x.values, x.mo); err != nil {
			return err
		}
	}
	at := func(e []float64, i int) number {
		if e == nil {
			return number(math.NaN())
		}
		return number(e[i])
	}
	joints := m.Joints()
	for i, j := range joints {
		r.Errors = append(r.Errors, misfit{j.Name, torqueUnit(m, j.Name), at(e[0], i), at(e[1], i), at(e[3], i), at(e[2], i)})
	}
	mo, what := &learn[0], "learned from"
	if len(judge) > 0 {
		mo, what = &judge[0], "not learned from"
	}
	tau, err := g.Predict(found.Values, mo)
	if err != nil {
		return err
	}
	for i, j := range joints {
		p := fitPanel{title: "Torques of a motion that was " + what, label: fmt.Sprintf("%s (%s)", j.Name, torqueUnit(m, j.Name))}
		for s := range tau {
			p.add(mo.Start+float64(s)*mo.Step, mo.Torque[s][i], tau[s][i])
		}
		r.panels = append(r.panels, p)
	}
	return nil
}
