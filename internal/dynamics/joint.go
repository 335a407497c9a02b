package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
	"gonum.org/v1/gonum/num/quat"
)

// Forces of joints, as impulses over one step on their degrees of freedom. On a hinge or slider:
//
//	armature·(v⁺ − v⁻) + h·damping·v⁺ + h·stiffness·(¼q₃ + ½q₂ + ¼q₁ − rest)
//	  + h·(kp (q₃ − target) + kd v⁺) − h·τ − (limits, dry friction, saturated servo)
//
// The spring is that of the variational midpoint rule: no damping of its own and stable at any step.
// Damper and servo are implicit. Spherical joints use the same laws on rotation vectors e(Q) = 2δ₀δ⃗
// (sin θ about the axis), the gradient of the potential 2‖δ⃗‖².

// coordinate returns the coordinate of scalar dof i after a time h from knot 2 at velocity v.
func (s *Stepper) coordinate(i int, v, h float64) float64 {
	q := s.q[s.m.QIndex[i]]
	if s.angular(i) {
		return q + 2*math.Atan(h/2*v)
	}
	return q + h*v
}

// position returns coordinate of scalar dof i at knot 3.
func (s *Stepper) position(i int) float64 { return s.coordinate(i, s.vNext[i], s.h) }

// before returns coordinate of scalar dof i at knot 1.
func (s *Stepper) before(i int) float64 { return s.coordinate(i, s.v[i], -s.hPast) }

// rateOf returns ∂v⁺/∂q₃ of scalar dof i.
func (s *Stepper) rateOf(i int) float64 {
	if s.angular(i) {
		xi := s.h / 2 * s.vNext[i]
		return rate(xi, 1/s.h)
	}
	return 1 / s.h
}

// servoGain is the gain that turns a servo's error into a velocity: any positive number would do.
func servoGain(d *Dof, h float64) float64 { return d.Kp*h + d.Kd }

func vec3(v []float64) spatial.Vec { return spatial.Vec{X: v[0], Y: v[1], Z: v[2]} }

func addTo(v []float64, k float64, a spatial.Vec) {
	v[0] += k * a.X
	v[1] += k * a.Y
	v[2] += k * a.Z
}

// ballPose returns the quaternion of the spherical joint with first dof i after the Gibbs vector k·v in
// body axes.
func (s *Stepper) ballPose(i int, k float64, v []float64) spatial.Quat {
	x := spatial.Scale(k, vec3(v[i:]))
	return quat.Mul(getQuat(s.q[s.m.QIndex[i]:]), spatial.GibbsQuat(x))
}

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

// ballRate adds k·∂v/∂θ = (k/h)(I + [ξ]× + ξξᵀ) of the spherical joint with first dof i to m.
func (s *Stepper) ballRate(m *spatial.Mat3, k float64, i int) {
	x := spatial.Scale(s.h/2, vec3(s.vNext[i:]))
	k /= s.h
	m[0] += k * (1 + x.X*x.X)
	m[1] += k * (x.X*x.Y - x.Z)
	m[2] += k * (x.X*x.Z + x.Y)
	m[3] += k * (x.X*x.Y + x.Z)
	m[4] += k * (1 + x.Y*x.Y)
	m[5] += k * (x.Y*x.Z - x.X)
	m[6] += k * (x.X*x.Z - x.Y)
	m[7] += k * (x.Y*x.Z + x.X)
	m[8] += k * (1 + x.Z*x.Z)
}

// target returns the rotation from the servo target of the spherical joint to Q.
func (s *Stepper) fromTarget(i int, q spatial.Quat) spatial.Quat {
	in := s.m.Dofs[i].Input
	return quat.Mul(quat.Conj(spatial.RotationVector(vec3(s.u[in:]))), q)
}

// jointForces adds the forces above, except those of complementarity blocks, to s.rj.
func (s *Stepper) jointForces(tr *Tree) {
	h := s.h
	for i := tr.V0; i < tr.V1; i++ {
		d := &s.m.Dofs[i]
		if d.inert() {
			continue
		}
		r := (d.Armature+h*d.Damping)*s.vNext[i] - d.Armature*s.v[i]
		if d.Drive == Torque {
			r -= h * math.Max(-d.Effort, math.Min(d.Effort, s.u[d.Input]))
		}
		if d.Stiffness != 0 || d.Drive == Servo {
			if s.balls[i] {
				s.ballForces(i)
			} else {
				q := s.position(i)
				if d.Stiffness != 0 {
					r += h * d.Stiffness * (q/4 + s.q[s.m.QIndex[i]]/2 + s.before(i)/4 - d.Rest)
				}
				if d.Drive == Servo && math.IsInf(d.Effort, 1) {
					r += h * (d.Kp*(q-s.u[d.Input]) + d.Kd*s.vNext[i])
				}
			}
		}
		s.rj[i] += r
	}
}

// inert reports whether the dof has no forces of its own.
func (d *Dof) inert() bool {
	return d.Damping == 0 && d.Stiffness == 0 && d.Armature == 0 && d.Drive == Passive
}

// ballForces adds spring and servo of a spherical joint; called for each of its dofs, it acts on the first.
func (s *Stepper) ballForces(i int) {
	d := &s.m.Dofs[i]
	if b := &s.m.Bodies[d.Body]; i != b.V+b.NT {
		return
	}
	h := s.h
	q3 := s.ballPose(i, h/2, s.vNext)
	if d.Stiffness != 0 {
		e := spatial.AddScaled(bend(q3), 2, bend(s.ballPose(i, 0, s.v)))
		e = spatial.Add(e, bend(s.ballPose(i, -s.hPast/2, s.v)))
		addTo(s.rj[i:], h*d.Stiffness/4, e)
	}
	if d.Drive == Servo && math.IsInf(d.Effort, 1) {
		addTo(s.rj[i:], h*d.Kp, bend(s.fromTarget(i, q3)))
		addTo(s.rj[i:], h*d.Kd, vec3(s.vNext[i:]))
	}
}

// jointJac stores the derivatives of jointForces with respect to the tangent at knot 3 in s.dj and the
// balls of s.block.
func (s *Stepper) jointJac(tr *Tree) {
	h := s.h
	for i := tr.V0; i < tr.V1; i++ {
		d := &s.m.Dofs[i]
		s.dj[i] = 0
		if s.balls[i] {
			s.ballJac(i)
			continue
		}
		if d.inert() {
			continue
		}
		c := d.Armature + h*d.Damping
		k := h * d.Stiffness / 4
		if d.Drive == Servo && math.IsInf(d.Effort, 1) {
			c += h * d.Kd
			k += h * d.Kp
		}
		s.dj[i] = c*s.rateOf(i) + k
	}
}

func (s *Stepper) ballJac(i int) {
	d := &s.m.Dofs[i]
	if b := &s.m.Bodies[d.Body]; i != b.V+b.NT {
		return
	}
	h, m := s.h, &s.block[d.Body].ball
	*m = spatial.Mat3{}
	if d.inert() {
		return
	}
	c := d.Armature + h*d.Damping
	q3 := s.ballPose(i, h/2, s.vNext)
	if d.Stiffness != 0 {
		bendJac(m, h*d.Stiffness/4, q3)
	}
	if d.Drive == Servo && math.IsInf(d.Effort, 1) {
		c += h * d.Kd
		bendJac(m, h*d.Kp, s.fromTarget(i, q3))
	}
	s.ballRate(m, c, i)
}

// jointValue returns the value of a joint's complementarity block at knot 3.
func (s *Stepper) jointValue(r *row) spatial.Vec {
	u := s.jointAt(r, s.vNext, s.h)
	u.X += r.ease
	return u
}

// jointPast returns the value that the block had at the end of the step before: at knot 2, with the velocity
// before it.
func (s *Stepper) jointPast(r *row) spatial.Vec { return s.jointAt(r, s.v, 0) }

// jointAt returns the value of a joint's block after a time h from knot 2 at velocities v.
func (s *Stepper) jointAt(r *row, v []float64, h float64) (u spatial.Vec) {
	i := r.dof
	d := &s.m.Dofs[i]
	switch r.kind {
	case rowLower:
		u.X = s.coordinate(i, v[i], h) - d.Lower
	case rowUpper:
		u.X = d.Upper - s.coordinate(i, v[i], h)
	case rowCone:
		u.X = math.Abs(s.ballPose(i, h/2, v).Real) - math.Cos(d.Upper/2)
	case rowFriction:
		u.X = v[i]
	case rowGrease:
		u = vec3(v[i:])
	case rowServo:
		u.X = (d.Kp*(s.coordinate(i, v[i], h)-s.u[d.Input]) + d.Kd*v[i]) / servoGain(d, s.h)
	case rowGimbal:
		e := bend(s.fromTarget(i, s.ballPose(i, h/2, v)))
		u = spatial.AddScaled(spatial.Scale(d.Kp, e), d.Kd, vec3(v[i:]))
		u = spatial.Scale(1/servoGain(d, s.h), u)
	}
	return u
}

// ease returns how far beyond its limit the joint of r may still be at the end of the step, see detect.go.
func (s *Stepper) ease(r *row) float64 {
	d := &s.m.Dofs[r.dof]
	depth, reach := 0.0, s.h*d.Speed
	switch r.kind {
	default:
		return 0
	case rowLower:
		depth = d.Lower - s.q[s.m.QIndex[r.dof]]
	case rowUpper:
		depth = s.q[s.m.QIndex[r.dof]] - d.Upper
	case rowCone:
		depth = math.Cos(d.Upper/2) - math.Abs(s.q[s.m.QIndex[r.dof]])
		reach /= 2 // the value is a cosine of half the angle
	}
	return max(0, depth-reach)
}

// coneNormal returns the derivative of |Q₀| with respect to a rotation in body axes.
func coneNormal(q spatial.Quat) spatial.Vec {
	k := -0.5
	if q.Real < 0 {
		k = 0.5
	}
	return spatial.Scale(k, spatial.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag})
}

// jointImpulse subtracts what the multiplier l does to the joint from the generalized residual.
func (s *Stepper) jointImpulse(res []float64, r *row, l spatial.Vec) {
	i := r.dof
	switch r.kind {
	case rowUpper:
		res[i] += l.X
	case rowCone: // direction of the force at knot 2, as for every constraint
		addTo(res[i:], -l.X, coneNormal(s.ballPose(i, 0, s.v)))
	case rowGrease, rowGimbal:
		addTo(res[i:], -1, l)
	default:
		res[i] -= l.X
	}
}

// scalarRow and ballRow are derivatives of a block's value, on one dof and on a spherical joint.
func (s *Stepper) scalarRow(r *row) float64 {
	i := r.dof
	d := &s.m.Dofs[i]
	switch r.kind {
	case rowUpper:
		return -1
	case rowFriction:
		return s.rateOf(i)
	case rowServo:
		return (d.Kp + d.Kd*s.rateOf(i)) / servoGain(d, s.h)
	}
	return 1
}

func (s *Stepper) ballRow(m *spatial.Mat3, r *row) {
	i := r.dof
	d := &s.m.Dofs[i]
	*m = spatial.Mat3{}
	switch r.kind {
	case rowGrease:
		s.ballRate(m, 1, i)
	case rowGimbal:
		g := servoGain(d, s.h)
		bendJac(m, d.Kp/g, s.fromTarget(i, s.ballPose(i, s.h/2, s.vNext)))
		s.ballRate(m, d.Kd/g, i)
	}
}

// jointRowJac adds Nᵀ W J of a joint's block to the joint terms of the matrix.
func (s *Stepper) jointRowJac(r *row, w *ipm.Matrix) {
	i := r.dof
	switch r.kind {
	case rowCone:
		n, j := coneNormal(s.ballPose(i, 0, s.v)), coneNormal(s.ballPose(i, s.h/2, s.vNext))
		m := &s.block[s.m.Dofs[i].Body].ball
		for a, x := range [3]float64{n.X, n.Y, n.Z} {
			m[3*a] += w[0] * x * j.X
			m[3*a+1] += w[0] * x * j.Y
			m[3*a+2] += w[0] * x * j.Z
		}
	case rowGrease, rowGimbal:
		var j, wj spatial.Mat3
		s.ballRow(&j, r)
		wj.Mul((*spatial.Mat3)(w), &j)
		m := &s.block[s.m.Dofs[i].Body].ball
		for k := range m {
			m[k] += wj[k]
		}
	case rowUpper:
		r.slope = -1
		s.dj[i] += w[0]
	default:
		r.slope = s.scalarRow(r)
		s.dj[i] += w[0] * r.slope
	}
}

// jointChange returns the change of a joint's block value for the last dq.
func (s *Stepper) jointChange(r *row) (du spatial.Vec) {
	i := r.dof
	switch r.kind {
	case rowCone:
		du.X = spatial.Dot(coneNormal(s.ballPose(i, s.h/2, s.vNext)), vec3(s.dq[i:]))
	case rowGrease, rowGimbal:
		var j spatial.Mat3
		s.ballRow(&j, r)
		du = j.MulVec(vec3(s.dq[i:]))
	default:
		du.X = r.slope * s.dq[i]
	}
	return du
}

// velocityChange maps a tangent vector at knot 3 to the change of v⁺.
func (s *Stepper) velocityChange(tr *Tree, dv, dq []float64) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		for k := b.V; k < b.V+b.NT; k++ {
			dv[k] = dq[k] / s.h
		}
		switch r := b.V + b.NT; b.NR {
		case 3:
			x := spatial.Scale(s.h/2, vec3(s.vNext[r:]))
			d := spatial.Scale(1/s.h, cayley(x, vec3(dq[r:])))
			dv[r], dv[r+1], dv[r+2] = d.X, d.Y, d.Z
		default:
			for k := r; k < r+b.NR; k++ {
				xi := s.h / 2 * s.vNext[k]
				dv[k] = rate(xi, 1/s.h) * dq[k]
			}
		}
	}
}
