package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Constraints that leave no position at all are told by the same sign as those that leave a single one (room.go): the
// forces that grow cancel each other (a Farkas certificate of the linearized constraints; Nocedal and Wright,
// "Numerical Optimization", 2006, section 12.6). That is a sign for the place where the solver stopped, and where it
// stopped for other reasons it misled: but a step that begins where all constraints hold has a position, the one it
// begins with, so only others are said to have none.

const (
	// grown is the multiplier, in natural impulses, above which a side counts as pushed against another.
	grown = 10
	// cancelled is the part of these impulses that may be left of their sum.
	cancelled = 1e-3
	// guided is the part of them that may be felt where joints alone hold a body in the way.
	guided = 1e-9
)

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

// Excluding returns the two sides of the step at hand that exclude each other most: contacts as the reports list them,
// or the dofs of limits (the other −1). The second has neither where it is the joint that guides the body of the first.
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
