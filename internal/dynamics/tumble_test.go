package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func tumblingBox(t testing.TB, h float64) *sim.Model {
	b := sim.NewBuilder("box")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{Z: -9.81})
	half := r3.Vec{X: 0.25, Y: 0.25, Z: 0.25}
	l := b.AddLink("box", sim.BoxInertia(1, half))
	b.AddFree("root", l)
	b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(half), Friction: 0.5})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTumblingBoxes throws boxes at the ground over the range of timesteps and κ, without the stepper's
// division of steps: every single solve must converge. It prints what a change of the solver does to
// iterations.
func TestTumblingBoxes(t *testing.T) {
	for _, h := range []float64{0.001, 0.005, 0.01, 0.02, 0.05} {
		for _, kappa := range []float64{1e-3, 1e-4, 1e-6, 1e-8, 1e-10} {
			rng := rand.New(rand.NewPCG(1, 2))
			m := tumblingBox(t, h)
			s := dynamics.NewStepper(m.Engine())
			sum, steps, worst := 0, 0, 0
			for toss := 0; toss < 20; toss++ {
				st := m.NewState()
				st.Q[2] = 0.6 + rng.Float64()
				n := 0.0
				for i := 3; i < 7; i++ {
					st.Q[i] = rng.NormFloat64()
					n += st.Q[i] * st.Q[i]
				}
				for i := 3; i < 7; i++ {
					st.Q[i] /= math.Sqrt(n)
				}
				for i := range st.V {
					st.V[i] = 3 * rng.NormFloat64()
				}
				for k := 0; k < int(1.5/h); k++ {
					if !s.Load(st.Q, st.V, nil, h, h*min(1, float64(k))) {
						t.Fatalf("h %g κ %g toss %d step %d: cannot load", h, kappa, toss, k)
					}
					r := s.Solve(dynamics.NewOptions(kappa, 0, 0, 0))
					if r.Status != ipm.Solved {
						t.Errorf("h %g κ %g toss %d step %d: %+v", h, kappa, toss, k, r)
						break
					}
					sum += r.Iterations
					worst = max(worst, r.Iterations)
					steps++
					s.Store(st.Q, st.V)
				}
			}
			mean := float64(sum) / float64(steps)
			t.Logf("h %5g κ %6.0e: %d steps, %.2f iterations, at most %d", h, kappa, steps, mean, worst)
			if mean > 9 {
				t.Errorf("h %g κ %g: %.2f iterations per step, want at most 9", h, kappa, mean)
			}
		}
	}
}
