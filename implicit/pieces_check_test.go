package implicit_test

import (
	"fmt"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckPieces: derivatives by state and by all parameters where a ball rolls in a hook that is made of convex pieces and slides.
func TestCheckPieces(t *testing.T) {
	vertices, triangles := fixture.Hook()
	pieces, _, err := contact.ConvexPieces(vertices, triangles, contact.PieceOptions{Tolerance: 1e-3})
	if err != nil {
		t.Fatal(err)
	}
	b := world("pieces", 9.81)
	b.AddGround()
	l := b.AddLink("hook", sim.BoxInertia(0.4, r3.Vec{X: 0.03, Y: 0.025, Z: 0.1}).Placed(sim.At(0.03, 0.0193, 0.1)))
	b.AddFree("hook", l)
	for i, s := range pieces {
		b.AddCollider(sim.Collider{Name: fmt.Sprintf("hook_%d", i), Link: l, Shape: s, Friction: 0.5})
	}
	ball := b.AddLink("ball", sim.SphereInertia(0.05, 0.0195))
	b.AddFree("ball", ball)
	b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.0195), Friction: 0.4})
	m := must(t, b)
	x := m.NewState()
	tilt := sim.Pose{Pos: r3.Vec{Z: 0.003}, Rot: sim.RPY(1.55, 0.03, 0.02)} // y, into the channel, is up
	at := tilt.Mul(sim.At(0.031, 0.035, 0.093))
	copy(x.Q, []float64{tilt.Pos.X, tilt.Pos.Y, tilt.Pos.Z, tilt.Rot.Real, tilt.Rot.Imag, tilt.Rot.Jmag, tilt.Rot.Kmag, at.Pos.X, at.Pos.Y, at.Pos.Z})
	x.V[0], x.V[1], x.V[6], x.V[7] = 0.1, 0.2, -0.1, 0.4
	for _, kappa := range []float64{1e-2, 1e-4} {
		r, err := implicit.Check(m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 40, Every: 8, Params: 2})
		if err != nil || r.State > 1e-6 || r.Input > 1e-6 || r.Params > 1e-6 || r.Contacts == 0 {
			t.Errorf("κ = %g: %+v, %v", kappa, r, err)
		}
	}
}
