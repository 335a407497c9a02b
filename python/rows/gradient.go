package rows

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
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

// Jacobian takes a step of every row and its derivatives by state, input and the parameters that names lists.
func (b *Batch) Jacobian(r Rows, names string, stop *int32, out Jacobian) (Fails, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ps, err := b.params(names, len(out.Jp), r.N*b.outSize(out.Tangent))
	if err == nil {
		err = b.check(r, 1)
	}
	if err != nil {
		return Fails{}, err
	}
	nt, nu, np := b.outSize(out.Tangent), b.m.NU(), len(ps)
	return b.each(r, out.Status, func(i int, _ *sim.Stepper, w *worker) (Status, error) {
		x := out.X[i*b.nx : (i+1)*b.nx]
		jx, ju, jp := out.Jx[i*nt*nt:(i+1)*nt*nt], part(out.Ju, i, nt*nu), part(out.Jp, i, nt*np)
		clear(jx)
		clear(ju)
		clear(jp)
		if code, err := b.take(w, r, i, stop, x, &out.H[i]); code != Solved {
			return code, err
		}
		if err := w.derive(ps, len(ju) > 0); err != nil {
			return NoDerivative, err
		}
		if !finite(w.a.RawMatrix().Data, w.b.RawMatrix().Data, w.p.RawMatrix().Data) {
			return NoDerivative, errOverflow
		}
		if out.Tangent {
			copy(jx, w.a.RawMatrix().Data)
			copy(ju, w.b.RawMatrix().Data)
			copy(jp, w.p.RawMatrix().Data)
			return Solved, nil
		}
		nv := b.m.NV()
		for k := range 2 * nv { // columns by the row's numbers, then rows
			row := w.a.RawRowView(k)
			b.push(w.mid[k*b.nx:(k+1)*b.nx], w.cur.Q, r.X[i*b.nx:], implicit.Tangent{Q: row[:nv], V: row[nv:]})
		}
		b.rowsOut(jx, w.mid, w.next.Q, b.nx)
		if len(ju) > 0 {
			b.rowsOut(ju, w.b.RawMatrix().Data, w.next.Q, nu)
		}
		if np > 0 {
			b.rowsOut(jp, w.p.RawMatrix().Data, w.next.Q, np)
		}
		return Solved, nil
	})
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

// take takes a step with its derivatives prepared and stores the next state in x and h; after a failure that is the row's own.
func (b *Batch) take(w *worker, r Rows, i int, stop *int32, x []float64, h *float64) (Status, error) {
	b.store(x, w.cur)
	*h = w.cur.H
	if stopped(stop) {
		return Canceled, errCanceled
	}
	if _, err := w.gradient.Step(&w.next, w.cur, b.input(r, i, 0, 1)); err != nil {
		return Failed, err
	}
	b.store(x, w.next)
	*h = w.next.H
	return Solved, nil
}

// derive fills the Jacobians of the last step in the tangent space.
func (w *worker) derive(ps []implicit.Param, inputs bool) error {
	if err := w.gradient.StateJacobian(&w.a); err != nil {
		return err
	}
	if inputs {
		if err := w.gradient.InputJacobian(&w.b); err != nil {
			return err
		}
	}
	if len(ps) > 0 {
		w.p.Reset() // of another call with more or fewer parameters
		return w.gradient.ParamJacobian(&w.p, ps)
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

func (b *Batch) checkPull(r Rows, t, states int, names string, g Pull) ([]implicit.Param, error) {
	ps, err := b.params(names, len(g.P), r.N)
	if err == nil {
		err = b.check(r, t)
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
	ps, err := b.checkPull(r, 1, 1, names, g)
	if err != nil {
		return Fails{}, err
	}
	nu, np := b.m.NU(), len(ps)
	return b.each(r, g.Status, func(i int, _ *sim.Stepper, w *worker) (Status, error) {
		gx, gu, gp := g.X[i*b.nx:(i+1)*b.nx], part(g.U, i, nu), part(g.P, i, np)
		clear(gx)
		clear(gu)
		clear(gp)
		var h float64
		if code, err := b.take(w, r, i, stop, w.mid[:b.nx], &h); code != Solved {
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
	ps, err := b.checkPull(r, t, t+1, names, g)
	if err != nil {
		return Fails{}, err
	}
	nu, np := b.m.NU(), len(ps)
	return b.each(r, g.Status, func(i int, _ *sim.Stepper, w *worker) (Status, error) {
		gx, gu, gp := g.X[i*b.nx:(i+1)*b.nx], part(g.U, i, t*nu), part(g.P, i, np)
		clear(gx)
		clear(gu)
		clear(gp)
		if stopped(stop) {
			return Canceled, errCanceled
		}
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
		d, err := w.gradient.Rollout(w.cur, inputs, cost, implicit.RolloutOptions{Params: ps})
		if step := new(sim.StepError); errors.As(err, &step) {
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
