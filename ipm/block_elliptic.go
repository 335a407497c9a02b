package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// elliptic is a block of kind Elliptic with that of kind Turn after it: a normal part, whose multiplier bounds sliding
// and turning together, one round cone in units of their coefficients. What takes both blocks is done at the second,
// when the first is known.
type elliptic struct {
	orthant
	t *wide
}

// elliptic returns the contact whose Turn block i is.
func (v *Solver) elliptic(i int) elliptic {
	return elliptic{v.orthant(i - 1), &v.wides[v.at[i].cone]}
}

// across takes the part of the changes d of the multipliers off that both blocks of a contact have by each other's values.
func (v *Solver) across(i int, d, du []r3.Vec) {
	x := v.at[i].across
	d[i-1], d[i] = v.w[x].change(&d[i-1], &du[i]), v.w[x+1].change(&d[i], &du[i-1])
}

// acrossAll is across for all contacts.
func (v *Solver) acrossAll(d, du []r3.Vec) {
	for i := range v.blocks {
		if v.blocks[i].Kind == Turn {
			v.across(i, d, du)
		}
	}
}

// begin and join make the cone of both blocks.
func (p *wide) begin(b *Block) {
	p.size.set(b.KappaT, b.ProductT)
	p.d[0], p.d[1] = b.Mu, b.Mu
}

func (p *wide) join(b *Block) {
	p.d[2], p.d[3], p.d[4] = b.Spin, b.Roll, b.Roll
	for i, x := range p.d {
		if x > 0 {
			p.over[i] = 1 / x
		}
	}
}

// join puts the components of both blocks together, and part takes them apart.
func join(a, b *r3.Vec) vec5 { return vec5{a.Y, a.Z, b.X, b.Y, b.Z} }

func (x *vec5) part(n float64) (a, b r3.Vec) {
	return r3.Vec{X: n, Y: x[0], Z: x[1]}, r3.Vec{X: x[2], Y: x[3], Z: x[4]}
}

// slides keeps the sliding part of the value for place.
func (c elliptic) slides(u *r3.Vec) { c.t.s.x[0], c.t.s.x[1] = u.Y, u.Z }

// place is that of the cone; the normal part is placed.
func (c elliptic) place(turn *r3.Vec, kappaT float64) {
	x := vec5{c.t.s.x[0], c.t.s.x[1], turn.X, turn.Y, turn.Z}
	for n := range x {
		x[n] *= c.t.d[n]
	}
	c.t.center(c.n.l, x, kappaT*c.KappaT)
}

// condense stores the matrices of both blocks, and those across: what the first feels of the second, and the reverse.
func (c elliptic) condense(w, t, across, back *Matrix) {
	m, d, k := &c.t.m, &c.t.d, c.slope()
	var a [1 + dims][1 + dims]float64
	a[0][0] = k
	for i := range dims {
		a[1+i][0] = d[i] * k * m.rho[i]
		for j := range dims {
			a[1+i][1+j] = -m.f * (d[i] * m.v[i]) * (d[j] * m.v[j])
		}
		a[1+i][1+i] += m.i * d[i] * d[i]
	}
	if c.t.dilates > 0 {
		c.dilate(&a)
	}
	quarter(&a, [4]*Matrix{w, across, back, t})
}

// dilate is that of a Coulomb block.
func (c elliptic) dilate(a *[1 + dims][1 + dims]float64) {
	m, d := &c.t.m, &c.t.d
	a[0][0] /= c.dilution()
	for j := range dims {
		a[0][1+j] = a[0][0] * c.t.dilates * m.rho[j] * d[j]
	}
	for i := range dims {
		x := d[i] * m.rho[i]
		a[1+i][0] = x * a[0][0]
		for j := range dims {
			a[1+i][1+j] += x * a[0][1+j]
		}
	}
}

func (c elliptic) dilution() float64 { return 1 + c.slope()*c.t.dilates/c.t.m.h }

func (c elliptic) constant(a aim, second bool) (k, turn r3.Vec) {
	n, p := c.push(a, second), c.t
	p.constant(a.cone*c.KappaT, a.weight, second)
	if d := p.dilates; d > 0 {
		n = (n + c.slope()*d*(p.c.a/p.m.h-p.m.rho.dot(&p.r))) / c.dilution()
	}
	x := p.free(n)
	return x.part(n)
}

func (c elliptic) step(du, turn, dl, dt *r3.Vec) {
	c.orthant.step(du, dl)
	c.t.step(join(du, turn), join(dl, dt), dl.X)
	c.n.ds -= c.t.dilates * c.t.ds.a
}

func (c elliptic) multiplier() (l, turn r3.Vec) {
	var x vec5
	for n := range x {
		x[n] = c.t.d[n] * c.t.g.x[n]
	}
	return x.part(c.n.l)
}

// mismatch is largest in units of the values, as those of other blocks.
func (c elliptic) mismatch(u, turn, l *r3.Vec) float64 {
	p, x, e := c.t, join(u, turn), c.orthant.mismatch(u, l)
	if p.dilates > 0 {
		c.n.r -= p.dilates * (p.s.a - p.slid)
		e = math.Abs(c.n.r) / c.Scale
	}
	sum := 0.0
	for n := range x {
		p.r[n] = p.d[n]*x[n] - p.s.x[n]
		sum += math.Abs(p.r[n]) * p.over[n]
	}
	return max(e, sum/c.ScaleT)
}

func (c elliptic) bend() float64 { return max(c.n.bend(), c.t.bend()) }

func (c elliptic) violation() float64 { return c.orthant.violation() + c.t.off(0)/c.ProductT }

func (c elliptic) straight(a, kappa float64) {
	c.n.advance(a)
	c.t.advance(a, kappa*c.KappaT, true)
}

func (c elliptic) retract(a float64, t give, kappa float64) {
	c.orthant.retract(a, t, kappa)
	c.t.retract(a, t.across, c.n.l, kappa*c.KappaT)
}

// gives is by the mean of what the components give, in units of the coefficients.
func (c elliptic) gives(t *give, a, b, w, x *Matrix) {
	t.normal = together*without(a[0], w[0]) + c.Compliance
	sum, n := 0.0, 0.0
	for i, d := range c.t.d {
		if d > 0 {
			p, q, k := a, w, i+1
			if i > 1 {
				p, q, k = b, x, i-2
			}
			sum, n = sum+d*d*without(p[4*k], q[4*k]), n+1
		}
	}
	t.across = sum / max(n, 1)
}

// natural is what it gives where nobody knows.
func (c elliptic) natural() give {
	d := c.coefficient()
	return give{c.Scale * c.Scale / c.Kappa, d * d * c.ScaleT * c.ScaleT / c.KappaT}
}

// coefficient returns the largest, 1 where there is none.
func (c elliptic) coefficient() (most float64) {
	for _, d := range c.t.d {
		most = max(most, d)
	}
	if most == 0 {
		return 1
	}
	return most
}

func (c elliptic) shift(d Change) (k, turn r3.Vec) {
	n := c.orthant.shift(d).X
	x := c.t.shift(n, d.KappaT, &vec5{d.Mu, d.Mu, d.Spin, d.Roll, d.Roll})
	return x.part(n)
}

func (c elliptic) sort(f *branch) {
	c.orthant.sort(f)
	d := c.coefficient()
	f.slide[0] = c.Block.slides(c.t.s.max()/d, c.t.g.min()*d)
}

// hold keeps a contact in place, or its multipliers −γ d e at the bound against the direction e of d u. Everything is of
// both blocks; the matrices are row by row.
func (c elliptic) hold(f *branch, u, l, k [2]*r3.Vec, w [4]*Matrix) (worst float64) {
	drag, p := c.drag(), c.t
	if worst = c.orthant.hold(f, u[0], l[0], k[0], w[0]); f.open {
		return max(worst, (math.Abs(l[1].X)+math.Abs(l[1].Y)+math.Abs(l[1].Z))*drag)
	}
	x, y, con, off := join(u[0], u[1]), join(l[0], l[1]), join(k[0], k[1]), 0.0
	var a [1 + dims][1 + dims]float64
	a[0][0] = w[0][0]
	if !f.slide[0] {
		stick := stiffness / (c.ScaleT * drag)
		for i := range x {
			if p.d[i] > 0 {
				a[1+i][1+i], con[i] = stick, -stick*x[i]
				off = math.Hypot(off, x[i])
			}
		}
		worst = max(worst, off/c.ScaleT)
	} else {
		e, n := c.heading(x, y)
		for i := range e {
			miss, m := y[i]+p.d[i]*e[i]*l[0].X, p.d[i]*l[0].X/n
			off = math.Hypot(off, miss)
			con[i], a[1+i][0] = -miss-p.d[i]*e[i]*k[0].X, -p.d[i]*e[i]*w[0][0]
			for j := range e {
				a[1+i][1+j] = -m * e[i] * e[j] * p.d[j]
			}
			a[1+i][1+i] += m * p.d[i]
		}
		worst = max(worst, off*drag)
	}
	quarter(&a, w)
	*k[0], *k[1] = con.part(k[0].X)
	return worst
}

// quarter stores a matrix of six rows as four of three.
func quarter(a *[1 + dims][1 + dims]float64, w [4]*Matrix) {
	for n := range w {
		for i := range 3 {
			for j := range 3 {
				w[n][3*i+j] = a[n/2*3+i][n%2*3+j]
			}
		}
	}
}

// heading returns the direction in which the contact moves, in units of its coefficients, and how fast, as that of other blocks.
func (c elliptic) heading(u, l vec5) (e vec5, speed float64) {
	const slow = 1e-9
	for i := range u {
		u[i] *= c.t.d[i]
		l[i] *= -c.t.over[i]
	}
	e, least := u, slow*c.coefficient()*c.ScaleT
	if speed = u.norm(); speed <= least {
		e, speed = l, least
	}
	if n := e.norm(); n > 0 {
		for i := range e {
			e[i] /= n
		}
	}
	return e, speed
}

// holdTurn holds the contact whose Turn block i is.
func (v *Solver) holdTurn(i int) float64 {
	x := v.at[i].across
	v.w[x], v.w[x+1] = Matrix{}, Matrix{}
	return v.elliptic(i).hold(&v.branches[i-1], [2]*r3.Vec{&v.U[i-1], &v.U[i]}, [2]*r3.Vec{&v.Lambda[i-1], &v.Lambda[i]},
		[2]*r3.Vec{&v.k[i-1], &v.k[i]}, [4]*Matrix{&v.w[i-1], &v.w[x], &v.w[x+1], &v.w[i]})
}

func (c elliptic) settled(f *branch, u, turn, l, lt *r3.Vec, allowed float64) bool {
	ok := c.orthant.settled(f, u, l, allowed)
	if f.open {
		return ok
	}
	drag, x, y := c.drag(), join(u, turn), join(l, lt)
	power := 0.0
	for i := range x {
		if c.t.d[i] > 0 {
			power += x[i] * y[i]
		}
		y[i] *= c.t.over[i]
	}
	over := (y.norm() - l.X) * c.coefficient() * drag
	return f.change(0, allowed, power*drag/c.ScaleT, over, 0) && ok
}
