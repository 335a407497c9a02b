package spatial

import (
	"math"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Vec is a vector in R³.
type Vec = r3.Vec

// Quat is a unit quaternion (w, x, y, z) that rotates body axes into world axes.
type Quat = quat.Number

// Identity is the quaternion of no rotation.
var Identity = Quat{Real: 1}

// Add returns a + b.
func Add(a, b Vec) Vec { return Vec{X: a.X + b.X, Y: a.Y + b.Y, Z: a.Z + b.Z} }

// Sub returns a − b.
func Sub(a, b Vec) Vec { return Vec{X: a.X - b.X, Y: a.Y - b.Y, Z: a.Z - b.Z} }

// Scale returns s a.
func Scale(s float64, a Vec) Vec { return Vec{X: s * a.X, Y: s * a.Y, Z: s * a.Z} }

// AddScaled returns a + s b.
func AddScaled(a Vec, s float64, b Vec) Vec {
	return Vec{X: a.X + s*b.X, Y: a.Y + s*b.Y, Z: a.Z + s*b.Z}
}

// Dot returns a · b.
func Dot(a, b Vec) float64 { return a.X*b.X + a.Y*b.Y + a.Z*b.Z }

// Cross returns a × b.
func Cross(a, b Vec) Vec {
	return Vec{X: a.Y*b.Z - a.Z*b.Y, Y: a.Z*b.X - a.X*b.Z, Z: a.X*b.Y - a.Y*b.X}
}

// Across returns the part of v normal to the unit vector n.
func Across(v, n Vec) Vec { return AddScaled(v, -Dot(n, v), n) }

// Norm returns the Euclidean length of a.
func Norm(a Vec) float64 { return math.Sqrt(a.X*a.X + a.Y*a.Y + a.Z*a.Z) }

// Unit returns a scaled to length one, and false when a is zero or not finite.
func Unit(a Vec) (Vec, bool) {
	n := Norm(a)
	if !(n > 0) || math.IsInf(n, 0) {
		return Vec{}, false
	}
	return Scale(1/n, a), true
}

// Bounds returns the corners of the smallest box along the axes that holds all points; zero of none.
func Bounds(points []Vec) (low, high Vec) {
	if len(points) == 0 {
		return low, high
	}
	low, high = points[0], points[0]
	for _, p := range points {
		low = Vec{X: min(low.X, p.X), Y: min(low.Y, p.Y), Z: min(low.Z, p.Z)}
		high = Vec{X: max(high.X, p.X), Y: max(high.Y, p.Y), Z: max(high.Z, p.Z)}
	}
	return low, high
}

// Finite reports whether every component of a is a finite number.
func Finite(a Vec) bool {
	s := a.X - a.X + (a.Y - a.Y) + (a.Z - a.Z) // NaN as soon as one is NaN or infinite
	return s == 0
}

// Tangents returns two unit vectors that complete the unit vector n to a right-handed frame
// (t1, t2, n). The choice is the one of Duff et al., "Building an Orthonormal Basis, Revisited",
// JCGT 6(1), 2017: continuous everywhere but at n.Z = 0⁻.
func Tangents(n Vec) (t1, t2 Vec) {
	s := math.Copysign(1, n.Z)
	a := -1 / (s + n.Z)
	b := n.X * n.Y * a
	return Vec{X: 1 + s*n.X*n.X*a, Y: s * b, Z: -s * n.X}, Vec{X: b, Y: s + n.Y*n.Y*a, Z: -n.Y}
}
