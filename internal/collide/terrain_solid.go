package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Edges and faces of polytopes on terrain.

// faded is what is left of a contact, and how that changes as the shape turns.
type faded struct {
	share float64
	turn  r3.Vec
}

// out takes off what a normal leans out by the sine s, which changes by ds as the shape turns.
func (x *faded) out(s float64, ds r3.Vec) {
	left := 1 - smooth(s, leaning[0], leaning[1])
	k := -smoothSlope(s, leaning[0], leaning[1])
	x.turn = spatial.AddScaled(spatial.Scale(left, x.turn), x.share*k, ds)
	x.share *= left
}

// fadeRidge returns how far n, the common normal of a line of the shape and a ridge, is out of the ridge: between the normals of its faces. With d_a the
// dual of the line's axis, n turns by −d_a (e_a×n)·δ.
func (f *Finder) fadeRidge(i int32, axis, n r3.Vec) faded {
	x := faded{share: 1}
	e := &f.ground.Edges[i]
	left, right := f.ground.Beside(e)
	dual, by := dualOf(axis, e.Axis), spatial.Cross(axis, n)
	for _, u := range [2]r3.Vec{left, right} {
		x.out(spatial.Dot(n, u), spatial.Scale(-spatial.Dot(u, dual), by))
	}
	return x
}

func dualOf(ea, eb r3.Vec) r3.Vec {
	k := spatial.Dot(ea, eb)
	return spatial.Scale(1/(1-k*k), spatial.AddScaled(ea, -k, eb))
}

// fadeEdge takes off how far −n is out of the edge j of the shape.
func (x *faded) fadeEdge(a *solid, j int, axis, eb, n r3.Vec) {
	e := &a.edges[j]
	if e.left < 0 {
		return
	}
	dual, by := dualOf(axis, eb), spatial.Cross(axis, n)
	for _, w := range [2]r3.Vec{spatial.Cross(a.normal[e.left], axis), spatial.Cross(axis, a.normal[e.right])} {
		// d(−n·w) = (d_a·w)(e_a×n)·δ − n·(δ×w)
		x.out(-spatial.Dot(n, w), spatial.Sub(spatial.Scale(spatial.Dot(dual, w), by), spatial.Cross(w, n)))
	}
}

// solidOnRidges adds the contacts of the edges of the shape with ridges, and of its faces with sharp vertices.
func (f *Finder) solidOnRidges() {
	a := &f.ha
	for _, i := range f.ridges {
		for j := range a.edges {
			if a.spine == nil || !a.isUpright(j) { // the line along a cylinder stands for its side
				f.edgeOnRidge(i, j)
			}
		}
	}
	for _, v := range f.peaks {
		f.solidOnPeak(v)
	}
}

// isUpright reports whether an edge of the prism in a cylinder is one along it.
func (x *solid) isUpright(j int) bool {
	e := &x.edges[j]
	return e.left < sides && e.right < sides
}

// deepest a feature may be inside the shape and touch it: deeper ones are nearer to something else.
func (x *solid) depth() float64 { return max(x.inner, x.size/10) }

// edgeOnRidge adds the contact of edge j of the shape with a ridge: along their common normal as far as they have one, else, where faces of both are flat on
// each other, as points of both on the other's face.
func (f *Finder) edgeOnRidge(i int32, j int) {
	a, e := &f.ha, &f.ground.Edges[i]
	ea, eb, half := a.axis[j], e.Axis, a.edges[j].half
	w := spatial.Sub(a.center(j), f.ground.Middle(e))
	if far := half + e.Half + f.reach; spatial.Dot(w, w) > far*far {
		return
	}
	share, turn := parallel(ea, eb, crossing)
	if share > 0 {
		s, t := crossing2(ea, eb, w)
		n, _ := spatial.Unit(spatial.Cross(ea, eb))
		if spatial.Dot(n, f.ground.Faces[e.Left].Normal) < 0 {
			n = spatial.Scale(-1, n)
		}
		if math.Abs(s) <= half && math.Abs(t) <= e.Half && spatial.Dot(n, w) > -a.depth() {
			x := f.fadeRidge(i, ea, n)
			x.fadeEdge(a, j, ea, eb, n)
			f.turn = spatial.AddScaled(spatial.Scale(x.share, turn), share, x.turn)
			p, code := Part{Code: a.edges[j].code}, f.edgeCode(i)
			f.lay(gap.LineLine, p, Part{Cell: code}, contactName{p.Code, code}, share*x.share, n)
			f.turn = r3.Vec{}
		}
	}
	if share < 1 {
		f.alongRidge(i, j, w, share, turn)
	}
}

// alongRidge is edgeOnRidge of edges that are nearly parallel and cross on the faces that are the flattest on each other, as far as these are flat: seen along
// the normal m of that of the terrain, the lines cross at
//
//	a + s e_a:  s = −w·q/(e_a·q),  q = m×e_b,   and   b + t e_b:  t = w·p/(e_b·p),  p = m×e_a
func (f *Finder) alongRidge(i int32, j int, w r3.Vec, share float64, turn r3.Vec) {
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
	if !(math.Abs(s) <= a.edges[j].half && math.Abs(t) <= e.Half && f.height(on, x) > -a.depth()) {
		return
	}
	// flat = 1 − S(‖n_A×m‖), n_A that of the face of A: lean = n_A×m, d‖lean‖ = lean·((δ×n_A)×m)/‖lean‖ = (n_A·m)(−lean)·δ/‖lean‖
	var dflat r3.Vec
	if l := spatial.Norm(lean); l > 0 {
		dflat = spatial.Scale(smoothSlope(l, level[0], level[1])*spatial.Dot(a.normal[face], m)/l, lean)
	}
	weight := flat * (1 - share) / 2
	f.turn = spatial.Scale(0.5, spatial.AddScaled(spatial.Scale(1-share, dflat), -flat, turn))
	pa, code := Part{Code: a.edges[j].code}, f.edgeCode(i)
	f.slide = Slide{Lin: spatial.Scale(-1/ka, q), At: x, Axis: ea}
	f.lay(gap.PointPlane, Part{Code: pa.Code, Point: true, Along: s}, Part{Cell: f.faceCode(on)}, contactName{pa.Code, code}, weight, r3.Vec{})
	f.slide = Slide{Lin: spatial.Scale(1/kb, p), At: x, Axis: eb}
	f.other = pa.Code
	f.lay(gap.PlanePoint, Part{Code: a.faces[face].code}, Part{Cell: code, Point: true, Along: t}, contactName{pa.Code, code}, weight, r3.Vec{})
	f.turn, f.slide, f.other = r3.Vec{}, Slide{}, 0
}

// flattest returns, of the faces beside edge j of the shape and beside a ridge, those that lie flattest on each other, and the product of their normals.
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

// solidOnPeak adds the contact of a sharp vertex with the face of the shape in which it is the least deep.
func (f *Finder) solidOnPeak(v int32) {
	a, at := &f.ha, f.ground.Vertices[v]
	best, least := -1, math.Inf(-1)
	for i, n := range a.normal {
		if a.isSide(i) || !a.over(i, at) {
			continue
		}
		if s, _ := f.ground.Outside(v, spatial.Scale(-1, n)); s >= leaning[1] {
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
	s, along := f.ground.Outside(v, n)
	x := faded{share: 1}
	x.out(s, spatial.Cross(n, along)) // d(n·e) = (δ×n)·e
	f.turn = x.turn
	code := a.faces[best].code
	f.lay(gap.PlanePoint, Part{Code: code}, Part{Cell: v}, contactName{code, v}, x.share, r3.Vec{})
	f.turn = r3.Vec{}
}
