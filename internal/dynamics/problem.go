package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// problem is the step of one island, trees that are solved together, as the solver sees it (it implements ipm.Problem). Its
// free variables are the velocities of the coming interval; directions are computed in the tangent of the configuration
// at knot 3 and mapped back.
type problem struct {
	s     *Stepper
	parts []*part // the trees, ascending; none while another island has the first of them

	// What takes part in the step at hand: rows of joints up to joints, of touches up to met, of meetings up to shut, then of closures.
	rows              []row
	joints, met, shut int

	blocks          []ipm.Block
	solver          ipm.Solver
	done            bool    // solved, with all that touches
	trees, composed int     // how many trees there are, and for how many compose was called
	changed         bool    // whether the trees are others than then
	meets           []int   // meetings that take part
	kappa           float64 // of the last solve
	room            float64 // that sides give way in it, see room.go
	yields          bool    // whether loops are springs in it, see [problem.yield]
	springs         bool    // and in the derivative at hand, see [problem.respondTo]
	parted          bool    // whether the last parameter opened a loop
	result          ipm.Result
	unclosed        Assembly // of a loop that cannot be closed, see [problem.torn]; of a step that is not infeasible nothing
	caught          [2]int   // contacts by which surfaces that run draw something in, see nip.go; both 0 where they do not
	against         [2]int   // sides that exclude each other, the second −1 where joints are in the way of the first
	mimics          []int
	mimic           coupling
	near            []articulated.Pair // bodies that touch or hold each other in the step at hand
	spans           []articulated.Span
	graph           *articulated.Island
	links           []articulated.Pair // those of near whose bodies the matrix couples, see link.go
	linked          []int              // which of them each one of near is, −1: none
	told            bool               // whether the graph knows them
	stiff           []float64          // scratch of link
	turned          bool               // the direction is a new one: dv does not belong to dq
	w               []ipm.Matrix       // condensed matrices of the linearization, and the first of the island's rows in it
	first           int
	hard            bool // whether solves of the linearization are refined
	condensed       bool // whether its columns are prepared
	schur           schur
	carrier         carrier
	open            []spatial.Vec // what a solve leaves of the closures
	apart           apart
	left            float64 // what the last direction left of the balances, see Defect
}

// startGap is where gaps begin to be felt in the solver's start, in units of what the mechanism's natural
// speed covers in a step. Sizes of the mechanism itself (0.1 ℓ) made steps of 1 ms fail.
const startGap = 1

// prepare fills the blocks for the step at hand.
func (p *problem) prepare() {
	p.blocks = slices.Grow(p.blocks[:0], len(p.rows))[:len(p.rows)]
	tree, units := -1, ipm.Block{}
	for i := range p.rows {
		r, b := &p.rows[i], &p.blocks[i]
		if r.turns() {
			*b = p.blocks[i-1]
			p.s.describeTurn(b, r)
			continue
		}
		if t := p.s.treeOf(r); t != tree {
			tree, units = t, p.s.units(t)
		}
		*b = units
		measure(b, p.s.massOf(r))
		p.s.describe(b, r)
	}
	p.loosen()
}

// units returns a block with the natural sizes of tree t, per mass: κ = 1 is m g w ℓ for gaps and m g w √(gℓ)
// for sliding, m what the row moves and w the time for which forces act.
func (s *Stepper) units(t int) ipm.Block {
	g, l := s.m.GravityRef, s.m.Trees[t].Length
	impulse := g * s.weight
	speed := math.Sqrt(g * l)
	return ipm.Block{
		Kappa: impulse * l, KappaT: impulse * speed,
		Scale: startGap * s.h * speed, ScaleT: speed,
		Product: speed * speed * s.weight, ProductT: speed * speed,
	}
}

// measure gives the units of b the mass.
func measure(b *ipm.Block, mass float64) {
	b.Kappa *= mass
	b.KappaT *= mass
	b.Product *= mass
	b.ProductT *= mass
}

// massOf returns the mass that r moves.
func (s *Stepper) massOf(r *row) float64 {
	switch r.kind {
	case rowTouch:
		return s.m.Colliders[s.m.Contacts[r.contact].Collider].Mass
	case rowMeet:
		return s.meets[r.contact].mass
	case rowEqual:
		return s.m.Loops[s.closureOf(r).loop].Mass
	}
	return s.m.Dofs[r.dof].Mass
}

// Blocks implements ipm.Problem.
func (p *problem) Blocks() []ipm.Block { return p.blocks }

// Values implements ipm.Problem.
func (p *problem) Values(u []spatial.Vec) bool {
	s := p.s
	for _, tr := range p.parts {
		if !s.interval(s.mo, tr.Tree, s.vNext, s.h) {
			return false
		}
	}
	for i := range p.rows {
		u[i] = s.value(&p.rows[i])
		if p.room > 0 {
			u[i].X += p.roomOf(&p.rows[i])
		}
	}
	return true
}

// Reset implements ipm.Problem.
func (p *problem) Reset() {
	s := p.s
	for _, tr := range p.parts {
		copy(s.vNext[tr.V0:tr.V1], s.v[tr.V0:tr.V1])
	}
	for _, i := range p.mimics {
		s.nu[i] = 0
	}
}

// Residual implements ipm.Problem.
func (p *problem) Residual(lambda []spatial.Vec) float64 {
	s := p.s
	p.bodyResidual()
	p.jointForces()
	for i := range p.rows {
		switch r, l := &p.rows[i], lambda[i]; r.kind {
		case rowTouch:
			s.touches[r.at].lambda = l
			s.addTouch(s.wrench, r, l, -1)
		case rowMeet:
			c := &s.meets[r.contact]
			c.lambda = l
			c.add(s.wrench, l, -1)
		case rowEqual:
			s.closureOf(r).add(s.wrench, l, -1)
		default:
			r.force = l.X
			s.jointImpulse(s.rj, r, l)
		}
	}
	p.mimicResidual()
	return p.norm()
}

// mimicResidual adds the impulses of the mimics to s.rj and computes their violations.
func (p *problem) mimicResidual() {
	s, m := p.s, p.s.m
	for n, i := range p.mimics {
		c := &m.Mimics[i]
		s.rj[c.Dof] -= s.nu[i]
		s.rj[c.Of] += s.slope2(c) * s.nu[i]
		p.mimic.c[n] = c.left(s.position(c.Dof), s.position(c.Of))
	}
}

// norm sums the wrenches over the subtrees and returns the largest generalized residual as a fraction of
// the dof's natural momentum.
func (p *problem) norm() float64 {
	worst := 0.0
	for _, tr := range p.parts {
		worst = max(worst, p.s.sumUp(tr.Tree, p.s.wrench, p.s.rj)) // NaN when one is
	}
	for n := range p.mimics {
		worst = max(worst, math.Abs(p.mimic.c[n]))
	}
	return worst
}

func (s *Stepper) sumUp(tr *Tree, wrench []spatial.Wrench, rj []float64) (worst float64) {
	sums := s.sums[:tr.Last]
	copy(sums[tr.First:], wrench[tr.First:tr.Last])
	res := s.res
	screws, own, per := s.tree.Screw2[:len(res)], rj[:len(res)], s.perMomentum[:len(res)]
	for i := tr.Last - 1; i >= tr.First; i-- {
		b, w := &s.m.Bodies[i], &sums[i]
		for j := b.V; j < b.V+b.NT+b.NR; j++ {
			t := &screws[j]
			r := spatial.Dot(t.Lin, w.Force) + spatial.Dot(t.Ang, w.Torque) + own[j]
			res[j] = r
			worst = max(worst, math.Abs(r)*per[j])
		}
		if b.Parent != World {
			q := &sums[b.Parent]
			q.Force, q.Torque = spatial.Add(q.Force, w.Force), spatial.Add(q.Torque, w.Torque)
		}
	}
	return worst
}

// Factor implements ipm.Problem.
func (p *problem) Factor(w []ipm.Matrix) bool {
	least := weak
	if !p.piled() {
		least = 0
	}
	p.link(w, least)
	return p.factor(w)
}

// factor factors the matrix of the pairs that are linked.
func (p *problem) factor(w []ipm.Matrix) bool {
	s := p.s
	p.apart.laws, p.apart.factored = w, false
	invH := 1 / s.h
	for _, i := range p.mimics {
		s.nu0[i] = s.nu[i]
	}
	for _, tr := range p.parts {
		copy(s.v0[tr.V0:tr.V1], s.vNext[tr.V0:tr.V1])
		s.screws(tr.Tree)
		for i := tr.First; i < tr.Last; i++ {
			s.momentumJac(&s.tree.A[i], i, &s.mo[i], &s.dc[i], invH)
		}
	}
	p.jointSlopes()
	if p.coupled() {
		p.graph.Clear()
	}
	for i := range p.rows {
		switch r := &p.rows[i]; r.kind {
		case rowTouch:
			s.touchMatrix(r, &w[i], p.normalOnly(i))
		case rowMeet:
			s.meetMatrix(p, &s.meets[r.contact], &w[i], p.normalOnly(i))
		case rowEqual:
			s.closureMatrix(p, s.closureOf(r), &w[i])
		default:
			s.jointMatrix(r, &w[i])
		}
		if p.rows[i].turns() {
			p.acrossMatrix(i, w)
		}
	}
	return p.eliminate() && p.couple()
}

// touching reports whether bodies of the island touch or hold each other, coupled whether its matrix knows that.
func (p *problem) touching() bool { return len(p.near) > 0 }
func (p *problem) coupled() bool  { return len(p.links) > 0 }

// eliminate factors the matrices of the island.
func (p *problem) eliminate() bool {
	if p.coupled() {
		return p.graph.Factor()
	}
	for _, tr := range p.parts {
		if !p.s.tree.Factor(tr.span()) {
			return false
		}
	}
	return true
}

// resolve solves with them.
func (p *problem) resolve(to articulated.Side) {
	if p.coupled() {
		p.graph.Solve(to)
		return
	}
	for _, tr := range p.parts {
		p.s.tree.Solve(tr.span(), to)
	}
}

// normalOnly reports whether row i is a contact without friction.
func (p *problem) normalOnly(i int) bool { return p.blocks[i].Kind == ipm.Orthant }

// Direction implements ipm.Problem.
func (p *problem) Direction(k, du []spatial.Vec) {
	s := p.s
	for _, tr := range p.parts {
		copy(s.tree.Bias[tr.First:tr.Last], s.wrench[tr.First:tr.Last])
		copy(s.tree.RHS[tr.V0:tr.V1], s.rj[tr.V0:tr.V1])
	}
	for i := range p.rows {
		p.thrust(s.tree.Bias, s.tree.RHS, i, k[i])
	}
	p.resolve(articulated.Forward)
	p.correct()
	p.answer(du)
	p.turned = true
}

// answer stores the changes of all values, J dx for the solution in s.tree.
func (p *problem) answer(du []spatial.Vec) {
	for i := range p.rows {
		du[i] = p.answerOf(i)
	}
}

// Step implements ipm.Problem.
func (p *problem) Step(alpha float64) {
	s := p.s
	if p.turned { // many a direction is only looked at
		p.velocityChange(s.dv, s.tree.X)
		p.turned = false
	}
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ {
			s.vNext[i] = s.v0[i] + alpha*s.dv[i]
		}
	}
	for _, i := range p.mimics {
		s.nu[i] = s.nu0[i] + alpha*s.dnu[i]
	}
}
