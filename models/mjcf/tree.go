package mjcf

import (
	"fmt"
	"strconv"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// scope is what holds for the elements inside of a body or frame.
type scope struct {
	body  int
	frame sim.Pose // of the innermost <frame> in the body
	class *class
}

// readWorld walks the tree of bodies.
func (r *reader) readWorld() {
	world := Body{Place: Place{r.main, 1}, Name: "world", Parent: -1, Pose: sim.IdentityPose}
	r.model.Bodies = append(r.model.Bodies, world)
	r.named[[2]string{"body", "world"}] = 0
	s := scope{frame: sim.IdentityPose, class: r.classes[mainClass]}
	for _, n := range r.sections("worldbody") { // what the world holds has the first numbers
		r.elements(n, s)
	}
	for _, n := range r.sections("worldbody") {
		r.children(n, s)
	}
}

// elements reads what a body holds besides other bodies. Bodies come after: MuJoCo counts depth first.
func (r *reader) elements(n *node, s scope) {
	for _, k := range n.kids {
		switch k.name {
		case "joint":
			r.addJoint(k, s)
		case "freejoint":
			r.addFreeJoint(k, s)
		case "geom":
			r.addGeom(k, s)
		case "site":
			r.addSite(k, s)
		case "frame":
			r.elements(k, r.inFrame(k, s))
		case "replicate":
			r.replicate(k, s, r.elements)
		}
	}
}

func (r *reader) children(n *node, s scope) {
	for _, k := range n.kids {
		switch k.name {
		case "body":
			r.readBody(k, s)
		case "frame":
			r.children(k, r.inFrame(k, s))
		case "replicate":
			r.replicate(k, s, r.children)
		}
	}
}

func (r *reader) inFrame(n *node, s scope) scope {
	var p placement
	r.place(n, &p)
	s.frame = s.frame.Mul(r.pose(n, &p))
	s.class = r.namedClass(n, "childclass", s.class)
	n.attr("name")
	for _, name := range []string{"scale", "massscale"} {
		if v := n.peek(name); v != "" && v != "1" && v != "1 1 1" {
			r.errorf(n, "attribute %s=%q is not supported; scale the numbers in the file", name, clip(v))
		}
	}
	return s
}

// replicate reads the content of n several times, each copy moved once more by its offset and rotation.
func (r *reader) replicate(n *node, s scope, read func(*node, scope)) {
	count, sep := 0, ""
	if !r.integer(n, "count", &count) || count < 1 {
		r.errorf(n, "attribute count=%q, want a positive whole number", clip(n.peek("count")))
		return
	}
	r.text(n, "sep", &sep)
	var p placement
	r.vec(n, "offset", &p.pos)
	if r.exact(n, "euler", p.turn[:3]) {
		p.how = "euler"
	}
	step, was := r.pose(n, &p), r.suffix
	for i := range count {
		if r.count += 1 + len(n.kids); r.count > xmltree.MaxElements {
			r.errorf(n, "makes more than %d elements", xmltree.MaxElements)
			break
		}
		r.suffix = was + sep + fmt.Sprintf("%0*d", len(strconv.Itoa(count-1)), i)
		read(n, s)
		s.frame = s.frame.Mul(step)
	}
	r.suffix = was
}

func (r *reader) readBody(n *node, s scope) {
	m := r.model
	i := len(m.Bodies)
	b := Body{Place: n.at, Name: r.declare(n, "body", i), Parent: s.body, Joint: len(m.Joints)}
	var p placement
	r.place(n, &p)
	b.Pose = s.frame.Mul(r.pose(n, &p))
	r.number(n, "gravcomp", &b.GravComp)
	r.flag(n, "mocap", &b.Mocap)
	for _, k := range n.kids {
		if k.name == "inertial" {
			if b.Stated {
				r.errorf(k, "the body has two")
			}
			b.Inertia, b.Stated = r.inertial(k), true
		}
	}
	m.Bodies = append(m.Bodies, b)
	inner := scope{body: i, frame: sim.IdentityPose, class: r.namedClass(n, "childclass", s.class)}
	r.elements(n, inner)
	m.Bodies[i].NumJoints = len(m.Joints) - b.Joint
	r.checkJoints(n, i)
	r.children(n, inner)
}

// inertial returns the inertia in an <inertial>, in body axes.
func (r *reader) inertial(n *node) sim.Inertia {
	var p placement
	r.place(n, &p)
	var in sim.Inertia
	if n.peek("mass") == "" {
		r.errorf(n, "attribute mass is missing")
	}
	if n.peek("pos") == "" {
		r.errorf(n, "attribute pos is missing")
	}
	r.number(n, "mass", &in.Mass)
	var diag [3]float64
	var full [6]float64
	given := r.exact(n, "diaginertia", diag[:])
	in.Ixx, in.Iyy, in.Izz = diag[0], diag[1], diag[2]
	if r.exact(n, "fullinertia", full[:]) {
		if given || p.how != "" {
			r.errorf(n, "fullinertia goes with neither diaginertia nor an orientation")
		}
		in.Ixx, in.Iyy, in.Izz, in.Ixy, in.Ixz, in.Iyz = full[0], full[1], full[2], full[3], full[4], full[5]
	}
	return in.Placed(r.pose(n, &p))
}

// coordinates counts q and v through the joints.
func (r *reader) coordinates() {
	m := r.model
	for i := range m.Joints {
		j := &m.Joints[i]
		j.Q, j.V = m.NQ, m.NV
		nq, nv := j.Type.size()
		m.NQ, m.NV = m.NQ+nq, m.NV+nv
	}
}

func (t JointType) size() (nq, nv int) {
	switch t {
	case FreeJoint:
		return 7, 6
	case BallJoint:
		return 4, 3
	}
	return 1, 1
}

// rotate turns a vector by the rotation of a pose.
func rotate(p sim.Pose, v r3.Vec) r3.Vec { return spatial.QuatRotate(p.Rot, v) }
