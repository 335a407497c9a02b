package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFastBallsDoNotPassThroughEachOther: a ball that a step would carry right through another, head-on or off center, hits it.
func TestFastBallsDoNotPassThroughEachOther(t *testing.T) {
	for _, speed := range []float64{30, 60, 100, 300} {
		for _, off := range []float64{0, 0.02, 0.05} {
			m := balls(t, 2, r3.Vec{}, false, 0)
			s := m.NewStepper(sim.Options{})
			x := m.NewState()
			x.Q[0], x.Q[1], x.V[0] = -0.35, off, speed
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
			if d := math.Hypot(x.Q[7]-x.Q[0], x.Q[8]-x.Q[1]); x.V[6] < 0.1*speed || d < 0.2 || x.Q[7] < x.Q[0] && off < 0.05 {
				t.Errorf("%g m/s, %g m off center: balls at %g and %g, the second has %g m/s", speed, off, x.Q[0], x.Q[7], x.V[6])
			}
		}
	}
}
