package ipm

import "gonum.org/v1/gonum/spatial/r3"

// scale computes the scalings and condensed matrices at the current point and remembers the point.
func (v *Solver) scale() bool {
	copy(v.s0, v.s)
	copy(v.l0, v.Lambda)
	for i := range v.pairs {
		p := &v.pairs[i]
		p.s0, p.g0 = p.s, p.g
		if !p.scale() {
			return false
		}
	}
	for i := range v.blocks {
		b, w := &v.blocks[i], &v.w[i]
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Orthant:
			*w = Matrix{v.Lambda[i].X / v.s[i]}
		case Coulomb:
			k := v.Lambda[i].X / v.s[i]
			d, f, a, rho := ps[0].condensed()
			m := b.Mu * k
			*w = Matrix{k, 0, 0, m * rho.X, d - f*a.X*a.X, -f * a.X * a.Y, m * rho.Y, -f * a.X * a.Y, d - f*a.Y*a.Y}
		case Pyramid:
			k := v.Lambda[i].X / v.s[i]
			d, f, a, r1 := ps[0].condensed()
			e, g, c, r2 := ps[1].condensed()
			m := b.Mu * k
			*w = Matrix{k, 0, 0, m * r1.X, d - f*a.X*a.X, 0, m * r2.X, 0, e - g*c.X*c.X}
		case Bound:
			d, f, a, _ := ps[0].condensed()
			*w = compliant(d, f, a, b.Compliance)
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
		b, k := &v.blocks[i], &v.k[i]
		*k = r3.Vec{}
		if b.Kind != Bound {
			v.sec[i] = a.normal * b.Kappa
			if second {
				v.sec[i] -= v.ds[i] * v.dl[i].X
			}
			if c := v.s[i] * v.Lambda[i].X; a.weight != 1 {
				v.sec[i] = c + a.weight*(v.sec[i]-c)
			}
			k.X = (v.sec[i]-v.Lambda[i].X*v.ru[i])/v.s[i] - v.Lambda[i].X
		}
		ps := v.pairs[v.first[i] : v.first[i]+conesOf[b.Kind]]
		for j := range ps {
			ps[j].constant(a.cone*b.KappaT, second)
			if a.weight != 1 {
				ps[j].c = ps[j].c.scale(a.weight)
			}
		}
		switch b.Kind {
		case Coulomb:
			y, z := ps[0].free(b.Mu * k.X)
			k.Y, k.Z = y, z
		case Pyramid:
			k.Y, _ = ps[0].free(b.Mu * k.X)
			k.Z, _ = ps[1].free(b.Mu * k.X)
		case Bound:
			w := &v.w[i] // (I + cM)⁻¹(κ̂ − M r) with κ̂ = c₁ − ρ c₀
			*k = ps[0].bound(w, b.Compliance)
		}
	}
	v.p.Direction(v.k, v.du)
	for i := range v.blocks {
		b, w, du, k := &v.blocks[i], &v.w[i], v.du[i], v.k[i]
		d := &v.dl[i]
		d.X = k.X - (w[0]*du.X + w[1]*du.Y + w[2]*du.Z)
		d.Y = k.Y - (w[3]*du.X + w[4]*du.Y + w[5]*du.Z)
		d.Z = k.Z - (w[6]*du.X + w[7]*du.Y + w[8]*du.Z)
		if b.Kind != Bound {
			v.ds[i] = du.X + v.ru[i]
		}
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Coulomb:
			ps[0].step(r3.Vec{X: du.Y, Y: du.Z}, cone{b.Mu * d.X, d.Y, d.Z, 0})
		case Pyramid:
			ps[0].step(r3.Vec{X: du.Y}, cone{b.Mu * d.X, d.Y, 0, 0})
			ps[1].step(r3.Vec{X: du.Z}, cone{b.Mu * d.X, d.Z, 0, 0})
		case Bound:
			c := b.Compliance
			ps[0].step(r3.Vec{X: du.X + c*d.X, Y: du.Y + c*d.Y, Z: du.Z + c*d.Z}, cone{0, d.X, d.Y, d.Z})
		}
	}
}

// free returns the constant part of Δβ for a Coulomb cone whose Δg₀ has the constant part g0.
func (p *pair) free(g0 float64) (x, y float64) {
	d, f, a, rho := p.condensed()
	m := p.r.x*a.X + p.r.y*a.Y
	e := g0 - p.c.a
	return p.c.x + rho.X*e - d*p.r.x + f*a.X*m, p.c.y + rho.Y*e - d*p.r.y + f*a.Y*m
}

// bound returns the constant part of Δλ of a Bound block with condensed matrix w = (I + cM)⁻¹M:
// (I + cM)⁻¹(c₁ − ρc₀) − w r, and (I + cM)⁻¹ = I − c w.
func (p *pair) bound(w *Matrix, c float64) r3.Vec {
	_, _, _, rho := p.condensed()
	q := r3.Vec{X: p.c.x - rho.X*p.c.a, Y: p.c.y - rho.Y*p.c.a, Z: p.c.z - rho.Z*p.c.a}
	e := r3.Vec{X: c*q.X + p.r.x, Y: c*q.Y + p.r.y, Z: c*q.Z + p.r.z}
	return r3.Vec{
		X: q.X - (w[0]*e.X + w[1]*e.Y + w[2]*e.Z),
		Y: q.Y - (w[3]*e.X + w[4]*e.Y + w[5]*e.Z),
		Z: q.Z - (w[6]*e.X + w[7]*e.Y + w[8]*e.Z),
	}
}
