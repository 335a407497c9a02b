package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What rolls without sliding keeps its gap: the velocity at the common point is then v = 0, of which the normal part is
// how fast the gap opens. Of a step of finite length that holds up to (hω)³ of the size only, the gap being that of the
// pose at its end,
//
//	e = n·v − (gap₃ − gap₂)/h ≠ 0.
//
// A body in the hand of a joint cannot make up for it: where the joint leaves the common point a plane to move in (a
// wheel on a pivot, a plate in a plane), v = 0 in both tangents means v = 0, so friction that holds holds the gap too,
// and if that falls by h e no force opens it: there is no solution. (Half of all cans on a pivot ended so within a
// second.) So slides are measured with
//
//	t·v + w e,   w = (n·s)(t·s)/‖s_t‖²,   s the turn of the step, s_t = s − (n·s) n,
//
// which is t·v with the common point shifted along n × s by as much as makes e zero, the least of all shifts that do.
// What sticks then keeps its gap exactly. A turn about the normal alone rolls nothing, and no shift is the least: for x
// = ‖s_t‖²/‖s‖² below ξ = grip² the Taylor polynomial of 1/x about ξ, (3 − 3y + y²)/ξ, y = x/ξ, stands for it.

// grip is the sine of the angle between turn and normal up to which e is made up for in part. atRest is a turn (rad)
// that makes none to speak of: in x, ‖s‖² is ‖s‖² + atRest², lest w turn about with the rounding of what lies still.
const grip, atRest = 0.1, 1e-5

// lean is how far the tangents of a slide lean towards the normal.
type lean struct {
	w [2]float64

	n, s     r3.Vec
	a        float64    // the parts of s along the normal
	b        [2]float64 // and the tangents
	inv      float64    // 1/(‖s‖² + atRest²)
	x, share float64    // 1/x or what stands for it
}

// of makes l that for the turn s of a step.
func (l *lean) of(n, t1, t2, s r3.Vec) {
	l.n, l.s, l.inv = n, s, 1/(spatial.Dot(s, s)+atRest*atRest)
	l.a, l.b[0], l.b[1] = spatial.Dot(n, s), spatial.Dot(t1, s), spatial.Dot(t2, s)
	l.x = (l.b[0]*l.b[0] + l.b[1]*l.b[1]) * l.inv
	if l.x < grip*grip {
		y := l.x / (grip * grip)
		l.share = (3 - y*(3-y)) / (grip * grip)
	} else {
		l.share = 1 / l.x
	}
	l.w[0], l.w[1] = l.a*l.b[0]*l.inv*l.share, l.a*l.b[1]*l.inv*l.share
}

// slope returns the derivative of share.
func (l *lean) slope() float64 {
	if l.x < grip*grip {
		return (2*(l.x/(grip*grip)) - 3) / (grip * grip * grip * grip)
	}
	return -1 / (l.x * l.x)
}

// by returns how w[k], along the tangent t, changes by the turn.
func (l *lean) by(k int, t r3.Vec) r3.Vec {
	across := spatial.AddScaled(l.s, -l.a, l.n)
	dx := spatial.Scale(2*l.inv, spatial.AddScaled(across, -l.x, l.s))
	g := spatial.AddScaled(spatial.Scale(l.b[k], l.n), l.a, t)
	g = spatial.AddScaled(g, -2*l.a*l.b[k]*l.inv, l.s)
	return spatial.AddScaled(spatial.Scale(l.inv*l.share, g), l.a*l.b[k]*l.inv*l.slope(), dx)
}

// respond returns how it changes as normal and tangents do.
func (l *lean) respond(dn, d1, d2 r3.Vec) (w [2]float64) {
	da := spatial.Dot(dn, l.s)
	dx, slope := -2*l.a*da*l.inv, l.slope()
	for k, d := range [2]r3.Vec{d1, d2} {
		w[k] = l.inv * (l.share*(da*l.b[k]+l.a*spatial.Dot(d, l.s)) + slope*l.a*l.b[k]*dx)
	}
	return w
}

// slip is the velocity of A on B at their common point, without that of the surfaces, how its tangents lean, and by how
// much it misses that of the gap (e above).
type slip struct {
	v r3.Vec
	lean
	miss float64
}

// straight is that of what does not lean, whose v nobody asks for.
var straight slip

// slipOf makes s, which is empty, that of a motion that rolls by r; only of what is guided tangents lean.
func (t *Touch) slipOf(s *slip, m *spatial.Motion, r *roll, invH float64) {
	dp, reach := spatial.Add(m.Dx, m.Displace(t.Arm)), spatial.Scale(t.Radius, r.middle())
	s.v = spatial.AddScaled(spatial.Scale(invH, dp), 2*invH, spatial.Cross(m.Spin(), reach))
	if !t.Guided {
		return
	}
	s.of(t.N, t.T1, t.T2, spatial.Scale(2, m.Spin()))
	rise := spatial.Dot(t.N, dp) - t.Radius*(r.end.depth()-r.start.depth())
	s.miss = spatial.Dot(t.N, s.v) - invH*rise
}

// slipOf makes s that of motions that end at e, of a slide that leans.
func (t *Meeting) slipOf(s *slip, e *ends, invH float64) {
	s.v = spatial.Sub(e.a.slide(invH), e.b.slide(invH))
	s.of(t.N, t.T1, t.T2, spatial.Scale(2, spatial.Sub(e.a.spin, e.b.spin)))
	s.miss = spatial.Dot(t.N, s.v) - invH*(e.gap-t.Gap2)
}

// leanRow adds to the row of slide k by a twist at knot 3 of the body that turns by sign in s, beyond that of its
// leaning tangent, what the gap and the lean, which changes by the turn as told, change.
func (s *slip) leanRow(g *spatial.Wrench, k int, sign float64, by r3.Vec, gap *spatial.Wrench, m *spatial.Motion, invH float64) {
	g.Force = spatial.AddScaled(g.Force, -s.w[k]*invH, gap.Force)
	g.Torque = spatial.AddScaled(g.Torque, -s.w[k]*invH, gap.Torque)
	g.Torque = spatial.AddScaled(g.Torque, sign*s.miss, m.SpinRow(by))
}

// leanStart adds to that by a twist at knot 2 what the lean changes.
func (s *slip) leanStart(g *spatial.Wrench, sign float64, by r3.Vec, m *spatial.Motion) {
	g.Torque = spatial.AddScaled(g.Torque, -sign*s.miss, m.SpinRowBack(by))
}

// addLean adds to the rows of the sliding velocity by a twist at knot 3 what leaning tangents do; down is what the
// depth adds to that of the gap.
func (t *Touch) addLean(g *[3]spatial.Wrench, r *roll, down r3.Vec, m *spatial.Motion, invH float64) {
	var s slip
	t.slipOf(&s, m, r, invH)
	reach := spatial.Scale(t.Radius, r.middle())
	miss := spatial.AddScaled(t.swing(t.N, m.Spin(), r.end.turns(), invH), invH, spatial.Sub(m.SpinRow(spatial.Cross(reach, t.N)), down))
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		row := spatial.AddScaled(spatial.Scale(s.w[k], miss), s.miss, m.SpinRow(s.by(k, tk)))
		g[k+1].Torque = spatial.Add(g[k+1].Torque, row)
	}
}

// addLeanStart is addLean for a twist at knot 2.
func (t *Touch) addLeanStart(g *[3]spatial.Wrench, m *spatial.Motion, invH float64) {
	r := t.roll(m)
	var s slip
	t.slipOf(&s, m, &r, invH)
	reach, low := spatial.Scale(t.Radius, r.middle()), spatial.Scale(t.Radius, r.start.lever())
	miss := spatial.AddScaled(t.swing(t.N, m.Spin(), r.start.turns(), invH), invH, spatial.Sub(spatial.Cross(low, t.N), m.SpinRowBack(spatial.Cross(reach, t.N))))
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		row := spatial.AddScaled(spatial.Scale(s.w[k], miss), -s.miss, m.SpinRowBack(s.by(k, tk)))
		g[k+1].Torque = spatial.Add(g[k+1].Torque, row)
	}
}
