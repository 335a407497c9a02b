package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Limits of joints: 0 ≤ q₃ − lower ⟂ λ ≥ 0 and the same from above. That of a spherical joint bounds its total angle by
// |Q₀| − cos(upper/2) ≥ 0, and pushes along the gradient of that at knot 3: |Q₀| is concave, so the limit only takes energy.
// (Along the gradient of knot 2, as all other constraints push, it gives what the second order of the turn leaves: on a thin
// rod, where spinning leads out of the limit as well as swinging back does, without bound.)

// limitRows lists the limits of the dof.
func (d *Dof) limitRows(ball bool) (kinds []rowKind) {
	if !ball && !math.IsInf(d.Lower, -1) {
		kinds = append(kinds, rowLower)
	}
	switch {
	case math.IsInf(d.Upper, 1):
	case ball:
		kinds = append(kinds, rowCone)
	default:
		kinds = append(kinds, rowUpper)
	}
	return kinds
}

// limits reports whether r is a limit.
func (r *row) limits() bool { return r.kind == rowLower || r.kind == rowUpper || r.kind == rowCone }

// side reports whether r keeps the mechanism out of something: a contact or a limit.
func (r *row) side() bool {
	return (r.kind == rowTouch || r.kind == rowMeet) && !r.turns() || r.limits()
}

// limitAt returns the value after a time h from knot 2 at velocities v.
func (s *Stepper) limitAt(r *row, v []float64, h float64) float64 {
	d := &s.m.Dofs[r.dof]
	switch r.kind {
	case rowLower:
		return s.coordinate(r.dof, v[r.dof], h) - d.Lower
	case rowUpper:
		return d.Upper - s.coordinate(r.dof, v[r.dof], h)
	}
	return math.Abs(s.ballPose(r.dof, v, h).Real) - math.Cos(d.Upper/2)
}

// limitEase returns how far beyond its limit the joint of r may still be at the end of the step, see detect.go.
func (s *Stepper) limitEase(r *row) float64 {
	d := &s.m.Dofs[r.dof]
	depth, reach := 0.0, s.h*s.leaving(s.leave[r.dof])
	switch r.kind {
	case rowLower:
		depth = d.Lower - s.q[s.m.QIndex[r.dof]]
	case rowUpper:
		depth = s.q[s.m.QIndex[r.dof]] - d.Upper
	case rowCone:
		depth = math.Cos(d.Upper/2) - math.Cos(max(s.ballAngle(r.dof)-reach, d.Upper)/2)
		reach = 0 // is in it already: the slope of the value changes with the angle
	default:
		return 0
	}
	return max(0, depth-reach)
}

// leaveSpeeds returns the speed of each dof at which it may leave what is beyond its limit: the natural speed, or less where
// a mimic makes another joint faster than its own then.
func (m *Model) leaveSpeeds() []float64 {
	speeds, fixed := make([]float64, m.NV), false
	for i := range m.Dofs {
		d := &m.Dofs[i]
		if speeds[i] = d.Speed; d.Leave > 0 {
			speeds[i], fixed = d.Leave, true
		}
	}
	if fixed {
		return speeds
	}
	for _, c := range m.Mimics { // none is followed and follows itself
		if r := math.Abs(c.Ratio); r > 0 {
			speeds[c.Of] = min(speeds[c.Of], m.Dofs[c.Dof].Speed/r)
		}
	}
	for _, c := range m.Mimics {
		if r := math.Abs(c.Ratio); r > 0 {
			speeds[c.Dof] = r * speeds[c.Of]
		}
	}
	return speeds
}

// fixLeaving keeps those speeds before a mimic is changed, as other scales of the model as built. (Following the ratio, that of a
// finger with a stop which an equally fast one without mirrors had no derivative where the ratio is 1.)
func (m *Model) fixLeaving() {
	for i, v := range m.leaveSpeeds() {
		m.Dofs[i].Leave = v
	}
}

// ballAngle returns the total angle of a spherical joint at knot 2.
func (s *Stepper) ballAngle(i int) float64 {
	q := s.ballPose(i, s.v, 0)
	return 2 * math.Atan2(spatial.Norm(spatial.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag}), math.Abs(q.Real))
}

// coneFollows returns how much the eased limit of a spherical joint follows |Q₀| at knot 2: the end of the step may be at
// the angle there less what is left of it.
func (s *Stepper) coneFollows(r *row) float64 {
	a := s.ballAngle(r.dof)
	return math.Sin((a-s.h*s.leaving(s.leave[r.dof]))/2) / math.Sin(a/2)
}

// nearLimit reports whether a row of a joint takes part: anything but a limit that is farther than reach (rad,
// or lengths of the mechanism) beyond what the joint may cover in the step.
func (s *Stepper) nearLimit(r *row, reach, length float64) bool {
	d := &s.m.Dofs[r.dof]
	q := s.q[s.m.QIndex[r.dof]]
	fall := s.h * s.h * d.Speed * d.Speed
	if !s.angular(r.dof) {
		reach *= length
		fall /= length // the speed is √(gℓ)
	}
	reach += 2*s.h*math.Abs(s.v[r.dof]) + fall
	switch r.kind {
	case rowLower:
		return q-d.Lower <= reach
	case rowUpper:
		return d.Upper-q <= reach
	}
	return true
}

func (s *Stepper) describeLimit(b *ipm.Block, r *row) {
	b.Kind = ipm.Orthant
	if s.angular(r.dof) {
		b.Scale = startGap * s.h * s.m.Dofs[r.dof].Speed
	}
}

// limitSlopes: a limit that is eased follows knot 2.
func (s *Stepper) limitSlopes(r *row) (l slopes) {
	if r.ease > 0 {
		l.at2 = -sign(r)
	}
	return l
}

// coneNormal returns the derivative of |Q₀| with respect to a rotation in body axes.
func coneNormal(q spatial.Quat) spatial.Vec {
	k := -0.5
	if q.Real < 0 {
		k = 0.5
	}
	return spatial.Scale(k, spatial.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag})
}

// addConeTurn adds to m −∂(Nᵀλ)/∂θ₃ of a spherical joint's limit: ¼ λ sgn(δ₀)(δ₀ I + [δ⃗]×), δ the rotation at knot 3.
func (s *Stepper) addConeTurn(m *spatial.Mat3, r *row) {
	q := s.ballPose(r.dof, s.vNext, s.h)
	c := 0.25 * r.force
	if q.Real < 0 {
		c = -c
	}
	x := skew(spatial.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag})
	for n := range m {
		m[n] += c * x[n]
	}
	for n := 0; n < 9; n += 4 {
		m[n] += c * q.Real
	}
}

func (s *Stepper) limitByParam(kind ParamKind, r *row) (direct, bool) {
	switch {
	case r.ease > 0:
	case kind == ParamLower && r.kind == rowLower:
		return direct{du: spatial.Vec{X: -1}}, true
	case kind == ParamUpper && r.kind == rowUpper:
		return direct{du: spatial.Vec{X: 1}}, true
	case kind == ParamUpper && r.kind == rowCone:
		return direct{du: spatial.Vec{X: math.Sin(s.m.Dofs[r.dof].Upper/2) / 2}}, true
	}
	return direct{}, false
}

func (s *Stepper) limitByTime(r *row, t Lengths) (d direct) {
	if r.ease > 0 {
		speed := s.leaving(s.leave[r.dof])
		d.du.X = -t.Step * speed
		if r.kind == rowCone {
			d.du.X *= math.Sin((s.ballAngle(r.dof)-s.h*speed)/2) / 2
		}
	}
	return d
}
