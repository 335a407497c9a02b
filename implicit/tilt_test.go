package implicit_test

import (
	"fmt"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestTiltsAreContinuous: a shape flush on a box and tilted by 1e-12 … 1e-2 is pushed, and its step has the derivative,
// as without a tilt but for parts in proportion to it (mujoco#2471: a box on a box flickered at a tilt of 1e-6).
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
		const gap, kappa = 1e-2, 0.1 // the rest gap is some κ times 0.15 m: none of the tilts closes it
		step := func(tilt float64) (r3.Vec, *mat.Dense) {
			s := m.NewStepper(sim.Options{Kappa: kappa, Tolerance: 1e-12, Centrality: 1e-10})
			g := gradient(t, s, implicit.Options{})
			x := m.NewState()
			x.Q[2] = 0.2 + gap
			q := sim.RPY(tilt, 0.3*tilt, 0.2)
			copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
			copy(x.V, []float64{0.2, 0.1, -0.1})
			x.H = 0.01
			if _, err := g.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
			var force r3.Vec
			for _, c := range s.Contacts() {
				force = r3.Add(force, c.Force)
			}
			j := new(mat.Dense)
			if err := g.StateJacobian(j); err != nil {
				t.Fatal(err)
			}
			return force, j
		}
		f0, j0 := step(0)
		for _, tilt := range []float64{1e-12, 1e-10, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2} {
			f, j := step(tilt)
			var d mat.Dense
			d.Sub(j, j0)
			df, dj := r3.Norm(r3.Sub(f, f0))/r3.Norm(f0), largest(&d)/largest(j0)
			name := fmt.Sprintf("%v tilted by %g", shape.Kind, tilt)
			t.Logf("%s: force changes by %.1e, derivative by %.1e", name, df, dj)
			if !(df < 10*tilt+1e-9 && dj < 500*tilt+1e-9) { // of cans rims come to carry within some 1e-4
				t.Errorf("%s: force changes by %g, derivative by %g", name, df, dj)
			}
		}
	}
}
