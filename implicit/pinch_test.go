package implicit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestForceCostOfAPinch: the squares of the forces on a cube that faces pinch, by its start. Its corners share the grip
// by gaps of κℓ, so a turn by κ matters as much as the grip: at κ = 1e-5 differences of 1e-9 rad and less confirm the
// gradient, of 1e-7 they are 5 % off and of 1e-6 from one side have another sign.
func TestForceCostOfAPinch(t *testing.T) {
	e, err := models.Find("gripper")
	if err != nil {
		t.Fatal(err)
	}
	for _, kappa := range []float64{1e-3, 1e-4, 1e-5} {
		m := must(t, e.Builder(models.Options{}))
		s := m.NewStepper(sim.Options{Kappa: kappa, Centrality: 1e-10, Tolerance: 1e-12})
		x, inputs := untied(t, m, e.Start(m)), make([][]float64, 20)
		for range 3 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		squares := implicit.Cost{Forces: func(_ int, f, gf implicit.Forces) (sum float64) {
			for i, c := range f.Contacts {
				sum += 1e-4 * r3.Norm2(c.Force)
				gf.Contacts[i].Force = r3.Add(gf.Contacts[i].Force, r3.Scale(2e-4, c.Force))
			}
			return sum
		}}
		g := gradient(t, s, implicit.Options{})
		r, err := g.Rollout(x, inputs, squares, implicit.RolloutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		rng, d := rand.New(rand.NewPCG(3, 5)), implicit.NewTangent(m)
		for i := range d.Q {
			d.Q[i], d.V[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		coupled(m, d.Q)
		coupled(m, d.V)
		at := func(eps float64) float64 {
			y, by := m.NewState(), implicit.NewTangent(m)
			floats.AddScaled(by.Q, eps, d.Q)
			floats.AddScaled(by.V, eps, d.V)
			implicit.Displace(m, &y, x, by)
			c, err := g.Cost(y, inputs, squares)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		want := floats.Dot(both(r.Start), both(d))
		best := math.Inf(1)
		for _, eps := range []float64{1e-5 * kappa, 3e-6 * kappa, 1e-4 * kappa} {
			best = min(best, math.Abs((at(eps)-at(-eps))/(2*eps)-want))
		}
		tol.Within(t, best/math.Abs(want), 1e-6, "κ = %g: derivative %.8g", kappa, want)
	}
}
