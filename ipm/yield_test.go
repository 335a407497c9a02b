package ipm

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestYield compares with bisection of the cubic, which in the form (a − b)/a·(a + k)² grows steadily from a = b on. Where
// u is near k the last digits of both are those of u − k.
func TestYield(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 4))
	for range 5000 {
		any := func() float64 { return math.Exp(5 * rng.NormFloat64()) }
		kappa, c, limit := 1e-4*any(), any(), any()
		u := c * limit * any()
		if rng.IntN(10) == 0 {
			u = c * limit * (1 + 1e-9*rng.NormFloat64()) // between sticking and sliding
		}
		k, b := c*limit, kappa/limit
		low, high := b, b+u
		for range 200 {
			if a := low + (high-low)/2; (a-b)/a*(a+k)*(a+k) < u*u {
				low = a
			} else {
				high = a
			}
		}
		if got, want := yield(u, kappa, c, limit), low/(low+k); !(math.Abs(got-want) <= 1e-9*want+1e-15) {
			t.Fatalf("u %g, κ %g, compliance %g, limit %g: yields %v, bisection %v", u, kappa, c, limit, got, want)
		}
	}
}
