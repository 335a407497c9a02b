package ipm

import "math"

// duo is an element (a, x) of the cone a ≥ |x| in the coordinates p = a + x and m = a − x, in which the cone
// is two half-lines and the Jordan product goes component by component.
type duo struct{ p, m float64 }

func (d duo) a() float64 { return (d.p + d.m) / 2 }
func (d duo) x() float64 { return (d.p - d.m) / 2 }

func (d duo) add(t float64, e duo) duo { return duo{d.p + t*e.p, d.m + t*e.m} }
func (d duo) mul(e duo) duo            { return duo{d.p * e.p, d.m * e.m} }
func (d duo) div(e duo) duo            { return duo{d.p / e.p, d.m / e.m} }
func (d duo) scale(t float64) duo      { return duo{t * d.p, t * d.m} }

// wedge is the state of a cone of two dimensions, the friction bound of one joint or of one direction of a
// pyramid: slack s and multiplier g. It needs no square roots, no curved path, and a quarter of the time of a
// round cone: a robot has a dozen.
type wedge struct {
	s, g, ds, dg duo
	s0, g0       duo // at the last factorization
	h            duo // scaling g/s there
	c            duo // constant of Δg = −hΔs + c
	r            float64
	product      duo
	w, rho       float64 // Δx(g) = −w Δx(s) + ρ Δa(g) + …, the scalar part of s eliminated
	size
}

// center places the wedge on the central path for the given scalar part of g and vector part of s.
func (p *wedge) center(ga, x, kappa float64) {
	b := kappa / ga
	a := (b + math.Sqrt(b*b+4*x*x)) / 2
	wide := a + math.Abs(x)
	narrow := a * b / wide // a² − x² = ab
	if p.s = (duo{wide, narrow}); x < 0 {
		p.s = duo{narrow, wide}
	}
	p.g = duo{kappa / p.s.p, kappa / p.s.m}
	p.product = p.s.mul(p.g)
}

// scale computes the scaling at the present point and remembers it.
func (p *wedge) scale() bool {
	p.s0, p.g0 = p.s, p.g
	p.h = p.g.div(p.s)
	sum := p.h.p + p.h.m
	p.w, p.rho = 2*p.h.p*p.h.m/sum, (p.h.p-p.h.m)/sum
	return p.s.p > 0 && p.s.m > 0 && p.g.p > 0 && p.g.m > 0 && sum > 0 && !math.IsInf(sum, 0)
}

// constant returns the constant part of Δx(g) for the target product and a Δa(g) with the constant part g0;
// see ray.constant.
func (p *wedge) constant(target, weight float64, second bool, g0 float64) float64 {
	t := duo{target, target}
	if second {
		t = t.add(-1, p.ds.mul(p.dg))
	}
	p.c = t.add(-1, p.product).div(p.s)
	if weight != 1 {
		p.c = p.c.scale(weight)
	}
	return p.c.x() + p.rho*(g0-p.c.a()) - p.w*p.r
}

// step completes the step from the change dx of the vector part of u and that of g.
func (p *wedge) step(dx, dga, dgx float64) {
	p.dg = duo{dga + dgx, dga - dgx}
	// both halves of Δs = (c − Δg)/h, whose vector part is Δu + r; the stiffer half decides
	d := p.c.add(-1, p.dg).div(p.h)
	if e := 2 * (dx + p.r); p.h.p > p.h.m {
		d.m = d.p - e
	} else {
		d.p = d.m + e
	}
	p.ds = d
}

// limit returns the largest step t ≤ 1 that keeps both elements in the cone.
func (p *wedge) limit() float64 {
	t := 1.0
	if p.ds.p < -p.s.p {
		t = -p.s.p / p.ds.p
	}
	if t*p.ds.m < -p.s.m {
		t = -p.s.m / p.ds.m
	}
	if t*p.dg.p < -p.g.p {
		t = -p.g.p / p.dg.p
	}
	if t*p.dg.m < -p.g.m {
		t = -p.g.m / p.dg.m
	}
	return t
}

// advance moves from the remembered point by t along the step.
func (p *wedge) advance(t float64) {
	p.s, p.g = p.s0.add(t, p.ds), p.g0.add(t, p.dg)
	p.product = p.s.mul(p.g)
}

// mean returns the geometric mean of both products: κ on the central path.
func (p *wedge) mean() float64 { return math.Sqrt(max(0, p.product.p) * max(0, p.product.m)) }

// inside reports whether both elements are in the interior of the cone.
func (p *wedge) inside() bool { return p.s.p > 0 && p.s.m > 0 && p.g.p > 0 && p.g.m > 0 }

// off returns the largest eigenvalue of s∘g − κe.
func (p *wedge) off(kappa float64) float64 {
	return max(math.Abs(p.product.p-kappa), math.Abs(p.product.m-kappa))
}

// bend returns the largest product of the steps, in units of κ.
func (p *wedge) bend() float64 {
	q := p.ds.mul(p.dg)
	return max(math.Abs(q.p), math.Abs(q.m)) * p.per
}

// retract puts the wedge, its multiplier bounded, on the path where the vector parts of s − t g are those of a step of a.
func (p *wedge) retract(a, t, bound, kappa float64) {
	y := p.s0.x() + a*p.ds.x() - t*(p.g0.x()+a*p.dg.x())
	p.center(bound, y*yield(math.Abs(y), kappa, t, bound), kappa)
}

// recenter puts the wedge on the central path s∘g = κe and finds its scaling there.
func (p *wedge) recenter(kappa float64) bool {
	if narrow := min(p.g.p, p.g.m); narrow > (1-sticking)*p.g.a() {
		p.s = duo{kappa / p.g.p, kappa / p.g.m}
		p.product = p.s.mul(p.g)
	} else {
		p.center(p.g.a(), p.s.x(), kappa)
	}
	return p.scale()
}

// shift returns the change of the vector part of g at fixed vector part of s; see pair.shift.
func (p *wedge) shift(dg0, dkappa float64) float64 {
	i := duo{dkappa / p.s.p, dkappa / p.s.m}
	return i.x() + p.rho*(dg0-i.a())
}
