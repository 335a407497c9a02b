package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// A ball or vertex against a face, which turns with its body: the plane at the distance r_b from its center, along its axis e.
//
//	n = e,   gap = e·(a − b) − r_a − r_b
//
// The common point is that of the ball. That makes a vertex on a face that moves with it stay where it is.

func (x *near) meetPointPlane(a, b *placed) {
	x.n, x.d = b.axis, spatial.Sub(a.p, b.p)
	x.fa = a.p
	x.gap = spatial.Dot(x.n, x.d) - (a.radius + b.radius)
	x.c = spatial.AddScaled(a.p, -a.radius, x.n)
	x.fb = x.c
}

func (x *near) varyPointPlane(dx *step, a, b *placed, u, v *Change) {
	dx.n, dx.fa = v.Axis, u.Center
	dx.gap = spatial.Dot(x.n, spatial.Sub(u.Center, v.Center)) + spatial.Dot(v.Axis, x.d) - (u.Radius + v.Radius)
	dx.c = spatial.AddScaled(spatial.AddScaled(u.Center, -u.Radius, x.n), -a.radius, v.Axis)
	dx.fb = dx.c
}

func (x *near) pullPointPlane(u, v *pulled, a *placed, q r3.Vec) {
	u.p, v.e = q, spatial.Scale(-a.radius, q)
}
