package implicit_test

import (
	"errors"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// TestPolishedStepsHaveDerivatives: those of steps at κ = 0, asked for at another κ, are those of a simulation at that κ from
// the same state, by states, inputs and every parameter, forward and backward, in all scenes.
func TestPolishedStepsHaveDerivatives(t *testing.T) {
	const kappa = 1e-4
	compared, worst := 0, 0.0
	for _, c := range scenes(t) {
		m := c.model
		polish := tightly(sim.DefaultKappa)
		polish.Polish = true
		hard, soft := m.NewStepper(polish), m.NewStepper(tightly(kappa))
		g, want := gradient(t, hard, implicit.Options{Kappa: kappa}), gradient(t, soft, implicit.Options{})
		params := implicit.Params(m)
		u := make([]float64, m.NU())
		copy(u, c.input)
		next, other := m.NewState(), m.NewState()
		for x, k := c.start.Clone(), 0; k < 5; k++ {
			r, err := g.Step(&next, x, u)
			q, err2 := want.Step(&other, x, u)
			if err := errors.Join(err, err2); err != nil {
				t.Fatalf("%s, step %d: %v", c.name, k, err)
			}
			x.Copy(next)
			if r.Halvings > 0 || q.Halvings > 0 {
				t.Logf("%s, step %d: divided", c.name, k)
				continue
			}
			compared++
			var a, b, ua, ub mat.Dense
			if err := errors.Join(g.StateJacobian(&a), want.StateJacobian(&b)); err != nil {
				t.Fatal(err)
			}
			off := func(what string, a, b []float64, size float64) {
				e := floats.Distance(a, b, 1) / max(size, 1e-4)
				worst = max(worst, e)
				if !(e < 1e-9) {
					t.Errorf("%s, step %d, %s: off by %.1e", c.name, k, what, e)
				}
			}
			off("state", a.RawMatrix().Data, b.RawMatrix().Data, mat.Norm(&b, 1))
			if m.NU() > 0 {
				if err := errors.Join(g.InputJacobian(&ua), want.InputJacobian(&ub)); err != nil {
					t.Fatal(err)
				}
				off("input", ua.RawMatrix().Data, ub.RawMatrix().Data, mat.Norm(&ub, 1))
			}
			y, pulled := implicit.NewTangent(m), make([]float64, len(params))
			for i := range y.Q {
				y.Q[i], y.V[i] = 1, 0.5
			}
			if err := g.ParamVJP(pulled, params, y); err != nil {
				t.Fatal(err)
			}
			for i, p := range params {
				one, two := implicit.NewTangent(m), implicit.NewTangent(m)
				if err := errors.Join(g.ParamJVP(one, p), want.ParamJVP(two, p)); err != nil {
					t.Fatal(err)
				}
				size := floats.Norm(both(two), 1)
				off(p.Name, both(one), both(two), size)
				off(p.Name+", backward", []float64{floats.Dot(both(y), both(one))}, pulled[i:i+1], size)
			}
		}
	}
	t.Logf("%d steps, worst %.1e", compared, worst)
}
