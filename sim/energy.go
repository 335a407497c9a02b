package sim

import (
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"gonum.org/v1/gonum/spatial/r3"
)

// Energy is the mechanical energy of a state in joules: of the interval that ends there, with potential
// energies taken at its middle, where kinetic energy lives. Their sum is constant to second order in h.
type Energy = dynamics.Energy

// Energy returns the energy of a state. It disturbs neither the reports of the last step nor its derivatives.
func (s *Stepper) Energy(cur State) (Energy, error) {
	if err := s.measure(cur); err != nil {
		return Energy{}, err
	}
	return s.meter.Energy(), nil
}

// Momentum returns the linear momentum (kg m/s) and the angular momentum about the world origin (kg m²/s)
// of a state. It disturbs neither the reports of the last step nor its derivatives.
func (s *Stepper) Momentum(cur State) (linear, angular r3.Vec, err error) {
	if err := s.measure(cur); err != nil {
		return r3.Vec{}, r3.Vec{}, err
	}
	linear, angular = s.meter.Momentum()
	return linear, angular, nil
}

// measure loads a state into an engine of its own, made when first asked for: the other one may hold a step that
// package implicit is about to differentiate.
func (s *Stepper) measure(cur State) error {
	if err := s.check(cur, nil); err != nil {
		return err
	}
	if s.meter == nil {
		s.meter = dynamics.NewStepper(s.m.dyn)
	}
	if !s.meter.Load(cur.Q, cur.V, s.zero, s.m.dyn.Timestep, s.m.interval(cur)) {
		return &StepError{Model: s.m.name, Where: s.m.halfTurn(s.meter.HalfTurn())}
	}
	return nil
}
