package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// derive computes all that a stepper keeps of its model's numbers.
func (s *Stepper) derive() {
	m := s.m
	for i := range m.Planes {
		s.t1[i], s.t2[i] = spatial.Tangents(m.Planes[i].Normal)
		if m.Law == Pyramid {
			s.t1[i], s.t2[i] = pyramid(s.t1[i], s.t2[i])
		}
	}
	for i := range m.Dofs {
		d := &m.Dofs[i]
		b := &m.Bodies[d.Body]
		s.perMomentum[i] = 1 / (d.Scale * d.Speed)
		s.turns[i], s.balls[i] = i >= b.V+b.NT, m.Ball(i)
	}
	for t := range s.probs {
		p := &s.probs[t]
		*p = problem{contacts: p.contacts[:0], rows: p.limits[:0], mimics: p.mimics[:0]} // their memory
		p.init(s, t)
	}
}

// SetModel makes the steps to come those of m, which has the same structure as the stepper's model and may have other
// numbers. External wrenches stay.
func (s *Stepper) SetModel(m *Model) {
	s.m = m
	s.loads++
	s.derive()
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
