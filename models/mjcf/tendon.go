package mjcf

// tendonSpec is what tendons of both kinds share, as written.
type tendonSpec struct {
	limited      string
	rng          [2]float64
	stiffness    [3]float64
	damping      [3]float64
	spring       [2]float64
	frictionLoss float64
	armature     float64
	forceLimited string
	forceRange   [2]float64
}

func defaultTendon() tendonSpec {
	return tendonSpec{limited: "auto", forceLimited: "auto", spring: [2]float64{-1, -1}}
}

func (r *reader) readTendon(n *node, t *tendonSpec) {
	r.word(n, "limited", &t.limited, "auto", "true", "false")
	r.exact(n, "range", t.rng[:])
	r.polynomial(n, "stiffness", &t.stiffness)
	r.polynomial(n, "damping", &t.damping)
	if v := [2]float64{}; r.upTo(n, "springlength", v[:]) {
		t.spring = v
		if len(r.list(n, "springlength")) == 1 {
			t.spring[1] = v[0]
		}
	}
	r.number(n, "frictionloss", &t.frictionLoss)
	r.number(n, "armature", &t.armature)
	r.word(n, "actuatorfrclimited", &t.forceLimited, "auto", "true", "false")
	r.exact(n, "actuatorfrcrange", t.forceRange[:])
}

func (r *reader) readTendons() {
	for _, s := range r.sections("tendon") {
		for _, n := range s.kids {
			if n.name == "fixed" || n.name == "spatial" {
				r.addTendon(n)
			}
		}
	}
}

func (r *reader) addTendon(n *node) {
	m := r.model
	spec := r.class(n, r.classes[mainClass]).tendon
	r.readTendon(n, &spec)
	t := Tendon{
		Place: n.at, Name: r.declare(n, "tendon", len(m.Tendons)), Spatial: n.name == "spatial",
		Range: spec.rng, Stiffness: spec.stiffness, Damping: spec.damping, SpringLength: spec.spring,
		FrictionLoss: spec.frictionLoss, Armature: spec.armature, ForceRange: spec.forceRange,
	}
	t.Limited = r.limited(n, "limited", "range", spec.limited, spec.rng)
	t.ForceLimited = r.limited(n, "actuatorfrclimited", "actuatorfrcrange", spec.forceLimited, spec.forceRange)
	if t.Limited && !(t.Range[0] < t.Range[1]) {
		r.errorf(n, "range %g … %g is empty, but the tendon is limited", t.Range[0], t.Range[1])
	}
	if t.Spatial {
		r.notef(n, "spatial tendons are not simulated%s", changes)
		for _, k := range n.kids {
			k.skip()
		}
		m.Tendons = append(m.Tendons, t)
		return
	}
	for _, k := range n.kids {
		if k.name != "joint" {
			continue
		}
		term := TendonTerm{Joint: r.mustFind(k, "joint", "joint")}
		if !r.number(k, "coef", &term.Coef) && k.peek("coef") == "" {
			r.errorf(k, "attribute coef is missing")
		}
		if term.Joint < 0 {
			continue
		}
		if j := &m.Joints[term.Joint]; j.Type != HingeJoint && j.Type != SlideJoint {
			r.errorf(k, "joint %q is a %s joint; a tendon takes hinges and slides", j.Name, j.Type)
			continue
		}
		t.Terms = append(t.Terms, term)
	}
	if len(t.Terms) == 0 && r.mistakes() == 0 {
		r.errorf(n, "holds no joint")
	}
	if t.SpringLength == [2]float64{-1, -1} { // it rests where its joints' springs do
		sum := 0.0
		for _, term := range t.Terms {
			sum += term.Coef * m.Joints[term.Joint].SpringRef
		}
		t.SpringLength = [2]float64{sum, sum}
	}
	m.Tendons = append(m.Tendons, t)
}
