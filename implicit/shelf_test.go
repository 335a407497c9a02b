package implicit_test

import (
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestDividedStepIsSolvedOnce: products and columns of a divided step after the first ones make no part anew, and have
// their bits: also after a rollout and the sensitivity of other steps in between, by another κ, and after another step.
// Every column and product made all parts.
func TestDividedStepIsSolvedOnce(t *testing.T) {
	for _, kappa := range []float64{0, 1e-3} {
		m, x := flail(t)
		s, u := m.NewStepper(sim.Options{Kappa: 1e-4}), []float64{3, -4}
		g := gradient(t, s, implicit.Options{Kappa: kappa})
		next, params := m.NewState(), implicit.Params(m)
		numbers := func(g *implicit.Gradient) (out []float64) {
			t.Helper()
			d, y, o := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU())
			for i := range y.Q {
				y.Q[i], y.V[i] = 1, float64(i)
			}
			var a, b, p mat.Dense
			f := g.NewForces()
			contacts, joints := f.Contacts, make([]sim.Wrench, len(f.Joints))
			for i := range f.Joints {
				f.Joints[i].Torque = r3.Vec{X: 1, Y: float64(i)}
			}
			sums := make([]float64, len(params))
			for _, do := range []func() error{
				func() error { return g.VJP(d, o, y) },
				func() error { out = append(out, both(d)...); return g.ForceVJP(d, o, y, f) },
				func() error { out = append(out, both(d)...); return g.JVP(d, y, u) },
				func() error { return g.ContactTangent(contacts) },
				func() error { return g.JointTangent(joints) },
				func() error { out = append(out, both(d)...); return g.ParamForceVJP(sums, params, y, f) },
				func() error { return g.ParamJacobian(&p, params[:30]) },
				func() error { return g.StateJacobian(&a) },
				func() error { return g.InputJacobian(&b) },
			} {
				if err := do(); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range contacts {
				out = append(out, c.Force.X, c.Force.Y, c.Force.Z)
			}
			for _, j := range joints {
				out = append(out, j.Force.X, j.Torque.Y)
			}
			return slices.Concat(out, sums, p.RawMatrix().Data, a.RawMatrix().Data, b.RawMatrix().Data)
		}
		divided := 0
		for k := 0; k < 40; k++ {
			r, err := g.Step(&next, x, u)
			if err != nil {
				t.Fatal(err)
			}
			if r.Halvings > 0 {
				divided++
				want := numbers(g)
				if got := numbers(g); !slices.Equal(got, want) {
					t.Fatalf("step %d: derivatives are others the second time", k)
				}
				solves := s.Engine().Loads()
				if got := numbers(g); !slices.Equal(got, want) {
					t.Fatalf("step %d: derivatives are others the third time", k)
				}
				if n := s.Engine().Loads() - solves; n != 0 {
					t.Errorf("step %d of %d parts: %d solves the third time", k, len(s.Parts()), n)
				}
				inputs := [][]float64{u, u, u}
				if err := g.Sensitivity(x, inputs, implicit.Unknowns{Start: implicit.Directions(m)[:2], Params: params[:2]}, func(int, sim.State, *mat.Dense) error { return nil }); err != nil {
					t.Fatal(err)
				}
				if _, err := g.Rollout(x, inputs, lastHeight, implicit.RolloutOptions{Params: params[:3]}); err != nil {
					t.Fatal(err)
				}
				if got := numbers(g); !slices.Equal(got, want) {
					t.Fatalf("step %d: derivatives are others after a rollout", k)
				}
				fresh := gradient(t, m.NewStepper(sim.Options{Kappa: 1e-4}), implicit.Options{Kappa: kappa})
				if _, err := fresh.Step(&next, x, u); err != nil {
					t.Fatal(err)
				}
				if got := numbers(fresh); !slices.Equal(got, want) {
					t.Fatalf("step %d: derivatives of a gradient that saw no other step are others", k)
				}
			}
			x.Copy(next)
		}
		if divided < 3 {
			t.Errorf("κ = %g: %d divided steps", kappa, divided)
		}
	}
}
