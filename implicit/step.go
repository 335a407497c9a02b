package implicit

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Errors of a step that has no derivative.
var (
	ErrDivided  = errors.New("implicit: the step was divided, and a divided step has no derivative; use a smaller timestep, a larger κ or sim.Options.WholeSteps")
	ErrSingular = errors.New("implicit: the step's matrix is singular")
	ErrPolished = errors.New("implicit: a step polished to κ = 0 has no derivative; set Options.Kappa to differentiate at a positive κ")
	ErrNoStep   = errors.New("implicit: no step has been taken, or the last one failed")
	ErrStale    = errors.New("implicit: the stepper has been used for another step or model since Gradient.Step; take the step again to differentiate it")
	ErrNotPush  = errors.New("implicit: tangents of forces belong to a JVP or ParamJVP; call one of them right before")
)

// taken is a step that has been taken and linearized. It alone knows that such a step is one solve with one factored
// matrix, held by an engine until that engine is loaded anew: all derivatives go through its methods.
type taken struct {
	g      *Gradient
	m      *sim.Model
	e      *dynamics.Stepper
	loads  int // of e when it was linearized
	pushed push
}

// push says which tangent the engine holds.
type push uint8

const (
	pushNone   push = iota
	pushed          // at a fixed timestep
	pushedStep      // one that lengthens the timestep by one
)

// take takes a step with s like [sim.Stepper.Step] and linearizes it, in the engine of s or, where the derivative
// shall be that of a larger κ, in a second solve by the engine again.
func (g *Gradient) take(t *taken, s *sim.Stepper, again *dynamics.Stepper, next *sim.State, cur sim.State, u []float64) (sim.Result, error) {
	*t = taken{}
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
	if res.Halvings > 0 {
		return res, fmt.Errorf("%w (%s)", ErrDivided, s.Division())
	}
	if err := g.checkKappa(); err != nil {
		return res, err
	}
	if o.Polish && g.opt.Kappa == 0 {
		return res, ErrPolished
	}
	m, e := s.Model(), s.Engine()
	if second {
		if again == nil {
			again = g.soft(m)
		}
		again.CopyWrenches(e)
		if e = again; u == nil {
			u = g.zero
		}
		if err := g.resolve(e, cur, u, m.Timestep(), o); err != nil {
			return res, err
		}
	}
	if !e.Linearize() {
		return res, ErrSingular
	}
	*t = taken{g: g, m: m, e: e, loads: e.Loads()}
	return res, nil
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

// resolve solves the step from cur once more in e, at the κ of the derivatives.
func (g *Gradient) resolve(e *dynamics.Stepper, cur sim.State, u []float64, h float64, o sim.Options) error {
	if !e.Load(cur.Q, cur.V, u, h, cur.H) {
		return ErrSingular
	}
	if err := e.Solve(dynamics.NewOptions(g.opt.Kappa, o.Centrality, o.Tolerance, o.Margin)).Status.Err(); err != nil {
		return fmt.Errorf("implicit: the step could not be solved again at κ = %g: %w", g.opt.Kappa, err)
	}
	return nil
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
	t.e.StateJacobian(a)
}

func (t *taken) inputJacobian(a []float64) {
	t.pushed = pushNone
	t.e.InputJacobian(a)
}

func (t *taken) jvp(next, state Tangent, du []float64) {
	t.pushed = pushed
	t.e.JVP(next.Q, next.V, state.Q, state.V, du)
}

// paramColumn stores the derivative of the next state with respect to p.
func (t *taken) paramColumn(next Tangent, p Param) error {
	if t.pushed = pushed; p.p.Kind == dynamics.ParamTimestep {
		t.pushed = pushedStep
	}
	if p.lc < 0 {
		t.e.ParamColumn(next.Q, next.V, p.p)
		return nil
	}
	w, err := choleskyColumn(t.m, p)
	if err != nil {
		return err
	}
	t.e.InertiaColumn(next.Q, next.V, p.p.Index, &w)
	return nil
}

// vjp pulls the cotangents of the next state and of the step's forces back to state and input.
func (t *taken) vjp(state Tangent, u []float64, next Tangent, f Forces) {
	t.pushed = pushNone
	t.e.ForceVJP(state.Q, state.V, u, next.Q, next.V, t.impulses(f))
}

// paramVJP adds to out what the cotangents of the next state and of the step's forces are by the parameters.
func (t *taken) paramVJP(out []float64, params []Param, next Tangent, f Forces) error {
	t.pushed = pushNone
	list, raw := t.g.work.flatten(params)
	t.e.ParamForceVJP(raw, list, next.Q, next.V, t.impulses(f))
	k := 0
	for i, p := range params {
		if p.lc < 0 {
			out[i] += raw[k]
			if p.p.Kind == dynamics.ParamTimestep { // the same impulse is less force over a longer step
				out[i] -= t.perStep(f)
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

// impulses returns the cotangents of impulses that belong to those of forces, their means over the step.
func (t *taken) impulses(f Forces) dynamics.Forces {
	w, k := &t.g.work, 1/t.m.Timestep()
	d := dynamics.Forces{}
	if f.Contacts != nil {
		w.contacts = append(w.contacts[:0], f.Contacts...)
		for i := range w.contacts {
			w.contacts[i] = r3.Scale(k, w.contacts[i])
		}
		d.Contacts = w.contacts
	}
	if f.Joints != nil {
		w.joints = append(w.joints[:0], f.Joints...)
		for i := range w.joints {
			w.joints[i] = sim.Wrench{Force: r3.Scale(k, w.joints[i].Force), Torque: r3.Scale(k, w.joints[i].Torque)}
		}
		d.Joints = w.joints
	}
	return d
}

// perStep returns ⟨f, impulses⟩/h².
func (t *taken) perStep(f Forces) (sum float64) {
	if f.Contacts != nil {
		for i, c := range t.touches() {
			sum += r3.Dot(f.Contacts[i], c.Impulse)
		}
	}
	if f.Joints != nil {
		for i, w := range t.wrenches() {
			sum += r3.Dot(f.Joints[i].Force, w.Force) + r3.Dot(f.Joints[i].Torque, w.Torque)
		}
	}
	h := t.m.Timestep()
	return sum / (h * h)
}

// touches and wrenches return the impulses of the step.
func (t *taken) touches() []dynamics.ContactReport {
	w := &t.g.work
	if w.touches == nil {
		w.touches = make([]dynamics.ContactReport, t.m.NumContacts())
	}
	clear(w.touches)
	t.e.Contacts(w.touches)
	return w.touches
}

func (t *taken) wrenches() []sim.Wrench {
	w := &t.g.work
	if w.wrenches == nil {
		w.wrenches = make([]sim.Wrench, len(t.m.Engine().Bodies))
	}
	clear(w.wrenches)
	t.e.JointImpulses(w.wrenches)
	return w.wrenches
}

// contactTangent and jointTangent store the changes of forces for the tangent of the last forward product.
func (t *taken) contactTangent(dst []r3.Vec) {
	t.e.ContactTangent(dst)
	h := t.m.Timestep()
	for i := range dst {
		dst[i] = r3.Scale(1/h, dst[i])
	}
	if t.pushed == pushedStep {
		for i, c := range t.touches() {
			dst[i] = r3.Sub(dst[i], r3.Scale(1/(h*h), c.Impulse))
		}
	}
}

func (t *taken) jointTangent(dst []sim.Wrench) {
	t.e.JointTangent(dst)
	h := t.m.Timestep()
	for i := range dst {
		dst[i].Force, dst[i].Torque = r3.Scale(1/h, dst[i].Force), r3.Scale(1/h, dst[i].Torque)
	}
	if t.pushed == pushedStep {
		for i, w := range t.wrenches() {
			dst[i].Force = r3.Sub(dst[i].Force, r3.Scale(1/(h*h), w.Force))
			dst[i].Torque = r3.Sub(dst[i].Torque, r3.Scale(1/(h*h), w.Torque))
		}
	}
}

// scratch is memory that the steps of a Gradient share.
type scratch struct {
	cur      sim.State
	buf      []float64
	raw      []float64        // of products with parameters
	list     []dynamics.Param // of the same
	contacts []r3.Vec
	joints   []sim.Wrench
	touches  []dynamics.ContactReport
	wrenches []sim.Wrench
}

// numbers returns a buffer of n numbers.
func (w *scratch) numbers(n int) []float64 {
	if cap(w.buf) < n {
		w.buf = make([]float64, n)
	}
	return w.buf[:n]
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
