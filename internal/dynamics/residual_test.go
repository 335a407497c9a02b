package dynamics_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestNotANumberIsNotHidden: the norm of the residual took the largest entry by comparing, and every comparison with a
// NaN is false. So a finite entry after one in a joint's part took its place, and the solver started from what it
// could not know to be nonsense.
func TestNotANumberIsNotHidden(t *testing.T) {
	const links = 3
	b := sim.NewBuilder("arm")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	parent := sim.Link(sim.World)
	for _, name := range []string{"upper", "lower", "hand"} {
		l := b.AddLink(name, sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.3}))
		b.AddJoint(sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: l, Axes: []sim.Axis{{Drive: sim.Torque, Effort: 10}}, Origin: sim.At(0, 0, -0.3)})
		parent = l
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s, x := dynamics.NewStepper(m.Engine()), m.NewState()
	for i := range links {
		u := make([]float64, links)
		u[i] = math.NaN()
		if !s.Load(x.Q, x.V, u, m.Timestep(), 0) {
			t.Fatal("load")
		}
		p := s.NewProbe(0, 0)
		p.Values()
		if norm := p.Norm(nil); !math.IsNaN(norm) {
			t.Errorf("torque %d is not a number, the norm of the residual is %g", i, norm)
		}
		if r := s.Solve(dynamics.NewOptions(1e-6, 0, 0, 0)); r.Status != ipm.NotFinite {
			t.Errorf("torque %d is not a number, the solver says %v", i, r.Status)
		}
	}
}
