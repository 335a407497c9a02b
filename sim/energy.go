package sim

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"gonum.org/v1/gonum/spatial/r3"
)

// Energy is the mechanical energy of a state in joules, at its instant: that of the momentum with which the interval before
// arrives there, and of the configuration. Without contact and damping the sum oscillates by a term of second order in h.
type Energy struct {
	Kinetic float64
	Gravity float64 // zero at the world's origin
	Spring  float64
}

// Energy returns the energy of a state. It disturbs neither the reports of the last step nor its derivatives.
func (s *Stepper) Energy(cur State) (Energy, error) {
	if err := s.measure(cur); err != nil {
		return Energy{}, err
	}
	e, ok := s.meter.Energy()
	if !ok {
		return Energy{}, &StepError{Model: s.m.name, Where: "the inertia of the mechanism is singular"}
	}
	if !finite(e.Kinetic, e.Gravity, e.Spring) {
		return Energy{}, &StepError{Model: s.m.name, Where: "its energy is beyond all numbers: something is too far away, or too fast"}
	}
	return Energy(e), nil
}

// Momentum returns the linear momentum (kg m/s) and the angular momentum about the world origin (kg m²/s)
// of a state at its instant: of the interval before, and half its length of gravity. What floats changes it by gravity,
// contacts and external wrenches alone. Of a mechanism that hangs on the world by a joint it lacks the second half of what
// that joint does, its springs included: there take the sum over its bodies at [Stepper.KnotVelocity]. It disturbs neither
// the reports of the last step nor its derivatives.
func (s *Stepper) Momentum(cur State) (linear, angular r3.Vec, err error) {
	if err := s.measure(cur); err != nil {
		return r3.Vec{}, r3.Vec{}, err
	}
	linear, angular = s.meter.Momentum()
	return linear, angular, nil
}

// KnotVelocity stores in v (length NV) the velocity of a state at its instant: M⁻¹ times the momentum that it has there. That
// of a state that was never stepped is its own V; after a step V is the velocity of the middle of the last interval. What
// inputs and external wrenches give in the second half of that is not in the state, and not in this.
func (s *Stepper) KnotVelocity(v []float64, cur State) error {
	if len(v) != s.m.dyn.NV {
		return &StepError{Model: s.m.name, Where: fmt.Sprintf("velocity has length %d, model %q has %d", len(v), s.m.name, s.m.dyn.NV)}
	}
	if err := s.measure(cur); err != nil {
		return err
	}
	if !s.meter.KnotVelocity(v) {
		return &StepError{Model: s.m.name, Where: "the inertia of the mechanism is singular"}
	}
	return nil
}

// measure loads a state into an engine of its own, made when first asked for: the other one may hold a step that
// package implicit is about to differentiate.
func (s *Stepper) measure(cur State) error {
	if err := s.check(cur, nil); err != nil {
		return err
	}
	if !s.scale().Load(cur.Q, cur.V, s.zero, s.m.dyn.Timestep, cur.H) {
		return &StepError{Model: s.m.name, Where: s.m.halfTurn(s.meter.HalfTurn())}
	}
	return nil
}

// scale returns the engine that weighs.
func (s *Stepper) scale() *dynamics.Stepper {
	if s.meter == nil {
		s.meter = dynamics.NewStepper(s.m.dyn)
	}
	return s.meter
}
