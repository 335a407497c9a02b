package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// The impulse of what rolls on a face acts where knot 3 wants it, so that Newton's matrix and all derivatives gain how
// its torque changes with that.

// armOf returns how the point of the impulse of what rolls moves as A turns against B at knot 3; of other meetings it
// stays. A's torque changes by dc × force, B's by the opposite.
func (s *Stepper) armOf(c *meet) (d spatial.Mat3) {
	if c.Rolls() {
		c.PointRows(&d, s.motionOf(c.a), s.motionOf(c.b))
	}
	return d
}

// armTorque returns by how much the torque on A changes as the bodies turn at knot 3.
func (s *Stepper) armTorque(c *meet, t []spatial.Twist) spatial.Vec {
	if !c.Rolls() {
		return spatial.Vec{}
	}
	w, d := t[c.a].Ang, s.armOf(c)
	if c.b != World {
		w = spatial.Sub(w, t[c.b].Ang)
	}
	return spatial.Cross(d.MulVec(w), c.Force(c.lambda))
}

// swing adds to balances what they feel of that by the twists in s.tree, and swingBack the transpose: what cotangents z
// of the balances leave on the twists at knot 3.
func (s *Stepper) swing(dst []spatial.Wrench, c *meet) {
	if c.Rolls() {
		c.addTurn(dst, spatial.Scale(-1, s.armTorque(c, s.tree.Twist)))
	}
}

func (s *Stepper) swingBack(dst []spatial.Wrench, c *meet, z []spatial.Twist) {
	if !c.Rolls() {
		return
	}
	w, d := z[c.a].Ang, s.armOf(c)
	if c.b != World {
		w = spatial.Sub(w, z[c.b].Ang)
	}
	c.addTurn(dst, spatial.Scale(-1, d.TMulVec(spatial.Cross(c.Force(c.lambda), w))))
}

// addTurn adds a torque on A and its opposite on B.
func (c *meet) addTurn(dst []spatial.Wrench, t spatial.Vec) {
	dst[c.a].Torque = spatial.Add(dst[c.a].Torque, t)
	if c.b != World {
		dst[c.b].Torque = spatial.Sub(dst[c.b].Torque, t)
	}
}
