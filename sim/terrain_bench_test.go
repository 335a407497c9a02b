package sim_test

import (
	"fmt"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// BenchmarkTerrain is a step of the quadruped that stands on hills, hard and soft: soft contact is felt from afar, by
// much of a height field.
func BenchmarkTerrain(b *testing.B) {
	for _, kappa := range []float64{1e-5, 1e-3} {
		b.Run(fmt.Sprintf("hills/κ=%g", kappa), func(b *testing.B) {
			m, x, err := models.Load("hills", models.Options{})
			if err != nil {
				b.Fatal(err)
			}
			s := m.NewStepper(sim.Options{Kappa: kappa})
			for range 50 {
				if _, err := s.Step(&x, x, nil); err != nil {
					b.Fatal(err)
				}
			}
			y := x.Clone()
			for b.Loop() {
				if _, err := s.Step(&y, x, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
