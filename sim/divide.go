package sim

import "github.com/ukemi-sim/ukemi/ipm"

// elsewhere is where a step is divided whose halves cannot be solved, as parts of it. What makes them fail is mostly an instant at which something
// touches as a part of a thousandth begins, with a force that is many times what is natural for it: other parts begin at others.
var elsewhere = [...]float64{0.3, 0.7}

// parted advances cur by h in two parts, of which the first is the fraction at of it.
func (s *Stepper) parted(res *Result, cur State, u []float64, h, at float64, depth int) ipm.Result {
	first := s.advance(res, cur, u, at*h, depth+1)
	if first.Status != ipm.Solved {
		return first
	}
	return first.Join(s.advance(res, s.part.Clone(), u, h-at*h, depth+1).After(first))
}
