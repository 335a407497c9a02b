package trajopt

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// lifting is a block on the ground that shall hang still 0.3 m higher, from no force at all.
func lifting(t testing.TB) *Problem {
	t.Helper()
	m, start, err := models.Load("driven_block", models.Options{Timestep: 0.1})
	if err != nil {
		t.Fatal(err)
	}
	models.PlaceAbove(m, start.Q, 0)
	up := start.Clone()
	up.Q[2] += 0.3
	to := State(m, up)
	return &Problem{Model: m, Start: start, Steps: 6, Stage: []Cost{to.Weigh(2), Input(m).Weigh(0.02)}, Goal: []Function{to}}
}

// TestSoftGradients: where the derivative of hard contact is zero, there are two ways around: a softer problem first, or hard rollouts with
// softer derivatives. The second needs steps that the hard problem rewards, which a large penalty makes, and finds a worse lift.
func TestSoftGradients(t *testing.T) {
	const hard = 1e-8
	for name, c := range map[string]struct {
		opt  Options
		want bool
	}{
		"hard alone":   {Options{Kappas: []float64{hard}, Penalty: 1e4}, false},
		"continuation": {Options{Kappas: []float64{1e-2, hard}}, true},
		"two kappa":    {Options{Kappas: []float64{hard}, GradientKappa: 1e-3, Penalty: 1e4}, true},
	} {
		r, err := Solve(context.Background(), lifting(t), nil, c.opt)
		if (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if r == nil {
			t.Fatalf("%s: no result", name)
		}
		t.Log(name, r.Status, r.Cost, r.Violation, r.Iterations)
		if c.want && math.Abs(r.States[6].Q[2]-0.55) > 1e-3 {
			t.Errorf("%s: the block ends at %g m", name, r.States[6].Q[2])
		}
		// what is reported is a rollout of the inputs at the last κ
		tr, err := lifting(t).Model.NewStepper(sim.Options{Kappa: hard}).Rollout(r.States[0], 6, func(u []float64, k int, _ sim.State) { copy(u, r.Inputs[k]) })
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range tr.States[6].Q {
			if q != r.States[6].Q[i] {
				t.Errorf("%s: coordinate %d of the last state is %g, simulated %g", name, i, r.States[6].Q[i], q)
			}
		}
	}
}

// TestFailingCandidates: a candidate whose cost is not a number, which stands for every rollout that fails, is passed over, and a first
// guess that fails is an error that says where.
func TestFailingCandidates(t *testing.T) {
	m := slider(t, 0.1, 0)
	rejected := 0
	walled := Function{Name: "walled", Dim: 1, Eval: func(_ int, x sim.State, _, r []float64, dx, _ *mat.Dense) {
		r[0] = x.Q[0] - 1
		if x.Q[0] > 0.5 {
			r[0] = math.NaN()
			rejected++
		}
		if dx != nil {
			dx.Set(0, 0, 1)
		}
	}}
	p := &Problem{Model: m, Start: at(m, 0, 0), Steps: 10, Stage: []Cost{walled.Weigh(1), Input(m).Weigh(1e-3)}, Final: []Cost{walled.Weigh(1)}}
	r, err := Solve(context.Background(), p, nil, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if rejected == 0 {
		t.Error("no candidate went beyond the wall: the test shows nothing")
	}
	if q := r.States[10].Q[0]; !(q > 0.1 && q <= 0.5) || math.IsNaN(r.Cost) {
		t.Errorf("it ends at %g m with a cost of %g", q, r.Cost)
	}
	guess := make([][]float64, 10)
	guess[0] = []float64{100}
	if _, err := Solve(context.Background(), p, guess, Options{}); err == nil || !strings.Contains(err.Error(), "not finite") {
		t.Errorf("a guess beyond the wall: %v", err)
	}
	guess[0] = []float64{1, 2}
	if _, err := Solve(context.Background(), p, guess, Options{}); err == nil || !strings.Contains(err.Error(), "guess of step 0") {
		t.Errorf("a guess of two inputs for one: %v", err)
	}
}

// TestFailingSteps: a candidate in which a step fails is passed over, however little its first steps cost. The failure is made: the
// state that the step is to start from is broken behind its back.
func TestFailingSteps(t *testing.T) {
	m := slider(t, 0.1, 0)
	failed := 0
	trap := Function{Name: "trap", Dim: 1, Eval: func(_ int, x sim.State, u, r []float64, dx, _ *mat.Dense) {
		if r[0] = x.Q[0] - 1; x.Q[0] > 0.5 && u != nil {
			r[0], x.Q[0] = 0, math.NaN()
			failed++
		}
		if dx != nil {
			dx.Set(0, 0, 1)
		}
	}}
	p := &Problem{Model: m, Start: at(m, 0, 0), Steps: 10, Stage: []Cost{trap.Weigh(1), Input(m).Weigh(1e-3)}}
	r, err := Solve(context.Background(), p, nil, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if failed == 0 {
		t.Error("no step failed: the test shows nothing")
	}
	tr, err := m.NewStepper(sim.Options{}).Rollout(p.Start, 10, func(u []float64, k int, _ sim.State) { copy(u, r.Inputs[k]) })
	if err != nil {
		t.Fatal(err)
	}
	for k, x := range tr.States {
		if x.Q[0] != r.States[k].Q[0] || k < 10 && x.Q[0] > 0.5 {
			t.Errorf("state %d is at %g m, simulated %g", k, r.States[k].Q[0], x.Q[0])
		}
	}
}

// TestOptionErrors: options that make no sense are told, by name. A GradientKappa that is no number was taken.
func TestOptionErrors(t *testing.T) {
	p := lifting(t)
	for want, o := range map[string]Options{
		"Kappas[1] is -1": {Kappas: []float64{1e-3, -1}}, "Tolerance is NaN": {Tolerance: math.NaN()}, "CostTolerance is -1": {CostTolerance: -1},
		"Penalty is +Inf": {Penalty: math.Inf(1)}, "PenaltyGrowth is 0.5": {PenaltyGrowth: 0.5}, "Iterations is -1": {Iterations: -1},
		"GradientKappa is NaN": {GradientKappa: math.NaN()},
	} {
		if _, err := NewILQR(p, o); err == nil || !strings.Contains(err.Error(), "Options."+want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
}
