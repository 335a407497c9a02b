package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Factor eliminates the joints of the island. A_i is what all bodies together feel when i moves, so that with the neighbors C of
// a body, each about its point, K_ii = A_i − Σ_c K_ci. For body i with the parent p
//
//	D = s(q₂)ᵀ K_ii s(q₃) + joint terms     E = A_i s(q₃)
//	U_c = K_ci s(q₃),   V_c = K_icᵀ s(q₂)   for c in C,      U_p = E − Σ_C U_c,   V_p = (K_ii + K_ip)ᵀ s(q₂)
//	A_p += A_i,   K_pc += K_ic,   K_cp += K_ci              (a body without its joint is its parent)
//	A_b −= E D⁻¹ V_b,   K_ab −= U_a D⁻¹ V_b                 for a ≠ b in {p} ∪ C
//
// and if p is the world, whose share no longer counts, A_c −= K_ic and E = Σ_C U_c. (A free base gives the world nothing: it stays
// E = A_i s(q₃).) For a body without neighbors that is System.Factor. With K_ii in place of A the masses of bodies pressed together would
// be differences of stiffnesses: at 1e12 times the mass four digits of it, and of the momentum of all, would be left. This way
// they are sums. (Grassmann, Taksar and Heyman, "Regenerative analysis and steady state distributions for Markov chains",
// Operations Research 33, 1985, eliminate probabilities like that.)
//
// It reports false when a pivot is singular.
func (g *Island) Factor() bool {
	for k := range g.steps {
		e := &g.steps[k]
		ok := false
		switch e.way {
		case alone:
			ok = g.s.eliminate(int(e.body))
		case hinged:
			ok = g.eliminateHinge(e)
		default:
			ok = g.eliminate(e)
		}
		if !ok {
			return false
		}
	}
	return true
}

// eliminate eliminates the joint of a coupled body.
func (g *Island) eliminate(e *step) bool {
	s, i := g.s, int(e.body)
	ls, n := g.links[e.first:e.last], s.Bodies[i].N
	kii := s.A[i]
	for _, l := range ls {
		if l.block >= 0 {
			take(&kii, &g.k[l.block^1], s.apart(int(l.body), i))
		}
	}
	if !s.pivotJoint(i, &kii) {
		return false
	}
	u, v, y := g.u[e.uy:], g.v, g.y[e.uy:]
	var all, moved [6]spatial.Wrench
	g.slopes(i, all[:n], u, v, ls)
	for a := range ls {
		s.solveRows(i, y[a*n:a*n+n], v[a*n:a*n+n])
	}
	g.merge(i, ls)
	x := g.cross[e.cross:]
	for a := range ls {
		c := int(ls[a].body)
		ua, ya, ea := u[a*n:a*n+n], y[a*n:a*n+n], all[:n]
		if d := s.apart(i, c); d != (spatial.Vec{}) {
			for j := range ea {
				moved[j].Force, moved[j].Torque = ea[j].Force, spatial.Add(ea[j].Torque, spatial.Cross(d, ea[j].Force))
			}
			ea = moved[:n]
		}
		s.A[c].Downdate(ea, ya)
		for b := a + 1; b < len(ls); b++ {
			g.k[x[0].block].Downdate(ua, y[b*n:b*n+n])
			g.k[x[0].block^1].Downdate(u[b*n:b*n+n], ya)
			x = x[1:]
		}
	}
	return true
}

// slopes finds E, and U and V of all links of body i. Those of the parent are what the joint passes on in a solve.
func (g *Island) slopes(i int, all, u, v []spatial.Wrench, ls []link) {
	s, b := g.s, &g.s.Bodies[i]
	if b.Base >= 0 { // no screws: unit motions in world axes
		columns(all, &s.A[i])
		for a := range ls {
			columns(u[6*a:6*a+6], &g.k[ls[a].block^1])
			rows(v[6*a:6*a+6], &g.k[ls[a].block])
		}
		return
	}
	for j := range all {
		s2, s3, h := &s.Screw2[b.V+j], &s.Screw3[b.V+j], &s.hinges[b.V+j]
		var sum spatial.Wrench // of U of the neighbors
		for a, l := range ls {
			ua, va := &u[a*b.N+j], &v[a*b.N+j]
			switch c := int(l.body); {
			case c != b.Parent:
				g.k[l.block^1].MulTwist(ua, s3)
				g.k[l.block].TMulTwist(va, s2)
				w := about(ua, s.apart(c, i))
				sum.Force, sum.Torque = spatial.Add(sum.Force, w.Force), spatial.Add(sum.Torque, w.Torque)
			case l.block >= 0:
				g.k[l.block].TMulTwist(va, s2)
				h.v.Force, h.v.Torque = spatial.Add(h.v.Force, va.Force), spatial.Add(h.v.Torque, va.Torque)
			}
		}
		if b.Parent == World {
			all[j] = sum
			continue
		}
		s.A[i].MulTwist(&all[j], s3)
		h.u.Force, h.u.Torque = spatial.Sub(all[j].Force, sum.Force), spatial.Sub(all[j].Torque, sum.Torque)
		u[j], v[j] = h.u, h.v
	}
}

// merge adds the matrices of body i, whose joint is gone, to those of its parent. What the world feels goes.
func (g *Island) merge(i int, ls []link) {
	switch b := &g.s.Bodies[i]; {
	case b.Base >= 0: // nothing: the joint gives way to everything
		return
	case b.Parent == World:
		for _, l := range ls {
			take(&g.s.A[l.body], &g.k[l.block], g.s.apart(i, int(l.body)))
		}
		return
	}
	g.s.A[ls[0].body].Add(&g.s.A[i])
	for _, l := range ls[1:] {
		if l.add >= 0 {
			g.k[l.add].Add(&g.k[l.block])
			g.k[l.add^1].Add(&g.k[l.block^1])
		}
	}
}

// pivotJoint factors D of body i with the matrix a, and finds U and V if it has screws.
func (s *System) pivotJoint(i int, a *spatial.Mat6) bool {
	switch b := &s.Bodies[i]; {
	case b.Base >= 0:
		return s.pivots[i].Factor((*[36]float64)(a), 6)
	case b.N == 1:
		return s.eliminateHinge(i, a, nil)
	}
	return s.pivotBlock(i, a)
}

// apart returns the reference point of body a from that of body b.
func (s *System) apart(a, b int) spatial.Vec { return spatial.Sub(s.Origin[a], s.Origin[b]) }

// about returns a wrench about a reference point from which the present one is at d.
func about(w *spatial.Wrench, d spatial.Vec) spatial.Wrench {
	return spatial.Wrench{Force: w.Force, Torque: spatial.Add(w.Torque, spatial.Cross(d, w.Force))}
}

// take subtracts k from m, its wrenches about a reference point from which that of k is at d.
func take(m, k *spatial.Mat6, d spatial.Vec) {
	if d == (spatial.Vec{}) {
		for i := range m {
			m[i] -= k[i]
		}
		return
	}
	for q := range 6 {
		x, y, z := k[q], k[6+q], k[12+q]
		m[q] -= x
		m[6+q] -= y
		m[12+q] -= z
		m[18+q] -= k[18+q] + (d.Y*z - d.Z*y)
		m[24+q] -= k[24+q] + (d.Z*x - d.X*z)
		m[30+q] -= k[30+q] + (d.X*y - d.Y*x)
	}
}

// solveRows stores D⁻¹ v in y.
func (s *System) solveRows(i int, y, v []spatial.Wrench) {
	b := &s.Bodies[i]
	if b.N == 1 {
		y[0] = v[0].Scaled(s.hinges[b.V].inv)
		return
	}
	s.pivots[i].SolveWrenches(y, v)
}

func rows(v []spatial.Wrench, m *spatial.Mat6) {
	for j := range v {
		w, x := &v[j], (*[6]float64)(m[6*j:])
		w.Force = spatial.Vec{X: x[0], Y: x[1], Z: x[2]}
		w.Torque = spatial.Vec{X: x[3], Y: x[4], Z: x[5]}
	}
}

func columns(u []spatial.Wrench, m *spatial.Mat6) {
	for j := range u {
		w, x := &u[j], m[j:j+31]
		w.Force = spatial.Vec{X: x[0], Y: x[6], Z: x[12]}
		w.Torque = spatial.Vec{X: x[18], Y: x[24], Z: x[30]}
	}
}
