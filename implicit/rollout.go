package implicit

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// Cost is a scalar cost of a trajectory: the sum of Running over the steps plus Terminal. Each returns its
// value and adds its gradient to the cotangents it is given (in the tangent space of the state).
type Cost struct {
	// Running is the cost of step k from the state x under the input u. nil is zero.
	Running func(k int, x sim.State, u []float64, gx Tangent, gu []float64) float64
	// Terminal is the cost of the last state. nil is zero.
	Terminal func(x sim.State, gx Tangent) float64
}

// RolloutOptions tune [Gradient.Rollout]. Zero values select the defaults.
type RolloutOptions struct {
	Params []Param // parameters to differentiate by

	// Segment is how many steps are kept factored at a time. The states at the ends of segments are kept
	// for all; during the backward sweep each segment but the last is taken again. Default: all steps up to
	// 256, √steps beyond, which costs one more forward rollout and √T memory.
	Segment int
}

// RolloutGradient is the gradient of the cost of a rollout.
type RolloutGradient struct {
	Cost   float64
	Start  Tangent     // with respect to the first state
	Inputs [][]float64 // with respect to the input of every step
	Params []float64   // with respect to the parameters
	States []sim.State // the trajectory, one more than steps
}

// allFactored is the length up to which every step of a rollout is kept factored.
const allFactored = 256

// Rollout takes len(inputs) steps from start under the given inputs (nil entries are zero) and returns the
// gradient of the cost by one backward sweep. A step that fails or was divided is an error that names it:
// never NaN, never silently zero.
func (g *Gradient) Rollout(start sim.State, inputs [][]float64, cost Cost, opt RolloutOptions) (*RolloutGradient, error) {
	m := g.s.Model()
	if err := m.CheckState(start); err != nil {
		return nil, err
	}
	if err := g.checkKappa(); err != nil {
		return nil, err
	}
	n := len(inputs)
	if opt.Segment <= 0 {
		if opt.Segment = n; n > allFactored {
			opt.Segment = int(math.Ceil(math.Sqrt(float64(n))))
		}
	}
	r := &RolloutGradient{Start: NewTangent(m), Params: make([]float64, len(opt.Params)), States: make([]sim.State, n+1)}
	r.States[0] = start.Clone()
	tape := g.newTape(min(opt.Segment, n))

	// forward; the last segment stays factored
	for k := range inputs {
		r.States[k+1] = m.NewState()
		if err := tape.step(g, k%opt.Segment, &r.States[k+1], r.States[k], inputs[k]); err != nil {
			return nil, fmt.Errorf("step %d: %w", k, err)
		}
	}

	// backward
	y, x := NewTangent(m), NewTangent(m)
	if cost.Terminal != nil {
		r.Cost += cost.Terminal(r.States[n], y)
	}
	if !finite(y.Q) || !finite(y.V) {
		return nil, errors.New("implicit: the gradient of the terminal cost is not finite")
	}
	r.Inputs = make([][]float64, n)
	for last := (n - 1) / max(opt.Segment, 1) * opt.Segment; last >= 0 && n > 0; last -= opt.Segment {
		end := min(last+opt.Segment, n)
		if end < n {
			if err := tape.again(g, r, inputs, last, end); err != nil {
				return nil, err
			}
		}
		for k := end - 1; k >= last; k-- {
			e := tape.steppers[k-last].Engine()
			r.Inputs[k] = make([]float64, m.NU())
			e.VJP(x.Q, x.V, r.Inputs[k], y.Q, y.V)
			if len(opt.Params) > 0 {
				g.engine, g.ready = e, true
				if err := g.ParamVJP(r.Params, opt.Params, y); err != nil {
					return nil, err
				}
				g.ready = false
			}
			y, x = x, y
			if cost.Running != nil {
				u := inputs[k]
				if u == nil {
					u = g.zero
				}
				r.Cost += cost.Running(k, r.States[k], u, y, r.Inputs[k])
			}
			if !finite(y.Q) || !finite(y.V) || !finite(r.Inputs[k]) {
				return nil, fmt.Errorf("step %d: %w", k, errOverflow)
			}
		}
	}
	copy(r.Start.Q, y.Q)
	copy(r.Start.V, y.V)
	if !finite(r.Params) || !finite(y.Q) || !finite(y.V) {
		return nil, errOverflow
	}
	if r.Cost-r.Cost != 0 {
		return nil, fmt.Errorf("implicit: the cost is %g", r.Cost)
	}
	return r, nil
}

var errOverflow = errors.New("implicit: the gradient is not finite: that of the cost is not, or the rollout is too long or too unstable for κ this small")

func finite(x []float64) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// tape keeps the factored steps of one segment, each in its own stepper.
type tape struct{ steppers []*sim.Stepper }

// newTape reuses the steppers of the last rollout.
func (g *Gradient) newTape(n int) *tape {
	m, o := g.s.Model(), g.s.Options()
	for len(g.steppers) < n {
		g.steppers = append(g.steppers, m.NewStepper(o))
	}
	for _, s := range g.steppers[:n] {
		s.SetKappa(o.Kappa)
		s.Engine().CopyWrenches(g.s.Engine())
	}
	return &tape{g.steppers[:n]}
}

// step takes one step with stepper i, the same as g's own would, and leaves its engine linearized.
func (t *tape) step(g *Gradient, i int, next *sim.State, cur sim.State, u []float64) error {
	s := t.steppers[i]
	res, err := s.Step(next, cur, u)
	if err != nil {
		return err
	}
	if res.Halvings > 0 {
		return ErrDivided
	}
	if g.opt.Kappa > s.Options().Kappa {
		if err := g.resolve(s.Engine(), cur, u); err != nil {
			return err
		}
	}
	if !s.Engine().Linearize() {
		return ErrSingular
	}
	return nil
}

// again takes the steps first ≤ k < end once more, into the steppers of the tape.
func (t *tape) again(g *Gradient, r *RolloutGradient, inputs [][]float64, first, end int) error {
	next := g.s.Model().NewState()
	for k := first; k < end; k++ {
		if err := t.step(g, k-first, &next, r.States[k], inputs[k]); err != nil {
			return fmt.Errorf("step %d, taken again: %w", k, err)
		}
	}
	return nil
}

// Sensitivity takes len(inputs) steps from start and pushes tangents forward: the changes of the last state
// for each tangent of the first state and for each parameter. It suits few directions and long rollouts.
func (g *Gradient) Sensitivity(start sim.State, inputs [][]float64, tangents []Tangent, params []Param) (end sim.State, ofTangents, ofParams []Tangent, err error) {
	m := g.s.Model()
	if err := errors.Join(m.CheckState(start), g.checkKappa()); err != nil {
		return start, nil, nil, err
	}
	end = start.Clone()
	next, t := m.NewState(), g.newTape(1)
	for _, d := range tangents {
		if err := d.check(m.NV()); err != nil {
			return end, nil, nil, err
		}
		c := NewTangent(m)
		copy(c.Q, d.Q)
		copy(c.V, d.V)
		ofTangents = append(ofTangents, c)
	}
	for range params {
		ofParams = append(ofParams, NewTangent(m))
	}
	out, col := NewTangent(m), NewTangent(m)
	for k := range inputs {
		if err := t.step(g, 0, &next, end, inputs[k]); err != nil {
			return end, nil, nil, fmt.Errorf("step %d: %w", k, err)
		}
		e := t.steppers[0].Engine()
		for _, d := range ofTangents {
			e.JVP(out.Q, out.V, d.Q, d.V, nil)
			copy(d.Q, out.Q)
			copy(d.V, out.V)
		}
		g.engine, g.ready = e, true
		for i, d := range ofParams {
			e.JVP(out.Q, out.V, d.Q, d.V, nil)
			if err := g.paramColumn(col.Q, col.V, params[i]); err != nil {
				return end, nil, nil, err
			}
			for j := range d.Q {
				d.Q[j], d.V[j] = out.Q[j]+col.Q[j], out.V[j]+col.V[j]
			}
		}
		g.ready = false
		end.Copy(next)
	}
	return end, ofTangents, ofParams, nil
}
