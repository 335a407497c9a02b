package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
)

// ukemi runs the command and returns its exit status and what it said.
func ukemi(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(args, &out, &errs)
	return status, out.String(), errs.String()
}

func robots(t *testing.T) []string {
	t.Helper()
	return fixture.Data(t, "urdf/*.urdf")
}

// simulated is the promised report, decoded by other code than that which wrote it.
type simulated struct {
	Model          *string
	NQ, NV         *int
	Base           *string
	Bodies         *int
	Contacts       *int
	Timestep       *float64
	Kappa          *float64
	Steps          *int
	Failures       *int
	Halvings       *int
	IterationsMean *float64 `json:"iterations_mean"`
	IterationsMax  *int     `json:"iterations_max"`
	ContactsMean   *float64 `json:"contacts_mean"`
	ContactsMax    *int     `json:"contacts_max"`
	PairsMean      *float64 `json:"pairs_mean"`
	PairsMax       *int     `json:"pairs_max"`
	IslandsMean    *float64 `json:"islands_mean"`
	IslandsMax     *int     `json:"islands_max"`
	PenetrationMax *float64 `json:"penetration_max"`
	EnergyFirst    *float64 `json:"energy_first"`
	EnergyLast     *float64 `json:"energy_last"`
	WallSeconds    *float64 `json:"wall_seconds"`
	RealtimeFactor *float64 `json:"realtime_factor"`
	StateHash      *string  `json:"state_hash"`
	Finite         *bool
	FinalQ         []float64 `json:"final_q"`
	Warnings       []string
}

func simulateJSON(t *testing.T, args ...string) simulated {
	t.Helper()
	status, out, errs := ukemi(append([]string{"simulate", "--json"}, args...)...)
	if status != 0 {
		t.Fatalf("simulate %s: status %d: %s", strings.Join(args, " "), status, errs)
	}
	var s simulated
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return s
}

// readTable returns the header and the lines of a CSV file.
func readTable(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func checkRun(t *testing.T, s simulated, steps int) {
	t.Helper()
	deepest := 1e-9              // m
	if *s.Model == "turntable" { // whose block tips over a rim, see TestZooRuns of models
		deepest = 5e-6
	}
	if *s.Steps != steps || *s.Failures != 0 || !*s.Finite || !(*s.PenetrationMax >= 0) || *s.PenetrationMax > deepest || len(s.FinalQ) != *s.NQ {
		t.Errorf("steps %d, failures %d, finite %v, penetration %g, %d coordinates", *s.Steps, *s.Failures, *s.Finite, *s.PenetrationMax, len(s.FinalQ))
	}
	t.Logf("%-22s bodies %2d  dof %2d  contacts %3d  halvings %d  iterations %5.2f mean %3d max  %7.1f × real time",
		*s.Model, *s.Bodies, *s.NV, *s.Contacts, *s.Halvings, *s.IterationsMean, *s.IterationsMax, *s.RealtimeFactor)
}

func TestSimulateZoo(t *testing.T) {
	for _, e := range models.All() {
		for _, c := range []string{"none", "hold", "random"} {
			t.Run(e.Name+"/"+c, func(t *testing.T) {
				checkRun(t, simulateJSON(t, e.Name, "--controller", c), 200)
			})
		}
	}
}

func TestSimulateRealRobots(t *testing.T) {
	for _, path := range robots(t) {
		for _, c := range []string{"none", "hold"} {
			t.Run(filepath.Base(path)+"/"+c, func(t *testing.T) {
				checkRun(t, simulateJSON(t, path, "--seconds", "0.5", "--repair", "--controller", c), 50)
			})
		}
	}
}

// TestReportKeys pins the keys of the report: scripts rely on them.
func TestReportKeys(t *testing.T) {
	_, out, _ := ukemi("simulate", "block", "--seconds", "0.1", "--json")
	var m map[string]any
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"base", "bodies", "contacts", "contacts_max", "contacts_mean", "energy_first", "energy_last", "failures", "final_q", "finite", "halvings",
		"islands_max", "islands_mean", "iterations_max", "iterations_mean", "kappa", "model", "nq", "nv", "pairs_max", "pairs_mean", "penetration_max", "realtime_factor", "state_hash", "steps", "timestep", "wall_seconds", "warnings",
	}
	var got []string
	for k := range m {
		got = append(got, k)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("keys %v, want %v", got, want)
	}
}

func TestSameCommandSameBits(t *testing.T) {
	for _, args := range [][]string{
		{"quadruped", "--controller", "hold", "--seed", "3"},
		{"quadruped:12", "--controller", "random", "--seed", "4", "--seconds", "1"},
		{"ant", "--controller", "random"},
	} {
		a, b := simulateJSON(t, args...), simulateJSON(t, args...)
		if *a.StateHash != *b.StateHash || len(*a.StateHash) != 16 {
			t.Errorf("%v: %s, then %s", args, *a.StateHash, *b.StateHash)
		}
		last := len(args) - 1
		other := append(slices.Clone(args[:last]), "0.5")
		if args[last-1] != "--seconds" {
			other = append(slices.Clone(args), "--seed", "99")
		}
		if c := simulateJSON(t, other...); *c.StateHash == *a.StateHash {
			t.Errorf("%v and %v end in the same state", args, other)
		}
	}
}

// TestFailedStep: a ball between walls nearer than its size stops the run, which says so everywhere and still reports.
func TestFailedStep(t *testing.T) {
	dir := t.TempDir()
	picture := filepath.Join(dir, "run.png")
	status, out, errs := ukemi("simulate", "rolling", "--wall", "x=0.05,x=-0.05", "--json", "--plot", picture, "--out", filepath.Join(dir, "run.csv"))
	var s simulated
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if status != 1 || *s.Failures != 1 || *s.Steps != 0 || !strings.Contains(errs, "step 1 ") {
		t.Errorf("status %d, %d failures after %d steps, %q", status, *s.Failures, *s.Steps, errs)
	}
	if info, err := os.Stat(picture); err != nil || info.Size() == 0 {
		t.Errorf("picture: %v, %v", info, err)
	}
	if status, out, _ := ukemi("simulate", "rolling", "--wall", "x=0.05,x=-0.05"); status != 1 || !strings.Contains(out, "STOPPED: step 1 did not converge") {
		t.Errorf("status %d: %s", status, out)
	}
}

// TestDivideImpacts: a block that falls flat from half a meter hits the ground within one step, and with --divide-impacts that step is divided; the report
// counts it. The middles of its corners' paths are those of the fall, so the state of that step differs from the one taken whole.
func TestDivideImpacts(t *testing.T) {
	run := func(args ...string) (r report, text string) {
		args = append([]string{"simulate", "block", "--height", "0.5", "--seconds", "0.5"}, args...)
		_, text, _ = ukemi(args...)
		_, out, _ := ukemi(append(args, "--json")...)
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		return r, text
	}
	whole, text := run()
	if whole.Impacts != 0 || strings.Contains(text, "divided at an impact") {
		t.Errorf("%d impacts without the flag: %s", whole.Impacts, text)
	}
	divided, text := run("--divide-impacts")
	if divided.Impacts != 1 || divided.Failures != 0 || divided.StateHash == whole.StateHash || !strings.Contains(text, "1 step divided at an impact") {
		t.Errorf("%d impacts, %d failures, hash %s (whole %s): %s", divided.Impacts, divided.Failures, divided.StateHash, whole.StateHash, text)
	}
}

// TestKappaZero: the block ends on the ground, not above it, and the report says how hard contact was.
func TestKappaZero(t *testing.T) {
	_, out, _ := ukemi("simulate", "block", "--kappa", "0", "--json")
	var r report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	soft := simulateJSON(t, "block")
	if r.Kappa != 0 || r.Unpolished != 0 || r.Failures != 0 || r.PenetrationMax > 1e-12 {
		t.Errorf("%+v", r)
	}
	if sunk := soft.FinalQ[2] - float64(r.FinalQ[2]); !(math.Abs(sunk-1e-5) < 1e-8) {
		t.Errorf("the block rests %g m lower than at κ = 1e-5, want the gap 4κℓ = 1e-5", sunk)
	}
	if status, out, _ := ukemi("simulate", "quadruped", "--kappa", "0", "--seconds", "1"); status != 0 || !strings.Contains(out, "κ = 0") || !strings.Contains(out, "stayed at κ = 1e-10") {
		t.Errorf("status %d: %s", status, out)
	}
}

// TestFrictionReachesFiles: the loader reads a coefficient of 0 as its default, the command must not.
func TestFrictionReachesFiles(t *testing.T) {
	path := write(t, "puck.urdf", `<robot name="puck"><link name="puck"><inertial><mass value="1"/>
<inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>
<collision><geometry><box size="0.2 0.2 0.2"/></geometry></collision></link></robot>`)
	// the seed gives the puck a push; without friction it keeps some of it
	fastest := func(mu string) float64 {
		out := filepath.Join(t.TempDir(), "run.csv")
		simulateJSON(t, path, "--friction", mu, "--seed", "5", "--height", "0", "--seconds", "2", "--out", out)
		rows := readTable(t, out)
		v := 0.0
		for i, name := range rows[0] {
			if name == "v.floating_base.x" || name == "v.floating_base.y" {
				x, err := strconv.ParseFloat(rows[len(rows)-1][i], 64)
				if err != nil {
					t.Fatal(err)
				}
				v = math.Hypot(v, x)
			}
		}
		return v
	}
	if slides, rests := fastest("0"), fastest("0.8"); slides < 0.01 || rests > 1e-3 {
		t.Errorf("after 2 s the puck slides at %g m/s without friction and at %g m/s with it", slides, rests)
	}
}

func TestHoldHolds(t *testing.T) {
	s := simulateJSON(t, "quadruped", "--controller", "hold", "--seconds", "3")
	if z := s.FinalQ[2]; z < 0.2 || z > 0.3 {
		t.Errorf("the trunk ends at %g m, want it standing", z)
	}
	for i, want := range []float64{0, 0.9, -1.8} {
		for leg := range 4 {
			if q := s.FinalQ[7+3*leg+i]; math.Abs(q-want) > models.Sag {
				t.Errorf("joint %d of leg %d gave way to %g, want %g ± %g", i, leg, q, want, models.Sag)
			}
		}
	}
}

func TestHeight(t *testing.T) {
	for _, h := range []float64{0, 0.25} {
		a := simulateJSON(t, "sphere", "--height", strconv.FormatFloat(h, 'g', -1, 64), "--seconds", "0.01")
		if z := a.FinalQ[2]; math.Abs(z-0.5-h) > 2e-3 {
			t.Errorf("height %g: the ball's center is at %g after one step", h, z)
		}
	}
}

func TestCSVReplays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.csv")
	s := simulateJSON(t, "quadruped", "--seconds", "0.5", "--out", path)
	rows := readTable(t, path)
	if len(rows) != 52 {
		t.Fatalf("%d lines, want a header and 51 instants", len(rows))
	}
	head := rows[0]
	if head[0] != "time" || head[1] != "floating_base.x" || head[4] != "floating_base.qw" || head[8] != "FR_hip_joint" || head[20] != "v.floating_base.x" {
		t.Errorf("header %v", head)
	}
	if n := 1 + 19 + 18 + 4 + 2*12 + 6*13; len(head) != n {
		t.Errorf("%d columns, want %d", len(head), n)
	}
	for i, want := range s.FinalQ {
		if got, err := strconv.ParseFloat(rows[51][1+i], 64); err != nil || got != want {
			t.Errorf("%s: %v (%v), the report has %v", head[1+i], got, err, want)
		}
	}
}

func TestPicture(t *testing.T) {
	for _, model := range []string{"quadruped", "block", "cartpole", "chain:40"} {
		path := filepath.Join(t.TempDir(), "run.png")
		simulateJSON(t, model, "--seconds", "0.3", "--plot", path)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", model, err)
		}
		if b := img.Bounds(); b.Dx() < 1000 || b.Dy() < 500 {
			t.Errorf("%s: the picture has %d × %d pixels", model, b.Dx(), b.Dy())
		}
	}
}

func TestInspect(t *testing.T) {
	status, out, errs := ukemi("inspect", "quadruped", "--json")
	if status != 0 {
		t.Fatal(errs)
	}
	var x struct {
		Tree []struct {
			Body     string
			Children []any
		}
		Masses    []struct{ Mass float64 }
		TotalMass float64 `json:"total_mass"`
		NQ, NV    int
		Warnings  []string
	}
	if err := json.Unmarshal([]byte(out), &x); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, m := range x.Masses {
		sum += m.Mass
	}
	if len(x.Tree) != 1 || len(x.Tree[0].Children) != 4 || x.NQ != 19 || x.NV != 18 || math.Abs(sum-x.TotalMass) > 1e-9 || x.Warnings == nil {
		t.Errorf("%+v", x)
	}
	for _, path := range robots(t) {
		if status, out, errs := ukemi("inspect", path, "--repair", "--json"); status != 0 || !json.Valid([]byte(out)) {
			t.Errorf("inspect %s: %s", filepath.Base(path), errs)
		}
		if status, _, errs := ukemi("inspect", path, "--repair"); status != 0 {
			t.Errorf("inspect %s: %s", filepath.Base(path), errs)
		}
	}
}

func TestModels(t *testing.T) {
	status, out, _ := ukemi("models")
	for _, e := range models.All() {
		if status != 0 || !strings.Contains(out, e.Name) {
			t.Errorf("%s is not listed (status %d)", e.Name, status)
		}
	}
}

func TestBenchRobustness(t *testing.T) {
	status, out, errs := ukemi("bench", "robustness", "--steps", "600")
	if status != 0 || !strings.Contains(out, "quadruped") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	if status, out, errs = ukemi("bench", "robustness", "--only", "box:0.01:1e-06:0"); status != 0 {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}
