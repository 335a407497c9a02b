package contact

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// NumParams returns how many numbers describe the size of s.
func (s *Shape) NumParams() int {
	switch s.Kind {
	case KindSphere:
		return 1
	case KindCapsule, KindCylinder:
		return 2
	case KindBox:
		return 3
	case KindPoints:
		return 3 * len(s.Vertices)
	}
	return 0
}

// ParamName returns the name of size i.
func (s *Shape) ParamName(i int) string {
	switch s.Kind {
	case KindSphere, KindCapsule, KindCylinder:
		return [...]string{"radius", "half_length"}[i]
	case KindBox:
		return [...]string{"half_x", "half_y", "half_z"}[i]
	}
	return fmt.Sprintf("point%d_%c", i/3, "xyz"[i%3])
}

// Param returns a pointer to size i (m).
func (s *Shape) Param(i int) *float64 {
	axis := func(v *r3.Vec, c int) *float64 { return [3]*float64{&v.X, &v.Y, &v.Z}[c] }
	switch {
	case s.Kind == KindBox:
		return axis(&s.Half, i)
	case s.Kind == KindPoints:
		return axis(&s.Vertices[i/3], i%3)
	case i == 1:
		return &s.HalfLength
	}
	return &s.Radius
}

// Center returns the center of feature k in the frame of the shape.
func (s *Shape) Center(k int) r3.Vec {
	switch s.Kind {
	case KindCapsule:
		return r3.Vec{Z: s.HalfLength * (1 - 2*float64(k))}
	case KindCylinder:
		return s.capPoint(k)
	case KindBox:
		return boxCorner(s.Half, k)
	case KindPoints:
		return s.Vertices[k]
	}
	return r3.Vec{}
}

// CenterShift returns how the center of feature k, in the frame of the shape, and its radius change per
// unit of size i.
func (s *Shape) CenterShift(k, i int) (center r3.Vec, radius float64) {
	axis := func(c int) r3.Vec { return [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[c] }
	switch {
	case s.Kind == KindBox:
		return boxCorner(axis(i), k), 0
	case s.Kind == KindPoints:
		if i/3 == k {
			return axis(i % 3), 0
		}
		return r3.Vec{}, 0
	case i == 1:
		unit := Shape{Kind: s.Kind, HalfLength: 1}
		return unit.Center(k), 0
	case s.Kind == KindCylinder && k%capPoints != 0:
		unit := Shape{Kind: s.Kind, Radius: 1}
		return unit.Center(k), 0
	}
	return r3.Vec{}, 1
}

// Shift is an infinitesimal change of a touch at fixed motion of the body, in world axes at knot 2.
type Shift struct {
	Center, Axis r3.Vec // of the feature; the center relative to the body
	Radius       float64
	Normal       r3.Vec // of the half-space, across it
	Offset       float64
	T1, T2       r3.Vec // of the tangents
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

// Respond returns the changes of value (gap, sliding velocity) and contact point under a shift, for the
// motion m of the body and the reference point o in world coordinates.
func (t *Touch) Respond(s *Shift, m *spatial.Motion, o r3.Vec, invH float64) (du, point r3.Vec) {
	dp := spatial.Add(m.Dx, m.Displace(t.Arm)) // displacement of the center
	center := spatial.Add(o, t.P)
	gap := spatial.Dot(t.N, m.Rotate(s.Center)) - s.Offset + spatial.Dot(s.Normal, spatial.Add(center, dp))
	gap2 := spatial.Dot(t.N, s.Center) - s.Offset + spatial.Dot(s.Normal, center) // at knot 2
	reach, slideReach := t.Reach, spatial.AddScaled(spatial.Scale(-t.Radius, s.Normal), -s.Radius, t.N)
	point = spatial.Add(s.Center, slideReach)
	if t.IsRim() {
		r, axis, daxis := t.roll(m), m.Rotate(t.Axis), m.Rotate(s.Axis)
		gap -= t.Radius*r.end.sink(daxis, s.Normal) + s.Radius*r.end.depth()
		gap2 -= t.Radius*r.start.sink(s.Axis, s.Normal) + s.Radius*r.start.depth()
		du2, du3 := r.start.turn(t.N, t.Axis, s.Axis, s.Normal), r.end.turn(t.N, axis, daxis, s.Normal)
		reach = spatial.Scale(t.Radius, r.middle())
		slideReach = spatial.AddScaled(spatial.Scale(t.Radius/2, spatial.Add(du2, du3)), s.Radius, r.middle())
		point = spatial.Add(s.Center, spatial.AddScaled(spatial.Scale(t.Radius, r.shift(du2, du3)), s.Radius, r.at()))
	} else {
		gap -= s.Radius
		gap2 -= s.Radius
	}
	if t.Ease > 0 {
		gap -= gap2
	}
	v := spatial.AddScaled(spatial.Scale(invH, dp), 2*invH, spatial.Cross(m.Spin(), reach))
	slide := spatial.AddScaled(spatial.Scale(invH, m.Displace(s.Center)), 2*invH, spatial.Cross(m.Spin(), slideReach))
	du = r3.Vec{
		X: gap,
		Y: spatial.Dot(t.T1, slide) + spatial.Dot(s.T1, v),
		Z: spatial.Dot(t.T2, slide) + spatial.Dot(s.T2, v),
	}
	return du, point
}
