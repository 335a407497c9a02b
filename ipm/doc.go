// Package ipm solves mixed complementarity problems over orthants and second-order cones by a
// primal–dual interior-point method. It knows no physics and no geometry.
//
// A [Problem] has free variables x that it keeps itself, equations F(x, λ) = 0, and blocks i with a
// multiplier λᵢ and a value uᵢ(x). Each block has a kind:
//
//	Orthant   0 ≤ u ⟂ λ ≥ 0
//	Coulomb   u = (gap, sliding velocity), λ = (normal, friction): 0 ≤ gap ⟂ normal ≥ 0 and the exact
//	          Coulomb law ‖friction‖ ≤ μ·normal, friction opposite to sliding when the bound is reached
//	Bound     ‖λ‖ ≤ c, λ opposite to u when the bound is reached (maximal dissipation)
//	Pyramid   as Coulomb with a four-sided pyramid inscribed in the cone, for comparison
//
// The solver finds the point of the central path where every complementarity product equals κ times the
// identity element of its cone: s·λ = κ on the orthant, s∘g = κ(1,0,0,0) on a cone (∘ the Jordan
// product), with slacks s = u. For each κ > 0 that point is a smooth function of the problem's data.
//
// The cones use Nesterov–Todd scaling (Nesterov and Todd, Math. Oper. Res. 22(1), 1997; the closed form
// for second-order cones follows Vandenberghe, "The CVXOPT linear and quadratic cone program solvers",
// 2010, section 4), the loop Mehrotra's predictor–corrector (SIAM J. Optim. 2(4), 1992). Near the target
// the predictor is dropped and plain Newton steps towards κ are taken: with Mehrotra's second-order term
// kept on, iterates settle beside the central path.
package ipm
