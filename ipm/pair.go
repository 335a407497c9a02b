package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Constants of the curved path.
const (
	// keep is the fraction of the linearized margin a − ‖x‖ that a straight step must leave; with less, the
	// wall's curvature has eaten the step and the pair turns along the wall instead.
	keep = 0.5
	// sliding is the margin, relative to a, below which a multiplier counts as near its wall.
	sliding = 0.1
	// tanTurn is the tangent of the largest turn of a multiplier in one step, about 60°. Beyond 90° its
	// linearization points back.
	tanTurn = 1.7
)

// pair is the state of one second-order cone: slack s, multiplier g, their scaling and step.
type pair struct {
	s, g, ds, dg cone
	k            scaling
	r            cone // residual u − s of the vector part
	c            cone // constant of the scaled equation Δg = −W⁻²Δs + c
	// bare start of the last accepted point
	s0, g0 cone

	flat bool // the cone has two dimensions
	l    line // of a flat pair, at the last factorization
}

// scale computes the scaling of the pair at the present point.
func (p *pair) scale() bool {
	if p.flat {
		ok := p.l.load(p.s, p.g)
		p.k.sInv = p.l.inverse()
		return ok
	}
	return p.k.set(p.s, p.g)
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
	switch {
	case second && p.flat:
		p.c = p.c.add(-1, p.l.second(p.ds, p.dg))
	case second:
		p.c = p.c.add(-1, p.k.second(p.g, p.ds, p.dg))
	}
}

// condensed returns what is left of W⁻² when the scalar part of s is eliminated: the vector parts obey
//
//	Δg₁ = −(i I − f v₁v₁ᵀ) Δs₁ + ρ (Δg₀ − c₀) + c₁,   ρ = 2v₀v₁/(1+2‖v₁‖²)
func (p *pair) condensed() (i, f float64, v, rho r3.Vec) {
	if p.flat {
		i, rho.X = p.l.condensed()
		return i, 0, v, rho
	}
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
	h00 := (p.l.hp + p.l.hm) / 2
	if w := p.k.w; !p.flat {
		h00 = (1 + 2*(w.x*w.x+w.y*w.y+w.z*w.z)) / p.k.eta2
	}
	p.ds.a = (p.c.a-dg.a)/h00 - rho.X*p.ds.x - rho.Y*p.ds.y - rho.Z*p.ds.z
}

// limit returns the largest step t ≤ 1 that keeps both elements in the cone, along the straight or the
// curved path of advance.
func (p *pair) limit(curved bool) float64 {
	if p.flat {
		return p.l.limit(p.ds, p.dg)
	}
	s, g := p.s.step(p.ds), p.g.step(p.dg)
	if curved && s < 1 {
		s = max(s, p.s.curved(p.ds, false))
	}
	if curved && g < 1 {
		g = max(g, p.g.curved(p.dg, true))
	}
	return min(s, g)
}

// curved returns the largest t ≤ 1 that keeps the linearized margin a − ‖x‖ positive and, when turn is
// set, turns the vector part by at most about 60°.
func (p cone) curved(d cone, turn bool) float64 {
	n := math.Sqrt(p.x*p.x + p.y*p.y + p.z*p.z)
	if n == 0 {
		return 0
	}
	r := (p.x*d.x + p.y*d.y + p.z*d.z) / n // growth of the norm
	t := 1.0
	if m, dm := p.a-n, d.a-r; dm < -m {
		t = -m / dm
	}
	if turn {
		across := math.Sqrt(max(0, d.x*d.x+d.y*d.y+d.z*d.z-r*r))
		if e := across - tanTurn*r; e > tanTurn*n {
			t = min(t, tanTurn*n/e)
		}
	}
	return t
}

// advance moves the pair from its start (s0, g0) by t along its step towards the product kappa. Where a
// straight step would leave the cone because its wall is curved, the vector parts turn along the wall
// instead, and a pair that slides (g near its wall) takes the margins of the central path. This agrees
// with the straight step to first order near the path. Without it a sliding contact can turn its friction
// by only √(κ/‖s‖‖g‖) per iteration, and jams.
func (p *pair) advance(t, kappa float64, curved bool) {
	if curved {
		p.s, p.g = p.path(&p.s0, &p.g0, t, kappa)
	} else {
		p.s, p.g = p.s0.add(t, p.ds), p.g0.add(t, p.dg)
	}
}

// path returns the point that advance reaches from (s0, g0) along the curved path.
func (p *pair) path(s0, g0 *cone, t, kappa float64) (s, g cone) {
	s, g = s0.add(t, p.ds), g0.add(t, p.dg)
	if p.flat {
		return s, g
	}
	mg, ms := g0.margin(p.dg, t), s0.margin(p.ds, t)
	bendG, bendS := g.min() < keep*mg, s.min() < keep*ms
	if !bendG && !bendS {
		return s, g
	}
	v := math.Sqrt(s.x*s.x + s.y*s.y + s.z*s.z)
	if g0.min() < sliding*g0.a && g.a > 0 {
		var c pair
		c.center(g.a, cone{x: v}, kappa)
		if mg = g.a + c.g.x; mg < sliding*g.a { // c.g.x is minus the norm of the central g
			bendG = true
			ms = c.s.a - v
			bendS = true
		}
	}
	if n := math.Sqrt(g.x*g.x + g.y*g.y + g.z*g.z); bendG && n > 0 && mg < g.a {
		k := (g.a - mg) / n
		g.x, g.y, g.z = k*g.x, k*g.y, k*g.z
	}
	if bendS {
		s.a = v + ms
	}
	return s, g
}

// margin returns the linearized margin a − ‖x‖ after the step t d.
func (p cone) margin(d cone, t float64) float64 {
	n := math.Sqrt(p.x*p.x + p.y*p.y + p.z*p.z)
	if n == 0 {
		return p.a + t*d.a
	}
	return p.a - n + t*(d.a-(p.x*d.x+p.y*d.y+p.z*d.z)/n)
}

// mean returns the geometric mean of the eigenvalues of the product, √(det s det g): κ on the central
// path, and blind to the angle between the vector parts.
func (p *pair) mean() float64 { return meanOf(p.s, p.g) }

func meanOf(s, g cone) float64 { return math.Sqrt(max(0, s.det()) * max(0, g.det())) }

// off returns the largest component of s∘g − κe.
func (p *pair) off(kappa float64) float64 {
	q := p.s.prod(p.g)
	return max(max(math.Abs(q.a-kappa), math.Abs(q.x)), max(math.Abs(q.y), math.Abs(q.z)))
}
