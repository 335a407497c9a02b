package ipm

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"gonum.org/v1/gonum/spatial/r3"
)

// violations are the residuals of a contact problem, each a fraction of the natural size of its kind:
// speeds of max|q|, impulses of max|q|/(trace W/3n), products of both.
type violations struct {
	equation        float64 // |W r + q − u|
	cone            float64 // ‖r_T‖ − μ r_N
	dual            float64 // μ‖û_T‖ − û_N with û = u + μ‖u_T‖n, that is −u_N
	complementarity float64 // |û·r|
}

func (v violations) worst() float64 {
	return math.Max(math.Max(v.equation, v.cone), math.Max(v.dual, v.complementarity))
}

// violationsOf measures u and r against W, q and μ alone; nothing of the solver takes part.
func violationsOf(w, q []float64, mu []float64, u, r []r3.Vec) violations {
	n := len(mu)
	speed, inv := 0.0, 0.0
	for i, x := range q {
		speed = math.Max(speed, math.Abs(x))
		inv += w[i*3*n+i] / float64(3*n)
	}
	impulse := speed / inv
	var v violations
	for i := range 3 * n {
		sum := q[i] - part(u[i/3], i%3)
		for j := range 3 * n {
			sum += w[i*3*n+j] * part(r[j/3], j%3)
		}
		v.equation = worse(v.equation, math.Abs(sum)/speed)
	}
	for i, m := range mu {
		slip, friction := math.Hypot(u[i].Y, u[i].Z), math.Hypot(r[i].Y, r[i].Z)
		v.cone = worse(v.cone, (friction-m*r[i].X)/impulse)
		v.dual = worse(v.dual, (m*slip-(u[i].X+m*slip))/speed)
		v.complementarity = worse(v.complementarity, math.Abs((u[i].X+m*slip)*r[i].X+u[i].Y*r[i].Y+u[i].Z*r[i].Z)/(speed*impulse))
	}
	return v
}

// worse is a maximum in which a NaN wins.
func worse(a, b float64) float64 {
	if math.IsNaN(b) {
		return math.Inf(1)
	}
	return math.Max(a, b)
}

func part(v r3.Vec, i int) float64 { return [3]float64{v.X, v.Y, v.Z}[i] }

// TestFrictionalContactProblems solves every problem that other simulators left in the shared data:
// several contacts per body, singular and unsymmetric matrices, hundreds of contacts. κ is a tenth of the
// tolerance because both products of a contact, normal and frictional, contribute κ to û·r.
func TestFrictionalContactProblems(t *testing.T) {
	const tolerance = 1e-8
	var v Solver
	for _, path := range fixture.Data(t, "frictional_contact/*.dat") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			d, err := ReadDelassus(f)
			if err != nil {
				t.Fatal(err)
			}
			res := v.Solve(d, Options{Kappa: 1e-9, Centrality: 0.01})
			mu := make([]float64, len(d.blocks))
			for i := range d.blocks {
				mu[i] = d.blocks[i].Mu
			}
			e := violationsOf(d.w, d.q, mu, v.U, v.Lambda)
			t.Logf("%3d contacts, %2d iterations: equation %.1e, cone %.1e, dual cone %.1e, complementarity %.1e",
				len(mu), res.Iterations, e.equation, e.cone, e.dual, e.complementarity)
			if err := res.Status.Err(); err != nil {
				t.Error(err)
			}
			if e.worst() > tolerance {
				t.Errorf("residuals %+v, want at most %g", e, tolerance)
			}
		})
	}
}

// example is the same problem of one sliding contact in every storage and dimension.
var example = struct{ dense, sparse, plane, flag string }{
	dense:  "3\n1\n\n0\n3\n3\n\n3 3\n2 0.25 0\n0.5 1 0\n0 0 1\n-1 3 0\n0.5\n",
	sparse: "3 1 1\n3 3\n1 1 1\n3\n3\n2\n1\n0 1\n0\n0\n2 0.25 0 0.5 1 0 0 0 1\n-1 3 0\n0.5",
	plane:  "2 1 0 2 2 2 2\n2 0.25 0.5 1\n-1 3\n0.5",
	flag:   "3 1 0 3 3 3 3 2 0.25 0 0.5 1 0 0 0 1 -1 3 0 0.5\n1\n",
}

func TestReadDelassus(t *testing.T) {
	want := []float64{2, 0.5, 0, 0.25, 1, 0, 0, 0, 1}
	for _, text := range []string{example.dense, example.sparse, example.plane, example.flag} {
		d, err := ReadDelassus(strings.NewReader(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		w := append([]float64(nil), d.w...)
		if text == example.plane {
			w[8] = 1 // the third direction of a plane problem has no mass
		}
		if fmt.Sprint(w) != fmt.Sprint(want) || fmt.Sprint(d.q) != "[-1 3 0]" || d.blocks[0].Mu != 0.5 {
			t.Errorf("%q: W %v q %v μ %v", text, d.w, d.q, d.blocks[0].Mu)
		}
	}
}

// TestReadDelassusBlocks reads a matrix whose blocks differ, are not listed in order and leave a row empty.
func TestReadDelassusBlocks(t *testing.T) {
	d, err := ReadDelassus(strings.NewReader(`2 3 1 6 6
		3 3 3  2 4 6  2 4 6   3 3  0 2 3  0 2 1
		2  31 32 33 34
		0  1 2 3 4
		1  11 12 13 14
		1 2 3 4 5 6  0.1 0.2 0.3`))
	if err != nil {
		t.Fatal(err)
	}
	at := func(i, j int) float64 { return d.w[(i/2*3+i%2)*9+j/2*3+j%2] }
	for _, c := range []struct {
		i, j int
		want float64
	}{{0, 0, 1}, {1, 0, 2}, {0, 1, 3}, {1, 1, 4}, {0, 4, 11}, {1, 4, 12}, {2, 2, 31}, {3, 2, 32}, {2, 3, 33}, {4, 4, 0}, {0, 2, 0}} {
		if got := at(c.i, c.j); got != c.want {
			t.Errorf("W[%d,%d] = %v, want %v", c.i, c.j, got, c.want)
		}
	}
}

func TestReadDelassusErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "line 1: file ends before dimension"},
		{"3\nx", `line 2: number of contacts: "x" is no whole number`},
		{"4 1 0 4 4", "dimension 4"},
		{"3 -1 0 3 3", "-1 contacts"},
		{"3\n1000000\n0\n3000000 3000000", "1000000 contacts in a file of 5 numbers"},
		{"3 1 0\n4 3", "line 2: matrix of 4×3, want 3×3"},
		{"3 1 2\n3 3", "unknown storage 2"},
		{"3 1 0 3 3\n3 4", "line 2: dense matrix of 3×4"},
		{"3 1 0 3 3 3 3\n1 2 NaN", `line 2: matrix: "NaN" is no finite number`},
		{strings.Replace(example.dense, "-1 3 0", "-1 3", 1), "3 numbers after the matrix, want 3 for q and 1 for μ"},
		{example.dense + "0 0", "6 numbers after the matrix"},
		{example.dense + "7", "flag: 7 is outside 0 … 1"},
		{strings.Replace(example.dense, "0.5\n", "-0.5\n", 2), "negative friction coefficient"},
		{strings.Replace(example.sparse, "1 1 1\n3", "1 1 1\n4", 1), "line 4: block row ends: 4 is outside 0 … 3"},
		{strings.Replace(example.sparse, "1 1 1\n3", "1 1 1\n2", 1), "blocks end at row 2 and column 3, want 3"},
		{strings.Replace(example.sparse, "\n0 1\n0\n0\n", "\n0 1\n1\n0\n", 1), "column index: 1 is outside 0 … 0"},
		{strings.Replace(example.sparse, "\n0 1\n0\n0\n", "\n0 0\n0\n0\n", 1), "block 0 is in no row"},
	} {
		_, err := ReadDelassus(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
}
