package implicit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
)

// TestGradientsUnderTorques: rollouts of a robot that stands and is thrown about by random torques, new ones every 20 ms, have
// gradients at any size of these, divided steps included, and those are what differences say along a random direction of
// inputs and start. Two thirds of those at the effort limit used to have none.
func TestGradientsUnderTorques(t *testing.T) {
	const steps, seeds, kappa = 20, 20, 1e-4
	for _, part := range []float64{0.1, 0.3, 1} {
		s, start := zoo(t, "quadruped4", tightly(kappa))
		m := s.Model()
		warm(t, s, &start, 40)
		g := gradient(t, s, implicit.Options{})
		cost := quadratic(m)
		divided, missing, worst := 0, 0, 0.0
		for seed := range uint64(seeds) {
			rng := rand.New(rand.NewPCG(seed, 20))
			inputs, dir := make([][]float64, steps), make([][]float64, steps)
			for k := range inputs {
				inputs[k], dir[k] = make([]float64, m.NU()), make([]float64, m.NU())
				for i := range inputs[k] {
					if inputs[k][i] = part * 33.5 * (2*rng.Float64() - 1); k%2 == 1 {
						inputs[k][i] = inputs[k-1][i]
					}
					dir[k][i] = rng.NormFloat64()
				}
			}
			along := implicit.NewTangent(m)
			for i := range along.Q {
				along.Q[i], along.V[i] = 0.01*rng.NormFloat64(), 0.1*rng.NormFloat64()
			}
			r, err := g.Rollout(start, inputs, cost, implicit.RolloutOptions{})
			if err != nil {
				missing++
				t.Logf("%g, seed %d: %v", part, seed, err)
				continue
			}
			got := 0.0
			for i := range along.Q {
				got += r.Start.Q[i]*along.Q[i] + r.Start.V[i]*along.V[i]
			}
			for k := range dir {
				for i, d := range dir[k] {
					got += r.Inputs[k][i] * d
				}
			}
			x := start.Clone()
			for k := range inputs {
				res, err := s.Step(&x, x, inputs[k])
				if err != nil {
					t.Fatal(err)
				}
				divided += min(1, res.Halvings)
			}
			e := differ([]float64{got}, 0, func(eps float64) []float64 {
				y, u, d := m.NewState(), make([][]float64, steps), implicit.NewTangent(m)
				for i := range along.Q {
					d.Q[i], d.V[i] = eps*along.Q[i], eps*along.V[i]
				}
				implicit.Displace(m, &y, start, d)
				for k := range u {
					u[k] = make([]float64, m.NU())
					for i := range u[k] {
						u[k][i] = inputs[k][i] + eps*dir[k][i]
					}
				}
				c, err := g.Cost(y, u, cost)
				if err != nil {
					return nil
				}
				return []float64{c}
			}, 1e-4, 1e-5, 1e-6, 1e-7)
			if worst = math.Max(worst, e); !(e < 1e-4) {
				t.Errorf("%g, seed %d: slope %g is off by %.1e", part, seed, got, e)
			}
		}
		t.Logf("torques up to %g of the effort limit: %d of %d rollouts without gradient, %d of %d steps divided, differences agree to %.1e", part, missing, seeds, divided, steps*seeds, worst)
		if missing > 0 {
			t.Errorf("%g: %d of %d rollouts have no gradient", part, missing, seeds)
		}
	}
}
