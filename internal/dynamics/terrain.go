package dynamics

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
)

// Terrain is a collider of the world, the B of its pairs.

func (c *Collider) isTerrain() bool { return c.Shape.Kind == contact.KindTerrain }

// radius returns that of the ball around a collider, with the walls of ground that is deep.
func (c *Collider) radius() float64 {
	if c.isTerrain() {
		return c.Shape.Terrain.Ground().Extent
	}
	return c.Shape.Extent()
}

// IsOnTerrain reports whether one of the colliders of a pair is terrain.
func (m *Model) IsOnTerrain(pair int) bool {
	p := &m.Pairs[pair]
	return m.Colliders[p.A].isTerrain() || m.Colliders[p.B].isTerrain()
}

// onTerrain reports whether the B of a pair is terrain.
func (m *Model) onTerrain(pair int) bool { return m.Colliders[m.Pairs[pair].B].isTerrain() }

// onSheet reports whether the B of a pair is terrain with a rim. A corner beside that is nearest to the rim, and to no
// face: it faces nothing where the step begins.
func (m *Model) onSheet(pair int) bool {
	return m.onTerrain(pair) && !m.Colliders[m.Pairs[pair].B].Shape.Terrain.Ground().Solid
}

// SinksThrough reports whether what pair i moves may fall through a sheet because it is soft: let go where it touches
// with one point, the mass m at the spring k sinks in by 2 m g/k, and what has its middle behind a sheet is behind it.
func (m *Model) SinksThrough(i int) (sinks, middle float64, ok bool) {
	k := m.pairSoft(i).k
	if k == 0 || !m.onSheet(i) {
		return 0, 0, false
	}
	a := &m.Colliders[m.Pairs[i].A]
	sinks, middle = 2*a.Mass*m.GravityRef/k, collide.InnerRadius(&a.Shape, a.hull)
	return sinks, middle, sinks > middle
}

// look tells collider a of a pair where the step begins: terrain is seen from there.
func (s *Stepper) look(p *Pair, a, b *collide.Collider) {
	if b.Shape.Kind == contact.KindTerrain {
		begin := *a
		s.m.collider(&begin, p.A, s.world)
		a.Seen = begin.Middle()
	}
}

// missed is how deep features of a pair that only face each other at knot 3 may be there without taking part. On
// terrain there is little to lose by looking again: what is found is the one face that a foot has come over, not
// another corner of the same polygon. Between shapes it is a part of what may begin a step: with all of that 11 of 31
// 100 steps of landings ended deeper than 1e-6 m, up to 8e-5, now 2, up to 7e-6.
func (s *Stepper) missed(pair int) float64 {
	if s.m.onTerrain(pair) {
		return 1e-6 * s.graze(pair)
	}
	return 0.05 * s.graze(pair)
}
