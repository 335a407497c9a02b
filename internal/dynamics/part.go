package dynamics

import "slices"

// part is what the model says of one tree: the rows that its joints can have, what touches, and where forces act.
type part struct {
	*Tree
	t        int
	limits   []row // all rows that joints can have
	on       []bool
	clusters []cluster // all contacts of the tree with half-spaces
	near     []int     // those that are not far, in the step at hand
	far      bool      // whether others are
	rolls    []int     // first dofs of spherical rotations
	forces   []int     // dofs with forces of their own, see forced
	mimics   []int
	loops    []int // closures whose A is in the tree
}

// init lists what tree t has. It keeps the memory of its lists.
func (p *part) init(m *Model, t int) {
	*p = part{Tree: &m.Trees[t], t: t, limits: p.limits[:0], near: p.near[:0], rolls: p.rolls[:0], mimics: p.mimics[:0], loops: p.loops[:0]}
	p.clusters = m.clustered(p.First, p.Last)
	n := 0
	for i := range p.clusters {
		n += p.clusters[i].last - p.clusters[i].first
	}
	p.near = slices.Grow(p.near, n)
	for i := p.V0; i < p.V1; i++ {
		p.limits = append(p.limits, m.jointRows(i)...)
	}
	for i := range m.Mimics {
		if v := m.Mimics[i].Dof; v >= p.V0 && v < p.V1 {
			p.mimics = append(p.mimics, i)
		}
	}
	for i, c := range m.closures() {
		if c.a >= p.First && c.a < p.Last {
			p.loops = append(p.loops, i)
		}
	}
	p.forces = m.forced(p.Tree)
	for i := p.First; i < p.Last; i++ {
		if k := m.Bodies[i].ball(); k >= 0 {
			p.rolls = append(p.rolls, k)
		}
	}
	p.on = make([]bool, len(p.limits))
}

// wound reports whether a spring holds something of the island.
func (p *problem) wound() bool {
	for _, tr := range p.parts {
		for _, k := range tr.forces {
			if p.s.m.Dofs[k].Stiffness != 0 {
				return true
			}
		}
	}
	return false
}
