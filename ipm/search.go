package ipm

// Constants of the line search.
const (
	// minAlpha is where backtracking gives up: after 27 halvings the direction is no descent direction.
	minAlpha = 1e-8
	// decrease is the fraction of the linear decrease that a step must achieve (Armijo's condition).
	decrease = 1e-4
	// roundoff is the merit below which rounding decides whether it falls; also a mismatch u − s, in units
	// of Scale, that no step can improve.
	roundoff = 1e-13
	// spread is the smallest product after a step as a fraction of the mean. A product much below the
	// others pins its pair to a wall and cuts all later steps short.
	spread = 1e-3
	// curvedTrials is how many halvings the curved path gets before the straight one is tried, for which
	// descent is certain.
	curvedTrials = 4
	// looseFactor excuses violations of F and u = s below this multiple of the mean product: on the
	// straight path centering may go before them, since they shrink as fast as the products.
	looseFactor = 0.5
)

// search backtracks from the boundary until the merit falls and leaves the solver there: a few times
// along the curved path, which allows long steps, then along the straight one. It returns 0 when no step
// is acceptable.
func (v *Solver) search(tau, target, mu float64) (alpha float64, trials int) {
	was, res := v.merit(target), max(v.resF, v.gap)
	curved := true
	alpha = min(1, tau*v.limit(curved))
	for alpha > minAlpha {
		if trials++; curved && trials > curvedTrials {
			curved = false
			v.move(0, target, curved)
			alpha = min(1, tau*v.limit(curved))
		}
		v.move(alpha, target, curved)
		if v.centering() > spread && v.p.Values(v.U) {
			v.residual()
			if v.merit(target) <= max((1-decrease*alpha)*was, roundoff) {
				return alpha, trials
			}
			if !curved && max(v.resF, v.gap) <= max((1-decrease*alpha)*res, looseFactor*mu) {
				return alpha, trials
			}
		}
		alpha /= 2
	}
	return 0, trials
}

// move sets the point to that of the last factorization plus α times the last direction.
func (v *Solver) move(a, target float64, curved bool) {
	v.p.Step(a * v.share)
	v.advance(a, target, curved)
	v.gather()
}
