package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// prepared returns the world of a command line as simulate makes it.
func prepared(t *testing.T, args ...string) (*world, *sim.Stepper, sim.Controller) {
	t.Helper()
	var f simulateFlags
	var c cobra.Command
	f.add(&c, 2, "none", "")
	if err := c.ParseFlags(args[1:]); err != nil {
		t.Fatal(err)
	}
	if err := f.check(); err != nil {
		t.Fatal(err)
	}
	w, st, ctrl, err := f.prepare(args[0])
	if err != nil {
		t.Fatal(err)
	}
	return w, st, ctrl
}

// column returns a column of a table as numbers.
func column(t *testing.T, rows [][]string, name string) []float64 {
	t.Helper()
	i := slices.Index(rows[0], name)
	if i < 0 {
		t.Fatalf("there is no column %q in %q", name, rows[0])
	}
	var l []float64
	for _, r := range rows[1:] {
		x, err := strconv.ParseFloat(r[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		l = append(l, x)
	}
	return l
}

// TestSlope: the start keeps its place on the ground, and a block slides where the angle is steeper than that of friction, with the
// acceleration g (sin a − μ cos a).
func TestSlope(t *testing.T) {
	flat, _, _ := prepared(t, "quadruped")
	tilted, st, _ := prepared(t, "quadruped", "--slope", "20")
	planes, _ := tilted.model.HalfSpaces()
	if n := planes[0].Normal; math.Abs(n.X-math.Sin(20*math.Pi/180)) > 1e-12 || n.Z < 0 {
		t.Errorf("the normal is %v", n)
	}
	low, _ := models.Lowest(flat.model, flat.start.Q)
	if _, d := st.Deepest(tilted.start.Q); d != 0 {
		t.Errorf("the start is %g m in the ground", d)
	}
	at := r3.Vec{X: tilted.start.Q[0], Y: tilted.start.Q[1], Z: tilted.start.Q[2]}
	if h := r3.Dot(planes[0].Normal, at); math.Abs(h-flat.start.Q[2]) > 1e-12 || low < 0.01 {
		t.Errorf("the trunk starts %g m above the slope, and %g m above the plain", h, flat.start.Q[2])
	}
	for mu, slides := range map[string]bool{"0.3": true, "0.4": false} {
		out := filepath.Join(t.TempDir(), "run.csv")
		simulateJSON(t, "block", "--ground-pose", "2,0,20", "--q", "free.z=0.2500001,free.qw=1,free.qx=0,free.qy=0,free.qz=0", "--friction", mu, "--set", "gravity.z=-9.81", "--out", out, "--seconds", "1", "--kappa", "1e-8")
		x := column(t, readTable(t, out), "free.x")
		v := column(t, readTable(t, out), "v.free.x")
		if moved := v[len(v)-1] - v[len(v)/2]; (moved > 0.1) != slides {
			t.Errorf("μ = %s: between the middle and the end the block gets faster by %g m/s, from %g to %g m", mu, moved, x[0], x[len(x)-1])
		}
	}
}

// TestGroundIsMoved up, and a wall is hit.
func TestGroundIsMoved(t *testing.T) {
	w, _, _ := prepared(t, "block", "--ground-pose", "1.5", "--wall", "x=0.6,y=-2", "--gravity", "1.62")
	if low, _ := models.Lowest(w.model, w.start.Q); low < 1.5 {
		t.Errorf("the block starts at %g m", low)
	}
	planes, names := w.model.HalfSpaces()
	if len(planes) != 3 || names[1] != "wall1" || planes[1].Normal.X != -1 || planes[1].Offset != -0.6 || planes[2].Normal.Y != 1 || planes[2].Offset != -2 {
		t.Errorf("%v %+v", names, planes)
	}
	if g := w.model.Gravity(); g != (r3.Vec{Z: -1.62}) {
		t.Errorf("gravity is %v", g)
	}
}

// TestStartOfJoints: named joints and those of a pattern, followers with them, and the feet where they were.
func TestStartOfJoints(t *testing.T) {
	w, _, _ := prepared(t, "quadruped", "--q", "FR_hip_joint=0.1, *_calf_joint=-1.2")
	flat, _, _ := prepared(t, "quadruped")
	for _, j := range w.model.Joints() {
		want := flat.start.Q[j.Q]
		switch {
		case j.Name == "FR_hip_joint":
			want = 0.1
		case strings.HasSuffix(j.Name, "_calf_joint"):
			want = -1.2
		}
		if j.NQ == 1 && w.start.Q[j.Q] != want {
			t.Errorf("%s starts at %g, want %g", j.Name, w.start.Q[j.Q], want)
		}
	}
	was, _ := models.Lowest(flat.model, flat.start.Q)
	if low, _ := models.Lowest(w.model, w.start.Q); math.Abs(low-was) > 1e-12 || w.start.Q[2] < flat.start.Q[2]+0.01 {
		t.Errorf("straighter legs: the lowest point is at %g m, was at %g; the trunk at %g m", low, was, w.start.Q[2])
	}
	m := contraption(t)
	x := m.NewState()
	set, err := setCoordinates(m, x.Q, "hinge=0.01")
	if err != nil {
		t.Fatal(err)
	}
	follow(m, &x, set)
	if j, _ := m.Joint("shadow"); math.Abs(x.Q[j.Q]-(0.1-0.02)) > 1e-15 {
		t.Errorf("the follower is at %g", x.Q[j.Q])
	}
	loop, _, _ := prepared(t, "fourbar", "--q", "crank=0.4")
	if d, _ := loop.model.LoopGap(0, loop.start.Q); d > 1e-9 {
		t.Errorf("the loop is open by %g m", d)
	}
}

// TestInputsComeBack: what a run wrote as its inputs drives it again to the same bits, from its start and from its middle.
func TestInputsComeBack(t *testing.T) {
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"torques": {"quadruped", "--controller", "random", "--seed", "3"},
		"servos":  {"cartpole", "--controller", "hold", "--gains", "30,2"},
	} {
		out := filepath.Join(dir, name+".csv")
		first := simulateJSON(t, append(slices.Clone(args), "--seconds", "1", "--out", out)...)
		again := []string{args[0], "--inputs", out}
		if name == "torques" {
			again = append(again, "--start", out+":0")
		} else {
			again = append(again, "--gains", "30,2")
		}
		if second := simulateJSON(t, append(again, "--seconds", "1")...); *second.StateHash != *first.StateHash {
			t.Errorf("%s: from the start it ends in %s, was %s", name, *second.StateHash, *first.StateHash)
		}
	}
	out := filepath.Join(dir, "fall.csv")
	first := simulateJSON(t, "ant", "--seconds", "1", "--out", out)
	if second := simulateJSON(t, "ant", "--start", out+":60", "--seconds", "0.4"); *second.StateHash != *first.StateHash {
		t.Errorf("from row 60 it ends in %s, was %s", *second.StateHash, *first.StateHash)
	}
}

// TestInputsBetweenLines are held, or go straight.
func TestInputsBetweenLines(t *testing.T) {
	path := write(t, "u.csv", "u.track,time\n1,0.1\n3,0.3\n")
	for _, c := range []struct {
		flag string
		want map[int]float64
	}{
		{"--interpolate=false", map[int]float64{0: 1, 9: 1, 10: 1, 29: 1, 30: 3, 99: 3}},
		{"--interpolate", map[int]float64{0: 1, 10: 1, 20: 2, 30: 3, 99: 3}},
	} {
		_, _, ctrl := prepared(t, "cartpole", "--inputs", path, c.flag)
		for k, want := range c.want {
			u := []float64{0}
			if ctrl(u, k, sim.State{}); math.Abs(u[0]-want) > 1e-12 {
				t.Errorf("%s: step %d has %g, want %g", c.flag, k, u[0], want)
			}
		}
	}
}

// TestSetParameters: by name and by pattern, and the report is of the robot so changed.
func TestSetParameters(t *testing.T) {
	w, _, _ := prepared(t, "quadruped", "--set", "trunk.mass=9, *_foot.friction = 0.25")
	if got := w.model.BodyInertia(0).Mass; math.Abs(got-9) > 1e-12 {
		t.Errorf("the trunk has %g kg", got)
	}
	if _, out, _ := ukemi("fit", "quadruped", "--list", "--set", "*_foot.friction=0.25"); strings.Count(out, "0.25") < 4 {
		t.Errorf("fit lists %s", out)
	}
	a, b := simulateJSON(t, "block", "--seconds", "1"), simulateJSON(t, "block", "--seconds", "1", "--set", "block.friction=0.05")
	if *a.StateHash == *b.StateHash {
		t.Error("friction changes nothing")
	}
}

// TestDriveColumns: a held robot's table has its targets and torques, which carry it: at rest the torque of a servo is kp times its error.
func TestDriveColumns(t *testing.T) {
	out := filepath.Join(t.TempDir(), "run.csv")
	simulateJSON(t, "quadruped", "--controller", "hold", "--gains", "100,2", "--seconds", "3", "--out", out)
	rows := readTable(t, out)
	u, tau, q := column(t, rows, "u.FR_calf_joint"), column(t, rows, "tau.FR_calf_joint"), column(t, rows, "FR_calf_joint")
	n := len(u) - 1
	if want := 100 * (u[n] - q[n]); math.Abs(tau[n]-want) > 1e-3*math.Abs(want) || math.Abs(tau[n]) < 1 {
		t.Errorf("the calf's servo says %g N m, its error %g", tau[n], want)
	}
	if tau[0] == tau[0] {
		t.Errorf("before the first step the torque is %g", tau[0])
	}
}

// TestColumns: what is chosen, in the order of the table, and the time.
func TestColumns(t *testing.T) {
	out := filepath.Join(t.TempDir(), "run.csv")
	simulateJSON(t, "quadruped", "--seconds", "0.1", "--out", out, "--columns", "*_foot/ground.fz, FR_*_joint,wrench.FR_hip_joint.t*")
	want := "time FR_hip_joint FR_thigh_joint FR_calf_joint wrench.FR_hip_joint.tx wrench.FR_hip_joint.ty wrench.FR_hip_joint.tz FR_foot/ground.fz FL_foot/ground.fz RR_foot/ground.fz RL_foot/ground.fz"
	if got := strings.Join(readTable(t, out)[0], " "); got != want {
		t.Errorf("columns\n%s, want\n%s", got, want)
	}
	// standard output has the table alone
	status, stdout, stderr := ukemi("simulate", "block", "--seconds", "0.02", "--out", "-", "--columns", "free.z")
	if lines := strings.Split(strings.TrimSpace(stdout), "\n"); status != 0 || len(lines) != 4 || lines[0] != "time,free.z" || !strings.Contains(stderr, "state hash") {
		t.Errorf("status %d: %q, %q", status, stdout, stderr)
	}
}

// TestPictureKinds: every kind of file is what its name says, and many signals are small multiples.
func TestPictureKinds(t *testing.T) {
	dir := t.TempDir()
	for kind, begins := range map[string]string{"png": "\x89PNG", "svg": "<?xml", "pdf": "%PDF"} {
		path := filepath.Join(dir, "run."+kind)
		simulateJSON(t, "quadruped", "--seconds", "0.2", "--controller", "hold", "--plot", path, "--plot-signals", "tau.*,energy.*,FR_foot/ground.fz")
		text, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(text), begins) {
			t.Errorf("%s begins with %q, %v", path, text[:min(8, len(text))], err)
		}
	}
	d, err := draft.New(filepath.Join(dir, "x.png"), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPicture(d, load(t, "quadruped"), 10, choice{"plot-signals", "tau.*,energy.*,FR_foot/ground.fz"})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.panels) != 14 || p.columns != 3 || p.panels[0].title != "tau.FR_hip_joint" || p.panels[0].unit != "N m" || p.panels[12].title != "energy.*" || p.panels[13].unit != "N" {
		t.Errorf("%d panels in %d columns", len(p.panels), p.columns)
	}
	_ = d.Keep(fmt.Errorf("not wanted"))
}

// TestUnitsOfSignals: every signal has one, those of names that tell.
func TestUnitsOfSignals(t *testing.T) {
	m := contraption(t)
	names, units := columnNames(m), columnUnits(m)
	if len(names) != len(units) {
		t.Fatalf("%d names, %d units", len(names), len(units))
	}
	for i, n := range names {
		for end, want := range map[string]string{"slide": "m", "hinge": "rad", "v.slide": "m/s", "v.base.wx": "rad/s", "tau.slide": "N", "tau.hinge": "N m", "energy.spring": "J", "wrench.ball.ty": "N m", "feet/ground.fz": "N", "feet/ground.px": "m", "base.qw": ""} {
			if n == end && units[i] != want {
				t.Errorf("%s is in %q, want %q", n, units[i], want)
			}
		}
	}
}

// TestSimulateSaysWhatTheModelWarnsOf: a friction coefficient that acts as another one, once however many shapes have it.
func TestSimulateSaysWhatTheModelWarnsOf(t *testing.T) {
	for args, want := range map[string]string{
		"block --friction 200":                          `note         collider "block": friction coefficient 200 acts as 100` + "\n",
		"anymal --friction 200 --seconds 0.05":          "acts as 100; `ukemi inspect` lists 43 more like it\n",
		"block --friction 200 --seeds 2":                `friction coefficient 200 acts as 100` + "\n",
		"block --friction 100 --sweep block.mass=1:2:2": "",
	} {
		status, out, errs := ukemi(append([]string{"simulate"}, strings.Fields(args)...)...)
		if status != 0 || !strings.Contains(out, want) || want == "" && strings.Contains(out, "acts as") {
			t.Errorf("%s: status %d, %q, %s, want %q", args, status, out, errs, want)
		}
	}
}

// TestWarnings say what a run does not show.
func TestWarnings(t *testing.T) {
	arm := filepath.Join(t.TempDir(), "arm.urdf")
	const link = `<link name="%s"><inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial></link>`
	const joint = `<joint name="%[1]s%[2]s" type="continuous"><parent link="%[1]s"/><child link="%[2]s"/><axis xyz="0 1 0"/></joint>`
	text := `<robot name="arm">` + fmt.Sprintf(link, "a") + fmt.Sprintf(link, "b") + fmt.Sprintf(link, "c") + fmt.Sprintf(joint, "a", "b") + fmt.Sprintf(joint, "b", "c") + `</robot>`
	if err := os.WriteFile(arm, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		want []string // in this order
	}{
		{"block", nil},
		{"pendulum", nil},
		{"ant --controller hold", nil},
		{"block --q free.z=0.1", []string{"inside something: block/ground"}},
		{"block --ground=false", []string{"nothing of block can touch anything: there is no ground"}},
		{"block --ground=false --gravity 0", nil},
		{"quadruped:4", []string{"only 4 of 13 bodies", "bodies ended inside a half-space, the deepest, "}},
		{"quadruped:4 --controller hold", []string{"quadruped:N has N contacts, 4 (the feet)"}},
		{"quadruped --seconds 3", nil}, // it lies on its belly
		{arm, []string{"nothing of arm can touch anything: it has no contact shapes", "looks like an arm", "3 of 3 bodies ended inside"}},
		{arm + " --base fixed", nil},
		{arm + " --base floating", []string{"no contact shapes", "3 of 3"}},
	} {
		s := simulateJSON(t, strings.Fields(c.args)...)
		if len(s.Warnings) != len(c.want) {
			t.Errorf("%s warns %q, want %q", c.args, s.Warnings, c.want)
			continue
		}
		for i, w := range c.want {
			if !strings.Contains(s.Warnings[i], w) {
				t.Errorf("%s warns %q, want %q", c.args, s.Warnings[i], w)
			}
		}
		if _, _, errs := ukemi(append([]string{"simulate"}, strings.Fields(c.args)...)...); strings.Count(errs, "warning: ") != len(c.want) {
			t.Errorf("%s says %q", c.args, errs)
		}
	}
}

// TestPicturesWarnToo: whoever looks at a robot is told as well, and the arm of a floating base is not drawn silently.
func TestPicturesWarnToo(t *testing.T) {
	if _, _, errs := ukemi("render", "block", "--q", "free.z=0.1", "--seconds", "0.02", "--size", "64x36", "--out", filepath.Join(t.TempDir(), "x.png")); !strings.Contains(errs, "warning: the start is 0.") {
		t.Errorf("it says %q", errs)
	}
}
