package ipm

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Local implements Localizer by dense algebra.
func (p *toy) Local(a []Matrix, wanted []bool) bool {
	for b, w := range wanted {
		if !w {
			continue
		}
		m := len(p.x)
		var y mat.Dense
		if err := p.lu.SolveTo(&y, false, p.n.Slice(3*b, 3*b+3, 0, m).T()); err != nil {
			if _, ok := err.(mat.Condition); !ok {
				panic(err)
			}
		}
		var d mat.Dense
		d.Mul(p.j.Slice(3*b, 3*b+3, 0, m), &y)
		for i := range 9 {
			a[b][i] = d.At(i/3, i%3)
		}
	}
	return true
}

// anySize returns a number of any order of magnitude.
func anySize(r *rand.Rand) float64 { return math.Exp(4 * r.NormFloat64()) }

// TestRetractionLiesOnThePath: it keeps z = s − tλ of the straight step, in the components that are free, and its
// products are exactly those of the path.
func TestRetractionLiesOnThePath(t *testing.T) {
	r := newRand(31)
	worst, off := 0.0, 0.0
	check := func(z, want, size, product, kappa float64) {
		worst = max(worst, math.Abs(z-want)/size)
		off = max(off, math.Abs(product-kappa)/kappa)
	}
	for range 3000 {
		kappa, compliance, bound, a := 1e-3*anySize(r), anySize(r), anySize(r), r.Float64()

		var p ray
		p.s0, p.l0, p.ds, p.dl = anySize(r), anySize(r), 10*r.NormFloat64(), 10*r.NormFloat64()
		z := p.s0 + a*p.ds - compliance*(p.l0+a*p.dl)
		p.retract(z, compliance, kappa)
		if !(p.s > 0 && p.l > 0) {
			t.Fatalf("ray at %g, %g", p.s, p.l)
		}
		check(p.s-compliance*p.l, z, p.s+compliance*p.l, p.product, kappa)

		var w wedge
		w.s0, w.g0, w.ds, w.dg = duo{anySize(r), anySize(r)}, duo{anySize(r), anySize(r)}, duo{r.NormFloat64(), r.NormFloat64()}, duo{r.NormFloat64(), r.NormFloat64()}
		y := w.s0.x() + a*w.ds.x() - compliance*(w.g0.x()+a*w.dg.x())
		w.retract(a, compliance, bound, kappa)
		if !w.inside() {
			t.Fatalf("wedge at %+v, %+v", w.s, w.g)
		}
		check(w.s.x()-compliance*w.g.x(), y, w.s.a()+compliance*w.g.a(), w.product.p, kappa)
		check(w.g.a(), bound, bound, w.product.m, kappa)

		var c pair
		element := func() cone { return cone{0, r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}.scale(anySize(r)) }
		c.s0, c.g0, c.ds, c.dg = element(), element(), element(), element()
		s, g := c.s0.add(a, c.ds), c.g0.add(a, c.dg)
		c.retract(a, compliance, bound, kappa)
		size := c.s.a + compliance*c.g.a
		check(c.s.x-compliance*c.g.x, s.x-compliance*g.x, size, kappa, kappa)
		check(c.s.y-compliance*c.g.y, s.y-compliance*g.y, size, kappa, kappa)
		check(c.s.z-compliance*c.g.z, s.z-compliance*g.z, size, kappa, kappa)
		check(c.g.a, bound, bound, kappa, kappa)
		// the product of a round cone cancels where κ is far below s.a·g.a
		rounding := 1e-15*c.s.a*c.g.a + 1e-14*kappa
		e := math.Abs(c.product.a-kappa) + math.Abs(c.product.x) + math.Abs(c.product.y) + math.Abs(c.product.z)
		if !(e <= 4*rounding) || !(c.s.a > 0) {
			t.Fatalf("pair with products %+v of %g", c.product, kappa)
		}
	}
	if worst > 1e-14 || off > 1e-14 {
		t.Errorf("z is off by %.1e, products by %.1e", worst, off)
	}
}

// coupled returns a linear complementarity problem A x + b = λ, 0 ≤ x ⟂ λ ≥ 0 with n coupled unknowns, started at x
// and, by Block.Past, on its branches.
func coupled(r *rand.Rand, n int) *toy {
	blocks := make([]Block, n)
	for i := range blocks {
		blocks[i] = unit(Orthant)
	}
	p := newToy(n, blocks...)
	for i := range n {
		p.b[i] = 2 * r.NormFloat64()
		row := make([]float64, n)
		row[i] = 1
		p.row(3*i, 0, row...)
		for j := range i {
			x := 0.3 * r.NormFloat64()
			p.a.Set(i, j, x)
			p.a.Set(j, i, x)
		}
		p.a.Set(i, i, 3)
	}
	return p
}

// TestKnownBranchesNeedOneLeap: Newton's method on the normal maps solves a linear problem in one step, but for what
// κ adds to the values, when every block starts on its branch, however far away; and from anywhere in a few.
func TestKnownBranchesNeedOneLeap(t *testing.T) {
	r := newRand(33)
	const n, kappa = 9, 1e-8
	const far = 1e4 * kappa // κ over the least slack or multiplier, times the condition of A
	opt := Options{Kappa: kappa, Warm: true, NoFallback: true}
	counts, tried := map[int]int{}, 0
	for trial := range 200 {
		p := coupled(r, n)
		for i := range p.blocks {
			p.blocks[i].Past.X = r.Float64()
		}
		p.Reset()
		var v Solver
		res := v.Solve(p, opt)
		if res.Status != Solved {
			t.Fatalf("trial %d: %+v", trial, res)
		}
		counts[res.Iterations]++
		clear := true
		for i := range p.blocks { // the same branches, the values themselves anything
			clear = clear && max(v.U[i].X, v.Lambda[i].X) > 0.05
			past := math.Exp(r.NormFloat64())
			if p.blocks[i].Past.X = past * kappa; v.U[i].X > 1e-6 {
				p.blocks[i].Past.X = past
			}
			p.start[i] = r.NormFloat64()
		}
		if !clear {
			continue // some block is on no branch yet
		}
		tried++
		p.Reset()
		known := opt
		known.Trace = func(i Iteration) {
			if i.Number > 1 && (i.Residual > far || i.Gap > far) {
				t.Errorf("trial %d on known branches: %+v", trial, i)
			}
		}
		if res := v.Solve(p, known); res.Status != Solved || res.Iterations > 2 {
			t.Errorf("trial %d on known branches: %+v", trial, res)
		}
	}
	if tried < 100 {
		t.Errorf("only %d problems were clear", tried)
	}
	for k, c := range counts {
		if k > 8 {
			t.Errorf("%d of 200 problems took %d leaps from unknown branches", c, k)
		}
	}
}

// TestWhatABlockGives: the compliance of each block against the matrix factored without the block's own law.
func TestWhatABlockGives(t *testing.T) {
	for seed := range uint64(20) {
		p := random(newRand(100 + seed))
		var v Solver
		v.load(p)
		if !v.center(0.1, 0.1) || !v.scaled() || !p.Factor(v.w) {
			t.Fatal("no start")
		}
		for i := range v.bent {
			v.bent[i] = true
		}
		v.compliances()
		got := append([]give(nil), v.give...)
		without := func(i int, rows ...int) (d float64) { // mean diagonal of J H⁻¹ Nᵀ without these parts of W
			w := append([]Matrix(nil), v.w...)
			for _, r := range rows {
				for _, c := range rows {
					w[i][3*r+c] = 0
				}
			}
			if !p.Factor(w) {
				t.Fatal("singular")
			}
			wanted := make([]bool, len(w))
			wanted[i] = true
			a := make([]Matrix, len(w))
			p.Local(a, wanted)
			for _, r := range rows {
				d += a[i][4*r] / float64(len(rows))
			}
			return d
		}
		check := func(i int, got, want float64) {
			if math.Abs(got-want) > 1e-9*math.Abs(want) {
				t.Errorf("seed %d, block %d of kind %d gives %g, want %g", seed, i, p.blocks[i].Kind, got, want)
			}
		}
		for i := range p.blocks {
			switch b := &p.blocks[i]; b.form() {
			case formOrthant:
				check(i, got[i].normal, without(i, 0)+b.Compliance)
			case formCoulomb:
				check(i, got[i].normal, together*without(i, 0)+b.Compliance)
				check(i, got[i].across, without(i, 1, 2))
			case formPyramid:
				check(i, got[i].normal, together*without(i, 0)+b.Compliance)
				check(i, got[i].across, (without(i, 1)+without(i, 2))/2)
			case formSingle:
				check(i, got[i].across, without(i, 0)+b.Compliance)
			case formBound: // of three components only a mean of means
				if g := got[i].across; !(g > b.Compliance) {
					t.Errorf("seed %d, block %d gives %g with a compliance of %g", seed, i, g, b.Compliance)
				}
			}
		}
	}
}

// TestLeapsEndWhereColdStartsEnd: the same point from values that tell nothing, with and without a Localizer.
func TestLeapsEndWhereColdStartsEnd(t *testing.T) {
	type blind struct{ Problem }
	for seed := range uint64(50) {
		p := held(newRand(200 + seed))
		opt := Options{Kappa: 1e-6, Centrality: 1e-9, Tolerance: 1e-12}
		var v Solver
		if res := v.Solve(p, opt); res.Status != Solved {
			t.Fatalf("seed %d: %+v", seed, res)
		}
		want := append([]r3.Vec(nil), v.U...)
		opt.Warm = true
		for _, q := range []Problem{p, blind{p}} {
			for i := range p.blocks {
				p.blocks[i].Past = r3.Vec{X: 1, Y: 0.1, Z: -0.2}
			}
			p.Reset()
			if res := v.Solve(q, opt); res.Status != Solved {
				t.Fatalf("seed %d warm: %+v", seed, res)
			}
			for i, u := range v.U {
				if e := r3.Norm(r3.Sub(u, want[i])); e > 1e-7*max(1, r3.Norm(want[i])) {
					t.Errorf("seed %d, block %d: %v, cold %v", seed, i, u, want[i])
				}
			}
		}
	}
}

// TestASlidingContactThatJams: friction presses the contact on the faster the more it is pressed, 1 − 2μ < 0, so while it slides no impulse
// keeps it from closing, and leaps that begin with sliding wander to and fro. What stops it has the closed form −W⁻¹q.
func TestASlidingContactThatJams(t *testing.T) {
	p := NewDelassus([]float64{1, 2, 0, 2, 5, 0, 0, 0, 1}, []float64{-0.1, 10, 0}, []float64{1})
	p.blocks[0].Past = r3.Vec{X: 1e-3, Y: 10}
	opt := Options{Kappa: 1e-8, Warm: true}
	opt.defaults()
	var v Solver
	v.load(p)
	if res := v.leap(&opt); res.Status == Solved {
		t.Errorf("leaps from what slides are %v after %d iterations: the problem shows nothing", res.Status, res.Iterations)
	}
	for _, times := range []float64{1e2, 1e4} {
		p.Reset()
		res := v.grip(&opt, times, boldest)
		t.Logf("from %g κ: %v after %d iterations, impulse %.6g", times, res.Status, res.Iterations, v.Lambda[0])
		if off := r3.Norm(r3.Sub(v.Lambda[0], r3.Vec{X: 20.5, Y: -10.2})); res.Status != Solved || off > 1e-5 {
			t.Errorf("from %g κ: %v, impulse %v, want (20.5, −10.2, 0)", times, res.Status, v.Lambda[0])
		}
	}
}

// TestProductsLeftOverNeedNoFactors: of 100 warm starts near their solutions, what ends but for its products goes the
// last step again, in place of an iteration, and ends at the same point.
func TestProductsLeftOverNeedNoFactors(t *testing.T) {
	r := newRand(35)
	var v Solver
	var factors [2]int
	for range 100 {
		p := random(r)
		for i := range p.blocks {
			p.blocks[i].Scale = 0.1
		}
		opt := Options{Kappa: 1e-6, NoFallback: true}
		if res := v.Solve(p, opt); res.Status != Solved {
			continue
		}
		for i, u := range v.U {
			p.blocks[i].Past = r3.Vec{X: u.X * (1 + 0.05*r.NormFloat64()), Y: u.Y * (1 + 0.05*r.NormFloat64()), Z: u.Z * (1 + 0.05*r.NormFloat64())}
		}
		opt.Warm = true
		var ends [2][]float64
		for k := range ends {
			p.Reset()
			opt.Loaded = k == 1
			res := v.Solve(p, opt)
			if res.Status != Solved || res.Centrality > 1e-4 {
				t.Fatalf("loaded %v: %+v", opt.Loaded, res)
			}
			factors[k] += res.Iterations
			ends[k] = append(ends[k], p.x...)
		}
		for i, x := range ends[0] {
			if e := math.Abs(ends[1][i] - x); e > 1e-7 {
				t.Errorf("ends %g from where an iteration more does", e)
			}
		}
	}
	if factors[1] >= factors[0]*97/100 {
		t.Errorf("%d iterations, and %d without going again", factors[1], factors[0])
	}
	t.Log(factors)
}
