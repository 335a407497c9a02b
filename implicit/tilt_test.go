package implicit_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestTiltsAreContinuous: a shape that comes down flush on a box, soft or hard, and tilted by 1e-12 … 0.1 κ is pushed, keeps
// gaps, and its step has the derivative, as without a tilt but for parts in proportion to it (mujoco#2471: a box on a box
// flickered at a tilt of 1e-6).
func TestTiltsAreContinuous(t *testing.T) {
	half := r3.Vec{X: 0.2, Y: 0.15, Z: 0.1}
	var corners []r3.Vec
	for i := range 8 {
		corners = append(corners, r3.Vec{X: half.X * float64(1-i&1*2), Y: half.Y * float64(1-i>>1&1*2), Z: half.Z * float64(1-i>>2&1*2)})
	}
	for _, shape := range []contact.Shape{contact.Box(half), contact.Points(corners), contact.Cylinder(0.2, 0.1)} {
		b := world("tilted", 9.81)
		l := b.AddLink("upper", sim.BoxInertia(1, half))
		b.AddFree("upper", l)
		b.AddCollider(sim.Collider{Name: "upper", Link: l, Shape: shape, Friction: 0.5})
		b.AddCollider(sim.Collider{Name: "lower", Link: sim.World, Shape: contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.1}), Friction: 0.5})
		m := must(t, b)
		for _, kappa := range []float64{0.1, 1e-3, 1e-5, 1e-7} {
			// the rest gap is some κ times 0.15 m: tilts that are small beside it move the force by their part of it
			step := func(tilt float64) (wrench []float64, least float64, j *mat.Dense) {
				s := m.NewStepper(sim.Options{Kappa: kappa, Tolerance: 1e-12, Centrality: 1e-10})
				g := gradient(t, s, implicit.Options{})
				x := m.NewState()
				x.Q[2] = 0.2 + 0.1*kappa
				q := sim.RPY(tilt, 0.3*tilt, 0.2)
				copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
				copy(x.V, []float64{0.2, 0.1, -0.1})
				x.H = 0.01
				if _, err := g.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
				w, least := s.ContactWrench(0, r3.Vec{Z: 0.2}), math.Inf(1)
				for _, c := range s.Contacts() {
					least = min(least, c.Gap)
				}
				j = new(mat.Dense)
				if err := g.StateJacobian(j); err != nil {
					t.Fatal(err)
				}
				return []float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X / 0.2, w.Torque.Y / 0.2, w.Torque.Z / 0.2}, least, j
			}
			w0, gap0, j0 := step(0)
			for _, part := range []float64{1e-11, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2, 0.1} {
				w, gap, j := step(part * kappa)
				var d mat.Dense
				d.Sub(j, j0)
				dw, dj, dg := floats.Distance(w, w0, 2)/floats.Norm(w0, 2), largest(&d)/largest(j0), math.Abs(gap-gap0)/kappa
				name := fmt.Sprintf("%v, κ = %g, tilted by %g", shape.Kind, kappa, part*kappa)
				t.Logf("%s: wrench changes by %.1e, least gap by %.1e κ, derivative by %.1e", name, dw, dg, dj)
				if !(dw < 10*part+1e-9 && dg < part+1e-9 && dj < 20*part+1e-9) {
					t.Errorf("%s: wrench changes by %g, least gap by %g κ, derivative by %g", name, dw, dg, dj)
				}
			}
		}
	}
}
