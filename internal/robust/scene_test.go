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
