package dynamics_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestSplitContacts: of every contact two coincident ones with half its weight push as it does, so that it does not
// matter where corners split and merge; for boxes, cans and hulls that land on each other, with friction.
func TestSplitContacts(t *testing.T) {
	hexagon := contact.Points(nil)
	for i := range 12 {
		y, x := math.Sincos(math.Pi / 3 * float64(i))
		hexagon.Vertices = append(hexagon.Vertices, r3.Vec{X: 0.2 * x, Y: 0.2 * y, Z: 0.1 * float64(1-i/6*2)})
	}
	for _, shape := range []contact.Shape{contact.Box(r3.Vec{X: 0.2, Y: 0.15, Z: 0.1}), contact.Cylinder(0.2, 0.1), hexagon} {
		b := sim.NewBuilder("split")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{Z: -9.81})
		for _, name := range []string{"lower", "upper"} {
			l := b.AddLink(name, sim.BoxInertia(1, r3.Vec{X: 0.2, Y: 0.15, Z: 0.1}))
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: 0.5})
		}
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		x := m.NewState()
		tilt := sim.RPY(0.02, 0.01, 0.4)
		copy(x.Q[7:], []float64{0.03, 0.02, 0.205, tilt.Real, tilt.Imag, tilt.Jmag, tilt.Kmag})
		copy(x.V[6:], []float64{0.5, 0.2, -2, 1, 0.5, 3})
		for _, kappa := range []float64{1e-2, 1e-3, 1e-4} { // at 1e-6 gaps are rounded to 1e-12 of what they are
			var v [2][]float64
			for n := range v {
				s := dynamics.NewStepper(m.Engine())
				if !s.Load(x.Q, x.V, nil, 0.01, 0.01) {
					t.Fatal("not loaded")
				}
				opt, count := dynamics.NewOptions(kappa, 1e-12, 1e-13, math.Inf(1)), 0
				r := s.Solve(opt)
				if n == 1 {
					if !s.Load(x.Q, x.V, nil, 0.01, 0.01) {
						t.Fatal("not loaded")
					}
					r, count = s.SolveSplit(opt)
				}
				if r.Status != ipm.Solved {
					t.Fatalf("%v, κ = %g: %v", shape.Kind, kappa, r.Status)
				}
				if n == 1 && count < 8 {
					t.Errorf("%v: %d contacts", shape.Kind, count)
				}
				v[n] = make([]float64, m.NV())
				s.Store(make([]float64, m.NQ()), v[n])
			}
			worst := 0.0
			for i := range v[0] {
				worst = math.Max(worst, math.Abs(v[0][i]-v[1][i]))
			}
			tol.Within(t, worst, 1e-12, "%v, κ = %g: velocities of contacts in two", shape.Kind, kappa)
		}
	}
}
