package urdf

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// link is a <link> and its place in the tree.
type link struct {
	node      *node
	name      string
	inertia   sim.Inertia
	colliders []sim.Collider
	visuals   []sim.Visual
	carrier   *joint // nil for the root
	children  []*joint
	id        sim.Link
}

func (r *reader) readLinks(root *node) {
	for _, n := range root.children("link") {
		l := &link{node: n}
		l.name, _ = n.attr("name")
		if l.name == "" {
			r.errorf(n, "has no name")
		} else if at, twice := r.byName[l.name]; twice {
			r.errorf(n, "the name is used twice, first on line %d; names of links must differ", r.links[at].node.line)
		} else {
			r.byName[l.name] = len(r.links)
		}
		r.links = append(r.links, l)
		if in := n.child("inertial"); in != nil {
			l.inertia = r.inertial(in)
		}
		for _, c := range n.children("collision") {
			if s, ok := r.collision(c, l.name); ok {
				l.colliders = append(l.colliders, s)
			}
		}
		for _, v := range n.children("visual") {
			if s, ok := r.visual(v); ok {
				l.visuals = append(l.visuals, s)
			}
		}
	}
	if len(r.links) == 0 {
		r.errorf(root, "has no <link>")
	}
}

func (r *reader) collision(n *node, link string) (sim.Collider, bool) {
	c := sim.Collider{Friction: r.opt.Friction, Pose: r.origin(n)}
	name, named := n.attr("name")
	if !named || name == "" {
		name = link
	}
	g := n.child("geometry")
	if g == nil {
		r.errorf(n, "has no <geometry>")
		return c, false
	}
	var found bool
	if c.Shape, found = r.shape(g); !found {
		r.ignore(g, "collision meshes are not used; add spheres, capsules, boxes or cylinders in their place", "mesh")
		return c, false
	}
	c.Name = r.unique(name)
	return c, true
}

func (r *reader) visual(n *node) (sim.Visual, bool) {
	v := sim.Visual{Pose: r.origin(n), Color: r.color(n)}
	v.Name, _ = n.attr("name")
	g := n.child("geometry")
	if g == nil {
		r.errorf(n, "has no <geometry>")
		return v, false
	}
	var found bool
	if v.Shape, found = r.shape(g); found {
		return v, true
	}
	m := g.child("mesh")
	if m == nil {
		return v, false
	}
	v.Shape = contact.Shape{}
	v.Mesh, _ = m.attr("filename")
	if v.Mesh == "" {
		r.errorf(m, "attribute filename is missing")
	}
	v.Scale, _ = r.vec(m, "scale", r3.Vec{X: 1, Y: 1, Z: 1})
	return v, v.Mesh != ""
}
