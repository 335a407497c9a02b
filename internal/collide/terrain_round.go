package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Balls, and the sides of capsules and cylinders, on terrain.

// ballOnRidges adds the contacts of a ball with the ridges and the sharp vertices that it is nearest to.
func (f *Finder) ballOnRidges(x r3.Vec) {
	for _, i := range f.ridges {
		f.ballOnRidge(i, x, Part{}, 1)
	}
	for _, v := range f.peaks {
		f.ballOnPeak(v, x, Part{}, 1)
	}
}

// ballOnRidge adds the contact of a ball with a ridge if it is beyond both faces, seen along them.
func (f *Finder) ballOnRidge(i int32, x r3.Vec, p Part, weight float64) {
	g := f.ground
	e := &g.Edges[i]
	d := spatial.Sub(x, g.Vertices[e.From])
	left, right := e.InLeft, e.InRight
	t := spatial.Dot(d, e.Axis)
	if !(spatial.Dot(d, left) < 0 && spatial.Dot(d, right) < 0 && t >= 0 && t <= 2*e.Half) {
		return
	}
	code := f.edgeCode(i)
	f.lay(gap.PointLine, p, Part{Cell: code}, contactName{p.Code, code}, weight, r3.Vec{})
}

// ballOnPeak adds the contact of a ball with a sharp vertex if it is the nearest of what is around it.
func (f *Finder) ballOnPeak(v int32, x r3.Vec, p Part, weight float64) {
	if s, _ := f.ground.Outside(v, spatial.Sub(x, f.ground.Vertices[v])); s <= 0 {
		f.lay(gap.PointPoint, p, Part{Cell: v}, contactName{p.Code, v}, weight, r3.Vec{})
	}
}

// sideOnRidges adds the contacts of the line along a capsule or cylinder with ridges and sharp vertices: where they
// cross, and of parallel ones at both ends of what they have in common. Where a capsule reaches beyond a ridge, so does
// its end; a cylinder has vertices there.
func (f *Finder) sideOnRidges(ends bool) {
	g, h := f.ground, f.a.Shape.HalfLength
	axis := spatial.QuatRotate(f.pg.Rot, unit(2))
	for _, i := range f.ridges {
		e := &g.Edges[i]
		w := spatial.Sub(f.pg.Pos, g.Middle(e))
		s, t := crossing2(axis, e.Axis, w)
		along, crosses := f.ofRidge(axis, e), share{}
		if math.Abs(s) < h && math.Abs(t) <= e.Half {
			crosses = along
			f.sideOnRidge(i, axis, spatial.Sub(spatial.AddScaled(w, s, axis), spatial.Scale(t, e.Axis)), h-math.Abs(s))
		}
		near, _ := segments(axis, e.Axis, w, h, e.Half)
		for k, code := range [2]uint16{endUp, endDown} {
			sign, weight := float64(1-2*k), along.rest()
			if !ends {
				f.endAlongRidge(i, code, spatial.AddScaled(f.pg.Pos, sign*h, axis), axis, weight)
				continue
			}
			if sign*near >= h { // else the ridge is nearer elsewhere
				weight = crosses.rest()
			}
			f.turn = weight.by
			f.ballOnRidge(i, spatial.AddScaled(f.pg.Pos, sign*h, axis), Part{Code: code}, weight.of)
		}
	}
	f.turn = r3.Vec{}
	for _, v := range f.peaks {
		d := spatial.Sub(g.Vertices[v], f.pg.Pos)
		switch t := spatial.Dot(d, axis); {
		case t > -h && t < h:
			f.sideOnPeak(v, axis, spatial.Sub(spatial.Scale(t, axis), d), h-math.Abs(t))
		case ends && t >= h:
			f.ballOnPeak(v, spatial.AddScaled(f.pg.Pos, h, axis), Part{Code: endUp}, 1)
		case ends:
			f.ballOnPeak(v, spatial.AddScaled(f.pg.Pos, -h, axis), Part{Code: endDown}, 1)
		}
	}
}

// endAlongRidge adds the contact of the side of a cylinder with a ridge along it where that passes an end. A ball there
// would reach out over the end. As A moves with v, the ridge is passed at ds = v·axis/(e·axis).
func (f *Finder) endAlongRidge(i int32, end uint16, center, axis r3.Vec, weight share) {
	e := &f.ground.Edges[i]
	k := spatial.Dot(e.Axis, axis)
	if weight.of == 0 {
		return
	}
	middle := f.ground.Middle(e)
	t := spatial.Dot(spatial.Sub(center, middle), axis) / k
	x := spatial.AddScaled(middle, t, e.Axis)
	d := spatial.Sub(center, x)
	if !(math.Abs(t) <= e.Half && spatial.Dot(d, e.InLeft) < 0 && spatial.Dot(d, e.InRight) < 0) {
		return
	}
	out := math.Copysign(1, k) // the way along the ridge out of the cylinder
	if end == endDown {
		out = -out
	}
	if f.offTheEnd(spatial.Norm(d), e.Half+out*t) {
		return
	}
	f.turn, f.other = weight.by, end
	if f.slide = (Slide{Lin: spatial.Scale(1/k, axis), At: x, Axis: e.Axis}); f.moving.ofTerrain() {
		f.slide.Ang = spatial.Scale(1/k, f.moving.place(e, t, axis))
	}
	code := f.edgeCode(i)
	f.lay(gap.LinePoint, Part{Code: side}, Part{Cell: code, Along: t, marks: marks{Point: true}}, contactName{end, code}, weight.of, r3.Vec{})
	f.slide, f.other = Slide{}, 0
}

// crossing2 returns where two lines through points that are w apart, from B to A, are nearest: s and t along their unit
// axes; NaN of parallel ones.
func crossing2(ea, eb, w r3.Vec) (s, t float64) {
	k, c, d := spatial.Dot(ea, eb), spatial.Dot(ea, w), spatial.Dot(eb, w)
	sin2 := 1 - k*k
	if sin2 < 1e-14 {
		return math.NaN(), math.NaN()
	}
	s = (k*d - c) / sin2
	return s, d + k*s
}

// sideOnRidge adds the contact of a line that crosses a ridge, with d from the ridge to it, that far from its end.
func (f *Finder) sideOnRidge(i int32, axis, d r3.Vec, end float64) {
	e := &f.ground.Edges[i]
	n := f.outward(e, axis)
	h := spatial.Dot(n, d)
	if h < -f.a.Shape.Radius || f.offTheEnd(h, end) { // beyond the other side
		return
	}
	x := faded{}
	f.crossRidge(&x, axis, e, crossing)
	f.fadeRidge(&x, e, axis, n, leaning)
	code := f.edgeCode(i)
	f.lay(gap.LineLine, Part{Code: side}, Part{Cell: code}, contactName{side, code}, f.weigh(&x, aim{d: axis}, aim{}, aim{}), n)
	f.turn = r3.Vec{}
}

// sideOnPeak adds the contact of a line beside a sharp vertex, from which it is d away. It is there a little beyond the
// normals of the vertex too, since a line that lies along a ridge is on their boundary.
func (f *Finder) sideOnPeak(v int32, axis, d r3.Vec, end float64) {
	n, ok := spatial.Unit(d)
	if !ok || f.offTheEnd(spatial.Norm(d), end) {
		return
	}
	if s, _ := f.ground.Outside(v, n); s > leaning[1] {
		return
	}
	f.lay(gap.LinePoint, Part{Code: side}, Part{Cell: v}, contactName{side, v}, 1, r3.Vec{})
}

// offTheEnd reports whether what is under the line along a cylinder, so far from the line and from its end, comes off
// the flat end before it comes off the side.
func (f *Finder) offTheEnd(line, end float64) bool {
	gap := line - f.a.Shape.Radius
	return f.a.Hull.spine != nil && f.isDeep(gap) && end < -gap
}

// cylinderOnFaces adds the contacts of a cylinder with faces: lying on its side it has the balls at the ends of the
// line along it, with an end flush on a face four vertices of that, as on a half-space, and its rims. Where a face ends
// under an end, what is beyond these is held by where the rim crosses its ridges. Rejected: all 32 vertices of the
// prism, which are there for nothing, and every eighth of them, for they stand 5.6° to one side: each contact of a soft
// cylinder is a spring, and those of a scene and of its mirror image were others.
func (f *Finder) cylinderOnFaces() {
	f.ruled = f.ruled[:0]
	s := f.a.Shape
	axis := spatial.QuatRotate(f.pg.Rot, unit(2))
	f.ballOnFaces(spatial.AddScaled(f.pg.Pos, s.HalfLength, axis), s.Radius, Part{Code: endUp}, 1)
	f.ballOnFaces(spatial.AddScaled(f.pg.Pos, -s.HalfLength, axis), s.Radius, Part{Code: endDown}, 1)
	for k := range 2 * capPoints {
		if k%capPoints != 0 {
			f.ballOnFaces(f.pg.Apply(capPoint(s, k)), 0, Part{Code: stands + uint16(k)}, 1)
		}
	}
}

// leaned are the sines of the angle between an end of a cylinder and a face between which the vertices of the end give
// way to its rim: from where that says all. On a tilt of less they stay, for as an end that rests comes to lie flat the
// lowest point of its rim runs around it, over this face and that.
var leaned = [2]float64{tilted[1], 2 * tilted[1]}

// flush returns the share of a vertex at x of a cylinder's end on a face: none where the end leans and its rim says
// enough, for then they are but inside the rim.
func (f *Finder) flush(face int32, x r3.Vec) share {
	axis := spatial.QuatRotate(f.pg.Rot, unit(2))
	end := uint16(0)
	if spatial.Dot(axis, spatial.Sub(x, f.pg.Pos)) < 0 {
		end = 1
	}
	leans := f.ofNormal(axis, face)
	if leans.of == 0 || !f.rules(end, face) {
		return share{of: 1}
	}
	return leans.rest()
}

// lying returns how far a cylinder lies on its side on a face.
func (f *Finder) lying(face int32) share {
	return f.offFace(spatial.QuatRotate(f.pg.Rot, unit(2)), face).rest()
}
