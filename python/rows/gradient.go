package rows

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Jacobian is where the derivatives of steps go. With Tangent they are those of package implicit, nt = 2NV, else by the numbers
// of a row, nt = nx. Ju and Jp may be nil.
type Jacobian struct {
	Tangent bool
	X       []float64 // n×nx, the next states
	H       []float64 // n
	Status  []Status  // n
	Jx      []float64 // n×nt×nt
	Ju      []float64 // n×nt×nu
	Jp      []float64 // n×nt×np
}

// Jacobian advances every row by sub steps under the same input and gives the derivatives of all of them together by state, input
// and the parameters that names lists.
func (b *Batch) Jacobian(r Rows, sub int, names string, stop *int32, out Jacobian) (Fails, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	nt, nu := b.outSize(out.Tangent), b.m.NU()
	ps, err := b.params(names, len(out.Jp), r.N*nt)
	if err == nil {
		err = b.check(r, 1, stop)
	}
	if err == nil && sub < 1 {
		err = errSub
	}
	if err != nil {
		return Fails{}, err
	}
	np := len(ps)
	return b.each(r, out.Status, func(i int, _ *sim.Stepper, w *worker) (Status, error) {
		x, jx, ju, jp := out.X[i*b.nx:(i+1)*b.nx], out.Jx[i*nt*nt:(i+1)*nt*nt], part(out.Ju, i, nt*nu), part(out.Jp, i, nt*np)
		clear(jx)
		clear(ju)
		clear(jp)
		b.store(x, w.cur)
		out.H[i] = w.cur.H
		w.start.Copy(w.cur)
		var missing error // no derivative, though there is a next state
		for k := range sub {
			if code, err := b.take(w, r, i, stop); code != Solved {
				return code, err
			}
			if missing == nil {
				missing = w.derive(k == 0, ps, len(ju) > 0)
			}
			w.cur.Copy(w.next)
		}
		if missing == nil && sub > 1 {
			missing = w.stretch(ps, b.input(r, i, 0, 1), sub)
		}
		b.store(x, w.next)
		out.H[i] = w.next.H
		if missing != nil {
			return NoDerivative, missing
		}
		b.put(w, r.X[i*b.nx:], out.Tangent, jx, ju, jp)
		return Solved, nil
	})
}

// put stores the Jacobians of w, which are in the tangent space; row is the state as it was given.
func (b *Batch) put(w *worker, row []float64, tangent bool, jx, ju, jp []float64) {
	if tangent {
		copy(jx, w.a.RawMatrix().Data)
		if len(ju) > 0 {
			copy(ju, w.b.RawMatrix().Data)
		}
		if len(jp) > 0 {
			copy(jp, w.p.RawMatrix().Data)
		}
		return
	}
	nv := b.m.NV()
	for k := range 2 * nv { // columns by the row's numbers, then rows
		r := w.a.RawRowView(k)
		b.push(w.mid[k*b.nx:(k+1)*b.nx], w.start.Q, row, implicit.Tangent{Q: r[:nv], V: r[nv:]})
	}
	b.rowsOut(jx, w.mid, w.next.Q, b.nx)
	if len(ju) > 0 {
		b.rowsOut(ju, w.b.RawMatrix().Data, w.next.Q, b.m.NU())
	}
	if len(jp) > 0 {
		b.rowsOut(jp, w.p.RawMatrix().Data, w.next.Q, len(jp)/b.nx)
	}
}

func (b *Batch) outSize(tangent bool) int {
	if tangent {
		return 2 * b.m.NV()
	}
	return b.nx
}

// part returns row i of an array of rows of n numbers, nil of nil.
func part(x []float64, i, n int) []float64 {
	if x == nil {
		return nil
	}
	return x[i*n : (i+1)*n]
}

// params returns the parameters of the names, for which an array of per numbers each must be there.
func (b *Batch) params(names string, have, per int) ([]implicit.Param, error) {
	ps, err := b.m.Find(names)
	if err == nil && have != len(ps)*per {
		err = fmt.Errorf("%d numbers for the derivatives by %d parameters, want %d", have, len(ps), len(ps)*per)
	}
	return ps, err
}

// take takes a step from w.cur to w.next with its derivatives prepared.
func (b *Batch) take(w *worker, r Rows, i int, stop *int32) (Status, error) {
	if stopped(stop) {
		return Canceled, errCanceled
	}
	if _, err := w.gradient.Step(&w.next, w.cur, b.input(r, i, 0, 1)); err != nil {
		return Failed, err
	}
	return Solved, nil
}

// derive fills the Jacobians of the last step in the tangent space, of the first or of all since then: they multiply.
func (w *worker) derive(first bool, ps []implicit.Param, inputs bool) error {
	if err := w.gradient.StateJacobian(&w.one.a); err != nil {
		return err
	}
	w.chain(&w.a, &w.one.a, first, false)
	if inputs {
		if err := w.gradient.InputJacobian(&w.one.b); err != nil {
			return err
		}
		w.chain(&w.b, &w.one.b, first, true)
	}
	if len(ps) > 0 {
		w.one.p.Reset() // of another call with more or fewer parameters
		if err := w.gradient.ParamJacobian(&w.one.p, ps); err != nil {
			return err
		}
		w.chain(&w.p, &w.one.p, first, true)
	}
	if !finite(w.a.RawMatrix().Data) || inputs && !finite(w.b.RawMatrix().Data) || len(ps) > 0 && !finite(w.p.RawMatrix().Data) {
		return errOverflow
	}
	return nil
}

// chain makes total that of all steps so far: the last step's times the total, plus what the last step adds by itself.
func (w *worker) chain(total, last *mat.Dense, first, adds bool) {
	if first {
		total.Reset()
		total.ReuseAs(last.Dims())
		total.Copy(last)
		return
	}
	w.product.Reset()
	w.product.Mul(&w.one.a, total)
	if adds {
		w.product.Add(&w.product, last)
	}
	total.Copy(&w.product)
}

// stretch replaces what chain gave for the timestep, if that is among the parameters: every step but the first starts
// with an interval that it stretches too, and a step's own derivative takes that for a constant.
func (w *worker) stretch(ps []implicit.Param, u []float64, sub int) error {
	for j, p := range ps {
		if p.Kind != "timestep" {
			continue
		}
		by := implicit.Unknowns{Params: ps[j : j+1]}
		err := w.gradient.Sensitivity(w.start, slices.Repeat([][]float64{u}, sub), by, func(k int, _ sim.State, dx *mat.Dense) error {
			if k == sub {
				w.p.SetCol(j, mat.Col(nil, 0, dx))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Pull holds cotangents: those of the results go in, those of state, input and parameters come out. P may be nil.
type Pull struct {
	Next   []float64 // n×nx, of rollouts n×(t+1)×nx
	X      []float64 // n×nx
	U      []float64 // n×nu, of rollouts n×t×nu
	P      []float64 // n×np
	Status []Status  // n
}

func (b *Batch) checkPull(r Rows, t, states int, names string, stop *int32, g Pull) ([]implicit.Param, error) {
	ps, err := b.params(names, len(g.P), r.N)
	if err == nil {
		err = b.check(r, t, stop)
	}
	if err != nil {
		return nil, err
	}
	for k, v := range g.Next {
		if v-v != 0 {
			return nil, fmt.Errorf("row %d: a cotangent is %g", k/(states*b.nx), v)
		}
	}
	return ps, nil
}

// VJP takes a step of every row and pulls the cotangents of the next states back, by the numbers of a row.
func (b *Batch) VJP(r Rows, names string, stop *int32, g Pull) (Fails, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ps, err := b.checkPull(r, 1, 1, names, stop, g)
	if err != nil {
		return Fails{}, err
	}
	nu, np := b.m.NU(), len(ps)
	return b.each(r, g.Status, func(i int, _ *sim.Stepper, w *worker) (Status, error) {
		gx, gu, gp := g.X[i*b.nx:(i+1)*b.nx], part(g.U, i, nu), part(g.P, i, np)
		clear(gx)
		clear(gu)
		clear(gp)
		if code, err := b.take(w, r, i, stop); code != Solved {
			return code, err
		}
		b.pull(w.y, w.next.Q, g.Next[i*b.nx:(i+1)*b.nx])
		err := w.gradient.VJP(w.x, gu, w.y)
		if err == nil && np > 0 {
			err = w.gradient.ParamVJP(gp, ps, w.y)
		}
		if err == nil && !finite(w.x.Q, w.x.V, gu, gp) {
			err = errOverflow
		}
		if err != nil {
			clear(gu)
			clear(gp)
			return NoDerivative, err
		}
		b.push(gx, w.cur.Q, r.X[i*b.nx:], w.x)
		return Solved, nil
	})
}

var errOverflow = errors.New("the derivative is not finite")

func finite(lists ...[]float64) bool {
	for _, x := range lists {
		for _, v := range x {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}

// RolloutVJP takes t steps from every row and pulls the cotangents of all their states back by one backward sweep.
func (b *Batch) RolloutVJP(r Rows, t int, names string, stop *int32, g Pull) (Fails, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ps, err := b.checkPull(r, t, t+1, names, stop, g)
	if err != nil {
		return Fails{}, err
	}
	nu, np := b.m.NU(), len(ps)
	return b.each(r, g.Status, func(i int, _ *sim.Stepper, w *worker) (Status, error) {
		gx, gu, gp := g.X[i*b.nx:(i+1)*b.nx], part(g.U, i, t*nu), part(g.P, i, np)
		clear(gx)
		clear(gu)
		clear(gp)
		inputs := make([][]float64, t)
		for k := range inputs {
			inputs[k] = b.input(r, i, k, t)
		}
		next := g.Next[i*(t+1)*b.nx : (i+1)*(t+1)*b.nx]
		add := func(k int, x sim.State, to implicit.Tangent) float64 {
			b.pull(w.y, x.Q, next[k*b.nx:(k+1)*b.nx])
			for j := range to.Q {
				to.Q[j] += w.y.Q[j]
				to.V[j] += w.y.V[j]
			}
			return 0
		}
		cost := implicit.Cost{
			Running:  func(k int, x sim.State, _ []float64, to implicit.Tangent, _ []float64) float64 { return add(k, x, to) },
			Terminal: func(x sim.State, to implicit.Tangent) float64 { return add(t, x, to) },
		}
		d, err := w.gradient.Rollout(w.cur, inputs, cost, implicit.RolloutOptions{Params: ps, Stop: func() error {
			if stopped(stop) {
				return errCanceled
			}
			return nil
		}})
		if errors.Is(err, errCanceled) {
			return Canceled, err
		} else if step := new(sim.StepError); errors.As(err, &step) {
			return Failed, err
		} else if err != nil {
			return NoDerivative, err
		}
		b.push(gx, w.cur.Q, r.X[i*b.nx:], d.Start)
		for k := range d.Inputs {
			copy(part(gu, k, nu), d.Inputs[k])
		}
		copy(gp, d.Params)
		return Solved, nil
	})
}
