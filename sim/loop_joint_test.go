package sim_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// A bar on a hinge carries another one, by a joint or as a free body by a loop of the same kind. Both are variational
// integrators of one system in other coordinates. Two bodies take the same steps by a hinge and by a loop, to the solver's
// tolerance; a weld makes one body of two, whose momenta in a step are others, and differs by an error of second order in h.
func TestLoopsAreJoints(t *testing.T) {
	for _, c := range []struct {
		name  string
		joint sim.JointType
		loop  sim.LoopType
	}{
		{"weld", sim.Fixed(), sim.LoopWeld},
		{"hinge", sim.Revolute(r3.Vec{Z: 1}), sim.LoopHinge},
		{"ball", sim.Spherical(), sim.LoopPoint},
	} {
		var off [4]float64
		for i := range off {
			steps := 40 << i
			off[i] = math.Abs(swung(t, steps, c.joint, nil) - swung(t, steps, c.joint, &c.loop))
		}
		orders := [3]float64{math.Log2(off[0] / off[1]), math.Log2(off[1] / off[2]), math.Log2(off[2] / off[3])}
		t.Logf("%s: off by %.2e at 10, 5, 2.5 and 1.25 ms, orders %.3f", c.name, off, orders)
		if c.loop != sim.LoopWeld {
			if !(slices.Max(off[:]) < 1e-10) {
				t.Errorf("%s: a loop and a joint differ by %.2e", c.name, off)
			}
			continue
		}
		for _, o := range orders {
			if !(math.Abs(o-2) < 0.02) {
				t.Errorf("%s: a loop and a joint differ by %.2e, orders %.2f, want 2", c.name, off, orders)
			}
		}
	}
}

// swung returns where the first bar is after 0.4 s.
func swung(t *testing.T, steps int, joint sim.JointType, loop *sim.LoopType) float64 {
	t.Helper()
	const reach = 0.3
	b := sim.NewBuilder("bars")
	bar := sim.BoxInertia(1, r3.Vec{X: 0.15, Y: 0.02, Z: 0.03})
	bar.COM = r3.Vec{X: 0.15, Y: 0.03}
	first, second := b.AddLink("first", bar), b.AddLink("second", bar)
	b.AddJoint(sim.Joint{Name: "swing", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: first, Origin: sim.At(0, 0, 0)})
	if loop == nil {
		b.AddJoint(sim.Joint{Name: "hold", Type: joint, Parent: first, Child: second, Origin: sim.At(reach, 0, 0)})
	} else {
		b.AddJoint(sim.Joint{Name: "free", Type: sim.Free(), Parent: sim.World, Child: second, Origin: sim.At(reach, 0, 0)})
		b.AddLoop(sim.Loop{Name: "hold", Type: *loop, LinkA: second, LinkB: first, PoseA: sim.At(0, 0, 0), PoseB: sim.At(reach, 0, 0)})
	}
	b.SetGravity(r3.Vec{Z: -9.81})
	b.SetTimestep(0.4 / float64(steps))
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x, s := m.NewState(), m.NewStepper(sim.Options{Tolerance: 1e-12})
	for range steps {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	return x.Q[0]
}
