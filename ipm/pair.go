package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// pair is the state of one second-order cone: slack s, multiplier g, their scaling and step.
type pair struct {
	s, g, ds, dg cone
	k            scaling
	r            cone // residual u − s of the vector part
	c            cone // constant of the scaled equation Δg = −W⁻²Δs + c
	// bare start of the last accepted point
	s0, g0 cone
}

// center places the pair on the central path s∘g = κe for the given g.a and vector part of s.
func (p *pair) center(ga float64, v cone, kappa float64) {
	b := kappa / ga
	n2 := v.x*v.x + v.y*v.y + v.z*v.z
	p.s = cone{(b + math.Sqrt(b*b+4*n2)) / 2, v.x, v.y, v.z}
	f := -ga / p.s.a
	p.g = cone{ga, f * v.x, f * v.y, f * v.z}
}

// constant sets c for the target κ; second adds Mehrotra's second-order term of the last step.
func (p *pair) constant(kappa float64, second bool) {
	i := p.k.sInv
	p.c = cone{kappa*i.a - p.g.a, kappa*i.x - p.g.x, kappa*i.y - p.g.y, kappa*i.z - p.g.z}
	if second {
		p.c = p.c.add(-1, p.k.second(p.g, p.ds, p.dg))
	}
}

// condensed returns what is left of W⁻² when the scalar part of s is eliminated: the vector parts obey
//
//	Δg₁ = −(i I − f v₁v₁ᵀ) Δs₁ + ρ (Δg₀ − c₀) + c₁,   ρ = 2v₀v₁/(1+2‖v₁‖²)
func (p *pair) condensed() (i, f float64, v, rho r3.Vec) {
	v = r3.Vec{X: -p.k.w.x, Y: -p.k.w.y, Z: -p.k.w.z}
	d := 1 / (1 + 2*(v.X*v.X+v.Y*v.Y+v.Z*v.Z))
	i = 1 / p.k.eta2
	r := 2 * p.k.w.a * d
	return i, 2 * i * d, v, r3.Vec{X: r * v.X, Y: r * v.Y, Z: r * v.Z}
}

// step completes the step of the pair from the change dv of the vector part of u and Δg.
func (p *pair) step(dv r3.Vec, dg cone) {
	p.dg = dg
	_, _, _, rho := p.condensed()
	p.ds = cone{0, dv.X + p.r.x, dv.Y + p.r.y, dv.Z + p.r.z}
	w := p.k.w
	h00 := (1 + 2*(w.x*w.x+w.y*w.y+w.z*w.z)) / p.k.eta2
	p.ds.a = (p.c.a-dg.a)/h00 - rho.X*p.ds.x - rho.Y*p.ds.y - rho.Z*p.ds.z
}

// off returns the largest component of s∘g − κe.
func (p *pair) off(kappa float64) float64 {
	q := p.s.prod(p.g)
	return math.Max(math.Max(math.Abs(q.a-kappa), math.Abs(q.x)), math.Max(math.Abs(q.y), math.Abs(q.z)))
}
