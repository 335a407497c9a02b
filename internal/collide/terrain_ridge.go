package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// The rims of a cylinder on ridges. Where the end leans, a rim has one point that is nearest to the ridge, and touches
// it as the disk that it is between shapes. Where the end lies flat on the ridge it has two, where it crosses, each
// with the tangent there; of a rim that the ridge all but grazes these run fast, and the end touches what of the ridge
// is there. The edges of the prism, which stood for the rim, are up to half a percent of the radius inside of it, and
// as deep cans sank in.

// levelled are the sines of the angle between a ridge and the plane of a rim, and laid those by which the normal of the
// end is out of the normals of the ridge, between which a rim goes from crossing the ridge to leaning on it.
var (
	levelled = [2]float64{0.05, 0.2}
	laid     = [2]float64{0.05, 0.2}
)

// askew are the sines out of the normals of a ridge or rim between which a crossing fades out, by the border of the
// prism that it is beside: its common normal with the ridge is not quite that of the rim.
var askew = [2]float64{0.05, 0.15}

// rimsOnRidges adds the contacts of both rims with ridges.
func (f *Finder) rimsOnRidges() {
	for end := range uint16(2) {
		center, up := f.endOf(end)
		d := disk{up: up, center: center, radius: f.a.Shape.Radius, ex: spatial.QuatRotate(f.pg.Rot, unit(0)), ey: spatial.QuatRotate(f.pg.Rot, unit(1))}
		for _, i := range f.ridges {
			if !f.beyondRim(&d, &f.ground.Edges[i]) {
				f.rimOnRidge(&d, i, end)
			}
		}
	}
	f.turn, f.slide = r3.Vec{}, Slide{}
}

// beyondRim reports whether a ridge is out of reach of a rim, along the line between them or the middle of its normals.
func (f *Finder) beyondRim(d *disk, e *ground.Edge) bool {
	w := spatial.Sub(d.center, f.ground.Middle(e))
	off := spatial.AddScaled(w, -min(max(spatial.Dot(w, e.Axis), -e.Half), e.Half), e.Axis)
	if far := d.radius + f.reach; spatial.Dot(off, off) > far*far {
		return true
	}
	m, ok := spatial.Unit(spatial.Add(e.InLeft, e.InRight))
	c := spatial.Dot(m, d.up)
	return ok && -spatial.Dot(m, w)-d.radius*math.Sqrt(max(0, 1-c*c)) > f.reach
}

func (f *Finder) rimOnRidge(d *disk, i int32, end uint16) {
	e := &f.ground.Edges[i]
	var lies faded
	if spatial.Dot(d.up, f.ground.Faces[e.Left].Normal) < 0 {
		lies = f.liesOn(e, d.up)
	}
	if lies.share > 0 && !f.rimCrosses(d, i, end, &lies) {
		lies.share, lies.by = lies.share*(1-flatRim), lies.by.scaled(1-flatRim) // the ridge may graze the rim
	}
	if lies.share < 1 {
		f.rimLeans(d, i, end, &lies)
	}
}

// liesOn returns how far the end with the normal up lies flat on a ridge, of which left is the gradient by up.
func (f *Finder) liesOn(e *ground.Edge, up r3.Vec) (x faded) {
	s := spatial.Dot(up, e.Axis)
	x.share = 1 - smooth(math.Abs(s), levelled[0], levelled[1])
	k := -smoothSlope(math.Abs(s), levelled[0], levelled[1]) * math.Copysign(1, s)
	x.by.left = spatial.Scale(k, e.Axis)
	if f.moving.ofTerrain() {
		x.by.ground = f.moving.axis(e, spatial.Scale(k, up))
	}
	for side, u := range [2]r3.Vec{e.InLeft, e.InRight} {
		by := weighed{left: spatial.Scale(-1, u)}
		if f.moving.ofTerrain() {
			by.ground = f.moving.edge(e, func(c *ground.EdgeChange) float64 {
				return -spatial.Dot(up, [2]r3.Vec{c.InLeft, c.InRight}[side])
			})
		}
		x.out(-spatial.Dot(up, u), by, laid)
	}
	return x
}

// rimLeans adds the contact of the point of a rim that is nearest to a ridge.
func (f *Finder) rimLeans(d *disk, i int32, end uint16, lies *faded) {
	e, rim, ridge := &f.ground.Edges[i], Part{Code: rimUp + end}, Part{Cell: f.edgeCode(i)}
	f.eggOf(f.a, &f.pa, rim)
	m := f.toOval(gap.OvalLine, ridge, r3.Vec{})
	n := f.intoTerrain(m.n)
	if !(m.gap <= f.reach && math.Abs(m.along) <= e.Half && spatial.Dot(n, e.InLeft) < 0 && spatial.Dot(n, e.InRight) < 0 && spatial.Dot(n, d.up) < 0 && aslant(n, d.up)) {
		return
	}
	at := spatial.AddScaled(f.ground.Middle(e), m.along, e.Axis)
	if f.tooDeep(e, at, m.gap, math.Inf(1)) || !f.ground.Solid && f.isBehind(m.gap) && !f.inCan(at) && !f.ground.Pierces(f.eye, into(&f.pb, m.at)) {
		return
	}
	rest := faded{share: 1 - lies.share, by: lies.by.scaled(-1)}
	f.lay(gap.OvalLine, rim, ridge, contactName{rim.Code, ridge.Cell}, f.weigh(&rest, aim{}, aim{d: d.up}, aim{}), r3.Vec{})
}

// inCan reports whether a point is in the cylinder.
func (f *Finder) inCan(x r3.Vec) bool {
	d, axis := spatial.Sub(x, f.pg.Pos), spatial.QuatRotate(f.pg.Rot, unit(2))
	t := spatial.Dot(d, axis)
	return math.Abs(t) <= f.a.Shape.HalfLength && spatial.Dot(d, d)-t*t <= f.a.Shape.Radius*f.a.Shape.Radius
}

// tooDeep reports whether a contact at a point of a ridge is deeper than features may be, or the cylinder leaves
// sideways, or over the end of the ridge, before.
func (f *Finder) tooDeep(e *ground.Edge, at r3.Vec, gap, sideways float64) bool {
	return gap <= -f.ha.depth() || f.isDeep(gap) && (sideways < -flushPart*gap || f.endsThere(e, at, -gap))
}

// rimCrosses adds the contacts where a rim crosses a ridge, seen along its axis, and reports whether it does.
func (f *Finder) rimCrosses(d *disk, i int32, end uint16, lies *faded) bool {
	e := &f.ground.Edges[i]
	l := crossed{part: Part{Cell: f.edgeCode(i)}, axis: e.Axis, at: f.ground.Middle(e)}
	w := spatial.Sub(l.at, d.center)
	x, y := spatial.Dot(w, d.ex), spatial.Dot(w, d.ey)
	vx, vy := spatial.Dot(e.Axis, d.ex), spatial.Dot(e.Axis, d.ey)
	a, b := vx*vx+vy*vy, x*vx+y*vy
	root := b*b - a*(x*x+y*y-d.radius*d.radius)
	if !(root > 0) {
		return false
	}
	near := min(max(-b/a, -e.Half), e.Half)
	sideways := d.radius - math.Hypot(x+near*vx, y+near*vy) // by so much the ridge cuts into the disk
	for k, s := range [2]float64{-1, 1} {
		t := (s*math.Sqrt(root) - b) / a
		angle := math.Atan2(y+t*vy, x+t*vx)
		f.rimCrossesAt(d, &l, i, end, uint16(k)*again, angle, t, sideways, *lies)
	}
	return true
}

// again marks the name of the crossing that is farther along the ridge: both may be beside one edge of the prism, and
// of two contacts of one name only the first is laid.
const again uint16 = 1 << 15

// rimCrossesAt is rimCrosses at one of both, at this angle on the rim and this place on the ridge.
func (f *Finder) rimCrossesAt(d *disk, l *crossed, i int32, end, which uint16, angle, t, sideways float64, lies faded) {
	e, j := &f.ground.Edges[i], f.a.Hull.rimEdge(end, angle)
	border := aim{f.ha.axis[j], f.ha.edges[j].code}
	if f.ha.edges[j].left < sides {
		lies.by.left, lies.by.right = r3.Vec{}, lies.by.left
	}
	name := contactName{border.code | which, l.part.Cell}
	b := d.on(Part{Code: border.code, marks: marks{Rim: true}}, angle)
	var x faded
	f.crossRidge(&x, border.d, e, rimmedAt)
	rest := faded{share: 1 - x.share, by: x.by.scaled(-1)}
	if p, w, ok := d.nearest(b, l); ok && x.share > 0 {
		at, n := spatial.Add(p.at, w), f.outward(e, p.axis)
		out := max(spatial.Dot(n, e.InLeft), spatial.Dot(n, e.InRight), spatial.Dot(n, d.up), -d.radius*spatial.Dot(n, p.bend))
		if out <= leaning[1] && math.Abs(spatial.Dot(spatial.Sub(at, l.at), e.Axis)) <= e.Half && !f.tooDeep(e, at, -spatial.Dot(n, w), sideways) {
			n := f.outward(e, border.d)
			f.fadeRidge(&x, e, border.d, n, askew)
			f.fadeEdge(&x, int(j), e, n, askew)
			x.times(lies.share, lies.by)
			if f.slide = slideToLine(&p, l, w).back(); f.moving.ofTerrain() {
				f.slide.Ang = f.rimByVertex(&p, e, w)
			}
			f.lay(gap.LineLine, p.part, l.part, name, f.weighEdge(&x, int(j)), n)
		}
	}
	at := spatial.AddScaled(l.at, t, e.Axis)
	if rest.share == 0 || math.Abs(t) > e.Half || f.tooDeep(e, at, spatial.Dot(d.up, spatial.Sub(at, d.center)), sideways) {
		return
	}
	// what of the ridge is on the side moves along it: ds e·r = v·r, with r the way out of the axis, v that of A there
	rest.times(lies.share, lies.by)
	out := spatial.Scale(-d.radius, b.bend)
	f.slide = Slide{Lin: spatial.Scale(1/spatial.Dot(out, e.Axis), out), At: at, Axis: e.Axis, Rim: true, Along: angle}
	if f.moving.ofTerrain() {
		f.slide.Ang = spatial.Scale(1/spatial.Dot(out, e.Axis), f.moving.place(e, t, out))
	}
	f.other = border.code
	f.lay(gap.PlanePoint, Part{Code: f.ha.faces[sides+end].code}, Part{Cell: l.part.Cell, Along: t, marks: marks{Point: true}}, name, f.weighEdge(&rest, int(j)), r3.Vec{})
	f.other = 0
}

// rimEdge returns the edge of the prism in a cylinder that is beside an angle of the rim of an end.
func (h *Hull) rimEdge(end uint16, angle float64) int32 {
	k := int(math.Floor(angle*(sides/(2*math.Pi))-0.5)+2*sides) % sides
	return h.faces[k].edge[3-2*end]
}
