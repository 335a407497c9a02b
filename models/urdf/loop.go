package urdf

import (
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// loop is a <loop_joint>.
type loop struct {
	sim.Loop
	ends [2]*link // nil is the world
}

// loopTypes are the types of <loop_joint> that can be closed.
var loopTypes = map[string]sim.LoopType{
	"spherical": sim.LoopPoint, "ball": sim.LoopPoint, "revolute": sim.LoopHinge, "continuous": sim.LoopHinge, "fixed": sim.LoopWeld,
}

// loops reads the joints that close kinematic loops.
func (r *reader) loops(root *node) {
	taken := map[string]bool{}
	for _, n := range root.children("loop_joint") {
		name, _ := n.attr("name")
		if name == "" || taken[name] {
			r.errorf(n, "loops need names of their own")
		}
		taken[name] = true
		kind, _ := n.attr("type")
		typ, ok := loopTypes[kind]
		if !ok {
			n.skip()
			r.notef(Physics, n, "NOT SIMULATED: loops of type %q cannot be closed, want spherical, revolute, continuous or fixed; its links stay unconnected", clip(kind))
			continue
		}
		l := loop{Loop: sim.Loop{Name: name, Type: typ}}
		turn := sim.IdentityPose
		if typ == sim.LoopHinge {
			axis, _ := r.axis(n)
			if axis == (r3.Vec{}) {
				r.errorf(n, "its axis is no direction")
				axis = r3.Vec{X: 1}
			}
			turn.Rot = fromZ(axis)
			r.ignore(Physics, n, "limits and damping of loops are not simulated", "limit", "dynamics")
		}
		poses := [2]*sim.Pose{&l.PoseA, &l.PoseB}
		for k, e := range loopEnds(n) {
			if e == nil {
				r.errorf(n, "wants two links, <link1 link=\"…\"/> and <link2 link=\"…\"/>")
				break
			}
			if name, _ := e.attr("link"); name != "world" || r.declared(name) {
				l.ends[k] = r.linkOf(e)
			}
			xyz, _ := r.vec(e, "xyz", r3.Vec{})
			rpy, _ := r.vec(e, "rpy", r3.Vec{})
			*poses[k] = sim.Pose{Pos: xyz, Rot: sim.RPY(rpy.X, rpy.Y, rpy.Z)}.Mul(turn)
		}
		r.closures = append(r.closures, l)
	}
}

// loopEnds returns the elements of the two links of a loop; the second is a link1 as well in Isaac Sim's own example.
func loopEnds(n *node) (ends [2]*node) {
	all := append(n.children("link1"), n.children("link2")...)
	copy(ends[:], all)
	return ends
}

// linkOf returns the link that e names, or nil after an error.
func (r *reader) linkOf(e *node) *link {
	name, _ := e.attr("link")
	if i, ok := r.byName[name]; ok {
		return r.links[i]
	}
	r.errorf(e, "there is no link %q in this file", clip(name))
	return nil
}

// declared reports whether there is a link of that name. A robot without a link "world" may be tied to the world all the same.
func (r *reader) declared(name string) bool {
	_, ok := r.byName[name]
	return ok
}

// emitLoops hands the loops to the builder, after the links.
func (r *reader) emitLoops() {
	for _, l := range r.closures {
		for k, at := range [2]*sim.Link{&l.LinkA, &l.LinkB} {
			if *at = sim.World; l.ends[k] != nil {
				*at = l.ends[k].id
			}
		}
		r.b.AddLoop(l.Loop)
	}
}

// fromZ returns the shortest rotation of the z axis to a direction.
func fromZ(u r3.Vec) quat.Number {
	if u.Z < -1+1e-9 {
		return quat.Number{Imag: 1}
	}
	q := quat.Number{Real: 1 + u.Z, Imag: -u.Y, Jmag: u.X}
	return quat.Scale(1/quat.Abs(q), q)
}

// loop writes a loop. A hinge turns about the z axes of its frames.
func (w *writer) loop(l *sim.Loop) *xmltree.Element {
	typ := map[sim.LoopType]string{sim.LoopPoint: "spherical", sim.LoopHinge: "continuous", sim.LoopWeld: "fixed"}[l.Type]
	n := xmltree.New("loop_joint", "name", l.Name, "type", typ)
	if l.Type == sim.LoopHinge {
		n.Add(xmltree.New("axis", "xyz", "0 0 1"))
	}
	for k, end := range [2]sim.Link{l.LinkA, l.LinkB} {
		name := "world"
		if end != sim.World {
			name = w.names[end]
		}
		p := place([2]sim.Pose{l.PoseA, l.PoseB}[k])
		n.Add(xmltree.New([2]string{"link1", "link2"}[k], "link", name, "xyz", vector(p.Pos), "rpy", vector(rollPitchYaw(p.Rot))))
	}
	return n
}
