package collide_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// How far two convex shapes are apart or how deep they are in each other, by brute force: the most that a search over directions n finds of
//
//	s(n) = −h_A(−n) − h_B(n)
//
// with the support functions h. It knows nothing of what package collide does.

// support returns how far a shape reaches along the unit vector n.
func support(s *contact.Shape, n r3.Vec) float64 {
	across := math.Hypot(n.X, n.Y)
	switch s.Kind {
	case contact.KindSphere:
		return s.Radius
	case contact.KindCapsule:
		return s.Radius + s.HalfLength*math.Abs(n.Z)
	case contact.KindBox:
		return s.Half.X*math.Abs(n.X) + s.Half.Y*math.Abs(n.Y) + s.Half.Z*math.Abs(n.Z)
	case contact.KindCylinder:
		return s.Radius*across + s.HalfLength*math.Abs(n.Z)
	case contact.KindEllipsoid:
		return r3.Norm(r3.Vec{X: s.Half.X * n.X, Y: s.Half.Y * n.Y, Z: s.Half.Z * n.Z})
	}
	most := math.Inf(-1)
	for _, v := range s.Vertices {
		most = math.Max(most, r3.Dot(n, v))
	}
	return most
}

// along returns how far b is behind a along n, a unit vector.
func (p *two) along(n r3.Vec) float64 {
	d := 0.0
	for i, c := range []*collide.Collider{&p.a, &p.b} {
		at := c.At.Mul(c.Pose)
		sign := float64(2*i - 1)
		d -= support(c.Shape, spatial.QuatRotate(quat.Conj(at.Rot), r3.Scale(sign, n))) + sign*r3.Dot(n, at.Pos)
	}
	return d
}

// sweep returns the largest distance along a direction, and the direction: the best of n spread evenly over the sphere and of those across
// faces and edges of boxes, points, capsules and cylinders, climbed from.
func (p *two) sweep(n int) (best float64, dir r3.Vec) {
	best = math.Inf(-1)
	try := func(v r3.Vec) {
		l := r3.Norm(v)
		if !(l > 1e-9) {
			return
		}
		v = r3.Scale(1/l, v)
		if d := p.along(v); d > best {
			best, dir = d, v
		}
	}
	for i := range n {
		z := 1 - (2*float64(i)+1)/float64(n)
		y, x := math.Sincos(math.Pi * (1 + math.Sqrt(5)) * float64(i))
		r := math.Sqrt(1 - z*z)
		try(r3.Vec{X: r * x, Y: r * y, Z: z})
	}
	fa, ea := directions(&p.a)
	fb, eb := directions(&p.b)
	for _, v := range append(fa, fb...) {
		try(v)
		try(r3.Scale(-1, v))
	}
	for _, v := range ea {
		for _, w := range eb {
			try(r3.Cross(v, w))
			try(r3.Scale(-1, r3.Cross(v, w)))
		}
	}
	at, to := p.a.At.Mul(p.a.Pose), p.b.At.Mul(p.b.Pose)
	try(r3.Sub(at.Pos, to.Pos))
	var other distance.Finder // a hint: what counts is the distance along it
	hint := other.Between(&distance.Solid{Shape: p.a.Shape, At: at}, &distance.Solid{Shape: p.b.Shape, At: to})
	try(hint.Normal)
	try(r3.Scale(-1, hint.Normal))
	step := 0.1
	for k := 0; step > 1e-13 && k < 400; k++ { // a compass that shrinks
		from, t1 := dir, r3.Vec{}
		t1, _ = spatial.Tangents(from)
		t2 := r3.Cross(from, t1)
		before := best
		for k := range 8 {
			y, x := math.Sincos(math.Pi / 4 * float64(k))
			try(r3.Add(from, r3.Add(r3.Scale(step*x, t1), r3.Scale(step*y, t2))))
		}
		if step *= 2; best == before {
			step /= 4
		}
	}
	return best, dir
}

// directions returns the normals of faces and the axes of edges of a collider in the world.
func directions(c *collide.Collider) (normals, axes []r3.Vec) {
	at := c.At.Mul(c.Pose)
	turn := func(v r3.Vec) r3.Vec { return spatial.QuatRotate(at.Rot, v) }
	switch s := c.Shape; s.Kind {
	case contact.KindBox:
		for _, v := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			normals, axes = append(normals, turn(v)), append(axes, turn(v))
		}
	case contact.KindCapsule, contact.KindCylinder:
		axes = append(axes, turn(r3.Vec{Z: 1}))
		if s.Kind == contact.KindCylinder {
			normals = append(normals, turn(r3.Vec{Z: 1}))
		}
	case contact.KindPoints:
		for i, x := range s.Vertices {
			for j, y := range s.Vertices[:i] {
				axes = append(axes, turn(r3.Sub(y, x)))
				for _, z := range s.Vertices[:j] {
					normals = append(normals, turn(r3.Cross(r3.Sub(y, x), r3.Sub(z, x))))
				}
			}
		}
	}
	none := func(v r3.Vec) bool { return r3.Norm(v) < 1e-12*c.Shape.Extent() }
	return slices.DeleteFunc(normals, func(v r3.Vec) bool { return r3.Norm(v) < 1e-9*math.Pow(c.Shape.Extent(), 2) }), slices.DeleteFunc(axes, none)
}

// size is a class of sizes.
type size struct {
	name string
	half r3.Vec
}

// sizes are a cube, a small and a large one, a plate, a rod, a brick, a coin of paper and a needle: 0.1 mm … 10 m.
var sizes = []size{
	{"cube", r3.Vec{X: 0.5, Y: 0.5, Z: 0.5}}, {"grain", r3.Vec{X: 1e-3, Y: 1e-3, Z: 1e-3}}, {"house", r3.Vec{X: 10, Y: 10, Z: 10}},
	{"brick", r3.Vec{X: 0.2, Y: 0.1, Z: 0.06}}, {"slab", r3.Vec{X: 1, Y: 1, Z: 0.01}}, {"rod", r3.Vec{X: 0.01, Y: 0.01, Z: 1}},
	{"sheet", r3.Vec{X: 1, Y: 1, Z: 1e-4}}, {"needle", r3.Vec{X: 1e-4, Y: 1e-4, Z: 1}},
}

// shapeOf returns a shape of a kind that fills a box of these half extents as it can.
func shapeOf(rng *rand.Rand, k contact.Kind, h r3.Vec) contact.Shape {
	r, z := math.Min(h.X, h.Y), h.Z
	switch k {
	case contact.KindSphere:
		return contact.Sphere(r)
	case contact.KindCapsule:
		return contact.Capsule(r, z)
	case contact.KindBox:
		return contact.Box(h)
	case contact.KindCylinder:
		return contact.Cylinder(r, z)
	case contact.KindEllipsoid:
		return contact.Ellipsoid(h.X, h.Y, h.Z)
	}
	var l []r3.Vec
	if rng.IntN(2) == 0 {
		return pointsOf(rng, contact.Box(h))
	}
	for range 6 + rng.IntN(4) {
		u := anyAxis(rng)
		l = append(l, r3.Vec{X: h.X * u.X, Y: h.Y * u.Y, Z: h.Z * u.Z})
	}
	return contact.Points(l)
}

var kinds = []contact.Kind{contact.KindSphere, contact.KindCapsule, contact.KindBox, contact.KindCylinder, contact.KindPoints, contact.KindEllipsoid}

// posed returns two shapes in one of the poses that are hard: turned at random or by quarters, nearly so or exactly,
// touching along a normal of one or along any direction, their middles over each other, over an edge or a corner, or at
// one place.
func posed(rng *rand.Rand, a, b *contact.Shape) *two {
	attitudeOf := func() quat.Number {
		quarter := func() float64 { return math.Pi / 4 * float64(rng.IntN(8)) }
		tilt := []float64{0, 0, 1e-9, 1e-6, 1e-3, 0.05}[rng.IntN(6)]
		if rng.IntN(3) == 0 {
			return attitude(rng)
		}
		return quat.Mul(spatial.RotationVector(gauss(rng, tilt)), spatial.RPY(quarter(), quarter(), quarter()))
	}
	p := &two{
		collide.Collider{Index: 0, Body: 0, Shape: a, Hull: hullOf(a), Pose: spatial.IdentityPose, At: spatial.Pose{Rot: attitudeOf()}},
		collide.Collider{Index: 1, Body: 1, Shape: b, Hull: hullOf(b), Pose: spatial.IdentityPose, At: spatial.Pose{Rot: attitudeOf()}},
	}
	least := math.Min(thickness(a), thickness(b))
	n := anyAxis(rng)
	if normals, axes := directions(&p.b); len(normals) > 0 && rng.IntN(3) > 0 {
		n = r3.Unit(append(normals, axes...)[rng.IntN(len(normals)+len(axes))])
	}
	side := r3.Vec{}
	for _, c := range []*collide.Collider{&p.a, &p.b} {
		if _, axes := directions(c); len(axes) > 0 && rng.IntN(2) == 0 {
			for _, e := range axes {
				e = r3.Unit(e)
				step := []float64{0, 1, -1, 0.5, 1 - 1e-9, rng.NormFloat64()}[rng.IntN(6)]
				side = r3.Add(side, r3.Scale(step*support(c.Shape, spatial.QuatRotate(quat.Conj(c.At.Rot), e)), e))
			}
		}
	}
	if rng.IntN(12) == 0 {
		return p // at one place
	}
	if p.a.At.Pos = spatial.Across(side, n); rng.IntN(8) == 0 { // inside each other
		p.a.At.Pos = r3.Scale(rng.Float64(), p.a.At.Pos)
		return p
	}
	gap := least * []float64{0, 1e-9, -1e-9, 1e-3, -1e-3, 0.3, -0.3, -0.9, 3}[rng.IntN(9)]
	p.a.At.Pos = r3.Add(p.a.At.Pos, r3.Scale(gap-p.along(n), n))
	return p
}

// thickness is the least extent of a shape, about.
func thickness(s *contact.Shape) float64 {
	t := math.Inf(1)
	for _, n := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		t = math.Min(t, support(s, n))
	}
	return t
}
