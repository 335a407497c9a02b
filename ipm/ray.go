package ipm

import "math"

// ray is the state of a cone of one dimension, the half-line of a gap or limit: slack s and multiplier l with
// the product s·l.
type ray struct {
	s, l, ds, dl float64
	s0, l0       float64 // at the last factorization
	r            float64 // residual u − s
	sec          float64 // target of the product, less the second-order term ds·dl
	product      float64 // s·l
	size
}

// size is what the products of a cone are measured in: κ = 1 is unit, and weight a product that matters. per
// is 1/unit.
type size struct{ unit, weight, per float64 }

func (s *size) set(unit, weight float64) { s.unit, s.weight, s.per = unit, weight, 1/unit }

// center places the ray on the central path at slack s.
func (p *ray) center(s, kappa float64) {
	p.s, p.l = s, kappa/s
	p.product = p.s * p.l
}

// give places the ray on the central path where s − c l = u.
func (p *ray) give(u, c, kappa float64) {
	if r := math.Sqrt(u*u + 4*c*kappa); u > 0 {
		p.s = (u + r) / 2
	} else {
		p.s = 2 * c * kappa / (r - u)
	}
	p.l = kappa / p.s
	p.product = p.s * p.l
}

// save remembers the point.
func (p *ray) save() { p.s0, p.l0 = p.s, p.l }

// constant returns the constant k of Δλ = k − (λ/s) Δu for the target product; second takes off the
// second-order term of the last step, weight multiplies the change of the product.
func (p *ray) constant(target, weight float64, second bool) float64 {
	p.sec = target
	if second {
		p.sec -= p.ds * p.dl
	}
	if weight != 1 {
		p.sec = p.product + weight*(p.sec-p.product)
	}
	return (p.sec-p.l*p.r)/p.s - p.l
}

// limit returns the largest step t ≤ 1 that keeps slack and multiplier positive.
func (p *ray) limit() float64 {
	t := 1.0
	if p.ds < -p.s {
		t = -p.s / p.ds
	}
	if t*p.dl < -p.l {
		t = -p.l / p.dl
	}
	return t
}

// advance moves from the saved point by t along the step.
func (p *ray) advance(t float64) {
	p.s, p.l = p.s0+t*p.ds, p.l0+t*p.dl
	p.product = p.s * p.l
}

// off returns |s·l − target|.
func (p *ray) off(target float64) float64 { return math.Abs(p.product - target) }

// bend returns the product of the steps, in units of κ.
func (p *ray) bend() float64 { return math.Abs(p.ds*p.dl) * p.per }

// retract puts the ray on the path at s − t l = z, from the side that is known to full relative precision.
func (p *ray) retract(z, t, kappa float64) {
	if r := math.Sqrt(z*z + 4*t*kappa); z > 0 {
		p.s = (z + r) / 2
		p.l = kappa / p.s
	} else {
		p.l = (r - z) / (2 * t)
		p.s = kappa / p.l
	}
	p.product = p.s * p.l
}
