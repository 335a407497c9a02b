package dynamics

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestOneSided: two walls with room between are told from ones that face each other by their angle, and boxes of
// corners on a side of a plane through zero from those around it.
func TestOneSided(t *testing.T) {
	for _, angle := range []float64{-0.5, -0.02, -1e-6, 0, 1e-9, 1e-3, 0.9 * sharp, 1.1 * sharp, 0.02, 0.5} {
		sin, cos := math.Sincos(angle)
		if got := oneSided([][]float64{{cos, sin}, {-cos, sin}}); got != (math.Abs(angle) > sharp) {
			t.Errorf("walls of half angle %g: %v", angle, got)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n, size := 2+rng.IntN(20), 2+rng.IntN(10)
		side := make([]float64, size)
		for i := range side {
			side[i] = rng.NormFloat64()
		}
		scaled(side, 1/length(side))
		var hull, around [][]float64
		for range n {
			g, back := make([]float64, size), make([]float64, size)
			for i := range g {
				g[i] = rng.NormFloat64()
			}
			d := product(g, side)
			for i := range g { // on the side by 0.05 to 1 of its length across
				g[i] += (math.Abs(d) + 0.05*math.Sqrt(float64(size)) - d) * side[i]
			}
			scaled(g, 1/length(g))
			for i := range g {
				back[i] = -g[i]
			}
			hull, around = append(hull, g), append(around, back)
		}
		if !oneSided(hull) {
			t.Errorf("%d vectors of %d numbers with a plane behind them: there is none", n, size)
		}
		if oneSided(append(hull, around[rng.IntN(n)])) {
			t.Errorf("%d vectors of %d numbers around zero: a plane is behind them", n, size)
		}
	}
}
