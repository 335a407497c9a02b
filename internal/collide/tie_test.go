package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestContactsAreContinuous: as a box turns and slides on an equal one, through alignment of its edges and corners, and
// from one of its faces to the next, the point where it is pressed and the gap go on without jumps. So do those of
// capsules that become parallel to each other and to an edge.
func TestContactsAreContinuous(t *testing.T) {
	box, capsule := contact.Box(r3.Vec{X: 0.5, Y: 0.5, Z: 0.5}), contact.Capsule(0.1, 0.5)
	for name, at := range map[string]func(u float64) *two{
		"yaw":     func(u float64) *two { return stacked(&box, u, 0, r3.Vec{X: 0.1, Y: 0.05, Z: 1}) },
		"slide":   func(u float64) *two { return stacked(&box, 0, 0, r3.Vec{X: u, Z: 1}) },
		"oblique": func(u float64) *two { return stacked(&box, 0.02, 0, r3.Vec{X: u, Y: u / 3, Z: 1}) },
		"edge": func(u float64) *two {
			return turned(&box, r3.Vec{Y: math.Pi/4 + u/10}, r3.Vec{}, r3.Vec{X: 0.1, Y: 0.2, Z: 0.5 + math.Sqrt2/2})
		},
		"edges": func(u float64) *two {
			return turned(&box, r3.Vec{Y: math.Pi/4 + u/10}, r3.Vec{X: math.Pi / 4}, r3.Vec{X: 0.1, Y: 0.2, Z: math.Sqrt2})
		},
		"capsules": func(u float64) *two { return turned(&capsule, r3.Vec{Y: u / 4}, r3.Vec{}, r3.Vec{Y: 0.2, Z: 0.3}) },
		"opposite": func(u float64) *two {
			return turned(&capsule, r3.Vec{Y: math.Pi + u/4}, r3.Vec{}, r3.Vec{Y: 0.2, Z: 0.3})
		},
		"passing": func(u float64) *two { return turned(&capsule, r3.Vec{Y: 0.03}, r3.Vec{}, r3.Vec{Y: 0.2, Z: 1.2 * u}) },
		"along an edge": func(u float64) *two {
			p := turned(&capsule, r3.Vec{}, r3.Vec{}, r3.Vec{X: 0.1, Y: 0.6, Z: 0.6})
			p.a.At.Rot = quat.Mul(spatial.AxisAngle(r3.Unit(r3.Vec{Y: 1, Z: 1}), 0.2*u), spatial.AxisAngle(r3.Vec{Y: 1}, math.Pi/2))
			p.b.Shape, p.b.Hull = &box, hullOf(&box)
			return p
		},
		"tilt": func(u float64) *two { return stacked(&box, 0.3, 1e-3*u, r3.Vec{X: 0.2, Z: 1}) },
	} {
		const n, slope = 4000, 8 // of shapes of one meter
		worst := 0.0
		last, mean := pressed(at(-0.9))
		for i := range n {
			x, g := pressed(at(-0.9 + 1.8*float64(i+1)/n))
			d := math.Max(r3.Norm(r3.Sub(x, last)), math.Abs(g-mean)) * n / 1.8
			worst = math.Max(worst, d)
			last, mean = x, g
		}
		t.Logf("%s: slope at most %.3g", name, worst)
		if !(worst < slope) {
			t.Errorf("%s: a slope of %g", name, worst)
		}
	}
}

// TestAlignedBoxes: boxes flush on each other within 1e-12 … 1e-2 have contacts whose gaps are those of the tilt, of any size.
func TestAlignedBoxes(t *testing.T) {
	for _, size := range []float64{1e-3, 1, 1e3} {
		for _, angle := range []float64{0, 1e-12, 1e-8, 1e-6, 1e-4, 1e-2} {
			box := contact.Box(r3.Vec{X: size, Y: size, Z: size})
			p := stacked(&box, angle, angle, r3.Vec{Z: 2 * size})
			sum, least := 0.0, math.Inf(1)
			for _, c := range p.find(math.Inf(1)) {
				sum += c.Weight
				least = math.Min(least, c.Gap)
				if math.Abs(c.Gap) > 2*size*(angle+1e-15) {
					t.Errorf("size %g, angle %g: a %v contact with a gap of %g", size, angle, c.Kind, c.Gap)
				}
			}
			tol.Within(t, math.Abs(sum-1), 1e-5, "size %g, angle %g: sum of weights", size, angle)
		}
	}
}

// TestExactTies: shapes in each other's centers, corner on corner, edge on edge and in a row, without a digit of difference: everything is
// finite, weights sum to one, and boxes that overlap say so, those that do not do not.
func TestExactTies(t *testing.T) {
	steps := []float64{-1, -0.5, -0.25, 0, 0.25, 0.5, 1}
	for _, a := range []contact.Shape{contact.Sphere(0.25), contact.Capsule(0.25, 0.5), contact.Box(r3.Vec{X: 0.5, Y: 0.5, Z: 0.5})} {
		for _, b := range []contact.Shape{contact.Sphere(0.25), contact.Capsule(0.25, 0.5), contact.Box(r3.Vec{X: 0.5, Y: 0.25, Z: 0.5})} {
			for n := range 7 * 7 * 7 * 4 {
				turn := spatial.RotationVector(r3.Scale(math.Pi/2*float64(n%4), r3.Vec{X: 1}))
				p := stacked(&a, 0, 0, r3.Vec{X: steps[n/4%7], Y: steps[n/28%7], Z: steps[n/196]})
				p.a.At.Rot, p.b.Shape, p.b.Hull = turn, &b, hullOf(&b)
				sum, least := 0.0, math.Inf(1)
				for _, c := range p.find(math.Inf(1)) {
					sum += c.Weight
					least = math.Min(least, c.Gap)
				}
				tol.Within(t, math.Abs(sum-1), 1e-5, "%v and %v, case %d: sum of weights", a.Kind, b.Kind, n)
				if math.IsNaN(least) || math.IsInf(least, 0) {
					t.Errorf("%v and %v, case %d: a gap of %g", a.Kind, b.Kind, n, least)
				}
				if depth := overlap(p); a.Kind == contact.KindBox && b.Kind == contact.KindBox && (depth > 1e-9 && least >= 0 || depth < -1e-9 && least < -1e-12) {
					t.Errorf("boxes of overlap %g, case %d: a gap of %g", depth, n, least)
				}
			}
		}
	}
}

// TestFacesThatOverlapInAPoint: the corner of a plate turned by an eighth comes to the edge of another, so that three
// edges meet in a point. What rounding leaves of the overlap there has turns to the right, so its angles do not sum to
// 2π; weights sum to one all the same.
func TestFacesThatOverlapInAPoint(t *testing.T) {
	a, b := contact.Box(r3.Vec{X: 0.5, Y: 0.05, Z: 1}), contact.Box(r3.Vec{X: 0.5, Y: 0.05, Z: 0.5})
	for _, at := range []r3.Vec{{X: -1, Z: -0.5}, {X: 1, Z: -0.5}, {X: -1, Z: 0.5}, {X: 1, Z: 0.5}} {
		for k := range 8 {
			p := stacked(&a, 0, 0, at)
			p.a.At.Rot, p.b.Shape, p.b.Hull = spatial.RotationVector(r3.Vec{Z: math.Pi / 4 * float64(k)}), &b, hullOf(&b)
			sum := 0.0
			for _, c := range p.find(math.Inf(1)) {
				sum += c.Weight
			}
			tol.Within(t, math.Abs(sum-1), 1e-5, "at %v, turned by %d eighths: sum of weights", at, k)
		}
	}
}

// TestPosesThatAreNone: NaN is no contact.
func TestPosesThatAreNone(t *testing.T) {
	pairs(t, 1, func(t *testing.T, _ *rand.Rand, p *two) {
		p.b.At.Pos.Y = math.NaN()
		if c := p.find(math.Inf(1)); len(c) != 0 {
			t.Errorf("%d contacts, the first %+v", len(c), c[0])
		}
	})
}

// TestParallelCapsulesTouchAtTheirEnds: at both ends of what they have in common, with half the weight.
func TestParallelCapsulesTouchAtTheirEnds(t *testing.T) {
	capsule := contact.Capsule(0.1, 0.5)
	for _, turn := range []float64{0, math.Pi} {
		for _, z := range []float64{-0.9, -0.3, 0, 0.3, 0.9} {
			p := turned(&capsule, r3.Vec{X: turn}, r3.Vec{}, r3.Vec{Y: 0.25, Z: z})
			x, _ := pressed(p)
			tol.Within(t, r3.Norm(r3.Sub(x, r3.Vec{Y: 0.125, Z: z / 2})), 1e-12, "turned by %g, %g up: pressed", turn, z)
			found := p.find(math.Inf(1))
			if len(found) != 2 {
				t.Errorf("turned by %g, %g up: %d contacts", turn, z, len(found))
			}
			for _, c := range found {
				tol.Within(t, math.Abs(c.Gap-0.05)+math.Abs(c.Weight-0.5), 1e-12, "turned by %g, %g up: gap and weight", turn, z)
			}
		}
	}
}

// TestBallInsideABox leaves through the face it is least behind.
func TestBallInsideABox(t *testing.T) {
	rng := rand.New(rand.NewPCG(35, 36))
	ball, box := contact.Sphere(0.1), contact.Box(r3.Vec{X: 0.5, Y: 0.4, Z: 0.3})
	for range 100 {
		p := stacked(&ball, 0, 0, r3.Vec{X: 0.5 * (2*rng.Float64() - 1), Y: 0.4 * (2*rng.Float64() - 1), Z: 0.3 * (2*rng.Float64() - 1)})
		p.b.Shape, p.b.Hull = &box, hullOf(&box)
		x := p.a.At.Pos
		deep := math.Min(0.5-math.Abs(x.X), math.Min(0.4-math.Abs(x.Y), 0.3-math.Abs(x.Z)))
		found := p.find(math.Inf(1))
		if len(found) != 1 || found[0].Kind != gap.PointPlane {
			t.Fatalf("%d contacts", len(found))
		}
		tol.Within(t, math.Abs(found[0].Gap+deep+0.1), 1e-15, "gap")
	}
}

// BenchmarkFind: a box askew on a box, by the road of boxes and by that of hulls, a round rock of 32 corners on
// another, out of reach, and rollers.
func BenchmarkFind(b *testing.B) {
	rng := rand.New(rand.NewPCG(37, 38))
	box := contact.Box(r3.Vec{X: 0.5, Y: 0.4, Z: 0.3})
	points, rock := pointsOf(rng, box), []r3.Vec{}
	for range 32 {
		rock = append(rock, r3.Scale(0.3, anyAxis(rng)))
	}
	rocks := contact.Points(rock)
	can, capsule := contact.Cylinder(0.3, 0.4), contact.Capsule(0.3, 0.4)
	for name, c := range map[string]struct {
		a, b  *contact.Shape
		z     float64
		reach float64
	}{
		"boxes": {&box, &box, 0.6, 1}, "boxes apart": {&box, &box, 1.2, 0.1}, "points": {&points, &points, 0.6, 1}, "rocks": {&rocks, &rocks, 0.55, 1},
		"rocks apart": {&rocks, &rocks, 1.2, 0.1}, "can on box": {&can, &box, 0.7, 1}, "capsule on box": {&capsule, &box, 1, 1},
	} {
		b.Run(name, func(b *testing.B) {
			p := stacked(c.a, 0.3, 0.01, r3.Vec{X: 0.2, Z: c.z})
			p.b.Shape, p.b.Hull = c.b, hullOf(c.b)
			var dst []collide.Contact
			var f collide.Finder
			b.ReportAllocs()
			for range b.N {
				dst = f.Find(dst[:0], &p.a, &p.b, c.reach)
			}
			b.ReportMetric(float64(len(dst)), "contacts")
		})
	}
}
