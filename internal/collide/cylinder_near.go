package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Where a cylinder and another shape are nearest they touch as they are: with the side, which is a line with a radius, or a rim.

// worn is how much less deep a prism is than its cylinder, of the radius: 0.5 %, and some. What is found deeper is not where they are nearest.
const worn = 0.01

// roundest returns the parts in which shapes of which one is a cylinder are nearest, and false where there is no cylinder, or they are so deep in each
// other that it cannot be told. Along x the prisms are farthest apart.
func (f *Finder) roundest(x *axis) (y nearest, ok bool) {
	ca, cb := f.a.Shape.Kind == contact.KindCylinder, f.b.Shape.Kind == contact.KindCylinder
	if !ca && !cb {
		return y, false
	}
	a, b := &f.ha, &f.hb
	if ca {
		f.spine.place(f.a.Hull.spine, &f.pa)
		a = &f.spine
	}
	if cb {
		f.spineB.place(f.b.Hull.spine, &f.pb)
		b = &f.spineB
	}
	least := x.apart - f.ha.radius - f.hb.radius - f.wornAlong(x)
	y = nearestOf(a, b)
	if y.apart > sameHeight*(a.size+b.size) && (!ca || y.a.Code == side) && (!cb || y.b.Code == side) {
		return y, y.kind != 0 && y.apart-a.radius-b.radius >= least && f.between(a, b, &y)
	}
	e := rimmed{nearest: nearest{apart: math.Inf(-1)}}
	for k := range 2 {
		if ca && !cb && e.apart > 0 {
			break // parts that hold each other's nearest points apart are the nearest
		}
		if ca {
			f.rimOfA(&e, k, cb)
		}
		if cb {
			f.rimOfB(&e, k, ca)
		}
	}
	return e.nearest, e.kind != 0 && !e.sharp && e.apart >= least
}

// wornAlong is how much less far the prisms reach along the axis than their cylinders, and how much less these may be found to be apart where rims lie flat on ends.
func (f *Finder) wornAlong(x *axis) (d float64) {
	n := x.n
	for _, c := range [2]struct {
		*Collider
		*solid
		at *spatial.Pose
	}{{f.b, &f.hb, &f.pb}, {f.a, &f.ha, &f.pa}} {
		if c.Shape.Kind == contact.KindCylinder {
			up := spatial.Dot(n, spatial.QuatRotate(c.at.Rot, unit(2)))
			far := spatial.Dot(n, c.at.Pos) + c.Shape.HalfLength*math.Abs(up) + c.Shape.Radius*math.Sqrt(max(0, 1-up*up))
			d += far - c.reach(n) + 2*rimEdge*c.Shape.Radius
		}
		n = spatial.Scale(-1, n)
	}
	return d
}

// between reports whether two cores are as far apart as their parts y: an axis that runs through a shape is near an edge of it, and on the wrong side.
func (f *Finder) between(a, b *solid, y *nearest) bool {
	p := gap.Pair{Kind: y.kind}
	f.a.side(&p.A, y.a, &f.ra2)
	f.b.side(&p.B, y.b, &f.rb2)
	m := p.Nearest(&gap.Frame{Pos: f.a.At.Pos, Rot: &f.ra}, &gap.Frame{Pos: f.b.At.Pos, Rot: &f.rb})
	if y.kind == gap.LineLine && spatial.Dot(m.N, y.d) < 0 {
		m.N = spatial.Scale(-1, m.N)
	}
	return a.low(m.N)-b.reach(m.N) >= y.apart-sameHeight*(a.size+b.size)
}

// tilted are the sines of the angle between the axis of a cylinder and the normal of where its rim is nearest between which the rim takes half the weight: where it
// lies flat its lowest point runs to and fro.
var tilted = [2]float64{0, 0.1}

// steep are those of the angle between an edge and the plane of a rim between which the rim on the edge takes over from the prism: they cross under that angle or more, and
// as both are sharp their common normal turns by the angle over its sine.
var steep = [2]float64{0.05, 0.2}

// flatRim is what is left of that where it lies flat on a face. Of a line in its plane nothing is: there its nearest point runs round it within next to no turn.
const flatRim = 1e-3

// shareOf returns the part of the weight that the nearest parts take: half of what the side touches, since it may lie along an edge. A rim takes all where it
// leans on what it touches, and next to nothing where it lies flat.
func (f *Finder) shareOf(y *nearest) (x share) {
	x.of = 1
	up, other := spatial.QuatRotate(f.pa.Rot, unit(2)), spatial.QuatRotate(f.pb.Rot, unit(2))
	switch y.kind {
	case gap.RimPlane:
		x = f.moving.parallel(aim{d: up}, f.hb.normalOf(y.b), tilted)
	case gap.PlaneRim:
		x = f.moving.parallel(f.ha.normalOf(y.a), aim{d: other}, tilted)
	case gap.LineOval:
		return f.moving.levelWith(f.ha.sideAxis(up), aim{d: other}, tilted)
	case gap.OvalOval:
		x = f.moving.parallel(aim{d: up}, aim{d: other}, tilted)
	case gap.PointOval:
	case gap.OvalLine:
		if f.b.Shape.Kind == contact.KindCylinder {
			return f.moving.levelWith(aim{d: up}, aim{d: other}, tilted)
		}
		return f.moving.levelWith(aim{d: up}, f.hb.edgeAxis(y.b), steep)
	default:
		return share{of: 0.5}
	}
	return flatter(x)
}

// sideAxis returns the axis of a line, or that of a cylinder.
func (x *solid) sideAxis(up r3.Vec) aim {
	if x.spine == nil {
		return aim{x.axis[0], x.edges[0].code}
	}
	return aim{d: up}
}

// edgeAxis returns the axis of an edge.
func (x *solid) edgeAxis(p Part) aim {
	for i := range x.edges {
		if x.edges[i].code == p.Code {
			return aim{x.axis[i], p.Code}
		}
	}
	return aim{}
}

// normalOf returns the normal of a face.
func (x *solid) normalOf(p Part) aim {
	for i := range x.faces {
		if x.faces[i].code == p.Code {
			return x.aim(i)
		}
	}
	return aim{}
}

// rimmed is the best of what rims may touch. On a vertex, which is as sharp, normals turn with next to nothing: there the edges of the prism say how the shapes touch, along
// common normals that have a side.
type rimmed struct {
	nearest
	sharp bool
}

func (e *rimmed) take(a, b Part, y *nearby) {
	if y.gap > e.apart {
		e.nearest, e.sharp = nearest{kind: y.kind, a: a, b: b, d: y.n, apart: y.gap}, y.kind == gap.OvalPoint
	}
}

// bothEnds is the sine of the angle between a normal and the plane of a rim below which both rims of a cylinder are as near.
const bothEnds = 1e-9

// overEnd is the sine of the angle between a normal and an axis below which it is the end that is touched and not the rim: of a disk with a thickness of rimEdge radii
// the normal leans by that half a percent of the radius inside of its edge.
const overEnd = 1e-3

// aslant reports whether a normal is one of a rim with the axis, and not of the end.
func aslant(n, axis r3.Vec) bool {
	c := spatial.Cross(n, axis)
	return spatial.Dot(c, c) > overEnd*overEnd
}

// rimOfA tries a rim of A, a cylinder, if it is on the side of B.
func (f *Finder) rimOfA(e *rimmed, k int, cylinder bool) {
	up := spatial.Scale(float64(1-2*k), spatial.QuatRotate(f.pa.Rot, unit(2))) // out of the end
	rim, circle := Part{Code: raisedUp + uint16(k)}, Part{Code: circleUp + uint16(k)}
	f.eggOf(f.a, &f.pa, rim)
	toward := func(n r3.Vec) bool { return spatial.Dot(up, n) <= bothEnds } // the normal points out of B
	if !cylinder {
		at, y := f.walk()
		if !f.holds(at, &y) || !toward(y.n) {
			return
		}
		if at.on > 0 {
			e.take(rim, y.part, &y)
			return
		}
		y.kind = gap.RimPlane
		e.take(circle, y.part, &y)
		return
	}
	if y := f.toOval(gap.OvalLine, Part{Code: side}, r3.Vec{}); toward(y.n) && math.Abs(y.along) <= f.b.Shape.HalfLength {
		e.take(rim, Part{Code: side}, &y)
	}
	other := spatial.QuatRotate(f.pb.Rot, unit(2))
	for l, s := range [2]float64{1, -1} {
		cap := Part{Code: f.b.Hull.faces[sides+l].code}
		if y := f.toOval(gap.OvalPlane, cap, r3.Vec{}); toward(y.n) && within(&f.pb, &y, f.b.Shape.Radius) {
			y.kind = gap.RimPlane
			e.take(circle, cap, &y)
		}
		q := Part{Code: raisedUp + uint16(l)}
		if y := f.toOval(gap.OvalOval, q, r3.Vec{}); toward(y.n) && s*spatial.Dot(other, y.n) >= -bothEnds && aslant(y.n, up) && aslant(y.n, other) {
			e.take(rim, q, &y)
		}
	}
}

// rimOfB tries a rim of B if it is on the side of A, a capsule, a line or a cylinder.
func (f *Finder) rimOfB(e *rimmed, k int, cylinder bool) {
	up := spatial.Scale(float64(1-2*k), spatial.QuatRotate(f.pb.Rot, unit(2)))
	rim, circle := Part{Code: rimUp + uint16(k)}, Part{Code: circleUp + uint16(k)}
	if f.a.Shape.Kind != contact.KindCapsule {
		rim.Code = raisedUp + uint16(k)
	}
	toward := func(n r3.Vec) bool { return spatial.Dot(up, n) >= -bothEnds }
	line := &f.ha
	if cylinder {
		line = &f.spine
	}
	ridge := &line.edges[0]
	y := f.fromOval(gap.LineOval, Part{Code: ridge.code}, rim)
	if toward(y.n) && math.Abs(y.along) <= ridge.half {
		e.take(Part{Code: ridge.code}, rim, &y)
	}
	if !cylinder {
		for v, sign := range [2]float64{-1, 1} { // its ends
			p := Part{Code: line.vertices[[2]int32{ridge.from, ridge.to}[v]].code}
			if y := f.fromOval(gap.PointOval, p, rim); toward(y.n) && sign*spatial.Dot(line.axis[0], y.n) <= bothEnds {
				e.take(p, rim, &y)
			}
		}
		return
	}
	for l := range 2 {
		cap := Part{Code: f.a.Hull.faces[sides+l].code}
		if y := f.fromOval(gap.PlaneOval, cap, rim); toward(y.n) && within(&f.pa, &y, f.a.Shape.Radius) {
			y.kind = gap.PlaneRim
			e.take(cap, circle, &y)
		}
	}
}

// within reports whether a point of a rim is over the end of a cylinder with radius r: no farther from the axis, but for where a normal to the other rim is none yet.
func within(at *spatial.Pose, y *nearby, r float64) bool {
	x := into(at, y.at)
	return math.Hypot(x.X, x.Y) <= r+overEnd*max(0, y.gap)
}

// fromOval is toOval for an ellipsoid of B, at the common point.
func (f *Finder) fromOval(kind gap.Kind, a, b Part) nearby {
	p := gap.Pair{Kind: kind}
	f.a.side(&p.A, a, &f.ra2)
	f.b.side(&p.B, b, &f.rb2)
	m := p.Nearest(&gap.Frame{Pos: f.a.At.Pos, Rot: &f.ra}, &gap.Frame{Pos: f.b.At.Pos, Rot: &f.rb})
	return nearby{kind: kind, part: a, n: m.N, at: m.C, along: m.Along, gap: m.Gap}
}
