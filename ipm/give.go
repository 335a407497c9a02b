package ipm

import "math"

// together is how much more a gap gives than its contact alone makes it: contacts of a body come in groups.
// With 1 torques take 6 % longer.
const together = 4

// give is the change of a block's value per change of its own multiplier when all other blocks keep to their
// linearized laws: that of the normal part, and that of the others.
type give struct{ normal, across float64 }

// compliances finds what the bent blocks give: their t. That of a block whose branch is right does not matter; it
// decides how far a block goes that changes its branch, and whether the last steps are fast: with t too large
// they run in λ against the pole of κ/λ, with t too small in s. With the t that the linearized problem gives,
// z leads to the solution of the block's own law in it. On a group of multipliers a mean will do.
func (v *Solver) compliances() {
	l, ok := v.p.(Localizer)
	ok = ok && l.Local(v.local, v.bent)
	for i := range v.blocks {
		if !v.bent[i] {
			continue
		}
		b := &v.blocks[i]
		if v.give[i] = (give{b.Scale * b.Scale / b.Kappa, b.ScaleT * b.ScaleT / b.KappaT}); b.Kind == Turn {
			v.give[i] = v.elliptic(i).natural()
		}
		if ok {
			v.gives(i, &v.local[i])
		}
	}
}

// without returns the compliance d of a block whose own law, of stiffness w, leaves a = d/(1 + wd) of it.
func without(a, w float64) float64 {
	if d := 1 / (1/a - w); d > 0 {
		return d
	}
	return math.Abs(a) // rounding, where w is all there is
}

// withoutPlane is the same in the tangential plane, where D = A (I − WA)⁻¹: the mean of the diagonal.
func withoutPlane(a, w *Matrix) float64 {
	m00, m01 := 1-(w[4]*a[4]+w[5]*a[7]), -(w[4]*a[5] + w[5]*a[8])
	m10, m11 := -(w[7]*a[4] + w[8]*a[7]), 1-(w[7]*a[5]+w[8]*a[8])
	det := m00*m11 - m01*m10
	y, z := (a[4]*m11-a[5]*m10)/det, (a[8]*m00-a[7]*m01)/det
	if y > 0 && z > 0 {
		return (y + z) / 2
	}
	return max(a[4], a[8])
}

// yield returns the part y of the value of a bounded block, of norm u, that is left on the central path when its
// multiplier, of limit L, has pushed through the compliance c: y = a/(a + cL) with (a − b)(a + cL)² = au², where
// a is the scalar part of s and b = κ/L. Newton's method comes down without overshooting, for the cubic has one
// positive root and is convex beyond it, from the least of a = b + u, where y = 1, and what nearly solves it for a block that
// sticks (u < k = cL) or slides. The latter is u − k + bu/(u − k): with d = u − k and x = b/d the cubic there is
// u²(dx + (d + 2k)x² + kx³) > 0.
func yield(u, kappa, c, limit float64) float64 {
	k := c * limit
	if k == 0 {
		return 1
	}
	u2, least := u*u, kappa/limit
	a := least + u
	switch {
	case u < k:
		a = min(a, least*k*k/((k-u)*(k+u)))
	case u > k:
		a = min(a, u-k+least*u/(u-k))
	}
	const enough = 50 // where bound and value nearly agree the error only halves each time
	for range enough {
		f, df := (a-least)*(a+k)*(a+k)-a*u2, (a+k)*(a+k)+2*(a-least)*(a+k)-u2
		if !(f > 0 && df > 0) || a-f/df >= a {
			break
		}
		a -= f / df
	}
	return a / (a + k)
}
