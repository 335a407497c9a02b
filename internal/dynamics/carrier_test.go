package dynamics

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
	"gonum.org/v1/gonum/mat"
)

// TestCarrier: r = r₀ − (S⁻¹ + W)⁻¹ f with random S, as loops leave it: of compliances from next to none to more than
// the springs', with equations that say the same twice. Nothing is left after as many solves as there are independent
// equations, and few more.
func TestCarrier(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 5))
	for range 200 {
		rows := 1 + rng.IntN(3)
		n, rank := 3*rows, 1+rng.IntN(3*rows)
		w := make([]ipm.Matrix, rows)
		springs := mat.NewDiagDense(n, nil)
		for i := range w {
			k := math.Pow(10, 3*rng.Float64())
			w[i] = ipm.Matrix{0: k, 4: k, 8: k}
			for c := range 3 {
				springs.SetDiag(3*i+c, k)
			}
		}
		j := mat.NewDense(n, rank, nil)
		for i := range n {
			for c := range rank {
				j.Set(i, c, rng.NormFloat64()*math.Pow(10, -1.5*float64(c)/float64(rank)))
			}
		}
		// with the mass one K = 1 + Jᵀ W J, and r = r₀ − J K⁻¹ Jᵀ f
		var k, a, wj mat.Dense
		wj.Mul(springs, j)
		k.Mul(j.T(), &wj)
		for i := range rank {
			k.Set(i, i, k.At(i, i)+1)
		}
		if err := a.Solve(&k, j.T()); err != nil {
			t.Fatal(err)
		}
		var all mat.Dense
		all.Mul(j, &a)
		f, r0, r := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
		x := mat.NewVecDense(rank, nil)
		for i := range rank {
			x.SetVec(i, rng.NormFloat64())
		}
		r0.MulVec(j, x) // what can be met
		var c carrier
		c.start(w)
		left, solves := make([]spatial.Vec, rows), 0
		for {
			r.MulVec(&all, f)
			r.SubVec(r0, r)
			for i := range left {
				left[i] = spatial.Vec{X: r.AtVec(3 * i), Y: r.AtVec(3*i + 1), Z: r.AtVec(3*i + 2)}
			}
			if solves++; !c.next(left, 0) {
				break
			}
			for i, d := range left {
				for k, v := range [3]float64{d.X, d.Y, d.Z} {
					f.SetVec(3*i+k, f.AtVec(3*i+k)+v)
				}
			}
		}
		if rest := mat.Norm(r, 2) / mat.Norm(r0, 2); !(rest < 1e-7) || solves > rank+4 {
			t.Errorf("%d rows, %d independent: %g left after %d solves", n, rank, rest, solves)
		}
	}
}
