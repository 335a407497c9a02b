package urdf

import (
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
)

// link is a <link> and its place in the tree.
type link struct {
	node      *node
	name      string
	inertia   sim.Inertia
	colliders []sim.Collider
	meshes    []sim.Visual // collision meshes, for want of contact good for estimates alone
	visuals   []sim.Visual
	colossal  bool   // its shapes are too large to be true, and a note says so
	carrier   *joint // nil for the root
	children  []*joint
	id        sim.Link
}

// addLink lists l, whose name is new.
func (r *reader) addLink(l *link) *link {
	r.byName[l.name] = len(r.links)
	r.links = append(r.links, l)
	return l
}

func (r *reader) readLinks(root *node) {
	for _, n := range root.children("link") {
		l := &link{node: n}
		l.name, _ = n.attr("name")
		if l.name == "" {
			r.errorf(n, "has no name")
			r.links = append(r.links, l)
		} else if at, twice := r.byName[l.name]; twice {
			r.errorf(n, "the name is used twice, first on line %d; names of links must differ", r.links[at].node.line)
			r.links = append(r.links, l)
		} else {
			r.addLink(l)
		}
		r.leftoverName(n, l.name)
		for _, c := range n.children("collision") {
			if s, ok := r.collision(c, l); ok {
				l.colliders = append(l.colliders, s)
			}
		}
		for _, v := range n.children("visual") {
			if s, ok := r.visual(v); ok {
				l.visuals = append(l.visuals, s)
			}
		}
		if in := n.child("inertial"); in != nil {
			l.inertia = r.inertial(in, l)
		}
	}
	if len(r.links) == 0 {
		r.errorf(root, "has no <link>")
	}
}

// leftoverName reports a name that a template processor should have completed. It is a name all the same.
func (r *reader) leftoverName(n *node, name string) {
	if strings.Contains(name, "${") || strings.Contains(name, "$(") {
		r.notef(Reading, n, "the name %q looks like an expression: was xacro run on this file?", clip(name))
	}
}

func (r *reader) collision(n *node, l *link) (sim.Collider, bool) {
	c := sim.Collider{Friction: r.opt.Friction, Pose: r.origin(n)}
	name, named := n.attr("name")
	if !named || name == "" {
		name = l.name
	}
	g := n.child("geometry")
	if g == nil {
		r.mend(n, "has no <geometry>", "it is left out")
		return c, false
	}
	var found bool
	if c.Shape, found = r.shape(g); !found {
		if m := g.child("mesh"); m != nil {
			v := sim.Visual{Pose: c.Pose}
			r.drawn, r.spoiled = true, 0
			r.mesh(m, &v)
			if r.drawn = false; r.spoiled == 0 {
				l.meshes = append(l.meshes, v)
			}
			m.used = false
		}
		r.ignore(Physics, g, "collision meshes are not used; add spheres, capsules, boxes or cylinders in their place", "mesh")
		return c, false
	}
	c.Name = r.unique(name)
	return c, true
}

// visual reads what is only drawn: whatever is wrong with it is reported, and no reason to refuse the robot.
func (r *reader) visual(n *node) (sim.Visual, bool) {
	r.drawn, r.spoiled = true, 0
	defer func() { r.drawn = false }()
	v := sim.Visual{Pose: r.origin(n)}
	v.Name, _ = n.attr("name")
	g := n.child("geometry")
	if g == nil {
		r.errorf(n, "has no <geometry>")
		return v, false
	}
	shape, found := r.shape(g)
	v.Shape = shape
	if m := g.child("mesh"); m != nil && !found {
		r.mesh(m, &v)
		found = v.Mesh != ""
	}
	found = found && r.spoiled == 0
	v.Color = r.color(n) // a shape whose color is wrong is drawn without
	return v, found
}
