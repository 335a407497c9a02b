package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func box(t testing.TB, h, mass, length, mu float64, law sim.FrictionLaw) *sim.Model {
	b := sim.NewBuilder("box")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.SetFrictionLaw(law)
	half := r3.Vec{X: length / 2, Y: length / 2, Z: length / 2}
	l := b.AddLink("box", sim.BoxInertia(mass, half))
	b.AddFree("root", l)
	b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(half), Friction: mu})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTune(t *testing.T) {
	for _, h := range []float64{0.001, 0.005, 0.01, 0.02, 0.05} {
		for _, kappa := range []float64{1e-3, 1e-4, 1e-6, 1e-8, 1e-10} {
			rng := rand.New(rand.NewPCG(1, 2))
			sum, steps, worst, fails := 0, 0, 0, 0
			minGap := 0.0
			var gain float64
			for toss := 0; toss < 20; toss++ {
				m := box(t, h, 1, 0.5, 0.5, sim.Cone)
				s := dynamics.NewStepper(m.Engine())
				st := m.NewState()
				st.Q[2] = 0.6 + rng.Float64()
				for i := 3; i < 7; i++ {
					st.Q[i] = rng.NormFloat64()
				}
				n := math.Sqrt(st.Q[3]*st.Q[3] + st.Q[4]*st.Q[4] + st.Q[5]*st.Q[5] + st.Q[6]*st.Q[6])
				for i := 3; i < 7; i++ {
					st.Q[i] /= n
				}
				for i := range st.V {
					st.V[i] = 3 * rng.NormFloat64()
				}
				_ = gain
				for k := 0; k < int(1.5/h); k++ {
					if !s.Load(st.Q, st.V, nil, h, 0) {
						t.Fatal("load")
					}
					r := s.Solve(dynamics.Options{Solver: ipm.Options{Kappa: kappa}})
					if r.Status != ipm.Solved {
						fails++
						if fails < 2 {
							fmt.Println(h, kappa, toss, k, r)
							s.Load(st.Q, st.V, nil, h, 0)
							s.Solve(dynamics.Options{Solver: ipm.Options{Kappa: kappa, MaxIter: 25, Trace: func(it ipm.Iteration) {
								fmt.Printf("   %2d F %.1e gap %.1e off %.1e mu %.1e target %.1e alpha %.2e n %d\n", it.Number, it.Residual, it.Gap, it.Centrality, it.Kappa, it.Target, it.Alpha, it.Trials)
							}}})
						}
						break
					}
					sum += r.Iterations
					worst = max(worst, r.Iterations)
					steps++
					q, v := make([]float64, 7), make([]float64, 6)
					s.Store(q, v)
					st.Q, st.V = q, v
				}
				minGap = st.Q[2] - 0.25
			}
			fmt.Printf("h %5g kappa %7.0e: steps %d mean %.2f max %d fails %d rest %.3g\n", h, kappa, steps, float64(sum)/float64(steps), worst, fails, minGap)
		}
	}
}
