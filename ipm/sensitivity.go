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
	v.recenter(kappa)
	ok := v.condense()
	return v.w, ok
}

// stick is the part of its bound below which a friction force counts as sticking.
const stick = 0.7

// recenter puts the pair on the central path s∘g = κe.
func (p *pair) recenter(kappa float64) {
	g2 := p.g.x*p.g.x + p.g.y*p.g.y + p.g.z*p.g.z
	if g2 < stick*stick*p.g.a*p.g.a {
		i := kappa / p.g.det()
		p.s = cone{i * p.g.a, -i * p.g.x, -i * p.g.y, -i * p.g.z}
		p.product = p.s.prod(p.g)
		return
	}
	p.center(p.g.a, cone{x: p.s.x, y: p.s.y, z: p.s.z}, kappa)
}

// recenter puts the wedge on the central path s∘g = κe.
func (p *wedge) recenter(kappa float64) {
	if narrow := min(p.g.p, p.g.m); narrow > (1-stick)*p.g.a() {
		p.s = duo{kappa / p.g.p, kappa / p.g.m}
		p.product = p.s.mul(p.g)
		return
	}
	p.center(p.g.a(), p.s.x(), kappa)
}

// Change is an infinitesimal change of the data of one block, at fixed value u.
type Change struct {
	Kappa, KappaT float64 // of the products κ·Kappa and κ·KappaT
	Mu            float64
	Limit         float64
}

// Shift returns the change k of the multiplier of block i at fixed value, after Condense.
func (v *Solver) Shift(i int, c Change) (k r3.Vec) {
	b, at := &v.blocks[i], v.at[i]
	dg0 := c.Limit
	if b.Kind != Bound {
		p := &v.rays[at.ray]
		k.X = c.Kappa / p.s
		dg0 = b.Mu*k.X + c.Mu*p.l
	}
	switch b.form() {
	case formCoulomb:
		t := v.pairs[at.cone].shift(dg0, c.KappaT)
		k.Y, k.Z = t.X, t.Y
	case formPyramid:
		k.Y, k.Z = v.wedges[at.cone].shift(dg0, c.KappaT), v.wedges[at.cone+1].shift(dg0, c.KappaT)
	case formSingle:
		p := &v.wedges[at.cone]
		k.X = p.shift(dg0, c.KappaT) / (1 + b.Compliance*p.w)
	case formBound:
		t, w, r := v.pairs[at.cone].shift(dg0, c.KappaT), &v.w[i], b.Compliance
		k = r3.Vec{
			X: t.X - r*(w[0]*t.X+w[1]*t.Y+w[2]*t.Z),
			Y: t.Y - r*(w[3]*t.X+w[4]*t.Y+w[5]*t.Z),
			Z: t.Z - r*(w[6]*t.X+w[7]*t.Y+w[8]*t.Z),
		}
	}
	return k
}

// shift returns the change of the vector part of g at fixed vector part of s, for changes of its scalar part
// and of the product.
func (p *pair) shift(dg0, dkappa float64) r3.Vec {
	rho, i := &p.m.rho, &p.k.sInv
	e := dg0 - dkappa*i.a
	return r3.Vec{X: dkappa*i.x + rho.X*e, Y: dkappa*i.y + rho.Y*e, Z: dkappa*i.z + rho.Z*e}
}

func (p *wedge) shift(dg0, dkappa float64) float64 {
	i := duo{dkappa / p.s.p, dkappa / p.s.m}
	return i.x() + p.rho*(dg0-i.a())
}
