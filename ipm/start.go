package ipm

import "math"

// boldest is the largest normal multiplier, in natural units, that is taken over from the step before, heaviest the same where blocks
// carry each other, and loosest the largest with which a solve begins that is to be polished: a closed gap of zero remembers no force.
const (
	boldest  = 4
	heaviest = 1e6
	loosest  = 1e-3
)

// center starts on the central path of the given κ of the normal parts and of the cones, with slacks equal
// to the values wherever those are feasible. Only F is violated there.
func (v *Solver) center(kappa, kappaT float64) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		v.place(i, &v.U[i], v.blocks[i].Scale, kappa, kappaT)
	}
	return v.started()
}

// resume starts with the multipliers that the step before ended with: those of the central path at its
// values. What has changed since violates F and u = s. A solve that is to be polished starts at the values of x
// instead, with next to no normal forces, and one that goes on from a solution with the forces of that.
func (v *Solver) resume(opt *Options) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		b := &v.blocks[i]
		u, most := &b.Past, float64(boldest)
		switch {
		case opt.Polish:
			u, most = &v.U[i], loosest
		case opt.Onward:
			if u = &v.U[i]; u.X > 0 {
				most = heaviest
			}
		case opt.Loaded:
			most = heaviest
		}
		v.place(i, u, opt.Kappa*b.Scale/most, opt.Kappa, opt.Kappa)
	}
	return v.started()
}

// started evaluates F at the start.
func (v *Solver) started() bool {
	v.gather()
	v.residual()
	return !math.IsNaN(v.resF) && !math.IsInf(v.resF, 0) && !math.IsNaN(v.gap)
}
