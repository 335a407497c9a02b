package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// A row is what one complementarity block of the solver means: something on a contact or on a joint. What a kind of
// row is stands in its own file; here are the verbs that all kinds share, each a table over the closed set:
//
//	value, pastValue      value of the block at knot 3, and at the end of the step before
//	describe              law, bounds and sizes of the block
//	slopes                derivatives of the value by knots 3 and 2 and by the input, direction of the multiplier
//	byParam, byTime       direct changes of value and law
//
// On joints everything else follows from these, in this file and in row_joint.go; contacts do it in row_touch.go, loops in row_equal.go.

// rowKind is the kind of a row.
type rowKind uint8

const (
	rowTouch    rowKind = iota // contact
	rowLower                   // joint limit from below
	rowUpper                   // joint limit from above
	rowCone                    // limit of a spherical joint's total angle
	rowFriction                // dry friction of a joint
	rowServo                   // effort limit of a servo
	rowMeet                    // contact between two colliders
	rowEqual                   // closure of a loop
	rowFast                    // bound on the speed of a joint
	rowBack                    // the same backward
	rowKinds
)

// row is one block of the step at hand.
type row struct {
	kind    rowKind
	ball    bool    // on a spherical rotation: three components
	dof     int     // first one of a spherical rotation; −1 for a contact
	contact int     // contact with a half-space or meeting; −1 on a joint or a loop
	at      int     // which of the touches
	closure int     // of a loop
	slope   float64 // ∂value/∂q3 of a row on one dof, at the last factorization
	force   float64 // multiplier of a spherical joint's limit at the last residual: its direction turns with knot 3
	mate    int     // where the other row of a contact that resists turning is, one after or before; 0: it has one
	across  int     // which matrix is that across to it
	ease    float64 // how far beyond a limit the joint may be at the end of the step at hand, see detect.go
}

// onJoint reports whether r belongs to a joint.
func (r *row) onJoint() bool { return r.dof >= 0 }

// jointRows returns the rows that dof i can have; the first dof of a spherical rotation speaks for all three.
func (m *Model) jointRows(i int) []row {
	ball := m.Ball(i)
	if b := &m.Bodies[m.Dofs[i].Body]; ball && i != b.V+b.NT {
		return nil
	}
	kinds := m.Dofs[i].limitRows(ball)
	if m.Dofs[i].Friction > 0 {
		kinds = append(kinds, rowFriction)
	}
	if m.Dofs[i].bounded() {
		kinds = append(kinds, rowServo)
	}
	if !ball && m.Dofs[i].slowed() {
		kinds = append(kinds, rowFast, rowBack)
	}
	var rows []row
	for _, k := range kinds {
		rows = append(rows, row{kind: k, ball: ball, dof: i, contact: -1})
	}
	return rows
}

// value returns the value of r at knot 3.
func (s *Stepper) value(r *row) spatial.Vec {
	switch r.kind {
	case rowTouch:
		return s.touchValue(r)
	case rowMeet:
		return s.meetValue(&s.meets[r.contact])
	case rowEqual:
		return s.closureValue(s.closureOf(r))
	}
	u := s.jointAt(r, s.vNext, s.h)
	u.X += r.ease
	return u
}

// pastValue returns the value that r's block had at the end of the step before: at knot 2, with the velocity before it.
// It is in the state.
func (s *Stepper) pastValue(r *row) spatial.Vec {
	switch r.kind {
	case rowTouch:
		return s.touchPast(r)
	case rowMeet:
		return s.meetPast(&s.meets[r.contact])
	case rowEqual:
		return s.closureOf(r).start
	}
	return s.jointAt(r, s.v, 0)
}

// jointAt returns the value of a joint's row after a time h from knot 2 at velocities v.
func (s *Stepper) jointAt(r *row, v []float64, h float64) spatial.Vec {
	switch r.kind {
	case rowFriction:
		return s.frictionAt(r, v)
	case rowServo:
		return s.servoAt(r, v, h)
	case rowFast, rowBack:
		return s.speedAt(r, v)
	}
	return spatial.Vec{X: s.limitAt(r, v, h)}
}

// describe fills in the law of the block of r, whose natural sizes are those of its tree.
func (s *Stepper) describe(b *ipm.Block, r *row) {
	b.Past = s.pastValue(r)
	switch r.kind {
	case rowTouch:
		s.describeTouch(b, r)
	case rowMeet:
		s.describeMeet(b, &s.meets[r.contact])
	case rowEqual:
		s.describeClosure(b, s.closureOf(r))
	case rowFriction:
		s.describeFriction(b, r)
	case rowServo:
		s.describeServo(b, r)
	case rowFast, rowBack:
		s.describeSpeed(b, r)
	default:
		s.describeLimit(b, r)
	}
}

// slope returns ∂value/∂q3 of a row on one dof.
func (s *Stepper) slope(r *row) float64 {
	switch r.kind {
	case rowFriction:
		return 1 / s.h
	case rowServo:
		return s.servoSlope(r)
	case rowFast, rowBack:
		return sign(r) / s.h
	}
	return sign(r)
}

// sign is the direction of the multiplier of a row on one dof.
func sign(r *row) float64 {
	if r.kind == rowUpper || r.kind == rowFast {
		return -1
	}
	return 1
}

// slopes are derivatives of the value of a row on one dof by q2 at fixed q3, and by the input.
type slopes struct{ at2, input float64 }

func (s *Stepper) slopes(r *row) slopes {
	switch r.kind {
	case rowFriction:
		return slopes{at2: -1 / s.h}
	case rowServo:
		return s.servoSlopes(r)
	case rowFast, rowBack:
		return slopes{at2: -sign(r) / s.h}
	}
	return s.limitSlopes(r)
}

// ballSlope stores ∂value/∂θ3 of a row on a spherical rotation, θ in body axes, and ballPull the directions of its
// multiplier, one a row.
func (s *Stepper) ballSlope(j *spatial.Mat3, r *row) {
	*j = spatial.Mat3{}
	switch r.kind {
	case rowFriction:
		s.ballRate(j, 1, r.dof)
	case rowServo:
		s.ballServoSlope(j, r)
	default:
		putRow(j, coneNormal(s.ballPose(r.dof, s.vNext, s.h)))
	}
}

func (s *Stepper) ballPull(n *spatial.Mat3, r *row) {
	*n = spatial.Mat3{}
	if r.kind == rowCone {
		putRow(n, coneNormal(s.ballPose(r.dof, s.vNext, s.h)))
		return
	}
	n[0], n[4], n[8] = 1, 1, 1
}

// ballSlopes stores the derivatives by θ2 at fixed θ3, and by the input.
func (s *Stepper) ballSlopes(at2, input *spatial.Mat3, r *row) {
	*at2, *input = spatial.Mat3{}, spatial.Mat3{}
	switch r.kind {
	case rowFriction:
		s.ballStartRate(at2, 1, r.dof)
	case rowServo:
		s.ballServoSlopes(at2, input, r)
	default:
		if r.ease > 0 { // the value follows knot 2 too
			putRow(at2, spatial.Scale(-s.coneFollows(r), coneNormal(s.ballPose(r.dof, s.v, 0))))
		}
	}
}

// putRow stores v as the first row of m.
func putRow(m *spatial.Mat3, v spatial.Vec) { m[0], m[1], m[2] = v.X, v.Y, v.Z }

// direct is a direct change of a row: of its value, and of its law.
type direct struct {
	du  spatial.Vec
	law ipm.Change
}

// byParam returns the direct change per unit of a property of the row's joint, and whether there is one. λ is the multiplier.
func (s *Stepper) byParam(kind ParamKind, r *row, lambda spatial.Vec) (direct, bool) {
	switch r.kind {
	case rowFriction:
		return direct{law: ipm.Change{Limit: s.weight}}, kind == ParamDry
	case rowServo:
		return s.servoByParam(kind, r, lambda)
	case rowFast, rowBack:
		return direct{du: spatial.Vec{X: 1}}, kind == ParamMaxSpeed
	}
	return s.limitByParam(kind, r)
}

// byTime returns the direct change as h and H grow at the rates t, at fixed configurations at knots 2 and 3; u is the value.
// That of the units of κ comes on top, for all rows alike; in law.Kappa is what else its unit grows by, as a part of it.
func (s *Stepper) byTime(r *row, u, lambda spatial.Vec, t Lengths) direct {
	switch r.kind {
	case rowTouch:
		return s.touchByTime(r, u, lambda, t)
	case rowMeet:
		return s.meetByTime(&s.meets[r.contact], u, lambda, t)
	case rowEqual:
		return s.closureByTime(s.closureOf(r), t)
	case rowFriction:
		return direct{spatial.Scale(-t.Step/s.h, u), ipm.Change{Limit: t.weight() * s.m.Dofs[r.dof].Friction}}
	case rowServo:
		return s.servoByTime(r, u, lambda, t)
	case rowFast, rowBack:
		return s.speedByTime(r, u, t)
	}
	return s.limitByTime(r, t)
}

// Lengths are rates at which the lengths of a step and of the interval before it grow.
type Lengths struct{ Step, Before float64 }

func (t Lengths) weight() float64 { return (t.Step + t.Before) / 2 }
