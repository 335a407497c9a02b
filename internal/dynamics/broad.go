package dynamics

import (
	"cmp"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
)

// Which pairs of colliders are looked at closely: those whose balls come near each other. Where there are many pairs, boxes around the
// balls are swept for them.

// ball holds a collider.
type ball struct {
	center spatial.Vec // at knot 2
	radius float64
	far    float64     // how far from it what is within reach of its collider may be, at most
	past   spatial.Vec // how the center would move during the step at the velocity before
	spin   float64     // and how far a point of it about the center, at most
	way    spatial.Vec // of the center to knot 3
	turned float64     // how far a point of it moves to knot 3 beyond that, at most
}

// broad is what finds the pairs that come near each other.
type broad struct {
	around   []ball // colliders
	boxes    []collide.Box
	sweep    collide.Sweep
	overlaps [][2]int32
	pairs    []int32   // those found last, ascending; all where there are few
	partners []partner // of all colliders, by collider and partner; none where there are few pairs
	firsts   []int32   // the first partner of every collider
}

// partner says with which other collider, of a higher number, one makes which pair.
type partner struct{ other, pair int32 }

// crowded is how many pairs there are for every collider where sweeping pays.
const crowded = 16

func (b *broad) init(m *Model) {
	n := len(m.Colliders)
	b.around = make([]ball, n)
	if len(m.Pairs) <= crowded*n {
		for i := range m.Pairs {
			b.pairs = append(b.pairs, int32(i))
		}
		return
	}
	b.boxes, b.firsts = make([]collide.Box, n), make([]int32, n+1)
	for i := range m.Pairs {
		b.firsts[min(m.Pairs[i].A, m.Pairs[i].B)+1]++
	}
	for i := range n {
		b.firsts[i+1] += b.firsts[i]
	}
	b.partners = make([]partner, len(m.Pairs))
	next := slices.Clone(b.firsts)
	for i := range m.Pairs {
		p := &m.Pairs[i]
		k := &next[min(p.A, p.B)]
		b.partners[*k] = partner{int32(max(p.A, p.B)), int32(i)}
		*k++
	}
	for i := range n {
		slices.SortFunc(b.partners[b.firsts[i]:b.firsts[i+1]], func(p, q partner) int { return cmp.Compare(p.other, q.other) })
	}
}

// many reports whether there are so many pairs that boxes are swept.
func (b *broad) many() bool { return b.partners != nil }

// find stores, ascending, the pairs whose boxes overlap.
func (b *broad) find() {
	b.overlaps = b.sweep.Overlaps(b.overlaps[:0], b.boxes)
	b.pairs = b.pairs[:0]
	for _, o := range b.overlaps {
		l := b.partners[b.firsts[o[0]]:b.firsts[o[0]+1]]
		k, ok := slices.BinarySearchFunc(l, o[1], func(p partner, other int32) int { return cmp.Compare(p.other, other) })
		if ok {
			b.pairs = append(b.pairs, l[k].pair)
		}
	}
	slices.Sort(b.pairs)
}

// boxOf returns the box around a ball of the given radius on its way from one center to the other.
func boxOf(from, to spatial.Vec, radius float64) collide.Box {
	r := spatial.Vec{X: radius, Y: radius, Z: radius}
	low := spatial.Vec{X: min(from.X, to.X), Y: min(from.Y, to.Y), Z: min(from.Z, to.Z)}
	high := spatial.Vec{X: max(from.X, to.X), Y: max(from.Y, to.Y), Z: max(from.Z, to.Z)}
	return collide.Box{Low: spatial.Sub(low, r), High: spatial.Add(high, r)}
}

// ballAll finds the balls around all colliders at knot 2, and the pairs that may be within reach of each other: margin or, if that is not
// positive, the part of the length of a mechanism, beyond their motion.
func (s *Stepper) ballAll(margin, part float64) {
	ratio, fall := s.h/s.hPast, s.fall()
	for i := range s.m.Colliders {
		c, b := &s.m.Colliders[i], &s.around[i]
		*b = ball{center: c.Pose.Pos, radius: c.radius()}
		if b.far = b.radius; c.Body != World {
			mo := &s.past[c.Body]
			arm := s.knots[c.Body].rot.MulVec(c.Pose.Pos)
			b.center = spatial.Add(s.world[c.Body].Pos, arm)
			b.past = spatial.Scale(ratio, spatial.Add(mo.Dx, mo.Displace(arm)))
			b.spin = 2 * spatial.Norm(mo.W) * b.radius * ratio
			far := margin
			if far <= 0 {
				far = part * s.m.Trees[s.m.Bodies[c.Body].Tree].Length
			}
			b.far += far + fall + 2*(spatial.Norm(b.past)+b.spin)
		}
		if s.many() {
			s.boxes[i] = boxOf(b.center, b.center, b.far)
		}
	}
	if s.many() {
		s.broad.find()
	}
}

// fall is how far a step's gravity moves what is free.
func (s *Stepper) fall() float64 { return s.m.GravityRef * s.h * s.h }

// endPair finds where the bodies of pair i are at knot 3.
func (s *Stepper) endPair(i int) {
	p := &s.m.Pairs[i]
	for _, c := range [2]int{p.A, p.B} {
		if b := s.m.Colliders[c].Body; b != World {
			mo := &s.mo[b]
			s.ends[b] = spatial.Pose{Pos: spatial.Add(s.world[b].Pos, mo.Dx), Rot: quat.Mul(spatial.GibbsQuat(mo.W), s.world[b].Rot)}
		}
	}
}

// moveAll finds how they move to knot 3, and the pairs that may meet on the way.
func (s *Stepper) moveAll() {
	for i := range s.m.Colliders {
		c, b := &s.m.Colliders[i], &s.around[i]
		if c.Body != World {
			mo := &s.mo[c.Body]
			arm := s.knots[c.Body].rot.MulVec(c.Pose.Pos)
			b.way = spatial.Add(mo.Dx, mo.Displace(arm))
			b.turned = 2 * spatial.Norm(mo.W) * b.radius
		}
		if s.many() {
			s.boxes[i] = boxOf(b.center, spatial.Add(b.center, b.way), b.radius)
		}
	}
	if s.many() {
		s.broad.find()
	}
}

// isFar reports whether colliders are beyond each other's reach, however they moved before.
func (a *ball) isFar(b *ball) bool {
	d, r := spatial.Sub(a.center, b.center), (1+1e-9)*(a.far+b.far)
	return spatial.Dot(d, d) > r*r
}

// near reports whether two balls are within reach of each other at knot 2, meets whether they meet on the way to knot 3, taken as straight.
func (a *ball) near(b *ball, reach float64) bool {
	d, r := spatial.Sub(a.center, b.center), a.radius+b.radius+reach
	return spatial.Dot(d, d) <= r*r
}

func (a *ball) meets(b *ball) bool {
	d, r := spatial.Sub(a.center, b.center), a.radius+b.radius
	way := spatial.Sub(a.way, b.way)
	if l := spatial.Dot(way, way); l > 0 {
		d = spatial.AddScaled(d, min(max(-spatial.Dot(d, way)/l, 0), 1), way)
	}
	return spatial.Dot(d, d) <= r*r
}

// moved returns how far points of two colliders move against each other to knot 3, at most.
func (a *ball) moved(b *ball) float64 {
	return spatial.Norm(spatial.Sub(a.way, b.way)) + a.turned + b.turned
}

// besideBox reports whether the larger collider of a pair is a box that the ball of the other one is out of reach of at
// knot 2: a box fills little of its own ball.
func (s *Stepper) besideBox(p *Pair, reach float64) bool {
	a, b := &s.around[p.A], &s.around[p.B]
	c := &s.m.Colliders[p.B]
	if a.radius > b.radius {
		a, b, c = b, a, &s.m.Colliders[p.A]
	}
	if c.Shape.Kind != contact.KindBox {
		return false
	}
	d, r, away := spatial.Sub(a.center, b.center), a.radius+reach, 0.0
	if c.Body != World {
		d = s.knots[c.Body].rot.TMulVec(d)
	}
	if c.Pose.Rot != spatial.Identity {
		d = spatial.QuatRotate(quat.Conj(c.Pose.Rot), d)
	}
	if x := math.Abs(d.X) - c.Shape.Half.X; x > 0 {
		away = x * x
	}
	if y := math.Abs(d.Y) - c.Shape.Half.Y; y > 0 {
		away += y * y
	}
	if z := math.Abs(d.Z) - c.Shape.Half.Z; z > 0 {
		away += z * z
	}
	return away > r*r
}

// Overlap returns the pair of colliders that is deepest in each other when the bodies are at these poses, −1 when none
// is, how deep it is, at least 0 (m), and how many pairs are deeper than least. Pairs with terrain are left out: how
// far their contacts are behind faces is not how deep they are.
func (s *Stepper) Overlap(poses []spatial.Pose, least float64) (pair int, depth float64, n int) {
	pair = -1
	if len(s.m.Pairs) == 0 {
		return pair, 0, 0
	}
	for i := range s.m.Colliders {
		c, b := &s.m.Colliders[i], &s.around[i]
		b.center, b.radius = c.Pose.Pos, c.radius()
		if c.Body != World {
			b.center = poses[c.Body].Apply(c.Pose.Pos)
		}
		if s.many() {
			s.boxes[i] = boxOf(b.center, b.center, b.radius)
		}
	}
	if s.many() {
		s.broad.find()
	}
	for _, i := range s.pairs {
		p := &s.m.Pairs[i]
		if s.m.IsOnTerrain(int(i)) || !s.around[p.A].near(&s.around[p.B], 0) {
			continue
		}
		deep, found := 0.0, s.find(int(i), poses, 0)
		for k := range found {
			deep = max(deep, -found[k].Gap)
		}
		s.found = s.found[:len(s.found)-len(found)] // they are of no step
		if deep > least {
			n++
		}
		if deep > depth {
			pair, depth = int(i), deep
		}
	}
	return pair, depth, n
}
