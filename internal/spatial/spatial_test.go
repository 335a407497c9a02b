package spatial_test

import (
	"math"
	"math/rand/v2"
	"testing"

	. "github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
)

func gauss(rng *rand.Rand, s float64) Vec {
	return Vec{X: s * rng.NormFloat64(), Y: s * rng.NormFloat64(), Z: s * rng.NormFloat64()}
}

func attitude(rng *rand.Rand) Quat {
	q, _ := Normalize(Quat{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()})
	return q
}

// near fails where a and b differ by more than a few roundings of their size.
func near(t *testing.T, what string, a, b Vec) {
	t.Helper()
	if d := Norm(Sub(a, b)); !(d <= 1e-13*(1+Norm(a))) {
		t.Errorf("%s: %v and %v differ by %g", what, a, b, d)
	}
}

// sameTurn compares rotations, q and −q being the same.
func sameTurn(t *testing.T, what string, a, b Quat) {
	t.Helper()
	d := quat.Mul(quat.Conj(a), b)
	if v := math.Sqrt(d.Imag*d.Imag + d.Jmag*d.Jmag + d.Kmag*d.Kmag); !(v <= 1e-14) {
		t.Errorf("%s: %v and %v are %g rad apart", what, a, b, 2*v)
	}
}

func TestRotationsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := 0; n < 200; n++ {
		q, r, v := attitude(rng), attitude(rng), gauss(rng, 3)
		var m, mr, mm Mat3
		m.Set(q)
		mr.Set(r)
		mm.Mul(&m, &mr)
		p := quat.Mul(quat.Mul(q, Quat{Imag: v.X, Jmag: v.Y, Kmag: v.Z}), quat.Conj(q))
		want := Vec{X: p.Imag, Y: p.Jmag, Z: p.Kmag}
		near(t, "QuatRotate", QuatRotate(q, v), want)
		near(t, "Mat3", m.MulVec(v), want)
		near(t, "Mat3 transposed", m.TMulVec(want), v)
		near(t, "product", mm.MulVec(v), QuatRotate(quat.Mul(q, r), v))
		near(t, "columns", m.MulVec(v), AddScaled(AddScaled(Scale(v.X, m.Col(0)), v.Y, m.Col(1)), v.Z, m.Col(2)))
		sameTurn(t, "Mat3.Quat", m.Quat(), q)
		sameTurn(t, "RotationVector of LogQuat", RotationVector(LogQuat(q)), q)
		w, ok := GibbsOf(LogQuat(q))
		if !ok {
			t.Fatalf("%v has no Gibbs vector", q)
		}
		sameTurn(t, "GibbsQuat of GibbsOf", GibbsQuat(w), q)
		near(t, "Rotate", Rotate(w, v), want)
		var axes [3]Vec
		QuatAxes(&axes, q)
		for k, e := range [3]Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			if axes[k] != QuatRotate(q, e) { // to the bit
				t.Errorf("QuatAxes of %v has %v, QuatRotate %v", q, axes[k], QuatRotate(q, e))
			}
		}
	}
	for _, q := range []Quat{{Imag: 1}, {Jmag: 1}, {Kmag: -1}, Identity} { // half turns have their own branches
		var m Mat3
		m.Set(q)
		sameTurn(t, "Quat at a half turn", m.Quat(), q)
	}
}

func TestGibbsVectorsCompose(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for n := 0; n < 200; n++ {
		a, b := gauss(rng, 0.4), gauss(rng, 0.4)
		c, d := Compose(a, b)
		if d <= 0.05 {
			continue // near half a turn
		}
		near(t, "Compose", Rotate(c, Vec{X: 1, Y: 2, Z: 3}), Rotate(a, Rotate(b, Vec{X: 1, Y: 2, Z: 3})))
		back, _ := Compose(Scale(-1, a), c)
		near(t, "inverse", back, b)
	}
	// small turns keep their relative precision: Displace is w×r·2 to second order
	w, r := Vec{X: 1e-12, Y: -2e-12, Z: 3e-12}, Vec{X: 1, Y: 1, Z: -1}
	if d := Norm(Sub(Displace(w, r), Scale(2, Cross(w, r)))) / Norm(Displace(w, r)); d > 1e-11 {
		t.Errorf("a turn of 1e-12 displaces with relative error %g", d)
	}
}

// TestMotionTurns: a motion turns vectors as its Gibbs vector does, to the rounding of the reciprocal that it shares, and
// its zero value leaves them alone.
func TestMotionTurns(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	var still Motion
	for range 100 {
		w, r := gauss(rng, 0.4), gauss(rng, 1)
		m := NewMotion(w, gauss(rng, 1))
		if Norm(Sub(m.Displace(r), Displace(w, r))) > 1e-15*Norm(r) || Norm(Sub(m.Rotate(r), Rotate(w, r))) > 1e-15*Norm(r) {
			t.Fatalf("%v: a motion turns %v to %v, its Gibbs vector to %v", w, r, m.Rotate(r), Rotate(w, r))
		}
		if still.Rotate(r) != r {
			t.Fatalf("no motion turns %v to %v", r, still.Rotate(r))
		}
	}
}

func TestRollPitchYaw(t *testing.T) {
	q := RPY(0.3, -0.7, 1.1)
	want := quat.Mul(AxisAngle(Vec{Z: 1}, 1.1), quat.Mul(AxisAngle(Vec{Y: 1}, -0.7), AxisAngle(Vec{X: 1}, 0.3)))
	sameTurn(t, "RPY", q, want)
	near(t, "yaw turns x to y", QuatRotate(RPY(0, 0, math.Pi/2), Vec{X: 1}), Vec{Y: 1})
	near(t, "pitch turns x to −z", QuatRotate(RPY(0, math.Pi/2, 0), Vec{X: 1}), Vec{Z: -1})
	near(t, "roll turns y to z", QuatRotate(RPY(math.Pi/2, 0, 0), Vec{Y: 1}), Vec{Z: 1})
}

func TestInertiaTurnsAndMoves(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for n := 0; n < 50; n++ {
		q, w := attitude(rng), gauss(rng, 1)
		var m Mat3
		m.Set(q)
		j := Sym3{1 + rng.Float64(), rng.NormFloat64(), rng.NormFloat64(), 2, rng.NormFloat64(), 3}
		var c Sym3
		c.Conjugate(&m, &j)
		near(t, "Conjugate", c.MulVec(w), m.MulVec(j.MulVec(m.TMulVec(w))))
		r := gauss(rng, 1)
		p := PointInertia(1.7, r)
		near(t, "PointInertia", p.MulVec(w), Scale(1.7, Cross(r, Cross(w, r))))
		alias := j
		alias.Conjugate(&m, &alias)
		if alias != c {
			t.Error("Conjugate in place differs")
		}
	}
}

func TestPosesAreAGroup(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	a, b := Pose{gauss(rng, 1), attitude(rng)}, Pose{gauss(rng, 1), attitude(rng)}
	x := gauss(rng, 1)
	near(t, "Mul", a.Mul(b).Apply(x), a.Apply(b.Apply(x)))
	var p Pose
	if p.Compose(&a, &b); p != a.Mul(b) {
		t.Errorf("Compose is %v, Mul %v", p, a.Mul(b))
	}
	near(t, "Inv", a.Inv().Apply(a.Apply(x)), x)
}

func TestTangentsAreAFrame(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	ns := []Vec{{X: 1}, {Y: 1}, {Z: 1}, {X: -1}, {Y: -1}, {Z: -1}}
	for i := 0; i < 100; i++ {
		n, _ := Unit(gauss(rng, 1))
		ns = append(ns, n)
	}
	for _, n := range ns {
		a, b := Tangents(n)
		near(t, "cross", Cross(a, b), n)
		if math.Abs(Norm(a)-1)+math.Abs(Norm(b)-1)+math.Abs(Dot(a, b)) > 1e-14 {
			t.Errorf("tangents of %v are not orthonormal", n)
		}
	}
}

func TestSixBySixAgainstGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	for n := 1; n <= 6; n++ {
		for k := 0; k < 20; k++ {
			var a [36]float64
			for i := range a {
				a[i] = rng.NormFloat64()
			}
			if k == 0 {
				a[0] = 0 // needs a pivot
			}
			d := mat.NewDense(n, n, nil)
			for i := 0; i < n; i++ {
				for j := 0; j < n; j++ {
					d.Set(i, j, a[6*i+j])
				}
			}
			if n == 1 && a[0] == 0 {
				var f LU6
				if f.Factor(&a, 1) {
					t.Error("a singular matrix was factored")
				}
				continue
			}
			var f LU6
			if !f.Factor(&a, n) {
				t.Fatal("Factor failed")
			}
			var x [6]float64
			b := mat.NewVecDense(n, nil)
			for i := 0; i < n; i++ {
				x[i] = rng.NormFloat64()
				b.SetVec(i, x[i])
			}
			y := x
			f.Solve(&x)
			f.TSolve(&y)
			tol := 1e-12 * mat.Cond(d, 1)
			var p, q mat.VecDense
			p.MulVec(d, mat.NewVecDense(n, x[:n:n]))
			q.MulVec(d.T(), mat.NewVecDense(n, y[:n:n]))
			for i := 0; i < n; i++ {
				if e := math.Abs(p.AtVec(i) - b.AtVec(i)); !(e < tol) {
					t.Errorf("n = %d: Solve leaves a residual of %g", n, e)
				}
				if e := math.Abs(q.AtVec(i) - b.AtVec(i)); !(e < tol) {
					t.Errorf("n = %d: TSolve leaves a residual of %g", n, e)
				}
			}
		}
	}
	var nan [36]float64
	nan[0] = math.NaN()
	var f LU6
	if f.Factor(&nan, 2) {
		t.Error("a matrix with NaN was factored")
	}
}

func TestMat6Products(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	var m, b Mat6
	for i := range m {
		m[i], b[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	tw, s := Twist{gauss(rng, 1), gauss(rng, 1)}, Twist{gauss(rng, 1), gauss(rng, 1)}
	var w, tr Wrench
	m.MulTwist(&w, &tw)
	m.TMulTwist(&tr, &s)
	if d := s.Power(&w) - tw.Power(&tr); math.Abs(d) > 1e-13 {
		t.Errorf("sᵀ(m t) and (sᵀm)t differ by %g", d)
	}
	u, v := Wrench{gauss(rng, 1), gauss(rng, 1)}, Wrench{gauss(rng, 1), gauss(rng, 1)}
	outer := m
	outer.AddOuter(&u, &v)
	var got Wrench
	outer.MulTwist(&got, &tw)
	k := tw.Power(&v)
	near(t, "AddOuter", got.Force, AddScaled(w.Force, k, u.Force))
	near(t, "AddOuter", got.Torque, AddScaled(w.Torque, k, u.Torque))
	down, sum := b, b
	down.AddDowndate(&m, &u, &v)
	sum.Add(&m)
	neg := Wrench{Scale(-1, u.Force), Scale(-1, u.Torque)}
	sum.AddOuter(&neg, &v)
	for i := range sum {
		if math.Abs(sum[i]-down[i]) > 1e-14 {
			t.Fatal("AddDowndate is not Add and AddOuter")
		}
	}
}
