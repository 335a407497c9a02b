package sysid

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// likely is the size below which all of n Gaussian numbers stay in 999 of 1000 cases: one of 608 is beyond three
// standard errors more often than not, so that no fit, however right, keeps all of them inside.
func likely(n int) float64 {
	return distuv.UnitNormal.Quantile((1 + math.Pow(0.999, 1/float64(n))) / 2)
}

// TestStandardErrors asks of 12 seeds of the noise whether the errors are as large as is said, one by one and together:
// what the torques lose by going from the least squares to the truth, z'C⁻¹z, is a χ² of as many degrees of freedom as
// there are combinations.
//
// It is with noise of the torques. With that of velocities the errors are no smaller than is said, and up to a third
// smaller: accelerations are noisy where regressors are not, at the upper end of the filter, and what a joint's torques
// leave is taken for white within the filter. An estimate from the spectrum of what is left has itself more noise, with
// 10 s, than it would mend.
func TestStandardErrors(t *testing.T) {
	model, real := arm7(t, 0), arm7(t, 0.3)
	for _, c := range []struct {
		name                string
		noiseQ, noiseV      float64
		together, one, left [2]float64 // bounds of the mean χ² per combination, of the share within one error, and of noise found over true
	}{
		{"noise of torques", 0, 0, [2]float64{0.9, 1.1}, [2]float64{0.65, 0.73}, [2]float64{0.985, 1.015}},
		{"of velocities too", 1e-5, 1e-3, [2]float64{0.75, 1.05}, [2]float64{0.68, 0.80}, [2]float64{1, 1.2}},
	} {
		const seeds = 12
		var within [4]int
		n, sum, worst, noise := 0, 0.0, 0.0, 0.0
		for seed := range uint64(seeds) {
			motions, err := excite(t, real, seed+1, c.noiseQ, c.noiseV, 0.1).Motions(DefaultFilter)
			if err != nil {
				t.Fatal(err)
			}
			r, err := NewRegression(model, motions, hard)
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.Base()
			if err != nil {
				t.Fatal(err)
			}
			truth := r.truth(real)
			for _, z := range b.off(truth) {
				within[min(int(math.Abs(z)), 3)]++
				worst = max(worst, math.Abs(z))
			}
			at := norm(misfit(r.weighted(b.Sigma), truth))
			least := norm(misfit(r.weighted(b.Sigma), b.Values))
			chi, k := at*at-least*least, len(b.Combinations)
			if most := (distuv.ChiSquared{K: float64(k)}).Quantile(0.9999); chi > most {
				t.Errorf("%s, seed %d: all together are off by χ² = %.1f, of %d combinations that is more than %.1f", c.name, seed+1, chi, k, most)
			}
			for _, s := range b.Sigma {
				noise += s / (0.1 * math.Sqrt(motions[0].Noise)) / float64(seeds*len(b.Sigma))
			}
			n, sum = n+k, sum+chi
		}
		share := float64(within[0]) / float64(n)
		t.Logf("%s: %d numbers, within 1, 2, 3 standard errors and beyond %d (Gaussian %.0f %.0f %.0f %.0f); the worst %.2f (likely below %.2f); χ² per combination %.3f; noise %.3f of what it is",
			c.name, n, within, 0.6827*float64(n), 0.2718*float64(n), 0.0428*float64(n), 0.0027*float64(n), worst, likely(n), sum/float64(n), noise)
		for _, x := range []struct {
			name string
			is   float64
			of   [2]float64
		}{{"χ² per combination", sum / float64(n), c.together}, {"share within one standard error", share, c.one}, {"noise over what it is", noise, c.left}} {
			if !(x.of[0] <= x.is && x.is <= x.of[1]) {
				t.Errorf("%s: %s is %.3f, want %g", c.name, x.name, x.is, x.of)
			}
		}
		if worst > likely(n) {
			t.Errorf("%s: one number is off by %.2f standard errors, of %d all should be below %.2f", c.name, worst, n, likely(n))
		}
	}
}

// off returns how far the combinations are from the truth, in standard errors.
func (b *Base) off(truth []float64) (z []float64) {
	for _, c := range b.Combinations {
		want := 0.0
		for i, x := range c.Parts {
			want += x * truth[i]
		}
		z = append(z, (c.Value-want)/float64(c.StdErr))
	}
	return z
}
