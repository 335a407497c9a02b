package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// How the common normal changes follows from F = d − s_a − s_b − φ n − t e = 0 (oval_normal.go; e the axis of a line, t the place of its
// nearest point): with what changes at fixed normal, y = dd − ∂s_a − ∂s_b − t de,
//
//	dφ = n·y,   M dn = y − dφ n − dt e,   dn·e = −n·de

// inner returns the matrix M of the equations at x, as a slope.
func (x *near) inner(a, b *placed) slope { return slopeOf(a, b, x.d, x.n) }

func (x *near) varyOval(dx *step, a, b *placed, u, v *Change) {
	ta, tb := a.oval.tip(x.n), b.oval.tip(x.n)
	_, sa := ta.swell(&u.Oval)
	_, sb := tb.swell(&v.Oval)
	y := spatial.AddScaled(spatial.Sub(spatial.Sub(u.Center, v.Center), spatial.Add(sa, sb)), -x.t, v.Axis)
	dx.gap = spatial.Dot(x.n, y) - (u.Radius + v.Radius)
	dx.fa, dx.fb = u.Center, spatial.AddScaled(v.Center, x.t, v.Axis)
	m := x.inner(a, b)
	line := b.axis != r3.Vec{}
	turn := spatial.Dot(x.n, v.Axis)
	if x.inv != 0 {
		if line {
			y = spatial.AddScaled(y, turn, m.me)
		}
		dx.n = m.solve(y, 0)
	}
	if line {
		dx.n = spatial.AddScaled(dx.n, -turn, b.axis)
		dt := spatial.Dot(b.axis, y) - spatial.Dot(m.me, dx.n)
		if x.inv != 0 { // y has had what turns
			dt -= turn * spatial.Dot(m.me, b.axis)
		}
		dx.fb = spatial.AddScaled(dx.fb, dt, b.axis)
	}
	sa, sb = spatial.Add(sa, ta.bend(dx.n)), spatial.Add(sb, tb.bend(dx.n))
	c := spatial.Add(spatial.Add(dx.fa, dx.fb), spatial.Sub(sb, sa))
	c = spatial.AddScaled(spatial.AddScaled(c, b.radius-a.radius, dx.n), v.Radius-u.Radius, x.n)
	dx.c = spatial.Scale(0.5, c)
}

func (x *near) pullOval(u, v *pulled, a, b *placed, q r3.Vec) {
	ta, tb := a.oval.tip(x.n), b.oval.tip(x.n)
	m, e := x.inner(a, b), b.axis
	k := spatial.Dot(q, e) // on dt
	// on dn
	z := spatial.AddScaled(spatial.Sub(tb.bend(q), ta.bend(q)), b.radius-a.radius, q)
	z = spatial.AddScaled(z, -k, m.me)
	var y r3.Vec // on y
	if x.inv != 0 {
		y = m.solve(z, 0)
	}
	turn := spatial.Dot(m.me, y) - spatial.Dot(z, e) // on n·de
	y = spatial.AddScaled(y, k, e)
	u.p, v.p = spatial.Scale(0.5, spatial.Add(q, y)), spatial.Scale(0.5, spatial.Sub(q, y))
	v.e = spatial.AddScaled(spatial.Scale(x.t, v.p), 0.5*turn, x.n)
	u.t, v.t = ta.torque(spatial.Scale(-1, u.p)), tb.torque(v.p)
}
