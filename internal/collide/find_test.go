package collide_test

import (
	"fmt"
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

// two is a pair of colliders.
type two struct{ a, b collide.Collider }

func (p *two) find(reach float64) []collide.Contact {
	var f collide.Finder
	return f.Find(nil, &p.a, &p.b, reach)
}

// hullOf returns the hull of a shape of a test, which has one.
func hullOf(s *contact.Shape) *collide.Hull {
	h, err := collide.HullOf(s)
	if err != nil {
		panic(err)
	}
	return h
}

// core returns the point of the core of a shape, what is left of it without its radius, nearest to x in the world.
func core(c *collide.Collider, x r3.Vec) r3.Vec {
	at := c.At.Mul(c.Pose)
	y := spatial.QuatRotate(quat.Conj(at.Rot), r3.Sub(x, at.Pos))
	clamp := func(v, h float64) float64 { return math.Max(-h, math.Min(h, v)) }
	switch s := c.Shape; s.Kind {
	case contact.KindSphere:
		y = r3.Vec{}
	case contact.KindCapsule:
		y = r3.Vec{Z: clamp(y.Z, s.HalfLength)}
	case contact.KindBox:
		y = r3.Vec{X: clamp(y.X, s.Half.X), Y: clamp(y.Y, s.Half.Y), Z: clamp(y.Z, s.Half.Z)}
	case contact.KindCylinder:
		if l := math.Hypot(y.X, y.Y); l > s.Radius {
			y.X, y.Y = y.X*s.Radius/l, y.Y*s.Radius/l
		}
		y.Z = clamp(y.Z, s.HalfLength)
	case contact.KindEllipsoid:
		y = onEllipsoid(s.Half, y)
	case contact.KindPoints:
		y = onHull(s.Vertices, y)
	}
	return at.Apply(y)
}

// onEllipsoid returns the point of an ellipsoid with radii r nearest to x: x_i r_i²/(r_i² + t). From the left Newton's
// method for t overshoots nothing.
func onEllipsoid(r, x r3.Vec) (y r3.Vec) {
	for t := 0.0; ; {
		f, slope := -1.0, 0.0
		for _, c := range [3]struct{ x, r, y *float64 }{{&x.X, &r.X, &y.X}, {&x.Y, &r.Y, &y.Y}, {&x.Z, &r.Z, &y.Z}} {
			r2 := *c.r * *c.r
			*c.y = *c.x * r2 / (r2 + t)
			f += *c.y * *c.y / r2
			slope -= 2 * *c.y * *c.y / (r2 * (r2 + t))
		}
		if f <= 0 && t == 0 {
			return x
		}
		if f < 1e-15 {
			return y
		}
		t -= f / slope
	}
}

// onHull returns the point of the convex hull of points nearest to x: of all triangles of them, when a plane through three has x in front
// and all points behind.
func onHull(points []r3.Vec, x r3.Vec) r3.Vec {
	best, least, outside := x, math.Inf(1), false
	for i, a := range points {
		for j, b := range points[:i] {
			for _, c := range points[:j] {
				if y := onTriangle(a, b, c, x); r3.Norm(r3.Sub(y, x)) < least {
					best, least = y, r3.Norm(r3.Sub(y, x))
				}
				n := r3.Cross(r3.Sub(b, a), r3.Sub(c, a))
				low, high := 0.0, 0.0
				for _, p := range points {
					d := r3.Dot(n, r3.Sub(p, a))
					low, high = math.Min(low, d), math.Max(high, d)
				}
				d := r3.Dot(n, r3.Sub(x, a))
				outside = outside || d > 0 && high < 1e-12 || d < 0 && low > -1e-12
			}
		}
	}
	if !outside {
		return x
	}
	return best
}

// onTriangle returns the point of a triangle nearest to x, by its sides and its plane.
func onTriangle(a, b, c, x r3.Vec) r3.Vec {
	n := r3.Cross(r3.Sub(b, a), r3.Sub(c, a))
	foot := r3.Sub(x, r3.Scale(r3.Dot(n, r3.Sub(x, a))/r3.Norm2(n), n))
	inside, best, least := true, a, math.Inf(1)
	for _, e := range [3][2]r3.Vec{{a, b}, {b, c}, {c, a}} {
		d := r3.Sub(e[1], e[0])
		inside = inside && r3.Dot(r3.Cross(n, d), r3.Sub(foot, e[0])) >= 0
		t := math.Max(0, math.Min(1, r3.Dot(d, r3.Sub(x, e[0]))/r3.Norm2(d)))
		if y := r3.Add(e[0], r3.Scale(t, d)); r3.Norm(r3.Sub(y, x)) < least {
			best, least = y, r3.Norm(r3.Sub(y, x))
		}
	}
	if inside {
		return foot
	}
	return best
}

// apart returns the distance of the cores by alternating projections (Cheney and Goldstein, 1959), and whether they have come to rest.
func apart(p *two) (d float64, done bool) {
	x := core(&p.a, p.b.At.Pos)
	for range 20000 {
		y := core(&p.b, x)
		z := core(&p.a, y)
		d = r3.Norm(r3.Sub(z, y))
		if r3.Norm(r3.Sub(z, x)) < 1e-13 {
			return d, true
		}
		x = z
	}
	return d, false
}

var solids = []contact.Shape{
	contact.Sphere(0.3), contact.Capsule(0.15, 0.4), contact.Box(r3.Vec{X: 0.2, Y: 0.3, Z: 0.4}), contact.Cylinder(0.3, 0.25),
	contact.Points([]r3.Vec{{X: 0.1}, {X: 0.4, Y: 0.1}, {X: -0.3, Z: 0.2}, {Y: 0.4, Z: -0.1}, {Y: -0.3, Z: -0.2}, {X: 0.2, Y: -0.2, Z: 0.3}, {X: -0.1, Y: 0.1, Z: -0.3}}),
	contact.Ellipsoid(0.2, 0.4, 0.1),
}

// pairs calls f with n random pairs of each of the known kinds of shapes, about as far apart as their size.
func pairs(t *testing.T, n int, f func(t *testing.T, rng *rand.Rand, p *two)) {
	for _, a := range solids {
		for _, b := range solids {
			t.Run(fmt.Sprintf("%v-%v", a.Kind, b.Kind), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(31, uint64(a.Kind)<<8|uint64(b.Kind)))
				place := func(i int, s *contact.Shape) collide.Collider {
					return collide.Collider{Index: i, Body: i, Shape: s, Hull: hullOf(s), Pose: spatial.Pose{Pos: gauss(rng, 0.1), Rot: attitude(rng)}, At: spatial.Pose{Pos: gauss(rng, 0.3), Rot: attitude(rng)}}
				}
				for range n {
					f(t, rng, &two{place(4, &a), place(7, &b)})
				}
			})
		}
	}
}

// TestFoundGaps: the least gap of round shapes is that of a search over their points; boxes that overlap have a contact that says so,
// and those that are apart have none. Weights sum to one, ids are different, and nothing within reach is missing.
func TestFoundGaps(t *testing.T) {
	pairs(t, 1000, func(t *testing.T, rng *rand.Rand, p *two) {
		all := p.find(math.Inf(1))
		sum, least := 0.0, math.Inf(1)
		ids := map[uint64]bool{}
		for i := range all {
			c := &all[i]
			sum += c.Weight
			least = math.Min(least, c.Gap)
			ids[c.ID()] = true
		}
		if len(ids) != len(all) || len(all) == 0 {
			t.Errorf("%d ids of %d contacts", len(ids), len(all))
		}
		tol.Within(t, math.Abs(sum-1), 1e-5, "sum of weights") // faint ones are left out
		d, done := apart(p)
		if !done {
			return
		}
		radii, slack := 0.0, 0.0
		for _, c := range []*collide.Collider{&p.a, &p.b} {
			switch c.Shape.Kind {
			case contact.KindSphere, contact.KindCapsule:
				radii += c.Shape.Radius
			case contact.KindCylinder: // is a prism; for spheres and ellipsoids its rims are a little worn
				slack += 0.005 * c.Shape.Radius
				for _, o := range []*collide.Collider{&p.a, &p.b} {
					if o.Shape.Kind == contact.KindEllipsoid || o.Shape.Kind == contact.KindSphere {
						slack = 1e-4 * c.Shape.Radius
					}
				}
			}
		}
		near := 0
		for i := range all {
			if all[i].Gap <= 0.05 {
				near++
			}
		}
		if n := len(p.find(0.05)); n != near && d-radii+slack < 0.05 {
			t.Errorf("%d contacts within reach, of all %d", n, near)
		}
		ka, kb := p.a.Shape.Kind, p.b.Shape.Kind
		round := min(ka, kb) == contact.KindSphere || max(ka, kb) == contact.KindCapsule
		least += radii // of the cores
		switch {
		case d > 1e-6 && (round || len(all) == 1): // these are the nearest parts
			tol.Within(t, math.Abs(least-d-slack/2), slack/2+1e-6, "a lone %v contact", all[0].Kind)
		case d > 1e-9 && least < -1e-12:
			t.Errorf("cores %g apart have a contact of gap %g", d, least)
		case d < 0.05 && least > d+slack+1e-9:
			t.Errorf("cores %g apart have no contact below %g", d, least)
		}
		if depth := overlap(p); ka == contact.KindBox && kb == contact.KindBox && depth > 1e-9 && least >= 0 {
			t.Errorf("boxes that overlap by %g have no contact below %g", depth, least)
		}
	})
}

// TestFlushBoxes: boxes face on face, edge on edge, and nearly so, that overlap a little have a contact that says so, and those a little
// apart none.
func TestFlushBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	quarter := func() float64 { return math.Pi / 4 * float64(rng.IntN(8)) }
	over, clear := 0, 0
	for n := range 12000 {
		small, large := contact.Box(r3.Vec{X: 0.2, Y: 0.3, Z: 0.4}), contact.Box(r3.Vec{X: 0.5, Y: 0.4, Z: 0.3})
		p := stacked(&small, 0, 0, r3.Vec{})
		p.b.Shape, p.b.Hull = &large, hullOf(&large)
		for _, c := range []*collide.Collider{&p.a, &p.b} {
			tilt := []float64{0, 1e-9, 1e-6, 1e-3, 0.05}[rng.IntN(5)]
			c.At.Rot = quat.Mul(spatial.RotationVector(gauss(rng, tilt)), spatial.RPY(quarter(), quarter(), quarter()))
		}
		// apart along a random direction until they nearly touch
		dir, lo, hi := anyAxis(rng), 0.0, 3.0
		for range 60 {
			mid := (lo + hi) / 2
			if p.a.At.Pos = r3.Scale(mid, dir); overlap(p) > 0 {
				lo = mid
			} else {
				hi = mid
			}
		}
		p.a.At.Pos = r3.Scale(lo+[]float64{-1e-2, -1e-4, 1e-4, 1e-2}[n%4], dir)
		least := math.Inf(1)
		for _, c := range p.find(math.Inf(1)) {
			least = math.Min(least, c.Gap)
		}
		switch depth := overlap(p); {
		case depth > 1e-9:
			if over++; least >= 0 {
				t.Errorf("case %d: boxes that overlap by %g have no contact below %g", n, depth, least)
			}
		case depth < -1e-9:
			if clear++; least < -1e-12 {
				t.Errorf("case %d: boxes %g apart have a contact of gap %g", n, -depth, least)
			}
		}
	}
	if over < 4000 || clear < 4000 {
		t.Errorf("only %d overlap and %d do not", over, clear)
	}
}

func anyAxis(rng *rand.Rand) r3.Vec { return r3.Unit(gauss(rng, 1)) }

// overlap returns how deep boxes are in each other, at least: the least overlap of their shadows along many directions is an upper bound
// of it, so of the 15 that decide.
func overlap(p *two) float64 {
	var axes [2][3]r3.Vec
	var half [2][3]float64
	for s, c := range []*collide.Collider{&p.a, &p.b} {
		at := c.At.Mul(c.Pose)
		for k, u := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			axes[s][k] = spatial.QuatRotate(at.Rot, u)
		}
		half[s] = [3]float64{c.Shape.Half.X, c.Shape.Half.Y, c.Shape.Half.Z}
	}
	d := r3.Sub(p.a.At.Mul(p.a.Pose).Pos, p.b.At.Mul(p.b.Pose).Pos)
	least := math.Inf(1)
	try := func(n r3.Vec) {
		if l := r3.Norm(n); l > 1e-9 {
			r := -math.Abs(r3.Dot(n, d))
			for s := range axes {
				for k := range axes[s] {
					r += half[s][k] * math.Abs(r3.Dot(n, axes[s][k]))
				}
			}
			least = math.Min(least, r/l)
		}
	}
	for i := range 3 {
		try(axes[0][i])
		try(axes[1][i])
		for j := range 3 {
			try(r3.Cross(axes[0][i], axes[1][j]))
		}
	}
	return least
}

// TestExchangedColliders: Find of b and a is that of a and b with the sides exchanged, to the bit.
func TestExchangedColliders(t *testing.T) {
	pairs(t, 200, func(t *testing.T, rng *rand.Rand, p *two) {
		x, y := p.find(1), (&two{p.b, p.a}).find(1)
		if len(x) != len(y) {
			t.Fatalf("%d and %d contacts", len(x), len(y))
		}
		for i := range x {
			s := x[i].Pair
			s.Swap()
			if s != y[i].Pair || x[i].Gap != y[i].Gap || x[i].Weight != y[i].Weight || x[i].PartA != y[i].PartB || x[i].A.Body != 4 {
				t.Errorf("contact %d is %+v, exchanged %+v", i, x[i], y[i])
			}
		}
	})
}

// TestPartsFollowSizes compares Shift with central differences of the features of parts.
func TestPartsFollowSizes(t *testing.T) {
	for _, s := range solids {
		codes := map[contact.Kind]int{contact.KindSphere: 1, contact.KindCapsule: 3, contact.KindBox: 27, contact.KindCylinder: 3 + 64 + 96 + 34, contact.KindPoints: 7 + 12 + 8, contact.KindEllipsoid: 1}[s.Kind]
		all := make([]uint16, 0, codes+4)
		for code := range uint16(codes) {
			all = append(all, code)
		}
		if s.Kind == contact.KindCylinder {
			all = append(all, 1<<15, 1<<15+1, 1<<15+2, 1<<15+3, 1<<15+4, 1<<15+5) // its rims, as disks, raised ones, and as circles
		}
		for _, code := range all {
			if s.Kind == contact.KindBox && code == 13 || s.Kind == contact.KindPoints && code == 0 { // the inside of a box, a point inside
				continue
			}
			p := collide.Part{Code: code, Along: 0.1}
			p.Point, p.Back = code%2 == 0, code%3 == 0
			for i := range s.NumParams() {
				at := func(eps float64) gap.Feature {
					x := s
					x.Vertices = append([]r3.Vec(nil), s.Vertices...)
					*x.Param(i) += eps
					return p.Feature(&x, hullOf(&x))
				}
				const eps = 1e-6
				hi, lo, d := at(eps), at(-eps), p.Shift(&s, hullOf(&s), i)
				slope := func(x, y r3.Vec) r3.Vec { return r3.Scale(1/(2*eps), r3.Sub(x, y)) }
				e := r3.Norm(r3.Sub(slope(hi.Center, lo.Center), d.Center)) + r3.Norm(r3.Sub(slope(hi.Axis, lo.Axis), d.Axis))
				o, x, y := d.Oval, hi.Oval, lo.Oval
				e += math.Abs((x.XX-y.XX)/(2*eps)-o.XX) + math.Abs((x.YY-y.YY)/(2*eps)-o.YY) + math.Abs((x.ZZ-y.ZZ)/(2*eps)-o.ZZ)
				tol.Within(t, e+math.Abs((hi.Radius-lo.Radius)/(2*eps)-d.Radius), 1e-8, "%v, part %d by %s", s.Kind, code, s.ParamName(i))
			}
		}
	}
}

// pressed returns where a force that all contacts share by their weights acts, and the mean of their gaps.
func pressed(p *two) (at r3.Vec, mean float64) {
	p.meet(func(c *collide.Contact, m *gap.Meeting) {
		at = r3.Add(at, r3.Scale(c.Weight, m.Point))
		mean += c.Weight * m.Gap2
	})
	return at, mean
}

// meet calls f with all contacts and how they meet.
func (p *two) meet(f func(c *collide.Contact, m *gap.Meeting)) {
	var ra, rb spatial.Mat3
	ra.Set(p.a.At.Rot)
	rb.Set(p.b.At.Rot)
	for _, c := range p.find(math.Inf(1)) {
		var m gap.Meeting
		m.Place(&c.Pair, &gap.Frame{Pos: p.a.At.Pos, Rot: &ra}, &gap.Frame{Pos: p.b.At.Pos, Rot: &rb}, false)
		f(&c, &m)
	}
}

func stacked(s *contact.Shape, yaw, tilt float64, d r3.Vec) *two {
	turn := quat.Mul(spatial.AxisAngle(r3.Vec{Z: 1}, yaw), spatial.AxisAngle(r3.Unit(r3.Vec{X: 1, Y: 0.3}), tilt))
	return &two{
		collide.Collider{Index: 0, Body: 0, Shape: s, Hull: hullOf(s), Pose: spatial.IdentityPose, At: spatial.Pose{Pos: d, Rot: turn}},
		collide.Collider{Index: 1, Body: 1, Shape: s, Hull: hullOf(s), Pose: spatial.IdentityPose, At: spatial.IdentityPose},
	}
}

// turned is stacked with a turn by the rotation vector v, and, of the lower one, by w.
func turned(s *contact.Shape, v, w, d r3.Vec) *two {
	p := stacked(s, 0, 0, d)
	p.a.At.Rot, p.b.At.Rot = spatial.RotationVector(v), spatial.RotationVector(w)
	return p
}
