package urdf

import (
	"fmt"
	"strings"
)

// overlapping is from how deep in each other (m) shapes are parts of one thing. What is less deep is pushed apart.
const overlapping = 1e-4

// touchItself lets shapes of the robot touch each other but those that are in each other where all joints are at zero:
// at the joints of many robots more overlaps than neighbors, and nothing could bring it apart.
func (r *reader) touchItself(root *node) error {
	r.b.SetSelfContact(true)
	m, err := r.b.Build()
	if err != nil {
		return nil // whoever builds it is told
	}
	x, q, names := m.NewState(), m.NewQuery(), m.Colliders()
	if err := q.At(x.Q); err != nil {
		return fmt.Errorf("shapes in each other: %w", err)
	}
	var apart []string
	for _, p := range m.Pairs() {
		if _, flat := p.HalfSpace(); flat {
			continue
		}
		d, err := q.Distance(p.Pair)
		if err != nil {
			return fmt.Errorf("shapes in each other: %w", err)
		}
		if d.Gap < -overlapping {
			r.b.ExcludePair(names[p.A], names[p.B])
			apart = append(apart, names[p.A]+"/"+names[p.B])
		}
	}
	if len(apart) > 0 {
		r.notef(Physics, root, "shapes that are in each other where all joints are at zero do not touch: %s", strings.Join(apart, ", "))
	}
	return nil
}
