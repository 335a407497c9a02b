package ipm

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestCenterIsOnThePath(t *testing.T) {
	r := newRand(5)
	for range samples {
		ga, kappa, v := math.Exp(r.NormFloat64()), math.Pow(10, -10*r.Float64()), anywhere(r)
		var p pair
		p.center(ga, v, kappa)
		if p.g.a != ga || p.s.x != v.x || p.s.y != v.y || p.s.z != v.z {
			t.Fatalf("center(%g, %v) moved to %v, %v", ga, v, p.s, p.g)
		}
		if off := p.off(kappa); off > 1e-14*ga*p.s.a {
			t.Fatalf("center(%g, %v, %g) is off the path by %g", ga, v, kappa, off)
		}
		if ms, mg := p.s.min(), p.g.min(); ms < 0 || mg < 0 {
			t.Fatalf("center(%g, %v, %g) has margins %g, %g", ga, v, kappa, ms, mg)
		}
	}
}

// TestCondensed compares with the Schur complement of the dense W⁻².
func TestCondensed(t *testing.T) {
	r := newRand(6)
	for range samples {
		p := pair{s: inside(r), g: inside(r)}
		if !p.scale() {
			t.Fatal("no scaling")
		}
		h := denseH(&p)
		i, f, v, rho := p.m.i, p.m.f, p.m.v, p.m.rho
		got := compliant(i, f, v, 0)
		for a := range 3 {
			if d := math.Abs(part(rho, a) - h[a+1][0]/h[0][0]); d > 1e-13 {
				t.Fatalf("ρ of %v, %v is off by %g", p.s, p.g, d)
			}
			for b := range 3 {
				want := h[a+1][b+1] - h[a+1][0]*h[0][b+1]/h[0][0]
				if d := math.Abs(got[3*a+b] - want); d > 1e-12*h[0][0] {
					t.Fatalf("condensed matrix of %v, %v is off by %g", p.s, p.g, d)
				}
				alone := -f * part(v, a) * part(v, b)
				if a == b {
					alone += i
				}
				if d := math.Abs(alone - want); d > 1e-12*h[0][0] {
					t.Fatalf("i I − f vvᵀ of %v, %v is off by %g", p.s, p.g, d)
				}
			}
		}
	}
}

// denseH returns W⁻².
func denseH(p *pair) [4][4]float64 {
	var k scaling
	k.set(p.s, p.g)
	return dense(func(q cone) cone { return cone{}.add(1/k.eta2, k.inv(k.inv(q))) })
}

func TestCompliant(t *testing.T) {
	r := newRand(7)
	for range samples {
		d, c := math.Exp(3*r.NormFloat64()), math.Exp(3*r.NormFloat64())
		v := r3.Scale(math.Exp(2*r.NormFloat64()), r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()})
		f := 2 * d / (1 + 2*r3.Norm2(v))
		m, e := mat.NewDense(3, 3, nil), mat.NewDense(3, 3, nil)
		for a := range 3 {
			for b := range 3 {
				m.Set(a, b, -f*part(v, a)*part(v, b))
				if a == b {
					m.Set(a, a, m.At(a, a)+d)
				}
				e.Set(a, b, c*m.At(a, b))
			}
			e.Set(a, a, e.At(a, a)+1)
		}
		var want mat.Dense
		if err := want.Solve(e, m); err != nil {
			t.Fatal(err)
		}
		got := compliant(d, f, v, c)
		for i, x := range got {
			if diff := math.Abs(x - want.At(i/3, i%3)); diff > 1e-11*d*(1+r3.Norm2(v)) {
				t.Fatalf("(I + cM)⁻¹M of d %g, v %v, c %g is off by %g", d, v, c, diff)
			}
		}
	}
	if got := compliant(2, 4, r3.Vec{}, 0.5); got != (Matrix{1, 0, 0, 0, 1, 0, 0, 0, 1}) {
		t.Errorf("on the axis: %v", got)
	}
}

// TestAdvanceFirstOrder: near the path the curved step is tangent to the straight one, and no curved step
// within its limit leaves the cones.
func TestAdvanceFirstOrder(t *testing.T) {
	r := newRand(8)
	bent := 0
	for range samples {
		var p pair
		kappa := math.Pow(10, -4*r.Float64())
		p.center(math.Exp(r.NormFloat64()), anywhere(r), kappa)
		if !p.scale() {
			t.Fatal("no scaling")
		}
		p.constant(kappa, 1, false)
		p.r = cone{x: r.NormFloat64(), y: r.NormFloat64(), z: r.NormFloat64()}
		dg := anywhere(r)
		// Δg of a given Δu = 0, as a problem of infinite mass has it
		i, f, v, rho := p.m.i, p.m.f, p.m.v, p.m.rho
		w := compliant(i, f, v, 0)
		for a, x := range []*float64{&dg.x, &dg.y, &dg.z} {
			*x = part(r3.Vec{X: p.c.x, Y: p.c.y, Z: p.c.z}, a) + part(rho, a)*(dg.a-p.c.a) -
				(w[3*a]*p.r.x + w[3*a+1]*p.r.y + w[3*a+2]*p.r.z)
		}
		p.step(r3.Vec{}, dg)

		const tiny = 1e-7
		small := tiny * math.Min(p.s.min(), p.g.min()) / (p.ds.size() + p.dg.size())
		p.advance(small, kappa, true)
		if d := p.s.add(-1, p.s0).add(-small, p.ds).size(); d > 10*tiny*small*p.ds.size()+1e-15*p.s0.a {
			t.Fatalf("slack leaves its tangent by %g", d)
		}
		if d := p.g.add(-1, p.g0).add(-small, p.dg).size(); d > 10*tiny*small*p.dg.size()+1e-15*p.g0.a {
			t.Fatalf("multiplier leaves its tangent by %g", d)
		}

		p.s, p.g = p.s0, p.g0
		a := 0.99 * p.limit(true)
		if a > 0.99*p.limit(false) {
			bent++
		}
		p.advance(a, kappa, true)
		if p.s.a <= 0 || p.g.a <= 0 {
			continue // the solver rejects such a point
		}
		if ms, mg := p.s.min(), p.g.min(); ms < -1e-12*p.s.a || mg < -1e-12*p.g.a {
			t.Fatalf("curved step %g leaves the cones: margins %g of %v, %g of %v", a, ms, p.s, mg, p.g)
		}
	}
	if bent < samples/10 {
		t.Errorf("only %d of %d steps went farther along the curve", bent, samples)
	}
}

// TestAdvanceMargins: a pair that turns along its wall keeps the linearized margins or, when it slides,
// takes those of the central path.
func TestAdvanceMargins(t *testing.T) {
	r := newRand(14)
	var linear, central int
	for range samples {
		const kappa, step = 1e-6, 0.9
		p := pair{s0: inside(r), g0: inside(r)}
		// steps that turn the vector parts and change the margins little
		for _, c := range []struct{ p, d *cone }{{&p.s0, &p.ds}, {&p.g0, &p.dg}} {
			*c.d = cone{}.add(0.5*c.p.a, anywhere(r))
			n := (c.p.x*c.d.x + c.p.y*c.d.y + c.p.z*c.d.z) / (c.p.x*c.p.x + c.p.y*c.p.y + c.p.z*c.p.z)
			c.d.x, c.d.y, c.d.z = c.d.x-n*c.p.x, c.d.y-n*c.p.y, c.d.z-n*c.p.z
			c.d.a = 0.1 * c.p.min()
		}
		p.advance(step, kappa, true)
		ms, mg := p.s0.margin(p.ds, step), p.g0.margin(p.dg, step)
		straightS, straightG := p.s0.add(step, p.ds), p.g0.add(step, p.dg)
		if straightS.min() >= keep*ms && straightG.min() >= keep*mg {
			if p.s != straightS || p.g != straightG {
				t.Fatalf("a step with margins %g, %g to spare turned", straightS.min(), straightG.min())
			}
			continue
		}
		want := pair{}
		want.center(straightG.a, cone{x: math.Sqrt(p.s.x*p.s.x + p.s.y*p.s.y + p.s.z*p.s.z)}, kappa)
		switch {
		case p.g0.min() < sliding*p.g0.a && want.g.min() < sliding*straightG.a:
			central++
			ms, mg = want.s.min(), want.g.min()
		default:
			linear++
			if straightS.min() >= keep*ms {
				ms = straightS.min()
			}
			if straightG.min() >= keep*mg {
				mg = straightG.min()
			}
		}
		if math.Abs(p.s.min()-ms) > 1e-9*p.s.a || math.Abs(p.g.min()-mg) > 1e-9*p.g.a {
			t.Fatalf("margins %g and %g, want %g and %g", p.s.min(), p.g.min(), ms, mg)
		}
		if p.s.x != straightS.x || p.g.a != straightG.a {
			t.Fatal("the free part of the slack or the bound of the multiplier moved")
		}
	}
	if linear < samples/20 || central < samples/20 {
		t.Errorf("%d steps with linear and %d with central margins, want many of both", linear, central)
	}
}

// TestWedge: two half-lines are the cone of two dimensions. Their center, mean and deviation are those of the
// round cone, whose margins rounding eats sooner.
func TestWedge(t *testing.T) {
	r := newRand(15)
	for range samples {
		ga, kappa, x := math.Exp(r.NormFloat64()), math.Pow(10, -10*r.Float64()), r.NormFloat64()
		var w wedge
		var p pair
		w.center(ga, x, kappa)
		p.center(ga, cone{x: x}, kappa)
		near := func(what string, got, want, size float64) {
			t.Helper()
			if !(math.Abs(got-want) <= 1e-14*size) {
				t.Fatalf("%s at g %g, x %g, κ %g: %g, want %g", what, ga, x, kappa, got, want)
			}
		}
		near("slack", w.s.a(), p.s.a, p.s.a)
		near("its vector part", w.s.x(), x, p.s.a)
		near("bound", w.g.a(), ga, ga)
		near("multiplier", w.g.x(), p.g.x, ga)
		near("off", w.off(kappa), 0, kappa)
		near("mean", w.mean(), kappa, 10*kappa)
		for _, at := range []float64{kappa, 0.3 * kappa} { // a change of κ from either side of sticking
			w.recenter(at)
			if off := w.off(at); off > 1e-14*at || !w.inside() {
				t.Fatalf("recentered %g off κ %g", off, at)
			}
		}
		w.s, w.g = duo{math.Exp(r.NormFloat64()), math.Exp(r.NormFloat64())}, duo{math.Exp(r.NormFloat64()), math.Exp(r.NormFloat64())}
		w.product = w.s.mul(w.g)
		q := round(&w)
		near("mean off the path", w.mean(), q.mean(), 1e2*w.s.a()*w.g.a())
		w.ds, w.dg = duo{r.NormFloat64(), r.NormFloat64()}, duo{r.NormFloat64(), r.NormFloat64()}
		near("limit", w.limit(), math.Min(q.s.step(round(&w).ds), q.g.step(round(&w).dg)), 1e2)
	}
}
