package articulated

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/mat"
)

// TestIslandRespond: what bodies answer to wrenches on themselves, joints to forces on themselves, and the bodies of a pair to
// wrenches on each other, is J₃ H⁻¹ J₂ᵀ. Bodies that nobody wants or leads to are left alone.
func TestIslandRespond(t *testing.T) {
	islands(t, func(t *testing.T, rng *rand.Rand, c *coupled) {
		c.factor(t)
		s := c.s
		wanted := make([]bool, len(s.Bodies))
		for i := range wanted {
			wanted[i] = rng.IntN(3) == 0
		}
		for _, r := range c.joins {
			wanted[r.pair.A], wanted[r.pair.B] = true, true
		}
		needed := slices.Clone(wanted)
		for i := range wanted {
			for b := i; wanted[i] && b != World; b = c.g.Next(b) {
				needed[b] = true
			}
			s.Response[i] = spatial.Mat6{42}
		}
		c.g.Respond(wanted)
		inv := c.inverse()
		var do, ds difference
		answer := func(o *spatial.Mat6, a, b int) {
			w := wrench(rng)
			x := mat.NewVecDense(inv.RawMatrix().Rows, nil)
			for _, k := range c.path(b) {
				f := c.s2[k].Power(&w)
				for r := range x.Len() {
					x.SetVec(r, x.AtVec(r)+inv.At(r, k)*f)
				}
			}
			do.addTwist(Answer(o, &w), c.twist(a, x, Forward))
		}
		for i := range s.Bodies {
			if !needed[i] {
				if s.Response[i] != (spatial.Mat6{42}) {
					t.Fatalf("response of body %d, which nobody needs", i)
				}
				continue
			}
			answer(&s.Response[i], i, i)
			b := &s.Bodies[i]
			for j := b.V; j < b.V+b.N && b.Base < 0; j++ {
				ds.add(s.Self[j], inv.At(j, j))
			}
			for j := 0; j < 9 && b.Ball >= 0 && b.Base < 0; j++ {
				ds.add(s.BallSelf[i][j], inv.At(b.V+b.Ball+j/3, b.V+b.Ball+j%3))
			}
		}
		for n, r := range c.joins {
			ab, ba := c.g.Answers(n)
			answer(ab, r.pair.A, r.pair.B)
			answer(ba, r.pair.B, r.pair.A)
		}
		tol.Within(t, do.relative(), exact, "twists answered")
		tol.Within(t, ds.relative(), exact, "answers of joints")
	})
}
