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
//
// Deep in each other shapes have several normals along which they are less deep than along all around. One that is
// found for a part counts if the part is what the other shape supports along it; of these the one along which they are
// least deep is taken. It need not be the one that is uphill from the center: a grain in a plate leaves through its
// faces.

// mostParts is how many parts are tried: some poses that are deep in each other have none that holds its own nearest point.
const mostParts = 12

// ovals: of an ellipsoid and any shape.
func (f *Finder) ovals() {
	f.eggOf(f.a, &f.pa, Part{})
	switch f.b.Shape.Kind {
	case contact.KindEllipsoid:
		f.ovalOval()
	case contact.KindSphere:
		e := f.escapes()
		e.try(f, gap.OvalPoint, Part{}, r3.Vec{})
		f.addOval(&e.best)
	case contact.KindCapsule:
		f.ovalCapsule()
	case contact.KindCylinder:
		f.ovalCylinder()
	default:
		f.ovalHull()
	}
}

// egg is what an ellipsoid is of A: all of it, or, of a cylinder, a rim.
type egg struct {
	part       Part
	at         r3.Vec
	q, inverse gap.Oval // in the world
}

// thinnest is how thick the disk in a rim counts where lengths are measured by it, in radii.
const thinnest = 1e-4

func (f *Finder) eggOf(c *Collider, at *spatial.Pose, part Part) {
	e, r := &f.egg, c.Shape.Half
	e.part, e.at = part, at.Pos
	if part.isRim(c.Shape) {
		x := part.rim(c.Shape)
		e.at = at.Apply(x.Center)
		r = r3.Vec{X: c.Shape.Radius, Y: c.Shape.Radius, Z: thinnest * c.Shape.Radius}
	}
	var m spatial.Mat3
	m.Set(at.Rot)
	e.q, e.inverse = gap.OvalOf(r).Turned(&m), gap.OvalOf(r3.Vec{X: 1 / r.X, Y: 1 / r.Y, Z: 1 / r.Z}).Turned(&m)
}

// nearby is where an ellipsoid is nearest to a part of the other shape.
type nearby struct {
	kind  gap.Kind
	part  Part
	from  r3.Vec  // where the search for the normal started, or zero
	n, at r3.Vec  // normal, from the part to it; the point that is nearest, on the surface of a plane, on the core of what is round
	along float64 // of a line, where on it from its center
	gap   float64
}

func (f *Finder) toOval(kind gap.Kind, part Part, from r3.Vec) nearby {
	p := gap.Pair{Kind: kind, From: from}
	f.a.side(&p.A, &f.egg.part, &f.ra2)
	f.b.side(&p.B, &part, &f.rb2)
	m := p.Nearest(&gap.Frame{Pos: f.a.At.Pos, Rot: &f.ra}, &gap.Frame{Pos: f.b.At.Pos, Rot: &f.rb})
	return nearby{kind: kind, part: part, from: from, n: m.N, at: m.OnB, along: m.Along, gap: m.Gap}
}

func (f *Finder) addOval(x *nearby) {
	if x.kind == 0 { // of poses that are none
		return
	}
	f.from = x.from
	f.add(x.kind, f.egg.part, x.part, 1)
	f.from = r3.Vec{}
}

// thin returns the direction along which the ellipsoid c is thinnest.
func (c *Collider) thin(at *spatial.Pose) r3.Vec {
	h, k := array(c.Shape.Half), 0
	for i := range h {
		if h[i] < h[k] {
			k = i
		}
	}
	return spatial.QuatRotate(at.Rot, unit(k))
}

// ovalOval: two of them. Deep in each other they may leave each other along where either is thin.
func (f *Finder) ovalOval() {
	best := f.toOval(gap.OvalOval, Part{}, r3.Vec{})
	if best.gap < 0 {
		for _, thin := range [2]r3.Vec{f.a.thin(&f.pa), f.b.thin(&f.pb)} {
			for _, sign := range [2]float64{1, -1} {
				if x := f.toOval(gap.OvalOval, Part{}, spatial.Scale(sign, thin)); x.gap > best.gap+1e-12*f.a.Shape.Extent() {
					best = x
				}
			}
		}
	}
	f.addOval(&best)
}

// escape is the search of a part along whose normal a shape is the least deep in an ellipsoid.
type escape struct {
	best  nearby
	start [3]r3.Vec // where normals are searched from
}

func (f *Finder) escapes() (e escape) {
	thin := f.a.thin(&f.pa)
	e.best.gap = math.Inf(-1)
	e.start = [3]r3.Vec{{}, thin, spatial.Scale(-1, thin)}
	return e
}

// try takes a part whose normal, of a line, is one of the whole shape, of a rim or an end only on the side that the axis points to.
func (e *escape) try(f *Finder, kind gap.Kind, part Part, axis r3.Vec) {
	for _, from := range e.start {
		x := f.toOval(kind, part, from)
		held := !(spatial.Dot(axis, x.n) < 0) && (kind != gap.OvalOval || aslant(x.n, axis))
		if held && x.gap > e.best.gap {
			e.best = x
		}
		if held && x.gap > 0 || kind == gap.OvalPlane {
			return
		}
	}
}

// ovalCapsule: the side or an end.
func (f *Finder) ovalCapsule() {
	x := f.toOval(gap.OvalLine, Part{Code: side}, r3.Vec{})
	switch h := f.b.Shape.HalfLength; {
	case x.gap < 0:
		e, axis := f.escapes(), spatial.QuatRotate(f.pb.Rot, unit(2))
		e.try(f, gap.OvalLine, Part{Code: side}, r3.Vec{})
		e.try(f, gap.OvalPoint, Part{Code: endUp}, axis)
		e.try(f, gap.OvalPoint, Part{Code: endDown}, spatial.Scale(-1, axis))
		x = e.best
	case math.Abs(x.along) >= h:
		x = f.toOval(gap.OvalPoint, end(x.along, h), r3.Vec{})
	}
	f.addOval(&x)
}

// ovalCylinder: the side, an end or a rim.
func (f *Finder) ovalCylinder() {
	e, up := f.escapes(), spatial.QuatRotate(f.pb.Rot, unit(2))
	e.try(f, gap.OvalLine, Part{Code: side}, r3.Vec{})
	for k, sign := range [2]float64{1, -1} {
		e.try(f, gap.OvalPlane, Part{Code: f.b.Hull.faces[sides+k].code}, r3.Vec{})
		e.try(f, gap.OvalOval, Part{Code: rimUp + uint16(k)}, spatial.Scale(sign, up))
	}
	f.addOval(&e.best)
}

// place is a part of a hull by its index: of faces 0, of edges 1, of vertices 2.
type place struct{ on, i int }

func (f *Finder) ovalHull() {
	f.hb.place(f.b.Hull, &f.pb)
	at, x := f.walk()
	if !(x.gap > 0 && f.holds(at, &x)) {
		x = f.leastDeep(x)
	}
	f.addOval(&x)
}

// walk returns the part of the hull that holds the point of it nearest to the ellipsoid, and where that is.
func (f *Finder) walk() (at place, x nearby) {
	at, settled := f.scaled()
	for n := 0; n < mostParts && !settled; n++ {
		next := f.neighbor(at)
		at, settled = next, next == at
	}
	kind, part := f.partOf(at)
	return at, f.toOval(kind, part, r3.Vec{})
}

// holds reports whether p is what the hull supports along the normal at x.
func (f *Finder) holds(p place, x *nearby) bool {
	return p.on == 0 || f.hb.reach(x.n)-spatial.Dot(x.n, x.at) <= sameHeight*f.hb.size
}

// leastDeep returns where the ellipsoid is nearest to the part of the hull along whose normal it is least deep, or x if
// no part holds its own.
func (f *Finder) leastDeep(x nearby) nearby {
	b, e := &f.hb, f.escapes()
	e.best = x
	e.best.gap = math.Inf(-1)
	for on, n := range [3]int{len(b.faces), len(b.edges), len(b.vertices)} {
		for i := range n {
			p := place{on, i}
			kind, part := f.partOf(p)
			for k, from := range e.start {
				if on == 0 && k > 0 {
					break
				}
				if x := f.toOval(kind, part, from); x.gap > e.best.gap && f.holds(p, &x) {
					e.best = x
				}
			}
		}
	}
	return e.best
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
	b, c := &f.hb, f.egg.at
	q, m := (*spatial.Sym3)(&f.egg.q), (*spatial.Sym3)(&f.egg.inverse)
	inside = len(b.faces) > 0 && b.solid
	best, least := math.Inf(-1), math.Inf(1)
	for i, n := range b.normal {
		s := q.MulVec(n)
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
	x := f.toOval(kind, part, r3.Vec{})
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
