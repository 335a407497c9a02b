package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Most corners of the overlap of two faces that are not parallel are out of reach. To see that takes a few operations,
// to make the contact a hundred nanoseconds.

// rise is how far the face of A is above that of B along m at the points of the plane, times the cosine c between m and
// the normals. That is the gap of a vertex there.
type rise struct {
	known       bool // not of faces whose vertices are only about in their planes
	at, x, y, c float64
	far         float64 // from where on what touches is out of reach, with rounding
}

// rises finds it for faces through a and b.
func (p *polygon) rises(a, b, na, nb r3.Vec, far float64) {
	n, r := spatial.Add(na, nb), &p.rise
	r.known, r.far = true, far
	r.at = spatial.Dot(na, spatial.Sub(p.origin, a)) + spatial.Dot(nb, spatial.Sub(p.origin, b))
	r.x, r.y, r.c = spatial.Dot(p.t1, n), spatial.Dot(p.t2, n), spatial.Dot(nb, p.m)
}

// over reports whether a vertex at x is out of reach of the other face.
func (r *rise) over(x *knee) bool { return r.known && r.at+r.x*x.X+r.y*x.Y > r.far }

// crosses reports whether edges that cross at x are out of reach of each other. They are as far apart as the faces there, times the
// cosine between m and their normal. Those nearly parallel cross anywhere.
func (r *rise) crosses(p *polygon, x *knee, a, b *border) bool {
	if !r.over(x) {
		return false
	}
	n := spatial.Cross(a.axis, b.axis)
	sine := spatial.Norm(n)
	return sine >= crossing[1] && (r.at+r.x*x.X+r.y*x.Y)*math.Abs(spatial.Dot(n, p.m)) > r.far*r.c*sine
}
