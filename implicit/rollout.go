package implicit

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// RolloutOptions tune [Gradient.Rollout]. Zero values select the defaults.
type RolloutOptions struct {
	Params []Param // parameters to differentiate by

	// Segment is how many steps are kept factored at a time. The states at the ends of segments are kept
	// for all; during the backward sweep each segment but the last is taken again. Default: all steps up to
	// 256, √steps beyond, which costs one more forward rollout and √T memory.
	Segment int

	// Stop, unless nil, is asked before every step that is taken; its error ends the rollout. It is how a long call is canceled.
	Stop func() error
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
// gradient of the cost by one backward sweep. A step that fails or was polished is an error that names it:
// never NaN, never silently zero.
func (g *Gradient) Rollout(start sim.State, inputs [][]float64, cost Cost, opt RolloutOptions) (*RolloutGradient, error) {
	m := g.s.Model()
	if err := errors.Join(m.CheckState(start), checkParams(m, opt.Params), g.checkKappa()); err != nil {
		return nil, err
	}
	n := len(inputs)
	if opt.Segment < 0 {
		return nil, fmt.Errorf("implicit: RolloutOptions.Segment is %d, want a number of steps, or 0 for the default", opt.Segment)
	}
	if opt.Segment == 0 {
		if opt.Segment = n; n > allFactored {
			opt.Segment = int(math.Ceil(math.Sqrt(float64(n))))
		}
	}
	r := &RolloutGradient{Start: NewTangent(m), Params: make([]float64, len(opt.Params)), States: make([]sim.State, n+1)}
	r.States[0] = start.Clone()
	r.Inputs = make([][]float64, n)
	t := g.newTape(min(opt.Segment, n))
	t.stop = opt.Stop

	// forward; the last segment stays factored
	for k := range inputs {
		r.States[k+1] = m.NewState()
		if err := t.step(k%opt.Segment, k, &r.States[k+1], r.States[k], inputs[k]); err != nil {
			return nil, fmt.Errorf("step %d: %w", k, err)
		}
	}

	// backward
	w := sweep{g: g, tape: t, cost: &cost, inputs: inputs, params: opt.Params, r: r, y: NewTangent(m), x: NewTangent(m)}
	if err := w.begin(); err != nil {
		return nil, err
	}
	for last := (n - 1) / max(opt.Segment, 1) * opt.Segment; last >= 0 && n > 0; last -= opt.Segment {
		end := min(last+opt.Segment, n)
		if end < n {
			if err := t.again(r, inputs, last, end); err != nil {
				return nil, err
			}
		}
		for k := end - 1; k >= last; k-- {
			if err := w.step(k, k-last); err != nil {
				return nil, err
			}
		}
	}
	if err := w.end(); err != nil {
		return nil, err
	}
	return r, nil
}

// sweep is the backward sweep of a rollout.
type sweep struct {
	g      *Gradient
	tape   *tape
	cost   *Cost
	inputs [][]float64
	params []Param
	r      *RolloutGradient
	y, x   Tangent // cotangent of the state at hand, and of the one before
	f, gf  Forces  // of the step at hand
}

// begin starts with the cost of the last state.
func (w *sweep) begin() error {
	if w.cost.Terminal != nil {
		w.r.Cost += w.cost.Terminal(w.r.States[len(w.r.States)-1], w.y)
	}
	if !finite(w.y.Q) || !finite(w.y.V) {
		return errors.New("implicit: the gradient of the terminal cost is not finite")
	}
	return nil
}

// step goes back over step k, number i of the tape.
func (w *sweep) step(k, i int) error {
	t, gu := &w.tape.taken[i], make([]float64, len(w.g.zero))
	w.r.Inputs[k] = gu
	if w.cost.Forces != nil {
		w.f.read(w.tape.steppers[i])
		w.gf.zeroOf(w.f)
		w.r.Cost += w.cost.Forces(k, w.f, w.gf)
		if err := w.gf.check(t.m); err != nil {
			return fmt.Errorf("step %d: the cost of forces changed what they are of: %w", k, err)
		}
		if !w.gf.finite() {
			return fmt.Errorf("step %d: implicit: the gradient of the cost of forces is not finite", k)
		}
	}
	t.vjp(w.x, gu, w.y, w.gf)
	if len(w.params) > 0 {
		if err := t.paramVJP(w.r.Params, w.params, w.y, w.gf); err != nil {
			return err
		}
	}
	w.y, w.x = w.x, w.y
	if w.cost.Running != nil {
		w.r.Cost += w.cost.Running(k, w.r.States[k], w.g.orZero(w.inputs[k]), w.y, gu)
	}
	if !finite(w.y.Q) || !finite(w.y.V) || !finite(gu) {
		return fmt.Errorf("step %d: %w", k, errOverflow)
	}
	return nil
}

// end takes what has arrived at the start.
func (w *sweep) end() error {
	copy(w.r.Start.Q, w.y.Q)
	copy(w.r.Start.V, w.y.V)
	if !finite(w.r.Params) || !finite(w.y.Q) || !finite(w.y.V) {
		return errOverflow
	}
	if w.r.Cost-w.r.Cost != 0 {
		return fmt.Errorf("implicit: the cost is %g", w.r.Cost)
	}
	return nil
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
type tape struct {
	g        *Gradient
	steppers []*sim.Stepper
	taken    []taken
	stop     func() error // nil never stops
}

// newTape returns one for n steps.
func (g *Gradient) newTape(n int) *tape {
	return &tape{g: g, steppers: g.rollers(n), taken: make([]taken, n)}
}

// rollers returns n steppers that take the same steps as g's own. Those of the last rollout are used again.
func (g *Gradient) rollers(n int) []*sim.Stepper {
	m, o := g.s.Model(), g.s.Options()
	for len(g.steppers) < n {
		g.steppers = append(g.steppers, m.NewStepper(o))
	}
	for i, s := range g.steppers[:n] {
		if s.Model() != m && s.SetModel(m) != nil {
			s = m.NewStepper(o)
			g.steppers[i] = s
		}
		s.SetKappa(o.Kappa)
		for i := range m.Engine().Bodies {
			s.SetWrench(i, g.s.Wrench(i))
		}
	}
	return g.steppers[:n]
}

// step takes step k of a rollout with stepper i and leaves its engine linearized. The interval before it was one of the
// rollout, a part of the timestep that grows with it.
func (t *tape) step(i, k int, next *sim.State, cur sim.State, u []float64) error {
	if t.stop != nil {
		if err := t.stop(); err != nil {
			return err
		}
	}
	before := 0.0
	if k > 0 {
		before = cur.H / t.g.s.Model().Timestep()
	}
	_, err := t.g.take(&t.taken[i], t.steppers[i], t.steppers[i].Engine(), next, cur, u, before)
	return err
}

// again takes the steps first ≤ k < end once more, into the steppers of the tape.
func (t *tape) again(r *RolloutGradient, inputs [][]float64, first, end int) error {
	next := t.g.s.Model().NewState()
	for k := first; k < end; k++ {
		if err := t.step(k-first, k, &next, r.States[k], inputs[k]); err != nil {
			return fmt.Errorf("step %d, taken again: %w", k, err)
		}
	}
	return nil
}
