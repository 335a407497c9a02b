package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Feature is a thing on a body that can touch, thickened by its radius (an oval on a half-space by none), in body axes
// relative to the body frame. What it is, is for those to say who use it.
type Feature struct {
	Center r3.Vec  // a point, a point of a line, the center of a rim's disk, a point from which a plane is measured (m)
	Axis   r3.Vec  // unit: along a line, normal to a rim's disk, out of the solid of a plane; zero for a point
	Radius float64 // of the ball around a point or line (0 for a vertex or an edge), of a rim, of a plane its distance from the center (m)
	Oval   Oval    // of an ellipsoid; zero for all else
}

// HalfSpace returns the plane that bounds the solid n·x ≤ offset.
func HalfSpace(n r3.Vec, offset float64) Feature { return Feature{Axis: n, Radius: offset} }

// IsRim reports whether f, a feature that touches a plane, is a rim rather than a point.
func (f *Feature) IsRim() bool { return f.Axis != r3.Vec{} }

// IsOval reports whether f is an ellipsoid.
func (f *Feature) IsOval() bool { return f.Oval.is() }

// Finite reports whether all numbers of f are finite.
func (f *Feature) Finite() bool {
	return spatial.Finite(f.Center) && spatial.Finite(f.Axis) && f.Radius-f.Radius == 0 && f.Oval.trace()-f.Oval.trace() == 0
}

// Frame is where a body is at knot 2: the origin of its frame about O, and its axes. Those of the world are never asked for.
type Frame struct {
	Pos r3.Vec
	Rot *spatial.Mat3
}

// turn returns a vector of the body in world axes, at a point of it about O.
func (f *Frame) turn(v r3.Vec) r3.Vec {
	if f.Rot == nil {
		return v
	}
	return f.Rot.MulVec(v)
}

func (f *Frame) at(x r3.Vec) r3.Vec { return spatial.Add(f.Pos, f.turn(x)) }
