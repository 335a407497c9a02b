package sim_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCancellingSpeeds: two sliders that are nearly parallel carry a weight out along a light base that whirls, at speeds that cancel but for a
// thousandth. Rounding of their momenta is more than the tolerance, a billionth of what is natural, and no step could mend that.
func TestCancellingSpeeds(t *testing.T) {
	b := newWorld("whirl", 1e-5)
	base := b.AddLink("base", sim.BoxInertia(0.1, r3.Vec{X: 0.03, Y: 0.05, Z: 0.04}))
	b.AddFree("free", base)
	weight := b.AddLink("weight", sim.BoxInertia(4, r3.Vec{X: 0.02, Y: 0.01, Z: 0.02}))
	slide := sim.JointType{Trans: []r3.Vec{{X: 1}, {X: 0.92, Y: 0.37, Z: 0.14}}, Rot: []r3.Vec{{X: -0.4, Y: -0.57, Z: 0.72}}}
	b.AddJoint(sim.Joint{Name: "arm", Type: slide, Parent: base, Child: weight})
	m := mustModel(t, b)
	s, rng := m.NewStepper(sim.Options{Kappa: 1e-6, WholeSteps: true}), rand.New(rand.NewPCG(5, 6))
	for k := range 200 {
		x := m.NewState()
		for i := range x.V {
			x.V[i] = 1000 * rng.NormFloat64()
		}
		x.Q[7], x.Q[8] = 30*rng.NormFloat64(), 30*rng.NormFloat64() // two sliders after the pose of the base
		x.V[6] = 2e4 * rng.NormFloat64()
		x.V[7] = -1.001 * x.V[6]
		if res, err := s.Step(&x, x, nil); err != nil {
			t.Errorf("start %d: %v", k, err)
		} else if res.Iterations > 12 {
			t.Errorf("start %d: %d iterations", k, res.Iterations)
		}
	}
}
