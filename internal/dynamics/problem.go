package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// rowKind is the kind of a complementarity block.
type rowKind uint8

const (
	rowContact  rowKind = iota
	rowLower            // joint limit from below
	rowUpper            // joint limit from above
	rowCone             // limit of a spherical joint's total angle
	rowFriction         // dry friction of one dof
	rowGrease           // dry friction of a spherical joint
	rowServo            // effort limit of a servo on one dof
	rowGimbal           // effort limit of a servo on a spherical joint
)

// row says what a block of the solver means: a contact or something on a joint.
type row struct {
	kind    rowKind
	dof     int // first dof for spherical joints
	contact int
	slope   float64 // derivative of the value of a row of one dof, at the last factorization
}

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
	bareBase bool    // the tree's root floats and its joint has no forces of its own
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
		d := &m.Dofs[i]
		b := &m.Bodies[d.Body]
		ball := m.Ball(i)
		if ball && i != b.V+b.NT {
			continue // the first dof speaks for all three
		}
		add := func(scalar, spherical rowKind) {
			if ball {
				scalar = spherical
			}
			p.rows = append(p.rows, row{kind: scalar, dof: i, contact: -1})
		}
		if !ball && !math.IsInf(d.Lower, -1) {
			add(rowLower, rowLower)
		}
		if !math.IsInf(d.Upper, 1) {
			add(rowUpper, rowCone)
		}
		if d.Friction > 0 {
			add(rowFriction, rowGrease)
		}
		if d.Drive == Servo && !math.IsInf(d.Effort, 1) {
			add(rowServo, rowGimbal)
		}
	}
	for i := range m.Mimics {
		if v := m.Mimics[i].Dof; v >= tr.V0 && v < tr.V1 {
			p.mimics = append(p.mimics, i)
		}
	}
	p.mimic.init(len(p.mimics), tr.V1-tr.V0)
	p.limits, p.rows = p.rows, nil
	p.on = make([]bool, len(p.limits))
	n := len(p.limits) + len(p.contacts)
	p.rows, p.blocks = make([]row, 0, n), make([]ipm.Block, 0, n)
	p.bareBase = s.bare(tr)
}

// bare reports whether the root joint of tr, if there is one only, is free along the world axes and nothing
// acts on it but inputs, so that its matrix has no joint part.
func (s *Stepper) bare(tr *Tree) bool {
	for i := tr.First + 1; i < tr.Last; i++ {
		if s.m.Bodies[i].Parent == World {
			return false
		}
	}
	b := &s.m.Bodies[tr.First]
	if b.NT != 3 || b.NR != 3 || b.Axes[0] != (spatial.Vec{X: 1}) || b.Axes[1] != (spatial.Vec{Y: 1}) || b.Axes[2] != (spatial.Vec{Z: 1}) {
		return false
	}
	for i := b.V; i < b.V+6; i++ {
		d := &s.m.Dofs[i]
		if d.Damping != 0 || d.Stiffness != 0 || d.Armature != 0 || d.Friction != 0 || d.Drive == Servo ||
			!math.IsInf(d.Lower, -1) || !math.IsInf(d.Upper, 1) {
			return false
		}
	}
	return true
}

// startGap is where gaps begin to be felt in the solver's start, in units of what the mechanism's natural
// speed covers in a step. Sizes of the mechanism itself (0.1 ℓ) made steps of 1 ms fail.
const startGap = 1

// prepare fills the blocks for the step at hand.
func (p *problem) prepare() {
	s, m := p.s, p.s.m
	p.blocks = p.blocks[:len(p.rows)]
	for i := range p.rows {
		r, b := &p.rows[i], &p.blocks[i]
		*b = p.units()
		b.Past = s.pastValue(r)
		switch r.kind {
		case rowContact:
			b.Mu = m.Colliders[m.Contacts[r.contact].Collider].Friction
			switch {
			case m.Law == Frictionless || b.Mu == 0:
				b.Kind = ipm.Orthant
			case m.Law == Pyramid:
				b.Kind = ipm.Pyramid
				b.Mu *= math.Sqrt2 / 2 // see pyramid
			default:
				b.Kind = ipm.Coulomb
			}
		case rowLower, rowUpper, rowCone:
			b.Kind = ipm.Orthant
			if s.angular(r.dof) {
				b.Scale = startGap * s.h * m.Dofs[r.dof].Speed
			}
		default:
			d := &m.Dofs[r.dof]
			b.Kind, b.ScaleT = ipm.Bound, d.Speed
			b.Single = r.kind == rowFriction || r.kind == rowServo
			b.Limit = s.h * d.Friction
			if r.kind == rowServo || r.kind == rowGimbal {
				b.Limit = s.h * d.Effort
				b.Compliance = 1 / (s.h * servoGain(d, s.h))
			}
		}
	}
}

// units returns a block with the natural sizes of the tree: κ = 1 is M g h ℓ for gaps and M g h √(gℓ)
// for sliding, see Model.KappaUnit.
func (p *problem) units() ipm.Block {
	g, tr := p.s.m.GravityRef, p.tr
	impulse := tr.Mass * g * p.s.h
	speed := math.Sqrt(g * tr.Length)
	return ipm.Block{
		Kappa: impulse * tr.Length, KappaT: impulse * speed,
		Scale: startGap * p.s.h * speed, ScaleT: speed,
		Product: tr.Mass * speed * speed * p.s.h, ProductT: tr.Mass * speed * speed,
	}
}

// pastValue returns the value that the row's block had at the end of the step before. It is in the state.
func (s *Stepper) pastValue(r *row) spatial.Vec {
	if r.kind != rowContact {
		return s.jointPast(r)
	}
	t, mo := &s.touches[r.contact], &s.past[s.m.Contacts[r.contact].Body]
	_, y, z := t.Eval(mo.w, mo.dx, -1/s.hPast)
	return spatial.Vec{X: t.Gap2, Y: y, Z: z}
}

// pyramid rotates the tangents by 45°: |β·(t1±t2)/√2| ≤ μγ/√2 is the square with corners on the Coulomb
// circle along t1 and t2.
func pyramid(t1, t2 spatial.Vec) (a, b spatial.Vec) {
	const k = math.Sqrt2 / 2
	return spatial.Scale(k, spatial.Add(t1, t2)), spatial.Scale(k, spatial.Sub(t2, t1))
}

// angular reports whether dof i is a rotation.
func (s *Stepper) angular(i int) bool { return s.turns[i] }

// Blocks implements ipm.Problem.
func (p *problem) Blocks() []ipm.Block { return p.blocks }

// Values implements ipm.Problem.
func (p *problem) Values(u []spatial.Vec) bool {
	s, m := p.s, p.s.m
	if !s.interval(s.mo, p.tr, s.vNext, s.h) {
		return false
	}
	invH := 1 / s.h
	for i := range p.rows {
		switch r := &p.rows[i]; r.kind {
		case rowContact:
			mo := &s.mo[m.Contacts[r.contact].Body]
			u[i].X, u[i].Y, u[i].Z = s.touches[r.contact].Eval(mo.w, mo.dx, invH)
		default:
			u[i] = s.jointValue(r)
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
	s, m, tr := p.s, p.s.m, p.tr
	p.bodyResidual()
	for i := tr.V0; i < tr.V1; i++ {
		s.rj[i] = 0
	}
	s.jointForces(tr)
	for i := range p.rows {
		r := &p.rows[i]
		if r.kind == rowContact {
			addWrench(&s.wrench[m.Contacts[r.contact].Body], &s.touches[r.contact].Wrenches, lambda[i], -1)
		} else {
			s.jointImpulse(s.rj, r, lambda[i])
		}
	}
	p.mimicResidual()
	return p.norm()
}

// bodyResidual stores the wrench of every body's balance of momentum, without contacts.
func (p *problem) bodyResidual() {
	s, tr := p.s, p.tr
	invH := 1 / s.h
	for i := tr.First; i < tr.Last; i++ {
		k, w := &s.knots[i], &s.wrench[i]
		pl, l, dc := s.momentum(i, &s.mo[i], invH)
		s.dc[i] = dc
		w.Force = spatial.Add(k.base.Force, pl)
		w.Torque = spatial.Add(spatial.Add(k.base.Torque, l), spatial.Cross(k.r2, pl))
	}
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
	copy(s.bias[tr.First:tr.Last], s.wrench[tr.First:tr.Last])
	worst := 0.0
	for i := tr.Last - 1; i >= tr.First; i-- {
		b, w := &m.Bodies[i], &s.bias[i]
		for j := b.V; j < b.V+b.NT+b.NR; j++ {
			s.res[j] = s.screw2[j].Power(w) + s.rj[j]
			e := math.Abs(s.res[j]) * s.perMomentum[j]
			if !(e <= worst) {
				worst = e // also when it is NaN
			}
		}
		if b.Parent != World {
			q := &s.bias[b.Parent]
			q.Force, q.Torque = spatial.Add(q.Force, w.Force), spatial.Add(q.Torque, w.Torque)
		}
	}
	for n := range p.mimics {
		if e := math.Abs(p.mimic.c[n]); !(e <= worst) {
			worst = e
		}
	}
	return worst
}

func addWrench(w *spatial.Wrench, n *[3]spatial.Wrench, l spatial.Vec, sign float64) {
	for k, c := range [3]float64{sign * l.X, sign * l.Y, sign * l.Z} {
		w.Force = spatial.AddScaled(w.Force, c, n[k].Force)
		w.Torque = spatial.AddScaled(w.Torque, c, n[k].Torque)
	}
}

// Factor implements ipm.Problem.
func (p *problem) Factor(w []ipm.Matrix) bool {
	s, m, tr := p.s, p.s.m, p.tr
	invH := 1 / s.h
	copy(s.v0[tr.V0:tr.V1], s.vNext[tr.V0:tr.V1])
	for _, i := range p.mimics {
		s.nu0[i] = s.nu[i]
	}
	s.screws(tr)
	for i := tr.First; i < tr.Last; i++ {
		s.momentumJac(&s.art[i].a, i, &s.mo[i], s.dc[i], invH)
	}
	s.jointJac(tr)
	for i := range p.rows {
		r := &p.rows[i]
		if r.kind != rowContact {
			s.jointRowJac(r, &w[i])
			continue
		}
		b := m.Contacts[r.contact].Body
		t, g := &s.touches[r.contact], &s.grads[r.contact]
		t.Rows(g, s.mo[b].w, s.mo[b].dx, invH)
		addContact(&s.art[b].a, &t.Wrenches, g, &w[i], p.blocks[i].Kind == ipm.Orthant)
	}
	if !s.factor(tr) {
		return false
	}
	return p.couple()
}

// addContact adds Nᵀ W G to the matrix of the body.
func addContact(a *spatial.Mat6, n, g *[3]spatial.Wrench, w *ipm.Matrix, normalOnly bool) {
	// rows of W G first
	row := spatial.Wrench{Force: spatial.Scale(w[0], g[0].Force), Torque: spatial.Scale(w[0], g[0].Torque)}
	a.AddOuter(&n[0], &row)
	if normalOnly {
		return
	}
	for k := 1; k < 3; k++ {
		x, y, z := w[3*k], w[3*k+1], w[3*k+2]
		row.Force = spatial.AddScaled(spatial.AddScaled(spatial.Scale(x, g[0].Force), y, g[1].Force), z, g[2].Force)
		row.Torque = spatial.AddScaled(spatial.AddScaled(spatial.Scale(x, g[0].Torque), y, g[1].Torque), z, g[2].Torque)
		a.AddOuter(&n[k], &row)
	}
}

// Direction implements ipm.Problem.
func (p *problem) Direction(k, du []spatial.Vec) {
	s, m, tr := p.s, p.s.m, p.tr
	copy(s.bias[tr.First:tr.Last], s.wrench[tr.First:tr.Last])
	copy(s.rhs[tr.V0:tr.V1], s.rj[tr.V0:tr.V1])
	for i := range p.rows {
		r := &p.rows[i]
		if r.kind == rowContact {
			addWrench(&s.bias[m.Contacts[r.contact].Body], &s.touches[r.contact].Wrenches, k[i], -1)
		} else {
			s.jointImpulse(s.rhs, r, k[i])
		}
	}
	s.solve(tr, forward)
	p.correct()
	for i := range p.rows {
		r := &p.rows[i]
		if r.kind == rowContact {
			t, g := &s.twist[m.Contacts[r.contact].Body], &s.grads[r.contact]
			du[i] = spatial.Vec{X: t.Power(&g[0]), Y: t.Power(&g[1]), Z: t.Power(&g[2])}
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
		s.velocityChange(p.tr, s.dv, s.dq)
		p.turned = false
	}
	for i := p.tr.V0; i < p.tr.V1; i++ {
		s.vNext[i] = s.v0[i] + alpha*s.dv[i]
	}
	for _, i := range p.mimics {
		s.nu[i] = s.nu0[i] + alpha*s.dnu[i]
	}
}
