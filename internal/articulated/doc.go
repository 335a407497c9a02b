// Package articulated solves linear systems of kinematic trees, in O(n) for trees alone. The matrix of a step,
//
//	H_ij = s_i(q₂)ᵀ (Σ_{b below i and j} A_b) s_j(q₃) + joint terms,
//
// has the sparsity of the joint-space inertia matrix but is not symmetric: rows belong to the screws s of knot 2, columns to
// those of knot 3, and the 6×6 matrices A_b of the bodies are any. An articulated-body recursion (Featherstone, "Rigid Body
// Dynamics Algorithms", 2008, chapter 7) factors it without forming it. The package knows screws, matrices, wrenches
// and twists about one reference point, and no mechanics.
//
// Bodies that feel each other's motion, because they touch or close a loop, add blocks s_a(q₂)ᵀ K_ab s_b(q₃). An Island is some trees
// with such blocks, and eliminates on the graph of their bodies: what couples a body couples its parent when the joint is gone, so a
// coupling climbs until both ends meet in one body or one of them is nothing but the world.
package articulated
