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
	// sticking is the part of its bound below which recentering takes a multiplier for sticking.
	sticking = 0.7
)

// pair is the state of one round cone, of three or four dimensions: slack s, multiplier g, their scaling and
// step.
type pair struct {
	s, g, ds, dg cone
	k            scaling
	m            schur
	r            cone // residual u − s of the vector part
	c            cone // constant of the scaled equation Δg = −W⁻²Δs + c
	// bare start of the last accepted point
	s0, g0  cone
	product cone // s∘g
	// how much a gap closes per speed of sliding beyond slid, see Solver.dilate
	dilates, slid float64
	size
}

// schur is what is left of W⁻² when the scalar part of s is eliminated: the vector parts obey
//
//	Δg₁ = −(i I − f v₁v₁ᵀ) Δs₁ + ρ (Δg₀ − c₀) + c₁,   ρ = 2v₀v₁/(1+2‖v₁‖²)
//
// and h is the eliminated pivot.
type schur struct {
	i, f, h float64
	v, rho  r3.Vec
}

// scale computes the scaling of the pair at the present point and remembers it.
func (p *pair) scale() bool {
	p.s0, p.g0 = p.s, p.g
	if !p.k.set(p.s, p.g) {
		return false
	}
	p.k.schur(&p.m)
	return true
}

// schur makes m that, in its place: what was just written number by number is slow to copy.
func (k *scaling) schur(m *schur) {
	v := r3.Vec{X: -k.w.x, Y: -k.w.y, Z: -k.w.z}
	n := 1 + 2*(v.X*v.X+v.Y*v.Y+v.Z*v.Z)
	d, i := 1/n, 1/k.eta2
	r := 2 * k.w.a * d
	m.i, m.f, m.h = i, 2*i*d, n*i
	m.v.X, m.v.Y, m.v.Z = v.X, v.Y, v.Z
	m.rho.X, m.rho.Y, m.rho.Z = r*v.X, r*v.Y, r*v.Z
}

// center places the pair on the central path s∘g = κe for the given g.a and vector part of s.
func (p *pair) center(ga float64, v cone, kappa float64) {
	b := kappa / ga
	n2 := v.x*v.x + v.y*v.y + v.z*v.z
	p.s = cone{(b + math.Sqrt(b*b+4*n2)) / 2, v.x, v.y, v.z}
	f := -ga / p.s.a
	p.g = cone{ga, f * v.x, f * v.y, f * v.z}
	p.product = p.s.prod(p.g)
}

// constant sets c for the target κ; second adds Mehrotra's second-order term of the last step, weight
// multiplies the change of the product.
func (p *pair) constant(kappa, weight float64, second bool) {
	i := p.k.sInv
	p.c = cone{kappa*i.a - p.g.a, kappa*i.x - p.g.x, kappa*i.y - p.g.y, kappa*i.z - p.g.z}
	if second {
		p.c = p.c.add(-1, p.k.second(p.g, p.ds, p.dg))
	}
	if weight != 1 {
		p.c = p.c.scale(weight)
	}
}

// free returns the constant part of Δβ for a Coulomb cone whose Δg₀ has the constant part g0.
func (p *pair) free(g0 float64) (x, y float64) {
	c := &p.m
	a := p.r.x*c.v.X + p.r.y*c.v.Y
	e := g0 - p.c.a
	return p.c.x + c.rho.X*e - c.i*p.r.x + c.f*c.v.X*a, p.c.y + c.rho.Y*e - c.i*p.r.y + c.f*c.v.Y*a
}

// bound returns the constant part of Δλ of a Bound block with condensed matrix w = (I + cM)⁻¹M:
// (I + cM)⁻¹(c₁ − ρc₀) − w r, and (I + cM)⁻¹ = I − c w.
func (p *pair) bound(w *Matrix, c float64) r3.Vec {
	rho := p.m.rho
	q := r3.Vec{X: p.c.x - rho.X*p.c.a, Y: p.c.y - rho.Y*p.c.a, Z: p.c.z - rho.Z*p.c.a}
	e := r3.Vec{X: c*q.X + p.r.x, Y: c*q.Y + p.r.y, Z: c*q.Z + p.r.z}
	return r3.Vec{
		X: q.X - (w[0]*e.X + w[1]*e.Y + w[2]*e.Z),
		Y: q.Y - (w[3]*e.X + w[4]*e.Y + w[5]*e.Z),
		Z: q.Z - (w[6]*e.X + w[7]*e.Y + w[8]*e.Z),
	}
}

// step completes the step of the pair from the change dv of the vector part of u and Δg.
func (p *pair) step(dv r3.Vec, dg cone) {
	p.dg = dg
	p.ds = cone{0, dv.X + p.r.x, dv.Y + p.r.y, dv.Z + p.r.z}
	rho := &p.m.rho
	p.ds.a = (p.c.a-dg.a)/p.m.h - rho.X*p.ds.x - rho.Y*p.ds.y - rho.Z*p.ds.z
}

// limit returns the largest step t ≤ 1 that keeps both elements in the cone, along the straight or the
// curved path of advance.
func (p *pair) limit(curved bool) float64 {
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
	p.product = p.s.prod(p.g)
}

// path returns the point that advance reaches from (s0, g0) along the curved path.
func (p *pair) path(s0, g0 *cone, t, kappa float64) (s, g cone) {
	s, g = s0.add(t, p.ds), g0.add(t, p.dg)
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
	q := &p.product
	return max(max(math.Abs(q.a-kappa), math.Abs(q.x)), max(math.Abs(q.y), math.Abs(q.z)))
}

// bend returns the largest component of the product of the steps, in units of κ.
func (p *pair) bend() float64 {
	q := p.ds.prod(p.dg)
	return max(max(math.Abs(q.a), math.Abs(q.x)), max(math.Abs(q.y), math.Abs(q.z))) * p.per
}

// retract puts the pair, its multiplier bounded, on the path where the vector parts of s − t g are those of a step of a.
func (p *pair) retract(a, t, bound, kappa float64) {
	s, g := p.s0.add(a, p.ds), p.g0.add(a, p.dg)
	y := cone{0, s.x - t*g.x, s.y - t*g.y, s.z - t*g.z}
	n := math.Sqrt(y.x*y.x + y.y*y.y + y.z*y.z)
	p.center(bound, y.scale(yield(n, kappa, t, bound)), kappa)
}

// recenter puts the pair on the central path s∘g = κe and finds its scaling there.
func (p *pair) recenter(kappa float64) bool {
	det := 0.0 // of s
	if g2 := p.g.x*p.g.x + p.g.y*p.g.y + p.g.z*p.g.z; g2 < sticking*sticking*p.g.a*p.g.a {
		i := kappa / p.g.det()
		p.s = cone{i * p.g.a, -i * p.g.x, -i * p.g.y, -i * p.g.z}
		p.product = p.s.prod(p.g)
		det = i * kappa
	} else {
		p.center(p.g.a, cone{x: p.s.x, y: p.s.y, z: p.s.z}, kappa)
		det = p.s.a * kappa / p.g.a
	}
	p.s0, p.g0 = p.s, p.g
	if !p.k.path(p.s, det, kappa) {
		return false
	}
	p.k.schur(&p.m)
	return true
}

// shift returns the change of the vector part of g at fixed vector part of s, for changes of its scalar part
// and of the product.
func (p *pair) shift(dg0, dkappa float64) r3.Vec {
	rho, i := &p.m.rho, &p.k.sInv
	e := dg0 - dkappa*i.a
	return r3.Vec{X: dkappa*i.x + rho.X*e, Y: dkappa*i.y + rho.Y*e, Z: dkappa*i.z + rho.Z*e}
}
