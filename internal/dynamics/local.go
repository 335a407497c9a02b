package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Local implements ipm.Localizer: the diagonal blocks of J H⁻¹ Nᵀ. What a body's twist answers to a wrench on it, Ω,
// follows from that of its parent with the factors at hand:
//
//	Ω = (I − s₃ D⁻¹ Vᵀ) Ω_parent (I − U D⁻¹ s₂ᵀ) + s₃ D⁻¹ s₂ᵀ
//
// which is two outer products on a joint of one degree of freedom. Only bodies on the paths from the wanted rows to the
// root are visited. Couplings are left out.
func (p *problem) Local(a []ipm.Matrix, wanted []bool) {
	s, m, tr := p.s, p.s.m, p.tr
	clear(s.wanted[tr.First:tr.Last])
	for i := range p.rows {
		if wanted[i] {
			s.wanted[p.bodyOf(i)] = true
		}
	}
	for i := tr.Last - 1; i > tr.First; i-- {
		if s.wanted[i] && m.Bodies[i].Parent != World {
			s.wanted[m.Bodies[i].Parent] = true
		}
	}
	for i := tr.First; i < tr.Last; i++ {
		if s.wanted[i] {
			s.respond(i)
		}
	}
	for i := range p.rows {
		r := &p.rows[i]
		switch {
		case !wanted[i]:
		case r.kind == rowTouch:
			a[i] = s.touchAnswer(r, p.normalOnly(i))
		default:
			a[i] = s.jointAnswer(r)
		}
	}
}

// bodyOf returns the body that row i acts on.
func (p *problem) bodyOf(i int) int {
	if r := &p.rows[i]; r.kind == rowTouch {
		return p.s.m.Contacts[r.contact].Body
	}
	return p.s.m.Dofs[p.rows[i].dof].Body
}

// answer returns the twist Ω w, and answerBack the row wᵀ Ω.
func answer(o *spatial.Mat6, w *spatial.Wrench) spatial.Twist {
	var y spatial.Wrench
	o.MulTwist(&y, &spatial.Twist{Lin: w.Force, Ang: w.Torque})
	return spatial.Twist{Lin: y.Force, Ang: y.Torque}
}

func answerBack(o *spatial.Mat6, w *spatial.Wrench) (y spatial.Wrench) {
	o.TMulTwist(&y, &spatial.Twist{Lin: w.Force, Ang: w.Torque})
	return y
}

// asRow returns k times the twist t as a row or column of a 6×6 matrix.
func asRow(k float64, t *spatial.Twist) *spatial.Wrench {
	return &spatial.Wrench{Force: spatial.Scale(k, t.Lin), Torque: spatial.Scale(k, t.Ang)}
}

// respond computes Ω of body i, and what its joint's degrees of freedom answer to forces on themselves.
func (s *Stepper) respond(i int) {
	b, o := &s.m.Bodies[i], &s.response[i]
	n := b.NT + b.NR
	switch {
	case s.freeBase(i):
		for c := range 6 {
			var x [6]float64
			x[c] = 1
			s.block[i].lu.Solve(&x)
			for r := range 6 {
				o[6*r+c] = x[r]
			}
		}
	case n == 1:
		g, s2, s3 := &s.hinge[b.V], &s.screw2[b.V], &s.screw3[b.V]
		if b.Parent == World {
			s.self[b.V] = g.inv
			*o = spatial.Mat6{}
			o.AddOuter(asRow(g.inv, s3), asRow(1, s2))
			return
		}
		s.self[b.V] = spatial.Respond(o, &s.response[b.Parent], &g.u, &g.v, s3, s2, g.inv)
	default:
		s.respondBlock(i)
	}
}

// respondBlock is respond for a joint with several degrees of freedom, M = D⁻¹:
//
//	Ω = Ω_parent − (Ω_parent U) M S₂ᵀ − S₃ M (Vᵀ Ω_parent) + S₃ (M + M Vᵀ Ω_parent U M) S₂ᵀ
func (s *Stepper) respondBlock(i int) {
	b, o := &s.m.Bodies[i], &s.response[i]
	n := b.NT + b.NR
	hs := s.hinge[b.V : b.V+n]
	var m, k [6][6]float64 // M, and what the joint answers
	for c := range n {
		var x [6]float64
		x[c] = 1
		s.block[i].lu.Solve(&x)
		for r := range n {
			m[r][c] = x[r]
		}
	}
	k = m
	*o = spatial.Mat6{}
	if b.Parent != World {
		q := &s.response[b.Parent]
		*o = *q
		var xs [6]spatial.Twist
		var ys [6]spatial.Wrench
		for j := range n {
			xs[j], ys[j] = answer(q, &hs[j].u), answerBack(q, &hs[j].v)
		}
		for l := range n {
			var vum [6]float64 // row l of Vᵀ Ω U M
			for j := range n {
				e := xs[j].Power(&hs[l].v)
				for c := range n {
					vum[c] += e * m[j][c]
				}
			}
			for r := range n {
				for c := range n {
					k[r][c] += m[r][l] * vum[c]
				}
			}
		}
		for c := range n {
			var col, row spatial.Wrench
			for j := range n {
				col.Force, col.Torque = spatial.AddScaled(col.Force, -m[j][c], xs[j].Lin), spatial.AddScaled(col.Torque, -m[j][c], xs[j].Ang)
				row.Force, row.Torque = spatial.AddScaled(row.Force, -m[c][j], ys[j].Force), spatial.AddScaled(row.Torque, -m[c][j], ys[j].Torque)
			}
			o.AddOuter(&col, asRow(1, &s.screw2[b.V+c]))
			o.AddOuter(asRow(1, &s.screw3[b.V+c]), &row)
		}
	}
	for c := range n {
		var col spatial.Wrench
		for r := range n {
			t := &s.screw3[b.V+r]
			col.Force, col.Torque = spatial.AddScaled(col.Force, k[r][c], t.Lin), spatial.AddScaled(col.Torque, k[r][c], t.Ang)
		}
		o.AddOuter(&col, asRow(1, &s.screw2[b.V+c]))
		s.self[b.V+c] = k[c][c]
	}
	if b.ball() >= 0 {
		for r := range 3 {
			for c := range 3 {
				s.ballSelf[i][3*r+c] = k[b.NT+r][b.NT+c]
			}
		}
	}
}
