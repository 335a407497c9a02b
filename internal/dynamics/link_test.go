package dynamics_test

import (
	"fmt"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestWeakPairsAreNotCoupled: of balls in a row with gaps of 10 µm, 0.1 mm, 1 mm and 2 cm all pairs push each other at
// κ = 1e-5. A step couples those that are felt, and takes three iterations at most; its derivative couples all.
func TestWeakPairsAreNotCoupled(t *testing.T) {
	b := sim.NewBuilder("row")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	const radius = 0.1
	var gaps []float64
	for range 4 { // a pile
		gaps = append(gaps, 1e-5, 1e-4, 1e-3, 2e-2)
	}
	for i := range len(gaps) + 1 {
		l := b.AddLink(fmt.Sprint("ball", i), sim.SphereInertia(1, radius))
		b.AddFree(fmt.Sprint("free", i), l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(radius), Friction: 0.5})
	}
	model, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	m, x := model.Engine(), model.NewState()
	for i, g := range gaps {
		x.Q[7*(i+1)] = x.Q[7*i] + 2*radius + g
	}
	for _, c := range []struct {
		kappa  float64
		linked int
	}{{1e-4, 16}, {1e-5, 12}, {1e-7, 8}, {1e-9, 4}} {
		s := dynamics.NewStepper(m)
		if !s.Load(x.Q, x.V, make([]float64, m.NU), m.Timestep, m.Timestep) {
			t.Fatal("does not load")
		}
		r := s.Solve(dynamics.NewOptions(c.kappa, 1e-4, 1e-9, 0.05))
		if r.Status != ipm.Solved || r.Iterations > 3 {
			t.Errorf("κ = %g: %v after %d iterations", c.kappa, r.Status, r.Iterations)
		}
		linked, near := s.Linked(0)
		if near != len(gaps) || linked != c.linked {
			t.Errorf("κ = %g: %d of %d pairs are coupled, want %d of %d", c.kappa, linked, near, c.linked, len(gaps))
		}
		if !s.Linearize() {
			t.Fatal("singular")
		}
		if linked, near = s.Linked(0); linked != near {
			t.Errorf("κ = %g: the derivative couples %d of %d pairs", c.kappa, linked, near)
		}
	}
}
