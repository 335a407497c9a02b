package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// World is the body of what does not move.
const World = -1

// Side is a feature and the body it belongs to.
type Side struct {
	Body int // index or World
	Feature
}

// Kind is what the features of a pair are, A's first.
type Kind uint8

// The closed set of pairs: balls around points and lines, ovals, rims, and planes. Lines and planes have no ends; which
// part of a shape they stand for, who chooses them knows. Balls, capsules, vertices, edges and faces are made of them.
const (
	PointPoint Kind = iota + 1
	PointLine
	LinePoint
	LineLine // the axes such that A×B points from B to A
	PointPlane
	PlanePoint
	OvalPoint
	PointOval
	OvalLine
	LineOval
	OvalPlane
	PlaneOval
	OvalOval
	RimPlane
	PlaneRim
)

var kindNames = [...]string{"none", "point-point", "point-line", "line-point", "line-line", "point-plane", "plane-point",
	"oval-point", "point-oval", "oval-line", "line-oval", "oval-plane", "plane-oval", "oval-oval", "rim-plane", "plane-rim"}

// swappedKinds are those with A and B exchanged.
var swappedKinds = [...]Kind{PointPoint: PointPoint, PointLine: LinePoint, LinePoint: PointLine, LineLine: LineLine, PointPlane: PlanePoint, PlanePoint: PointPlane,
	OvalPoint: PointOval, PointOval: OvalPoint, OvalLine: LineOval, LineOval: OvalLine, OvalPlane: PlaneOval, PlaneOval: OvalPlane, OvalOval: OvalOval,
	RimPlane: PlaneRim, PlaneRim: RimPlane}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// mirrored returns the kind with A and B exchanged where that is the one whose formulas are written down.
func (k Kind) mirrored() (Kind, bool) {
	switch k {
	case LinePoint, PlanePoint, PointOval, LineOval, PlaneOval, PlaneRim:
		return swappedKinds[k], true
	}
	return k, false
}

// Pair is two features that may touch, of two bodies or of a body and the world.
type Pair struct {
	Kind Kind
	A, B Side
	From r3.Vec // where the search for the normal of an oval starts, from B to A in the world; zero where the centers say it
}

// Swap exchanges A and B.
func (p *Pair) Swap() {
	a, b := &p.A, &p.B // number by number: what was just written so is slow to copy
	p.Kind, p.From = swappedKinds[p.Kind], spatial.Scale(-1, p.From)
	a.Body, b.Body = b.Body, a.Body
	a.Center, b.Center = b.Center, a.Center
	a.Axis, b.Axis = b.Axis, a.Axis
	a.Radius, b.Radius = b.Radius, a.Radius
	if a.IsOval() || b.IsOval() {
		a.Oval, b.Oval = b.Oval, a.Oval
	}
}

// Change is an infinitesimal change of a feature and of how its surface runs, in world axes at knot 2. The axis stays unit.
type Change struct {
	Center, Axis r3.Vec
	Radius       float64
	Oval         Oval
	Run          Run // of its surface, the center relative to the body
}

// placed is a feature at a knot, in world axes about O.
type placed struct {
	arm    r3.Vec // center minus body frame origin
	p      r3.Vec // center
	axis   r3.Vec
	radius float64
	oval   Oval
}

// place makes x the feature f of a body that is there.
func (x *placed) place(f *Feature, at *Frame) {
	x.arm, x.axis, x.radius = at.turn(f.Center), f.Axis, f.Radius
	if (f.Axis != r3.Vec{}) {
		x.axis = at.turn(f.Axis)
	}
	if f.IsOval() {
		x.oval = f.Oval.Turned(at.Rot)
	} else if x.oval.is() {
		x.oval = Oval{}
	}
	x.p = spatial.Add(at.Pos, x.arm)
}

// begin gives y what x has and no motion changes.
func (y *placed) begin(x *placed) {
	y.axis, y.radius = x.axis, x.radius
	if y.oval.is() {
		y.oval = Oval{}
	}
}

// after makes y the feature x at the end of the motion m of its body, which moves the center as given.
func (y *placed) after(x *placed, moved r3.Vec, m *spatial.Motion) {
	y.p, y.radius, y.axis = spatial.Add(x.p, moved), x.radius, x.axis
	if (x.axis != r3.Vec{}) {
		y.axis = m.Rotate(x.axis)
	}
	if x.oval.is() { // else y has none either, see begin
		y.oval = x.oval.after(m)
	}
}

// carried returns the change of the feature that a twist of its body about O carries along.
func (x *placed) carried(t *spatial.Twist) (c Change) {
	c.Center, c.Axis = spatial.Add(t.Lin, spatial.Cross(t.Ang, x.p)), spatial.Cross(t.Ang, x.axis)
	if x.oval.is() {
		c.Oval = x.oval.turn(t.Ang)
	}
	return c
}

// Gap returns how far the sides are apart (m).
func (p *Pair) Gap(a, b *Frame) float64 {
	switch p.Kind { // as meet has them, which finds more
	case PointPlane:
		return p.A.above(a, &p.B.Feature, b)
	case PlanePoint:
		return p.B.above(b, &p.A.Feature, a)
	case PointPoint:
		d := spatial.Sub(a.at(p.A.Center), b.at(p.B.Center))
		if l := spatial.Norm(d); l > closest {
			return spatial.Dot(spatial.Scale(1/l, d), d) - (p.A.Radius + p.B.Radius)
		}
	case LineLine:
		return p.GapAcross(a, b, spatial.Cross(a.turn(p.A.Axis), b.turn(p.B.Axis)))
	}
	var m near
	p.meet(&m, a, b)
	return m.gap
}

// GapAcross is Gap of two lines, when n is the cross product of their axes in the world.
func (p *Pair) GapAcross(a, b *Frame, n r3.Vec) float64 {
	if sin2 := spatial.Dot(n, n); sin2 > aligned*aligned {
		return spatial.Dot(spatial.Scale(1/math.Sqrt(sin2), n), spatial.Sub(a.at(p.A.Center), b.at(p.B.Center))) - (p.A.Radius + p.B.Radius)
	}
	var m near
	p.meet(&m, a, b)
	return m.gap
}

// above returns how far a point is from a plane.
func (f *Feature) above(at *Frame, plane *Feature, on *Frame) float64 {
	return spatial.Dot(on.turn(plane.Axis), spatial.Sub(at.at(f.Center), on.at(plane.Center))) - (f.Radius + plane.Radius)
}

// Nearest is where two sides are nearest.
type Nearest struct {
	Gap   float64
	N     r3.Vec  // from B to A
	OnB   r3.Vec  // the point of the core of B: of a plane, the common point
	Along float64 // of a line of B, where it is from its center
	C     r3.Vec  // the common point
}

// Nearest returns where the sides of a pair with an oval on side A are nearest.
func (p *Pair) Nearest(a, b *Frame) Nearest {
	var m near
	p.meet(&m, a, b)
	return Nearest{Gap: m.gap, N: m.n, OnB: m.fb, Along: m.t, C: m.c}
}

// meet finds where the sides are nearest; m is empty before.
func (p *Pair) meet(m *near, a, b *Frame) {
	var x, y placed
	x.place(&p.A.Feature, a)
	y.place(&p.B.Feature, b)
	m.meet(p.Kind, &x, &y, p.toward(&x, &y), p.From)
}

// toward is where normals point whose sign, or more, is arbitrary: up for the body of the higher index; of two lines along A×B.
func (p *Pair) toward(a, b *placed) r3.Vec {
	if p.Kind == LineLine {
		if n := spatial.Cross(a.axis, b.axis); spatial.Norm(n) > aligned {
			return n
		}
	}
	return r3.Vec{Z: p.order()}
}

// order is 1 where A's body has the higher index, else −1: what changes its sign when sides are exchanged, whatever their features are.
func (p *Pair) order() float64 {
	if p.A.Body > p.B.Body {
		return 1
	}
	return -1
}
