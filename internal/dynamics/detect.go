package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/gap"
)

// A step that starts in penetration, or beyond a joint limit, need not leave it at once: that would take a
// speed of depth/h. It leaves at the natural speed √(gℓ) of the mechanism (√(g/ℓ) on an angle). That is still a hop, and what
// moves the mechanism out is no physics, so it shall not become velocity: the step is solved twice. The first solve has the
// configuration, gaps and slides; the second, in which nothing has to leave ([Stepper.Hold]), has the velocity and the forces.

// Deep reports whether the step just solved began so.
func (s *Stepper) Deep() bool {
	for _, p := range s.islands {
		if p.deep() {
			return true
		}
	}
	return false
}

// deep reports whether the step at hand begins beyond a side, deeper than one that was solved with room may have ended.
func (p *problem) deep() bool { return p.deeper(p.s.shallow) }

// deeper is deep, from the given depths on.
func (p *problem) deeper(shallow func(*row) float64) bool {
	for k := range p.rows {
		if r := &p.rows[k]; p.blocks[k].Past.X < 0 && r.side() && p.blocks[k].Past.X < -shallow(r) && p.blocks[k].Compliance == 0 {
			return true
		}
	}
	for k := p.shut; k < len(p.rows); k++ {
		if p.s.closureOf(&p.rows[k]).open {
			return true
		}
	}
	return false
}

// grazing is how deep what touches may begin a step without being deep, as part of what the natural speed covers in it. Which
// features of two colliders touch changes from step to step, and the new ones may be a little deep; where they were kept apart by a second
// solve, bodies would move without momentum.
const grazing = 0.01

// shallow returns the depth up to which the step does not begin beyond r.
func (s *Stepper) shallow(r *row) float64 {
	if r.kind == rowMeet {
		return s.graze(s.meets[r.contact].pair)
	}
	return s.wide(r)
}

// wide is how deep a step that was solved with room may have ended.
func (s *Stepper) wide(r *row) float64 { return 2 * room * s.size(r) }

// graze is shallow for the contacts of a pair.
func (s *Stepper) graze(pair int) float64 {
	return grazing * s.h * math.Sqrt(s.m.GravityRef*s.m.Trees[s.m.treeOfPair(pair)].Length)
}

// Hold lets what the loaded state is beyond stay as deep as it is for the next solves, until a state is loaded.
func (s *Stepper) Hold() { s.held = true }

// leaving returns the speed at which what is beyond a bound has to leave it, free being that of the first solve.
func (s *Stepper) leaving(free float64) float64 {
	if s.held {
		return 0
	}
	return free
}

// touchLeaving returns leaving for the contacts of tree t.
func (s *Stepper) touchLeaving(t int) float64 {
	return s.leaving(math.Sqrt(s.m.GravityRef * s.m.Trees[t].Length))
}

// Which contacts take part in a step. Those that might be reached do; after the solve the others are
// checked at knot 3, and where one would penetrate the step is solved again with it.

// reach is how far beyond its own motion a contact is felt, in lengths of the mechanism: at least
// nearReach, and far enough that what is left out pushes with less than κ/softReach of the weight.
const (
	nearReach = 0.1
	softReach = 1e4
)

// detect finds the contacts and joint limits of tree p that take part in the coming step at the given κ
// and places the contacts. A margin that is positive replaces the reach (m).
func (s *Stepper) detect(p *part, kappa, margin float64) {
	m := s.m
	reach := max(nearReach, softReach*kappa)
	least := faintest * kappa
	if len(p.limits) > 0 {
		least *= s.units(p.t).KappaT
	}
	for n := range p.limits {
		p.limits[n].ease = s.limitEase(&p.limits[n])
		p.on[n] = !s.faint(&p.limits[n], least) && (math.IsInf(margin, 1) || s.nearLimit(&p.limits[n], reach, p.Length))
	}
	if margin <= 0 {
		margin = p.Length * reach
	}
	margin += m.GravityRef * s.h * s.h
	s.placeNear(p, margin)
}

// placeTouch places contact c for the step at hand.
func (s *Stepper) placeTouch(t *touch, c *Contact, world *gap.Frame, leave float64) {
	k := &s.knots[c.Body]
	at := gap.Frame{Pos: k.pos, Rot: &k.rot}
	t.Place(&c.Feature, &at, &s.walls[c.Plane], world, s.t1[c.Plane], s.t2[c.Plane])
	if t.Guided = s.hung[c.Body]; !t.special {
		t.Relax(leave)
		return
	}
	t.Belt = gap.NewBelt(s.runOf(c.Collider, &at), s.runOfPlane(c.Plane, world))
	if t.Mode == gap.Slide {
		s.relaxTouch(t, c, leave)
	}
}

// faintest is the bound of a friction or drive, as part of κ times the natural impulse, below which it takes no part in a
// step: its force is then less than 1e-14 κ of the weight, and so soft that the slack of its cone has no digits for its speed.
const faintest = 1e-7

// faint reports whether the bound of r is that small; least is such a one per mass and natural speed of the joint.
func (s *Stepper) faint(r *row, least float64) bool {
	d, most := &s.m.Dofs[r.dof], 0.0
	switch r.kind {
	case rowFriction:
		most = d.Friction
	case rowServo:
		most = d.Effort
	default:
		return false
	}
	return s.weight*most*d.Speed < least*d.Mass
}

// list fills the rows with what takes part.
func (p *problem) list() {
	p.rows = p.rows[:0]
	for _, tr := range p.parts {
		for n := range tr.limits {
			if tr.on[n] {
				p.rows = append(p.rows, tr.limits[n])
			}
		}
	}
	p.joints = len(p.rows)
	for _, tr := range p.parts {
		for _, i := range tr.near {
			if p.s.touches[i].on {
				r := p.row(rowTouch)
				r.contact, r.at = i, i
				if at := p.s.second[i]; at >= 0 {
					r = p.row(rowTouch)
					r.contact, r.at = i, at
				}
			}
		}
	}
	p.met = len(p.rows)
	p.listMeets()
	p.shut = len(p.rows)
	p.listLoops()
	p.pairRows()
	p.join()
}

// row appends a row of no joint, in its place: what was just written number by number is slow to copy.
func (p *problem) row(kind rowKind) *row {
	n := len(p.rows)
	p.rows = slices.Grow(p.rows, 1)[:n+1]
	r := &p.rows[n]
	*r = row{}
	r.kind, r.dof, r.contact = kind, -1, -1
	return r
}

// verify adds the contacts and limits that would be violated at knot 3 to those that take part, and
// reports whether there were none.
func (p *problem) verify() bool {
	s, m := p.s, p.s.m
	ok := true
	for _, tr := range p.parts {
		for n := range tr.limits {
			if r := &tr.limits[n]; !tr.on[n] && r.limits() && s.value(r).X <= 0 {
				tr.on[n], ok = true, false
			}
		}
		if tr.far {
			s.comeNear(tr)
		}
		for _, i := range tr.near {
			t := &s.touches[i]
			if t.on {
				continue
			}
			if gap, _, _ := t.Eval(&s.mo[m.Contacts[i].Body], 1/s.h); gap-t.Ease <= 0 {
				t.on, ok = true, false
			}
		}
	}
	if !ok {
		p.list()
	}
	return ok
}
