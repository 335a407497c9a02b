package urdf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
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
	velocity      float64 // limit, 0 when there is none
	held          float64 // where a joint that became fixed by lock stands
}

// lock makes a joint with one free motion a fixed one at position q.
func (j *joint) lock(q float64) {
	move := sim.IdentityPose
	if len(j.typ.Trans) == 1 {
		move.Pos = r3.Scale(q, j.typ.Trans[0])
	} else {
		move.Rot = quat.Number(r3.NewRotation(q, j.typ.Rot[0]))
	}
	j.origin = j.origin.Mul(move)
	j.kind, j.typ, j.axes, j.mimic, j.held = "fixed", sim.Fixed(), nil, nil, q
}

// kinds are the joint types.
var kinds = []string{"revolute", "continuous", "prismatic", "fixed", "floating", "planar", "planaraxis", "ball", "spherical", "orbital"}

func want() string {
	last := len(kinds) - 1
	return "want " + strings.Join(kinds[:last], ", ") + " or " + kinds[last]
}

func (r *reader) readJoints(root *node) {
	first := map[string]int{} // line of each name
	for _, n := range root.children("joint") {
		j := &joint{node: n, origin: r.origin(n)}
		j.name, _ = n.attr("name")
		line, twice := first[j.name]
		if j.name == "" || twice {
			wrong := "has no name"
			if j.name == "" {
				j.name = "joint"
			} else {
				wrong = fmt.Sprintf("the name is used twice, first on line %d; names of joints must differ", line)
			}
			for k, was := 2, j.name; first[j.name] > 0; k++ {
				j.name = fmt.Sprintf("%s_%d", was, k)
			}
			r.mend(n, wrong, fmt.Sprintf("it is called %q", j.name))
		}
		first[j.name] = n.line
		j.parent = r.end(n, "parent")
		j.child = r.end(n, "child")
		r.motion(j)
		r.leftoverName(n, j.name)
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
	if i, ok := r.byName[name]; ok {
		return r.links[i]
	}
	if tag == "parent" && name == "world" {
		r.notef(Reading, e, "no link \"world\" is declared, read as the world itself")
		return r.addLink(&link{name: name, node: &node{name: "link", line: e.line, owner: n}})
	}
	for _, l := range r.links {
		if strings.EqualFold(strings.TrimSpace(l.name), strings.TrimSpace(name)) {
			r.errorf(e, "there is no link %q in this file; %q differs in capitals or blanks", clip(name), clip(l.name))
			return nil
		}
	}
	if xmltree.Template(name) {
		r.errorf(e, "there is no link %q in this file, which looks like an expression: run xacro first", clip(name))
		return nil
	}
	r.errorf(e, "there is no link %q in this file; declare <link name=%q/>, or correct the name", clip(name), clip(name))
	return nil
}

// motion reads the type of the joint and what goes with it.
func (r *reader) motion(j *joint) {
	given, _ := j.node.attr("type")
	j.kind = strings.ToLower(strings.TrimSpace(given))
	switch {
	case j.kind == "":
		r.errorf(j.node, "has no type, %s", want())
		return
	case !slices.Contains(kinds, j.kind):
		hint := want()
		if xmltree.Template(given) {
			hint = "run xacro first"
		}
		r.errorf(j.node, "unknown type %q, %s", clip(given), hint)
		j.kind = ""
		return
	case j.kind != given:
		r.notef(Reading, j.node, "type %q read as %q", clip(given), j.kind)
	}
	switch j.kind {
	case "fixed":
		r.ignore(Unused, j.node, "a fixed joint does not move", "axis", "limit", "dynamics", "mimic")
		j.typ = sim.Fixed()
		return
	case "floating":
		r.ignore(Reading, j.node, "a floating joint has no axis, limits, friction or drive", "axis", "limit", "dynamics")
		j.typ = sim.Free()
		r.notef(Reading, j.node, "floating joint: slides along x, y, z of its frame and turns about all axes, without drive")
	case "ball", "spherical":
		r.ignore(Reading, j.node, "a spherical joint turns about all axes", "axis")
		j.typ = sim.Spherical()
	default:
		if !r.axial(j) {
			return
		}
	}
	r.readMimic(j)
}

// axial fills the type of a joint that has an axis. It returns whether the joint moves.
func (r *reader) axial(j *joint) bool {
	axis, ok := r.axis(j.node)
	if !ok {
		j.kind = ""
		return false
	}
	if axis == (r3.Vec{}) {
		r.mend(j.node.child("axis"), "xyz (0, 0, 0) is no direction", "the joint is fixed")
		r.ignore(Reading, j.node, "the joint is fixed", "limit", "dynamics", "mimic")
		j.kind, j.typ = "fixed", sim.Fixed()
		return false
	}
	switch j.kind {
	case "prismatic":
		j.typ = sim.Prismatic(axis)
	case "planar", "planaraxis":
		j.typ = sim.Planar(axis)
		r.notef(Reading, j.node, "planar joint: slides along %s and %s and turns about %s, without drive", arrow(j.typ.Trans[0]), arrow(j.typ.Trans[1]), arrow(axis))
	case "orbital":
		across := sim.Planar(axis).Trans
		j.typ = sim.Universal(across[0], across[1])
		r.notef(Reading, j.node, "orbital joint read as a universal joint: two hinges across its axis, %s then %s", arrow(across[0]), arrow(across[1]))
	default:
		j.typ = sim.Revolute(axis)
	}
	return true
}

func arrow(v r3.Vec) string { return fmt.Sprintf("(%.4g, %.4g, %.4g)", v.X+0, v.Y+0, v.Z+0) } // +0: no "-0"

// axis returns the direction of the joint, or zero when the file says so.
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
	if v == (r3.Vec{}) {
		return v, true
	}
	u := r3.Unit(v)
	if l := r3.Norm(u); !(l > 0.5 && l < 2) { // the length is out of range
		r.errorf(a, "xyz (%g, %g, %g) is no direction", v.X, v.Y, v.Z)
		return x, false
	}
	return u, true
}
