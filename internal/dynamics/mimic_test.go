package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestMimic: a coupling holds at the end of every step, its derivative too in all columns and products, and its impulse on both
// joints is one multiplier times the gradient of the constraint.
func TestMimic(t *testing.T) {
	rng := rand.New(rand.NewPCG(81, 1))
	for _, kind := range axisKinds {
		m := linked(t, rng, sim.Revolute(r3.Vec{X: 1, Z: 1}), kind.axis, true, true, sim.Cone).Engine()
		c := m.Mimics[0]
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: 0.01}
		s := dynamics.NewStepper(m)
		q, v := make([]float64, m.NQ), make([]float64, m.NV)
		m.Neutral(x.q2)
		for i := range x.v {
			x.v[i] = 2 * rng.NormFloat64()
		}
		for k := range 20 {
			if !s.Load(x.q2, x.v, x.u, x.h, x.past) {
				t.Fatal("load")
			}
			if r := s.Solve(tight(1e-4)); r.Status != ipm.Solved {
				t.Fatalf("%s, step %d: %+v", kind.name, k, r)
			}
			s.Store(q, v)
			tol.Within(t, math.Abs(q[m.QIndex[c.Dof]]-c.Ratio*q[m.QIndex[c.Of]]-c.Offset), 1e-11, "%s: coupling after step %d", kind.name, k)
			if k < 19 {
				copy(x.q2, q)
				copy(x.v, v)
				x.past, x.h = x.h, 0.01/float64(1+k%3)
			}
		}
		// F(λ, ν) − F(λ, 0) is −ν (1, −ratio)
		p := s.Linearized(0)
		lambda := make([]r3.Vec, len(p.Blocks()))
		nu := append([]float64(nil), s.Couplings()...)
		with := p.Residual(lambda)
		p.SetMultipliers([]float64{0})
		without := p.Residual(lambda)
		p.SetMultipliers(nu)
		for i := range m.NV {
			want := map[int]float64{c.Dof: -nu[0], c.Of: c.Ratio * nu[0]}[i]
			tol.Within(t, math.Abs(with[i]-without[i]-want), 1e-13*math.Max(1, math.Abs(nu[0])), "%s: impulse of the coupling on dof %d", kind.name, i)
		}
		if !s.Linearize() {
			t.Fatal("singular")
		}
		a := make([]float64, 4*m.NV*m.NV)
		s.StateJacobian(a)
		for k := range 2 * m.NV {
			size := 0.0
			for r := range m.NV {
				size = max(size, math.Abs(a[r*2*m.NV+k]))
			}
			e := math.Abs(a[c.Dof*2*m.NV+k]-c.Ratio*a[c.Of*2*m.NV+k]) / size
			tol.Within(t, e, 1e-11, "%s: coupling of column %d", kind.name, k)
		}
	}
}

// TestDenseLU: the small solver of the couplings against that of gonum, forward and transposed; a singular matrix is reported.
func TestDenseLU(t *testing.T) {
	rng := rand.New(rand.NewPCG(82, 1))
	for n := 1; n <= 7; n++ {
		a, b := make([]float64, n*n), make([]float64, n)
		for i := range a {
			a[i] = rng.NormFloat64()
		}
		for i := range b {
			b[i] = rng.NormFloat64()
		}
		if n > 1 {
			a[0] = 0 // asks for an exchange of rows
		}
		lu, perm := append([]float64(nil), a...), make([]int, n)
		if !dynamics.LUFactor(lu, perm, n) {
			t.Fatal("singular")
		}
		for transposed, solve := range map[bool]func([]float64, []int, int, []float64){false: dynamics.LUSolve, true: dynamics.LUTSolve} {
			var want mat.VecDense
			var f mat.LU
			f.Factorize(mat.NewDense(n, n, append([]float64(nil), a...)))
			if err := f.SolveVecTo(&want, transposed, mat.NewVecDense(n, append([]float64(nil), b...))); err != nil {
				t.Fatal(err)
			}
			x := append([]float64(nil), b...)
			solve(lu, perm, n, x)
			tol.Within(t, near(x, want.RawVector().Data, 0), 1e-12*f.Cond(), "%d unknowns, transposed %v", n, transposed)
		}
		copy(lu, a)
		for i := range n {
			lu[i*n] = 0
		}
		if dynamics.LUFactor(lu, perm, n) {
			t.Errorf("%d unknowns: a column of zeros is regular", n)
		}
		copy(lu, a)
		lu[0] = math.NaN()
		if n == 1 && dynamics.LUFactor(lu, perm, n) {
			t.Error("what is not a number is regular")
		}
	}
}

// TestMimicsKeepDigits: under blows whose solves are refined a change of a mimic's numbers leaves what it follows to all
// digits, and forward products are the backward ones, of parameters and forces too.
func TestMimicsKeepDigits(t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 11))
	revolute, slide := sim.Revolute(r3.Vec{X: 1, Y: 0.3}), sim.Prismatic(r3.Vec{Y: 1, Z: 0.2})
	none := func(int, *sim.Axis) {}
	hard, worst, both := 0, 0.0, 0.0
	for try := 0; hard < 12 && try < 400; try++ {
		m := mechanism(t, rng, []sim.JointType{revolute, []sim.JointType{revolute, slide}[try%2], sim.Spherical()}, none, contact.Sphere(0.15), 0.5, try%3 > 0, sim.Cone, -0.4)
		x := randomState(m, rng, 0, 10)
		d := coupled(m.Engine(), x.Q)
		s, kappa := dynamics.NewStepper(d), []float64{1e-7, 1e-8}[try/2%2]
		o := dynamics.Options{Solver: ipm.Options{Kappa: kappa, Centrality: 1e-4, Tolerance: 1e-9}, Margin: math.Inf(1)}
		if !s.Load(x.Q, x.V, make([]float64, d.NU), d.Timestep, d.Timestep) || s.Solve(o).Status != ipm.Solved || !s.Linearize() || !s.Linearized(0).Hard() {
			continue
		}
		hard++
		q, v := make([]float64, d.NQ), make([]float64, d.NV)
		s.Store(q, v)
		c := d.Mimics[0]
		at := q[d.QIndex[c.Of]]
		slope := c.Ratio + 2*c.Curve[0]*at + 3*c.Curve[1]*at*at + 4*c.Curve[2]*at*at*at
		oq, ov := make([]float64, d.NV), make([]float64, d.NV)
		for k, power := range []float64{1, 0, 2, 3, 4} {
			s.ParamColumn(oq, ov, dynamics.Param{Kind: dynamics.ParamMimic, Comp: k})
			e := math.Abs(oq[c.Dof]-slope*oq[c.Of]-math.Pow(at, power)) / (math.Abs(oq[c.Dof]) + math.Abs(oq[c.Of]))
			worst = math.Max(worst, e)
			tol.Within(t, e, 1e-12, "try %d: the coupling of column %d", try, k)
		}
		e, _, _, _, _ := checkAdjoints(t, fmt.Sprintf("κ = %g, try %d", kappa, try), d, s, 1e-9, 1e-3, rng)
		both = math.Max(both, e)
	}
	if hard < 12 {
		t.Errorf("%d blows of 12", hard)
	}
	t.Logf("couplings are off by %.1e, forward and backward differ by %.1e", worst, both)
}
