package trajopt

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
)

func regulator(t testing.TB) (*sim.Model, *Problem) {
	m := slider(t, 0.1, 0)
	zero := State(m, at(m, 0, 0))
	return m, &Problem{
		Model: m, Start: at(m, 1, 0), Steps: 25,
		Stage: []Cost{zero.Weigh(1), Input(m).Weigh(0.1)}, Final: []Cost{zero.Weigh(1)},
	}
}

// TestMPC: on a linear system every tick gives the first input of the problem solved from there, and the mass comes to rest.
func TestMPC(t *testing.T) {
	m, p := regulator(t)
	c, err := NewMPC(p, Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	x, u, s := p.Start.Clone(), []float64{0}, m.NewStepper(sim.Options{})
	for k := range 60 {
		if k == 10 {
			x.V[0] += 0.5 // nobody told it
		}
		tick, err := c.Tick(u, x)
		if err != nil || tick.Late || tick.Iterations > 1 {
			t.Fatalf("tick %d: %+v, %v", k, tick, err)
		}
		q := *p
		q.Start = x
		r, err := Solve(context.Background(), &q, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(u[0]-r.Inputs[0][0]) > 1e-6*(1+math.Abs(u[0])) {
			t.Errorf("tick %d: %g, the problem solved from there says %g", k, u[0], r.Inputs[0][0])
		}
		if _, err := s.Step(&x, x, u); err != nil {
			t.Fatal(err)
		}
	}
	if math.Abs(x.Q[0]) > 1e-2 || math.Abs(x.V[0]) > 1e-2 {
		t.Errorf("it ends at %g m with %g m/s", x.Q[0], x.V[0])
	}
	// The controller once shared its start with the caller's problem, and a robot that was to stand still where it had
	// started followed its own drift.
	if p.Start.Q[0] != 1 || p.Start.V[0] != 0 {
		t.Errorf("the caller's start became %g, %g", p.Start.Q[0], p.Start.V[0])
	}
}

// TestMPCBudget: without time for an iteration the plan before is followed, with its feedback.
func TestMPCBudget(t *testing.T) {
	_, p := regulator(t)
	c, err := NewMPC(p, Options{}, time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Prepare(context.Background(), nil, 3); err != nil {
		t.Fatal(err)
	}
	r, err := Solve(context.Background(), p, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	u := []float64{0}
	x := r.States[1].Clone()
	x.Q[0] += 0.1
	tick, err := c.Tick(u, x)
	if err != nil || !tick.Late || tick.Iterations != 0 {
		t.Fatalf("%+v, %v", tick, err)
	}
	if want := r.Inputs[1][0] + 0.1*r.Gains[1].At(0, 0); math.Abs(u[0]-want) > 1e-8 {
		t.Errorf("the input is %g, plan and feedback say %g", u[0], want)
	}
	if _, err := c.Tick(u, sim.State{Q: []float64{math.NaN()}, V: []float64{0}}); err == nil {
		t.Error("no error for a state that is not a number")
	}
	if _, err := c.Tick(nil, p.Start); err == nil {
		t.Error("no error for no input")
	}
	if _, err := NewMPC(p, Options{Kappas: []float64{1e-3, 1e-5}}, 0); err == nil {
		t.Error("no error for two κ")
	}
}
