package implicit

import "github.com/ukemi-sim/ukemi/internal/dynamics"

// shelf keeps solves of one step in parts linearized, each in an engine of its own, once they are asked for again:
// every column of parameters, every unknown of a sensitivity and every product made all parts anew, a hundred solves
// for a hundred products. The first product of a step needs none of it, and steps in parts are the exception, so that
// rollouts keep one engine a step as ever.
type shelf struct {
	of      *taken // whose step it is
	solves  []solve
	engines []*dynamics.Stepper
}

// shelves is how many there may be. What does not fit is solved again in the engine of the step.
const shelves = 64

// find returns the engine that holds solve x of the step.
func (s *shelf) find(t *taken, x solve) *dynamics.Stepper {
	if s.of != t {
		return nil
	}
	for i, y := range s.solves {
		if x == y {
			return s.engines[i]
		}
	}
	return nil
}

// put holds solve x of the step in another engine, and returns nil if there is none.
func (s *shelf) put(t *taken, x solve) *dynamics.Stepper {
	if s.of != t {
		s.of, s.solves = t, s.solves[:0]
	}
	n, m := len(s.solves), t.m.Engine()
	if n == shelves {
		return nil
	}
	if n == len(s.engines) {
		s.engines = append(s.engines, dynamics.NewStepper(m))
	}
	e := s.engines[n]
	if e.Model() != m {
		e.SetModel(m)
	}
	e.CopyWrenches(t.home)
	if t.hold(e, x) != nil {
		return nil
	}
	s.solves = append(s.solves, x)
	return e
}

// forget makes room for another step of t.
func (s *shelf) forget(t *taken) {
	if s.of == t {
		s.of = nil
	}
}
