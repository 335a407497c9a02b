package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Where a cylinder and another shape are nearest they touch as they are: with the side, which is a line with a radius, or a rim.

// worn is how much less deep a prism is than its cylinder, of the radius: 0.5 %, and some. What is found deeper is not
// where they are nearest.
const worn = 0.01

// roundest returns the parts in which shapes of which one is a cylinder are nearest, and false where there is no
// cylinder, or they are so deep in each other that it cannot be told. Along x the prisms are farthest apart.
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
	least := x.apart - f.ha.radius - f.hb.radius - f.wornAlong(x) - sameHeight*(a.size+b.size)
	y = nearestOf(a, b)
	onSides := y.apart > sameHeight*(a.size+b.size) && (!ca || y.a.Code == side) && (!cb || y.b.Code == side)
	if onSides && y.kind != 0 && y.apart-a.radius-b.radius >= least && f.between(a, b, &y) {
		return y, true
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
	return e.nearest, e.kind != 0 && e.kind != gap.OvalPoint && e.apart >= least
}

// wornAlong is how much less far the prisms reach along the axis than their cylinders, and how much less these may be
// found to be apart where rims lie flat on ends.
func (f *Finder) wornAlong(x *axis) (d float64) {
	n := x.n
	for _, c := range [2]struct {
		*Collider
		*solid
		at *spatial.Pose
	}{{f.b, &f.hb, &f.pb}, {f.a, &f.ha, &f.pa}} {
		if c.Shape.Kind == contact.KindCylinder {
			axis := spatial.QuatRotate(c.at.Rot, unit(2))
			far := spatial.Dot(n, c.at.Pos) + c.Shape.HalfLength*math.Abs(spatial.Dot(n, axis)) + c.Shape.Radius*spatial.Norm(spatial.Cross(n, axis))
			d += far - c.reach(n)
		}
		n = spatial.Scale(-1, n)
	}
	return d
}

// between reports whether two cores are as far apart as their parts y: an axis that runs through a shape is near an
// edge of it, and on the wrong side.
func (f *Finder) between(a, b *solid, y *nearest) bool {
	p := gap.Pair{Kind: y.kind}
	f.a.side(&p.A, &y.a, &f.ra2)
	f.b.side(&p.B, &y.b, &f.rb2)
	m := p.Nearest(&gap.Frame{Pos: f.a.At.Pos, Rot: &f.ra}, &gap.Frame{Pos: f.b.At.Pos, Rot: &f.rb})
	if y.kind == gap.LineLine && spatial.Dot(m.N, y.d) < 0 {
		m.N = spatial.Scale(-1, m.N)
	}
	return a.low(m.N)-b.reach(m.N) >= y.apart-sameHeight*(a.size+b.size)
}

// tilted are the sines of the angle between the axis of a cylinder and the normal of where its rim is nearest between
// which the rim takes half the weight: where it lies flat its lowest point runs to and fro.
var tilted = [2]float64{0, 0.1}

// steep are those of the angle between an edge and the plane of a rim between which the rim on the edge takes over from
// the prism: they cross under that angle or more, and as both are sharp their common normal turns by the angle over its
// sine.
var steep = [2]float64{0.05, 0.2}

// flatRim is what is left of that where it lies flat on a face. Of a line in its plane nothing is: there its nearest
// point runs round it within next to no turn.
const flatRim = 1e-3

// shareOf returns the part of the weight that the nearest parts take: half of what the side touches, since it may lie
// along an edge. A rim takes all where it leans on what it touches, and next to nothing where it lies flat.
func (f *Finder) shareOf(y *nearest) (x share) {
	x.of = 1
	up, other := spatial.QuatRotate(f.pa.Rot, unit(2)), spatial.QuatRotate(f.pb.Rot, unit(2))
	switch y.kind {
	case gap.RimPlane:
		x = f.moving.parallel(aim{d: up}, f.hb.normalOf(y.b), tilted)
	case gap.PlaneRim:
		x = f.moving.parallel(f.ha.normalOf(y.a), aim{d: other}, tilted)
	case gap.LineOval:
		return f.besideRim(f.moving.levelWith(f.ha.sideAxis(up), aim{d: other}, tilted), y.d, other)
	case gap.OvalOval:
		x = f.moving.parallel(aim{d: up}, aim{d: other}, tilted)
	case gap.PointPlane:
		x = f.moving.parallel(f.ha.sideAxis(up), f.hb.normalOf(y.b), upright).rest()
	case gap.PointOval:
	case gap.OvalLine:
		if f.b.Shape.Kind == contact.KindCylinder {
			return f.besideRim(f.moving.levelWith(aim{d: up}, aim{d: other}, tilted), y.d, up)
		}
		return f.moving.levelWith(aim{d: up}, f.hb.edgeAxis(y.b), steep)
	default:
		return share{of: 0.5}
	}
	return flatter(x)
}

// flatter leaves something of the weight of a rim where it lies flat.
func flatter(x share) share { return x.scaled(1 - flatRim).plus(share{of: flatRim}) }

// besides is the sine of the angle between a normal and the axis of a rim from which on a round line that lies level is
// beside the rim rather than over the end.
const besides = 0.02

// besideRim returns the share of a rim and a line, x where the line lies over the end: beside the rim the nearest point
// of that runs no farther than the line turns.
func (f *Finder) besideRim(x share, n, axis r3.Vec) share {
	if c := spatial.Cross(n, axis); f.a.Shape.Radius == 0 || spatial.Dot(c, c) < besides*besides {
		return x
	}
	return x.scaled(0.5).plus(share{of: 0.5})
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

// rimmed is the best of what rims may touch.
type rimmed struct{ nearest }

func (e *rimmed) take(a, b Part, y *nearby) {
	if y.gap > e.apart {
		e.nearest = nearest{kind: y.kind, a: a, b: b, d: y.n, apart: y.gap}
	}
}

// bothEnds is the sine of the angle between a normal and the plane of a rim below which both rims of a cylinder are as near.
const bothEnds = 1e-9

// overEnd is the sine of the angle between a normal and an axis below which it is the end that is touched and not the
// rim: a disk supports no point more than others along its axis.
const overEnd = 1e-7

// aslant reports whether a normal is one of a rim with the axis, and not of the end.
func aslant(n, axis r3.Vec) bool {
	c := spatial.Cross(n, axis)
	return spatial.Dot(c, c) > overEnd*overEnd
}

// onEnd is the sine of the angle between the normal of a face and an axis below which the face lies on the end, and its
// rim does not touch the face: up to 7e-4 the lowest point of the rim fades into its center, and a step that begins
// flat, as that of a block that tips off a table, would have to find its way through that.
const onEnd = 1e-3

// offEnd reports whether a rim may touch a face with the normal n.
func offEnd(n, axis r3.Vec) bool {
	c := spatial.Cross(n, axis)
	return spatial.Dot(c, c) > onEnd*onEnd
}

// rimOfA tries a rim of A, a cylinder, if it is on the side of B.
func (f *Finder) rimOfA(e *rimmed, k int, cylinder bool) {
	up := spatial.Scale(float64(1-2*k), spatial.QuatRotate(f.pa.Rot, unit(2))) // out of the end
	rim, circle := Part{Code: rimUp + uint16(k)}, Part{Code: circleUp + uint16(k)}
	f.eggOf(f.a, &f.pa, rim)
	toward := func(n r3.Vec) bool { return spatial.Dot(up, n) <= bothEnds } // the normal points out of B
	if !cylinder {
		at, y := f.walk()
		held := f.holds(at, &y) && toward(y.n)
		switch {
		case at.on == 0 && held:
			if y.kind = gap.RimPlane; offEnd(y.n, up) {
				e.take(circle, y.part, &y)
			}
		case held && aslant(y.n, up) && (y.gap > cornered*f.a.Shape.Radius || at.on == 1 && across(f.hb.axis[at.i], y.n, up)):
			e.take(rim, y.part, &y)
		case math.Abs(y.gap) < cornered*f.a.Shape.Radius:
			if at.on == 0 {
				at = f.hb.beside(at.i, y.at)
			}
			f.rimOnCorner(e, k, at)
		}
		return
	}
	if y := f.toOval(gap.OvalLine, Part{Code: side}, r3.Vec{}); toward(y.n) && aslant(y.n, up) {
		e.take(rim, Part{Code: side}, &y)
	}
	other := spatial.QuatRotate(f.pb.Rot, unit(2))
	for l, s := range [2]float64{1, -1} {
		cap := Part{Code: f.b.Hull.faces[sides+l].code}
		if y := f.toOval(gap.OvalPlane, cap, r3.Vec{}); toward(y.n) {
			y.kind = gap.RimPlane
			e.take(circle, cap, &y)
		}
		q := Part{Code: rimUp + uint16(l)}
		if y := f.toOval(gap.OvalOval, q, r3.Vec{}); toward(y.n) && s*spatial.Dot(other, y.n) >= -bothEnds && aslant(y.n, up) && aslant(y.n, other) {
			e.take(rim, q, &y)
		}
	}
}

// cornered is how near a rim is to a vertex, or to an edge along it, in radii, where they count as touching: what holds
// them apart is less far than they are. Farther apart the prism says where they are nearest.
const cornered = 0.02

// across reports whether a line crosses a rim, along the normal n, rather than lying along it.
func across(line, n, up r3.Vec) bool {
	tangent := spatial.Cross(up, n)
	c := spatial.Cross(line, tangent)
	return spatial.Dot(c, c) > crossing[1]*crossing[1]*spatial.Dot(tangent, tangent)
}

// rimOnCorner tries what holds a rim of A, a cylinder, apart from a vertex of B, or from an edge along it: as sharp as
// both are their normal turns with next to nothing. These are the faces and the other edges there, and what is beside
// the rim, the end and the side. Of two that touch one of them says that they do.
func (f *Finder) rimOnCorner(e *rimmed, k int, at place) {
	b, up := &f.hb, spatial.Scale(float64(1-2*k), spatial.QuatRotate(f.pa.Rot, unit(2)))
	toward := func(n r3.Vec) bool { return spatial.Dot(up, n) <= bothEnds }
	around := []int{at.i}
	if at.on == 1 {
		around = []int{int(b.edges[at.i].from), int(b.edges[at.i].to)}
	}
	for _, v := range around {
		for _, i := range b.fan[v] {
			face := Part{Code: b.faces[i].code}
			if y := f.toOval(gap.OvalPlane, face, r3.Vec{}); toward(y.n) && offEnd(y.n, up) {
				y.kind = gap.RimPlane
				e.take(Part{Code: circleUp + uint16(k)}, face, &y)
			}
		}
		for _, i := range b.star[v] {
			edge := Part{Code: b.edges[i].code}
			if y := f.toOval(gap.OvalLine, edge, r3.Vec{}); toward(y.n) && aslant(y.n, up) && f.holds(place{1, int(i)}, &y) && across(b.axis[i], y.n, up) && math.Abs(spatial.Dot(up, b.axis[i])) > steep[1] {
				e.take(Part{Code: rimUp + uint16(k)}, edge, &y)
			}
			if y := f.sideOnEdge(int(i)); f.holds(place{1, int(i)}, &y) {
				e.take(Part{Code: side}, edge, &y)
			}
		}
		vertex := Part{Code: b.vertices[v].code}
		for _, own := range [2]Part{{Code: f.a.Hull.faces[sides+k].code}, {Code: side}} {
			kind := gap.PlanePoint
			if own.Code == side {
				kind = gap.LinePoint
			}
			if y := f.fromOval(kind, own, vertex); b.reach(y.n)-spatial.Dot(y.n, b.vertex[v]) <= sameHeight*b.size {
				y.part = vertex
				e.take(own, vertex, &y)
			}
		}
	}
}

// beside returns the edge of a face that is nearest to a point of it.
func (x *solid) beside(face int, p r3.Vec) (at place) {
	least := math.Inf(1)
	f := &x.faces[face]
	for k, v := range f.loop {
		e := int(f.edge[k])
		if d := math.Abs(spatial.Dot(x.out(e, face), spatial.Sub(p, x.vertex[v]))); d < least {
			at, least = place{1, e}, d
		}
	}
	return at
}

// sideOnEdge returns how far the side of A, a cylinder, is along the common normal from the edge i of B.
func (f *Finder) sideOnEdge(i int) nearby {
	edge := Part{Code: f.hb.edges[i].code}
	y := f.fromOval(gap.LineLine, Part{Code: side}, edge)
	y.part, y.at = edge, f.hb.center(i)
	if spatial.Dot(y.n, spatial.Sub(f.pa.Pos, f.hb.middle)) < 0 {
		y.n, y.gap = spatial.Scale(-1, y.n), -y.gap-2*f.a.Shape.Radius
	}
	return y
}

// rimOfB tries a rim of B if it is on the side of A, a capsule, a line or a cylinder.
func (f *Finder) rimOfB(e *rimmed, k int, cylinder bool) {
	up := spatial.Scale(float64(1-2*k), spatial.QuatRotate(f.pb.Rot, unit(2)))
	rim, circle := Part{Code: rimUp + uint16(k)}, Part{Code: circleUp + uint16(k)}
	toward := func(n r3.Vec) bool { return spatial.Dot(up, n) >= -bothEnds }
	line := &f.ha
	if cylinder {
		line = &f.spine
	}
	ridge := &line.edges[0]
	y := f.fromOval(gap.LineOval, Part{Code: ridge.code}, rim)
	if toward(y.n) && aslant(y.n, up) && math.Abs(y.along) <= ridge.half {
		e.take(Part{Code: ridge.code}, rim, &y)
	}
	if !cylinder {
		for v, sign := range [2]float64{-1, 1} { // its ends
			tip := [2]int32{ridge.from, ridge.to}[v]
			p := Part{Code: line.vertices[tip].code}
			if x := into(&f.pb, line.vertex[tip]); math.Hypot(x.X, x.Y) <= f.b.Shape.Radius+overEnd*math.Abs(x.Z) {
				cap := Part{Code: f.b.Hull.faces[sides+k].code}
				if y := f.fromOval(gap.PointPlane, p, cap); sign*spatial.Dot(line.axis[0], y.n) <= bothEnds {
					e.take(p, cap, &y)
				}
			} else if y := f.fromOval(gap.PointOval, p, rim); toward(y.n) && aslant(y.n, up) && sign*spatial.Dot(line.axis[0], y.n) <= bothEnds {
				e.take(p, rim, &y)
			}
		}
		return
	}
	for l := range 2 {
		cap := Part{Code: f.a.Hull.faces[sides+l].code}
		if y := f.fromOval(gap.PlaneOval, cap, rim); toward(y.n) {
			y.kind = gap.PlaneRim
			e.take(cap, circle, &y)
		}
	}
}

// fromOval is toOval for an ellipsoid of B, at the common point.
func (f *Finder) fromOval(kind gap.Kind, a, b Part) nearby {
	p := gap.Pair{Kind: kind}
	f.a.side(&p.A, &a, &f.ra2)
	f.b.side(&p.B, &b, &f.rb2)
	m := p.Nearest(&gap.Frame{Pos: f.a.At.Pos, Rot: &f.ra}, &gap.Frame{Pos: f.b.At.Pos, Rot: &f.rb})
	return nearby{kind: kind, part: a, n: m.N, at: m.C, along: m.Along, gap: m.Gap}
}
