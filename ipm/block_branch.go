package ipm

import "gonum.org/v1/gonum/spatial/r3"

// What polish asks the blocks, by one switch per question as in block.go.

// sort finds the branch of every block: of a slack and a multiplier whose product is κ, the one that is
// larger in natural units stays.
func (v *Solver) sort() {
	for i := range v.blocks {
		f := &v.branches[i]
		*f = branch{}
		switch v.blocks[i].form() {
		case formOrthant:
			v.orthant(i).sort(f)
		case formCoulomb:
			v.coulomb(i).sort(f)
		case formBound:
			v.bound(i).sort(f)
		case formPyramid:
			v.pyramid(i).sort(f)
		case formSingle:
			v.single(i).sort(f)
		case formTurn:
			v.elliptic(i).sort(&v.branches[i-1])
		}
	}
}

// hold stores the matrices W and constants k of all branches, such that Δλ = k − W Δu takes λ to its
// branch, and returns how far the values and multipliers are from theirs, in natural units.
func (v *Solver) hold() (worst float64) {
	for i := range v.blocks {
		f, u, l, k, w, e := &v.branches[i], &v.U[i], &v.Lambda[i], &v.k[i], &v.w[i], 0.0
		*w, *k = Matrix{}, r3.Scale(-1, *l)
		switch v.blocks[i].form() {
		case formOrthant:
			e = v.orthant(i).hold(f, u, l, k, w)
		case formCoulomb:
			e = v.coulomb(i).hold(f, u, l, k, w)
		case formBound:
			e = v.bound(i).hold(f, u, l, k, w)
		case formPyramid:
			e = v.pyramid(i).hold(f, u, l, k, w)
		case formSingle:
			e = v.single(i).hold(f, u, l, k, w)
		case formEqual:
			e = v.equal(i).hold(u, k, w)
		case formTurn:
			e = v.holdTurn(i)
		}
		worst = max(worst, e)
	}
	return worst
}

// settled reports whether all branches obey the laws but for the allowed errors, and moves those that do not
// to the other branch.
func (v *Solver) settled(allowed float64) bool {
	ok := true
	for i := range v.blocks {
		f, u, l, right := &v.branches[i], &v.U[i], &v.Lambda[i], true
		switch v.blocks[i].form() {
		case formOrthant:
			right = v.orthant(i).settled(f, u, l, allowed)
		case formCoulomb:
			right = v.coulomb(i).settled(f, u, l, allowed)
		case formBound, formSingle:
			right = v.blocks[i].bounded(f, u, l, allowed)
		case formPyramid:
			right = v.pyramid(i).settled(f, u, l, allowed)
		case formTurn:
			right = v.elliptic(i).settled(&v.branches[i-1], &v.U[i-1], u, &v.Lambda[i-1], l, allowed)
		}
		ok = right && ok
	}
	return ok
}
