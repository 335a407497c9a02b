package main

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestReportCounts adds up what made-up steps say.
func TestReportCounts(t *testing.T) {
	w := load(t, "block")
	r := newReport(w, w.model.NewStepper(sim.Options{Kappa: 1e-5}))
	now := scene.Moment{State: w.start.Clone(), Energy: sim.Energy{Kinetic: 1, Gravity: 2, Spring: 4}}
	r.begin(&now)
	for _, s := range []struct {
		res  sim.Result
		deep float64
	}{
		{sim.Result{Iterations: 3}, 0},
		{sim.Result{Iterations: 9, Halvings: 2, Unpolished: 1}, 4e-7},
		{sim.Result{Iterations: 6, Halvings: 1}, 1e-7},
	} {
		now.Result = s.res
		r.step(&now, s.deep, nil)
	}
	r.Calmed = 2
	r.err = &sim.StepError{Model: "block", Where: "contact 3", Result: sim.Result{Status: ipm.NotFinite}}
	now.Time, now.Energy = 0.03, sim.Energy{Kinetic: 5}
	r.fail(&now, sim.Result{Iterations: 6, Halvings: 6})
	now.Contacts = make([]sim.Contact, 8)
	now.Contacts[4].Force = r3.Vec{X: -1e-9}
	r.end(&now)
	if r.Steps != 3 || r.Failures != 1 || r.Halvings != 9 || r.Unpolished != 1 || r.IterationsMax != 9 || r.IterationsMean != 6 {
		t.Errorf("%+v", r)
	}
	if r.PenetrationMax != 4e-7 || r.EnergyFirst != 7 || r.EnergyLast != 5 || r.Kappa != 1e-5 || r.touching != 1 || !r.Finite {
		t.Errorf("%+v", r)
	}
	if msg := r.err.Error(); !strings.HasPrefix(msg, "step 4 (t = 0.03 s): ") || !strings.Contains(msg, "contact 3") {
		t.Errorf("the error is %q", msg)
	}
	var out strings.Builder
	r.print(&out, &simulateFlags{plot: "a.png"})
	for _, want := range []string{
		"block: 1 body, 6 degrees of freedom, 8 contacts", "0.03 s in 3 steps of 0.01 s, κ = 1e-05",
		"STOPPED: step 4 did not converge; 9 parts divided in two; 1 part stayed at κ = 1e-05; 2 bounces turned down, which would have given energy; 6.00 iterations per step, at most 9",
		"deepest penetration of contact shapes 4e-07 m; 1 of 8 active at the end", "7 J at the start, 5 J at the end", r.StateHash, "a.png",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "data ") {
		t.Errorf("a table that was not asked for is named:\n%s", out.String())
	}
}

// TestOtherErrorsAreNoFailedSteps: a full disk is no matter of the solver.
func TestOtherErrorsAreNoFailedSteps(t *testing.T) {
	w := load(t, "block")
	r := newReport(w, w.model.NewStepper(sim.Options{}))
	r.err = errors.New("no space left on device")
	r.fail(&scene.Moment{}, sim.Result{Iterations: 5})
	if r.Failures != 0 || r.IterationsMax != 0 || r.err.Error() != "no space left on device" {
		t.Errorf("%+v, %v", r, r.err)
	}
}

// TestStateHash pins the promised hash on a state of known bits, and that every bit counts.
func TestStateHash(t *testing.T) {
	s := sim.State{Q: []float64{0, 1}, V: []float64{-2}}
	if got, want := hash(s), "7fc6213e70b1d018"; got != want {
		t.Errorf("the hash is %s, want %s", got, want)
	}
	other := sim.State{Q: []float64{0}, V: []float64{1, -2}}
	if hash(other) != hash(s) {
		t.Error("the hash depends on more than the numbers in their order")
	}
	for _, x := range []float64{math.Copysign(0, -1), math.Nextafter(0, 1)} {
		if hash(sim.State{Q: []float64{x, 1}, V: []float64{-2}}) == hash(s) {
			t.Errorf("%g in place of 0 leaves the hash", x)
		}
	}
}

// collector keeps what a run hands out and fails when told.
type collector struct {
	times  []float64
	known  []scene.Knowledge
	failAt int
}

func (c *collector) take(m *scene.Moment) error {
	c.times, c.known = append(c.times, m.Time), append(c.known, m.Known)
	if len(c.times) == c.failAt {
		return errors.New("sink is full")
	}
	return nil
}

func (c *collector) close() error { return nil }

// TestLoopHandsOutEveryInstant: the start and the end of each step, then no more.
func TestLoopHandsOutEveryInstant(t *testing.T) {
	w := load(t, "cartpole")
	st := w.model.NewStepper(sim.Options{})
	r, c := newReport(w, st), &collector{}
	var steps []int
	ctrl := func(u []float64, k int, _ sim.State) {
		steps = append(steps, k)
		if u[0] != 0 {
			t.Errorf("step %d starts with the input %g", k, u[0])
		}
		u[0] = 0.1
	}
	loop(context.Background(), r, st, w.start, 5, ctrl, []sink{c}, nil)
	if r.err != nil || r.Steps != 5 || len(c.times) != 6 || len(steps) != 5 || steps[4] != 4 {
		t.Fatalf("%d steps, %d instants, controller asked %v, %v", r.Steps, len(c.times), steps, r.err)
	}
	for k, at := range c.times {
		if math.Abs(at-0.01*float64(k)) > 1e-15 {
			t.Errorf("instant %d is at %g s", k, at)
		}
		all := scene.KnownContacts | scene.KnownEnergy | scene.KnownInput | scene.KnownResult | scene.KnownForces
		if k == 0 {
			all &^= scene.KnownResult | scene.KnownForces
		}
		if c.known[k] != all {
			t.Errorf("instant %d knows %b, want %b", k, c.known[k], all)
		}
	}
}

func TestLoopEnds(t *testing.T) {
	w := load(t, "block")
	st := w.model.NewStepper(sim.Options{})
	r, c := newReport(w, st), &collector{failAt: 3}
	loop(context.Background(), r, st, w.start, 50, nil, []sink{c}, nil)
	if r.Steps != 2 || r.Failures != 0 || r.err == nil || r.err.Error() != "sink is full" {
		t.Errorf("a sink that fails: %d steps, %v", r.Steps, r.err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, c = newReport(w, st), &collector{}
	loop(ctx, r, st, w.start, 50, func(_ []float64, k int, _ sim.State) {
		if k == 7 {
			cancel()
		}
	}, []sink{c}, nil)
	if r.Steps != 8 || r.err != nil {
		t.Errorf("an interrupted run: %d steps, %v", r.Steps, r.err)
	}
	bad := w.start.Clone()
	bad.V[0] = math.NaN()
	r = newReport(w, st)
	if loop(context.Background(), r, st, bad, 50, nil, nil, nil); r.err == nil || r.Failures != 1 || r.Steps != 0 || r.Finite {
		t.Errorf("a start that is no state: %+v, %v", r, r.err)
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 bodies", 1: "1 body", 2: "2 bodies"} {
		if got := plural(n, "body", "bodies"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestNumbersInJSON: what JSON cannot say becomes null instead of an error.
func TestNumbersInJSON(t *testing.T) {
	var out strings.Builder
	inf := math.Inf(1)
	err := printJSON(&out, map[string]any{"a": numbers([]float64{1.5, math.NaN(), inf, -inf, 0.1}), "b": "<ü>"})
	got := strings.Join(strings.Fields(out.String()), "")
	if want := `{"a":[1.5,null,null,null,0.1],"b":"<ü>"}`; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}

// TestNoBarWithoutTerminal: pipes and files see no progress, and a bar that is not there takes every call.
func TestNoBarWithoutTerminal(t *testing.T) {
	var out strings.Builder
	b := newBar(&out, 100, "testing")
	if b != nil {
		t.Fatal("a bar for a string")
	}
	b.step()
	b.add(50)
	b.done()
	if out.Len() != 0 {
		t.Errorf("it says %q", out.String())
	}
}
