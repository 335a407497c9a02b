package collide

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/spatial/r3"
)

// border is an edge of a face: from one of its vertices to the next, counterclockwise in the plane of a polygon.
type border struct {
	vertex, edge uint16 // codes of the vertex where it begins, and its own
	axis         r3.Vec // of the edge
	from, dir    r2.Vec // where it begins and its direction, projected
	middle       r2.Vec
	half         float64 // of the length of the edge
	stretch      float64 // length along the axis per length along dir
}

func (b *border) aim() aim { return aim{b.axis, b.edge} }

// polygon is the overlap of two faces, seen along the mean of their normals. Edges keep the borders that they lie on: corners are where
// two of them meet, so what a corner is, and the sum of the angles, hold in ties too. The side of a capsule is a face of two borders, there
// and back.
type polygon struct {
	faceA, faceB Part
	line         *solid // of which the side is the face of A, if it is one
	deep         bool   // whether the cores are in each other
	m            r3.Vec // normal of its plane, from B to A
	na           r3.Vec // normal of the face of A, and how far that of B is from it
	spread       float64
	t1, t2       r3.Vec   // axes of the plane
	origin       r3.Vec   // of it
	borders      []border // of A, then of B
	ofA          int      // how many are of A
	corner       []r2.Vec
	on           []int // border of the edge from each corner to the next
	angle        []float64
	left         []r2.Vec
	leftOn       []int     // both before the last clip
	side         []float64 // how far the corners are to the left of its border
	share        share     // of its weights
	rise         rise      // of boxes
	round        [2]bool   // whether the face of A, and that of B, is the end of a cylinder,
	disks        [2]disk   // and this one
	moving       *moving   // that of the Finder
}

// begin fixes the plane of p between faces of these normals, and reports whether there is any.
func (p *polygon) begin(na, nb, origin r3.Vec) (ok bool) {
	d := spatial.Sub(nb, na)
	p.na, p.spread, p.line, p.round = na, spatial.Norm(d), nil, [2]bool{}
	p.m, ok = spatial.Unit(d)
	p.t1, p.t2 = spatial.Tangents(p.m)
	p.origin, p.borders, p.rise.known = origin, p.borders[:0], false
	return ok
}

func (p *polygon) flat(x r3.Vec) r2.Vec {
	x = spatial.Sub(x, p.origin)
	return r2.Vec{X: spatial.Dot(p.t1, x), Y: spatial.Dot(p.t2, x)}
}

// addBorder appends the border from x to y, of an edge of this half length and axis, and reports false where it is seen end on.
func (p *polygon) addBorder(vertex, edge uint16, x, y r2.Vec, axis r3.Vec, half, sign float64) bool {
	run := r2.Sub(y, x)
	length := math.Sqrt(r2.Norm2(run)) // Norm guards against overflow
	if !(length > 1e-6*half) {
		return false
	}
	c := p.nextBorder()
	c.vertex, c.edge, c.axis, c.from, c.dir = vertex, edge, axis, x, r2.Scale(1/length, run)
	c.middle, c.half, c.stretch = r2.Scale(0.5, r2.Add(x, y)), half, sign*2*half/length
	return true
}

// nextBorder appends a border, in its place, whatever is there.
func (p *polygon) nextBorder() *border {
	n := len(p.borders)
	if n == cap(p.borders) {
		p.borders = slices.Grow(p.borders, 1)
	}
	p.borders = p.borders[:n+1]
	return &p.borders[n]
}

// overlap cuts the borders of A, the first na, by those of B, and reports whether anything is left.
func (p *polygon) overlap(na int) bool {
	p.ofA, p.corner, p.on = na, p.corner[:0], p.on[:0]
	for i := range na {
		p.corner, p.on = append(p.corner, p.borders[i].from), append(p.on, i)
	}
	for j := na; j < len(p.borders) && len(p.corner) > 0; j++ {
		p.clip(j)
	}
	return len(p.corner) >= min(na, 3)
}

// overlapBoxes makes p the overlap of the faces of axes i and j with these signs, and reports whether there is any. What is as far apart as told is out of reach.
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

// borders appends those of the face of axis i, with this code and middle, to p, and reports false where it is seen edge on. Counterclockwise seen along its axis they run back along the axis
// after it, and back, forth and forth along the others in turn.
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
	p.addSpread(code+cu+cv, code+cv, r2.Add(center, v.run), &u, -1)
	p.addSpread(code-cu+cv, code-cu, r2.Sub(center, u.run), &v, -1)
	p.addSpread(code-cu-cv, code-cv, r2.Sub(center, v.run), &u, 1)
	p.addSpread(code+cu-cv, code+cu, r2.Add(center, u.run), &v, 1)
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

// addSpread appends the border of such an edge around this middle.
func (p *polygon) addSpread(vertex, edge int, middle r2.Vec, e *spread, sign float64) {
	c := p.nextBorder()
	c.vertex, c.edge = uint16(vertex), uint16(edge)
	c.axis, c.middle = e.axis, middle
	c.from, c.dir = r2.Sub(middle, r2.Scale(sign, e.run)), r2.Scale(sign, e.dir)
	c.half, c.stretch = e.half, sign*e.stretch
}

// clip cuts off what of p is to the right of border j (Sutherland and Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974).
func (p *polygon) clip(j int) {
	b := &p.borders[j]
	dir, from := b.dir, b.from
	n := len(p.corner)
	p.side = sized(p.side, n)
	side, outside := p.side, 0
	for i, x := range p.corner {
		d := r2.Cross(dir, r2.Sub(x, from))
		side[i] = d
		if !(d >= 0) {
			outside++
		}
	}
	if outside == 0 {
		return
	}
	left, leftOn := p.corner, p.on
	p.corner, p.on = p.left[:0], p.leftOn[:0]
	p.left, p.leftOn = left, leftOn
	if outside == n {
		return
	}
	corner, on := sized(p.corner, 2*n), sized(p.on, 2*n)
	k, next := 0, 0
	for i, x := range left {
		if next = i + 1; next == n {
			next = 0
		}
		dx, dy := side[i], side[next]
		if dx >= 0 {
			corner[k], on[k] = x, leftOn[i]
			k++
		}
		if dx >= 0 && dy < 0 || dx < 0 && dy >= 0 {
			if corner[k], on[k] = r2.Add(x, r2.Scale(dx/(dx-dy), r2.Sub(left[next], x))), leftOn[i]; dx >= 0 {
				on[k] = j
			}
			k++
		}
	}
	p.corner, p.on = corner[:k], on[:k]
}

// angles stores the exterior angles of the corners and returns their sum: 2π, but where of the side of a capsule only a point is left.
func (p *polygon) angles() (sum float64) {
	p.angle = p.angle[:0]
	b := &p.borders[p.on[len(p.on)-1]]
	for _, out := range p.on {
		c := &p.borders[out]
		a := math.Atan2(r2.Cross(b.dir, c.dir), r2.Dot(b.dir, c.dir))
		if a < -3 { // round the end of a capsule
			a = -a
		}
		a = max(a, 0)
		p.angle = append(p.angle, a)
		sum += a
		b = c
	}
	return sum
}

// turn returns how the direction of border i in the plane turns as A turns against B: with u its axis, p = m×u and the spread of the
// normals,
//
//	dφ = p·(du − (m·u) dm)/‖p‖²,   dm = (dn_B − dn_A)/‖n_B − n_A‖ across m
func (p *polygon) turn(i int) (g r3.Vec) {
	b := &p.borders[i]
	u := b.axis
	q := spatial.Cross(p.m, u)
	k := 1 / spatial.Dot(q, q)
	c := k * spatial.Dot(p.m, u) / p.spread
	if p.moving != nil || p.line != nil {
		return spatial.AddScaled(spatial.Scale(k, p.moving.pull(i < p.ofA, b.edge, u, q)), c, p.swing(q))
	}
	if i < p.ofA { // most; as above, without calls
		g = spatial.Scale(k, spatial.Cross(u, q))
	}
	return spatial.AddScaled(g, c, spatial.Cross(p.na, q))
}

// swing returns how w·(n_A − n_B) changes as A turns against B. The normal of a side with the axis e is that of B's face across it, which does
// not roll with A: with c the cosine of n_B and e, s the sine, and r = (w·e + w·n_A c/s)/s,
//
//	n_A = (c e − n_B)/s,   w·dn_A = (w c/s + r n_B)·de + (r e − w/s)·dn_B
func (p *polygon) swing(w r3.Vec) r3.Vec {
	b := spatial.Scale(-1, w) // of n_B
	if p.line == nil {
		return spatial.Add(p.moving.pull(true, p.faceA.Code, p.na, w), p.moving.pull(false, p.faceB.Code, p.na, b))
	}
	e, nb := p.line.axis[0], spatial.AddScaled(p.na, p.spread, p.m)
	c := spatial.Dot(nb, e)
	s := math.Sqrt(1 - c*c)
	r := (spatial.Dot(w, e) + spatial.Dot(w, p.na)*c/s) / s
	b = spatial.Add(spatial.AddScaled(b, -1/s, w), spatial.Scale(r, e))
	a := spatial.AddScaled(spatial.Scale(c/s, w), r, nb)
	return spatial.Add(p.moving.pull(true, p.line.edges[0].code, e, a), p.moving.pull(false, p.faceB.Code, nb, b))
}

// corners adds a contact for every corner of the overlap, with the exterior angle as its weight, and reports whether there are any.
func (f *Finder) corners(p *polygon) bool {
	sum := p.angles()
	if sum < 1 {
		return false
	}
	growth := p.growth()
	n := len(p.corner)
	in, turnIn, known := p.on[n-1], r3.Vec{}, false
	for i, out := range p.on {
		b, c := &p.borders[in], &p.borders[out]
		mixed := (in < p.ofA) != (out < p.ofA)
		if !mixed && p.rise.over(p.corner[i]) || mixed && p.rise.crosses(p, p.corner[i], b.axis, c.axis) {
			in, known = out, false
			continue
		}
		if !known {
			turnIn = p.turn(in)
		}
		weight := p.share.of * p.angle[i] / sum
		turn := p.turn(out)
		f.turn = r3.Vec{}
		if p.angle[i] > 0 {
			f.turn = spatial.Scale(p.share.of/sum, spatial.Sub(turn, turnIn))
			f.turn = spatial.AddScaled(f.turn, p.angle[i]/sum, p.share.by)
			if growth != (r3.Vec{}) {
				f.turn = spatial.AddScaled(f.turn, -weight/sum, growth)
			}
		}
		switch {
		case in < p.ofA && out < p.ofA && p.line != nil && !p.deep:
			f.endOfSide(p, c.vertex, weight)
		case in < p.ofA && out < p.ofA:
			f.add(gap.PointPlane, Part{Code: c.vertex}, p.faceB, weight)
		case in >= p.ofA && out >= p.ofA && p.ofA == 2:
			f.add(gap.LinePoint, Part{Code: p.borders[0].edge}, Part{Code: c.vertex}, weight)
		case in >= p.ofA && out >= p.ofA:
			f.add(gap.PlanePoint, p.faceA, Part{Code: c.vertex}, weight)
		case in < p.ofA:
			f.cross(p, b, c, p.corner[i], weight)
		default:
			f.cross(p, c, b, p.corner[i], weight)
		}
		in, turnIn, known = out, turn, true
	}
	f.turn = r3.Vec{}
	return true
}

// cross adds the crossing x of two edges: along their common normal as far as they have one, else as points of both on the other's face,
// of which the side of a capsule has none.
func (f *Finder) cross(p *polygon, a, b *border, x r2.Vec, weight float64) {
	if p.round[0] || p.round[1] {
		f.crossRim(p, a, b, x, weight)
		return
	}
	share := p.moving.parallel(a.aim(), b.aim(), crossing)
	by, turn := spatial.Scale(weight, share.by), f.turn
	f.turn = spatial.AddScaled(by, share.of, turn)
	if p.ofA > 2 || p.deep {
		f.addLines(Part{Code: a.edge}, Part{Code: b.edge}, share.of*weight, p.m)
	} else {
		f.crossSide(p, b, share.of*weight)
	}
	if weight *= 1 - share.of; !(weight >= faintest) {
		return
	}
	f.turn = spatial.AddScaled(spatial.Scale(-1, by), 1-share.of, turn)
	if p.ofA > 2 {
		weight /= 2
		f.turn = spatial.Scale(0.5, f.turn)
		f.slide = f.slideB(p, a, b, x)
		f.put(gap.PlanePoint, p.faceA, b.point(x), a.edge, weight, r3.Vec{})
	}
	f.slide = f.slideA(p, a, b, x)
	f.put(gap.PointPlane, a.point(x), p.faceB, b.edge, weight, r3.Vec{})
	f.slide = Slide{}
}

// crossSide adds the nearest parts of the side of a capsule and the edge b. Lines without a radius are as far apart as they are where they cross, seen
// along m, times the cosine of m and their normal; less a radius that may be inside when nothing touches, for the nearest points of the lines may be beyond their ends.
func (f *Finder) crossSide(p *polygon, b *border, weight float64) {
	line := p.line
	e := &line.edges[0]
	var edge gap.Side
	f.b.side(&edge, Part{Code: b.edge}, &f.rb2)
	w := spatial.Sub(line.center(0), f.b.At.Apply(edge.Center))
	s, t := segments(line.axis[0], b.axis, w, e.half, b.half)
	pa, onSide := Part{Code: e.code}, math.Abs(s) < e.half
	if !onSide {
		pa.Code = line.vertices[[2]int32{e.from, e.to}[sign(s)]].code
	}
	pb, onEdge := Part{Code: b.edge}, math.Abs(t) < b.half
	if !onEdge {
		pb.Code = p.tip(b, (t > 0) == (b.stretch > 0))
	}
	f.addLineOrPoint(pa, pb, onSide, onEdge, weight, p.m)
}

// sign is 1 of what is positive, else 0.
func sign(x float64) int {
	if x > 0 {
		return 1
	}
	return 0
}

// endOfSide adds the part nearest to an end of the side of a capsule, which seen along m is over the face, but need not be seen along its normal.
func (f *Finder) endOfSide(p *polygon, code uint16, weight float64) {
	for i := range p.line.vertices {
		if p.line.vertices[i].code == code {
			on, part, _ := f.hb.nearest(p.line.vertex[i], math.Inf(1))
			f.add([...]gap.Kind{gap.PointPlane, gap.PointLine, gap.PointPoint}[on], Part{Code: code}, Part{Code: part}, weight)
			return
		}
	}
}

// tip returns the code of the vertex where a border of B ends, or begins.
func (p *polygon) tip(b *border, ends bool) uint16 {
	if !ends {
		return b.vertex
	}
	for j := p.ofA; j+1 < len(p.borders); j++ {
		if &p.borders[j] == b {
			return p.borders[j+1].vertex
		}
	}
	return p.borders[p.ofA].vertex
}

// slideA returns how the point of the edge a of A moves where b, an edge of B, crosses it.
func (f *Finder) slideA(p *polygon, a, b *border, x r2.Vec) Slide {
	other := crossed{part: b.point(x), axis: b.axis, at: f.b.world(Part{Code: b.edge}, &f.rb2)}
	return p.slidesA(&crossed{axis: a.axis, at: f.a.world(a.point(x), &f.ra2)}, &other).across(&other)
}

// slideB is slideA for the point of an edge of B.
func (f *Finder) slideB(p *polygon, a, b *border, x r2.Vec) Slide {
	other := crossed{part: a.point(x), axis: a.axis, at: f.a.world(Part{Code: a.edge}, &f.ra2)}
	return p.slidesB(&other, &crossed{axis: b.axis, at: f.b.world(b.point(x), &f.rb2)}).across(&other)
}

// point returns the point of the edge that lies at x.
func (b *border) point(x r2.Vec) Part {
	return Part{Code: b.edge, Along: b.stretch * r2.Dot(r2.Sub(x, b.middle), b.dir), marks: marks{Point: true}}
}
