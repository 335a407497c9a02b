package main

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// errNoDerivative is returned when the start of a search has no value.
var errNoDerivative = errors.New("the cost has no value at the start of the search")

// bfgs minimizes f from x, in place, by the method of Broyden, Fletcher, Goldfarb and Shanno with halving of
// steps [Nocedal and Wright 2006, chapter 6]. f returns its value and stores its gradient; a value that is
// not finite is a step too far. It ends after so many iterations, at a value below enough, or when no step
// gains anything. each hears of every iteration.
//
// (gonum's optimizers do the same; their package would bring the Go tools into the module for one example.)
func bfgs(f func(x, g []float64) float64, x []float64, iterations int, enough float64, each func(n int)) error {
	n := len(x)
	g, y, s, trial := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	value := f(x, g)
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return errNoDerivative
	}
	each(0)
	if value < enough {
		return nil
	}
	inverse := mat.NewDense(n, n, nil) // of the Hessian
	reset := func(scale float64) {
		inverse.Zero()
		for i := range n {
			inverse.Set(i, i, scale)
		}
	}
	// the first step is of length 0.3, in m/s and rad/s
	reset(0.3 / floats.Norm(g, 2))
	for k := 1; k <= iterations; k++ {
		// direction −H⁻¹g; −g when that does not descend
		d := mat.NewVecDense(n, nil)
		d.MulVec(inverse, mat.NewVecDense(n, g))
		d.ScaleVec(-1, d)
		slope := floats.Dot(d.RawVector().Data, g)
		if !(slope < 0) {
			return nil
		}
		// the longest of 1, ½, ¼ … that gains enough
		var next float64
		copy(y, g)
		for a := 1.0; ; a /= 2 {
			if a < 1e-4 {
				copy(g, y)
				return nil
			}
			copy(s, d.RawVector().Data)
			floats.Scale(a, s)
			floats.AddTo(trial, x, s)
			if next = f(trial, g); next <= value+1e-4*a*slope {
				break
			}
		}
		copy(x, trial)
		value = next
		floats.SubTo(y, g, y)
		each(k)
		if value < enough {
			return nil
		}
		// H⁻¹ ← (1 − ρsyᵀ) H⁻¹ (1 − ρysᵀ) + ρssᵀ
		sy := floats.Dot(s, y)
		if !(sy > 0) {
			continue // the curvature along s is not positive: keep the matrix
		}
		sv, yv := mat.NewVecDense(n, s), mat.NewVecDense(n, y)
		if k == 1 {
			reset(sy / floats.Dot(y, y))
		}
		var hy mat.VecDense
		hy.MulVec(inverse, yv)
		inverse.RankOne(inverse, (1+mat.Dot(yv, &hy)/sy)/sy, sv, sv)
		inverse.RankOne(inverse, -1/sy, &hy, sv)
		inverse.RankOne(inverse, -1/sy, sv, &hy)
	}
	return nil
}
