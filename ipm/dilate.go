package ipm

import (
	"math"
	"slices"
)

// Constants of the run with friction that dilates.
const (
	// dilatancy is the first θ > 0, see dilate, and longStep the length of a step from which on θ is halved; a short
	// one doubles it. From 0.1 to 0.3 as many runs end, and as soon. Kept at one value, 0.2 is best: with 0.05 runs jam
	// as with 0, and with 1 slides follow too slowly.
	dilatancy, longStep = 0.2, 0.5
	// dilateIter is how many times more iterations than the fast run this one may take where blocks carry each other,
	// and one more for so many contacts as slowEvery says: of 18 runs among 700 that had not ended after 200 six did
	// after 240 to 340.
	dilateIter, slowEvery = 5, 250
	// behind is how many times larger than the mean product F and u − s may be before a step only centers. Without that
	// one run in ten does not end.
	behind = 30
	// lull is how many iterations the mean product, F and u − s may together take without falling by a tenth, and
	// lullLoaded the same where blocks carry each other. Of 145 runs of a quadruped that end five pause for longer, of
	// 21 that do not all but one. Of 331 piles that end none does for 80.
	lull, lullLoaded = 20, 80
	// nearby is how small F and u − s are, in natural units, where a run goes on however long it pauses.
	nearby = 0.03
	// arrived is the mean product, in units of κ, at which Mehrotra's term is left out; settledGap and settledF are the
	// mismatch and the norm of F from which leaps lead to the solution. With ten times as much leaps went astray in
	// eight of 17 runs of a heap that failed; five of those end now.
	arrived              = 2
	settledGap, settledF = 0.3, 0.01
)

// dilate goes towards κ as the fast run does, but where steps are cut short along directions of a problem that is more
// monotone than Coulomb's law. If gaps closed by μ times what contacts slide, normal forces and friction would be the
// multipliers of one convex problem (Anitescu, Math. Program. 105, 2006), on which an interior-point method does not
// jam however many bodies lean on each other. Coulomb's law is that problem with the gaps opened by the slides of its
// solution (De Saxcé and Feng, Math. Comput. Model. 28, 1998); to hold these, solve, and correct them leads to it
// (Acary, Cadoux, Lemaréchal and Malick, ZAMM 91, 2011). Here they are corrected in every iteration, and gaps close by
// θμ times the change of the slide: F and u − s are those of Coulomb's law at every iterate, and θ only says how far
// the matrix is from Newton's. It grows and shrinks with the length of the steps, as the parameter of Levenberg and
// Marquardt.
func (v *Solver) dilate(opt *Options, start float64) Result {
	r, patience := newRun(opt, opt.MaxIter), lull
	if opt.Loaded {
		patience = lullLoaded
		r.limit = (dilateIter + len(v.blocks)/slowEvery) * opt.MaxIter
	}
	if !v.begin(&r, max(start, opt.Kappa)) {
		return r.Result
	}
	defer v.dilates(0)
	theta, short := 0.0, false
	least, since := math.Inf(1), 0
	for v.unfinished(&r) {
		mean, largest := v.complementarity()
		if since++; mean+v.gap+v.resF < 0.9*least {
			least, since = mean+v.gap+v.resF, 0
		}
		if since >= patience && max(v.resF, v.gap) > nearby {
			v.end(&r, Stalled)
			break
		}
		close := mean < arrived*opt.Kappa
		if close && v.gap < settledGap*opt.Kappa && v.resF < settledF*opt.Kappa {
			v.dilates(0)
			end := newRun(opt, r.Iterations+leapIter)
			end.Iterations = r.Iterations
			return v.hop(end, opt.Kappa)
		}
		if !v.factor(&r) {
			break
		}
		target, second := opt.Kappa, false
		switch {
		case short || max(v.resF, v.gap) > behind*mean:
			target = max(mean, opt.Kappa)
		case largest > nearFactor*opt.Kappa && !close:
			target, second = v.predict(mean, opt.Kappa), true
		}
		v.direction(target, second)
		alpha := v.step(&r, target, mean)
		switch short = alpha < shortStep; {
		case short:
			theta = min(1, max(2*theta, dilatancy))
		case alpha > longStep:
			theta /= 2
		}
		v.dilates(theta)
	}
	return r.Result
}

// dilatable reports whether dilation helps: there is friction in round cones, and nothing holds bodies together but
// contact. Among equations the fast run ends more often (a necklace whirled in steps of 50 ms: 132 of 2100 runs, this
// one 18).
func (v *Solver) dilatable() bool {
	return len(v.frees) == 0 && slices.ContainsFunc(v.blocks, func(b Block) bool { return b.Kind == Coulomb || b.Kind == Elliptic })
}

// dilates makes gaps close by θμ times what contacts slide more than they do now.
func (v *Solver) dilates(theta float64) {
	for i := range v.blocks {
		switch b := &v.blocks[i]; b.Kind {
		case Coulomb:
			p := v.coulomb(i).t
			p.dilates, p.slid = theta*b.Mu*b.Scale/b.ScaleT, p.s.a
		case Elliptic:
			p := v.elliptic(i + 1).t // whose scalar part is μ times that of a Coulomb block
			p.dilates, p.slid = theta*b.Scale/b.ScaleT, p.s.a
		}
	}
	v.gap = v.mismatch()
}
