package ipm

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// equations returns the problem A x + b = Nᵀλ, J x + c = 0 with 7 unknowns and a block of three equations and of one,
// each block given so many times.
func equations(r *rand.Rand, times int, b Block) *toy {
	b.Kind = Equal
	one := b
	one.Single = true
	var blocks []Block
	for range times {
		blocks = append(blocks, b, one)
	}
	p := fill(r, newToy(7, blocks...))
	for i := range len(p.c) - 6 {
		p.repeat(i%6, i+6)
	}
	return p
}

// kkt solves the equations by one dense matrix and returns x and the multipliers, of each block together.
func (p *toy) kkt(t *testing.T, rows ...int) (x, lambda []float64) {
	t.Helper()
	m, n := len(p.x), len(rows)
	k, rhs := mat.NewDense(m+n, m+n, nil), mat.NewVecDense(m+n, nil)
	for i := range m {
		rhs.SetVec(i, -p.b[i])
		for j := range m {
			k.Set(i, j, p.a.At(i, j))
		}
	}
	for j, row := range rows {
		rhs.SetVec(m+j, -p.c[row])
		for i := range m {
			k.Set(i, m+j, -p.n.At(row, i))
			k.Set(m+j, i, p.j.At(row, i))
		}
	}
	var y mat.VecDense
	if err := y.SolveVec(k, rhs); err != nil {
		t.Fatal(err)
	}
	return y.RawVector().Data[:m], y.RawVector().Data[m:]
}

// TestEquations: nothing but equations, once and five times each, against a dense solve. One iteration is exact but for
// rounding; a second sees that.
func TestEquations(t *testing.T) {
	var v Solver
	worst, violation, most := 0.0, 0.0, 0
	for seed := range uint64(100) {
		times := []int{1, 5}[seed%2]
		p := equations(newRand(seed), times, unit(Equal))
		x, lambda := p.kkt(t, 0, 1, 2, 3)
		res := v.Solve(p, Options{}) // without cones κ has no meaning
		if res.Status != Solved {
			t.Fatalf("seed %d: %+v", seed, res)
		}
		var sum r3.Vec
		single := 0.0
		for i := range v.Lambda {
			if p.blocks[i].Single {
				single += v.Lambda[i].X
			} else {
				sum = r3.Add(sum, v.Lambda[i])
			}
			violation = max(violation, r3.Norm(v.U[i]))
		}
		scale := floats.Norm(lambda, math.Inf(1)) + floats.Norm(x, math.Inf(1))
		worst = max(worst, floats.Distance(x, p.x, math.Inf(1))/scale, math.Abs(single-lambda[3])/scale,
			r3.Norm(r3.Sub(sum, r3.Vec{X: lambda[0], Y: lambda[1], Z: lambda[2]}))/scale)
		most = max(most, res.Iterations)
	}
	t.Logf("at most %d iterations; x and λ within %.2g of the dense solve, |u| ≤ %.2g", most, worst, violation)
	if worst > 1e-9 || violation > 1e-11 || most > 3 {
		t.Error("want 1e-9, 1e-11 and 3 iterations")
	}
}

// TestEquationsOfWrongSizes: natural sizes that are wrong by orders of magnitude cost iterations, no precision.
func TestEquationsOfWrongSizes(t *testing.T) {
	var v Solver
	for _, wrong := range []float64{1e-3, 1e-2, 1e2, 1e3} {
		for seed := range uint64(20) {
			b := unit(Equal)
			b.Kappa = wrong
			p := equations(newRand(seed), 2, b)
			x, _ := p.kkt(t, 0, 1, 2, 3)
			if res := v.Solve(p, Options{}); res.Status != Solved || floats.Distance(x, p.x, math.Inf(1)) > 1e-8*floats.Norm(x, math.Inf(1)) {
				t.Errorf("stiffness × %g, seed %d: off by %.2g, %+v", wrong, seed, floats.Distance(x, p.x, math.Inf(1)), res)
			}
		}
	}
}

// TestEquationsSofterThanTheirProblem: where the springs of the equations give more than what they hold, carrying their
// forces on gains little in each solve, and other forces are looked for.
func TestEquationsSofterThanTheirProblem(t *testing.T) {
	var v Solver
	most := 0
	for seed := range uint64(60) {
		b := unit(Equal)
		b.Kappa = []float64{1e-7, 3e-8, 1e-8}[seed%3]
		p := equations(newRand(seed), 1+int(seed%2), b)
		x, _ := p.kkt(t, 0, 1, 2, 3)
		res := v.Solve(p, Options{})
		if res.Status != Solved || floats.Distance(x, p.x, math.Inf(1)) > 1e-8*floats.Norm(x, math.Inf(1)) {
			t.Errorf("seed %d: off by %.2g, %+v", seed, floats.Distance(x, p.x, math.Inf(1)), res)
		}
		most = max(most, res.Iterations)
	}
	t.Logf("at most %d iterations", most)
	if most > 5 {
		t.Errorf("%d iterations", most)
	}
}

// reduced returns the problem without its equations, rows at and after from: x = x₀ + Z y with J Z = 0, and of F only
// what Nᵀλ does not change.
func (p *toy) reduced(t *testing.T, from int, rows ...int) *toy {
	t.Helper()
	m, n := len(p.x), len(rows)
	null := func(a *mat.Dense) *mat.Dense {
		e := mat.NewDense(n, m, nil)
		for i, row := range rows {
			e.SetRow(i, a.RawRowView(row))
		}
		var svd mat.SVD
		if !svd.Factorize(e, mat.SVDFullV) {
			t.Fatal("no singular values")
		}
		var z mat.Dense
		svd.VTo(&z)
		return mat.DenseCopyOf(z.Slice(0, m, n, m))
	}
	x0, _ := p.kkt(t, rows...)
	z, y := null(p.j), null(p.n)
	q := newToy(m-n, p.blocks[:from/3]...)
	var az, f mat.Dense
	az.Mul(p.a, z)
	q.a.Mul(y.T(), &az)
	f.Mul(p.a, mat.NewDense(m, 1, x0))
	f.Add(&f, mat.NewDense(m, 1, p.b))
	mat.NewDense(m-n, 1, q.b).Mul(y.T(), &f)
	q.n.Mul(p.n.Slice(0, from, 0, m), y)
	q.j.Mul(p.j.Slice(0, from, 0, m), z)
	mat.NewDense(from, 1, q.c).Mul(p.j.Slice(0, from, 0, m), mat.NewDense(m, 1, x0))
	floats.Add(q.c, p.c[:from])
	q.Reset()
	return q
}

// TestEquationsAmongCones: in every way of going on cones beside equations, some of them said twice, end where they end
// in the coordinates that the equations leave.
func TestEquationsAmongCones(t *testing.T) {
	const kappa = 1e-6
	opt := Options{Kappa: kappa, Centrality: 1e-8, Tolerance: 1e-11}
	opt.defaults()
	polish, warm := opt, opt
	polish.Polish, warm.Warm = true, true
	var v, w Solver
	ways := []struct {
		name  string
		opt   Options
		solve func(p Problem) Result
	}{
		{"cold", opt, func(p Problem) Result { return v.Solve(p, opt) }},
		{"warm", opt, func(p Problem) Result { return v.Solve(p, warm) }},
		{"thawing", opt, func(p Problem) Result { v.load(p); return v.thaw(&opt, 1e-3, 0.5) }},
		{"careful", opt, func(p Problem) Result { v.load(p); return v.careful(&opt, 1) }},
		{"polished", polish, func(p Problem) Result { return v.Solve(p, polish) }},
	}
	for seed := range uint64(60) {
		p := held(newRand(300 + seed))
		from := len(p.c) - 6
		q := p.reduced(t, from, from, from+1, from+2)
		for _, way := range ways {
			q.Reset()
			if res := w.Solve(q, way.opt); res.Status != Solved || res.Polished != way.opt.Polish {
				t.Fatalf("seed %d, reduced %s: %+v", seed, way.name, res)
			}
			p.Reset()
			res := way.solve(p)
			if res.Status != Solved || res.Polished != way.opt.Polish {
				t.Errorf("seed %d, %s: %+v", seed, way.name, res)
				continue
			}
			for i := range q.blocks {
				if e := r3.Norm(r3.Sub(v.U[i], w.U[i])) + r3.Norm(r3.Sub(v.Lambda[i], w.Lambda[i])); e > 1e-7*(1+r3.Norm(w.U[i])+r3.Norm(w.Lambda[i])) {
					t.Errorf("seed %d, %s, block %d: u %v λ %v, want %v and %v", seed, way.name, i, v.U[i], v.Lambda[i], w.U[i], w.Lambda[i])
				}
			}
			for i := range 2 {
				if e := r3.Norm(v.U[from/3+i]); e > opt.Tolerance {
					t.Errorf("seed %d, %s: equation %d is off by %g", seed, way.name, i, e)
				}
			}
		}
	}
}

// TestContradiction: equations that cannot all hold are no solution, unless they contradict each other by less than
// the tolerance.
func TestContradiction(t *testing.T) {
	for _, c := range []struct {
		by   float64
		want bool
	}{{0, true}, {1e-11, true}, {1e-6, false}, {1, false}} {
		one := unit(Equal)
		one.Single = true
		p := newToy(2, one, one, unit(Orthant))
		p.row(0, 0, 1, 1)
		p.row(3, c.by, 1, 1)
		p.row(6, -1, 1, 0)
		p.b[0] = 2
		p.Reset()
		var v Solver
		res := v.Solve(p, Options{Kappa: 1e-8})
		if got := res.Status == Solved; got != c.want || res.Status == Unsolved {
			t.Errorf("contradiction of %g: %+v", c.by, res)
		}
		if c.want && math.Abs(p.x[0]-1)+math.Abs(p.x[1]+1) > 1e-7 {
			t.Errorf("contradiction of %g: x = %v, want 1, -1", c.by, p.x)
		}
	}
}

// circle asks for the point of the unit circle that is nearest to a: x − a = 2xλ, u = x² − 1.
type circle struct {
	a, x, x0, dx, f [2]float64
	l, w            float64
	blocks          []Block
}

func (p *circle) Blocks() []Block { return p.blocks }
func (p *circle) Reset()          { p.x = [2]float64{1, 0.5} }
func (p *circle) Values(u []r3.Vec) bool {
	u[0] = r3.Vec{X: p.x[0]*p.x[0] + p.x[1]*p.x[1] - 1}
	return true
}

func (p *circle) Residual(l []r3.Vec) float64 {
	p.l = l[0].X
	for i, x := range p.x {
		p.f[i] = x - p.a[i] - 2*x*p.l
	}
	return math.Hypot(p.f[0], p.f[1])
}

func (p *circle) Factor(w []Matrix) bool {
	p.x0, p.w = p.x, w[0][0]
	return true
}

func (p *circle) Direction(k, du []r3.Vec) {
	// ((1 − 2λ) I + 4 w x xᵀ) dx = −f + 2 x k, by the Sherman–Morrison formula
	d, x := 1-2*p.l, p.x0
	r := [2]float64{2*x[0]*k[0].X - p.f[0], 2*x[1]*k[0].X - p.f[1]}
	s := 4 * p.w * (x[0]*r[0] + x[1]*r[1]) / (d + 4*p.w*(x[0]*x[0]+x[1]*x[1]))
	p.dx = [2]float64{(r[0] - s*x[0]) / d, (r[1] - s*x[1]) / d}
	du[0] = r3.Vec{X: 2 * (x[0]*p.dx[0] + x[1]*p.dx[1])}
}

func (p *circle) Step(alpha float64) {
	for i := range p.x {
		p.x[i] = p.x0[i] + alpha*p.dx[i]
	}
}

// TestNearestPoint: an equation that is not linear, with a multiplier far from its start.
func TestNearestPoint(t *testing.T) {
	for _, a := range [][2]float64{{3, 4}, {0.3, 0.1}, {2, -1}, {30, 40}} {
		p := &circle{a: a, blocks: []Block{{Kind: Equal, Single: true, Kappa: 1, Scale: 1}}}
		var v Solver
		var res Result
		solve := func() {
			p.Reset()
			res = v.Solve(p, Options{})
		}
		if n := testing.AllocsPerRun(10, solve); n != 0 {
			t.Errorf("a solve allocates %v times", n)
		}
		n := math.Hypot(a[0], a[1])
		if e := math.Hypot(p.x[0]-a[0]/n, p.x[1]-a[1]/n) + math.Abs(v.Lambda[0].X-(1-n)/2)/n; res.Status != Solved || e > 1e-9 || res.Iterations > 12 {
			t.Errorf("a = %v: x = %v, λ = %g, %+v", a, p.x, v.Lambda[0].X, res)
		}
	}
}

// derivative solves the linearized problem for the changes fp of F, up of the values and k of the multipliers at
// fixed value, and again so many times with the forces of equations carried on.
func (p *toy) derivative(w []Matrix, fp []float64, up, k []r3.Vec, again int) (dx []float64) {
	dx = make([]float64, len(p.x))
	k = append([]r3.Vec(nil), k...)
	kw, dl := make([]r3.Vec, len(k)), make([]r3.Vec, len(k))
	for range again + 1 {
		for i := range k {
			kw[i] = w[i].change(&k[i], &up[i])
		}
		rhs := make([]float64, len(dx))
		p.force(rhs, kw)
		floats.Sub(rhs, fp)
		if err := p.lu.SolveVecTo(mat.NewVecDense(len(dx), dx), false, mat.NewVecDense(len(rhs), rhs)); err != nil {
			if _, ok := err.(mat.Condition); !ok {
				panic(err)
			}
		}
		for i := range k {
			du := r3.Add(up[i], r3.Vec{X: p.dot(p.j, 3*i, dx), Y: p.dot(p.j, 3*i+1, dx), Z: p.dot(p.j, 3*i+2, dx)})
			if dl[i] = w[i].change(&k[i], &du); p.blocks[i].Kind == Equal {
				k[i] = dl[i]
			}
		}
	}
	return dx
}

// TestEquationDerivatives: the derivative of a solution with equations, some of them said twice, by all data against
// central differences. One solve is off by what the springs give, one more is exact.
func TestEquationDerivatives(t *testing.T) {
	const kappa, eps = 1e-2, 3e-6
	var v Solver
	worst := [2]float64{}
	for seed := range uint64(30) {
		p := held(newRand(400 + seed))
		solve := func() []float64 { return p.solution(t, &v, kappa, seed) }
		check := func(name string, datum *float64, fp []float64, up []r3.Vec, change func(i int) Change) {
			solve()
			w, ok := v.Condense(kappa)
			p.Residual(v.Lambda)
			if !ok || !p.Factor(w) {
				t.Fatal("singular")
			}
			k := make([]r3.Vec, len(w))
			for i := range k {
				k[i] = v.Shift(i, change(i))
			}
			got := [2][]float64{p.derivative(w, fp, up, k, 0), p.derivative(w, fp, up, k, 1)}
			was := *datum
			*datum = was + eps
			plus := solve()
			*datum = was - eps
			want := solve()
			*datum = was
			for i := range want {
				want[i] = (plus[i] - want[i]) / (2 * eps)
			}
			for again, dx := range got {
				e := floats.Distance(dx, want, math.Inf(1)) / max(1, floats.Norm(want, math.Inf(1)))
				worst[again] = max(worst[again], e)
				if again == 1 && e > 1e-8 {
					t.Errorf("seed %d, by %s: off by %.2g", seed, name, e)
				}
			}
		}
		m, n := len(p.x), len(p.blocks)
		still := func(int) Change { return Change{} }
		only := func(j int, c Change) func(int) Change {
			return func(i int) Change {
				if i == j {
					return c
				}
				return Change{}
			}
		}
		for j := range 3 {
			fp := make([]float64, m)
			fp[j] = 1
			check("b", &p.b[j], fp, make([]r3.Vec, n), still)
		}
		zero := make([]float64, m)
		for _, row := range []int{0, 3, 4, 6, 9, 13, 15, 19, 20} {
			up := make([]r3.Vec, n)
			e := [3]float64{}
			e[row%3] = 1
			up[row/3] = r3.Vec{X: e[0], Y: e[1], Z: e[2]}
			check("c", &p.c[row], zero, up, still)
		}
		check("μ", &p.blocks[1].Mu, zero, make([]r3.Vec, n), only(1, Change{Mu: 1}))
		check("limit", &p.blocks[2].Limit, zero, make([]r3.Vec, n), only(2, Change{Limit: 1}))
		check("κ", &p.blocks[1].KappaT, zero, make([]r3.Vec, n), only(1, Change{KappaT: kappa}))
	}
	t.Logf("off by %.2g after one solve, %.2g after two", worst[0], worst[1])
	if worst[0] < 100*worst[1] {
		t.Error("the second solve gains nothing")
	}
}

// TestEquationAdjoint: a vector times the derivative by b, by two transposed solves; see Condense.
func TestEquationAdjoint(t *testing.T) {
	const kappa = 1e-2
	r := newRand(500)
	p := held(r)
	var v Solver
	if res := v.Solve(p, Options{Kappa: kappa}); res.Status != Solved {
		t.Fatalf("%+v", res)
	}
	w, _ := v.Condense(kappa)
	if !p.Factor(w) {
		t.Fatal("singular")
	}
	m, n := len(p.x), len(w)
	solve := func(g []float64) []float64 {
		y := mat.NewVecDense(m, nil)
		if err := p.lu.SolveVecTo(y, true, mat.NewVecDense(m, g)); err != nil {
			if _, ok := err.(mat.Condition); !ok {
				t.Fatal(err)
			}
		}
		return y.RawVector().Data
	}
	g := make([]float64, m)
	for i := range g {
		g[i] = r.NormFloat64()
	}
	y := solve(g)
	h := append([]float64(nil), g...) // g − Jᵀ W N y of the equations
	for i := range p.c {
		if p.blocks[i/3].Kind == Equal {
			floats.AddScaled(h, -w[i/3][4*(i%3)]*p.dot(p.n, i, y), p.j.RawRowView(i))
		}
	}
	y = solve(h)
	for j := range m {
		fp := make([]float64, m)
		fp[j] = 1
		dx := p.derivative(w, fp, make([]r3.Vec, n), make([]r3.Vec, n), 1)
		if want := floats.Dot(g, dx); math.Abs(-y[j]-want) > 1e-8*(1+math.Abs(want)) {
			t.Errorf("by b[%d]: %g, forward %g", j, -y[j], want)
		}
	}
}
