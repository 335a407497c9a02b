package dynamics

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/articulated"
)

// SetModel makes the steps to come those of m, which has the same structure as the stepper's model and may have other
// numbers. External wrenches stay.
func (s *Stepper) SetModel(m *Model) {
	s.m = m
	s.loads++
	s.fixed.init(m)
	for t := range s.parts {
		s.parts[t].init(m, t)
	}
	s.apart()
	if bodies := m.articulation(); !slices.Equal(bodies, s.tree.Bodies) { // a base with a damper is no free one
		s.tree = *articulated.New(bodies)
	}
}

// Loads counts how often the step at hand was replaced by another: a linearization holds as long as it stays.
func (s *Stepper) Loads() int { return s.loads }
