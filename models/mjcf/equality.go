package mjcf

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// equalitySpec is what equalities of all kinds share, as written.
type equalitySpec struct{ active bool }

func defaultEquality() equalitySpec { return equalitySpec{active: true} }

func (r *reader) readEquality(n *node, e *equalitySpec) { r.flag(n, "active", &e.active) }

func (r *reader) readEqualities() {
	world := r.worldPoses()
	for _, s := range r.sections("equality") {
		for _, n := range s.kids {
			spec := r.class(n, r.classes[mainClass]).equality
			switch n.name {
			case "connect", "weld", "joint", "tendon":
				r.readEquality(n, &spec)
				r.addEquality(n, spec.active, world)
			}
		}
	}
}

// worldPoses returns where every body is in the pose the file draws.
func (r *reader) worldPoses() []sim.Pose {
	poses := make([]sim.Pose, len(r.model.Bodies))
	poses[0] = sim.IdentityPose
	for i := 1; i < len(poses); i++ {
		b := &r.model.Bodies[i]
		poses[i] = poses[b.Parent].Mul(b.Pose)
	}
	return poses
}

func (r *reader) addEquality(n *node, active bool, world []sim.Pose) {
	m := r.model
	e := Equality{Place: n.at, Name: r.declare(n, "equality", len(m.Equalities)), Active: active, Bodies: [2]int{-1, -1}, Of: [2]int{-1, -1}, PolyCoef: [5]float64{0, 1}}
	before := r.mistakes()
	switch n.name {
	case "connect", "weld":
		e.Type = Connect
		if n.name == "weld" {
			e.Type = Weld
		}
		r.ends(n, &e, world)
	case "joint", "tendon":
		e.Type = JointEquality
		if n.name == "tendon" {
			e.Type = TendonEquality
		}
		e.Of = [2]int{r.mustFind(n, n.name+"1", n.name), r.find(n, n.name+"2", n.name)}
		r.upTo(n, "polycoef", e.PolyCoef[:])
	}
	if r.mistakes() == before {
		m.Equalities = append(m.Equalities, e)
	}
}

// ends finds the bodies that a connect or weld ties, and the points or frames in them that coincide.
func (r *reader) ends(n *node, e *Equality, world []sim.Pose) {
	if n.peek("site1") != "" || n.peek("site2") != "" {
		a, b := r.mustFind(n, "site1", "site"), r.mustFind(n, "site2", "site")
		if a < 0 || b < 0 {
			return
		}
		for k, i := range [2]int{a, b} {
			s := &r.model.Sites[i]
			e.Bodies[k], e.Anchors[k], e.Poses[k] = s.Body, s.Pose.Pos, s.Pose
		}
		return
	}
	e.Bodies = [2]int{r.mustFind(n, "body1", "body"), 0}
	if n.peek("body2") != "" {
		e.Bodies[1] = r.find(n, "body2", "body")
	}
	var anchor r3.Vec
	if !r.vec(n, "anchor", &anchor) && e.Type == Connect && n.peek("anchor") == "" {
		r.errorf(n, "attribute anchor is missing")
	}
	if e.Bodies[0] < 0 || e.Bodies[1] < 0 {
		return
	}
	between := world[e.Bodies[0]].Inv().Mul(world[e.Bodies[1]]) // of the second body in the first
	if e.Type == Connect {
		e.Anchors = [2]r3.Vec{anchor, between.Inv().Apply(anchor)}
		return
	}
	// the anchor of a weld is in the second body; where no relative pose is given, that of the drawing holds
	second := sim.Pose{Pos: anchor, Rot: quat.Number{Real: 1}}
	first := between.Mul(second)
	v := [7]float64{0, 1}
	if r.exact(n, "relpose", v[:]) {
		if q, ok := spatial.Normalize(quat.Number{Real: v[3], Imag: v[4], Jmag: v[5], Kmag: v[6]}); ok {
			first = sim.Pose{Pos: vec3(v[:3]), Rot: q}
		}
	}
	e.Poses = [2]sim.Pose{first, second}
	e.Anchors = [2]r3.Vec{first.Pos, second.Pos}
}
