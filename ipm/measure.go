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

// merit returns the sum of all violations in natural units: of F, of u = s and of the products target·e.
// It has no preference between them, so no cycle can trade one for another.
func (v *Solver) merit(target float64) float64 {
	return v.resF + v.gap + v.off(target)
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
