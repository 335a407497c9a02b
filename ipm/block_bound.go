package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// bound is a block of kind Bound in three components, a round cone of four dimensions.
type bound struct {
	*Block
	t *pair
}

// single is a block of kind Bound in one component.
type single struct {
	*Block
	t *wedge
}

func (c bound) place(u *r3.Vec, kappaT float64) {
	kappaT *= c.KappaT
	y := yield(r3.Norm(*u), kappaT, c.Compliance, c.Limit)
	c.t.center(c.Limit, cone{0, u.X, u.Y, u.Z}.scale(y), kappaT)
}

func (c single) place(u *r3.Vec, kappaT float64) {
	kappaT *= c.KappaT
	c.t.center(c.Limit, u.X*yield(math.Abs(u.X), kappaT, c.Compliance, c.Limit), kappaT)
}

func (c bound) condense(w *Matrix) {
	m := &c.t.m
	*w = compliant(m.i, m.f, m.v, c.Compliance)
}

func (c single) condense(w *Matrix) { *w = Matrix{c.t.w / (1 + c.Compliance*c.t.w)} }

// compliant returns (I + cM)⁻¹M for M = d I − f a aᵀ, by the Sherman–Morrison formula: both share axes.
func compliant(d, f float64, a r3.Vec, c float64) Matrix {
	// across a: d/(1+cd); along a: (d − f a²)/(1 + c(d − f a²))
	a2 := a.X*a.X + a.Y*a.Y + a.Z*a.Z
	across := d / (1 + c*d)
	g := 0.0
	if a2 > 0 {
		m := d / (1 + 2*a2) // d − f a² without cancellation
		g = (across - m/(1+c*m)) / a2
	}
	return Matrix{
		across - g*a.X*a.X, -g * a.X * a.Y, -g * a.X * a.Z,
		-g * a.X * a.Y, across - g*a.Y*a.Y, -g * a.Y * a.Z,
		-g * a.X * a.Z, -g * a.Y * a.Z, across - g*a.Z*a.Z,
	}
}

func (c bound) constant(a aim, second bool, w *Matrix) r3.Vec {
	c.t.constant(a.cone*c.KappaT, a.weight, second)
	return c.t.bound(w, c.Compliance)
}

func (c single) constant(a aim, second bool) r3.Vec {
	return r3.Vec{X: c.t.constant(a.cone*c.KappaT, a.weight, second, 0) / (1 + c.Compliance*c.t.w)}
}

func (c bound) step(du, dl *r3.Vec) {
	r := c.Compliance
	c.t.step(r3.Vec{X: du.X + r*dl.X, Y: du.Y + r*dl.Y, Z: du.Z + r*dl.Z}, cone{0, dl.X, dl.Y, dl.Z})
}

func (c single) step(du, dl *r3.Vec) { c.t.step(du.X+c.Compliance*dl.X, 0, dl.X) }

func (c bound) multiplier() r3.Vec  { return r3.Vec{X: c.t.g.x, Y: c.t.g.y, Z: c.t.g.z} }
func (c single) multiplier() r3.Vec { return r3.Vec{X: c.t.g.x()} }

func (c bound) mismatch(u, l *r3.Vec) float64 {
	p, r := c.t, c.Compliance
	p.r = cone{0, u.X + r*l.X - p.s.x, u.Y + r*l.Y - p.s.y, u.Z + r*l.Z - p.s.z}
	return (math.Abs(p.r.x) + math.Abs(p.r.y) + math.Abs(p.r.z)) / c.ScaleT
}

func (c single) mismatch(u, l *r3.Vec) float64 {
	c.t.r = u.X + c.Compliance*l.X - c.t.s.x()
	return math.Abs(c.t.r) / c.ScaleT
}

func (c bound) violation() float64  { return c.t.off(0) / c.ProductT }
func (c single) violation() float64 { return c.t.off(0) / c.ProductT }

func (c bound) straight(a, kappa float64) { c.t.advance(a, kappa*c.KappaT, true) }

func (c bound) retract(a float64, t give, kappa float64) {
	c.t.retract(a, t.across, c.Limit, kappa*c.KappaT)
}

func (c single) retract(a float64, t give, kappa float64) {
	c.t.retract(a, t.across, c.Limit, kappa*c.KappaT)
}

func (c bound) gives(t *give, a, w *Matrix) {
	t.across = without((a[0]+a[4]+a[8])/3, (w[0]+w[4]+w[8])/3) + c.Compliance
}

func (c single) gives(t *give, a, w *Matrix) { t.across = without(a[0], w[0]) + c.Compliance }

func (c bound) shift(d Change, w *Matrix) r3.Vec {
	t, r := c.t.shift(d.Limit, d.KappaT), c.Compliance
	return r3.Vec{
		X: t.X - r*(w[0]*t.X+w[1]*t.Y+w[2]*t.Z),
		Y: t.Y - r*(w[3]*t.X+w[4]*t.Y+w[5]*t.Z),
		Z: t.Z - r*(w[6]*t.X+w[7]*t.Y+w[8]*t.Z),
	}
}

func (c single) shift(d Change) r3.Vec {
	return r3.Vec{X: c.t.shift(d.Limit, d.KappaT) / (1 + c.Compliance*c.t.w)}
}

func (c bound) sort(f *branch)  { f.slide[0] = c.slides(c.t.s.max(), c.t.g.min()) }
func (c single) sort(f *branch) { f.slide[0], f.side[0] = c.slidesTo(c.t) }

// hold keeps the value at zero, or λ = −L d at the bound against the value's direction d.
func (c bound) hold(f *branch, u, l, k *r3.Vec, w *Matrix) (worst float64) {
	e, drag := r3.Add(*u, r3.Scale(c.Compliance, *l)), c.drag()
	if !f.slide[0] {
		stick := stiffness / (c.ScaleT * drag)
		s := stick / (1 + c.Compliance*stick)
		w[0], w[4], w[8], *k = s, s, s, r3.Scale(-s, e)
		return r3.Norm(e) / c.ScaleT
	}
	d, n := c.heading(e, *l)
	off := r3.Add(*l, r3.Scale(c.Limit, d))
	m := c.Limit / n
	t := 1 / (1 + c.Compliance*m) // of what is across d
	*w = Matrix{
		m * t * (1 - d.X*d.X), -m * t * d.X * d.Y, -m * t * d.X * d.Z,
		-m * t * d.X * d.Y, m * t * (1 - d.Y*d.Y), -m * t * d.Y * d.Z,
		-m * t * d.X * d.Z, -m * t * d.Y * d.Z, m * t * (1 - d.Z*d.Z),
	}
	*k = r3.Scale(-1, r3.Add(r3.Scale(t, off), r3.Scale((1-t)*r3.Dot(d, off), d)))
	return r3.Norm(off) * drag
}

func (c single) hold(f *branch, u, l, k *r3.Vec, w *Matrix) (worst float64) {
	drag := c.drag()
	if f.slide[0] {
		k.X = f.side[0]*c.Limit - l.X
		return math.Abs(k.X) * drag
	}
	e, stick := u.X+c.Compliance*l.X, stiffness/(c.ScaleT*drag)
	w[0] = stick / (1 + c.Compliance*stick)
	k.X = -w[0] * e
	return math.Abs(e) / c.ScaleT
}

// bounded is settled for either dimension.
func (b *Block) bounded(f *branch, u, l *r3.Vec, allowed float64) bool {
	e, drag := r3.Add(*u, r3.Scale(b.Compliance, *l)), b.drag()
	return f.change(0, allowed, r3.Dot(e, *l)*drag/b.ScaleT, (r3.Norm(*l)-b.Limit)*drag, l.X)
}
