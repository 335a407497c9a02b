package robust_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/internal/robust"
)

// TestGrowthIsToldApart: a spinning pivot, what rolls and tumbles, a light limb that whips past and a chain swing in
// energy with the error of second order of their steps, of which quarters leave a sixteenth. What a can gives that
// lands flat, where the point of its rim leaps, stays.
func TestGrowthIsToldApart(t *testing.T) {
	for _, c := range []struct {
		seed  uint64
		n     int
		story string
		kept  [2]float64 // of the growth
	}{
		{1, 666, "a pivot that spins", [2]float64{0, 1. / 12}},
		{1, 680, "points that tumble on a plane, 15 g", [2]float64{0, 1. / 12}},
		{3, 432, "an ellipsoid that rolls", [2]float64{0, 1. / 12}},
		{1, 257, "a ball with an ellipsoid on sliders", [2]float64{0, 1. / 12}},
		{1, 237, "a limb that whips past", [2]float64{0, 1. / 12}},
		{2, 89, "a pendulum", [2]float64{0, 1. / 12}},
		{1, 412, "a can that lands flat", [2]float64{0.8, 1.2}},
	} {
		x, err := robust.Try(c.seed, c.n)
		if err != nil || x.Err != nil {
			t.Fatal(err, x.Err)
		}
		t.Logf("--seed %d --only mechanism:%d, %s: energy grows by %.3g of %.3g J, in steps of a quarter by %.3g", c.seed, c.n, c.story, x.Growth, x.Natural, x.Kept)
		if x.Growth < robust.Growing || x.Kept < c.kept[0]*x.Growth || x.Kept > c.kept[1]*x.Growth {
			t.Errorf("--seed %d --only mechanism:%d, %s: energy grows by %g, in steps of a quarter by %g of that, want %g", c.seed, c.n, c.story, x.Growth, x.Kept/x.Growth, c.kept)
		}
	}
}
