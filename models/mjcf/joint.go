package mjcf

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// jointSpec is a joint as written; angles are in the file's unit.
type jointSpec struct {
	kind         string
	pos, axis    r3.Vec
	ref          float64
	limited      string
	rng          [2]float64
	stiffness    [3]float64
	springRef    float64
	springDamper [2]float64
	damping      [3]float64
	armature     float64
	frictionLoss float64
	forceLimited string
	forceRange   [2]float64
	align        string
}

func defaultJoint() jointSpec {
	return jointSpec{kind: "hinge", axis: r3.Vec{Z: 1}, limited: "auto", forceLimited: "auto"}
}

func (r *reader) readJoint(n *node, j *jointSpec) {
	r.word(n, "type", &j.kind, jointTypes...)
	r.vec(n, "pos", &j.pos)
	r.vec(n, "axis", &j.axis)
	r.number(n, "ref", &j.ref)
	r.word(n, "limited", &j.limited, "auto", "true", "false")
	r.exact(n, "range", j.rng[:])
	r.polynomial(n, "stiffness", &j.stiffness)
	r.number(n, "springref", &j.springRef)
	r.exact(n, "springdamper", j.springDamper[:])
	r.polynomial(n, "damping", &j.damping)
	r.number(n, "armature", &j.armature)
	r.number(n, "frictionloss", &j.frictionLoss)
	r.word(n, "actuatorfrclimited", &j.forceLimited, "auto", "true", "false")
	r.exact(n, "actuatorfrcrange", j.forceRange[:])
}

// polynomial reads one to three coefficients of a force law.
func (r *reader) polynomial(n *node, name string, dst *[3]float64) { r.upTo(n, name, dst[:]) }

func (r *reader) addJoint(n *node, s scope) {
	spec := r.class(n, s.class).joint
	r.readJoint(n, &spec)
	r.compileJoint(n, s, &spec)
}

// addFreeJoint reads a <freejoint>, which no default reaches.
func (r *reader) addFreeJoint(n *node, s scope) {
	spec := defaultJoint()
	spec.kind = "free"
	r.word(n, "align", &spec.align, "auto", "true", "false")
	r.compileJoint(n, s, &spec)
}

func (r *reader) compileJoint(n *node, s scope, spec *jointSpec) {
	m := r.model
	if s.body == 0 {
		r.errorf(n, "the world has no joints; put it into a body")
		return
	}
	j := Joint{
		Place: n.at, Name: r.declare(n, "joint", len(m.Joints)), Body: s.body, Pos: s.frame.Apply(spec.pos),
		Stiffness: spec.stiffness, Damping: spec.damping, Armature: spec.armature, FrictionLoss: spec.frictionLoss,
	}
	for t, name := range jointTypes {
		if name == spec.kind {
			j.Type = JointType(t)
		}
	}
	j.Limited = r.limited(n, "limited", "range", spec.limited, spec.rng)
	j.ForceLimited = r.limited(n, "actuatorfrclimited", "actuatorfrcrange", spec.forceLimited, spec.forceRange)
	j.ForceRange = spec.forceRange
	angle := func(v float64) float64 { return v }
	if j.Type == HingeJoint || j.Type == BallJoint {
		angle = r.angle
		if j.Limited {
			r.widest.add(n, spec.rng[:]...)
		}
	}
	if j.Range = spec.rng; j.Limited {
		j.Range = [2]float64{angle(spec.rng[0]), angle(spec.rng[1])}
	}
	switch j.Type {
	case HingeJoint, SlideJoint:
		axis, ok := spatial.Unit(spec.axis)
		if !ok || !(r3.Norm(spec.axis) > 1e-10) {
			r.errorf(n, "axis (%g, %g, %g) is no direction", spec.axis.X, spec.axis.Y, spec.axis.Z)
			axis = r3.Vec{Z: 1}
		}
		j.Axis = rotate(s.frame, axis)
		j.Ref, j.SpringRef = angle(spec.ref), angle(spec.springRef)
	case FreeJoint:
		j.Pos, j.Axis, j.Limited, j.ForceLimited = r3.Vec{}, r3.Vec{Z: 1}, false, false
	case BallJoint:
		j.Axis, j.ForceLimited = r3.Vec{Z: 1}, false
		if j.Limited && j.Range[0] != 0 {
			r.errorf(n, "attribute range: that of a ball joint starts at 0")
		}
	}
	r.checkJoint(n, &j)
	if spec.springDamper[0] > 0 && spec.springDamper[1] > 0 {
		r.springs = append(r.springs, springDamper{joint: len(m.Joints), time: spec.springDamper[0], ratio: spec.springDamper[1]})
	}
	if j.Type == FreeJoint && (spec.align == "true" || spec.align != "false" && r.compiler.alignFree) {
		r.notef(n, "align ignored: the body keeps its frame, so that its coordinates in q and in keyframes are not those of MuJoCo's aligned one")
	}
	m.Joints = append(m.Joints, j)
}

func (r *reader) checkJoint(n *node, j *Joint) {
	for _, c := range []struct {
		name string
		v    float64
	}{{"damping", j.Damping[0]}, {"stiffness", j.Stiffness[0]}, {"armature", j.Armature}, {"frictionloss", j.FrictionLoss}} {
		if c.v < 0 {
			r.errorf(n, "attribute %s is %g, want a number ≥ 0", c.name, c.v)
		}
	}
	if j.Limited && !(j.Range[0] < j.Range[1]) {
		r.errorf(n, "range=%q is empty, but the joint is limited; write the lower limit first, leave the joint out if it shall not move, or say limited=\"false\"", clip(n.peek("range")))
	}
	if j.ForceLimited && !(j.ForceRange[0] < j.ForceRange[1]) {
		r.errorf(n, "actuatorfrcrange %g … %g is empty", j.ForceRange[0], j.ForceRange[1])
	}
}

// limited decides whether a range holds. Where the file does not say it, a range that is not empty does,
// unless <compiler autolimits="false"> wants it said.
func (r *reader) limited(n *node, attr, rangeAttr, said string, rng [2]float64) bool {
	if said == "auto" && r.compiler.noAutolimits && rng != [2]float64{} {
		r.errorf(n, "attribute %s is given without %s, and <compiler> turns autolimits off", rangeAttr, attr)
	}
	if said == "auto" && rng[0] >= rng[1] && rng != [2]float64{} {
		r.notef(n, "%s %g … %g is empty or in the wrong order: no limit, as in MuJoCo", rangeAttr, rng[0], rng[1])
	}
	return said == "true" || said == "auto" && rng[0] < rng[1]
}

// checkJoints refuses combinations of joints that a body cannot have.
func (r *reader) checkJoints(n *node, body int) {
	b := &r.model.Bodies[body]
	free, balls, hinges := 0, 0, 0
	for _, j := range r.model.Joints[b.Joint : b.Joint+b.NumJoints] {
		switch j.Type {
		case FreeJoint:
			free++
		case BallJoint:
			balls++
		case HingeJoint:
			hinges++
		}
	}
	const most = 6
	switch {
	case free > 0 && b.Parent != 0:
		r.errorf(n, "a free joint can only belong to a child of the world")
	case free > 0 && b.NumJoints > 1:
		r.errorf(n, "a free joint goes with no other joint")
	case balls > 1 || balls > 0 && hinges > 0:
		r.errorf(n, "a ball joint goes with no other rotation")
	case b.NumJoints > most:
		r.errorf(n, "has %d joints, at most %d are possible", b.NumJoints, most)
	case b.Mocap && (b.Parent != 0 || b.NumJoints > 0):
		r.errorf(n, "a mocap body is a child of the world without joints")
	}
}
