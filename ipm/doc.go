// Package ipm solves mixed complementarity problems over orthants and second-order cones by a primal–dual
// interior-point method. It knows no physics and no geometry, and it is no optimizer: it finds a point
// where forces and motions agree, not a minimum.
//
// # Problems
//
// A [Problem] has free variables x that it keeps itself, equations F(x, λ) = 0, and blocks i with a
// multiplier λᵢ and a value uᵢ(x). Each block has a kind:
//
//	Orthant   0 ≤ u ⟂ λ ≥ 0
//	Coulomb   u = (gap, sliding velocity), λ = (normal, friction): 0 ≤ gap ⟂ normal ≥ 0 and the exact
//	          Coulomb law ‖friction‖ ≤ μ·normal, friction opposite to sliding when the bound is reached
//	Bound     ‖λ‖ ≤ c, λ opposite to u when the bound is reached (maximal dissipation)
//	Pyramid   as Coulomb with a bound on each friction component alone, |friction| ≤ μ·normal: a pyramid
//	          of four sides, for comparison. It encloses the cone of μ, and fits into that of √2 μ
//	Equal     u = 0, λ free
//	Elliptic  as Coulomb, with the components of the Turn right after it in the same cone: with the coefficients d of all
//	          five ‖(friction, turn)/d‖ ≤ normal, both opposite to d times d times their values when the bound is reached
//	Turn      further components of the Elliptic block before it
//
// A contact problem that consists of nothing but matrices needs no Problem of its own: see [Delassus].
//
// # Central path
//
// The solver finds the point of the central path where every complementarity product equals κ times the
// identity element of its cone:
//
//	s λ = κ                on the orthant
//	s ∘ g = κ (1, 0, 0, 0) on a cone, ∘ the Jordan product
//
// with slacks s = u. Of a cone's slack the first component is free; that of its multiplier g is the bound,
// μ·normal or c, and normal alone where all components are over their coefficients (Elliptic). Equations have no product. For each κ > 0 that point is a smooth function of the problem's data, which is what
// derivatives of a step rest on. κ is a pure number: every block states what κ = 1 means in its units. As κ
// → 0 the exact laws remain; a contact at rest keeps the gap κ/normal and creeps in proportion to κ.
//
// # Algorithm
//
// A step that follows another starts where that ended (Options.Warm): the multipliers need not be remembered,
// because on the central path they follow from the values, and those are in the state of a mechanism. From there
// it leaps: Newton's method towards κ at once, in which a block that would leave the path takes from its step only
// the combination z = s − tλ and returns to the path there. No wall cuts such a step, and a block changes its branch
// in one. As κ → 0 that is a semismooth Newton method, which nothing forces to converge; it is given up where it
// does not.
//
// Then the start is the point of the path at κ = 1 (Options.Start) that has the values' own slacks, so only F
// is violated there, and in every iteration:
//
//   - Nesterov–Todd scaling (Math. Oper. Res. 22(1), 1997; the closed form for second-order cones follows
//     Vandenberghe, "The CVXOPT linear and quadratic cone program solvers", 2010, section 4) makes the
//     linearized products symmetric in s and g: Δg = −W⁻²Δs + c. Each block is condensed to a matrix of
//     3×3, and the problem factors once.
//   - Far from the target the step is Mehrotra's predictor–corrector (SIAM J. Optim. 2(4), 1992): a first
//     direction towards κ = 0 tells how far the products can fall, a second aims there and corrects for the
//     products of the first. After a step that was cut short it is plain Newton, and near the target Newton
//     corrected for the second-order term of its own direction. (Mehrotra's term is that of the direction
//     towards κ = 0, which does not vanish at κ: with it iterates settle beside the path.)
//   - The line search moves along a curve: a pair whose straight step would hit the round wall of its cone
//     turns along the wall, and a pair that slides takes the margins of the central path. Without this a
//     contact can turn its friction by only √κ per iteration, and jams.
//   - It backtracks until one merit, the sum of all violations in natural units, falls, and no product is
//     left far below the others. After a few halvings it follows the straight line, where descent is
//     certain.
//
// Loaded with bodies that lean on each other, or Jointed, and without equations, the run is another one: where steps are cut short its
// matrix is that of friction that dilates, which is more monotone than Coulomb's law (dilate.go).
//
// # Equations
//
// In place of an equation stands a stiff spring whose force is carried on from solve to solve with the same factors until
// the spring gives nothing: the method of multipliers (Bertsekas, "Constrained Optimization and Lagrange Multiplier
// Methods", 1982). One or two more solves, an eighth of an iteration each, leave a direction 1e-12 off the
// linearized equation. So it does not matter that equations say the same twice, as those of closed loops do; their forces
// are shared alike. Equations that contradict each other are no solution.
//
// # Folds
//
// Coulomb's law is no minimum of anything, so where friction is strong the central path may turn back to
// larger κ at a fold; no step at a smaller κ gets on from there. Should the fast iteration fail, the solver
// starts once more from a point where the target of the cones is so large that friction hardly acts, and
// follows the path on which friction thaws while both targets, F and u − s shrink. The target is an unknown of
// each step, and steps are measured along the path (pseudo-arclength continuation; Allgower and Georg,
// "Numerical Continuation Methods", 1990), which takes them around folds. Without friction there is one
// solution, so the path cannot come back to its start; a κ-path that starts with friction can, and does.
//
// Last the solver follows that path more closely, and then the central path of the problem as it is in careful short
// steps: it lowers its target only when it has come near. Loaded, runs that jam are not the end: before it the fast run
// goes on by leaps, from the path at the mean product that it came to, and the careful run along that path. A solve
// never ends in silence: its [Status] is Solved only when all tolerances hold.
//
// # κ = 0
//
// Options.Polish takes the solution on to κ = 0. Of every pair of slack and multiplier the larger one tells
// which branch of its law a block is on: apart, sticking or at its bound. The equations of the branches are
// solved by Newton's method; what is to be zero is held by stiff springs whose forces are carried on from
// iteration to iteration, as those of equations are, so that contacts may hold a body in more ways than it has
// freedoms. Branches that turn out to contradict the laws are corrected, and where that does not settle the
// solution stays at κ.
//
// # Code
//
// What each kind of block knows of itself is in block_*.go, asked for by one switch per question in block.go; cones of
// each dimension in ray.go, wedge.go, pair.go and wide.go, the loops over all of them in cones.go. The ways of going on are fast
// and careful (iterate.go), dilate, leap and thaw; Solve tries them in turn.
package ipm
