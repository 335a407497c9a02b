package robust_test

import (
	"context"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/robust"
)

// TestScenes is the part of `ukemi bench robustness --scenes` that fits in a test.
func TestScenes(t *testing.T) {
	steps := 3000
	if testing.Short() {
		steps = 600
	}
	counts, err := robust.Run(context.Background(), robust.Config{Steps: steps, Seed: 1, Systems: robust.Scenes})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		for _, f := range c.Failures {
			t.Errorf("seed 1, --only %s:%g:%g:%d (μ %.4g, mass %.4g), step %d: %v", f.System, f.H, f.Kappa, f.Toss, f.Mu, f.Mass, f.Step, f.Err)
		}
	}
}

// TestLegsBeginAboveTheGround: one in seven five-bars was drawn up to 0.28 m in the ground, which was reported as the depth of the scenes.
func TestLegsBeginAboveTheGround(t *testing.T) {
	counts, err := robust.Run(context.Background(), robust.Config{Steps: 2000, Seed: 1, Systems: []string{"fivebar"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if c.Penetration > 1e-4 {
			t.Errorf("h = %g, κ = %g: %.3g m deep", c.H, c.Kappa, c.Penetration)
		}
	}
}

// TestBricksRubHard: three rows of bricks with μ = 3.2, of which the last step of 20 ms had 61 contacts on which the fast run came to a
// mean product of 0.1 and no further, whatever it was divided into. Sinking goes on by leaps from there.
func TestBricksRubHard(t *testing.T) {
	toss(t, robust.Cell{System: "pyramid3", H: 0.02, Kappa: 1e-8}, 2)
}

// TestImpactsRoundProducts: five heavy cubes meet at 4 m/s in a step of 1 ms, with forces of 600 weights at gaps of
// 1e-11 of the cubes' size: rounding of these leaves 1e-3 of a product at κ = 1e-8. Everything else was solved to
// 1e-16, and the step failed.
func TestImpactsRoundProducts(t *testing.T) {
	toss(t, robust.Cell{System: "stack5", H: 0.001, Kappa: 1e-8}, 235)
}

// TestWhatBeganInAGrazeIsLookedAt: a box that had bounced on the edge of another, and was a little more than what may be
// without being deep in it, turned by 17 degrees in the next step. Other corners came as deep as 4 mm unseen, one step
// in 1 500 000 of scenes.
func TestWhatBeganInAGrazeIsLookedAt(t *testing.T) {
	c := robust.Count{Cell: robust.Cell{System: "conveyor", H: 0.01, Kappa: 1e-3}}
	if err := robust.Toss(&c, 3, 40, 400); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d steps, %d halvings, %.3g m deep", c.Steps, c.Halvings, c.Penetration)
	if c.Penetration > 2e-4 || len(c.Failures) > 0 {
		t.Errorf("%.3g m deep, %v", c.Penetration, c.Failures)
	}
}

// toss throws a scene once, 40 steps, none of which may fail.
func toss(t *testing.T, cell robust.Cell, seed uint64) {
	t.Helper()
	c := robust.Count{Cell: cell}
	if err := robust.Toss(&c, seed, 0, 40); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d steps, %d halvings, at most %d iterations", c.Steps, c.Halvings, c.IterationsMax)
	for _, f := range c.Failures {
		t.Errorf("μ = %.4g, step %d: %v", f.Mu, f.Step, f.Err)
	}
}
