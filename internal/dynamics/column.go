package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// StateJacobian stores the derivative of the next state with respect to the state, a 2nv×2nv row-major
// matrix in the tangent space, rows and columns ordered (q, v). Call Linearize first.
func (s *Stepper) StateJacobian(a []float64) {
	nv := s.m.NV
	clear(a[:4*nv*nv])
	for _, p := range s.islands {
		p.separate()
		p.condense()
		for _, tr := range p.parts {
			if p.pushes() {
				p.pushColumns(a, tr.Tree)
				continue
			}
			for i := tr.First; i < tr.Last; i++ {
				b := &s.m.Bodies[i]
				for k := b.V; k < b.V+b.NT+b.NR; k++ {
					p.column(i, k, true)
					p.write(a, 2*nv, k)
					p.column(i, k, false)
					p.write(a, 2*nv, nv+k)
				}
			}
		}
	}
}

// InputJacobian stores the derivative of the next state with respect to the input, 2nv×nu row-major.
func (s *Stepper) InputJacobian(a []float64) {
	nv, nu := s.m.NV, s.m.NU
	clear(a[:2*nv*nu])
	for _, p := range s.islands {
		p.separate()
		p.condense()
		for _, tr := range p.parts {
			for k := tr.V0; k < tr.V1; k++ {
				in := s.m.Dofs[k].Input
				if in < 0 {
					continue
				}
				if p.pushes() {
					p.pushInput(in)
				} else {
					p.inputColumn(k)
					p.velocityChange(s.dv, s.tree.X)
				}
				p.write(a, nu, in)
			}
		}
		for i := range s.m.Thrusters {
			if in := s.m.ThrustInput(i); p.has(s.m.Bodies[s.m.Thrusters[i].Body].Tree) {
				p.pushInput(in)
				p.write(a, nu, in)
			}
		}
	}
}

// pushes reports whether columns are found by pushing unit tangents through the island.
func (p *problem) pushes() bool { return p.hard && !p.schur.out || p.met < len(p.rows) }

// pushColumns stores the columns of a tree whose bodies touch others or whose contacts are too hard, each found by
// pushing a unit tangent through the island: what a subtree feels as a whole is not known there, or not well enough.
func (p *problem) pushColumns(a []float64, tr *Tree) {
	s, nv := p.s, p.s.m.NV
	unit := s.lin.unit
	for k := tr.V0; k < tr.V1; k++ {
		unit[k] = 1
		p.clearForce()
		p.pushState(unit, nil, nil)
		p.respond()
		s.startVelocityChange(&s.m.Bodies[s.m.Dofs[k].Body], s.dv, unit)
		p.write(a, 2*nv, k)
		p.clearForce()
		p.pushState(nil, unit, nil)
		p.respond()
		p.write(a, 2*nv, nv+k)
		unit[k] = 0
	}
}

// pushInput is pushColumns for an input, also of an island that does not push.
func (p *problem) pushInput(in int) {
	unit := p.s.lin.unit
	unit[in] = 1
	p.clearForce()
	p.pushState(nil, nil, unit)
	p.respond()
	unit[in] = 0
}

// write stores the response in s.tree.X and s.dv as column c of a matrix with n columns.
func (p *problem) write(a []float64, n, c int) {
	s := p.s
	nv := s.m.NV
	for _, tr := range p.parts {
		for r := tr.V0; r < tr.V1; r++ {
			a[r*n+c] = s.tree.X[r]
			a[(nv+r)*n+c] = s.dv[r]
		}
	}
}

// column finds the response to a unit change of coordinate k at knot 2 (its velocity held fixed) or, when
// position is false, of velocity k; both belong to the joint of body i.
func (p *problem) column(i, k int, position bool) {
	s, m, l := p.s, p.s.m, p.s.lin
	b := &m.Bodies[i]
	tr := &m.Trees[b.Tree]
	t1, t2 := &l.screwV[k], (*spatial.Twist)(nil)
	if position {
		t1, t2 = &l.screwQ[k], &s.tree.Screw2[k]
	}
	clear(s.tree.X[tr.V0:tr.V1])

	// bodies that hang on this one move as a whole with it at knots 1 and 2
	for c := i + 1; c < l.end[i]; c++ {
		d := &m.Bodies[c]
		var x [6]float64
		for j := range d.NV() {
			x[j] = t1.Power(&l.whole.rho1[d.V+j])
			if position {
				x[j] += t2.Power(&l.whole.rho2[d.V+j])
			}
		}
		s.tree.Yield(c, &x)
	}

	// its own joint, then its ancestors
	for c := i; c != World; c = m.Bodies[c].Parent {
		s.tree.Bias[c] = spatial.Wrench{}
	}
	w := &s.tree.Bias[i]
	l.whole.m1[i].MulTwist(w, t1)
	if position {
		var w2 spatial.Wrench
		l.whole.m2[i].MulTwist(&w2, t2)
		w.Force, w.Torque = spatial.Add(w.Force, w2.Force), spatial.Add(w.Torque, w2.Torque)
	}
	p.ownRows(i, k, position)
	s.tree.Climb(i)
	p.sweep(tr, i)
	p.correctColumn()
	if p.schur.out {
		p.completeColumn(i, k, t1, t2)
	}
	p.velocityChange(s.dv, s.tree.X)
	if position {
		s.startVelocity(b, k, s.dv)
	}
}

// ownRows stores in s.tree.RHS what the equations of the joint of body i feel of its coordinate or velocity k
// besides the wrench in s.tree.Bias: forces of the joint, and axes that turn with coordinates before them.
func (p *problem) ownRows(i, k int, position bool) {
	s, l := p.s, p.s.lin
	b := &s.m.Bodies[i]
	r := b.V + b.NT
	diag, ball := l.jv, &l.ballV[i]
	if position {
		diag, ball = l.whole.jq, &l.whole.ballQ[i]
	}
	for j := b.V; j < r+b.NR; j++ {
		s.tree.RHS[j] = 0
		if position && b.carries(k, j) {
			c := crossForce(&s.tree.Screw2[j], &l.sum[i])
			s.tree.RHS[j] = s.tree.Screw2[k].Power(&c)
		}
		if b.NR == 3 && k >= r && j >= r {
			s.tree.RHS[j] += ball[3*(j-r)+k-r]
		} else if j == k {
			s.tree.RHS[j] += diag[j]
		}
	}
}

// inputColumn finds the response to the input of dof k.
func (p *problem) inputColumn(k int) {
	s, m, l := p.s, p.s.m, p.s.lin
	i := m.Dofs[k].Body
	b := &m.Bodies[i]
	tr := &m.Trees[b.Tree]
	clear(s.tree.X[tr.V0:tr.V1])
	for c := i; c != World; c = m.Bodies[c].Parent {
		s.tree.Bias[c] = spatial.Wrench{}
	}
	clear(s.tree.RHS[b.V : b.V+b.NT+b.NR])
	if m.Ball(k) && m.Dofs[k].Drive == Servo {
		r := b.V + b.NT
		for j := 0; j < 3; j++ {
			s.tree.RHS[r+j] = l.whole.ballU[i][3*j+k-r]
		}
	} else {
		s.tree.RHS[k] = l.whole.ju[k]
	}
	s.tree.Climb(i)
	p.sweep(tr, i)
	p.correctColumn()
	if p.schur.out {
		p.completeInput(k)
	}
}

// correctColumn adds what the mimics need to a response: constraints stay satisfied.
func (p *problem) correctColumn() {
	if len(p.mimics) > 0 {
		clear(p.mimic.c)
		p.correct()
	}
}
