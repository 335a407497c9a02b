package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Derivatives of a solved step by the implicit function theorem (docs/theory.md, section 7). With q the
// configuration at knot 3 the solution obeys r(q, λ; x) = 0 and λ = Λ(u(q; x); x), so
//
//	H dq = −(∂r/∂x + NᵀW ∂u/∂x − Nᵀ ∂Λ/∂x) dx,   H = ∂r/∂q + NᵀWJ,
//
// with the matrix H that Newton's method factored. Changes of the state move knots 1 and 2; all knots
// they do not move stay where they are. Everything a body feels of its knots 1 and 2 is a 6×6 matrix
// (A1, A2), so the columns of all joints above it cost one product each.

// linear holds the linearization of a solved step.
type linear struct {
	a1, a2, a3     []spatial.Mat6   // ∂(wrench)/∂(twist at knot 1, 2, 3), contacts included
	m1, m2         []spatial.Mat6   // the same gathered over subtrees with their joints eliminated
	rho1, rho2     []spatial.Wrench // what a joint's equation feels of a twist of the whole subtree
	screwQ, screwV []spatial.Twist  // motion at knot 1 per unit q2 and per unit v
	sum            []spatial.Wrench // wrench gathered over the subtree at the solution
	jq, jv, ju     []float64        // joint part of ∂r/∂q2, ∂r/∂v, ∂r/∂u of scalar dofs
	ballQ, ballV   []spatial.Mat3   // the same of spherical rotations, per body
	ballU          []spatial.Mat3   // of servo targets
	end            []int            // one past the last body of each subtree
	touches        []touchStart     // per contact
	meets          []meetStart      // per meeting
	closures       []closureStart   // per row of a loop
	rows           []spatial.Vec    // direct change of each row's multiplier, minus
	force          []spatial.Wrench // direct change of each body's wrench
	t1, t2, t3     []spatial.Twist  // of a tangent pushed forward
	pull1, pull2   []spatial.Wrench // of a cotangent pulled back
	z, dv          []float64        // adjoint and scratch of parameters
	unit           []float64        // zeros, and sometimes a one, of states and inputs
	zt             []spatial.Twist  // twists of the adjoint
	lift           lift             // of cotangents of impulses
}

func (s *Stepper) newLinear() *linear {
	nb, nv := len(s.m.Bodies), s.m.NV
	l := &linear{
		a1: make([]spatial.Mat6, nb), a2: make([]spatial.Mat6, nb), a3: make([]spatial.Mat6, nb),
		m1: make([]spatial.Mat6, nb), m2: make([]spatial.Mat6, nb),
		rho1: make([]spatial.Wrench, nv), rho2: make([]spatial.Wrench, nv),
		screwQ: make([]spatial.Twist, nv), screwV: make([]spatial.Twist, nv),
		sum: make([]spatial.Wrench, nb), jq: make([]float64, nv), jv: make([]float64, nv), ju: make([]float64, nv),
		ballQ: make([]spatial.Mat3, nb), ballV: make([]spatial.Mat3, nb), ballU: make([]spatial.Mat3, nb),
		touches: make([]touchStart, len(s.touches)), closures: make([]closureStart, len(s.closures)), end: make([]int, nb),
		force: make([]spatial.Wrench, nb), z: make([]float64, nv), unit: make([]float64, max(nv, s.m.NU)), dv: make([]float64, nv), zt: make([]spatial.Twist, nb), t1: make([]spatial.Twist, nb), t2: make([]spatial.Twist, nb), t3: make([]spatial.Twist, nb), pull1: make([]spatial.Wrench, nb), pull2: make([]spatial.Wrench, nb),
	}
	for i := nb - 1; i >= 0; i-- {
		l.end[i] = max(l.end[i], i+1)
		if p := s.m.Bodies[i].Parent; p != World {
			l.end[p] = max(l.end[p], l.end[i])
		}
	}
	return l
}

// Linearize prepares the derivatives of the step just solved. It reports false when its matrix is
// singular. The step must not have been divided.
func (s *Stepper) Linearize() bool {
	if s.lin == nil {
		s.lin = s.newLinear()
	}
	n := 0
	for _, p := range s.islands {
		p.first = n
		n += len(p.rows)
	}
	if n > len(s.lin.rows) {
		s.lin.rows = make([]spatial.Vec, n)
	}
	if n := len(s.meets); n > len(s.lin.meets) {
		s.lin.meets = make([]meetStart, n)
	}
	for _, p := range s.islands {
		if !p.linearize(s.lin) {
			return false
		}
	}
	return true
}

func (p *problem) linearize(l *linear) bool {
	s, v := p.s, &p.solver
	w, ok := v.Condense(p.kappa)
	if !ok {
		return false
	}
	for i := range p.rows {
		switch r := &p.rows[i]; r.kind {
		case rowTouch:
			s.touches[r.at].lambda = v.Lambda[i]
		case rowMeet:
			s.meets[r.contact].lambda = v.Lambda[i]
		case rowEqual:
		default:
			r.force = v.Lambda[i].X
		}
	}
	if !p.Factor(w) {
		return false
	}
	p.w = w
	for _, tr := range p.parts {
		s.linearizeTree(l, tr.Tree)
	}
	p.start(l, v)
	for _, tr := range p.parts {
		if !p.pushes() {
			s.gather(l, tr.Tree)
		}
	}
	return true
}

// linearizeTree finds what the bodies of a tree feel of their knots, without contacts.
func (s *Stepper) linearizeTree(l *linear, tr *Tree) {
	copy(l.sum[tr.First:tr.Last], s.sums[tr.First:tr.Last])
	invH := 1 / s.h
	for i := tr.First; i < tr.Last; i++ {
		if s.instant {
			s.instantJac(&l.a1[i], i)
		} else {
			_, _, dc := s.momentum(i, &s.past[i], 1/s.hPast)
			s.momentumJac(&l.a1[i], i, &s.past[i], &dc, 1/s.hPast)
		}
		s.momentumJac(&l.a3[i], i, &s.mo[i], &s.dc[i], invH)
		s.startJac(&l.a2[i], i, &l.a3[i], &l.a1[i])
	}
	s.thrustStart(l, tr)
	s.pastScrews(l, tr)
}

// start adds to the linearization what joints and rows feel of the start of the step, knot 3 held fixed.
func (p *problem) start(l *linear, v *ipm.Solver) {
	s := p.s
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			b := &s.m.Bodies[i]
			for k := b.V; k < b.V+b.scalars(); k++ {
				s.axisStart(l, k)
			}
			if k := b.ball(); k >= 0 {
				s.ballStart(l, k)
			}
		}
	}
	for _, i := range p.mimics { // the slope along which its impulse acts is that of knot 2
		c := &s.m.Mimics[i]
		l.jq[c.Of] += c.bend(s.coordinate(c.Of, 0, 0)) * s.nu[i]
	}
	for n := range p.rows {
		r, w := &p.rows[n], &p.w[n]
		switch r.kind {
		case rowTouch:
			s.touchStart(l, r, w, v.Lambda[n], p.normalOnly(n))
		case rowMeet:
			p.startMeet(n, v.Lambda[n])
		case rowEqual:
			s.startClosure(&l.closures[r.closure], s.closureOf(r), v.Lambda[n])
		default:
			s.jointStart(l, r, w)
		}
	}
}

// gather computes M and ρ of all subtrees: with its joints eliminated, what a subtree passes to its
// parent is M t for a twist t of all of it, and what its joints' equations feel is ρ·t.
func (s *Stepper) gather(l *linear, tr *Tree) {
	m := s.m
	for i := tr.First; i < tr.Last; i++ {
		l.m1[i], l.m2[i] = l.a1[i], l.a2[i]
	}
	for i := tr.Last - 1; i >= tr.First; i-- {
		b := &m.Bodies[i]
		if s.tree.Bodies[i].Base >= 0 {
			continue
		}
		n := b.NT + b.NR
		for j := b.V; j < b.V+n; j++ {
			l.m1[i].TMulTwist(&l.rho1[j], &s.tree.Screw2[j])
			l.m2[i].TMulTwist(&l.rho2[j], &s.tree.Screw2[j])
			// (t × s_j)·F: the joint's own axis turns with everything above it
			c := crossForce(&s.tree.Screw2[j], &l.sum[i])
			l.rho2[j].Force = spatial.Add(l.rho2[j].Force, c.Force)
			l.rho2[j].Torque = spatial.Add(l.rho2[j].Torque, c.Torque)
		}
		if b.Parent == World {
			continue
		}
		p1, p2 := &l.m1[b.Parent], &l.m2[b.Parent]
		p1.Add(&l.m1[i])
		p2.Add(&l.m2[i])
		s.tree.Downdate(p1, i, l.rho1[b.V:b.V+n])
		s.tree.Downdate(p2, i, l.rho2[b.V:b.V+n])
	}
}

// crossForce returns the covector c with c·t = (t × s)·F, × the cross product of motions:
// t × s = (t.ang × s.lin − s.ang × t.lin, t.ang × s.ang).
func crossForce(s *spatial.Twist, f *spatial.Wrench) spatial.Wrench {
	return spatial.Wrench{
		Force:  spatial.Cross(s.Ang, f.Force), // −(s.ang × lin)·f = lin·(s.ang × f)
		Torque: spatial.Add(spatial.Cross(s.Lin, f.Force), spatial.Cross(s.Ang, f.Torque)),
	}
}
