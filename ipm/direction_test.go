package ipm

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// scatter moves all slacks and multipliers off the central path, and keeps the multipliers' bounds.
func scatter(v *Solver, r interface{ NormFloat64() float64 }) {
	inner := func(a float64, dim int) cone {
		x := [3]float64{}
		n := 0.0
		for i := range dim {
			x[i] = r.NormFloat64()
			n += x[i] * x[i]
		}
		f := a * 0.9 / math.Sqrt(1+n)
		return cone{a, f * x[0], f * x[1], f * x[2]}
	}
	for i := range v.blocks {
		b, l := &v.blocks[i], &v.Lambda[i]
		*l = r3.Vec{}
		if b.Kind != Bound {
			v.s[i], l.X = math.Exp(r.NormFloat64()), math.Exp(r.NormFloat64())
		}
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Coulomb:
			ps[0].s, ps[0].g = inner(math.Exp(r.NormFloat64()), 2), inner(b.Mu*l.X, 2)
			l.Y, l.Z = ps[0].g.x, ps[0].g.y
		case Pyramid:
			for k := range 2 {
				ps[k].s, ps[k].g = inner(math.Exp(r.NormFloat64()), 1), inner(b.Mu*l.X, 1)
			}
			l.Y, l.Z = ps[0].g.x, ps[1].g.x
		case Bound:
			ps[0].s, ps[0].g = inner(math.Exp(r.NormFloat64()), 3), inner(b.Limit, 3)
			*l = r3.Vec{X: ps[0].g.x, Y: ps[0].g.y, Z: ps[0].g.z}
		}
	}
	v.residual()
}

// TestDirectionSolvesTheLinearizedEquations at random points, with and without the second-order term.
func TestDirectionSolvesTheLinearizedEquations(t *testing.T) {
	r := newRand(9)
	for range 200 {
		p := random(r)
		var v Solver
		v.load(p)
		if !v.center(1, 1) {
			t.Fatal("no start")
		}
		scatter(&v, r)
		if !v.scale() || !p.Factor(v.w) {
			t.Fatal("singular")
		}
		target := math.Exp(r.NormFloat64())
		v.direction(0.1, false)
		checkDirection(t, &v, p, 0.1, nil)
		before := make([]pair, len(v.pairs))
		copy(before, v.pairs)
		orthant := make([]float64, len(v.ds))
		for i := range orthant {
			orthant[i] = v.ds[i] * v.dl[i].X
		}
		v.direction(target, true)
		checkDirection(t, &v, p, target, func(i int) (cone, float64) {
			if i < 0 {
				return cone{}, orthant[-1-i]
			}
			return nesterovTodd(&before[i]).second(before[i].g, before[i].ds, before[i].dg), 0
		})
	}
}

// checkDirection verifies every linearized equation: F and u − s by differences along the step, which are
// exact since both are affine, the products by their formula. second returns the second-order term of pair
// i, or of the orthant part of block −1−i.
func checkDirection(t *testing.T, v *Solver, p *toy, target float64, second func(i int) (cone, float64)) {
	t.Helper()
	const tolerance = 1e-9
	near := func(what string, got, size float64) {
		t.Helper()
		if !(math.Abs(got) <= tolerance*(1+size)) {
			t.Fatalf("%s is off by %g of %g", what, got, size)
		}
	}

	// F(x + dx, λ + dλ) = 0
	x, f := append([]float64(nil), p.x...), append([]float64(nil), p.f...)
	l := append([]r3.Vec(nil), v.Lambda...)
	size := 0.0
	for i := range l {
		l[i] = r3.Add(l[i], v.dl[i])
		size += r3.Norm(v.dl[i])
	}
	p.Step(1)
	near("F", p.Residual(l), size)
	u := make([]r3.Vec, len(l))
	p.Values(u)
	copy(p.x, x)
	copy(p.f, f)

	for i := range v.blocks {
		b, ps := &v.blocks[i], v.pairs[v.first[i]:]
		if b.Kind != Bound {
			near("u − s", u[i].X-v.s[i]-v.ds[i], math.Abs(v.ds[i]))
			want := target - v.s[i]*v.Lambda[i].X
			if second != nil {
				_, e := second(-1 - i)
				want -= e
			}
			near("s λ", v.s[i]*v.dl[i].X+v.Lambda[i].X*v.ds[i]-want, math.Abs(v.s[i]*v.dl[i].X))
		}
		bound, dim, d := b.Mu*v.dl[i].X, 2, v.dl[i]
		value, step := r3.Vec{X: u[i].Y, Y: u[i].Z}, r3.Vec{X: d.Y, Y: d.Z}
		switch b.Kind {
		case Orthant:
			continue
		case Bound:
			bound, dim, step = 0, 3, d
			value = r3.Add(u[i], r3.Scale(b.Compliance, l[i]))
		case Pyramid:
			dim = 1
		}
		for k := range conesOf[b.Kind] {
			q := &ps[k]
			if k == 1 {
				value, step = r3.Vec{X: value.Y}, r3.Vec{X: step.Y}
			}
			near("bound", q.dg.a-bound, math.Abs(bound))
			for c := range dim {
				near("multiplier", q.dg.slice()[c+1]-part(step, c), r3.Norm(step))
				near("value", part(value, c)-q.s.slice()[c+1]-q.ds.slice()[c+1], q.ds.size())
			}
			// Δg + W⁻²Δs = κ s⁻¹ − g − second
			h, want := denseH(q), cone{}.add(target, q.k.sInv).add(-1, q.g)
			if second != nil {
				e, _ := second(v.first[i] + k)
				want = want.add(-1, e)
			}
			for row := range 4 {
				if row > dim {
					continue
				}
				sum, most := q.dg.slice()[row]-want.slice()[row], 0.0
				for c, x := range q.ds.slice() {
					sum += h[row][c] * x
					most = math.Max(most, math.Abs(h[row][c]*x))
				}
				near("s∘g", sum, most)
			}
		}
	}
}

// TestDirectionFollowsThePath: on the central path the step changes every product at the rate of κ, found
// by central differences of the exact Jordan product.
func TestDirectionFollowsThePath(t *testing.T) {
	r := newRand(10)
	for range 200 {
		const kappa, target = 1.0, 0.4
		p := random(r)
		var v Solver
		v.load(p)
		if !v.center(kappa, kappa) || !v.scale() || !p.Factor(v.w) {
			t.Fatal("no start")
		}
		v.direction(target, false)
		const eps = 1e-6
		for i := range v.pairs {
			q := &v.pairs[i]
			product := func(e float64) cone { return q.s.add(e, q.ds).prod(q.g.add(e, q.dg)) }
			rate := cone{}.add(0.5/eps, product(eps).add(-1, product(-eps)))
			if d := rate.add(-1, cone{a: target - kappa}).size(); d > 1e-7*(1+q.ds.size()*q.g.a+q.dg.size()*q.s.a) {
				t.Fatalf("product of pair %d changes by %v, want %g e", i, rate, target-kappa)
			}
		}
	}
}
