package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckGuided: derivatives of steps in which what a pivot or a plane holds rolls and rubs on the ground, on a solid
// of the world, on a body of another hinge, which slides with leaning tangents.
func TestCheckGuided(t *testing.T) {
	for name, c := range map[string]struct {
		shape  contact.Shape
		planar bool
		base   string
	}{
		"can on a pivot":             {contact.Cylinder(0.1, 0.05), false, "ground"},
		"egg in a plane":             {contact.Ellipsoid(0.05, 0.1, 0.15), true, "ground"},
		"can on a pivot, on a plate": {contact.Cylinder(0.1, 0.05), false, "plate"},
		"egg on a pivot, on a globe": {contact.Ellipsoid(0.05, 0.1, 0.15), false, "globe"},
		"rod on a pivot, on a wheel": {contact.Capsule(0.05, 0.1), false, "wheel"},
	} {
		t.Run(name, func(t *testing.T) {
			b := world("guided", 9.81)
			b.SetTimestep(0.02)
			pose, kind := sim.At(0.3, 0, 0), sim.Spherical()
			if c.planar {
				pose, kind = sim.At(0.03, -0.02, 0), sim.Planar(r3.Unit(r3.Vec{X: 0.7, Y: 0.4, Z: 0.6}))
			}
			hold(b, c.shape, pose, kind, 0.25, 0.8)
			at := sim.At(0.25, 0.05, -0.2)
			switch c.base {
			case "ground":
				b.AddGround()
			case "plate":
				b.AddCollider(sim.Collider{Name: "plate", Link: sim.World, Shape: contact.Box(r3.Vec{X: 0.5, Y: 0.4, Z: 0.25}), Pose: at, Friction: 0.8})
			case "globe":
				b.AddCollider(sim.Collider{Name: "globe", Link: sim.World, Shape: contact.Sphere(0.3), Pose: at, Friction: 0.8})
			default:
				wheel := b.AddLink("wheel", sim.CylinderInertia(5, 0.3, 0.1))
				b.AddJoint(sim.Joint{Name: "hub", Type: sim.Revolute(r3.Vec{Z: 1}), Parent: sim.World, Child: wheel, Origin: at})
				b.AddCollider(sim.Collider{Name: "wheel", Link: wheel, Shape: contact.Ellipsoid(0.4, 0.4, 0.3), Friction: 0.8})
			}
			m := must(t, b)
			x := m.NewState()
			for i := range x.V {
				x.V[i] = []float64{2, -1.5, 3}[i%3]
			}
			checks(t, m, implicit.CheckOptions{Kappa: 1e-3, Start: x, Steps: 40, Every: 4})
		})
	}
}

// hold adds a shape at a pose of a body that a joint of the given kind holds at a height of the world (m).
func hold(b *sim.Builder, shape contact.Shape, pose sim.Pose, kind sim.JointType, height, friction float64) {
	body := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.12}).Placed(pose))
	b.AddJoint(sim.Joint{Name: "guide", Type: kind, Parent: sim.World, Child: body, Origin: sim.At(0, 0, height)})
	b.AddCollider(sim.Collider{Name: "body", Link: body, Shape: shape, Pose: pose, Friction: friction})
}

// TestCheckGroove: derivatives of steps in which an egg sticks to both sides of a groove, which is what the slides of
// contacts lean for that joints do not guide.
func TestCheckGroove(t *testing.T) {
	for _, kappa := range []float64{1e-5, 1e-6} {
		b := world("groove", 9.81)
		b.SetTimestep(0.01)
		for side, x := range map[string]float64{"left": 1, "right": -1} {
			b.AddHalfSpace(side, r3.Vec{X: 0.87 * x, Z: 0.5}, 0)
		}
		egg := b.AddLink("egg", sim.EllipsoidInertia(1, r3.Vec{X: 0.06, Y: 0.1, Z: 0.08}))
		b.AddFree("egg", egg)
		b.AddCollider(sim.Collider{Name: "egg", Link: egg, Shape: contact.Ellipsoid(0.06, 0.1, 0.08), Friction: 1.5})
		m := must(t, b)
		x := m.NewState()
		copy(x.Q, []float64{0.003, 0, 0.22})
		copy(x.V, []float64{0.1, 0.2, 0, 2, 1, 3})
		checks(t, m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 60, Every: 2})
	}
}
