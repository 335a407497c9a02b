package implicit

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Errors of a step that has no derivative.
var (
	ErrDivided  = errors.New("implicit: the step was divided because it did not converge whole; use a smaller timestep or a larger κ")
	ErrSingular = errors.New("implicit: the step's matrix is singular")
	ErrPolished = errors.New("implicit: a step polished to κ = 0 has no derivative; set Options.Kappa to differentiate at a positive κ")
	ErrNoStep   = errors.New("implicit: no step has been taken, or the last one failed")
)

// Options tune derivatives. Zero values select the defaults.
type Options struct {
	// Kappa is the κ at which steps are differentiated, at least that of the simulation. The step is
	// solved again there. Default: that of the simulation, which gives the derivative of the step itself.
	Kappa float64
}

// Gradient takes steps and differentiates them. It owns all scratch memory: use one per goroutine.
type Gradient struct {
	s        *sim.Stepper
	opt      Options
	engine   *dynamics.Stepper // that holds the linearized step
	second   *dynamics.Stepper // for another κ
	ready    bool
	slower   bool // the tangent of the last product lengthens the timestep by one
	buf      []float64
	part     []float64        // of products with parameters
	list     []dynamics.Param // of the same
	steppers []*sim.Stepper   // of the tape
	zero     []float64        // input of a model that is not driven
	touch    []dynamics.ContactReport
	joint    []sim.Wrench
}

// New returns a Gradient that steps with s.
func New(s *sim.Stepper, opt Options) (*Gradient, error) {
	g := &Gradient{s: s, opt: opt, zero: make([]float64, s.Model().NU())}
	if err := g.checkKappa(); err != nil {
		return nil, err
	}
	return g, nil
}

// checkKappa compares both κ; that of the simulation may change between steps.
func (g *Gradient) checkKappa() error {
	if k := g.s.Options().Kappa; g.opt.Kappa != 0 && !(g.opt.Kappa >= k) {
		return fmt.Errorf("implicit: κ %g of the derivatives is below κ %g of the simulation", g.opt.Kappa, k)
	}
	return nil
}

// Step takes a step like [sim.Stepper.Step] and prepares its derivatives. They hold until the stepper is
// used again, here or directly.
func (g *Gradient) Step(next *sim.State, cur sim.State, u []float64) (sim.Result, error) {
	g.ready = false
	cur = g.keep(cur, next)
	res, err := g.s.Step(next, cur, u)
	if err != nil {
		return res, err
	}
	return res, g.linearize(res, cur, u)
}

// keep returns cur, or a copy of it when a step to next would overwrite it before it is differentiated.
func (g *Gradient) keep(cur sim.State, next *sim.State) sim.State {
	if g.opt.Kappa == 0 || len(next.Q) == 0 || len(cur.Q) == 0 || &next.Q[0] != &cur.Q[0] {
		return cur
	}
	return cur.Clone()
}

func (g *Gradient) linearize(res sim.Result, cur sim.State, u []float64) error {
	if res.Halvings > 0 {
		return ErrDivided
	}
	m, o := g.s.Model().Engine(), g.s.Options()
	if err := g.checkKappa(); err != nil {
		return err
	}
	if o.Polish && g.opt.Kappa == 0 {
		return ErrPolished
	}
	g.slower = false
	g.engine = g.s.Engine()
	if g.opt.Kappa > o.Kappa || o.Polish {
		if g.second == nil {
			g.second = dynamics.NewStepper(m)
		}
		g.engine = g.second
		g.engine.CopyWrenches(g.s.Engine())
		if err := g.resolve(g.engine, cur, u); err != nil {
			return err
		}
	}
	if !g.engine.Linearize() {
		return ErrSingular
	}
	g.ready = true
	return nil
}

// resolve solves the step from cur once more in e, at the κ of the derivatives.
func (g *Gradient) resolve(e *dynamics.Stepper, cur sim.State, u []float64) error {
	o := g.s.Options()
	if u == nil {
		u = g.zero
	}
	if !e.Load(cur.Q, cur.V, u, g.s.Model().Timestep(), cur.H) {
		return ErrSingular
	}
	if err := e.Solve(dynamics.NewOptions(g.opt.Kappa, o.Centrality, o.Tolerance, o.Margin)).Status.Err(); err != nil {
		return fmt.Errorf("implicit: the step could not be solved again at κ = %g: %w", g.opt.Kappa, err)
	}
	return nil
}

// size returns NV and NU, and an error when there is nothing to differentiate.
func (g *Gradient) size() (nv, nu int, err error) {
	if !g.ready {
		return 0, 0, ErrNoStep
	}
	m := g.s.Model()
	return m.NV(), m.NU(), nil
}

// scratch returns a buffer of n numbers.
func (g *Gradient) scratch(n int) []float64 {
	if cap(g.buf) < n {
		g.buf = make([]float64, n)
	}
	return g.buf[:n]
}

// StateJacobian stores the derivative of the next state with respect to the state in dst, 2NV×2NV in the
// tangent space, rows and columns ordered (q, v). An empty dst is resized.
func (g *Gradient) StateJacobian(dst *mat.Dense) error {
	nv, _, err := g.size()
	if err != nil {
		return err
	}
	b := g.scratch(4 * nv * nv)
	g.engine.StateJacobian(b)
	return store(dst, b, 2*nv, 2*nv)
}

// InputJacobian stores the derivative of the next state with respect to the input in dst, 2NV×NU. An empty
// dst is resized. It is an error for a model without inputs.
func (g *Gradient) InputJacobian(dst *mat.Dense) error {
	nv, nu, err := g.size()
	if err != nil {
		return err
	}
	if nu == 0 {
		return errors.New("implicit: the model has no inputs")
	}
	b := g.scratch(2 * nv * nu)
	g.engine.InputJacobian(b)
	return store(dst, b, 2*nv, nu)
}

// ParamJacobian stores the derivative of the next state with respect to the parameters in dst,
// 2NV×len(params).
func (g *Gradient) ParamJacobian(dst *mat.Dense, params []Param) error {
	nv, _, err := g.size()
	if err != nil {
		return err
	}
	if len(params) == 0 {
		return errors.New("implicit: no parameters given")
	}
	n := len(params)
	b := g.scratch(2*nv*n + 2*nv)
	col := b[2*nv*n:]
	for k, p := range params {
		if err := g.paramColumn(col[:nv], col[nv:], p); err != nil {
			return err
		}
		for i, x := range col {
			b[i*n+k] = x
		}
	}
	return store(dst, b[:2*nv*n], 2*nv, n)
}

func store(dst *mat.Dense, b []float64, r, c int) error {
	if dst.IsEmpty() {
		dst.ReuseAs(r, c)
	}
	if x, y := dst.Dims(); x != r || y != c {
		return fmt.Errorf("implicit: destination is %d×%d, want %d×%d", x, y, r, c)
	}
	raw := dst.RawMatrix()
	for i := 0; i < r; i++ {
		copy(raw.Data[i*raw.Stride:i*raw.Stride+c], b[i*c:(i+1)*c])
	}
	return nil
}

// Tangent is a tangent or cotangent of a state: NV numbers each for configuration and velocity.
type Tangent struct{ Q, V []float64 }

// NewTangent returns the zero tangent of a model.
func NewTangent(m *sim.Model) Tangent {
	return Tangent{Q: make([]float64, m.NV()), V: make([]float64, m.NV())}
}

func (t Tangent) check(nv int) error {
	if len(t.Q) != nv || len(t.V) != nv {
		return fmt.Errorf("implicit: tangent has lengths %d and %d, want %d each", len(t.Q), len(t.V), nv)
	}
	return nil
}

// JVP stores in next the change of the next state for the change (state, du) of state and input; nil du is
// zero. next may not share memory with state.
func (g *Gradient) JVP(next, state Tangent, du []float64) error {
	nv, nu, err := g.size()
	if err != nil {
		return err
	}
	if err := errors.Join(next.check(nv), state.check(nv)); err != nil {
		return err
	}
	if du != nil && len(du) != nu {
		return fmt.Errorf("implicit: input tangent has length %d, want %d", len(du), nu)
	}
	g.engine.JVP(next.Q, next.V, state.Q, state.V, du)
	g.slower = false
	return nil
}

// ParamJVP stores in next the change of the next state per unit of parameter p. After it
// [Gradient.ContactTangent] and [Gradient.JointTangent] give the change of forces per unit of p.
func (g *Gradient) ParamJVP(next Tangent, p Param) error {
	nv, _, err := g.size()
	if err != nil {
		return err
	}
	if err := next.check(nv); err != nil {
		return err
	}
	return g.paramColumn(next.Q, next.V, p)
}

// VJP pulls the cotangent of the next state back: it stores yᵀ∂next/∂state in state and yᵀ∂next/∂u in u
// (length NU). One transposed solve. state may not share memory with next.
func (g *Gradient) VJP(state Tangent, u []float64, next Tangent) error {
	nv, nu, err := g.size()
	if err != nil {
		return err
	}
	if err := errors.Join(next.check(nv), state.check(nv)); err != nil {
		return err
	}
	if len(u) != nu {
		return fmt.Errorf("implicit: input cotangent has length %d, want %d", len(u), nu)
	}
	g.engine.VJP(state.Q, state.V, u, next.Q, next.V)
	return nil
}

// ContactTangent stores the change of every contact's force (mean over the step, world axes, N) for the
// tangent of the last [Gradient.JVP] or [Gradient.ParamJVP]; len(dst) is the number of contacts.
func (g *Gradient) ContactTangent(dst []r3.Vec) error {
	if _, _, err := g.size(); err != nil {
		return err
	}
	if n := g.s.Model().NumContacts(); len(dst) != n {
		return fmt.Errorf("implicit: destination has length %d, the model has %d contacts", len(dst), n)
	}
	g.engine.ContactTangent(dst)
	h := g.s.Model().Timestep()
	for i := range dst {
		dst[i] = r3.Scale(1/h, dst[i])
	}
	if g.slower { // the same impulse is less force over a longer step
		if len(g.touch) != len(dst) {
			g.touch = make([]dynamics.ContactReport, len(dst))
		}
		clear(g.touch)
		g.engine.Contacts(g.touch)
		for i := range dst {
			dst[i] = r3.Sub(dst[i], r3.Scale(1/(h*h), g.touch[i].Impulse))
		}
	}
	return nil
}

// JointTangent stores the change of every joint's force and torque (as [sim.Stepper.JointWrench]) for the
// tangent of the last [Gradient.JVP] or [Gradient.ParamJVP]; len(dst) is the number of bodies.
func (g *Gradient) JointTangent(dst []sim.Wrench) error {
	if _, _, err := g.size(); err != nil {
		return err
	}
	if n := len(g.s.Model().Engine().Bodies); len(dst) != n {
		return fmt.Errorf("implicit: destination has length %d, the model has %d joints", len(dst), n)
	}
	g.engine.JointTangent(dst)
	h := g.s.Model().Timestep()
	for i := range dst {
		dst[i].Force, dst[i].Torque = r3.Scale(1/h, dst[i].Force), r3.Scale(1/h, dst[i].Torque)
	}
	if g.slower {
		if len(g.joint) != len(dst) {
			g.joint = make([]sim.Wrench, len(dst))
		}
		clear(g.joint)
		g.engine.JointImpulses(g.joint)
		for i, w := range g.joint {
			dst[i].Force = r3.Sub(dst[i].Force, r3.Scale(1/(h*h), w.Force))
			dst[i].Torque = r3.Sub(dst[i].Torque, r3.Scale(1/(h*h), w.Torque))
		}
	}
	return nil
}

// Displace stores state ⊞ d in dst, which may be state.
func Displace(m *sim.Model, dst *sim.State, state sim.State, d Tangent) {
	if len(dst.Q) != len(state.Q) {
		dst.Copy(state)
	}
	m.Engine().Displace(dst.Q, state.Q, d.Q)
	for i := range d.V {
		dst.V[i] = state.V[i] + d.V[i]
	}
}

// Difference stores the tangent d with a ⊞ d = b.
func Difference(m *sim.Model, d Tangent, b, a sim.State) {
	m.Engine().Difference(d.Q, b.Q, a.Q)
	for i := range d.V {
		d.V[i] = b.V[i] - a.V[i]
	}
}
