package sim

// Which solved steps are taken: an implicit step has several solutions, and some gain energy from nowhere.

// wildGain is the part of a mechanism's kinetic energy by which it may grow in a step without any work. Whole steps that
// gain more are divided, for want of a better solution a last one is taken up to bearableGain; beyond that the step fails.
const (
	wildGain     = 0.02
	bearableGain = 0.2
)

// partGain is that part of what undriven springs hold while steps are divided: in a part of one and in the whole step
// after it, for the share of the timestep that the shorter of both intervals is. Whole steps of a symplectic rule pay
// back what they gain. Where some of a swing is divided and some is not, nobody does, and 2 % of every part pumped: a
// link 30 cm off its hinge at hω = 4, wound by 0.3 rad, to 3.3 times its energy, and one of 3 rad without bound.
// Rejected: 0.2 % of whole steps too, for it divides what would return, and of the energy at hω = 1 a third was left.
const partGain = 0.001

// Steps in which what touches gained more than kickedGain of its energy are divided. Of parts the share is less with
// every halving, down to leastKick, so that together they gain hardly more. Parts blind to what is in each other are
// divided to kickedDepth at most. Where no parts can be solved, a whole step is taken that gains up to mostKick.
const (
	kickedGain  = 0.04
	leastKick   = 0.01
	kickedDepth = 9
	mostKick    = 10
)

// trusted reports whether a solved step is one that needs no closer look.
func (s *Stepper) trusted(depth int) bool {
	fast, _ := s.dyn.Fast()
	return fast < 0 && !s.wild(wildGain, s.sprungGain()) && (depth >= kickedDepth || !s.dyn.Blind()) && !s.kicked(kickedShare(depth))
}

// kickedShare is the gain that a part of a step at that depth may have: all parts together gain little more than a whole one may.
func kickedShare(depth int) float64 { return max(kickedGain/float64(int(1)<<depth), leastKick) }

// bearable reports whether a solved step is taken where no parts of it are better.
func (s *Stepper) bearable(depth int) bool {
	most := kickedShare(depth)
	if depth == 0 {
		most = mostKick
	}
	return !s.wild(bearableGain, bearableGain) && !s.kicked(most)
}

// sprungGain is wildGain for what undriven springs hold.
func (s *Stepper) sprungGain() float64 {
	if share := s.dyn.Share(); share < 1 {
		return partGain * share
	}
	return wildGain
}

// wild reports whether the step just solved gained energy from nowhere, by more than the given part of its kinetic
// energy, or the other one of what springs hold.
func (s *Stepper) wild(gain, sprung float64) bool { return s.dyn.Wild(gain, sprung, s.scale()) }

// kicked is wild for bodies that touch each other.
func (s *Stepper) kicked(gain float64) bool { return s.dyn.Kicked(gain, s.scale()) }

// hopelessTurn is the turn of a joint (rad) that arrives so fast that a part of a step will not be trusted: it hardly
// slows down from that to the turn up to which steps are true. Half of the iterations of a mechanism that whirls went
// into such parts. At 2 rad a tenth of them would have been taken.
const hopelessTurn = 2.5

// hopeless reports whether a part of a step is divided without a look. Whole steps are looked at: the next one begins
// with what they end with.
func (s *Stepper) hopeless(cur State, h float64, depth int) bool {
	return depth > 0 && depth < s.opt.MaxHalvings && s.m.dyn.Arriving(cur.V, h) > hopelessTurn
}
