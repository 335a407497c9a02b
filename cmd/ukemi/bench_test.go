package main

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/internal/robust"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestBenchCasesAreOfTheZoo: every case names a model, a controller and steps that there are.
func TestBenchCasesAreOfTheZoo(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range benchCases {
		e, err := models.Find(c.model)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		m, err := e.Builder(models.Options{}).Build()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := controller(c.controller, m, e.Start(m), 0); err != nil || !(0 <= c.from && c.from < c.to) || seen[c.name] {
			t.Errorf("%+v: %v", c, err)
		}
		seen[c.name] = true
	}
}

// TestBenchMeasures one short case and compares what does not depend on the clock with a simulation.
func TestBenchMeasures(t *testing.T) {
	f := &benchFlags{timestep: 0.01, kappa: 1e-5, seconds: 1e-9}
	r, err := benchCase{"held", "quadruped4", "hold", 3, 9, false}.measure(f)
	if err != nil {
		t.Fatal(err)
	}
	w := load(t, "quadruped4")
	hold(w)
	if err := w.build(); err != nil {
		t.Fatal(err)
	}
	st, x, total, most := w.model.NewStepper(sim.Options{Kappa: 1e-5}), w.start.Clone(), 0, 0
	u := models.HoldInputs(w.model, w.start)
	for k := range 9 {
		res, err := st.Step(&x, x, u)
		if err != nil {
			t.Fatal(err)
		}
		if k >= 3 {
			total += res.Iterations
			most = max(most, res.Iterations)
		}
	}
	if r.Case != "held" || r.NV != 18 || r.Contacts != 4 || r.Steps != 6 || r.Most != most || math.Abs(float64(r.Iterations)-float64(total)/6) > 1e-12 {
		t.Errorf("%+v, want %d iterations in 6 steps, at most %d", r, total, most)
	}
	if !(r.Fastest > 0 && r.Fastest <= r.Median) || r.PerDOF != r.Fastest/18 {
		t.Errorf("%+v", r)
	}
	if _, err := (benchCase{model: "nobody", controller: "none"}).measure(f); err == nil {
		t.Error("a case of no model was measured")
	}
	chain := benchCase{"chain", "chain:3", "none", 0, 2, false}
	if st, _, err := chain.record(f); err != nil || st.Model().Timestep() != tautest {
		t.Errorf("a chain is measured at %g s, want %g (%v)", st.Model().Timestep(), tautest, err)
	}
}

// TestBenchTable prints two short cases, as a table and as JSON.
func TestBenchTable(t *testing.T) {
	all := benchCases
	defer func() { benchCases = all }()
	benchCases = []benchCase{{"a ball", "sphere", "none", 1, 4, false}, {"a cart", "cartpole", "none", 0, 3, false}}
	status, out, errs := ukemi("bench", "--seconds", "1e-9", "--kappa", "1e-4")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != 0 || len(lines) != 5 || !strings.HasPrefix(lines[0], "h = 10 ms, κ = 0.0001") || len(strings.Fields(lines[4])) != 2+9 {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	_, out, _ = ukemi("bench", "--seconds", "1e-9", "--json")
	var rows []map[string]any
	if err := json.Unmarshal([]byte(out), &rows); err != nil || len(rows) != 2 || rows[1]["case"] != "a cart" || rows[1]["steps"] != 3.0 {
		t.Errorf("%v in %s", err, out)
	}
	for _, key := range []string{"nv", "contacts", "us_per_step_min", "us_per_step_median", "us_per_dof_min", "us_per_iteration_min", "iterations_mean", "iterations_max", "halvings", "allocs_per_step"} {
		if _, ok := rows[0][key]; !ok {
			t.Errorf("there is no %q in %s", key, out)
		}
	}
}

// counts makes up the result of a run in which one toss failed.
func counts() []robust.Count {
	var l []robust.Count
	for _, system := range []string{"box", "chain"} {
		for _, h := range robust.Steps {
			for _, k := range robust.Kappas {
				l = append(l, robust.Count{Cell: robust.Cell{System: system, H: h, Kappa: k}, Tosses: 2, Steps: 10, Iterations: 40, IterationsMax: 7, Penetration: 1e-9})
			}
		}
	}
	bad := &l[len(l)-1]
	bad.Halvings, bad.IterationsMax, bad.Penetration = 3, 99, 2e-3
	bad.Failures = []robust.Failure{{Cell: bad.Cell, Toss: 1, Mu: 0.5, Mass: 2, Step: 4, Err: &sim.StepError{Where: "contact 1", Result: sim.Result{Status: ipm.NotFinite}}}}
	return l
}

// TestRobustnessTable: rows by mechanism and step, columns by κ, sums, and how to repeat a failure.
func TestRobustnessTable(t *testing.T) {
	all := counts()
	sum := total(all)
	n := len(all)
	if sum.Steps != 10*n || sum.Tosses != 2*n || sum.Iterations != 40*n || sum.IterationsMax != 99 || sum.Halvings != 3 || sum.Penetration != 2e-3 || len(sum.Failures) != 1 {
		t.Errorf("the sum is %+v", sum)
	}
	var out strings.Builder
	f := robustnessFlags{seed: 8}
	if err := f.print(&out, all, time.Second); err != nil {
		t.Fatal(err)
	}
	s := out.String()
	last := all[n-1]
	again := "--only chain:" + format(last.H) + ":" + format(last.Kappa) + ":1"
	for _, want := range []string{"4.0/7", "4.0/99", "0/0", "1/3", "FAILED: --seed 8 " + again, "step 4", "contact 1", "seed 8, 1 s"} {
		if !strings.Contains(s, want) {
			t.Errorf("there is no %q in\n%s", want, s)
		}
	}
	if got := strings.Count(s, "box"); got != 2*len(robust.Steps)+1 {
		t.Errorf("the box has %d lines:\n%s", got, s)
	}
	rows := robustRows(all)
	if r := rows[n-1]; len(rows) != n || r.Failures != 1 || len(r.Again) != 1 || "--only "+r.Again[0] != again || r.IterationsMean != 4 || rows[0].Again == nil {
		t.Errorf("%+v", rows[n-1])
	}
}

func format(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// TestRobustnessOnly: what repeats a toss is taken apart with care.
func TestRobustnessOnly(t *testing.T) {
	for _, only := range []string{"box", "box:1:2", "box:x:1e-6:0", "box:0.01:y:0", "box:0.01:1e-6:z", "box:0:1e-6:0", "box:0.01:-1:0", "box:0.01:1e-6:-1", "box:0.01:1e-6:1:2"} {
		f := robustnessFlags{only: only, steps: 100}
		if err := f.again(&strings.Builder{}); err == nil || !strings.Contains(err.Error(), "want SYSTEM:H:KAPPA:TOSS") {
			t.Errorf("%q: %v", only, err)
		}
	}
	var a, b, c strings.Builder
	for out, seed := range map[*strings.Builder]uint64{&a: 3, &b: 3, &c: 4} {
		f := robustnessFlags{only: "capsule:0.02:1e-05:5", steps: 400, seed: seed}
		if err := f.again(out); err != nil {
			t.Fatal(err)
		}
	}
	if a.String() != b.String() || a.String() == c.String() || !strings.Contains(a.String(), "iterations per step") {
		t.Errorf("%q, %q, %q", a.String(), b.String(), c.String())
	}
}

// TestRobustnessJSON: each cell of the table has its share of the steps.
func TestRobustnessJSON(t *testing.T) {
	status, out, errs := ukemi("bench", "robustness", "--steps", "200", "--json", "--workers", "2", "--seed", "9")
	var rows []robustRow
	if err := json.Unmarshal([]byte(out), &rows); err != nil || status != 0 {
		t.Fatalf("status %d, %v: %s%s", status, err, out, errs)
	}
	for _, r := range rows {
		if r.Steps == 0 || r.Tosses == 0 || r.Failures != 0 || r.IterationsMean > float64(r.IterationsMax) {
			t.Errorf("%+v", r)
		}
	}
}

// TestRobustnessOfScenes: every scene is thrown, and they and the mechanisms are two runs.
func TestRobustnessOfScenes(t *testing.T) {
	status, out, errs := ukemi("bench", "robustness", "--scenes", "--steps", "540", "--json")
	var rows []robustRow
	if err := json.Unmarshal([]byte(out), &rows); err != nil || status != 0 {
		t.Fatalf("status %d, %v: %s%s", status, err, out, errs)
	}
	seen := map[string]int{}
	for _, r := range rows {
		seen[r.System] += r.Steps
	}
	for _, name := range robust.Scenes {
		if seen[name] != 36 {
			t.Errorf("%s takes %d steps, want one in each cell", name, seen[name])
		}
	}
	if status, _, errs := ukemi("bench", "robustness", "--scenes", "--mechanisms", "1"); status != 1 || !strings.Contains(errs, "two runs") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// TestExplainOnlyWhatIsMissing: other errors pass as they are.
func TestExplainOnlyWhatIsMissing(t *testing.T) {
	plain := errors.New("no such file")
	if err := explain(plain, "look elsewhere"); err != plain {
		t.Errorf("%v", err)
	}
	if explain(nil, "look elsewhere") != nil {
		t.Error("no error became one")
	}
}
