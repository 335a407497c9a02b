package ipm

import "math"

// A cone of two dimensions, the friction bound of one joint or one direction of a pyramid, is a pair of
// orthants in the coordinates a ± x. Written so it needs no square roots, no curved path, and a third of the
// time: a robot has a dozen of them.

// line holds a ± x of slack and multiplier and the scaling g/s of each.
type line struct{ sp, sm, gp, gm, hp, hm float64 }

func (l *line) load(s, g cone) bool {
	l.sp, l.sm, l.gp, l.gm = s.a+s.x, s.a-s.x, g.a+g.x, g.a-g.x
	l.hp, l.hm = l.gp/l.sp, l.gm/l.sm
	return l.sp > 0 && l.sm > 0 && l.gp > 0 && l.gm > 0 && l.hp+l.hm > 0 && !math.IsInf(l.hp+l.hm, 0)
}

// inverse returns s⁻¹.
func (l *line) inverse() cone {
	p, m := 1/l.sp, 1/l.sm
	return cone{a: (p + m) / 2, x: (p - m) / 2}
}

// condensed returns the numbers of pair.condensed: Δg₁ = −w Δs₁ + ρ (Δg₀ − c₀) + c₁.
func (l *line) condensed() (w, rho float64) {
	return 2 * l.hp * l.hm / (l.hp + l.hm), (l.hp - l.hm) / (l.hp + l.hm)
}

// second returns Mehrotra's second-order term, ds dg/s in each orthant.
func (l *line) second(ds, dg cone) cone {
	p := (ds.a + ds.x) * (dg.a + dg.x) / l.sp
	m := (ds.a - ds.x) * (dg.a - dg.x) / l.sm
	return cone{a: (p + m) / 2, x: (p - m) / 2}
}

// limit returns the largest step t ≤ 1 that keeps both elements in the cone.
func (l *line) limit(ds, dg cone) float64 {
	t := 1.0
	for _, c := range [4][2]float64{{l.sp, ds.a + ds.x}, {l.sm, ds.a - ds.x}, {l.gp, dg.a + dg.x}, {l.gm, dg.a - dg.x}} {
		if c[1] < -c[0]*t {
			t = -c[0] / c[1]
		}
	}
	return t
}
