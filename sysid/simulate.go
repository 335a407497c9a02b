package sysid

import (
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// use gives the worker the model of x. It comes from the problem's own model every time: no rounding stays behind from what
// a worker did before.
func (w *worker) use(set *Set, x []float64) error {
	if w.x != nil && slices.Equal(w.x, x) {
		return w.err
	}
	m := set.m
	w.x, w.err = append([]float64{}, x...), nil
	if len(x) > 0 {
		if m, w.err = set.Model(x); w.err != nil {
			return w.err
		}
	}
	w.err = w.stepper.SetModel(m)
	return w.err
}

// residual simulates a window and compares it with the measurements: a row for each measured number of each sample, then
// the priors of the start.
func (f *fit) residual(w *worker, win window, x, y []float64, derivatives bool) (Block, error) {
	t := &f.Trajectories[win.trajectory]
	if err := w.use(f.set, x); err != nil {
		return Block{}, err
	}
	start, err := f.start(win, y)
	if err != nil {
		return Block{}, err
	}
	var b Block
	if derivatives {
		b, err = f.sensitivity(w, win, start, x, y)
	} else {
		b, err = f.simulate(w, win, start)
	}
	if err != nil {
		return b, fmt.Errorf("%s, from sample %d: %w", t.Name, win.first, err)
	}
	for k, i := range f.free {
		if s := f.StartNoise[i]; !math.IsInf(s, 1) {
			b.R = append(b.R, y[k]/s)
			b.Priors++
		}
	}
	if derivatives && b.Priors > 0 {
		rows, _ := b.Y.Dims()
		b.Y, b.X = grown(b.Y, len(b.R)), grown(b.X, len(b.R))
		for k, i := range f.free {
			if s := f.StartNoise[i]; !math.IsInf(s, 1) {
				b.Y.Set(rows, k, 1/s)
				rows++
			}
		}
	}
	return b, nil
}

// grown returns a matrix with rows of zeros added, or nil for none.
func grown(m *mat.Dense, rows int) *mat.Dense {
	if m == nil {
		return nil
	}
	r, c := m.Dims()
	return m.Grow(rows-r, 0).(*mat.Dense).Slice(0, rows, 0, c).(*mat.Dense)
}

// start returns the state that a window starts from: the measured one, moved by y.
func (f *fit) start(win window, y []float64) (sim.State, error) {
	measured := f.Trajectories[win.trajectory].States[win.first]
	if len(y) == 0 {
		return measured, nil
	}
	nv := f.Model.NV()
	d, s := make([]float64, 2*nv), sim.State{}
	for k, i := range f.free {
		d[i] = y[k]
	}
	implicit.Displace(f.Model, &s, measured, implicit.Tangent{Q: d[:nv], V: d[nv:]})
	return s, f.Model.CheckState(s)
}

// inputs returns those of a window.
func (f *fit) inputs(win window) [][]float64 {
	n := f.substeps()
	if u := f.Trajectories[win.trajectory].Inputs; u != nil {
		return u[win.first*n : win.last*n]
	}
	return make([][]float64, (win.last-win.first)*n)
}

// sample returns the measurement after k steps of a window, nil when there is none.
func (f *fit) sample(win window, k int) *sim.State {
	if k == 0 || k%f.substeps() != 0 {
		return nil
	}
	s := &f.Trajectories[win.trajectory].States[win.first+k/f.substeps()]
	if s.Q == nil {
		return nil
	}
	return s
}

// simulate is sensitivity without derivatives.
func (f *fit) simulate(w *worker, win window, x sim.State) (Block, error) {
	var b Block
	x = x.Clone()
	nv := f.Model.NV()
	r := make([]float64, 2*nv)
	for k, u := range f.inputs(win) {
		if _, err := w.stepper.Step(&x, x, u); err != nil {
			return b, fmt.Errorf("step %d: %w", k, err)
		}
		if s := f.sample(win, k+1); s != nil {
			implicit.Difference(f.Model, implicit.Tangent{Q: r[:nv], V: r[nv:]}, x, *s)
			for _, i := range f.rows {
				b.R = append(b.R, r[i]*f.inverse[i])
			}
		}
	}
	return b, nil
}

// sensitivity simulates a window and pushes the derivatives by the parameters and the start along.
func (f *fit) sensitivity(w *worker, win window, start sim.State, x, y []float64) (Block, error) {
	m, nv := f.Model, f.Model.NV()
	by := implicit.Unknowns{Params: f.set.Params()}
	ny, np := len(f.free), len(by.Params)
	if ny > 0 {
		turn, err := f.startJacobian(win, start)
		if err != nil {
			return Block{}, err
		}
		for _, i := range f.free {
			d := implicit.NewTangent(m)
			for r := range nv {
				d.Q[r], d.V[r] = turn.At(r, i), turn.At(nv+r, i)
			}
			by.Start = append(by.Start, d)
		}
	}
	samples := 0
	for k := range (win.last-win.first)*f.substeps() + 1 {
		if f.sample(win, k) != nil {
			samples++
		}
	}
	rows := samples * len(f.rows)
	b, all := Block{R: make([]float64, 0, rows)}, mat.NewDense(max(rows, 1), max(ny+np, 1), nil)
	r, dr, out := make([]float64, 2*nv), mat.NewDense(2*nv, 2*nv, nil), mat.NewDense(2*nv, max(ny+np, 1), nil)
	if by.Len() == 0 {
		return f.simulate(w, win, start) // nothing to differentiate by
	}
	err := w.gradient.Sensitivity(start, f.inputs(win), by, func(k int, state sim.State, dx *mat.Dense) error {
		s := f.sample(win, k)
		if s == nil {
			return nil
		}
		compare, err := implicit.StateResidual(m, []sim.State{*s}, f.inverse)
		if err != nil {
			return err
		}
		dr.Zero()
		if err := compare(0, state, r, dr); err != nil {
			return err
		}
		out.Mul(dr, dx)
		for _, i := range f.rows {
			copy(all.RawRowView(len(b.R)), out.RawRowView(i))
			b.R = append(b.R, r[i])
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	if ny > 0 {
		b.Y = mat.DenseCopyOf(all.Slice(0, max(rows, 1), 0, ny))
	}
	if np > 0 {
		b.X = mat.NewDense(max(rows, 1), len(x), nil)
		f.set.Chain(b.X, all.Slice(0, max(rows, 1), ny, ny+np).(*mat.Dense), x)
	}
	return b, nil
}

// startJacobian returns how the start turns with its unknowns: the start is measured ⊞ y, and its tangent space is that at
// the start, not that at the measurement. The inverse of the derivative of start ⊟ measured = y.
func (f *fit) startJacobian(win window, start sim.State) (*mat.Dense, error) {
	n := 2 * f.Model.NV()
	compare, err := implicit.StateResidual(f.Model, f.Trajectories[win.trajectory].States[win.first:win.first+1], nil)
	if err != nil {
		return nil, err
	}
	dr, inverse := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
	if err := compare(0, start, make([]float64, n), dr); err != nil {
		return nil, err
	}
	return inverse, inverse.Inverse(dr)
}

// misfits returns how far the trajectories are from what was measured, at the parameters and starts found.
func (f *fit) misfits(min *Minimum) ([]Misfit, error) {
	squares, counts := make([]float64, len(f.Trajectories)), make([]float64, len(f.Trajectories))
	for i, win := range f.windows {
		b, err := f.residual(f.workers[0], win, min.X, min.Y[i], false)
		if err != nil {
			return nil, err
		}
		for _, r := range b.R[:len(b.R)-b.Priors] {
			squares[win.trajectory] += r * r
			counts[win.trajectory]++
		}
	}
	var out []Misfit
	for i, t := range f.Trajectories {
		out = append(out, Misfit{t.Name, Number(math.Sqrt(squares[i] / counts[i]))})
	}
	return out, nil
}
