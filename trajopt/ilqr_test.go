package trajopt

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// slider is a point on a slider, a double integrator: v⁺ = v + h u/m, q⁺ = q + h v⁺ of the step's mean velocity.
func slider(t testing.TB, h, effort float64) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("slider")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("mass", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddJoint(sim.Joint{
		Name: "track", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l,
		Axes: []sim.Axis{{Drive: sim.Torque, Effort: effort}},
	})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func at(m *sim.Model, q, v float64) sim.State {
	s := m.NewState()
	s.Q[0], s.V[0], s.H = q, v, m.Timestep()
	return s
}

// TestLQR: on a linear system one iteration is the Riccati recursion, here written out for two states.
func TestLQR(t *testing.T) {
	m := slider(t, 0.1, 0)
	const n, r, end = 20, 0.1, 50.0
	p := &Problem{
		Model: m, Start: at(m, 1, 0.3), Steps: n,
		Stage: []Cost{State(m, at(m, 0, 0)).Weigh(1), Input(m).Weigh(r)},
		Final: []Cost{State(m, at(m, 0, 0)).Weigh(end)},
	}
	got, err := Solve(context.Background(), p, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Iterations != 1 {
		t.Errorf("%d iterations of a linear-quadratic problem, want 1", got.Iterations)
	}
	g, err := implicit.New(m.NewStepper(sim.Options{}), implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	next := m.NewState()
	if _, err := g.Step(&next, p.Start, nil); err != nil {
		t.Fatal(err)
	}
	var a, b mat.Dense
	if err := errors.Join(g.StateJacobian(&a), g.InputJacobian(&b)); err != nil {
		t.Fatal(err)
	}
	v := mat.NewDense(2, 2, []float64{end, 0, 0, end})
	gains := make([]*mat.Dense, n)
	for k := n - 1; k >= 0; k-- {
		var va, vb, bvb, bva, atva, k2 mat.Dense
		va.Mul(v, &a)
		vb.Mul(v, &b)
		bvb.Mul(b.T(), &vb)
		bva.Mul(b.T(), &va)
		atva.Mul(a.T(), &va)
		gains[k] = new(mat.Dense)
		gains[k].Scale(-1/(r+bvb.At(0, 0)), &bva)
		k2.Mul(bva.T(), gains[k])
		v.Add(&atva, &k2)
		v.Set(0, 0, v.At(0, 0)+1)
		v.Set(1, 1, v.At(1, 1)+1)
	}
	x := mat.NewVecDense(2, []float64{1, 0.3})
	for k := range n {
		u := mat.Dot(gains[k].RowView(0), x)
		if math.Abs(u-got.Inputs[k][0]) > 1e-8*(1+math.Abs(u)) {
			t.Errorf("input %d is %g, Riccati says %g", k, got.Inputs[k][0], u)
		}
		for j := range 2 {
			if d := gains[k].At(0, j) - got.Gains[k].At(0, j); math.Abs(d) > 1e-8 {
				t.Errorf("gain %d of step %d is off by %g", j, k, d)
			}
		}
		var y mat.VecDense
		y.MulVec(&a, x)
		y.AddScaledVec(&y, u, b.ColView(0))
		x.CopyVec(&y)
	}
}

// TestBangBang: a mass shall be as fast as it can be after n steps, and effort costs next to nothing: the inputs are at their
// bound and the speed is bound·n·h/m. With a goal short of that, the least effort is equal in all steps.
func TestBangBang(t *testing.T) {
	const h, n, bound = 0.1, 10, 2.0
	m := slider(t, h, bound)
	fast := Function{Name: "speed", Dim: 1, Eval: func(_ int, x sim.State, _, r []float64, dx, _ *mat.Dense) {
		if r[0] = x.V[0] - 10; dx != nil {
			dx.Set(0, 1, 1)
		}
	}}
	p := &Problem{Model: m, Start: at(m, 0, 0), Steps: n, Stage: []Cost{Input(m).Weigh(1e-6)}, Final: []Cost{fast.Weigh(1)}}
	r, err := Solve(context.Background(), p, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for k, u := range r.Inputs {
		if u[0] != bound {
			t.Errorf("input %d is %g, want the bound %g", k, u[0], bound)
		}
	}
	if v := r.States[n].V[0]; math.Abs(v-bound*n*h) > 1e-9 {
		t.Errorf("the speed is %g, want %g", v, bound*n*h)
	}
	p.Final, p.Goal = nil, []Function{State(m, at(m, 0, 1)).Rows(1).Named("speed")}
	if r, err = Solve(context.Background(), p, nil, Options{Tolerance: 1e-7}); err != nil {
		t.Fatal(err)
	}
	for k, u := range r.Inputs {
		if math.Abs(u[0]-1) > 1e-5 {
			t.Errorf("input %d is %g, want 1", k, u[0])
		}
	}
}

// TestLimit: a mass goes 1 m in 1 s from rest to rest and may not be faster than v: without the limit it would reach 1.5 m/s. It ends
// with a goal to 1e-4 and the limit kept to as much, and touches it.
func TestLimit(t *testing.T) {
	const h, n, most = 0.05, 20, 1.2
	m := slider(t, h, 0)
	p := &Problem{
		Model: m, Start: at(m, 0, 0), Steps: n, Stage: []Cost{Input(m).Weigh(h)},
		Goal: []Function{State(m, at(m, 1, 0)).Named("there")},
	}
	top := func(r *Result) float64 {
		v := 0.0
		for _, x := range r.States {
			v = math.Max(v, x.V[0])
		}
		return v
	}
	free, err := Solve(context.Background(), p, nil, Options{Tolerance: 1e-4})
	if err != nil {
		t.Fatal(err)
	}
	if v := top(free); math.Abs(v-1.5) > 0.02 {
		t.Errorf("the free mass reaches %g m/s, a parabola of 1.5", v)
	}
	p.Limit = []Function{State(m, at(m, 0, 0)).Rows(1).AtMost(most)}
	r, err := Solve(context.Background(), p, nil, Options{Tolerance: 1e-4})
	if err != nil {
		t.Fatal(err)
	}
	if v := top(r); v > most+1e-4 || v < most-1e-3 {
		t.Errorf("the mass reaches %g m/s, want %g", v, most)
	}
}

// TestOutOfReach: a goal that no input reaches is an error that names it, with the best attempt.
func TestOutOfReach(t *testing.T) {
	m := slider(t, 0.1, 1)
	p := &Problem{Model: m, Start: at(m, 0, 0), Steps: 5, Stage: []Cost{Input(m).Weigh(1)}, Goal: []Function{State(m, at(m, 10, 0)).Named("too far")}}
	r, err := Solve(context.Background(), p, nil, Options{})
	if err == nil || !strings.Contains(err.Error(), "too far") || !strings.Contains(err.Error(), "out of reach") {
		t.Errorf("error %v", err)
	}
	if r == nil || r.Status == Converged || r.Violation < 9 {
		t.Errorf("result %+v", r)
	}
}

// TestCancel: what was found is there when the context ends.
func TestCancel(t *testing.T) {
	p := swing(t)
	ctx, cancel := context.WithCancel(context.Background())
	opt := Options{Progress: func(i Iteration) {
		if i.Number == 3 {
			cancel()
		}
	}}
	r, err := Solve(ctx, p, nil, opt)
	if !errors.Is(err, context.Canceled) || r == nil || r.Status != Canceled || r.Iterations != 3 || len(r.States) != p.Steps+1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// swing is a pendulum, weaker than its weight, that shall stand.
func swing(t testing.TB) *Problem {
	t.Helper()
	b := sim.NewBuilder("pendulum")
	b.SetTimestep(0.05)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("rod", sim.CapsuleInertia(1, 0.02, 0.48).Placed(sim.At(0, 0, -0.5)))
	b.AddJoint(sim.Joint{
		Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l,
		Axes: []sim.Axis{{Drive: sim.Torque, Effort: 2}},
	})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return &Problem{
		Model: m, Start: m.NewState(), Steps: 60, Stage: []Cost{Input(m).Weigh(0.01)},
		Goal: []Function{State(m, at(m, math.Pi, 0)).Named("up")},
	}
}

// TestSwing: the pendulum stands, with less torque than would hold it, and for any number of workers with the same bits.
func TestSwing(t *testing.T) {
	p := swing(t)
	guess := make([][]float64, p.Steps)
	for k := range guess {
		guess[k] = []float64{0.1}
	}
	var first *Result
	for _, workers := range []int{1, 2, 3, 7} {
		r, err := Solve(context.Background(), p, guess, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		t.Log(r.Status, r.Cost, r.Violation, r.Iterations, r.Rollouts, r.Timing)
		if first == nil {
			first = r
		}
		if !reflect.DeepEqual(r.Inputs, first.Inputs) || !reflect.DeepEqual(r.States, first.States) || r.Rollouts != first.Rollouts || r.Iterations != first.Iterations {
			t.Errorf("%d workers find something else than one", workers)
		}
	}
	// the controller follows it from a start that is off
	off := p.Start.Clone()
	off.Q[0] += 0.02
	tr, err := p.Model.NewStepper(sim.Options{}).Rollout(off, p.Steps, first.Controller())
	if err != nil {
		t.Fatal(err)
	}
	if e := math.Abs(tr.States[p.Steps].Q[0] - math.Pi); e > 0.02 {
		t.Errorf("with feedback it ends %g rad off", e)
	}
}

// TestAgain: a solver that is used again finds the same bits, and from its own answer it finds that with less to do,
// because the multipliers alone are missing.
func TestAgain(t *testing.T) {
	p := swing(t)
	guess := make([][]float64, p.Steps)
	for k := range guess {
		guess[k] = []float64{0.1}
	}
	s, err := NewILQR(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Solve(context.Background(), guess)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Solve(context.Background(), guess)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.Inputs, b.Inputs) || !reflect.DeepEqual(a.States, b.States) || a.Iterations != b.Iterations || a.Rollouts != b.Rollouts {
		t.Error("a second solve differs from the first")
	}
	for k := range a.Gains {
		if !mat.Equal(a.Gains[k], b.Gains[k]) {
			t.Fatalf("gains of step %d differ", k)
		}
	}
	c, err := s.Solve(context.Background(), a.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(a.Iterations, c.Iterations, a.Cost, c.Cost)
	if c.Iterations >= a.Iterations || math.Abs(c.Cost-a.Cost) > 0.02*a.Cost {
		t.Errorf("warm: %d iterations to %g, cold: %d to %g", c.Iterations, c.Cost, a.Iterations, a.Cost)
	}
}
