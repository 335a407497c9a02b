package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Factor eliminates the joints of a tree from the leaves to the root:
//
//	U = A s(q₃),   V = Aᵀ s(q₂),   D = s(q₂)ᵀ U + joint terms,   A of the parent += A − U D⁻¹ Vᵀ
//
// It reports false when a pivot is singular.
func (s *System) Factor(t Span) bool {
	for i := t.Last - 1; i >= t.First; i-- {
		b, a := &s.Bodies[i], &s.A[i]
		if b.Base >= 0 {
			if !s.pivots[i].Factor((*[36]float64)(a), 6) {
				return false
			}
			continue
		}
		if b.N == 1 {
			var parent *spatial.Mat6
			if b.Parent != World {
				parent = &s.A[b.Parent]
			}
			g := &s.hinges[b.V]
			g.inv = spatial.Eliminate(parent, a, &g.u, &g.v, &s.Screw3[b.V], &s.Screw2[b.V], s.D[b.V])
			if g.inv-g.inv != 0 || g.inv == 0 { // the pivot is zero, not a number, or infinite
				return false
			}
			continue
		}
		if !s.factorBlock(i) {
			return false
		}
	}
	return true
}

// factorBlock eliminates a joint with several degrees of freedom.
func (s *System) factorBlock(i int) bool {
	b, k := &s.Bodies[i], &s.pivots[i]
	n := b.N
	hs := s.hinges[b.V : b.V+n]
	for j := range hs {
		s.A[i].MulTwist(&hs[j].u, &s.Screw3[b.V+j])
		s.A[i].TMulTwist(&hs[j].v, &s.Screw2[b.V+j])
	}
	var d [36]float64
	for r := 0; r < n; r++ {
		for c := 0; c < n; c++ {
			d[6*r+c] = s.Screw2[b.V+r].Power(&hs[c].u)
		}
		d[7*r] += s.D[b.V+r]
	}
	if b.Ball >= 0 {
		for r := 0; r < 3; r++ {
			for c := 0; c < 3; c++ {
				d[6*(b.Ball+r)+b.Ball+c] += s.Ball[i][3*r+c]
			}
		}
	}
	if !k.Factor(&d, n) {
		return false
	}
	if b.Parent == World {
		return true
	}
	// A ← A − U D⁻¹ Vᵀ
	var y [6][6]float64
	for r := range hs {
		y[r] = hs[r].v.Array()
	}
	k.SolveRows(&y)
	p := &s.A[b.Parent]
	p.Add(&s.A[i])
	for r := range hs {
		row := spatial.WrenchOf(&y[r])
		row = row.Scaled(-1)
		p.AddOuter(&hs[r].u, &row)
	}
	return true
}

// Downdate subtracts U D⁻¹ rows from m, the rows belonging to the degrees of freedom of body i: what is left of m,
// which the parent feels, when the joint gives way.
func (s *System) Downdate(m *spatial.Mat6, i int, rows []spatial.Wrench) {
	b := &s.Bodies[i]
	if b.N == 1 {
		u := s.hinges[b.V].u.Scaled(-s.hinges[b.V].inv)
		m.AddOuter(&u, &rows[0])
		return
	}
	var x [6][6]float64
	for j := range rows {
		x[j] = rows[j].Array()
	}
	s.pivots[i].SolveRows(&x)
	for j := range rows {
		u, r := s.hinges[b.V+j].u.Scaled(-1), spatial.WrenchOf(&x[j])
		m.AddOuter(&u, &r)
	}
}
