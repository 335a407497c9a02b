package ipm

import "gonum.org/v1/gonum/spatial/r3"

// Problem is what the solver solves. It owns its free variables x and the scratch memory for them.
type Problem interface {
	// Blocks returns the blocks; the slice stays the same during a solve.
	Blocks() []Block

	// Values stores the block values at x into u. It reports false when x is outside the domain.
	Values(u []r3.Vec) bool

	// Reset sets x back to where the solve began.
	Reset()

	// Residual evaluates F(x, λ) at the x of the last Values and returns its norm in natural units: a
	// residual of 1 is as large as the problem itself. It may be infinite or NaN.
	Residual(lambda []r3.Vec) float64

	// Factor factors F_x + Nᵀ diag(W) J at the x of the last Values and Residual, where J is the derivative of the
	// values and −Nᵀ that of F with respect to λ. It reports false when that is singular. W is block-diagonal but for
	// every Turn, in the order of which two more matrices follow those of the blocks: in the rows of the block before
	// it the columns of the Turn, and the reverse.
	Factor(w []Matrix) bool

	// Direction solves (F_x + Nᵀ W J) dx = −F + Nᵀ k with the last factorization and residual, and
	// stores J dx into du.
	Direction(k []r3.Vec, du []r3.Vec)

	// Step sets x to the point of the last Factor moved by α times the last direction.
	Step(alpha float64)
}

// Rounder is a [Problem] that knows its rounding.
type Rounder interface {
	// Rounding returns the part of the norm of F at the current point that may be rounding, in natural units. It is
	// asked where F does not fall any more.
	Rounding() float64
}

// Localizer is a [Problem] that knows how the value of each block answers to the block's own multiplier. Without
// that a warm start rests on the blocks' natural sizes, and on coupled problems leads to the solution less often:
// under random torques robots take half as many iterations again.
type Localizer interface {
	// Local stores the diagonal blocks of J H⁻¹ Nᵀ for the wanted blocks, H being the matrix of the last Factor. It reports false when they
	// are not worth what they cost.
	Local(a []Matrix, wanted []bool) bool
}

// Refiner is a [Problem] that measures what rounding leaves of its directions, and takes it away: iterative refinement
// (Wilkinson, 1963). Where multipliers are many, NᵀWJ drowns F_x in the matrix that is factored, and directions have
// few digits right.
type Refiner interface {
	// Defect returns the norm of F + F_x dx − Nᵀ dλ for the last direction and the dλ = k − W J dx that goes with it,
	// in the units of Residual.
	Defect(dl []r3.Vec) float64

	// Correct adds to the direction what solves for the defect just measured, and stores what J makes of it into du.
	Correct(du []r3.Vec)
}
