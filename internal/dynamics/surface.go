package dynamics

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// What surfaces of colliders do beyond sliding with friction, see contact.Surface.

// beltOf returns how fast the surface of collider i runs over its body, at knot 2 in world axes.
func (s *Stepper) beltOf(i int) (v spatial.Vec) {
	if u := s.m.Colliders[i].Surface.Velocity; u != v {
		v = s.inWorld(i, u)
	}
	return v
}

// inWorld returns a vector in axes of collider i in world axes at knot 2.
func (s *Stepper) inWorld(i int, v spatial.Vec) spatial.Vec {
	c := &s.m.Colliders[i]
	v = spatial.QuatRotate(c.Pose.Rot, v)
	if c.Body != World {
		v = s.knots[c.Body].rot.MulVec(v)
	}
	return v
}

// meetLawBy adds the effect of a property of collider A or B on the law of the meeting of row n, and reports whether par is one.
func (p *problem) meetLawBy(par Param, n int, ofA bool) bool {
	c, m := p.meetOf(n), p.s.m
	switch {
	case par.Kind == ParamFriction:
		mu := m.pairFrictionBy(c.pair, ofA)
		if m.Law == Pyramid {
			mu *= inscribed
		}
		p.addRow(n, spatial.Vec{}, p.solver.Shift(n, ipm.Change{Mu: mu}))
	case par.Kind == ParamSurface && par.Comp == surfaceRestitution:
		p.bounceBy(n, &c.bounce, m.pairRestitution(c.pair), m.pairRestitutionBy(c.pair, ofA))
	case par.Kind == ParamSurface && (par.Comp == surfaceStiffness || par.Comp == surfaceDamping):
		p.softBy(n, &c.soft, m.pairSoftBy(c.pair, ofA).of(par.Comp), c.Gap2)
	default:
		return false
	}
	return true
}

// unitOf returns unit vector k.
func unitOf(k int) (e spatial.Vec) {
	*axisOf(&e, k) = 1
	return e
}

// SurfaceParams is how many numbers describe the surface of a collider, of which a half-space has the first three: its velocity.
var SurfaceParams = contact.SurfaceParams

// SurfaceParam returns name and unit of number i.
func SurfaceParam(i int) (name, unit string) { return contact.SurfaceParam(i) }
