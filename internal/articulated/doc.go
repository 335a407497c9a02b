// Package articulated solves linear systems of kinematic trees in O(n). The matrix of a step,
//
//	H_ij = s_i(q₂)ᵀ (Σ_{b below i and j} A_b) s_j(q₃) + joint terms,
//
// has the sparsity of the joint-space inertia matrix but is not symmetric: rows belong to the screws s of knot 2, columns to
// those of knot 3, and the 6×6 matrices A_b of the bodies are any. An articulated-body recursion (Featherstone, "Rigid Body
// Dynamics Algorithms", 2008, chapter 7) factors it without forming it. The package knows screws, matrices, wrenches
// and twists about one reference point, and no mechanics.
package articulated
