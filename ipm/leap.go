package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

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
	// softer is how many times the κ asked for that is from which a run descends.
	softer = 1000
)

// leap goes on from where the step before ended, by Newton's method towards κ on the blocks' normal maps. The
// directions are those of the fast run. But where a straight step would take a block far from the
// path, only z = s − tλ is taken from it, and slack and multiplier are those of the path at z. So no wall cuts a
// step, and a block changes its branch in one.
//
// As κ → 0 this is the semismooth Newton method of Alart and Curnier (Comput. Methods Appl. Mech. Eng. 92, 1991),
// with the central path for smoothing. Nothing forces it to converge, but from the multipliers of the step before
// it nearly always does; where not, it is given up.
func (v *Solver) leap(opt *Options) Result {
	r := newRun(opt, min(leapIter, opt.MaxIter))
	if !opt.possible() || !v.resume(opt) {
		r.Status = NotFinite
	}
	return v.hop(r, opt.Kappa)
}

// sink goes on by leaps from where the fast run from start jams: back to the path at the mean product that it comes to, and down along it.
// Straight to κ leaps from there diverge.
func (v *Solver) sink(opt *Options, start float64) Result {
	res := v.fast(opt, start)
	if !res.jammed() {
		return res
	}
	mean, _ := v.complementarity()
	return v.hop(newRun(opt, leapIter), max(mean, opt.Kappa)).After(res)
}

// descend goes down along the path by leaps from the point at a softer κ, to which friction that dilates leads. At a hard
// κ that run jams near the solution where bodies hold each other in more ways than they have freedoms. Of 37 such points
// at 1e-7, of a kicked pyramid of bricks, leaps led from 32 on to 1e-10, in 20 to 40 iterations, and the careful run's
// steps from none of 35.
func (v *Solver) descend(opt *Options) Result {
	soft := *opt
	soft.Kappa = softer * opt.Kappa
	res := v.dilate(&soft, opt.Start)
	if res.Status != Solved {
		return res
	}
	return v.hop(newRun(opt, leapIter), soft.Kappa).After(res)
}

// grip is leap from the point of the path, at so many times κ, where all contacts that may close in the step are closed and stick.
// A body that slides into its own friction may be pushed the harder the more it is pushed (Painlevé, 1895): the impulse that it gets is
// neither nothing nor a little more but the one that stops it, and every path that begins with what slides leads past that.
func (v *Solver) grip(opt *Options, times, most float64) Result {
	r, kappa := newRun(opt, min(leapIter, opt.MaxIter)), times*opt.Kappa
	if !opt.possible() || !v.p.Values(v.U) {
		r.Status = NotFinite
		return r.Result
	}
	grips := false
	for i := range v.blocks {
		b := &v.blocks[i]
		u := b.Past
		switch b.Kind {
		case Coulomb, Pyramid, Elliptic:
			grips = min(u.X, v.U[i].X) < b.Scale
		case Turn: // as the block before
		default:
			grips = false
		}
		if grips {
			u = r3.Vec{}
		}
		v.place(i, &u, kappa*b.Scale/most, kappa, kappa)
	}
	if !v.started() {
		r.Status = NotFinite
	}
	return v.hop(r, kappa)
}

// hop is leap from the current point, first towards the given target, which is lowered each time the iterates have come near it. Each
// target may take as many leaps as a warm start.
func (v *Solver) hop(r run, target float64) Result {
	opt := r.opt
	least, since := math.Inf(1), 0
	bent := true // the last step left the straight line
	for v.unfinished(&r) {
		if bent {
			r.lastOff, r.lastGap = math.Inf(1), math.Inf(1) // what is put on the path says nothing about rounding
		}
		merit := v.resF + v.gap
		if since++; merit < least {
			least, since = merit, 0
		}
		if since == patience {
			v.end(&r, MaxIter)
			break
		}
		if !v.factor(&r) {
			break
		}
		if opt.Trace != nil {
			r.Kappa, _ = v.complementarity()
		}
		enough := max(merit, opt.Tolerance)
		if target > opt.Kappa {
			if v.near(target) {
				target = max(target*lower, opt.Kappa)
				r.limit, least, since = r.Iterations+leapIter, math.Inf(1), 0
			}
			enough = max(enough, nearPath*target)
		}
		v.direction(target, false)
		var bend float64
		if bent, bend = v.bends(target); !bent && bend > opt.Centrality*target {
			v.direction(target, true) // all go straight: corrected for its own second-order term
		}
		alpha, trials := v.land(target, enough, bent)
		if r.trace(target, alpha, trials); alpha == 0 {
			r.Status = Stalled
		}
		if opt.Loaded && !bent && alpha == 1 && target == opt.Kappa && v.resF <= opt.Tolerance && v.gap <= opt.Tolerance && v.centrality(target) > opt.Centrality {
			v.again(target)
		}
	}
	return r.Result
}

// again goes the last step once more, corrected for the second-order term of its own direction: what the first such
// correction leaves of the products is of third order, and where that is all that is left it takes the place of an
// iteration, without new factors.
func (v *Solver) again(target float64) {
	v.leapBy(0, target)
	v.direction(target, true)
	v.leapBy(1, target)
}

// bends finds the blocks that a straight step would take far from the path, and the largest product of the steps
// of slacks and multipliers, in units of κ = 1.
func (v *Solver) bends(kappa float64) (any bool, worst float64) {
	for i := range v.blocks {
		e := v.bendOf(i)
		if v.bent[i] = !(e <= bendBy*kappa); v.blocks[i].Kind == Turn {
			v.bent[i-1] = v.bent[i]
		}
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
