package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What has gone through an oval within a step, or an oval through it, is behind it: the gap is that of balls around the centers, which hold
// the ovals, with the distance of the centers negative. So it goes on falling, as it does for balls.

// bared returns the kind, and the features, with balls for ovals.
func bared(k Kind, a, b *placed) (c Kind, x, y placed) {
	switch k {
	case OvalLine:
		c = PointLine
	case LineOval:
		c = LinePoint
	default:
		c = PointPoint
	}
	return c, a.bared(), b.bared()
}

func (x *placed) bared() (y placed) {
	y = *x
	y.radius += math.Sqrt(x.oval.trace())
	y.oval = Oval{}
	return y
}

func (c *Change) bared(x *placed) (d Change) {
	d = *c
	d.Oval = Oval{}
	if x.oval.is() {
		d.Radius += c.Oval.trace() / (2 * math.Sqrt(x.oval.trace()))
	}
	return d
}

func behind(k Kind, a, b *placed, n r3.Vec) near {
	c, p, q := bared(k, a, b)
	var x near
	x.meet(c, &p, &q, n, r3.Vec{})
	if x.inv != 0 {
		x.turn(&p, &q)
	}
	x.bare = true
	return x
}

func (x *near) varyBare(dx *step, k Kind, a, b *placed, u, v *Change) {
	c, p, q := bared(k, a, b)
	du, dv := u.bared(a), v.bared(b)
	y := *x
	y.bare = false
	y.vary(dx, c, &p, &q, &du, &dv)
}

func (x *near) pullBare(u, v *pulled, k Kind, a, b *placed, w r3.Vec) {
	c, p, q := bared(k, a, b)
	y := *x
	y.bare = false
	y.pull(u, v, c, &p, &q, w)
}

// passedOval reports whether ovals went through each other during the step rather than past: whether the way from knot 2 to knot 3, taken
// as straight, ends on the other side and they overlap where it comes nearest.
func (t *Meeting) passedOval(x *near, a, b *placed) bool {
	if spatial.Dot(t.N, x.n) >= 0 {
		return false
	}
	d2, d3 := spatial.Sub(t.near.fa, t.near.fb), spatial.Sub(x.fa, x.fb)
	if spatial.Dot(d2, d3) >= 0 {
		return false
	}
	way := spatial.Sub(d3, d2)
	back := spatial.Scale(-spatial.Dot(d3, way)/spatial.Dot(way, way), way)
	y := *a
	y.p = spatial.Add(a.p, back)
	var z near
	z.meet(t.Kind, &y, b, t.N, r3.Vec{})
	return z.gap < 0
}
