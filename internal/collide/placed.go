package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// solid is a hull in the world.
type solid struct {
	*Hull
	middle       r3.Vec
	vertex       []r3.Vec
	axis, normal []r3.Vec // of edges and faces
	offset       []float64
	far          []float64 // scratch of separateHulls
}

func (x *solid) place(h *Hull, at *spatial.Pose) {
	var rot spatial.Mat3
	rot.Set(at.Rot)
	x.Hull = h
	x.middle = spatial.Add(at.Pos, rot.MulVec(h.middle))
	x.vertex, x.axis, x.normal, x.offset = x.vertex[:0], x.axis[:0], x.normal[:0], x.offset[:0]
	for i := range h.vertices {
		x.vertex = append(x.vertex, spatial.Add(at.Pos, rot.MulVec(h.vertices[i].at)))
	}
	for i := range h.edges {
		x.axis = append(x.axis, rot.MulVec(h.edges[i].axis))
	}
	for i := range h.faces {
		n := rot.MulVec(h.faces[i].normal)
		x.normal = append(x.normal, n)
		x.offset = append(x.offset, h.faces[i].offset+spatial.Dot(n, at.Pos))
	}
}

// reach returns the largest of n·v of the vertices.
func (x *solid) reach(n r3.Vec) float64 {
	most := math.Inf(-1)
	for i := range x.vertex {
		most = max(most, spatial.Dot(n, x.vertex[i]))
	}
	return most
}

// low returns the smallest.
func (x *solid) low(n r3.Vec) float64 {
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
	along, dual  r3.Vec // of edges, the axis of A's and what is dual to it
}

// separateHulls returns the unit vector from b to a along which hulls are farthest apart or least deep, of those across faces and pairs of
// edges that face each other (Gottschalk, Lin and Manocha, "OBBTree", SIGGRAPH 1996; Gregorius, "The separating axis test between convex
// polyhedra", GDC 2013). It stops at faces along which they are farther apart than enough. Of n the hulls are no farther apart than the
// balls inside them: most faces and edges need no closer look.
func separateHulls(a, b *solid, enough float64) (x axis) {
	x = axis{apart: math.Inf(-1), faceA: -1, faceB: -1, edgeA: -1, edgeB: -1}
	for i, n := range a.normal {
		if spatial.Dot(n, b.middle)-b.inner-a.offset[i] <= x.apart {
			continue
		}
		if s := b.low(n) - a.offset[i]; s > x.apart {
			x.n, x.apart, x.faceA = spatial.Scale(-1, n), s, i
		}
	}
	for i, n := range b.normal {
		if spatial.Dot(n, a.middle)-a.inner-b.offset[i] <= x.apart {
			continue
		}
		if s := a.low(n) - b.offset[i]; s > x.apart {
			x.n, x.apart, x.faceA, x.faceB = n, s, -1, i
		}
	}
	if x.apart > enough {
		return x
	}
	d := spatial.Sub(a.middle, b.middle)
	b.far = b.far[:0]
	for j := range b.edges {
		b.far = append(b.far, b.alongEdge(j, d))
	}
	for i := range a.axis {
		far := a.alongEdge(i, spatial.Scale(-1, d)) - a.inner - b.inner
		if far <= x.apart {
			continue
		}
		for j := range b.axis {
			if b.far[j]-a.inner-b.inner > x.apart {
				x.tryEdges(a, b, i, j)
			}
		}
	}
	if x.edgeA >= 0 {
		x.ofEdges(a.axis[x.edgeA], b.axis[x.edgeB])
	}
	return x
}

// alongEdge returns the most that d, out of x, can be along the normals beside an edge, and between them.
func (x *solid) alongEdge(i int, d r3.Vec) float64 {
	e := &x.edges[i]
	if !x.solid {
		return math.Inf(1)
	}
	most := max(spatial.Dot(x.normal[e.left], d), spatial.Dot(x.normal[e.right], d))
	if most <= 0 {
		return most
	}
	return most / max(e.bend, 1e-9)
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
func (x *solid) facing(dst []shared, y *axis, ofA bool) []shared {
	n := y.n
	if ofA {
		n = spatial.Scale(-1, n)
	}
	least, first := x.reach(n)-sameHeight*x.size, len(dst)
	support := 0
	for i := range x.vertex {
		if spatial.Dot(n, x.vertex[i]) >= least {
			support++
		}
	}
	best, bestFace := math.Inf(-1), 0
	for i := range x.faces {
		holds := 0
		for _, v := range x.faces[i].loop {
			if spatial.Dot(n, x.vertex[v]) >= least {
				holds++
			}
		}
		if holds == support {
			c := spatial.Dot(n, x.normal[i])
			if c > best {
				best, bestFace = c, i
			}
			dst = append(dst, shared{i, share{of: c}})
		}
	}
	for i := range dst[first:] {
		d := &dst[first+i]
		d.share = y.tie(best, d.share.of, x.normal[bestFace], x.normal[d.face], ofA)
	}
	return dst
}

// shared is a face and its share.
type shared struct {
	face  int
	share share
}
