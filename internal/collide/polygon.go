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
	vertex, edge uint16 // codes of the vertex where it begins, and its own
	axis         r3.Vec // of the edge
	from, dir    r2.Vec // where it begins and its direction, projected
	middle       r2.Vec
	half         float64 // of the length of the edge
	stretch      float64 // length along the axis per length along dir
}

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

// nextBorder appends an empty border, in its place.
func (p *polygon) nextBorder() *border {
	p.borders = append(p.borders, border{})
	return &p.borders[len(p.borders)-1]
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

// overlapBoxes makes p the overlap of two faces, and reports whether there is any. What is as far apart as told is out of reach.
func (p *polygon) overlapBoxes(a, b *box, faceA, faceB [3]int, far float64) bool {
	p.faceA, p.faceB = signs(faceA), signs(faceB)
	na, nb := a.normal(faceA), b.normal(faceB)
	if !p.begin(na, nb, b.at.Pos) || !a.borders(p, faceA) || !b.borders(p, faceB) || !p.overlap(4) {
		return false
	}
	p.rises(a.middle(faceA), b.middle(faceB), na, nb, far)
	return true
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

// middle returns that of a face.
func (b *box) middle(face [3]int) r3.Vec {
	k := faceAxis(face)
	return spatial.AddScaled(b.at.Pos, float64(face[k])*b.half[k], b.axis[k])
}

// codeOf is what the sign along each axis adds to the code of a part.
var codeOf = [3]int{1, 3, 9}

// around are the signs of the vertices of a face, counterclockwise seen along its axis.
var around = [4][2]int{{1, 1}, {-1, 1}, {-1, -1}, {1, -1}}

// borders appends those of a face to p, and reports false where it is seen edge on.
func (b *box) borders(p *polygon, face [3]int) bool {
	i := faceAxis(face)
	j, k := (i+1)%3, (i+2)%3
	next := 1
	if spatial.Dot(b.axis[i], p.m) < 0 {
		next = 3
	}
	center := p.flat(b.corner(face))
	var half, dir [2]r2.Vec // half edges along j and k, projected
	var stretch [2]float64
	for n, c := range [2]int{j, k} {
		x := b.axis[c]
		dir[n] = r2.Vec{X: spatial.Dot(p.t1, x), Y: spatial.Dot(p.t2, x)}
		half[n] = r2.Scale(b.half[c], dir[n])
		length := math.Sqrt(r2.Norm2(dir[n])) // Norm guards against overflow
		if !(length > 1e-6) {
			return false
		}
		stretch[n] = 1 / length
		dir[n] = r2.Scale(stretch[n], dir[n])
	}
	code, cj, ck := int(signs(face).Code), codeOf[j], codeOf[k]
	for e := range around {
		from, to := &around[e*next%4], &around[(e+1)*next%4]
		n, free, sign, beside, edge := 0, j, float64(to[0]), r2.Scale(float64(from[1]), half[1]), code+from[1]*ck
		if from[0] == to[0] {
			n, free, sign, beside, edge = 1, k, float64(to[1]), r2.Scale(float64(from[0]), half[0]), code+from[0]*cj
		}
		c := p.nextBorder()
		c.vertex, c.edge, c.axis, c.middle = uint16(code+from[0]*cj+from[1]*ck), uint16(edge), b.axis[free], r2.Add(center, beside)
		c.from, c.dir = r2.Sub(c.middle, r2.Scale(sign, half[n])), r2.Scale(sign, dir[n])
		c.half, c.stretch = b.half[free], sign*stretch[n]
	}
	return true
}

// clip cuts off what of p is to the right of border j (Sutherland and Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974).
func (p *polygon) clip(j int) {
	b := &p.borders[j]
	p.side = p.side[:0]
	cut := false
	for _, x := range p.corner {
		d := r2.Cross(b.dir, r2.Sub(x, b.from))
		p.side = append(p.side, d)
		cut = cut || !(d >= 0)
	}
	if !cut {
		return
	}
	p.corner, p.left = p.left[:0], p.corner
	p.on, p.leftOn = p.leftOn[:0], p.on
	n := len(p.left)
	for i, x := range p.left {
		next := i + 1
		if next == n {
			next = 0
		}
		dx, y, dy := p.side[i], p.left[next], p.side[next]
		if dx >= 0 {
			p.corner, p.on = append(p.corner, x), append(p.on, p.leftOn[i])
		}
		switch {
		case dx >= 0 && dy < 0:
			p.corner, p.on = append(p.corner, r2.Add(x, r2.Scale(dx/(dx-dy), r2.Sub(y, x)))), append(p.on, j)
		case dx < 0 && dy >= 0:
			p.corner, p.on = append(p.corner, r2.Add(x, r2.Scale(dx/(dx-dy), r2.Sub(y, x)))), append(p.on, p.leftOn[i])
		}
	}
}

// angles stores the exterior angles of the corners and returns their sum: 2π, but where of the side of a capsule only a point is left.
func (p *polygon) angles() (sum float64) {
	n := len(p.corner)
	p.angle = p.angle[:0]
	for i := range n {
		b, c := &p.borders[p.on[(i+n-1)%n]], &p.borders[p.on[i]]
		a := math.Atan2(r2.Cross(b.dir, c.dir), r2.Dot(b.dir, c.dir))
		if a < -3 { // round the end of a capsule
			a = -a
		}
		p.angle = append(p.angle, max(a, 0))
		sum += max(a, 0)
	}
	return sum
}

// turn returns how the direction of border i in the plane turns as A turns against B: with u its axis, p = m×u and the spread of the
// normals,
//
//	dφ = p·(du − (m·u) dm)/‖p‖²,   du = δ×u of A, 0 of B,   dm = −dn_A/‖n_B − n_A‖ across m
func (p *polygon) turn(i int) (g r3.Vec) {
	u := p.borders[i].axis
	q := spatial.Cross(p.m, u)
	k := 1 / spatial.Dot(q, q)
	if i < p.ofA {
		g = spatial.Scale(k, spatial.Cross(u, q))
	}
	return spatial.AddScaled(g, k*spatial.Dot(p.m, u)/p.spread, p.swing(q))
}

// swing returns how w·n_A changes as A turns against B: dn_A = δ×n_A of a face. The normal of a side with the axis e is that of B's face across it, which does
// not roll with A: with t = e×n_A and c the cosine of n_B and e,
//
//	dn_A = −(δ·t) e − c/√(1 − c²) (δ·n_A) t
func (p *polygon) swing(w r3.Vec) r3.Vec {
	if p.line == nil {
		return spatial.Cross(p.na, w)
	}
	e := p.line.axis[0]
	t, c := spatial.Cross(e, p.na), p.spread*spatial.Dot(p.m, e)
	return spatial.AddScaled(spatial.Scale(-spatial.Dot(w, e), t), -c/math.Sqrt(1-c*c)*spatial.Dot(w, t), p.na)
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
	share, by := parallel(a.axis, b.axis, crossing)
	by, turn := spatial.Scale(weight, by), f.turn
	f.turn = spatial.AddScaled(by, share, turn)
	if p.ofA > 2 || p.deep {
		f.addLines(Part{Code: a.edge}, Part{Code: b.edge}, share*weight, p.m)
	} else {
		f.crossSide(p, b, share*weight)
	}
	if weight *= 1 - share; !(weight >= faintest) {
		return
	}
	f.turn = spatial.AddScaled(spatial.Scale(-1, by), 1-share, turn)
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
	return Part{Code: b.edge, Point: true, Along: b.stretch * r2.Dot(r2.Sub(x, b.middle), b.dir)}
}
