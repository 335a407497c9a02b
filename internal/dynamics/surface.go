package dynamics

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
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

// unitOf returns unit vector k.
func unitOf(k int) (e spatial.Vec) {
	*axisOf(&e, k) = 1
	return e
}

// SurfaceParams is how many numbers describe the surface of a collider, of which a half-space has the first three: its velocity.
var SurfaceParams = contact.SurfaceParams

// SurfaceParam returns name and unit of number i.
func SurfaceParam(i int) (name, unit string) { return contact.SurfaceParam(i) }
