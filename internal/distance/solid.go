package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Solid is a shape placed in the world.
type Solid struct {
	Shape *contact.Shape
	At    spatial.Pose
}

// round returns the radius of the ball around the core of a shape.
func round(s *contact.Shape) float64 {
	if s.Kind == contact.KindSphere || s.Kind == contact.KindCapsule {
		return s.Radius
	}
	return 0
}

// farthest returns the point of the core that reaches farthest along d, which is not zero, about the origin o.
func (s *Solid) farthest(d, o r3.Vec) r3.Vec {
	p := spatial.Sub(s.At.Pos, o)
	if s.Shape.Kind == contact.KindSphere {
		return p
	}
	n := spatial.QuatRotate(quat.Conj(s.At.Rot), spatial.Scale(-1/spatial.Norm(d), d))
	x := r3.Vec{Z: -math.Copysign(s.Shape.HalfLength, n.Z)}
	if s.Shape.Kind != contact.KindCapsule {
		x = s.Shape.Lowest(n)
	}
	return spatial.Add(p, spatial.QuatRotate(s.At.Rot, x))
}

// lowest returns the point of the shape that reaches farthest against the unit vector n (world).
func (s *Solid) lowest(n r3.Vec) r3.Vec {
	return s.At.Apply(s.Shape.Lowest(spatial.QuatRotate(quat.Conj(s.At.Rot), n)))
}

// Beyond reports whether the balls around two solids are farther apart than gap. The ground under a height field has none.
func (s *Solid) Beyond(o *Solid, gap float64) bool {
	if s.isField() || o.isField() {
		return false
	}
	return spatial.Norm(spatial.Sub(s.At.Pos, o.At.Pos))-s.Shape.Extent()-o.Shape.Extent() > gap
}

func (s *Solid) isField() bool {
	return s.Shape.Kind == contact.KindTerrain && s.Shape.Terrain.IsField()
}
