package dynamics

import "github.com/ukemi-sim/ukemi/ipm"

// dense is how many pairs a body may have on average, times pairs per row, where it still pays to know what rows answer. In heaps of balls
// it costs half an iteration and saves none: of 100 and 200 that fall steps take 7.9 and 13.6 iterations without it, and 8.9 and 16.4 with
// it. Towers, walls and rows of dominoes, of few pairs with several contacts each, take up to a half more without it.
const dense = 2.25

// Local implements ipm.Localizer: the diagonal blocks of J H⁻¹ Nᵀ. Couplings are left out.
func (p *problem) Local(a []ipm.Matrix, wanted []bool) bool {
	s := p.s
	if p.packed() {
		return false
	}
	for _, tr := range p.parts {
		clear(s.wanted[tr.First:tr.Last])
	}
	for i := range p.rows {
		if wanted[i] {
			s.want(&p.rows[i])
		}
	}
	if p.coupled() {
		p.graph.Respond(s.wanted)
	} else {
		for _, tr := range p.parts {
			s.tree.Respond(tr.span(), s.wanted)
		}
	}
	for i := range p.rows {
		r := &p.rows[i]
		switch {
		case !wanted[i] || r.kind == rowEqual: // the solver knows what an equation gives: all
		case r.kind == rowTouch:
			a[i] = s.touchAnswer(r, p.normalOnly(i))
		case r.kind == rowMeet:
			a[i] = s.meetAnswer(p, &s.meets[r.contact], p.normalOnly(i))
		default:
			a[i] = s.jointAnswer(r)
		}
	}
	return true
}

// packed reports whether bodies touch more neighbors than is dense.
func (p *problem) packed() bool {
	bodies, pairs := 0, float64(len(p.near))
	for _, tr := range p.parts {
		bodies += tr.Last - tr.First
	}
	return pairs*pairs > dense*float64(bodies*len(p.rows))
}

// want marks the bodies that r acts on.
func (s *Stepper) want(r *row) {
	switch r.kind {
	case rowTouch:
		s.wanted[s.m.Contacts[r.contact].Body] = true
	case rowMeet:
		c := &s.meets[r.contact]
		if s.wanted[c.a] = true; c.b != World {
			s.wanted[c.b] = true
		}
	case rowEqual:
	default:
		s.wanted[s.m.Dofs[r.dof].Body] = true
	}
}
