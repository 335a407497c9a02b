package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
)

// TestPanda learns from two thirds of the log and predicts the rest: better on every joint than the same equations without presliding
// and springs did when this was written, with bodies that are possible. Without the data it says so.
func TestPanda(t *testing.T) {
	dir := t.TempDir()
	plot, file := filepath.Join(dir, "panda.png"), filepath.Join(dir, "panda.urdf")
	var b bytes.Buffer
	err := run([]string{"-json", "-plot", plot, "-out", file}, &b)
	if errors.Is(err, errNoData) {
		t.Skipf("left out: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Error  []float64 `json:"torque_error_rms"`
		Result struct {
			Unknowable []any `json:"unknowable"`
			Base       struct {
				Combinations []any `json:"combinations"`
			} `json:"base"`
		} `json:"result"`
	}
	if err := json.Unmarshal(b.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	t.Logf("torque error of the last third (N m): %.3f", r.Error)
	for i, limit := range []float64{0.16, 0.29, 0.14, 0.23, 0.05, 0.02, 0.04} {
		if !(r.Error[i] <= limit) {
			t.Errorf("joint %d: %.3f N m, want at most %.3f", i+1, r.Error[i], limit)
		}
	}
	if n, u := len(r.Result.Base.Combinations), len(r.Result.Unknowable); n != 76 || u != 29 {
		t.Errorf("%d combinations and %d directions, want the 43 inertial ones of the arm and 33 of its joints, and 29", n, u)
	}
	if f, err := os.Stat(plot); err != nil || f.Size() < 20000 {
		t.Errorf("plot: %v", err)
	}
	written(t, file)
}

// written reads an arm that was written: it has possible bodies other than those of the file, and nothing to repair.
func written(t *testing.T, file string) {
	t.Helper()
	r, err := urdf.Load(file, urdf.Options{Base: urdf.FixedBase})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	least, err := leastEigenvalues(m)
	if err != nil {
		t.Fatal(err)
	}
	if least[0] <= 0 || len(m.Bodies()) != 7 || math.Abs(m.BodyInertia(3).Mass-3.587895) < 1e-3 || m.Joints()[3].Axes[0].Friction < 0.1 {
		t.Errorf("%v, %+v, %+v", least, m.BodyInertia(3), m.Joints()[3].Axes[0])
	}
}

// TestBadLogs: errors name the file and what is wrong with it.
func TestBadLogs(t *testing.T) {
	if err := run(nil, new(bytes.Buffer)); errors.Is(err, errNoData) {
		t.Skipf("left out: %v", err)
	}
	bad := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(bad, []byte("time,q1\n0,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-train", bad}, {"-test", bad}} {
		if err := run(args, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "bad.csv") || !strings.Contains(err.Error(), `"q2"`) {
			t.Errorf("%v: %v", args, err)
		}
	}
	if err := run([]string{"-train", "nowhere.csv"}, new(bytes.Buffer)); !errors.Is(err, errNoData) {
		t.Errorf("no file: %v", err)
	}
}
