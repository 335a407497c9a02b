package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// near is where two placed features are nearest. Of every kind a file says how it is found (meet…), how it changes with the features
// (vary…), and what that is transposed for the common point (pull…). The normal goes through the points of both cores and through the
// common point, so the gap changes as if these moved with their bodies: by n·(velocity of A − velocity of B) at the common point.
type near struct {
	gap    float64
	n      r3.Vec  // from B to A
	c      r3.Vec  // the common point, at which both bodies feel the impulse
	low    r3.Vec  // of rims, the point as which the gap moves; of others that is c
	fa, fb r3.Vec  // points of the cores: centers, points of axes, of a plane the common point
	tie    bool    // whether the normal is arbitrary: centers coincide, lines are parallel or meet
	d      r3.Vec  // from B's center to A's
	inv    float64 // one over the distance of the cores, of kinds whose normal that turns; 0 at a tie
	s, t   float64 // of fa and fb along the lines of A and B
	da, db r3.Vec  // dual to the axes of two lines, across the normal; zero at a tie
	bare   bool    // whether ovals count as balls: see behind
}

// step is how near changes.
type step struct {
	gap          float64
	n, c, fa, fb r3.Vec
}

// pulled is a covector on a change of a feature.
type pulled struct {
	p, e r3.Vec
	t    r3.Vec // on a turn of an oval about its center
}

// closest is the distance (m) below which two cores have no direction from each other, and aligned the sine of the angle below which
// two lines have no common normal.
const (
	closest = 1e-9
	aligned = 1e-8
)

// forget empties x as far as kind k does not find it anew: a quarter of a kilobyte takes as long as finding it.
func (x *near) forget(k Kind) {
	if k >= OvalPoint {
		*x = near{}
		return
	}
	x.tie, x.inv, x.bare = false, 0, false
}

// meet finds where a and b are nearest; x is forgotten before. The normal leans towards the given one where it is
// arbitrary, and where its sign is. That of ovals is searched from the normal before, if there is one.
func (x *near) meet(k Kind, a, b *placed, toward, before r3.Vec) {
	if k == PlanePoint { // most are, or its mirror image
		x.meetPointPlane(b, a)
		x.mirror()
		return
	}
	if c, ok := k.mirrored(); ok {
		x.meet(c, b, a, spatial.Scale(-1, toward), spatial.Scale(-1, before))
		x.mirror()
		return
	}
	switch k {
	case PointPoint:
		x.meetPointPoint(a, b, toward)
	case PointLine:
		x.meetPointLine(a, b, toward)
	case LineLine:
		x.meetLineLine(a, b, toward)
	case PointPlane:
		x.meetPointPlane(a, b)
	case OvalPlane:
		x.meetOvalPlane(a, b)
	case RimPlane:
		x.meetRimPlane(a, b)
	case OvalPoint, OvalLine, OvalOval:
		x.meetOval(a, b, toward, before)
	}
}

func (x *near) mirror() {
	x.n = spatial.Scale(-1, x.n)
	x.fa, x.fb = x.fb, x.fa
}

// turn makes the distance of cores that went through each other negative, so that the gap goes on falling behind a center.
func (x *near) turn(a, b *placed) {
	x.n, x.inv = spatial.Scale(-1, x.n), -x.inv
	x.gap = -1/math.Abs(x.inv) - (a.radius + b.radius)
	x.middle(a, b)
}

// vary makes dx, which is empty before, how x changes with its features.
func (x *near) vary(dx *step, k Kind, a, b *placed, u, v *Change) {
	if x.bare {
		x.varyBare(dx, k, a, b, u, v)
		return
	}
	if c, ok := k.mirrored(); ok {
		x.mirror()
		x.vary(dx, c, b, a, v, u)
		x.mirror() // back, to the bit
		dx.n = spatial.Scale(-1, dx.n)
		dx.fa, dx.fb = dx.fb, dx.fa
		return
	}
	switch k {
	case PointPoint:
		x.varyPointPoint(dx, a, b, u, v)
	case PointLine:
		x.varyPointLine(dx, a, b, u, v)
	case LineLine:
		x.varyLineLine(dx, a, b, u, v)
	case PointPlane:
		x.varyPointPlane(dx, a, b, u, v)
	case OvalPlane:
		x.varyOvalPlane(dx, a, b, u, v)
	case RimPlane:
		x.varyRimPlane(dx, a, b, u, v)
	case OvalPoint, OvalLine, OvalOval:
		x.varyOval(dx, a, b, u, v)
	}
}

// pull stores q·dc as covectors on the changes of a and b, where nothing is yet.
func (x *near) pull(u, v *pulled, k Kind, a, b *placed, q r3.Vec) {
	if x.bare {
		x.pullBare(u, v, k, a, b, q)
		return
	}
	if c, ok := k.mirrored(); ok {
		x.mirror()
		x.pull(v, u, c, b, a, q)
		x.mirror() // back, to the bit
		return
	}
	switch k {
	case PointPoint:
		x.pullPointPoint(u, v, a, b, q)
	case PointLine:
		x.pullPointLine(u, v, a, b, q)
	case LineLine:
		x.pullLineLine(u, v, a, b, q)
	case PointPlane:
		x.pullPointPlane(u, v, a, q)
	case OvalPlane:
		x.pullOvalPlane(u, v, a, q)
	case RimPlane:
		x.pullRimPlane(u, v, a, q)
	case OvalPoint, OvalLine, OvalOval:
		x.pullOval(u, v, a, b, q)
	}
}

// middle puts the common point midway between the surfaces.
func (x *near) middle(a, b *placed) {
	x.c = spatial.Scale(0.5, spatial.AddScaled(spatial.Add(x.fa, x.fb), b.radius-a.radius, x.n))
}

// middle is how that point moves.
func (dx *step) middle(x *near, a, b *placed, u, v *Change) {
	c := spatial.AddScaled(spatial.Add(dx.fa, dx.fb), b.radius-a.radius, dx.n)
	dx.c = spatial.Scale(0.5, spatial.AddScaled(c, v.Radius-u.Radius, x.n))
}

// beside returns a unit vector across e, as near to toward as there is. It changes its sign with toward, as a normal does when sides
// are exchanged.
func beside(e, toward r3.Vec) r3.Vec {
	for _, v := range [2]r3.Vec{toward, {X: toward.Z, Y: toward.X, Z: toward.Y}} {
		if v = spatial.Across(v, e); spatial.Norm(v) > aligned {
			return spatial.Scale(1/spatial.Norm(v), v)
		}
	}
	t1, _ := spatial.Tangents(e)
	return t1
}
