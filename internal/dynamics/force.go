package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Forces of joints, as impulses over one step on their degrees of freedom. On a hinge or slider:
//
//	armature·(v⁺ − v⁻) + h·damping·v⁺ + h·stiffness·(¼q₃ + ½q₂ + ¼q₁ − rest)
//	  + h·(kp (q₃ − target) + kd v⁺) − h·τ − (limits, dry friction, saturated servo: see row.go)
//
// The spring is that of the variational midpoint rule: no damping of its own and stable at any step.
// Damper and servo are implicit. Spherical joints obey the same laws in force_ball.go. Each law has the same verbs:
// force, its slope by knot 3, by the start of the step (q₂, v⁻, input), by a property, by the timestep.

// forced lists the degrees of freedom of a tree whose joints have forces of their own, and of spherical rotations the
// first one.
func (p *problem) forced() (dofs []int) {
	m := p.s.m
	for i := p.tr.First; i < p.tr.Last; i++ {
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

// jointForces stores the forces of the tree's joints in s.rj.
func (p *problem) jointForces() {
	s := p.s
	clear(s.rj[p.tr.V0:p.tr.V1])
	for _, k := range p.forces {
		if d := &s.m.Dofs[k]; s.balls[k] {
			s.ballForce(k)
		} else {
			s.rj[k] = s.axisForce(k, d)
		}
	}
}

// jointSlopes stores the derivatives of jointForces with respect to the tangent at knot 3.
func (p *problem) jointSlopes() {
	s := p.s
	clear(s.tree.D[p.tr.V0:p.tr.V1])
	for _, k := range p.forces {
		if d := &s.m.Dofs[k]; s.balls[k] {
			s.ballForceSlope(&s.tree.Ball[d.Body], k)
		} else {
			s.tree.D[k] = s.axisSlope(k, d)
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
	r := (d.Armature+s.h*d.Damping)*s.vNext[i] - d.Armature*s.v[i]
	if d.Drive == Torque {
		f, _ := s.torque(i)
		r -= s.h * f
	}
	return r
}

// stretch returns how far the spring of dof i is from its rest, over the three knots.
func (s *Stepper) stretch(i int) float64 {
	return s.position(i)/4 + s.q[s.m.QIndex[i]]/2 + s.before(i)/4 - s.m.Dofs[i].Rest
}

func (s *Stepper) axisForce(i int, d *Dof) float64 {
	r := s.rotor(i, d)
	if d.Stiffness != 0 {
		r += s.h * d.Stiffness * s.stretch(i)
	}
	if d.unbounded() {
		r += s.h * (d.Kp*(s.position(i)-s.u[d.Input]) + d.Kd*s.vNext[i])
	}
	return r
}

// axisGains returns the factors of v⁺ and q₃ in the force.
func (s *Stepper) axisGains(d *Dof) (c, k float64) {
	c, k = d.Armature+s.h*d.Damping, s.h*d.Stiffness/4
	if d.unbounded() {
		c += s.h * d.Kd
		k += s.h * d.Kp
	}
	return c, k
}

func (s *Stepper) axisSlope(i int, d *Dof) float64 {
	c, k := s.axisGains(d)
	return c*s.rateOf(i) + k
}

// axisStart stores the derivatives of the force by q₂ and v⁻ at fixed q₃, and by the input.
func (s *Stepper) axisStart(l *linear, i int) {
	d := &s.m.Dofs[i]
	c, _ := s.axisGains(d)
	k := s.h * d.Stiffness / 4
	l.jq[i] = -c*s.rateOf(i) + 3*k
	l.jv[i] = -d.Armature + k*s.beforeRate(i)
	l.ju[i] = 0
	if d.unbounded() {
		l.ju[i] = -s.h * d.Kp
	}
	if _, follows := s.torque(i); follows {
		l.ju[i] = -s.h
	}
}

// axisByParam adds to s.tree.RHS the derivative of the force by a property of dof i. Those of a spherical joint belong to all
// its axes, and it has its own springs and servos.
func (s *Stepper) axisByParam(kind ParamKind, i int) {
	d, h := &s.m.Dofs[i], s.h
	switch kind {
	case ParamStiffness:
		s.tree.RHS[i] += h * s.stretch(i)
	case ParamRest:
		s.tree.RHS[i] -= h * d.Stiffness
	case ParamKp:
		if d.unbounded() {
			s.tree.RHS[i] += h * (s.position(i) - s.u[d.Input])
		}
	default:
		s.rotorByParam(kind, i)
	}
}

func (s *Stepper) rotorByParam(kind ParamKind, i int) {
	d, h := &s.m.Dofs[i], s.h
	switch kind {
	case ParamDamping:
		s.tree.RHS[i] += h * s.vNext[i]
	case ParamArmature:
		s.tree.RHS[i] += s.vNext[i] - s.v[i]
	case ParamKd:
		if d.unbounded() {
			s.tree.RHS[i] += h * s.vNext[i]
		}
	case ParamEffort:
		if d.Drive == Torque && math.Abs(s.u[d.Input]) > d.Effort {
			s.tree.RHS[i] -= math.Copysign(h, s.u[d.Input])
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

// forcesByTimestep adds ∂/∂h of the joints' own forces at fixed configurations at knots 2 and 3 to s.tree.RHS. What a spring
// feels of knot 1 came with pushState; tied is 1 when v⁻ belongs to an interval of the same h.
func (s *Stepper) forcesByTimestep(tr *Tree, tied float64) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		for k := b.V; k < b.V+b.scalars(); k++ {
			d := &s.m.Dofs[k]
			s.tree.RHS[k] += s.rotorByTimestep(k, d, tied)
			if d.Stiffness != 0 {
				s.tree.RHS[k] += d.Stiffness * s.stretch(k)
			}
			if d.unbounded() {
				s.tree.RHS[k] += d.Kp * (s.position(k) - s.u[d.Input])
			}
		}
		if k := b.ball(); k >= 0 {
			s.ballByTimestep(k, tied)
		}
	}
}

// rotorByTimestep: armature·(v⁺ − v⁻) + h·damping·v⁺ with dv⁺ = −v⁺/h; v⁻ is fixed, but pushState took dv = v/h.
func (s *Stepper) rotorByTimestep(i int, d *Dof, tied float64) float64 {
	f, _ := s.torque(i)
	return -d.Armature*s.vNext[i]/s.h + tied*d.Armature*s.v[i]/s.h - f
}

func vec3(v []float64) spatial.Vec { return spatial.Vec{X: v[0], Y: v[1], Z: v[2]} }

func addTo(v []float64, k float64, a spatial.Vec) {
	v[0] += k * a.X
	v[1] += k * a.Y
	v[2] += k * a.Z
}
