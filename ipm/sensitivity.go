package ipm

import "gonum.org/v1/gonum/spatial/r3"

// Condense returns the condensed matrices W at the point of the last solve: near the central path
// dλ = −W du + k, where k is what [Solver.Shift] returns for a change of the blocks' own data. On the
// path this is the exact derivative of the complementarity equations, because the Nesterov–Todd scaling
// is the only automorphism of the cone that maps s to g, and s⁻¹ ↦ κ s⁻¹ has that property.
//
// The cones are first put on the path exactly, from the side that is known to full relative precision: a
// sliding contact from its velocity, a sticking one from its force. The small margin between an element
// and its cone decides W, and rounding of the iterates leaves only some of its digits.
func (v *Solver) Condense(kappa float64) ([]Matrix, bool) {
	for i := range v.blocks {
		b := &v.blocks[i]
		for k := 0; k < conesOf[b.Kind]; k++ {
			v.pairs[v.first[i]+k].recenter(kappa * b.KappaT)
		}
	}
	ok := v.scale()
	return v.w, ok
}

// recenter puts the pair on the central path s∘g = κe.
func (p *pair) recenter(kappa float64) {
	const stick = 0.5
	g2 := p.g.x*p.g.x + p.g.y*p.g.y + p.g.z*p.g.z
	if g2 < stick*p.g.a*p.g.a {
		i := kappa / p.g.det()
		p.s = cone{i * p.g.a, -i * p.g.x, -i * p.g.y, -i * p.g.z}
		return
	}
	p.center(p.g.a, cone{x: p.s.x, y: p.s.y, z: p.s.z}, kappa)
}

// Change is an infinitesimal change of the data of one block, at fixed value u.
type Change struct {
	Kappa, KappaT float64 // of the products κ·Kappa and κ·KappaT
	Mu            float64
	Limit         float64
}

// Shift returns the change k of the multiplier of block i at fixed value, after Condense.
func (v *Solver) Shift(i int, c Change) (k r3.Vec) {
	b := &v.blocks[i]
	l := v.Lambda[i].X
	ps := v.pairs[v.first[i] : v.first[i]+conesOf[b.Kind]]
	if b.Kind != Bound {
		k.X = c.Kappa / v.s[i]
	}
	side := func(p *pair, dg0 float64) r3.Vec {
		_, _, _, rho := p.condensed()
		e := dg0 - c.KappaT*p.k.sInv.a
		return r3.Vec{X: c.KappaT*p.k.sInv.x + rho.X*e, Y: c.KappaT*p.k.sInv.y + rho.Y*e, Z: c.KappaT*p.k.sInv.z + rho.Z*e}
	}
	dg0 := b.Mu*k.X + c.Mu*l
	switch b.Kind {
	case Coulomb:
		t := side(&ps[0], dg0)
		k.Y, k.Z = t.X, t.Y
	case Pyramid:
		k.Y, k.Z = side(&ps[0], dg0).X, side(&ps[1], dg0).X
	case Bound:
		t, w, r := side(&ps[0], c.Limit), &v.w[i], b.Compliance
		k = r3.Vec{
			X: t.X - r*(w[0]*t.X+w[1]*t.Y+w[2]*t.Z),
			Y: t.Y - r*(w[3]*t.X+w[4]*t.Y+w[5]*t.Z),
			Z: t.Z - r*(w[6]*t.X+w[7]*t.Y+w[8]*t.Z),
		}
	}
	return k
}
