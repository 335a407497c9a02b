package ipm

import (
	"slices"

	"gonum.org/v1/gonum/spatial/r3"
)

// Kind is the kind of a block.
type Kind uint8

// The kinds of blocks; see the package comment for their laws.
const (
	Orthant Kind = iota
	Coulomb
	Bound
	Pyramid
	Equal
	Elliptic
	Turn
)

// unilateral reports whether blocks of the kind have a normal part.
func (k Kind) unilateral() bool { return k == Orthant || k == Coulomb || k == Pyramid || k == Elliptic }

// Block describes one complementarity block. Multiplier and value are triples; unused components are
// zero: Orthant uses X, Coulomb, Pyramid and Elliptic (normal, friction, friction), Turn, Bound and Equal all three or,
// with Single, X. The numbers of a Turn besides Spin, Roll and Past are those of the block before.
type Block struct {
	Kind       Kind
	Mu         float64 // Coulomb, Pyramid: friction coefficient, > 0; Elliptic: the same, or 0
	Spin, Roll float64 // Turn: coefficients of the first and of the other two components, ≥ 0, not both 0
	Limit      float64 // Bound: c, > 0
	Single     bool    // Bound, Equal: only the first component of value and multiplier is used, which is solved faster
	Compliance float64 // ≥ 0. Bound, Equal: the value is u(x) + Compliance·λ. Of the other kinds: the same of the normal part

	// Kappa and KappaT are what κ = 1 means for the normal and the cone product, in the units of the
	// problem. They make κ a pure number and the iteration independent of the units of mass and length. Equal has no
	// product: there Kappa/Scale is a natural size of the multiplier.
	Kappa, KappaT float64
	// Scale is a natural size of the value: of u for Orthant and Equal, of the gap for Coulomb and Pyramid. ScaleT
	// is one of the sliding velocity, or of u for Bound.
	Scale, ScaleT float64
	// Past is the value at the end of the step before, for [Options.Warm].
	Past r3.Vec
	// Product and ProductT are natural sizes of the products: those of a multiplier that matters at a
	// value that matters. They weigh complementarity against the residual of F in the line search.
	Product, ProductT float64
}

// load and drag are one over the natural multipliers of the normal part and across it.
func (b *Block) load() float64 { return b.Scale / b.Kappa }
func (b *Block) drag() float64 { return b.ScaleT / b.KappaT }

// Matrix is the condensed 3×3 matrix of a block in row-major order.
type Matrix [9]float64

// change returns k − W du.
func (w *Matrix) change(k, du *r3.Vec) r3.Vec {
	return r3.Vec{
		X: k.X - (w[0]*du.X + w[1]*du.Y + w[2]*du.Z),
		Y: k.Y - (w[3]*du.X + w[4]*du.Y + w[5]*du.Z),
		Z: k.Z - (w[6]*du.X + w[7]*du.Y + w[8]*du.Z),
	}
}

// form is the kind of a block, with bounds of one dimension apart. The set is closed, and what the solver asks of a
// block it asks by one switch over the forms each, all of them in this file. The answers are methods of orthant,
// coulomb, pyramid, bound, single and equal, a block together with its cones, in the files block_*.go.
type form uint8

const (
	formOrthant  = form(Orthant)
	formCoulomb  = form(Coulomb)
	formBound    = form(Bound)
	formPyramid  = form(Pyramid)
	formEqual    = form(Equal)
	formElliptic = form(Elliptic) // asks nothing: it is answered with the Turn after it
	formTurn     = form(Turn)
	formSingle   = formTurn + 1
)

func (b *Block) form() form {
	if b.Kind == Bound && b.Single {
		return formSingle
	}
	return form(b.Kind)
}

// where says which cones belong to a block: a ray, and wedges, a pair, a wide cone or what is free from cone on. Of a
// Turn it says which matrix is the first of the two across, see [Problem].Factor.
type where struct{ ray, cone, across int }

func (v *Solver) orthant(i int) orthant { return orthant{&v.blocks[i], &v.rays[v.at[i].ray]} }
func (v *Solver) coulomb(i int) coulomb { return coulomb{v.orthant(i), &v.pairs[v.at[i].cone]} }
func (v *Solver) bound(i int) bound     { return bound{&v.blocks[i], &v.pairs[v.at[i].cone]} }
func (v *Solver) single(i int) single   { return single{&v.blocks[i], &v.wedges[v.at[i].cone]} }
func (v *Solver) equal(i int) equal     { return equal{&v.blocks[i], &v.frees[v.at[i].cone]} }
func (v *Solver) pyramid(i int) pyramid {
	n := v.at[i].cone
	return pyramid{v.orthant(i), &v.wedges[n], &v.wedges[n+1]}
}

// add makes the cones of a block.
func (c *cones) add(b *Block) (at where) {
	at.ray = len(c.rays)
	if b.Kind.unilateral() {
		next(&c.rays).size.set(b.Kappa, b.Product)
	}
	switch b.form() {
	case formCoulomb, formBound:
		at.cone = len(c.pairs)
		next(&c.pairs).size.set(b.KappaT, b.ProductT)
	case formSingle:
		at.cone = len(c.wedges)
		next(&c.wedges).size.set(b.KappaT, b.ProductT)
	case formPyramid:
		at.cone = len(c.wedges)
		next(&c.wedges).size.set(b.KappaT, b.ProductT)
		next(&c.wedges).size.set(b.KappaT, b.ProductT)
	case formEqual:
		at.cone = len(c.frees)
		next(&c.frees)
	case formElliptic:
		next(&c.wides).begin(b)
	case formTurn:
		at.cone = len(c.wides) - 1
		c.wides[at.cone].join(b)
	}
	return at
}

// next appends an empty cone, in its place: a pair is half a kilobyte, too much to copy.
func next[T any](l *[]T) *T {
	n := len(*l)
	*l = slices.Grow(*l, 1)[:n+1]
	c := &(*l)[n]
	var empty T
	*c = empty
	return c
}

// place puts block i on the central path at the value u, or at the normal value least if that is more.
func (v *Solver) place(i int, u *r3.Vec, least, kappa, kappaT float64) {
	switch v.blocks[i].form() {
	case formOrthant:
		v.orthant(i).place(u, least, kappa, kappaT)
	case formCoulomb:
		v.coulomb(i).place(u, least, kappa, kappaT)
	case formBound:
		v.bound(i).place(u, kappaT)
	case formPyramid:
		v.pyramid(i).place(u, least, kappa, kappaT)
	case formSingle:
		v.single(i).place(u, kappaT)
	case formEqual:
		v.equal(i).place()
	case formElliptic:
		v.orthant(i).place(u, least, kappa, kappaT)
		v.elliptic(i + 1).slides(u)
	case formTurn:
		v.elliptic(i).place(u, kappaT)
	}
}

// condense stores the matrices W of all blocks; the scalings are known.
func (v *Solver) condense() {
	for i := range v.blocks {
		w := &v.w[i]
		switch v.blocks[i].form() {
		case formOrthant:
			v.orthant(i).condense(w)
		case formCoulomb:
			v.coulomb(i).condense(w)
		case formBound:
			v.bound(i).condense(w)
		case formPyramid:
			v.pyramid(i).condense(w)
		case formSingle:
			v.single(i).condense(w)
		case formEqual:
			v.equal(i).condense(w)
		case formTurn:
			x := v.at[i].across
			v.elliptic(i).condense(&v.w[i-1], w, &v.w[x], &v.w[x+1])
		}
	}
}

// constants stores the constants k of Δλ = k − W Δu towards the aim; see toward.
func (v *Solver) constants(a aim, second bool) {
	for i := range v.blocks {
		k := &v.k[i]
		switch v.blocks[i].form() {
		case formOrthant:
			*k = v.orthant(i).constant(a, second)
		case formCoulomb:
			*k = v.coulomb(i).constant(a, second)
		case formBound:
			*k = v.bound(i).constant(a, second, &v.w[i])
		case formPyramid:
			*k = v.pyramid(i).constant(a, second)
		case formSingle:
			*k = v.single(i).constant(a, second)
		case formEqual:
			*k = v.equal(i).constant(&v.w[i])
		case formTurn:
			v.k[i-1], *k = v.elliptic(i).constant(a, second)
		}
	}
}

// steps completes the steps of all multipliers and cones from those of the values; of sharpened directions the multipliers' are known.
func (v *Solver) steps() {
	for i := range v.blocks {
		w, k, du, d := &v.w[i], &v.k[i], &v.du[i], &v.dl[i]
		if !v.sharp {
			d.X = k.X - (w[0]*du.X + w[1]*du.Y + w[2]*du.Z)
			d.Y = k.Y - (w[3]*du.X + w[4]*du.Y + w[5]*du.Z)
			d.Z = k.Z - (w[6]*du.X + w[7]*du.Y + w[8]*du.Z)
		}
		switch v.blocks[i].form() {
		case formOrthant:
			v.orthant(i).step(du, d)
		case formCoulomb:
			v.coulomb(i).step(du, d)
		case formBound:
			v.bound(i).step(du, d)
		case formPyramid:
			v.pyramid(i).step(du, d)
		case formSingle:
			v.single(i).step(du, d)
		case formEqual:
			v.equal(i).f.dl = *d
		case formTurn:
			if !v.sharp {
				v.across(i, v.dl, v.du)
			}
			v.elliptic(i).step(&v.du[i-1], du, &v.dl[i-1], d)
		}
	}
}

// gather takes the multipliers of the blocks from their cones.
func (v *Solver) gather() {
	for i := range v.blocks {
		l := &v.Lambda[i]
		switch v.blocks[i].form() {
		case formOrthant:
			*l = v.orthant(i).multiplier()
		case formCoulomb:
			*l = v.coulomb(i).multiplier()
		case formBound:
			*l = v.bound(i).multiplier()
		case formPyramid:
			*l = v.pyramid(i).multiplier()
		case formSingle:
			*l = v.single(i).multiplier()
		case formEqual:
			*l = v.equal(i).f.l
		case formTurn:
			v.Lambda[i-1], *l = v.elliptic(i).multiplier()
		}
	}
}

// mismatch stores how far all slacks are from the values and returns the largest of it, in natural units.
func (v *Solver) mismatch() (gap float64) {
	for i := range v.blocks {
		u, l, e := &v.U[i], &v.Lambda[i], 0.0
		switch v.blocks[i].form() {
		case formOrthant:
			e = v.orthant(i).mismatch(u, l)
		case formCoulomb:
			e = v.coulomb(i).mismatch(u, l)
		case formBound:
			e = v.bound(i).mismatch(u, l)
		case formPyramid:
			e = v.pyramid(i).mismatch(u, l)
		case formSingle:
			e = v.single(i).mismatch(u, l)
		case formEqual:
			e = v.equal(i).mismatch(u, l)
		case formTurn:
			e = v.elliptic(i).mismatch(&v.U[i-1], u, &v.Lambda[i-1])
		}
		gap = max(gap, e)
	}
	return gap
}

// Violation returns how far block i is from its laws after a solve, in natural units: mismatch of value
// and slack, and distance of the products from the central path of the last target.
func (v *Solver) Violation(i int) float64 {
	switch v.blocks[i].form() {
	case formOrthant:
		return v.orthant(i).violation()
	case formCoulomb:
		return v.coulomb(i).violation()
	case formBound:
		return v.bound(i).violation()
	case formPyramid:
		return v.pyramid(i).violation()
	case formSingle:
		return v.single(i).violation()
	case formElliptic:
		return v.elliptic(i + 1).violation()
	case formTurn:
		return 0 // that of the block before
	default:
		return v.equal(i).mismatch(&v.U[i], &v.equal(i).f.l)
	}
}

// bendOf returns the largest product of the steps of slack and multiplier of block i, in units of κ.
func (v *Solver) bendOf(i int) float64 {
	switch v.blocks[i].form() {
	case formOrthant:
		return v.orthant(i).bend()
	case formCoulomb:
		return v.coulomb(i).bend()
	case formBound:
		return v.bound(i).t.bend()
	case formPyramid:
		return v.pyramid(i).bend()
	case formSingle:
		return v.single(i).t.bend()
	case formTurn:
		return v.elliptic(i).bend()
	default:
		return 0 // an equation has one branch
	}
}

// straight moves block i by a along its step.
func (v *Solver) straight(i int, a, kappa float64) {
	switch v.blocks[i].form() {
	case formOrthant:
		v.orthant(i).straight(a, kappa)
	case formCoulomb:
		v.coulomb(i).straight(a, kappa)
	case formBound:
		v.bound(i).straight(a, kappa)
	case formPyramid:
		v.pyramid(i).straight(a, kappa)
	case formSingle:
		v.single(i).t.advance(a)
	case formEqual:
		v.equal(i).f.advance(a)
	case formTurn:
		v.elliptic(i).straight(a, kappa)
	}
}

// retract puts block i on the path of κ at the point of its normal map to which a step of a leads.
func (v *Solver) retract(i int, a, kappa float64) {
	t := v.give[i]
	switch v.blocks[i].form() {
	case formOrthant:
		v.orthant(i).retract(a, t, kappa)
	case formCoulomb:
		v.coulomb(i).retract(a, t, kappa)
	case formBound:
		v.bound(i).retract(a, t, kappa)
	case formPyramid:
		v.pyramid(i).retract(a, t, kappa)
	case formSingle:
		v.single(i).retract(a, t, kappa)
	case formTurn:
		v.elliptic(i).retract(a, t, kappa)
	}
}

// gives stores what block i gives where its value answers by the matrix a to its multiplier.
func (v *Solver) gives(i int, a *Matrix) {
	t, w := &v.give[i], &v.w[i]
	switch v.blocks[i].form() {
	case formOrthant:
		v.orthant(i).gives(t, a, w)
	case formCoulomb:
		v.coulomb(i).gives(t, a, w)
	case formBound:
		v.bound(i).gives(t, a, w)
	case formPyramid:
		v.pyramid(i).gives(t, a, w)
	case formSingle:
		v.single(i).gives(t, a, w)
	case formTurn:
		v.elliptic(i).gives(t, &v.local[i-1], a, &v.w[i-1], w)
	}
}

// Shift returns the change k of the multiplier of block i at fixed value, after Condense. What changes of an Elliptic
// block or of the Turn after it changes both.
func (v *Solver) Shift(i int, d Change) (k r3.Vec) {
	switch v.blocks[i].form() {
	case formOrthant:
		return v.orthant(i).shift(d)
	case formCoulomb:
		return v.coulomb(i).shift(d)
	case formBound:
		return v.bound(i).shift(d, &v.w[i])
	case formPyramid:
		return v.pyramid(i).shift(d)
	case formSingle:
		return v.single(i).shift(d)
	case formElliptic:
		k, _ = v.elliptic(i + 1).shift(d)
		return k
	case formTurn:
		_, k = v.elliptic(i).shift(d)
		return k
	default:
		return k // nothing of an equation but its value depends on data
	}
}
