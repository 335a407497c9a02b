package ipm

import "math"

// cone is an element of the second-order cone a ≥ ‖(x, y, z)‖. Lower dimensions leave the last
// components zero, which every operation here preserves.
type cone struct{ a, x, y, z float64 }

// det returns the product of both eigenvalues, a² − ‖x‖², without losing the small one.
func (p cone) det() float64 {
	n := math.Sqrt(p.x*p.x + p.y*p.y + p.z*p.z)
	return (p.a - n) * (p.a + n)
}

// min returns the smaller eigenvalue a − ‖x‖.
func (p cone) min() float64 { return p.a - math.Sqrt(p.x*p.x+p.y*p.y+p.z*p.z) }

// max returns the larger eigenvalue a + ‖x‖.
func (p cone) max() float64 { return p.a + math.Sqrt(p.x*p.x+p.y*p.y+p.z*p.z) }

func (p cone) dot(q cone) float64 { return p.a*q.a + p.x*q.x + p.y*q.y + p.z*q.z }

// prod returns the Jordan product p∘q.
func (p cone) prod(q cone) cone {
	return cone{p.dot(q), p.a*q.x + q.a*p.x, p.a*q.y + q.a*p.y, p.a*q.z + q.a*p.z}
}

// div returns the y with p∘y = r.
func (p cone) div(r cone, det float64) cone {
	y := (p.a*r.a - p.x*r.x - p.y*r.y - p.z*r.z) / det
	i := 1 / p.a
	return cone{y, i * (r.x - y*p.x), i * (r.y - y*p.y), i * (r.z - y*p.z)}
}

func (p cone) add(s float64, q cone) cone {
	return cone{p.a + s*q.a, p.x + s*q.x, p.y + s*q.y, p.z + s*q.z}
}

func (p cone) scale(s float64) cone { return cone{s * p.a, s * p.x, s * p.y, s * p.z} }

// step returns the largest t ≤ 1 for which p + t d stays in the cone, p being inside.
func (p cone) step(d cone) float64 {
	// f(t) = c + 2bt + at² = det(p + t d); its smallest positive root is the boundary
	c := p.det()
	b := p.a*d.a - p.x*d.x - p.y*d.y - p.z*d.z
	a := d.det()
	// b² − ac without the cancellation of a ray that passes close to the apex
	ex, ey, ez := p.a*d.x-d.a*p.x, p.a*d.y-d.a*p.y, p.a*d.z-d.a*p.z
	nx, ny, nz := p.y*d.z-p.z*d.y, p.z*d.x-p.x*d.z, p.x*d.y-p.y*d.x
	t := firstRoot(a, b, c, ex*ex+ey*ey+ez*ez-(nx*nx+ny*ny+nz*nz))
	if d.a < 0 {
		t = min(t, -p.a/d.a)
	}
	return min(t, 1)
}

// firstRoot returns the smallest positive root of c + 2bt + at² with c > 0 and disc = b² − ac, infinity if there is none.
func firstRoot(a, b, c, disc float64) float64 {
	if disc >= 0 {
		if r := math.Sqrt(disc); b > 0 {
			if a < 0 {
				return -(b + r) / a
			}
		} else if q := r - b; q > 0 {
			return c / q
		}
	}
	return math.Inf(1)
}

// scaling is the Nesterov–Todd scaling of a pair (s, g) in the interior of the cone: W g = W⁻¹ s.
// W = η (w₀, w₁ᵀ; w₁, I + w₁w₁ᵀ/(1+w₀)), W⁻² = η⁻²(2vvᵀ − J) with v = Jw and det w = 1.
type scaling struct {
	w    cone
	eta2 float64 // η²
	sInv cone    // s⁻¹
}

func (k *scaling) set(s, g cone) bool {
	ds, dg := s.det(), g.det()
	if !(ds > 0 && dg > 0 && s.a > 0 && g.a > 0) {
		return false
	}
	rs, rg := 1/math.Sqrt(ds), 1/math.Sqrt(dg)
	c := 1 / math.Sqrt(2+2*rs*rg*s.dot(g))
	k.w = cone{c * (rs*s.a + rg*g.a), c * (rs*s.x - rg*g.x), c * (rs*s.y - rg*g.y), c * (rs*s.z - rg*g.z)}
	k.eta2 = rg / rs // √(det s/det g)
	i := rs * rs
	k.sInv = cone{i * s.a, -i * s.x, -i * s.y, -i * s.z}
	return k.eta2 > 0 && !math.IsInf(k.eta2, 0)
}

// path sets the scaling of s and g = κ s⁻¹, a pair on the central path, of whose slack the determinant is known: found
// from s and g it has the digits that are left of their margins.
func (k *scaling) path(s cone, det, kappa float64) bool {
	r, i := 1/math.Sqrt(det), 1/det
	k.w = s.scale(r)
	k.eta2 = det / kappa
	k.sInv = cone{i * s.a, -i * s.x, -i * s.y, -i * s.z}
	return det > 0 && k.eta2 > 0 && !math.IsInf(k.eta2, 0) && !math.IsInf(i, 0)
}

// mul returns W p without the factor η.
func (k *scaling) mul(p cone) cone {
	w := k.w
	d := w.x*p.x + w.y*p.y + w.z*p.z
	c := p.a + d/(1+w.a)
	return cone{w.a*p.a + d, p.x + c*w.x, p.y + c*w.y, p.z + c*w.z}
}

// inv returns W⁻¹ p without the factor 1/η.
func (k *scaling) inv(p cone) cone {
	w := k.w
	d := w.x*p.x + w.y*p.y + w.z*p.z
	c := d/(1+w.a) - p.a
	return cone{w.a*p.a - d, p.x + c*w.x, p.y + c*w.y, p.z + c*w.z}
}

// second returns W⁻¹ (λ \ ((W⁻¹ds)∘(W dg))), Mehrotra's second-order term, with λ = W g. Without the
// factors η, which cancel up to η⁻², W⁻¹ds is inv(ds), W dg is mul(dg) and λ is mul(g).
func (k *scaling) second(g, ds, dg cone) cone {
	l := k.mul(g)
	r := k.inv(l.div(k.inv(ds).prod(k.mul(dg)), l.det()))
	i := 1 / k.eta2
	return cone{i * r.a, i * r.x, i * r.y, i * r.z}
}
