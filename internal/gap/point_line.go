package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// A ball against a rounded line: against the side of a capsule, a vertex against an edge. With d = a − b, e the axis of the line and
// t = e·d the place of the foot b + t e,
//
//	q = d − t e,   n = q/‖q‖,   gap = ‖q‖ − r_a − r_b,   dq = dd − dt e − t de,   dt = de·d + e·dd,   dn = (I − nnᵀ) dq/‖q‖

func (x *near) meetPointLine(a, b *placed, toward r3.Vec) {
	e := b.axis
	x.d = spatial.Sub(a.p, b.p)
	x.t = spatial.Dot(e, x.d)
	x.fa, x.fb = a.p, spatial.AddScaled(b.p, x.t, e)
	q := spatial.AddScaled(x.d, -x.t, e)
	if l := spatial.Norm(q); l > closest {
		x.inv = 1 / l
		x.n = spatial.Scale(x.inv, q)
	} else {
		x.tie, x.n = true, beside(e, toward)
	}
	x.gap = spatial.Dot(x.n, q) - (a.radius + b.radius)
	x.middle(a, b)
}

func (x *near) varyPointLine(dx *step, a, b *placed, u, v *Change) {
	e, dd := b.axis, spatial.Sub(u.Center, v.Center)
	dt := spatial.Dot(v.Axis, x.d) + spatial.Dot(e, dd)
	foot := spatial.AddScaled(spatial.Scale(dt, e), x.t, v.Axis)
	dx.fa, dx.fb = u.Center, spatial.Add(v.Center, foot)
	dq := spatial.Sub(dd, foot)
	dx.gap = spatial.Dot(x.n, dq) - (u.Radius + v.Radius)
	dx.n = spatial.Scale(x.inv, spatial.Across(dq, x.n))
	dx.middle(x, a, b, u, v)
}

func (x *near) pullPointLine(u, v *pulled, a, b *placed, q r3.Vec) {
	e := b.axis
	y := spatial.Scale((b.radius-a.radius)*x.inv, spatial.Across(q, x.n)) // on dq
	on := spatial.Sub(q, y)                                               // on the foot
	k := spatial.Dot(on, e)                                               // on dt
	u.p = spatial.Scale(0.5, spatial.AddScaled(spatial.Add(q, y), k, e))
	v.p = spatial.Scale(0.5, spatial.AddScaled(on, -k, e))
	v.e = spatial.Scale(0.5, spatial.AddScaled(spatial.Scale(x.t, on), k, x.d))
}
