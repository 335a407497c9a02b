package spatial

// Eliminate is the step of the articulated-body recursion over a joint of one degree of freedom with the motions s₃ and s₂
// at knots 3 and 2. It stores U = A s₃ and V = Aᵀ s₂, returns the inverse of the pivot d = s₂ᵀ U + dj, and adds
// A − U Vᵀ/d to p, the matrix of the parent, unless that is nil.
func Eliminate(p, a *Mat6, u, v *Wrench, s3, s2 *Twist, dj float64) (inv float64) {
	if avx {
		return eliminateAVX(p, a, u, v, s3, s2, dj)
	}
	return eliminate(p, a, u, v, s3, s2, dj)
}

func eliminate(p, a *Mat6, u, v *Wrench, s3, s2 *Twist, dj float64) (inv float64) {
	a.MulTwist(u, s3)
	a.TMulTwist(v, s2)
	inv = 1 / (s2.Power(u) + dj)
	if p != nil {
		row := v.Scaled(inv)
		p.AddDowndate(a, u, &row)
	}
	return inv
}
