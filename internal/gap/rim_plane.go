package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// A rim against a face, which turns with its body: the lowest point of the rim, blunted where it lies flat, as on a
// half-space (rim.go). With the axis e of the plane, and u and depth per radius of the rim to that,
//
//	n = e,   gap = e·(a − b) − r depth − r_b
//
// The common point is a + r u; where the rim is blunted the gap does not change as that point moves, but as one at its lever.

func (x *near) meetRimPlane(a, b *placed) {
	x.n, x.d = b.axis, spatial.Sub(a.p, b.p)
	r := rimOf(x.n, a.axis)
	x.fa = a.p
	x.gap = spatial.Dot(x.n, x.d) - a.radius*r.depth() - b.radius
	x.c = spatial.AddScaled(a.p, a.radius, r.point())
	x.low = spatial.AddScaled(a.p, a.radius, r.lever())
	x.fb = x.c
}

func (x *near) varyRimPlane(dx *step, a, b *placed, u, v *Change) {
	r := rimOf(x.n, a.axis)
	dx.n, dx.fa = v.Axis, u.Center
	dx.gap = spatial.Dot(x.n, spatial.Sub(u.Center, v.Center)) + spatial.Dot(v.Axis, x.d)
	dx.gap -= a.radius*r.sink(u.Axis, v.Axis) + u.Radius*r.depth() + v.Radius
	dx.c = spatial.AddScaled(u.Center, u.Radius, r.point())
	dx.c = spatial.AddScaled(dx.c, a.radius, r.turn(x.n, a.axis, u.Axis, v.Axis))
	dx.fb = dx.c
}

func (x *near) pullRimPlane(u, v *pulled, a *placed, q r3.Vec) {
	r := rimOf(x.n, a.axis)
	g := spatial.AddScaled(spatial.Scale(r.inverse, q), 2*r.slope*spatial.Dot(q, r.down), r.down) // on the change of down
	k := spatial.Dot(g, a.axis)
	u.p = q
	u.e = spatial.Scale(a.radius, spatial.AddScaled(spatial.Scale(r.cos, g), k, x.n))
	v.e = spatial.Scale(a.radius, spatial.AddScaled(spatial.Scale(-1, g), k, a.axis))
}
