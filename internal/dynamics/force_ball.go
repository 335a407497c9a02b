package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
)

// Forces of spherical rotations: the laws of force.go on rotation vectors e(Q) = 2δ₀δ⃗, sin θ about the axis, the gradient
// of the potential 2‖δ⃗‖². The first of the three dofs has the properties.

// bend returns e(Q) = 2δ₀δ⃗ for the rotation δ.
func bend(d spatial.Quat) spatial.Vec {
	return spatial.Scale(2*d.Real, spatial.Vec{X: d.Imag, Y: d.Jmag, Z: d.Kmag})
}

// bendJac stores ∂e/∂θ = δ₀² I + δ₀[δ⃗]× − δ⃗δ⃗ᵀ, θ in body axes, times k, added to m.
func bendJac(m *spatial.Mat3, k float64, d spatial.Quat) {
	a, x, y, z := d.Real, d.Imag, d.Jmag, d.Kmag
	m[0] += k * (a*a - x*x)
	m[1] += k * (-a*z - x*y)
	m[2] += k * (a*y - x*z)
	m[3] += k * (a*z - x*y)
	m[4] += k * (a*a - y*y)
	m[5] += k * (-a*x - y*z)
	m[6] += k * (-a*y - x*z)
	m[7] += k * (a*x - y*z)
	m[8] += k * (a*a - z*z)
}

// fromTarget returns the rotation from the servo target of the spherical joint to Q.
func (s *Stepper) fromTarget(i int, q spatial.Quat) spatial.Quat {
	in := s.m.Dofs[i].Input
	return quat.Mul(quat.Conj(spatial.RotationVector(vec3(s.u[in:]))), q)
}

// ballStretch is stretch with (e₃ + e₂)/2 and (e₂ + e₁)/2 for the bends in the middles.
func (s *Stepper) ballStretch(i int) spatial.Vec {
	after, before := s.ballMiddles(i)
	return spatial.AddScaled(spatial.Scale(s.h/2, after), s.before/2, before)
}

// ballMiddles returns the bends in the middles of both intervals.
func (s *Stepper) ballMiddles(i int) (after, before spatial.Vec) {
	e := bend(s.ballPose(i, s.v, 0))
	after = spatial.Scale(0.5, spatial.Add(e, bend(s.ballPose(i, s.vNext, s.h))))
	return after, spatial.Scale(0.5, spatial.Add(e, bend(s.ballPose(i, s.v, -s.before))))
}

// ballForce adds the forces of the spherical joint with first dof i to s.rj.
func (s *Stepper) ballForce(i int) {
	d := &s.m.Dofs[i]
	if d.Stiffness != 0 {
		addTo(s.rj[i:], d.Stiffness, s.ballStretch(i))
	}
	if d.unbounded() {
		addTo(s.rj[i:], s.weight*d.Kp, bend(s.fromTarget(i, s.ballPose(i, s.vNext, s.h))))
		addTo(s.rj[i:], s.weight*d.Kd, vec3(s.vNext[i:]))
	}
	for k := i; k < i+3; k++ {
		s.rj[k] += s.rotor(k, &s.m.Dofs[k])
	}
}

// ballForceSlope stores the derivative of the forces by θ₃.
func (s *Stepper) ballForceSlope(m *spatial.Mat3, i int) {
	d, h := &s.m.Dofs[i], s.h
	*m = spatial.Mat3{}
	if d.inert() {
		return
	}
	c, _ := s.axisGains(d)
	q3 := s.ballPose(i, s.vNext, h)
	if d.Stiffness != 0 {
		bendJac(m, h*d.Stiffness/4, q3)
	}
	if d.unbounded() {
		bendJac(m, s.weight*d.Kp, s.fromTarget(i, q3))
	}
	s.ballRate(m, c, i)
}

// ballStart stores the derivatives of the forces by θ₂ and v⁻ at fixed θ₃, and by the target.
func (s *Stepper) ballStart(l *linear, i int) {
	d := &s.m.Dofs[i]
	q, v, u := &l.ballQ[d.Body], &l.ballV[d.Body], &l.ballU[d.Body]
	*q, *v, *u = spatial.Mat3{}, spatial.Mat3{}, spatial.Mat3{}
	for k := i; k < i+3; k++ {
		l.jq[k], l.jv[k], l.ju[k] = 0, 0, 0
		if _, follows := s.torque(k); follows {
			l.ju[k] = -s.weight
		}
	}
	if d.unbounded() {
		s.targetJac(u, s.weight*d.Kp, i)
	}
	c, _ := s.axisGains(d)
	s.ballStartRate(q, c, i)
	v[0], v[4], v[8] = -d.Armature, -d.Armature, -d.Armature
	if d.Stiffness == 0 {
		return
	}
	bendJac(q, (s.h+s.before)*d.Stiffness/4, s.ballPose(i, s.v, 0))
	var e, byQ, byV, r spatial.Mat3
	bendJac(&e, s.before*d.Stiffness/4, s.ballPose(i, s.v, -s.before))
	s.ballPast(&byQ, &byV, i)
	r.Mul(&e, &byQ)
	addMat(q, &r)
	r.Mul(&e, &byV)
	addMat(v, &r)
}

// targetJac adds k ∂e/∂(target) to m, e the bend from the target given as a rotation vector.
func (s *Stepper) targetJac(m *spatial.Mat3, k float64, i int) {
	in := s.m.Dofs[i].Input
	d := s.fromTarget(i, s.ballPose(i, s.vNext, s.h))
	// δ = T*Q, T → T exp(J dv/2) with J the right Jacobian of the exponential: δ → exp(−J dv/2) δ, a left
	// perturbation, which is a right one by −Rot(δ)ᵀ J dv
	var e, r, j, a, out spatial.Mat3
	bendJac(&e, -k, d)
	r.Set(d)
	spatial.RightJac(&j, vec3(s.u[in:]))
	a.TMul(&r, &j)
	out.Mul(&e, &a)
	addMat(m, &out)
}

// ballByParam adds to s.tree.RHS the derivative of the forces by a property of the joint with first dof i.
func (s *Stepper) ballByParam(kind ParamKind, i int) {
	d := &s.m.Dofs[i]
	switch {
	case kind == ParamStiffness:
		addTo(s.tree.RHS[i:], 1, s.ballStretch(i))
	case kind == ParamKp && d.unbounded():
		addTo(s.tree.RHS[i:], s.weight, bend(s.fromTarget(i, s.ballPose(i, s.vNext, s.h))))
	default:
		for k := i; k < i+3; k++ {
			s.rotorByParam(kind, k)
		}
	}
}

// ballByTime is forcesByTime for the joint with first dof i.
func (s *Stepper) ballByTime(i int, t Lengths) {
	d := &s.m.Dofs[i]
	if d.Stiffness != 0 {
		after, before := s.ballMiddles(i)
		addTo(s.tree.RHS[i:], d.Stiffness/2*t.Step, after)
		addTo(s.tree.RHS[i:], d.Stiffness/2*t.Before, before)
	}
	if d.unbounded() {
		addTo(s.tree.RHS[i:], t.weight()*d.Kp, bend(s.fromTarget(i, s.ballPose(i, s.vNext, s.h))))
	}
	for k := i; k < i+3; k++ {
		s.tree.RHS[k] += s.rotorByTime(k, &s.m.Dofs[k], t)
	}
}

func addMat(m, a *spatial.Mat3) {
	for i := range m {
		m[i] += a[i]
	}
}

func skew(v spatial.Vec) spatial.Mat3 {
	return spatial.Mat3{0, -v.Z, v.Y, v.Z, 0, -v.X, -v.Y, v.X, 0}
}
