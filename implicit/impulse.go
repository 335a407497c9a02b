package implicit

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Forces of a step are its impulses, summed over the parts of a divided one, over the time for which they act.

// begin begins a forward product: nothing has been collected.
func (t *taken) begin() {
	t.pushed, t.opened, t.longer = true, false, 0
	if len(t.parts) == 0 {
		return
	}
	if t.contacts == nil {
		e := t.m.Engine()
		t.contacts, t.joints, t.loops = make([]spatial.Wrench, len(e.Contacts)), make([]spatial.Wrench, len(e.Bodies)), make([]spatial.Wrench, len(e.Loops))
	}
	clear(t.contacts)
	clear(t.joints)
	clear(t.loops)
	t.meetings = t.meetings[:0]
}

// collect adds the changes of impulses of the product at hand, scale times, to those of a divided step; a whole one has them in the engine.
func (t *taken) collect(scale float64) {
	if len(t.parts) == 0 {
		return
	}
	c, j, l := make([]spatial.Wrench, len(t.contacts)), make([]spatial.Wrench, len(t.joints)), make([]spatial.Wrench, len(t.loops))
	t.e.ContactTangent(c)
	t.e.JointTangent(j)
	t.e.LoopTangent(l)
	for _, m := range t.e.MeetingTangent(nil) {
		t.meetings = dynamics.AddMeeting(t.meetings, m.Key, m.Impulse.Scaled(scale))
	}
	addWrenches(t.contacts, c, scale)
	addWrenches(t.joints, j, scale)
	addWrenches(t.loops, l, scale)
}

// wrench is that of the engine and that of users.
type wrench interface{ spatial.Wrench | sim.Wrench }

// addWrenches adds k times a to dst.
func addWrenches[A, B wrench](dst []A, a []B, k float64) {
	for i := range a {
		d, w := spatial.Wrench(dst[i]), spatial.Wrench(a[i])
		dst[i] = A{Force: r3.Add(d.Force, r3.Scale(k, w.Force)), Torque: r3.Add(d.Torque, r3.Scale(k, w.Torque))}
	}
}

// scaled appends k times a to dst.
func scaled(dst []spatial.Wrench, a []sim.Wrench, k float64) []spatial.Wrench {
	for _, x := range a {
		w := spatial.Wrench(x)
		dst = append(dst, w.Scaled(k))
	}
	return dst
}

// weight returns the time for which the forces of the step act, half of each interval on both sides of each knot.
func (t *taken) weight() float64 {
	if len(t.parts) == 0 {
		return t.e.Weight()
	}
	w := 0.0
	for i := range t.parts {
		w += (t.parts[i].Start.H + t.parts[i].H) / 2
	}
	return w
}

// weightGrowth returns what a change of the timestep does to it.
func (t *taken) weightGrowth() (g float64) {
	for k := range t.count() {
		l := t.growthOf(k)
		g += (l.Step + l.Before) / 2
	}
	return g
}

// impulses returns the cotangents of impulses that belong to those of forces, their means over the step.
func (t *taken) impulses(f Forces) dynamics.Forces {
	w, k := &t.g.work, 1/t.weight()
	d := dynamics.Forces{}
	if f.Contacts != nil {
		w.contacts, w.meetings = w.zeros(len(t.m.Engine().Contacts)), w.meetings[:0]
		for _, c := range f.Contacts {
			p := spatial.Wrench{Force: r3.Scale(k, c.Force), Torque: r3.Scale(k, c.Torque)}
			if i, key, _ := find(t.m, c.ID); i >= 0 { // checked before
				addWrenches(w.contacts[i:i+1], []spatial.Wrench{p}, 1)
			} else {
				w.meetings = dynamics.AddMeeting(w.meetings, key, p)
			}
		}
		d.Contacts, d.Meetings = w.contacts, w.meetings
	}
	if f.Joints != nil {
		w.joints = scaled(w.joints[:0], f.Joints, k)
		d.Joints = w.joints
	}
	if f.Loops != nil {
		w.loops = scaled(w.loops[:0], f.Loops, k)
		d.Loops = w.loops
	}
	return d
}

// perTime returns ⟨f, impulses⟩/w², w the time for which forces act.
func (t *taken) perTime(f Forces) (sum float64) {
	if f.Contacts == nil && f.Joints == nil && f.Loops == nil {
		return 0
	}
	joints, loops := t.totals()
	for _, c := range f.Contacts {
		p := t.total(c.ID)
		sum += r3.Dot(c.Force, p.Force) + r3.Dot(c.Torque, p.Torque)
	}
	for i := range f.Joints {
		sum += r3.Dot(f.Joints[i].Force, joints[i].Force) + r3.Dot(f.Joints[i].Torque, joints[i].Torque)
	}
	for i := range f.Loops {
		sum += r3.Dot(f.Loops[i].Force, loops[i].Force) + r3.Dot(f.Loops[i].Torque, loops[i].Torque)
	}
	w := t.weight()
	return sum / (w * w)
}

// totals finds the impulses of the step, and returns those of its joints and loops.
func (t *taken) totals() (joints, loops []spatial.Wrench) {
	w := &t.g.work
	if w.touches == nil {
		e := t.m.Engine()
		w.touches, w.wrenches, w.closed = make([]dynamics.ContactReport, len(e.Contacts)), make([]spatial.Wrench, len(e.Bodies)), make([]dynamics.LoopReport, len(e.Loops))
	}
	clear(w.touches)
	clear(w.wrenches)
	clear(w.closed)
	w.met = w.met[:0]
	for k := range t.count() {
		t.at(t.last(k))
		t.e.Contacts(w.touches)
		t.e.JointImpulses(w.wrenches)
		t.e.LoopImpulses(w.closed)
		w.met = t.e.Meetings(w.met)
	}
	w.pulls = w.pulls[:0]
	for i := range w.closed {
		w.pulls = append(w.pulls, w.closed[i].Wrench)
	}
	return w.wrenches, w.pulls
}

// total returns the impulse of a contact that totals found.
func (t *taken) total(id sim.ContactID) spatial.Wrench {
	w := &t.g.work
	i, key, _ := find(t.m, id)
	if i >= 0 {
		return spatial.Wrench{Force: w.touches[i].Impulse, Torque: w.touches[i].Turn}
	}
	if i, ok := slices.BinarySearchFunc(w.met, key, func(m dynamics.Meeting, k dynamics.Key) int { return m.Compare(k) }); ok {
		return spatial.Wrench{Force: w.met[i].Impulse, Torque: w.met[i].Turn}
	}
	return spatial.Wrench{}
}

// contactTangent, jointTangent and loopTangent store the changes of forces for the tangent of the last forward product.
func (t *taken) contactTangent(dst []ContactForce) {
	all := t.contacts
	if len(t.parts) == 0 {
		all = t.g.work.zeros(len(t.m.Engine().Contacts))
		t.e.ContactTangent(all)
		t.meetings = t.e.MeetingTangent(t.meetings[:0])
	}
	k, longer := 1/t.weight(), 0.0
	if t.longer != 0 {
		t.totals()
		longer = k * (k * t.longer)
	}
	for n := range dst {
		var p spatial.Wrench
		if i, key, _ := find(t.m, dst[n].ID); i >= 0 { // checked before
			p = all[i]
		} else if i, ok := dynamics.FindMeeting(t.meetings, key); ok {
			p = t.meetings[i].Impulse
		}
		p = p.Scaled(k)
		if t.longer != 0 {
			all := t.total(dst[n].ID)
			p.Force, p.Torque = r3.Sub(p.Force, r3.Scale(longer, all.Force)), r3.Sub(p.Torque, r3.Scale(longer, all.Torque))
		}
		dst[n].Force, dst[n].Torque = p.Force, p.Torque
	}
}

func (t *taken) jointTangent(dst []sim.Wrench) {
	t.wrenchTangent(dst, t.joints, t.e.JointTangent, func() []spatial.Wrench { joints, _ := t.totals(); return joints })
}

func (t *taken) loopTangent(dst []sim.Wrench) {
	t.wrenchTangent(dst, t.loops, t.e.LoopTangent, func() []spatial.Wrench { _, loops := t.totals(); return loops })
}

// wrenchTangent stores in dst what was collected of the parts of a step, or the engine says of a whole one.
func (t *taken) wrenchTangent(dst []sim.Wrench, all []spatial.Wrench, engine func([]spatial.Wrench), totals func() []spatial.Wrench) {
	if len(t.parts) == 0 {
		w := &t.g.work
		w.joints = slices.Grow(w.joints[:0], len(dst))[:len(dst)]
		engine(w.joints)
		all = w.joints
	}
	clear(dst)
	k := 1 / t.weight()
	addWrenches(dst, all, k)
	if t.longer != 0 {
		addWrenches(dst, totals(), -k*k*t.longer)
	}
}
