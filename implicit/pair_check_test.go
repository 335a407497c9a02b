package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckPairs: derivatives of steps in which bodies touch each other: two free balls, one on a double pendulum, one fixed in the world.
func TestCheckPairs(t *testing.T) {
	for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless} {
		b := world("pairs", 9.81)
		b.SetFrictionLaw(law)
		b.AddGround()
		in := sim.SphereInertia(1, 0.1)
		for i, name := range []string{"ball", "other"} {
			l := b.AddLink(name, in)
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(0.1), Friction: 0.4 + 0.1*float64(i), Pose: sim.Pose{Pos: r3.Vec{X: 0.01}}})
		}
		b.AddCollider(sim.Collider{Name: "fixed", Link: sim.World, Shape: contact.Sphere(0.2), Friction: 0.7, Pose: sim.Pose{Pos: r3.Vec{Z: -0.1, X: 0.1}}})
		up, lo := b.AddLink("upper", sim.SphereInertia(0.5, 0.05)), b.AddLink("lower", sim.SphereInertia(0.5, 0.05))
		b.AddJoint(sim.Joint{Name: "shoulder", Child: up, Parent: sim.World, Type: sim.Revolute(r3.Vec{Y: 1}), Origin: sim.Pose{Pos: r3.Vec{X: -0.25, Z: 0.8}}})
		b.AddJoint(sim.Joint{Name: "elbow", Child: lo, Parent: up, Type: sim.Revolute(r3.Vec{Y: 1}), Origin: sim.Pose{Pos: r3.Vec{Z: -0.3}}, Axes: []sim.Axis{{Drive: sim.Torque}}})
		b.AddCollider(sim.Collider{Name: "hand", Link: lo, Shape: contact.Sphere(0.08), Friction: 0.5, Pose: sim.Pose{Pos: r3.Vec{Z: -0.2}}})
		m := must(t, b)
		x := m.NewState()
		copy(x.Q[0:], []float64{0.02, 0.01, 0.31, 1, 0, 0, 0})
		copy(x.Q[7:], []float64{-0.02, 0.02, 0.5, 1, 0, 0, 0})
		x.V[0], x.V[5], x.V[9] = 0.3, 2, 1
		for _, kappa := range []float64{1e-2, 1e-4} {
			r, err := implicit.Check(m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 40})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("law %d κ %g: state %.1e input %.1e params %.1e worst %s %v", law, kappa, r.State, r.Input, r.Params, r.Worst, r.Kinds)
			if !r.OK() {
				t.Errorf("%+v", r)
			}
		}
	}
}
