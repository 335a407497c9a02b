package contact

import (
	"fmt"
	"slices"

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
	case KindTerrain:
		if s.Terrain.IsField() {
			return len(s.Terrain.Heights)
		}
		return 3 * len(s.Terrain.Vertices)
	}
	return 0
}

// VertexOf returns the vertex that size i is a coordinate of, and which one: of points, of a mesh, and of a height field, whose heights are
// along z and have the numbers of its vertices. It reports false of other shapes.
func (s *Shape) VertexOf(i int) (vertex, coordinate int, ok bool) {
	switch {
	case s.Kind == KindTerrain && s.Terrain.IsField():
		return i, 2, true
	case s.Kind == KindTerrain, s.Kind == KindPoints:
		return i / 3, i % 3, true
	}
	return 0, 0, false
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
	case KindTerrain:
		if t := s.Terrain; t.IsField() {
			return fmt.Sprintf("height%d_%d", i%t.Columns, i/t.Columns)
		}
	}
	return fmt.Sprintf("point%d_%c", i/3, "xyz"[i%3])
}

// Param returns a pointer to size i (m). That of terrain is not to be changed through it: shapes share terrain. See [Shape.SetParam].
func (s *Shape) Param(i int) *float64 {
	axis := func(v *r3.Vec, c int) *float64 { return [3]*float64{&v.X, &v.Y, &v.Z}[c] }
	switch {
	case s.Kind == KindBox, s.Kind == KindEllipsoid:
		return axis(&s.Half, i)
	case s.Kind == KindPoints:
		return axis(&s.Vertices[i/3], i%3)
	case s.Kind == KindTerrain && s.Terrain.IsField():
		return &s.Terrain.Heights[i]
	case s.Kind == KindTerrain:
		return axis(&s.Terrain.Vertices[i/3], i%3)
	case i == 1:
		return &s.HalfLength
	}
	return &s.Radius
}

// SetParam changes size i (m) of s. Terrain is another one then, of which everything is made anew.
func (s *Shape) SetParam(i int, x float64) {
	if s.Kind == KindTerrain {
		t := s.Terrain
		s.Terrain = &Terrain{
			Columns: t.Columns, Rows: t.Rows, Dx: t.Dx, Dy: t.Dy, Heights: slices.Clone(t.Heights), Vertices: slices.Clone(t.Vertices), Triangles: t.Triangles,
		}
	}
	*s.Param(i) = x
}
