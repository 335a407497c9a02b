package dynamics

import "math"

// Constraints that leave a single position have no interior, and no central path: a slot exactly as wide as the body, a
// follower whose limit is where its leader's is. Iterates then push both sides ever harder while nothing moves. Such a
// step is solved again with a little room on all sides (exclude.go tells what leaves no position at all). And what
// begins the step deep may keep of that what does not come out.

const (
	// room is how far gaps and limits give way where constraints have no interior, in sizes of the mechanism or radians.
	room = 1e-9
	// roomPolished is what is tried before for a polished step, which may just have begun with closed gaps.
	roomPolished = 1e-12
)

// hair is how deep a contact of what joints alone hold may begin a step and remain, as part of what the natural speed
// covers in a whole one.
const hair = 0.1

// remain lets contacts that begin the step below zero stay as deep as they are, with the room of the gap at which they
// would rest, and reports whether there are any: all where the way out is one that friction alone bars; where something
// is so deep that it comes out over several steps those of all that is free to part, for the way out of one body may
// lead into another, and some wait until others have made way; and those a hair deep of bodies in the hands of joints,
// which friction may hold whatever the force, or of all that leans as other contacts guide it. (Shapes that no joint
// can part are an error.) What is a little deep otherwise has to come out at once, or a body that is too thick for its
// slot would be put up with.
func (p *problem) remain(deep, leans, grooved bool) (any bool) {
	s := p.s
	for i := range p.rows {
		r := &p.rows[i]
		depth, _, guided := s.buried(r)
		if depth > 0 && (deep && !guided || grooved || (leans || guided) && depth <= hair*s.m.Timestep*math.Sqrt(s.m.GravityRef*s.m.Trees[s.treeOf(r)].Length)) {
			s.relax(r, p.kappa*s.size(r))
			any = true
		}
	}
	return any
}

// sunk reports whether a contact of what is free to part begins the step so deep that it comes out over several.
func (p *problem) sunk() bool {
	for i := range p.rows {
		if depth, ease, guided := p.s.buried(&p.rows[i]); depth > 0 && ease > 0 && !guided {
			return true
		}
	}
	return false
}

// buried returns how deep the contact of r begins the step if it has to come out, else 0, how much of that it may keep,
// and whether joints alone hold what touches.
func (s *Stepper) buried(r *row) (depth, ease float64, guided bool) {
	gap, soft := 0.0, false
	switch r.kind {
	case rowTouch:
		t := &s.touches[r.at]
		gap, ease, guided, soft = t.Gap2, t.Ease, s.hung[s.m.Contacts[r.contact].Body], t.soft.k > 0
	case rowMeet:
		c := &s.meets[r.contact]
		gap, ease, guided, soft = c.Gap2, c.Ease, s.guided[c.pair], c.soft.k > 0
	}
	if soft || r.turns() || gap+ease >= 0 {
		return 0, 0, false
	}
	return -gap, ease, guided
}

// crammed is the least part of the room that a contact is left that remains: what presses it with up to as many times
// the natural force as that is of one sinks no deeper in the steps to come.
const crammed = 1.0 / 64

// relax lets the contact of r be as deep as it begins the step, rounded up to multiples of the room, so that it is as
// deep in the next step: with some room more in each it sank at the speed κ√(gℓ), as what sticks creeps, and without an
// end.
func (s *Stepper) relax(r *row, room float64) {
	if r.kind == rowTouch {
		t := &s.touches[r.at]
		t.Ease, t.Follow = room*math.Ceil(crammed-t.Gap2/room), 0
		return
	}
	c := &s.meets[r.contact]
	c.Ease, c.Follow = room*math.Ceil(crammed-c.Gap2/room), 0
}

// roomOf returns the room of r.
func (p *problem) roomOf(r *row) float64 {
	if !r.side() {
		return 0
	}
	return p.room * p.s.size(r)
}

// size returns the natural size of the gap of r, that of the mechanism or a radian: as the limit of a ball joint
// measures it, |Q₀| − cos(upper/2).
func (s *Stepper) size(r *row) float64 {
	switch {
	case r.kind == rowCone:
		return 0.5 * math.Sin(s.m.Dofs[r.dof].Upper/2)
	case !r.onJoint() || !s.angular(r.dof):
		return s.m.Trees[s.treeOf(r)].Length
	}
	return 1
}

// treeOf returns the tree whose sizes are those of r.
func (s *Stepper) treeOf(r *row) int {
	switch r.kind {
	case rowTouch:
		return s.m.Bodies[s.m.Contacts[r.contact].Body].Tree
	case rowMeet:
		return s.meets[r.contact].tree
	case rowEqual:
		return s.m.treeOfLoop(&s.m.Loops[s.closureOf(r).loop])
	}
	return s.m.Bodies[s.m.Dofs[r.dof].Body].Tree
}
