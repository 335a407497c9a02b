package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Inverse dynamics of a step: the balance of momentum at knot 2 with the velocity after it known, solved for the force that
// acts for the weight of the step. Contacts, limits and whatever drives the joints are in that force; what joints do by
// themselves (damper, spring, armature, dry friction of a moving joint) is not.

// Inverse stores in tau (NV) the force on each degree of freedom that makes the loaded state go on with the velocity vNext.
// The model's drives must be passive and its inputs zero. It reports false when a body would turn by half a turn.
func (s *Stepper) Inverse(tau, vNext []float64) bool {
	copy(s.vNext, vNext)
	s.separate()
	for _, p := range s.islands {
		if !s.interval(s.mo, p.parts[0].Tree, s.vNext, s.h) {
			return false
		}
		p.bodyResidual()
		p.jointForces()
		for i := p.parts[0].V0; i < p.parts[0].V1; i++ {
			s.rj[i] += s.weight * s.m.Dofs[i].Friction * s.SlideSign(i)
		}
		p.norm()
	}
	for i := range tau {
		tau[i] = s.res[i] / s.weight
	}
	s.foldMimics(tau)
	return true
}

// InverseColumn stores in col (NV) the derivative of the force of the last Inverse by p: an inertial parameter, or the
// damping, armature or dry friction of one degree of freedom.
func (s *Stepper) InverseColumn(col []float64, p Param) {
	clear(s.tree.Bias)
	clear(s.tree.RHS)
	switch p.Kind {
	case ParamInertia:
		var e [10]float64
		e[p.Comp] = 1
		s.islands[s.m.Bodies[p.Index].Tree].perturbInertia(p.Index, &e)
	case ParamDry:
		s.tree.RHS[p.Index] = s.weight * s.SlideSign(p.Index)
	default:
		s.rotorByParam(p.Kind, p.Index)
	}
	for i := len(s.m.Bodies) - 1; i >= 0; i-- {
		s.project(col, i, s.tree.Bias)
	}
	for i := range col {
		col[i] = (col[i] + s.tree.RHS[i]) / s.weight
	}
	s.foldMimics(col)
}

// project stores the powers of the wrench on body i, which holds that of all bodies that hang on it, and hands it on to the
// parent. Bodies come children first.
func (s *Stepper) project(dst []float64, i int, w []spatial.Wrench) {
	b := &s.m.Bodies[i]
	for j := b.V; j < b.V+b.NV(); j++ {
		dst[j] = s.tree.Screw2[j].Power(&w[i])
	}
	if b.Parent != World {
		q := &w[b.Parent]
		q.Force, q.Torque = spatial.Add(q.Force, w[i].Force), spatial.Add(q.Torque, w[i].Torque)
	}
}

// SlideSign returns the sign of v⁺ of degree of freedom i, of a spherical rotation its component of the direction, 0 at rest.
func (s *Stepper) SlideSign(i int) float64 {
	v := s.vNext[i]
	switch {
	case v == 0:
		return 0
	case s.balls[i]:
		return v / spatial.Norm(vec3(s.vNext[s.m.Bodies[s.m.Dofs[i].Body].ball():]))
	case v < 0:
		return -1
	}
	return 1
}

// foldMimics moves the force on a follower to what it follows: what drives the leader carries both.
func (s *Stepper) foldMimics(tau []float64) {
	for i := range s.m.Mimics {
		c := &s.m.Mimics[i]
		tau[c.Of] += s.slope2(c) * tau[c.Dof]
		tau[c.Dof] = 0
	}
}
