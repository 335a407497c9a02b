package ipm

import (
	"math"
	"slices"
	"testing"
)

// TestConesFold: every measure of all cones is the largest, least or mean of those that the cones give alone.
func TestConesFold(t *testing.T) {
	r := newRand(61)
	flat := func() duo { return duo{anySize(r), anySize(r)} }
	random := func() size { s := size{unit: anySize(r), weight: anySize(r)}; s.per = 1 / s.unit; return s }
	for range 200 {
		const step = 0.1
		kappa := anySize(r)
		var c cones
		var limits, products, after, offs, weighed, bends []float64
		add := func(s size, limit, product, later, off, bend float64) {
			limits, products, after = append(limits, limit), append(products, product*s.per), append(after, later*s.per)
			offs, weighed, bends = append(offs, off*s.per/kappa), append(weighed, off/s.weight), append(bends, bend)
		}
		for range 3 {
			p := ray{s: anySize(r), l: anySize(r), ds: r.NormFloat64(), dl: r.NormFloat64(), size: random()}
			p.product = p.s * p.l
			p.save()
			add(p.size, p.limit(), p.product, (p.s+step*p.ds)*(p.l+step*p.dl), p.off(kappa*p.unit), p.bend())
			w := wedge{s: flat(), g: flat(), ds: duo{r.NormFloat64(), r.NormFloat64()}, dg: duo{r.NormFloat64(), r.NormFloat64()}, size: random()}
			w.product = w.s.mul(w.g)
			later := wedge{product: w.s.add(step, w.ds).mul(w.g.add(step, w.dg))}
			add(w.size, w.limit(), w.mean(), later.mean(), w.off(kappa*w.unit), w.bend())
			q := pair{s: inside(r), g: inside(r), ds: anywhere(r), dg: anywhere(r), size: random()}
			q.product = q.s.prod(q.g)
			add(q.size, q.limit(false), q.mean(), meanOf(q.path(&q.s, &q.g, step, kappa*q.unit)), q.off(kappa*q.unit), q.bend())
			c.rays, c.wedges, c.pairs = append(c.rays, p), append(c.wedges, w), append(c.pairs, q)
		}
		mean := func(x []float64) (m float64) {
			for _, x := range x {
				m += x / 9
			}
			return m
		}
		m, largest := c.complementarity()
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"limit", c.limit(false), min(1, slices.Min(limits))},
			{"mean", m, mean(products)},
			{"largest product", largest, slices.Max(products)},
			{"centrality", c.centrality(kappa), slices.Max(offs)},
			{"mean after a step", c.after(step, kappa), mean(after)},
			{"centering", c.centering(), slices.Min(products) / mean(products)},
			{"off", c.off(kappa), slices.Max(weighed)},
			{"bend", c.bend(), slices.Max(bends)},
		} {
			if !(math.Abs(c.got-c.want) <= 1e-13*math.Abs(c.want)) {
				t.Errorf("%s: %g, want %g", c.name, c.got, c.want)
			}
		}
		want := slices.Max(offs)
		if low := min(products[1], products[2], products[4], products[5], products[7], products[8]); low < spread*kappa {
			want = math.Inf(1) // a product of a round cone far below the others
		}
		if got := c.astray(kappa, kappa); got != want && !(math.Abs(got/want-1) <= 1e-13) {
			t.Errorf("astray by %g, want %g", got, want)
		}
		if !c.scale() {
			t.Error("no scaling inside")
		}
		if c.wedges[1].s.p = -1; c.scale() || !math.IsInf(c.astray(kappa, kappa), 1) {
			t.Error("a wedge outside its cone is no matter")
		}
	}
}
