package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Shift is an infinitesimal change of a touch at fixed motion of the body, in world axes at knot 2.
type Shift struct {
	Center, Axis r3.Vec // of the feature; the center relative to the body
	Radius       float64
	Oval         Oval
	Normal       r3.Vec // of the half-space, across it
	Offset       float64
	T1, T2       r3.Vec // of the tangents
	RunA, RunB   Run    // of the surfaces; the center of A's relative to the body
}

// TangentShift returns how the tangents of the normal n change with it.
func TangentShift(n, dn r3.Vec) (d1, d2 r3.Vec) {
	s := math.Copysign(1, n.Z)
	a := -1 / (s + n.Z)
	da := a * a * dn.Z
	db := dn.X*n.Y*a + n.X*dn.Y*a + n.X*n.Y*da
	d1 = r3.Vec{X: s * (2*n.X*dn.X*a + n.X*n.X*da), Y: s * db, Z: -s * dn.X}
	d2 = r3.Vec{X: db, Y: 2*n.Y*dn.Y*a + n.Y*n.Y*da, Z: -dn.Y}
	return d1, d2
}

// redrift returns the change of drift under a shift, under which the reach changes by slideReach.
func (t *Touch) redrift(s *Shift, m *spatial.Motion, reach, slideReach r3.Vec) r3.Vec {
	x := t.lag(m, reach)
	d := spatial.Sub(t.Belt.A.changes(&s.RunA, spatial.Sub(x.c, x.o), m), s.RunB.at(spatial.Sub(x.c, t.Belt.B.At)))
	dc := spatial.AddScaled(slideReach, 0.5, spatial.Add(s.Center, m.Rotate(s.Center)))
	return spatial.Add(d, spatial.Cross(t.Belt.spin(), dc))
}

// GapBy returns the change of the gap at the end of the motion m under a shift.
func (t *Touch) GapBy(s *Shift, m *spatial.Motion, o r3.Vec) float64 {
	dp := spatial.Add(m.Dx, m.Displace(t.Arm))
	return spatial.Dot(t.N, m.Rotate(s.Center)) - s.Offset + spatial.Dot(s.Normal, spatial.Add(spatial.Add(o, t.P), dp)) - t.depthBy(s, m)
}

// fallBy returns how much more that is than at the start of the motion, which may be a sliver: nothing is lost of what is as small.
func (t *Touch) fallBy(s *Shift, m *spatial.Motion) float64 {
	dp := spatial.Add(m.Dx, m.Displace(t.Arm))
	return spatial.Dot(t.N, m.Displace(s.Center)) + spatial.Dot(s.Normal, dp) - (t.depthBy(s, m) - t.depthBy(s, &spatial.Motion{}))
}

// depthBy returns the change of how far the feature reaches below its center at the end of the motion m.
func (t *Touch) depthBy(s *Shift, m *spatial.Motion) float64 {
	if !t.Rolls() {
		return s.Radius
	}
	f, d := t.footAfter(m), Change{Axis: s.Axis, Oval: s.Oval}
	d = d.after(m)
	return t.Radius*f.sink(&d, s.Normal) + s.Radius*f.depth()
}

// Respond returns the changes of value (gap, sliding velocity) and contact point under a shift, for the
// motion m of the body and the reference point o in world coordinates.
func (t *Touch) Respond(s *Shift, m *spatial.Motion, o r3.Vec, invH float64) (du, point r3.Vec) {
	if t.Mode == Turn {
		return t.turnBy(s, m, invH), point
	}
	dp := spatial.Add(m.Dx, m.Displace(t.Arm)) // displacement of the center
	gap := t.GapBy(s, m, o)
	if t.Ease > 0 {
		gap -= t.Follow * t.GapBy(s, &spatial.Motion{}, o)
	}
	reach, slideReach := t.Reach, spatial.AddScaled(spatial.Scale(-t.Radius, s.Normal), -s.Radius, t.N)
	point = spatial.Add(s.Center, slideReach)
	if t.Rolls() {
		r, d2 := t.roll(m), Change{Axis: s.Axis, Oval: s.Oval}
		d3 := d2.after(m)
		du2, du3 := r.start.turn(&d2, s.Normal), r.end.turn(&d3, s.Normal)
		reach = spatial.Scale(t.Radius, r.middle())
		slideReach = spatial.AddScaled(spatial.Scale(t.Radius/2, spatial.Add(du2, du3)), s.Radius, r.middle())
		move := spatial.Add(r.shift(du2, du3), r.grow(&s.Oval))
		point = spatial.Add(s.Center, spatial.AddScaled(spatial.Scale(t.Radius, move), s.Radius, r.at()))
	}
	v := spatial.AddScaled(spatial.Scale(invH, dp), 2*invH, spatial.Cross(m.Spin(), reach))
	if t.Belt.moves {
		v = spatial.Add(v, t.drift(m, reach))
	}
	slide := spatial.AddScaled(spatial.Scale(invH, m.Displace(s.Center)), 2*invH, spatial.Cross(m.Spin(), slideReach))
	rise := slide // without that of the surfaces
	if t.Belt.moves || s.RunA != (Run{}) || s.RunB != (Run{}) {
		slide = spatial.Add(slide, t.redrift(s, m, reach, slideReach))
	}
	du = r3.Vec{
		X: gap,
		Y: spatial.Dot(t.T1, slide) + spatial.Dot(s.T1, v),
		Z: spatial.Dot(t.T2, slide) + spatial.Dot(s.T2, v),
	}
	if t.Rolls() && t.Guided {
		r := t.roll(m)
		var x slip
		t.slipOf(&x, m, &r, invH)
		miss := spatial.Dot(t.N, rise) + spatial.Dot(s.Normal, x.v) - invH*(t.GapBy(s, m, o)-t.GapBy(s, &spatial.Motion{}, o))
		dw := x.respond(s.Normal, s.T1, s.T2)
		du.Y += x.w[0]*miss + dw[0]*x.miss
		du.Z += x.w[1]*miss + dw[1]*x.miss
	}
	return du, point
}
