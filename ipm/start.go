package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// boldest is the largest multiplier, in natural units, that is taken over from the step before.
const boldest = 4

// center starts on the central path of the given κ of the normal parts and of the cones, with slacks equal
// to the values wherever those are feasible. Only F is violated there.
func (v *Solver) center(kappa, kappaT float64) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		v.place(i, v.U[i], v.blocks[i].Scale, kappa, kappaT)
	}
	return v.started()
}

// resume starts with the multipliers that the step before ended with: those of the central path at its
// values. What has changed since violates F and u = s.
func (v *Solver) resume(kappa float64) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		b := &v.blocks[i]
		v.place(i, b.Past, kappa*b.Scale/boldest, kappa, kappa)
	}
	return v.started()
}

// place puts block i on the central path at the value u, or at the normal value least if that is more.
func (v *Solver) place(i int, u r3.Vec, least, kappa, kappaT float64) {
	b, l := &v.blocks[i], &v.Lambda[i]
	*l = r3.Vec{}
	if b.Kind != Bound {
		v.s[i] = max(u.X, least)
		l.X = kappa * b.Kappa / v.s[i]
	}
	ps := v.pairs[v.first[i]:]
	switch b.Kind {
	case Coulomb:
		ps[0].center(b.Mu*l.X, cone{x: u.Y, y: u.Z}, kappaT*b.KappaT)
		l.Y, l.Z = ps[0].g.x, ps[0].g.y
	case Pyramid:
		ps[0].center(b.Mu*l.X, cone{x: u.Y}, kappaT*b.KappaT)
		ps[1].center(b.Mu*l.X, cone{x: u.Z}, kappaT*b.KappaT)
		l.Y, l.Z = ps[0].g.x, ps[1].g.x
	case Bound:
		ps[0].center(b.Limit, cone{0, u.X, u.Y, u.Z}.scale(b.yield(u, kappaT)), kappaT*b.KappaT)
		*l = r3.Vec{X: ps[0].g.x, Y: ps[0].g.y, Z: ps[0].g.z}
	}
}

// yield returns the part of the value u of a Bound block that is left on the central path when its
// multiplier has pushed through the compliance: y = a/(a + cL) with (a − b)(a + cL)² = a‖u‖², where
// a is the scalar part of s and b = κ/L. Newton's method comes down from a = b + ‖u‖, where y = 1, without
// overshooting: the cubic is convex beyond its largest root.
func (b *Block) yield(u r3.Vec, kappa float64) float64 {
	k := b.Compliance * b.Limit
	if k == 0 {
		return 1
	}
	u2, least := r3.Norm2(u), kappa*b.KappaT/b.Limit
	a := least + math.Sqrt(u2)
	const enough = 50 // where bound and value nearly agree the error only halves each time
	for range enough {
		f, df := (a-least)*(a+k)*(a+k)-a*u2, (a+k)*(a+k)+2*(a-least)*(a+k)-u2
		if !(f > 0 && df > 0) || a-f/df >= a {
			break
		}
		a -= f / df
	}
	return a / (a + k)
}

// started evaluates F at the start.
func (v *Solver) started() bool {
	v.residual()
	return !math.IsNaN(v.resF) && !math.IsInf(v.resF, 0) && !math.IsNaN(v.gap)
}
