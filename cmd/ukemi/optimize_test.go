package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/show"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

func TestOptimizeList(t *testing.T) {
	status, out, errs := ukemi("optimize", "--list")
	for _, e := range task.All() {
		if status != 0 || !strings.Contains(out, e.Name) || !strings.Contains(out, e.Summary) {
			t.Errorf("%s is not listed: %s%s", e.Name, out, errs)
		}
	}
	var rows []struct{ Name, Summary string }
	if _, out, _ := ukemi("optimize", "--list", "--json"); json.Unmarshal([]byte(out), &rows) != nil || rows[len(rows)-1].Name != "mpc" {
		t.Errorf("as JSON: %s", out)
	}
}

// TestOptimizeReplays: the inputs that --json prints take the block to the goal, in a program that knows nothing of trajopt.
func TestOptimizeReplays(t *testing.T) {
	dir := t.TempDir()
	picture, page := filepath.Join(dir, "push.png"), filepath.Join(dir, "push.html")
	status, out, errs := ukemi("optimize", "push", "--json", "--plot", picture, "--html", page)
	var j struct {
		Status    string
		Reached   bool
		Kappa     float64
		Violation float64
		Inputs    [][]float64
		Q         [][]float64
		Names     []string `json:"input_names"`
		History   []struct{ Kappa float64 }
	}
	if err := json.Unmarshal([]byte(out), &j); status != 0 || err != nil || !j.Reached || j.Status != "converged" {
		t.Fatalf("status %d, %v: %s%s", status, err, out, errs)
	}
	mu := 0.5
	m, x, err := models.Load("driven_block", models.Options{Timestep: 0.1, Friction: &mu})
	if err != nil {
		t.Fatal(err)
	}
	models.PlaceAbove(m, x.Q, 0)
	if !slices.Equal(j.Names, m.Inputs()) || len(j.Q) != len(j.Inputs)+1 || j.History[0].Kappa != 1e-3 {
		t.Errorf("inputs %v, %d states for %d steps", j.Names, len(j.Q), len(j.Inputs))
	}
	st := m.NewStepper(sim.Options{Kappa: j.Kappa})
	for _, u := range j.Inputs {
		if _, err := st.Step(&x, x, u); err != nil {
			t.Fatal(err)
		}
	}
	if off := math.Abs(x.Q[0] - 1); !(off < 3e-3) || !(j.Violation < 3e-3) {
		t.Errorf("the block ends %g m from the goal, and the report says %g", off, j.Violation)
	}
	for _, f := range []string{picture, page} {
		if info, err := os.Stat(f); err != nil || info.Size() < 20000 {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// TestOptimizeKappa: hard contact alone finds no way, and --kappa and --gradient-kappa lead around it.
func TestOptimizeKappa(t *testing.T) {
	if status, out, errs := ukemi("optimize", "lift", "--kappa", "1e-2,1e-6"); status != 0 || !strings.Contains(out, "1e-06") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	if status, out, _ := ukemi("optimize", "lift", "--kappa", "1e-8"); status != 1 || !strings.Contains(out, "off by 1 from") {
		t.Errorf("status %d: %s", status, out)
	}
}

// TestOptimizeInterrupted: what was found so far is said and written.
func TestOptimizeInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	tsk, err := task.Find("swingup")
	if err != nil {
		t.Fatal(err)
	}
	var out stopper
	out.after, out.cancel = "        5   ", cancel
	c := &cobra.Command{}
	c.SetOut(&out)
	f := optimizeFlags{files: show.Files{Page: filepath.Join(t.TempDir(), "swing.html")}}
	err = search(ctx, c, "swingup", tsk, &f)
	if err == nil || !strings.Contains(err.Error(), "interrupted: this is the best so far") || !strings.Contains(out.String(), "canceled after") {
		t.Errorf("%v\n%s", err, &out)
	}
	if info, err := os.Stat(f.files.Page); err != nil || info.Size() < 20000 {
		t.Errorf("the page: %v", err)
	}
}

// stopper cancels when it is told something.
type stopper struct {
	bytes.Buffer
	after  string
	cancel func()
}

func (s *stopper) Write(p []byte) (int, error) {
	if strings.Contains(string(p), s.after) {
		s.cancel()
	}
	return s.Buffer.Write(p)
}

func TestOptimizeBalance(t *testing.T) {
	status, out, errs := ukemi("optimize", "mpc", "--json")
	var l []struct {
		Force     [3]float64
		Far, Tilt float64
		Stands    bool
		Decisions int
	}
	if err := json.Unmarshal([]byte(out), &l); err != nil || status != 0 || len(l) != 4 {
		t.Fatalf("status %d, %v: %s%s", status, err, out, errs)
	}
	for _, p := range l {
		if !p.Stands || p.Decisions != 130 || !(p.Far > 0.005 && p.Far < 0.2) {
			t.Errorf("%+v", p)
		}
	}
	if status, _, errs := ukemi("optimize", "mpc", "--seconds", "0.1"); status != 1 || !strings.Contains(errs, "does not stand") {
		t.Errorf("looked at too early: status %d, %s", status, errs)
	}
}
