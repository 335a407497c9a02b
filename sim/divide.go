package sim

import (
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Part is one of those that a divided step consists of: from Start over the time H (s). A deep one is solved twice: as it
// starts inside the ground or beyond a limit, its configuration is that of a solve that moves it out, its velocity and forces
// are those of another from which nothing has to leave, so that the way out does not become velocity.
type Part struct {
	Start State
	H     float64
	Deep  bool
	// Effort tells the ways in which it was solved: with others a step that has several solutions may have another.
	Effort dynamics.Effort
	// ByStep and ByImpact are how H changes with the timestep and with the time of the impact by which Options.DivideImpacts divides the step.
	ByStep, ByImpact float64
}

// Parts returns what the last step was divided into, or all of it if that is deep; nothing if one solve did. It is valid until
// the next step.
func (s *Stepper) Parts() []Part { return s.parts }

// otherFractions is where a step is divided whose halves cannot be solved, as parts of it. What makes them fail is mostly an instant at which something
// touches as a part of a thousandth begins, with a force that is many times what is natural for it: other parts begin at others.
var otherFractions = [...]float64{0.3, 0.7}

// advanceInTwo advances cur by h in two parts, of which the first is the fraction at of it.
func (s *Stepper) advanceInTwo(res *Result, cur State, u []float64, h, at float64, depth int) ipm.Result {
	first := s.advance(res, cur, u, at*h, depth+1)
	if first.Status != ipm.Solved {
		return first
	}
	return first.Join(s.advance(res, s.part.Clone(), u, h-at*h, depth+1).After(first))
}
