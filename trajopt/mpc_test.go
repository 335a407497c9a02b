package trajopt

import (
	"context"
	"math"
	"runtime"
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
	c, err := NewMPC(p, Options{}, Pace{})
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
	c, err := NewMPC(p, Options{}, Pace{Budget: time.Nanosecond})
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
	if _, err := c.Tick(u, p.Start); err != nil || math.Abs(u[0]-r.Inputs[0][0]) > 1e-8 {
		t.Errorf("the first input is %g, planned was %g: %v", u[0], r.Inputs[0][0], err)
	}
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
	if _, err := NewMPC(p, Options{Kappas: []float64{1e-3, 1e-5}}, Pace{}); err == nil {
		t.Error("no error for two κ")
	}
}

// drive follows the controller of p for some ticks and returns the fastest and the farthest that the mass gets beyond zero; without
// multipliers constraints are plain penalties.
func drive(t *testing.T, p *Problem, opt Options, ticks int, multipliers bool) (fastest, beyond float64, end sim.State) {
	t.Helper()
	c, err := NewMPC(p, opt, Pace{})
	if err != nil {
		t.Fatal(err)
	}
	x, u, s := p.Start.Clone(), []float64{0}, p.Model.NewStepper(sim.Options{})
	for k := range ticks {
		if _, err := c.Tick(u, x); err != nil {
			t.Fatalf("tick %d: %v", k, err)
		}
		if !multipliers {
			c.mind.s.terms.each(func(x *term) {
				for _, l := range x.lambda {
					clear(l)
				}
			})
		}
		if _, err := s.Step(&x, x, u); err != nil {
			t.Fatal(err)
		}
		fastest, beyond = max(fastest, -x.V[0]), max(beyond, -x.Q[0])
	}
	return fastest, beyond, x
}

// TestMPCLimit: multipliers that go on with the plan keep a limit of the speed ten times as well as its penalty alone does.
func TestMPCLimit(t *testing.T) {
	m, p := regulator(t)
	p.Start.Q[0] = 3
	p.Limit = []Function{State(m, at(m, 0, 0)).Rows(1).AtLeast(-0.5)}
	with, _, end := drive(t, p, Options{Penalty: 30, Iterations: 2}, 120, true)
	without, _, _ := drive(t, p, Options{Penalty: 30, Iterations: 2}, 120, false)
	t.Logf("the limit is 0.5 m/s: %.4f with multipliers, %.4f without; it ends at %.3f m", with, without, end.Q[0])
	if over := without - 0.5; over < 0.01 || with-0.5 > over/4 {
		t.Errorf("with multipliers the mass is faster than its limit by %g m/s, without by %g", with-0.5, over)
	}
	if math.Abs(end.Q[0]) > 0.02 {
		t.Errorf("it ends at %g m", end.Q[0])
	}
}

// TestMPCWindUp: somebody has thrown the mass at 3 m/s; its limit of 0.5 cannot be kept for five seconds. Multipliers
// that grew all the while would go on braking when it is met.
func TestMPCWindUp(t *testing.T) {
	m, p := regulator(t)
	p.Start.Q[0], p.Start.V[0] = 20, -3
	p.Limit = []Function{State(m, at(m, 0, 0)).Rows(1).AtLeast(-0.5)}
	p.Lower, p.Upper = []float64{-0.5}, []float64{0.5}
	c, err := NewMPC(p, Options{Penalty: 300, Iterations: 2}, Pace{})
	if err != nil {
		t.Fatal(err)
	}
	x, u, s := p.Start.Clone(), []float64{0}, m.NewStepper(sim.Options{})
	met, slowest := 0, -1.0
	for k := 0; k < 100 && (met == 0 || k < met+20); k++ {
		if _, err := c.Tick(u, x); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Step(&x, x, u); err != nil {
			t.Fatal(err)
		}
		if met == 0 && x.V[0] > -0.52 {
			met = k
		}
		if met > 0 {
			slowest = max(slowest, x.V[0])
		}
	}
	t.Logf("the limit is met after %d ticks, at %.2f m, and then the mass is never slower than %.3f m/s", met, x.Q[0], -slowest)
	if met == 0 || slowest > -0.4 {
		t.Errorf("the limit is met after %d ticks, and then the mass slows down to %g m/s", met, -slowest)
	}
}

// TestDroppedThought: a controller that nobody has any more leaves no goroutine that waits to think on.
func TestDroppedThought(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		_, p := regulator(t)
		c, err := NewMPC(p, Options{}, Pace{Budget: time.Nanosecond})
		if err != nil {
			t.Fatal(err)
		}
		if tick, err := c.Tick([]float64{0}, p.Start); err != nil || !tick.Late {
			t.Fatalf("%+v, %v", tick, err)
		}
		if runtime.NumGoroutine() <= before {
			t.Error("no thought is under way, this shows nothing")
		}
	}()
	for range 1000 {
		if runtime.GC(); runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
