package trajopt

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
)

// Problem is an optimal control problem: the inputs u₀ … u_{N−1} of N = Steps timesteps of the model that minimize
//
//	Σ_k Stage(x_k, u_k) + Final(x_N)   with   x_{k+1} = step(x_k, u_k),  x₀ = Start,
//	Lower ≤ u_k ≤ Upper,   Limit(x_k, u_k) ≤ 0 for all k,   Goal(x_N) = 0
type Problem struct {
	Model *sim.Model
	Start sim.State
	Steps int

	// Free lists numbers of the start that are sought too, in its tangent space (2NV, order q, v): those of a throw are
	// velocities. Start is then their guess. For ILQR alone.
	Free []int

	Stage []Cost // of every step: of the state from which it starts, and its input
	Final []Cost // of the last state

	// Lower and Upper bound the inputs (NU; ±Inf where there is none). nil are the efforts of the drives that are
	// forces or torques: beyond, an input has no effect.
	Lower, Upper []float64

	Limit []Function // at most zero, for every state 0 … N with the input that follows; of the last only what needs no input
	Goal  []Function // zero, for the last state
}

// check returns all that is wrong with p.
func (p *Problem) check() error {
	if p.Model == nil {
		return errors.New("trajopt: the problem has no model")
	}
	var bad []error
	say := func(format string, args ...any) { bad = append(bad, fmt.Errorf("trajopt: "+format, args...)) }
	if p.Model.NU() == 0 {
		say("model %q has no inputs: give its joints drives", p.Model.Name())
	}
	if err := p.Model.CheckState(p.Start); err != nil {
		say("the start: %w", err)
	}
	for i, c := range p.Free {
		if c < 0 || c >= 2*p.Model.NV() || slices.Contains(p.Free[:i], c) {
			say("number %d of the start is sought: want each but once, from 0 to %d", c, 2*p.Model.NV()-1)
		}
	}
	if p.Steps < 1 {
		say("Steps is %d, want at least 1", p.Steps)
	}
	named := func(role string, f *Function, last bool) {
		switch {
		case f.err != nil:
			say("%s %q: %w", role, f.Name, f.err)
		case f.Dim < 1 || (f.Eval == nil) == (f.EvalForces == nil):
			say("%s %q has %d numbers, Eval %v and EvalForces %v: want one of both", role, f.Name, f.Dim, f.Eval != nil, f.EvalForces != nil)
		case last && f.EvalForces != nil:
			say("%s %q is of the forces of a step, but none begins at the last state", role, f.Name)
		case f.targets > 1 && f.targets != f.states(p.Steps):
			say("%s %q has %d targets: want one, or one for each of %d steps (of the state one more)", role, f.Name, f.targets, p.Steps)
		case last && f.input:
			say("%s %q is of the input, but the last state has none", role, f.Name)
		}
	}
	weighed := func(role string, c *Cost, last bool) {
		named(role, &c.Function, last)
		if n := len(c.Weight); n != 1 && n != c.Dim {
			say("%s %q: %d weights for %d numbers", role, c.Name, n, c.Dim)
		}
		for i, w := range c.Weight {
			if !(w >= 0) || math.IsInf(w, 1) {
				say("%s %q: weight %d is %g, want a finite number ≥ 0", role, c.Name, i, w)
			}
		}
	}
	for i := range p.Stage {
		weighed("stage cost", &p.Stage[i], false)
	}
	for i := range p.Final {
		weighed("final cost", &p.Final[i], true)
	}
	for i := range p.Limit {
		named("limit", &p.Limit[i], false)
	}
	for i := range p.Goal {
		named("goal", &p.Goal[i], true)
	}
	bad = append(bad, p.checkBounds())
	return errors.Join(bad...)
}

func (p *Problem) checkBounds() error {
	var bad []error
	for _, b := range []struct {
		name string
		x    []float64
	}{{"lower", p.Lower}, {"upper", p.Upper}} {
		if b.x != nil && len(b.x) != p.Model.NU() {
			bad = append(bad, fmt.Errorf("trajopt: %d %s bounds for %d inputs: want one each, or nil", len(b.x), b.name, p.Model.NU()))
		}
	}
	if bad != nil {
		return errors.Join(bad...)
	}
	lower, upper := p.bounds()
	for i, name := range p.Model.Inputs() {
		if !(lower[i] <= upper[i]) {
			bad = append(bad, fmt.Errorf("trajopt: the bounds of input %q are crossed: %g to %g", name, lower[i], upper[i]))
		}
	}
	return errors.Join(bad...)
}

// bounds returns those of the inputs, with the defaults filled in.
func (p *Problem) bounds() (lower, upper []float64) {
	nu := p.Model.NU()
	lower, upper = make([]float64, nu), make([]float64, nu)
	for i := range nu {
		in := p.Model.InputInfo(i)
		lower[i], upper[i] = in.Lower, in.Upper
	}
	if p.Lower != nil {
		copy(lower, p.Lower)
	}
	if p.Upper != nil {
		copy(upper, p.Upper)
	}
	return lower, upper
}
