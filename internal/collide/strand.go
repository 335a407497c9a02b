package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Two lines that cross under a small angle touch wherever they please: their common normal, and with it their gap,
// turns by far more than they do. Below crossing[0], the sine of the angle, they count as parallel: what remains of a
// crossing are contacts of points, with continuous weights up to crossing[1].
var crossing = [2]float64{0.02, 0.1}

// strand is a line with ends: the line along a capsule or a cylinder, or an edge.
type strand struct {
	at, axis r3.Vec // its middle, in the world
	half     float64
	line     uint16    // code of the line,
	ends     [2]uint16 // and of its ends, the one along the axis first
}

func (s *strand) aim() aim { return aim{s.axis, s.line} }

// spineOf returns the line along a capsule or a cylinder.
func spineOf(c *Collider, at *spatial.Pose) strand {
	return strand{at.Pos, spatial.QuatRotate(at.Rot, unit(2)), c.Shape.HalfLength, side, [2]uint16{endUp, endDown}}
}

// edgeOf returns edge i of a hull.
func (x *solid) edgeOf(i int) strand {
	e := &x.edges[i]
	return strand{x.center(i), x.axis[i], e.half, e.code, [2]uint16{x.vertices[e.to].code, x.vertices[e.from].code}}
}

// strandOf returns the line that the part p of a collider, whose hull is h, lies on: of the edges that end in a vertex
// the one that is most along the axis.
func strandOf(c *Collider, at *spatial.Pose, h *solid, p Part, axis r3.Vec) (s strand, ok bool) {
	if c.isRound(p) {
		return spineOf(c, at), true
	}
	most := 0.0
	for i := range h.edges {
		e := h.edgeOf(i)
		switch along := math.Abs(spatial.Dot(e.axis, axis)); {
		case e.line == p.Code:
			return e, true
		case (e.ends[0] == p.Code || e.ends[1] == p.Code) && along > most:
			s, most, ok = e, along, true
		}
	}
	return s, ok
}

// needle is the radius, as part of its half length, below which a line is as sharp as an edge.
const needle = 1e-6

// isRound reports whether p is of the line along a capsule or a cylinder.
func (c *Collider) isRound(p Part) bool {
	s := c.Shape
	return p.Code < roundCodes && (s.Kind == contact.KindCapsule || s.Kind == contact.KindCylinder) && s.Radius > needle*s.HalfLength
}

// alongside adds the contacts of the lines that the nearest parts y lie on, and reports false where they do not lie
// along each other. One of them has a radius: two edges have a side, points beside them none.
func (f *Finder) alongside(y *nearest, weight float64) bool {
	switch y.kind {
	case gap.LineLine, gap.PointLine, gap.LinePoint:
	default:
		return false
	}
	var a, b strand
	okA, okB := false, false
	switch {
	case f.a.isRound(y.a):
		a, okA = spineOf(f.a, &f.pa), true
		b, okB = strandOf(f.b, &f.pb, &f.hb, y.b, a.axis)
	case f.b.isRound(y.b):
		b, okB = spineOf(f.b, &f.pb), true
		a, okA = strandOf(f.a, &f.pa, &f.ha, y.a, b.axis)
	}
	if !okA || !okB {
		return false
	}
	if f.moving.parallel(a.aim(), b.aim(), crossing).of == 1 {
		return false
	}
	f.strands(&a, &b, share{weight, f.turn})
	return true
}

// aligned returns how far the nearest parts y, a line and the rim of a cylinder, are of lines that lie along each
// other: one of two parallel lines that turn against each other is nearest to a rim at once, while the other end of
// what they share is as near.
func (f *Finder) aligned(y *nearest) (a, b strand, s share) {
	ok := false
	switch {
	case y.kind == gap.LineOval && f.b.Shape.Kind == contact.KindCylinder:
		b = spineOf(f.b, &f.pb)
		a, ok = strandOf(f.a, &f.pa, &f.ha, y.a, b.axis)
	case y.kind == gap.OvalLine && f.a.Shape.Kind == contact.KindCylinder:
		a = spineOf(f.a, &f.pa)
		b, ok = strandOf(f.b, &f.pb, &f.hb, y.b, a.axis)
	}
	if !ok {
		return a, b, s
	}
	if mid, half := a.shadow(&b); mid-half >= a.half || mid+half <= -a.half {
		return a, b, s
	}
	return a, b, f.moving.parallel(a.aim(), b.aim(), flat).rest()
}

// laid adds the contacts of lines as far as they lie along each other, although a rim is nearest, and returns what of the share they take.
func (f *Finder) laid(y *nearest, all share) share {
	a, b, s := f.aligned(y)
	if s = all.times(s); s.of > 0 {
		f.strands(&a, &b, s)
	}
	return s
}

// shadow returns the middle and half the length of b as it falls on the line of s.
func (s *strand) shadow(b *strand) (mid, half float64) {
	return spatial.Dot(s.axis, spatial.Sub(b.at, s.at)), b.half * math.Abs(spatial.Dot(s.axis, b.axis))
}

// part returns the part of s nearest to the coordinate t along it.
func (s *strand) part(t float64) (p Part, inside bool) {
	switch {
	case t >= s.half:
		return Part{Code: s.ends[0]}, false
	case t <= -s.half:
		return Part{Code: s.ends[1]}, false
	}
	return Part{Code: s.line}, true
}

// lines are the contacts of the lines along capsules or cylinders.
func (f *Finder) lines(all share) {
	a, b := spineOf(f.a, &f.pa), spineOf(f.b, &f.pb)
	f.strands(&a, &b, all)
}

// strands adds the nearest parts of two lines of which one has a radius; as these become parallel their weight goes to
// both ends of the overlap.
func (f *Finder) strands(a, b *strand, all share) {
	w := spatial.Sub(a.at, b.at)
	s, t := segments(a.axis, b.axis, w, a.half, b.half)
	k := spatial.Dot(a.axis, b.axis)
	mid, shadow := a.shadow(b)
	var both share // of the ends
	if max(mid-shadow, -a.half) < min(mid+shadow, a.half) {
		both = f.moving.parallel(a.aim(), b.aim(), crossing).rest()
	}
	defer func(turn r3.Vec) { f.turn = turn }(f.turn)
	n := spatial.Sub(spatial.AddScaled(w, s, a.axis), spatial.Scale(t, b.axis))
	one, each := all.times(both.rest()), all.times(both).scaled(0.5)
	f.turn = one.by
	f.addStrands(a, b, s, t, one.of, n)
	f.turn, f.points = each.by, 2*f.points
	for _, up := range [2]float64{-1, 1} {
		x, y := up*a.half, up*math.Copysign(b.half, k) // the ends
		if up*mid+shadow > a.half {                    // that of A comes first
			y = spatial.Dot(b.axis, w) + k*x
		} else {
			x = mid + k*y
		}
		f.addStrands(a, b, x, y, each.of, r3.Vec{})
	}
	f.points /= 2
}

// addStrands adds the contact of what is at s of a and at t of b.
func (f *Finder) addStrands(a, b *strand, s, t, weight float64, n r3.Vec) {
	pa, onA := a.part(s)
	pb, onB := b.part(t)
	f.addLineOrPoint(pa, pb, onA, onB, weight, n)
}

// addLineOrPoint adds the contact of parts that are lines of A and of B, or points at their ends. Lines cross along n,
// from B to A, where it is not zero.
func (f *Finder) addLineOrPoint(pa, pb Part, lineA, lineB bool, weight float64, n r3.Vec) {
	switch {
	case lineA && lineB:
		f.addLines(pa, pb, weight, n)
	case lineA:
		f.add(gap.LinePoint, pa, pb, weight)
	case lineB:
		f.add(gap.PointLine, pa, pb, weight)
	default:
		f.add(gap.PointPoint, pa, pb, weight)
	}
}
