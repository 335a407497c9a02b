package collide_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestACanLiesOnTheEndOfAnother: of a can that lies on the end of another its side is on the end as it is, whichever is
// the first of the two. Where it was the second, a prism stood for it, half a percent of the radius inside, and a rim
// with a thousandth of the weight for the end: of two cans thrown at each other with 6 m/s a step of 10 ms could not be
// solved, nor its halves, and ended with 7.7 times the energy.
func TestACanLiesOnTheEndOfAnother(t *testing.T) {
	can := contact.Cylinder(0.15, 0.1)
	for _, tilt := range []float64{0, 1e-9, 1e-4, 1e-3, 0.003} {
		lying := spatial.RotationVector(r3.Vec{Y: math.Pi/2 + tilt})
		at := r3.Vec{X: 0.02, Y: 0.03, Z: 0.1 + 0.15}
		p := turned(&can, r3.Vec{Y: math.Pi/2 + tilt}, r3.Vec{}, at)
		q := stacked(&can, 0, 0, r3.Vec{})
		q.b.At = spatial.Pose{Pos: at, Rot: lying}
		here, mean := pressed(p)
		there, other := pressed(q)
		tol.Within(t, r3.Norm(r3.Sub(here, there))+math.Abs(mean-other), 1e-12, "tilt %g: pressed with the sides exchanged", tilt)
		least, weights := math.Inf(1), map[gap.Kind]float64{}
		for _, c := range q.find(math.Inf(1)) {
			least = math.Min(least, c.Gap)
			weights[c.Kind] += c.Weight
		}
		tol.Within(t, math.Abs(least+0.1*math.Sin(tilt)), 1e-6, "tilt %g: the least gap of %v", tilt, weights)
	}
}

// TestAnAxisThroughAnEdge: a can whose axis runs through a box a little inside an edge is pushed out over that edge.
// Where the axis was nearest to the edge, the normal from the edge to the axis pointed into the box, against that of
// all other contacts: of 2000 throws three could not be solved.
func TestAnAxisThroughAnEdge(t *testing.T) {
	can, box := contact.Cylinder(0.15, 0.1), contact.Box(r3.Vec{X: 0.2, Y: 0.15, Z: 0.1})
	out := r3.Unit(r3.Vec{X: 1, Z: 1})
	for _, inside := range []float64{1e-9, 1e-3, 3e-3, -1e-3} {
		for _, yaw := range []float64{0, 0.3} { // the axis lies across the edge, or nearly
			p := turned(&can, r3.Vec{}, r3.Vec{}, r3.Sub(r3.Vec{X: 0.2, Y: 0.01, Z: 0.1}, r3.Scale(inside, out)))
			p.a.At.Rot = quat.Mul(spatial.AxisAngle(out, yaw), spatial.RotationVector(r3.Vec{Y: 3 * math.Pi / 4}))
			p.b.Shape, p.b.Hull = &box, hullOf(&box)
			p.meet(func(c *collide.Contact, m *gap.Meeting) {
				if r3.Dot(m.N, out) < 0.1 && c.Weight > 1e-3 {
					t.Errorf("%g inside, yaw %g: a %v contact with weight %.2g pushes along %.3f, out is %.3f", inside, yaw, c.Kind, c.Weight, m.N, out)
				}
			})
		}
	}
}

// TestARimLetsGoOfWhatLiesOnTheEnd: what lies level across the end of a can is not held by its rim, whose nearest point
// then runs round it within a ten thousandth of a radian: a thousandth of the weight was left to it. 14 400 throws of
// all shapes at each other then had one that failed, and gains of 650 and 44 %.
func TestARimLetsGoOfWhatLiesOnTheEnd(t *testing.T) {
	can, rod := contact.Cylinder(0.2, 0.01), contact.Capsule(0.1, 0.2)
	for _, tilt := range []float64{0, 1e-6, 1e-4, 1e-3} {
		for _, swap := range []bool{false, true} {
			p := stacked(&rod, 0, 0, r3.Vec{})
			p.b.Shape, p.b.Hull = &can, hullOf(&can)
			p.a.At = spatial.Pose{Pos: r3.Vec{X: 0.15, Y: 0.02, Z: 0.11 + 1e-4}, Rot: spatial.RotationVector(r3.Vec{Y: math.Pi/2 + tilt})}
			if swap {
				p.a, p.b = p.b, p.a
			}
			found := p.find(math.Inf(1))
			for _, c := range found {
				if c.Kind == gap.LineOval || c.Kind == gap.OvalLine {
					if c.Weight > 1e-5 {
						t.Errorf("tilt %g: a %v contact with weight %.2g", tilt, c.Kind, c.Weight)
					}
				}
			}
			if len(found) < 2 {
				t.Errorf("tilt %g: %d contacts", tilt, len(found))
			}
		}
	}
}

// TestARimOnASteepEdgeIsExact: where a rim is nearest to an edge that is steep on its plane, the least gap is what a
// sweep over directions says; it was that of a disk a ten thousandth of the radius too small, and before that of a
// prism of 32 sides, up to half a percent of the radius off.
func TestARimOnASteepEdgeIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(81, 82))
	can, box := contact.Cylinder(0.15, 0.1), contact.Box(r3.Vec{X: 0.2, Y: 0.2, Z: 0.3})
	seen, worst := 0, 0.0
	for range 4000 {
		// the can over the middle of an edge along z, turned so that a rim is nearest to it
		p := turned(&can, r3.Vec{}, r3.Vec{}, r3.Add(r3.Vec{X: 0.3, Y: 0.3}, gauss(rng, 0.05)))
		p.a.At.Rot = attitude(rng)
		p.b.Shape, p.b.Hull = &box, hullOf(&box)
		if axis := spatial.QuatRotate(p.a.At.Rot, r3.Vec{Z: 1}); math.Abs(axis.Z) < 0.2 {
			continue
		}
		all := p.find(math.Inf(1))
		if len(all) != 1 || all[0].Kind != gap.OvalLine {
			continue
		}
		seen++
		d, _ := p.sweep(400)
		worst = math.Max(worst, math.Abs(all[0].Gap-d))
	}
	t.Logf("%d poses, off by %.1e m at most", seen, worst)
	tol.Within(t, worst, 1e-6*can.Radius, "the gap of a rim on an edge")
	if seen < 200 {
		t.Errorf("only %d poses", seen)
	}
}

// TestRimsOfCansAreExact: of two cans at random, a little apart or in each other, the deepest contact is as deep as a
// sweep over directions says: rims on ends (but for how blunt they are where they lie flat), on sides and on each
// other. The disks in rims were a ten thousandth of the radius too small, twice that on each other. A prism of 32 sides
// stood for rims on ends, as the disks in the rims were as near as the end, and for rims on each other: half a percent
// of the radius off, and 1.3 % where they are apart.
func TestRimsOfCansAreExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(83, 84))
	can := contact.Cylinder(0.15, 0.1)
	seen, worst := map[string]int{}, map[string]float64{}
	for n := range 1500 {
		p := turned(&can, r3.Vec{}, r3.Vec{}, r3.Vec{})
		p.a.At.Rot = attitude(rng)
		dir := anyAxis(rng)
		p.a.At.Pos = spatial.Across(gauss(rng, 0.1), dir)
		want := []float64{0.02, -0.02}[n%2] * can.Radius * rng.Float64()
		d := 0.0
		for range 6 { // to where they are that far apart
			var along r3.Vec
			if d, along = p.sweep(60); math.Abs(d-want) > 1e-9 {
				p.a.At.Pos = r3.Add(p.a.At.Pos, r3.Scale(want-d, along))
			}
		}
		d, along := p.sweep(200)
		if math.Abs(d-want) > 1e-5 { // none of these
			continue
		}
		parts := []string{partOfCan(&p.a, along), partOfCan(&p.b, along)}
		slices.Sort(parts)
		least := math.Inf(1)
		for _, c := range p.find(math.Inf(1)) {
			least = math.Min(least, c.Gap)
		}
		name := parts[0] + " on " + parts[1]
		seen[name]++
		worst[name] = math.Max(worst[name], math.Abs(least-d)/can.Radius)
	}
	for _, name := range []string{"end on rim", "rim on rim", "rim on side", "side on side"} {
		t.Logf("%s: %d poses, off by %.1e radii at most", name, seen[name], worst[name])
		if seen[name] < 15 {
			t.Errorf("%s: only %d poses", name, seen[name])
		}
		tol.Within(t, worst[name], map[bool]float64{true: 1e-4, false: 5e-6}[name == "end on rim"], "%s: off by %g radii", name, worst[name])
	}
}

// partOfCan returns what a cylinder supports along n.
func partOfCan(c *collide.Collider, n r3.Vec) string {
	m := spatial.QuatRotate(quat.Conj(c.At.Rot), n)
	switch {
	case math.Hypot(m.X, m.Y) < 1e-6:
		return "end"
	case math.Abs(m.Z) < 1e-6:
		return "side"
	}
	return "rim"
}

// TestLinesLieAlongCans: what lies along the side of a can touches it at both ends of what they share, however little
// they turn against each other. At a millionth of a radian the rim that was nearer had all the weight, the other end
// none.
func TestLinesLieAlongCans(t *testing.T) {
	can, rod := contact.Cylinder(0.15, 0.1), contact.Capsule(0.05, 0.3)
	ridge := contact.Points([]r3.Vec{{X: 0.3, Y: 0.2, Z: 0.1}, {X: 0.3, Y: -0.2, Z: 0.1}, {X: -0.3, Y: 0.2, Z: 0.1}, {X: -0.3, Y: -0.2, Z: 0.1}, {X: 0.1, Z: -0.1}, {X: -0.1, Z: -0.1}})
	along := r3.Vec{Y: math.Pi / 2}
	for name, over := range map[string]struct {
		shape *contact.Shape
		turn  r3.Vec
		up    float64
	}{"can": {&can, along, 0.3}, "rod": {&rod, along, 0.2}, "ridge": {&ridge, r3.Vec{}, 0.25}} {
		for _, tilt := range []float64{0, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3} {
			p := turned(over.shape, r3.Add(over.turn, r3.Vec{Y: tilt}), along, r3.Vec{X: 0.02, Z: over.up + 1e-3})
			p.b.Shape, p.b.Hull = &can, hullOf(&can)
			ends := 0.0
			p.meet(func(c *collide.Contact, m *gap.Meeting) {
				ends += c.Weight * c.Gap
				tol.Within(t, math.Abs(c.Weight-0.5), 1e-12, "%s, tilt %g: the weight of a %v contact", name, tilt, c.Kind)
			})
			x := 0.01 // the middle of what they share
			if name == "rod" {
				x = 0
			}
			tol.Within(t, math.Abs(ends-(1e-3-(x-0.02)*tilt)), 3e-7, "%s, tilt %g: the mean gap", name, tilt)
		}
	}
}
