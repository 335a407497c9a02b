package trajopt

import (
	"context"
	"math"
	"testing"
)

// TestShoot: another method, which shares only the problem and the step's derivatives, finds the same: on a limited slider and
// on a bounded one.
func TestShoot(t *testing.T) {
	m := slider(t, 0.1, 0)
	bounded := slider(t, 0.1, 4.5)
	there := func(x *Problem) *Problem {
		x.Goal = []Function{State(x.Model, at(x.Model, 1, 0)).Named("there")}
		return x
	}
	for name, p := range map[string]*Problem{
		"limit": there(&Problem{
			Model: m, Start: at(m, 0, 0), Steps: 10, Stage: []Cost{Input(m).Weigh(0.1)},
			Limit: []Function{State(m, at(m, 0, 0)).Rows(1).AtMost(1.3).Named("speed")},
		}),
		"bound": there(&Problem{Model: bounded, Start: at(bounded, 0, 0), Steps: 10, Stage: []Cost{Input(bounded).Weigh(0.1)}}),
	} {
		opt := Options{Tolerance: 1e-5, CostTolerance: 1e-7, Iterations: 3000}
		a, err := Solve(context.Background(), p, nil, opt)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b, err := Shoot(context.Background(), p, nil, opt)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%s: costs %.9f %.9f, iterations %d %d, rollouts %d %d", name, a.Cost, b.Cost, a.Iterations, b.Iterations, a.Rollouts, b.Rollouts)
		if math.Abs(a.Cost-b.Cost) > 1e-4*a.Cost {
			t.Errorf("%s: costs %g and %g", name, a.Cost, b.Cost)
		}
		for k := range a.Inputs {
			if d := math.Abs(a.Inputs[k][0] - b.Inputs[k][0]); d > 0.02 {
				t.Errorf("%s: inputs of step %d are %g and %g", name, k, a.Inputs[k][0], b.Inputs[k][0])
			}
		}
	}
}
