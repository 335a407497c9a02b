package contact_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

var gauss, attitude = fixture.Gauss, fixture.Attitude

var shapes = fixture.Shapes

// TestEveryShapeIsTested: tests here and of internal/collide go through the list; a kind of shape that is not on it would pass them all.
func TestEveryShapeIsTested(t *testing.T) {
	tested := map[contact.Kind]bool{contact.KindTerrain: true} // which does not move: terrain_test.go
	for _, s := range shapes {
		tested[s.Kind] = true
	}
	for k := contact.Kind(1); k.String() != "unknown"; k++ {
		if !tested[k] {
			t.Errorf("no shape in the list is a %v", k)
		}
	}
}

// surface returns points of the surface of s, and how far below all of them it may reach.
func surface(s contact.Shape) (pts []r3.Vec, coarse float64) {
	ball := func(c r3.Vec, r float64, n int) {
		for i := 0; i < n; i++ { // Fibonacci sphere: spacing ≈ r √(4π/n)
			z := 1 - (2*float64(i)+1)/float64(n)
			a, q := math.Pi*(3-math.Sqrt(5))*float64(i), math.Sqrt(1-z*z)
			pts = append(pts, r3.Add(c, r3.Scale(r, r3.Vec{X: q * math.Cos(a), Y: q * math.Sin(a), Z: z})))
		}
		coarse = 8 * r / float64(n) // sagitta of that spacing
	}
	switch s.Kind {
	case contact.KindSphere:
		ball(r3.Vec{}, s.Radius, 4000)
	case contact.KindCapsule:
		ball(r3.Vec{Z: s.HalfLength}, s.Radius, 4000)
		ball(r3.Vec{Z: -s.HalfLength}, s.Radius, 4000)
	case contact.KindBox:
		for i := 0; i < 8; i++ {
			pts = append(pts, r3.Vec{X: s.Half.X * float64(1-2*(i&1)), Y: s.Half.Y * float64(1-i&2), Z: s.Half.Z * float64(1-i&4/2)})
		}
	case contact.KindCylinder:
		for i := 0; i < 4000; i++ {
			b, a := math.Sincos(2 * math.Pi * float64(i) / 4000)
			for _, z := range []float64{-1, 1} {
				pts = append(pts, r3.Vec{X: s.Radius * a, Y: s.Radius * b, Z: z * s.HalfLength})
			}
		}
		coarse = s.Radius * 2e-6
	case contact.KindPoints:
		pts = s.Vertices
	case contact.KindEllipsoid:
		ball(r3.Vec{}, 1, 8000)
		for i, p := range pts {
			pts[i] = r3.Vec{X: s.Half.X * p.X, Y: s.Half.Y * p.Y, Z: s.Half.Z * p.Z}
		}
		coarse *= s.Extent()
	}
	return pts, coarse
}

// TestShapesMeasured compares the gap of every shape, in general poses and where faces, edges and ends lie flat, with a
// brute-force search over points of its surface.
func TestShapesMeasured(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	quarter := func() float64 { return math.Pi / 2 * float64(rng.IntN(4)) }
	for n := 0; n < 500; n++ {
		shape := shapes[n%len(shapes)]
		plane := contact.HalfSpace{Offset: rng.NormFloat64()}
		pose := spatial.Pose{Pos: gauss(rng, 1), Rot: attitude(rng)}
		plane.Normal, _ = spatial.Unit(gauss(rng, 1))
		if n%3 == 0 {
			plane.Normal, pose.Rot = r3.Vec{Z: 1}, spatial.RPY(quarter(), quarter(), quarter())
		}
		want := math.Inf(1)
		pts, coarse := surface(shape)
		for _, p := range pts {
			want = math.Min(want, r3.Dot(plane.Normal, pose.Apply(p))-plane.Offset)
		}
		if d := want - plane.Gap(&shape, pose.Pos, pose.Rot); d < -1e-12 || d > coarse+1e-12 {
			t.Errorf("%v at %v: gap off by %g from that of its surface points", shape.Kind, pose, d)
		}
	}
}

func TestShapeCheckNamesTheMistake(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, s := range []contact.Shape{
		{}, contact.Sphere(0), contact.Sphere(-1), contact.Sphere(nan), contact.Sphere(inf), contact.Capsule(1, 0), contact.Capsule(nan, 1),
		contact.Cylinder(0, 1), contact.Cylinder(1, -2), contact.Box(r3.Vec{X: 1, Y: 1}), contact.Box(r3.Vec{X: nan, Y: 1, Z: 1}),
		contact.Points(nil), contact.Ellipsoid(0, 1, 1), contact.Ellipsoid(1, 1, inf), contact.Ellipsoid(1, -1, 1), contact.Points([]r3.Vec{{X: inf}}), {Kind: 77, Radius: 1},
	} {
		if s.Check() == nil {
			t.Errorf("%+v passes its check", s)
		}
	}
	for _, s := range shapes {
		if err := s.Check(); err != nil {
			t.Error(err)
		}
	}
}
