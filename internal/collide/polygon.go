package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/spatial/r3"
)

// border is an edge of a face: from one of its vertices to the next, counterclockwise in the plane of a polygon.
type border struct {
	vertex, edge [3]int // signs of the vertex where it begins, and its own
	axis         r3.Vec // of the edge
	from, dir    r2.Vec // where it begins and its direction, projected
	middle       r2.Vec
	stretch      float64 // length along the axis per length along dir
}

// polygon is the overlap of two faces, seen along the mean of their normals. Edges keep the borders that they lie on: corners are where
// two of them meet, so what a corner is, and the sum of the angles, hold in ties too.
type polygon struct {
	faceA, faceB [3]int
	m            r3.Vec    // normal of its plane, from B to A
	borders      [8]border // of A, then of B
	corner       [8]r2.Vec
	on           [8]int // border of the edge from each corner to the next
	n            int
	share        float64 // of its weights
}

// overlap makes p the overlap of two faces, and reports whether there is any.
func (p *polygon) overlap(a, b *box, faceA, faceB [3]int) bool {
	p.faceA, p.faceB = faceA, faceB
	na, nb := a.normal(faceA), b.normal(faceB)
	m, ok := spatial.Unit(spatial.Sub(nb, na))
	if !ok {
		return false
	}
	p.m = m
	t1, t2 := spatial.Tangents(m)
	flat := func(x r3.Vec) r2.Vec {
		x = spatial.Sub(x, b.at.Pos)
		return r2.Vec{X: spatial.Dot(t1, x), Y: spatial.Dot(t2, x)}
	}
	if !a.borders(p.borders[:4], faceA, m, flat) || !b.borders(p.borders[4:], faceB, m, flat) {
		return false
	}
	p.n = 4
	for i := range 4 {
		p.corner[i], p.on[i] = p.borders[i].from, i
	}
	for j := 4; j < 8 && p.n > 0; j++ {
		p.clip(j)
	}
	return p.n >= 3
}

// normal returns the one out of a face.
func (b *box) normal(face [3]int) r3.Vec {
	k := faceAxis(face)
	return spatial.Scale(float64(face[k]), b.axis[k])
}

func faceAxis(face [3]int) int {
	switch {
	case face[0] != 0:
		return 0
	case face[1] != 0:
		return 1
	}
	return 2
}

// around are the signs of the vertices of a face, counterclockwise seen along its axis.
var around = [4][2]int{{1, 1}, {-1, 1}, {-1, -1}, {1, -1}}

// borders stores those of a face in a plane of normal m, and reports false where it is seen edge on.
func (b *box) borders(dst []border, face [3]int, m r3.Vec, flat func(r3.Vec) r2.Vec) bool {
	i := faceAxis(face)
	j, k := (i+1)%3, (i+2)%3
	next := 1
	if spatial.Dot(b.axis[i], m) < 0 {
		next = 3
	}
	for e := range dst {
		from, to := around[e*next%4], around[(e+1)*next%4]
		d := &dst[e]
		d.vertex, d.edge = face, face
		d.vertex[j], d.vertex[k] = from[0], from[1]
		end := d.vertex
		end[j], end[k] = to[0], to[1]
		free, sign := j, to[0]
		if from[0] == to[0] {
			free, sign = k, to[1]
			d.edge[j] = from[0]
		} else {
			d.edge[k] = from[1]
		}
		d.axis = b.axis[free]
		d.from, d.middle = flat(b.corner(d.vertex)), flat(b.corner(d.edge))
		run := r2.Sub(flat(b.corner(end)), d.from)
		length := math.Sqrt(r2.Norm2(run)) // Norm guards against overflow
		if !(length > 1e-6*b.half[free]) {
			return false
		}
		d.dir = r2.Scale(1/length, run)
		d.stretch = float64(sign) * 2 * b.half[free] / length
	}
	return true
}

// clip cuts off what of p is to the right of border j (Sutherland and Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974).
func (p *polygon) clip(j int) {
	var corner [8]r2.Vec
	var on [8]int
	n := 0
	emit := func(x r2.Vec, border int) {
		if n < len(corner) {
			corner[n], on[n] = x, border
			n++
		}
	}
	b := &p.borders[j]
	left := func(x r2.Vec) float64 { return r2.Cross(b.dir, r2.Sub(x, b.from)) }
	for i := range p.n {
		x, y := p.corner[i], p.corner[(i+1)%p.n]
		dx, dy := left(x), left(y)
		if dx >= 0 {
			emit(x, p.on[i])
		}
		switch {
		case dx >= 0 && dy < 0:
			emit(r2.Add(x, r2.Scale(dx/(dx-dy), r2.Sub(y, x))), j)
		case dx < 0 && dy >= 0:
			emit(r2.Add(x, r2.Scale(dx/(dx-dy), r2.Sub(y, x))), p.on[i])
		}
	}
	p.corner, p.on, p.n = corner, on, n
}

// corners adds a contact for every corner of the overlap, with the exterior angle as its weight.
func (f *finder) corners(p *polygon) {
	for i := range p.n {
		in, out := p.on[(i+p.n-1)%p.n], p.on[i]
		b, c := &p.borders[in], &p.borders[out]
		weight := p.share * math.Atan2(r2.Cross(b.dir, c.dir), r2.Dot(b.dir, c.dir)) / (2 * math.Pi)
		switch {
		case in < 4 && out < 4:
			f.add(gap.PointPlane, signs(c.vertex), signs(p.faceB), weight)
		case in >= 4 && out >= 4:
			f.add(gap.PlanePoint, signs(p.faceA), signs(c.vertex), weight)
		case in < 4:
			f.cross(p, b, c, p.corner[i], weight)
		default:
			f.cross(p, c, b, p.corner[i], weight)
		}
	}
}

// cross adds the crossing x of two edges: along their common normal as far as they have one, else as points of both on the other's face.
func (f *finder) cross(p *polygon, a, b *border, x r2.Vec, weight float64) {
	share := smooth(spatial.Norm(spatial.Cross(a.axis, b.axis)), crossing[0], crossing[1])
	edgeA, edgeB := signs(a.edge), signs(b.edge)
	f.addLines(edgeA, edgeB, share*weight, p.m)
	weight *= (1 - share) / 2
	f.put(Contact{Pair: gap.Pair{Kind: gap.PointPlane}, PartA: a.point(x), PartB: signs(p.faceB), Other: edgeB.Code, Weight: weight}, r3.Vec{})
	f.put(Contact{Pair: gap.Pair{Kind: gap.PlanePoint}, PartA: signs(p.faceA), PartB: b.point(x), Other: edgeA.Code, Weight: weight}, r3.Vec{})
}

// point returns the point of the edge that lies at x.
func (b *border) point(x r2.Vec) Part {
	q := signs(b.edge)
	q.Point, q.Along = true, b.stretch*r2.Dot(r2.Sub(x, b.middle), b.dir)
	return q
}
