package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Forces of joints, as impulses over one step on their degrees of freedom. On a hinge or slider:
//
//	armature·(v⁺ − v⁻) + w·damping·v⁺ + stiffness·(h/2 (½q₃ + ½q₂ − rest) + H/2 (½q₂ + ½q₁ − rest))
//	  + w·(kp (q₃ − target) + kd v⁺) − w·τ − (limits, dry friction, saturated servo: see row.go)
//
// H is the interval before the knot, h the one after it, and w = (H + h)/2 the time for which forces at the knot act
// (Störmer–Verlet for unequal intervals; Hairer, Lubich, Wanner, "Geometric Numerical Integration", 2006, section I.1). The
// spring is that of the variational midpoint rule, each interval acting with its own middle: no damping of its own and
// stable at any step, where w times the mean of three knots feeds energy. Damper and servo are implicit. Spherical joints obey
// the same laws in force_ball.go. Each law has the same verbs: force, its slope by knot 3, by the start of the step (q₂, v⁻,
// input), by a property, by the lengths of both intervals.

// forced lists the degrees of freedom of a tree whose joints have forces of their own, and of spherical rotations the
// first one.
func (m *Model) forced(tr *Tree) (dofs []int) {
	for i := tr.First; i < tr.Last; i++ {
		b := &m.Bodies[i]
		for k := b.V; k < b.V+b.scalars(); k++ {
			if !m.Dofs[k].inert() {
				dofs = append(dofs, k)
			}
		}
		if k := b.ball(); k >= 0 && !(m.bare(i) && m.Dofs[k].inert()) {
			dofs = append(dofs, k)
		}
	}
	return dofs
}

// resolved is the part of the largest impulse of a stiff joint's spring, servo or damper (that of a radian, a meter or the
// natural speed) that can be told from rounding and from the tolerance. With 1e-6 the last Newton steps sit in rounding.
const resolved = 1e-3

// measureMomenta finds the momenta in which residuals are measured: the natural ones. Where a joint is so stiff that
// rounding of its position is an impulse which no step can mend, they are part of those of its stiffness: what is left then
// moves it by 1e-12.
func (s *Stepper) measureMomenta() {
	for i := range s.m.Dofs {
		d := &s.m.Dofs[i]
		c, k := s.axisGains(d)
		s.perMomentum[i] = 1 / max(d.Scale*d.Speed, resolved*((c-d.Armature)*d.Speed+k))
	}
}

// jointForces stores the forces of the joints in s.rj.
func (p *problem) jointForces() {
	s := p.s
	for _, tr := range p.parts {
		clear(s.rj[tr.V0:tr.V1])
		for _, k := range tr.forces {
			if d := &s.m.Dofs[k]; s.balls[k] {
				s.ballForce(k)
			} else {
				s.rj[k] = s.axisForce(k, d)
			}
		}
	}
}

// jointSlopes stores the derivatives of jointForces with respect to the tangent at knot 3.
func (p *problem) jointSlopes() {
	s := p.s
	for _, tr := range p.parts {
		clear(s.tree.D[tr.V0:tr.V1])
		for _, k := range tr.forces {
			if d := &s.m.Dofs[k]; s.balls[k] {
				s.ballForceSlope(&s.tree.Ball[d.Body], k)
			} else {
				s.tree.D[k] = s.axisSlope(k, d)
			}
		}
	}
}

// inert reports whether the dof has no forces of its own.
func (d *Dof) inert() bool {
	return d.Damping == 0 && d.Stiffness == 0 && d.Armature == 0 && d.Drive == Passive
}

// torque returns the force of the torque input of dof i, which its effort limit clamps, and whether it follows the input.
func (s *Stepper) torque(i int) (f float64, follows bool) {
	d := &s.m.Dofs[i]
	if d.Drive != Torque {
		return 0, false
	}
	u := s.u[d.Input]
	return max(-d.Effort, min(d.Effort, u)), math.Abs(u) < d.Effort
}

// rotor returns what armature, damper and torque input do to dof i.
func (s *Stepper) rotor(i int, d *Dof) float64 {
	r := (d.Armature+s.weight*d.Damping)*s.vNext[i] - d.Armature*s.v[i]
	if d.Drive == Torque {
		f, _ := s.torque(i)
		r -= s.weight * f
	}
	return r
}

// stretch returns how far the spring of dof i is from its rest in the middles of both intervals, times half their lengths.
func (s *Stepper) stretch(i int) float64 {
	q, rest := s.q[s.m.QIndex[i]], s.m.Dofs[i].Rest
	return s.h/2*((q+s.position(i))/2-rest) + s.before/2*((q+s.behind(i))/2-rest)
}

func (s *Stepper) axisForce(i int, d *Dof) float64 {
	r := s.rotor(i, d)
	if d.Stiffness != 0 {
		r += d.Stiffness * s.stretch(i)
	}
	if d.unbounded() {
		r += s.weight * (d.Kp*(s.position(i)-s.u[d.Input]) + d.Kd*s.vNext[i])
	}
	return r
}

// axisGains returns the factors of v⁺ and q₃ in the force.
func (s *Stepper) axisGains(d *Dof) (c, k float64) {
	c, k = d.Armature+s.weight*d.Damping, s.h*d.Stiffness/4
	if d.unbounded() {
		c += s.weight * d.Kd
		k += s.weight * d.Kp
	}
	return c, k
}

func (s *Stepper) axisSlope(i int, d *Dof) float64 {
	c, k := s.axisGains(d)
	return c/s.h + k
}

// axisStart stores the derivatives of the force by q₂ and v⁻ at fixed q₃, and by the input.
func (s *Stepper) axisStart(l *linear, i int) {
	d := &s.m.Dofs[i]
	c, _ := s.axisGains(d)
	l.jq[i] = -c/s.h + (s.h+2*s.before)*d.Stiffness/4
	l.jv[i] = -d.Armature - s.before*s.before*d.Stiffness/4
	l.ju[i] = 0
	if d.unbounded() {
		l.ju[i] = -s.weight * d.Kp
	}
	if _, follows := s.torque(i); follows {
		l.ju[i] = -s.weight
	}
}

// axisByParam adds to s.tree.RHS the derivative of the force by a property of dof i. Those of a spherical joint belong to all
// its axes, and it has its own springs and servos.
func (s *Stepper) axisByParam(kind ParamKind, i int) {
	d := &s.m.Dofs[i]
	switch kind {
	case ParamStiffness:
		s.tree.RHS[i] += s.stretch(i)
	case ParamRest:
		s.tree.RHS[i] -= s.weight * d.Stiffness
	case ParamKp:
		if d.unbounded() {
			s.tree.RHS[i] += s.weight * (s.position(i) - s.u[d.Input])
		}
	default:
		s.rotorByParam(kind, i)
	}
}

func (s *Stepper) rotorByParam(kind ParamKind, i int) {
	d, w := &s.m.Dofs[i], s.weight
	switch kind {
	case ParamDamping:
		s.tree.RHS[i] += w * s.vNext[i]
	case ParamArmature:
		s.tree.RHS[i] += s.vNext[i] - s.v[i]
	case ParamKd:
		if d.unbounded() {
			s.tree.RHS[i] += w * s.vNext[i]
		}
	case ParamEffort:
		if d.Drive == Torque && math.Abs(s.u[d.Input]) > d.Effort {
			s.tree.RHS[i] -= math.Copysign(w, s.u[d.Input])
		}
	}
}

// jointByParam adds to s.tree.RHS the derivative of the joint's own forces by a property of dof i.
func (s *Stepper) jointByParam(kind ParamKind, i int) {
	if !s.m.Ball(i) {
		s.axisByParam(kind, i)
		return
	}
	s.ballByParam(kind, i)
}

// forcesByTime adds to s.tree.RHS the change of the joints' own forces as h and H grow at the rates t, at fixed
// configurations at all knots: v⁺ and v⁻ fall as they do.
func (s *Stepper) forcesByTime(tr *Tree, t Lengths) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		for k := b.V; k < b.V+b.scalars(); k++ {
			d := &s.m.Dofs[k]
			s.tree.RHS[k] += s.rotorByTime(k, d, t)
			if d.Stiffness != 0 {
				q := s.q[s.m.QIndex[k]]
				s.tree.RHS[k] += d.Stiffness / 2 * (t.Step*((q+s.position(k))/2-d.Rest) + t.Before*((q+s.behind(k))/2-d.Rest))
			}
			if d.unbounded() {
				s.tree.RHS[k] += t.weight() * d.Kp * (s.position(k) - s.u[d.Input])
			}
		}
		if k := b.ball(); k >= 0 {
			s.ballByTime(k, t)
		}
	}
}

// rotorByTime is forcesByTime for the terms in the velocities and the torque of dof i.
func (s *Stepper) rotorByTime(i int, d *Dof, t Lengths) float64 {
	f, _ := s.torque(i)
	damping := d.Damping
	if d.unbounded() {
		damping += d.Kd
	}
	r := (t.weight()*damping-(d.Armature+s.weight*damping)*t.Step/s.h)*s.vNext[i] - t.weight()*f
	if !s.instant {
		r += d.Armature * s.v[i] * t.Before / s.before
	}
	return r
}

func vec3(v []float64) spatial.Vec { return spatial.Vec{X: v[0], Y: v[1], Z: v[2]} }

func addTo(v []float64, k float64, a spatial.Vec) {
	v[0] += k * a.X
	v[1] += k * a.Y
	v[2] += k * a.Z
}
