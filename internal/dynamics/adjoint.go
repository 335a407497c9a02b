package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// VJP pulls cotangents of the next state back to the state and the input: with y = (gq, gv) it stores
// yᵀ∂next/∂q in oq, yᵀ∂next/∂v in ov and yᵀ∂next/∂u in ou. One transposed solve. Call Linearize first;
// outputs may not alias the inputs.
func (s *Stepper) VJP(oq, ov, ou, gq, gv []float64) {
	clear(ou)
	s.ForceVJP(oq, ov, ou, gq, gv, Forces{})
}

// adjoint solves Hᵀ z = y for the cotangent y that (gq, gv) leave on the configuration at knot 3. It
// leaves z in s.tree.X, the twists Σ zᵢ sᵢ(q2) in s.tree.Twist. Cotangents of impulses (see cotangent.go) add to y
// and are taken off the twists.
func (p *problem) adjoint(gq, gv []float64) {
	p.rejoin()
	d := &p.s.lin.pulled
	y := d.rj
	p.velocityPull(y, gv)
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ {
			y[i] = -(y[i] + gq[i])
		}
	}
	p.liftBias(d)
	clear(d.du[p.first:][:len(p.rows)])
	p.settleBack(d)
	if p.hard {
		p.refineBack(d)
	}
	p.follows(d, p.ownRowsFrom(), len(p.rows))
	p.lower()
}

// ownRowsFrom returns the first row that takes part in products by itself: those of joints are in the joints' own terms where columns are.
func (p *problem) ownRowsFrom() int {
	if p.pushes() {
		return 0
	}
	return p.joints
}

// follows stores η = e + N z of rows for the adjoint in s.tree and, unless it is refined, ζ = v + Wᵀη.
func (p *problem) follows(d *change, from, to int) {
	l := p.s.lin
	eta := l.eta[p.first:]
	for n := from; n < to; n++ {
		eta[n] = spatial.Add(d.k[p.first+n], p.test(n))
	}
	for n := from; n < to; n++ {
		if i := p.first + n; !p.hard {
			l.zeta[i] = spatial.Add(d.du[i], p.productBack(n, eta))
		}
	}
}

// settleBack solves Hᵀ z = y for the cotangent d, with loops until those are closed.
func (p *problem) settleBack(d *change) {
	if p.shut < len(p.rows) {
		p.carrier.start(p.w[p.shut:len(p.rows)])
	}
	for first := !p.hard && !p.s.lin.lift.any; ; first = false {
		p.put(d)
		if !first { // else there is nothing
			p.driveBack(d)
		}
		p.pullMimics(p.s.tree.RHS, p.s.tree.Bias)
		p.resolve(articulated.Transposed)
		if p.shut == len(p.rows) || !p.carryBack(d) {
			return
		}
	}
}

// driveBack adds Jᵀ(v + Wᵀe) to the right-hand side.
func (p *problem) driveBack(d *change) {
	v, e := d.du[p.first:], d.k[p.first:]
	for n := range p.rows {
		if z := spatial.Add(v[n], p.productBack(n, e)); z != (spatial.Vec{}) {
			p.back(p.s.tree.Bias, p.s.tree.RHS, n, z)
		}
	}
}

// pullMimics makes the right-hand side of the transposed solve, y on the joints and w on the bodies, one that obeys the
// mimics: y ← y − Gᵀ S⁻ᵀ (Zᵀ (y, w) − c) with Z = H⁻¹Nᵀ and c what an adjoint to be corrected leaves of them.
func (p *problem) pullMimics(y []float64, w []spatial.Wrench) {
	k, n := &p.mimic, len(p.mimics)
	if n == 0 {
		return
	}
	for j := range p.mimics {
		k.b[j] = -k.c[j]
		col, tw := k.cols[j], k.tw[j]
		for _, tr := range p.parts {
			for i, x := range y[tr.V0:tr.V1] {
				k.b[j] += col[i] * x
			}
			for i := tr.First; i < tr.Last; i++ {
				k.b[j] += tw[i-tr.First].Power(&w[i])
			}
			col, tw = col[tr.V1-tr.V0:], tw[tr.Last-tr.First:]
		}
	}
	luTSolve(k.lu, k.perm, n, k.b)
	for j, id := range p.mimics {
		c := &p.s.m.Mimics[id]
		p.s.dnu[id] = k.b[j]
		y[c.Dof] -= k.b[j]
		y[c.Of] += p.s.slope3(c) * k.b[j]
	}
}

// pullBack applies minus the transposed derivatives of the residual to the adjoint of the last call.
func (p *problem) pullBack(oq, ov, ou, gv []float64) {
	l := p.s.lin
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			t := &p.s.tree.Twist[i]
			l.a1[i].TMulTwist(&l.pull1[i], t)
			l.a2[i].TMulTwist(&l.pull2[i], t)
		}
	}
	for n := p.joints; n < p.met; n++ {
		t, b := p.s.touchOf(&p.rows[n])
		st, z := &l.touches[p.rows[n].at], l.zeta[p.first+n]
		addWrench(&l.pull2[b], &st.g2, z, 1)
		if t.bounce.Share > 0 {
			addWrenchTo(&l.pull1[b], st.g1.Scaled(z.X))
		}
	}
	for n := p.met; n < p.shut; n++ {
		p.pullMeet(n, p.s.tree.Twist, l.pull1, l.pull2)
	}
	for n := p.shut; n < len(p.rows); n++ {
		p.pullClosure(n, p.s.tree.Twist, l.pull2)
	}
	p.liftStart()
	p.pullThrust(ou)
	for _, tr := range p.parts {
		p.descend(tr.Tree, oq, ov, ou, gv)
	}
	for n := p.ownRowsFrom(); n < p.joints; n++ {
		p.s.jointPull(&p.rows[n], oq, ou, l.zeta[p.first+n])
	}
}

// descend pulls what the bodies of a tree feel at knots 1 and 2 back to its joints.
func (p *problem) descend(tr *Tree, oq, ov, ou, gv []float64) {
	s, m, l, z := p.s, p.s.m, p.s.lin, p.s.tree.X
	jq, ju, ballQ, ballU := l.jq, l.ju, l.ballQ, l.ballU
	if !p.pushes() {
		jq, ju, ballQ, ballU = l.whole.jq, l.whole.ju, l.whole.ballQ, l.whole.ballU
	}
	for i := tr.Last - 1; i >= tr.First; i-- {
		b := &m.Bodies[i]
		r, n := b.V+b.NT, b.V+b.NT+b.NR
		var axes spatial.Wrench // what the turning of the joint's axes adds for everything above it
		for j := b.V; j < n; j++ {
			c := crossForce(&s.tree.Screw2[j], &l.sum[i])
			axes.Force = spatial.AddScaled(axes.Force, z[j], c.Force)
			axes.Torque = spatial.AddScaled(axes.Torque, z[j], c.Torque)
		}
		for k := b.V; k < n; k++ {
			q := s.tree.Screw2[k].Power(&l.pull2[i]) + l.screwQ[k].Power(&l.pull1[i])
			v := l.screwV[k].Power(&l.pull1[i])
			for j := b.V; j < n; j++ {
				if b.carries(k, j) {
					c := crossForce(&s.tree.Screw2[j], &l.sum[i])
					q += z[j] * s.tree.Screw2[k].Power(&c)
				}
				if b.NR == 3 && k >= r && j >= r {
					q += z[j] * ballQ[i][3*(j-r)+k-r]
					v += z[j] * l.ballV[i][3*(j-r)+k-r]
				} else if j == k {
					q += z[j] * jq[j]
					v += z[j] * l.jv[j]
				}
			}
			oq[k], ov[k] = -q, -v
			if in := m.Dofs[k].Input; in >= 0 {
				if b.NR == 3 && k >= r && m.Dofs[k].Drive == Servo {
					for j := 0; j < 3; j++ {
						ou[in] -= z[r+j] * ballU[i][3*j+k-r]
					}
				} else {
					ou[in] -= z[k] * ju[k]
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
