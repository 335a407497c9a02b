package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Constraints that leave a single position have no interior, and no central path: a slot exactly as wide as the body, a
// follower whose limit is where its leader's is. Iterates then push both sides ever harder while nothing moves. Such a step is
// solved again with a little room on all sides. Constraints that leave no position at all are told by the same sign: the
// forces that grow cancel each other (a Farkas certificate of the linearized constraints; Nocedal and Wright, "Numerical
// Optimization", 2006, section 12.6). That is a sign for the place where the solver stopped, and where it stopped for other
// reasons it misled: but a step that begins where all constraints hold has a position, the one it begins with, so only others are
// said to have none.

const (
	// room is how far gaps and limits give way where constraints have no interior, in sizes of the mechanism or radians.
	room = 1e-9
	// roomPolished is what is tried before for a polished step, which may just have begun with closed gaps.
	roomPolished = 1e-12
	// grown is the multiplier, in natural impulses, above which a side counts as pushed against another.
	grown = 10
	// cancelled is the part of these impulses that may be left of their sum.
	cancelled = 1e-3
	// guided is the part of them that may be felt where joints alone hold a body in the way.
	guided = 1e-9
)

// solve solves the step of the tree with the rows that take part: with room where there is none, and with the ways that take
// long only where constraints do not exclude each other.
func (p *problem) solve(o *Options) {
	opt := o.Solver
	opt.Start, opt.Warm, opt.Loaded, opt.Jointed = startKappa, true, p.touching(), !p.loose()
	p.kappa, p.room, p.yields, p.caught, p.unclosed = opt.Kappa, 0, false, [2]int{}, Assembly{}
	p.prepare()
	quick := opt
	quick.NoFallback = true
	p.attempt(quick)
	if p.result.Status == ipm.Solved {
		return
	}
	pushed := p.pushed()
	if opt.Polish {
		p.retry(quick, roomPolished)
	}
	if pushed {
		p.retry(quick, room)
	}
	exclusive := pushed && p.result.Status != ipm.Solved && p.exclusive()
	if exclusive { // other ways go elsewhere
		p.against[0] = p.hardest()
		p.against[1], _ = p.opponent(p.against[0])
	}
	if exclusive && !p.placed(p.s.shallow) {
		p.result.Status = ipm.Infeasible
		return
	}
	if p.result.Status != ipm.Solved && p.torn(ajar) {
		p.result.Status = ipm.Infeasible
		return
	}
	if p.singular() && p.yield(quick) {
		return
	}
	long := p.long(o.Effort)
	if opt.Jointed && !long && o.Effort == Most { // dilation stalls where a gripper first leans on a cube, and the fast run does not
		fast := quick
		fast.Jointed, fast.Warm = false, false
		p.retry(fast, 0)
	}
	opt.Spare = o.Effort > All
	deep := p.sunk()
	if long && deep { // more comes out than where some wait
		p.late(opt)
	}
	if p.result.Status != ipm.Solved {
		leans := !deep && (o.Effort == All || p.loose()) && p.crowded() // among joints steps are divided first
		grooved := leans && p.grooved()
		leans = leans && p.lean()
		if p.remain(deep, leans && !opt.Polish && (o.Effort == All || !p.deep()), grooved) || leans {
			p.prepare()
			p.retry(quick, 0)
		}
		if exclusive && !opt.Jointed && p.result.Status != ipm.Solved && !p.placed(p.s.wide) {
			p.result.Status = ipm.Infeasible
			return
		}
	}
	if long {
		p.late(opt)
	}
	if p.result.Status != ipm.Solved && p.drawn() {
		p.result.Status = ipm.Infeasible
		return
	}
	if opt.Polish { // closed gaps may leave no other way; last, for such a step may end that deep
		p.retry(quick, room)
	} else {
		p.yield(quick)
	}
	if p.result.Status != ipm.Solved && p.torn(0) {
		p.result.Status = ipm.Infeasible
	}
}

// hair is how deep a contact of what joints alone hold may begin a step and remain, as part of what the natural speed covers in a whole one.
const hair = 0.1

// ajar is how far a loop that nothing closes may stay open, in sizes of the mechanism or radians, for other ways to be tried: numbers of files are rounded, and loops that yield may keep to them.
const ajar = 1e-4

// remain lets contacts that begin the step below zero stay as deep as they are, with the room of the gap at which they would rest, and reports whether
// there are any: all where the way out is one that friction alone bars; where something is so deep that it comes out over several steps those of all that is free to part, for the way out of one body may lead into
// another, and some wait until others have made way; and those a hair deep of bodies in the hands of joints, which friction may hold whatever the force, or of
// all that leans as other contacts guide it. (Shapes that no joint can part are an error.) What is a little deep otherwise has to come out at once, or a body that is too thick for its slot would be put up with.
func (p *problem) remain(deep, leans, grooved bool) (any bool) {
	s := p.s
	for i := range p.rows {
		r := &p.rows[i]
		depth, _, guided := s.buried(r)
		if depth > 0 && (deep && !guided || grooved || (leans || guided) && depth <= hair*s.m.Timestep*math.Sqrt(s.m.GravityRef*s.m.Trees[s.treeOf(r)].Length)) {
			s.relax(r, p.kappa*s.size(r))
			any = true
		}
	}
	return any
}

// sunk reports whether a contact of what is free to part begins the step so deep that it comes out over several.
func (p *problem) sunk() bool {
	for i := range p.rows {
		if depth, ease, guided := p.s.buried(&p.rows[i]); depth > 0 && ease > 0 && !guided {
			return true
		}
	}
	return false
}

// buried returns how deep the contact of r begins the step if it has to come out, else 0, how much of that it may keep, and whether joints alone hold
// what touches.
func (s *Stepper) buried(r *row) (depth, ease float64, guided bool) {
	gap, soft := 0.0, false
	switch r.kind {
	case rowTouch:
		t := &s.touches[r.at]
		gap, ease, guided, soft = t.Gap2, t.Ease, s.hung[s.m.Contacts[r.contact].Body], t.soft.k > 0
	case rowMeet:
		c := &s.meets[r.contact]
		gap, ease, guided, soft = c.Gap2, c.Ease, s.guided[c.pair], c.soft.k > 0
	}
	if soft || gap+ease >= 0 {
		return 0, 0, false
	}
	return -gap, ease, guided
}

// crammed is the least part of the room that a contact is left that remains: what presses it with up to as many times the natural force as that is of one sinks no deeper in the steps to come.
const crammed = 1.0 / 64

// relax lets the contact of r be as deep as it begins the step, rounded up to multiples of the room, so that it is as deep in the next step: with some room more in each it sank at the speed κ√(gℓ), as
// what sticks creeps, and without an end.
func (s *Stepper) relax(r *row, room float64) {
	if r.kind == rowTouch {
		t := &s.touches[r.at]
		t.Ease, t.Follow = room*math.Ceil(crammed-t.Gap2/room), 0
		return
	}
	c := &s.meets[r.contact]
	c.Ease, c.Follow = room*math.Ceil(crammed-c.Gap2/room), 0
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

// piled reports whether contacts alone couple the many bodies of the island. Such ones get stuck among many others, and parts of a divided step hold as many: paths on
// which friction thaws are tried in those too, or a step of 216 balls was divided a hundred times. Few bodies are divided sooner: their halves are easy, and a can that spins
// down on a loose box came to another end by such a path than on the ground.
func (p *problem) piled() bool { return len(p.parts) >= crowd && p.shut == len(p.rows) }

// within is how far from balance and from the values, in natural units, the quick runs may end for the ways that take long to be worth their iterations.
const within = 0.03

// long reports whether the ways that take long are tried before the step is divided. Where quick runs end far from any solution mostly nothing leads to one: of 19 such steps of a
// quadruped under torques these ways solved three, at 160 iterations a step, and two of them turned too fast to be taken; of 206 of random mechanisms those that ended nearer than
// this solved four in five, the others one in six. Halves of both take a dozen iterations each. In piles halves are as hard, and bodies that stick between
// others jam in halves too.
func (p *problem) long(effort Effort) bool {
	return effort == All || p.piled() || effort == Most && (p.loose() || max(p.result.Residual, p.result.Gap) < within)
}

// loose reports whether the island is bodies that no joint binds or bounds.
func (p *problem) loose() bool {
	return p.joints == 0 && !slices.ContainsFunc(p.parts, func(tr *part) bool { return tr.Last-tr.First > 1 })
}

func (p *problem) attempt(opt ipm.Options) {
	p.Reset()
	p.result = p.solver.Solve(p, opt)
}

// roomOf returns the room of r.
func (p *problem) roomOf(r *row) float64 {
	if !r.side() {
		return 0
	}
	return p.room * p.s.size(r)
}

// size returns the natural size of the gap of r, that of the mechanism or a radian: as the limit of a ball joint measures it, |Q₀| − cos(upper/2).
func (s *Stepper) size(r *row) float64 {
	switch {
	case r.kind == rowCone:
		return 0.5 * math.Sin(s.m.Dofs[r.dof].Upper/2)
	case !r.onJoint() || !s.angular(r.dof):
		return s.m.Trees[s.treeOf(r)].Length
	}
	return 1
}

// treeOf returns the tree whose sizes are those of r.
func (s *Stepper) treeOf(r *row) int {
	switch r.kind {
	case rowTouch:
		return s.m.Bodies[s.m.Contacts[r.contact].Body].Tree
	case rowMeet:
		return s.meets[r.contact].tree
	case rowEqual:
		return s.m.treeOfLoop(&s.m.Loops[s.closureOf(r).loop])
	}
	return s.m.Bodies[s.m.Dofs[r.dof].Body].Tree
}

// load returns the normal multiplier of row k in natural impulses, 0 of what is no side.
func (p *problem) load(k int) float64 {
	if !p.rows[k].side() {
		return 0
	}
	return p.solver.Lambda[k].X * p.blocks[k].Scale / p.blocks[k].Kappa
}

// closed reports whether row k is pushed hard and nearly closed or beyond.
func (p *problem) closed(k int) bool {
	const near = 1e-6
	return p.load(k) > grown && p.solver.U[k].X < near*p.blocks[k].Scale
}

// pushed reports whether a failed solve looks like one without interior: a side is closed, or all that the solution lacks is
// a gap above zero.
func (p *problem) pushed() bool {
	const met = 1e-8
	balanced := p.result.Residual < met && p.result.Gap < met
	for k := range p.rows {
		if p.closed(k) || balanced && p.load(k) > 0 && p.solver.U[k].X <= 0 {
			return true
		}
	}
	return false
}

// placed reports whether the step at hand begins where all sides and couplings hold, to the given depths.
func (p *problem) placed(shallow func(*row) float64) bool {
	s := p.s
	for _, i := range p.mimics {
		c := &s.m.Mimics[i]
		if !(math.Abs(c.left(s.coordinate(c.Dof, 0, 0), s.coordinate(c.Of, 0, 0))) < 2*room) {
			return false
		}
	}
	return !p.deeper(shallow)
}

// exclusive reports whether the sides that are pushed cancel each other's impulses although they are beyond their bounds: all
// together, or the hardest pushed one and another when the shares of both are chosen so.
func (p *problem) exclusive() bool {
	sum, all, loads, beyond := make([]float64, p.s.m.NV), 0.0, 0.0, 0.0
	for k := range p.rows {
		if !p.closed(k) {
			continue
		}
		for i, x := range p.impulse(k, p.solver.Lambda[k].X) {
			sum[i] += x
			all += math.Abs(x)
		}
		l := p.load(k)
		loads += l
		beyond -= l * p.solver.U[k].X / p.blocks[k].Scale
	}
	left := 0.0
	for _, x := range sum {
		left += math.Abs(x)
	}
	if beyond > 0 && (left < cancelled*all || all < guided*loads) {
		return true
	}
	a := p.hardest()
	if a < 0 || p.solver.U[a].X >= 0 {
		return false
	}
	b, rest := p.opponent(a)
	return b >= 0 && rest < cancelled && p.solver.U[b].X < 0
}

// hardest returns the side that is pushed hardest, or −1.
func (p *problem) hardest() int {
	a := -1
	for k := range p.rows {
		if p.closed(k) && (a < 0 || p.load(k) > p.load(a)) {
			a = k
		}
	}
	return a
}

// opponent returns the side whose impulse opposes that of row a most, or −1, and the part of that of a which is left when
// as much of it as helps is added.
func (p *problem) opponent(a int) (b int, left float64) {
	b, left = -1, 1
	ga := p.impulse(a, p.solver.Lambda[a].X)
	for k := range p.rows {
		if k == a || !p.closed(k) {
			continue
		}
		g, aa, ab, bb := p.impulse(k, p.solver.Lambda[k].X), 0.0, 0.0, 0.0
		for i := range g {
			aa, ab, bb = aa+ga[i]*ga[i], ab+ga[i]*g[i], bb+g[i]*g[i]
		}
		if l := math.Sqrt(max(0, 1-ab*ab/(aa*bb))); ab < 0 && l < left {
			b, left = k, l
		}
	}
	return b, left
}

// impulse returns the generalized impulse of the normal multiplier push of row k, in natural momenta, of all degrees of freedom.
func (p *problem) impulse(k int, push float64) []float64 {
	s, r := p.s, &p.rows[k]
	l := spatial.Vec{X: push}
	for _, tr := range p.parts {
		clear(s.wrench[tr.First:tr.Last])
		clear(s.rj[tr.V0:tr.V1])
	}
	switch r.kind {
	case rowTouch:
		s.addTouch(s.wrench, r, l, 1)
	case rowMeet:
		s.meets[r.contact].add(s.wrench, l, 1)
	default:
		s.jointImpulse(s.rj, r, spatial.Scale(-1, l))
	}
	mimics := p.mimics
	p.mimics = nil
	p.norm()
	p.mimics = mimics
	g := make([]float64, s.m.NV)
	for _, tr := range p.parts {
		copy(g[tr.V0:tr.V1], s.res[tr.V0:tr.V1])
	}
	for _, id := range mimics { // what a follower feels moves its leader
		c := &s.m.Mimics[id]
		g[c.Of] += s.slope2(c) * g[c.Dof]
		g[c.Dof] = 0
	}
	for i := range g {
		g[i] *= s.perMomentum[i]
	}
	return g
}

// Excluding returns the two sides of the step at hand that exclude each other most: contacts as the reports list them, or the dofs of limits (the
// other −1). The second has neither where it is the joint that guides the body of the first.
func (s *Stepper) Excluding() (contacts, dofs [2]int) {
	contacts, dofs = [2]int{-1, -1}, [2]int{-1, -1}
	for _, p := range s.islands {
		if p.result.Status != ipm.Infeasible || p.unclosed.Q != nil {
			continue
		}
		a, b := p.caught[0], p.caught[1]
		if a == b {
			a, b = p.against[0], p.against[1]
		}
		contacts[0], dofs[0] = s.listed(&p.rows[a]), p.rows[a].dof
		if b >= 0 {
			contacts[1], dofs[1] = s.listed(&p.rows[b]), p.rows[b].dof
		}
		return contacts, dofs
	}
	return contacts, dofs
}

// Unclosed returns what of the step at hand cannot be closed, and reports false where nothing is said to.
func (s *Stepper) Unclosed() (Assembly, bool) {
	for _, p := range s.islands {
		if p.result.Status == ipm.Infeasible && p.unclosed.Q != nil {
			return p.unclosed, true
		}
	}
	return Assembly{}, false
}
