package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// pyramid is a block of kind Pyramid: a normal part, whose multiplier bounds that of either friction alone.
type pyramid struct {
	orthant
	y, z *wedge
}

func (c pyramid) place(u *r3.Vec, least, kappa, kappaT float64) {
	c.orthant.place(u, least, kappa, kappaT)
	c.y.center(c.Mu*c.n.l, u.Y, kappaT*c.KappaT)
	c.z.center(c.Mu*c.n.l, u.Z, kappaT*c.KappaT)
}

func (c pyramid) condense(w *Matrix) {
	k := c.slope()
	*w = Matrix{k, 0, 0, c.Mu * k * c.y.rho, c.y.w, 0, c.Mu * k * c.z.rho, 0, c.z.w}
}

func (c pyramid) constant(a aim, second bool) (k r3.Vec) {
	k.X = c.push(a, second)
	k.Y = c.y.constant(a.cone*c.KappaT, a.weight, second, c.Mu*k.X)
	k.Z = c.z.constant(a.cone*c.KappaT, a.weight, second, c.Mu*k.X)
	return k
}

func (c pyramid) step(du, dl *r3.Vec) {
	c.orthant.step(du, dl)
	c.y.step(du.Y, c.Mu*dl.X, dl.Y)
	c.z.step(du.Z, c.Mu*dl.X, dl.Z)
}

func (c pyramid) multiplier() r3.Vec { return r3.Vec{X: c.n.l, Y: c.y.g.x(), Z: c.z.g.x()} }

func (c pyramid) mismatch(u, l *r3.Vec) float64 {
	c.y.r, c.z.r = u.Y-c.y.s.x(), u.Z-c.z.s.x()
	return max(c.orthant.mismatch(u, l), (math.Abs(c.y.r)+math.Abs(c.z.r))/c.ScaleT)
}

func (c pyramid) violation() float64 {
	return c.orthant.violation() + (c.y.off(0)+c.z.off(0))/c.ProductT
}

func (c pyramid) bend() float64 { return max(c.n.bend(), c.y.bend(), c.z.bend()) }

func (c pyramid) straight(a, _ float64) {
	c.n.advance(a)
	c.y.advance(a)
	c.z.advance(a)
}

func (c pyramid) retract(a float64, t give, kappa float64) {
	c.orthant.retract(a, t, kappa)
	c.y.retract(a, t.across, c.Mu*c.n.l, kappa*c.KappaT)
	c.z.retract(a, t.across, c.Mu*c.n.l, kappa*c.KappaT)
}

func (c pyramid) gives(t *give, a, w *Matrix) {
	t.normal = together*without(a[0], w[0]) + c.Compliance
	t.across = (without(a[4], w[4]) + without(a[8], w[8])) / 2
}

func (c pyramid) shift(d Change) r3.Vec {
	k := c.orthant.shift(d)
	bound := c.Mu*k.X + d.Mu*c.n.l
	k.Y, k.Z = c.y.shift(bound, d.KappaT), c.z.shift(bound, d.KappaT)
	return k
}

func (c pyramid) sort(f *branch) {
	c.orthant.sort(f)
	f.slide[0], f.side[0] = c.slidesTo(c.y)
	f.slide[1], f.side[1] = c.slidesTo(c.z)
}

func (c pyramid) hold(f *branch, u, l, k *r3.Vec, w *Matrix) (worst float64) {
	if worst = c.orthant.hold(f, u, l, k, w); f.open {
		return worst
	}
	y := c.holdSide(f, 0, u.Y, l.Y, l, k, &k.Y, w)
	z := c.holdSide(f, 1, u.Z, l.Z, l, k, &k.Z, w)
	return max(worst, y, z)
}

// holdSide holds direction i, of value u and multiplier x: in place, or its friction at the bound.
func (c pyramid) holdSide(f *branch, i int, u, x float64, l, k *r3.Vec, ki *float64, w *Matrix) float64 {
	j, drag := 3*(i+1), c.drag()
	if !f.slide[i] {
		stick := stiffness / (c.ScaleT * drag)
		w[j+i+1], *ki = stick, -stick*u
		return math.Abs(u) / c.ScaleT
	}
	mu := f.side[i] * c.Mu
	w[j], *ki = mu*w[0], mu*(l.X+k.X)-x
	return math.Abs(mu*l.X-x) * drag
}

func (c pyramid) settled(f *branch, u, l *r3.Vec, allowed float64) bool {
	ok := c.orthant.settled(f, u, l, allowed)
	if f.open {
		return ok
	}
	drag := c.drag()
	ok = f.change(0, allowed, u.Y*l.Y*drag/c.ScaleT, (math.Abs(l.Y)-c.Mu*l.X)*drag, l.Y) && ok
	return f.change(1, allowed, u.Z*l.Z*drag/c.ScaleT, (math.Abs(l.Z)-c.Mu*l.X)*drag, l.Z) && ok
}
