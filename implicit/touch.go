package implicit

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Touch is a collider, or all colliders of a body, as what contact forces act on: a force plate, a foot, a finger.
type Touch struct{ on map[int]bool }

// FindTouch returns the collider of a name, or the colliders of a body.
func FindTouch(m *sim.Model, name string) (Touch, error) {
	t := Touch{map[int]bool{}}
	if i, err := m.FindCollider(name); err == nil {
		t.on[i] = true
		return t, nil
	}
	if body, err := m.FindBody(name); err == nil {
		for _, d := range m.Drawn() {
			if i, err := m.FindCollider(d.Name); d.Collides && d.Body == body && err == nil {
				t.on[i] = true
			}
		}
	}
	if len(t.on) == 0 {
		return t, fmt.Errorf("model %q has no collider, and no body with colliders, of the name %q", m.Name(), name)
	}
	return t, nil
}

// sign is that of a contact's force on it: what lies between two of its own colliders is none of it.
func (t Touch) sign(id sim.ContactID) (s float64) {
	if t.on[id.A] {
		s++
	}
	if t.on[id.B] {
		s--
	}
	return s
}

// Force returns the sum of the contact forces on it, in world axes (N).
func (t Touch) Force(f Forces) (sum r3.Vec) {
	for _, c := range f.Contacts {
		sum = r3.Add(sum, r3.Scale(t.sign(c.ID), c.Force))
	}
	return sum
}

// Add adds the cotangent of that sum to those of the forces.
func (t Touch) Add(gf Forces, by r3.Vec) {
	for i := range gf.Contacts {
		c := &gf.Contacts[i]
		c.Force = r3.Add(c.Force, r3.Scale(t.sign(c.ID), by))
	}
}
