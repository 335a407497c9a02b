package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Solver holds the scratch memory of solves. It is not safe for concurrent use; its zero value is ready.
type Solver struct {
	Lambda []r3.Vec // multipliers of the last solve, one per block
	U      []r3.Vec // values of the last solve

	p      Problem
	blocks []Block
	at     []where  // the cones of each block
	cones           // of all blocks
	w      []Matrix // condensed matrices

	bent  []bool   // blocks that do not keep to the straight line, see leap
	give  []give   // what they give
	local []Matrix // scratch memory of that

	branches []branch // of a polished solve
	resF     float64  // norm of F
	gap      float64  // largest |u − s|
	share    float64  // part of the problem's own direction in the current one, see portion
	arc      arc

	// steps of multipliers and values, and the constants of Δλ = k − W Δu
	dl, du, k []r3.Vec
}

// Constants of the loop. Violations, κ and products are pure numbers here: multiples of the natural sizes
// that the blocks state.
const (
	// nearFactor drops the predictor when every product is within this factor of κ. With Mehrotra's
	// second-order term kept on, iterates settle beside the central path.
	nearFactor = 5
	// nearBy is the centrality within which Newton's direction is corrected for its own second-order term when
	// that exceeds the tolerance: a solve costs an eighth of the iteration that it saves.
	nearBy = 0.5
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
	// carefulIter is how many times more iterations the careful run may take.
	carefulIter = 5
	// roundProduct bounds the error of a product near κ by rounding alone. Below it centrality is as good
	// as it gets once a step leaves more than the fraction stalled of it; it excuses at most maxFloor.
	stalled      = 0.1
	roundProduct = 1e-12
	maxFloor     = 0.1
	// newtonFloor is the residual to which a problem without blocks is solved while it still falls fast: the
	// momentum of a free mechanism is conserved to that in every step.
	newtonFloor = 1e-12
)

// attempts are the ways in which a solve is tried in turn, with the κ of the starting point; the warm run
// and the fast run from Options.Start come before them. What it cannot solve are strongly coupled contacts:
// Coulomb's law is no minimum of anything, so their central path may turn back at a fold, where no step to
// a smaller κ gets on. The path on which friction thaws goes around folds and solves nearly all of them; on
// it start is the κ of the normal parts alone. Few of the rest need the path kept closer, or the careful run.
var attempts = [...]struct {
	start float64
	pace  pace
	near  float64 // distance from the thawing path; 0 does not follow it
}{{start: 1}, {start: 1e-3, near: 0.5}, {start: 1, near: 0.3}, {start: 1, pace: careful}}

// Solve iterates until the tolerances hold and returns how it ended. It never panics on numbers: a NaN
// is a status. When the fast iteration fails it starts again, see attempts. Polished, the solution obeys the
// laws of κ = 0; where that fails it is the one at κ, and the result says so.
func (v *Solver) Solve(p Problem, opt Options) Result {
	opt.defaults()
	v.load(p)
	res := v.solve(opt)
	if !opt.Polish || res.Status != Solved {
		return res
	}
	n, ok := v.polish()
	res.Iterations += n
	if !ok { // back to the point that was not polished
		n = res.Iterations
		p.Reset()
		res = v.solve(opt)
		res.Iterations += n
		return res
	}
	res.Residual, res.Gap, res.Centrality, res.Kappa, res.Polished = v.resF, v.gap, 0, 0, true
	return res
}

// solve finds the point of the central path at κ.
func (v *Solver) solve(opt Options) Result {
	var res Result
	if opt.Warm && len(v.blocks) > 0 {
		if res = v.resumed(opt); res.Status == Solved {
			return res
		}
		v.p.Reset()
	}
	n := res.Iterations
	res = v.run(opt, opt.Start, fast)
	res.Iterations += n
	for _, a := range attempts {
		if res.Status == Solved || res.Status == NotFinite || len(v.blocks) == 0 || opt.NoFallback {
			break
		}
		if a.start == opt.Start && a.pace == fast && a.near == 0 {
			continue
		}
		v.p.Reset()
		n = res.Iterations
		if a.near > 0 {
			res = v.follow(opt, a.start, a.near)
		} else {
			res = v.run(opt, a.start, a.pace)
		}
		res.Iterations += n
	}
	return res
}

// resumed leaps on from where the step before ended.
func (v *Solver) resumed(opt Options) Result {
	if !opt.possible() || !v.resume(opt) {
		return Result{Status: NotFinite}
	}
	return v.leap(opt)
}

// run iterates from the point of the central path at κ = start.
func (v *Solver) run(opt Options, start float64, how pace) Result {
	path := max(start, opt.Kappa)
	if len(v.blocks) > 0 && !opt.possible() || !v.center(path, path) {
		return Result{Status: NotFinite}
	}
	return v.iterate(opt, path, how)
}

// possible reports whether there is a central path at κ.
func (o *Options) possible() bool { return o.Kappa > 0 && !math.IsInf(o.Kappa, 1) }

// pace is how iterate goes on.
type pace uint8

const (
	fast    pace = iota // Mehrotra's predictor and corrector
	careful             // Newton's method on a target that is lowered each time the iterates have come near it
)

// iterate goes on from the current point, which is near the central path at κ = path.
func (v *Solver) iterate(opt Options, path float64, how pace) Result {
	var res Result
	short := false                                 // the last step was cut short
	floor := min(roundProduct/opt.Kappa, maxFloor) // what rounding leaves of the centrality
	lastF := math.Inf(1)                           // residual before the last step
	last := math.Inf(1)                            // centrality before the last step
	maxIter := opt.MaxIter
	if how == careful {
		maxIter *= carefulIter
	}
	for {
		// termination
		mu, worst := v.complementarity()
		off := v.centrality(opt.Kappa)
		res.Residual, res.Gap, res.Centrality, res.Kappa = v.resF, v.gap, off, mu
		enough := opt.Tolerance
		if len(v.blocks) == 0 && v.resF < stalled*lastF {
			enough = min(enough, newtonFloor) // converging quadratically, one more step is down to rounding
		}
		lastF = v.resF
		if v.resF <= enough && v.gap <= opt.Tolerance && (off <= opt.Centrality || off <= floor && off > stalled*last) && v.tight(opt.Centrality) {
			res.Status = Solved
			return res
		}
		last = off
		if res.Iterations == maxIter {
			res.Status = MaxIter
			return res
		}

		// factor once
		if !v.scaled() || !v.p.Factor(v.w) {
			res.Status = Singular
			return res
		}
		res.Iterations++

		// affine direction and centering; near the target Newton towards κ
		target, second := opt.Kappa, false
		switch {
		case len(v.blocks) == 0:
		case how == careful:
			if v.centrality(path) < nearPath && v.resF < nearPath*path && v.gap < nearPath*path {
				path = max(path*lower, opt.Kappa)
			}
			target = path
		case short:
			target = max(mu, opt.Kappa)
		case worst > nearFactor*opt.Kappa:
			v.direction(0, false)
			sigma := v.after(v.limit(true), mu) / mu
			target, second = max(sigma*sigma*sigma*mu, opt.Kappa), true
		}

		// combined direction
		v.direction(target, second)
		if off < nearBy && !second && !short && how != careful && v.bend() > opt.Centrality*target {
			v.direction(target, true) // of this direction itself, so the correction vanishes with it
		}

		// take the step
		tau := 1.0 // nothing to keep away from without blocks
		if len(v.blocks) > 0 {
			tau -= min(1-fraction, 0.1*max(v.resF, v.gap)+0.1*target)
		}
		alpha, trials := v.search(tau, target, max(mu, opt.Kappa))
		if opt.Trace != nil {
			opt.Trace(Iteration{res.Iterations, res.Residual, res.Gap, off, mu, target, alpha, trials})
		}
		short = alpha < shortStep
		if alpha == 0 {
			res.Status = Stalled
			return res
		}
	}
}

// load sizes the scratch memory for p.
func (v *Solver) load(p Problem) {
	v.p, v.blocks = p, p.Blocks()
	n := len(v.blocks)
	v.Lambda, v.U, v.dl, v.du, v.k = grow(v.Lambda, n), grow(v.U, n), grow(v.dl, n), grow(v.du, n), grow(v.k, n)
	v.w, v.at = grow(v.w, n), grow(v.at, n)
	v.bent, v.give, v.local, v.branches = grow(v.bent, n), grow(v.give, n), grow(v.local, n), grow(v.branches, n)
	v.clear()
	for i := range v.blocks {
		v.at[i] = v.add(&v.blocks[i])
	}
	v.share = 1
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
