package sim_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestLateMeeting: bodies that a force throws at each other within one step, from beyond all that was looked at, join one island when the
// solution without their contact would pass through; a third that the second then reaches joins too. Momentum is what the force gives.
func TestLateMeeting(t *testing.T) {
	const h, v = 0.01, 60.0
	for _, law := range []sim.FrictionLaw{sim.Cone, sim.Frictionless} {
		m := solids(t, 0, law, solid{"thrown", contact.Sphere(0.1), 1, 0.5}, solid{"hit", contact.Sphere(0.1), 1, 0.5}, solid{"far", contact.Sphere(0.1), 1, 0.5}, solid{"aside", contact.Sphere(0.1), 1, 0.5})
		x := m.NewState()
		place(&x, 1, r3.Vec{X: 0.5, Y: 0.02}, r3.Vec{}, r3.Vec{})
		place(&x, 2, r3.Vec{X: 0.75, Z: 0.03}, r3.Vec{}, r3.Vec{})
		place(&x, 3, r3.Vec{Y: 3}, r3.Vec{}, r3.Vec{})
		s := m.NewStepper(sim.Options{Tolerance: 1e-12})
		s.SetWrench(0, sim.Wrench{Force: r3.Vec{X: v / (h / 2)}}) // it acts for half a step, the state is one of an instant
		before := m.NewStepper(sim.Options{Margin: 1e-3})
		if _, err := before.Step(&x, x, nil); err != nil || len(before.Engine().Meetings(nil)) > 0 {
			t.Fatalf("places are near without the force, %v", err)
		}
		x.H = 0
		r, err := s.Step(&x, x, nil)
		if err != nil {
			t.Fatal(err)
		}
		if hitting(s) < 2 {
			t.Errorf("%d hits", hitting(s))
		}
		for _, c := range reports(s) {
			if c.Active && c.Gap < 0 {
				t.Errorf("%g m inside", -c.Gap)
			}
		}
		p, l, _ := s.Momentum(x)
		tol.Within(t, r3.Norm(r3.Sub(p, r3.Vec{X: v})), 1e-10, "momentum")
		tol.Within(t, r3.Norm(l), 1e-10, "angular momentum")
		if x.V[18] != 0 || x.V[6] < 1 || x.V[12] < 1 {
			t.Errorf("velocities %v", x.V)
		}
		t.Logf("%d iterations, %d halvings", r.Iterations, r.Halvings)
	}
}

// TestFloatingJointsPart: bodies that float from one bolted link, as a URDF file says it, are mechanisms of their own and touch.
func TestFloatingJointsPart(t *testing.T) {
	b := sim.NewBuilder("room")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	room := b.AddLink("room", sim.Inertia{Mass: 1, Ixx: 1, Iyy: 1, Izz: 1})
	b.AddJoint(sim.Joint{Name: "bolts", Type: sim.Fixed(), Parent: sim.World, Child: room})
	b.AddCollider(sim.Collider{Link: room, Shape: contact.Sphere(0.1)})
	for i, name := range []string{"a", "b"} {
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddJoint(sim.Joint{Name: name, Type: sim.Free(), Parent: room, Child: l, Origin: sim.At(0.5+0.3*float64(i), 0, 0)})
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1)})
	}
	m := mustModel(t, b)
	if n := len(m.Pairs()); n != 3 {
		t.Errorf("%d pairs of the room and two balls, want 3", n)
	}
}
