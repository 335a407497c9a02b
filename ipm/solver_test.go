package ipm

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r3"
)

// quadratic is the problem without blocks x² = 2, componentwise, and its Newton's method.
type quadratic struct{ x, x0, dx, f [2]float64 }

func (p *quadratic) Blocks() []Block      { return nil }
func (p *quadratic) Reset()               { p.x = [2]float64{1, 3} }
func (p *quadratic) Values([]r3.Vec) bool { return true }
func (p *quadratic) Residual([]r3.Vec) float64 {
	for i, x := range p.x {
		p.f[i] = x*x - 2
	}
	return math.Hypot(p.f[0], p.f[1])
}
func (p *quadratic) Factor([]Matrix) bool { p.x0 = p.x; return p.x[0] != 0 && p.x[1] != 0 }
func (p *quadratic) Direction(_, _ []r3.Vec) {
	for i, x := range p.x0 {
		p.dx[i] = -p.f[i] / (2 * x)
	}
}
func (p *quadratic) Step(alpha float64) {
	for i := range p.x {
		p.x[i] = p.x0[i] + alpha*p.dx[i]
	}
}

// TestNewton: without blocks the solver is Newton's method and converges quadratically.
func TestNewton(t *testing.T) {
	p := &quadratic{}
	p.Reset()
	var v Solver
	last := math.Inf(1)
	var steps int
	res := v.Solve(p, Options{Tolerance: 1e-14, Trace: func(i Iteration) {
		steps++
		// f' = 2x and f'' = 2 bound the next residual by f²/(4x²) ≤ f²/4
		if i.Number != steps || i.Alpha != 1 || i.Trials != 1 || i.Residual > last*last/4 {
			t.Errorf("%+v after a residual of %g", i, last)
		}
		last = i.Residual
	}})
	if res.Status != Solved || res.Iterations != steps || steps > 6 || math.Abs(p.x[0]-math.Sqrt2) > 1e-14 || math.Abs(p.x[1]-math.Sqrt2) > 1e-14 {
		t.Errorf("%+v at %v after %d traces", res, p.x, steps)
	}
	p.x = [2]float64{0, 1}
	if res := v.Solve(p, Options{}); res.Status != Singular {
		t.Errorf("singular start: %+v", res)
	}
}

func TestSolveAllocatesNothing(t *testing.T) {
	w, q, mu := pile(newRand(1), 2, 5)
	d, p := NewDelassus(w, q, mu), random(newRand(2))
	var v Solver
	solve := func(p Problem) func() {
		return func() {
			p.Reset()
			if res := v.Solve(p, Options{Kappa: 1e-6}); res.Status != Solved {
				t.Fatalf("%+v", res)
			}
		}
	}
	if n := testing.AllocsPerRun(20, solve(d)); n != 0 {
		t.Errorf("a solve of a Delassus allocates %v times", n)
	}
	// the dense algebra of the toy allocates, so a problem of another size only may not grow anything
	solve(p)()
	if n := testing.AllocsPerRun(20, solve(d)); n != 0 {
		t.Errorf("a solve after a larger problem allocates %v times", n)
	}
}

// TestStart: the starting point is on the central path of its κ, and only F is violated.
func TestStart(t *testing.T) {
	r := newRand(13)
	for range 100 {
		kappa := math.Exp(r.NormFloat64())
		p := random(r)
		p.c[0], p.c[3], p.c[12] = 50, 50, 50 // all gaps open
		var v Solver
		v.load(p)
		if !v.center(kappa, kappa) {
			t.Fatal("no start")
		}
		mean, worst := v.complementarity()
		off := v.centrality(kappa)
		if math.Abs(mean-kappa) > 1e-9 || math.Abs(worst-kappa) > 1e-9 || off > 1e-9 || v.gap > 1e-9 {
			t.Fatalf("κ %g: mean %g, worst %g, off %g, gap %g", kappa, mean, worst, off, v.gap)
		}
		for i, l := range v.Lambda {
			b, at := &v.blocks[i], v.at[i]
			bound := b.Limit
			if b.Kind != Bound {
				bound = b.Mu * l.X
			}
			got, want := []float64{bound, l.X, l.Y, l.Z}, []float64(nil)
			switch b.form() {
			case formOrthant:
				continue
			case formCoulomb:
				g := v.pairs[at.cone].g
				want = []float64{g.a, v.rays[at.ray].l, g.x, g.y}
			case formPyramid:
				y, z := v.wedges[at.cone].g, v.wedges[at.cone+1].g
				want = []float64{y.a(), v.rays[at.ray].l, y.x(), z.x()}
			case formSingle:
				g := v.wedges[at.cone].g
				want = []float64{g.a(), g.x(), 0, 0}
			case formBound:
				g := v.pairs[at.cone].g
				want = []float64{g.a, g.x, g.y, g.z}
			}
			if !floats.EqualApprox(got, want, 1e-14*bound) {
				t.Fatalf("block %d: multipliers %v and cones %v", i, got, want)
			}
		}
	}
}

// TestWarm: a start from the values of the solution needs no iteration, one from values nearby a few, and one
// from nonsense leads to the same point.
func TestWarm(t *testing.T) {
	r := newRand(31)
	var cold, near, lost int
	var v Solver
	for range 100 {
		p := random(r)
		for i := range p.blocks {
			p.blocks[i].Scale = 0.1 // multipliers of 10 are natural here
		}
		opt := Options{Kappa: 1e-6, Tolerance: 1e-13}
		want := v.Solve(p, opt)
		if want.Status != Solved {
			t.Fatal(want)
		}
		cold += want.Iterations
		x, u := append([]float64(nil), p.x...), append([]r3.Vec(nil), v.U...)
		opt.Warm = true
		again := func(what string, past func(u r3.Vec) r3.Vec) int {
			p.Reset()
			for i := range u {
				p.blocks[i].Past = past(u[i])
			}
			res := v.Solve(p, opt)
			if e := floats.Distance(x, p.x, math.Inf(1)); res.Status != Solved || !(e <= 1e-6) {
				t.Fatalf("%s: %+v, %g from the solution of a cold start", what, res, e)
			}
			return res.Iterations
		}
		near += again("near", func(u r3.Vec) r3.Vec {
			return r3.Vec{X: u.X * (1 + 0.1*r.NormFloat64()), Y: u.Y * (1 + 0.1*r.NormFloat64()), Z: u.Z * (1 + 0.1*r.NormFloat64())}
		})
		for _, c := range []float64{0, -1, 1e-9, 1e9, math.NaN(), math.Inf(1)} {
			lost += again("far", func(u r3.Vec) r3.Vec { return r3.Scale(c*r.Float64(), r3.Vec{X: 1, Y: 1, Z: 1}) })
		}
		// the start itself: the toy's x is not remembered, so start it where it ended
		p.start, p.blocks = x, append([]Block(nil), p.blocks...)
		if n := again("there", func(u r3.Vec) r3.Vec { return u }); n > 1 {
			t.Errorf("%d iterations from the solution", n)
		}
	}
	t.Logf("iterations: cold %.2f, near %.2f, from nonsense %.2f", float64(cold)/100, float64(near)/100, float64(lost)/600)
	if near > cold*3/4 {
		t.Errorf("a warm start is no faster than a cold one: %d iterations against %d", near, cold)
	}
}

// TestGapIsTight: whatever the tolerance, a solved gap is positive and its own product is near κ.
func TestGapIsTight(t *testing.T) {
	const kappa = 1e-8
	var v Solver
	for seed := range 50 {
		w, q, mu := pile(newRand(uint64(seed)), 1, 1+seed%3)
		d := NewDelassus(w, q, mu)
		res := v.Solve(d, Options{Kappa: kappa, Tolerance: 1, Centrality: 0.1})
		if res.Status != Solved {
			t.Fatalf("seed %d: %+v", seed, res)
		}
		for i, l := range v.Lambda {
			if c := v.U[i].X * l.X / d.blocks[i].Kappa; math.Abs(c-kappa) > 0.22*kappa {
				t.Errorf("seed %d: gap %g, product %g of κ", seed, v.U[i].X, c/kappa)
			}
		}
	}
}

// TestOptions: every option changes what it says.
func TestOptions(t *testing.T) {
	w, q, mu := pile(newRand(3), 1, 4)
	d := NewDelassus(w, q, mu)
	var v Solver
	solve := func(o Options) Result {
		d.Reset()
		o.Kappa = 1e-6
		return v.Solve(d, o)
	}
	def := solve(Options{})
	if def.Status != Solved || def.Residual > 1e-9 || def.Gap > 1e-9 || def.Centrality > 1e-4 {
		t.Errorf("defaults: %+v", def)
	}
	if r := solve(Options{Centrality: 0.5}); r.Status != Solved || r.Iterations >= def.Iterations || r.Centrality > 0.5 {
		t.Errorf("loose centrality: %+v against %+v", r, def)
	}
	if r := solve(Options{Tolerance: 1e-300, NoFallback: true}); r.Status == Solved && r.Residual > 1e-300 {
		t.Errorf("impossible tolerance: %+v", r)
	}
	if r := solve(Options{MaxIter: 2, NoFallback: true}); r.Status != MaxIter || r.Iterations != 2 {
		t.Errorf("two iterations without fallback: %+v", r)
	}
	all := 0
	for _, a := range attempts {
		switch a.way {
		case careful:
			all += 2 * carefulIter
		case thawing:
			all += 2 * pathIter
		case sinking: // not loaded
		default:
			all += 2
		}
	}
	if r := solve(Options{MaxIter: 2}); r.Status != MaxIter || r.Iterations != all {
		t.Errorf("two iterations with all attempts: %+v, want %d iterations", r, all)
	}
}

// TestCarefulRun: the fallback alone solves what the fast run solves.
func TestCarefulRun(t *testing.T) {
	var v Solver
	opt := Options{Kappa: 1e-8, Centrality: 0.01}
	opt.defaults()
	for seed := range 12 {
		w, q, mu := pile(newRand(uint64(seed)), 1+seed%3, 1+seed)
		v.load(NewDelassus(w, q, mu))
		res := v.careful(&opt, 1)
		if e := violationsOf(w, q, mu, v.U, v.Lambda); res.Status != Solved || e.worst() > 1e-7 {
			t.Errorf("seed %d: %+v, residuals %+v", seed, res, e)
		}
	}
}

// TestSolveIsRepeatable: a solver remembers nothing of the problems before.
func TestSolveIsRepeatable(t *testing.T) {
	p := random(newRand(4))
	var used, fresh Solver
	used.Solve(random(newRand(5)), Options{Kappa: 1e-4})
	w, q, mu := pile(newRand(6), 2, 9)
	used.Solve(NewDelassus(w, q, mu), Options{Kappa: 1e-8})
	a := used.Solve(p, Options{Kappa: 1e-6})
	p.Reset()
	if b := fresh.Solve(p, Options{Kappa: 1e-6}); a != b {
		t.Errorf("%+v from a used solver, %+v from a fresh one", a, b)
	}
	for i := range fresh.Lambda {
		if used.Lambda[i] != fresh.Lambda[i] || used.U[i] != fresh.U[i] {
			t.Errorf("block %d differs", i)
		}
	}
}

func TestViolation(t *testing.T) {
	p := random(newRand(7))
	var v Solver
	if res := v.Solve(p, Options{Kappa: 1e-8}); res.Status != Solved {
		t.Fatalf("%+v", res)
	}
	for i := range p.blocks {
		if e := v.Violation(i); !(e > 0 && e < 1e-6) {
			t.Errorf("violation of block %d is %g", i, e)
		}
	}
}

// TestKappaMustBePositive: found by fuzzing, a negative κ turned the test of centrality around and was
// called solved.
func TestKappaMustBePositive(t *testing.T) {
	var v Solver
	for _, kappa := range []float64{0, -470, math.NaN(), math.Inf(1)} {
		if res := v.Solve(random(newRand(8)), Options{Kappa: kappa}); res.Status != NotFinite {
			t.Errorf("κ %g: %v", kappa, res.Status)
		}
	}
}

func TestStatus(t *testing.T) {
	var zero Result
	if zero.Status != Unsolved || zero.Status.Err() == nil {
		t.Error("a forgotten result is a success")
	}
	for s := range statusEnds + 1 {
		if s.String() == "" || (s.Err() == nil) != (s == Solved) {
			t.Errorf("status %d: %q, %v", s, s, s.Err())
		}
	}
}

func TestNewDelassusPanics(t *testing.T) {
	for _, c := range []struct{ w, q, mu []float64 }{
		{make([]float64, 9), make([]float64, 3), []float64{-1}},
		{make([]float64, 8), make([]float64, 3), []float64{1}},
		{make([]float64, 9), make([]float64, 2), []float64{1}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("no panic for %v", c)
				}
			}()
			NewDelassus(c.w, c.q, c.mu)
		}()
	}
}

func TestTight(t *testing.T) {
	var v Solver
	v.load(random(newRand(9)))
	if !v.center(1, 1) {
		t.Fatal("no start")
	}
	for i := range v.rays {
		v.rays[i].r = 0
	}
	v.rays[1].s, v.rays[1].r = 1e-3, -2e-4
	if v.tight(0.1) || !v.tight(0.3) {
		t.Error("a gap 20 % off its slack is within 10 %, or not within 30 %")
	}
	v.rays[1].s, v.rays[1].r = 1e-20, 1e-14
	if !v.tight(0.1) {
		t.Error("rounding makes a gap loose")
	}
}
