package urdf

import (
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// joint is a <joint> between two links that exist.
type joint struct {
	node          *node
	name, kind    string // kind is "" after an error about it
	parent, child *link
	typ           sim.JointType
	origin        sim.Pose
	axes          []sim.Axis
	mimic         *sim.Mimic
	mimicNode     *node
}

// kinds lists the joint types for the error about another one.
const kinds = "revolute, continuous, prismatic, fixed, floating, planar, planaraxis, ball, spherical or orbital"

func (r *reader) readJoints(root *node) {
	first := map[string]int{} // line of each name
	for _, n := range root.children("joint") {
		j := &joint{node: n, origin: r.origin(n)}
		j.name, _ = n.attr("name")
		if j.name == "" {
			r.errorf(n, "has no name")
		} else if line, twice := first[j.name]; twice {
			r.errorf(n, "the name is used twice, first on line %d; names of joints must differ", line)
		} else {
			first[j.name] = n.line
		}
		j.parent = r.end(n, "parent")
		j.child = r.end(n, "child")
		r.motion(j)
		r.joints = append(r.joints, j)
	}
}

// end returns the link a joint's <parent> or <child> names, or nil after an error.
func (r *reader) end(n *node, tag string) *link {
	e := n.child(tag)
	if e == nil {
		r.errorf(n, "has no <%s link=\"…\"/>", tag)
		return nil
	}
	name, given := e.attr("link")
	if !given {
		r.errorf(e, "attribute link is missing")
		return nil
	}
	i, ok := r.byName[name]
	if !ok {
		r.errorf(e, "there is no link %q in this file", clip(name))
		return nil
	}
	return r.links[i]
}

// motion reads the type of the joint and what goes with it.
func (r *reader) motion(j *joint) {
	j.kind, _ = j.node.attr("type")
	switch j.kind {
	case "fixed":
		r.ignore(j.node, "a fixed joint does not move", "axis", "limit", "dynamics", "mimic")
		j.typ = sim.Fixed()
		return
	case "floating":
		r.ignore(j.node, "a floating joint has no axis, limits, friction or drive", "axis", "limit", "dynamics")
		j.typ = sim.Free()
	case "ball", "spherical":
		r.ignore(j.node, "a spherical joint turns about all axes", "axis")
		j.typ = sim.Spherical()
	case "revolute", "continuous", "prismatic", "planar", "planaraxis", "orbital":
		axis, ok := r.axis(j.node)
		if !ok {
			j.kind = ""
			return
		}
		switch j.kind {
		case "prismatic":
			j.typ = sim.Prismatic(axis)
		case "planar", "planaraxis":
			j.typ = sim.Planar(axis)
		case "orbital":
			across := sim.Planar(axis).Trans
			j.typ = sim.Universal(across[0], across[1])
			r.notef(j.node, "orbital joint read as a universal joint: two hinges across its axis, (%.4g, %.4g, %.4g) then (%.4g, %.4g, %.4g)",
				across[0].X+0, across[0].Y+0, across[0].Z+0, across[1].X+0, across[1].Y+0, across[1].Z+0) // +0: no "-0"
		default:
			j.typ = sim.Revolute(axis)
		}
	case "":
		r.errorf(j.node, "has no type, want %s", kinds)
		return
	default:
		r.errorf(j.node, "unknown type %q, want %s", clip(j.kind), kinds)
		j.kind = ""
		return
	}
	r.readMimic(j)
	r.readAxes(j)
}

// axis returns the direction of the joint.
func (r *reader) axis(n *node) (r3.Vec, bool) {
	x := r3.Vec{X: 1}
	a := n.child("axis")
	if a == nil {
		return x, true
	}
	v, ok := r.vec(a, "xyz", x)
	if !ok {
		return x, false
	}
	u := r3.Unit(v)
	if l := r3.Norm(u); !(l > 0.5 && l < 2) { // NaN for zero, anything when the length is out of range
		r.errorf(a, "xyz (%g, %g, %g) is no direction", v.X, v.Y, v.Z)
		return x, false
	}
	return u, true
}

// loops reports <loop_joint>, Dojo's element for joints that close a kinematic loop.
func (r *reader) loops(root *node) {
	for _, n := range root.children("loop_joint") {
		var ends [2]string
		for i, tag := range []string{"link1", "link2"} {
			if e := n.child(tag); e != nil {
				ends[i] = e.peek("link")
			}
		}
		n.skip()
		r.notef(n, "ignored: kinematic loops cannot be represented yet; links %q and %q stay unconnected", clip(ends[0]), clip(ends[1]))
	}
}
