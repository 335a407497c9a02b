package implicit

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
)

// Cost is a scalar cost of a trajectory: the sums of Running and Forces over the steps, plus Terminal. Each returns its
// value and adds its gradient to the cotangents it is given, which may hold something already. [Gradient.CheckCost]
// compares the two.
type Cost struct {
	// Running is the cost of step k from the state x under the input u, with cotangents gx in the tangent space of
	// the state and gu (NU). nil is zero.
	Running func(k int, x sim.State, u []float64, gx Tangent, gu []float64) float64
	// Forces is the cost of the mean forces of contacts and joints in step k. f lists the contacts that this step had, as
	// [sim.Stepper.Contacts] does, and gf the same contacts in the same order. nil is zero.
	Forces func(k int, f, gf Forces) float64
	// Terminal is the cost of the last state. nil is zero.
	Terminal Term
}

// Term is a cost of one state: it returns its value and adds its gradient to gx.
type Term func(x sim.State, gx Tangent) float64

// Cost returns the cost of a rollout alone: what a line search asks for. Steps may be divided or polished. It does
// not disturb the derivatives of the last step. It has the bits of [RolloutGradient.Cost].
func (g *Gradient) Cost(start sim.State, inputs [][]float64, cost Cost) (float64, error) {
	m := g.s.Model()
	if err := m.CheckState(start); err != nil {
		return 0, err
	}
	s := g.rollers(1)[0]
	x, gx, gu, f, gf := start.Clone(), NewTangent(m), make([]float64, m.NU()), Forces{}, Forces{}
	terms := make([]float64, 0, 2*len(inputs)+1)
	for k, u := range inputs {
		if cost.Running != nil {
			terms = append(terms, cost.Running(k, x, g.orZero(u), gx, gu))
		}
		if _, err := s.Step(&x, x, u); err != nil {
			return 0, fmt.Errorf("step %d: %w", k, err)
		}
		if cost.Forces != nil {
			f.read(s)
			gf.zeroOf(f)
			terms = append(terms, cost.Forces(k, f, gf))
		}
	}
	if cost.Terminal != nil {
		terms = append(terms, cost.Terminal(x, gx))
	}
	sum := 0.0
	for _, c := range slices.Backward(terms) { // as the sweep of Rollout adds them: its cost has these bits
		sum += c
	}
	if sum-sum != 0 {
		return 0, fmt.Errorf("implicit: the cost is %g", sum)
	}
	return sum, nil
}

// orZero returns u, or a zero input for nil.
func (g *Gradient) orZero(u []float64) []float64 {
	if u == nil {
		return g.zero
	}
	return u
}
