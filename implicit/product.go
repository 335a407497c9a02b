package implicit

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Derivatives of a step are products of those of its parts, and of a deep part the rows of q and v are those of two solves.

// rows stores a Jacobian of part k by the columns that store gives.
func (t *taken) rows(k int, a []float64, store func(e *dynamics.Stepper, a []float64)) {
	t.at(solve{part: k})
	if store(t.e, a); !t.deep(k) {
		return
	}
	b := make([]float64, len(a))
	t.at(t.last(k))
	store(t.e, b)
	copy(a[len(a)/2:], b[len(a)/2:])
}

// forward stores in next the product of part k that push gives, and adds up the impulses.
func (t *taken) forward(k int, next Tangent, push func(next Tangent)) {
	t.push(k, next, push)
	t.collect(1)
}

func (t *taken) push(k int, next Tangent, push func(next Tangent)) {
	t.at(solve{part: k})
	if push(next); t.deep(k) {
		q := slices.Clone(next.Q)
		t.at(t.last(k))
		push(next)
		copy(next.Q, q)
	}
}

// backward calls pull for every solve of part k with what the cotangents (y, d) of its end and of its impulses are for it.
func (t *taken) backward(k int, y Tangent, d dynamics.Forces, pull func(y Tangent, d dynamics.Forces)) {
	if !t.deep(k) {
		t.at(solve{part: k})
		pull(y, d)
		return
	}
	zero := make([]float64, len(y.Q))
	t.at(t.last(k))
	pull(Tangent{Q: zero, V: y.V}, d)
	t.at(solve{part: k})
	pull(Tangent{Q: y.Q, V: zero}, dynamics.Forces{})
}

func (t *taken) stateJacobian(a []float64) {
	t.pushed = false
	n := 2 * t.m.NV()
	a = a[:n*n]
	t.rows(0, a, (*dynamics.Stepper).StateJacobian)
	t.stretchRows(0, a)
	for k := 1; k < len(t.parts); k++ {
		b := make([]float64, n*n) // a divided step is the exception
		t.rows(k, b, (*dynamics.Stepper).StateJacobian)
		t.multiply(a, b, n)
		t.stretchRows(k, a)
	}
}

func (t *taken) inputJacobian(a []float64) {
	t.pushed = false
	n, nu := 2*t.m.NV(), t.m.NU()
	a = a[:n*nu]
	t.rows(0, a, (*dynamics.Stepper).InputJacobian)
	for k := 1; k < len(t.parts); k++ {
		b, c := make([]float64, n*n), make([]float64, n*nu)
		t.rows(k, b, (*dynamics.Stepper).StateJacobian)
		t.rows(k, c, (*dynamics.Stepper).InputJacobian)
		t.multiply(a, b, nu)
		floats.Add(a, c)
	}
}

// multiply replaces a, 2NV × cols, by b a.
func (t *taken) multiply(a, b []float64, cols int) {
	n := 2 * t.m.NV()
	var c mat.Dense
	c.Mul(mat.NewDense(n, n, b), mat.NewDense(n, cols, a))
	copy(a, c.RawMatrix().Data)
}

func (t *taken) jvp(next, state Tangent, du []float64) {
	t.begin()
	later := t.hit.byState(state)
	t.longer = later * t.hit.weight()
	for k := range t.count() {
		if k > 0 {
			state = next.clone()
		}
		t.forward(k, next, func(next Tangent) { t.e.JVP(next.Q, next.V, state.Q, state.V, du) })
		t.stretch(k, next, later)
	}
}

func (t Tangent) clone() Tangent { return Tangent{Q: slices.Clone(t.Q), V: slices.Clone(t.V)} }

// paramColumn stores the derivative of the next state with respect to p.
func (t *taken) paramColumn(next Tangent, p Param) error {
	if t.begin(); p.p.Kind == dynamics.ParamTimestep {
		t.longer = t.weightGrowth()
	}
	later, err := t.laterBy(p)
	if err != nil {
		return err
	}
	t.longer += later * t.hit.weight()
	var w *[10]float64
	if p.lc >= 0 {
		c, err := choleskyColumn(t.m, p)
		if err != nil {
			return err
		}
		w = &c
	}
	column := func(next Tangent) {
		if w == nil {
			t.e.ParamColumn(next.Q, next.V, p.p)
			t.opened = t.opened || t.e.Opened()
		} else {
			t.e.InertiaColumn(next.Q, next.V, p.p.Index, w)
		}
	}
	t.forward(0, next, column)
	t.stretch(0, next, later)
	for k := 1; k < t.count(); k++ {
		x := next.clone() // what comes from the parts before
		t.forward(k, next, func(next Tangent) { t.e.JVP(next.Q, next.V, x.Q, x.V, nil) })
		x = next.clone()
		t.forward(k, next, column)
		floats.Add(next.Q, x.Q)
		floats.Add(next.V, x.V)
		t.stretch(k, next, later)
	}
	return nil
}

// vjp pulls the cotangents of the next state and of the step's forces back to state and input.
func (t *taken) vjp(state Tangent, u []float64, next Tangent, f Forces) {
	t.pushed = false
	d, later := t.impulses(f), -t.hit.weight()*t.perTime(f)
	for k := t.count() - 1; k >= 0; k-- {
		later += t.stretchVJP(k, next, d)
		t.pull(k, state, u, next, d, k < t.count()-1)
		next = state
	}
	t.hit.pull(state, later)
}

// pull pulls the cotangents of the end of part k and of its impulses back to its start and to the input; what the input
// gets is added to u if more.
func (t *taken) pull(k int, state Tangent, u []float64, y Tangent, d dynamics.Forces, more bool) {
	if !more && !t.deep(k) {
		t.at(solve{part: k})
		t.e.ForceVJP(state.Q, state.V, u, y.Q, y.V, d)
		return
	}
	if !more {
		clear(u)
	}
	y = y.clone() // it may be state
	clear(state.Q)
	clear(state.V)
	x, du := NewTangent(t.m), make([]float64, len(u))
	t.backward(k, y, d, func(y Tangent, d dynamics.Forces) {
		t.e.ForceVJP(x.Q, x.V, du, y.Q, y.V, d)
		floats.Add(state.Q, x.Q)
		floats.Add(state.V, x.V)
		floats.Add(u, du)
	})
}

// paramVJP adds to out what the cotangents of the next state and of the step's forces are by the parameters.
func (t *taken) paramVJP(out []float64, params []Param, next Tangent, f Forces) error {
	t.pushed = false
	if err := t.checkOpening(params, f); err != nil {
		return err
	}
	list, raw := t.g.work.flatten(params)
	d, later := t.impulses(f), -t.hit.weight()*t.perTime(f)
	y := next
	for k := t.count() - 1; k >= 0; k-- {
		later += t.stretchVJP(k, y, d)
		t.backward(k, y, d, func(y Tangent, d dynamics.Forces) { t.e.ParamForceVJP(raw, list, y.Q, y.V, d) })
		if k > 0 {
			x := NewTangent(t.m)
			t.pull(k, x, make([]float64, t.m.NU()), y, d, false)
			y = x
		}
	}
	k := 0
	for i, p := range params {
		if t.hit.on {
			by, err := t.laterBy(p)
			if err != nil {
				return err
			}
			out[i] += later * by
		}
		if p.lc < 0 {
			out[i] += raw[k]
			if p.p.Kind == dynamics.ParamTimestep { // the same impulse is less force over a longer time
				out[i] -= t.weightGrowth() * t.perTime(f)
			}
			k++
			continue
		}
		j, err := choleskyColumn(t.m, p)
		if err != nil {
			return err
		}
		for c, x := range j {
			out[i] += x * raw[k+c]
		}
		if i+1 == len(params) || params[i+1].lc < 0 || params[i+1].p.Index != p.p.Index {
			k += 10
		}
	}
	return nil
}
