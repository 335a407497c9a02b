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
	meshes    []collisionMesh
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
			l.colliders = append(l.colliders, r.collision(c, l)...)
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

// collision returns what a <collision> makes touch: one shape, or the convex pieces of a mesh.
func (r *reader) collision(n *node, l *link) []sim.Collider {
	c := sim.Collider{Friction: r.opt.Friction, Pose: r.origin(n)}
	name, named := n.attr("name")
	if !named || name == "" {
		name = l.name
	}
	g := n.child("geometry")
	if g == nil {
		r.mend(n, "has no <geometry>", "it is left out")
		return nil
	}
	shape, found := r.shape(g)
	if !found {
		return r.collisionMesh(g, c, name, l)
	}
	if far := shape.Extent(); far > vast {
		r.notef(Physics, g, "touches up to %.3g m from its origin: is it in millimeters? URDF is in meters", far)
	}
	c.Shape = shape
	c.Name = r.unique(name)
	return []sim.Collider{c}
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
