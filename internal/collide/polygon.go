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

// knee is where an edge of the polygon begins.
type knee struct {
	r2.Vec
	on int // border of that edge
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
	corner       []knee
	cut          []knee    // room for the next ones
	angle        []float64 // of the corners, where their sum is not known
	bends        [2]boxBend
	turns        [4]r3.Vec // of the borders of boxes: two of A, then two of B
	turned       uint8     // and a bit for each of these that is known
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
	p.m = spatial.Scale(1/p.spread, d)
	p.t1, p.t2 = spatial.Tangents(p.m)
	p.origin, p.borders, p.rise.known, p.bends, p.turned = origin, p.borders[:0], false, [2]boxBend{}, 0
	return p.spread > 0
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
	p.ofA, p.corner = na, sized(p.corner, na)
	for i := range p.corner {
		c, from := &p.corner[i], &p.borders[i].from
		c.X, c.Y, c.on = from.X, from.Y, i
	}
	for j := na; j < len(p.borders) && len(p.corner) > 0; j++ {
		p.clip(j)
	}
	return len(p.corner) >= min(na, 3)
}

// clip cuts off what of p is to the right of border j (Sutherland and Hodgman, "Reentrant polygon clipping", CACM
// 17(1), 1974). Every corner is loaded once, one coordinate after the other, as it was stored: a load of both would
// wait for the stores. Most borders cut nothing.
func (p *polygon) clip(j int) {
	b := &p.borders[j]
	ux, uy, x0, y0 := b.dir.X, b.dir.Y, b.from.X, b.from.Y
	all, k, cuts := p.corner, 0, false
	for i := range all {
		if c := &all[i]; !(ux*(c.Y-y0)-uy*(c.X-x0) >= 0) {
			cuts = true
			break
		}
	}
	if !cuts {
		return
	}
	kept := sized(p.cut, 2*len(all))
	firstX, firstY := all[0].X, all[0].Y
	first := ux*(firstY-y0) - uy*(firstX-x0) // how far it is to the left
	x, y, left := firstX, firstY, first
	for i := range all {
		on, nextX, nextY, next := all[i].on, firstX, firstY, first
		if i+1 < len(all) {
			nextX, nextY = all[i+1].X, all[i+1].Y
			next = ux*(nextY-y0) - uy*(nextX-x0)
		}
		if left >= 0 {
			to := &kept[k]
			to.X, to.Y, to.on = x, y, on
			k++
			on = j
		}
		if left >= 0 && next < 0 || left < 0 && next >= 0 {
			to, t := &kept[k], left/(left-next)
			to.X, to.Y, to.on = x+t*(nextX-x), y+t*(nextY-y), on
			k++
		}
		x, y, left = nextX, nextY, next
	}
	p.corner, p.cut = kept[:k], all
}

// angles stores the exterior angles of the corners and returns their sum: 2π, but where of the side of a capsule only a point is left.
func (p *polygon) angles() (sum float64) {
	p.angle = sized(p.angle, len(p.corner))
	in := p.corner[len(p.corner)-1].on
	for i := range p.corner {
		out := p.corner[i].on
		a := p.bend(in, out)
		p.angle[i] = a
		sum += a
		in = out
	}
	return sum
}

// whole reports whether the angles sum to 2π, for all turns are to the left, and the direction comes by the first axis
// once: few corners are near enough for theirs to be asked for. Where edges meet in a point, within rounding, what is
// left may turn to the right as well.
func (p *polygon) whole() bool {
	if p.line != nil || p.round[0] || p.round[1] {
		return false
	}
	knees, borders, turns := p.corner, p.borders, 0
	b := &borders[knees[len(knees)-1].on]
	for i := range knees {
		c := &borders[knees[i].on]
		if !(b.dir.X*c.dir.Y >= b.dir.Y*c.dir.X) {
			return false
		}
		if b.dir.Y < 0 && c.dir.Y >= 0 {
			turns++
		}
		b = c
	}
	return turns == 1
}

// bend returns the exterior angle of a corner between two borders.
func (p *polygon) bend(in, out int) float64 {
	b, c := &p.borders[in], &p.borders[out]
	cross, dot := b.dir.X*c.dir.Y-b.dir.Y*c.dir.X, b.dir.X*c.dir.X+b.dir.Y*c.dir.Y
	switch ofA := p.ofA; {
	case !(cross > 0):
		a := math.Atan2(cross, dot)
		if a < -3 { // round the end of a capsule
			a = -a
		}
		return max(a, 0)
	case in < ofA && out < ofA:
		return p.bends[0].of(cross, dot)
	case in >= ofA && out >= ofA:
		return p.bends[1].of(cross, dot)
	}
	return math.Atan2(cross, dot)
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

// swing returns how w·(n_A − n_B) changes as A turns against B. The normal of a side with the axis e is that of B's
// face across it, which does not roll with A: with c the cosine of n_B and e, s the sine, and r = (w·e + w·n_A c/s)/s,
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
	sum, whole := 2*math.Pi, p.whole()
	if !whole {
		if sum = p.angles(); sum < 1 {
			return false
		}
	}
	if f.points = corners; p.line != nil {
		f.points = 2
	}
	growth := p.growth()
	grows := growth != r3.Vec{}
	knees, borders, ofA := p.corner, p.borders, p.ofA
	in, turnIn, known := knees[len(knees)-1].on, r3.Vec{}, false
	b := &borders[in]
	for i := range knees {
		x := &knees[i]
		out := x.on
		c := &borders[out]
		mixed := (in < ofA) != (out < ofA)
		if !mixed && p.rise.over(x) || mixed && p.rise.crosses(p, x, b, c) {
			in, b, known = out, c, false
			continue
		}
		if !known {
			turnIn = p.turnOf(in)
		}
		angle := 0.0
		if whole {
			angle = p.bend(in, out)
		} else {
			angle = p.angle[i]
		}
		weight := p.share.of * angle / sum
		turn := p.turnOf(out)
		f.turn = r3.Vec{}
		if angle > 0 {
			f.turn = spatial.Scale(p.share.of/sum, spatial.Sub(turn, turnIn))
			f.turn = spatial.AddScaled(f.turn, angle/sum, p.share.by)
			if grows {
				f.turn = spatial.AddScaled(f.turn, -weight/sum, growth)
			}
		}
		switch {
		case in < ofA && out < ofA && p.line != nil && !p.deep:
			f.endOfSide(p, c.vertex, weight)
		case in < ofA && out < ofA:
			f.add(gap.PointPlane, Part{Code: c.vertex}, p.faceB, weight)
		case in >= ofA && out >= ofA && ofA == 2:
			f.sideOnVertex(p, c.vertex, weight)
		case in >= ofA && out >= ofA:
			f.add(gap.PlanePoint, p.faceA, Part{Code: c.vertex}, weight)
		case in < ofA:
			f.cross(p, b, c, x.Vec, weight)
		default:
			f.cross(p, c, b, x.Vec, weight)
		}
		in, b, turnIn, known = out, c, turn, true
	}
	f.turn, f.points = r3.Vec{}, 1
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

// crossSide adds the nearest parts of the side of a capsule and the edge b. Lines without a radius are as far apart as
// they are where they cross, seen along m, times the cosine of m and their normal; less a radius that may be inside
// when nothing touches, for the nearest points of the lines may be beyond their ends.
func (f *Finder) crossSide(p *polygon, b *border, weight float64) {
	line := p.line
	e := &line.edges[0]
	var edge gap.Side
	f.b.side(&edge, &Part{Code: b.edge}, &f.rb2)
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

// endOfSide adds the part nearest to an end of the side of a capsule, which seen along m is over the face, but need not
// be seen along its normal.
func (f *Finder) endOfSide(p *polygon, code uint16, weight float64) {
	for i := range p.line.vertices {
		if p.line.vertices[i].code == code {
			on, part, _ := f.hb.nearest(p.line.vertex[i], math.Inf(1))
			f.add([...]gap.Kind{gap.PointPlane, gap.PointLine, gap.PointPoint}[on], Part{Code: code}, Part{Code: part}, weight)
			return
		}
	}
}

// sideOnVertex adds the part of the side of a capsule nearest to a vertex: seen along m that is on the side, but the
// foot on it may be beyond its end.
func (f *Finder) sideOnVertex(p *polygon, code uint16, weight float64) {
	line := p.line
	e := &line.edges[0]
	t := spatial.Dot(line.axis[0], spatial.Sub(f.b.world(Part{Code: code}, &f.rb2), line.center(0)))
	if on := math.Abs(t) < e.half || p.deep; on {
		f.add(gap.LinePoint, Part{Code: e.code}, Part{Code: code}, weight)
		return
	}
	f.add(gap.PointPoint, Part{Code: line.vertices[[2]int32{e.from, e.to}[sign(t)]].code}, Part{Code: code}, weight)
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
