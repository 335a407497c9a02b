package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// An ellipsoid touches anything convex with one point. Which part of the other shape it is nearest to is found in two steps: the part
// nearest to its center where lengths are measured by its radii, in which it is a ball, which is the right one where they touch; from
// there on to its neighbors until the common normal and the nearest point are within the part (after Mirtich, "V-Clip", 1998).

// mostParts is how many parts are tried: some poses that are deep in each other have none that holds its own nearest point.
const mostParts = 12

// ovals: of an ellipsoid and any shape.
func (f *Finder) ovals() {
	switch b := f.b.Shape; b.Kind {
	case contact.KindEllipsoid:
		f.add(gap.OvalOval, Part{}, Part{}, 1)
	case contact.KindSphere:
		f.add(gap.OvalPoint, Part{}, Part{}, 1)
	case contact.KindCapsule:
		if p := end(f.toOval(gap.OvalLine, Part{Code: side}).along, b.HalfLength); p.Code == side {
			f.add(gap.OvalLine, Part{}, p, 1)
		} else {
			f.add(gap.OvalPoint, Part{}, p, 1)
		}
	case contact.KindCylinder:
		f.ovalCylinder()
	default:
		f.ovalHull()
	}
}

// nearby is where an ellipsoid is nearest to a part of the other shape.
type nearby struct {
	n, at r3.Vec  // normal, from the part to it; the point that is nearest, on the surface of a plane, on the core of what is round
	along float64 // of a line, where on it from its center
	gap   float64
}

func (f *Finder) toOval(kind gap.Kind, part Part) (x nearby) {
	p := gap.Pair{Kind: kind}
	f.a.side(&p.A, Part{}, &f.ra2)
	f.b.side(&p.B, part, &f.rb2)
	m := p.Nearest(&gap.Frame{Pos: f.a.At.Pos, Rot: &f.ra}, &gap.Frame{Pos: f.b.At.Pos, Rot: &f.rb})
	return nearby{n: m.N, at: m.OnB, along: m.Along, gap: m.Gap}
}

// ovalCylinder: of side, ends and rims those that hold their own nearest point, and of these the one that is farthest.
func (f *Finder) ovalCylinder() {
	s := f.b.Shape
	best, kind, part := math.Inf(-1), gap.OvalLine, Part{Code: side}
	if x := f.toOval(kind, part); math.Abs(x.along) <= s.HalfLength {
		best = x.gap
	}
	up := spatial.QuatRotate(f.pb.Rot, unit(2))
	for k, sign := range [2]float64{1, -1} {
		end, rim := Part{Code: f.b.Hull.faces[sides+k].code}, Part{Code: rimUp + uint16(k)}
		x := f.toOval(gap.OvalPlane, end)
		if y := into(&f.pb, x.at); math.Hypot(y.X, y.Y) <= s.Radius {
			if x.gap > best {
				best, kind, part = x.gap, gap.OvalPlane, end
			}
		} else if x := f.toOval(gap.OvalOval, rim); x.gap > best && sign*spatial.Dot(up, x.n) > 0 {
			best, kind, part = x.gap, gap.OvalOval, rim
		}
	}
	f.add(kind, Part{}, part, 1)
}

// place is a part of a hull by its index: of faces 0, of edges 1, of vertices 2.
type place struct{ on, i int }

func (f *Finder) ovalHull() {
	b := &f.hb
	b.place(f.b.Hull, &f.pb)
	at, settled := f.scaled()
	for n := 0; n < mostParts && !settled; n++ {
		next := f.neighbor(at)
		at, settled = next, next == at
	}
	if !settled {
		at = f.nearestOf(at)
	}
	kind, part := f.partOf(at)
	f.add(kind, Part{}, part, 1)
}

// nearestOf is the search through all parts, for when that from one to the next goes round in circles; p if there is none.
func (f *Finder) nearestOf(p place) place {
	b, least := &f.hb, math.Inf(1)
	for on, n := range [3]int{len(b.faces), len(b.edges), len(b.vertices)} {
		for i := range n {
			q := place{on, i}
			x := f.toOval(f.partOf(q))
			if holds := on == 2 || on == 1 && math.Abs(x.along) < b.edges[i].half || on == 0 && x.gap > 0 && b.over(i, x.at); holds && x.gap < least {
				least, p = x.gap, q
			}
		}
	}
	return p
}

// partOf returns a part of the hull, and the kind of its pair with an ellipsoid.
func (f *Finder) partOf(p place) (gap.Kind, Part) {
	b := &f.hb
	switch p.on {
	case 0:
		return gap.OvalPlane, Part{Code: b.faces[p.i].code}
	case 1:
		return gap.OvalLine, Part{Code: b.edges[p.i].code}
	}
	return gap.OvalPoint, Part{Code: b.vertices[p.i].code}
}

// scaled returns the part of the hull nearest to the center of the ellipsoid where that is a ball; of a center inside the face along which
// they are least deep.
func (f *Finder) scaled() (at place, inside bool) {
	b, c := &f.hb, f.pa.Pos
	q := oval(f.a.Shape, f.pa.Rot)
	r := f.a.Shape.Half
	inverse := contact.Shape{Half: r3.Vec{X: 1 / r.X, Y: 1 / r.Y, Z: 1 / r.Z}}
	m := spatial.Sym3(oval(&inverse, f.pa.Rot))
	inside = len(b.faces) > 0 && b.solid
	best, least := math.Inf(-1), math.Inf(1)
	for i, n := range b.normal {
		s := (*spatial.Sym3)(&q).MulVec(n)
		h2, d := spatial.Dot(n, s), spatial.Dot(n, c)-b.offset[i]
		h := math.Sqrt(h2)
		if d > 0 {
			inside = false
			if d/h < least && b.over(i, spatial.AddScaled(c, -d/h2, s)) {
				at, least = place{0, i}, d/h
			}
		}
		if d-h > best && inside {
			best, at = d-h, place{0, i}
		}
	}
	if inside { // nothing is nearer
		return at, true
	}
	for i := range b.edges {
		w := spatial.Sub(c, b.center(i))
		me := m.MulVec(b.axis[i])
		t := spatial.Dot(w, me) / spatial.Dot(b.axis[i], me)
		if math.Abs(t) >= b.edges[i].half {
			continue
		}
		w = spatial.AddScaled(w, -t, b.axis[i])
		if l := math.Sqrt(spatial.Dot(w, m.MulVec(w))); l < least {
			at, least = place{1, i}, l
		}
	}
	for i := range b.vertex {
		w := spatial.Sub(c, b.vertex[i])
		if l := math.Sqrt(spatial.Dot(w, m.MulVec(w))); l < least {
			at, least = place{2, i}, l
		}
	}
	return at, false
}

// neighbor returns the part next to p in whose direction the ellipsoid is nearer than to p, or p.
func (f *Finder) neighbor(p place) (next place) {
	b := &f.hb
	next = p
	kind, part := f.partOf(p)
	x := f.toOval(kind, part)
	switch p.on {
	case 0:
		face, most := &b.faces[p.i], 0.0
		for k, v := range face.loop {
			e := int(face.edge[k])
			if d := spatial.Dot(b.out(e, p.i), spatial.Sub(x.at, b.vertex[v])); d > most {
				most, next = d, place{1, e}
			}
		}
	case 1:
		e := &b.edges[p.i]
		switch {
		case x.along > e.half:
			return place{2, int(e.to)}
		case x.along < -e.half:
			return place{2, int(e.from)}
		case e.left < 0:
			return p
		}
		least := 0.0
		for _, face := range [2]int32{e.left, e.right} {
			if d := spatial.Dot(b.out(p.i, int(face)), x.n); d < least {
				least = d
				next = place{0, int(face)}
			}
		}
	case 2:
		most := 0.0
		v := int32(p.i)
		for i := range b.edges {
			e, d := &b.edges[i], 0.0
			switch v {
			case e.from:
				d = spatial.Dot(b.axis[i], x.n)
			case e.to:
				d = -spatial.Dot(b.axis[i], x.n)
			}
			if d > most {
				most, next = d, place{1, i}
			}
		}
	}
	return next
}

// out returns the direction across an edge in the plane of one of its faces, out of that.
func (x *solid) out(edge, face int) r3.Vec {
	o := spatial.Cross(x.axis[edge], x.normal[face])
	if int(x.edges[edge].left) != face {
		o = spatial.Scale(-1, o)
	}
	return o
}
