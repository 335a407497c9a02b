package distance

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestRays: where a ray enters a shape the distance is zero along its normal, before it is positive, and a ray that
// never enters, nor starts inside, comes nowhere near negative.
func TestRays(t *testing.T) {
	var f Finder
	dot := contact.Sphere(1e-300)
	l := append([]contact.Shape{contact.Points([]r3.Vec{{}, {X: 0.3}, {Y: 0.2}, {Z: 0.4}}), contact.Cylinder(0.05, 0.4)}, fixture.Shapes...)
	for i := range l {
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		hits, misses := 0, 0
		for range 300 {
			s := Solid{&l[i], spatial.Pose{Pos: fixture.Gauss(rng, 0.3), Rot: fixture.Attitude(rng)}}
			p := fixture.Gauss(rng, 0.5)
			d := r3.Unit(r3.Add(r3.Unit(r3.Sub(s.At.Pos, p)), fixture.Gauss(rng, 0.2)))
			gap := func(at float64) float64 {
				return f.Between(&Solid{&dot, spatial.Pose{Pos: r3.Add(p, r3.Scale(at, d)), Rot: spatial.Identity}}, &s).Gap
			}
			at, n, ok := f.Ray(&s, p, d)
			if !ok {
				for k := range 40 {
					if g := gap(0.05 * float64(k)); g < -1e-9 && gap(0) > 1e-9 {
						t.Errorf("%v: a ray that is said to miss is %g inside", l[i].Kind, -g)
					}
				}
				misses++
				continue
			}
			hits++
			if gap(0) < -1e-9 {
				t.Errorf("%v: a ray from inside hits", l[i].Kind)
			}
			tol.Within(t, max(gap(at), -gap(at)), 1e-9, "%v: gap where the ray enters", l[i].Kind)
			tol.Within(t, r3.Dot(n, n)-1, 1e-12, "%v: normal", l[i].Kind)
			for k := range 10 {
				if g := gap(at * float64(k) / 10); g < 1e-9 {
					t.Errorf("%v: gap %g before the ray enters", l[i].Kind, g)
				}
			}
			// the normal is that of the distance a little before
			x := f.Between(&Solid{&dot, spatial.Pose{Pos: r3.Add(p, r3.Scale(at-1e-6, d)), Rot: spatial.Identity}}, &s)
			tol.Within(t, r3.Norm(r3.Sub(x.Normal, n)), 1e-3, "%v: normal where the ray enters", l[i].Kind)
		}
		if flat := l[i].Kind == contact.KindPoints && len(l[i].Vertices) < 3; hits < 20 && !flat || misses < 20 {
			t.Errorf("%v: %d rays hit, %d miss", l[i].Kind, hits, misses)
		}
	}
}

func TestRayPlane(t *testing.T) {
	h := contact.HalfSpace{Normal: r3.Vec{Z: 1}, Offset: 0.5}
	if at, n, ok := RayPlane(&h, r3.Vec{Z: 2}, r3.Vec{X: 0.6, Z: -0.8}); !ok || at != 1.5/0.8 || n != h.Normal {
		t.Errorf("at %g, normal %v, %v", at, n, ok)
	}
	for _, r := range [][2]r3.Vec{{{Z: 0.4}, {Z: -1}}, {{Z: 0.4}, {Z: 1}}, {{Z: 1}, {X: 1}}, {{Z: 1}, {Z: 1}}} {
		if at, _, ok := RayPlane(&h, r[0], r[1]); ok {
			t.Errorf("%v hits at %g", r, at)
		}
	}
}

// TestRaysMeetTheWallsOfDeepGround: the ground under a height field is solid, and a ray from the side meets it below
// its rim, as bodies do, and does not from within. Rays went on under it.
func TestRaysMeetTheWallsOfDeepGround(t *testing.T) {
	field := contact.HeightField(3, 3, 0.5, 0.5, []float64{0, 0.1, 0, 0.1, 0.2, 0.1, 0, 0.1, 0})
	s := Solid{Shape: &field, At: spatial.Pose{Pos: r3.Vec{Z: 0.3}, Rot: spatial.Identity}}
	var f Finder
	for _, depth := range []float64{0.01, 0.5, 3} {
		for _, d := range []r3.Vec{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}} {
			from := r3.Add(r3.Scale(-2, d), r3.Vec{Z: 0.3 - depth})
			at, n, ok := f.Ray(&s, from, d)
			if !ok || math.Abs(at-1.5) > 1e-12 || r3.Norm(r3.Add(n, d)) > 1e-12 {
				t.Errorf("%g m below the rim along %v: %v %g, normal %v, want 1.5 m and back", depth, d, ok, at, n)
			}
			if _, _, ok := f.Ray(&s, r3.Vec{Z: 0.3 - depth}, d); ok {
				t.Errorf("a ray from inside, %g m below the rim along %v, enters", depth, d)
			}
		}
	}
}
