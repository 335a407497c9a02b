package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// chosen makes flags as if the user had given the named ones.
func chosen(names ...string) *worldFlags {
	f := &worldFlags{timestep: 0.01, friction: 0.8, height: 0.05, base: "auto", groundFlags: groundFlags{ground: true}}
	f.set = func(flag string) bool {
		for _, n := range names {
			if n == flag {
				return true
			}
		}
		return false
	}
	return f
}

// robotFile writes a robot of a trunk and an arm with a round end on a hinge, which has the given effort limit and
// what else is given.
func robotFile(t *testing.T, effort, extra string) string {
	t.Helper()
	const inertial = `<inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>`
	path := filepath.Join(t.TempDir(), "robot.URDF")
	text := fmt.Sprintf(`<robot name="robot"><link name="trunk">%s</link>
<link name="arm">%s<collision><origin xyz="0 0 -0.3"/><geometry><sphere radius="0.1"/></geometry></collision></link><joint name="hinge" type="revolute"><parent link="trunk"/><child link="arm"/><axis xyz="0 1 0"/>
<limit lower="-1" upper="1" %s velocity="1"/>%s</joint></robot>`, inertial, inertial, effort, extra)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestIsFile(t *testing.T) {
	for source, want := range map[string]bool{"ant": false, "chain:3": false, "a.urdf": true, "A.URDF": true, "dir/ant": true, "./ant": true, "a.csv": false} {
		if isFile(source) != want {
			t.Errorf("%q is a file: %v", source, !want)
		}
	}
	for source, want := range map[string]string{"ant": "", "a.urdf": ".", "x/y/a.urdf": "x/y"} {
		if got := meshDir(source); got != filepath.FromSlash(want) {
			t.Errorf("the meshes of %q are looked for in %q, want %q", source, got, want)
		}
	}
}

// TestBaseOfAFile: floating bases start at the height, fixed ones stay and lower the ground instead.
func TestBaseOfAFile(t *testing.T) {
	path := robotFile(t, `effort="5"`, "")
	for _, c := range []struct {
		base   string
		height float64
		nv     int
		z      float64 // of the lowest point at the start
		ground float64
	}{
		{"floating", 0.05, 7, 0.05, 0},
		{"floating", 0.5, 7, 0.5, 0},
		{"fixed", 0.05, 1, -0.4, -0.45},
	} {
		f := chosen()
		f.base, f.height = c.base, c.height
		w, err := open(path, f)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.finish(); err != nil {
			t.Fatal(err)
		}
		planes, _ := w.model.HalfSpaces()
		if w.model.NV() != c.nv || len(planes) != 1 || math.Abs(planes[0].Offset-c.ground) > 1e-12 {
			t.Errorf("%s base: %d degrees of freedom, ground at %+v", c.base, w.model.NV(), planes)
		}
		if low, ok := models.Lowest(w.model, w.start.Q); c.base == "floating" && (!ok || math.Abs(low-c.z) > 1e-9) {
			t.Errorf("%s base: it starts %g m above the ground, want %g", c.base, low, c.z)
		}
		if said := strings.Join(w.said, "|"); strings.Contains(said, "the ground was lowered to z = -0.45 m") != (c.base == "fixed") {
			t.Errorf("%s base: it says %q", c.base, said)
		}
	}
	f := chosen()
	f.ground = false
	w, err := open(path, f)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.finish(); err != nil || w.model.MaxContacts() != 0 {
		t.Errorf("without ground there are %d contacts, %v", w.model.MaxContacts(), err)
	}
}

// TestFlagsReachTheZoo: only what was given overrides what a model has.
func TestFlagsReachTheZoo(t *testing.T) {
	rests := func(mu float64, flags ...string) float64 {
		f := chosen(flags...)
		f.friction = mu
		w, err := open("block", f)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.finish(); err != nil {
			t.Fatal(err)
		}
		st, x := w.model.NewStepper(sim.Options{}), w.start.Clone()
		models.PlaceAbove(w.model, x.Q, 0)
		for i := range x.V {
			x.V[i] = 0
		}
		x.V[0] = 1
		for range 60 {
			if _, err := st.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		return x.V[0]
	}
	if own, slick := rests(0), rests(0, "friction"); own > 0.1 || slick < 0.9 {
		t.Errorf("after 0.6 s the block slides at %g m/s with its own friction and at %g without", own, slick)
	}
	w, err := open("pendulum", chosen("height"))
	if err != nil || !strings.Contains(strings.Join(w.said, "|"), "--height has no effect") {
		t.Errorf("a height for a pendulum: %q, %v", w.said, err)
	}
	if w, err := open("pendulum", chosen()); err != nil || len(w.said) != 0 {
		t.Errorf("a pendulum says %q, %v", w.said, err)
	}
}

// TestHeightOfABoltedArm: a height that lifts nothing was said for models of the zoo only.
func TestHeightOfABoltedArm(t *testing.T) {
	arms := map[string]string{
		"arm.urdf": `<robot name="arm"><link name="world"/><link name="a"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial></link>` +
			`<joint name="j" type="continuous"><parent link="world"/><child link="a"/></joint></robot>`,
		"arm.xml": `<mujoco><worldbody><body><joint name="j"/><geom size="0.1" pos="0 0 1"/></body></worldbody></mujoco>`,
	}
	for name, text := range arms {
		file := write(t, name, text)
		if _, out, errs := ukemi("simulate", file, "--seconds", "0.01", "--height", "0.5"); !strings.Contains(out+errs, "--height has no effect") {
			t.Errorf("%s: %s%s", name, out, errs)
		}
		if _, out, errs := ukemi("simulate", file, "--seconds", "0.01"); strings.Contains(out+errs, "--height") {
			t.Errorf("%s, without a height: %s%s", name, out, errs)
		}
	}
}

// TestRemarksOfAFile: inspect lists what was not used, simulate and view only count it.
func TestRemarksOfAFile(t *testing.T) {
	path := robotFile(t, `effort="5"`, `<safety_controller k_velocity="3"/><nonsense/>`)
	status, out, errs := ukemi("inspect", path)
	if status != 0 || !strings.Contains(out, "remark") || !strings.Contains(out, `line 3: <nonsense> "hinge"`) {
		t.Errorf("inspect: status %d\n%s%s", status, out, errs)
	}
	status, out, errs = ukemi("simulate", path, "--seconds", "0.02")
	if status != 0 || !strings.Contains(out, "see `ukemi inspect "+path+"`") {
		t.Errorf("simulate: status %d\n%s%s", status, out, errs)
	}
	status, _, errs = ukemi("view", path, "--seconds", "0.02", "--html", filepath.Join(t.TempDir(), "x.html"))
	if status != 0 || !strings.Contains(errs, "about the file; `ukemi inspect "+path+"` lists") {
		t.Errorf("view: status %d\n%s", status, errs)
	}
}

// TestRepairIsOffered where an inertia is what makes a file impossible, and only there.
func TestRepairIsOffered(t *testing.T) {
	path := write(t, "r.urdf", `<robot name="r"><link name="a"><inertial><mass value="1"/>
<inertia ixx="1" iyy="1" izz="9" ixy="0" ixz="0" iyz="0"/></inertial></link></robot>`)
	if status, _, errs := ukemi("simulate", path, "--seconds", "0.02"); status != 1 || !strings.Contains(errs, "--repair") || !strings.Contains(errs, `"a"`) {
		t.Errorf("status %d: %s", status, errs)
	}
	if status, _, errs := ukemi("simulate", path, "--seconds", "0.02", "--repair", "--base", "floating"); status != 0 {
		t.Errorf("repaired: %s", errs)
	}
	if status, _, errs := ukemi("simulate", filepath.Join(t.TempDir(), "x.sdf")); status != 1 || strings.Contains(errs, "--repair") {
		t.Errorf("another format: %s", errs)
	}
}

// TestSeedChangesTheStartALittle but keeps its lowest point where it was.
func TestSeedChangesTheStartALittle(t *testing.T) {
	start := func(seed uint64) sim.State {
		f := simulateFlags{world: *chosen(), kappa: 1e-6, seed: seed, controller: "none"}
		w, _, _, err := f.prepare("quadruped")
		if err != nil {
			t.Fatal(err)
		}
		low, _ := models.Lowest(w.model, w.start.Q)
		if zero, _ := models.Lowest(w.model, load(t, "quadruped").start.Q); math.Abs(low-zero) > 1e-9 {
			t.Errorf("seed %d starts %g m above the ground, the model %g m", seed, low, zero)
		}
		return w.start
	}
	a, b, c := start(0), start(1), start(2)
	if hash(a) == hash(b) || hash(b) == hash(c) || hash(start(1)) != hash(b) {
		t.Error("starts do not follow the seed")
	}
}
