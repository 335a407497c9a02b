package main

import (
	"archive/zip"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// recorded simulates a held robot and returns its recording and its table.
func recorded(t *testing.T, args ...string) (run, table string) {
	t.Helper()
	dir := t.TempDir()
	run, table = filepath.Join(dir, "run.ukemi"), filepath.Join(dir, "run.csv")
	simulateJSON(t, append(args, "--record", run, "--out", table, "--columns", "*")...)
	return run, table
}

// TestRecordingIsTheRun: the table that is exported of a recording is the one that was written during the run, to the last bit; what
// drives and joints did is not in it and is found again.
func TestRecordingIsTheRun(t *testing.T) {
	for _, args := range [][]string{
		{"quadruped", "--controller", "hold", "--seconds", "0.5", "--set", "trunk.mass=7"},
		{"ant", "--controller", "random", "--seconds", "0.5", "--slope", "5"},
		{"stack", "--seconds", "0.3"},
	} {
		run, table := recorded(t, args...)
		again := filepath.Join(t.TempDir(), "again.csv")
		if status, out, errs := ukemi("export", run, "--out", again, "--columns", "*"); status != 0 || !strings.Contains(out, "rows of") {
			t.Fatalf("export: status %d: %s%s", status, out, errs)
		}
		a, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(again); err != nil || string(a) != string(b) {
			t.Errorf("%v: the tables differ, %v", args, err)
		}
		if status, out, errs := ukemi("compare", run, table); status != 0 || !strings.Contains(out, "no difference above 0") {
			t.Errorf("%v: compare: status %d: %s%s", args, status, out, errs)
		}
		if status, out, errs := ukemi("replay", run, "--verify"); status != 0 || !strings.Contains(out, "every state has the same bits") {
			t.Errorf("%v: replay: status %d: %s%s", args, status, out, errs)
		}
		var x replayed
		_, out, _ := ukemi("replay", run, "--json")
		if err := json.Unmarshal([]byte(out), &x); err != nil || x.Verified != nil || x.Steps == 0 || x.StateHash == "" {
			t.Errorf("%v: %s, %v", args, out, err)
		}
	}
}

// TestReplayTellsOtherBits: a recording whose state was changed is not verified.
func TestReplayTellsOtherBits(t *testing.T) {
	run, _ := recorded(t, "block", "--seconds", "0.2")
	r, err := loadRecording(run)
	if err != nil {
		t.Fatal(err)
	}
	r.States[7].Q[0] = math.Nextafter(r.States[7].Q[0], 9)
	f, err := os.Create(run)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Save(f); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if status, out, errs := ukemi("replay", run, "--verify"); status != 1 || !strings.Contains(out, "NOT verified") || !strings.Contains(errs, "at step 6") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

// TestRecordingIsSeen: pictures, pages and a start of a recording, without a model.
func TestRecordingIsSeen(t *testing.T) {
	run, table := recorded(t, "ant", "--seconds", "0.5")
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.png"), filepath.Join(dir, "two.png")
	for path, args := range map[string][]string{one: {run}, two: {table, "--model", "ant"}} {
		if status, _, errs := ukemi(append([]string{"render", "--no-text", "--size", "320x200", "--out", path}, args...)...); status != 0 {
			t.Fatalf("render %v: %s", args, errs)
		}
	}
	a, _ := os.ReadFile(one)
	if b, err := os.ReadFile(two); err != nil || len(a) == 0 || string(a) != string(b) {
		t.Errorf("the pictures differ, %v", err)
	}
	if status, _, errs := ukemi("view", run, "--html", filepath.Join(dir, "run.html")); status != 0 {
		t.Errorf("view: %s", errs)
	}
	if r, err := (&runFlags{}).readRecording(t.Context(), run, 0); err != nil || r.options.Kappa != sim.DefaultKappa ||
		!r.frames[5].Knows(scene.KnownForces|scene.KnownContacts|scene.KnownInput) || len(r.frames[5].Wrenches) != r.model.NB() {
		t.Errorf("what drives and joints did is not there for pages and the window: %v", err)
	}
	if status, _, errs := ukemi("render", run, "--model", "ant", "--out", one); status != 1 || !strings.Contains(errs, "holds its model") {
		t.Errorf("status %d: %s", status, errs)
	}
	full := simulateJSON(t, "ant", "--seconds", "0.5")
	if on := simulateJSON(t, "ant", "--start", run+":20", "--seconds", "0.3"); *on.StateHash != *full.StateHash {
		t.Errorf("from state 20 it ends in %s, was %s", *on.StateHash, *full.StateHash)
	}
	if status, _, errs := ukemi("simulate", "block", "--start", run); status != 1 || !strings.Contains(errs, "of another model, ant") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// TestPlotOfAFile draws recordings and tables, those of others too.
func TestPlotOfAFile(t *testing.T) {
	run, table := recorded(t, "ant", "--controller", "random", "--seconds", "0.2")
	dir := t.TempDir()
	log := write(t, "log.csv", "t,temperature\n0,20\n1,21\n2,NaN\n")
	for i, args := range [][]string{
		{run}, {run, "--signals", "tau.*"}, {table}, {table, "--signals", "v.*,energy.total"}, {log},
	} {
		path := filepath.Join(dir, string(rune('a'+i))+".png")
		status, out, errs := ukemi(append([]string{"plot", "--out", path}, args...)...)
		if info, err := os.Stat(path); status != 0 || err != nil || info.Size() < 5000 || !strings.Contains(out, "diagram") {
			t.Errorf("plot %v: status %d, %v: %s%s", args, status, err, out, errs)
		}
	}
}

// TestCompare: the first difference, the largest ones, what only one has, and other times.
func TestCompare(t *testing.T) {
	dir := t.TempDir()
	a := write(t, "a.csv", "time,x,y,only\n0,1,NaN,5\n1,2,20,5\n2,3,30,5\n")
	b := write(t, "b.csv", "y,time,x\n10,0,1\n20.5,1,2\n28,2,3\n")
	var runs []string
	for _, name := range []string{"block", "sphere"} {
		runs = append(runs, filepath.Join(dir, name+".ukemi"))
		if status, _, errs := ukemi("simulate", name, "--seconds", "0.05", "--record", runs[len(runs)-1]); status != 0 {
			t.Fatal(errs)
		}
	}
	if status, out, errs := ukemi("compare", runs[0], runs[1]); status != 1 || !strings.Contains(errs, "A is a run of block, B of sphere") || strings.Contains(out, "Inf") || !strings.Contains(out, "both constant") {
		t.Errorf("two models: status %d, %q, %s", status, errs, out)
	}
	if _, _, errs := ukemi("compare", runs[0], runs[0]); errs != "" {
		t.Errorf("a run and itself: %q", errs)
	}
	picture := filepath.Join(dir, "c.png")
	status, out, _ := ukemi("compare", a, b, "--json", "--plot", picture)
	var x comparison
	if err := json.Unmarshal([]byte(out), &x); err != nil {
		t.Fatal(err)
	}
	if status != 1 || x.Columns != 2 || x.Instants != 3 || x.Resampled || x.Unknown != 1 || !slices.Equal(x.OnlyA, []string{"only"}) || len(x.OnlyB) != 0 {
		t.Errorf("status %d: %+v", status, x)
	}
	if x.First == nil || *x.First != (difference{1, "y", 20, 20.5}) {
		t.Errorf("the first difference is %+v", x.First)
	}
	if m := x.Largest[0]; m.Column != "y" || m.Largest != 2 || m.At != 2 || math.Abs(float64(m.RMS)-math.Sqrt((0.25+4)/3)) > 1e-12 || math.Abs(float64(m.Share)-0.2) > 1e-12 {
		t.Errorf("the largest is %+v", m)
	}
	if info, err := os.Stat(picture); err != nil || info.Size() < 5000 {
		t.Errorf("the picture: %v", err)
	}
	if status, _, errs := ukemi("compare", a, b, "--tolerance", "2"); status != 0 {
		t.Errorf("within the tolerance: status %d, %s", status, errs)
	}
	half := write(t, "half.csv", "time,x\n0.5,1.5\n1.5,2.5\n9,9\n")
	if status, out, _ := ukemi("compare", half, b); status != 0 || !strings.Contains(out, "1 column at 2 instants, B interpolated") {
		t.Errorf("other times: status %d: %s", status, out)
	}
	if status, _, errs := ukemi("compare", write(t, "c.csv", "time,z\n0,1\n"), b); status != 1 || !strings.Contains(errs, "no column in common") {
		t.Errorf("status %d: %s", status, errs)
	}
	if status, _, errs := ukemi("compare", write(t, "d.csv", "time,x\n7,1\n"), b); status != 1 || !strings.Contains(errs, "no time in common") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// TestNPZ reads the archive as numpy.lib.format describes it.
func TestNPZ(t *testing.T) {
	run, table := recorded(t, "block", "--seconds", "0.1")
	path := filepath.Join(t.TempDir(), "run.npz")
	if status, _, errs := ukemi("export", run, "--out", path); status != 0 {
		t.Fatal(errs)
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	rows := readTable(t, table)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || string(b[:8]) != "\x93NUMPY\x01\x00" {
			t.Fatalf("%s begins with %q, %v", f.Name, b[:8], err)
		}
		n := int(binary.LittleEndian.Uint16(b[8:]))
		if text := string(b[10 : 10+n]); (10+n)%64 != 0 || text[n-1] != '\n' || !strings.Contains(text, "'shape': (11,)") {
			t.Errorf("%s: header %q", f.Name, text)
		}
		for k, want := range column(t, rows, strings.TrimSuffix(f.Name, ".npy")) {
			if got := math.Float64frombits(binary.LittleEndian.Uint64(b[10+n+8*k:])); got != want && !(got != got && want != want) {
				t.Errorf("%s[%d] is %g, want %g", f.Name, k, got, want)
			}
		}
	}
	if len(z.File) < 20 {
		t.Errorf("%d arrays", len(z.File))
	}
}

// TestFitOfATableWithInputs: the gap that was: a robot that is driven can be fitted from what simulate wrote of it.
func TestFitOfATableWithInputs(t *testing.T) {
	table := filepath.Join(t.TempDir(), "swing.csv")
	simulateJSON(t, "cartpole", "--controller", "random", "--seed", "2", "--seconds", "2", "--out", table)
	r, _ := runFit(t, "cartpole", "--data", table, "--params", "pole.mass=0.05:0.5")
	if m := r.value(t, "pole.mass"); math.Abs(m-0.1) > 1e-6 || r.Method != "simulate" {
		t.Errorf("%s finds %g kg, in truth 0.1", r.Method, m)
	}
}

// TestStandardInput: a table goes from one command to the next without a file.
func TestStandardInput(t *testing.T) {
	_, table := recorded(t, "ant", "--seconds", "0.2")
	old := os.Stdin
	defer func() { os.Stdin = old }()
	for _, args := range [][]string{
		{"plot", "-", "--out", filepath.Join(t.TempDir(), "x.png")},
		{"compare", "-", table},
		{"render", "-", "--model", "ant", "--size", "64x36", "--out", filepath.Join(t.TempDir(), "y.png")},
		{"export", "-", "--out", "-", "--columns", "energy.*"},
	} {
		f, err := os.Open(table)
		if err != nil {
			t.Fatal(err)
		}
		os.Stdin = f
		if status, _, errs := ukemi(args...); status != 0 {
			t.Errorf("%v: status %d: %s", args, status, errs)
		}
		f.Close()
	}
}

// TestRecordingOfAnotherModelStartsByName: the legs of one robot were those of the other, since both have as many numbers, without a word.
func TestRecordingOfAnotherModelStartsByName(t *testing.T) {
	run, _ := recorded(t, "quadruped", "--seconds", "0.01", "--q", "FR_hip_joint=0.1,RL_calf_joint=-1.2")
	table := filepath.Join(t.TempDir(), "go2.csv")
	status, _, errs := ukemi("simulate", "go2", "--start", run+":0", "--seconds", "0.01", "--out", table)
	if status != 0 {
		t.Fatal(errs)
	}
	rows := readTable(t, table)
	for name, want := range map[string]float64{"FR_hip_joint": 0.1, "FL_hip_joint": 0, "RL_calf_joint": -1.2, "v.FL_hip_joint": 0} {
		if got, err := strconv.ParseFloat(rows[1][slices.Index(rows[0], name)], 64); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s starts at %g, want %g, %v", name, got, want, err)
		}
	}
	if _, out, _ := ukemi("simulate", "go2", "--start", run, "--seconds", "0.01"); !strings.Contains(out, "another model, quadruped") {
		t.Errorf("not a word that the recording is of another model: %s", out)
	}
	if status, _, errs := ukemi("simulate", "block", "--start", run, "--seconds", "0.01"); status != 1 || !strings.Contains(errs, "another model, quadruped") {
		t.Errorf("a block starts as a quadruped: status %d, %s", status, errs)
	}
}
