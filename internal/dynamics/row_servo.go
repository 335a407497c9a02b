package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Servos with an effort limit: |λ| ≤ w·effort with the compliance 1/(w g), g = kp h + kd. The value is the servo's error
// as a velocity,
//
//	u = (kp (q₃ − target) + kd v⁺)/g,
//
// so that below the bound λ is the impulse of the linear servo. On spherical joints the error is bend(target⁻¹ Q₃).
// Servos without a limit are linear forces of the joint, see force.go.

// bounded reports whether the dof has a servo whose effort is limited, and unbounded whether it has another.
func (d *Dof) bounded() bool   { return d.Drive == Servo && !math.IsInf(d.Effort, 1) }
func (d *Dof) unbounded() bool { return d.Drive == Servo && math.IsInf(d.Effort, 1) }

// servoGain is the gain that turns a servo's error into a velocity: any positive number would do.
func servoGain(d *Dof, h float64) float64 { return d.Kp*h + d.Kd }

func (s *Stepper) servoAt(r *row, v []float64, h float64) (u spatial.Vec) {
	d := &s.m.Dofs[r.dof]
	if !r.ball {
		u.X = (d.Kp*(s.coordinate(r.dof, v[r.dof], h)-s.u[d.Input]) + d.Kd*v[r.dof]) / servoGain(d, s.h)
		return u
	}
	e := bend(s.fromTarget(r.dof, s.ballPose(r.dof, v, h)))
	u = spatial.AddScaled(spatial.Scale(d.Kp, e), d.Kd, vec3(v[r.dof:]))
	return spatial.Scale(1/servoGain(d, s.h), u)
}

// servoError returns the error and the velocity at knot 3.
func (s *Stepper) servoError(r *row) (e, v spatial.Vec) {
	if r.ball {
		return bend(s.fromTarget(r.dof, s.ballPose(r.dof, s.vNext, s.h))), vec3(s.vNext[r.dof:])
	}
	return spatial.Vec{X: s.position(r.dof) - s.u[s.m.Dofs[r.dof].Input]}, spatial.Vec{X: s.vNext[r.dof]}
}

func (s *Stepper) describeServo(b *ipm.Block, r *row) {
	d := &s.m.Dofs[r.dof]
	b.Kind, b.ScaleT, b.Single = ipm.Bound, d.Speed, !r.ball
	b.Limit = s.weight * d.Effort
	b.Compliance = 1 / (s.weight * servoGain(d, s.h))
}

func (s *Stepper) servoSlope(r *row) float64 {
	d := &s.m.Dofs[r.dof]
	return (d.Kp + d.Kd/s.h) / servoGain(d, s.h)
}

func (s *Stepper) servoSlopes(r *row) slopes {
	d := &s.m.Dofs[r.dof]
	g := servoGain(d, s.h)
	return slopes{at2: -d.Kd / s.h / g, input: -d.Kp / g}
}

func (s *Stepper) ballServoSlope(j *spatial.Mat3, r *row) {
	d := &s.m.Dofs[r.dof]
	g := servoGain(d, s.h)
	bendJac(j, d.Kp/g, s.fromTarget(r.dof, s.ballPose(r.dof, s.vNext, s.h)))
	s.ballRate(j, d.Kd/g, r.dof)
}

func (s *Stepper) ballServoSlopes(at2, input *spatial.Mat3, r *row) {
	d := &s.m.Dofs[r.dof]
	g := servoGain(d, s.h)
	s.ballStartRate(at2, d.Kd/g, r.dof)
	s.targetJac(input, d.Kp/g, r.dof)
}

// servoByParam: with λ/(w g) of the compliance u is (kp e + kd v)/g + λ/(w g).
func (s *Stepper) servoByParam(kind ParamKind, r *row, lambda spatial.Vec) (direct, bool) {
	d, h, w := &s.m.Dofs[r.dof], s.h, s.weight
	g := servoGain(d, h)
	e, v := s.servoError(r)
	u := spatial.AddScaled(s.value(r), 1/(w*g), lambda)
	switch kind {
	case ParamEffort:
		return direct{law: ipm.Change{Limit: w}}, true
	case ParamKp:
		return direct{du: spatial.Scale(1/g, spatial.AddScaled(e, -h, u))}, true
	case ParamKd:
		return direct{du: spatial.Scale(1/g, spatial.AddScaled(v, -1, u))}, true
	}
	return direct{}, false
}

// servoByTime: d(1/g) = −kp dh/g², dv = −v dh/h, d(1/(w g)) = −dw/(w²g) − kp dh/(w g²).
func (s *Stepper) servoByTime(r *row, u, lambda spatial.Vec, t Lengths) direct {
	d, h, w := &s.m.Dofs[r.dof], s.h, s.weight
	g := servoGain(d, h)
	_, v := s.servoError(r)
	du := spatial.AddScaled(spatial.Scale(-d.Kp*t.Step/g, u), -d.Kd*t.Step/(g*h), v)
	du = spatial.AddScaled(du, -t.weight()/(w*w*g)-d.Kp*t.Step/(w*g*g), lambda)
	return direct{du, ipm.Change{Limit: t.weight() * d.Effort}}
}
