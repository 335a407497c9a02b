//go:build !amd64.v3

// With GOAMD64=v3 the compiler fuses multiply-adds in the plain text. Such a build only runs where AVX is.

package spatial

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Kernels are compared with their plain text in every bit. Where there is no AVX both are the same.

const kernelRuns = 2000

// fill stores random numbers of very different sizes, one in eight of them a zero of either sign.
func fill(rng *rand.Rand, v []float64) {
	for i := range v {
		v[i] = rng.NormFloat64() * math.Exp(6*rng.NormFloat64())
		if rng.IntN(8) == 0 {
			v[i] = math.Copysign(0, v[i])
		}
	}
}

func anyMat6(rng *rand.Rand) (m Mat6) {
	fill(rng, m[:])
	return m
}

func anyVec(rng *rand.Rand) Vec {
	var v [3]float64
	fill(rng, v[:])
	return Vec{X: v[0], Y: v[1], Z: v[2]}
}

func anyWrench(rng *rand.Rand) Wrench { return Wrench{Force: anyVec(rng), Torque: anyVec(rng)} }
func anyTwist(rng *rand.Rand) Twist   { return Twist{Lin: anyVec(rng), Ang: anyVec(rng)} }

func threeWrenches(rng *rand.Rand) [3]Wrench {
	return [3]Wrench{anyWrench(rng), anyWrench(rng), anyWrench(rng)}
}

func numbers(w *Wrench) []float64 {
	v := w.Array()
	return v[:]
}

// sameBits fails unless got has the bits of want. Which NaN an operation on two of them gives is up to the compiler.
func sameBits(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if a, b := got[i], want[i]; math.Float64bits(a) != math.Float64bits(b) && !(math.IsNaN(a) && math.IsNaN(b)) {
			t.Fatalf("%s: number %d is %v, in plain Go %v", what, i, a, b)
		}
	}
}

func TestEliminateKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range kernelRuns {
		a, p, s3, s2, dj := anyMat6(rng), anyMat6(rng), anyTwist(rng), anyTwist(rng), rng.NormFloat64()
		q := p
		var u, v, pu, pv Wrench
		inv, plain := Eliminate(&p, &a, &u, &v, &s3, &s2, dj), eliminate(&q, &a, &pu, &pv, &s3, &s2, dj)
		sameBits(t, "1/d", []float64{inv}, []float64{plain})
		sameBits(t, "U", numbers(&u), numbers(&pu))
		sameBits(t, "V", numbers(&v), numbers(&pv))
		sameBits(t, "matrix of the parent", p[:], q[:])
		u, v = Wrench{}, Wrench{}
		inv = Eliminate(nil, &a, &u, &v, &s3, &s2, dj)
		sameBits(t, "1/d without parent", []float64{inv}, []float64{plain})
		sameBits(t, "U without parent", numbers(&u), numbers(&pu))
		sameBits(t, "V without parent", numbers(&v), numbers(&pv))
	}
}

func TestRespondKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range kernelRuns {
		q, u, v, s3, s2, inv := anyMat6(rng), anyWrench(rng), anyWrench(rng), anyTwist(rng), anyTwist(rng), anyVec(rng).X
		var o, plain Mat6
		k, pk := Respond(&o, &q, &u, &v, &s3, &s2, inv), respond(&plain, &q, &u, &v, &s3, &s2, inv)
		sameBits(t, "k", []float64{k}, []float64{pk})
		sameBits(t, "response", o[:], plain[:])
	}
}

func TestAddRank3Kernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 2))
	for range kernelRuns {
		m, n, g := anyMat6(rng), threeWrenches(rng), threeWrenches(rng)
		var w [9]float64
		fill(rng, w[:])
		w[1], w[2] = 0, 0
		plain := m
		m.AddRank3(&n, &g, &w)
		addRank3(&plain, &n, &g, &w)
		sameBits(t, "m + NᵀWG", m[:], plain[:])
	}
}

func TestMomentumJacKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	for range kernelRuns {
		a, j, w, x, dc, m, k := anyMat6(rng), anyWrench(rng), anyVec(rng), anyVec(rng), anyVec(rng), rng.Float64(), rng.Float64()
		inertia := Sym3{j.Force.X, j.Force.Y, j.Force.Z, j.Torque.X, j.Torque.Y, j.Torque.Z}
		mo := NewMotion(w, Vec{})
		guarded := [2]Mat6{a, a} // what is behind the matrix
		MomentumJac(&guarded[0], &mo, &inertia, &x, &dc, m, k)
		f, plain := mo.factors(k), anyMat6(rng)
		momentumJac(&plain, &w, &inertia, &x, &dc, &f, m)
		sameBits(t, "derivative of the momenta", guarded[0][:], plain[:])
		sameBits(t, "what is behind it", guarded[1][:], a[:])
	}
}

func TestDowndateKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 2))
	for i := range kernelRuns {
		var u, v []Wrench
		for range i % 7 {
			u, v = append(u, anyWrench(rng)), append(v, anyWrench(rng))
		}
		m := anyMat6(rng)
		guarded := [2]Mat6{m, m} // what is behind the matrix
		guarded[0].Downdate(u, v)
		plain := m
		downdate(&plain, u, v)
		sameBits(t, "m − Σ u vᵀ", guarded[0][:], plain[:])
		sameBits(t, "what is behind it", guarded[1][:], m[:])
	}
}

func TestProductKernels(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 2))
	for i := range kernelRuns {
		var u, x []Wrench
		for range i % 7 {
			u, x = append(u, anyWrench(rng)), append(x, anyWrench(rng))
		}
		m, behind := anyMat6(rng), anyWrench(rng)
		for name, k := range map[string][2]func(x []Wrench){
			"x + m u":  {func(x []Wrench) { m.AddMul(x, u) }, func(x []Wrench) { addMul(&m, x, u) }},
			"x + mᵀ u": {func(x []Wrench) { m.AddTMul(x, u) }, func(x []Wrench) { addTMul(&m, x, u) }},
		} {
			got, want := append(slices.Clone(x), behind), append(slices.Clone(x), behind)
			k[0](got)
			k[1](want)
			for j := range want {
				sameBits(t, name, numbers(&got[j]), numbers(&want[j]))
			}
		}
	}
}

func TestAnswersKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 2))
	for range kernelRuns {
		m, n, g := anyMat6(rng), threeWrenches(rng), threeWrenches(rng)
		var a, plain [9]float64
		m.Answers(&a, &n, &g)
		answers(&plain, &m, &n, &g)
		sameBits(t, "G m Nᵀ", a[:], plain[:])
	}
}

// TestSolveRows: six right sides at once are those one by one.
func TestSolveRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 2))
	for n := 1; n <= 6; n++ {
		for range kernelRuns / 10 {
			var a [36]float64
			var x [6][6]float64
			for i := range a {
				a[i], x[i/6][i%6] = rng.NormFloat64(), rng.NormFloat64()
			}
			var f LU6
			if !f.Factor(&a, n) {
				t.Fatal("Factor failed")
			}
			var got, want []float64
			for c := range 6 {
				var y [6]float64
				for r := range n {
					y[r] = x[r][c]
				}
				f.Solve(&y)
				want = append(want, y[:n]...)
			}
			f.SolveRows(&x)
			for c := range 6 {
				for r := range n {
					got = append(got, x[r][c])
				}
			}
			sameBits(t, "solution", got, want)
		}
	}
}

// TestFactorKernel: matrices with columns of zeros and what is no finite number too, which both refuse or not; and that
// Solve without loops is that with them.
func TestFactorKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 2))
	odd := []float64{0, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, 1e-320}
	failed := 0
	for k := range 2 * kernelRuns {
		var a [36]float64
		fill(rng, a[:])
		for i := range 6 * (k % 4 / 3) {
			a[6*i+k%6] = odd[(k+i)/3%len(odd)]
		}
		var got LU6
		want := LU6{lu: a, n: 6}
		ok := got.Factor(&a, 6)
		if ok != want.factor() {
			t.Fatalf("matrix %d: Factor reports %v, in plain Go %v", k, ok, !ok)
		}
		if !ok {
			failed++
			continue
		}
		sameBits(t, "LU", got.lu[:], want.lu[:])
		if got.perm != want.perm {
			t.Fatalf("matrix %d: the order is %v, in plain Go %v", k, got.perm, want.perm)
		}
		var x [6]float64
		fill(rng, x[:])
		y := x
		got.Solve(&x)
		want.solve(&y)
		sameBits(t, "a⁻¹ x", x[:], y[:])
	}
	if failed < kernelRuns/100 || failed > kernelRuns {
		t.Errorf("%d of %d matrices are singular", failed, 2*kernelRuns)
	}
}

func TestSolveWrenchesKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 2))
	for k := range kernelRuns {
		var a [36]float64
		fill(rng, a[:])
		n := 1 + min(k, 5)
		var f LU6
		v, behind := make([]Wrench, n), anyWrench(rng)
		for i := range v {
			v[i] = anyWrench(rng)
		}
		got, want := append(slices.Clone(v), behind), append(slices.Clone(v), behind)
		if !f.Factor(&a, n) {
			continue
		}
		f.SolveWrenches(got[:n], v)
		f.solveWrenches(want[:n], v)
		for i := range want {
			sameBits(t, "a⁻¹ v", numbers(&got[i]), numbers(&want[i]))
		}
	}
}

func BenchmarkKernels(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	a, p, u, v, s3, s2, n, g := anyMat6(rng), anyMat6(rng), anyWrench(rng), anyWrench(rng), anyTwist(rng), anyTwist(rng), threeWrenches(rng), threeWrenches(rng)
	var w [9]float64
	j, f := Sym3{1, 2, 3, 4, 5, 6}, spinFactors{1, 2, 3, 4}
	six, more := make([]Wrench, 6), make([]Wrench, 6)
	var lu LU6
	if !lu.Factor((*[36]float64)(&a), 6) {
		b.Fatal("Factor failed")
	}
	for _, c := range []struct {
		name          string
		kernel, plain func()
	}{
		{"Eliminate", func() { Eliminate(&p, &a, &u, &v, &s3, &s2, 1) }, func() { eliminate(&p, &a, &u, &v, &s3, &s2, 1) }},
		{"Respond", func() { Respond(&p, &a, &u, &v, &s3, &s2, 1) }, func() { respond(&p, &a, &u, &v, &s3, &s2, 1) }},
		{"AddRank3", func() { p.AddRank3(&n, &g, &w) }, func() { addRank3(&p, &n, &g, &w) }},
		{"Downdate", func() { p.Downdate(six, six) }, func() { downdate(&p, six, six) }},
		{"AddMul", func() { p.AddMul(more, six) }, func() { addMul(&p, more, six) }},
		{"AddTMul", func() { p.AddTMul(more, six) }, func() { addTMul(&p, more, six) }},
		{"SolveWrenches", func() { lu.SolveWrenches(more, six) }, func() { lu.solveWrenches(more, six) }},
		{"Answers", func() { p.Answers(&w, &n, &g) }, func() { answers(&w, &p, &n, &g) }},
		{"MomentumJac", func() { momentumJacAVX(&p, &s3.Lin, &j, &s2.Lin, &s3.Ang, &f, 1) }, func() { momentumJac(&p, &s3.Lin, &j, &s2.Lin, &s3.Ang, &f, 1) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.kernel()
			}
		})
		b.Run(c.name+"/plain", func(b *testing.B) {
			for b.Loop() {
				c.plain()
			}
		})
	}
}
