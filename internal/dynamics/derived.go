package dynamics

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// SetModel makes the steps to come those of m, which has the same structure as the stepper's model and may have other
// numbers. External wrenches stay.
func (s *Stepper) SetModel(m *Model) {
	s.m = m
	s.loads++
	s.fixed.init(m)
	for t := range s.probs {
		p := &s.probs[t]
		*p = problem{contacts: p.contacts[:0], limits: p.limits[:0], mimics: p.mimics[:0]} // their memory
		p.init(s, t)
	}
	if bodies := m.articulation(); !slices.Equal(bodies, s.tree.Bodies) { // a base with a damper is no free one
		s.tree = *articulated.New(bodies)
	}
	if s.lin != nil {
		s.lin.number(s)
	}
}

// number gives every tree its part of the rows.
func (l *linear) number(s *Stepper) {
	n := 0
	for t := range s.probs {
		l.rowOf[t] = n
		n += len(s.probs[t].limits) + len(s.probs[t].contacts)
	}
	if cap(l.rows) < n {
		l.rows = make([]spatial.Vec, n)
	}
	l.rows = l.rows[:n]
}

// Loads counts how often the step at hand was replaced by another: a linearization holds as long as it stays.
func (s *Stepper) Loads() int { return s.loads }
