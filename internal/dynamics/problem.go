package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// problem is the step of one tree, as the solver sees it (it implements ipm.Problem). Its free variables
// are the velocities of the coming interval; directions are computed in the tangent of the configuration
// at knot 3 and mapped back.
type problem struct {
	s        *Stepper
	t        int
	tr       *Tree
	rows     []row // those of the joints, then the contacts that take part in the step at hand
	joints   int   // how many rows belong to joints
	limits   []row // all rows that joints can have
	on       []bool
	blocks   []ipm.Block
	contacts []int   // all contacts of the tree
	kappa    float64 // of the last solve
	room     float64 // that sides give way in it, see exclude.go
	rolls    []int   // first dofs of spherical rotations
	forces   []int   // dofs with forces of their own, see forced
	result   ipm.Result
	mimics   []int
	mimic    coupling
	turned   bool // the direction is a new one: dv does not belong to dq
}

// init lists the blocks of tree t.
func (p *problem) init(s *Stepper, t int) {
	p.s, p.t, p.tr = s, t, &s.m.Trees[t]
	m, tr := s.m, p.tr
	for i := range m.Contacts {
		if c := &m.Contacts[i]; c.Body >= tr.First && c.Body < tr.Last {
			p.contacts = append(p.contacts, i)
		}
	}
	for i := tr.V0; i < tr.V1; i++ {
		p.limits = append(p.limits, m.jointRows(i)...)
	}
	for i := range m.Mimics {
		if v := m.Mimics[i].Dof; v >= tr.V0 && v < tr.V1 {
			p.mimics = append(p.mimics, i)
		}
	}
	p.mimic.init(len(p.mimics), tr.V1-tr.V0)
	p.forces = p.forced()
	for i := tr.First; i < tr.Last; i++ {
		if k := m.Bodies[i].ball(); k >= 0 {
			p.rolls = append(p.rolls, k)
		}
	}
	p.on = make([]bool, len(p.limits))
	n := len(p.limits) + len(p.contacts)
	p.rows, p.blocks = make([]row, 0, n), make([]ipm.Block, 0, n)
}

// startGap is where gaps begin to be felt in the solver's start, in units of what the mechanism's natural
// speed covers in a step. Sizes of the mechanism itself (0.1 ℓ) made steps of 1 ms fail.
const startGap = 1

// prepare fills the blocks for the step at hand.
func (p *problem) prepare() {
	p.blocks = p.blocks[:len(p.rows)]
	units := p.units()
	for i := range p.rows {
		r, b := &p.rows[i], &p.blocks[i]
		*b = units
		measure(b, p.s.massOf(r))
		p.s.describe(b, r)
	}
}

// units returns a block with the natural sizes of the tree, per mass: κ = 1 is m g w ℓ for gaps and m g w √(gℓ)
// for sliding, m what the row moves and w the time for which forces act.
func (p *problem) units() ipm.Block {
	g, tr := p.s.m.GravityRef, p.tr
	impulse := g * p.s.weight
	speed := math.Sqrt(g * tr.Length)
	return ipm.Block{
		Kappa: impulse * tr.Length, KappaT: impulse * speed,
		Scale: startGap * p.s.h * speed, ScaleT: speed,
		Product: speed * speed * p.s.weight, ProductT: speed * speed,
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
	if r.kind == rowTouch {
		return s.m.Colliders[s.m.Contacts[r.contact].Collider].Mass
	}
	return s.m.Dofs[r.dof].Mass
}

// Blocks implements ipm.Problem.
func (p *problem) Blocks() []ipm.Block { return p.blocks }

// Values implements ipm.Problem.
func (p *problem) Values(u []spatial.Vec) bool {
	s := p.s
	if !s.interval(s.mo, p.tr, s.vNext, s.h) {
		return false
	}
	for i := range p.rows {
		u[i] = s.value(&p.rows[i])
		if p.room > 0 {
			u[i].X += s.roomOf(&p.rows[i])
		}
	}
	return true
}

// Reset implements ipm.Problem.
func (p *problem) Reset() {
	s, tr := p.s, p.tr
	copy(s.vNext[tr.V0:tr.V1], s.v[tr.V0:tr.V1])
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
		r := &p.rows[i]
		if r.kind == rowTouch {
			s.touches[r.contact].lambda = lambda[i]
			s.addTouch(s.wrench, r, lambda[i], -1)
		} else {
			r.force = lambda[i].X
			s.jointImpulse(s.rj, r, lambda[i])
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
		s.rj[c.Of] += c.Ratio * s.nu[i]
		p.mimic.c[n] = s.position(c.Dof) - c.Ratio*s.position(c.Of) - c.Offset
	}
}

// norm sums the wrenches over the subtrees and returns the largest generalized residual as a fraction of
// the dof's natural momentum.
func (p *problem) norm() float64 {
	s, m, tr := p.s, p.s.m, p.tr
	copy(s.sums[tr.First:tr.Last], s.wrench[tr.First:tr.Last])
	worst := 0.0
	for i := tr.Last - 1; i >= tr.First; i-- {
		b := &m.Bodies[i]
		force, torque := s.sums[i].Force, s.sums[i].Torque
		n := b.NT + b.NR
		res, screws, rj, per := s.res[b.V:b.V+n], s.tree.Screw2[b.V:b.V+n], s.rj[b.V:b.V+n], s.perMomentum[b.V:b.V+n]
		for j := range res {
			t := &screws[j]
			r := spatial.Dot(t.Lin, force) + spatial.Dot(t.Ang, torque) + rj[j]
			res[j] = r
			worst = max(worst, math.Abs(r)*per[j]) // NaN when one is
		}
		if b.Parent != World {
			q := &s.sums[b.Parent]
			q.Force, q.Torque = spatial.Add(q.Force, force), spatial.Add(q.Torque, torque)
		}
	}
	for n := range p.mimics {
		worst = max(worst, math.Abs(p.mimic.c[n]))
	}
	return worst
}

// Factor implements ipm.Problem.
func (p *problem) Factor(w []ipm.Matrix) bool {
	s, tr := p.s, p.tr
	invH := 1 / s.h
	copy(s.v0[tr.V0:tr.V1], s.vNext[tr.V0:tr.V1])
	for _, i := range p.mimics {
		s.nu0[i] = s.nu[i]
	}
	s.screws(tr)
	for i := tr.First; i < tr.Last; i++ {
		s.momentumJac(&s.tree.A[i], i, &s.mo[i], &s.dc[i], invH)
	}
	p.jointSlopes()
	for i := range p.rows {
		if r := &p.rows[i]; r.kind == rowTouch {
			s.touchMatrix(r, &w[i], p.normalOnly(i))
		} else {
			s.jointMatrix(r, &w[i])
		}
	}
	if !s.tree.Factor(tr.span()) {
		return false
	}
	return p.couple()
}

// normalOnly reports whether row i is a contact without friction.
func (p *problem) normalOnly(i int) bool { return p.blocks[i].Kind == ipm.Orthant }

// Direction implements ipm.Problem.
func (p *problem) Direction(k, du []spatial.Vec) {
	s, tr := p.s, p.tr
	copy(s.tree.Bias[tr.First:tr.Last], s.wrench[tr.First:tr.Last])
	copy(s.tree.RHS[tr.V0:tr.V1], s.rj[tr.V0:tr.V1])
	for i := range p.rows {
		r := &p.rows[i]
		if r.kind == rowTouch {
			s.addTouch(s.tree.Bias, r, k[i], -1)
		} else {
			s.jointImpulse(s.tree.RHS, r, k[i])
		}
	}
	s.tree.Solve(tr.span(), articulated.Forward)
	p.correct()
	for i := range p.rows {
		r := &p.rows[i]
		if r.kind == rowTouch {
			t, b := s.touchOf(r)
			du[i] = powers(&t.g, &s.tree.Twist[b])
		} else {
			du[i] = s.jointChange(r)
		}
	}
	p.turned = true
}

// Step implements ipm.Problem.
func (p *problem) Step(alpha float64) {
	s := p.s
	if p.turned { // many a direction is only looked at
		p.velocityChange(s.dv, s.tree.X)
		p.turned = false
	}
	for i := p.tr.V0; i < p.tr.V1; i++ {
		s.vNext[i] = s.v0[i] + alpha*s.dv[i]
	}
	for _, i := range p.mimics {
		s.nu[i] = s.nu0[i] + alpha*s.dnu[i]
	}
}
