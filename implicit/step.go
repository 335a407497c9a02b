package implicit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
)

// Errors of a step that has no derivative.
var (
	ErrSingular  = errors.New("implicit: the step's matrix is singular")
	ErrPolished  = errors.New("implicit: a step polished to κ = 0 has no derivative; set Options.Kappa to differentiate at a positive κ")
	ErrNoStep    = errors.New("implicit: no step has been taken, or the last one failed")
	ErrStale     = errors.New("implicit: the stepper has been used for another step or model since Gradient.Step; take the step again to differentiate it")
	ErrNoTangent = errors.New("implicit: tangents of forces belong to a JVP or ParamJVP; call one of them right before")
)

// taken is a step that has been taken and linearized. It alone knows that a step is one solve with one factored matrix, held
// by an engine until that engine is loaded anew; or, where it was divided, a chain of parts, whose derivative is the product of
// theirs. A part is one such solve, or two where it is deep ([sim.Part]): its configuration is that of the first, its velocity
// and impulses are those of the second, and so are their derivatives. All derivatives go through its methods.
type taken struct {
	g      *Gradient
	m      *sim.Model
	e      *dynamics.Stepper
	home   *dynamics.Stepper // e, or where a step in parts is differentiated again the engine beside which there are others
	opt    dynamics.Options
	loads  int  // of home when it was linearized
	pushed bool // whether the engine holds the tangent of a forward product
	opened bool // and that is one by a parameter that opens a loop

	growth   dynamics.Lengths        // of the step and of the interval before it, with the timestep
	parts    []sim.Part              // of a divided or deep step
	held     solve                   // the one that home holds
	asked    []bool                  // the solves that were asked for, two a part
	u        []float64               // the input, for the parts
	contacts []spatial.Wrench        // of a step in parts: changes of impulses by the last forward product, summed over them
	meetings []dynamics.MeetingForce // the same of contacts between shapes
	joints   []spatial.Wrench
	loops    []spatial.Wrench
	hit      impact  // that divides it
	longer   float64 // change of the time for which forces act, of the last forward product
}

// solve is the first solve of a part or, where that is deep, its second.
type solve struct {
	part   int
	second bool
}

// take takes a step with s like [sim.Stepper.Step] and linearizes it, in the engine of s or, where the derivative
// shall be that of a larger κ, in a second solve by the engine again. before is what a change of the timestep does to cur.H.
func (g *Gradient) take(t *taken, s *sim.Stepper, again *dynamics.Stepper, next *sim.State, cur sim.State, u []float64, before float64) (sim.Result, error) {
	g.shelf.forget(t)
	*t = taken{parts: t.parts, asked: t.asked, u: t.u, contacts: t.contacts, meetings: t.meetings, joints: t.joints, loops: t.loops}
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
	t.home, t.m, t.opt, t.growth = e, m, dynamics.NewOptions(kappa, o.Centrality, o.Tolerance, o.Margin), dynamics.Lengths{Step: 1, Before: before}
	t.copyParts(s.Parts())
	for i := range t.parts {
		if second { // it may be harder there
			t.parts[i].Effort = dynamics.All
		}
	}
	t.u = append(t.u[:0], u...)
	t.asked = slices.Grow(t.asked[:0], 2*len(t.parts))[:2*len(t.parts)]
	clear(t.asked)
	t.g = g
	t.findImpact(e)
	switch {
	case len(t.parts) > 0:
		err = t.holdFirst(e, second)
	case second:
		err = t.resolve(e, cur, m.Timestep(), dynamics.All, false)
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
		start := t.parts[i].Start
		t.parts[i], t.parts[i].Start = parts[i], start
	}
}

// count returns how many parts the step consists of, last the solve of part k that has its velocity and impulses.
func (t *taken) count() int       { return max(1, len(t.parts)) }
func (t *taken) deep(k int) bool  { return len(t.parts) > 0 && t.parts[k].Deep }
func (t *taken) last(k int) solve { return solve{k, t.deep(k)} }

// growthOf returns what a change of the timestep does to the lengths of part k and of the interval before it.
func (t *taken) growthOf(k int) dynamics.Lengths {
	if len(t.parts) == 0 {
		return t.growth
	}
	g := dynamics.Lengths{Step: t.parts[k].ByStep, Before: t.growth.Before}
	if k > 0 {
		g.Before = t.parts[k-1].ByStep
	}
	return g
}

// hold makes solve x again in e and linearizes it. The same solve has the same bits.
func (t *taken) hold(e *dynamics.Stepper, x solve) error {
	p := &t.parts[x.part]
	if err := t.resolve(e, p.Start, p.H, p.Effort, x.second || p.Held); err != nil {
		return err
	}
	e.Grow(t.growthOf(x.part))
	if e == t.home {
		t.held, t.loads = x, e.Loads()
	}
	return nil
}

// holdFirst makes e hold the first solve of a step in parts. At another κ none of them has been made before: all are,
// so that none fails later.
func (t *taken) holdFirst(e *dynamics.Stepper, another bool) error {
	for k := t.count() - 1; another && k > 0; k-- {
		if err := errors.Join(t.hold(e, t.last(k)), t.hold(e, solve{part: k})); err != nil {
			return err
		}
	}
	return errors.Join(t.hold(e, t.last(0)), t.hold(e, solve{}))
}

// at makes e an engine that holds solve x. It succeeded before.
func (t *taken) at(x solve) {
	t.e = t.home
	if t.held == x {
		return
	}
	if e := t.g.shelf.find(t, x); e != nil {
		t.e = e
		return
	}
	asked := &t.asked[2*x.part]
	if x.second {
		asked = &t.asked[2*x.part+1]
	}
	if *asked {
		if e := t.g.shelf.put(t, x); e != nil {
			t.e = e
			return
		}
	}
	*asked = true
	if err := t.hold(t.e, x); err != nil {
		panic(fmt.Sprintf("implicit: part %d of a step that was solved: %v", x.part, err))
	}
}

// resolve solves a step of length h from cur in e, the second time a deep one, and linearizes it.
func (t *taken) resolve(e *dynamics.Stepper, cur sim.State, h float64, effort dynamics.Effort, second bool) error {
	t.opt.Effort = effort
	if !e.Load(cur.Q, cur.V, t.u, h, cur.H) {
		return ErrSingular
	}
	if second {
		e.Hold()
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
	if t.home.Loads() != t.loads {
		return ErrStale
	}
	return nil
}

// scratch is memory that the steps of a Gradient share.
type scratch struct {
	cur      sim.State
	buf      []float64
	raw      []float64        // of products with parameters
	list     []dynamics.Param // of the same
	contacts []spatial.Wrench // in the engine's order
	joints   []spatial.Wrench
	loops    []spatial.Wrench
	meetings []dynamics.MeetingForce
	touches  []dynamics.ContactReport
	met      []dynamics.Meeting
	wrenches []spatial.Wrench
	closed   []dynamics.LoopReport
	pulls    []spatial.Wrench // of these
}

// numbers returns a buffer of n numbers.
func (w *scratch) numbers(n int) []float64 {
	if cap(w.buf) < n {
		w.buf = make([]float64, n)
	}
	return w.buf[:n]
}

// zeros returns w.contacts as n zeros.
func (w *scratch) zeros(n int) []spatial.Wrench {
	if cap(w.contacts) < n {
		w.contacts = make([]spatial.Wrench, n)
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
