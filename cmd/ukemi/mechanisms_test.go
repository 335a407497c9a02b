package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/internal/robust"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
)

// trials are two mechanisms that went well, one whose energy grew and one that failed.
func trials() []robust.Trial {
	t := robust.Trial{Kind: robust.Passive, Bodies: 4, Spread: 1, H: 0.01, Steps: 120, Divided: 6, Iterations: 480, IterationsMax: 9, Growth: 1e-5, Natural: 2}
	l := []robust.Trial{t, t, t, t}
	for i := range l {
		l[i].Number = i
	}
	l[1].Growth, l[1].Kept = 0.25, 0.125
	l[3].Kind, l[3].Bodies, l[3].Spread, l[3].Steps, l[3].IterationsMax, l[3].Beyond, l[3].Depth = robust.Driven, 30, 1e6, 40, 700, 0.1, 1e-3
	l[3].Err = &sim.StepError{Where: "contact 1", Result: sim.Result{Status: ipm.Stalled}}
	return l
}

// TestMechanismsTable: each mechanism is in one class of every sort, and what went wrong is said with how to repeat it.
func TestMechanismsTable(t *testing.T) {
	l := tallies(trials())
	sum := map[string]int{}
	for _, c := range l {
		sum["mechanisms"] += c.Mechanisms
		if c.Mechanisms == 1 && (c.Failures != 1 || c.Errors["stalled"] != 1 || c.IterationsMax != 700 || c.BeyondMax != 0.1 || c.DepthMax != 1e-3) {
			t.Errorf("%+v", c)
		}
	}
	all := l[len(l)-1]
	if sum["mechanisms"] != 5*4 || all.Mechanisms != 4 || all.Steps != 400 || all.Failures != 1 || all.Divided != 24 || all.Iterations != 1920 || all.Growing != 1 || all.GrowthMax != 0.25 || all.Keeping != 1 || all.KeptMax != 0.125 {
		t.Errorf("%d in all classes, want each once by what moves it, masses, bodies, step and in all; %+v", sum["mechanisms"], all)
	}
	var out strings.Builder
	f := robustnessFlags{seed: 8}
	if err := f.printTrials(&out, l, trials(), time.Second); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"passive", "6–15 bodies", "h = 50 ms", "6.00 %", "4.80", "seed 8, 1 s",
		"GREW: --seed 8 --only mechanism:1 (passive, 4 bodies", "FAILED: --seed 8 --only mechanism:3 (driven, 30 bodies", "contact 1",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in\n%s", want, out.String())
		}
	}
}

// TestMechanismsAgain: a mechanism by its number is the one of the table.
func TestMechanismsAgain(t *testing.T) {
	status, out, errs := ukemi("bench", "robustness", "--mechanisms", "5", "--json", "--workers", "2", "--seed", "9")
	var l []tally
	if err := json.Unmarshal([]byte(out), &l); err != nil || len(l) == 0 {
		t.Fatalf("status %d, %v: %s%s", status, err, out, errs)
	}
	all := l[len(l)-1]
	if all.Class != "all" || all.Mechanisms != 5 || (status == 0) != (all.Failures == 0) {
		t.Errorf("status %d: %+v", status, all)
	}
	steps, most := 0, 0
	for n := range 5 {
		x, err := robust.Try(9, n)
		if err != nil {
			t.Fatal(err)
		}
		steps, most = steps+x.Steps, max(most, x.IterationsMax)
		var out strings.Builder
		f := robustnessFlags{only: "mechanism:" + format(float64(n)), steps: 1, seed: 9}
		if err := f.again(&out); !errors.Is(err, x.Err) || !strings.Contains(out.String(), x.Kind.String()) {
			t.Errorf("%v, want %v: %s", err, x.Err, out.String())
		}
	}
	if all.Steps != steps || all.IterationsMax != most {
		t.Errorf("%+v, want %d steps and at most %d iterations", all, steps, most)
	}
	for _, only := range []string{"mechanism:x", "mechanism:-1", "mechanism", "mechanism:1:2"} {
		f := robustnessFlags{only: only}
		if err := f.again(&strings.Builder{}); err == nil || !strings.Contains(err.Error(), "or mechanism:NUMBER") {
			t.Errorf("%q: %v", only, err)
		}
	}
}
