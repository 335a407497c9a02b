package sysid

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// line is y = a + b t with noise of known size, three points a block.
func line(n int, noise float64) (LeastSquares, []float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	ts, ys := make([]float64, n), make([]float64, n)
	for i := range ts {
		ts[i] = float64(i) / 10
		ys[i] = 3 - 2*ts[i] + noise*rng.NormFloat64()
	}
	return LeastSquares{X0: []float64{0, 0}, Blocks: n / 3, Residual: func(_, i int, x, _ []float64, _ bool) (Block, error) {
		b := Block{X: mat.NewDense(3, 2, nil)}
		for k := range 3 {
			t := ts[3*i+k]
			b.R = append(b.R, (x[0]+x[1]*t-ys[3*i+k])/noise)
			b.X.SetRow(k, []float64{1 / noise, t / noise})
		}
		return b, nil
	}}, ts
}

// own is a set of quantities that no model has.
func own(names ...string) *Set {
	s := &Set{}
	for _, n := range names {
		s.unknowns = append(s.unknowns, unknown{Parameter: Parameter{Name: n, Own: true}})
	}
	return s
}

// TestLine compares estimate, standard errors and correlation with the closed forms of the straight line.
func TestLine(t *testing.T) {
	ls, ts := line(30, 0.1)
	min, err := ls.Minimize(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n, st, stt := float64(len(ts)), 0.0, 0.0
	for _, v := range ts {
		st, stt = st+v, stt+v*v
	}
	det := n*stt - st*st
	// (RᵀR)⁻¹ = σ² [Σt² −Σt; −Σt n]/det
	cov, known := covariance(min.R, 2)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"variance of a", cov.At(0, 0), 0.01 * stt / det},
		{"variance of b", cov.At(1, 1), 0.01 * n / det},
		{"covariance", cov.At(0, 1), -0.01 * st / det},
	} {
		if math.Abs(c.got-c.want) > 1e-12*math.Abs(c.want)+1e-15 {
			t.Errorf("%s is %.15g, want %.15g", c.name, c.got, c.want)
		}
	}
	if !known[0] || !known[1] || min.Status != Converged {
		t.Errorf("known %v, status %q", known, min.Status)
	}
	if math.Abs(min.X[0]-3) > 3*math.Sqrt(cov.At(0, 0)) || math.Abs(min.X[1]+2) > 3*math.Sqrt(cov.At(1, 1)) {
		t.Errorf("found %g", min.X)
	}
}

// TestBounds: with b ≥ −1 the best a is the mean of y + t.
func TestBounds(t *testing.T) {
	ls, ts := line(30, 0.1)
	ls.X0, ls.Lower, ls.Upper = []float64{0, 0}, []float64{math.Inf(-1), -1}, []float64{10, 10}
	min, err := ls.Minimize(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	mean := 0.0
	for i := range ts {
		b, _ := ls.Residual(0, i/3, []float64{0, -1}, nil, false)
		mean -= 0.1 * b.R[i%3] / float64(len(ts))
	}
	if min.X[1] != -1 || math.Abs(min.X[0]-mean) > 1e-6 {
		t.Errorf("found %g, want %g and −1", min.X, mean)
	}
	ls.X0 = []float64{0, -3}
	if _, err := ls.Minimize(context.Background()); err == nil || !strings.Contains(err.Error(), "outside its bounds") {
		t.Errorf("a start outside the bounds: %v", err)
	}
}

// TestSize: an unknown with a derivative of next to nothing moves by no more than its size.
func TestSize(t *testing.T) {
	ls, far := LeastSquares{X0: []float64{0}, Size: []float64{0.5}, Blocks: 1}, 0.0
	ls.Residual = func(_, _ int, x, _ []float64, _ bool) (Block, error) {
		far = max(far, math.Abs(x[0]))
		return Block{R: []float64{1 + 1e-9*x[0]}, X: mat.NewDense(1, 1, []float64{1e-9})}, nil
	}
	ls.Iterations = 4
	if min, err := ls.Minimize(context.Background()); err != nil || far > 2 || far == 0 && min.Status != Converged {
		t.Errorf("four steps reach %g: %v", far, err)
	}
}

// TestArrow: eliminating the unknowns of each block gives what one dense problem gives, for any number of workers.
func TestArrow(t *testing.T) {
	const blocks, rows, nx, ny = 7, 9, 3, 2
	rng := rand.New(rand.NewPCG(3, 4))
	random := func(r, c int) *mat.Dense {
		m := mat.NewDense(r, c, nil)
		m.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, m)
		return m
	}
	all := mat.NewDense(blocks*rows, nx+blocks*ny, nil)
	var xs, ys, bs []*mat.Dense
	right := mat.NewVecDense(blocks*rows, nil)
	for i := range blocks {
		x, y, b := random(rows, nx), random(rows, ny), random(rows, 1)
		xs, ys, bs = append(xs, x), append(ys, y), append(bs, b)
		all.Slice(i*rows, (i+1)*rows, 0, nx).(*mat.Dense).Copy(x)
		all.Slice(i*rows, (i+1)*rows, nx+i*ny, nx+(i+1)*ny).(*mat.Dense).Copy(y)
		right.SliceVec(i*rows, (i+1)*rows).(*mat.VecDense).CopyVec(b.ColView(0))
	}
	var want mat.VecDense
	if err := want.SolveVec(all, right); err != nil {
		t.Fatal(err)
	}
	var first *Minimum
	for _, workers := range []int{1, 3} {
		ls := LeastSquares{X0: make([]float64, nx), Y0: make([][]float64, blocks), Blocks: blocks, Workers: workers, Tolerance: 1e-14}
		for i := range ls.Y0 {
			ls.Y0[i] = make([]float64, ny)
		}
		ls.Residual = func(_, i int, x, y []float64, _ bool) (Block, error) {
			var r, s mat.VecDense
			r.MulVec(xs[i], mat.NewVecDense(nx, append([]float64(nil), x...)))
			s.MulVec(ys[i], mat.NewVecDense(ny, append([]float64(nil), y...)))
			r.AddVec(&r, &s)
			r.SubVec(&r, bs[i].ColView(0))
			return Block{R: r.RawVector().Data, X: mat.DenseCopyOf(xs[i]), Y: mat.DenseCopyOf(ys[i])}, nil
		}
		min, err := ls.Minimize(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		z := append([]float64(nil), min.X...)
		for _, y := range min.Y {
			z = append(z, y...)
		}
		for i, v := range z {
			if math.Abs(v-want.AtVec(i)) > 1e-6 {
				t.Errorf("unknown %d is %g, dense %g", i, v, want.AtVec(i))
			}
		}
		var gram, inverse mat.Dense
		gram.Mul(all.T(), all)
		if err := inverse.Inverse(&gram); err != nil {
			t.Fatal(err)
		}
		cov, _ := covariance(min.R, nx)
		for i := range nx {
			if d := cov.At(i, i) - inverse.At(i, i); math.Abs(d) > 1e-12 {
				t.Errorf("variance %d differs from the dense one by %g", i, d)
			}
		}
		if first == nil {
			first = min
		} else if !reflect.DeepEqual(first.X, min.X) || !reflect.DeepEqual(first.Y, min.Y) || first.Cost != min.Cost {
			t.Error("results depend on the number of workers")
		}
	}
}

// TestRobust: one wild point in thirty moves the square fit, and not those of the robust losses.
func TestRobust(t *testing.T) {
	for _, c := range []struct {
		loss Loss
		near float64
	}{{Loss{}, math.Inf(1)}, {Loss{Kind: Huber, Width: 1}, 0.15}, {Loss{Kind: Cauchy, Width: 1}, 0.1}} {
		ls, _ := line(30, 0.1)
		clean := ls.Residual
		ls.Residual = func(w, i int, x, y []float64, d bool) (Block, error) {
			b, err := clean(w, i, x, y, d)
			if i == 8 {
				b.R[1] -= 100
			}
			return b, err
		}
		ls.Loss = c.loss
		min, err := ls.Minimize(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		off := math.Hypot(min.X[0]-3, min.X[1]+2)
		t.Logf("loss %d: off by %.3f after %d iterations", c.loss.Kind, off, min.Iterations)
		if off > c.near || c.loss.Kind == Square && off < 0.3 {
			t.Errorf("loss %d ends %g from the truth", c.loss.Kind, off)
		}
	}
	ls, _ := line(30, 0.1)
	ls.Loss = Loss{Kind: Huber}
	if _, err := ls.Minimize(context.Background()); err == nil {
		t.Error("a loss without a width was taken")
	}
}

// TestLossSlope: the weight is the slope of the loss over that of ½e², and a group counts by its norm.
func TestLossSlope(t *testing.T) {
	for _, kind := range []LossKind{Square, Huber, Cauchy} {
		l := Loss{Kind: kind, Width: 1.3}
		for _, e := range []float64{0.2, 1.2, 1.5, 8} {
			const h = 1e-6
			up, _ := l.of(e + h)
			down, _ := l.of(e - h)
			_, w := l.of(e)
			if d := (up-down)/(2*h) - w*e; math.Abs(d) > 1e-8 {
				t.Errorf("loss %d at %g: slope and weight differ by %g", kind, e, d)
			}
		}
	}
	b := Block{R: []float64{3, 4, 7}, Priors: 1}
	if c := (Loss{Kind: Huber, Width: 1, Group: 2}).apply(&b); math.Abs(c-(4.5+24.5)) > 1e-12 {
		t.Errorf("group of norm 5 and a prior of 7 cost %g, want 4.5 + 24.5", c)
	}
}

// TestCanceled: a search that is interrupted returns the best point so far.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rosenbrock := LeastSquares{X0: []float64{-1.2, 1}, Blocks: 1, Residual: func(_, _ int, x, _ []float64, _ bool) (Block, error) {
		return Block{R: []float64{1 - x[0], 10 * (x[1] - x[0]*x[0])}, X: mat.NewDense(2, 2, []float64{-1, 0, -20 * x[0], 10})}, nil
	}}
	rosenbrock.Progress = func(p Progress) {
		if p.Iteration == 5 {
			cancel()
		}
	}
	min, err := rosenbrock.Minimize(ctx)
	if err != nil || min.Status != Canceled || !(min.Cost < min.StartCost) {
		t.Errorf("canceled: %v, %+v", err, min)
	}
	rosenbrock.Progress = nil
	min, err = rosenbrock.Minimize(context.Background())
	if err != nil || math.Hypot(min.X[0]-1, min.X[1]-1) > 1e-6 {
		t.Errorf("not canceled: %v, %+v", err, min)
	}
	rosenbrock.Residual = func(int, int, []float64, []float64, bool) (Block, error) {
		return Block{}, errors.New("no start")
	}
	if _, err := rosenbrock.Minimize(context.Background()); err == nil || err.Error() != "no start" {
		t.Errorf("a start that fails: %v", err)
	}
	rosenbrock.Residual = func(int, int, []float64, []float64, bool) (Block, error) {
		return Block{R: []float64{math.NaN()}}, nil
	}
	if _, err := rosenbrock.Minimize(context.Background()); !errors.Is(err, errFinite) {
		t.Errorf("a residual that is no number: %v", err)
	}
}

// TestUnknowable: a sum alone is measured, and one unknown not at all.
func TestUnknowable(t *testing.T) {
	ls := LeastSquares{X0: []float64{0, 0, 0, 0}, Blocks: 1, Tolerance: 1e-14, Residual: func(_, _ int, x, _ []float64, _ bool) (Block, error) {
		b := Block{X: mat.NewDense(9, 4, nil)}
		for i := range 9 {
			k := float64(i)
			b.R = append(b.R, x[0]+2*x[1]+k*x[2]-k*k)
			b.X.SetRow(i, []float64{1, 2, k, 0})
		}
		return b, nil
	}}
	min, err := ls.Minimize(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := &Result{}
	set := own("a", "b", "c", "d")
	r.directions(set, min.Told)
	_, known := covariance(min.R, 4)
	if len(r.Unknowable) != 2 || !reflect.DeepEqual(known, []bool{false, false, true, false}) {
		t.Fatalf("%d directions, known %v", len(r.Unknowable), known)
	}
	said := r.Unknowable[0].Words + "\n" + r.Unknowable[1].Words
	for _, want := range []string{"a, b cannot be told apart", "nothing measured depends on d"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q does not say %q", said, want)
		}
	}
	if x := min.X; math.Abs(x[0]+2*x[1]-(-9.333333)) > 1e-4 || x[3] != 0 {
		t.Errorf("found %g", x)
	}
}
