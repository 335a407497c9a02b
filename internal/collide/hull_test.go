package collide_test

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// pointsOf returns a box as points, with some that are no corners, in a random order.
func pointsOf(rng *rand.Rand, s contact.Shape) contact.Shape {
	if s.Kind != contact.KindBox {
		return s
	}
	h := s.Half
	l := []r3.Vec{{X: h.X}, {}, {X: h.X, Y: h.Y}, {X: h.X, Y: h.Y, Z: -h.Z}}
	for i := range 8 {
		l = append(l, r3.Vec{X: h.X * float64(1-i&1*2), Y: h.Y * float64(1-i>>1&1*2), Z: h.Z * float64(1-i>>2&1*2)})
	}
	rng.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
	return contact.Points(l)
}

// TestBoxIsAHull: a box touches others as the convex hull of its corners does (mujoco#2110, #1665): boxes, which have a road of their own,
// balls, which have too, and capsules; apart, flush to within 1e-9 … 0.05 rad, and deep.
func TestBoxIsAHull(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	quarter := func() float64 { return math.Pi / 4 * float64(rng.IntN(8)) }
	near := 0
	for n := range 6000 {
		a := []contact.Shape{contact.Box(r3.Vec{X: 0.2, Y: 0.3, Z: 0.4}), contact.Sphere(0.2), contact.Capsule(0.1, 0.3)}[n%3]
		b := contact.Box(r3.Vec{X: 0.5, Y: 0.35, Z: 0.3})
		p := stacked(&a, 0, 0, gauss(rng, 0.35))
		p.b.Shape, p.b.Hull = &b, hullOf(&b)
		for _, c := range []*collide.Collider{&p.a, &p.b} {
			tilt := []float64{1e-9, 1e-6, 1e-3, 0.05, 1}[rng.IntN(5)]
			c.At.Rot = quat.Mul(spatial.RotationVector(gauss(rng, tilt)), spatial.RPY(quarter(), quarter(), quarter()))
		}
		q := *p
		pa, pb := pointsOf(rng, a), pointsOf(rng, b)
		q.a.Shape, q.a.Hull, q.b.Shape, q.b.Hull = &pa, hullOf(&pa), &pb, hullOf(&pb)
		x, y := p.find(math.Inf(1)), q.find(math.Inf(1))
		if len(x) > 1 {
			near++
		}
		at, mean := pressed(p)
		at2, mean2 := pressed(&q)
		least := func(l []collide.Contact) float64 {
			g := math.Inf(1)
			for _, c := range l {
				g = math.Min(g, c.Gap)
			}
			return g
		}
		d := r3.Norm(r3.Sub(at, at2)) + math.Abs(mean-mean2) + math.Abs(least(x)-least(y))
		if len(x) != len(y) || d > 1e-9 {
			t.Errorf("case %d, %v: %d contacts and %d, pressed %g m apart", n, a.Kind, len(x), len(y), d)
		}
	}
	if near < 1500 {
		t.Errorf("only %d cases have several contacts", near)
	}
}

// TestDegenerateHulls: points in a plane have two faces, those on a line are a capsule without radius, those in one
// place a ball without one; too many are refused by name.
func TestDegenerateHulls(t *testing.T) {
	crowd := contact.Points(make([]r3.Vec, 5000))
	if _, err := collide.HullOf(&crowd); err == nil || !strings.Contains(err.Error(), "points: ") {
		t.Errorf("a crowd: %v", err)
	}
	for name, c := range map[string]struct {
		points []r3.Vec
		as     contact.Shape
	}{
		"one":       {[]r3.Vec{{}}, contact.Sphere(1e-12)},
		"one twice": {[]r3.Vec{{}, {}}, contact.Sphere(1e-12)},
		"two":       {[]r3.Vec{{Z: 0.2}, {Z: -0.2}}, contact.Capsule(1e-12, 0.2)},
		"a line":    {[]r3.Vec{{}, {Z: 0.1}, {Z: 0.2}, {Z: -0.2}, {Z: 0.2}}, contact.Capsule(1e-12, 0.2)},
	} {
		rng := rand.New(rand.NewPCG(61, 62))
		points := contact.Points(c.points)
		others := append([]contact.Shape{points}, solids...)
		for n := range 600 {
			other := &others[n%len(others)]
			p := stacked(&points, 0, 0, gauss(rng, 0.3))
			p.a.At.Rot = attitude(rng)
			p.b.Shape, p.b.Hull = other, hullOf(other)
			q := *p
			q.a.Shape, q.a.Hull = &c.as, hullOf(&c.as)
			if other.Kind == contact.KindCylinder || other.Kind == contact.KindCapsule && c.as.Kind == contact.KindCapsule {
				continue // has a road of its own
			}
			_, x := pressed(p)
			_, y := pressed(&q)
			tol.Within(t, math.Abs(x-y), 1e-9, "%s and %v: mean gap", name, other.Kind)
		}
	}
	// a ball on a plate without thickness, from both sides, and the plate on a box
	plate := contact.Points([]r3.Vec{{X: 0.5, Y: 0.4}, {X: -0.5, Y: 0.4}, {X: -0.5, Y: -0.4}, {X: 0.5, Y: -0.4}, {X: 0.1}})
	ball, box := contact.Sphere(0.1), contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.5})
	for _, up := range []float64{1, -1} {
		p := stacked(&ball, 0, 0, r3.Vec{X: 0.2, Y: 0.1, Z: 0.3 * up})
		p.b.Shape, p.b.Hull = &plate, hullOf(&plate)
		c := p.find(math.Inf(1))
		if len(c) != 1 || c[0].Kind != gap.PointPlane || math.Abs(c[0].Gap-0.2) > 1e-15 {
			t.Errorf("a ball on a plate: %+v", c)
		}
		p = stacked(&plate, 0.3, 0, r3.Vec{X: 0.1, Z: 0.51 * up})
		p.b.Shape, p.b.Hull = &box, hullOf(&box)
		c = p.find(math.Inf(1))
		at, mean := pressed(p)
		tol.Within(t, math.Abs(mean-0.01)+r3.Norm(r3.Sub(at, r3.Vec{X: 0.1, Z: 0.51 * up})), 1e-9, "a plate on a box")
		if len(c) != 4 {
			t.Errorf("a plate on a box has %d contacts", len(c))
		}
	}
}

// TestPlatesThatOverlapMoreThanHalf: thin plates deeper in each other than half their thickness leave through the thin side (mujoco#1800).
func TestPlatesThatOverlapMoreThanHalf(t *testing.T) {
	rng := rand.New(rand.NewPCG(53, 54))
	box := contact.Box(r3.Vec{X: 0.5, Y: 0.5, Z: 0.005})
	for _, s := range []contact.Shape{box, pointsOf(rng, box), contact.Cylinder(0.5, 0.005)} {
		for _, depth := range []float64{0.001, 0.004, 0.006, 0.009} {
			p := stacked(&s, 0.2, 0, r3.Vec{X: 0.1, Z: 0.01 - depth})
			_, mean := pressed(p)
			tol.Within(t, math.Abs(mean+depth), 1e-12, "%v %g deep", s.Kind, depth)
		}
	}
}

// TestSizesOfBoxes: a box on one of half size 1e-3 … 1e3 m is as deep as it is (mujoco_warp#1430), and all corners are kept.
func TestSizesOfBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(55, 56))
	for _, size := range []float64{1e-3, 0.1, 10, 1e3} {
		small, large := contact.Box(r3.Vec{X: size / 20, Y: size / 20, Z: size / 20}), contact.Box(r3.Vec{X: size, Y: size, Z: size})
		for range 20 {
			depth := size * 1e-4 * rng.Float64()
			p := stacked(&small, rng.Float64(), 0, r3.Vec{X: size / 3, Z: 1.05*size - depth})
			for hull := range 2 {
				b := large
				if hull == 1 {
					b = pointsOf(rng, large)
				}
				p.b.Shape, p.b.Hull = &b, hullOf(&b)
				c := p.find(math.Inf(1))
				if len(c) != 4 {
					t.Errorf("size %g: %d contacts", size, len(c))
				}
				for i := range c {
					tol.Within(t, math.Abs(c[i].Gap+depth)/size, 1e-14, "size %g: depth", size)
				}
			}
		}
	}
}

// TestTiltedByNothing: a shape flush on another, tilted by 1e-12 … 1e-2, is pressed at the same place, with a mean gap
// that goes on with the tilt (mujoco#2471).
func TestTiltedByNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(57, 58))
	box := contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.1})
	for _, s := range []contact.Shape{box, pointsOf(rng, box), contact.Cylinder(0.2, 0.1)} {
		large := contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.1})
		for _, tilt := range []float64{0, 1e-12, 1e-9, 1e-6, 1e-4, 1e-2} {
			p := stacked(&s, 0.3, tilt, r3.Vec{X: 0.1, Y: 0.05, Z: 0.2})
			p.b.Shape, p.b.Hull = &large, hullOf(&large)
			at, mean := pressed(p)
			tol.Within(t, r3.Norm(r3.Sub(at, r3.Vec{X: 0.1, Y: 0.05, Z: 0.1}))+math.Abs(mean), tilt+1e-12, "%v tilted by %g", s.Kind, tilt)
		}
	}
}

// TestAnyPoses: 200 000 pairs of all shapes, a third of them aligned exactly, some with one center, have contacts whose
// weights sum to one and that are all finite. UKEMI_POSES is another number of pairs; 10⁷ were tried.
func TestAnyPoses(t *testing.T) {
	rng := rand.New(rand.NewPCG(59, 60))
	quarter := func() float64 { return math.Pi / 2 * float64(rng.IntN(4)) }
	hulls := map[*contact.Shape]*collide.Hull{}
	for i := range solids {
		hulls[&solids[i]] = hullOf(&solids[i])
	}
	pairs := 200000
	if n, err := strconv.Atoi(os.Getenv("UKEMI_POSES")); err == nil {
		pairs = n
	}
	var f collide.Finder
	var dst []collide.Contact
	for n := range pairs {
		var p two
		for i, c := range []*collide.Collider{&p.a, &p.b} {
			s := &solids[(n/[2]int{1, len(solids)}[i])%len(solids)]
			*c = collide.Collider{Index: i, Body: i, Shape: s, Hull: hulls[s], Pose: spatial.IdentityPose, At: spatial.Pose{Pos: gauss(rng, 0.4), Rot: attitude(rng)}}
			if n/36%3 == 0 {
				c.At = spatial.Pose{Pos: r3.Vec{X: 0.1 * float64(rng.IntN(5)), Y: 0.1 * float64(rng.IntN(5)), Z: 0.1 * float64(rng.IntN(5))}, Rot: spatial.RPY(quarter(), quarter(), quarter())}
			}
			if n/108%10 == 0 {
				c.At.Pos = r3.Vec{}
			}
		}
		dst = f.Find(dst[:0], &p.a, &p.b, math.Inf(1))
		sum, mean := 0.0, 0.0
		for i := range dst {
			sum += dst[i].Weight
			mean += dst[i].Weight * dst[i].Gap
		}
		if !(math.Abs(sum-1) < 1e-4) || math.IsNaN(mean) || math.IsInf(mean, 0) {
			t.Errorf("case %d, %v and %v: weights sum to %g, mean gap %g, %d contacts", n, p.a.Shape.Kind, p.b.Shape.Kind, sum, mean, len(dst))
		}
	}
}

// TestHullsLeanOnFaces: the gap at which a hull rests on a face that leans by 0 to 86 degrees has no jumps, neither as
// faces nor as edges and corners come to carry. It rests where its contacts, by their weights, push as much as it
// weighs: Σ w κℓ n/gap = 1.
func TestHullsLeanOnFaces(t *testing.T) {
	const kappa, n, all = 1e-2, 600, 86 * math.Pi / 180
	rng := rand.New(rand.NewPCG(71, 72))
	floor := contact.Box(r3.Vec{X: 2, Y: 2, Z: 0.5})
	for _, s := range []contact.Shape{contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.1}), pointsOf(rng, contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.1})), shapeOf(rng, contact.KindPoints, r3.Vec{X: 0.3, Y: 0.2, Z: 0.25}), contact.Cylinder(0.2, 0.1), contact.Capsule(0.1, 0.2)} {
		for _, axis := range []r3.Vec{{X: 1}, {Y: 1}, r3.Unit(r3.Vec{X: 1, Y: 0.3})} {
			worst, last, at := 0.0, 0.0, 0.0
			for i := range n + 1 {
				lean := all * float64(i) / n
				p := stacked(&s, 0, 0, r3.Vec{})
				p.a.At.Rot = quat.Mul(spatial.AxisAngle(axis, lean), spatial.AxisAngle(r3.Vec{Z: 1}, 0.2))
				p.b.Shape, p.b.Hull = &floor, hullOf(&floor)
				gap := p.restGap(kappa)
				if d := math.Abs(gap - last); i > 0 && d > worst {
					worst, at = d, lean*180/math.Pi
				}
				last = gap
			}
			// from a face to an edge to a corner it goes from κ to κ/2 and κ/4 as they lean by more than κ; a set that
			// changes at once would jump by κ/4 and more
			t.Logf("%v about %.1f: the rest gap changes by %.1e κ at most from step to step (at %.2f°)", s.Kind, axis, worst/kappa, at)
			tol.Within(t, worst/kappa, s.Extent()*all/n/kappa+0.02, "%v about %.1f, at %.2f°: jump of the rest gap", s.Kind, axis, at)
		}
	}
}

// restGap returns how far over b, which is flat there, a rests along z.
func (p *two) restGap(kappa float64) float64 {
	p.a.At.Pos = r3.Vec{}
	up := r3.Vec{Z: 1}
	touch := -p.along(up) // where it touches
	lo, hi := 0.0, 10*kappa
	for range 40 {
		mid := (lo + hi) / 2
		p.a.At.Pos = r3.Scale(touch+mid, up)
		var ra, rb spatial.Mat3
		ra.Set(p.a.At.Rot)
		rb.Set(p.b.At.Rot)
		push := 0.0
		for _, c := range p.find(math.Inf(1)) {
			var m gap.Meeting
			m.Place(&c.Pair, &gap.Frame{Pos: p.a.At.Pos, Rot: &ra}, &gap.Frame{Pos: p.b.At.Pos, Rot: &rb}, false)
			if c.Gap > 0 {
				push += c.Weight * kappa * m.N.Z / c.Gap
			} else {
				push = math.Inf(1)
			}
		}
		if push > 1 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
