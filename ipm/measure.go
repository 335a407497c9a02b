package ipm

// residual evaluates F and u − s at the current point, for which Values has been called.
func (v *Solver) residual() {
	v.resF = v.p.Residual(v.Lambda)
	v.gap = v.mismatch()
}

// tight reports whether every gap slack agrees with its value to the given fraction of itself, so that
// the value itself is positive.
func (v *Solver) tight(rel float64) bool {
	for i := range v.blocks {
		if v.blocks[i].Kind.unilateral() && !v.orthant(i).tight(rel) {
			return false
		}
	}
	return true
}

// merit returns the sum of all violations in natural units: of F, of u = s and of the products target·e.
// It has no preference between them, so no cycle can trade one for another.
func (v *Solver) merit(target float64) float64 {
	return v.resF + v.gap + v.off(target)
}
