package ipm

import "math"

// together is how much more a gap gives than its contact alone makes it: contacts of a body come in groups.
// With 1 torques take 6 % longer.
const together = 4

// Localizer is a [Problem] that knows how the value of each block answers to the block's own multiplier. Without
// that a warm start rests on the blocks' natural sizes, and on coupled problems leads to the solution less often:
// under random torques robots take half as many iterations again.
type Localizer interface {
	// Local stores the diagonal blocks of J H⁻¹ Nᵀ for the wanted blocks, H being the matrix of the last Factor.
	Local(a []Matrix, wanted []bool)
}

// give is the change of a block's value per change of its own multiplier when all other blocks keep to their
// linearized laws: that of the normal part, and that of the others.
type give struct{ normal, across float64 }

// retract puts block i on the path of κ at the point of its normal map to which a step of a leads.
func (v *Solver) retract(i int, a, kappa float64) {
	b, at, t := &v.blocks[i], v.at[i], v.give[i]
	bound, k := b.Limit, kappa*b.KappaT
	if b.Kind != Bound {
		p := &v.rays[at.ray]
		p.retract(p.s0+a*p.ds-t.normal*(p.l0+a*p.dl), t.normal, kappa*b.Kappa)
		bound = b.Mu * p.l
	}
	switch b.form() {
	case formCoulomb, formBound:
		v.pairs[at.cone].retract(a, t.across, bound, k)
	case formPyramid:
		v.wedges[at.cone].retract(a, t.across, bound, k)
		v.wedges[at.cone+1].retract(a, t.across, bound, k)
	case formSingle:
		v.wedges[at.cone].retract(a, t.across, bound, k)
	}
}

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

// retract puts the wedge, its multiplier bounded, on the path where the vector parts of s − t g are those of a step of a.
func (p *wedge) retract(a, t, bound, kappa float64) {
	y := p.s0.x() + a*p.ds.x() - t*(p.g0.x()+a*p.dg.x())
	p.center(bound, y*yield(math.Abs(y), kappa, t, bound), kappa)
}

func (p *pair) retract(a, t, bound, kappa float64) {
	s, g := p.s0.add(a, p.ds), p.g0.add(a, p.dg)
	y := cone{0, s.x - t*g.x, s.y - t*g.y, s.z - t*g.z}
	n := math.Sqrt(y.x*y.x + y.y*y.y + y.z*y.z)
	p.center(bound, y.scale(yield(n, kappa, t, bound)), kappa)
}

// compliances finds what the bent blocks give: their t. That of a block whose branch is right does not matter; it
// decides how far a block goes that changes its branch, and whether the last steps are fast: with t too large
// they run in λ against the pole of κ/λ, with t too small in s. With the t that the linearized problem gives,
// z leads to the solution of the block's own law in it. On a group of multipliers a mean will do.
func (v *Solver) compliances() {
	l, ok := v.p.(Localizer)
	if ok {
		l.Local(v.local, v.bent)
	}
	for i := range v.blocks {
		if !v.bent[i] {
			continue
		}
		b, w, a, t := &v.blocks[i], &v.w[i], &v.local[i], &v.give[i]
		if *t = (give{b.Scale * b.Scale / b.Kappa, b.ScaleT * b.ScaleT / b.KappaT}); !ok {
			continue
		}
		switch b.form() {
		case formOrthant:
			t.normal = without(a[0], w[0])
		case formCoulomb:
			t.normal = together * without(a[0], w[0])
			t.across = withoutPlane(a, w)
		case formPyramid:
			t.normal = together * without(a[0], w[0])
			t.across = (without(a[4], w[4]) + without(a[8], w[8])) / 2
		case formSingle:
			t.across = without(a[0], w[0]) + b.Compliance
		case formBound:
			t.across = without((a[0]+a[4]+a[8])/3, (w[0]+w[4]+w[8])/3) + b.Compliance
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
