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
		x.offset = append(x.offset, x.reach(n))
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
}

// separateHulls returns the unit vector from b to a along which hulls are farthest apart or least deep, of those across faces and pairs of
// edges that face each other (Gottschalk, Lin and Manocha, "OBBTree", SIGGRAPH 1996; Gregorius, "The separating axis test between convex
// polyhedra", GDC 2013). Points without edges have but faces.
func separateHulls(a, b *solid) (x axis) {
	x = axis{apart: math.Inf(-1), faceA: -1, faceB: -1, edgeA: -1, edgeB: -1}
	for i := range a.normal {
		if s := b.low(a.normal[i]) - a.offset[i]; s > x.apart {
			x = axis{n: spatial.Scale(-1, a.normal[i]), apart: s, faceA: i, faceB: -1, edgeA: -1, edgeB: -1}
		}
	}
	for i := range b.normal {
		if s := a.low(b.normal[i]) - b.offset[i]; s > x.apart {
			x = axis{n: b.normal[i], apart: s, faceA: -1, faceB: i, edgeA: -1, edgeB: -1}
		}
	}
	known := a.solid && b.solid
	for i := range a.axis {
		ea := a.axis[i]
		for j := range b.axis {
			if known && !facingEdges(a, b, i, j) {
				continue
			}
			n := spatial.Cross(ea, b.axis[j])
			sin2 := spatial.Dot(n, n)
			if sin2 < 1e-12 {
				continue
			}
			n = spatial.Scale(1/math.Sqrt(sin2), n)
			s := spatial.Dot(n, spatial.Sub(a.vertex[a.edges[i].from], b.vertex[b.edges[j].from]))
			if known { // out of B, into A
				if spatial.Dot(n, spatial.Sub(a.vertex[a.edges[i].from], a.middle)) > 0 {
					n, s = spatial.Scale(-1, n), -s
				}
				if s > x.apart {
					x = axis{n: n, apart: s, faceA: -1, faceB: -1, edgeA: i, edgeB: j}
				}
				continue
			}
			if s < 0 {
				n, s = spatial.Scale(-1, n), -s
			}
			for range 2 { // edges never face each other when this is not so along both directions
				if s <= x.apart {
					break
				}
				if t := a.low(n) - b.reach(n); t > x.apart {
					x = axis{n: n, apart: t, faceA: -1, faceB: -1, edgeA: i, edgeB: j}
				}
				n, s = spatial.Scale(-1, n), -s
			}
		}
	}
	return x
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

// facing appends the faces of x that hold all of its vertices farthest along n, each with its share: 1 of the one most along n, less of
// those nearly as good.
func (x *solid) facing(dst []shared, n r3.Vec) []shared {
	least, first := x.reach(n)-sameHeight*x.size, len(dst)
	support := 0
	for i := range x.vertex {
		if spatial.Dot(n, x.vertex[i]) >= least {
			support++
		}
	}
	best := math.Inf(-1)
	for i := range x.faces {
		holds := 0
		for _, v := range x.faces[i].loop {
			if spatial.Dot(n, x.vertex[v]) >= least {
				holds++
			}
		}
		if holds == support {
			c := spatial.Dot(n, x.normal[i])
			best = max(best, c)
			dst = append(dst, shared{i, c})
		}
	}
	for i := range dst[first:] {
		d := &dst[first+i]
		d.share = 1 - smooth(best-d.share, 0, tied)
	}
	return dst
}

// shared is a face and its share.
type shared struct {
	face  int
	share float64
}
