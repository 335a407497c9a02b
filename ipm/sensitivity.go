package ipm

// Condense returns the condensed matrices W at the point of the last solve: near the central path
// dλ = −W du + k, where k is what [Solver.Shift] returns for a change of the blocks' own data. On the
// path this is the exact derivative of the complementarity equations, because the Nesterov–Todd scaling
// is the only automorphism of the cone that maps s to g, and s⁻¹ ↦ κ s⁻¹ has that property.
//
// The cones are first put on the path exactly, from the side that is known to full relative precision: a
// sliding contact from its velocity, a sticking one from its force. The small margin between an element
// and its cone decides W, and rounding of the iterates leaves only some of its digits, nor is it left of an element
// itself: what slides has a margin of κ over twice its velocity's size, of which a − ‖x‖ loses 1e-16/κ. So the
// scaling is that of the determinant s.a·κ/g.a, which is known without a difference.
//
// In place of an equation (kind Equal) stands a spring in W, so that a derivative by one solve is off by about
// 1e-6, what the spring gives. It is exact after another solve with the same factors in which k of the equations is dλ
// of the first: their forces are carried on. Transposed, with K the factored matrix and y = K⁻ᵀ g, that is another
// solve with g − Jᵀ W N y in place of g, the sum over the equations alone.
func (v *Solver) Condense(kappa float64) ([]Matrix, bool) {
	if !v.recenter(kappa) {
		return v.w, false
	}
	v.condense()
	return v.w, true
}

// Change is an infinitesimal change of the data of one block, at fixed value u.
type Change struct {
	Kappa, KappaT float64 // of the products κ·Kappa and κ·KappaT
	Mu            float64
	Spin, Roll    float64
	Limit         float64
}
