package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Constants of equations.
const (
	// firm is the stiffness of the spring that stands for an equation, in natural units. What one solve leaves of the
	// equation is 1/firm, and rounding of the spring's large numbers leaves firm·1e-16 of the balance of F; the first is
	// mended by more solves with the same factors, the second by nothing.
	firm = 1e6
	// firmly is the violation, in natural units, that a direction may leave of an equation that it could meet, and
	// refinements the most solves that this is worth.
	firmly      = 1e-12
	refinements = 4
)

// free is the multiplier of an equation, which may be anything. Its cone is the whole space, so that the slack, an
// element of the dual cone, is zero, and there is no product.
type free struct {
	l, l0, dl r3.Vec // multiplier, at the last factorization, its step
	r         r3.Vec // the value: what is left of the equation
}

func (p *free) advance(t float64) { p.l = r3.Add(p.l0, r3.Scale(t, p.dl)) }

// equal is a block of kind Equal. In place of its equation u + Δu = 0 stands a spring, Δλ = −W (u + Δu), whose force is
// carried on from solve to solve until the spring gives nothing (method of multipliers). Eliminating the equation
// itself would need the inverse of J A⁻¹ Nᵀ, which does not exist where equations say the same twice. With compliance
// nothing is carried on: it is a spring.
type equal struct {
	*Block
	f *free
}

// place begins without a force: unlike those of other kinds it does not follow from the value.
func (c equal) place() { c.f.l = r3.Vec{} }

func (c equal) condense(w *Matrix) {
	k := firm / (c.Scale * c.load())
	if c.Compliance > 0 {
		k = 1 / c.Compliance
	}
	if *w = (Matrix{k}); !c.Single {
		w[4], w[8] = k, k
	}
}

func (c equal) constant(w *Matrix) r3.Vec { return r3.Scale(-w[0], c.f.r) }

// remains returns what a direction leaves of the equation, left its size in natural units.
func (c equal) remains(du *r3.Vec) r3.Vec {
	if c.Compliance > 0 {
		return r3.Vec{}
	}
	return r3.Add(c.f.r, *du)
}

func (c equal) left(du *r3.Vec) float64 { return c.norm(c.remains(du)) }

// carry returns the constant of the next solve, in which the force of this one is carried on.
func (c equal) carry(w *Matrix, k, du *r3.Vec) r3.Vec { return r3.Add(w.change(k, du), c.constant(w)) }

func (c equal) norm(u r3.Vec) float64 {
	return (math.Abs(u.X) + math.Abs(u.Y) + math.Abs(u.Z)) / c.Scale
}

func (c equal) mismatch(u, l *r3.Vec) float64 {
	c.f.r = r3.Add(*u, r3.Scale(c.Compliance, *l))
	return c.norm(c.f.r)
}

// hold is the same on all branches: there is one.
func (c equal) hold(u, k *r3.Vec, w *Matrix) (worst float64) {
	c.condense(w)
	*k = r3.Scale(-w[0], *u)
	return c.norm(*u)
}
