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
	flat := func(a float64) duo { c := inner(a, 1); return duo{c.a + c.x, c.a - c.x} }
	for i := range v.blocks {
		b, at := &v.blocks[i], v.at[i]
		bound := b.Limit
		if b.Kind.unilateral() {
			p := &v.rays[at.ray]
			p.s, p.l = math.Exp(r.NormFloat64()), math.Exp(r.NormFloat64())
			p.product = p.s * p.l
			bound = b.Mu * p.l
		}
		set := func(w *wedge) {
			w.s, w.g = flat(math.Exp(r.NormFloat64())), flat(bound)
			w.product = w.s.mul(w.g)
		}
		switch b.form() {
		case formPyramid:
			set(&v.wedges[at.cone])
			set(&v.wedges[at.cone+1])
		case formSingle:
			set(&v.wedges[at.cone])
		case formCoulomb, formBound:
			dim := 3
			if b.Kind == Coulomb {
				dim = 2
			}
			p := &v.pairs[at.cone]
			p.s, p.g = inner(math.Exp(r.NormFloat64()), dim), inner(bound, dim)
			p.product = p.s.prod(p.g)
		case formEqual:
			v.frees[at.cone].l.X = r.NormFloat64()
		}
	}
	v.gather()
	v.residual()
}

// TestDirectionSolvesTheLinearizedEquations at random points, with and without the second-order term.
func TestDirectionSolvesTheLinearizedEquations(t *testing.T) {
	r := newRand(9)
	for range 200 {
		p := held(r)
		var v Solver
		v.load(p)
		if !v.center(1, 1) {
			t.Fatal("no start")
		}
		scatter(&v, r)
		if !v.scaled() || !p.Factor(v.w) {
			t.Fatal("singular")
		}
		target := math.Exp(r.NormFloat64())
		v.direction(0.1, false)
		checkDirection(t, &v, p, 0.1, nil)
		was := cones{rays: append([]ray(nil), v.rays...), wedges: append([]wedge(nil), v.wedges...), pairs: append([]pair(nil), v.pairs...)}
		v.direction(target, true)
		checkDirection(t, &v, p, target, &was)
	}
}

// checkDirection verifies every linearized equation: F and u − s by differences along the step, which are
// exact since both are affine, the products by their formula. before holds the steps of the second-order
// terms.
func checkDirection(t *testing.T, v *Solver, p *toy, target float64, before *cones) {
	t.Helper()
	const tolerance = 1e-9
	near := func(what string, got, size float64) {
		t.Helper()
		if !(math.Abs(got) <= tolerance*(1+size)) {
			t.Fatalf("%s is off by %g of %g", what, got, size)
		}
	}

	u, l, off, size := ahead(v, p)
	near("F", off, size)

	// a cone of any dimension: its scaling as that of the round cone, which two half-lines must agree with
	check := func(q *pair, was *pair, dim int, bound float64, step, value r3.Vec) {
		near("bound", q.dg.a-bound, math.Abs(bound))
		for c := range dim {
			near("multiplier", q.dg.slice()[c+1]-part(step, c), r3.Norm(step))
			near("value", part(value, c)-q.s.slice()[c+1]-q.ds.slice()[c+1], q.ds.size())
		}
		// Δg + W⁻²Δs = κ s⁻¹ − g − second
		var k scaling
		k.set(q.s, q.g)
		h, want := denseH(q), cone{}.add(target, k.sInv).add(-1, q.g)
		if was != nil {
			want = want.add(-1, k.second(was.g, was.ds, was.dg))
		}
		for row := range dim + 1 {
			sum, most := q.dg.slice()[row]-want.slice()[row], 0.0
			for c, x := range q.ds.slice() {
				sum += h[row][c] * x
				most = math.Max(most, math.Abs(h[row][c]*x))
			}
			near("s∘g", sum, most)
		}
	}
	checkWedge := func(n int, bound, step, value float64) {
		var was *pair
		if before != nil {
			was = round(&before.wedges[n])
		}
		check(round(&v.wedges[n]), was, 1, bound, r3.Vec{X: step}, r3.Vec{X: value})
	}
	checkPair := func(n, dim int, bound float64, step, value r3.Vec) {
		var was *pair
		if before != nil {
			was = &before.pairs[n]
		}
		check(&v.pairs[n], was, dim, bound, step, value)
	}
	for i := range v.blocks {
		b, at, d := &v.blocks[i], v.at[i], v.dl[i]
		if b.Kind.unilateral() {
			q := &v.rays[at.ray]
			near("u − s", u[i].X+b.Compliance*l[i].X-q.s-q.ds, math.Abs(q.ds))
			want := target - q.s*q.l
			if before != nil {
				was := &before.rays[at.ray]
				want -= was.ds * was.dl
			}
			near("Δλ", q.dl-d.X, math.Abs(d.X))
			near("s λ", q.s*d.X+q.l*q.ds-want, math.Abs(q.s*d.X))
		}
		bound, pushed := b.Mu*d.X, r3.Add(u[i], r3.Scale(b.Compliance, l[i]))
		switch b.form() {
		case formCoulomb:
			checkPair(at.cone, 2, bound, r3.Vec{X: d.Y, Y: d.Z}, r3.Vec{X: u[i].Y, Y: u[i].Z})
		case formPyramid:
			checkWedge(at.cone, bound, d.Y, u[i].Y)
			checkWedge(at.cone+1, bound, d.Z, u[i].Z)
		case formSingle:
			checkWedge(at.cone, 0, d.X, pushed.X)
		case formBound:
			checkPair(at.cone, 3, 0, d, pushed)
		case formEqual:
			near("u", r3.Norm(u[i]), 0)
		}
	}
}

// ahead returns values and multipliers after a full step, the residual of F there, and the size of the multipliers' step.
func ahead(v *Solver, p *toy) (u, l []r3.Vec, residual, size float64) {
	x, f := append([]float64(nil), p.x...), append([]float64(nil), p.f...)
	l = append(l, v.Lambda...)
	for i := range l {
		l[i] = r3.Add(l[i], v.dl[i])
		size += r3.Norm(v.dl[i])
	}
	p.Step(1)
	residual = p.Residual(l)
	u = make([]r3.Vec, len(l))
	p.Values(u)
	copy(p.x, x)
	copy(p.f, f)
	return u, l, residual, size
}

// round returns a wedge as a round cone.
func round(w *wedge) *pair {
	c := func(d duo) cone { return cone{a: d.a(), x: d.x()} }
	return &pair{s: c(w.s), g: c(w.g), ds: c(w.ds), dg: c(w.dg)}
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
		if !v.center(kappa, kappa) || !v.scaled() || !p.Factor(v.w) {
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

// TestBend: the product of the steps is the error that a full step leaves, exactly so on half-lines, and the
// correction for it leaves less.
func TestBend(t *testing.T) {
	r := newRand(11)
	var plain, corrected float64
	for range 200 {
		const kappa, target = 1.0, 0.9
		p := fill(r, newToy(12, everyCone()[:6]...)) // soft gaps do not begin near where the others do
		var v Solver
		v.load(p)
		if !v.center(kappa, kappa) || !v.scaled() || !p.Factor(v.w) {
			t.Fatal("no start")
		}
		left := func() (worst float64) {
			for _, q := range v.rays {
				worst = max(worst, math.Abs((q.s+q.ds)*(q.l+q.dl)-target))
			}
			for _, q := range v.wedges {
				e := q.s.add(1, q.ds).mul(q.g.add(1, q.dg))
				worst = max(worst, max(math.Abs(e.p-target), math.Abs(e.m-target)))
			}
			return worst
		}
		v.direction(target, false)
		all, flat := v.bend(), left()
		if b := (&cones{rays: v.rays, wedges: v.wedges}).bend(); !(math.Abs(b-flat) <= 1e-9*(1+b)) || b > all {
			t.Fatalf("products are off by %g, the steps' product is %g, with cones %g", flat, b, all)
		}
		if flat > 0.1 {
			continue // far from where it converges
		}
		plain += flat
		v.direction(target, true)
		corrected += left()
	}
	if plain == 0 || corrected > plain/2 {
		t.Errorf("the correction leaves %g of %g", corrected, plain)
	}
}
