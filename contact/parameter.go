package contact

import (
	"fmt"

	"gonum.org/v1/gonum/spatial/r3"
)

// NumParams returns how many numbers describe the size of s.
func (s *Shape) NumParams() int {
	switch s.Kind {
	case KindSphere:
		return 1
	case KindCapsule, KindCylinder:
		return 2
	case KindBox, KindEllipsoid:
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
	case KindEllipsoid:
		return [...]string{"radius_x", "radius_y", "radius_z"}[i]
	}
	return fmt.Sprintf("point%d_%c", i/3, "xyz"[i%3])
}

// Param returns a pointer to size i (m).
func (s *Shape) Param(i int) *float64 {
	axis := func(v *r3.Vec, c int) *float64 { return [3]*float64{&v.X, &v.Y, &v.Z}[c] }
	switch {
	case s.Kind == KindBox, s.Kind == KindEllipsoid:
		return axis(&s.Half, i)
	case s.Kind == KindPoints:
		return axis(&s.Vertices[i/3], i%3)
	case i == 1:
		return &s.HalfLength
	}
	return &s.Radius
}
