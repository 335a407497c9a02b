package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestMain lets the runner call this test as if it were the command.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "ukemi" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestRun measures ukemi in small scenes, beside an engine that cannot be installed, which is named.
func TestRun(t *testing.T) {
	missing := &program{"missing.c", []string{"nothing"}}
	p := plan{
		engines: []engine{
			{name: ukemi, parts: steps | gradients | batches | precision},
			{name: "missing", program: missing, parts: steps},
		},
		only: regexp.MustCompile("^(block_rest|chain10|a1_air)$"), rounds: 2, seconds: 0.001,
	}
	var said bytes.Buffer
	r, err := runPlan(p, t.TempDir(), "no such folder", &said)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"block_rest", "chain10"} {
		m := r.find(s, ukemi, "step")
		if m == nil || !(m.Least > 0) || m.Median < m.Least || m.DOF == 0 {
			t.Errorf("%s: %+v", s, m)
		}
	}
	for _, what := range []string{"step at samples", "step+jacobians", "step+vjp"} {
		if m := r.find("a1_air", ukemi, what); m == nil || !(m.Least > 0) {
			t.Errorf("%s: %+v", what, m)
		}
	}
	if m := r.find("block_rest", ukemi, "step"); m != nil && (m.Contacts < 3.9 || m.Contacts > 4.1) {
		t.Errorf("a block at rest touches with %g corners", m.Contacts)
	}
	if len(r.LeftOut) != 2 || !strings.Contains(r.LeftOut[0].Reason, "cannot be installed") || !strings.Contains(said.String(), "left out: missing") {
		t.Errorf("left out: %+v, said %s", r.LeftOut, &said)
	}
	p.only = regexp.MustCompile("^nothing$")
	if _, err := runPlan(p, t.TempDir(), "", io.Discard); err == nil {
		t.Error("a run of nothing passes")
	}
}

// TestRunWithoutData: robots of the optional data are named, not dropped.
func TestRunWithoutData(t *testing.T) {
	p := plan{engines: engines[:1], only: regexp.MustCompile("^(block_rest|atlas_drop)$"), rounds: 2, seconds: 0.001}
	r, err := runPlan(p, t.TempDir(), "no such folder", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := absence{"all engines", "atlas_drop", atlas + " is not among the data"}
	if len(r.LeftOut) != 1 || r.LeftOut[0] != want {
		t.Errorf("left out: %+v, want %+v", r.LeftOut, want)
	}
}

// TestUkemi: our side of batches and precision, whose scenes are too long for the test above.
func TestUkemi(t *testing.T) {
	s, err := findScene("fall_ant")
	if err != nil {
		t.Fatal(err)
	}
	s.long = 0.1
	w, err := build(s, timestep, "")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "scene")
	if err := w.write(file); err != nil {
		t.Fatal(err)
	}
	ask := func(what string) []report {
		var out bytes.Buffer
		if err := runUkemi(&out, what, file, 0.001); err != nil {
			t.Fatal(err)
		}
		r, err := parseReports(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := ask("batch"); len(r) != len(workerCounts) || r[1].What != "workers 2" || !(r[0].Bytes > 1000) || !(r[0].GradientBytes > 1000) {
		t.Errorf("batch: %+v", r)
	}
	r := ask("end")
	if len(r) != 1 || len(r[0].Positions) != 3*len(w.model.Joints()) {
		t.Fatalf("end: %+v", r)
	}
	// the free fall of 0.1 s is exact
	if fallen := w.start.Q[2] - r[0].Positions[2]; fallen < gravity*0.005-1e-6 || fallen > gravity*0.005+1e-6 {
		t.Errorf("the torso has fallen by %g m in 0.1 s", fallen)
	}
	if err := runUkemi(io.Discard, "nonsense", file, 1); err == nil {
		t.Error("nonsense is measured")
	}
}

func TestCall(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("no shell to play an engine")
	}
	r, err := call([]string{"/bin/sh", "-c", `echo '{"what":"step","us":[2,1],"version":"9"}'`})
	if err != nil || len(r) != 1 || r[0].Version != "9" || r[0].Us[1] != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	for script, want := range map[string]string{
		"true":                            "printed no report",
		"echo nonsense":                   "line 1 of its output",
		`echo '{"what":"step","us":[]}'`:  "has no times",
		`echo '{"us":[1]}'`:               "does not say what",
		`echo '{"what":"step","us":[0]}'`: "a time of 0 µs",
		"echo warning >&2; echo 'TypeError: no' >&2; echo last >&2; exit 3": "TypeError: no",
		"echo first >&2; echo last >&2; exit 3":                             "last",
	} {
		if _, err := call([]string{"/bin/sh", "-c", script}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", script, err, want)
		}
	}
	if err := explain(errors.New("exit status 1"), " \n"); err.Error() != "exit status 1" {
		t.Error(err)
	}
}
