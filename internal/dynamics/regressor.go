package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// The regressor: the limit of Inverse for short intervals is linear in the ten inertial parameters of each body
// (Atkeson, An, Hollerbach, "Estimation of inertial parameters of manipulator loads and links", IJRR 5(3), 1986). A finite step
// is so but for terms of second order in the angle that a body turns, because its kinetic energy is that of the center of mass
// and of the turn, see docs/theory.md, section 2.

// Regressor stores in y (NV rows of 10·bodies) the force on each degree of freedom per unit of each inertial parameter, for the
// loaded state, which is one at an instant, and the acceleration a = dv/dt.
func (s *Stepper) Regressor(y, a []float64) {
	m := s.m
	n := 10 * len(m.Bodies)
	clear(y[:m.NV*n])
	s.accelerate(a)
	for i := range m.Bodies {
		for c, w := range s.unitWrenches(i) {
			for k := i; k != World; k = m.Bodies[k].Parent {
				b := &m.Bodies[k]
				for j := b.V; j < b.V+b.NV(); j++ {
					y[j*n+10*i+c] = s.tree.Screw2[j].Power(&w)
				}
			}
		}
	}
	for i := range m.Mimics {
		c := &m.Mimics[i]
		for k := range n {
			y[c.Of*n+k] += s.slope2(c) * y[c.Dof*n+k]
			y[c.Dof*n+k] = 0
		}
	}
}

// InverseAt stores in tau the limit of Inverse for short intervals: the force that makes the loaded state, which is one at an
// instant, accelerate by a. y is the scratch and the result of Regressor.
func (s *Stepper) InverseAt(tau, y, a []float64) {
	s.Regressor(y, a)
	copy(s.vNext, s.v)
	m := s.m
	n := 10 * len(m.Bodies)
	for i := len(m.Bodies) - 1; i >= 0; i-- {
		e := s.ext[i]
		s.tree.Bias[i] = spatial.Wrench{Force: spatial.Scale(-1, e.Force), Torque: spatial.Scale(-1, spatial.Add(e.Torque, spatial.Cross(s.knots[i].r2, e.Force)))}
	}
	for i := len(m.Bodies) - 1; i >= 0; i-- {
		s.project(tau, i, s.tree.Bias)
	}
	for j := range m.Dofs {
		tau[j] += s.jointForceAt(j, a[j])
	}
	s.foldMimics(tau)
	for i := range m.Bodies {
		pi := m.Bodies[i].Inertial()
		for j := range tau {
			for c := range pi {
				tau[j] += y[j*n+10*i+c] * pi[c]
			}
		}
	}
}

// jointForceAt returns what armature, damper, spring and dry friction of degree of freedom j ask for.
func (s *Stepper) jointForceAt(j int, a float64) float64 {
	d := &s.m.Dofs[j]
	f := d.Armature*a + d.Damping*s.v[j] + d.Friction*s.SlideSign(j)
	switch {
	case d.Stiffness == 0:
	case s.balls[j]:
		r := s.m.Bodies[d.Body].ball()
		e := bend(s.ballPose(r, s.v, 0))
		f += d.Stiffness * [3]float64{e.X, e.Y, e.Z}[j-r]
	default:
		f += d.Stiffness * (s.q[s.m.QIndex[j]] - d.Rest)
	}
	return f
}

// accelerate stores the accelerations of the bodies in s.tree.Twist: the rates of change of their twists about O, gravity
// taken off. The screw of a coordinate is carried along by what comes before it, but not by the axes of its own spherical
// rotation.
func (s *Stepper) accelerate(a []float64) {
	for i := range s.m.Bodies {
		b := &s.m.Bodies[i]
		above, t := s.above(i), spatial.Twist{Lin: spatial.Scale(-1, s.m.Gravity)}
		if b.Parent != World {
			t = s.tree.Twist[b.Parent]
		}
		for j := b.V; j < b.V+b.NV(); j++ {
			x := &s.tree.Screw2[j]
			turn := above.Cross(x)
			addTwist(&t, a[j], x)
			addTwist(&t, s.v[j], &turn)
			if r := b.ball(); r < 0 || j < r {
				addTwist(&above, s.v[j], x)
			}
		}
		s.tree.Twist[i] = t
	}
}

// unitWrenches returns the wrench about O that body i needs per unit of each of its inertial parameters. With x its frame
// origin and d = dv/dt − g there, both in body axes,
//
//	force  = m d + (α× + ω×ω×) mc,     torque about x = mc × d + I α + ω × I ω
func (s *Stepper) unitWrenches(i int) (w [10]spatial.Wrench) {
	k, v, a := &s.knots[i], &s.rates[i], &s.tree.Twist[i]
	d := spatial.Add(spatial.Add(a.Lin, spatial.Cross(a.Ang, k.pos)), spatial.Cross(v.Ang, spatial.Add(v.Lin, spatial.Cross(v.Ang, k.pos))))
	d, al, om := k.rot.TMulVec(d), k.rot.TMulVec(a.Ang), k.rot.TMulVec(v.Ang)
	w[0].Force = d
	for c, e := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		w[1+c] = spatial.Wrench{Force: spatial.Add(spatial.Cross(al, e), spatial.Cross(om, spatial.Cross(om, e))), Torque: spatial.Cross(e, d)}
	}
	for c, e := range [6]spatial.Sym3{{XX: 1}, {XY: 1}, {YY: 1}, {XZ: 1}, {YZ: 1}, {ZZ: 1}} {
		w[4+c].Torque = spatial.Add(e.MulVec(al), spatial.Cross(om, e.MulVec(om)))
	}
	for c := range w {
		f := k.rot.MulVec(w[c].Force)
		w[c] = spatial.Wrench{Force: f, Torque: spatial.Add(k.rot.MulVec(w[c].Torque), spatial.Cross(k.pos, f))}
	}
	return w
}
