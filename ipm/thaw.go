package ipm

import "math"

// Constants of the path from the frictionless problem.
const (
	// frost is the cones' target at the start. There friction is viscous with (μ·normal)²/frost, next to
	// nothing, and what remains is as good as monotone: one solution, to which the path cannot come back.
	frost = 1e4
	// fade is the power of the cones' target with which F and u − s go to zero along the path.
	fade = 0.5
	// lateFade is that power once the target is below late and they are not much smaller than it: with
	// slacks that small the last Newton iterations would jam otherwise.
	lateFade  = 1.5
	late      = 1e-3
	muchBelow = 0.1
	// onPath is the fraction of the allowed distance from the path above which a step only corrects.
	onPath = 0.5
	// firstArc is the length of the first step, in relative changes; arcGrowth how it grows when accepted at
	// once, arcShrink how much it may shrink at a time; below leastArc the path ends.
	firstArc  = 0.5
	arcGrowth = 1.5
	arcShrink = 0.1
	leastArc  = 1e-8
	// deepest and highest bound the relative change of the target in one step.
	deepest = -0.9
	highest = 2
	// leastShare keeps the problem's share of a direction from zero, where its other part would be infinite.
	leastShare = 1e-4
	// drift is how much larger than its share of the start F may be before a step reduces it on its own, by
	// the fraction catchUp. Errors of second order add up.
	drift   = 2
	catchUp = 0.5
	// gain is the part of the expected decrease that a step from afar must achieve, slack the growth of F and
	// loose its size relative to the target that a step may leave.
	gain  = 0.1
	slack = 1.1
	loose = 0.5
	// beyond is the target, as a multiple of the start's, at which a path that came back is given up.
	beyond = 10
	// lost is the same as a multiple of the least target that it came to, where many blocks carry each other. Of 216
	// balls in a box paths that arrive turn back by a factor of 5 at most, and those that turn back by more go to their
	// start. That of a can on a loose box turned back by more and arrived.
	lost = 10
	// pathIter is how many times more iterations than the fast run the path may take. If it is past all
	// folds then but slow, because friction has yet to turn far, the careful run goes on.
	pathIter = 5
	// foldEvery is for how many contacts that carry each other the path may take as many iterations as the fast run:
	// the more there are, the more folds. Of 216 balls in a box with 700 contacts paths that arrive take up to 500.
	// With fewer than these pathIter is enough.
	foldEvery = 100
	// wander is how many iterations a path may take without a new least target where blocks do not carry each other, or
	// equations hold them: most that arrive pause for less, most that do not wander to the end of their iterations, and
	// the second path arrives where the first paused for longer. Of an A1 under torques 87 of 217 paths arrive. With 40
	// as many steps are solved as without a bound, in 0.5 of 9 iterations a step less; 25 takes another 0.1, but
	// divides more.
	wander = 40
	// windNear is how near the path must be kept that winds among many contacts, and windIter the same as pathIter for it: the first
	// steps of a tower of 23 cards take 800 iterations.
	windNear, windIter = 0.5, 20
	// clearance is the part of the way to the boundary that a step along the path may go.
	clearance = 0.9
)

// arc is the scratch memory of a path, vectors of relative changes.
type arc struct{ both, more, heavy, tangent, last []float64 }

// path is the line of targets, and where on it a run is. Normal parts follow the cones' target t as κ (t/κ)^power, so
// that both arrive at κ together.
type path struct {
	kappa, power float64
	near         float64 // distance from the path, relative to the target, that an iterate may have
	t, first     float64 // the cones' target, now and at the start
	least, back  float64 // the least so far, and the multiple of it at which the path is given up
	since, pause int     // the iteration of the least so far, and after how many more without another the path is given up
	allowed      float64 // violation at the start, with some to spare
	h            float64 // length of the next step
}

func newPath(kappa, start, near float64) path {
	t := max(frost, kappa)
	l := path{kappa: kappa, near: near, t: t, first: t, least: t, back: math.Inf(1), pause: math.MaxInt, h: firstArc}
	if t > kappa {
		l.power = max(0, math.Log(start/kappa)/math.Log(t/kappa))
	}
	return l
}

func (l *path) normal(t float64) float64 { return l.kappa * math.Pow(t/l.kappa, l.power) }

// thaw goes to κ along a path on which friction thaws. At its start the target of the cones is so large
// that friction hardly acts, while that of the normal parts is start. All of F(x, λ), u − s and both
// targets shrink along the path, but not steadily: Coulomb's law is no minimum of anything, so where
// friction is strong the path folds and runs back to larger targets for a while before it goes on. Newton's
// method at a fixed target knows no way around a fold. So here the target is an unknown like all
// others, and steps are measured by the length of the path (pseudo-arclength continuation).
//
// There is one solution at the start, and dissipation bounds all impulses; so the path that begins there
// cannot but arrive. near is how far, relative to the target, an iterate may be from the path: less is
// slower and does not so easily jump to another branch, which may lead back.
func (v *Solver) thaw(opt *Options, start, near float64) Result {
	r, l := newRun(opt, pathIter*opt.MaxIter), newPath(opt.Kappa, start, near)
	if many := len(v.blocks) / foldEvery; many > 0 && opt.Loaded && v.dilatable() {
		l.back = lost
		r.limit += many * opt.MaxIter
	}
	if !opt.Loaded || len(v.frees) > 0 {
		l.pause = wander
	}
	if !opt.possible() || !v.center(l.normal(l.t), l.t) {
		return Result{Status: NotFinite}
	}
	l.allowed = drift * max(1, max(v.resF, v.gap))
	return v.follow(r, l)
}

// wind goes on from where a careful run among contacts of bodies has jammed: leaps lead back to the path at the mean product there, and it
// is followed from there by its length. Where bodies are held by many more contacts than they need it has many turns, and where it
// has none the relative changes are so many that a step lowers the target by some percent.
func (v *Solver) wind(r Result, opt *Options) Result {
	there := *opt
	mean, _ := v.complementarity()
	there.Kappa, there.Centrality = max(mean, opt.Kappa), nearPath
	there.Tolerance = max(opt.Tolerance, nearPath*there.Kappa)
	r = v.hop(newRun(&there, leapIter), there.Kappa).After(r)
	if r.Status != Solved {
		return r
	}
	l := path{kappa: opt.Kappa, power: 1, near: windNear, t: there.Kappa, first: there.Kappa, least: there.Kappa, back: math.Inf(1), pause: math.MaxInt, allowed: there.Kappa, h: firstArc}
	return v.follow(newRun(opt, windIter*opt.MaxIter), l).After(r)
}

// follow goes along the path from the current point, and ends at κ.
func (v *Solver) follow(r run, l path) Result {
	opt, near := r.opt, l.near
	v.arc.last = v.arc.last[:0]
	for l.t > opt.Kappa && v.onward(&r, &l) {
		off, violation := v.astray(l.normal(l.t), l.t), max(v.resF, v.gap)
		catch, power := l.pull(violation)
		length := 0.0 // only correct
		if off <= onPath*near && catch == 0 {
			length = l.h
		}
		dt := v.tangent(&l, power, catch, length) // relative change of t
		a, most := l.aim(dt)
		share := catch - power*(a.cone/l.t-1)
		if math.Abs(share) < leastShare {
			share = math.Copysign(leastShare, share)
		}
		v.portion(a, share)

		was := l.t
		alpha, trials := v.along(&l, a.cone, most, off, violation)
		v.share = 1
		l.adapt(length > 0, alpha, trials)
		r.Residual, r.Gap, r.Centrality, r.Kappa = v.resF, v.gap, off, was
		r.trace(l.t, alpha, trials)
	}
	if r.Status != Unsolved && !(r.Status == MaxIter && l.t < late) {
		r.Residual, r.Gap, r.Centrality = v.resF, v.gap, v.centrality(opt.Kappa)
		v.end(&r, r.Status)
		return r.Result
	}
	return v.approach(newRun(opt, carefulIter*opt.MaxIter), l.t).After(r.Result)
}

// onward factors for the next step along the path, or gives up.
func (v *Solver) onward(r *run, l *path) bool {
	if l.t < l.least {
		l.least, l.since = l.t, r.Iterations
	}
	switch {
	case r.Iterations == r.limit:
		r.Status = MaxIter
	case l.t > beyond*l.first || l.h < leastArc || l.t > l.back*l.least || r.Iterations-l.since > l.pause:
		r.Status = Stalled
	default:
		return v.factor(r)
	}
	return false
}

// pull returns how a step changes F and u − s: by the fraction catch on its own, and with the power of t.
func (l *path) pull(violation float64) (catch, power float64) {
	power = fade
	if violation > l.allowed*math.Pow(l.t/l.first, fade) {
		catch = catchUp
	}
	if l.t < late && violation > muchBelow*l.t {
		power = lateFade
	}
	return catch, power
}

// aim returns the targets of the step on which t changes by dt, relative to t, and how much of it may be taken.
func (l *path) aim(dt float64) (a aim, most float64) {
	most = 1
	switch {
	case dt < deepest:
		most = deepest / dt
	case dt > highest:
		most = highest / dt
	}
	if l.t*(1+most*dt) <= l.kappa {
		return aim{normal: l.kappa, cone: l.kappa}, 1
	}
	return aim{normal: l.normal(l.t) * (1 + l.power*dt), cone: l.t * (1 + dt)}, most
}

// adapt sets the length of the next step after one of alpha, found at the given trial.
func (l *path) adapt(along bool, alpha float64, trials int) {
	switch {
	case alpha == 0:
		l.h = 0
	case along && trials == 1:
		l.h *= arcGrowth
	case along:
		l.h *= max(alpha, arcShrink)
	}
}

// tangent returns the relative change of t for a step of the given length along the path, in the
// direction in which the last one went. In relative changes of slacks, multipliers and t all steps that
// keep to the linearized path are fix + dt·tangent: fix leads back to it at fixed t and takes the fraction
// catch off F and u − s; fade is their power of t. Of these steps the one returned has the given length
// along the tangent, and is the shortest of those.
func (v *Solver) tangent(l *path, fade, catch, length float64) float64 {
	n, t, c := l.normal(l.t), l.t, &v.arc
	v.toward(aim{n, t, 1}, false)
	c.both = v.relative(c.both[:0])
	v.toward(aim{(1 + l.power) * n, 2 * t, 1}, false)
	c.more = v.relative(c.more[:0])
	v.toward(aim{n, t, 2}, false)
	c.heavy = v.relative(c.heavy[:0])
	c.tangent = append(c.tangent[:0], c.both...)
	square, along, orient := 1.0, 0.0, 0.0
	for i, x := range c.both {
		products := c.heavy[i] - x
		violations := x - products
		fix := products + catch*violations
		tangent := c.more[i] - x - fade*violations
		c.tangent[i] = tangent
		square += tangent * tangent
		along += tangent * fix
		if len(c.last) > 0 {
			orient += tangent * c.last[i+1]
		}
	}
	size := math.Sqrt(square)
	if len(c.last) == 0 || orient+c.last[0] <= 0 {
		size = -size
	}
	c.last = append(append(c.last[:0], 1/size), c.tangent...)
	for i := range c.tangent {
		c.last[i+1] /= size
	}
	return (length*size - along) / square
}

// portion computes the direction to a that changes F and u − s only by the given share, which may be
// negative: then they grow. A problem knows directions to F = 0 alone, so this one is a multiple.
func (v *Solver) portion(a aim, share float64) {
	a.weight = 1 / share
	v.toward(a, false)
	v.share = share
	v.shrink(share)
}

// along moves along the last direction, and t with it towards target, so far that the point stays near
// the path or at least comes nearer. It returns 0 when there is no such step.
func (v *Solver) along(l *path, target, most, off, violation float64) (alpha float64, trials int) {
	from, curved := l.t, true
	limit := func() float64 {
		if b := v.limit(curved); b < 1 {
			return min(most, clearance*b)
		}
		return most
	}
	alpha = limit()
	for alpha > minAlpha {
		if trials++; curved && trials > curvedTrials {
			curved = false
			v.move(0, from, curved)
			alpha = limit()
		}
		l.t = from + alpha*(target-from)
		v.move(alpha, l.t, curved)
		if v.p.Values(v.U) {
			v.residual()
			o := v.astray(l.normal(l.t), l.t)
			if (o <= l.near || o <= (1-gain*alpha)*off) && max(v.resF, v.gap) <= slack*(1-alpha*v.share)*violation+loose*l.t {
				return alpha, trials
			}
		}
		alpha /= 2
	}
	l.t = from
	return 0, trials
}
