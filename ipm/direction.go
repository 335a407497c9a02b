package ipm

// scaled computes the scalings and condensed matrices at the current point and remembers the point. It reports false
// outside the cones.
func (v *Solver) scaled() bool {
	if !v.scale() {
		return false
	}
	v.condense()
	return true
}

// direction computes all steps towards the products target·e. second uses the previous direction for
// Mehrotra's second-order term.
func (v *Solver) direction(target float64, second bool) { v.toward(aim{target, target, 1}, second) }

// aim is what a direction aims at: products of the normal parts and of the cones. weight multiplies the
// change of the products, while F and u − s always go to zero.
type aim struct{ normal, cone, weight float64 }

// toward is direction for any aim.
func (v *Solver) toward(a aim, second bool) {
	v.constants(a, second)
	v.p.Direction(v.k, v.du)
	v.steps()
}
