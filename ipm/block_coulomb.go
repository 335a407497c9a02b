package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// coulomb is a block of kind Coulomb: a normal part, whose multiplier bounds that of the friction, a round cone.
type coulomb struct {
	orthant
	t *pair
}

func (c coulomb) place(u *r3.Vec, least, kappa, kappaT float64) {
	c.orthant.place(u, least, kappa, kappaT)
	c.t.center(c.Mu*c.n.l, cone{x: u.Y, y: u.Z}, kappaT*c.KappaT)
}

// condense: the normal acts on the friction, not the reverse.
func (c coulomb) condense(w *Matrix) {
	m := &c.t.m
	k := c.slope()
	a := m.v
	w[0], w[1], w[2] = k, 0, 0 // in place: what was just written number by number is slow to copy
	w[3], w[4], w[5] = c.Mu*k*m.rho.X, m.i-m.f*a.X*a.X, -m.f*a.X*a.Y
	w[6], w[7], w[8] = c.Mu*k*m.rho.Y, -m.f*a.X*a.Y, m.i-m.f*a.Y*a.Y
	if c.t.dilates > 0 {
		c.dilate(w)
	}
}

// dilate adds what friction does to the normal part of the matrix w where the gap closes with sliding: s₁ = u₁ − d (s₂ − slid).
func (c coulomb) dilate(w *Matrix) {
	d, rho := c.t.dilates, c.t.m.rho
	w[0] /= c.dilution()
	w[1], w[2] = w[0]*d*rho.X, w[0]*d*rho.Y
	x, y := c.Mu*rho.X, c.Mu*rho.Y
	w[3], w[4], w[5] = x*w[0], w[4]+x*w[1], w[5]+x*w[2]
	w[6], w[7], w[8] = y*w[0], w[7]+y*w[1], w[8]+y*w[2]
}

// dilution is by how much the normal part is the softer for it.
func (c coulomb) dilution() float64 { return 1 + c.slope()*c.t.dilates*c.Mu/c.t.m.h }

func (c coulomb) constant(a aim, second bool) (k r3.Vec) {
	k.X = c.push(a, second)
	c.t.constant(a.cone*c.KappaT, a.weight, second)
	if d := c.t.dilates; d > 0 {
		p := c.t
		k.X = (k.X + c.slope()*d*(p.c.a/p.m.h-p.m.rho.X*p.r.x-p.m.rho.Y*p.r.y)) / c.dilution()
	}
	k.Y, k.Z = c.t.free(c.Mu * k.X)
	return k
}

func (c coulomb) step(du, dl *r3.Vec) {
	c.orthant.step(du, dl)
	c.t.step(r3.Vec{X: du.Y, Y: du.Z}, cone{c.Mu * dl.X, dl.Y, dl.Z, 0})
	c.n.ds -= c.t.dilates * c.t.ds.a
}

func (c coulomb) multiplier() r3.Vec { return r3.Vec{X: c.n.l, Y: c.t.g.x, Z: c.t.g.y} }

func (c coulomb) mismatch(u, l *r3.Vec) float64 {
	p := c.t
	p.r = cone{0, u.Y - p.s.x, u.Z - p.s.y, 0}
	e := c.orthant.mismatch(u, l)
	if p.dilates > 0 {
		c.n.r -= p.dilates * (p.s.a - p.slid)
		e = math.Abs(c.n.r) / c.Scale
	}
	return max(e, (math.Abs(p.r.x)+math.Abs(p.r.y))/c.ScaleT)
}

func (c coulomb) violation() float64 { return c.orthant.violation() + c.t.off(0)/c.ProductT }

func (c coulomb) bend() float64 { return max(c.n.bend(), c.t.bend()) }

func (c coulomb) straight(a, kappa float64) {
	c.n.advance(a)
	c.t.advance(a, kappa*c.KappaT, true)
}

func (c coulomb) retract(a float64, t give, kappa float64) {
	c.orthant.retract(a, t, kappa)
	c.t.retract(a, t.across, c.Mu*c.n.l, kappa*c.KappaT)
}

func (c coulomb) gives(t *give, a, w *Matrix) {
	t.normal = together*without(a[0], w[0]) + c.Compliance
	t.across = withoutPlane(a, w)
}

func (c coulomb) shift(d Change) r3.Vec {
	k := c.orthant.shift(d)
	t := c.t.shift(c.Mu*k.X+d.Mu*c.n.l, d.KappaT)
	k.Y, k.Z = t.X, t.Y
	return k
}

func (c coulomb) sort(f *branch) {
	c.orthant.sort(f)
	f.slide[0] = c.slides(c.t.s.max(), c.t.g.min())
}

// hold keeps a contact in place, or its friction β = −μγd at the bound against the sliding direction d.
func (c coulomb) hold(f *branch, u, l, k *r3.Vec, w *Matrix) (worst float64) {
	if worst = c.orthant.hold(f, u, l, k, w); f.open {
		return worst
	}
	drag := c.drag()
	if !f.slide[0] {
		stick := stiffness / (c.ScaleT * drag)
		w[4], w[8], k.Y, k.Z = stick, stick, -stick*u.Y, -stick*u.Z
		return max(worst, math.Hypot(u.Y, u.Z)/c.ScaleT)
	}
	d, n := c.heading(r3.Vec{Y: u.Y, Z: u.Z}, r3.Vec{Y: l.Y, Z: l.Z})
	y, z, m, stiff := d.Y, d.Z, c.Mu*l.X, w[0]
	w[3], w[6] = -c.Mu*y*stiff, -c.Mu*z*stiff
	w[4], w[5], w[7], w[8] = m/n*z*z, -m/n*y*z, -m/n*y*z, m/n*y*y
	k.Y, k.Z = -(l.Y+m*y)-c.Mu*y*k.X, -(l.Z+m*z)-c.Mu*z*k.X
	return max(worst, math.Hypot(l.Y+m*y, l.Z+m*z)*drag)
}

func (c coulomb) settled(f *branch, u, l *r3.Vec, allowed float64) bool {
	ok := c.orthant.settled(f, u, l, allowed)
	if f.open {
		return ok
	}
	drag := c.drag()
	power := (u.Y*l.Y + u.Z*l.Z) * drag / c.ScaleT
	over := (math.Hypot(l.Y, l.Z) - c.Mu*l.X) * drag
	return f.change(0, allowed, power, over, 0) && ok
}
