package sim

import "gonum.org/v1/gonum/spatial/r3"

// ContactInfo says what a contact is between: one feature of a collision shape, such as a corner, and a
// half-space.
type ContactInfo struct {
	Name      string // as [Model.Contacts] lists it
	Body      int    // that carries the shape
	Collider  int    // index in [Model.Colliders]
	HalfSpace int    // index in [Model.HalfSpaces]
	Normal    r3.Vec // unit, from the half-space to the body
}

// ContactInfo describes contact i.
func (m *Model) ContactInfo(i int) ContactInfo {
	c := &m.dyn.Contacts[i]
	return ContactInfo{
		Name: m.contacts[i], Body: c.Body, Collider: c.Collider, HalfSpace: c.Plane, Normal: m.dyn.Planes[c.Plane].Normal,
	}
}

// ContactPoint returns the point of the shape (world coordinates, m) at which contact i acts, or would act if it
// touched, when the bodies have the given poses: the point of its feature that is deepest in the half-space.
// What a step did is told by [Stepper.Contact]; this is for recordings that hold forces without their points.
func (m *Model) ContactPoint(i int, poses []Pose) r3.Vec {
	return m.dyn.ContactPoint(i, poses[m.dyn.Contacts[i].Body])
}
