package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Here shapes are laid on each other feature by feature: with a point of one on a point of the other, the normals there
// opposed, and a given way between them along these. Apart, or just touching, that way is their distance; in each other
// the sweep says how deep they are.

// feature is a point of the surface of a shape, one of the normals there, and the direction of the edge, rim or side
// that it is on, or zero, in the frame of the shape.
type feature struct {
	point, normal, along r3.Vec
}

// featureOf returns one at random: of faces, edges, vertices, sides, ends and rims as often.
func featureOf(rng *rand.Rand, s *contact.Shape) feature {
	switch s.Kind {
	case contact.KindSphere:
		n := anyAxis(rng)
		return feature{point: r3.Scale(s.Radius, n), normal: n}
	case contact.KindEllipsoid:
		n, h := anyAxis(rng), s.Half
		q := r3.Vec{X: h.X * h.X * n.X, Y: h.Y * h.Y * n.Y, Z: h.Z * h.Z * n.Z}
		return feature{point: r3.Scale(1/math.Sqrt(r3.Dot(n, q)), q), normal: n}
	case contact.KindCapsule, contact.KindCylinder:
		return roundFeature(rng, s)
	}
	return hullFeature(rng, s)
}

// roundFeature is featureOf of capsules and cylinders.
func roundFeature(rng *rand.Rand, s *contact.Shape) (f feature) {
	y, x := math.Sincos(2 * math.Pi * rng.Float64())
	out, up := r3.Vec{X: x, Y: y}, r3.Vec{Z: float64(1 - 2*rng.IntN(2))}
	end := r3.Scale(s.HalfLength, up)
	switch which := rng.IntN(3); {
	case which == 0: // the side
		return feature{r3.Add(r3.Scale(s.Radius, out), r3.Scale(2*rng.Float64()-1, end)), out, r3.Vec{Z: 1}}
	case s.Kind == contact.KindCapsule:
		n := anyAxis(rng)
		return feature{point: r3.Add(r3.Scale(s.Radius, n), r3.Vec{Z: math.Copysign(s.HalfLength, n.Z)}), normal: n}
	case which == 1:
		return feature{point: r3.Add(end, r3.Scale(s.Radius*math.Sqrt(rng.Float64()), out)), normal: up}
	}
	sin, cos := math.Sincos(0.05 + (math.Pi/2-0.1)*rng.Float64())
	return feature{r3.Add(end, r3.Scale(s.Radius, out)), r3.Add(r3.Scale(cos, out), r3.Scale(sin, up)), r3.Vec{X: -y, Y: x}}
}

// hullFeature is featureOf of boxes and points: what holds a normal of a face, one between two faces, or any.
func hullFeature(rng *rand.Rand, s *contact.Shape) (f feature) {
	corners := s.Vertices
	if s.Kind == contact.KindBox {
		corners = nil
		for i := range 8 {
			corners = append(corners, r3.Vec{X: s.Half.X * float64(1-2*(i&1)), Y: s.Half.Y * float64(1-i&2), Z: s.Half.Z * float64(1-i&4/2)})
		}
	}
	holds := func(n r3.Vec) (l []r3.Vec) {
		for _, v := range corners {
			if r3.Dot(n, v) > support(s, n)-1e-9*s.Extent() {
				l = append(l, v)
			}
		}
		return l
	}
	var faces []r3.Vec
	c := collide.Collider{Shape: s, Pose: spatial.IdentityPose, At: spatial.IdentityPose}
	normals, _ := directions(&c)
	for _, n := range normals {
		for _, n := range []r3.Vec{r3.Unit(n), r3.Scale(-1, r3.Unit(n))} {
			if len(holds(n)) > 2 {
				faces = append(faces, n)
			}
		}
	}
	n, which := anyAxis(rng), rng.IntN(3)
	for range 200 {
		a, b := faces[rng.IntN(len(faces))], faces[rng.IntN(len(faces))]
		switch {
		case which == 0:
			n = a
		case which == 1 && math.Abs(r3.Dot(a, b)) < 0.99:
			t := 0.05 + 0.9*rng.Float64()
			if m := r3.Unit(r3.Add(r3.Scale(t, a), r3.Scale(1-t, b))); len(holds(m)) == 2 {
				n = m
			}
		}
	}
	l := holds(n)
	sum := 0.0
	for _, v := range l {
		w := rng.ExpFloat64()
		f.point, sum = r3.Add(f.point, r3.Scale(w, v)), sum+w
	}
	f.point, f.normal = r3.Scale(1/sum, f.point), n
	if len(l) == 2 && r3.Norm(r3.Sub(l[1], l[0])) > 1e-9*s.Extent() {
		f.along = r3.Unit(r3.Sub(l[1], l[0]))
	}
	return f
}

// turning returns the rotation that takes n to m, and what of e is across n to what of d is across m.
func turning(n, e, m, d r3.Vec) quat.Number {
	axes := func(n, e r3.Vec) [3]r3.Vec {
		e = r3.Unit(spatial.Across(e, n))
		return [3]r3.Vec{n, e, r3.Cross(n, e)}
	}
	var r spatial.Mat3
	from, to := axes(n, e), axes(m, d)
	for k := range from {
		for i, y := range []float64{to[k].X, to[k].Y, to[k].Z} {
			for j, x := range []float64{from[k].X, from[k].Y, from[k].Z} {
				r[3*i+j] += y * x
			}
		}
	}
	return r.Quat()
}

// meeting returns a with a feature on one of b, g apart along the normal: edges, rims and sides in any direction, or
// along each other, exactly or nearly.
func meeting(rng *rand.Rand, a, b *contact.Shape, fa, fb feature, g float64, along bool) (p *two, n r3.Vec) {
	n = anyAxis(rng)
	ea, eb, d := anyAxis(rng), anyAxis(rng), anyAxis(rng)
	da := anyAxis(rng)
	if along && fa.along != (r3.Vec{}) && fb.along != (r3.Vec{}) {
		ea, eb = fa.along, fb.along
		da = r3.Add(spatial.Across(d, n), r3.Scale(float64(rng.IntN(2))*math.Pow(10, -12+10*rng.Float64()), r3.Cross(n, d)))
	}
	p = &two{
		collide.Collider{Index: 0, Body: 0, Shape: a, Hull: hullOf(a), Pose: spatial.IdentityPose, At: spatial.Pose{Rot: turning(fa.normal, ea, r3.Scale(-1, n), da)}},
		collide.Collider{Index: 1, Body: 1, Shape: b, Hull: hullOf(b), Pose: spatial.IdentityPose, At: spatial.Pose{Rot: turning(fb.normal, eb, n, d)}},
	}
	p.a.At.Pos = r3.Add(r3.Sub(p.b.At.Apply(fb.point), spatial.QuatRotate(p.a.At.Rot, fa.point)), r3.Scale(g, n))
	return p, n
}

// least returns the least gap that is found.
func (p *two) least() float64 {
	least := math.Inf(1)
	for _, c := range p.find(math.Inf(1)) {
		least = math.Min(least, c.Gap)
	}
	return least
}

// bodies are the kinds of shapes that are laid on each other: as thick as long, thin, and long, of random proportions.
var bodies = []string{"ball", "ellipsoid", "capsule", "cylinder", "box", "hull"}

func bodyOf(rng *rand.Rand, name string) contact.Shape {
	h := []r3.Vec{{X: 0.15, Y: 0.12, Z: 0.1}, {X: 0.1, Y: 0.1, Z: 0.1}, {X: 0.2, Y: 0.2, Z: 0.01}, {X: 0.02, Y: 0.015, Z: 0.3}}[rng.IntN(4)]
	h = r3.Scale(math.Pow(10, rng.Float64()-0.5), h)
	kind := map[string]contact.Kind{"ball": contact.KindSphere, "ellipsoid": contact.KindEllipsoid, "capsule": contact.KindCapsule, "cylinder": contact.KindCylinder, "box": contact.KindBox, "hull": contact.KindPoints}[name]
	return shapeOf(rng, kind, h)
}

// TestTouchingFeatures: of all pairs of shapes, laid on each other feature by feature, the least gap says how far they
// are apart or in each other. It prints the table of docs/theory.md: how much nearer than the least gap they are, which
// is how deep they can be in each other unseen, how much farther, both in extents of the smaller, and in how many of
// the poses they are nearer by a millionth.
func TestTouchingFeatures(t *testing.T) {
	limits := map[string]float64{ // rods that cross under a hundredth, and what lies level and flush on a rim
		"capsule, capsule": 1e-4, "cylinder, capsule": 1e-5, "cylinder, cylinder": 1e-5, "box, capsule": 2e-5, "box, cylinder": 1e-5, "hull, capsule": 1e-4, "hull, cylinder": 1e-4, "hull, hull": 1e-5,
	}
	for i, na := range bodies {
		for _, nb := range bodies[:i+1] {
			rng := rand.New(rand.NewPCG(uint64(i), uint64(len(nb))))
			unseen, early, off := 0.0, 0.0, 0
			for k := range 800 {
				a, b := bodyOf(rng, na), bodyOf(rng, nb)
				size, thin := math.Min(a.Extent(), b.Extent()), math.Min(thickness(&a), thickness(&b))
				g := []float64{0, 1, 1, -1}[k%4] * thin * math.Pow(10, -9+6*rng.Float64())
				p, n := meeting(rng, &a, &b, featureOf(rng, &a), featureOf(rng, &b), g, rng.IntN(2) == 0)
				d := p.along(n)
				if g < 0 {
					d, _ = p.sweep(60)
				}
				e := (p.least() - d) / size
				unseen, early = math.Max(unseen, e), math.Max(early, -e)
				if e > 1e-6 {
					off++
				}
			}
			t.Logf("| %s, %s | %.0e | %.0e | %.1f %% |", na, nb, unseen, early, float64(off)/8)
			limit, ok := limits[na+", "+nb]
			if !ok {
				limit = 1e-6
			}
			tol.Within(t, unseen, limit, "%s, %s: nearer than the least gap", na, nb)
			tol.Within(t, early, 3e-3, "%s, %s: farther", na, nb)
		}
	}
}

// rimOf, cornerOf and ridgeOf return a point of the upper rim of a cylinder, a corner and the middle of an edge of a
// box, with any normal there but those next to faces.
func rimOf(rng *rand.Rand, s *contact.Shape) feature {
	for {
		if f := roundFeature(rng, s); f.along != (r3.Vec{}) && f.along.Z == 0 {
			return f
		}
	}
}

func cornerOf(rng *rand.Rand, s *contact.Shape) feature {
	n := anyAxis(rng)
	for math.Min(math.Abs(n.X), math.Min(math.Abs(n.Y), math.Abs(n.Z))) < 0.05 {
		n = anyAxis(rng)
	}
	return feature{point: r3.Vec{X: math.Copysign(s.Half.X, n.X), Y: math.Copysign(s.Half.Y, n.Y), Z: math.Copysign(s.Half.Z, n.Z)}, normal: n}
}

func ridgeOf(rng *rand.Rand, s *contact.Shape) feature {
	sin, cos := math.Sincos(0.05 + (math.Pi/2-0.1)*rng.Float64())
	return feature{r3.Vec{X: s.Half.X, Z: s.Half.Z}, r3.Vec{X: cos, Z: sin}, r3.Vec{Y: 1}}
}

// worst returns the most, in radii of b, that the least gap of shapes laid on each other by these features is more than
// their distance, a little apart or just touching.
func worst(rng *rand.Rand, a, b *contact.Shape, ofA, ofB func(*rand.Rand, *contact.Shape) feature, along bool) (w float64) {
	for k := range 400 {
		g := []float64{0, 1}[k%2] * b.Radius * math.Pow(10, -9+6*rng.Float64())
		p, n := meeting(rng, a, b, ofA(rng, a), ofB(rng, b), g, along)
		if d := p.along(n); math.Abs(d-g) < 1e-12 {
			w = math.Max(w, (p.least()-d)/b.Radius)
		}
	}
	return w
}

// TestAMarbleOnTheEdgeOfATable: a marble of 1 mm at the edge of a round table of 1 m touches it as it is. The rim was a
// disk that is a ten thousandth of its radius too small, a tenth of the marble, for whatever is round.
func TestAMarbleOnTheEdgeOfATable(t *testing.T) {
	table, rng := contact.Cylinder(1, 0.02), rand.New(rand.NewPCG(101, 1))
	marble, egg, pin := contact.Sphere(1e-3), contact.Ellipsoid(1e-3, 2e-3, 1.5e-3), contact.Capsule(1e-3, 2e-3)
	for _, s := range []*contact.Shape{&marble, &egg, &pin} {
		tol.Within(t, worst(rng, s, &table, featureOf, rimOf, false), 1e-10, "%v on the rim", s.Kind)
	}
}

// TestACornerOnARim: of a box with a corner on the rim of a can the least gap is their distance as they touch; corners
// were on the edges of a prism of 32 sides, and came up to 5e-3 radii into the can.
func TestACornerOnARim(t *testing.T) {
	can, box, rng := contact.Cylinder(0.15, 0.1), contact.Box(r3.Vec{X: 0.2, Y: 0.15, Z: 0.1}), rand.New(rand.NewPCG(102, 1))
	tol.Within(t, worst(rng, &box, &can, cornerOf, rimOf, false), 1e-9, "a corner on a rim")
}

// TestAnEdgeAlongARim: so is that of a box with an edge along the rim, as tangent to it: 5e-3 radii. In one of 400
// poses the search for the edge ends at another one, and the prism says it.
func TestAnEdgeAlongARim(t *testing.T) {
	can, box, rng := contact.Cylinder(0.15, 0.1), contact.Box(r3.Vec{X: 0.2, Y: 0.15, Z: 0.1}), rand.New(rand.NewPCG(103, 1))
	tol.Within(t, worst(rng, &box, &can, ridgeOf, rimOf, true), 1e-4, "an edge along a rim")
}

// TestARodAlongARim: and of a rod or a can that lies with its side along a rim, beside the end: 4e-3 and 9e-3 radii.
func TestARodAlongARim(t *testing.T) {
	can, rod, rng := contact.Cylinder(0.15, 0.1), contact.Capsule(0.05, 0.2), rand.New(rand.NewPCG(104, 1))
	sideOf := func(rng *rand.Rand, s *contact.Shape) feature {
		y, x := math.Sincos(2 * math.Pi * rng.Float64())
		out := r3.Vec{X: x, Y: y}
		return feature{r3.Add(r3.Scale(s.Radius, out), r3.Vec{Z: 0.05 * (rng.Float64() - 0.5)}), out, r3.Vec{Z: 1}}
	}
	for _, s := range []*contact.Shape{&rod, &can} {
		tol.Within(t, worst(rng, s, &can, sideOf, rimOf, true), 1e-7, "the side of a %v along a rim", s.Kind)
	}
}

// TestTheEndOfAHugeRod: a rod of 10 m that stands on a disk of 0.2 m with its end, leaning by 60° to 84°, is as near to
// it as its end is, over the end of the disk as over its rim; it was up to 2e-5 m off.
func TestTheEndOfAHugeRod(t *testing.T) {
	rod, disk, rng := contact.Capsule(10, 10), contact.Cylinder(0.2, 0.06), rand.New(rand.NewPCG(107, 1))
	for range 400 {
		p := stacked(&rod, 0, 0, r3.Vec{})
		p.b.Shape, p.b.Hull = &disk, hullOf(&disk)
		lean, turn := 0.1+0.4*rng.Float64(), spatial.AxisAngle(r3.Vec{Z: 1}, 6*rng.Float64())
		p.a.At = spatial.Pose{Rot: quat.Mul(turn, spatial.RotationVector(r3.Vec{Y: math.Pi/2 - lean}))}
		end := p.a.At.Apply(r3.Vec{Z: -10})
		p.a.At.Pos = r3.Sub(r3.Vec{X: 0.3 * rng.NormFloat64(), Y: 0.3 * rng.NormFloat64(), Z: 10.06}, end)
		d, _ := p.sweep(200)
		tol.Within(t, math.Abs(p.least()-d), 1e-9, "lean %g, %g apart: the least gap %g", lean, d, p.least())
	}
}
