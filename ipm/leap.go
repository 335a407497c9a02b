package ipm

import "math"

// Constants of the leaps, chosen on three robots under random torques; their optimum is flat.
const (
	// leapIter is how many leaps may be taken, and patience how many in a row that bring no new least merit.
	// With 12 leaps three times as many steps need a new start.
	leapIter = 24
	patience = 8
	// bendBy is the error of a product, in units of κ, up to which a block keeps to Newton's straight line.
	// Were every block put on the path in every step, the last steps would not be Newton's, nor as fast.
	bendBy = 0.1
	// shortLeap is the step that is given up when all longer ones leave the domain of the problem.
	shortLeap = 0.02
)

// leap iterates Newton's method towards κ on the blocks' normal maps, from a point near the central path of κ in
// every block. The directions are those of iterate. But where a straight step would take a block far from the
// path, only z = s − tλ is taken from it, and slack and multiplier are those of the path at z. So no wall cuts a
// step, and a block changes its branch in one.
//
// As κ → 0 this is the semismooth Newton method of Alart and Curnier (Comput. Methods Appl. Mech. Eng. 92, 1991),
// with the central path for smoothing. Nothing forces it to converge, but from the multipliers of the step before
// it nearly always does; where not, it is given up.
func (v *Solver) leap(opt Options) (res Result) {
	kappa := opt.Kappa
	floor := min(roundProduct/kappa, maxFloor)
	least, since := math.Inf(1), 0
	last, bent := math.Inf(1), true // centrality before the last step, and whether that left the straight line
	for {
		// termination
		off := v.centrality(kappa)
		res.Residual, res.Gap, res.Centrality = v.resF, v.gap, off
		if v.resF <= opt.Tolerance && v.gap <= opt.Tolerance && (off <= opt.Centrality || off <= floor && off > stalled*last) && v.tight(opt.Centrality) {
			res.Kappa, _ = v.complementarity()
			res.Status = Solved
			return res
		}
		if last = off; bent {
			last = math.Inf(1) // what is put on the path says nothing about rounding
		}
		merit := v.resF + v.gap
		if since++; merit < least {
			least, since = merit, 0
		}
		if since == patience || res.Iterations == min(leapIter, opt.MaxIter) {
			res.Status = MaxIter
			return res
		}

		mu := 0.0
		if opt.Trace != nil {
			mu, _ = v.complementarity()
		}

		// direction; where all go straight, corrected for the second-order term of its own
		if !v.scaled() || !v.p.Factor(v.w) {
			res.Status = Singular
			return res
		}
		res.Iterations++
		v.direction(kappa, false)
		var bend float64
		if bent, bend = v.bends(kappa); !bent && bend > opt.Centrality*kappa {
			v.direction(kappa, true)
		}

		// step
		alpha, trials := v.land(kappa, max(merit, opt.Tolerance), bent)
		if opt.Trace != nil {
			opt.Trace(Iteration{res.Iterations, res.Residual, res.Gap, off, mu, kappa, alpha, trials})
		}
		if alpha == 0 {
			res.Status = Stalled
			return res
		}
	}
}

// bends finds the blocks that a straight step would take far from the path, and the largest product of the steps
// of slacks and multipliers, in units of κ = 1.
func (v *Solver) bends(kappa float64) (any bool, worst float64) {
	for i := range v.blocks {
		e := v.bendOf(i)
		v.bent[i] = !(e <= bendBy*kappa)
		any = any || v.bent[i]
		worst = max(worst, e)
	}
	return any, worst
}

// land goes along the last direction, all the way when the merit ‖F‖ + |u − s| is no more than enough there; otherwise
// half the way if that is better; and less only when more leaves the domain. It returns 0 when nothing is inside.
func (v *Solver) land(kappa, enough float64, bent bool) (alpha float64, trials int) {
	if bent {
		v.compliances()
	}
	full := v.leapBy(1, kappa)
	if full <= enough {
		return 1, 1
	}
	if half := v.leapBy(0.5, kappa); half < full {
		return 0.5, 2
	}
	if !math.IsInf(full, 1) {
		v.leapBy(1, kappa)
		return 1, 3
	}
	trials = 2
	for alpha = 0.25; alpha > shortLeap; alpha /= 2 {
		if trials++; !math.IsInf(v.leapBy(alpha, kappa), 1) {
			return alpha, trials
		}
	}
	return 0, trials
}

// leapBy moves by a along the last direction and returns the merit there, infinite outside the domain.
func (v *Solver) leapBy(a, kappa float64) float64 {
	v.p.Step(a)
	for i := range v.blocks {
		if v.bent[i] {
			v.retract(i, a, kappa)
		} else {
			v.straight(i, a, kappa)
		}
	}
	v.gather()
	if !v.p.Values(v.U) {
		return math.Inf(1)
	}
	v.residual()
	if m := v.resF + v.gap; m >= 0 {
		return m
	}
	return math.Inf(1) // not a number
}
