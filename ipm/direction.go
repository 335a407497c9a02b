package ipm

import "gonum.org/v1/gonum/spatial/r3"

// condense computes the scalings and condensed matrices at the current point and remembers the point.
func (v *Solver) condense() bool {
	if !v.scale() {
		return false
	}
	for i := range v.blocks {
		b, w, at := &v.blocks[i], &v.w[i], v.at[i]
		switch b.form() {
		case formOrthant:
			p := &v.rays[at.ray]
			*w = Matrix{p.l / p.s}
		case formCoulomb:
			p, m := &v.rays[at.ray], &v.pairs[at.cone].m
			k := p.l / p.s
			a := m.v
			*w = Matrix{
				k, 0, 0,
				b.Mu * k * m.rho.X, m.i - m.f*a.X*a.X, -m.f * a.X * a.Y,
				b.Mu * k * m.rho.Y, -m.f * a.X * a.Y, m.i - m.f*a.Y*a.Y,
			}
		case formPyramid:
			p, y, z := &v.rays[at.ray], &v.wedges[at.cone], &v.wedges[at.cone+1]
			k := p.l / p.s
			*w = Matrix{k, 0, 0, b.Mu * k * y.rho, y.w, 0, b.Mu * k * z.rho, 0, z.w}
		case formSingle:
			m := v.wedges[at.cone].w
			*w = Matrix{m / (1 + b.Compliance*m)}
		case formBound:
			m := &v.pairs[at.cone].m
			*w = compliant(m.i, m.f, m.v, b.Compliance)
		}
	}
	return true
}

// compliant returns (I + cM)⁻¹M for M = d I − f a aᵀ, by the Sherman–Morrison formula: both share axes.
func compliant(d, f float64, a r3.Vec, c float64) Matrix {
	// across a: d/(1+cd); along a: (d − f a²)/(1 + c(d − f a²))
	a2 := a.X*a.X + a.Y*a.Y + a.Z*a.Z
	across := d / (1 + c*d)
	g := 0.0
	if a2 > 0 {
		m := d / (1 + 2*a2) // d − f a² without cancellation
		g = (across - m/(1+c*m)) / a2
	}
	return Matrix{
		across - g*a.X*a.X, -g * a.X * a.Y, -g * a.X * a.Z,
		-g * a.X * a.Y, across - g*a.Y*a.Y, -g * a.Y * a.Z,
		-g * a.X * a.Z, -g * a.Y * a.Z, across - g*a.Z*a.Z,
	}
}

// direction computes all steps towards the products target·e. second uses the previous direction for
// Mehrotra's second-order term.
func (v *Solver) direction(target float64, second bool) { v.toward(aim{target, target, 1}, second) }

// aim is what a direction aims at: products of the normal parts and of the cones. weight multiplies the
// change of the products, while F and u − s always go to zero.
type aim struct{ normal, cone, weight float64 }

// toward is direction for any aim.
func (v *Solver) toward(a aim, second bool) {
	for i := range v.blocks {
		b, k, at := &v.blocks[i], &v.k[i], v.at[i]
		switch b.form() {
		case formOrthant:
			*k = r3.Vec{X: v.rays[at.ray].constant(a.normal*b.Kappa, a.weight, second)}
		case formCoulomb:
			p := &v.pairs[at.cone]
			k.X = v.rays[at.ray].constant(a.normal*b.Kappa, a.weight, second)
			p.constant(a.cone*b.KappaT, a.weight, second)
			k.Y, k.Z = p.free(b.Mu * k.X)
		case formPyramid:
			k.X = v.rays[at.ray].constant(a.normal*b.Kappa, a.weight, second)
			k.Y = v.wedges[at.cone].constant(a.cone*b.KappaT, a.weight, second, b.Mu*k.X)
			k.Z = v.wedges[at.cone+1].constant(a.cone*b.KappaT, a.weight, second, b.Mu*k.X)
		case formSingle:
			p := &v.wedges[at.cone]
			*k = r3.Vec{X: p.constant(a.cone*b.KappaT, a.weight, second, 0) / (1 + b.Compliance*p.w)}
		case formBound:
			p := &v.pairs[at.cone]
			p.constant(a.cone*b.KappaT, a.weight, second)
			*k = p.bound(&v.w[i], b.Compliance)
		}
	}
	v.p.Direction(v.k, v.du)
	for i := range v.blocks {
		b, w, du, k, d, at := &v.blocks[i], &v.w[i], &v.du[i], &v.k[i], &v.dl[i], v.at[i]
		switch b.form() {
		case formOrthant:
			p := &v.rays[at.ray]
			*d = r3.Vec{X: k.X - w[0]*du.X}
			p.ds, p.dl = du.X+p.r, d.X
			continue
		case formSingle:
			*d = r3.Vec{X: k.X - w[0]*du.X}
			v.wedges[at.cone].step(du.X+b.Compliance*d.X, 0, d.X)
			continue
		}
		d.X = k.X - (w[0]*du.X + w[1]*du.Y + w[2]*du.Z)
		d.Y = k.Y - (w[3]*du.X + w[4]*du.Y + w[5]*du.Z)
		d.Z = k.Z - (w[6]*du.X + w[7]*du.Y + w[8]*du.Z)
		if b.Kind == Bound {
			c := b.Compliance
			v.pairs[at.cone].step(r3.Vec{X: du.X + c*d.X, Y: du.Y + c*d.Y, Z: du.Z + c*d.Z}, cone{0, d.X, d.Y, d.Z})
			continue
		}
		p := &v.rays[at.ray]
		p.ds, p.dl = du.X+p.r, d.X
		if b.Kind == Coulomb {
			v.pairs[at.cone].step(r3.Vec{X: du.Y, Y: du.Z}, cone{b.Mu * d.X, d.Y, d.Z, 0})
		} else {
			v.wedges[at.cone].step(du.Y, b.Mu*d.X, d.Y)
			v.wedges[at.cone+1].step(du.Z, b.Mu*d.X, d.Z)
		}
	}
}
