package ipm

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// near reports whether two vectors agree to an absolute tolerance.
func near(a, b r3.Vec, tol float64) bool { return r3.Norm(r3.Sub(a, b)) <= tol }

// mustSolve solves at a κ so small that the exact laws hold to about 1e-9.
func mustSolve(t *testing.T, p Problem) *Solver {
	t.Helper()
	var v Solver
	if res := v.Solve(p, Options{Kappa: 1e-10}); res.Status != Solved {
		t.Fatalf("%+v", res)
	}
	return &v
}

// TestOneContact knows the impulse and velocity of a contact of unit mass in every state.
func TestOneContact(t *testing.T) {
	const mu = 0.5
	for _, c := range []struct {
		name string
		q    r3.Vec
		r, u r3.Vec
	}{
		{"pressing", r3.Vec{X: -2}, r3.Vec{X: 2}, r3.Vec{}},
		{"sticking", r3.Vec{X: -2, Y: 0.6, Z: -0.3}, r3.Vec{X: 2, Y: -0.6, Z: 0.3}, r3.Vec{}},
		{"sliding", r3.Vec{X: -2, Y: 3, Z: 4}, r3.Vec{X: 2, Y: -0.6, Z: -0.8}, r3.Vec{Y: 2.4, Z: 3.2}},
		{"parting", r3.Vec{X: 1, Y: 3, Z: 4}, r3.Vec{}, r3.Vec{X: 1, Y: 3, Z: 4}},
	} {
		d := NewDelassus([]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, []float64{c.q.X, c.q.Y, c.q.Z}, []float64{mu})
		v := mustSolve(t, d)
		if !near(v.Lambda[0], c.r, 1e-8) || !near(v.U[0], c.u, 1e-8) {
			t.Errorf("%s: impulse %v velocity %v, want %v and %v", c.name, v.Lambda[0], v.U[0], c.r, c.u)
		}
	}
}

// TestFrictionlessContact: a contact with μ = 0 takes no part in its tangent plane, also beside others.
func TestFrictionlessContact(t *testing.T) {
	w := make([]float64, 36)
	for i := range 6 {
		w[7*i] = 1
	}
	v := mustSolve(t, NewDelassus(w, []float64{-1, 2, 3, -1, 3, 4}, []float64{0, 0.5}))
	if want := (r3.Vec{X: 1}); !near(v.Lambda[0], want, 1e-8) {
		t.Errorf("frictionless impulse %v, want %v", v.Lambda[0], want)
	}
	if want := (r3.Vec{X: 1, Y: -0.3, Z: -0.4}); !near(v.Lambda[1], want, 1e-8) {
		t.Errorf("frictional impulse %v, want %v", v.Lambda[1], want)
	}
}

// mass returns a body of mass m with velocity x, initially vel, behind one block whose value is x.
func mass(m float64, vel r3.Vec, b Block) *toy {
	p := newToy(3, b)
	for i := range 3 {
		p.a.Set(i, i, m)
		p.b[i] = -m * part(vel, i)
		p.start[i] = part(vel, i)
		e := [3]float64{}
		e[i] = 1
		p.row(i, 0, e[:]...)
	}
	p.Reset()
	return p
}

// TestDryFriction: a Bound takes all momentum up to its limit, and beyond acts straight against the motion.
func TestDryFriction(t *testing.T) {
	for _, c := range []struct {
		name string
		vel  r3.Vec
		l    r3.Vec
	}{
		{"stick", r3.Vec{X: 0.3}, r3.Vec{X: -0.6}},
		{"slip", r3.Vec{X: -5}, r3.Vec{X: 1}},
		{"stick in space", r3.Vec{X: 0.1, Y: -0.2, Z: 0.2}, r3.Vec{X: -0.2, Y: 0.4, Z: -0.4}},
		{"slip in space", r3.Vec{X: 2, Y: -4, Z: 4}, r3.Vec{X: -1. / 3, Y: 2. / 3, Z: -2. / 3}},
	} {
		v := mustSolve(t, mass(2, c.vel, unit(Bound)))
		if u := r3.Add(c.vel, r3.Scale(0.5, c.l)); !near(v.Lambda[0], c.l, 1e-8) || !near(v.U[0], u, 1e-8) {
			t.Errorf("%s: λ %v u %v, want %v and %v", c.name, v.Lambda[0], v.U[0], c.l, u)
		}
	}
}

// TestSaturatedServo: with compliance C a Bound is a spring λ = −u/C that gives no more than its limit.
func TestSaturatedServo(t *testing.T) {
	for _, c := range []struct{ vel, l float64 }{
		{0.3, -0.3 / (0.4 + 0.5)}, // 2(x − v) = λ and x + 0.4 λ = 0
		{1.5, -1},
		{-7, 1},
	} {
		b := unit(Bound)
		b.Compliance = 0.4
		v := mustSolve(t, mass(2, r3.Vec{X: c.vel}, b))
		if !near(v.Lambda[0], r3.Vec{X: c.l}, 1e-8) || !near(v.U[0], r3.Vec{X: c.vel + c.l/2}, 1e-8) {
			t.Errorf("velocity %g: λ %v u %v, want λ %g", c.vel, v.Lambda[0], v.U[0], c.l)
		}
	}
}

// TestPyramid: each friction component has its own bound, so that the corners reach √2 μ and a pyramid of
// μ/√2 lies within the cone of μ.
func TestPyramid(t *testing.T) {
	for _, c := range []struct{ vel, l r3.Vec }{
		{r3.Vec{X: -1, Y: 0.3, Z: -0.4}, r3.Vec{X: 1, Y: -0.3, Z: 0.4}},
		{r3.Vec{X: -1, Y: 3, Z: 0.1}, r3.Vec{X: 1, Y: -0.5, Z: -0.1}},
		{r3.Vec{X: -1, Y: 3, Z: -1}, r3.Vec{X: 1, Y: -0.5, Z: 0.5}},
		{r3.Vec{X: 1, Y: 3, Z: -1}, r3.Vec{}},
	} {
		v := mustSolve(t, mass(1, c.vel, unit(Pyramid)))
		if !near(v.Lambda[0], c.l, 1e-8) {
			t.Errorf("velocity %v: λ %v, want %v", c.vel, v.Lambda[0], c.l)
		}
	}
	r := newRand(11)
	for range 100 {
		const mu = 0.7
		b := unit(Pyramid)
		b.Mu = mu / math.Sqrt2
		v := mustSolve(t, mass(1, r3.Vec{X: -1, Y: r.NormFloat64(), Z: r.NormFloat64()}, b))
		if l := v.Lambda[0]; math.Hypot(l.Y, l.Z) > mu*l.X*(1+1e-9) {
			t.Errorf("pyramid of μ/√2 leaves the cone of μ: %v", l)
		}
	}
}

// TestCentralPathOrthant compares with the root of x (x − v) m = κ at soft contact.
func TestCentralPathOrthant(t *testing.T) {
	const m, kappa = 2.0, 1e-2
	for _, vel := range []float64{-1, -0.01, 0, 0.5, 3} {
		var v Solver
		res := v.Solve(mass(m, r3.Vec{X: vel}, unit(Orthant)), Options{Kappa: kappa, Centrality: 1e-12})
		x := (vel + math.Sqrt(vel*vel+4*kappa/m)) / 2
		if res.Status != Solved || math.Abs(v.U[0].X-x) > 1e-9 || math.Abs(v.Lambda[0].X-kappa/x) > 1e-9 {
			t.Errorf("velocity %g: u %g λ %g, want %g and %g; %+v", vel, v.U[0].X, v.Lambda[0].X, x, kappa/x, res)
		}
	}
}

// TestCentralPathBound compares with the central path of dry friction in one direction: of s∘g = κe with
// g = (c, λ) and s = (σ, x) remain σ = −c x/λ and σ c + x λ = κ, so x (c² − λ²) = −κ λ with λ = m (x − v).
func TestCentralPathBound(t *testing.T) {
	const m, kappa, limit = 2.0, 1e-2, 1.0
	for _, vel := range []float64{0.1, 0.45, 0.5, 0.6, 4} {
		var v Solver
		res := v.Solve(mass(m, r3.Vec{X: vel}, unit(Bound)), Options{Kappa: kappa, Centrality: 1e-12})
		lo, hi := math.Max(0, vel-limit/m), vel // 0 ≤ −λ ≤ c; bisect for x
		for range 100 {
			x := (lo + hi) / 2
			if l := m * (x - vel); x*(limit*limit-l*l)+kappa*l > 0 {
				hi = x
			} else {
				lo = x
			}
		}
		if res.Status != Solved || math.Abs(v.U[0].X-lo) > 1e-9 || math.Abs(v.Lambda[0].X-m*(lo-vel)) > 1e-9 {
			t.Errorf("velocity %g: u %g λ %g, want %g and %g; %+v", vel, v.U[0].X, v.Lambda[0].X, lo, m*(lo-vel), res)
		}
	}
}

// TestUnits: κ is a pure number, so the iteration does not depend on the units of mass and speed.
func TestUnits(t *testing.T) {
	r := newRand(12)
	w, q, mu := pile(r, 2, 6)
	var v Solver
	want := v.Solve(NewDelassus(w, q, mu), Options{Kappa: 1e-8})
	lambda := append([]r3.Vec(nil), v.Lambda...)
	for _, c := range []struct{ speed, inv float64 }{{1 << 20, 1}, {1. / (1 << 20), 1}, {1, 1 << 20}, {1, 1. / (1 << 20)}, {1 << 10, 1 << 10}} {
		ws, qs := append([]float64(nil), w...), append([]float64(nil), q...)
		for i := range ws {
			ws[i] *= c.inv
		}
		for i := range qs {
			qs[i] *= c.speed
		}
		got := v.Solve(NewDelassus(ws, qs, mu), Options{Kappa: 1e-8})
		if got != want {
			t.Errorf("speed × %g, inverse mass × %g: %+v, want %+v", c.speed, c.inv, got, want)
		}
		for i := range lambda {
			if scaled := r3.Scale(c.inv/c.speed, v.Lambda[i]); scaled != lambda[i] {
				t.Errorf("impulse %d is %v in old units, want %v", i, scaled, lambda[i])
			}
		}
	}
}
