package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Two rounded lines: capsule on capsule, edge on edge. With w = a − b, axes e_a and e_b, k = e_a·e_b and the dual axes
//
//	d_a = (e_a − k e_b)/(1 − k²),   d_b = (e_b − k e_a)/(1 − k²):   d_a·e_a = 1, d_a·e_b = 0 …
//
// the nearest points are a + s e_a and b + t e_b with s = −d_a·w, t = d_b·w, and
//
//	n = e_a×e_b/‖·‖,   gap = n·w − r_a − r_b,   dn = −d_a (n·de_a) − d_b (n·de_b)
//
// The gap is signed: cores that have passed through each other stay apart along the same normal.

func (x *near) meetLineLine(a, b *placed, toward r3.Vec) {
	ea, eb := a.axis, b.axis
	x.d = spatial.Sub(a.p, b.p)
	n := spatial.Cross(ea, eb)
	sin2, k := spatial.Dot(n, n), spatial.Dot(ea, eb)
	if sin2 > aligned*aligned {
		x.n = spatial.Scale(1/math.Sqrt(sin2), n)
		if spatial.Dot(x.n, toward) < 0 {
			x.n = spatial.Scale(-1, x.n)
		}
		x.da = spatial.Scale(1/sin2, spatial.AddScaled(ea, -k, eb))
		x.db = spatial.Scale(1/sin2, spatial.AddScaled(eb, -k, ea))
		x.s, x.t = -spatial.Dot(x.da, x.d), spatial.Dot(x.db, x.d)
	} else { // parallel: the points halfway between the centers
		x.tie, x.da, x.db = true, r3.Vec{}, r3.Vec{}
		e, _ := spatial.Unit(spatial.AddScaled(ea, math.Copysign(1, k), eb))
		q := spatial.Across(x.d, e)
		if l := spatial.Norm(q); l > closest {
			x.n = spatial.Scale(1/l, q)
		} else {
			x.n = beside(e, toward)
		}
		x.s, x.t = -0.5*spatial.Dot(ea, x.d), 0.5*spatial.Dot(eb, x.d)
	}
	x.fa, x.fb = spatial.AddScaled(a.p, x.s, ea), spatial.AddScaled(b.p, x.t, eb)
	x.gap = spatial.Dot(x.n, x.d) - (a.radius + b.radius)
	x.middle(a, b)
}

// Twisted reports whether two lines turned past each other on the way to where they were last evaluated: their normal,
// which follows that of knot 2, is not along A×B there.
func (t *Meeting) Twisted() bool {
	e := &t.end
	return t.Kind == LineLine && !e.tie && spatial.Dot(spatial.Cross(e.a.axis, e.b.axis), e.n) < 0
}

func (x *near) varyLineLine(dx *step, a, b *placed, u, v *Change) {
	ua := spatial.AddScaled(u.Center, x.s, u.Axis) // of the nearest points as points of the bodies
	ub := spatial.AddScaled(v.Center, x.t, v.Axis)
	du := spatial.Sub(ua, ub)
	dx.gap = spatial.Dot(x.n, du) - (u.Radius + v.Radius)
	dx.n = spatial.AddScaled(spatial.Scale(-spatial.Dot(x.n, u.Axis), x.da), -spatial.Dot(x.n, v.Axis), x.db)
	// fa − fb stays along the normal: ds e_a − dt e_b = (n·w) dn − du across it
	y := spatial.AddScaled(du, -spatial.Dot(x.n, x.d), dx.n)
	dx.fa = spatial.AddScaled(ua, -spatial.Dot(x.da, y), a.axis)
	dx.fb = spatial.AddScaled(ub, spatial.Dot(x.db, y), b.axis)
	dx.middle(x, a, b, u, v)
}

func (x *near) pullLineLine(u, v *pulled, a, b *placed, q r3.Vec) {
	y := spatial.AddScaled(spatial.Scale(spatial.Dot(q, b.axis), x.db), -spatial.Dot(q, a.axis), x.da) // on du
	z := spatial.AddScaled(spatial.Scale(b.radius-a.radius, q), -spatial.Dot(x.n, x.d), y)             // on dn
	u.p, v.p = spatial.Scale(0.5, spatial.Add(q, y)), spatial.Scale(0.5, spatial.Sub(q, y))            // on ua and ub
	u.e = spatial.AddScaled(spatial.Scale(x.s, u.p), -0.5*spatial.Dot(z, x.da), x.n)
	v.e = spatial.AddScaled(spatial.Scale(x.t, v.p), -0.5*spatial.Dot(z, x.db), x.n)
}
