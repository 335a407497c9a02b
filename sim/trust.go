package sim

// Which solved steps are taken: an implicit step has several solutions, and some gain energy from nowhere.

// wildGain is the part of a mechanism's kinetic energy by which it may grow in a step without any work. Whole steps that
// gain more are divided, for want of a better solution a last one is taken up to bearableGain; beyond that the step fails.
const (
	wildGain     = 0.02
	bearableGain = 0.2
)

// kickedDepth is how often a step is divided because what touches each other gained more than kickedGain of its energy. What is gained beyond is taken, up to mostKick.
const (
	kickedDepth = 9
	kickedGain  = 0.05
	mostKick    = 10
)

// trusted reports whether a solved step is one that needs no closer look.
func (s *Stepper) trusted(depth int) bool {
	fast, _ := s.dyn.Fast()
	return fast < 0 && !s.wild(wildGain) && (depth >= kickedDepth || !s.dyn.Blind() && !s.kicked(kickedGain))
}

// wild reports whether the step just solved gained energy from nowhere, by more than the given part of its kinetic energy.
func (s *Stepper) wild(gain float64) bool { return s.dyn.Wild(gain, s.scale()) }

// kicked is wild for bodies that touch each other.
func (s *Stepper) kicked(gain float64) bool { return s.dyn.Kicked(gain, s.scale()) }
