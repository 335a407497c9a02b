package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// center starts on the central path of the given κ of the normal parts and of the cones, with slacks equal
// to the values wherever those are feasible. Only F is violated there.
func (v *Solver) center(kappa, kappaT float64) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		b, u, l := &v.blocks[i], v.U[i], &v.Lambda[i]
		*l = r3.Vec{}
		if b.Kind != Bound {
			v.s[i] = max(u.X, b.Scale)
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
			ps[0].center(b.Limit, cone{0, u.X, u.Y, u.Z}, kappaT*b.KappaT)
			*l = r3.Vec{X: ps[0].g.x, Y: ps[0].g.y, Z: ps[0].g.z}
		}
	}
	v.residual()
	return !math.IsNaN(v.resF) && !math.IsInf(v.resF, 0) && !math.IsNaN(v.gap)
}
