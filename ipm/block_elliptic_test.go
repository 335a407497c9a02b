package ipm

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// turning returns a toy of contacts that resist turning, a hard one, a soft one, one that only spins, one without
// friction, and a plain one.
func turning(r *rand.Rand) *toy {
	contact := func(mu, spin, roll, soft float64) []Block {
		b, t := unit(Elliptic), unit(Turn)
		b.Mu, b.Compliance, t.Spin, t.Roll = mu, soft, spin, roll
		return []Block{b, t}
	}
	blocks := append(contact(0.5, 0.3, 0.2, 0), contact(0.7, 0.1, 0.4, 0.3)...)
	blocks = append(append(append(blocks, contact(0.5, 0.3, 0, 0)...), unit(Coulomb)), contact(0, 0.3, 0.2, 0)...)
	return fill(r, newToy(21, blocks...))
}

// lawOf returns how far the contact whose Turn is block i is from its law with a product of kappa: (γ, λ/d) ∘ (s₀, d u) = κ e.
func lawOf(v *Solver, i int, kappa float64) (off, filled float64) {
	b, t := &v.blocks[i-1], &v.blocks[i]
	d := vec5{b.Mu, b.Mu, t.Spin, t.Roll, t.Roll}
	l, u := join(&v.Lambda[i-1], &v.Lambda[i]), join(&v.U[i-1], &v.U[i])
	g, s := wideCone{a: v.Lambda[i-1].X}, wideCone{}
	for n := range d {
		if s.x[n] = d[n] * u[n]; d[n] > 0 {
			g.x[n] = l[n] / d[n]
		} else {
			off = max(off, math.Abs(l[n])) // without a coefficient no force
		}
	}
	s.a = (kappa - g.x.dot(&s.x)) / g.a
	p := g.prod(&s)
	return max(off, p.largest(kappa)), g.x.norm() / g.a
}

// TestEllipticLaw: sliding, spinning and rolling are bounded together, and the multipliers are opposite to what moves
// in units of the coefficients (maximum dissipation), whatever way the solver goes.
func TestEllipticLaw(t *testing.T) {
	const kappa = 1e-6
	all := append([]attempt{{fast, 1, 0}, {dilating, 1, 0}, {leaping, 0, 0}}, attempts[:]...)
	var v Solver
	solved, most := make([]int, len(all)), 0.0
	for seed := range uint64(60) {
		p, first := turning(newRand(700+seed)), []float64(nil)
		for n, a := range all {
			p.Reset()
			opt := Options{Kappa: kappa, Tolerance: 1e-12, Centrality: 1e-6}
			opt.defaults()
			v.load(p)
			res := v.try(a, &opt)
			if res.Status != Solved {
				continue
			}
			solved[n]++
			if first == nil {
				first = append(first, p.x...)
			}
			if e := floats.Distance(first, p.x, math.Inf(1)); !(e < 1e-6) {
				t.Errorf("seed %d, way %v: %g from the solution", seed, a, e)
			}
			for i := range v.blocks {
				if v.blocks[i].Kind == Turn {
					off, filled := lawOf(&v, i, kappa)
					if most = max(most, filled); !(off < 1e-5*kappa+1e-12) || filled > 1 {
						t.Errorf("seed %d, way %v, block %d: off by %g, cone filled by %g", seed, a, i, off, filled)
					}
				}
			}
		}
		p.Reset()
		if res := v.Solve(p, Options{Kappa: kappa, Polish: true}); res.Polished {
			for i := range v.blocks {
				if off, _ := 0.0, 0.0; v.blocks[i].Kind == Turn && v.Lambda[i-1].X > 1e-9 {
					if off, _ = lawOf(&v, i, 0); !(off < 1e-8) {
						t.Errorf("seed %d, polished: off by %g", seed, off)
					}
				}
			}
			if e := floats.Distance(first, p.x, math.Inf(1)); !(e < 1e-2) {
				t.Errorf("seed %d, polished: %g from the solution at κ", seed, e)
			}
		} else {
			t.Errorf("seed %d: not polished, %+v", seed, res)
		}
	}
	t.Logf("solved %v, cone filled by 1 − %.2g", solved, 1-most)
	if most < 1-1e-4 || solved[0] < 55 || solved[1] < 55 || solved[2] < 30 {
		t.Errorf("of 60 solved %v, the cone was filled by %g", solved, most)
	}
}

// TestEllipticIsCoulomb where nothing turns.
func TestEllipticIsCoulomb(t *testing.T) {
	var v Solver
	for seed := range uint64(20) {
		plain := fill(newRand(seed), newToy(9, unit(Coulomb), unit(Coulomb)))
		contact, turn := unit(Elliptic), unit(Turn)
		turn.Spin, turn.Roll = 0.3, 0.2
		p := newToy(9, contact, turn, contact, turn)
		p.a, p.b, p.start = plain.a, plain.b, plain.start
		for i := range plain.c {
			p.row(i/3*6+i%3, plain.c[i], plain.j.RawRowView(i)...)
			p.n.SetRow(i/3*6+i%3, plain.n.RawRowView(i))
		}
		p.Reset()
		opt := Options{Kappa: 1e-4, Tolerance: 1e-13, Centrality: 1e-8}
		a, b := v.Solve(plain, opt), v.Solve(p, opt)
		if e := floats.Distance(plain.x, p.x, math.Inf(1)); a.Status != Solved || a.Iterations != b.Iterations || !(e < 1e-11) {
			t.Errorf("seed %d: %+v and %+v, %g apart", seed, a, b, e)
		}
	}
}

// TestEllipticIsNormal where nothing has a coefficient, as where parameters were set to zero.
func TestEllipticIsNormal(t *testing.T) {
	var v Solver
	for seed := range uint64(20) {
		plain := fill(newRand(seed), newToy(9, unit(Orthant), unit(Orthant)))
		contact, turn := unit(Elliptic), unit(Turn)
		contact.Mu = 0
		p := newToy(9, contact, turn, contact, turn)
		p.a, p.b, p.start = plain.a, plain.b, plain.start
		for i := range 2 {
			p.row(6*i, plain.c[3*i], plain.j.RawRowView(3*i)...)
			p.n.SetRow(6*i, plain.n.RawRowView(3*i))
		}
		for _, opt := range []Options{{Kappa: 1e-4, Tolerance: 1e-13, Centrality: 1e-8}, {Kappa: 1e-4, Polish: true}, {Kappa: 1e-4, Warm: true}} {
			plain.Reset()
			p.Reset()
			a, b := v.Solve(plain, opt), v.Solve(p, opt)
			if e := floats.Distance(plain.x, p.x, math.Inf(1)); a.Status != Solved || b.Status != Solved || a.Polished != b.Polished || !(e < 1e-7) {
				t.Errorf("seed %d, %+v: %+v and %+v, %g apart", seed, opt, a, b, e)
			}
		}
	}
}

// TestEllipticDirection: a step takes F and u − s to zero and changes every product at the rate of κ, whatever dilates.
func TestEllipticDirection(t *testing.T) {
	r := newRand(12)
	for range 100 {
		const kappa, target, eps = 1.0, 0.4, 1e-6
		p := turning(r)
		var v Solver
		v.load(p)
		if !v.center(kappa, kappa) {
			t.Fatal("no start")
		}
		for j := range p.x { // off the values of the slacks
			p.x[j] += 0.1 * r.NormFloat64()
		}
		p.Values(v.U)
		v.residual()
		v.dilates(float64(r.IntN(2)) * 0.3)
		if !v.scaled() || !p.Factor(v.w) {
			t.Fatal("singular")
		}
		v.direction(target, false)
		for i := range v.wides {
			q := &v.wides[i]
			product := func(e float64) wideCone {
				s, g := q.s.add(e, &q.ds), q.g.add(e, &q.dg)
				return s.prod(&g)
			}
			plus, minus := product(eps), product(-eps)
			rate := plus.add(-1, &minus)
			rate.scale(0.5 / eps)
			if e := rate.largest(target - kappa); !(e < 1e-6*(1+q.ds.x.norm()+math.Abs(q.ds.a))*(1+q.g.a)) {
				t.Fatalf("product of cone %d changes by %v, off by %g", i, rate, e)
			}
		}
		for i := range v.rays {
			q := &v.rays[i]
			if e := q.s*q.dl + q.l*q.ds - (target - kappa); !(math.Abs(e) < 1e-9*(1+math.Abs(q.s*q.dl))) {
				t.Fatalf("product of gap %d is off by %g", i, e)
			}
		}
		v.move(1, target, false)
		if p.Values(v.U); !(p.Residual(v.Lambda) < 1e-9) {
			t.Fatalf("F is %g after a step", p.Residual(v.Lambda))
		}
		if e := v.mismatch(); !(e < 1e-9) {
			t.Fatalf("u − s is %g after a step", e)
		}
	}
}

// TestEllipticDerivatives: those of a solution by all data of the blocks, and by their values.
func TestEllipticDerivatives(t *testing.T) {
	const kappa, eps = 1e-2, 3e-6
	var v Solver
	for seed := range uint64(8) {
		p := turning(newRand(800 + seed))
		solve := func() []float64 { return p.solution(t, &v, kappa, seed) }
		check := func(name string, block int, datum *float64, change Change, comp int) {
			solve()
			w, ok := v.Condense(kappa)
			p.Residual(v.Lambda)
			if !ok || !p.Factor(w) {
				t.Fatal("singular")
			}
			n := len(p.blocks)
			k, up := make([]r3.Vec, n), make([]r3.Vec, n)
			if comp >= 0 {
				up[block] = r3.Vec{X: float64((3 - comp) / 3), Y: float64(comp % 2), Z: float64(comp / 2)}
			} else {
				for i := block; i < n && (i == block || p.blocks[i].Kind == Turn); i++ {
					k[i] = v.Shift(i, change)
				}
			}
			for i := range k {
				k[i] = w[i].change(&k[i], &up[i])
			}
			v.acrossAll(k, up)
			dx, rhs := make([]float64, len(p.x)), make([]float64, len(p.x))
			p.force(rhs, k)
			if err := p.lu.SolveVecTo(mat.NewVecDense(len(dx), dx), false, mat.NewVecDense(len(rhs), rhs)); err != nil {
				t.Fatal(err)
			}
			was := *datum
			*datum = was + eps
			plus := solve()
			*datum = was - eps
			want := solve()
			*datum = was
			for i := range want {
				want[i] = (plus[i] - want[i]) / (2 * eps)
			}
			if e := floats.Distance(dx, want, math.Inf(1)) / max(1, floats.Norm(want, math.Inf(1))); !(e < 1e-7) {
				t.Errorf("seed %d, by %s of block %d: off by %.2g", seed, name, block, e)
			}
		}
		for i := range p.blocks {
			b := &p.blocks[i]
			for c := range 3 {
				check("the value", i, &p.c[3*i+c], Change{}, c)
			}
			if b.Kind != Elliptic {
				continue
			}
			turn := &p.blocks[i+1]
			check("κ", i, &b.Kappa, Change{Kappa: kappa}, -1)
			check("κ of the cone", i, &b.KappaT, Change{KappaT: kappa}, -1)
			if check("torsion", i, &turn.Spin, Change{Spin: 1}, -1); b.Mu > 0 {
				check("friction", i, &b.Mu, Change{Mu: 1}, -1)
			}
			if turn.Roll > 0 {
				check("rolling", i, &turn.Roll, Change{Roll: 1}, -1)
			}
		}
	}
}
