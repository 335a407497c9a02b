package dynamics

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Derivatives of a solved step by the implicit function theorem (docs/theory.md, section 7). With q the
// configuration at knot 3 the solution obeys r(q, λ; x) = 0 and λ = Λ(u(q; x); x), so
//
//	F dq − Nᵀdλ = −b,   dλ = k − W (du + J dq),      F = ∂r/∂q, b = ∂r/∂x dx, du = ∂u/∂x dx, k = ∂Λ/∂x dx,
//	H dq = −(b + NᵀW du − Nᵀk),                      H = F + NᵀWJ,
//
// with the matrix H that Newton's method factored. Changes of the state move knots 1 and 2; all knots
// they do not move stay where they are. Everything a body feels of its knots 1 and 2 is a 6×6 matrix
// (A1, A2), and what the rows feel is kept apart from it: where contact is hard W is so large that sums with it keep few
// digits of the rest, see refine.go.

// linear holds the linearization of a solved step.
type linear struct {
	a1, a2, a3     []spatial.Mat6   // ∂(wrench)/∂(twist at knot 1, 2, 3) at fixed multipliers
	whole          condensed        // of the columns
	screwQ, screwV []spatial.Twist  // motion at knot 1 per unit q2 and per unit v
	sum            []spatial.Wrench // wrench gathered over the subtree at the solution
	jq, jv, ju     []float64        // joint part of ∂r/∂q2, ∂r/∂v, ∂r/∂u of scalar dofs, at fixed multipliers
	ballQ, ballV   []spatial.Mat3   // the same of spherical rotations, per body
	ballU          []spatial.Mat3   // of servo targets
	end            []int            // one past the last body of each subtree
	touches        []touchStart     // per contact
	meets          []meetStart      // per meeting
	closures       []closureStart   // per row of a loop
	direct         change           // of a tangent
	pulled         change           // of a cotangent
	left           change           // what a solve leaves of the equations
	dl             []spatial.Vec    // change of every row's multiplier, where it is refined
	eta, zeta      []spatial.Vec    // cotangents of every row's k and, minus, du
	wide           []wideTwist      // of the bodies, for solves that are refined
	t1, t2, t3     []spatial.Twist  // of a tangent pushed forward
	pull1, pull2   []spatial.Wrench // of a cotangent pulled back
	z, dv          []float64        // adjoint and scratch of parameters
	nu             []float64        // the adjoint of the mimics
	unit           []float64        // zeros, and sometimes a one, of states and inputs
	zt             []spatial.Twist  // twists of the adjoint
	lift           lift             // of cotangents of impulses
}

func (s *Stepper) newLinear() *linear {
	nb, nv, nm := len(s.m.Bodies), s.m.NV, len(s.m.Mimics)
	l := &linear{
		a1: make([]spatial.Mat6, nb), a2: make([]spatial.Mat6, nb), a3: make([]spatial.Mat6, nb),
		whole: newCondensed(nb, nv), direct: newChange(nb, nv, nm), pulled: newChange(nb, nv, nm), left: newChange(nb, nv, nm),
		screwQ: make([]spatial.Twist, nv), screwV: make([]spatial.Twist, nv),
		sum: make([]spatial.Wrench, nb), jq: make([]float64, nv), jv: make([]float64, nv), ju: make([]float64, nv),
		ballQ: make([]spatial.Mat3, nb), ballV: make([]spatial.Mat3, nb), ballU: make([]spatial.Mat3, nb),
		touches: make([]touchStart, len(s.touches)), closures: make([]closureStart, len(s.closures)), end: make([]int, nb),
		z: make([]float64, nv), nu: make([]float64, nm), unit: make([]float64, max(nv, s.m.NU)), dv: make([]float64, nv), zt: make([]spatial.Twist, nb), t1: make([]spatial.Twist, nb), t2: make([]spatial.Twist, nb), t3: make([]spatial.Twist, nb), pull1: make([]spatial.Wrench, nb), pull2: make([]spatial.Wrench, nb),
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
	s.lin.grow(n)
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
	p.schur.out, p.schur.tried, p.schur.works = false, false, false
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
	p.springs = p.yields
	p.link(w, 0)
	if !p.factor(w) {
		return false
	}
	p.w = w
	for _, tr := range p.parts {
		s.linearizeTree(l, tr.Tree)
	}
	p.start(l, v)
	if p.hard = p.stiffest() > stiff; p.hard && l.wide == nil {
		l.wide = make([]wideTwist, len(s.m.Bodies))
	}
	if !p.pushes() {
		p.gather(l)
	}
	return true
}

// grow makes room for n rows.
func (l *linear) grow(n int) {
	for _, c := range [3]*change{&l.direct, &l.pulled, &l.left} {
		c.du, c.k = slices.Grow(c.du[:0], n)[:n], slices.Grow(c.k[:0], n)[:n]
	}
	for _, v := range [3]*[]spatial.Vec{&l.dl, &l.eta, &l.zeta} {
		*v = slices.Grow((*v)[:0], n)[:n]
	}
}

// linearizeTree finds what the bodies of a tree feel of their knots.
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

// start adds to the linearization what joints and rows feel of the start of the step, knot 3 and multipliers held fixed.
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
		switch r := &p.rows[n]; r.kind {
		case rowTouch:
			s.touchStart(l, r, v.Lambda[n])
		case rowMeet:
			p.startMeet(n, v.Lambda[n])
		case rowEqual:
			s.startClosure(&l.closures[r.closure], s.closureOf(r), v.Lambda[n])
		}
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
