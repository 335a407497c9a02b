package ipm

import "math"

// wide is the state of a round cone of six dimensions, as that of [pair]: what a block of kind Elliptic and the Turn
// after it bound together. Its algebra is the same; it stands apart so that the cones of all other contacts stay small.
// Values and multipliers are in units of the coefficients d: s₁ = d u, g₁ = λ/d; a component without a coefficient is
// zero in both.
type wide struct {
	s, g, ds, dg wideCone
	k            wideScaling
	m            wideSchur
	r            vec5     // residual d u − s of the vector part
	c            wideCone // constant of the scaled equation Δg = −W⁻²Δs + c
	s0, g0       wideCone // start of the last accepted point
	product      wideCone // s∘g
	d, over      vec5     // coefficients, and one over them
	dilates      float64  // see Solver.dilate
	slid         float64
	size
}

// wideSchur is [schur] of a wide cone.
type wideSchur struct {
	i, f, h float64
	v, rho  vec5
}

// scale computes the scaling at the present point and remembers it.
func (p *wide) scale() bool {
	p.s0, p.g0 = p.s, p.g
	if !p.k.set(&p.s, &p.g) {
		return false
	}
	p.k.schur(&p.m)
	return true
}

// schur is that of [scaling].
func (k *wideScaling) schur(m *wideSchur) {
	n := 1 + 2*k.w.x.dot(&k.w.x)
	d, i := 1/n, 1/k.eta2
	r := 2 * k.w.a * d
	m.i, m.f, m.h = i, 2*i*d, n*i
	for j, x := range k.w.x {
		m.v[j], m.rho[j] = -x, -r*x
	}
}

// center places the cone on the central path for the given g.a and vector part of s.
func (p *wide) center(ga float64, v vec5, kappa float64) {
	b := kappa / ga
	p.s.a = (b + math.Sqrt(b*b+4*v.dot(&v))) / 2
	f := -ga / p.s.a
	p.g.a = ga
	for i, x := range v {
		p.s.x[i], p.g.x[i] = x, f*x
	}
	p.product = p.s.prod(&p.g)
}

// constant sets c, as that of a pair.
func (p *wide) constant(kappa, weight float64, second bool) {
	i := &p.k.sInv
	p.c.a = kappa*i.a - p.g.a
	for n := range p.c.x {
		p.c.x[n] = kappa*i.x[n] - p.g.x[n]
	}
	if second {
		t := p.k.second(&p.g, &p.ds, &p.dg)
		p.c = p.c.add(-1, &t)
	}
	if weight != 1 {
		p.c.scale(weight)
	}
}

// free returns the constant part of the change of the multiplier for a Δg₀ with the constant part g0.
func (p *wide) free(g0 float64) (k vec5) {
	m := &p.m
	a, e := p.r.dot(&m.v), g0-p.c.a
	for n := range k {
		k[n] = p.d[n] * (p.c.x[n] + m.rho[n]*e - m.i*p.r[n] + m.f*m.v[n]*a)
	}
	return k
}

// step completes the step from the changes du of the values, dg0 of the bound and dl of the multipliers.
func (p *wide) step(du, dl vec5, dg0 float64) {
	p.dg.a, p.ds.a = dg0, (p.c.a-dg0)/p.m.h
	for n := range du {
		p.dg.x[n], p.ds.x[n] = p.over[n]*dl[n], p.d[n]*du[n]+p.r[n]
		p.ds.a -= p.m.rho[n] * p.ds.x[n]
	}
}

func (p *wide) limit(curved bool) float64 {
	s, g := p.s.step(&p.ds), p.g.step(&p.dg)
	if curved && s < 1 {
		s = max(s, p.s.curved(&p.ds, false))
	}
	if curved && g < 1 {
		g = max(g, p.g.curved(&p.dg, true))
	}
	return min(s, g)
}

// advance moves the cone from its start by t along its step towards the product kappa, see that of a pair.
func (p *wide) advance(t, kappa float64, curved bool) {
	if curved {
		p.s, p.g = p.path(&p.s0, &p.g0, t, kappa)
	} else {
		p.s, p.g = p.s0.add(t, &p.ds), p.g0.add(t, &p.dg)
	}
	p.product = p.s.prod(&p.g)
}

func (p *wide) path(s0, g0 *wideCone, t, kappa float64) (s, g wideCone) {
	s, g = s0.add(t, &p.ds), g0.add(t, &p.dg)
	mg, ms := g0.margin(&p.dg, t), s0.margin(&p.ds, t)
	bendG, bendS := g.min() < keep*mg, s.min() < keep*ms
	if !bendG && !bendS {
		return s, g
	}
	v := s.x.norm()
	if g0.min() < sliding*g0.a && g.a > 0 {
		var c pair
		c.center(g.a, cone{x: v}, kappa)
		if mg = g.a + c.g.x; mg < sliding*g.a { // c.g.x is minus the norm of the central g
			bendG, bendS, ms = true, true, c.s.a-v
		}
	}
	if n := g.x.norm(); bendG && n > 0 && mg < g.a {
		for i := range g.x {
			g.x[i] *= (g.a - mg) / n
		}
	}
	if bendS {
		s.a = v + ms
	}
	return s, g
}

func wideMean(s, g *wideCone) float64 { return math.Sqrt(max(0, s.det()) * max(0, g.det())) }

func (p *wide) mean() float64 { return wideMean(&p.s, &p.g) }

// off returns the largest component of s∘g − κe.
func (p *wide) off(kappa float64) float64 { return p.product.largest(kappa) }

// bend returns the largest component of the product of the steps, in units of κ.
func (p *wide) bend() float64 {
	q := p.ds.prod(&p.dg)
	return q.largest(0) * p.per
}

// retract puts the cone on the path where the vector parts of s − t g are those of a step of a.
func (p *wide) retract(a, t, bound, kappa float64) {
	s, g := p.s0.add(a, &p.ds), p.g0.add(a, &p.dg)
	y := s.add(-t, &g).x
	k := yield(y.norm(), kappa, t, bound)
	for n := range y {
		y[n] *= k
	}
	p.center(bound, y, kappa)
}

// recenter puts the cone on the central path s∘g = κe and finds its scaling there.
func (p *wide) recenter(kappa float64) bool {
	det := 0.0 // of s
	if p.g.x.dot(&p.g.x) < sticking*sticking*p.g.a*p.g.a {
		i := kappa / p.g.det()
		p.s.a = i * p.g.a
		for n, x := range p.g.x {
			p.s.x[n] = -i * x
		}
		p.product = p.s.prod(&p.g)
		det = i * kappa
	} else {
		p.center(p.g.a, p.s.x, kappa)
		det = p.s.a * kappa / p.g.a
	}
	p.s0, p.g0 = p.s, p.g
	if !p.k.path(&p.s, det, kappa) {
		return false
	}
	p.k.schur(&p.m)
	return true
}

// shift returns the change of the multiplier at a fixed value, for changes of the bound, of the product and of the coefficients.
func (p *wide) shift(dg0, dkappa float64, dd *vec5) (k vec5) {
	m, i := &p.m, &p.k.sInv
	e, ds := dg0-dkappa*i.a, vec5{}
	for n, x := range dd {
		ds[n] = x * p.over[n] * p.s.x[n]
	}
	a := ds.dot(&m.v)
	for n := range k {
		dg := dkappa*i.x[n] + m.rho[n]*e - m.i*ds[n] + m.f*m.v[n]*a
		k[n] = dd[n]*p.g.x[n] + p.d[n]*dg
	}
	return k
}
