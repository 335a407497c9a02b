package models_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestRaibertRuns: the hopper starts from its stand, hops, and runs at the velocity that it is told, for 20 s.
func TestRaibertRuns(t *testing.T) {
	for _, want := range []r3.Vec{{}, {X: 0.8}, {X: -0.5, Y: 0.6}} {
		m, s := build(t, "hopper", models.Options{Timestep: 0.002})
		run := models.Raibert(want)
		st, u := m.NewStepper(sim.Options{}), make([]float64, m.NU())
		hops, air, lowest := 0, false, math.Inf(1)
		var at r3.Vec
		for k := range 10000 {
			clear(u)
			run(u, k, s)
			if _, err := st.Step(&s, s, u); err != nil {
				t.Fatalf("step %d: %v", k, err)
			}
			off := s.Q[2]+s.Q[7] > 0.1
			if off && !air {
				hops++
			}
			air, lowest = off, math.Min(lowest, s.Q[2])
			if k == 4999 {
				at = r3.Vec{X: s.Q[0], Y: s.Q[1]}
			}
		}
		mean := r3.Scale(0.1, r3.Sub(r3.Vec{X: s.Q[0], Y: s.Q[1]}, at))
		t.Logf("wanted %v m/s: %d hops, mean %.3f m/s, body never below %.2f m", want, hops, mean, lowest)
		if hops < 40 || lowest < 0.45 || r3.Norm(r3.Sub(mean, want)) > 0.01 {
			t.Errorf("wanted %v m/s: %d hops, mean %.3f m/s, body never below %.2f m", want, hops, mean, lowest)
		}
	}
}
