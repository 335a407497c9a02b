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

// Defect implements ipm.Refiner. Where contacts are stiff NᵀWJ drowns F_x in the sum that is factored; here the impulses of the rows are given, and
// nothing is added up but what the balances do.
func (p *problem) Defect(dl []spatial.Vec) (norm float64) {
	s, d := p.s, &p.s.defect
	for _, tr := range p.parts {
		s.inertial(tr)
	}
	for i := range p.rows {
		p.thrust(&p.rows[i], dl[i])
	}
	for _, i := range p.mimics {
		c := &s.m.Mimics[i]
		d.rj[c.Dof] -= s.dnu[i]
		d.rj[c.Of] += s.slope2(c) * s.dnu[i]
	}
	for _, tr := range p.parts {
		norm = max(norm, s.sumUp(tr.Tree, d.wrench, d.rj))
	}
	return norm
}

// inertial stores what bodies and joints of a tree leave without the changes of the rows.
func (s *Stepper) inertial(tr *part) {
	d := &s.defect
	for i := tr.First; i < tr.Last; i++ {
		var a spatial.Mat6
		s.momentumJac(&a, i, &s.mo[i], &s.dc[i], 1/s.h)
		d.wrench[i] = s.wrench[i]
		addProduct(&d.wrench[i], &a, &s.tree.Twist[i])
	}
	copy(d.rj[tr.V0:tr.V1], s.rj[tr.V0:tr.V1])
	for _, k := range tr.forces {
		if !s.balls[k] {
			d.rj[k] += s.axisSlope(k, &s.m.Dofs[k]) * s.tree.X[k]
			continue
		}
		var m spatial.Mat3
		s.ballForceSlope(&m, k)
		addTo(d.rj[k:], 1, m.MulVec(vec3(s.tree.X[k:])))
	}
}

// thrust adds −Nᵀdλ of r, and how its impulse moves with the bodies.
func (p *problem) thrust(r *row, dl spatial.Vec) {
	s, d := p.s, &p.s.defect
	switch r.kind {
	case rowTouch:
		t, b := s.touchOf(r)
		s.addTouch(d.wrench, r, dl, -1)
		if t.Rolls() {
			var arm spatial.Mat3
			t.PointRows(&arm, &s.mo[b])
			w := &d.wrench[b]
			w.Torque = spatial.Add(w.Torque, spatial.Cross(t.force(t.lambda), arm.MulVec(s.tree.Twist[b].Ang)))
		}
	case rowMeet:
		c := &s.meets[r.contact]
		c.add(d.wrench, dl, -1)
		if c.Rolls() {
			t := s.armTorque(c, s.tree.Twist)
			d.wrench[c.a].Torque = spatial.Sub(d.wrench[c.a].Torque, t)
			if c.b != World {
				d.wrench[c.b].Torque = spatial.Add(d.wrench[c.b].Torque, t)
			}
		}
	case rowEqual:
		s.closureOf(r).add(d.wrench, dl, -1)
	default:
		s.jointImpulse(d.rj, r, dl)
		if r.kind == rowCone {
			var m spatial.Mat3
			s.addConeTurn(&m, r)
			addTo(d.rj[r.dof:], 1, m.MulVec(vec3(s.tree.X[r.dof:])))
		}
	}
}

// Correct implements ipm.Refiner.
func (p *problem) Correct(du []spatial.Vec) {
	s, d, c := p.s, &p.s.defect, p.mimic.c
	for n, i := range p.mimics { // of the coupling is left what the direction leaves
		c[n] += s.mimicRow(i, s.tree.X)
		d.dnu[i] = s.dnu[i]
	}
	for _, tr := range p.parts {
		copy(d.x[tr.V0:tr.V1], s.tree.X[tr.V0:tr.V1])
		copy(d.twist[tr.First:tr.Last], s.tree.Twist[tr.First:tr.Last])
		copy(s.tree.Bias[tr.First:tr.Last], d.wrench[tr.First:tr.Last])
		copy(s.tree.RHS[tr.V0:tr.V1], d.rj[tr.V0:tr.V1])
	}
	p.resolve(articulated.Forward)
	p.correct()
	p.answer(du)
	for n, i := range p.mimics {
		c[n] -= s.mimicRow(i, d.x)
		s.dnu[i] += d.dnu[i]
	}
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ {
			s.tree.X[i] += d.x[i]
		}
		for i := tr.First; i < tr.Last; i++ {
			addTwist(&s.tree.Twist[i], 1, &d.twist[i])
		}
	}
	p.turned = true
}
