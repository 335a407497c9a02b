package mjcf

import (
	"math"
	"slices"
)

// actuatorKinds are the elements that are actuators, in <actuator> and in <default>.
var actuatorKinds = map[string]bool{
	"general": true, "motor": true, "position": true, "velocity": true, "intvelocity": true, "damper": true,
	"orientation": false, "pid": false, "cylinder": false, "muscle": false, "adhesion": false, "dcmotor": false,
}

// actuatorSpec is an actuator as written. The elements other than <general> are shortcuts that set some of its fields;
// what they set is theirs, so that a <motor> does not see what a <position> of its class says.
type actuatorSpec struct {
	kind         string // the element that set gain and bias last
	gear         [6]float64
	gainType     string
	biasType     string
	dynType      string
	gain         [10]float64
	bias         [10]float64
	dyn          [10]float64
	dampRatio    float64 // wanted in place of bias[2]; 0 for none
	inheritRange float64
	ctrlLimited  string
	ctrlRange    [2]float64
	forceLimited string
	forceRange   [2]float64
	actLimited   string
	actRange     [2]float64
	damping      [3]float64
	armature     float64
	group        int
}

func defaultActuator() actuatorSpec {
	return actuatorSpec{
		kind: "general", gear: [6]float64{1}, gainType: "fixed", biasType: "none", dynType: "none",
		gain: [10]float64{1}, dyn: [10]float64{1}, ctrlLimited: "auto", forceLimited: "auto", actLimited: "auto",
	}
}

var (
	gainTypes = []string{"fixed", "affine", "muscle", "dcmotor", "pid", "so3", "user"}
	biasTypes = []string{"none", "affine", "muscle", "dcmotor", "so3", "user"}
	dynTypes  = []string{"none", "integrator", "filter", "filterexact", "pid", "dcmotor", "muscle", "user"}
)

// readActuator reads an actuator element of any kind over a, which holds the default's.
func (r *reader) readActuator(n *node, a *actuatorSpec) {
	r.upTo(n, "gear", a.gear[:])
	r.word(n, "ctrllimited", &a.ctrlLimited, "auto", "true", "false")
	r.exact(n, "ctrlrange", a.ctrlRange[:])
	r.word(n, "forcelimited", &a.forceLimited, "auto", "true", "false")
	r.exact(n, "forcerange", a.forceRange[:])
	r.word(n, "actlimited", &a.actLimited, "auto", "true", "false")
	r.exact(n, "actrange", a.actRange[:])
	r.upTo(n, "damping", a.damping[:])
	r.number(n, "armature", &a.armature)
	r.integer(n, "group", &a.group)
	r.number(n, "inheritrange", &a.inheritRange)
	if n.name == "general" {
		a.kind = "general"
		r.word(n, "gaintype", &a.gainType, gainTypes...)
		r.word(n, "biastype", &a.biasType, biasTypes...)
		r.word(n, "dyntype", &a.dynType, dynTypes...)
		r.upTo(n, "gainprm", a.gain[:])
		r.upTo(n, "biasprm", a.bias[:])
		r.upTo(n, "dynprm", a.dyn[:])
		return
	}
	r.readShortcut(n, a)
}

// readShortcut sets gain, bias and dynamics as the element of n means them. Its gains start from those of the
// class where the same shortcut or <general> set them, else from MuJoCo's own defaults.
func (r *reader) readShortcut(n *node, a *actuatorSpec) {
	same := a.kind == n.name || a.kind == "general"
	was := *a
	a.kind, a.gainType, a.biasType, a.dynType = n.name, "fixed", "none", "none"
	a.gain, a.bias = [10]float64{1}, [10]float64{}
	kp, kv := 1.0, 0.0
	switch n.name {
	case "position", "intvelocity":
		if same {
			kp, kv = was.gain[0], -was.bias[2]
		} else {
			a.dampRatio = 0
		}
		r.number(n, "kp", &kp)
		given := r.number(n, "kv", &kv)
		if given {
			a.dampRatio = 0
		}
		if r.number(n, "dampratio", &a.dampRatio) {
			if given {
				r.errorf(n, "kv and dampratio both give the damping; keep one")
			}
			kv = 0
		}
		if kp < 0 || kv < 0 || a.dampRatio < 0 {
			r.errorf(n, "kp, kv and dampratio must not be negative")
		}
		a.gain[0], a.bias[1], a.bias[2], a.biasType = kp, -kp, -kv, "affine"
		if n.name == "intvelocity" {
			a.dynType = "integrator"
			return
		}
		tau := 0.0
		if same && was.dynType == "filterexact" {
			tau = was.dyn[0]
		}
		r.number(n, "timeconst", &tau)
		if tau > 0 {
			a.dyn[0], a.dynType = tau, "filterexact"
		}
	case "velocity":
		if same {
			kp = was.gain[0]
		}
		r.number(n, "kv", &kp)
		a.gain[0], a.bias[2], a.biasType, a.dampRatio = kp, -kp, "affine", 0
	case "damper":
		if was.kind == n.name {
			kp = -was.gain[2]
		}
		r.number(n, "kv", &kp)
		a.gain, a.gainType, a.ctrlLimited, a.dampRatio = [10]float64{0, 0, -kp}, "affine", "true", 0
	case "motor":
		a.dampRatio = 0
	}
}

func (r *reader) readActuators() {
	for _, s := range r.sections("actuator") {
		for _, n := range s.kids {
			if actuatorKinds[n.name] {
				r.addActuator(n)
			} else if _, known := actuatorKinds[n.name]; known || n.name == "plugin" {
				r.addUnread(n)
			}
		}
	}
	for i, ratio := range r.dampRatios { // now that all armatures are known
		if a := &r.model.Actuators[i]; ratio > 0 && a.Target >= 0 {
			a.BiasPrm[2] = -2 * ratio * math.Sqrt(a.GainPrm[0]*r.reflectedMass(a))
		}
	}
}

// addUnread keeps the place of an actuator whose law is not read, so that controls keep their numbers.
func (r *reader) addUnread(n *node) {
	m := r.model
	a := Actuator{Place: n.at, Name: r.declare(n, "actuator", len(m.Actuators)), Element: n.name, Target: -1, GainType: n.name, BiasType: "none", DynType: "none"}
	r.notef(n, "ignored: actuators of this kind are not simulated%s", changes)
	n.skip()
	m.Actuators = append(m.Actuators, a)
	r.dampRatios = append(r.dampRatios, 0)
}

func (r *reader) addActuator(n *node) {
	m := r.model
	spec := r.class(n, r.classes[mainClass]).actuator
	r.readActuator(n, &spec)
	a := Actuator{
		Place: n.at, Name: r.declare(n, "actuator", len(m.Actuators)), Element: n.name, Target: -1, Gear: spec.gear,
		GainType: spec.gainType, BiasType: spec.biasType, DynType: spec.dynType,
		GainPrm: [3]float64(spec.gain[:3]), BiasPrm: [3]float64(spec.bias[:3]), DynPrm: [3]float64(spec.dyn[:3]),
		CtrlRange: spec.ctrlRange, ForceRange: spec.forceRange, Damping: spec.damping, Armature: spec.armature, Group: spec.group,
	}
	r.transmission(n, &a)
	if spec.inheritRange > 0 {
		r.inheritRange(n, &a, &spec)
	}
	a.CtrlLimited = r.limited(n, "ctrllimited", "ctrlrange", spec.ctrlLimited, a.CtrlRange)
	a.ForceLimited = r.limited(n, "forcelimited", "forcerange", spec.forceLimited, spec.forceRange)
	if a.CtrlLimited && !(a.CtrlRange[0] < a.CtrlRange[1]) {
		r.errorf(n, "ctrlrange %g … %g is empty, but the control is limited", a.CtrlRange[0], a.CtrlRange[1])
	}
	if a.ForceLimited && !(a.ForceRange[0] < a.ForceRange[1]) {
		r.errorf(n, "forcerange %g … %g is empty, but the force is limited", a.ForceRange[0], a.ForceRange[1])
	}
	m.Actuators = append(m.Actuators, a)
	r.dampRatios = append(r.dampRatios, spec.dampRatio)
}

// transmission finds what the actuator acts on.
func (r *reader) transmission(n *node, a *Actuator) {
	ways := []struct{ attr, kind string }{
		ToJoint: {"joint", "joint"}, ToJointInParent: {"jointinparent", "joint"}, ToTendon: {"tendon", "tendon"},
		ToSite: {"site", "site"}, ToBody: {"body", "body"}, ToSliderCrank: {"cranksite", "site"},
	}
	var given []string
	for t, w := range ways {
		if n.peek(w.attr) == "" {
			continue
		}
		given = append(given, w.attr)
		a.Transmission, a.Target = Transmission(t), r.find(n, w.attr, w.kind)
	}
	if n.peek("refsite") != "" {
		a.RefSite = r.find(n, "refsite", "site") >= 0
	}
	switch {
	case len(given) == 0:
		r.errorf(n, "acts on nothing: attribute joint, jointinparent, tendon, site, body or cranksite is missing")
	case len(given) > 1:
		r.errorf(n, "attributes %s and %s both say what the actuator acts on; keep one", given[0], given[1])
	}
}

// inheritRange makes the control range that of the joint or tendon, scaled about its middle.
func (r *reader) inheritRange(n *node, a *Actuator, spec *actuatorSpec) {
	if a.Target < 0 || !slices.Contains([]Transmission{ToJoint, ToJointInParent, ToTendon}, a.Transmission) {
		r.errorf(n, "inheritrange needs a joint or a tendon")
		return
	}
	var rng [2]float64
	limited := false
	if a.Transmission == ToTendon {
		rng, limited = r.model.Tendons[a.Target].Range, r.model.Tendons[a.Target].Limited
	} else {
		rng, limited = r.model.Joints[a.Target].Range, r.model.Joints[a.Target].Limited
	}
	if !limited {
		r.errorf(n, "inheritrange needs a joint or tendon with a range")
		return
	}
	mid, half := (rng[0]+rng[1])/2, (rng[1]-rng[0])/2*spec.inheritRange
	if spec.dynType == "integrator" {
		return // the range of the activation, which is not simulated
	}
	a.CtrlRange = [2]float64{mid - half, mid + half}
}
