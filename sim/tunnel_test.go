package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFastBallsDoNotPassThroughEachOther: a ball that a step would carry right through another, head-on or off center, hits it.
func TestFastBallsDoNotPassThroughEachOther(t *testing.T) {
	for _, speed := range []float64{30, 60, 100, 300} {
		for _, off := range []float64{0, 0.02, 0.05} {
			m := solids(t, 0, sim.Frictionless, solid{"ball0", contact.Sphere(0.1), 1, 0}, solid{"ball1", contact.Sphere(0.1), 1.3, 0})
			s := m.NewStepper(sim.Options{})
			x := m.NewState()
			x.Q[0], x.Q[1], x.V[0] = -0.35, off, speed
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
			if d := math.Hypot(x.Q[7]-x.Q[0], x.Q[8]-x.Q[1]); x.V[6] < 0.1*speed || d < 0.2 || x.Q[7] < x.Q[0] && off < 0.05 {
				t.Errorf("%g m/s, %g m off center: balls at %g and %g, the second has %g m/s", speed, off, x.Q[0], x.Q[7], x.V[6])
			}
		}
	}
}

// TestMetOnTheWay: a box at rest over a plate, whose balls meet while the shapes are out of reach, is shot through it by a wrench that the
// velocity before does not foretell: they touch.
func TestMetOnTheWay(t *testing.T) {
	plate := contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.02})
	m := on(t, plate, contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), r3.Vec{X: 0.01, Y: 0.01, Z: 0.01})
	for _, way := range []float64{0.7, 0.8, 2} {
		x := m.NewState()
		x.Q[2] = 0.8
		s := m.NewStepper(sim.Options{})
		s.SetWrench(0, sim.Wrench{Force: r3.Vec{Z: -2 * way / (0.005 * 0.005)}})
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
		if math.Abs(x.Q[2]-0.12) > 0.01 {
			t.Errorf("shot by %g m the box ends at %g", way, x.Q[2])
		}
	}
}

// TestBulletsDoNotPassThroughWalls: what a step carries up to a thousand times as far as a wall of 1 cm is thick hits
// it, wherever on its way the step begins, and leaves with next to none of its speed; a wall that is free takes its
// momentum.
func TestBulletsDoNotPassThroughWalls(t *testing.T) {
	thick := r3.Vec{X: 0.005, Y: 1, Z: 1}
	for name, shape := range map[string]contact.Shape{
		"ball": contact.Sphere(0.01), "box": contact.Box(r3.Vec{X: 0.02, Y: 0.01, Z: 0.01}), "can": contact.Cylinder(0.01, 0.02), "rod": contact.Capsule(0.005, 0.02),
		"egg": contact.Ellipsoid(0.02, 0.01, 0.01), "plate": contact.Box(r3.Vec{X: 0.0005, Y: 0.2, Z: 0.2}), "disk": contact.Cylinder(0.1, 0.001),
	} {
		for _, free := range []bool{false, true} {
			for n, v := range []float64{3, 10, 30, 100, 300, 1000} {
				b := newWorld("bullet", 0.01)
				b.SetGravity(r3.Vec{})
				l := b.AddLink("bullet", sim.SphereInertia(0.01, 0.01))
				b.AddFree("bullet", l)
				b.AddCollider(sim.Collider{Name: "bullet", Link: l, Shape: shape, Friction: 0.3})
				wall := sim.Collider{Name: "wall", Link: sim.World, Shape: contact.Box(thick), Friction: 0.3}
				if free {
					wall.Link = b.AddLink("wall", sim.BoxInertia(10, thick))
					b.AddFree("wall", wall.Link)
				}
				b.AddCollider(wall)
				m := mustModel(t, b)
				for k := range 7 {
					x := m.NewState()
					x.Q[0], x.Q[1], x.Q[2] = -0.3-0.03*float64(k+n%3), 0.1, 0.2
					x.V[0] = v
					s := m.NewStepper(sim.Options{})
					for range 24 {
						must(t, s, &x, nil)
					}
					if speed := math.Hypot(x.V[0], math.Hypot(x.V[1], x.V[2])); speed > 0.05*v || !free && x.Q[0] > 0 {
						t.Errorf("a %s with %g m/s at a wall that is free: %v: ends at %g m with %g m/s", name, v, free, x.Q[0], speed)
					}
					if free && math.Abs(0.01*x.V[0]+10*x.V[6]-0.01*v) > 1e-6*v {
						t.Errorf("a %s with %g m/s: momentum of %g", name, v, 0.01*x.V[0]+10*x.V[6])
					}
				}
			}
		}
	}
}
