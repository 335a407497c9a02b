package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// upright are the sines of the angle between a capsule and the normal of a face between which it goes from standing on it with one end
// to lying on it with two.
var upright = [2]float64{0.1, 0.3}

// hulls: the corners of the overlap polygons of facing faces; the share of faces that do not overlap goes to the
// nearest parts. A capsule lies on a face as its side does on that of a box, and stands on it with the nearest part.
func (f *Finder) hulls() {
	a, b := &f.ha, &f.hb
	a.at(f.a.Hull, &f.pa)
	b.at(f.b.Hull, &f.pb)
	reach := f.reach + a.radius + b.radius + f.worn()
	if len(a.vertices) == 2 && b.isBelow(a, reach) {
		return
	}
	if len(a.vertices) > 1 && !f.a.isSharp() || !f.b.isSharp() {
		a.placeAll()
		b.placeAll()
	}
	if len(b.faces) == 0 { // balls, capsules, points on a line
		f.nearestParts(&axis{apart: math.Inf(1)}, 1)
		return
	}
	x := separateHulls(a, b, reach)
	if !(x.apart <= reach) {
		return
	}
	if len(a.vertices) == 1 {
		if x.faceB >= 0 && x.isSure(a, b) {
			f.add(gap.PointPlane, Part{Code: a.vertices[0].code}, Part{Code: b.faces[x.faceB].code}, 1)
		} else {
			f.nearestParts(&x, 1)
		}
		return
	}
	x.named(a, b)
	f.facesB = b.facing(f.facesB[:0], &x, false, f.moving)
	f.facesA = f.facesA[:0]
	if len(a.faces) > 0 {
		f.facesA = a.facing(f.facesA, &x, true, f.moving)
	} else {
		f.facesA = append(f.facesA, shared{face: -1, share: share{of: 1}})
	}
	if f.buriedHulls(&x) {
		return
	}
	p := &f.polygon
	p.deep = x.apart <= 0
	round, half := f.roundest(&x)
	var part, total, one, other share
	if half {
		part = f.shareOf(&round)
	}
	for _, fa := range f.facesA {
		for _, fb := range f.facesB {
			if fa.share.of == 0 || fb.share.of == 0 {
				continue
			}
			all := fa.share.times(fb.share)
			total = total.plus(all)
			all = all.minus(f.rolling(p, all, fa.face, fb.face))
			one = one.plus(all.times(part))
			all = all.times(part.rest())
			if p.share = all.times(f.overlapHulls(p, a, b, fa.face, fb.face)); p.share.of == 0 || !f.corners(p) {
				p.share = share{}
			}
			other = other.plus(all.minus(p.share))
		}
	}
	if one.of > 0 {
		one = one.minus(f.laid(&round, one))
	}
	if one.of > 0 {
		f.turn = one.by
		f.addNearest(&round, one.of)
	}
	if other.of > 0 {
		f.turn = other.by
		f.nearestParts(&x, other.of)
	}
	f.turn = r3.Vec{}
	f.rescale(total)
}

// isBelow reports whether a line is farther than reach above a face. Nothing needs to be placed for that.
func (x *solid) isBelow(line *solid, reach float64) bool {
	edge := &line.edges[0]
	m, e := x.into(line.middle), x.rot.TMulVec(line.rot.MulVec(edge.axis))
	reach += sameHeight * (x.size + line.size)
	for i := range x.planes {
		p := &x.planes[i]
		if spatial.Dot(p.n, m)-p.offset-math.Abs(spatial.Dot(p.n, e))*edge.half > reach {
			return true
		}
	}
	return false
}

// isSharp reports whether the shape is its hull, with faces.
func (c *Collider) isSharp() bool {
	return len(c.Hull.faces) > 0 && c.Shape.Kind != contact.KindCylinder
}

// worn is how much farther apart than the shapes what stands for them may be.
func (f *Finder) worn() (d float64) {
	for _, c := range [2]*Collider{f.a, f.b} {
		if c.Shape.Kind == contact.KindCylinder {
			d += worn * c.Shape.Radius
		}
	}
	return d
}

// overlapHulls makes p the overlap of two faces, of which that of a capsule is −1. It returns how far that one lies on the other, else 1,
// or 0 where they do not overlap.
func (f *Finder) overlapHulls(p *polygon, a, b *solid, faceA, faceB int) (lying share) {
	lying.of = 1
	p.faceB = Part{Code: b.faces[faceB].code}
	nb := b.normal[faceB]
	var na r3.Vec
	if faceA >= 0 {
		na = a.normal[faceA]
		p.faceA = Part{Code: a.faces[faceA].code}
	} else {
		if lying = f.moving.parallel(aim{a.axis[0], a.edges[0].code}, b.aim(faceB), upright); lying.of == 0 {
			return share{}
		}
		q := spatial.Across(nb, a.axis[0])
		na = spatial.Scale(-1/spatial.Norm(q), q)
	}
	if !p.begin(na, nb, b.middle) || !a.borders(p, faceA) {
		return share{}
	}
	if faceA < 0 {
		p.line = a
	}
	k := len(p.borders)
	if p.round[0] = a.isEnd(faceA); p.round[0] {
		p.disks[0].place(p, f.a, &f.pa, faceA)
	}
	if !b.borders(p, faceB) {
		return share{}
	}
	if p.round[1] = b.isEnd(faceB); p.round[1] {
		p.disks[1].place(p, f.b, &f.pb, faceB)
	}
	some := false
	switch p.ofA = k; {
	case p.round[1]:
		some = p.overlapDisk(&p.disks[1], 0, k)
	case p.round[0]:
		some = p.overlapDisk(&p.disks[0], k, len(p.borders)-k)
	default:
		some = p.overlap(k)
	}
	if !some {
		return share{}
	}
	return lying
}

// isEnd reports whether a face of a prism is the end of a cylinder.
func (x *solid) isEnd(face int) bool { return x.spine != nil && face >= sides }

// borders appends those of a face to p, of −1 the side of a capsule, and reports false where it is seen edge on.
func (x *solid) borders(p *polygon, face int) bool {
	if face < 0 {
		e := &x.edges[0]
		v, w := p.flat(x.vertex[e.from]), p.flat(x.vertex[e.to])
		return p.addBorder(x.vertices[e.from].code, e.code, v, w, x.axis[0], e.half, 1) &&
			p.addBorder(x.vertices[e.to].code, e.code, w, v, x.axis[0], e.half, -1)
	}
	f := &x.faces[face]
	n := len(f.loop)
	back := spatial.Dot(x.normal[face], p.m) < 0
	at := func(k int) (v, e int32) { // the vertex where border k begins, and its edge
		switch {
		case !back:
			return f.loop[k%n], f.edge[k%n]
		case k == 0 || k == n:
			return f.loop[0], f.edge[n-1]
		}
		return f.loop[n-k], f.edge[n-k-1]
	}
	v, e := at(0)
	from := p.flat(x.vertex[v])
	for k := range n {
		w, next := at(k + 1)
		to := p.flat(x.vertex[w])
		r, sign := &x.edges[e], 1.0
		if r.from != v {
			sign = -1
		}
		if !p.addBorder(x.vertices[v].code, r.code, from, to, x.axis[e], r.half, sign) {
			return false
		}
		v, e, from = w, next, to
	}
	return true
}

// nearestParts adds the nearest parts of hulls that are apart, and of others those that say along which axis they are least deep.
func (f *Finder) nearestParts(x *axis, weight float64) {
	if x.apart <= 0 {
		f.deepest(x, weight)
		return
	}
	a, b := &f.ha, &f.hb
	a.placeAll()
	b.placeAll()
	if x.edgeA >= 0 || x.faceA >= 0 || x.faceB >= 0 {
		selectNear(a, b, x.n)
	}
	y := nearestOf(a, b)
	f.addNearest(&y, weight)
}

// selectNear lets nearestOf look only at what can be the nearest of hulls that are apart along n, from B to A. With the
// lowest of A and the highest of B along it, and the distance d of any two points, the nearest ones are no higher and
// no lower than these by more than d less how far these are apart along n: that is the way they have along n, and it is
// no longer than the distance.
func selectNear(a, b *solid, n r3.Vec) {
	if a.sectors == nil && b.sectors == nil {
		return // not worth it
	}
	low, high := a.vertex[a.farthest(spatial.Scale(-1, n))], b.vertex[b.farthest(n)]
	from, to := spatial.Dot(n, low), spatial.Dot(n, high)
	slack := sameHeight * (a.size + b.size)
	keep := func(d float64) {
		a.keep(n, from+(d-(from-to))+slack)
		b.keep(spatial.Scale(-1, n), -to+(d-(from-to))+slack)
	}
	d := spatial.Norm(spatial.Sub(low, high))
	keep(d)
	_, _, d = b.nearest(low, d)
	_, _, d = a.nearest(high, d)
	keep(d)
}

// keep keeps what reaches below a height along n.
func (x *solid) keep(n r3.Vec, height float64) {
	x.above = sized(x.above, len(x.vertex))
	l := &x.kept
	l.vertices, l.edges, l.faces = l.vertices[:0], l.edges[:0], l.faces[:0]
	for i := range x.vertex {
		x.above[i] = spatial.Dot(n, x.vertex[i])
		if x.above[i] <= height {
			l.vertices = append(l.vertices, int32(i))
		}
	}
	for i := range x.edges {
		if e := &x.edges[i]; min(x.above[e.from], x.above[e.to]) <= height {
			l.edges = append(l.edges, int32(i))
		}
	}
	for i := range x.faces {
		for _, v := range x.faces[i].loop {
			if x.above[v] <= height {
				l.faces = append(l.faces, int32(i))
				break
			}
		}
	}
	x.near = *l
}

func (f *Finder) addNearest(y *nearest, weight float64) {
	if f.alongside(y, weight) {
		return
	}
	switch y.kind {
	case 0: // of poses that are none
	case gap.LineLine:
		f.addLines(y.a, y.b, weight, y.d)
	default:
		f.add(y.kind, y.a, y.b, weight)
	}
}

// nearest are the parts of two hulls that are nearest.
type nearest struct {
	kind  gap.Kind
	a, b  Part
	d     r3.Vec // of lines, from B to A
	apart float64
}

// nearestOf finds them, of hulls that are apart.
func nearestOf(a, b *solid) (y nearest) {
	y.apart = math.Inf(1)
	for _, i := range a.near.vertices {
		if on, code, d := b.nearest(a.vertex[i], y.apart); d < y.apart {
			y = nearest{kind: [...]gap.Kind{gap.PointPlane, gap.PointLine, gap.PointPoint}[on], a: Part{Code: a.vertices[i].code}, b: Part{Code: code}, apart: d}
		}
	}
	for _, i := range b.near.vertices {
		if len(a.vertices) == 1 {
			break
		}
		if on, code, d := a.nearest(b.vertex[i], y.apart); d < y.apart {
			y = nearest{kind: [...]gap.Kind{gap.PlanePoint, gap.LinePoint, gap.PointPoint}[on], a: Part{Code: code}, b: Part{Code: b.vertices[i].code}, apart: d}
		}
	}
	for _, i := range a.near.edges {
		ea := &a.edges[i]
		ca := a.center(int(i))
		for _, j := range b.near.edges {
			eb := &b.edges[j]
			w := spatial.Sub(ca, b.center(int(j)))
			if far := y.apart + ea.half + eb.half; spatial.Dot(w, w) > far*far {
				continue
			}
			s, t := segments(a.axis[i], b.axis[j], w, ea.half, eb.half)
			d := spatial.Sub(spatial.AddScaled(w, s, a.axis[i]), spatial.Scale(t, b.axis[j]))
			if l := spatial.Norm(d); math.Abs(s) < ea.half && math.Abs(t) < eb.half && l < y.apart {
				y = nearest{kind: gap.LineLine, a: Part{Code: ea.code}, b: Part{Code: eb.code}, d: d, apart: l}
			}
		}
	}
	return y
}

// deepest adds the parts that the axis x came from.
func (f *Finder) deepest(x *axis, weight float64) {
	a, b := &f.ha, &f.hb
	switch {
	case x.faceA >= 0:
		f.add(gap.PlanePoint, Part{Code: a.faces[x.faceA].code}, Part{Code: b.vertices[b.farthest(x.n)].code}, weight)
	case x.faceB >= 0:
		f.add(gap.PointPlane, Part{Code: a.vertices[a.farthest(spatial.Scale(-1, x.n))].code}, Part{Code: b.faces[x.faceB].code}, weight)
	case x.edgeA >= 0:
		i, j := x.edgeA, x.edgeB
		if !a.solid || !b.solid {
			i, j = a.alike(i, spatial.Scale(-1, x.n)), b.alike(j, x.n)
		}
		f.addLines(Part{Code: a.edges[i].code}, Part{Code: b.edges[j].code}, weight, x.n)
	}
}

// alike returns of the edges that are parallel to one the farthest along n: an axis across edges of what has no volume
// may be that of any of them.
func (x *solid) alike(edge int, n r3.Vec) (best int) {
	x.placeAll()
	best = edge
	for i := range x.edges {
		if math.Abs(spatial.Dot(x.axis[i], x.axis[edge])) > 1-sameHeight && spatial.Dot(n, x.center(i)) > spatial.Dot(n, x.center(best))+sameHeight*x.size {
			best = i
		}
	}
	return best
}

// nearest returns the part of x nearest to y, a point outside, when it is nearer than least: 0 for a face, 1 for an edge, 2 for a vertex,
// its code and its distance.
func (x *solid) nearest(y r3.Vec, least float64) (on int, code uint16, d float64) {
	d = least
	for _, i := range x.near.faces {
		h := spatial.Dot(x.normal[i], y) - x.offset[i]
		if h > 0 && h < d && x.over(int(i), y) {
			on, code, d = 0, x.faces[i].code, h
		}
	}
	for _, i := range x.near.edges {
		e := &x.edges[i]
		w := spatial.Sub(y, x.center(int(i)))
		t := spatial.Dot(w, x.axis[i])
		if math.Abs(t) >= e.half {
			continue
		}
		if l2 := spatial.Dot(w, w) - t*t; l2 < d*d {
			if l := spatial.Norm(spatial.AddScaled(w, -t, x.axis[i])); l < d {
				on, code, d = 1, e.code, l
			}
		}
	}
	for _, i := range x.near.vertices {
		if l := spatial.Norm(spatial.Sub(y, x.vertex[i])); l < d {
			on, code, d = 2, x.vertices[i].code, l
		}
	}
	return on, code, d
}

// over reports whether y lies above a face, seen along its normal.
func (x *solid) over(face int, y r3.Vec) bool {
	f := &x.faces[face]
	for k, v := range f.loop {
		e := f.edge[k]
		out := spatial.Cross(x.axis[e], x.normal[face])
		if x.edges[e].from != v {
			out = spatial.Scale(-1, out)
		}
		if spatial.Dot(out, spatial.Sub(y, x.vertex[v])) > 0 {
			return false
		}
	}
	return true
}
