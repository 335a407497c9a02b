package dynamics

import (
	"math/rand/v2"
	"testing"
)

// TestWeights: where pushes can make all gaps positive there are no weights that say otherwise, and where there are some they do.
func TestWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	found := 0
	for k := range 300 {
		m := 1 + rng.IntN(6)
		n, helps := nip{sides: make([]int, m), q: make([]float64, m)}, k%2 == 0
		secret := make([]float64, m) // what no push raises, if none helps
		for i := range secret {
			secret[i] = 0.2 + rng.Float64()
		}
		beyond := func(g []float64) { // takes off so much that the secret sum falls
			s := 0.0
			for i := range g {
				s += secret[i] * g[i]
			}
			for i := range g {
				g[i] -= (max(s, 0) + 0.1) / secret[i] / float64(m)
			}
		}
		for i := range n.q {
			n.q[i] = rng.NormFloat64()
		}
		beyond(n.q)
		for range 3 * m {
			g := make([]float64, m)
			for i := range g {
				g[i] = rng.NormFloat64()
			}
			if beyond(g); helps {
				for i := range g {
					g[i] += 0.1
				}
			}
			n.pushes = append(n.pushes, g)
		}
		if helps {
			all := make([]float64, m)
			for i := range all {
				all[i] = 1e-3 // this push alone opens every gap
			}
			n.pushes = append(n.pushes, all)
		}
		w := n.weights()
		if w == nil {
			continue
		}
		if found++; helps {
			t.Fatalf("weights %v although a push opens all gaps", w)
		}
		for _, g := range append(n.pushes, n.q) {
			s := 0.0
			for i := range g {
				s += w[i] * g[i]
			}
			if s > 0 || w[0] < 0 {
				t.Fatalf("weights %v, of which a push makes %g", w, s)
			}
		}
	}
	if t.Logf("%d of 150 found", found); found < 140 {
		t.Errorf("%d of 150 found", found)
	}
}
