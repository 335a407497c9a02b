package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Respond is System.Respond: Response of the wanted bodies, and Self and BallSelf of their joints, exact with all couplings; and
// what two bodies of a pair answer to each other, Answers, if the one that is eliminated first is wanted. With o_ab the twist of
// a per wrench on b, it follows from those of the links b, c in {p} ∪ C, which the elimination has coupled with each other:
//
//	X_b = Σ_c o_bc U_c,   Z_b = Σ_c D⁻¹V_c o_cb,   P = D⁻¹ s₂ᵀ
//	o_bi = o_bp − X_b P,   o_ib = o_pb − s₃ Z_b,   o_ii = o_pi − s₃ (Σ_c D⁻¹V_c o_ci − P)
//
// (Erisman and Tinney, "On computing certain elements of the inverse of a sparse matrix", Communications of the ACM 18, 1975).
// It marks all bodies that those wanted lead to, and costs about twice their part of the factorization.
func (g *Island) Respond(wanted []bool) {
	g.o = grown(g.o, 2*len(g.links))
	g.x, g.z = grown(g.x, len(g.v)), grown(g.z, len(g.v))
	for k := range g.steps {
		e := &g.steps[k]
		if !wanted[e.body] {
			continue
		}
		for _, l := range g.links[e.first:e.last] {
			wanted[l.body] = true
		}
	}
	for k := len(g.steps) - 1; k >= 0; k-- {
		switch e := &g.steps[k]; {
		case !wanted[e.body]:
		case e.way == alone:
			g.s.respond(int(e.body))
		default:
			g.respond(e)
		}
	}
}

// Answers returns what the bodies of pair n, of those given to Couple, answer to each other after Respond: the twist of A per
// wrench on B, and of B per wrench on A.
func (g *Island) Answers(n int) (ab, ba *spatial.Mat6) {
	k := g.answer(g.place[n])
	return &g.o[k], &g.o[k^1]
}

// respond finds what a coupled body and its links answer to each other.
func (g *Island) respond(e *step) {
	s, i := g.s, int(e.body)
	b, ls := &s.Bodies[i], g.links[e.first:e.last]
	n := b.N
	u, y := g.u[e.uy:], g.y[e.uy:]
	x, z := g.x[:len(ls)*n], g.z[:len(ls)*n]
	clear(x)
	clear(z)
	pair := g.cross[e.cross:]
	for a := range ls {
		ua, ya, xa, za := u[a*n:a*n+n], y[a*n:a*n+n], x[a*n:a*n+n], z[a*n:a*n+n]
		s.Response[ls[a].body].AddMul(xa, ua)
		s.Response[ls[a].body].AddTMul(za, ya)
		for c := a + 1; c < len(ls); c++ {
			ac, ca := &g.o[pair[0].answer], &g.o[pair[0].answer^1]
			uc, yc, xc, zc := u[c*n:c*n+n], y[c*n:c*n+n], x[c*n:c*n+n], z[c*n:c*n+n]
			ac.AddMul(xa, uc)
			ca.AddMul(xc, ua)
			ca.AddTMul(za, yc)
			ac.AddTMul(zc, ya)
			pair = pair[1:]
		}
	}
	var s3, p, own [6]spatial.Wrench // own: P − Σ D⁻¹V o_ci
	m := s.inverse(i, s3[:n], p[:n])
	copy(own[:n], p[:n])
	for a := range ls {
		ic, ci := &g.o[2*(int(e.first)+a)], &g.o[2*(int(e.first)+a)+1]
		g.ofParent(e, a, ic, ci)
		ci.Downdate(x[a*n:a*n+n], p[:n])
		ic.Downdate(s3[:n], z[a*n:a*n+n])
		for j := range n {
			w := answerBack(ci, &y[a*n+j])
			own[j].Force, own[j].Torque = spatial.Sub(own[j].Force, w.Force), spatial.Sub(own[j].Torque, w.Torque)
		}
	}
	o := &s.Response[i]
	*o = spatial.Mat6{}
	if e.near > e.first {
		*o = g.o[2*e.first+1] // o_pi
	}
	for j := range n {
		o.AddOuter(&s3[j], &own[j])
	}
	if b.Base < 0 {
		s.self(i, &m, x, y[:len(ls)*n])
	}
}

// ofParent stores in o_ic and o_ci what the parent of a body answers to its link a, and it to the parent: nothing if that is the world.
func (g *Island) ofParent(e *step, a int, ic, ci *spatial.Mat6) {
	switch {
	case e.near == e.first:
		*ic, *ci = spatial.Mat6{}, spatial.Mat6{}
	case a == 0:
		*ic = g.s.Response[g.links[e.first].body]
		*ci = *ic
	default: // the pairs of the parent come first
		k := g.cross[int(e.cross)+a-1].answer
		*ic, *ci = g.o[k], g.o[k^1]
	}
}

// inverse returns D⁻¹ of body i, and stores its screws at knot 3 and P.
func (s *System) inverse(i int, s3, p []spatial.Wrench) [6][6]float64 {
	b := &s.Bodies[i]
	m := identity
	if b.N == 1 {
		m[0][0] = s.hinges[b.V].inv
	} else {
		s.pivots[i].SolveRows(&m)
	}
	for j := range s3 {
		if b.Base >= 0 {
			s3[j], p[j] = spatial.WrenchOf(&identity[j]), spatial.WrenchOf(&m[j])
			continue
		}
		s3[j] = *asRow(1, &s.Screw3[b.V+j])
		for k := range p {
			t := asRow(m[j][k], &s.Screw2[b.V+k])
			p[j].Force, p[j].Torque = spatial.Add(p[j].Force, t.Force), spatial.Add(p[j].Torque, t.Torque)
		}
	}
	return m
}

// self stores what the joint of body i answers to itself, (1 + Σ D⁻¹V_c X_c) D⁻¹.
func (s *System) self(i int, m *[6][6]float64, x, y []spatial.Wrench) {
	b := &s.Bodies[i]
	n := b.N
	k := *m
	for r := range n {
		for c := range n {
			sum := 0.0
			for a := 0; a < len(x); a += n {
				sum += spatial.Dot(y[a+r].Force, x[a+c].Force) + spatial.Dot(y[a+r].Torque, x[a+c].Torque)
			}
			for q := range n {
				k[r][q] += sum * m[c][q]
			}
		}
	}
	for j := range n {
		s.Self[b.V+j] = k[j][j]
	}
	for j := 0; j < 9 && b.Ball >= 0; j++ {
		s.BallSelf[i][j] = k[b.Ball+j/3][b.Ball+j%3]
	}
}
