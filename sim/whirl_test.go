package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCancellingSpeeds: two sliders that are nearly parallel carry a weight out along a light base that whirls, at
// speeds that cancel but for a thousandth. Rounding of their momenta is more than the tolerance, a billionth of what is
// natural, and no step could mend that.
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

// TestAFlyweightShotFromUnderAHeavyOne: 6 kN between a body of 0.4 g and one of 300 kg on it, which slides, take the
// light one beyond 1e7 m/s within a step of 50 ms. Rounding of the momenta is far more than a billionth, or a
// millionth, of what is natural. Nothing outside pushes.
func TestAFlyweightShotFromUnderAHeavyOne(t *testing.T) {
	for _, h := range []float64{0.001, 0.01, 0.02, 0.05} {
		for _, push := range []float64{-4500, -6000, -7500} {
			b := sim.NewBuilder("flyweight")
			b.SetGravity(r3.Vec{})
			b.SetTimestep(h)
			light := b.AddLink("light", sim.Inertia{Mass: 4e-4, Ixx: 3e-8, Iyy: 3e-8, Izz: 3e-8})
			planar := sim.JointType{Trans: []r3.Vec{{X: -0.8, Y: -0.07, Z: 0.6}, {X: 0.6, Y: -0.02, Z: -0.8}, {Y: 1}}, Rot: []r3.Vec{{Z: 1}}}
			driven := sim.Axis{Drive: sim.Torque}
			b.AddJoint(sim.Joint{Name: "plane", Type: planar, Parent: sim.World, Child: light, Axes: []sim.Axis{driven, driven, driven, driven}})
			heavy := b.AddLink("heavy", sim.Inertia{Mass: 300, Ixx: 2, Iyy: 2, Izz: 2})
			slides := sim.JointType{Trans: []r3.Vec{{Y: 1}, {X: 1}}}
			b.AddJoint(sim.Joint{Name: "slide", Type: slides, Parent: light, Child: heavy, Axes: []sim.Axis{driven, {}}})
			m := mustModel(t, b)
			x := m.NewState()
			copy(x.Q, []float64{0.008, -0.2, -0.2, 0.7, -0.1, 0.1})
			s := m.NewStepper(sim.Options{Kappa: 1e-6})
			u := []float64{0, 0, 0, 0, push}
			if _, err := s.Step(&x, x, u); err != nil {
				t.Errorf("h = %g, %g N: %v", h, push, err)
				continue
			}
			p, _, err := s.Momentum(x)
			if err != nil {
				t.Fatal(err)
			}
			fastest := 0.0
			for _, v := range x.V {
				fastest = max(fastest, math.Abs(v))
			}
			worst := r3.Norm(p)
			t.Logf("h = %g, %g N: %.2g m/s, momentum %.2g N s", h, push, fastest, worst)
			if !(worst < 1e-8+1e-12*300*fastest) {
				t.Errorf("h = %g, %g N: momentum %g N s at %g m/s", h, push, worst, fastest)
			}
		}
	}
}
