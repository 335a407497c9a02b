package main

import (
	"bytes"
	"context"
	"encoding/json"
	stderrors "errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sysid"
)

// hasData skips a test without the tosses, and says so.
func hasData(t *testing.T) {
	t.Helper()
	if _, err := toss.Read(toss.Folder(""), 1); stderrors.Is(err, toss.ErrNone) {
		t.Skipf("left out: %v", err)
	}
}

// TestIdentify climbs with few tosses: the flights alone find the center of mass 4 to 8 mm off along z, and the model that fits
// best predicts tosses kept apart by a tenth better than the published cube.
func TestIdentify(t *testing.T) {
	hasData(t)
	plot := filepath.Join(t.TempDir(), "cube.png")
	var b bytes.Buffer
	if err := run(context.Background(), []string{"-limit", "12", "-json", "-plot", plot}, &b); err != nil {
		t.Fatal(err)
	}
	var r struct {
		Position float64 `json:"position_error_percent_mean"`
		Rotation float64 `json:"rotation_error_deg_mean"`
		Rungs    []struct {
			Found string
			Test  errors
			Fit   struct {
				Estimates []struct {
					Name  string
					Value float64
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	for _, g := range r.Rungs {
		t.Logf("%-30s %.2f %% %.2f°", g.Found, g.Test.Position, g.Test.Rotation)
	}
	if com := r.Rungs[2].Fit.Estimates[3]; com.Name != "core.lc_t3" || !(com.Value > 0.004 && com.Value < 0.008) {
		t.Errorf("flights find %s at %g m", com.Name, com.Value)
	}
	if first := r.Rungs[0].Test; !(r.Position < 0.9*first.Position) || !(r.Rotation < 0.9*first.Rotation) {
		t.Errorf("errors of %.2f %% and %.2f° are not 10 %% better than those of the published cube, %.2f %% and %.2f°", r.Position, r.Rotation, first.Position, first.Rotation)
	}
	if f, err := os.Stat(plot); err != nil || f.Size() < 20000 {
		t.Errorf("plot: %v", err)
	}
}

// TestCorners finds corners that start twice as far out, with few tosses: one corner hardly touches the board in them.
func TestCorners(t *testing.T) {
	hasData(t)
	var b bytes.Buffer
	if err := run(context.Background(), []string{"-corners", "-limit", "12", "-json"}, &b); err != nil {
		t.Fatal(err)
	}
	var r cornersReport
	if err := json.Unmarshal(b.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	t.Logf("friction %.3f, corners off by %.1f %% on average, %.1f %% at worst", r.Friction, r.Mean, r.Worst)
	if !(math.Abs(r.Friction-0.18) < 0.05) || !(r.Mean < 8) {
		t.Errorf("friction %g, corners off by %g %% on average", r.Friction, r.Mean)
	}
}

// TestCanceled: what a run that is interrupted has found so far is not lost.
func TestCanceled(t *testing.T) {
	hasData(t)
	d, err := load("", "", 4, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rungs, err := climb(ctx, d, func(step, of int, p sysid.Progress) {
		if step == 3 {
			cancel()
		}
	})
	if err != nil || len(rungs) != 3 || rungs[2].Fit.Status != sysid.Converged {
		t.Errorf("%d models, %v", len(rungs), err)
	}
}

// TestBadInput: mistakes are sentences that name the file and line.
func TestBadInput(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"extra"}, "unexpected argument"},
		{[]string{"-train", "x"}, "go together"},
		{[]string{"-limit", "-1"}, "want a number of tosses"},
		{[]string{"-train", t.TempDir(), "-test", "x"}, "no tosses"},
	} {
		if err := run(context.Background(), c.args, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.args, err, c.want)
		}
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("experiment.json", `{"dt": 0.0067, "g": 187, "inertia": 0.3, "mass": 0.37, "mu": 0.18}`)
	good := "0,0,3,1,0,0,0,0,0,0,0,0,0\n"
	for text, want := range map[string]string{
		good:                                   "0.csv: 1 samples, want at least 2",
		good + "0,0,NaN,1,0,0,0,0,0,0,0,0,0\n": "0.csv:2: column 3 is NaN",
		good + "0,0,3,1,1,0,0,0,0,0,0,0,0\n":   "0.csv:2: quaternion of length",
		good + "0,0,3\n":                       "0.csv",
	} {
		write("0.csv", text)
		if err := run(context.Background(), []string{"-train", dir, "-test", dir}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
