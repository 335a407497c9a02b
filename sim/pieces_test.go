package sim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// addPieces adds a free body that touches by the pieces of a mesh.
func addPieces(t *testing.T, b *sim.Builder, name string, in sim.Inertia, tolerance float64, vertices []r3.Vec, triangles [][3]int32) {
	t.Helper()
	shapes, _, err := contact.ConvexPieces(vertices, triangles, contact.PieceOptions{Tolerance: tolerance})
	if err != nil {
		t.Fatal(err)
	}
	l := b.AddLink(name, in)
	b.AddFree(name, l)
	for i, s := range shapes {
		b.AddCollider(sim.Collider{Name: fmt.Sprintf("%s_%d", name, i+1), Link: l, Shape: s, Friction: 0.5})
	}
}

func settle(t *testing.T, b *sim.Builder, steps int, start func(x *sim.State)) sim.State {
	t.Helper()
	b.SetTimestep(0.01)
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	start(&x)
	s := m.NewStepper(sim.Options{Kappa: 1e-8})
	for range steps {
		must(t, s, &x, nil)
	}
	return x
}

// TestBallInACup: a ball dropped into a cup that is a mesh rests on its floor, and stays in it while the cup slides and is stopped; on
// the hull of the cup it lies where the lid would be.
func TestBallInACup(t *testing.T) {
	vertices, triangles := fixture.Cup(24)
	for _, hull := range []bool{false, true} {
		b := sim.NewBuilder("cup")
		b.SetGravity(r3.Vec{Z: -9.81})
		b.AddGround()
		in := sim.CylinderInertia(0.3, 0.04, 0.05).Placed(sim.At(0, 0, 0.05))
		want := 0.105 + 0.015
		if hull {
			l := b.AddLink("cup", in)
			b.AddFree("cup", l)
			b.AddCollider(sim.Collider{Name: "cup", Link: l, Shape: contact.Points(vertices), Friction: 0.5})
		} else {
			want = 0.005 + 0.02
			addPieces(t, b, "cup", in, 3e-3, vertices, triangles)
		}
		ball := b.AddLink("ball", sim.SphereInertia(0.05, 0.02))
		b.AddFree("ball", ball)
		b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.02), Friction: 0.5})
		x := settle(t, b, 150, func(x *sim.State) {
			x.Q[7], x.Q[8], x.Q[9] = 0.003, 0.002, 0.13
			if !hull {
				x.V[0], x.V[6] = 0.3, 0.3
			}
		})
		up, aside := x.Q[9]-x.Q[2], math.Hypot(x.Q[7]-x.Q[0], x.Q[8]-x.Q[1])
		if math.Abs(up-want) > 3e-4 || !hull && aside > 0.0152 {
			t.Errorf("hull %v: the ball is %g m up in the cup, want %g, and %g m from its axis", hull, up, want, aside)
		}
		if slid := x.Q[0]; !hull && slid < 1e-3 {
			t.Errorf("the cup has not slid: %g m", slid)
		}
	}
}

// TestHookOnAPeg: a hook that is a mesh hangs on a peg, by the floor of its channel.
func TestHookOnAPeg(t *testing.T) {
	b := sim.NewBuilder("hook")
	b.SetGravity(r3.Vec{Y: 9.81}) // into the channel
	b.AddCollider(sim.Collider{Name: "peg", Link: sim.World, Shape: contact.Capsule(0.015, 0.2), Pose: sim.At(0.03, 0.03, 0.1), Friction: 0.5})
	vertices, triangles := fixture.Hook()
	addPieces(t, b, "hook", sim.BoxInertia(0.4, r3.Vec{X: 0.03, Y: 0.025, Z: 0.1}).Placed(sim.At(0.03, 0.0193, 0.1)), 1e-3, vertices, triangles)
	x := settle(t, b, 200, func(x *sim.State) {})
	if math.Abs(x.Q[1]-0.005) > 1e-4 || math.Abs(x.Q[0]) > 1e-3 || math.Abs(x.Q[2]) > 1e-3 { // the peg's upper side is at 0.015
		t.Errorf("the hook hangs at %v", x.Q[:3])
	}
}

// TestRingOnARod: a ring hangs on a rod through it.
func TestRingOnARod(t *testing.T) {
	b := sim.NewBuilder("ring")
	b.SetGravity(r3.Vec{X: -9.81})
	b.AddCollider(sim.Collider{Name: "rod", Link: sim.World, Shape: contact.Capsule(0.01, 0.3), Friction: 0.5})
	vertices, triangles := fixture.Ring(24, 10)
	addPieces(t, b, "ring", sim.CylinderInertia(0.2, 0.05, 0.01), 2e-3, vertices, triangles)
	x := settle(t, b, 200, func(x *sim.State) { x.Q[1] = 0.002 })
	if math.Abs(x.Q[0]+0.03) > 2.5e-3 || math.Hypot(x.Q[1], x.Q[2]) > 0.02 {
		t.Errorf("the ring hangs at %v", x.Q[:3])
	}
}
