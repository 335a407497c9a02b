package ipm

import "math"

// dims is how many components a wide cone bounds together.
const dims = 5

// vec5 are those: two of sliding, one of torsion, two of rolling.
type vec5 [dims]float64

func (x *vec5) dot(y *vec5) float64 {
	return x[0]*y[0] + x[1]*y[1] + x[2]*y[2] + x[3]*y[3] + x[4]*y[4]
}

func (x *vec5) norm() float64 { return math.Sqrt(x.dot(x)) }

// wideCone is an element of the second-order cone a ≥ ‖x‖ of six dimensions, with the operations of [cone].
type wideCone struct {
	a float64
	x vec5
}

func (p *wideCone) det() float64 {
	n := p.x.norm()
	return (p.a - n) * (p.a + n)
}

func (p *wideCone) min() float64 { return p.a - p.x.norm() }
func (p *wideCone) max() float64 { return p.a + p.x.norm() }

func (p *wideCone) dot(q *wideCone) float64 { return p.a*q.a + p.x.dot(&q.x) }

func (p *wideCone) prod(q *wideCone) (r wideCone) {
	r.a = p.dot(q)
	for i := range r.x {
		r.x[i] = p.a*q.x[i] + q.a*p.x[i]
	}
	return r
}

func (p *wideCone) div(r *wideCone, det float64) (y wideCone) {
	y.a = (p.a*r.a - p.x.dot(&r.x)) / det
	i := 1 / p.a
	for k := range y.x {
		y.x[k] = i * (r.x[k] - y.a*p.x[k])
	}
	return y
}

func (p *wideCone) add(s float64, q *wideCone) (r wideCone) {
	r.a = p.a + s*q.a
	for i := range r.x {
		r.x[i] = p.x[i] + s*q.x[i]
	}
	return r
}

func (p *wideCone) scale(s float64) { // in place, as all that is this large
	p.a *= s
	for i := range p.x {
		p.x[i] *= s
	}
}

// step returns the largest t ≤ 1 for which p + t d stays in the cone, p being inside.
func (p *wideCone) step(d *wideCone) float64 {
	c, b, a := p.det(), p.a*d.a-p.x.dot(&d.x), d.det()
	// b² − ac without the cancellation of a ray that passes close to the apex
	disc := 0.0
	for i := range p.x {
		e := p.a*d.x[i] - d.a*p.x[i]
		disc += e * e
		for j := range i {
			n := p.x[i]*d.x[j] - p.x[j]*d.x[i]
			disc -= n * n
		}
	}
	t := firstRoot(a, b, c, disc)
	if d.a < 0 {
		t = min(t, -p.a/d.a)
	}
	return min(t, 1)
}

// curved returns the largest t ≤ 1 that keeps the linearized margin positive and, when turn is set, turns the vector
// part by at most about 60°.
func (p *wideCone) curved(d *wideCone, turn bool) float64 {
	n := p.x.norm()
	if n == 0 {
		return 0
	}
	r := p.x.dot(&d.x) / n // growth of the norm
	t := 1.0
	if m, dm := p.a-n, d.a-r; dm < -m {
		t = -m / dm
	}
	if turn {
		across := math.Sqrt(max(0, d.x.dot(&d.x)-r*r))
		if e := across - tanTurn*r; e > tanTurn*n {
			t = min(t, tanTurn*n/e)
		}
	}
	return t
}

// margin returns the linearized margin a − ‖x‖ after the step t d.
func (p *wideCone) margin(d *wideCone, t float64) float64 {
	n := p.x.norm()
	if n == 0 {
		return p.a + t*d.a
	}
	return p.a - n + t*(d.a-p.x.dot(&d.x)/n)
}

// largest returns the largest component of p − κe.
func (p *wideCone) largest(kappa float64) float64 {
	most := math.Abs(p.a - kappa)
	for _, x := range p.x {
		most = max(most, math.Abs(x))
	}
	return most
}

// wideScaling is [scaling] of a wide cone.
type wideScaling struct {
	w    wideCone
	eta2 float64
	sInv wideCone
}

func (k *wideScaling) set(s, g *wideCone) bool {
	ds, dg := s.det(), g.det()
	if !(ds > 0 && dg > 0 && s.a > 0 && g.a > 0) {
		return false
	}
	rs, rg := 1/math.Sqrt(ds), 1/math.Sqrt(dg)
	c := 1 / math.Sqrt(2+2*rs*rg*s.dot(g))
	i := rs * rs
	k.w.a, k.sInv.a = c*(rs*s.a+rg*g.a), i*s.a
	for n := range k.w.x {
		k.w.x[n], k.sInv.x[n] = c*(rs*s.x[n]-rg*g.x[n]), -i*s.x[n]
	}
	k.eta2 = rg / rs
	return k.eta2 > 0 && !math.IsInf(k.eta2, 0)
}

// path is that of [scaling].
func (k *wideScaling) path(s *wideCone, det, kappa float64) bool {
	r, i := 1/math.Sqrt(det), 1/det
	k.w.a, k.sInv.a, k.eta2 = r*s.a, i*s.a, det/kappa
	for n, x := range s.x {
		k.w.x[n], k.sInv.x[n] = r*x, -i*x
	}
	return det > 0 && k.eta2 > 0 && !math.IsInf(k.eta2, 0) && !math.IsInf(i, 0)
}

// mul returns W p without the factor η, and inv W⁻¹ p without 1/η.
func (k *wideScaling) mul(p *wideCone) (r wideCone) {
	d := k.w.x.dot(&p.x)
	r.a = k.w.a*p.a + d
	k.along(&r, p, p.a+d/(1+k.w.a))
	return r
}

func (k *wideScaling) inv(p *wideCone) (r wideCone) {
	d := k.w.x.dot(&p.x)
	r.a = k.w.a*p.a - d
	k.along(&r, p, d/(1+k.w.a)-p.a)
	return r
}

func (k *wideScaling) along(r, p *wideCone, c float64) {
	for n := range r.x {
		r.x[n] = p.x[n] + c*k.w.x[n]
	}
}

// second returns Mehrotra's second-order term, as that of [scaling] does.
func (k *wideScaling) second(g, ds, dg *wideCone) wideCone {
	l, a, b := k.mul(g), k.inv(ds), k.mul(dg)
	p := a.prod(&b)
	q := l.div(&p, l.det())
	r := k.inv(&q)
	r.scale(1 / k.eta2)
	return r
}
