package ipm

import (
	"gonum.org/v1/gonum/spatial/r3"
)

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

// boundary returns the largest α ≤ 1 that keeps every slack and multiplier in its cone.
func (v *Solver) boundary(curved bool) float64 {
	a := 1.0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			if d := v.ds[i]; d < -v.s[i] {
				a = min(a, -v.s[i]/d)
			}
			if d := v.dl[i].X; d < -v.Lambda[i].X {
				a = min(a, -v.Lambda[i].X/d)
			}
		}
	}
	for i := range v.pairs {
		p := &v.pairs[i]
		a = min(a, p.limit(curved))
	}
	return a
}

// after returns the mean product after a step α along the last direction.
func (v *Solver) after(a, target float64) float64 {
	sum, n := 0.0, 0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			sum += (v.s[i] + a*v.ds[i]) * (v.Lambda[i].X + a*v.dl[i].X) / b.Kappa
			n++
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			sum += meanOf(p.path(&p.s, &p.g, a, target*b.KappaT)) / b.KappaT
			n++
		}
	}
	return sum / float64(n)
}

// search backtracks from the boundary until the merit falls and leaves the solver there: a few times
// along the curved path, which allows long steps, then along the straight one. It returns 0 when no step
// is acceptable.
func (v *Solver) search(tau, target, mu float64) (alpha float64, trials int) {
	was, res := v.merit(target), max(v.resF, v.gap)
	curved := true
	alpha = min(1, tau*v.boundary(curved))
	for alpha > minAlpha {
		if trials++; curved && trials > curvedTrials {
			curved = false
			v.move(0, target, curved)
			alpha = min(1, tau*v.boundary(curved))
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
	for i := range v.blocks {
		v.s[i] = v.s0[i] + a*v.ds[i]
		l, d := v.l0[i], v.dl[i]
		v.Lambda[i] = r3.Vec{X: l.X + a*d.X, Y: l.Y + a*d.Y, Z: l.Z + a*d.Z}
	}
	for i := range v.blocks {
		b := &v.blocks[i]
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			p.advance(a, target*b.KappaT, curved)
			switch l := &v.Lambda[i]; {
			case b.Kind == Coulomb:
				l.Y, l.Z = p.g.x, p.g.y
			case b.Kind == Bound:
				*l = r3.Vec{X: p.g.x, Y: p.g.y, Z: p.g.z}
			case k == 0:
				l.Y = p.g.x
			default:
				l.Z = p.g.x
			}
		}
	}
}
