package ipm

import "math"

// residual evaluates F and u − s at the current point, for which Values has been called.
func (v *Solver) residual() {
	v.resF = v.p.Residual(v.Lambda)
	v.gap = 0
	for i := range v.blocks {
		b, u, at := &v.blocks[i], &v.U[i], v.at[i]
		switch b.form() {
		case formOrthant:
			v.miss(b, at.ray, u.X)
		case formCoulomb:
			p := &v.pairs[at.cone]
			v.miss(b, at.ray, u.X)
			p.r = cone{0, u.Y - p.s.x, u.Z - p.s.y, 0}
			v.gap = max(v.gap, (math.Abs(p.r.x)+math.Abs(p.r.y))/b.ScaleT)
		case formPyramid:
			y, z := &v.wedges[at.cone], &v.wedges[at.cone+1]
			v.miss(b, at.ray, u.X)
			y.r, z.r = u.Y-y.s.x(), u.Z-z.s.x()
			v.gap = max(v.gap, (math.Abs(y.r)+math.Abs(z.r))/b.ScaleT)
		case formSingle:
			p := &v.wedges[at.cone]
			p.r = u.X + b.Compliance*v.Lambda[i].X - p.s.x()
			v.gap = max(v.gap, math.Abs(p.r)/b.ScaleT)
		case formBound:
			p, c, l := &v.pairs[at.cone], b.Compliance, &v.Lambda[i]
			p.r = cone{0, u.X + c*l.X - p.s.x, u.Y + c*l.Y - p.s.y, u.Z + c*l.Z - p.s.z}
			v.gap = max(v.gap, (math.Abs(p.r.x)+math.Abs(p.r.y)+math.Abs(p.r.z))/b.ScaleT)
		}
	}
}

// miss stores how far slack n of block b is from its value u.
func (v *Solver) miss(b *Block, n int, u float64) {
	p := &v.rays[n]
	p.r = u - p.s
	v.gap = max(v.gap, math.Abs(p.r)/b.Scale)
}

// tight reports whether every gap slack agrees with its value to the given fraction of itself, so that
// the value itself is positive.
func (v *Solver) tight(rel float64) bool {
	for i := range v.blocks {
		if b := &v.blocks[i]; b.Kind != Bound {
			if p := &v.rays[v.at[i].ray]; math.Abs(p.r) > max(rel*p.s, roundoff*b.Scale) {
				return false
			}
		}
	}
	return true
}

// complementarity returns mean and largest product in units of κ.
func (v *Solver) complementarity() (mean, worst float64) {
	n := len(v.rays) + len(v.wedges) + len(v.pairs)
	if n == 0 {
		return 0, 0
	}
	for i := range v.rays {
		c := v.rays[i].product * v.rays[i].per
		mean, worst = mean+c, max(worst, c)
	}
	for i := range v.wedges {
		c := v.wedges[i].mean() * v.wedges[i].per
		mean, worst = mean+c, max(worst, c)
	}
	for i := range v.pairs {
		c := v.pairs[i].mean() * v.pairs[i].per
		mean, worst = mean+c, max(worst, c)
	}
	return mean / float64(n), worst
}

// centrality returns the largest |s∘λ − κe|/κ. Unlike the mean it needs no square roots.
func (v *Solver) centrality(kappa float64) float64 {
	off := 0.0
	for i := range v.rays {
		p := &v.rays[i]
		off = max(off, math.Abs(p.product*p.per-kappa))
	}
	for i := range v.wedges {
		p := &v.wedges[i]
		off = max(off, p.off(kappa*p.unit)*p.per)
	}
	for i := range v.pairs {
		p := &v.pairs[i]
		off = max(off, p.off(kappa*p.unit)*p.per)
	}
	if off == 0 {
		return 0 // also where there are no blocks and κ may be zero
	}
	return off / kappa
}

// centering returns the smallest product as a fraction of their mean, or 0 outside the cones.
func (v *Solver) centering() float64 {
	mean, low := 0.0, math.Inf(1)
	for i := range v.rays {
		c := v.rays[i].product * v.rays[i].per
		mean, low = mean+c, min(low, c)
	}
	for i := range v.wedges {
		c := v.wedges[i].mean() * v.wedges[i].per
		mean, low = mean+c, min(low, c)
	}
	for i := range v.pairs {
		c := v.pairs[i].mean() * v.pairs[i].per
		mean, low = mean+c, min(low, c)
	}
	if n := len(v.rays) + len(v.wedges) + len(v.pairs); n > 0 {
		return low / (mean / float64(n))
	}
	return 1
}

// merit returns the sum of all violations in natural units: of F, of u = s and of the products target·e.
// It has no preference between them, so no cycle can trade one for another.
func (v *Solver) merit(target float64) float64 {
	off := 0.0
	for i := range v.rays {
		p := &v.rays[i]
		off = max(off, p.off(target*p.unit)/p.weight)
	}
	for i := range v.wedges {
		p := &v.wedges[i]
		off = max(off, p.off(target*p.unit)/p.weight)
	}
	for i := range v.pairs {
		p := &v.pairs[i]
		off = max(off, p.off(target*p.unit)/p.weight)
	}
	return v.resF + v.gap + off
}

// Violation returns how far block i is from its laws after a solve, in natural units: mismatch of value
// and slack, and distance of the products from the central path of the last target.
func (v *Solver) Violation(i int) float64 {
	b, at := &v.blocks[i], v.at[i]
	e := 0.0
	if b.Kind != Bound {
		p := &v.rays[at.ray]
		e = math.Abs(p.r)/b.Scale + p.product/b.Product
	}
	switch b.form() {
	case formSingle:
		e += v.wedges[at.cone].off(0) / b.ProductT
	case formPyramid:
		e += (v.wedges[at.cone].off(0) + v.wedges[at.cone+1].off(0)) / b.ProductT
	case formCoulomb, formBound:
		e += v.pairs[at.cone].off(0) / b.ProductT
	}
	return e
}

// bend returns the largest product of the steps of slacks and multipliers, in units of κ: what a full step
// along the last direction leaves of the products' errors.
func (v *Solver) bend() float64 {
	e := 0.0
	for i := range v.rays {
		e = max(e, v.rays[i].bend())
	}
	for i := range v.wedges {
		e = max(e, v.wedges[i].bend())
	}
	for i := range v.pairs {
		e = max(e, v.pairs[i].bend())
	}
	return e
}

func (p *ray) bend() float64 { return math.Abs(p.ds*p.dl) * p.per }

func (p *wedge) bend() float64 {
	q := p.ds.mul(p.dg)
	return max(math.Abs(q.p), math.Abs(q.m)) * p.per
}

func (p *pair) bend() float64 {
	q := p.ds.prod(p.dg)
	return max(max(math.Abs(q.a), math.Abs(q.x)), max(math.Abs(q.y), math.Abs(q.z))) * p.per
}
