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
		return r3.Vec{Z: s.HalfLength * (1 - 2*float64(k/rimPoints))}
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
	}
	return r3.Vec{}, 1
}

// Shift is an infinitesimal change of a touch at fixed motion of the body, in world axes at knot 2.
type Shift struct {
	Center, Axis, Side r3.Vec // of the feature; the center relative to the body
	Radius             float64
	Normal             r3.Vec // of the half-space, across it
	Offset             float64
	T1, T2             r3.Vec // of the tangents
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
	slide := spatial.Scale(invH, m.Displace(s.Center))
	v := spatial.Scale(invH, dp)
	var reach r3.Vec
	gap := spatial.Dot(t.N, m.Rotate(s.Center)) - s.Offset
	gap2 := spatial.Dot(t.N, s.Center) - s.Offset // at knot 2
	center := spatial.Add(o, t.P)
	if t.A != (r3.Vec{}) {
		dE := t.turnRim(s.Axis, s.Side, s.Normal)
		e, length := t.rimPoint(m)
		a, da := m.Rotate(t.A), m.Rotate(s.Axis)
		q := spatial.AddScaled(dE, -(spatial.Dot(da, t.E) + spatial.Dot(a, dE)), a)
		q = spatial.AddScaled(q, -spatial.Dot(a, t.E), da)
		de := spatial.Scale(1/length, spatial.AddScaled(q, -spatial.Dot(e, q), e))
		gap += t.Radius*spatial.Dot(t.N, de) + s.Radius*spatial.Dot(t.N, e)
		gap2 += t.Radius*spatial.Dot(t.N, dE) + s.Radius*spatial.Dot(t.N, t.E)
		gap += spatial.Dot(s.Normal, spatial.Add(spatial.Add(center, dp), spatial.Scale(t.Radius, e)))
		gap2 += spatial.Dot(s.Normal, spatial.Add(center, t.Reach))
		reach = spatial.AddScaled(spatial.Scale(t.Radius, dE), s.Radius, t.E)
	} else {
		gap -= s.Radius
		gap2 -= s.Radius
		gap += spatial.Dot(s.Normal, spatial.Add(center, dp))
		gap2 += spatial.Dot(s.Normal, center)
		reach = spatial.AddScaled(spatial.Scale(-t.Radius, s.Normal), -s.Radius, t.N)
	}
	if t.Ease > 0 {
		gap -= gap2
	}
	v = spatial.AddScaled(v, 2*invH, spatial.Cross(m.Spin(), t.Reach))
	slide = spatial.AddScaled(slide, 2*invH, spatial.Cross(m.Spin(), reach))
	du = r3.Vec{
		X: gap,
		Y: spatial.Dot(t.T1, slide) + spatial.Dot(s.T1, v),
		Z: spatial.Dot(t.T2, slide) + spatial.Dot(s.T2, v),
	}
	return du, spatial.Add(s.Center, reach)
}

// turnRim returns the change of E when the axis, the side direction and the normal change.
func (t *Touch) turnRim(da, side, dn r3.Vec) r3.Vec {
	dd := side
	if t.lean > 0 {
		d := spatial.AddScaled(spatial.Scale(-1, dn), spatial.Dot(t.A, t.N), da)
		d = spatial.AddScaled(d, spatial.Dot(da, t.N)+spatial.Dot(t.A, dn), t.A)
		dd = spatial.Scale(1/t.lean, spatial.AddScaled(d, -spatial.Dot(t.low, d), t.low))
	}
	switch t.turn {
	case 1:
		return spatial.Add(spatial.Cross(da, t.low), spatial.Cross(t.A, dd))
	case 3:
		return spatial.Add(spatial.Cross(dd, t.A), spatial.Cross(t.low, da))
	}
	return quarter(t.turn, t.A, dd)
}
