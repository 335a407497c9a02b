package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Factor eliminates the joints of the island. A body's matrix A is kept without what couples it: as action is reaction, that is
// K_ii = A_i − Σ_c K_ci, all about one point. So A_i is what all bodies together feel when i moves, and for body i with the
// parent p and the neighbors C
//
//	D = s(q₂)ᵀ K_ii s(q₃) + joint terms     E = A_i s(q₃)
//	U_c = K_ci s(q₃),   V_c = K_icᵀ s(q₂)   for c in C,      U_p = E − Σ_C U_c,   V_p = (K_ii + K_ip)ᵀ s(q₂)
//	A_p += A_i,   K_pc += K_ic,   K_cp += K_ci              (a body without its joint is its parent)
//	A_b −= E D⁻¹ V_b,   K_ab −= U_a D⁻¹ V_b                 for a ≠ b in {p} ∪ C
//
// (if the parent is the world, whose part no longer counts, A_c −= K_ic and E is Σ_C U_c)
// which for a body without neighbors is System.Factor. With K_ii in place of A the masses of bodies pressed together would be
// differences of stiffnesses, gone at 1e16 times the mass, and momentum with them; this way they are sums. (Grassmann, Taksar
// and Heyman, "Regenerative analysis and steady state distributions for Markov chains", 1985, do it with probabilities.)
//
// It reports false when a pivot is singular.
func (g *Island) Factor() bool {
	for k := range g.steps {
		e := &g.steps[k]
		ok := false
		if g.alone(e) {
			ok = g.s.eliminate(int(e.body))
		} else {
			ok = g.eliminate(e)
		}
		if !ok {
			return false
		}
	}
	return true
}

// alone reports whether a body is coupled to nothing when it is eliminated.
func (g *Island) alone(e *step) bool {
	return e.near == e.last && (e.near == e.first || g.links[e.first].block < 0)
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
	u, v, y := g.u[e.uv:], g.v[e.uv:], g.y
	var all, moved [6]spatial.Wrench
	g.slopes(i, all[:n], u, v, ls)
	for a := range ls {
		s.solveRows(i, y[a*n:a*n+n], v[a*n:a*n+n])
	}
	g.merge(i, ls)
	x := g.cross[e.cross:]
	for a := range ls {
		c := int(ls[a].body)
		ua, ya := u[a*n:a*n+n], y[a*n:a*n+n]
		d := s.apart(i, c)
		for j := range n {
			moved[j] = about(&all[j], d)
		}
		s.A[c].Downdate(moved[:n], ya)
		for b := a + 1; b < len(ls); b++ {
			g.k[x[0]].Downdate(ua, y[b*n:b*n+n])
			g.k[x[0]^1].Downdate(u[b*n:b*n+n], ya)
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
	var x [6][6]float64
	for j := range v {
		x[j] = v[j].Array()
	}
	s.pivots[i].SolveRows(&x)
	for j := range y {
		y[j] = spatial.WrenchOf(&x[j])
	}
}

func rows(v []spatial.Wrench, m *spatial.Mat6) {
	for j := range v {
		v[j] = spatial.WrenchOf((*[6]float64)(m[6*j:]))
	}
}

func columns(u []spatial.Wrench, m *spatial.Mat6) {
	for j := range u {
		u[j] = spatial.WrenchOf(&[6]float64{m[j], m[6+j], m[12+j], m[18+j], m[24+j], m[30+j]})
	}
}

// Solve solves K x = −(Sᵀ Bias + RHS) for the whole island, or with Kᵀ; see System.Solve.
func (g *Island) Solve(to Side) {
	in, _ := g.s.screws(to)
	for k := range g.steps {
		g.raise(&g.steps[k], in, to)
	}
	g.Down(to)
}

// Next returns the body that is eliminated next of those that feel the elimination of this one, or World. Without
// couplings that is the parent.
func (g *Island) Next(body int) int { return int(g.steps[g.at[g.number(body)]].next) }

// Climb is System.Climb: it eliminates the joint of body i, whose Bias and RHS are set, and those of Next(i), its Next and
// so on, whose Bias is set and which have no RHS of their own.
func (g *Island) Climb(i int) {
	s := g.s
	for c := i; c != World; {
		b, e := &s.Bodies[c], &g.steps[g.at[g.number(c)]]
		if c != i {
			clear(s.RHS[b.V : b.V+b.N])
		}
		g.raise(e, s.Screw2, Forward)
		c = int(e.next)
	}
}

// raise eliminates a joint: the wrenches that it leaves go to its parent, as in a tree, and to its neighbors.
func (g *Island) raise(e *step, in []spatial.Twist, to Side) {
	s, i := g.s, int(e.body)
	s.raise(i, in, to)
	if e.near == e.last {
		return
	}
	b := &s.Bodies[i]
	x := s.X[b.V : b.V+b.N]
	var base [6]float64
	if b.Base >= 0 { // X are coordinates, which Down finds
		w := s.Bias[i].Scaled(-1)
		base = w.Array()
		s.pivot(i, &base, to)
		x = base[:]
	}
	for j := e.near; j < e.last; j++ {
		w := &s.Bias[g.links[j].body]
		for k, c := range g.out(e, j, to, b.N) {
			w.Force, w.Torque = spatial.AddScaled(w.Force, x[k], c.Force), spatial.AddScaled(w.Torque, x[k], c.Torque)
		}
	}
}

// Down finds the motions in the reverse order of elimination, after Solve's or Climb's way up.
func (g *Island) Down(to Side) {
	_, out := g.s.screws(to)
	for k := len(g.steps) - 1; k >= 0; k-- {
		e := &g.steps[k]
		if e.near < e.last {
			g.yield(e, to)
		}
		g.s.lower(int(e.body), out, to)
	}
}

// yield adds to the motion of a joint what the motions of its neighbors make of it.
func (g *Island) yield(e *step, to Side) {
	s, i := g.s, int(e.body)
	b := &s.Bodies[i]
	var x [6]float64
	for j := e.near; j < e.last; j++ {
		t := &s.Twist[g.links[j].body]
		for k := range g.out(e, j, 1-to, b.N) {
			x[k] += t.Power(&g.out(e, j, 1-to, b.N)[k])
		}
	}
	switch {
	case b.Base >= 0:
		w := spatial.WrenchOf(&x)
		s.Bias[i].Force, s.Bias[i].Torque = spatial.Add(s.Bias[i].Force, w.Force), spatial.Add(s.Bias[i].Torque, w.Torque)
	case b.N == 1:
		s.X[b.V] -= x[0] * s.hinges[b.V].inv
	default:
		s.pivot(i, &x, to)
		for k := range b.N {
			s.X[b.V+k] -= x[k]
		}
	}
}

// out returns what link j feels of the joint of a step with n degrees of freedom: U, or V on the other side.
func (g *Island) out(e *step, j int32, to Side, n int) []spatial.Wrench {
	o := int(e.uv) + int(j-e.first)*n
	if to == Transposed {
		return g.v[o : o+n]
	}
	return g.u[o : o+n]
}
