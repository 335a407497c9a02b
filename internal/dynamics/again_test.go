package dynamics_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestLateContactsGoOn: torques throw a leg at ground that was out of reach when the step began. The solve with those
// contacts begins where that without them ended, so both together take a third more than one in which they take part
// from the start (from where the step begins: 1.42 times as many), and end where that does.
func TestLateContactsGoOn(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 7))
	b := sim.NewBuilder("leg")
	b.SetTimestep(0.02)
	b.SetGravity(r3.Vec{Z: -9.81})
	parent, at := sim.World, r3.Vec{Z: 0.6}
	for _, name := range []string{"thigh", "shank", "foot"} {
		l := b.AddLink(name, sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.15}))
		b.AddJoint(sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: l, Origin: sim.Pose{Pos: at}, Axes: []sim.Axis{{Drive: sim.Torque, Friction: 0.3, Armature: 0.02}}})
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(0.03), Pose: sim.Pose{Pos: r3.Vec{Z: -0.15}}, Friction: 0.5})
		parent, at = l, r3.Vec{Z: -0.3}
	}
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s, st, end, u := dynamics.NewStepper(m.Engine()), m.NewState(), m.NewState(), make([]float64, m.NU())
	solve := func(margin float64) (r ipm.Result, added int) {
		s.Load(st.Q, st.V, u, 0.02, 0.02)
		rows := len(s.NewProbe(0, margin).Blocks())
		s.Load(st.Q, st.V, u, 0.02, 0.02)
		r = s.Solve(dynamics.NewOptions(1e-6, 0, 0, margin))
		s.Store(end.Q, end.V)
		return r, len(s.FinalValues(0)) - rows
	}
	late, inTwo, atOnce := 0, 0, 0
	for range 2000 {
		for i := range st.Q {
			st.Q[i] = rng.NormFloat64()
		}
		for i := range u {
			u[i] = 60 * rng.NormFloat64()
		}
		two, added := solve(0)
		v := slices.Clone(end.V)
		one, _ := solve(math.Inf(1))
		if added == 0 || two.Status != ipm.Solved || one.Status != ipm.Solved {
			continue
		}
		late, inTwo, atOnce = late+1, inTwo+two.Iterations, atOnce+one.Iterations
		for i := range v {
			if !(math.Abs(v[i]-end.V[i]) < 1e-5) { // what is out of reach pushes a little
				t.Errorf("joint %d moves with %g rad/s, with all contacts from the start %g", i, v[i], end.V[i])
			}
		}
	}
	if !(late > 20 && float64(inTwo) < 1.37*float64(atOnce)) {
		t.Errorf("%d steps with late contacts take %d iterations, %d with all from the start", late, inTwo, atOnce)
	}
}
