package urdf

import "github.com/ukemi-sim/ukemi/sim"

// readMimic reads the coupling of a joint with one free motion to another.
func (r *reader) readMimic(j *joint) {
	n := j.node.child("mimic")
	if n == nil {
		return
	}
	if j.typ.NV() != 1 {
		r.errorf(n, "a %s joint cannot mimic; only joints with one free motion can", j.kind)
		n.skip()
		return
	}
	name, _ := n.attr("joint")
	if name == "" {
		r.errorf(n, "attribute joint is missing")
		return
	}
	ratio, _ := r.number(n, "multiplier", 1)
	offset, _ := r.number(n, "offset", 0)
	j.mimic = &sim.Mimic{Joint: name, Ratio: ratio, Offset: offset}
	j.mimicNode = n
}

// resolveMimics ties each mimic joint to the joint at the end of its chain: q = a(b p + d) + c. The model
// then needs no order among them, and a circle shows here.
func (r *reader) resolveMimics() {
	byName := map[string]*joint{}
	for _, j := range r.joints {
		byName[j.name] = j
	}
	state := map[*joint]mimicState{}
	for _, j := range r.joints {
		if j.mimic != nil && state[j] == 0 {
			state[j] = r.resolve(j, byName, state)
		}
	}
}

type mimicState uint8

const (
	mimicOpen mimicState = iota
	mimicBusy            // on the chain being followed
	mimicDone
	mimicBad // an error says why
)

func (r *reader) resolve(j *joint, byName map[string]*joint, state map[*joint]mimicState) mimicState {
	state[j] = mimicBusy
	of := byName[j.mimic.Joint]
	switch {
	case of == nil:
		r.errorf(j.mimicNode, "there is no joint %q in this file", clip(j.mimic.Joint))
		return mimicBad
	case of.kind == "": // its own error says why
		return mimicBad
	case of.typ.NV() != 1:
		r.errorf(j.mimicNode, "joint %q is %s; only a joint with one free motion can be mimicked", of.name, of.kind)
		return mimicBad
	case of.mimic == nil:
		return mimicDone
	case state[of] == mimicOpen:
		state[of] = r.resolve(of, byName, state)
	case state[of] == mimicBusy:
		r.errorf(j.mimicNode, "the joint mimics itself, by way of %q", of.name)
		return mimicBad
	}
	if state[of] == mimicDone {
		a, b := j.mimic, of.mimic
		*a = sim.Mimic{Joint: b.Joint, Ratio: a.Ratio * b.Ratio, Offset: a.Offset + a.Ratio*b.Offset}
	}
	return state[of]
}
