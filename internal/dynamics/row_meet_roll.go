package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// The impulse of what rolls on a face acts where knot 3 wants it, so that Newton's matrix and all derivatives gain how its torque changes with that.

// armOf returns how the point of the impulse of what rolls moves as A turns against B at knot 3; of other meetings it stays. A's torque changes by
// dc × force, B's by the opposite.
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

// liftArm is armTorque transposed: what the joints' sums leave on the turns at knot 3.
func (p *problem) liftArm(c *meet) {
	if !c.Rolls() {
		return
	}
	s := p.s
	l, d := &s.lin.lift, s.armOf(c)
	w := l.sum[c.a].Ang
	if c.b != World {
		w = spatial.Sub(w, l.sum[c.b].Ang)
	}
	y := d.TMulVec(spatial.Cross(c.Force(c.lambda), w))
	l.at3[c.a].Torque = spatial.Sub(l.at3[c.a].Torque, y)
	if c.b != World {
		l.at3[c.b].Torque = spatial.Add(l.at3[c.b].Torque, y)
	}
}
