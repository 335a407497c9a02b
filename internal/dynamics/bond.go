package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// bond is what the contacts of a pair of colliders have in common in the step at hand, found once for all of them.
type bond struct {
	pair, tree int
	turns      bool // whether contacts have a second meeting, which turns
	a, b       int  // bodies
	o, off     spatial.Vec
	fa, fb     gap.Frame // where they are about o
	belt       gap.Belt
	soft       soft
	bounce     float64 // restitution
	leave      float64 // how far what is deep comes out in the step
	mass       float64
	friction   float64
}

// bind finds that of pair i, whose colliders were just looked at.
func (s *Stepper) bind(i int) {
	m, x := s.m, &s.bond
	p := &m.Pairs[i]
	x.pair, x.tree, x.turns = i, m.treeOfPair(i), m.PairTurns(i)
	x.a, x.b = s.sides[0].Body, s.sides[1].Body
	x.o, x.off = s.originOf(x.a), spatial.Vec{}
	if x.b != World {
		x.off = spatial.Sub(s.originOf(x.b), x.o)
	}
	x.fa, x.fb = s.frameOf(x.a, x.o), s.frameOf(x.b, x.o)
	if x.belt = (gap.Belt{}); m.runs(p.A) || m.runs(p.B) {
		x.belt = gap.NewBelt(s.runOf(p.A, &x.fa), s.runOf(p.B, &x.fb))
	}
	x.soft, x.bounce = m.pairSoft(i), m.pairRestitution(i)
	x.leave = s.h * s.touchLeaving(x.tree)
	x.mass, x.friction = m.massOfPair(i), m.pairFriction(i)
}
