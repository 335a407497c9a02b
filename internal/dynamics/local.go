package dynamics

import "github.com/ukemi-sim/ukemi/ipm"

// Local implements ipm.Localizer: the diagonal blocks of J H⁻¹ Nᵀ. Couplings are left out.
func (p *problem) Local(a []ipm.Matrix, wanted []bool) {
	s := p.s
	for _, tr := range p.parts {
		clear(s.wanted[tr.First:tr.Last])
	}
	for i := range p.rows {
		if wanted[i] {
			s.wanted[p.bodyOf(i)] = true
		}
	}
	for _, tr := range p.parts {
		s.tree.Respond(tr.span(), s.wanted)
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
