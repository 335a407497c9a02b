package task

import (
	"context"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
)

// TestTasks: every task is found, its functions have the derivatives they say, and the motion does what the task is about.
func TestTasks(t *testing.T) {
	for _, e := range All() {
		x, err := Find(e.Name)
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		if err := x.Problem.Check(x.Guess); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
		r, err := trajopt.Solve(context.Background(), x.Problem, x.Guess, x.Options)
		if err == nil && x.Check != nil {
			err = x.Check(r)
		}
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
	if _, err := Find("fly"); err == nil || !strings.Contains(err.Error(), "swingup, push, lift, steer, hopper, trot, leap, rise") {
		t.Errorf("a task that is not there: %v", err)
	}
}

// TestChecks: what does not move is no gait and no jump.
func TestChecks(t *testing.T) {
	for _, name := range []string{"hopper", "trot", "leap"} {
		x, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		still := &trajopt.Result{}
		for range x.Problem.Steps + 1 {
			still.States = append(still.States, x.Problem.Start)
		}
		if x.Check(still) == nil {
			t.Errorf("%s: standing still passes", name)
		}
	}
	x, err := Find("rise")
	if err != nil {
		t.Fatal(err)
	}
	moved := x.Problem.Start.Clone()
	moved.Q[0] += 0.1
	if x.Check(&trajopt.Result{States: []sim.State{x.Problem.Start, moved}}) == nil {
		t.Error("rise: feet that slide pass")
	}
}
