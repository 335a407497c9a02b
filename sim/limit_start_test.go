package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestPushedOffALimit measures what docs/theory.md says of a joint at a limit to which nothing presses it: it is pushed
// off, in the first step at √(κg/2ℓ), by a potential that falls with the logarithm of the distance, so that a start a
// little inside gains little. At κ = 0 it stays.
func TestPushedOffALimit(t *testing.T) {
	b := sim.NewBuilder("hinge")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	arm := b.AddLink("arm", sim.BoxInertia(1, r3.Vec{X: 0.2, Y: 0.03, Z: 0.03}).Placed(sim.At(0.2, 0, 0)))
	b.AddJoint(sim.Joint{Name: "hinge", Parent: sim.World, Child: arm, Type: sim.Revolute(r3.Vec{Z: 1}), Axes: []sim.Axis{{Limited: true, Lower: 0, Upper: 1.5}}})
	m := mustModel(t, b)
	length := m.Mechanism(0).Radius
	run := func(o sim.Options, q float64) (first, last float64) {
		s, x := m.NewStepper(o), m.NewState()
		x.Q[0] = q
		for k := range 100 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
			if k == 0 {
				first = x.V[0]
			}
		}
		return first, x.V[0]
	}
	for _, kappa := range []float64{1e-3, 1e-5, 1e-7} {
		first, last := run(sim.Options{Kappa: kappa}, 0)
		_, inside := run(sim.Options{Kappa: kappa}, 1e-3)
		unit := math.Sqrt(kappa * 9.81 / (2 * length)) // the first step from an instant has half the weight
		t.Logf("κ = %g: %.5f rad/s after a step, √(κg/2ℓ) = %.5f, %.4f after 1 s, from a milliradian inside %.4f", kappa, first, unit, last, inside)
		if math.Abs(first/unit-1) > 0.02 || last > 5*unit {
			t.Errorf("κ = %g: %g rad/s after a step and %g after 1 s, √(κg/2ℓ) is %g", kappa, first, last, unit)
		}
	}
	if first, last := run(sim.Options{Polish: true}, 0); math.Abs(first) > 1e-9 || math.Abs(last) > 1e-9 {
		t.Errorf("κ = 0: %g and %g rad/s", first, last)
	}
}
