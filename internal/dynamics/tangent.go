package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// JVP pushes a tangent (dq, dv) of the state and du of the input forward to that of the next state.
// Outputs may not alias the inputs. nil means zero.
func (s *Stepper) JVP(oq, ov, dq, dv, du []float64) {
	for _, p := range s.islands {
		p.rejoin()
		p.clearForce()
		p.pushState(dq, dv, du)
		p.respond()
		for _, tr := range p.parts {
			copy(oq[tr.V0:tr.V1], s.tree.X[tr.V0:tr.V1])
			for i := tr.First; i < tr.Last && dq != nil; i++ {
				s.startVelocityChange(&s.m.Bodies[i], s.dv, dq)
			}
			copy(ov[tr.V0:tr.V1], s.dv[tr.V0:tr.V1])
		}
	}
}

// clearForce zeroes the change of the residual that pushState and perturb add to.
func (p *problem) clearForce() {
	for _, tr := range p.parts {
		clear(p.s.tree.Bias[tr.First:tr.Last])
		clear(p.s.tree.RHS[tr.V0:tr.V1])
	}
	clear(p.mimic.c)
	p.clearRows()
}

// respond turns the change of the residual, what s.tree.Bias, s.tree.RHS, p.mimic.c and the rows' direct changes say, into that of the solution:
// s.tree.X at knot 3, s.dv, s.tree.Twist.
func (p *problem) respond() {
	d := &p.s.lin.direct
	p.remember(d)
	p.settle(d)
	switch {
	case p.schur.out:
		p.complete(d.du[p.first:])
	case p.hard:
		p.refine(d)
	}
	p.velocityChange(p.s.dv, p.s.tree.X)
}

// settle solves for what is in s.tree.Bias, s.tree.RHS and p.mimic.c and, of rows, in d; with loops until those are closed.
func (p *problem) settle(d *change) {
	if p.shut < len(p.rows) {
		p.carrier.start(p.w[p.shut:len(p.rows)])
	}
	for {
		p.drive(d)
		p.resolve(articulated.Forward)
		p.correct()
		if p.shut == len(p.rows) || !p.carry(d) {
			return
		}
		p.put(d)
	}
}

// pushState adds the change of the residual for a tangent of state and input.
func (p *problem) pushState(dq, dv, du []float64) {
	for _, tr := range p.parts {
		p.s.pushTree(tr.Tree, dq, dv, du)
	}
	p.pushThrust(du)
	p.pushRows(dq, du)
}

func (s *Stepper) pushTree(tr *Tree, dq, dv, du []float64) {
	m, l := s.m, s.lin
	for i := tr.First; i < tr.Last; i++ {
		b := &m.Bodies[i]
		r, n := b.V+b.NT, b.V+b.NT+b.NR
		var above, t1, t2 spatial.Twist
		if b.Parent != World {
			above, t1 = l.t2[b.Parent], l.t1[b.Parent]
		}
		t2 = above
		for k := b.V; k < n; k++ {
			if dq != nil {
				addTwist(&t2, dq[k], &s.tree.Screw2[k])
				addTwist(&t1, dq[k], &l.screwQ[k])
			}
			if dv != nil {
				addTwist(&t1, dv[k], &l.screwV[k])
			}
		}
		l.t1[i], l.t2[i] = t1, t2
		addProduct(&s.tree.Bias[i], &l.a1[i], &t1)
		addProduct(&s.tree.Bias[i], &l.a2[i], &t2)
		for j := b.V; j < n; j++ {
			c := crossForce(&s.tree.Screw2[j], &l.sum[i])
			t := above
			for k := b.V; k < n && dq != nil; k++ {
				if b.carries(k, j) {
					addTwist(&t, dq[k], &s.tree.Screw2[k])
				}
			}
			s.tree.RHS[j] += t.Power(&c)
			switch {
			case b.NR == 3 && j >= r:
				for k := 0; k < 3; k++ {
					if dq != nil {
						s.tree.RHS[j] += l.ballQ[i][3*(j-r)+k] * dq[r+k]
					}
					if dv != nil {
						s.tree.RHS[j] += l.ballV[i][3*(j-r)+k] * dv[r+k]
					}
					if in := m.Dofs[j].Input; du != nil && in >= 0 && m.Dofs[j].Drive == Servo {
						s.tree.RHS[j] += l.ballU[i][3*(j-r)+k] * du[in-(j-r)+k]
					}
				}
			default:
				if dq != nil {
					s.tree.RHS[j] += l.jq[j] * dq[j]
				}
				if dv != nil {
					s.tree.RHS[j] += l.jv[j] * dv[j]
				}
			}
			if in := m.Dofs[j].Input; du != nil && in >= 0 && !(b.NR == 3 && j >= r && m.Dofs[j].Drive == Servo) {
				s.tree.RHS[j] += l.ju[j] * du[in]
			}
		}
	}
}

// pushRows adds the direct changes of the rows' values, for the tangents of the last pushState.
func (p *problem) pushRows(dq, du []float64) {
	s, l := p.s, p.s.lin
	values := l.direct.du[p.first:]
	for n := range p.rows {
		r := &p.rows[n]
		v := &values[n]
		switch r.kind {
		case rowTouch:
			t, b := s.touchOf(r)
			*v = spatial.Add(*v, powers(&l.touches[r.at].g2, &l.t2[b]))
			if t.bounce.Share > 0 {
				v.X += l.t1[b].Power(&l.touches[r.at].g1)
			}
		case rowMeet:
			p.pushMeet(n, l.t1, l.t2, nil)
		case rowEqual:
			p.pushClosure(n, l.t2, nil)
		default:
			*v = spatial.Add(*v, s.jointDirect(r, dq, du))
		}
	}
}

func mulW(w *ipm.Matrix, v spatial.Vec) spatial.Vec { return (*spatial.Mat3)(w).MulVec(v) }

func addTwist(t *spatial.Twist, k float64, a *spatial.Twist) {
	t.Lin = spatial.AddScaled(t.Lin, k, a.Lin)
	t.Ang = spatial.AddScaled(t.Ang, k, a.Ang)
}

func addProduct(w *spatial.Wrench, a *spatial.Mat6, t *spatial.Twist) {
	var x spatial.Wrench
	a.MulTwist(&x, t)
	w.Force, w.Torque = spatial.Add(w.Force, x.Force), spatial.Add(w.Torque, x.Torque)
}
