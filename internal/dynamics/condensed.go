package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// condensed is what the columns of a Jacobian take from: subtrees with their joints eliminated, and multipliers that follow the motion. A
// column costs a climb to the root then, where the rows' W leave the sums enough digits.
type condensed struct {
	m1, m2       []spatial.Mat6   // ∂(wrench)/∂(twist at knot 1, 2) of all that hangs on a body
	rho1, rho2   []spatial.Wrench // what a joint's equation feels of a twist of the whole subtree
	jq, ju       []float64        // joint part of ∂r/∂q2 and ∂r/∂u of scalar dofs
	ballQ, ballU []spatial.Mat3   // the same of spherical rotations, per body
	hang         [][6]float64     // motion of every dof per unit twist of the free base that it hangs on
	limb         []int            // of every body, the first of those that hang on the same free base's child; or itself
}

func newCondensed(nb, nv int) condensed {
	return condensed{
		m1: make([]spatial.Mat6, nb), m2: make([]spatial.Mat6, nb), rho1: make([]spatial.Wrench, nv), rho2: make([]spatial.Wrench, nv),
		jq: make([]float64, nv), ju: make([]float64, nv), ballQ: make([]spatial.Mat3, nb), ballU: make([]spatial.Mat3, nb),
		hang: make([][6]float64, nv), limb: make([]int, nb),
	}
}

// gather finds what joints feel as a whole in an island without meetings and loops.
func (p *problem) gather(l *linear) {
	c := &l.whole
	for _, tr := range p.parts {
		copy(c.jq[tr.V0:tr.V1], l.jq[tr.V0:tr.V1])
		copy(c.ju[tr.V0:tr.V1], l.ju[tr.V0:tr.V1])
		for _, r := range tr.rolls {
			b := p.s.m.Dofs[r].Body
			c.ballQ[b], c.ballU[b] = l.ballQ[b], l.ballU[b]
		}
	}
	for n := range p.joints {
		p.s.jointWhole(c, &p.rows[n], &p.w[n])
	}
	p.condensed = false
}

// condense prepares the columns of such an island. Products go without.
func (p *problem) condense() {
	if p.condensed || p.pushes() {
		return
	}
	p.condensed = true
	l := p.s.lin
	c := &l.whole
	for _, tr := range p.parts {
		copy(c.m1[tr.First:tr.Last], l.a1[tr.First:tr.Last])
		copy(c.m2[tr.First:tr.Last], l.a2[tr.First:tr.Last])
	}
	for n := p.joints; n < len(p.rows); n++ {
		p.touchWhole(c, n)
	}
	for _, tr := range p.parts {
		p.s.gather(c, l.sum, tr.Tree)
		p.s.hangs(c, tr.Tree)
	}
}

// hangs finds how all that hangs on a free base moves with it.
func (s *Stepper) hangs(c *condensed, tr *Tree) {
	if s.tree.Bodies[tr.First].Base < 0 {
		return
	}
	c.limb[tr.First] = tr.First
	for i := tr.First + 1; i < tr.Last; i++ {
		if c.limb[i] = i; s.m.Bodies[i].Parent != tr.First {
			c.limb[i] = c.limb[s.m.Bodies[i].Parent]
		}
	}
	base := &s.tree.Twist[tr.First]
	for j := range 6 {
		clear(s.tree.X[tr.V0:tr.V1])
		if *base = (spatial.Twist{}); j < 3 {
			base.Lin = unitOf(j)
		} else {
			base.Ang = unitOf(j - 3)
		}
		s.tree.Down(articulated.Span{First: tr.First + 1, Last: tr.Last}, articulated.Forward)
		for k := tr.V0; k < tr.V1; k++ {
			c.hang[k][j] = s.tree.X[k]
		}
	}
}

// sweep finds the motions of a tree for a column of body i, from the root to the leaves. What moves with the base
// alone, on other limbs, takes a fifth of the work, and hard contacts ask for its twists.
func (p *problem) sweep(tr *Tree, i int) {
	s, c := p.s, &p.s.lin.whole
	if s.tree.Bodies[tr.First].Base < 0 || i == tr.First || p.schur.out {
		s.tree.Down(tr.span(), articulated.Forward)
		return
	}
	first := c.limb[i]
	last := s.lin.end[first]
	s.tree.Down(articulated.Span{First: tr.First, Last: tr.First + 1}, articulated.Forward)
	s.tree.Down(articulated.Span{First: first, Last: last}, articulated.Forward)
	t, v0, v1 := s.tree.Twist[tr.First], s.m.Bodies[first].V, tr.V1
	if last < tr.Last {
		v1 = s.m.Bodies[last].V
	}
	follow := func(x []float64, hang [][6]float64) {
		for k := range x {
			h := &hang[k]
			x[k] = h[0]*t.Lin.X + h[1]*t.Lin.Y + h[2]*t.Lin.Z + (h[3]*t.Ang.X + h[4]*t.Ang.Y + h[5]*t.Ang.Z)
		}
	}
	from := s.m.Bodies[tr.First].V + 6
	follow(s.tree.X[from:v0], c.hang[from:v0])
	follow(s.tree.X[v1:tr.V1], c.hang[v1:tr.V1])
}

// touchWhole adds NᵀW ∂u/∂(twists at knots 1 and 2) of a contact.
func (p *problem) touchWhole(c *condensed, n int) {
	t, b := p.s.touchOf(&p.rows[n])
	l := &p.s.lin.touches[p.rows[n].at]
	addContact(&c.m2[b], &t.Wrenches, &l.g2, &p.w[n], p.normalOnly(n))
	if t.bounce.Share > 0 {
		addContact(&c.m1[b], &t.Wrenches, &[3]spatial.Wrench{l.g1}, &p.w[n], p.normalOnly(n))
	}
	p.acrossWhole(c, n)
}

// gather computes M and ρ of all subtrees of a tree: with its joints eliminated, what a subtree passes to its parent is M t for a twist t
// of all of it, and what its joints' equations feel is ρ·t.
func (s *Stepper) gather(l *condensed, sum []spatial.Wrench, tr *Tree) {
	m := s.m
	for i := tr.Last - 1; i >= tr.First; i-- {
		b := &m.Bodies[i]
		if s.tree.Bodies[i].Base >= 0 {
			continue
		}
		n := b.NT + b.NR
		for j := b.V; j < b.V+n; j++ {
			l.m1[i].TMulTwist(&l.rho1[j], &s.tree.Screw2[j])
			l.m2[i].TMulTwist(&l.rho2[j], &s.tree.Screw2[j])
			// (t × s_j)·F: the joint's own axis turns with everything above it
			c := crossForce(&s.tree.Screw2[j], &sum[i])
			l.rho2[j].Force = spatial.Add(l.rho2[j].Force, c.Force)
			l.rho2[j].Torque = spatial.Add(l.rho2[j].Torque, c.Torque)
		}
		if b.Parent == World {
			continue
		}
		p1, p2 := &l.m1[b.Parent], &l.m2[b.Parent]
		p1.Add(&l.m1[i])
		p2.Add(&l.m2[i])
		s.tree.Downdate(p1, i, l.rho1[b.V:b.V+n])
		s.tree.Downdate(p2, i, l.rho2[b.V:b.V+n])
	}
}
