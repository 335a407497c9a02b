package models_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestLoopDrift: loops of the zoo stay closed over 10⁵ steps.
func TestLoopDrift(t *testing.T) {
	steps := 100000 // 6 s for all three
	if testing.Short() {
		steps = 2000
	}
	for _, name := range []string{"fourbar", "fivebar", "delta"} {
		m, x, err := models.Load(name, models.Options{Timestep: 0.005})
		if err != nil {
			t.Fatal(err)
		}
		s := m.NewStepper(sim.Options{})
		u := make([]float64, m.NU())
		var worst, turned float64
		iterations, halvings, fastest := 0, 0, 0.0
		for k := range steps {
			for i := range u {
				u[i] = math.Sin(0.01*float64(k) + float64(i))
			}
			r, err := s.Step(&x, x, u)
			if err != nil {
				t.Fatalf("%s, step %d: %v", name, k, err)
			}
			if k > steps/2 {
				for _, v := range x.V {
					fastest = math.Max(fastest, math.Abs(v))
				}
			}
			iterations, halvings = iterations+r.Iterations, halvings+r.Halvings
			for i := range m.Loops() {
				d, angle := m.LoopGap(i, x.Q)
				worst, turned = math.Max(worst, d), math.Max(turned, angle)
			}
		}
		if fastest < 1 {
			t.Errorf("%s: rests, at most %g rad/s or m/s", name, fastest)
		}
		if worst > 1e-9 || turned > 1e-9 {
			t.Errorf("%s: loops open by %.3g m and %.3g rad", name, worst, turned)
		}
		t.Logf("%s: %d steps, loops open by at most %.2g m and %.2g rad; %.2f iterations a step, %d halvings", name, steps, worst, turned, float64(iterations)/float64(steps), halvings)
	}
}
