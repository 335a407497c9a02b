package implicit

import (
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Forces of a step are its impulses, summed over the parts of a divided one, over the time for which they act.

// collect adds up the changes of impulses of a divided step; a whole one has them in the engine.
func (t *taken) collect(k int) {
	if len(t.parts) == 0 {
		return
	}
	if t.contacts == nil {
		t.contacts, t.joints = make([]r3.Vec, t.m.NumContacts()), make([]sim.Wrench, len(t.m.Engine().Bodies))
	}
	if k == 0 {
		clear(t.contacts)
		clear(t.joints)
	}
	c, j := make([]r3.Vec, len(t.contacts)), make([]sim.Wrench, len(t.joints))
	t.e.ContactTangent(c)
	t.e.JointTangent(j)
	for i := range c {
		t.contacts[i] = r3.Add(t.contacts[i], c[i])
	}
	for i := range j {
		t.joints[i].Force, t.joints[i].Torque = r3.Add(t.joints[i].Force, j[i].Force), r3.Add(t.joints[i].Torque, j[i].Torque)
	}
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
		w.contacts = append(w.contacts[:0], f.Contacts...)
		for i := range w.contacts {
			w.contacts[i] = r3.Scale(k, w.contacts[i])
		}
		d.Contacts = w.contacts
	}
	if f.Joints != nil {
		w.joints = append(w.joints[:0], f.Joints...)
		for i := range w.joints {
			w.joints[i] = sim.Wrench{Force: r3.Scale(k, w.joints[i].Force), Torque: r3.Scale(k, w.joints[i].Torque)}
		}
		d.Joints = w.joints
	}
	return d
}

// perTime returns ⟨f, impulses⟩/w², w the time for which forces act.
func (t *taken) perTime(f Forces) (sum float64) {
	if f.Contacts == nil && f.Joints == nil {
		return 0
	}
	contacts, joints := t.totals()
	for i := range f.Contacts {
		sum += r3.Dot(f.Contacts[i], contacts[i].Impulse)
	}
	for i := range f.Joints {
		sum += r3.Dot(f.Joints[i].Force, joints[i].Force) + r3.Dot(f.Joints[i].Torque, joints[i].Torque)
	}
	w := t.weight()
	return sum / (w * w)
}

// totals returns the impulses of the step.
func (t *taken) totals() ([]dynamics.ContactReport, []sim.Wrench) {
	w := &t.g.work
	if w.touches == nil {
		w.touches, w.wrenches = make([]dynamics.ContactReport, t.m.NumContacts()), make([]sim.Wrench, len(t.m.Engine().Bodies))
	}
	clear(w.touches)
	clear(w.wrenches)
	for k := range t.count() {
		t.at(t.last(k))
		t.e.Contacts(w.touches)
		t.e.JointImpulses(w.wrenches)
	}
	return w.touches, w.wrenches
}

// contactTangent and jointTangent store the changes of forces for the tangent of the last forward product.
func (t *taken) contactTangent(dst []r3.Vec) {
	if copy(dst, t.contacts); len(t.parts) == 0 {
		t.e.ContactTangent(dst)
	}
	k := 1 / t.weight()
	for i := range dst {
		dst[i] = r3.Scale(k, dst[i])
	}
	if t.pushed == pushedStep {
		k *= k * t.weightGrowth()
		contacts, _ := t.totals()
		for i, c := range contacts {
			dst[i] = r3.Sub(dst[i], r3.Scale(k, c.Impulse))
		}
	}
}

func (t *taken) jointTangent(dst []sim.Wrench) {
	if copy(dst, t.joints); len(t.parts) == 0 {
		t.e.JointTangent(dst)
	}
	k := 1 / t.weight()
	for i := range dst {
		dst[i].Force, dst[i].Torque = r3.Scale(k, dst[i].Force), r3.Scale(k, dst[i].Torque)
	}
	if t.pushed == pushedStep {
		k *= k * t.weightGrowth()
		_, joints := t.totals()
		for i, w := range joints {
			dst[i].Force = r3.Sub(dst[i].Force, r3.Scale(k, w.Force))
			dst[i].Torque = r3.Sub(dst[i].Torque, r3.Scale(k, w.Torque))
		}
	}
}
