package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// A step that starts in penetration, or beyond a joint limit, need not leave it at once: that would take a
// speed of depth/h. It leaves at the natural speed √(gℓ) of the mechanism (√(g/ℓ) on an angle).

// Which contacts take part in a step. Those that might be reached do; after the solve the others are
// checked at knot 3, and where one would penetrate the step is solved again with it.

// reach is how far beyond its own motion a contact is felt, in lengths of the mechanism: at least
// nearReach, and far enough that what is left out pushes with less than κ/softReach of the weight.
const (
	nearReach = 0.1
	softReach = 1e4
)

// detect lists the contacts of the tree that take part in the coming step at the given κ and places them.
// A margin that is positive replaces the reach (m).
func (p *problem) detect(kappa, margin float64) {
	s, m := p.s, p.s.m
	if margin <= 0 {
		margin = p.tr.Length * math.Max(nearReach, softReach*kappa)
	}
	margin += m.GravityRef * s.h * s.h
	p.rows = p.rows[:p.joints]
	for _, i := range p.contacts {
		c := &m.Contacts[i]
		k, t := &s.knots[c.Body], &s.touches[i]
		c.Feature.Place(t, &m.Planes[c.Plane], s.t1[c.Plane], s.t2[c.Plane], k.pos, &k.rot, s.o[p.t])
		t.Relax(s.h * math.Sqrt(m.GravityRef*p.tr.Length))
		mo := &s.past[c.Body]
		moved := spatial.Norm(spatial.Add(mo.dx, spatial.Displace(mo.w, spatial.Add(t.Arm, t.Reach))))
		s.active[i] = t.Gap2 <= margin+2*moved
		if s.active[i] {
			p.rows = append(p.rows, row{kind: rowContact, dof: -1, contact: i})
		}
	}
}

// verify adds the contacts that would penetrate at knot 3 to those that take part, and reports whether
// there were none.
func (p *problem) verify() bool {
	s, m := p.s, p.s.m
	ok := true
	for _, i := range p.contacts {
		if s.active[i] {
			continue
		}
		mo := &s.mo[m.Contacts[i].Body]
		if gap, _, _ := s.touches[i].Eval(mo.w, mo.dx, 1/s.h); gap-s.touches[i].Ease <= 0 {
			s.active[i], ok = true, false
			p.rows = append(p.rows, row{kind: rowContact, dof: -1, contact: i})
		}
	}
	return ok
}
