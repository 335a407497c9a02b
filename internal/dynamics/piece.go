package dynamics

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Piece is a part of a body, or of the world: what hangs on a joint that was welded when the model was built.
type Piece struct {
	Body      int          // or World
	Whole     bool         // it is all of the body: its joint's impulse is the body's, and nothing else here is said
	Mass      float64      // kg
	COM       spatial.Vec  // center of mass in body axes (m)
	Inertia   spatial.Sym3 // about the center of mass, body axes (kg m²)
	Colliders []int        // that are on it
	Children  []int        // bodies whose joints are on it
	LoopsA    []int        // loops whose side A is on it
	LoopsB    []int        // and side B
	Thrusters []int        // that push it
}

// PieceImpulse returns the impulse that the rest of the body, or the world, transmitted to a piece in the step just
// solved: what its balance of momentum needs beside gravity, contacts, loops, thrusters and the joints that hang on it.
// Its momenta are those of a body of its own: theirs and those of the rest add up to the body's but for terms of second
// order in the angle that it turns. World axes, about the world point o. External wrenches are none of a piece's.
func (s *Stepper) PieceImpulse(p *Piece, o spatial.Vec) (w spatial.Wrench) {
	add := func(x spatial.Wrench, at spatial.Vec, sign float64) { // x about the point at
		w.Force = spatial.AddScaled(w.Force, sign, x.Force)
		w.Torque = spatial.AddScaled(w.Torque, sign, spatial.Add(x.Torque, spatial.Cross(spatial.Sub(at, o), x.Force)))
	}
	own := spatial.Vec{}
	if p.Body != World {
		own = s.originOf(p.Body)
	}
	add(s.pieceMomentum(p), own, 1)
	for _, i := range p.Thrusters {
		add(s.thrust(i), own, -1)
	}
	for _, i := range p.Children {
		add(s.sums[i], s.originOf(i), 1)
	}
	for _, q := range s.islands {
		for n := range q.rows {
			var x spatial.Wrench
			switch r, l := &q.rows[n], q.solver.Lambda[n]; r.kind {
			case rowTouch:
				if c := &s.m.Contacts[r.contact]; slices.Contains(p.Colliders, c.Collider) {
					t, b := s.touchOf(r)
					addWrench(&x, &t.Wrenches, l, 1)
					add(x, s.originOf(b), -1)
				}
			case rowMeet:
				c := &s.meets[r.contact]
				addWrench(&x, &c.Wrenches, l, 1) // about the origin of A's tree, that on B its opposite
				pair := &s.m.Pairs[c.pair]
				if slices.Contains(p.Colliders, pair.A) {
					add(x, s.originOf(c.a), -1)
				}
				if slices.Contains(p.Colliders, pair.B) {
					add(x, s.originOf(c.a), 1)
				}
			case rowEqual:
				c := s.closureOf(r)
				addWrench(&x, &c.na, l, 1)
				if slices.Contains(p.LoopsA, c.loop) {
					add(x, s.originOf(c.a), -1)
				}
				if slices.Contains(p.LoopsB, c.loop) {
					add(x, s.originOf(c.a), 1)
				}
			}
		}
	}
	return w
}

// pieceMomentum returns what a piece's momentum changes by beside gravity's impulse, about the origin of its body's tree, or the world's.
func (s *Stepper) pieceMomentum(p *Piece) (w spatial.Wrench) {
	weight := spatial.Scale(-s.weight*p.Mass, s.m.Gravity)
	if p.Body == World {
		return spatial.Wrench{Force: weight, Torque: spatial.Cross(p.COM, weight)}
	}
	k, mo, past := &s.knots[p.Body], &s.mo[p.Body], &s.past[p.Body]
	arm := k.rot.MulVec(p.COM)
	r := spatial.Add(k.pos, arm)
	var j spatial.Sym3
	j.Conjugate(&k.rot, &p.Inertia)
	momenta := func(mo *spatial.Motion, invH float64) (lin, ang spatial.Vec) {
		return spatial.Scale(p.Mass*invH, spatial.Add(mo.Dx, mo.Displace(arm))), mo.Momentum(&j, 2*invH)
	}
	lin, ang := momenta(mo, 1/s.h)
	if s.instant {
		t := &s.rates[p.Body]
		lin = spatial.AddScaled(lin, -p.Mass, spatial.Add(t.Lin, spatial.Cross(t.Ang, r)))
		ang = spatial.Sub(ang, j.MulVec(t.Ang))
	} else {
		x, y := momenta(past, 1/s.hPast) // minus them, backward
		lin, ang = spatial.Add(lin, x), spatial.Add(ang, y)
	}
	w.Force = spatial.Add(lin, weight)
	w.Torque = spatial.Add(ang, spatial.Cross(r, w.Force))
	return w
}

// BodyImpulse returns the impulse that the joint of body i transmitted to it in the step just solved, world axes, about the world point o.
func (s *Stepper) BodyImpulse(i int, o spatial.Vec) spatial.Wrench {
	w := s.sums[i]
	w.Torque = spatial.Add(w.Torque, spatial.Cross(spatial.Sub(s.originOf(i), o), w.Force))
	return w
}

// Knot returns the world pose of body i where the step at hand began.
func (s *Stepper) Knot(i int) spatial.Pose {
	if i == World {
		return spatial.IdentityPose
	}
	return s.world[i]
}
