package distance_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// fineField returns 31 by 31 heights, 2 cm apart, of that deviation in cells.
func fineField(rng *rand.Rand, rough float64) contact.Shape {
	h := make([]float64, 31*31)
	for i := range h {
		h[i] = 0.02 * rough * rng.NormFloat64()
	}
	return contact.HeightField(31, 31, 0.02, 0.02, h)
}

var overFine = []contact.Shape{
	contact.Sphere(0.1), contact.Capsule(0.05, 0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.01}), contact.Cylinder(0.1, 0.01), contact.Ellipsoid(0.1, 0.07, 0.04),
	contact.Points([]r3.Vec{{X: 0.1, Y: 0.1, Z: -0.05}, {X: -0.1, Y: 0.08, Z: -0.05}, {Y: -0.12, Z: -0.06}, {Z: 0.1}}),
}

// TestDistanceOfTerrainIsTheLeastOfItsTriangles, to what rounding leaves of a micrometer: of shapes over fine ground,
// flat on it, tilted, near and far, it is that of the nearest triangle, each asked alone: those that are given up early
// are farther.
func TestDistanceOfTerrainIsTheLeastOfItsTriangles(t *testing.T) {
	var f, one distance.Finder
	rng := rand.New(rand.NewPCG(21, 22))
	for _, rough := range []float64{0, 0.1, 1} {
		field := fineField(rng, rough)
		g := field.Terrain.Ground()
		for i := range overFine {
			for k := range 8 {
				a := distance.Solid{Shape: &overFine[i], At: spatial.Pose{Pos: r3.Vec{X: 0.3 * (rng.Float64() - 0.5), Y: 0.3 * (rng.Float64() - 0.5), Z: 0.5}, Rot: spatial.RPY(0, 0, rng.Float64())}}
				if k%2 == 0 {
					a.At.Rot = spatial.RPY(3*rng.Float64(), 3*rng.Float64(), 3*rng.Float64())
				}
				b := distance.Solid{Shape: &field, At: spatial.IdentityPose}
				gap := []float64{1e-6, 1e-5, 0.01, 0.1}[k%4]
				for range 30 {
					a.At.Pos.Z -= f.Between(&a, &b).Gap - gap
				}
				x, least := f.Between(&a, &b), math.Inf(1)
				for j := range g.Faces {
					v := g.Faces[j].Vertex
					s := contact.Points([]r3.Vec{g.Vertices[v[0]], g.Vertices[v[1]], g.Vertices[v[2]]})
					if math.Abs(g.Faces[j].Normal.Z) > 1e-9 { // no wall
						least = math.Min(least, one.Between(&a, &distance.Solid{Shape: &s, At: spatial.IdentityPose}).Gap)
					}
				}
				if math.Abs(x.Gap-least) > 1e-11 || math.Abs(x.Gap-r3.Dot(x.Normal, r3.Sub(x.A, x.B))) > 1e-9 {
					t.Errorf("rough %g, %v: %g away, the nearest triangle %g", rough, overFine[i].Kind, x.Gap, least)
				}
			}
		}
	}
}

// BenchmarkFineTerrain times the distance of shapes 10 µm over fine ground.
func BenchmarkFineTerrain(b *testing.B) {
	for _, rough := range []float64{0, 0.1} {
		field := fineField(rand.New(rand.NewPCG(1, 1)), rough)
		on := distance.Solid{Shape: &field, At: spatial.IdentityPose}
		for i := range overFine {
			name := overFine[i].Kind.String() + " on flat"
			if rough > 0 {
				name = overFine[i].Kind.String() + " on rough"
			}
			b.Run(name, func(b *testing.B) {
				var f distance.Finder
				a := distance.Solid{Shape: &overFine[i], At: spatial.Pose{Pos: r3.Vec{X: 0.013, Y: 0.007, Z: 0.5}, Rot: spatial.RPY(0, 0, 0.3)}}
				for range 30 {
					a.At.Pos.Z -= f.Between(&a, &on).Gap - 1e-5
				}
				for b.Loop() {
					f.Between(&a, &on)
				}
			})
		}
	}
}
