package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// boldest is the largest normal multiplier, in natural units, that is taken over from the step before, and loosest
// the largest with which a solve begins that is to be polished: a closed gap of zero remembers no force.
const (
	boldest = 4
	loosest = 1e-3
)

// center starts on the central path of the given κ of the normal parts and of the cones, with slacks equal
// to the values wherever those are feasible. Only F is violated there.
func (v *Solver) center(kappa, kappaT float64) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		v.place(i, v.U[i], v.blocks[i].Scale, kappa, kappaT)
	}
	return v.started()
}

// resume starts with the multipliers that the step before ended with: those of the central path at its
// values. What has changed since violates F and u = s. A solve that is to be polished starts at the values of x
// instead, with next to no normal forces.
func (v *Solver) resume(opt Options) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		b := &v.blocks[i]
		u, most := b.Past, float64(boldest)
		if opt.Polish {
			u, most = v.U[i], loosest
		}
		v.place(i, u, opt.Kappa*b.Scale/most, opt.Kappa, opt.Kappa)
	}
	return v.started()
}

// place puts block i on the central path at the value u, or at the normal value least if that is more.
func (v *Solver) place(i int, u r3.Vec, least, kappa, kappaT float64) {
	b, at := &v.blocks[i], v.at[i]
	bound := b.Limit
	if b.Kind != Bound {
		p := &v.rays[at.ray]
		p.center(max(u.X, least), kappa*b.Kappa)
		bound = b.Mu * p.l
	}
	kappaT *= b.KappaT
	switch b.form() {
	case formCoulomb:
		v.pairs[at.cone].center(bound, cone{x: u.Y, y: u.Z}, kappaT)
	case formPyramid:
		v.wedges[at.cone].center(bound, u.Y, kappaT)
		v.wedges[at.cone+1].center(bound, u.Z, kappaT)
	case formSingle:
		v.wedges[at.cone].center(bound, u.X*b.yield(math.Abs(u.X), kappaT), kappaT)
	case formBound:
		v.pairs[at.cone].center(bound, cone{0, u.X, u.Y, u.Z}.scale(b.yield(r3.Norm(u), kappaT)), kappaT)
	}
}

// yield returns the part of a value of the given norm u of a Bound block that is left on the central path when its
// multiplier has pushed through the compliance.
func (b *Block) yield(u, kappa float64) float64 { return yield(u, kappa, b.Compliance, b.Limit) }

// yield is that for any compliance c and limit L: y = a/(a + cL) with (a − b)(a + cL)² = au², where
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

// started evaluates F at the start.
func (v *Solver) started() bool {
	v.gather()
	v.residual()
	return !math.IsNaN(v.resF) && !math.IsInf(v.resF, 0) && !math.IsNaN(v.gap)
}
