package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// An oval against a face, which turns with its body. With the axis e of the plane and what the oval supports along it,
//
//	n = e,   gap = e·(a − b) − h − r_a − r_b
//
// The common point is that of the oval, a − s − r_a n, as it is for balls.

func (x *near) meetOvalPlane(a, b *placed) {
	x.n, x.d = b.axis, spatial.Sub(a.p, b.p)
	t := a.oval.tip(x.n)
	x.fa = a.p
	x.gap = spatial.Dot(x.n, x.d) - t.h - (a.radius + b.radius)
	x.c = spatial.AddScaled(spatial.Sub(a.p, t.s), -a.radius, x.n)
	x.fb = x.c
}

func (x *near) varyOvalPlane(dx *step, a, b *placed, u, v *Change) {
	t := a.oval.tip(x.n)
	dh, ds := t.swell(&u.Oval)
	dx.n, dx.fa = v.Axis, u.Center
	dx.gap = spatial.Dot(x.n, spatial.Sub(u.Center, v.Center)) + spatial.Dot(v.Axis, spatial.Sub(x.d, t.s)) - dh - (u.Radius + v.Radius)
	dx.c = spatial.Sub(u.Center, spatial.Add(ds, t.bend(v.Axis)))
	dx.c = spatial.AddScaled(spatial.AddScaled(dx.c, -u.Radius, x.n), -a.radius, v.Axis)
	dx.fb = dx.c
}

func (x *near) pullOvalPlane(u, v *pulled, a *placed, q r3.Vec) {
	t := a.oval.tip(x.n)
	u.p, u.t = q, spatial.Scale(-1, t.torque(q))
	v.e = spatial.AddScaled(spatial.Scale(-1, t.bend(q)), -a.radius, q)
}
