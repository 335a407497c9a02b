package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// orthant is a block of kind Orthant, and the normal part of the unilateral kinds: a gap, and a ray for its slack and
// multiplier.
type orthant struct {
	*Block
	n *ray
}

func (c orthant) place(u *r3.Vec, least, kappa, _ float64) {
	if c.Compliance > 0 { // it gives way: the slack is what u = s − κ/s · Compliance says
		c.n.give(u.X, c.Compliance, kappa*c.Kappa)
		return
	}
	c.n.center(max(u.X, least), kappa*c.Kappa)
}

// slope is −dλ/du, and push the constant that goes with it.
func (c orthant) slope() float64 { return c.n.l / (c.n.s + c.Compliance*c.n.l) }

func (c orthant) push(a aim, second bool) float64 {
	k := c.n.constant(a.normal*c.Kappa, a.weight, second)
	if c.Compliance > 0 {
		k *= c.n.s / (c.n.s + c.Compliance*c.n.l)
	}
	return k
}

func (c orthant) condense(w *Matrix) { *w = Matrix{c.slope()} }

func (c orthant) constant(a aim, second bool) r3.Vec { return r3.Vec{X: c.push(a, second)} }

func (c orthant) step(du, dl *r3.Vec) {
	c.n.ds, c.n.dl = du.X+c.n.r, dl.X
	if c.Compliance > 0 {
		c.n.ds += c.Compliance * dl.X
	}
}

func (c orthant) multiplier() r3.Vec { return r3.Vec{X: c.n.l} }

func (c orthant) mismatch(u, _ *r3.Vec) float64 {
	c.n.r = u.X - c.n.s
	if c.Compliance > 0 {
		c.n.r += c.Compliance * c.n.l
	}
	return math.Abs(c.n.r) / c.Scale
}

// tight reports whether the slack agrees with the gap to the given fraction of itself.
func (c orthant) tight(rel float64) bool { return math.Abs(c.n.r) <= max(rel*c.n.s, roundoff*c.Scale) }

func (c orthant) violation() float64 { return math.Abs(c.n.r)/c.Scale + c.n.product/c.Product }

func (c orthant) bend() float64 { return c.n.bend() }

func (c orthant) straight(a, _ float64) { c.n.advance(a) }

func (c orthant) retract(a float64, t give, kappa float64) {
	n := c.n
	n.retract(n.s0+a*n.ds-t.normal*(n.l0+a*n.dl), t.normal, kappa*c.Kappa)
}

func (c orthant) gives(t *give, a, w *Matrix) { t.normal = without(a[0], w[0]) + c.Compliance }

func (c orthant) shift(d Change) r3.Vec { return r3.Vec{X: d.Kappa / (c.n.s + c.Compliance*c.n.l)} }

func (c orthant) sort(f *branch) { f.open = c.n.s/c.Scale > c.n.l*c.Scale/c.Kappa }

// hold keeps a closed gap closed. One that the step before left all but closed stays as it is.
func (c orthant) hold(f *branch, u, l, k *r3.Vec, w *Matrix) (worst float64) {
	load, drag := c.load(), c.drag()
	if f.open {
		return max(math.Abs(l.X)*load, (math.Abs(l.Y)+math.Abs(l.Z))*drag)
	}
	x := u.X
	stiff := stiffness / (c.Scale * load)
	if c.Compliance > 0 { // its own spring is all that holds it
		x += c.Compliance * l.X
		stiff /= 1 + c.Compliance*stiff
	} else if math.Abs(c.Past.X) < snug*c.Scale {
		x -= c.Past.X
	}
	w[0], k.X = stiff, -stiff*x
	return math.Abs(x) / c.Scale
}

// settled opens a gap whose force pulls, and closes one that is negative.
func (c orthant) settled(f *branch, u, l *r3.Vec, allowed float64) bool {
	switch {
	case f.open && u.X < -allowed*c.Scale:
		f.open = false
	case !f.open && l.X*c.load() < -allowed:
		f.open = true
	default:
		return true
	}
	return false
}
