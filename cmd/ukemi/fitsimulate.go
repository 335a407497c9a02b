package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// simulate fits what simulated motion depends on.
func (r *fitted) simulate(ctx context.Context, c *cobra.Command, f *fitFlags, m *sim.Model, params []sysid.Parameter, files, apart []string) error {
	learn, judge, err := r.trajectories(f, m, files, apart)
	if err != nil {
		return err
	}
	g := learn.grid
	p := sysid.Problem{Model: m, Parameters: params, Trajectories: learn.all, Substeps: g.substeps, Iterations: 100, Searches: f.search}
	if f.window > 0 {
		p.Window = max(1, int(math.Round(f.window/g.interval(m))))
	}
	nv := m.NV()
	p.Noise, p.StartNoise = make([]float64, 2*nv), make([]float64, 2*nv)
	for i := range p.Noise {
		p.Noise[i], p.StartNoise[i] = f.noise[i/nv], f.noise[i/nv]
		if i >= nv && !learn.means { // velocities of an instant are none of a step; they only say how simulations start
			p.Noise[i] = math.Inf(1)
		}
		if i >= nv && !learn.velocities {
			p.StartNoise[i] = math.Inf(1)
		}
	}
	for _, k := range f.kappas {
		p.Stages = append(p.Stages, sysid.Stage{Kappa: k})
	}
	b := newBar(c.ErrOrStderr(), p.Searches*len(p.Stages)*p.Iterations, "fitting motion")
	p.Progress = func(search int, at sysid.Progress) { b.at(search*p.Iterations + at.Iteration) }
	if r.set, err = sysid.NewSet(m, params...); err != nil {
		return err
	}
	r.Result, err = p.Fit(ctx)
	b.done()
	if err != nil {
		return err
	}
	found, err := r.set.Model(r.Result.X)
	if err != nil {
		return err
	}
	far := "each file from its first sample"
	if f.window > 0 {
		far = fmt.Sprintf("%.4g s ahead", float64(p.Window)*g.interval(m))
	}
	r.measure = fmt.Sprintf("simulated minus measured position, rms, %s from measured states", far)
	kappa := f.kappas[len(f.kappas)-1]
	var e [4][]float64
	for i, x := range []struct {
		m *sim.Model
		d *dataset
	}{{m, learn}, {found, learn}, {m, judge}, {found, judge}} {
		if x.d != nil {
			e[i] = x.d.errors(x.m, p.Window, kappa, nil)
		}
	}
	for i, n := range scene.VelocityNames(m) {
		at := func(k int) number {
			if e[k] == nil {
				return number(math.NaN())
			}
			return number(e[k][i])
		}
		r.Errors = append(r.Errors, misfit{n[2:], velocityUnit(m, i), at(0), at(1), at(3), at(2)})
	}
	show, what := learn, "learned from"
	if judge != nil {
		show, what = judge, "not learned from"
	}
	show.draw(r, found, p.Window, kappa, what)
	return nil
}

// velocityUnit returns the unit of a coordinate in the tangent space.
func velocityUnit(m *sim.Model, i int) string {
	for _, j := range m.Joints() {
		if i >= j.V && i < j.V+len(j.Type.Trans) {
			return "m"
		}
	}
	return "rad"
}

// grid is how samples lie among steps.
type grid struct{ substeps int }

func (g grid) interval(m *sim.Model) float64 { return float64(g.substeps) * m.Timestep() }

// dataset is motions to simulate.
type dataset struct {
	grid
	all        []sysid.Trajectory
	start      []float64 // s: of each
	velocities bool      // whether they were measured
	means      bool      // whether velocities are means of the interval before, as the engine's own tables have them
}

// trajectories reads the files and puts them on the grid of the model's steps.
func (r *fitted) trajectories(f *fitFlags, m *sim.Model, files, apart []string) (learn, judge *dataset, err error) {
	read := func(paths []string) (l []*record, err error) {
		for _, p := range paths {
			rec, err := readRecord(p, m)
			if err != nil {
				return nil, err
			}
			if rec.doubled > 0 {
				r.Notes = append(r.Notes, fmt.Sprintf("%s: left out %s whose instant repeats the one before", p, plural(rec.doubled, "sample", "samples")))
			}
			if rec.u == nil && m.NU() > 0 {
				r.Notes = append(r.Notes, fmt.Sprintf("%s has no inputs: they are taken to be zero", p))
			}
			if len(rec.ignored) > 0 {
				r.Notes = append(r.Notes, fmt.Sprintf("%s: energies and contact forces are not used", p))
			}
			r.Notes = append(r.Notes, sense(p, m, rec.time, rec.q, rec.v, false)...)
			l = append(l, rec)
		}
		return l, nil
	}
	a, err := read(files)
	if err != nil {
		return nil, nil, err
	}
	b, err := read(apart)
	if err != nil {
		return nil, nil, err
	}
	for _, x := range append(slices.Clone(a), b...) {
		if (x.v == nil) != (a[0].v == nil) {
			return nil, nil, fmt.Errorf("%s has velocities and %s has none, or the other way round", a[0].path, x.path)
		}
	}
	if part, _ := f.part(); part > 0 && len(files) == 1 {
		x, y := a[0].cut(part)
		if len(y.time) < 2 || len(x.time) < 2 {
			return nil, nil, fmt.Errorf("--hold-out %g of %d samples leaves too few", part, len(a[0].time))
		}
		a, b = []*record{x}, []*record{y}
	}
	g, dt := gridOf(a, m)
	if dt > 1 {
		return nil, nil, fmt.Errorf("%s: its samples come every %.3g s, too far apart to simulate from one to the next: is time in %s? It is wanted in seconds", a[0].path, dt, clock(dt))
	}
	for _, x := range append(slices.Clone(a), b...) {
		if s := x.gaps(math.Max(dt, g.interval(m))); s != "" {
			r.Notes = append(r.Notes, s)
		}
	}
	if h := g.interval(m); math.Abs(dt-h) > 1e-3*h {
		r.Notes = append(r.Notes, fmt.Sprintf("samples come every %.4g ms and are interpolated to every %.4g ms; --timestep %.4g takes them as they are", 1e3*dt, 1e3*h, dt))
	}
	means := func(l []*record) bool { return !slices.ContainsFunc(l, func(r *record) bool { return !r.own() }) }
	learn = &dataset{grid: g, velocities: a[0].v != nil, means: means(a) && math.Abs(dt-m.Timestep()) < 1e-6*dt}
	for _, x := range a {
		learn.add(x, m, dt)
		r.Data = append(r.Data, x.path)
	}
	if len(b) == 0 {
		return learn, nil, nil
	}
	judge = &dataset{grid: g, velocities: learn.velocities}
	for _, x := range b {
		judge.add(x, m, dt)
		r.HeldOut = append(r.HeldOut, x.path)
	}
	return learn, judge, nil
}

// cut parts a record in two.
func (r *record) cut(part float64) (a, b *record) {
	n := len(r.time) - int(math.Round(part*float64(len(r.time))))
	slice := func(x [][]float64, from, to int) [][]float64 {
		if x == nil {
			return nil
		}
		return x[from:to]
	}
	of := func(from, to int) *record {
		return &record{ignored: r.ignored, path: fmt.Sprintf("%s (%.6g to %.6g s)", r.path, r.time[from], r.time[max(from, to-1)]), time: r.time[from:to], h: r.h[from:to], q: r.q[from:to], v: slice(r.v, from, to), u: slice(r.u, from, to)}
	}
	n = max(1, min(n, len(r.time)-1))
	return of(0, n), of(n, len(r.time))
}

// gridOf returns how many steps lie between samples, and the median interval of the samples.
func gridOf(all []*record, m *sim.Model) (grid, float64) {
	var d []float64
	for _, r := range all {
		for i := range len(r.time) - 1 {
			d = append(d, r.time[i+1]-r.time[i])
		}
	}
	sort.Float64s(d)
	dt := d[len(d)/2]
	return grid{max(1, int(math.Round(dt/m.Timestep())))}, dt
}

// clock returns the unit in which samples dt apart would come every 0.1 to 100 ms, or a little less often.
func clock(dt float64) string {
	switch {
	case dt < 1e3:
		return "milliseconds"
	case dt < 1e6:
		return "microseconds"
	}
	return "nanoseconds"
}

// isGap reports whether a sample comes so long after the one before that what was between is missing.
func isGap(after, interval float64) bool { return after > 3*interval }

// gaps says where a record has some.
func (r *record) gaps(interval float64) string {
	n, longest, at := 0, 0.0, 0.0
	for i := 1; i < len(r.time); i++ {
		if h := r.time[i] - r.time[i-1]; isGap(h, interval) {
			if n++; h > longest {
				longest, at = h, r.time[i-1]
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s in time, the longest of %.3g s after %.6g s: nothing is compared inside, and inputs hold there", r.path, plural(n, "gap", "gaps"), longest, at)
}

// add samples a record every interval; where it has a gap of more than three samples they are missing. An input holds until the next one.
func (d *dataset) add(r *record, m *sim.Model, dt float64) {
	h := d.interval(m)
	states := make([]sim.State, len(r.time))
	for i := range states {
		states[i] = sim.State{Q: r.q[i], V: make([]float64, m.NV())}
		if r.v != nil {
			states[i].V = r.v[i]
		}
		if r.own() {
			states[i].H = r.h[i]
		}
	}
	if r.v == nil {
		for i := range states { // differences, where the search for the first velocity starts
			a, b, t := max(i-1, 0), min(i+1, len(states)-1), implicit.NewTangent(m)
			implicit.Difference(m, t, states[b], states[a])
			for k := range t.Q {
				states[i].V[k] = t.Q[k] / (r.time[b] - r.time[a])
			}
		}
	}
	tr := sysid.Trajectory{Name: r.path}
	last, i := r.time[len(r.time)-1], 0
	for k := 0; ; k++ {
		t := r.time[0] + float64(k)*h
		if t > last+1e-6*h { // not in proportion to t, which may count from 1970
			break
		}
		for i+1 < len(r.time)-1 && r.time[i+1] <= t {
			i++
		}
		tr.States = append(tr.States, between(m, states[i], states[i+1], (t-r.time[i])/(r.time[i+1]-r.time[i]), isGap(r.time[i+1]-r.time[i], math.Max(dt, h))))
	}
	if r.u != nil {
		j := 0
		for k := range (len(tr.States) - 1) * d.substeps {
			t := r.time[0] + float64(k)*m.Timestep()
			for j+1 < len(r.time) && r.time[j+1] <= t+1e-9 {
				j++
			}
			tr.Inputs = append(tr.Inputs, r.u[j])
		}
	}
	d.all, d.start = append(d.all, tr), append(d.start, r.time[0])
}

// between returns the state at part s of the way from a to b; none inside a gap.
func between(m *sim.Model, a, b sim.State, s float64, gap bool) sim.State {
	const there = 1e-6
	switch {
	case math.Abs(s) < there:
		return a
	case math.Abs(s-1) < there:
		return b
	case gap:
		return sim.State{}
	}
	t, x := implicit.NewTangent(m), sim.State{}
	implicit.Difference(m, t, b, a)
	for i := range t.Q {
		t.Q[i], t.V[i] = s*t.Q[i], s*t.V[i]
	}
	implicit.Displace(m, &x, a, t)
	return x
}

// errors returns the root mean square of simulated minus measured coordinates (NV), simulations starting at measured states every so many
// samples, 0 for the first alone. each, if any, hears of every compared sample. A step that fails makes them infinite.
func (d *dataset) errors(m *sim.Model, window int, kappa float64, each func(trajectory, sample int, x sim.State)) []float64 {
	st, diff := m.NewStepper(sim.Options{Kappa: kappa}), implicit.NewTangent(m)
	sum, n := make([]float64, m.NV()), 0.0
	for ti, t := range d.all {
		x, since, first := t.States[0].Clone(), 0, true
		for k := 1; k < len(t.States); k++ {
			if window > 0 && since >= window && t.States[k-1].Q != nil {
				x, since = t.States[k-1].Clone(), 0
			}
			for s := range d.substeps {
				var u []float64
				if t.Inputs != nil {
					u = t.Inputs[(k-1)*d.substeps+s]
				}
				if _, err := st.Step(&x, x, u); err != nil {
					for i := range sum {
						sum[i] = math.Inf(1)
					}
					return sum
				}
			}
			since++
			if each != nil {
				if first {
					each(ti, 0, t.States[0])
					first = false
				}
				each(ti, k, x)
			}
			if t.States[k].Q == nil {
				continue
			}
			implicit.Difference(m, diff, x, t.States[k])
			for i, v := range diff.Q {
				sum[i] += v * v
			}
			n++
		}
	}
	for i := range sum {
		sum[i] = math.Sqrt(sum[i] / n)
	}
	return sum
}

// draw adds panels of the coordinates of the first trajectory.
func (d *dataset) draw(r *fitted, m *sim.Model, window int, kappa float64, what string) {
	const most = 12
	names := scene.CoordinateNames(m)
	panels := make([]fitPanel, min(len(names), most))
	for i := range panels {
		panels[i] = fitPanel{title: "Simulation of a motion that was " + what, label: names[i]}
	}
	one := &dataset{grid: d.grid, all: d.all[:1], start: d.start}
	one.errors(m, window, kappa, func(_, k int, x sim.State) {
		for i := range panels {
			measured := math.NaN()
			if q := d.all[0].States[k].Q; q != nil {
				measured = q[i]
			}
			panels[i].add(d.start[0]+float64(k)*d.interval(m), measured, x.Q[i])
		}
	})
	r.panels = panels
}
