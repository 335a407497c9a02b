package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestDryFrictionHoldsALightFinger: a finger of 50 g sticks out from a hand on a rail, held by twice the dry friction that
// its weight takes. When κ's unit was the weight of the whole robot, it sank by 1.27 rad in 10 s on a hand of 1000 kg.
func TestDryFrictionHoldsALightFinger(t *testing.T) {
	const mass, length = 0.05, 0.1
	for _, hand := range []float64{1, 10, 100, 1000} {
		b := newWorld("finger", 0.01)
		palm := b.AddLink("hand", sim.SphereInertia(hand, 0.3))
		b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{Y: 1}), Parent: sim.World, Child: palm})
		finger := b.AddLink("finger", sim.BoxInertia(mass, r3.Vec{X: length / 2, Y: 0.01, Z: 0.01}).Placed(sim.At(length/2, 0, 0)))
		b.AddJoint(sim.Joint{Name: "knuckle", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: palm, Child: finger,
			Axes: []sim.Axis{{Friction: 2 * mass * gravity * length / 2}}})
		m := mustModel(t, b)
		s, x := m.NewStepper(sim.Options{}), m.NewState()
		for range 1000 {
			must(t, s, &x, nil)
		}
		t.Logf("on a hand of %g kg the finger sinks by %.2g rad in 10 s", hand, x.Q[1])
		if !(x.Q[1] > 0 && x.Q[1] < 1e-4) { // 0.005 is what would be seen
			t.Errorf("on a hand of %g kg the finger sinks by %g rad in 10 s", hand, x.Q[1])
		}
	}
}

// TestGapsAtDefaultKappa: how far from what they touch feet, fingers and tools rest at the default κ: κℓ times the weight of
// what a contact moves over the force that it carries. So a tool that gives way is as hard on a robot of 100 kg as on a small
// one, but one that is fixed to the robot moves all of it, and 1 N is little for that.
func TestGapsAtDefaultKappa(t *testing.T) {
	gap := func(what string, s *sim.Stepper, x sim.State, u []float64, force, limit float64) {
		t.Helper()
		for range 500 {
			must(t, s, &x, u)
		}
		worst, most := 0.0, 0.0
		for _, c := range s.Contacts() {
			if c := c; c.Force.Z > 0.1 {
				worst, most = max(worst, c.Gap), max(most, c.Force.Z)
			}
		}
		t.Logf("%s: a gap of %.2g m under %.3g N", what, worst, most)
		if !(worst > 0 && worst < limit && math.Abs(most/force-1) < 0.5) {
			t.Errorf("%s: a gap of %g m under %g N, want below %g m under about %g N", what, worst, most, limit, force)
		}
	}

	m, x := testModels(t)["quadruped held"]()
	x.Q[2] = 0.35
	gap("a foot of a quadruped on servos", m.NewStepper(sim.Options{}), x, servoTarget(m, x), 35, 3e-7)

	// a pad of a gripper is pressed on a table with 1 N; the robot that carries it does not fall
	for _, c := range []struct {
		what        string
		robot, tool float64 // kg
		fixed       bool
		limit       float64
	}{
		{"a gripper's finger of 50 g on a hand of 2 kg", 2, 0.05, false, 4e-6},
		{"a sliding tool of 50 g on a robot of 100 kg", 100, 0.05, false, 4e-6},
		{"a sliding tool of 1 kg on a robot of 100 kg", 100, 1, false, 8e-5},
		{"a tool of 50 g fixed to a robot of 100 kg", 100, 0.05, true, 3e-3},
	} {
		b := newWorld("gripper", 0.01)
		robot := b.AddLink("robot", sim.SphereInertia(c.robot, 0.3))
		tool := b.AddLink("tool", sim.BoxInertia(c.tool, r3.Vec{X: 0.01, Y: 0.01, Z: 0.03}))
		total := c.tool
		down := sim.Joint{Name: "slide", Type: sim.Prismatic(r3.Vec{Z: -1}), Parent: robot, Child: tool, Axes: []sim.Axis{{Drive: sim.Torque}}}
		mount := sim.Joint{Name: "mount", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: robot}
		if c.fixed {
			total += c.robot
			down.Type, down.Axes = sim.Fixed(), nil
			mount.Type, mount.Axes = sim.Prismatic(r3.Vec{Z: -1}), []sim.Axis{{Drive: sim.Torque, Damping: 200}}
		}
		b.AddJoint(mount)
		b.AddJoint(down)
		b.AddCollider(sim.Collider{Name: "pad", Link: tool, Shape: contact.Sphere(0.01), Friction: 0.5})
		b.AddHalfSpace("table", r3.Vec{Z: 1}, -0.012)
		m := mustModel(t, b)
		gap(c.what, m.NewStepper(sim.Options{}), m.NewState(), []float64{1 - total*gravity}, 1, c.limit)
	}
}
