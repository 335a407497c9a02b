package implicit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Errors of a step that has no derivative.
var (
	ErrSingular = errors.New("implicit: the step's matrix is singular")
	ErrPolished = errors.New("implicit: a step polished to κ = 0 has no derivative; set Options.Kappa to differentiate at a positive κ")
	ErrNoStep   = errors.New("implicit: no step has been taken, or the last one failed")
	ErrStale    = errors.New("implicit: the stepper has been used for another step or model since Gradient.Step; take the step again to differentiate it")
	ErrNotPush  = errors.New("implicit: tangents of forces belong to a JVP or ParamJVP; call one of them right before")
)

// taken is a step that has been taken and linearized. It alone knows that a step is one solve with one factored matrix, held
// by an engine until that engine is loaded anew; or, where it was divided, a chain of such solves, whose derivative is the
// product of theirs. All derivatives go through its methods.
type taken struct {
	g      *Gradient
	m      *sim.Model
	e      *dynamics.Stepper
	opt    dynamics.Options
	loads  int // of e when it was linearized
	pushed push

	growth   dynamics.Lengths        // of the step and of the interval before it, with the timestep
	parts    []sim.Part              // of a divided step
	held     int                     // the part that e holds
	u        []float64               // the input, for the parts
	contacts []r3.Vec                // of a divided step: changes of impulses by the last forward product, summed over the parts
	meetings []dynamics.MeetingForce // the same of contacts between shapes
	joints   []spatial.Wrench
}

// push says which tangent the engine holds.
type push uint8

const (
	pushNone   push = iota
	pushed          // at a fixed timestep
	pushedStep      // one that lengthens the timestep by one
)

// take takes a step with s like [sim.Stepper.Step] and linearizes it, in the engine of s or, where the derivative
// shall be that of a larger κ, in a second solve by the engine again. before is what a change of the timestep does to cur.H.
func (g *Gradient) take(t *taken, s *sim.Stepper, again *dynamics.Stepper, next *sim.State, cur sim.State, u []float64, before float64) (sim.Result, error) {
	*t = taken{parts: t.parts, u: t.u, contacts: t.contacts, meetings: t.meetings, joints: t.joints}
	o := s.Options()
	second := g.opt.Kappa > o.Kappa || o.Polish
	if second && len(next.Q) > 0 && len(cur.Q) > 0 && &next.Q[0] == &cur.Q[0] {
		g.work.cur.Copy(cur) // the step would overwrite it before it is differentiated
		cur = g.work.cur
	}
	res, err := s.Step(next, cur, u)
	if err != nil {
		return res, err
	}
	if err := g.checkKappa(); err != nil {
		return res, err
	}
	if o.Polish && g.opt.Kappa == 0 {
		return res, ErrPolished
	}
	m, e, kappa := s.Model(), s.Engine(), o.Kappa
	if u == nil {
		u = g.zero
	}
	if second {
		if again == nil {
			again = g.soft(m)
		}
		again.CopyWrenches(e)
		e, kappa = again, g.opt.Kappa
	}
	t.m, t.opt, t.growth = m, dynamics.NewOptions(kappa, o.Centrality, o.Tolerance, o.Margin), dynamics.Lengths{Step: 1, Before: before}
	t.copyParts(s.Parts())
	t.u = append(t.u[:0], u...)
	switch {
	case len(t.parts) > 0:
		err = t.hold(e, 0)
	case second:
		err = t.resolve(e, cur, m.Timestep())
	case !e.Linearize():
		err = ErrSingular
	}
	if err != nil {
		return res, err
	}
	e.Grow(t.growthOf(0))
	t.g, t.e, t.loads = g, e, e.Loads()
	return res, nil
}

// copyParts keeps the parts of a step.
func (t *taken) copyParts(parts []sim.Part) {
	t.parts = slices.Grow(t.parts[:0], len(parts))[:len(parts)]
	for i := range parts {
		t.parts[i].Start.Copy(parts[i].Start)
		t.parts[i].H = parts[i].H
	}
}

// count returns how many solves the step consists of.
func (t *taken) count() int { return max(1, len(t.parts)) }

// growthOf returns what a change of the timestep does to the lengths of part k and of the interval before it.
func (t *taken) growthOf(k int) dynamics.Lengths {
	if len(t.parts) == 0 {
		return t.growth
	}
	h := t.m.Timestep()
	g := dynamics.Lengths{Step: t.parts[k].H / h, Before: t.growth.Before}
	if k > 0 {
		g.Before = t.parts[k-1].H / h
	}
	return g
}

// hold solves part k again in e and linearizes it. The same solve has the same bits.
func (t *taken) hold(e *dynamics.Stepper, k int) error {
	if err := t.resolve(e, t.parts[k].Start, t.parts[k].H); err != nil {
		return err
	}
	e.Grow(t.growthOf(k))
	t.held, t.loads = k, e.Loads()
	return nil
}

// at makes the engine hold part k. Its solves succeeded before.
func (t *taken) at(k int) {
	if t.held == k {
		return
	}
	if err := t.hold(t.e, k); err != nil {
		panic(fmt.Sprintf("implicit: part %d of a step that was solved: %v", k, err))
	}
}

// resolve solves a step of length h from cur in e and linearizes it.
func (t *taken) resolve(e *dynamics.Stepper, cur sim.State, h float64) error {
	if !e.Load(cur.Q, cur.V, t.u, h, cur.H) {
		return ErrSingular
	}
	if err := e.Solve(t.opt).Status.Err(); err != nil {
		return fmt.Errorf("implicit: the step could not be solved again at κ = %g: %w", t.opt.Solver.Kappa, err)
	}
	if !e.Linearize() {
		return ErrSingular
	}
	return nil
}

// soft returns an engine for steps of m at another κ.
func (g *Gradient) soft(m *sim.Model) *dynamics.Stepper {
	if g.second == nil {
		g.second = dynamics.NewStepper(m.Engine())
	}
	if g.second.Model() != m.Engine() {
		g.second.SetModel(m.Engine())
	}
	return g.second
}

// check returns an error when there is nothing to differentiate.
func (t *taken) check() error {
	if t.e == nil {
		return ErrNoStep
	}
	if t.e.Loads() != t.loads {
		return ErrStale
	}
	return nil
}

func (t *taken) stateJacobian(a []float64) {
	t.pushed = pushNone
	t.at(0)
	t.e.StateJacobian(a)
	n := 2 * t.m.NV()
	for k := 1; k < len(t.parts); k++ {
		t.at(k)
		b := make([]float64, n*n) // a divided step is the exception
		t.e.StateJacobian(b)
		t.multiply(a, b, n)
	}
}

func (t *taken) inputJacobian(a []float64) {
	t.pushed = pushNone
	t.at(0)
	t.e.InputJacobian(a)
	n, nu := 2*t.m.NV(), t.m.NU()
	for k := 1; k < len(t.parts); k++ {
		t.at(k)
		b, c := make([]float64, n*n), make([]float64, n*nu)
		t.e.StateJacobian(b)
		t.e.InputJacobian(c)
		t.multiply(a, b, nu)
		floats.Add(a, c)
	}
}

// multiply replaces a, 2NV × cols, by b a.
func (t *taken) multiply(a, b []float64, cols int) {
	n := 2 * t.m.NV()
	var c mat.Dense
	c.Mul(mat.NewDense(n, n, b), mat.NewDense(n, cols, a[:n*cols]))
	copy(a, c.RawMatrix().Data)
}

func (t *taken) jvp(next, state Tangent, du []float64) {
	t.pushed = pushed
	t.at(0)
	t.e.JVP(next.Q, next.V, state.Q, state.V, du)
	t.collect(0)
	for k := 1; k < len(t.parts); k++ {
		t.at(k)
		t.e.JVP(next.Q, next.V, slices.Clone(next.Q), slices.Clone(next.V), du)
		t.collect(k)
	}
}

// paramColumn stores the derivative of the next state with respect to p.
func (t *taken) paramColumn(next Tangent, p Param) error {
	if t.pushed = pushed; p.p.Kind == dynamics.ParamTimestep {
		t.pushed = pushedStep
	}
	var w *[10]float64
	if p.lc >= 0 {
		c, err := choleskyColumn(t.m, p)
		if err != nil {
			return err
		}
		w = &c
	}
	for k := range t.count() {
		t.at(k)
		var q, v []float64
		if k > 0 { // what comes from the parts before
			t.e.JVP(next.Q, next.V, slices.Clone(next.Q), slices.Clone(next.V), nil)
			t.collect(k)
			q, v = slices.Clone(next.Q), slices.Clone(next.V)
		}
		if w == nil {
			t.e.ParamColumn(next.Q, next.V, p.p)
		} else {
			t.e.InertiaColumn(next.Q, next.V, p.p.Index, w)
		}
		if t.collect(k); k > 0 {
			floats.Add(next.Q, q)
			floats.Add(next.V, v)
		}
	}
	return nil
}

// vjp pulls the cotangents of the next state and of the step's forces back to state and input.
func (t *taken) vjp(state Tangent, u []float64, next Tangent, f Forces) {
	t.pushed = pushNone
	n := t.count()
	d := t.impulses(f)
	t.at(n - 1)
	t.e.ForceVJP(state.Q, state.V, u, next.Q, next.V, d)
	for k := n - 2; k >= 0; k-- {
		t.at(k)
		du := make([]float64, len(u))
		t.e.ForceVJP(state.Q, state.V, du, slices.Clone(state.Q), slices.Clone(state.V), d)
		floats.Add(u, du)
	}
}

// paramVJP adds to out what the cotangents of the next state and of the step's forces are by the parameters.
func (t *taken) paramVJP(out []float64, params []Param, next Tangent, f Forces) error {
	t.pushed = pushNone
	list, raw := t.g.work.flatten(params)
	d := t.impulses(f)
	y := next
	for k := t.count() - 1; k >= 0; k-- {
		t.at(k)
		t.e.ParamForceVJP(raw, list, y.Q, y.V, d)
		if k > 0 {
			x, du := NewTangent(t.m), make([]float64, t.m.NU())
			t.e.ForceVJP(x.Q, x.V, du, y.Q, y.V, d)
			y = x
		}
	}
	k := 0
	for i, p := range params {
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

// scratch is memory that the steps of a Gradient share.
type scratch struct {
	cur      sim.State
	buf      []float64
	raw      []float64        // of products with parameters
	list     []dynamics.Param // of the same
	contacts []r3.Vec         // in the engine's order
	joints   []spatial.Wrench
	meetings []dynamics.MeetingForce
	touches  []dynamics.ContactReport
	met      []dynamics.Meeting
	wrenches []spatial.Wrench
}

// numbers returns a buffer of n numbers.
func (w *scratch) numbers(n int) []float64 {
	if cap(w.buf) < n {
		w.buf = make([]float64, n)
	}
	return w.buf[:n]
}

// zeros returns w.contacts as n vectors of zero.
func (w *scratch) zeros(n int) []r3.Vec {
	if cap(w.contacts) < n {
		w.contacts = make([]r3.Vec, n)
	}
	w.contacts = w.contacts[:n]
	clear(w.contacts)
	return w.contacts
}

// flatten lists the engine's parameters for params, and zeros for their products: a log-Cholesky coordinate is a
// combination of the ten of its body, which neighbors share.
func (w *scratch) flatten(params []Param) ([]dynamics.Param, []float64) {
	w.list = w.list[:0]
	body := -1
	for _, p := range params {
		if p.lc < 0 {
			w.list = append(w.list, p.p)
			body = -1
			continue
		}
		if body != p.p.Index {
			for c := 0; c < 10; c++ {
				w.list = append(w.list, dynamics.Param{Kind: dynamics.ParamInertia, Index: p.p.Index, Comp: c})
			}
			body = p.p.Index
		}
	}
	if cap(w.raw) < len(w.list) {
		w.raw = make([]float64, len(w.list))
	}
	w.raw = w.raw[:len(w.list)]
	clear(w.raw)
	return w.list, w.raw
}
