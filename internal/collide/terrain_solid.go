package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Edges and faces of polytopes on terrain.

// faded is what is left of a contact, and its gradient by the axis of the edge of the shape and by the normals of the faces beside it.
type faded struct {
	share float64
	by    weighed
}

// weighed is the gradient of the weight of a contact by directions of A: the axis of an edge, and the normals of the faces on its left and
// right; of a face alone, its normal is left.
type weighed struct {
	axis, left, right r3.Vec
	ground            r3.Vec // by the vertex of terrain that moves, if one does
}

// times multiplies what is left by k, of this gradient.
func (x *faded) times(k float64, by weighed) {
	x.by.axis = spatial.AddScaled(spatial.Scale(k, x.by.axis), x.share, by.axis)
	x.by.left = spatial.AddScaled(spatial.Scale(k, x.by.left), x.share, by.left)
	x.by.right = spatial.AddScaled(spatial.Scale(k, x.by.right), x.share, by.right)
	x.by.ground = spatial.AddScaled(spatial.Scale(k, x.by.ground), x.share, by.ground)
	x.share *= k
}

func (w weighed) scaled(k float64) weighed {
	return weighed{spatial.Scale(k, w.axis), spatial.Scale(k, w.left), spatial.Scale(k, w.right), spatial.Scale(k, w.ground)}
}

// out takes off what a normal leans out by the sine s, of this gradient.
func (x *faded) out(s float64, by weighed, sines [2]float64) {
	x.times(1-smooth(s, sines[0], sines[1]), by.scaled(-smoothSlope(s, sines[0], sines[1])))
}

// crossRidge makes x the share of an edge and a ridge that cross, not those that are nearly parallel: with c = e_a×e_b,
// d‖c‖ = (de_a·(e_b×c) + de_b·(c×e_a))/‖c‖.
func (f *Finder) crossRidge(x *faded, ea r3.Vec, e *ground.Edge, sines [2]float64) {
	c := spatial.Cross(ea, e.Axis)
	sine := spatial.Norm(c)
	x.share = smooth(sine, sines[0], sines[1])
	if k := smoothSlope(sine, sines[0], sines[1]); k > 0 {
		x.by.axis = spatial.Scale(k/sine, spatial.Cross(e.Axis, c))
		if f.moving.ofTerrain() {
			x.by.ground = f.moving.axis(e, sineBy(ea, e.Axis, sines))
		}
	}
}

// fadeRidge takes off how far n, the common normal of a line of the shape and a ridge, is out of the ridge: between the
// normals of its faces. With d_a the dual of the line's axis, dn = −d_a (n·de_a), and so of the ridge's.
func (f *Finder) fadeRidge(x *faded, e *ground.Edge, axis, n r3.Vec, sines [2]float64) {
	left, right := e.InLeft, e.InRight
	dual := dualOf(axis, e.Axis)
	for side, u := range [2]r3.Vec{left, right} {
		by := weighed{axis: spatial.Scale(-spatial.Dot(u, dual), n)}
		if f.moving.ofTerrain() {
			k := spatial.Dot(u, dualOf(e.Axis, axis))
			by.ground = f.moving.edge(e, func(c *ground.EdgeChange) float64 {
				return spatial.Dot(n, spatial.AddScaled([2]r3.Vec{c.InLeft, c.InRight}[side], -k, c.Axis))
			})
		}
		x.out(spatial.Dot(n, u), by, sines)
	}
}

// fadeEdge takes off how far −n is out of the edge j of the shape: with w = n_L×e_a or e_a×n_R in its faces, away from
// it, d(−n·w) = (d_a·w) n·de_a + (d_b·w) n·de_b − n·dw.
func (f *Finder) fadeEdge(x *faded, j int, ridge *ground.Edge, n r3.Vec, sines [2]float64) {
	a, eb := &f.ha, ridge.Axis
	e, axis := &a.edges[j], a.axis[j]
	if e.left < 0 {
		return
	}
	dual, left, right := dualOf(axis, eb), a.normal[e.left], a.normal[e.right]
	ofRidge := func(w r3.Vec) r3.Vec {
		if !f.moving.ofTerrain() {
			return r3.Vec{}
		}
		return f.moving.axis(ridge, spatial.Scale(spatial.Dot(dualOf(eb, axis), w), n))
	}
	w := spatial.Cross(left, axis)
	x.out(-spatial.Dot(n, w), weighed{
		axis: spatial.Sub(spatial.Scale(spatial.Dot(dual, w), n), spatial.Cross(n, left)), left: spatial.Cross(n, axis), ground: ofRidge(w),
	}, sines)
	w = spatial.Cross(axis, right)
	x.out(-spatial.Dot(n, w), weighed{
		axis: spatial.Sub(spatial.Scale(spatial.Dot(dual, w), n), spatial.Cross(right, n)), right: spatial.Cross(axis, n), ground: ofRidge(w),
	}, sines)
}

// weigh makes x the weight of what is laid next.
func (f *Finder) weigh(x *faded, axis, left, right aim) float64 {
	f.turn = spatial.Scale(-1, x.by.ground)
	for _, d := range [3]struct {
		of aim
		by r3.Vec
	}{{axis, x.by.axis}, {left, x.by.left}, {right, x.by.right}} {
		f.turn = spatial.Add(f.turn, f.moving.pull(true, d.of.code, d.of.d, d.by))
	}
	return x.share
}

// weighEdge is weigh of edge j of the shape and the faces on both sides of it, which a line has not.
func (f *Finder) weighEdge(x *faded, j int) float64 {
	a := &f.ha
	var left, right aim
	if e := &a.edges[j]; e.left >= 0 {
		left, right = a.aim(int(e.left)), a.aim(int(e.right))
	}
	return f.weigh(x, aim{a.axis[j], a.edges[j].code}, left, right)
}

// outward returns the common normal of a line and a ridge, out of the ridge; of the rim of a sheet, which has a front
// and a back, to the side of the middle of the shape.
func (f *Finder) outward(e *ground.Edge, axis r3.Vec) r3.Vec {
	n, _ := spatial.Unit(spatial.Cross(axis, e.Axis))
	inward := spatial.Add(e.InLeft, e.InRight)
	if e.Right < 0 {
		inward = spatial.Sub(f.ground.Vertices[e.From], f.eye)
	}
	if spatial.Dot(n, inward) > 0 {
		return spatial.Scale(-1, n)
	}
	return n
}

func dualOf(ea, eb r3.Vec) r3.Vec {
	k := spatial.Dot(ea, eb)
	return spatial.Scale(1/(1-k*k), spatial.AddScaled(ea, -k, eb))
}

// solidOnRidges adds the contacts of the edges of the shape with ridges.
func (f *Finder) solidOnRidges() {
	f.edgesNear()
	for _, i := range f.ridges {
		for _, j := range f.edges {
			f.edgeOnRidge(i, int(j))
		}
	}
}

// solidOnPeaks adds the contacts of the faces of the shape with sharp vertices.
func (f *Finder) solidOnPeaks() {
	for _, v := range f.peaks {
		f.solidOnPeak(v)
	}
}

// edgesNear lists the edges of the shape that are within reach of the box around all ridges.
func (f *Finder) edgesNear() {
	a, g := &f.ha, f.ground
	f.edges = f.edges[:0]
	if len(f.ridges) == 0 {
		return
	}
	low, long := g.Middle(&g.Edges[f.ridges[0]]), 0.0 // of their middles; and the longest
	high := low
	for _, i := range f.ridges {
		e := &g.Edges[i]
		m := g.Middle(e)
		low = r3.Vec{X: min(low.X, m.X), Y: min(low.Y, m.Y), Z: min(low.Z, m.Z)}
		high = r3.Vec{X: max(high.X, m.X), Y: max(high.Y, m.Y), Z: max(high.Z, m.Z)}
		long = max(long, e.Half)
	}
	for j := range a.edges {
		c := a.center(j)
		out := r3.Vec{X: max(low.X-c.X, c.X-high.X, 0), Y: max(low.Y-c.Y, c.Y-high.Y, 0), Z: max(low.Z-c.Z, c.Z-high.Z, 0)}
		if far := 1.000001 * (a.edges[j].half + long + f.reach); spatial.Dot(out, out) <= far*far {
			f.edges = append(f.edges, int32(j))
		}
	}
}

// deepest a feature may be inside the shape and touch it: deeper ones are nearer to something else.
func (x *solid) depth() float64 { return max(x.inner, x.size/10) }

// ridgeDepth is depth of what is known to go through a sheet, which has nothing else behind it.
func (f *Finder) ridgeDepth() float64 {
	if f.ground.Solid {
		return f.ha.depth()
	}
	return f.ha.size
}

// edgeOnRidge adds the contact of edge j of the shape with a ridge: along their common normal as far as they have one,
// else, where faces of both are flat on each other, as points of both on the other's face.
func (f *Finder) edgeOnRidge(i int32, j int) {
	a, e := &f.ha, &f.ground.Edges[i]
	ea, eb, half := a.axis[j], e.Axis, a.edges[j].half
	w := spatial.Sub(a.center(j), f.ground.Middle(e))
	if far := half + e.Half + f.reach; spatial.Dot(w, w) > far*far {
		return
	}
	var x faded
	f.crossRidge(&x, ea, e, crossing)
	apart := x
	if x.share > 0 {
		s, t := crossing2(ea, eb, w)
		n := f.outward(e, ea)
		deep, at := spatial.Dot(n, w), spatial.AddScaled(f.ground.Middle(e), t, eb)
		out := f.isDeep(deep) && (!a.isShortest(at, n, -deep, a.edges[j].left, a.edges[j].right) || f.endsThere(e, at, -deep)) ||
			f.isBehind(deep) && !f.crossesDeep(e, j, -deep)
		if math.Abs(s) <= more*half && math.Abs(t) <= more*e.Half && deep > -f.ridgeDepth() && !out {
			f.fadeRidge(&x, e, ea, n, leaning)
			f.fadeEdge(&x, j, e, n, leaning)
			p, code := Part{Code: a.edges[j].code}, f.edgeCode(i)
			f.lay(gap.LineLine, p, Part{Cell: code}, contactName{p.Code, code}, f.weighEdge(&x, j), n)
		}
	}
	if apart.share < 1 {
		f.alongRidge(i, j, w, &apart)
	}
	f.turn = r3.Vec{}
}

// alongRidge is edgeOnRidge of edges that are nearly parallel and cross on the faces that are the flattest on each
// other, as far as these are flat: seen along the normal m of that of the terrain, the lines cross at
//
//	a + s e_a:  s = −w·q/(e_a·q),  q = m×e_b,   and   b + t e_b:  t = w·p/(e_b·p),  p = m×e_a
func (f *Finder) alongRidge(i int32, j int, w r3.Vec, apart *faded) {
	a, e := &f.ha, &f.ground.Edges[i]
	face, on, lean := f.flattest(e, j)
	flat := 1 - smooth(spatial.Norm(lean), level[0], level[1])
	if face < 0 || flat == 0 {
		return
	}
	m, ea, eb := f.ground.Faces[on].Normal, a.axis[j], e.Axis
	q, p := spatial.Cross(m, eb), spatial.Cross(m, ea)
	ka, kb := spatial.Dot(ea, q), spatial.Dot(eb, p)
	if math.Abs(ka) < 1e-12 {
		return // parallel: they cross nowhere
	}
	s, t := -spatial.Dot(w, q)/ka, spatial.Dot(w, p)/kb
	x := spatial.AddScaled(a.center(j), s, ea)
	if h := f.height(on, x); !(math.Abs(s) <= more*a.edges[j].half && math.Abs(t) <= more*e.Half && h > -a.depth()) ||
		f.isBehind(h) && !f.crossesDeep(e, j, -h) {
		return
	}
	// d‖lean‖ = (dn_A·(m×lean) + dm·(lean×n_A))/‖lean‖, n_A the normal of the face of A
	y := faded{share: (1 - apart.share) / 2, by: apart.by.scaled(-0.5)}
	var by weighed
	if l := spatial.Norm(lean); l > 0 {
		k := -smoothSlope(l, level[0], level[1]) / l
		by.left = spatial.Scale(k, spatial.Cross(m, lean))
		if f.moving.ofTerrain() {
			by.ground = f.moving.normal(on, spatial.Scale(k, spatial.Cross(lean, a.normal[face])))
		}
	}
	if face == a.edges[j].right {
		by.left, by.right = by.right, by.left
	}
	y.times(flat, by)
	weight := f.weighEdge(&y, j)
	pa, code := Part{Code: a.edges[j].code}, f.edgeCode(i)
	f.slide = Slide{Lin: spatial.Scale(-1/ka, q), At: x, Axis: ea}
	var onRidge r3.Vec
	if f.moving.ofTerrain() {
		f.slide.Ang, onRidge = f.slidesByVertex(e, on, ea, w, s, t)
	}
	f.lay(gap.PointPlane, Part{Code: pa.Code, Along: s, marks: marks{Point: true}}, Part{Cell: f.faceCode(on)}, contactName{pa.Code, code}, weight, r3.Vec{})
	f.slide = Slide{Lin: spatial.Scale(1/kb, p), Ang: onRidge, At: x, Axis: eb, Along: s}
	f.other = pa.Code
	f.lay(gap.PlanePoint, Part{Code: a.faces[face].code}, Part{Cell: code, Along: t, marks: marks{Point: true}}, contactName{pa.Code, code}, weight, r3.Vec{})
	f.slide, f.other = Slide{}, 0
}

// flattest returns, of the faces beside edge j of the shape and beside a ridge, those that lie flattest on each other,
// and the product of their normals.
func (f *Finder) flattest(e *ground.Edge, j int) (face, on int32, lean r3.Vec) {
	a, best := &f.ha, -0.5
	face = -1
	for _, k := range [2]int32{a.edges[j].left, a.edges[j].right} {
		for _, l := range [2]int32{e.Left, e.Right} {
			if k < 0 || l < 0 {
				continue
			}
			if c := -spatial.Dot(a.normal[k], f.ground.Faces[l].Normal); c > best {
				best, face, on = c, k, l
				lean = spatial.Cross(a.normal[k], f.ground.Faces[l].Normal)
			}
		}
	}
	return face, on, lean
}

// overFace reports whether x is over a face of the shape; the end of a cylinder is a disk.
func (f *Finder) overFace(face int, x r3.Vec) bool {
	if f.ha.spine == nil {
		return f.ha.over(face, x)
	}
	d := spatial.Cross(f.ha.normal[face], spatial.Sub(x, f.pg.Pos))
	return spatial.Dot(d, d) <= f.a.Shape.Radius*f.a.Shape.Radius
}

// solidOnPeak adds the contact of a sharp vertex with the face of the shape in which it is the least deep.
func (f *Finder) solidOnPeak(v int32) {
	a, at := &f.ha, f.ground.Vertices[v]
	best, least := -1, math.Inf(-1)
	for i, n := range a.normal {
		if a.isSide(i) || !f.overFace(i, at) {
			continue
		}
		if s, _ := f.ground.Outside(v, spatial.Scale(-1, n)); s >= leaning[1] || !f.ground.Solid && spatial.Dot(n, spatial.Sub(f.eye, at)) > 0 { // a rim has a back
			continue
		}
		if h := spatial.Dot(n, at) - a.offset[i]; h > least && h > -a.depth() {
			best, least = i, h
		}
	}
	if best < 0 {
		return
	}
	n := spatial.Scale(-1, a.normal[best])
	if f.isDeep(least) && !a.isShortest(at, n, -least, int32(best), -1) || !f.ground.Solid && f.isBehind(least) && a.cut(at, r3.Vec{}, 0) < -flushPart*least {
		return
	}
	s, along := f.ground.Outside(v, n)
	x := faded{share: 1}
	by := weighed{left: spatial.Scale(-1, along)}
	if f.moving.ofTerrain() {
		by.ground = f.moving.spoke(v, along, n)
	}
	x.out(s, by, leaning)
	code := a.faces[best].code
	f.lay(gap.PlanePoint, Part{Code: code}, Part{Cell: v}, contactName{code, v}, f.weigh(&x, aim{}, a.aim(best), aim{}), r3.Vec{})
	f.turn = r3.Vec{}
}
