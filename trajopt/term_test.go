package trajopt

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSquare: slope and curvature are the derivatives of the value, and no constraint takes more off the merit than
// terms.credit says, which is what lets a search end hopeless rollouts early.
func TestSquare(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, role := range []role{cost, goal, limit} {
		for range 1000 {
			l := rng.ExpFloat64()
			if role == goal && rng.IntN(2) == 0 {
				l = -l
			}
			x := &term{Function: &Function{Dim: 1}, role: role, weight: []float64{2}, lambda: [][]float64{{l}}, penalty: 0.1 + rng.ExpFloat64()}
			r := 3 * rng.NormFloat64()
			if math.Abs(l+x.penalty*r) < 1e-2 {
				continue // at the kink of an inequality
			}
			const e = 1e-4
			v, s, c := x.square(0, 0, r)
			up, us, _ := x.square(0, 0, r+e)
			down, ds, _ := x.square(0, 0, r-e)
			if d := (up - down) / (2 * e); math.Abs(d-s) > 1e-7*(1+math.Abs(s)) {
				t.Fatalf("role %d: slope %g, difference %g", role, s, d)
			}
			if d := (us - ds) / (2 * e); math.Abs(d-c) > 1e-7*(1+math.Abs(c)) {
				t.Fatalf("role %d: curvature %g, difference %g", role, c, d)
			}
			credit := 0.0
			if role != cost {
				credit = (&terms{stage: []*term{x}}).credit()
			}
			if v < -credit*(1+1e-12) {
				t.Fatalf("role %d: value %g, credit %g", role, v, credit)
			}
		}
	}
}
