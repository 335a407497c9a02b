package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// hilly returns ground of 0.1 m cells: rough by that deviation, or stairs if it is negative.
func hilly(rng *rand.Rand, size float64) contact.Shape {
	const n = 15
	h := make([]float64, n*n)
	for i := range h {
		if h[i] = size * rng.NormFloat64(); size < 0 {
			h[i] = 0.05 * math.Round(float64(i%n)/3)
		}
	}
	return contact.HeightField(n, n, 0.1, 0.1, h)
}

// onHills returns a shape over that ground: every other one at random, else nearly upright.
func onHills(rng *rand.Rand, s, field *contact.Shape, k int) *two {
	q := quat.Number{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()}
	q = quat.Scale(1/quat.Abs(q), q)
	if k%2 == 1 {
		tilt := []float64{1e-4, 1e-2, 0.05, 0.2}[k/2%4]
		q = quat.Mul(spatial.RotationVector(r3.Vec{X: tilt * rng.NormFloat64(), Y: tilt * rng.NormFloat64()}), spatial.RotationVector(r3.Vec{Z: 6 * rng.Float64()}))
	}
	at := spatial.Pose{Pos: r3.Vec{X: 0.6 * (rng.Float64() - 0.5), Y: 0.6 * (rng.Float64() - 0.5), Z: 1}, Rot: q}
	return &two{
		collide.Collider{Shape: s, Hull: hullOf(s), Pose: spatial.IdentityPose, At: at},
		collide.Collider{Index: 1, Body: gap.World, Shape: field, Hull: hullOf(field), Pose: spatial.IdentityPose, At: spatial.IdentityPose},
	}
}

// lower lets A down until it is that far from B, by distances alone, and reports whether it got there.
func (p *two) lower(f *distance.Finder, far float64) (gap float64, ok bool) {
	for range 16 {
		x := f.Between(&distance.Solid{Shape: p.a.Shape, At: p.a.At}, &distance.Solid{Shape: p.b.Shape, At: p.b.At})
		if gap = x.Gap; math.Abs(gap-far) < 1e-6 {
			p.a.Seen = p.a.Middle()
			return gap, true
		}
		p.a.At.Pos.Z -= gap - far
	}
	return gap, false
}

// TestCansTouchTerrainWhereTheyAreNearest: of cans and disks some micrometers over rough ground and stairs the least
// gap of a contact is their distance from it. The prism that stood for them was up to 6 mm (3 % of the radius) farther,
// in a third of all poses by 0.1 mm or more, and the side reached 4 cm beyond its ends where a ridge ran along it.
func TestCansTouchTerrainWhereTheyAreNearest(t *testing.T) {
	var f distance.Finder
	for _, size := range []float64{0, 1e-3, 0.05, 0.1, -1} {
		rng := rand.New(rand.NewPCG(1, 1))
		field := hilly(rng, size)
		for _, s := range []contact.Shape{contact.Cylinder(0.1, 0.07), contact.Cylinder(0.2, 0.02), contact.Cylinder(0.03, 0.2)} {
			far, near, seen := 0.0, 0.0, 0
			for k := range 30 {
				p := onHills(rng, &s, &field, k)
				d, ok := p.lower(&f, 2e-5*rng.Float64())
				if !ok {
					continue
				}
				least := math.Inf(1)
				for _, c := range p.find(0.05) {
					least = math.Min(least, c.Gap)
				}
				far, near, seen = math.Max(far, least-d), math.Max(near, d-least), seen+1
			}
			t.Logf("%v by %v on %g: of %d contacts are %.2g too far, %.2g too near", s.Radius, s.HalfLength, size, seen, far, near)
			flat := 1e-4 * s.Radius // what the point of a rim fades by where it lies flat
			if size > 0 {
				flat = 0
			}
			tol.Within(t, far, flat+1e-9, "a can of %g by %g on %g: contacts too far", s.Radius, s.HalfLength, size)
			tol.Within(t, near, 1e-5*s.Radius, "a can of %g by %g on %g: contacts too near", s.Radius, s.HalfLength, size)
			if seen < 15 {
				t.Errorf("only %d poses", seen)
			}
		}
	}
}

// TestDerivativesOfRimsOnRidges: gaps and weights of cans on rough ground follow their pose and sizes as differences
// say, whether their rims cross ridges, lean on them, or graze them, and where ridges run along them.
func TestDerivativesOfRimsOnRidges(t *testing.T) {
	var f distance.Finder
	var all tally
	kinds := map[string]int{}
	for _, size := range []float64{0.01, 0.05, -1} {
		rng := rand.New(rand.NewPCG(2, 2))
		field := hilly(rng, size)
		for _, s := range []contact.Shape{contact.Cylinder(0.1, 0.07), contact.Cylinder(0.2, 0.02), contact.Cylinder(0.03, 0.2)} {
			for k := range 20 {
				p := onHills(rng, &s, &field, k)
				if _, ok := p.lower(&f, 1e-3*rng.Float64()); !ok {
					continue
				}
				if k%4 == 0 { // on its side, nearly along the ridges of stairs
					p.a.At.Rot = quat.Mul(spatial.AxisAngle(r3.Vec{Z: 1}, 0.05+0.03*rng.NormFloat64()), spatial.AxisAngle(r3.Vec{X: 1}, math.Pi/2+0.02*rng.NormFloat64()))
				}
				for _, c := range p.find(0.01) {
					kinds[c.Kind.String()]++
				}
				all.differ(t, p, 3e-7)
			}
		}
	}
	t.Logf("%d derivatives, %d across changes of features; kinds %v", all.seen, all.gone, kinds)
	if all.seen < 20000 || all.gone > all.seen/20 {
		t.Errorf("%d derivatives, %d across changes of features", all.seen, all.gone)
	}
}
