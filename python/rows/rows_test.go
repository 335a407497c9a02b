package rows_test

import (
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/python/rows"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

func zoo(t *testing.T, name string, s rows.Settings) (*rows.Model, *rows.Batch) {
	t.Helper()
	m, err := rows.Zoo(name, rows.Options{Ground: true})
	if err != nil {
		t.Fatal(err)
	}
	b, err := rows.New([]*rows.Model{m}, s)
	if err != nil {
		t.Fatal(err)
	}
	return m, b
}

// start returns n rows of the model's start, each a little faster than the one before.
func start(m *rows.Model, n int) rows.Rows {
	r := rows.Rows{N: n}
	for i := range n {
		r.X = append(append(r.X, m.Start.Q...), m.Start.V...)
		r.X[len(r.X)-m.NV()] += 0.1 * float64(i)
	}
	return r
}

func next(m *rows.Model, n int) rows.Next {
	return rows.Next{X: make([]float64, n*(m.NQ()+m.NV())), H: make([]float64, n), Status: make([]rows.Status, n), Iterations: make([]int32, n)}
}

// TestSameBits: rows have the bits of the same steps by a Stepper, whatever the number of workers.
func TestSameBits(t *testing.T) {
	const n, steps = 7, 40
	for _, name := range []string{"ant", "quadruped4", "stack"} {
		for workers := 1; workers <= 3; workers++ {
			m, b := zoo(t, name, rows.Settings{Workers: workers})
			nx := m.NQ() + m.NV()
			r := start(m, n)
			out := rows.Path{X: make([]float64, n*(steps+1)*nx), H: make([]float64, n*(steps+1)), Status: make([]rows.Status, n), Steps: make([]int32, n)}
			if f, err := b.Rollout(r, steps, nil, out); err != nil || f.Count > 0 {
				t.Fatal(f, err)
			}
			for i := range n {
				s, x := m.NewStepper(sim.Options{}), m.Start.Clone()
				x.V[0] += 0.1 * float64(i)
				for range steps {
					if _, err := s.Step(&x, x, nil); err != nil {
						t.Fatal(err)
					}
				}
				got := out.X[((i+1)*(steps+1)-1)*nx : (i+1)*(steps+1)*nx]
				for k, v := range append(x.Q, x.V...) {
					if math.Float64bits(v) != math.Float64bits(got[k]) {
						t.Fatalf("%s, %d workers, row %d: number %d is %v, a Stepper gives %v", name, workers, i, k, got[k], v)
					}
				}
				if out.H[(i+1)*(steps+1)-1] != x.H {
					t.Errorf("%s: interval %g, want %g", name, out.H[(i+1)*(steps+1)-1], x.H)
				}
			}
		}
	}
}

// TestJacobianBits: in the tangent space derivatives have the bits of package implicit.
func TestJacobianBits(t *testing.T) {
	m, b := zoo(t, "quadruped4", rows.Settings{Kappa: 1e-4})
	r, nv := start(m, 1), m.NV()
	o := next(m, 1)
	j := rows.Jacobian{Tangent: true, X: o.X, H: o.H, Status: o.Status, Jx: make([]float64, 4*nv*nv), Ju: make([]float64, 2*nv*m.NU())}
	if f, err := b.Jacobian(r, 1, "", nil, j); err != nil || f.Count > 0 {
		t.Fatal(f, err)
	}
	g, err := implicit.New(m.NewStepper(sim.Options{Kappa: 1e-4}), implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	if _, err := g.Step(&x, m.Start, nil); err != nil {
		t.Fatal(err)
	}
	var a, c mat.Dense
	if err := g.StateJacobian(&a); err != nil {
		t.Fatal(err)
	}
	if err := g.InputJacobian(&c); err != nil {
		t.Fatal(err)
	}
	for i, v := range append(a.RawMatrix().Data, c.RawMatrix().Data...) {
		if got := append(j.Jx[:len(j.Jx):len(j.Jx)], j.Ju...)[i]; got != v {
			t.Fatalf("number %d is %v, implicit gives %v", i, got, v)
		}
	}
}

// TestJacobianDifferences: by the numbers of a row, of a quaternion that is not quite unit too.
func TestJacobianDifferences(t *testing.T) {
	const eps, tol = 1e-6, 2e-6
	m, b := zoo(t, "ant", rows.Settings{Kappa: 1e-3, Tolerance: 1e-12})
	nx := m.NQ() + m.NV()
	r := start(m, 1)
	r.H = []float64{0.004}
	for i := range 4 {
		r.X[3+i] = []float64{0.9, 0.3, -0.2, 0.25}[i] * 1.02
	}
	for i := range m.NV() {
		r.X[m.NQ()+i] = 0.3 * math.Sin(float64(3*i))
	}
	o := next(m, 1)
	j := rows.Jacobian{X: o.X, H: o.H, Status: o.Status, Jx: make([]float64, nx*nx)}
	if f, err := b.Jacobian(r, 1, "", nil, j); err != nil || f.Count > 0 {
		t.Fatal(f, err)
	}
	at := func(k int, d float64) []float64 {
		y, o := r, next(m, 1)
		y.X = append([]float64{}, r.X...)
		y.X[k] += d
		if f, err := b.Step(y, 1, nil, o); err != nil || f.Count > 0 {
			t.Fatal(f, err)
		}
		return o.X
	}
	largest := 0.0
	for k := range nx {
		up, down := at(k, eps), at(k, -eps)
		for i := range nx {
			want := (up[i] - down[i]) / (2 * eps)
			largest = math.Max(largest, math.Abs(want-j.Jx[i*nx+k]))
		}
	}
	if largest > tol {
		t.Errorf("derivatives are off by %.2g", largest)
	}
	t.Logf("largest difference %.2g", largest)
}

// TestTimestepOverSubsteps: over several steps the derivative by the timestep took the intervals between them for
// constants: of two steps of a pendulum -10.50 instead of -15.75 rad/s per s.
func TestTimestepOverSubsteps(t *testing.T) {
	const sub, eps = 4, 1e-7
	for _, name := range []string{"pendulum", "ant"} {
		m, b := zoo(t, name, rows.Settings{Kappa: 1e-3, Tolerance: 1e-12, Centrality: 1e-10})
		nv, opt := m.NV(), sim.Options{Kappa: 1e-3, Tolerance: 1e-12, Centrality: 1e-10}
		r, o := start(m, 1), next(m, 1)
		for i := range nv {
			r.X[m.NQ()+i] += 0.3
		}
		j := rows.Jacobian{Tangent: true, X: o.X, H: o.H, Status: o.Status, Jx: make([]float64, 4*nv*nv), Jp: make([]float64, 2*nv*2)}
		if f, err := b.Jacobian(r, sub, "gravity.z\ntimestep", nil, j); err != nil || f.Count > 0 {
			t.Fatal(f, err)
		}
		p, err := implicit.FindParam(m.Model, "timestep")
		if err != nil {
			t.Fatal(err)
		}
		at := func(h float64) sim.State {
			changed, err := implicit.Set(m.Model, []implicit.Param{p}, []float64{h})
			if err != nil {
				t.Fatal(err)
			}
			s, x := changed.NewStepper(opt), sim.State{Q: r.X[:m.NQ()], V: r.X[m.NQ():]}.Clone()
			for range sub {
				if _, err := s.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
			}
			return x
		}
		d := implicit.NewTangent(m.Model)
		implicit.Difference(m.Model, d, at(m.Timestep()+eps), at(m.Timestep()-eps))
		for i, v := range append(d.Q, d.V...) {
			if want := v / (2 * eps); math.Abs(j.Jp[2*i+1]-want) > 1e-5*(1+math.Abs(want)) {
				t.Errorf("%s: number %d changes by %g with the timestep, differences say %g", name, i, j.Jp[2*i+1], want)
			}
		}
	}
}

// TestRefusals: bad arguments are errors that name what is wrong, and nothing is computed.
func TestRefusals(t *testing.T) {
	m, b := zoo(t, "ant", rows.Settings{})
	for _, c := range []struct {
		spoil func(r *rows.Rows)
		want  string
	}{
		{func(r *rows.Rows) { r.X = r.X[1:] }, "do not make"},
		{func(r *rows.Rows) { r.X[m.NQ()+m.NV()+7] = math.NaN() }, `row 1: sim: coordinate 0 of joint "hip_1" is NaN`},
		{func(r *rows.Rows) { clear(r.X[3:7]) }, `row 0: quaternion of joint "floating_base" has length 0`},
		{func(r *rows.Rows) { r.X[3] = math.Inf(1) }, `row 0: quaternion of joint "floating_base" has length +Inf`},
		{func(r *rows.Rows) { r.X[3] = math.NaN() }, `row 0: `},
		{func(r *rows.Rows) { r.H = []float64{0, -1} }, "row 1: sim: state has an interval of length -1 s"},
		{func(r *rows.Rows) { r.U = make([]float64, 2*m.NU()); r.U[m.NU()+3] = math.Inf(1) }, `row 1: input "ankle_2" is +Inf`},
	} {
		r, o := start(m, 2), next(m, 2)
		c.spoil(&r)
		_, err := b.Step(r, 1, nil, o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
		if o.X[2] != 0 {
			t.Errorf("after %q there is a result", c.want)
		}
	}
	for _, s := range []rows.Settings{{Kappa: -1}, {Tolerance: math.NaN()}, {Centrality: -1}, {Kappa: 1e-3, GradientKappa: 1e-4}} {
		if _, err := rows.New([]*rows.Model{m}, s); err == nil {
			t.Errorf("settings %v are accepted", s)
		}
	}
}

// TestFailedRows: a row whose step fails keeps its state and has no derivative, the others go on.
func TestFailedRows(t *testing.T) {
	m, b := zoo(t, "ant", rows.Settings{})
	nx := m.NQ() + m.NV()
	r, o := start(m, 3), next(m, 3)
	r.X[nx+m.NQ()+4] = 1e10 // turns by half a turn and more in one step
	f, err := b.Step(r, 1, nil, o)
	if err != nil || f.Count != 1 || !strings.Contains(f.Err.Error(), "row 1: ") {
		t.Fatal(f, err)
	}
	if o.Status[0] != rows.Solved || o.Status[1] != rows.Failed || o.Status[2] != rows.Solved {
		t.Error(o.Status)
	}
	for k, v := range r.X[nx : 2*nx] {
		if o.X[nx+k] != v {
			t.Errorf("number %d became %g from %g", k, o.X[nx+k], v)
		}
	}
	g := rows.Pull{Next: make([]float64, 3*nx), X: make([]float64, 3*nx), U: make([]float64, 3*m.NU()), Status: o.Status}
	for i := range g.Next {
		g.Next[i], g.X[i] = 1, math.NaN()
	}
	if f, err := b.VJP(r, "", nil, g); err != nil || f.Count != 1 {
		t.Fatal(f, err)
	}
	for i, v := range g.X {
		if row := i / nx; v-v != 0 || (row == 1) != (v == 0) && row == 1 {
			t.Errorf("row %d: cotangent %g", row, v)
		}
	}
}

// TestStop: a call that is told to stop says which rows had no turn.
func TestStop(t *testing.T) {
	m, b := zoo(t, "cartpole", rows.Settings{})
	r, o := start(m, 4), next(m, 4)
	var stop int32
	atomic.StoreInt32(&stop, 1)
	f, err := b.Step(r, 1, &stop, o)
	if err != nil || f.Count != 4 || o.Status[0] != rows.Canceled || o.X[0] != r.X[0] {
		t.Error(f, err, o.Status)
	}
}
