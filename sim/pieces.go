package sim

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

// pieces finds, for every link that fixed joints merged into a body or the world, what hangs on its joint: the link,
// all that is fixed to it, and what is on those. Links that carry a body of their own have none: all of the body hangs
// on their joint.
func (c *compiler) pieces() {
	c.m.pieces = make([]dynamics.Piece, len(c.links))
	for l := range c.links {
		p := &c.m.pieces[l]
		p.Body, p.Whole = c.body[l], c.joints[c.parent[l]].Type.NV() > 0
		if p.Whole {
			continue
		}
		var total Inertia
		for k := range c.links {
			if c.fixedTo(Link(k), Link(l)) && c.links[k].inertia.Mass > 0 {
				total = total.Plus(c.links[k].inertia.Placed(c.pose[k]))
			}
		}
		p.Mass, p.COM, p.Inertia = total.Mass, total.COM, total.sym()
		for i := range c.colliders {
			if c.fixedTo(c.colliders[i].Link, Link(l)) {
				p.Colliders = append(p.Colliders, i)
			}
		}
		for i, j := range c.joint {
			if c.fixedTo(c.joints[j].Parent, Link(l)) {
				p.Children = append(p.Children, i)
			}
		}
		for i := range c.m.dyn.Thrusters {
			if c.fixedTo(c.thrusters[i].Link, Link(l)) {
				p.Thrusters = append(p.Thrusters, i)
			}
		}
		for i, name := range c.m.loops {
			o := &c.loops[slices.IndexFunc(c.loops, func(o Loop) bool { return o.Name == name })]
			a, b := o.LinkA, o.LinkB
			if bodyA, _ := c.at(a, IdentityPose); bodyA == dynamics.World {
				a, b = b, a // as closeLoops turned it round
			}
			if c.fixedTo(a, Link(l)) {
				p.LoopsA = append(p.LoopsA, i)
			}
			if c.fixedTo(b, Link(l)) {
				p.LoopsB = append(p.LoopsB, i)
			}
		}
	}
}

// fixedTo reports whether k is l, or hangs on it by fixed joints alone.
func (c *compiler) fixedTo(k, l Link) bool {
	for k != l {
		if k == World || c.joints[c.parent[k]].Type.NV() > 0 {
			return false
		}
		k = c.joints[c.parent[k]].Parent
	}
	return true
}

// validPieces checks those of a model that was read.
func (m *Model) validPieces() error {
	d := m.dyn
	if len(m.pieces) != len(m.frames) {
		return fmt.Errorf("%d pieces for %d frames", len(m.pieces), len(m.frames))
	}
	below := func(l []int, n int) bool {
		return !slices.ContainsFunc(l, func(i int) bool { return i < 0 || i >= n })
	}
	for i := range m.pieces {
		p := &m.pieces[i]
		j := p.Inertia
		if p.Body != m.frames[i].Body || p.Whole && p.Body < 0 || !nonNegative(p.Mass) || !finite(p.COM.X, p.COM.Y, p.COM.Z, j.XX, j.XY, j.XZ, j.YY, j.YZ, j.ZZ) ||
			!below(p.Colliders, len(d.Colliders)) || !below(p.Children, len(d.Bodies)) || !below(p.LoopsA, len(d.Loops)) || !below(p.LoopsB, len(d.Loops)) || !below(p.Thrusters, len(d.Thrusters)) {
			return fmt.Errorf("the piece of a body at frame %q: what is on it", m.frames[i].Name)
		}
	}
	return nil
}
