package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestImpactStepHasDerivatives: a step that an impact divides has the derivative with the time of impact, in whole and where one of its parts is divided again.
func TestImpactStepHasDerivatives(t *testing.T) {
	for _, fast := range []bool{false, true} {
		m, x := flail(t)
		x.Q[2], x.V[2] = 0.4, -3
		x.V[6], x.V[7] = 3, -4
		if fast {
			x.Q[2], x.V[6], x.V[7] = 0.12, 20, -40
		}
		opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10, DivideImpacts: true}
		if fast {
			opt.Kappa = 1e-3
		}
		s, u, hit := m.NewStepper(opt), []float64{3, -4}, false
		var cur sim.State
		for range 200 {
			cur = x.Clone()
			r, err := s.Step(&x, x, u)
			if err != nil {
				t.Fatal(err)
			}
			parts := s.Parts()
			if len(parts) > 0 && parts[0].ByImpact != 0 {
				t.Logf("%d parts, the last of %.4f s, %d halvings", len(parts), parts[len(parts)-1].H, r.Halvings)
				hit = fast == (r.Halvings > 0)
			}
			if hit {
				checkStep(t, m, cur, u, opt, r.Halvings, false)
				break
			}
		}
		if !hit {
			t.Fatalf("no impact divided a step (%v)", fast)
		}
	}
}

// TestImpactRollout compares the gradient of a landing by the timestep with differences: the knot before moves with it too.
func TestImpactRollout(t *testing.T) {
	m, x := flail(t)
	x.Q[2], x.V[2], x.V[6], x.V[7] = 0.43, -3, 3, -4
	opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10, DivideImpacts: true}
	inputs := make([][]float64, 8)
	c, params := quadratic(m), find(t, m, []string{"timestep", "gravity.z", "lower.radius"})
	s := m.NewStepper(opt)
	r, err := gradient(t, s, implicit.Options{}).Rollout(x, inputs, c, implicit.RolloutOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	y, hits := x.Clone(), 0
	for range inputs {
		if _, err := s.Step(&y, y, nil); err != nil {
			t.Fatal(err)
		}
		if len(s.Parts()) > 0 {
			hits++
		}
	}
	if hits == 0 {
		t.Fatal("nothing landed")
	}
	for i, p := range params {
		v, err := implicit.Get(m, p)
		if err != nil {
			t.Fatal(err)
		}
		e := differ(r.Params[i:i+1], 0, func(eps float64) []float64 {
			n, err := implicit.Set(m, []implicit.Param{p}, []float64{v + eps})
			if err != nil {
				t.Fatal(err)
			}
			cost, err := gradient(t, n.NewStepper(opt), implicit.Options{}).Cost(x, inputs, c)
			if err != nil {
				t.Fatal(err)
			}
			return []float64{cost}
		}, 1e-5, 1e-6, 1e-7)
		if t.Logf("%s: %.6g, error %.1e, %d impacts", p.Name, r.Params[i], e, hits); !(e < 1e-6) {
			t.Errorf("the gradient by %s differs by %.1e from differences", p.Name, e)
		}
	}
}
