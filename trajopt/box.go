package trajopt

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// box minimizes ½ uᵀH u + gᵀu for lower ≤ u ≤ upper by projected Newton steps (Bertsekas 1982; Tassa, Mansard and Todorov
// 2014), from u, which it overwrites. It returns the inputs that are free at the minimum and the factored part of H that belongs
// to them; false when that is not positive definite.
func box(u []float64, h *mat.SymDense, g, lower, upper []float64) (free []int, chol *mat.Cholesky, ok bool) {
	const steps, armijo = 100, 0.1
	n := len(u)
	clamp(u, lower, upper)
	value := func(u []float64) float64 {
		x := mat.NewVecDense(n, u)
		return mat.Inner(x, h, x)/2 + mat.Dot(mat.NewVecDense(n, g), x)
	}
	grad, trial := make([]float64, n), make([]float64, n)
	var held []int
	for range steps {
		mat.NewVecDense(n, grad).MulVec(h, mat.NewVecDense(n, u))
		free = free[:0]
		held = held[:0]
		size := 0.0
		for i := range u {
			grad[i] += g[i]
			if u[i] <= lower[i] && grad[i] > 0 || u[i] >= upper[i] && grad[i] < 0 {
				held = append(held, i)
				continue
			}
			free = append(free, i)
			size = math.Max(size, math.Abs(grad[i]))
		}
		if chol, ok = factor(h, free); !ok {
			return nil, nil, false
		}
		if len(free) == 0 || size == 0 {
			return free, chol, true
		}
		step := make([]float64, len(free))
		for i, j := range free {
			step[i] = -grad[j]
		}
		v := mat.NewVecDense(len(free), step)
		if chol.SolveVecTo(v, v) != nil && !finite(step) {
			return nil, nil, false
		}
		// back along the projected step until it descends
		slope, old := 0.0, value(u)
		for i, j := range free {
			slope += grad[j] * step[i]
		}
		moved := false
		for a := 1.0; a > 1e-10 && !moved; a /= 2 {
			copy(trial, u)
			for i, j := range free {
				trial[j] += a * step[i]
			}
			clamp(trial, lower, upper)
			moved = value(trial)-old <= armijo*a*slope
		}
		if !moved || slope > -1e-14*(1+math.Abs(old)) {
			if moved {
				copy(u, trial)
			}
			return free, chol, true
		}
		copy(u, trial)
	}
	return free, chol, true
}

// factor returns the Cholesky factor of the rows and columns of h in list.
func factor(h *mat.SymDense, list []int) (*mat.Cholesky, bool) {
	c := new(mat.Cholesky)
	if len(list) == 0 {
		return c, true
	}
	s := mat.NewSymDense(len(list), nil)
	for i, p := range list {
		for j := i; j < len(list); j++ {
			s.SetSym(i, j, h.At(p, list[j]))
		}
	}
	return c, c.Factorize(s)
}

func clamp(u, lower, upper []float64) {
	for i := range u {
		u[i] = math.Max(lower[i], math.Min(upper[i], u[i]))
	}
}

func finite(x []float64) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}
