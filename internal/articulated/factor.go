package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Factor eliminates the joints of a tree from the leaves to the root:
//
//	U = A s(q₃),   V = Aᵀ s(q₂),   D = s(q₂)ᵀ U + joint terms,   A of the parent += A − U D⁻¹ Vᵀ
//
// It reports false when a pivot is singular.
func (s *System) Factor(t Span) bool {
	for i := t.Last - 1; i >= t.First; i-- {
		if !s.eliminate(i) {
			return false
		}
	}
	return true
}

// eliminate eliminates the joint of body i.
func (s *System) eliminate(i int) bool {
	b := &s.Bodies[i]
	switch {
	case b.Base >= 0:
		return s.pivots[i].Factor((*[36]float64)(&s.A[i]), 6)
	case b.N == 1 && b.Parent != World:
		return s.eliminateHinge(i, &s.A[i], &s.A[b.Parent])
	case b.N == 1:
		return s.eliminateHinge(i, &s.A[i], nil)
	}
	if !s.pivotBlock(i, &s.A[i]) {
		return false
	}
	if b.Parent != World {
		s.passBlock(i)
	}
	return true
}

// eliminateHinge eliminates a joint of one degree of freedom and adds what is left of a to the parent's matrix, if any.
func (s *System) eliminateHinge(i int, a, parent *spatial.Mat6) bool {
	v := s.Bodies[i].V
	g := &s.hinges[v]
	g.inv = spatial.Eliminate(parent, a, &g.u, &g.v, &s.Screw3[v], &s.Screw2[v], s.D[v])
	return g.inv-g.inv == 0 && g.inv != 0 // else the pivot is zero, not a number, or infinite
}

// pivotBlock finds U, V and the factors of D of a joint with several degrees of freedom.
func (s *System) pivotBlock(i int, a *spatial.Mat6) bool {
	b := &s.Bodies[i]
	n := b.N
	hs := s.hinges[b.V : b.V+n]
	for j := range hs {
		a.MulTwist(&hs[j].u, &s.Screw3[b.V+j])
		a.TMulTwist(&hs[j].v, &s.Screw2[b.V+j])
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
	return s.pivots[i].Factor(&d, n)
}

// passBlock adds A − U D⁻¹ Vᵀ to the parent's matrix.
func (s *System) passBlock(i int) {
	b := &s.Bodies[i]
	hs := s.hinges[b.V : b.V+b.N]
	var y [6][6]float64
	for r := range hs {
		y[r] = hs[r].v.Array()
	}
	s.pivots[i].SolveRows(&y)
	p := &s.A[b.Parent]
	p.Add(&s.A[i])
	for r := range hs {
		row := spatial.WrenchOf(&y[r])
		row = row.Scaled(-1)
		p.AddOuter(&hs[r].u, &row)
	}
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
