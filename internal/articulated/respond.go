package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Respond finds what the wanted bodies' twists answer to wrenches on them, Response, and what their joints answer to forces
// on themselves. From that of the parent it follows with the factors at hand,
//
//	Ω = (I − s₃ D⁻¹ Vᵀ) Ω_parent (I − U D⁻¹ s₂ᵀ) + s₃ D⁻¹ s₂ᵀ
//
// so it marks the ancestors of the wanted bodies too, and goes down from the root.
func (s *System) Respond(t Span, wanted []bool) {
	for i := t.Last - 1; i > t.First; i-- {
		if wanted[i] && s.Bodies[i].Parent != World {
			wanted[s.Bodies[i].Parent] = true
		}
	}
	for i := t.First; i < t.Last; i++ {
		if wanted[i] {
			s.respond(i)
		}
	}
}

// Answer returns the twist Ω w.
func Answer(o *spatial.Mat6, w *spatial.Wrench) spatial.Twist {
	var y spatial.Wrench
	o.MulTwist(&y, &spatial.Twist{Lin: w.Force, Ang: w.Torque})
	return spatial.Twist{Lin: y.Force, Ang: y.Torque}
}

// answerBack returns the row wᵀ Ω.
func answerBack(o *spatial.Mat6, w *spatial.Wrench) (y spatial.Wrench) {
	o.TMulTwist(&y, &spatial.Twist{Lin: w.Force, Ang: w.Torque})
	return y
}

// asRow returns k times the twist t as a row or column of a 6×6 matrix.
func asRow(k float64, t *spatial.Twist) *spatial.Wrench {
	return &spatial.Wrench{Force: spatial.Scale(k, t.Lin), Torque: spatial.Scale(k, t.Ang)}
}

var identity = [6][6]float64{{1}, {0, 1}, {0, 0, 1}, {0, 0, 0, 1}, {0, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 1}}

// respond computes Ω of body i, and what its joint's degrees of freedom answer to forces on themselves.
func (s *System) respond(i int) {
	b, o := &s.Bodies[i], &s.Response[i]
	n := b.N
	switch {
	case b.Base >= 0:
		x := identity
		s.pivots[i].SolveRows(&x)
		for r := range x {
			copy(o[6*r:], x[r][:])
		}
	case n == 1:
		g, s2, s3 := &s.hinges[b.V], &s.Screw2[b.V], &s.Screw3[b.V]
		if b.Parent == World {
			s.Self[b.V] = g.inv
			*o = spatial.Mat6{}
			o.AddOuter(asRow(g.inv, s3), asRow(1, s2))
			return
		}
		s.Self[b.V] = spatial.Respond(o, &s.Response[b.Parent], &g.u, &g.v, s3, s2, g.inv)
	default:
		s.respondBlock(i)
	}
}

// respondBlock is respond for a joint with several degrees of freedom, M = D⁻¹:
//
//	Ω = Ω_parent − (Ω_parent U) M S₂ᵀ − S₃ M (Vᵀ Ω_parent) + S₃ (M + M Vᵀ Ω_parent U M) S₂ᵀ
func (s *System) respondBlock(i int) {
	b, o := &s.Bodies[i], &s.Response[i]
	n := b.N
	hs := s.hinges[b.V : b.V+n]
	m := identity
	s.pivots[i].SolveRows(&m)
	k := m // what the joint answers
	*o = spatial.Mat6{}
	if b.Parent != World {
		q := &s.Response[b.Parent]
		*o = *q
		var xs [6]spatial.Twist
		var ys [6]spatial.Wrench
		for j := range n {
			xs[j], ys[j] = Answer(q, &hs[j].u), answerBack(q, &hs[j].v)
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
			o.AddOuter(&col, asRow(1, &s.Screw2[b.V+c]))
			o.AddOuter(asRow(1, &s.Screw3[b.V+c]), &row)
		}
	}
	for c := range n {
		var col spatial.Wrench
		for r := range n {
			t := &s.Screw3[b.V+r]
			col.Force, col.Torque = spatial.AddScaled(col.Force, k[r][c], t.Lin), spatial.AddScaled(col.Torque, k[r][c], t.Ang)
		}
		o.AddOuter(&col, asRow(1, &s.Screw2[b.V+c]))
		s.Self[b.V+c] = k[c][c]
	}
	if b.Ball >= 0 {
		for r := range 3 {
			for c := range 3 {
				s.BallSelf[i][3*r+c] = k[b.Ball+r][b.Ball+c]
			}
		}
	}
}
