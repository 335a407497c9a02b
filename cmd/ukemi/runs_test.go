package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func manyJSON(t *testing.T, args ...string) *manyRuns {
	t.Helper()
	status, out, errs := ukemi(append([]string{"simulate", "--json"}, args...)...)
	if status != 0 {
		t.Fatalf("%v: status %d: %s", args, status, errs)
	}
	var x manyRuns
	if err := json.Unmarshal([]byte(out), &x); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return &x
}

// TestSeedsAreSingleRuns: each of many runs ends with the bits of the run of its seed alone, on a slope too.
func TestSeedsAreSingleRuns(t *testing.T) {
	for _, args := range [][]string{
		{"quadruped", "--controller", "random", "--seconds", "0.5"},
		{"ant", "--slope", "10", "--seconds", "0.5"},
		{"cartpole", "--controller", "hold", "--seconds", "0.5"},
	} {
		x := manyJSON(t, append([]string{"--seeds", "5"}, args...)...)
		if len(x.Runs) != 5 || x.Asked != 5 || x.Failures != 0 {
			t.Fatalf("%v: %+v", args, x)
		}
		for i, r := range x.Runs {
			seed := []string{"1", "2", "3", "4", "5"}[i]
			one := simulateJSON(t, append([]string{"--seed", seed}, args...)...)
			if r.StateHash != *one.StateHash || r.Steps != *one.Steps || float64(r.EnergyLast) != *one.EnergyLast {
				t.Errorf("%v: seed %s ends in %s, alone in %s", args, seed, r.StateHash, *one.StateHash)
			}
		}
	}
}

// TestSweepIsSet: each run of a sweep is that of --set; without friction a block slides the way that it began with.
func TestSweepIsSet(t *testing.T) {
	dir := t.TempDir()
	table, picture := filepath.Join(dir, "runs.csv"), filepath.Join(dir, "runs.svg")
	x := manyJSON(t, "block", "--sweep", "block.friction = 0.1:0.5:3", "--seconds", "1", "--out", table, "--plot", picture)
	if len(x.Runs) != 3 || x.Parameter != "block.friction" {
		t.Fatalf("%+v", x)
	}
	rows := readTable(t, table)
	for i, v := range []string{"0.1", "0.3", "0.5"} {
		one := simulateJSON(t, "block", "--set", "block.friction="+v, "--seconds", "1")
		if r := x.Runs[i]; r.StateHash != *one.StateHash || math.Abs(float64(r.End[0])-one.FinalQ[0]) > 0 {
			t.Errorf("friction %s ends in %s, alone in %s", v, r.StateHash, *one.StateHash)
		}
		if got := rows[1+i]; got[len(got)-2] != *one.StateHash || rows[0][0] != "block.friction" {
			t.Errorf("the table has %v", got)
		}
	}
	if info, err := os.Stat(picture); err != nil || info.Size() < 5000 {
		t.Errorf("the picture: %v", err)
	}
	both := manyJSON(t, "block", "--sweep", "gravity.z=-9.81:-1.62:2", "--seeds", "3", "--seconds", "0.1", "--plot", picture)
	if len(both.Runs) != 6 || float64(*both.Runs[3].Value) != -1.62 || both.Runs[3].Seed != 1 || both.Runs[2].StateHash == both.Runs[5].StateHash {
		t.Errorf("%+v", both.Runs)
	}
	if _, out, _ := ukemi("simulate", "block", "--seeds", "4", "--seconds", "0.1", "--plot", picture); len(out) < 300 {
		t.Errorf("it says %q", out)
	}
}

// TestManyRunsFail: what did not converge is counted, said and told in its run.
func TestManyRunsFail(t *testing.T) {
	status, out, errs := ukemi("simulate", "rolling", "--seeds", "3", "--wall", "x=0.05,x=-0.05", "--json")
	var x manyRuns
	if err := json.Unmarshal([]byte(out), &x); err != nil {
		t.Fatal(err)
	}
	if status != 1 || x.Failures != 3 || x.Runs[1].Error == "" || x.Runs[1].Steps != 0 || !strings.HasSuffix(errs, "ukemi: 3 of 3 runs did not converge\n") {
		t.Errorf("status %d, %q: %+v", status, errs, x)
	}
}
