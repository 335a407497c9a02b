package ipm

import "math"

// Constants of the iterations. Violations, κ and products are pure numbers here: multiples of the natural sizes
// that the blocks state.
const (
	// nearFactor drops the predictor when every product is within this factor of κ. With Mehrotra's
	// second-order term kept on, iterates settle beside the central path.
	nearFactor = 5
	// nearBy is the centrality within which Newton's direction is corrected for its own second-order term when
	// that exceeds the tolerance: a solve costs an eighth of the iteration that it saves.
	nearBy = 0.5
	// jam is the mean product, in units of κ, below which a run goes on by leaps when the worst product has not halved for jams iterations:
	// in a heap a few cones are on the wrong branch then, and Newton's method takes them from one side to the other for ever.
	jam, jams = 2, 3
	// fraction of the way to the boundary that a step may go while violations are large; it tends to 1
	// with them, so that the last steps are full Newton steps.
	fraction = 0.99
	// shortStep is the step length below which the next step only centers: such a step was cut by a wall
	// that the iterate had come too near.
	shortStep = 0.1
	// nearPath is how near the careful run must come to its target, relative to it, before it is lowered;
	// lower is the factor. A full Newton step from there stays within reach of the next target.
	nearPath = 0.5
	lower    = 0.3
	// carefulIter is how many times more iterations the careful run may take, and carefulPatience how many it may take to each target: most
	// runs that fail never reach the first. Without that a whole random mechanism costs 0.4 iterations a step more.
	carefulIter, carefulPatience = 5, 40
	// roundProduct bounds the error of a product near κ by rounding alone. Below it centrality is as good
	// as it gets once a step leaves more than the fraction stalled of it; it excuses at most maxFloor.
	stalled      = 0.1
	roundProduct = 1e-12
	maxFloor     = 0.1
	// hidden is the same where a force many times what is natural hides the margin to the wall of its cone: that is
	// then as small as rounding tells.
	hidden = 30
	// maxRounding is the largest norm of F that passes for rounding.
	maxRounding = 1e-2
	// newtonFloor is the residual to which a problem without cones is solved while it still falls fast: the
	// momentum of a free mechanism is conserved to that in every step.
	newtonFloor = 1e-12
)

// run is one way of going on: its result so far, what the current iterate is like, and what it remembers of the last.
type run struct {
	Result
	opt     *Options
	limit   int     // of iterations
	lastF   float64 // residual before the last step
	lastOff float64 // centrality before the last step
	lastGap float64 // mismatch before the last step
}

func newRun(opt *Options, limit int) run {
	return run{opt: opt, limit: limit, lastF: math.Inf(1), lastOff: math.Inf(1), lastGap: math.Inf(1)}
}

// fast goes towards κ from the point of the central path at κ = start, by Mehrotra's predictor and corrector while that
// is far, and then by Newton's method.
func (v *Solver) fast(opt *Options, start float64) Result {
	r := newRun(opt, opt.MaxIter)
	if path := max(start, opt.Kappa); !v.begin(&r, path) {
		return r.Result
	}
	short := false // the last step was cut short
	last, jammed := math.Inf(1), 0
	for v.unfinished(&r) {
		mean, largest := v.complementarity()
		if jammed++; !opt.Loaded || mean > jam*opt.Kappa || r.Centrality < max(nearBy, last/2) {
			jammed = 0
		}
		if jammed == jams {
			r.limit += leapIter
			return v.hop(r, opt.Kappa)
		}
		if last = r.Centrality; !v.factor(&r) {
			break
		}
		target, second := opt.Kappa, false
		switch {
		case v.count() == 0:
		case short:
			target = max(mean, opt.Kappa)
		case largest > nearFactor*opt.Kappa:
			target, second = v.predict(mean, opt.Kappa), true
		}
		v.direction(target, second)
		if r.Centrality < nearBy && !second && !short && v.bend() > opt.Centrality*target {
			v.direction(target, true) // of this direction itself, so the correction vanishes with it
		}
		short = v.step(&r, target, mean) < shortStep
	}
	return r.Result
}

// predict takes Mehrotra's first direction, towards zero, and returns the target of the second by how far the mean product would fall.
func (v *Solver) predict(mean, kappa float64) float64 {
	v.direction(0, false)
	sigma := v.after(v.limit(true), mean) / mean
	return max(sigma*sigma*sigma*mean, kappa)
}

// careful goes towards κ from the point of the central path at κ = start by Newton's method on a target that is lowered
// each time the iterates have come near it.
func (v *Solver) careful(opt *Options, start float64) Result {
	r := newRun(opt, carefulIter*opt.MaxIter)
	path := max(start, opt.Kappa)
	if !v.begin(&r, path) {
		return r.Result
	}
	res := v.approach(r, path)
	if opt.Loaded && res.jammed() {
		return v.wind(res, opt)
	}
	return res
}

// approach is careful from the current point, near the path at κ = target.
func (v *Solver) approach(r run, target float64) Result {
	for since := 0; v.unfinished(&r) && v.factor(&r); since++ {
		if v.near(target) {
			target, since = max(target*lower, r.opt.Kappa), 0
		}
		if since == carefulPatience {
			v.end(&r, MaxIter)
			break
		}
		v.direction(target, false)
		mean, _ := v.complementarity()
		v.step(&r, target, mean)
	}
	return r.Result
}

// near reports whether the current point is near the path at κ = target.
func (v *Solver) near(target float64) bool {
	return v.centrality(target) < nearPath && v.resF < nearPath*target && v.gap < nearPath*target
}

// jammed reports whether a run ended at a point from which another may go on.
func (r *Result) jammed() bool { return r.Status == MaxIter || r.Status == Stalled }

// begin puts the solver on the central path at κ = path.
func (v *Solver) begin(r *run, path float64) bool {
	if v.count() > 0 && !r.opt.possible() || !v.center(path, path) {
		r.Status = NotFinite
	}
	return r.Status == Unsolved
}

// possible reports whether there is a central path at κ.
func (o *Options) possible() bool { return o.Kappa > 0 && !math.IsInf(o.Kappa, 1) }

// unfinished measures the current point and reports whether to go on from there; if not, the result says why.
func (v *Solver) unfinished(r *run) bool {
	if r.Status != Unsolved {
		return false
	}
	o := r.opt
	r.Residual, r.Gap, r.Centrality = v.resF, v.gap, v.centrality(o.Kappa)
	enough := o.Tolerance
	if v.count() == 0 && r.Residual < stalled*r.lastF {
		enough = min(enough, newtonFloor) // converging quadratically, one more step is down to rounding
	}
	central := r.Centrality <= o.Centrality || r.Centrality > stalled*r.lastOff && r.Centrality <= v.roundFloor(o.Kappa)
	balanced := r.Residual <= enough || r.Residual > stalled*r.lastF && v.rounded(r.Residual)
	tight := r.Gap <= o.Tolerance && (r.Gap > stalled*r.lastGap || v.tight(o.Centrality)) // a gap hardly larger than its rounding is no better known
	r.lastF, r.lastOff, r.lastGap = r.Residual, r.Centrality, r.Gap
	switch {
	case balanced && central && tight && v.mirrored():
		return v.end(r, Stalled)
	case balanced && central && tight:
		return v.end(r, Solved)
	case r.Iterations == r.limit:
		return v.end(r, MaxIter)
	}
	return true
}

// mirrored reports whether a slack and its multiplier are both negative, where leaps may end: their product is that of
// the central path, but what touches is inside and pulled.
func (v *Solver) mirrored() bool {
	for i := range v.blocks {
		if v.blocks[i].Kind.unilateral() && v.U[i].X < 0 && v.Lambda[i].X < 0 {
			return true
		}
	}
	return false
}

// rounded reports whether a norm of F may be rounding alone.
func (v *Solver) rounded(norm float64) bool {
	p, ok := v.p.(Rounder)
	return ok && norm < maxRounding && norm <= p.Rounding()
}

// roundFloor is what rounding leaves of the centrality.
func (v *Solver) roundFloor(kappa float64) float64 {
	return max(min(roundProduct/kappa, maxFloor), min(v.rounding()/kappa, hidden))
}

// end ends a run at the current point, and returns false.
func (v *Solver) end(r *run, s Status) bool {
	r.Status = s
	r.Kappa, _ = v.complementarity()
	return false
}

// factor scales the cones and factors the problem at the current point.
func (v *Solver) factor(r *run) bool {
	if !v.scaled() || !v.p.Factor(v.w) {
		return v.end(r, Singular)
	}
	r.Iterations++
	return true
}

// step goes along the last direction, from products of the given mean, and returns how far.
func (v *Solver) step(r *run, target, mean float64) float64 {
	tau := 1.0 // nothing to keep away from without cones
	if v.count() > 0 {
		tau -= min(1-fraction, 0.1*max(v.resF, v.gap)+0.1*target)
	}
	alpha, trials := v.search(tau, target, max(mean, r.opt.Kappa))
	r.Kappa = mean
	r.trace(target, alpha, trials)
	switch {
	case alpha > 0:
	case v.rounded(v.resF):
		r.lastF = 0 // it cannot fall, so it need not
	default:
		r.Status = Stalled
	}
	return alpha
}

// trace reports a step.
func (r *run) trace(target, alpha float64, trials int) {
	if t := r.opt.Trace; t != nil {
		t(Iteration{r.Iterations, r.Residual, r.Gap, r.Centrality, r.Kappa, target, alpha, trials})
	}
}
