package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// cones are the cones of all blocks by their dimension, each kind in the order of the blocks, and all that is done
// with every one of them no matter which block it belongs to.
type cones struct {
	rays   []ray   // cones of one dimension
	wedges []wedge // of two
	pairs  []pair  // of three and four
	wides  []wide  // of six
	frees  []free  // whole spaces, which have no products
}

// count returns the number of cones with products.
func (c *cones) count() int { return len(c.rays) + len(c.wedges) + len(c.pairs) + len(c.wides) }

// clear removes all cones and keeps the memory.
func (c *cones) clear() {
	c.rays, c.wedges, c.pairs, c.frees = c.rays[:0], c.wedges[:0], c.pairs[:0], c.frees[:0]
	c.wides = c.wides[:0]
}

// scale computes all scalings at the current point and remembers the point. It reports false outside the cones.
func (c *cones) scale() bool {
	for i := range c.rays {
		c.rays[i].save()
	}
	for i := range c.wedges {
		if !c.wedges[i].scale() {
			return false
		}
	}
	for i := range c.pairs {
		if !c.pairs[i].scale() {
			return false
		}
	}
	for i := range c.wides {
		if !c.wides[i].scale() {
			return false
		}
	}
	for i := range c.frees {
		c.frees[i].l0 = c.frees[i].l
	}
	return true
}

// recenter puts all cones but those of one dimension on the central path of κ exactly, with their scalings there, and
// remembers the point. It reports false where there are none.
func (c *cones) recenter(kappa float64) bool {
	for i := range c.rays {
		c.rays[i].save()
	}
	for i := range c.wedges {
		if !c.wedges[i].recenter(kappa * c.wedges[i].unit) {
			return false
		}
	}
	for i := range c.pairs {
		if !c.pairs[i].recenter(kappa * c.pairs[i].unit) {
			return false
		}
	}
	for i := range c.wides {
		if !c.wides[i].recenter(kappa * c.wides[i].unit) {
			return false
		}
	}
	for i := range c.frees {
		c.frees[i].l0 = c.frees[i].l
	}
	return true
}

// advance moves from the remembered point by a along the last direction, towards the products target.
func (c *cones) advance(a, target float64, curved bool) {
	for i := range c.rays {
		c.rays[i].advance(a)
	}
	for i := range c.wedges {
		c.wedges[i].advance(a)
	}
	for i := range c.pairs {
		c.pairs[i].advance(a, target*c.pairs[i].unit, curved)
	}
	for i := range c.wides {
		c.wides[i].advance(a, target*c.wides[i].unit, curved)
	}
	for i := range c.frees {
		c.frees[i].advance(a)
	}
}

// shrink multiplies the last direction by share.
func (c *cones) shrink(share float64) {
	for i := range c.rays {
		p := &c.rays[i]
		p.ds, p.dl = share*p.ds, share*p.dl
	}
	for i := range c.wedges {
		p := &c.wedges[i]
		p.ds, p.dg = p.ds.scale(share), p.dg.scale(share)
	}
	for i := range c.pairs {
		p := &c.pairs[i]
		p.ds, p.dg = p.ds.scale(share), p.dg.scale(share)
	}
	for i := range c.wides {
		c.wides[i].ds.scale(share)
		c.wides[i].dg.scale(share)
	}
	for i := range c.frees {
		c.frees[i].dl = r3.Scale(share, c.frees[i].dl)
	}
}

// limit returns the largest α ≤ 1 that keeps every slack and multiplier in its cone.
func (c *cones) limit(curved bool) float64 {
	a := 1.0
	for i := range c.rays {
		a = min(a, c.rays[i].limit())
	}
	for i := range c.wedges {
		a = min(a, c.wedges[i].limit())
	}
	for i := range c.pairs {
		a = min(a, c.pairs[i].limit(curved))
	}
	for i := range c.wides {
		a = min(a, c.wides[i].limit(curved))
	}
	return a
}

// products returns sum, smallest and largest product of all cones, in units of κ.
func (c *cones) products() (sum, low, high float64) {
	low = math.Inf(1)
	for i := range c.rays {
		m := c.rays[i].product * c.rays[i].per
		sum, low, high = sum+m, min(low, m), max(high, m)
	}
	for i := range c.wedges {
		m := c.wedges[i].mean() * c.wedges[i].per
		sum, low, high = sum+m, min(low, m), max(high, m)
	}
	for i := range c.pairs {
		m := c.pairs[i].mean() * c.pairs[i].per
		sum, low, high = sum+m, min(low, m), max(high, m)
	}
	for i := range c.wides {
		m := c.wides[i].mean() * c.wides[i].per
		sum, low, high = sum+m, min(low, m), max(high, m)
	}
	return sum, low, high
}

// complementarity returns mean and largest product in units of κ.
func (c *cones) complementarity() (mean, worst float64) {
	n := c.count()
	if n == 0 {
		return 0, 0
	}
	sum, _, worst := c.products()
	return sum / float64(n), worst
}

// centrality returns the largest |s∘λ − κe|/κ. Unlike the mean it needs no square roots.
func (c *cones) centrality(kappa float64) float64 {
	off := 0.0
	for i := range c.rays {
		p := &c.rays[i]
		off = max(off, math.Abs(p.product*p.per-kappa))
	}
	for i := range c.wedges {
		p := &c.wedges[i]
		off = max(off, p.off(kappa*p.unit)*p.per)
	}
	for i := range c.pairs {
		p := &c.pairs[i]
		off = max(off, p.off(kappa*p.unit)*p.per)
	}
	for i := range c.wides {
		p := &c.wides[i]
		off = max(off, p.off(kappa*p.unit)*p.per)
	}
	if off == 0 {
		return 0 // also where there are no cones and κ may be zero
	}
	return off / kappa
}

// after returns the mean product after a step a along the last direction.
func (c *cones) after(a, target float64) float64 {
	sum := 0.0
	for i := range c.rays {
		p := &c.rays[i]
		sum += (p.s + a*p.ds) * (p.l + a*p.dl) * p.per
	}
	for i := range c.wedges {
		p := &c.wedges[i]
		q := p.s.add(a, p.ds).mul(p.g.add(a, p.dg))
		sum += math.Sqrt(max(0, q.p)*max(0, q.m)) * p.per
	}
	for i := range c.pairs {
		p := &c.pairs[i]
		sum += meanOf(p.path(&p.s, &p.g, a, target*p.unit)) * p.per
	}
	for i := range c.wides {
		p := &c.wides[i]
		s, g := p.path(&p.s, &p.g, a, target*p.unit)
		sum += wideMean(&s, &g) * p.per
	}
	return sum / float64(c.count())
}

// centering returns the smallest product as a fraction of their mean, or 0 outside the cones.
func (c *cones) centering() float64 {
	sum, low, _ := c.products()
	if n := c.count(); n > 0 {
		return low / (sum / float64(n))
	}
	return 1
}

// off returns the largest deviation of a product from target·e, as a fraction of a product that matters.
func (c *cones) off(target float64) float64 {
	off := 0.0
	for i := range c.rays {
		p := &c.rays[i]
		off = max(off, p.off(target*p.unit)/p.weight)
	}
	for i := range c.wedges {
		p := &c.wedges[i]
		off = max(off, p.off(target*p.unit)/p.weight)
	}
	for i := range c.pairs {
		p := &c.pairs[i]
		off = max(off, p.off(target*p.unit)/p.weight)
	}
	for i := range c.wides {
		p := &c.wides[i]
		off = max(off, p.off(target*p.unit)/p.weight)
	}
	return off
}

// astray returns the largest deviation of a product from its target, relative to it: infinite outside the
// cones and where a product is far below its target.
func (c *cones) astray(normal, cone float64) float64 {
	off := 0.0
	for i := range c.rays {
		p := &c.rays[i]
		if p.s <= 0 || p.l <= 0 {
			return math.Inf(1)
		}
		off = max(off, math.Abs(p.product/(normal*p.unit)-1))
	}
	for i := range c.wedges {
		p := &c.wedges[i]
		want := cone * p.unit
		if !p.inside() || p.mean() < spread*want {
			return math.Inf(1)
		}
		off = max(off, p.off(want)/want)
	}
	for i := range c.pairs {
		p := &c.pairs[i]
		want := cone * p.unit
		if p.s.min() <= 0 || p.g.min() <= 0 || p.mean() < spread*want {
			return math.Inf(1)
		}
		off = max(off, p.off(want)/want)
	}
	for i := range c.wides {
		p := &c.wides[i]
		want := cone * p.unit
		if p.s.min() <= 0 || p.g.min() <= 0 || p.mean() < spread*want {
			return math.Inf(1)
		}
		off = max(off, p.off(want)/want)
	}
	return off
}

// bend returns the largest product of the steps of slacks and multipliers, in units of κ: what a full step
// along the last direction leaves of the products' errors.
func (c *cones) bend() float64 {
	e := 0.0
	for i := range c.rays {
		e = max(e, c.rays[i].bend())
	}
	for i := range c.wedges {
		e = max(e, c.wedges[i].bend())
	}
	for i := range c.pairs {
		e = max(e, c.pairs[i].bend())
	}
	for i := range c.wides {
		e = max(e, c.wides[i].bend())
	}
	return e
}

// relative appends the last direction relative to the sizes of slacks and multipliers. A change of the
// angle of a friction force counts as such, and not as relative to the small margin to its wall: this is
// what the curved path makes of it.
func (c *cones) relative(dst []float64) []float64 {
	for i := range c.rays {
		p := &c.rays[i]
		dst = append(dst, p.ds/p.s, p.dl/p.l)
	}
	for i := range c.wedges {
		p := &c.wedges[i]
		a := p.s.a()
		dst = append(dst, p.ds.a()/a, p.ds.x()/a, p.dg.x()/p.g.a())
	}
	for i := range c.pairs {
		p := &c.pairs[i]
		s, g := p.ds.scale(1/p.s.a), p.dg.scale(1/p.g.a)
		dst = append(dst, s.a, s.x, s.y, s.z, g.x, g.y, g.z)
	}
	for i := range c.wides {
		p := &c.wides[i]
		dst = append(dst, p.ds.a/p.s.a)
		for n := range p.d {
			dst = append(dst, p.ds.x[n]/p.s.a, p.dg.x[n]/p.g.a)
		}
	}
	return dst
}

// rounding returns what rounding may leave of the worst product, in units of κ: in a round cone the margin to the wall is the difference of
// numbers that are far larger where a force is many times what is natural.
func (c *cones) rounding() (off float64) {
	const ulps = 4 * 0x1p-52
	for i := range c.pairs {
		p := &c.pairs[i]
		off = max(off, p.s.a*p.g.a*p.per)
	}
	for i := range c.wides {
		p := &c.wides[i]
		off = max(off, p.s.a*p.g.a*p.per)
	}
	return ulps * off
}
