package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFeetWhirlOnTerrainAsOnAHalfSpace: light feet under strong motors turn by up to a radian a step and kick the
// ground. What they gain is their motors' work, on triangles as on a half-space, and no reason to divide steps.
func TestFeetWhirlOnTerrainAsOnAHalfSpace(t *testing.T) {
	flat := fieldOf(func(x, y float64) float64 { return 0 })
	halvings := [2]int{}
	for i, terrain := range []contact.Shape{{}, flat} {
		b := newWorld("whirl", 0.01)
		if i == 0 {
			b.AddGround()
		} else {
			b.AddTerrain("flat", terrain, sim.Pose{})
		}
		trunk := b.AddLink("trunk", sim.BoxInertia(5, r3.Vec{X: 0.15, Y: 0.1, Z: 0.1}))
		b.AddFree("free", trunk)
		for k, y := range []float64{-0.15, 0.15} {
			name := []string{"left", "right"}[k]
			foot := b.AddLink(name, sim.BoxInertia(0.5, r3.Vec{X: 0.06, Y: 0.02, Z: 0.02}))
			b.AddJoint(sim.Joint{
				Name: name + " ankle", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: trunk, Child: foot, Origin: sim.At(0, y, -0.1), Axes: []sim.Axis{{Drive: sim.Torque, Effort: 30, Damping: 0.2}},
			})
			b.AddCollider(sim.Collider{Link: foot, Shape: contact.Capsule(0.02, 0.08), Pose: sim.Pose{Pos: r3.Vec{X: 0.04}, Rot: sim.RPY(0, math.Pi/2, 0)}, Friction: 0.8})
		}
		m := mustModel(t, b)
		for seed := range uint64(5) {
			rng := rand.New(rand.NewPCG(seed, 1))
			x, s, u := m.NewState(), m.NewStepper(sim.Options{}), make([]float64, m.NU())
			x.Q[2] = 0.25
			for k := range 150 {
				if k%10 == 0 {
					for n := range u {
						u[n] = 20 * (2*rng.Float64() - 1)
					}
				}
				r, err := s.Step(&x, x, u)
				if err != nil {
					t.Fatalf("terrain %d, seed %d, step %d: %v", i, seed, k, err)
				}
				halvings[i] += r.Halvings
			}
		}
	}
	t.Logf("%d halvings on a half-space, %d on triangles", halvings[0], halvings[1])
	if halvings[1] > 2*halvings[0] {
		t.Errorf("%d halvings on triangles, %d on a half-space", halvings[1], halvings[0])
	}
}
