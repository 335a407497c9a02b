package distance_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// shapes are those of the fixture, and hulls with a volume and without.
func shapes() []contact.Shape {
	rng := rand.New(rand.NewPCG(7, 7))
	var cloud []r3.Vec
	for range 40 {
		cloud = append(cloud, fixture.Gauss(rng, 0.1))
	}
	return append([]contact.Shape{
		contact.Points(cloud), contact.Points([]r3.Vec{{X: 0.2}, {Y: 0.2}, {X: -0.2, Y: -0.1}}), contact.Points([]r3.Vec{{}}), contact.Cylinder(0.05, 0.4),
	}, fixture.Shapes...)
}

// couples calls f with n random placements of every two shapes, at distances from deep in each other to far apart; every third is along the
// axes, every seventh at one place.
func couples(t *testing.T, n int, f func(t *testing.T, rng *rand.Rand, a, b *distance.Solid)) {
	l := shapes()
	for i := range l {
		for j := range l {
			t.Run(fmt.Sprintf("%v%d-%v%d", l[i].Kind, i, l[j].Kind, j), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(uint64(i), uint64(j)))
				quarter := func() float64 { return math.Pi / 2 * float64(rng.IntN(4)) }
				for k := range n {
					a := distance.Solid{Shape: &l[i], At: spatial.Pose{Rot: fixture.Attitude(rng)}}
					b := distance.Solid{Shape: &l[j], At: spatial.Pose{Pos: fixture.Gauss(rng, math.Pow(10, 2*rng.Float64()-1.5)), Rot: fixture.Attitude(rng)}}
					if k%3 == 0 {
						a.At.Rot, b.At.Rot = spatial.RPY(quarter(), quarter(), quarter()), spatial.RPY(quarter(), quarter(), quarter())
						b.At.Pos = r3.Vec{X: float64(rng.IntN(9)-4) * 0.1, Y: float64(rng.IntN(9)-4) * 0.05, Z: float64(rng.IntN(9)-4) * 0.2}
					}
					if k%7 == 0 {
						b.At.Pos = a.At.Pos
					}
					f(t, rng, &a, &b)
				}
			})
		}
	}
}

// exactness is how far points and gaps may be off. What is round is a polygon that the search makes finer: outside,
// where it knows the nearest point of the core, it comes to the end, else near it; inside it may have to go all around,
// where an axis is deepest.
func exactness(a, b *contact.Shape, gap float64) (points, better float64) {
	points, better = 1e-13, 1e-13
	for _, s := range []*contact.Shape{a, b} {
		switch s.Kind {
		case contact.KindSphere, contact.KindCapsule, contact.KindBox, contact.KindPoints:
		case contact.KindCylinder:
			points = max(points, 1e-9)
			if gap < 0 {
				points, better = 5e-4, 1e-4
			}
		default:
			points, better = max(points, 2e-5), max(better, 1e-9)
			if gap < 0 {
				points, better = 5e-4, 1e-4
			}
		}
	}
	return points, better
}

func reach(s *distance.Solid, n r3.Vec) float64 { // farthest along n
	x := spatial.QuatRotate(quat.Conj(s.At.Rot), r3.Scale(-1, n))
	return r3.Dot(n, s.At.Apply(s.Shape.Lowest(x)))
}

// apart is how far the shapes are apart along n.
func apart(a, b *distance.Solid, n r3.Vec) float64 { return -reach(a, r3.Scale(-1, n)) - reach(b, n) }

// TestNearest: both points are on the surfaces, the way between them is the gap along the normal, the shapes are as far apart along it, and
// along no other direction farther: the last two together prove the gap.
func TestNearest(t *testing.T) {
	var f distance.Finder
	couples(t, 14, func(t *testing.T, rng *rand.Rand, a, b *distance.Solid) {
		x := f.Between(a, b)
		tol.Within(t, math.Abs(r3.Norm(x.Normal)-1), 1e-14, "normal")
		points, better := exactness(a.Shape, b.Shape, x.Gap)
		tol.Within(t, r3.Norm(r3.Sub(r3.Sub(x.A, x.B), r3.Scale(x.Gap, x.Normal))), points, "points of gap %g", x.Gap)
		tol.Within(t, math.Abs(apart(a, b, x.Normal)-x.Gap), 1e-14, "apart along the normal, of gap %g", x.Gap)
		for range 40 {
			n := r3.Unit(fixture.Gauss(rng, 1))
			if d := apart(a, b, n); d > x.Gap+better {
				t.Errorf("gap %g, but %g along %v", x.Gap, d, n)
			}
			n = r3.Unit(r3.Add(x.Normal, fixture.Gauss(rng, math.Pow(10, -6*rng.Float64()))))
			if d := apart(a, b, n); d > x.Gap+better {
				t.Errorf("gap %g, but %g along %v nearby", x.Gap, d, n)
			}
		}
		for _, s := range []struct {
			in *distance.Solid
			p  r3.Vec
		}{{a, x.A}, {b, x.B}} {
			for range 20 { // no plane parts a point from its shape
				n := r3.Unit(fixture.Gauss(rng, 1))
				if d := r3.Dot(n, s.p) - reach(s.in, n); d > 1e-9 {
					t.Errorf("gap %g: a point %g outside its shape", x.Gap, d)
				}
			}
		}
	})
}

// TestNoAllocation after the first calls.
func TestNoAllocation(t *testing.T) {
	var f distance.Finder
	var l [][2]distance.Solid
	couples(t, 6, func(_ *testing.T, _ *rand.Rand, a, b *distance.Solid) { l = append(l, [2]distance.Solid{*a, *b}) })
	all := func() {
		for i := range l {
			f.Between(&l[i][0], &l[i][1])
		}
	}
	all()
	if n := testing.AllocsPerRun(2, all); n > 0 {
		t.Errorf("%g allocations", n)
	}
}
