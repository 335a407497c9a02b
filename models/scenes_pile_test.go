package models_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestSpheres666: while 216 balls fall into the box none is in another or in a wall, at 1 and at 10 ms: a mean squared penetration of 0.
// Step 33 of the latter took 398 iterations: two cones of 6700 went from one side to the other in each. Steps 35 to 45 took 250 to 590 each, and the
// 48th none of its halves, until runs that jam went on by directions of friction that dilates.
func TestSpheres666(t *testing.T) {
	for _, c := range []struct {
		h     float64
		steps int
		most  int
	}{{0.01, 45, 200}, {0.001, 270, 60}} {
		m, x := build(t, "spheres6", models.Options{Timestep: c.h})
		s := m.NewStepper(sim.Options{})
		most, touched, sum := 0, 0, 0.0
		for k := range c.steps {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Fatalf("h = %g, step %d: %v", c.h, k, err)
			}
			most = max(most, r.Iterations)
			if k < c.steps-20 {
				continue
			}
			for _, p := range s.Contacts() {
				sum += math.Pow(math.Min(p.Gap, 0), 2)
				touched++
			}
		}
		t.Logf("h = %g: at most %d iterations, %d contacts in the last 20 steps, mean squared penetration %g m²", c.h, most, touched, sum/float64(touched))
		if d := s.Penetration(); d > 0 || sum > 0 || touched < 20000 || most > c.most {
			t.Errorf("h = %g: %g m deep, mean squared %g m², %d contacts, %d iterations", c.h, d, sum/float64(touched), touched, most)
		}
	}
}
