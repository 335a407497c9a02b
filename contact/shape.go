package contact

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Kind is the kind of a shape.
type Kind uint8

// The closed set of shapes.
const (
	KindSphere Kind = iota + 1
	KindCapsule
	KindBox
	KindCylinder
	KindPoints
	KindEllipsoid
	KindTerrain
)

var kindNames = [...]string{"none", "sphere", "capsule", "box", "cylinder", "points", "ellipsoid", "terrain"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Shape is a collision shape in its own frame. Lengths in meters. Make one with [Sphere], [Capsule],
// [Box], [Cylinder], [Points] or [Ellipsoid], and of what does not move with [HeightField] or [Mesh].
type Shape struct {
	Kind       Kind
	Radius     float64  // sphere, capsule, cylinder
	HalfLength float64  // capsule and cylinder along z, without the caps
	Half       r3.Vec   // box half extents, ellipsoid radii
	Vertices   []r3.Vec // points
	Terrain    *Terrain `json:",omitempty"` // of terrain
}

// Sphere returns a sphere about the origin of its frame.
func Sphere(radius float64) Shape { return Shape{Kind: KindSphere, Radius: radius} }

// Capsule returns a capsule along z; halfLength does not count the caps.
func Capsule(radius, halfLength float64) Shape {
	return Shape{Kind: KindCapsule, Radius: radius, HalfLength: halfLength}
}

// Box returns a box with the given half extents.
func Box(half r3.Vec) Shape { return Shape{Kind: KindBox, Half: half} }

// Cylinder returns a flat-ended cylinder along z.
func Cylinder(radius, halfLength float64) Shape {
	return Shape{Kind: KindCylinder, Radius: radius, HalfLength: halfLength}
}

// Points returns a set of contact points, such as the corners of a convex hull. The slice is copied.
func Points(vertices []r3.Vec) Shape {
	return Shape{Kind: KindPoints, Vertices: append([]r3.Vec(nil), vertices...)}
}

// Ellipsoid returns an ellipsoid about the origin of its frame with the given radii along x, y and z.
func Ellipsoid(rx, ry, rz float64) Shape {
	return Shape{Kind: KindEllipsoid, Half: r3.Vec{X: rx, Y: ry, Z: rz}}
}

// Check returns an error that names the first impossible dimension of s, or nil.
func (s Shape) Check() error {
	positive := func(name string, v float64) error {
		if !(v > 0) || math.IsInf(v, 0) {
			return fmt.Errorf("%s: %s is %g, want a positive length in meters", s.Kind, name, v)
		}
		return nil
	}
	for _, v := range [...]float64{s.Radius, s.HalfLength, s.Half.X, s.Half.Y, s.Half.Z} {
		if math.IsNaN(v) || math.IsInf(v, 0) { // also of what the kind does not use: files of models hold it
			return fmt.Errorf("%s: a dimension is %g, want a length in meters", s.Kind, v)
		}
	}
	switch s.Kind {
	case KindSphere:
		return positive("radius", s.Radius)
	case KindCapsule, KindCylinder:
		return errors.Join(positive("radius", s.Radius), positive("half length", s.HalfLength))
	case KindBox:
		return errors.Join(positive("half extent x", s.Half.X), positive("half extent y", s.Half.Y), positive("half extent z", s.Half.Z))
	case KindEllipsoid:
		return errors.Join(positive("radius x", s.Half.X), positive("radius y", s.Half.Y), positive("radius z", s.Half.Z))
	case KindPoints:
		if len(s.Vertices) == 0 {
			return errors.New("points: the list is empty")
		}
		for i, v := range s.Vertices {
			if !spatial.Finite(v) {
				return fmt.Errorf("points: point %d is not finite", i)
			}
		}
		return nil
	case KindTerrain:
		return s.Terrain.check()
	}
	return errors.New("shape has no kind; use contact.Sphere, Capsule, Box, Cylinder, Points or Ellipsoid")
}

// Extent returns the radius about the origin of the shape's frame that holds all of it (m).
func (s Shape) Extent() float64 {
	switch s.Kind {
	case KindSphere:
		return s.Radius
	case KindCapsule:
		return s.Radius + s.HalfLength
	case KindBox:
		return spatial.Norm(s.Half)
	case KindCylinder:
		return math.Sqrt(s.Radius*s.Radius + s.HalfLength*s.HalfLength)
	case KindEllipsoid:
		return max(s.Half.X, s.Half.Y, s.Half.Z)
	case KindPoints:
		r := 0.0
		for _, v := range s.Vertices {
			r = math.Max(r, spatial.Norm(v))
		}
		return r
	case KindTerrain:
		s.Terrain.make()
		return s.Terrain.extent
	}
	return 0
}

// Lowest returns the point of s that reaches farthest against the unit vector n, both in the frame of the shape: one of them
// where there are several.
func (s *Shape) Lowest(n r3.Vec) r3.Vec {
	switch s.Kind {
	case KindSphere:
		return spatial.Scale(-s.Radius, n)
	case KindCapsule:
		return spatial.Add(r3.Vec{Z: -math.Copysign(s.HalfLength, n.Z)}, spatial.Scale(-s.Radius, n))
	case KindBox:
		return r3.Vec{X: -math.Copysign(s.Half.X, n.X), Y: -math.Copysign(s.Half.Y, n.Y), Z: -math.Copysign(s.Half.Z, n.Z)}
	case KindCylinder:
		p := r3.Vec{Z: -math.Copysign(s.HalfLength, n.Z)}
		if l := math.Hypot(n.X, n.Y); l > 0 {
			p.X, p.Y = -s.Radius*n.X/l, -s.Radius*n.Y/l
		}
		return p
	case KindEllipsoid:
		r := s.Half
		p := r3.Vec{X: r.X * r.X * n.X, Y: r.Y * r.Y * n.Y, Z: r.Z * r.Z * n.Z}
		return spatial.Scale(-1/math.Sqrt(spatial.Dot(p, n)), p)
	}
	vertices := s.Vertices
	if s.Kind == KindTerrain {
		vertices, _ = s.Terrain.Surface()
	}
	return slices.MinFunc(vertices, func(a, b r3.Vec) int { return cmp.Compare(spatial.Dot(a, n), spatial.Dot(b, n)) })
}
