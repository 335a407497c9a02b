package implicit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckWhatRemains: derivatives of steps in which a ball on a pivot, which friction holds, begins a hair deep in an edge and stays so.
func TestCheckWhatRemains(t *testing.T) {
	checked := 0
	for n := 0; n < 200 && checked < 3; n++ {
		rng := rand.New(rand.NewPCG(uint64(n), 11))
		b := world("edge", 9.81)
		b.SetTimestep(0.01)
		hold(b, contact.Sphere(0.1), sim.At(0.3, 0, 0), sim.Spherical(), 0.35, 3)
		at := sim.At(0.15+0.1*rng.NormFloat64(), 0.1*rng.NormFloat64(), -0.4)
		b.AddCollider(sim.Collider{Name: "box", Link: sim.World, Shape: contact.Box(r3.Vec{X: 0.4, Y: 0.32, Z: 0.48}), Pose: at, Friction: 3})
		m := must(t, b)
		x := m.NewState()
		for i := range x.V {
			x.V[i] = 3 * rng.NormFloat64()
		}
		s := m.NewStepper(sim.Options{Kappa: 1e-5})
		deep := 0.0
		for range 100 {
			before := x.Clone()
			r, err := s.Step(&x, x, nil)
			if err != nil {
				break
			}
			was := deep
			if deep = s.Penetration(); was > 1e-8 && deep > was/2 && r.Halvings == 0 {
				t.Logf("%d: %g m deep, then %g, %d iterations", n, was, deep, r.Iterations)
				checks(t, m, implicit.CheckOptions{Kappa: 1e-5, Start: before, Steps: 1, Every: 1, Params: 1})
				checked++
				break
			}
		}
	}
	if checked < 3 {
		t.Errorf("%d steps in which something remains", checked)
	}
}
