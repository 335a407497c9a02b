package sim

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Pair names two colliders that may touch each other. It is comparable: a key for maps.
type Pair struct {
	A int // index in [Model.Colliders]
	B int // the same, or −1−k for half-space k of [Model.HalfSpaces]
}

// HalfSpace returns the index in [Model.HalfSpaces] of what A touches; ok is false where that is a shape.
func (p Pair) HalfSpace() (k int, ok bool) { return -1 - p.B, p.B < 0 }

// ContactID names a contact: two colliders, and which of the places where they may touch. The same two features have the
// same ID in every step and in every model of one [Model.Structure]. It is comparable: a key for maps.
type ContactID struct {
	Pair
	Feature int // of A against a half-space: the corner of a box or hull, the end of a capsule, a rim or a point of a cap
}

// Contact is what a contact did in the last step.
type Contact struct {
	ID           ContactID
	BodyA, BodyB int     // that carry the colliders, −1 for the world
	Point        r3.Vec  // where the force acts, world coordinates at the start of the step (m)
	Normal       r3.Vec  // unit, from B to A, world axes
	Force        r3.Vec  // mean over the step, on body A, world axes (N); zero where the contact took no part
	Gap          float64 // at the end of the step (m)
	Slide        float64 // sliding speed (m/s)
	KappaUnit    float64 // what κ = 1 means for its gap (J s), see [Model.KappaUnit]
}

// Contacts returns what the contacts did in the last step; nothing before the first step and after one that failed. Against
// half-spaces all features of a shape are listed, near or far. The list is ordered by A, then feature, then B; it may be another after
// every step: look contacts up by ID or by Pair, not by position. It is valid until the next step and is not allocated anew.
func (s *Stepper) Contacts() []Contact {
	s.list = s.list[:0]
	if !s.solved {
		return s.list
	}
	d := s.m.dyn
	first := 0 // contact of the collider at hand
	for i := range d.Contacts {
		k, c := &d.Contacts[i], &s.contacts[i]
		if k.Collider != d.Contacts[first].Collider {
			first = i
		}
		s.list = append(s.list, Contact{
			ID:    ContactID{Pair{k.Collider, -1 - k.Plane}, (i - first) / len(d.Planes)},
			BodyA: k.Body, BodyB: int(World), Point: c.Point, Normal: d.Planes[k.Plane].Normal,
			Force: spatial.Scale(1/s.weights, c.Impulse), Gap: c.Gap, Slide: c.Slide, KappaUnit: d.ColliderUnit(k.Collider),
		})
	}
	return s.list
}

// PairInfo describes two colliders that may touch each other.
type PairInfo struct {
	Pair
	Name         string // "collider/half-space"
	BodyA, BodyB int    // that carry the colliders, −1 for the world
	Contacts     int    // the most that the pair can have at a time
}

// Pairs returns the pairs of colliders that may touch each other, ordered by A, then half-spaces by their order.
func (m *Model) Pairs() []PairInfo {
	var l []PairInfo
	d, n := m.dyn, len(m.dyn.Planes)
	for i := 0; i < len(d.Contacts); {
		c, most := d.Contacts[i].Collider, 0
		for ; i < len(d.Contacts) && d.Contacts[i].Collider == c; i += n {
			most++
		}
		for k := range n {
			l = append(l, PairInfo{Pair{c, -1 - k}, m.colliders[c] + "/" + m.planes[k], d.Colliders[c].Body, int(World), most})
		}
	}
	return l
}

// MaxContacts returns how many contacts all pairs can have at a time.
func (m *Model) MaxContacts() int { return len(m.dyn.Contacts) }

// ContactName returns "collider/half-space", with the number of the feature, "collider[3]/half-space", where a collider has several.
// An ID that the model does not have is named by its numbers.
func (m *Model) ContactName(id ContactID) string {
	if i := m.findContact(id); i >= 0 {
		return m.contacts[i]
	}
	return fmt.Sprintf("(feature %d of colliders %d and %d)", id.Feature, id.A, id.B)
}

// findContact returns the engine's index of a contact, −1 when the model has none of that ID.
func (m *Model) findContact(id ContactID) int {
	k, ok := id.HalfSpace()
	if !ok {
		return -1
	}
	return m.dyn.FindContact(id.A, k, id.Feature)
}
