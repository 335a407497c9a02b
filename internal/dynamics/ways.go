package dynamics

import (
	"slices"

	"github.com/ukemi-sim/ukemi/ipm"
)

// Most steps are solved by the first, quick run of the solver. The others are ways for what that run is bad at, tried
// in the order of what they cost: a little room, where constraints leave a single position; closures that yield; runs
// that take long; contacts that stay as deep as they begin. Between them it is told where no way leads anywhere, and
// where the step is rather divided.

// solve solves the step of the island with the rows that take part.
func (p *problem) solve(o *Options) {
	opt := o.Solver
	opt.Start, opt.Warm, opt.Loaded, opt.Jointed = startKappa, true, p.touching(), !p.loose()
	p.kappa, p.room, p.yields, p.caught, p.unclosed = opt.Kappa, 0, false, [2]int{}, Assembly{}
	p.prepare()
	quick := opt
	quick.NoFallback = true
	p.attempt(quick)
	exclusive := p.makeRoom(quick, opt.Polish)
	if p.solved() {
		return
	}
	if exclusive && !p.placed(p.s.shallow) || p.torn(ajar) {
		p.result.Status = ipm.Infeasible
		return
	}
	if p.singular() && p.yield(quick) {
		return
	}
	long, deep := p.long(o.Effort), p.sunk()
	if opt.Jointed && !opt.Loaded && !long && o.Effort == Most { // where dilation stalls the fast run may not; loaded, all runs dilate
		fast := quick
		fast.Jointed, fast.Warm = false, false
		p.retry(fast, 0)
	}
	opt.Spare = o.Effort > All
	if long && deep { // more comes out than where some wait
		p.late(opt)
	}
	p.wait(quick, o.Effort, deep)
	if exclusive && !opt.Jointed && !p.solved() && !p.placed(p.s.wide) {
		p.result.Status = ipm.Infeasible
		return
	}
	if long {
		p.late(opt)
	}
	if !p.solved() && p.drawn() {
		p.result.Status = ipm.Infeasible
		return
	}
	if opt.Polish { // closed gaps may leave no other way; last, for such a step may end that deep
		p.retry(quick, room)
	} else {
		p.yield(quick)
	}
	if !p.solved() && p.torn(0) {
		p.result.Status = ipm.Infeasible
	}
}

// ajar is how far a loop that nothing closes may stay open, in sizes of the mechanism or radians, for other ways to be tried: numbers of
// files are rounded, and loops that yield may keep to them.
const ajar = 1e-4

func (p *problem) solved() bool { return p.result.Status == ipm.Solved }

func (p *problem) attempt(opt ipm.Options) {
	p.Reset()
	p.result = p.solver.Solve(p, opt)
}

// makeRoom tries again with a little room what failed as a step without interior does, and reports whether constraints
// exclude each other: other ways then go elsewhere.
func (p *problem) makeRoom(quick ipm.Options, polish bool) (exclusive bool) {
	if p.solved() {
		return false
	}
	pushed := p.pushed()
	if polish {
		p.retry(quick, roomPolished)
	}
	if pushed {
		p.retry(quick, room)
	}
	if !pushed || p.solved() || !p.exclusive() {
		return false
	}
	p.against[0] = p.hardest()
	p.against[1], _ = p.opponent(p.against[0])
	return true
}

// wait tries again a failed step in which some contacts stay as deep as they begin, where there are such.
func (p *problem) wait(quick ipm.Options, effort Effort, deep bool) {
	if p.solved() {
		return
	}
	leans := !deep && (effort == All || p.loose()) && p.crowded() // among joints steps are divided first
	grooved := leans && p.grooved()
	leans = leans && p.lean()
	if p.remain(deep, leans && !quick.Polish && (effort == All || !p.deep()), grooved) || leans {
		p.prepare()
		p.retry(quick, 0)
	}
}

// retry solves a step that failed with the given room.
func (p *problem) retry(opt ipm.Options, room float64) {
	if before := p.result; before.Status != ipm.Solved {
		p.room = room
		p.attempt(opt)
		p.result = p.result.After(before)
	}
}

// late goes the ways that take long, after the quick ones. They are ways around cones.
func (p *problem) late(opt ipm.Options) {
	if p.result.Status == ipm.Solved || p.result.Status == ipm.NotFinite || p.shut == 0 {
		return
	}
	before := p.result
	opt.Late, p.room = true, 0
	p.attempt(opt)
	p.result = p.result.After(before)
}

// crowd is from how many trees on an island is a pile.
const crowd = 16

// piled reports whether contacts alone couple the many bodies of the island. Such ones get stuck among many others, and
// parts of a divided step hold as many: paths on which friction thaws are tried in those too, or a step of 216 balls
// was divided a hundred times. Few bodies are divided sooner: their halves are easy, and a can that spins down on a
// loose box came to another end by such a path than on the ground.
func (p *problem) piled() bool { return len(p.parts) >= crowd && p.shut == len(p.rows) }

// within is how far from balance and from the values, in natural units, the quick runs may end for the ways that take
// long to be worth their iterations.
const within = 0.03

// long reports whether the ways that take long are tried before the step is divided. Where quick runs end far from any
// solution mostly nothing leads to one: of 19 such steps of a quadruped under torques these ways solved three, at 160
// iterations a step, and two of them turned too fast to be taken; of 206 of random mechanisms those that ended nearer
// than this solved four in five, the others one in six. Halves of both take a dozen iterations each. In piles halves
// are as hard, and bodies that stick between others jam in halves too.
func (p *problem) long(effort Effort) bool {
	return effort == All || p.piled() || effort == Most && (p.loose() || max(p.result.Residual, p.result.Gap) < within)
}

// loose reports whether the island is bodies that no joint binds or bounds.
func (p *problem) loose() bool {
	return p.joints == 0 && !slices.ContainsFunc(p.parts, func(tr *part) bool { return tr.Last-tr.First > 1 })
}
