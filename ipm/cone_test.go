package ipm

import (
	"math"
	"math/rand/v2"
	"testing"
)

// samples is how many random inputs each algebraic test takes.
const samples = 1000

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func anywhere(r *rand.Rand) cone {
	return cone{r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
}

// inside returns an element of the cone, of any size and often close to the wall.
func inside(r *rand.Rand) cone {
	p := anywhere(r)
	margin := math.Pow(10, -6*r.Float64())
	p.a = (1 + margin) * math.Sqrt(p.x*p.x+p.y*p.y+p.z*p.z)
	return cone{}.add(math.Pow(10, 4*r.Float64()-2), p)
}

// far returns the largest difference of components over the largest component.
func far(p, q cone) float64 {
	d := p.add(-1, q)
	return d.size() / math.Max(p.size(), q.size())
}

func (p cone) size() float64 {
	return math.Max(math.Max(math.Abs(p.a), math.Abs(p.x)), math.Max(math.Abs(p.y), math.Abs(p.z)))
}

func (p cone) slice() [4]float64 { return [4]float64{p.a, p.x, p.y, p.z} }

// dense returns the columns that f makes of the unit vectors, as m[row][column].
func dense(f func(cone) cone) (m [4][4]float64) {
	for j, e := range []cone{{a: 1}, {x: 1}, {y: 1}, {z: 1}} {
		for i, x := range f(e).slice() {
			m[i][j] = x
		}
	}
	return m
}

func TestJordanProduct(t *testing.T) {
	r := newRand(1)
	for range samples {
		p, q := inside(r), anywhere(r)
		if d := far(p.prod(cone{a: 1}), p); d != 0 {
			t.Fatalf("%v∘e differs from itself by %g", p, d)
		}
		if d := far(p.prod(q), q.prod(p)); d > 1e-15 {
			t.Fatalf("%v∘%v is not commutative: %g", p, q, d)
		}
		// division amplifies rounding by the condition number of p
		cond := (p.a + math.Sqrt(p.x*p.x+p.y*p.y+p.z*p.z)) / p.min()
		if d := far(p.prod(p.div(q, p.det())), q); d > 1e-14*cond {
			t.Fatalf("%v∘(%v\\%v) is off by %g", p, p, q, d)
		}
		if got, want := p.det(), p.min()*(2*p.a-p.min()); math.Abs(got-want) > 1e-9*want {
			t.Fatalf("det %v = %g, want %g", p, got, want)
		}
	}
}

func TestScaling(t *testing.T) {
	r := newRand(2)
	for range samples {
		s, g := inside(r), inside(r)
		var k scaling
		if !k.set(s, g) {
			t.Fatalf("no scaling of %v and %v", s, g)
		}
		eta := math.Sqrt(k.eta2)
		mul := func(p cone) cone { return cone{}.add(eta, k.mul(p)) }
		inv := func(p cone) cone { return cone{}.add(1/eta, k.inv(p)) }
		h := func(p cone) cone { return inv(inv(p)) }
		// W has the condition number (w₀ + ‖w₁‖)²
		cond := 4 * k.w.a * k.w.a
		tol := 1e-13 * cond
		if d := far(mul(g), inv(s)); d > tol {
			t.Fatalf("W g and W⁻¹s of %v, %v differ by %g", s, g, d)
		}
		if d := far(h(s), g); d > tol*cond {
			t.Fatalf("W⁻²s and g of %v, %v differ by %g", s, g, d)
		}
		if p := anywhere(r); far(mul(inv(p)), p) > tol {
			t.Fatalf("W W⁻¹ p differs from p by %g", far(mul(inv(p)), p))
		}
		if d := far(s.prod(k.sInv), cone{a: 1}); d > 1e-14*s.a/s.min() {
			t.Fatalf("s∘s⁻¹ of %v is off by %g", s, d)
		}
		m := dense(h)
		for i := range 4 {
			for j := range 4 {
				if d := math.Abs(m[i][j] - m[j][i]); d > 1e-13*m[0][0] {
					t.Fatalf("W⁻² of %v, %v is unsymmetric by %g", s, g, d)
				}
			}
		}
		if p := anywhere(r); !(p.dot(h(p)) > 0) {
			t.Fatalf("W⁻² of %v, %v is not positive: %g", s, g, p.dot(h(p)))
		}
		ds, dg := anywhere(r), anywhere(r)
		l := mul(g)
		want := inv(l.div(inv(ds).prod(mul(dg)), l.det()))
		if d := far(k.second(g, ds, dg), want); d > 1e-12*l.a/l.min()*cond {
			t.Fatalf("second-order term of %v, %v is off by %g", s, g, d)
		}
	}
	var k scaling
	for _, bad := range []cone{{}, {a: 1, x: 1}, {a: -2, x: 1}, {a: math.NaN()}, {a: math.Inf(1)}} {
		if k.set(bad, cone{a: 1}) && !math.IsInf(bad.a, 0) {
			t.Errorf("a scaling of %v", bad)
		}
	}
}

func TestStepLength(t *testing.T) {
	r := newRand(3)
	cut := 0
	for range samples {
		p, d := inside(r), anywhere(r)
		d = cone{}.add(math.Pow(10, 4*r.Float64()-2), d)
		a := p.step(d)
		checkStep(t, p, d, a)
		if a < 1 {
			cut++
		}
	}
	if cut < samples/4 || cut > 9*samples/10 {
		t.Errorf("%d of %d steps were cut, want many and not all", cut, samples)
	}
}

// checkStep reports when a is not the largest step ≤ 1 that keeps p in the cone.
func checkStep(t *testing.T, p, d cone, a float64) {
	t.Helper()
	if !(a >= 0 && a <= 1) {
		t.Fatalf("step %g from %v along %v", a, p, d)
	}
	// rounding of p moves its margin to the near wall, and with it where a ray along that wall meets the far one
	round := 1e-13*(p.size()+a*d.size()) + 1e-15*p.size()/p.min()*a*d.size()
	if m := p.add(a, d).min(); m < -round {
		t.Fatalf("%v + %g %v is outside by %g", p, a, d, m)
	}
	if a < 1 {
		if m := p.add(1.001*a, d).min(); m > round {
			t.Fatalf("%v + %g %v is still inside by %g", p, 1.001*a, d, m)
		}
	}
}

// TestCurvedStepLength: the linearized margin and the turn decide how far a curved step goes.
func TestCurvedStepLength(t *testing.T) {
	r := newRand(4)
	for range samples {
		p, d, turn := inside(r), anywhere(r), r.IntN(2) == 0
		allowed := func(a float64) bool {
			n := math.Sqrt(p.x*p.x + p.y*p.y + p.z*p.z)
			along := (p.x*d.x + p.y*d.y + p.z*d.z) / n
			across := math.Sqrt(math.Max(0, d.x*d.x+d.y*d.y+d.z*d.z-along*along))
			return p.margin(d, a) >= 0 && (!turn || a*across <= tanTurn*(n+a*along))
		}
		a := p.curved(d, turn)
		if !allowed(a * (1 - 1e-9)) {
			t.Fatalf("curved step %g of %v along %v is too long", a, p, d)
		}
		if a < 1 && allowed(a*1.001) {
			t.Fatalf("curved step %g of %v along %v is too short", a, p, d)
		}
	}
	if a := (cone{a: 1}).curved(cone{x: 1}, true); a != 0 {
		t.Errorf("curved step from the axis is %g, want 0: it has no wall to turn along", a)
	}
}

// FuzzStepLength: the point at the returned step is inside, at 1.001 times the step outside.
func FuzzStepLength(f *testing.F) {
	f.Add(1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0)
	f.Add(1.0, 0.999999, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0)
	f.Add(1.0, 0.5, 0.5, 0.5, 1.0, 1.0, 0.0, 0.0)
	f.Add(1e-9, 0.0, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0)
	f.Fuzz(func(t *testing.T, margin, x, y, z, da, dx, dy, dz float64) {
		for _, v := range []float64{margin, x, y, z, da, dx, dy, dz} {
			if a := math.Abs(v); v != 0 && !(a > 1e-100 && a < 1e100) {
				t.Skip("the square of a component leaves the range of numbers")
			}
		}
		p, d := cone{math.Abs(margin) + math.Sqrt(x*x+y*y+z*z), x, y, z}, cone{da, dx, dy, dz}
		if p.min() <= 0 {
			t.Skip("rounding left no interior point to start from")
		}
		checkStep(t, p, d, p.step(d))
	})
}
