package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// armText is an arm of two links on hinges, with a tool fixed to its end, a finger that the log does not know, and numbers to fill in.
const armText = `<robot name="arm"><link name="base"/>
<link name="upper"><inertial><origin xyz="%g 0 0.01"/><mass value="%g"/><inertia ixx="0.01" iyy="0.02" izz="0.02" ixy="0" ixz="0" iyz="0"/></inertial></link>
<link name="fore"><inertial><origin xyz="0.1 0.01 0"/><mass value="%g"/><inertia ixx="0.004" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial></link>
<link name="tool"><inertial><mass value="0.2"/><inertia ixx="0.0002" iyy="0.0002" izz="0.0002" ixy="0" ixz="0" iyz="0"/></inertial></link>
<link name="finger"><inertial><mass value="0.1"/><inertia ixx="0.0001" iyy="0.0001" izz="0.0001" ixy="0" ixz="0" iyz="0"/></inertial></link>
<joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/><axis xyz="0 1 0"/><limit lower="-3" upper="3" effort="80" velocity="4"/>%s</joint>
<joint name="elbow" type="revolute"><origin xyz="0.3 0 0" rpy="0.3 0 0"/><parent link="upper"/><child link="fore"/><axis xyz="0 1 0"/><limit lower="-3" upper="3" effort="40" velocity="4"/>%s</joint>
<joint name="weld" type="fixed"><origin xyz="0.25 0 0"/><parent link="fore"/><child link="tool"/></joint>
<joint name="grip" type="prismatic"><parent link="tool"/><child link="finger"/><axis xyz="0 1 0"/><limit lower="0" upper="0.04" effort="10" velocity="1"/></joint>
</robot>`

// writeArm writes the arm as its maker sees it, and returns the file.
func writeArm(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "arm.urdf")
	put(t, path, fmt.Sprintf(armText, 0.15, 2.0, 1.0, "", ""))
	return path
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// writeLog writes what is measured of the true arm: other masses, friction, an offset, noise.
func writeLog(t *testing.T, path string, seconds, late float64) {
	t.Helper()
	robot, err := urdf.Read(strings.NewReader(fmt.Sprintf(armText, 0.2, 2.5, 1.3,
		`<dynamics damping="0.8" friction="0.5"/>`, `<dynamics damping="0.3" friction="0.2"/>`)), "truth", urdf.Options{Base: urdf.FixedBase})
	if err != nil {
		t.Fatal(err)
	}
	robot.Builder.ChangeJoint("grip", func(j *sim.Joint) { j.Type, j.Axes = sim.JointType{}, nil })
	m, err := robot.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("time,elbow,shoulder,tau.elbow,tau.shoulder\n")
	rng, d, tau := rand.New(rand.NewPCG(1, 2)), m.NewInverse(), make([]float64, 2)
	for k := range int(seconds * 500) {
		s := float64(k)/500 + late
		q, v, a := make([]float64, 2), make([]float64, 2), make([]float64, 2)
		for i, w := range [][]float64{{1.1, 2.7, 4.3}, {1.7, 3.1, 5.3}} {
			for _, w := range w {
				q[i] += 0.5 * math.Sin(w*s)
				v[i] += 0.5 * w * math.Cos(w*s)
				a[i] -= 0.5 * w * w * math.Sin(w*s)
			}
		}
		if err := d.At(tau, q, v, a); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%.4f,%.8g,%.8g,%.8g,%.8g\n", s-late, q[1], q[0], tau[1]+0.05*rng.NormFloat64(), tau[0]+0.4+0.05*rng.NormFloat64())
	}
	put(t, path, text.String())
}

// fitJSON is the promised report, decoded by other code than that which wrote it.
type fitJSON struct {
	Method string
	Data   []string
	Errors []struct {
		Name    string
		Before  float64
		After   float64
		HeldOut *float64 `json:"held_out_after"`
	}
	Result struct {
		Status    string
		Notes     []string
		Estimates []struct {
			Name  string
			Value float64
		}
	}
	Notes     []string
	NotInFile []struct {
		Name  string
		Value float64
	} `json:"not_in_file"`
}

func runFit(t *testing.T, args ...string) (r fitJSON, text string) {
	t.Helper()
	status, out, errs := ukemi(append([]string{"fit", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &r); status != 0 || err != nil {
		t.Fatalf("fit %s: status %d, %v: %s%s", strings.Join(args, " "), status, err, out, errs)
	}
	return r, out
}

func (r *fitJSON) value(t *testing.T, name string) float64 {
	t.Helper()
	for _, e := range r.Result.Estimates {
		if e.Name == name {
			return e.Value
		}
	}
	t.Fatalf("%s was not found", name)
	return 0
}

// TestFitTorque: from a maker's arm and a log to the true friction and offset, and to a file that has what URDF has
// words for; the rest is named.
func TestFitTorque(t *testing.T) {
	dir := t.TempDir()
	robot, log := writeArm(t, dir), filepath.Join(dir, "log.csv")
	writeLog(t, log, 8, 0)
	out, picture := filepath.Join(dir, "fitted.urdf"), filepath.Join(dir, "fit.png")
	r, _ := runFit(t, robot, "--base", "fixed", "--data", log, "--hold-out", "0.3", "--lock", "grip", "--out", out, "--plot", picture)
	if r.Method != "torque" || len(r.Data) != 1 || !strings.Contains(r.Data[0], "5.598") {
		t.Errorf("%s from %s", r.Method, r.Data)
	}
	for name, want := range map[string]float64{"shoulder.damping": 0.8, "elbow.damping": 0.3, "shoulder.dry_friction": 0.5, "elbow.dry_friction": 0.2, "shoulder.offset": 0.4} {
		if v := r.value(t, name); math.Abs(v-want) > 0.05 {
			t.Errorf("%s is %.3f, in truth %.3f", name, v, want)
		}
	}
	for _, e := range r.Errors {
		if e.HeldOut == nil || *e.HeldOut > 0.12*e.Before || e.Before < 0.5 {
			t.Errorf("%s: torque off by %g before, %g after, kept apart %g", e.Name, e.Before, e.After, *e.HeldOut)
		}
	}
	missing := map[string]bool{}
	for _, u := range r.NotInFile {
		missing[u.Name] = true
	}
	for _, want := range []string{"shoulder.armature", "elbow.armature", "shoulder.offset", "elbow.offset"} {
		if !missing[want] {
			t.Errorf("%s is neither in the file nor named as missing: %v", want, r.NotInFile)
		}
	}
	if len(missing) != 4 {
		t.Errorf("missing in the file: %v", r.NotInFile)
	}
	back, err := urdf.Load(out, urdf.Options{Base: urdf.FixedBase})
	if err != nil {
		t.Fatal(err)
	}
	m, err := back.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	j, err := m.Joint("shoulder")
	if err != nil || j.Axes[0].Damping != r.value(t, "shoulder.damping") || j.Axes[0].Effort != 80 {
		t.Errorf("%v %+v", err, j.Axes)
	}
	if in := m.BodyInertia(0); !(in.Mass > 0) || in.Mass == 2.0 {
		t.Errorf("the upper arm has the maker's mass of %g kg", in.Mass)
	}
	said := strings.Join(r.Notes, "\n")
	for _, want := range []string{"joint grip is locked", "the mass of link tool is in that of fore", "the search starts with armature from 0.1"} {
		if !strings.Contains(said, want) {
			t.Errorf("no note says %q:\n%s", want, said)
		}
	}
	if info, err := os.Stat(picture); err != nil || info.Size() < 10000 {
		t.Errorf("the picture: %v", err)
	}
}

// TestFitFolder: of several logs the last are kept apart, and the table says what the JSON does.
func TestFitFolder(t *testing.T) {
	dir := t.TempDir()
	robot, logs := writeArm(t, dir), filepath.Join(dir, "logs")
	if err := os.Mkdir(logs, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		writeLog(t, filepath.Join(logs, fmt.Sprintf("%d.csv", i)), 3, float64(7*i))
	}
	status, out, errs := ukemi("fit", robot, "--base", "fixed", "--lock", "gr*", "--data", logs, "--hold-out", "0.3", "--params", "*.damping=0.01:5,*.dry_friction,upper.inertia,fore.inertia,shoulder.offset~0:1")
	if status != 0 || !strings.Contains(out, "0.csv, ") || !strings.Contains(out, "judged by "+filepath.Join(logs, "2.csv")) || !strings.Contains(out, "shoulder.offset") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

// TestFitMotion: friction, and a damping that the model does not have, from tables of simulate, to the last digits.
func TestFitMotion(t *testing.T) {
	dir := t.TempDir()
	log, picture := filepath.Join(dir, "toss.csv"), filepath.Join(dir, "toss.png")
	simulateJSON(t, "block", "--seconds", "1", "--friction", "0.3", "--out", log)
	r, _ := runFit(t, "block", "--data", log, "--params", "*.friction", "--hold-out", "0.3", "--plot", picture)
	if mu := r.value(t, "block.friction"); math.Abs(mu-0.3) > 1e-6 || r.Method != "simulate" {
		t.Errorf("%s finds friction %g, in truth 0.3", r.Method, mu)
	}
	for _, e := range r.Errors {
		if e.HeldOut == nil || *e.HeldOut > 1e-9 || e.After > 1e-9 || e.Before < 1e-3 {
			t.Errorf("%+v", e)
		}
	}
	if info, err := os.Stat(picture); err != nil || info.Size() < 10000 {
		t.Errorf("the picture: %v", err)
	}
	swing := filepath.Join(dir, "swing.csv")
	simulateJSON(t, "cartpole", "--seconds", "2", "--out", swing)
	r, _ = runFit(t, "cartpole", "--data", swing, "--params", "hinge.damping,pole.mass=0.05:0.2")
	if d, m := r.value(t, "hinge.damping"), r.value(t, "pole.mass"); d > 1e-6 || math.Abs(m-0.1) > 1e-6 {
		t.Errorf("damping %g and mass %g, in truth 0 and 0.1", d, m)
	}
	r, _ = runFit(t, "cartpole", "--data", swing, "--params", "cart.mass & pole.mass = 0.02:2", "--searches", "3")
	if len(r.Result.Estimates) != 1 || !strings.Contains(strings.Join(r.Result.Notes, " "), "best of 3 searches") {
		t.Errorf("one mass of both from three places: %+v", r.Result)
	}
}

// TestFitGaps: positions alone, at another rate than the steps, with a hole and a repeated row.
func TestFitGaps(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "swing.csv")
	simulateJSON(t, "pendulum", "--seconds", "4", "--timestep", "0.004", "--out", log)
	var text strings.Builder
	for i, row := range readTable(t, log) {
		if i > 300 && i < 360 {
			continue
		}
		fmt.Fprintf(&text, "%s,%s\n", row[0], row[1])
		if i == 200 {
			fmt.Fprintf(&text, "%s,%s\n", row[0], row[1])
		}
	}
	put(t, log, text.String())
	r, _ := runFit(t, "pendulum", "--data", log, "--params", "*.damping", "--timestep", "0.01")
	said := strings.Join(r.Notes, "\n")
	for _, want := range []string{"left out 1 sample whose instant repeats", "interpolated to every 10 ms; --timestep 0.004", "has no inputs"} {
		if !strings.Contains(said, want) {
			t.Errorf("no note says %q:\n%s", want, said)
		}
	}
	for _, e := range r.Result.Estimates {
		if !(e.Value < 0.01) {
			t.Errorf("%s is %g, in truth 0", e.Name, e.Value)
		}
	}
}

// badLogs writes tables with a mistake each, by what it is.
func badLogs(t *testing.T, dir, good string) func(string) string {
	t.Helper()
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	lines := func() []string { return strings.Split(strings.TrimSpace(string(text)), "\n") }
	write := func(name string, l []string) { put(t, filepath.Join(dir, name+".csv"), strings.Join(l, "\n")) }
	l := lines()
	l[41] = "0.08,NaN,0,0,0"
	write("nan", l)
	write("back", append(lines(), "0.5,0,0,0,0"))
	write("short", lines()[:6])
	l = lines()
	l[0] = "time,elbow,wrist,tau.elbow,tau.wrist"
	write("other", l)
	l = lines()
	l[7] = "0.012,1"
	write("ragged", l)
	return func(name string) string { return filepath.Join(dir, name+".csv") }
}

// TestFitBadInput: every mistake of a stranger is one sentence that names flag, file, row, column or joint.
func TestFitBadInput(t *testing.T) {
	dir := t.TempDir()
	robot, log := writeArm(t, dir), filepath.Join(dir, "log.csv")
	writeLog(t, log, 3, 0)
	bad := badLogs(t, dir, log)
	nan, back, short, other, ragged := bad("nan"), bad("back"), bad("short"), bad("other"), bad("ragged")
	motion := filepath.Join(dir, "motion.csv")
	simulateJSON(t, "pendulum", "--seconds", "0.5", "--out", motion)
	nobody := filepath.Join(dir, "empty")
	if err := os.Mkdir(nobody, 0o700); err != nil {
		t.Fatal(err)
	}
	arm := []string{robot, "--base", "fixed", "--lock", "grip", "--data"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "wants one model"},
		{[]string{robot}, "--data FILE|FOLDER"},
		{[]string{robot, "--data", filepath.Join(dir, "none.csv")}, "--data: stat"},
		{[]string{robot, "--data", nobody}, "no file ending in .csv"},
		{append(arm, nan), `nan.csv: row 42, column "elbow": "NaN" is no finite number`},
		{append(arm, back), "time runs backward"},
		{append(arm, short), "has 5 samples, want at least 20"},
		{append(arm, other), `there is no column "shoulder"`},
		{append(arm, other), `column "wrist" belongs to no joint`},
		{append(arm, ragged), "ragged.csv"},
		{append(arm, log, "--method", "simulate", "--params", "*.damping", "--hold-out", nan), `row 42, column "elbow"`},
		{append(arm, back, "--method", "simulate", "--params", "*.damping"), "row 1502: time runs backward, from 2.998 to 0.5 s"},
		{append(arm, short, "--method", "simulate", "--params", "*.damping"), "has 5 samples"},
		{append(arm, other, "--method", "simulate", "--params", "*.damping"), `there is no column "shoulder" of model "arm"; what did not move may be a constant column`},
		{[]string{robot, "--base", "fixed", "--data", log}, `there is no column "grip"`},
		{append(arm, log, "--params", "knee.damping"), `no parameter "knee.damping" (ukemi fit ROBOT --list lists all)`},
		{append(arm, log, "--params", "knee*.damping"), `no parameter of arm is like "knee*.damping"`},
		{append(arm, log, "--params", "elbow.damping=2:1"), `"elbow.damping=2:1": the bounds are crossed`},
		{append(arm, log, "--params", "elbow.damping=2:5"), "starts at 0.1, outside its bounds 2 … 5"},
		{append(arm, log, "--params", "elbow.damping=low:5"), `"low" is no number`},
		{append(arm, log, "--params", "elbow.damping~1"), "NAME~MEAN:STD"},
		{append(arm, log, "--params", "elbow.damping~1:0"), "has to be positive"},
		{append(arm, log, "--params", "elbow.damping,,"), "between two commas"},
		{append(arm, log, "--params", "elbow.damping & *.damping"), "without patterns"},
		{append(arm, log, "--params", "elbow.damping &"), "& stands between"},
		{append(arm, log, "--params", "elbow.damping & knee.damping"), `no parameter "knee.damping"`},
		{append(arm, log, "--searches", "3"), "--searches says nothing to --method torque"},
		{append(arm, log, "--searches", "0"), "--searches is 0"},
		{append(arm, log, "--params", "gravity.z"), "torques are not fitted by"},
		{append(arm, log, "--params", "upper.inertia,upper.mass"), "both set the inertia of a body"},
		{append(arm, log, "--params", "upper.lc_s12,elbow.damping"), "nothing that was measured depends on upper.lc_s12"},
		{append(arm, log, "--lock", "knee"), `no moving joint "knee"`},
		{append(arm, log, "--hold-out", "1.5"), "--hold-out is 1.5"},
		{append(arm, log, "--hold-out", "0.99"), "has no part of"},
		{append(arm, log, "--method", "guess"), `--method is "guess"`},
		{append(arm, log, "--window", "1"), "--window says nothing to --method torque"},
		{append(arm, log, "--cutoff", "-1"), "--cutoff is -1"},
		{append(arm, log, "--out", "x.xml"), "ending in .urdf"},
		{append(arm, log, "--plot", "x.pdf"), "ending in .png"},
		{[]string{"pendulum", "--data", motion, "--params", "*.damping", "--out", filepath.Join(dir, "p.urdf")}, "is not from a URDF file"},
		{[]string{"pendulum", "--data", motion, "--params", "*.damping, delay"}, "depends on delay"},
		{[]string{"pendulum", "--data", motion}, "--params says what is sought"},
		{[]string{"pendulum", "--data", motion, "--params", "*.damping", "--noise", "1"}, "--noise has 1 numbers"},
		{[]string{"pendulum", "--data", motion, "--params", "*.damping", "--kappa", "0"}, "--kappa is 0"},
		{[]string{"pendulum", "--data", motion, "--params", "timestep", "--cutoff", "3"}, "--cutoff says nothing"},
		{[]string{"cartpole", "--data", motion, "--params", "*.damping"}, `there is no column "track"`},
	} {
		status, _, errs := ukemi(append([]string{"fit"}, c.args...)...)
		if status != 1 || !strings.Contains(errs, c.want) || strings.Contains(errs, "panic") {
			t.Errorf("fit %s: status %d, %q, want it to say %q", strings.Join(c.args, " "), status, errs, c.want)
		}
	}
}

func TestFitList(t *testing.T) {
	status, out, errs := ukemi("fit", "cartpole", "--list")
	if status != 0 || !strings.Contains(out, "pole.mass") || !strings.Contains(out, "N m s/rad") || strings.Contains(out, "pole.fx") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	var rows []struct{ Name string }
	if _, out, _ := ukemi("fit", "cartpole", "--list", "--json"); json.Unmarshal([]byte(out), &rows) != nil || len(rows) < 40 {
		t.Errorf("as JSON: %s", out)
	}
}
