package collide

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/spatial/r3"
)

// Polygons of two faces of boxes: opposite edges have the same direction, so half of the work is enough.

// overlapBoxes makes p the overlap of the faces of axes i and j with these signs, and reports whether there is any.
// What is as far apart as told is out of reach.
func (p *polygon) overlapBoxes(a, b *box, i, j int, signA, signB, far float64) bool {
	p.faceA, p.faceB = faceOfBox(i, signA), faceOfBox(j, signB)
	na, nb := a.normal(i, signA), b.normal(j, signB)
	onA, onB := a.middle(i, signA), b.middle(j, signB)
	if !p.begin(na, nb, b.at.Pos) || !a.borders(p, i, p.faceA.Code, onA) || !b.borders(p, j, p.faceB.Code, onB) || !p.overlap(4) {
		return false
	}
	p.rises(onA, onB, na, nb, far)
	return true
}

// codeOf is what the sign along each axis adds to the code of a part.
var codeOf = [3]int{1, 3, 9}

// faceOfBox is the face of axis k with this sign.
func faceOfBox(k int, sign float64) Part { return Part{Code: uint16(13 + int(sign)*codeOf[k])} }

// borders appends those of the face of axis i, with this code and middle, to p, and reports false where it is seen edge
// on. Counterclockwise seen along its axis they run back along the axis after it, and back, forth and forth along the
// others in turn.
func (b *box) borders(p *polygon, i int, face uint16, middle r3.Vec) bool {
	j, k := after[i], after[i+1]
	if spatial.Dot(b.axis[i], p.m) < 0 {
		j, k = k, j
	}
	var u, v spread
	if !u.project(p, b.axis[j], b.half[j]) || !v.project(p, b.axis[k], b.half[k]) {
		return false
	}
	center, code, cu, cv := p.flat(middle), int(face), codeOf[j], codeOf[k]
	n := len(p.borders)
	p.borders = slices.Grow(p.borders, 4)[:n+4]
	c := p.borders[n:]
	c[0].along(&u, -1, code+cu+cv, code+cv, center.X+v.run.X, center.Y+v.run.Y)
	c[1].along(&v, -1, code-cu+cv, code-cu, center.X-u.run.X, center.Y-u.run.Y)
	c[2].along(&u, 1, code-cu-cv, code-cv, center.X-v.run.X, center.Y-v.run.Y)
	c[3].along(&v, 1, code+cu-cv, code+cu, center.X+u.run.X, center.Y+u.run.Y)
	return true
}

// spread is how the edges of a box along one axis are seen.
type spread struct {
	axis     r3.Vec
	half     float64 // of their length
	run, dir r2.Vec  // that half, projected, and its direction
	stretch  float64 // length along the axis per length along dir
}

// project makes e that of such edges, and reports false where they are seen end on.
func (e *spread) project(p *polygon, axis r3.Vec, half float64) bool {
	d := r2.Vec{X: spatial.Dot(p.t1, axis), Y: spatial.Dot(p.t2, axis)}
	length := math.Sqrt(r2.Norm2(d)) // Norm guards against overflow
	e.axis, e.half, e.stretch = axis, half, 1/length
	e.run, e.dir = r2.Scale(half, d), r2.Scale(e.stretch, d)
	return length > 1e-6
}

// along makes c the border of such an edge around the middle (x, y).
func (c *border) along(e *spread, sign float64, vertex, edge int, x, y float64) {
	c.vertex, c.edge = uint16(vertex), uint16(edge)
	c.axis, c.half, c.stretch = e.axis, e.half, sign*e.stretch
	c.middle.X, c.middle.Y = x, y
	c.from.X, c.from.Y = x-sign*e.run.X, y-sign*e.run.Y
	c.dir.X, c.dir.Y = sign*e.dir.X, sign*e.dir.Y
}

// boxBend is an exterior angle of a face of a box, from the cross and the absolute of the dot product of the directions
// of its edges. All four are it or the rest of π.
type boxBend struct{ cross, dot, angle float64 }

// of returns it for these products; a pair of them is asked for again and again.
func (e *boxBend) of(cross, dot float64) float64 {
	if d := math.Abs(dot); e.cross != cross || e.dot != d {
		e.cross, e.dot, e.angle = cross, d, math.Atan2(cross, d)
	}
	if dot < 0 {
		return math.Pi - e.angle
	}
	return e.angle
}

// turnOf is turn, which of a box opposite borders share.
func (p *polygon) turnOf(i int) r3.Vec {
	if !p.rise.known || p.moving != nil {
		return p.turn(i)
	}
	k := i>>1&2 | i&1
	if p.turned>>k&1 == 0 {
		p.turns[k], p.turned = p.turn(i), p.turned|1<<k
	}
	return p.turns[k]
}
