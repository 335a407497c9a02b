package sim

// Islands returns how many groups of mechanisms the last step solved apart from each other: contacts between shapes
// that are near, and loops, make one group of several mechanisms. Of a divided step it is that of its last part, before
// the first step the number of mechanisms.
func (s *Stepper) Islands() int { return s.dyn.Islands() }
