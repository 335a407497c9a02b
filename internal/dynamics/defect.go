package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// defect is what a direction leaves of the linearized balances, and scratch of its correction.
type defect struct {
	wrench []spatial.Wrench // per body
	rj     []float64        // per dof
	x      []float64        // the direction before its correction: its solution,
	twist  []spatial.Twist  // the twists of the bodies,
	dnu    []float64        // and the multipliers of the mimics
}

func (d *defect) init(m *Model) {
	nb, nv := len(m.Bodies), m.NV
	d.wrench, d.rj, d.dnu = make([]spatial.Wrench, nb), make([]float64, nv), make([]float64, len(m.Mimics))
	d.x, d.twist = make([]float64, nv), make([]spatial.Twist, nb)
}

// Defect implements ipm.Refiner. Where contacts are stiff NᵀWJ drowns F_x in the sum that is factored; here the
// impulses of the rows are given, and nothing is added up but what the balances do.
func (p *problem) Defect(dl []spatial.Vec) (norm float64) {
	s, d := p.s, &p.s.defect
	for _, tr := range p.parts {
		s.inertial(tr, s.wrench, s.rj)
	}
	for i := range p.rows {
		p.thrust(d.wrench, d.rj, i, dl[i])
		p.move(&p.rows[i])
	}
	for _, i := range p.mimics {
		c := &s.m.Mimics[i]
		d.rj[c.Dof] -= s.dnu[i]
		d.rj[c.Of] += s.slope2(c) * s.dnu[i]
	}
	for _, tr := range p.parts {
		norm = max(norm, s.sumUp(tr.Tree, d.wrench, d.rj))
	}
	p.left = norm
	return norm
}

// inertial stores what bodies and joints of a tree leave without the changes of the rows, of what they left before.
func (s *Stepper) inertial(tr *part, wrench []spatial.Wrench, rj []float64) {
	d := &s.defect
	for i := tr.First; i < tr.Last; i++ {
		var a spatial.Mat6
		s.momentumJac(&a, i, &s.mo[i], &s.dc[i], 1/s.h)
		d.wrench[i] = wrench[i]
		addProduct(&d.wrench[i], &a, &s.tree.Twist[i])
	}
	copy(d.rj[tr.V0:tr.V1], rj[tr.V0:tr.V1])
	s.addSlopes(tr, d.rj, s.tree.X, false)
}

// move adds how the impulse of r moves with the bodies.
func (p *problem) move(r *row) {
	s, d := p.s, &p.s.defect
	switch r.kind {
	case rowTouch:
		if t, b := s.touchOf(r); t.Rolls() {
			var arm spatial.Mat3
			t.PointRows(&arm, &s.mo[b])
			w := &d.wrench[b]
			w.Torque = spatial.Add(w.Torque, spatial.Cross(t.force(t.lambda), arm.MulVec(s.tree.Twist[b].Ang)))
		}
	case rowMeet:
		s.swing(d.wrench, &s.meets[r.contact])
	case rowCone:
		s.swingCone(d.rj, r, false)
	}
}

// Correct implements ipm.Refiner: with the same factors, or apart from them where they are spoiled.
func (p *problem) Correct(du []spatial.Vec) {
	p.turned = true
	if p.spoils() {
		p.correctApart(du)
		return
	}
	s, d, c := p.s, &p.s.defect, p.mimic.c
	for n, i := range p.mimics { // of the coupling is left what the direction leaves
		c[n] += s.mimicRow(i, s.tree.X)
	}
	p.stash()
	for _, tr := range p.parts {
		copy(s.tree.Bias[tr.First:tr.Last], d.wrench[tr.First:tr.Last])
		copy(s.tree.RHS[tr.V0:tr.V1], d.rj[tr.V0:tr.V1])
	}
	p.resolve(articulated.Forward)
	p.correct()
	p.answer(du)
	for n, i := range p.mimics {
		c[n] -= s.mimicRow(i, d.x)
	}
	p.unstash()
}

// stash keeps the solution in s.tree, and unstash adds it to the next.
func (p *problem) stash() {
	s, d := p.s, &p.s.defect
	for _, tr := range p.parts {
		copy(d.x[tr.V0:tr.V1], s.tree.X[tr.V0:tr.V1])
		copy(d.twist[tr.First:tr.Last], s.tree.Twist[tr.First:tr.Last])
	}
	for _, i := range p.mimics {
		d.dnu[i] = s.dnu[i]
	}
}

func (p *problem) unstash() {
	s, d := p.s, &p.s.defect
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ {
			s.tree.X[i] += d.x[i]
		}
		for i := tr.First; i < tr.Last; i++ {
			addTwist(&s.tree.Twist[i], 1, &d.twist[i])
		}
	}
	for _, i := range p.mimics {
		s.dnu[i] += d.dnu[i]
	}
}
