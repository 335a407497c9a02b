package ipm

import "gonum.org/v1/gonum/spatial/r3"

// Kind is the kind of a block.
type Kind uint8

// The kinds of blocks; see the package comment for their laws.
const (
	Orthant Kind = iota
	Coulomb
	Bound
	Pyramid
)

// Block describes one complementarity block. Multiplier and value are triples; unused components are
// zero: Orthant uses X, Coulomb and Pyramid (normal, friction, friction), Bound the first Dim.
type Block struct {
	Kind       Kind
	Mu         float64 // Coulomb, Pyramid: friction coefficient, > 0
	Limit      float64 // Bound: c, > 0
	Single     bool    // Bound: only the first component of value and multiplier is used, which is solved faster
	Compliance float64 // Bound: the value is u(x) + Compliance·λ, ≥ 0

	// Kappa and KappaT are what κ = 1 means for the normal and the cone product, in the units of the
	// problem. They make κ a pure number and the iteration independent of the units of mass and length.
	Kappa, KappaT float64
	// Scale is a natural size of the value: of u for Orthant, of the gap for Coulomb and Pyramid. ScaleT
	// is one of the sliding velocity, or of u for Bound.
	Scale, ScaleT float64
	// Past is the value at the end of the step before, for [Options.Warm].
	Past r3.Vec
	// Product and ProductT are natural sizes of the products: those of a multiplier that matters at a
	// value that matters. They weigh complementarity against the residual of F in the line search.
	Product, ProductT float64
}

// Matrix is the condensed 3×3 matrix of a block in row-major order.
type Matrix [9]float64

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
	// values and −Nᵀ that of F with respect to λ. It reports false when that is singular.
	Factor(w []Matrix) bool

	// Direction solves (F_x + Nᵀ W J) dx = −F + Nᵀ k with the last factorization and residual, and
	// stores J dx into du.
	Direction(k []r3.Vec, du []r3.Vec)

	// Step sets x to the point of the last Factor moved by α times the last direction.
	Step(alpha float64)
}
