package urdf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// readMimic reads the coupling of a joint with one free motion to another.
func (r *reader) readMimic(j *joint) {
	n := j.node.child("mimic")
	if n == nil {
		return
	}
	if j.typ.NV() != 1 {
		r.mend(n, fmt.Sprintf("a %s joint cannot mimic; only joints with one free motion can", j.kind), "it moves on its own")
		n.skip()
		return
	}
	name, _ := n.attr("joint")
	if name == "" {
		r.mend(n, "attribute joint is missing", "the joint moves on its own")
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
	for _, j := range r.joints {
		if _, twice := r.joint[j.name]; !twice {
			r.joint[j.name] = j
		}
	}
	state := map[*joint]mimicState{}
	for _, j := range r.joints {
		if j.mimic != nil && state[j] == mimicOpen {
			r.resolve(j, state)
		}
	}
}

type mimicState uint8

const (
	mimicOpen mimicState = iota
	mimicBusy            // on the chain being followed
	mimicDone            // tied, or free with a report that says why
)

func (r *reader) resolve(j *joint, state map[*joint]mimicState) {
	state[j] = mimicBusy
	defer func() { state[j] = mimicDone }()
	of := r.joint[j.mimic.Joint]
	alone := func(format string, args ...any) {
		r.mend(j.mimicNode, fmt.Sprintf(format, args...), "the joint moves on its own")
		j.mimic = nil
	}
	switch {
	case of == nil:
		alone("there is no joint %q in this file", clip(j.mimic.Joint))
		return
	case of.kind == "": // its own error says why
		return
	case of.kind == "fixed":
		r.mend(j.mimicNode, fmt.Sprintf("joint %q is fixed; only a joint with one free motion can be mimicked", of.name), "the joint is fixed too")
		return
	case of.typ.NV() != 1:
		alone("joint %q is %s; only a joint with one free motion can be mimicked", of.name, of.kind)
		return
	case state[of] == mimicBusy:
		alone("the joint mimics itself, by way of %q", of.name)
		return
	case of.mimic != nil && state[of] == mimicOpen:
		r.resolve(of, state)
	}
	if b := of.mimic; b != nil && j.mimic != nil {
		a := j.mimic
		*a = sim.Mimic{Joint: b.Joint, Ratio: a.Ratio * b.Ratio, Offset: a.Offset + a.Ratio*b.Offset}
	}
	const steep, flat = 1e6, 1e-9 // transmissions that only a slip makes
	if x := math.Abs(j.mimic.Ratio); x > steep || x < flat && x > 0 || math.Abs(j.mimic.Offset) > steep {
		alone("it follows by %g times and %g", j.mimic.Ratio, j.mimic.Offset)
	}
}

// follow fixes the followers of what became fixed, and sees to it that the limits of leaders and followers
// have room in common. The limits of a follower that contradict the others are dropped: exporters copy them
// from the leader, whatever the multiplier, and most programs ignore them.
func (r *reader) follow() {
	room := map[*joint][2]float64{} // of each leader, within its own limits and those of the followers so far
	for _, j := range r.joints {
		if j.mimic == nil {
			continue
		}
		lead, m := r.joint[j.mimic.Joint], *j.mimic
		switch {
		case lead == nil || lead.kind == "" || j.kind == "":
			continue // an error says why
		case lead.kind == "fixed":
			j.lock(m.Ratio*lead.held + m.Offset)
			r.notef(Reading, j.mimicNode, "joint %q does not move, so this one is fixed at %g", lead.name, j.held)
			continue
		case m.Ratio == 0:
			j.lock(m.Offset)
			r.notef(Reading, j.mimicNode, "multiplier 0: the joint is fixed at %g", j.held)
			continue
		case !j.axes[0].Limited:
			continue
		}
		all, ok := room[lead]
		if !ok {
			all = span(lead)
		}
		own := span(j)
		low, up := (own[0]-m.Offset)/m.Ratio, (own[1]-m.Offset)/m.Ratio
		if m.Ratio < 0 {
			low, up = up, low
		}
		both := [2]float64{math.Max(all[0], low), math.Min(all[1], up)}
		if both[1]-both[0] < noRoom {
			a, b := m.Ratio*all[0]+m.Offset, m.Ratio*all[1]+m.Offset
			r.notef(Physics, j.mimicNode, "its own limits %.6g … %.6g are dropped: joint %q has room from %.6g to %.6g, which puts this one into %.6g … %.6g",
				own[0], own[1], lead.name, all[0], all[1], math.Min(a, b), math.Max(a, b))
			j.axes[0].Limited, j.axes[0].Lower, j.axes[0].Upper = false, 0, 0
			continue
		}
		if both != all {
			r.notef(Reading, j.mimicNode, "its limits %.6g … %.6g leave joint %q the room from %.6g to %.6g", own[0], own[1], lead.name, both[0], both[1])
		}
		room[lead] = both
	}
}

// span returns the limits of a joint with one free motion.
func span(j *joint) [2]float64 {
	if a := j.axes[0]; a.Limited {
		return [2]float64{a.Lower, a.Upper}
	}
	return [2]float64{math.Inf(-1), math.Inf(1)}
}
