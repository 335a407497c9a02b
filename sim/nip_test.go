package sim_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// wedge is a ball of 0.1 m above the edge of a wedge of half-angle alpha whose sides run down at the given speed.
func wedge(t *testing.T, alpha, mu, speed float64) (*sim.Model, sim.State) {
	b := newWorld("wedge", 0.01)
	l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: mu})
	for i, name := range []string{"left", "right"} {
		s := float64(2*i - 1)
		b.AddCollider(sim.Collider{
			Name: name, Link: sim.World, Shape: contact.Box(r3.Vec{X: 0.1, Y: 1, Z: 2}), Friction: mu,
			Pose:    sim.Pose{Pos: r3.Scale(0.1, r3.Vec{X: s * math.Cos(alpha), Z: -math.Sin(alpha)}), Rot: sim.RPY(0, s*alpha, 0)},
			Surface: contact.Surface{Velocity: r3.Vec{Z: -speed}},
		})
	}
	m := mustModel(t, b)
	x := m.NewState()
	x.Q[2] = 0.1/math.Sin(alpha) + 0.02
	return m, x
}

// TestBelowTheAngleOfBite: two belts that run down into a wedge of half-angle α push a ball up by 2N (sin α − μ cos α),
// N > 0 what each presses, as long as it does not run down with them; and it cannot, for its gaps would close. With μ <
// tan α it stays on the gaps' side for ever. With μ > tan α they and its weight all push it down, so it has no position
// in any step. That took 17 000 iterations and was said not to have converged; belts that run up carry it.
func TestBelowTheAngleOfBite(t *testing.T) {
	for _, alpha := range []float64{0.2, 0.4, 0.6} {
		for _, part := range []float64{0.9, 1.1, 1.5} { // of tan α
			for _, speed := range []float64{0.5, 2, -0.1} {
				m, x := wedge(t, alpha, part*math.Tan(alpha), speed)
				s, err := m.NewStepper(sim.Options{}), error(nil)
				res := sim.Result{}
				for range 100 {
					if res, err = s.Step(&x, x, nil); err != nil {
						break
					}
				}
				if part < 1 || speed < 0 {
					if err != nil {
						t.Errorf("α = %g, μ = %g tan α, %g m/s: %v", alpha, part, speed, err)
					}
					continue
				}
				const want = "contact ball/left and contact ball/right, whose surfaces run and draw in what does not fit between them"
				if !errors.Is(err, ipm.Infeasible.Err()) || !strings.Contains(err.Error(), want) {
					t.Errorf("α = %g, μ = %g tan α, %g m/s: %v", alpha, part, speed, err)
				}
				if res.Iterations > 600 {
					t.Errorf("α = %g, μ = %g tan α, %g m/s: %d iterations", alpha, part, speed, res.Iterations)
				}
			}
		}
	}
}
