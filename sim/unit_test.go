package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestMillimeters: an elevator between limits moves in millimeters as in meters. How far a slider falls in a step was
// the square of a speed times that of a time, an area, so in millimeters limits took part that did not in meters, and
// pushed with 1e-6 of the weight.
func TestMillimeters(t *testing.T) {
	for _, kappa := range []float64{1e-5, 1e-3} {
		var ends [2]sim.State
		for i, unit := range []float64{1, 1000} {
			b := sim.NewBuilder("elevator")
			b.SetTimestep(0.01)
			b.SetGravity(r3.Vec{Z: -9.81 * unit})
			half := r3.Scale(unit, r3.Vec{X: 0.1, Y: 0.2, Z: 0.15})
			car, hook := b.AddLink("car", sim.BoxInertia(3, half)), b.AddLink("hook", sim.BoxInertia(1, r3.Scale(0.5, half)))
			limits := sim.Axis{Limited: true, Lower: -0.5 * unit, Upper: 0.5 * unit}
			b.AddJoint(sim.Joint{Name: "shaft", Type: sim.Prismatic(r3.Vec{Z: 1}), Child: car, Parent: sim.World, Axes: []sim.Axis{limits}})
			b.AddJoint(sim.Joint{Name: "turn", Type: sim.Revolute(r3.Vec{X: 1}), Child: hook, Parent: car, Origin: sim.At(0, 0.1*unit, -0.2*unit)})
			m := mustModel(t, b)
			x, s := m.NewState(), m.NewStepper(sim.Options{Kappa: kappa, Tolerance: 1e-12, Centrality: 1e-10})
			x.Q[0], x.Q[1] = 0.35*unit, 0.5
			for range 8 {
				if _, err := s.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
			}
			x.Q[0] /= unit
			x.V[0] /= unit
			ends[i] = x
		}
		for j := range ends[0].Q {
			if d := math.Abs(ends[0].Q[j]-ends[1].Q[j]) + math.Abs(ends[0].V[j]-ends[1].V[j]); d > 1e-10 {
				t.Errorf("κ = %g: %s differs by %g in millimeters", kappa, []string{"shaft", "turn"}[j], d)
			}
		}
	}
}
