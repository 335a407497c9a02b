package sim

import (
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Part is one of those that a divided step consists of: from Start over the time H (s). A deep one is solved twice: as it
// starts inside the ground or beyond a limit, its configuration is that of a solve that moves it out, its velocity and forces
// are those of another from which nothing has to leave, so that the way out does not become velocity. One that is held stays as
// deep as it starts, for its way out would be a leap: it is that second solve alone.
type Part struct {
	Start State
	H     float64
	Deep  bool
	Held  bool
	// Effort tells the ways in which it was solved: with others a step that has several solutions may have another.
	Effort dynamics.Effort
	// ByStep and ByImpact are how H changes with the timestep and with the time of the impact by which
	// Options.DivideImpacts divides the step.
	ByStep, ByImpact float64
}

// Parts returns what the last step was divided into, or all of it if that is deep; nothing if one solve did. It is valid until
// the next step.
func (s *Stepper) Parts() []Part { return s.parts }

// mostIterations bounds the work of a step: once so many iterations have been made nothing is divided any more. Without it a
// large MaxHalvings could let a step run for ever. Of 2500 steps with extreme numbers the longest took 10 000.
const mostIterations = 50000

// deepIterations is that bound where the step begins deeper than it can come out of at once: halves of it begin as
// deep, and of what is in each other in the hands of joints no part is solved.
const deepIterations = 5000

// hardIterations is that bound where a larger κ is tried next. Of 60 walls of bricks thrown at each other 12 have no
// step at κ = 1e-10 within 2000.
const hardIterations = 2000

// jammedIterations is how many a least part takes at most that dividing made easy. Where only the ways that take long
// solve it, other parts are no easier: for all that is left of the step they come before dividing. Of seven steps of
// 6000 random mechanisms that failed three were parts of a hundredth of a step that jammed 8192 times in a row, 600
// iterations each, until the iterations of the step were used up.
const jammedIterations = 100

// advance moves cur by h into s.part, in two parts where a whole step does not converge, goes wild or turns too fast to be true,
// and returns the results of what it took, joined. Where the parts fail it is taken whole after all, if that is bearable.
func (s *Stepper) advance(res *Result, cur State, u []float64, h float64, depth int) ipm.Result {
	whole := s.attempt(cur, u, h, depth)
	solved := whole.Status == ipm.Solved
	last := depth == s.opt.MaxHalvings || s.spent > s.most
	last = last || whole.Status == ipm.Infeasible && depth > 0 // parts of parts would be so too
	if solved && (s.opt.WholeSteps || s.trusted(depth) || last && s.bearable(depth)) {
		s.accept(res, whole, cur, h)
		return whole
	}
	if last || !s.loaded { // no part would load it either
		if s.untrue = solved; solved {
			whole.Status = ipm.Stalled // at a solution that takes energy from nowhere
		}
		return whole
	}
	bearable := solved && s.bearable(depth)
	before := s.snapshot() // allocates: a divided step is the exception
	parts := s.divide(res, before, cur, u, h, depth, whole)
	// what a part has no position for, the whole has none for either
	late := (depth == 0 || s.spent <= s.most) && whole.Status != ipm.NotFinite && whole.Status != ipm.Infeasible && parts.Status != ipm.Infeasible
	if parts.Status == ipm.Solved || !bearable && !late {
		return parts
	}
	s.restore(before)
	whole = s.solve(cur, u, h, dynamics.All)
	s.spent += whole.Iterations
	whole = whole.After(parts)
	switch s.untrue = false; {
	case whole.Status != ipm.Solved:
	case !s.bearable(depth):
		s.untrue, whole.Status = true, ipm.Stalled
	default:
		s.accept(res, whole, cur, h)
	}
	return whole
}

// attempt solves a step of length h from cur whole, in the ways that are worth it at that depth of division.
func (s *Stepper) attempt(cur State, u []float64, h float64, depth int) ipm.Result {
	whole := ipm.Result{Status: ipm.Stalled}
	if s.loaded = true; !s.hopeless(cur, h, depth) {
		effort := effortAt(depth, s.opt.MaxHalvings)
		if s.jammed {
			effort = dynamics.All
		}
		whole = s.solve(cur, u, h, effort)
	}
	s.jammed = s.jammed || depth == s.opt.MaxHalvings && whole.Status == ipm.Solved && whole.Iterations > jammedIterations
	s.spent += max(whole.Iterations, 1)
	if whole.Status != ipm.Solved && depth == 0 && s.dyn.Deep() {
		s.most = deepIterations
	}
	return whole
}

// effortAt is how hard the solver tries at a depth of division: ways that take long come last where a part can be divided.
func effortAt(depth, most int) dynamics.Effort {
	switch depth {
	case most:
		return dynamics.All
	case 0:
		// The quick ways alone take 7.7 instead of 8.9 iterations for a quadruped under torques, but divide a tenth more of the steps of
		// random mechanisms, and a can on a box then ends elsewhere than on the ground.
		return dynamics.Most
	}
	return dynamics.Quick
}

// divide advances cur by h in two parts. A whole step whose halves cannot be solved is divided elsewhere, starting
// again from what was before.
func (s *Stepper) divide(res *Result, before snapshot, cur State, u []float64, h float64, depth int, whole ipm.Result) ipm.Result {
	res.Halvings++
	if !s.divided {
		s.divided, s.division = true, s.why(whole.Status)
	}
	parts := s.advanceInTwo(res, cur, u, h, 0.5, depth).After(whole)
	for _, at := range otherFractions {
		if depth > 0 || parts.Status == ipm.Solved || parts.Status == ipm.Infeasible || s.spent > s.most {
			break
		}
		s.restore(before)
		parts = s.advanceInTwo(res, cur, u, h, at, depth).After(parts)
	}
	return parts
}

// otherFractions is where a step is divided whose halves cannot be solved, as parts of it. What makes them fail is
// mostly an instant at which something touches as a part of a thousandth begins, with a force that is many times what
// is natural for it: other parts begin at others.
var otherFractions = [...]float64{0.3, 0.7}

// advanceInTwo advances cur by h in two parts, of which the first is the fraction at of it.
func (s *Stepper) advanceInTwo(res *Result, cur State, u []float64, h, at float64, depth int) ipm.Result {
	first := s.advance(res, cur, u, at*h, depth+1)
	if first.Status != ipm.Solved {
		return first
	}
	return first.Join(s.advance(res, s.part.Clone(), u, h-at*h, depth+1).After(first))
}
