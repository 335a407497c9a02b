package implicit

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
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
	last     taken             // by Step
	second   *dynamics.Stepper // for another κ
	shelf    shelf             // of steps in parts
	steppers []*sim.Stepper    // of rollouts
	zero     []float64         // input of a model that is not driven
	work     scratch
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
	switch k := g.s.Options().Kappa; {
	case g.opt.Kappa == 0:
	case !(g.opt.Kappa > 0) || math.IsInf(g.opt.Kappa, 1):
		return fmt.Errorf("implicit: Options.Kappa: κ is %g, want a positive number, or 0 for that of the simulation", g.opt.Kappa)
	case g.opt.Kappa < k:
		return fmt.Errorf("implicit: Options.Kappa: κ %g of the derivatives is below κ %g of the simulation", g.opt.Kappa, k)
	}
	return nil
}

// Step takes a step like [sim.Stepper.Step] and prepares its derivatives. They hold until the stepper takes another
// step or gets another model, here or directly; asked for after that they are an error. Energy, Momentum and
// SetWrench do not disturb them, nor do rollouts.
func (g *Gradient) Step(next *sim.State, cur sim.State, u []float64) (sim.Result, error) {
	return g.take(&g.last, g.s, nil, next, cur, u, 0)
}

// SetParams changes parameters for the steps to come: the stepper gets a model of its own with the new values, as [Set]
// returns it, and is not built anew. Other users of the old model keep it. Params found in one model are valid
// for the other.
func (g *Gradient) SetParams(params []Param, values []float64) error {
	m, err := Set(g.s.Model(), params, values)
	if err != nil {
		return err
	}
	return g.s.SetModel(m)
}

// size returns NV and NU, and an error when there is nothing to differentiate.
func (g *Gradient) size() (nv, nu int, err error) {
	if err := g.last.check(); err != nil {
		return 0, 0, err
	}
	if g.last.m.NV() == 0 {
		return 0, 0, errors.New("implicit: nothing moves in the model, so that there is nothing to differentiate")
	}
	return g.last.m.NV(), g.last.m.NU(), nil
}

// StateJacobian stores the derivative of the next state with respect to the state in dst, 2NV×2NV in the
// tangent space, rows and columns ordered (q, v). An empty dst is resized.
func (g *Gradient) StateJacobian(dst *mat.Dense) error {
	nv, _, err := g.size()
	if err != nil {
		return err
	}
	b := g.work.numbers(4 * nv * nv)
	g.last.stateJacobian(b)
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
	b := g.work.numbers(2 * nv * nu)
	g.last.inputJacobian(b)
	return store(dst, b, 2*nv, nu)
}

// ParamJacobian stores the derivative of the next state with respect to the parameters in dst, 2NV×len(params). That by
// the timestep takes the interval before the step, State.H, for a constant. Over several steps the timestep changes it
// too: [Gradient.Sensitivity] and [Gradient.Rollout] know, products of single steps do not.
func (g *Gradient) ParamJacobian(dst *mat.Dense, params []Param) error {
	nv, _, err := g.size()
	if err != nil {
		return err
	}
	if len(params) == 0 {
		return errors.New("implicit: no parameters given")
	}
	if err := checkParams(g.last.m, params); err != nil {
		return err
	}
	n := len(params)
	b := g.work.numbers(2*nv*n + 2*nv)
	col := b[2*nv*n:]
	for k, p := range params {
		if err := g.last.paramColumn(Tangent{Q: col[:nv], V: col[nv:]}, p); err != nil {
			return err
		}
		for i, x := range col {
			b[i*n+k] = x
		}
	}
	g.last.pushed = false
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

// checkGiven is check of a tangent that is given: there is no product with what is not finite, nor into the memory of t.
func (t Tangent) checkGiven(nv int, result Tangent) error {
	if err := t.check(nv); err != nil {
		return err
	}
	if !finite(t.Q) || !finite(t.V) {
		return errors.New("implicit: a tangent is not finite")
	}
	for _, a := range [][]float64{t.Q, t.V} {
		for _, b := range [][]float64{result.Q, result.V} {
			if len(a) > 0 && len(b) > 0 && &a[0] == &b[0] {
				return errors.New("implicit: the result of a product shares memory with the tangent that is given")
			}
		}
	}
	return nil
}

// JVP stores in next the change of the next state for the change (state, du) of state and input; nil du is
// zero. For next to share memory with state is an error, and so is a tangent that is not finite.
func (g *Gradient) JVP(next, state Tangent, du []float64) error {
	nv, nu, err := g.size()
	if err != nil {
		return err
	}
	if err := errors.Join(next.check(nv), state.checkGiven(nv, next)); err != nil {
		return err
	}
	if du != nil && len(du) != nu {
		return fmt.Errorf("implicit: input tangent has length %d, want %d", len(du), nu)
	}
	if !finite(du) {
		return errors.New("implicit: an input tangent is not finite")
	}
	g.last.jvp(next, state, du)
	return nil
}

// ParamJVP stores in next the change of the next state per unit of parameter p. After it
// [Gradient.ContactTangent] and [Gradient.JointTangent] give the change of forces per unit of p. Where p would open a loop that says
// the same several times (a hinge of a planar linkage that leaves its plane), it is the change of the closest fit.
func (g *Gradient) ParamJVP(next Tangent, p Param) error {
	nv, _, err := g.size()
	if err != nil {
		return err
	}
	if err := errors.Join(next.check(nv), p.check(g.last.m)); err != nil {
		return err
	}
	return g.last.paramColumn(next, p)
}

// VJP pulls the cotangent of the next state back: it stores yᵀ∂next/∂state in state and yᵀ∂next/∂u in u
// (length NU). One transposed solve. For state to share memory with next is an error, and so is a cotangent that is not finite.
func (g *Gradient) VJP(state Tangent, u []float64, next Tangent) error {
	return g.ForceVJP(state, u, next, Forces{})
}

// ParamVJP adds to out the derivative of yᵀ next with respect to each parameter, y the cotangent of the
// next state. One transposed solve for all of them.
func (g *Gradient) ParamVJP(out []float64, params []Param, next Tangent) error {
	return g.ParamForceVJP(out, params, next, Forces{})
}

// Displace stores state ⊞ d in dst, which may be state: the length of its interval (H) is that of state.
func Displace(m *sim.Model, dst *sim.State, state sim.State, d Tangent) {
	if len(dst.Q) != len(state.Q) || len(dst.V) != len(state.V) {
		dst.Copy(state)
	}
	dst.H = state.H
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
