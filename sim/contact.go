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
	Torque       r3.Vec  // the same of the torque by which it resists turning ([contact.Surface]), about Point (N m)
	Gap          float64 // at the end of the step (m)
	Slide        float64 // sliding speed (m/s)
	KappaUnit    float64 // what κ = 1 means for its gap (J s), see [Model.KappaUnit]
}

// Contacts returns what the contacts did in the last step; nothing before the first step and after one that failed.
// Against half-spaces all features of a shape are listed, near or far, ordered by A, then feature, then B; then the
// contacts of shapes that are near each other, ordered by A, B, feature. The list may be another after every step: look
// contacts up by ID or by Pair, not by position. It is valid until the next step and is not allocated anew.
func (s *Stepper) Contacts() []Contact {
	s.list = s.list[:0]
	if !s.solved {
		return s.list
	}
	d := s.m.dyn
	s.dyn.FarGaps(s.contacts, s.part.Q)
	first := 0 // contact of the collider at hand
	for i := range d.Contacts {
		k, c := &d.Contacts[i], &s.contacts[i]
		if k.Collider != d.Contacts[first].Collider {
			first = i
		}
		s.list = append(s.list, Contact{
			ID:    ContactID{Pair{k.Collider, -1 - k.Plane}, (i - first) / len(d.Planes)},
			BodyA: k.Body, BodyB: int(World), Point: c.Point, Normal: d.Planes[k.Plane].Normal,
			Force: spatial.Scale(1/s.weights, c.Impulse), Torque: spatial.Scale(1/s.weights, c.Turn), Gap: c.Gap, Slide: c.Slide, KappaUnit: d.ColliderUnit(k.Collider),
		})
	}
	for i := range s.meetings {
		c := &s.meetings[i]
		s.list = append(s.list, Contact{
			ID:    ContactID{Pair{c.A, c.B}, int(c.Feature)},
			BodyA: d.Colliders[c.A].Body, BodyB: d.Colliders[c.B].Body, Point: c.Point, Normal: c.Normal,
			Force: spatial.Scale(1/s.weights, c.Impulse), Torque: spatial.Scale(1/s.weights, c.Turn), Gap: c.Gap, Slide: c.Slide, KappaUnit: d.PairUnit(c.Pair),
		})
	}
	return s.list
}

// PairInfo describes two colliders that may touch each other.
type PairInfo struct {
	Pair
	Name         string // "collider/half-space" or "collider/collider"
	BodyA, BodyB int    // that carry the colliders, −1 for the world
	Contacts     int    // the most that the pair can have at a time; 0 between two shapes, where it depends on how they lie
	Turns        bool   // whether its contacts resist spinning or rolling
}

// Pairs returns the pairs of colliders that may touch each other, those with half-spaces first.
func (m *Model) Pairs() []PairInfo {
	var l []PairInfo
	d, n := m.dyn, len(m.dyn.Planes)
	for i := 0; i < len(d.Contacts); {
		c, most, first := d.Contacts[i].Collider, 0, i
		for ; i < len(d.Contacts) && d.Contacts[i].Collider == c; i += n {
			most++
		}
		for k := range n {
			l = append(l, PairInfo{Pair{c, -1 - k}, m.colliders[c] + "/" + m.planes[k], d.Colliders[c].Body, int(World), most, d.TouchTurns(first + k)})
		}
	}
	for i, p := range d.Pairs {
		l = append(l, PairInfo{Pair{p.A, p.B}, m.colliders[p.A] + "/" + m.colliders[p.B], d.Colliders[p.A].Body, d.Colliders[p.B].Body, 0, d.PairTurns(i)})
	}
	return l
}

// MaxContacts returns how many contacts with half-spaces there can be at a time.
func (m *Model) MaxContacts() int { return len(m.dyn.Contacts) }

// ContactName returns "collider/half-space", with the number of the feature, "collider[3]/half-space", where a collider has several.
// An ID that the model does not have is named by its numbers.
func (m *Model) ContactName(id ContactID) string {
	if i := m.findContact(id); i >= 0 {
		return m.contacts[i]
	}
	if m.HasContact(id) {
		return fmt.Sprintf("%s/%s[%d]", m.colliders[id.A], m.colliders[id.B], id.Feature)
	}
	return fmt.Sprintf("(feature %d of colliders %d and %d)", id.Feature, id.A, id.B)
}

// HasContact reports whether the model can have a contact of that ID. Those between shapes come and go.
func (m *Model) HasContact(id ContactID) bool {
	if _, ok := id.HalfSpace(); ok {
		return m.findContact(id) >= 0
	}
	return m.dyn.FindPair(id.A, id.B) >= 0 && id.Feature >= 0 && id.Feature < 1<<53
}

// findContact returns the engine's index of a contact, −1 when the model has none of that ID.
func (m *Model) findContact(id ContactID) int {
	k, ok := id.HalfSpace()
	if !ok {
		return -1
	}
	return m.dyn.FindContact(id.A, k, id.Feature)
}
