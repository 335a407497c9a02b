package collide

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// solid is a hull in the world. What of it is there is computed when it is needed: two hulls that touch have a few
// features where they do, and hundreds elsewhere.
type solid struct {
	*Hull
	rot          spatial.Mat3
	pos, middle  r3.Vec
	whole        bool // whether all of it is there
	vertex       []r3.Vec
	axis, normal []r3.Vec // of edges and faces
	offset       []float64
	near, kept   lists     // what nearestOf looks at, and its memory
	above        []float64 // scratch of separateHulls: how far the middle of the other hull is above faces, or along their normals
	some         []farEdge
}

func sized[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// at places the hull, but nothing of it.
func (x *solid) at(h *Hull, at *spatial.Pose) {
	x.rot.Set(at.Rot)
	x.Hull, x.pos, x.whole, x.near = h, at.Pos, false, h.every
	x.middle = spatial.Add(at.Pos, x.rot.MulVec(h.middle))
	x.vertex, x.axis = sized(x.vertex, len(h.vertices)), sized(x.axis, len(h.edges))
	x.normal, x.offset = sized(x.normal, len(h.faces)), sized(x.offset, len(h.faces))
}

// place places the hull with all its features.
func (x *solid) place(h *Hull, at *spatial.Pose) {
	x.at(h, at)
	x.placeAll()
}

func (x *solid) placeAll() {
	if x.whole {
		return
	}
	for i := range x.vertices {
		x.placeVertex(i)
	}
	for i := range x.edges {
		x.axis[i] = x.rot.MulVec(x.edges[i].axis)
	}
	for i := range x.faces {
		x.placePlane(i)
	}
	x.whole = true
}

func (x *solid) placeVertex(i int) r3.Vec {
	x.vertex[i] = spatial.Add(x.pos, x.rot.MulVec(x.vertices[i].at))
	return x.vertex[i]
}

func (x *solid) placePlane(i int) {
	n := x.rot.MulVec(x.faces[i].normal)
	x.normal[i] = n
	x.offset[i] = x.faces[i].offset + spatial.Dot(n, x.pos)
}

// placeFace places a face, its vertices and the edges around it.
func (x *solid) placeFace(i int) {
	if x.whole {
		return
	}
	x.placePlane(i)
	f := &x.faces[i]
	for k, v := range f.loop {
		x.placeVertex(int(v))
		x.axis[f.edge[k]] = x.rot.MulVec(x.edges[f.edge[k]].axis)
	}
}

// placeEdge places an edge, its vertices and the faces beside it, where it has any.
func (x *solid) placeEdge(i int) {
	if x.whole {
		return
	}
	e := &x.edges[i]
	x.axis[i] = x.rot.MulVec(e.axis)
	x.placeVertex(int(e.from))
	x.placeVertex(int(e.to))
	if e.left >= 0 {
		x.placePlane(int(e.left))
		x.placePlane(int(e.right))
	}
}

// into returns a point of the world in axes of the hull.
func (x *solid) into(p r3.Vec) r3.Vec { return x.rot.TMulVec(spatial.Sub(p, x.pos)) }

// farthest returns the vertex farthest along n.
func (x *solid) farthest(n r3.Vec) int {
	i, _ := x.top(x.rot.TMulVec(n))
	if !x.whole {
		x.placeVertex(int(i))
	}
	return int(i)
}

// reach returns the largest of n·v of the vertices.
func (x *solid) reach(n r3.Vec) float64 {
	if !x.whole || x.sectors != nil {
		return spatial.Dot(n, x.vertex[x.farthest(n)])
	}
	most := math.Inf(-1)
	for i := range x.vertex {
		most = max(most, spatial.Dot(n, x.vertex[i]))
	}
	return most
}

// low returns the smallest.
func (x *solid) low(n r3.Vec) float64 {
	if !x.whole || x.sectors != nil {
		return spatial.Dot(n, x.vertex[x.farthest(spatial.Scale(-1, n))])
	}
	least := math.Inf(1)
	for i := range x.vertex {
		least = min(least, spatial.Dot(n, x.vertex[i]))
	}
	return least
}

// normals returns those of the faces on both sides of an edge.
func (x *solid) normals(e int) (left, right r3.Vec) {
	return x.normal[x.edges[e].left], x.normal[x.edges[e].right]
}

// center returns the middle of an edge.
func (x *solid) center(e int) r3.Vec {
	return spatial.AddScaled(x.vertex[x.edges[e].from], x.edges[e].half, x.axis[e])
}

// axis is a direction along which hulls were found farthest apart, and what it came from: a face, or edges; −1 for none.
type axis struct {
	n            r3.Vec // from B to A
	apart        float64
	faceA, faceB int
	edgeA, edgeB int
	along, dual  r3.Vec // of edges, the axis of A's and what is dual to it,
	across       r3.Vec // and that of B's
	codeA, codeB uint16 // of the face or edge of A, and of B; not of boxes
}

// separateHulls returns the unit vector from b to a along which hulls are farthest apart or least deep, of those across
// faces and pairs of edges that face each other (Gottschalk, Lin and Manocha, "OBBTree", SIGGRAPH 1996; Gregorius, "The
// separating axis test between convex polyhedra", GDC 2013); of equals the first. It stops where they are farther apart
// than enough. Of n the hulls are no farther apart than the balls inside them: most faces and edges need no closer
// look.
func separateHulls(a, b *solid, enough float64) (x axis) {
	x = axis{apart: math.Inf(-1), faceA: -1, faceB: -1, edgeA: -1, edgeB: -1}
	d := spatial.Sub(a.middle, b.middle)
	if x.apart = spatial.Norm(d) - (a.size + b.size); x.apart > enough { // the balls around them
		return x
	}
	x.apart = math.Inf(-1)
	i := a.bestFace(b)
	if x.tryFace(a, b, i, true); x.apart > enough {
		return x
	}
	j := b.bestFace(a)
	x.tryFace(b, a, j, false)
	if x.apart > enough || x.isSure(a, b) {
		return x
	}
	guess := x.guessEdges(a, b)
	if guess.isSure(a, b) {
		return guess
	}
	x.tryFaces(a, b, i, true)
	x.tryFaces(b, a, j, false)
	if x.apart > enough || x.isSure(a, b) {
		return x
	}
	inner := a.inner + b.inner
	least := max(x.apart, guess.apart-sameHeight*(a.size+b.size)) + inner
	a.edgesAlong(spatial.Scale(-1, d), least)
	b.edgesAlong(d, least)
	for _, e := range b.some {
		b.placeEdge(e.edge)
	}
	for _, e := range a.some {
		if e.far-inner <= x.apart {
			continue
		}
		a.placeEdge(e.edge)
		for i := range b.some {
			if g := &b.some[i]; g.far-inner > x.apart {
				x.tryEdges(a, b, e.edge, g.edge)
			}
		}
	}
	if x.edgeA >= 0 {
		x.ofEdges(a.axis[x.edgeA], b.axis[x.edgeB])
	}
	return x
}

// bestFace returns the face of x above which the middle of the other hull is highest, −1 where there are none, and
// stores that height of all.
func (x *solid) bestFace(other *solid) int {
	x.above = sized(x.above, len(x.planes))
	m, best := x.into(other.middle), -1
	for i := range x.planes {
		p := &x.planes[i]
		x.above[i] = spatial.Dot(p.n, m) - p.offset
		if best < 0 || x.above[i] > x.above[best] {
			best = i
		}
	}
	return best
}

// tryFaces tries the normals of all faces of a, A or B, but one that was tried.
func (x *axis) tryFaces(a, b *solid, tried int, ofA bool) {
	for i, far := range a.above {
		if far-b.inner >= x.apart && i != tried {
			x.tryFace(a, b, i, ofA)
		}
	}
}

// tryFace takes the normal of a face if hulls are farther apart along it.
func (x *axis) tryFace(a, b *solid, i int, ofA bool) {
	if i < 0 {
		return
	}
	if !a.whole {
		a.placePlane(i)
	}
	n := a.normal[i]
	s := b.low(n) - a.offset[i]
	switch {
	case !(s > x.apart || s == x.apart && (ofA && i < x.faceA || !ofA && i < x.faceB)):
	case ofA:
		*x = axis{n: spatial.Scale(-1, n), apart: s, faceA: i, faceB: -1, edgeA: -1, edgeB: -1}
	default:
		*x = axis{n: n, apart: s, faceA: -1, faceB: i, edgeA: -1, edgeB: -1}
	}
}

// sure is how far apart hulls are, in their sizes, where rounding says nothing about which axis is the best.
const sure = 1e-6

// isSure reports whether no other axis can be better: where the vertex below the face lies beneath it, or the two edges
// are nearest inside of both, two points are as far apart as the axis says.
func (x *axis) isSure(a, b *solid) bool {
	switch {
	case !(x.apart > sure*(a.size+b.size)):
		return false
	case x.faceA >= 0:
		return a.covers(x.faceA, b.vertex[b.farthest(x.n)])
	case x.faceB >= 0:
		return b.covers(x.faceB, a.vertex[a.farthest(spatial.Scale(-1, x.n))])
	}
	return x.edgeA >= 0 && a.solid && b.solid && x.crossed(a, b)
}

// guessEdges returns x or, where they are farther apart along it, the common normal of two of the edges around the
// vertex below the face of x and around that face.
func (x *axis) guessEdges(a, b *solid) (y axis) {
	y = *x
	if !a.solid || !b.solid || x.faceA < 0 && x.faceB < 0 {
		return y
	}
	var ofA, ofB []int32
	if x.faceA >= 0 {
		ofA, ofB = a.faces[x.faceA].edge, b.star[b.farthest(x.n)]
	} else {
		ofA, ofB = a.star[a.farthest(spatial.Scale(-1, x.n))], b.faces[x.faceB].edge
	}
	for _, j := range ofB {
		b.placeEdge(int(j))
	}
	for _, i := range ofA {
		a.placeEdge(int(i))
		for _, j := range ofB {
			y.tryEdges(a, b, int(i), int(j))
		}
	}
	if y.edgeA >= 0 {
		y.ofEdges(a.axis[y.edgeA], b.axis[y.edgeB])
	}
	return y
}

// crossed reports whether two edges are nearest inside of both.
func (x *axis) crossed(a, b *solid) bool {
	i, j := x.edgeA, x.edgeB
	w := spatial.Sub(a.center(i), b.center(j))
	s, t := spatial.Dot(x.dual, w), spatial.Dot(dualOf(b.axis[j], a.axis[i]), w)
	return math.Abs(s) < a.edges[i].half-sameHeight*a.size && math.Abs(t) < b.edges[j].half-sameHeight*b.size
}

// covers reports whether a point lies above the inside of a face.
func (x *solid) covers(face int, p r3.Vec) bool {
	f, p := &x.faces[face], x.into(p)
	for k, v := range f.loop {
		e := &x.edges[f.edge[k]]
		out := spatial.Cross(e.axis, f.normal)
		if e.from != v {
			out = spatial.Scale(-1, out)
		}
		if !(spatial.Dot(out, spatial.Sub(p, x.vertices[v].at)) < -sameHeight*x.size) {
			return false
		}
	}
	return true
}

// edgesAlong stores which edges have normals, those beside them and between, along which d, out of x, is more than least.
func (x *solid) edgesAlong(d r3.Vec, least float64) {
	x.some = x.some[:0]
	if !x.solid {
		for i := range x.edges {
			x.some = append(x.some, farEdge{i, math.Inf(1)})
		}
		return
	}
	d = x.rot.TMulVec(d)
	for i := range x.planes {
		x.above[i] = spatial.Dot(x.planes[i].n, d)
	}
	for i := range x.bends {
		e := &x.bends[i]
		if most := max(x.above[e.left], x.above[e.right]); most > least || most > 0 && most > least*e.cosine {
			if most > 0 {
				most /= e.cosine
			}
			x.some = append(x.some, farEdge{i, most})
		}
	}
}

// farEdge is an edge, and the most that something can be along the normals beside it.
type farEdge struct {
	edge int
	far  float64
}

// tryEdges takes the common normal of two edges if hulls are farther apart along it.
func (x *axis) tryEdges(a, b *solid, i, j int) {
	known := a.solid && b.solid
	if known && !facingEdges(a, b, i, j) {
		return
	}
	n := spatial.Cross(a.axis[i], b.axis[j])
	sin2 := spatial.Dot(n, n)
	if sin2 < 1e-12 {
		return
	}
	n = spatial.Scale(1/math.Sqrt(sin2), n)
	on := a.vertex[a.edges[i].from]
	s := spatial.Dot(n, spatial.Sub(on, b.vertex[b.edges[j].from]))
	if known { // out of B, into A
		if spatial.Dot(n, spatial.Sub(on, a.middle)) > 0 {
			n, s = spatial.Scale(-1, n), -s
		}
		if s > x.apart {
			*x = axis{n: n, apart: s, faceA: -1, faceB: -1, edgeA: i, edgeB: j}
		}
		return
	}
	if s < 0 {
		n, s = spatial.Scale(-1, n), -s
	}
	for range 2 { // what is farther apart along both directions
		if s <= x.apart {
			return
		}
		if t := a.low(n) - b.reach(n); t > x.apart {
			*x = axis{n: n, apart: t, faceA: -1, faceB: -1, edgeA: i, edgeB: j}
		}
		n, s = spatial.Scale(-1, n), -s
	}
}

// facingEdges reports whether two edges touch if their hulls do along their common normal: the arcs between the normals beside them,
// those of B turned around, cross on the sphere.
func facingEdges(a, b *solid, i, j int) bool {
	l, r := a.normals(i)
	c, d := b.normals(j)
	la, ra := spatial.Dot(l, b.axis[j]), spatial.Dot(r, b.axis[j])
	if la*ra >= 0 {
		return false
	}
	lb, rb := spatial.Dot(c, a.axis[i]), spatial.Dot(d, a.axis[i])
	return lb*rb < 0 && la*rb < 0
}

// sameHeight is the part of its size within which vertices of a hull support a direction together.
const sameHeight = 1e-9

// facing appends the faces of x that hold all of its vertices farthest along the axis, of A against it, each with its share.
func (x *solid) facing(dst []shared, y *axis, ofA bool, m *moving) []shared {
	n := y.n
	if ofA {
		n = spatial.Scale(-1, n)
	}
	l := x.rot.TMulVec(n)
	top, most := x.top(l)
	least, first, support := most-sameHeight*x.size, len(dst), 0
	for _, i := range x.Hull.along(l) {
		if spatial.Dot(l, x.vertices[i].at) >= least {
			support++
		}
	}
	best, bestFace := math.Inf(-1), 0
	for _, i := range x.fan[top] {
		holds := 0
		for _, v := range x.faces[i].loop {
			if spatial.Dot(l, x.vertices[v].at) >= least {
				holds++
			}
		}
		if holds == support {
			x.placeFace(int(i))
			c := spatial.Dot(n, x.normal[i])
			if c > best {
				best, bestFace = c, int(i)
			}
			dst = append(dst, shared{int(i), share{of: c}})
		}
	}
	for i := range dst[first:] {
		d := &dst[first+i]
		d.share = y.tieOf(m, best, d.share.of, x.aim(bestFace), x.aim(d.face), ofA)
	}
	return dst
}

// shared is a face and its share.
type shared struct {
	face  int
	share share
}
