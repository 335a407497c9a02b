package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// VJP pulls cotangents of the next state back to the state and the input: with y = (gq, gv) it stores
// yᵀ∂next/∂q in oq, yᵀ∂next/∂v in ov and yᵀ∂next/∂u in ou. One transposed solve. Call Linearize first;
// outputs may not alias the inputs.
func (s *Stepper) VJP(oq, ov, ou, gq, gv []float64) {
	clear(ou)
	for t := range s.probs {
		s.probs[t].adjoint(gq, gv)
		s.probs[t].pullBack(oq, ov, ou, gv)
	}
}

// adjoint solves Hᵀ z = y for the cotangent y that (gq, gv) leave on the configuration at knot 3. It
// leaves z in s.dq, the twists Σ zᵢ sᵢ(q2) in s.twist.
func (p *problem) adjoint(gq, gv []float64) {
	s, m, tr := p.s, p.s.m, p.tr
	y := s.rhs
	s.velocityPull(tr, y, gv)
	for i := tr.V0; i < tr.V1; i++ {
		y[i] += gq[i]
	}
	// y ← y − Gᵀ S⁻ᵀ Zᵀ y with Z = H⁻¹Gᵀ
	if k, n := &p.mimic, len(p.mimics); n > 0 {
		for j := range p.mimics {
			k.b[j] = 0
			for i, x := range k.cols[j] {
				k.b[j] += x * y[tr.V0+i]
			}
		}
		luTSolve(k.lu, k.perm, n, k.b)
		for j, id := range p.mimics {
			c := &m.Mimics[id]
			y[c.Dof] -= k.b[j]
			y[c.Of] += c.Ratio * k.b[j]
		}
	}
	for i := tr.V0; i < tr.V1; i++ {
		y[i] = -y[i]
	}
	clear(s.bias[tr.First:tr.Last])
	s.solve(tr, transposed)
}

// pullBack applies minus the transposed derivatives of the residual to the adjoint of the last call.
func (p *problem) pullBack(oq, ov, ou, gv []float64) {
	s, m, tr, l := p.s, p.s.m, p.tr, p.s.lin
	z := s.dq
	for i := tr.First; i < tr.Last; i++ {
		t := &s.twist[i]
		l.a1[i].TMulTwist(&l.pull1[i], t)
		l.a2[i].TMulTwist(&l.pull2[i], t)
	}
	for i := tr.Last - 1; i >= tr.First; i-- {
		b := &m.Bodies[i]
		r, n := b.V+b.NT, b.V+b.NT+b.NR
		var axes spatial.Wrench // what the turning of the joint's axes adds for everything above it
		for j := b.V; j < n; j++ {
			c := crossForce(&s.screw2[j], &l.sum[i])
			axes.Force = spatial.AddScaled(axes.Force, z[j], c.Force)
			axes.Torque = spatial.AddScaled(axes.Torque, z[j], c.Torque)
		}
		for k := b.V; k < n; k++ {
			q := s.screw2[k].Power(&l.pull2[i]) + l.screwQ[k].Power(&l.pull1[i])
			v := l.screwV[k].Power(&l.pull1[i])
			for j := b.V; j < n; j++ {
				if j >= r && (k < j || b.NR == 3) {
					c := crossForce(&s.screw2[j], &l.sum[i])
					q += z[j] * s.screw2[k].Power(&c)
				}
				if b.NR == 3 && k >= r && j >= r {
					q += z[j] * l.ballQ[i][3*(j-r)+k-r]
					v += z[j] * l.ballV[i][3*(j-r)+k-r]
				} else if j == k {
					q += z[j] * l.jq[j]
					v += z[j] * l.jv[j]
				}
			}
			oq[k], ov[k] = -q, -v
			if in := m.Dofs[k].Input; in >= 0 {
				if b.NR == 3 && k >= r && m.Dofs[k].Drive == Servo {
					for j := 0; j < 3; j++ {
						ou[in] -= z[r+j] * l.ballU[i][3*j+k-r]
					}
				} else {
					ou[in] -= z[k] * l.ju[k]
				}
			}
		}
		s.startVelocityPull(b, oq, gv)
		if b.Parent != World {
			p1, p2 := &l.pull1[b.Parent], &l.pull2[b.Parent]
			p1.Force, p1.Torque = spatial.Add(p1.Force, l.pull1[i].Force), spatial.Add(p1.Torque, l.pull1[i].Torque)
			p2.Force = spatial.Add(p2.Force, spatial.Add(l.pull2[i].Force, axes.Force))
			p2.Torque = spatial.Add(p2.Torque, spatial.Add(l.pull2[i].Torque, axes.Torque))
		}
	}
}

// velocityPull stores (∂v⁺/∂q3)ᵀ g.
func (s *Stepper) velocityPull(tr *Tree, y, g []float64) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		for k := b.V; k < b.V+b.NT; k++ {
			y[k] = g[k] / s.h
		}
		r := b.V + b.NT
		if b.NR == 3 {
			x := spatial.Scale(-s.h/2, vec3(s.vNext[r:])) // (I + [ξ]× + ξξᵀ)ᵀ is that of −ξ
			d := spatial.Scale(1/s.h, cayley(x, vec3(g[r:])))
			y[r], y[r+1], y[r+2] = d.X, d.Y, d.Z
			continue
		}
		for k := r; k < r+b.NR; k++ {
			y[k] = s.rateOf(k) * g[k]
		}
	}
}

// startVelocityPull adds (∂v⁺/∂q2)ᵀ g at fixed q3 to o.
func (s *Stepper) startVelocityPull(b *Body, o, g []float64) {
	for k := b.V; k < b.V+b.NT; k++ {
		o[k] -= g[k] / s.h
	}
	r := b.V + b.NT
	if b.NR == 3 {
		x := spatial.Scale(s.h/2, vec3(s.vNext[r:]))
		addTo(o[r:], -1/s.h, cayley(x, vec3(g[r:])))
		return
	}
	for k := r; k < r+b.NR; k++ {
		o[k] -= s.rateOf(k) * g[k]
	}
}

// luTSolve replaces b by the solution of the transposed factored system.
func luTSolve(a []float64, perm []int, n int, b []float64) {
	for i := 0; i < n; i++ {
		for j := 0; j < i; j++ {
			b[i] -= a[j*n+i] * b[j]
		}
		b[i] /= a[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			b[i] -= a[j*n+i] * b[j]
		}
	}
	for k := n - 1; k >= 0; k-- {
		b[k], b[perm[k]] = b[perm[k]], b[k]
	}
}

// JVP pushes a tangent (dq, dv) of the state and du of the input forward to that of the next state.
// Outputs may not alias the inputs. nil means zero.
func (s *Stepper) JVP(oq, ov, dq, dv, du []float64) {
	for t := range s.probs {
		p := &s.probs[t]
		p.clearForce()
		p.pushState(dq, dv, du)
		p.respond()
		copy(oq[p.tr.V0:p.tr.V1], s.dq[p.tr.V0:p.tr.V1])
		for i := p.tr.First; i < p.tr.Last && dq != nil; i++ {
			p.startVelocityPush(&s.m.Bodies[i], dq)
		}
		copy(ov[p.tr.V0:p.tr.V1], s.dv[p.tr.V0:p.tr.V1])
	}
}

// clearForce zeroes the change of the residual that pushState and perturb add to.
func (p *problem) clearForce() {
	s, tr := p.s, p.tr
	clear(s.bias[tr.First:tr.Last])
	clear(s.rhs[tr.V0:tr.V1])
	clear(s.lin.rows[s.lin.rowOf[p.t]:][:len(p.rows)])
	for _, c := range p.contacts {
		s.lin.turned[c] = spatial.Vec{}
	}
}

// respond turns the change of the residual in s.bias and s.rhs into that of the solution: s.dq at knot 3,
// s.dv, s.twist.
func (p *problem) respond() {
	copy(p.s.lin.force[p.tr.First:p.tr.Last], p.s.bias[p.tr.First:p.tr.Last])
	p.s.solve(p.tr, forward)
	p.correctColumn()
	p.s.velocityChange(p.tr, p.s.dv, p.s.dq)
}

// pushState adds the change of the residual for a tangent of state and input.
func (p *problem) pushState(dq, dv, du []float64) {
	s, m, tr, l := p.s, p.s.m, p.tr, p.s.lin
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
				addTwist(&t2, dq[k], &s.screw2[k])
				addTwist(&t1, dq[k], &l.screwQ[k])
			}
			if dv != nil {
				addTwist(&t1, dv[k], &l.screwV[k])
			}
		}
		l.t1[i], l.t2[i] = t1, t2
		addProduct(&s.bias[i], &l.a1[i], &t1)
		addProduct(&s.bias[i], &l.a2[i], &t2)
		for j := b.V; j < n; j++ {
			c := crossForce(&s.screw2[j], &l.sum[i])
			t := above
			for k := b.V; k < n && dq != nil; k++ {
				if j >= r && (k < j || b.NR == 3) {
					addTwist(&t, dq[k], &s.screw2[k])
				}
			}
			s.rhs[j] += t.Power(&c)
			switch {
			case b.NR == 3 && j >= r:
				for k := 0; k < 3; k++ {
					if dq != nil {
						s.rhs[j] += l.ballQ[i][3*(j-r)+k] * dq[r+k]
					}
					if dv != nil {
						s.rhs[j] += l.ballV[i][3*(j-r)+k] * dv[r+k]
					}
					if in := m.Dofs[j].Input; du != nil && in >= 0 && m.Dofs[j].Drive == Servo {
						s.rhs[j] += l.ballU[i][3*(j-r)+k] * du[in-(j-r)+k]
					}
				}
			default:
				if dq != nil {
					s.rhs[j] += l.jq[j] * dq[j]
				}
				if dv != nil {
					s.rhs[j] += l.jv[j] * dv[j]
				}
			}
			if in := m.Dofs[j].Input; du != nil && in >= 0 && !(b.NR == 3 && j >= r && m.Dofs[j].Drive == Servo) {
				s.rhs[j] += l.ju[j] * du[in]
			}
		}
	}
	p.pushRows(dq, du)
}

// pushRows stores the direct change of the rows' multipliers, −W ∂u/∂x dx, for the tangents of the last
// pushState. What it does to the bodies is part of a2 already.
func (p *problem) pushRows(dq, du []float64) {
	s, l := p.s, p.s.lin
	rows := l.rows[l.rowOf[p.t]:]
	for n := range p.rows {
		r, w := &p.rows[n], &l.w[p.t][n]
		var v spatial.Vec
		if r.kind == rowContact {
			t, g := &l.t2[s.m.Contacts[r.contact].Body], &l.grads2[r.contact]
			v = spatial.Vec{X: t.Power(&g[0]), Y: t.Power(&g[1]), Z: t.Power(&g[2])}
		} else {
			v = s.jointDirect(r, dq, du)
		}
		rows[n] = spatial.Add(rows[n], mulW(w, v))
	}
}

// jointDirect returns the change of a joint's block value at fixed q3 for tangents of q2 and the input.
func (s *Stepper) jointDirect(r *row, dq, du []float64) (v spatial.Vec) {
	i := r.dof
	d := &s.m.Dofs[i]
	g := servoGain(d, s.h)
	var m spatial.Mat3
	if dq != nil {
		switch r.kind {
		case rowLower, rowUpper, rowCone:
			if r.ease > 0 {
				switch r.kind {
				case rowLower:
					v.X = -dq[i]
				case rowUpper:
					v.X = dq[i]
				default:
					v.X = -spatial.Dot(coneNormal(s.ballPose(i, 0, s.v)), vec3(dq[i:]))
				}
			}
		case rowFriction:
			v.X = -s.rateOf(i) * dq[i]
		case rowServo:
			v.X = -d.Kd * s.rateOf(i) / g * dq[i]
		case rowGrease:
			s.ballStartRate(&m, 1, i)
			v = m.MulVec(vec3(dq[i:]))
		case rowGimbal:
			s.ballStartRate(&m, d.Kd/g, i)
			v = m.MulVec(vec3(dq[i:]))
		}
	}
	if du != nil {
		switch r.kind {
		case rowServo:
			v.X -= d.Kp / g * du[d.Input]
		case rowGimbal:
			m = spatial.Mat3{}
			s.targetJac(&m, d.Kp/g, i)
			v = spatial.Add(v, m.MulVec(vec3(du[d.Input:])))
		}
	}
	return v
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

// startVelocityPush adds (∂v⁺/∂q2) dq at fixed q3 to s.dv.
func (p *problem) startVelocityPush(b *Body, dq []float64) {
	s := p.s
	r := b.V + b.NT
	for k := b.V; k < r; k++ {
		s.dv[k] -= dq[k] / s.h
	}
	if b.NR == 3 {
		x := spatial.Scale(-s.h/2, vec3(s.vNext[r:]))
		addTo(s.dv[r:], -1/s.h, cayley(x, vec3(dq[r:])))
		return
	}
	for k := r; k < r+b.NR; k++ {
		s.dv[k] -= s.rateOf(k) * dq[k]
	}
}
