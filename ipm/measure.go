package ipm

import "math"

// residual evaluates F and u − s at the current point, for which Values has been called.
func (v *Solver) residual() {
	v.resF = v.p.Residual(v.Lambda)
	v.gap = 0
	for i := range v.blocks {
		b, u, l := &v.blocks[i], v.U[i], v.Lambda[i]
		if b.Kind != Bound {
			v.ru[i] = u.X - v.s[i]
			v.gap = max(v.gap, math.Abs(v.ru[i])/b.Scale)
		}
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Coulomb:
			ps[0].r = cone{0, u.Y - ps[0].s.x, u.Z - ps[0].s.y, 0}
			v.gap = max(v.gap, (math.Abs(ps[0].r.x)+math.Abs(ps[0].r.y))/b.ScaleT)
		case Pyramid:
			ps[0].r = cone{x: u.Y - ps[0].s.x}
			ps[1].r = cone{x: u.Z - ps[1].s.x}
			v.gap = max(v.gap, (math.Abs(ps[0].r.x)+math.Abs(ps[1].r.x))/b.ScaleT)
		case Bound:
			s, c := &ps[0].s, b.Compliance
			ps[0].r = cone{0, u.X + c*l.X - s.x, u.Y + c*l.Y - s.y, u.Z + c*l.Z - s.z}
			r := &ps[0].r
			v.gap = max(v.gap, (math.Abs(r.x)+math.Abs(r.y)+math.Abs(r.z))/b.ScaleT)
		}
	}
}

// tight reports whether every gap slack agrees with its value to the given fraction of itself, so that
// the value itself is positive.
func (v *Solver) tight(rel float64) bool {
	for i := range v.blocks {
		if b := &v.blocks[i]; b.Kind != Bound && math.Abs(v.ru[i]) > max(rel*v.s[i], roundoff*b.Scale) {
			return false
		}
	}
	return true
}

// complementarity returns mean and largest product in units of κ, and the largest |s∘λ − κe|/κ.
func (v *Solver) complementarity(kappa float64) (mean, worst, off float64) {
	n := 0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			c := v.s[i] * v.Lambda[i].X / b.Kappa
			mean, worst, off = mean+c, max(worst, c), max(off, math.Abs(c-kappa))
			n++
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			c := p.mean() / b.KappaT
			mean, worst, off = mean+c, max(worst, c), max(off, p.off(kappa*b.KappaT)/b.KappaT)
			n++
		}
	}
	if n == 0 {
		return 0, 0, 0
	}
	return mean / float64(n), worst, off / kappa
}

// centering returns the smallest product as a fraction of their mean, or 0 outside the cones.
func (v *Solver) centering() float64 {
	mean, low, n := 0.0, math.Inf(1), 0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			c := v.s[i] * v.Lambda[i].X / b.Kappa
			mean, low = mean+c, min(low, c)
			n++
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			c := p.mean() / b.KappaT
			mean, low = mean+c, min(low, c)
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return low / (mean / float64(n))
}

// merit returns the sum of all violations in natural units: of F, of u = s and of the products target·e.
// It has no preference between them, so no cycle can trade one for another.
func (v *Solver) merit(target float64) float64 {
	off := 0.0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			off = max(off, math.Abs(v.s[i]*v.Lambda[i].X-target*b.Kappa)/b.Product)
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			off = max(off, v.pairs[v.first[i]+k].off(target*b.KappaT)/b.ProductT)
		}
	}
	return v.resF + v.gap + off
}

// Violation returns how far block i is from its laws after a solve, in natural units: mismatch of value
// and slack, and distance of the products from the central path of the last target.
func (v *Solver) Violation(i int) float64 {
	b := &v.blocks[i]
	e := 0.0
	if b.Kind != Bound {
		e = math.Abs(v.ru[i])/b.Scale + v.s[i]*v.Lambda[i].X/b.Product
	}
	for k := 0; k < conesOf[b.Kind]; k++ {
		e += v.pairs[v.first[i]+k].off(0) / b.ProductT
	}
	return e
}
