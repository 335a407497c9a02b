package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const kilo = `<inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>`

// wild writes a robot of links "a" on the world and more into a file.
func wild(t *testing.T, body string) string {
	t.Helper()
	return write(t, "wild.urdf", `<robot name="wild">`+"\n"+body+"\n</robot>")
}

func on(parent, child, inner, kind, joint string) string {
	return `<link name="` + child + `">` + inner + `</link><joint name="j` + child + `" type="` + kind + `"><parent link="` + parent + `"/><child link="` + child + `"/>` + joint + "</joint>\n"
}

// TestFilesOfTheWild: each kind of trouble is simulated without input and held, as it is or at least repaired;
// what needs repair is refused in words that say so.
func TestFilesOfTheWild(t *testing.T) {
	world := `<link name="world"/>` + "\n"
	const rail = `<axis xyz="1 0 0"/><limit lower="0" upper="1" effort="5" velocity="1"/>`
	for _, c := range []struct {
		name, body string
		refused    string // what is said without --repair; "" when that works
		held       func(x simulated) bool
	}{
		{"fingers on what does not move", `<link name="palm"/>` + on("palm", "a", kilo, "prismatic", rail) + on("palm", "b", kilo, "prismatic", rail+`<mimic joint="ja" multiplier="1"/>`), "",
			func(x simulated) bool {
				return math.Abs(x.FinalQ[0]-x.FinalQ[1]) < 1e-9 && math.Abs(x.FinalQ[0]) < 1e-3
			}},
		{"limits of a follower copied", world + on("world", "a", kilo, "revolute", `<limit lower="0" upper="1.2" effort="9"/>`) + on("a", "b", kilo, "revolute", `<limit lower="0" upper="1.2"/><mimic joint="ja" multiplier="-0.5"/>`), "",
			func(x simulated) bool { return math.Abs(x.FinalQ[1]+0.5*x.FinalQ[0]) < 1e-9 }},
		{"a start that the follower allows", world + on("world", "a", kilo, "revolute", `<axis xyz="0 0 1"/><limit lower="-1" upper="1"/>`) + on("a", "b", kilo, "revolute", `<axis xyz="0 0 1"/><limit lower="1" upper="2"/><mimic joint="ja" offset="0.4"/>`), "",
			func(x simulated) bool { return math.Abs(x.FinalQ[0]-0.8) < 1e-6 && *x.EnergyLast < 1e-9 }},
		{"nothing moves", world + on("world", "a", kilo, "fixed", ""), "", func(x simulated) bool { return *x.NV == 0 }},
		{"only the world", world, "", func(x simulated) bool { return *x.NV == 0 }},
		{"an arm without inertials", world + on("world", "a", `<visual><geometry><cylinder radius="0.05" length="0.5"/></geometry></visual>`, "revolute", `<limit lower="-1" upper="1"/>`) +
			on("a", "b", "", "continuous", `<axis xyz="0 0 1"/>`) + on("b", "c", "", "continuous", ""), `link "a": has no mass`, func(x simulated) bool { return *x.NV == 3 }},
		{"a wrist in line without masses", world + on("world", "a", kilo, "continuous", "") + on("a", "b", "", "continuous", "") + on("b", "c", kilo, "continuous", ""), `link "b": has no mass`, nil},
		{"limits in the wrong order, and locked ones", world + on("world", "a", kilo, "prismatic", `<limit lower="2" upper="-2" effort="9"/>`) + on("a", "b", kilo, "revolute", `<limit lower="0.4" upper="0.4"/>`), "lower limit 2 is above",
			func(x simulated) bool { return *x.NV == 1 }},
		{"unknown efforts", world + on("world", "a", kilo, "prismatic", `<axis xyz="0 0 1"/><limit lower="0" upper="INF" effort="-1"/>`) + on("a", "b", kilo, "revolute", `<limit lower="-inf" upper="1" effort="inf"/>`), "", nil},
		{"a huge effort", world + on("world", "a", kilo, "revolute", `<limit lower="-1" upper="1" effort="1e8"/>`), "", nil},
		{"a speck on a slider", world + on("world", "a", kilo, "revolute", `<axis xyz="0 1 0"/><limit lower="-0.5" upper="0.5" effort="99"/>`) +
			on("a", "b", `<inertial><mass value="1e-10"/><inertia ixx="1e-14" iyy="1e-14" izz="1e-14" ixy="0" ixz="0" iyz="0"/></inertial>`, "prismatic", `<limit lower="0" upper="0.1" effort="99"/>`), "*", nil},
		{"a parent that is the world", on("world", "a", kilo, "continuous", ""), "", func(x simulated) bool { return *x.NV == 1 && *x.Base == "fixed" }},
		{"a drawing that is wrong", `<link name="a">` + kilo + `<visual><geometry><mesh filename="x.stl" scale="1 2 3 4"/></geometry></visual><collision><geometry><box size=".2 .2 .2"/></geometry></collision></link>`, "",
			func(x simulated) bool { return math.Abs(x.FinalQ[2]-0.1) < 1e-4 && *x.Base == "floating" }},
		{"a box that turns on the ground", world + on("world", "a", kilo+`<collision><origin xyz="0 0 .1"/><geometry><box size=".2 .2 .2"/></geometry></collision>`, "continuous", `<axis xyz="0 0 1"/>`), "", nil},
		{"narrow limits", world + on("world", "a", kilo, "revolute", `<axis xyz="0 1 0"/><limit lower="0.2" upper="0.200002" effort="9"/>`), "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := wild(t, c.body)
			for _, args := range [][]string{{"none"}, {"hold"}, {"none", "--repair"}, {"hold", "--repair"}} {
				command := append([]string{"simulate", path, "--seconds", "1", "--json", "--controller"}, args...)
				if c.refused != "" && len(args) == 1 {
					status, _, errs := ukemi(command...)
					if c.refused != "*" && (status != 1 || !strings.Contains(errs, c.refused) || !strings.Contains(errs, "--repair")) {
						t.Errorf("%v: status %d, %s", args, status, errs)
					}
					continue
				}
				x := simulateJSON(t, command[1:]...)
				if *x.Steps != 100 || *x.Failures != 0 || !*x.Finite {
					t.Errorf("%v: %d steps, %d failures", args, *x.Steps, *x.Failures)
				}
				if c.held != nil && args[0] == "hold" && !c.held(x) {
					t.Errorf("%v: ends at %v", args, x.FinalQ)
				}
			}
			if status, _, errs := ukemi("inspect", path, "--repair"); status != 0 {
				t.Errorf("inspect: %s", errs)
			}
		})
	}
}

// TestFailedRunSaysWhy: the report of a run that fails has the remark that explains it.
func TestFailedRunSaysWhy(t *testing.T) {
	path := wild(t, `<link name="world"/>`+on("world", "a", kilo, "revolute", `<axis xyz="0 1 0"/><limit lower="0" upper="0.5" effort="999"/>`)+
		on("a", "dot", `<inertial><mass value="1e-12"/><inertia ixx="1e-16" iyy="1e-16" izz="1e-16" ixy="0" ixz="0" iyz="0"/></inertial>`, "prismatic", `<origin xyz="0.4 0 0"/><limit lower="0" upper="0.1" effort="999"/>`))
	_, out, _ := ukemi("simulate", path, "--controller", "hold")
	if !strings.Contains(out, `<link> "dot": moves with a mass of 1e-12 kg`) || !strings.Contains(out, "base         fixed to the world: the root link is called") {
		t.Errorf("said %s", out)
	}
}

func TestXacroFile(t *testing.T) {
	path := write(t, "r.urdf.xacro", "")
	if status, _, errs := ukemi("inspect", path); status != 1 || !strings.Contains(errs, "run `xacro "+path+" > robot.urdf` first") {
		t.Errorf("status %d, %s", status, errs)
	}
}

// TestFileOfAnotherFormat: one in the current folder is a file too, whatever its name ends in.
func TestFileOfAnotherFormat(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("r.sdf", []byte("<sdf/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := ukemi("inspect", "r.sdf"); status != 1 || !strings.Contains(errs, `cannot read files ending in ".sdf", only .urdf, .xml and .mjcf; convert it`) {
		t.Errorf("status %d, %s", status, errs)
	}
}

func TestNothingMoves(t *testing.T) {
	path := wild(t, `<link name="world"/>`+on("world", "a", kilo+`<collision><geometry><box size="1 1 1"/></geometry></collision>`, "fixed", ""))
	dir := t.TempDir()
	for _, args := range []string{"gradcheck", "render --seconds 0.1 --at 0.05 --out " + dir + "/a.png", "simulate --seconds 0.1 --plot " + dir + "/p.png --out " + dir + "/p.csv", "inspect"} {
		if status, _, errs := ukemi(append(strings.Fields(args), path)...); status != 0 {
			t.Errorf("%s: status %d, %s", args, status, errs)
		}
	}
	if _, out, _ := ukemi("inspect", path); !strings.Contains(out, "nothing can move") {
		t.Errorf("inspect says %s", out)
	}
}

// TestLint: what is possible but hardly meant is said.
func TestLint(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`<link name="a">` + kilo + `</link>`, "nothing can touch"},
		{on("world", "a", kilo, "revolute", `<limit lower="0" upper="1"/>`), "1 joint starts at a limit: ja"},
		{on("world", "a", kilo, "revolute", `<limit lower="-1e-4" upper="1e-4"/>`), "limits leave less than a millimeter or milliradian of room: ja (0.0002)"},
		{on("world", "a", kilo, "revolute", `<limit lower="0" upper="1"/>`) + on("a", "b", kilo, "revolute", `<limit lower="0.00001" upper="2"/><mimic joint="ja" multiplier="3" offset="-0.5"/>`), ""},
		{on("world", "a", strings.ReplaceAll(kilo, "0.01", "1000"), "continuous", `<origin xyz="0 0 1"/>`), "link a has the inertia of a body of 38.7 m, in a robot of 1 m: are its units kg m²?"},
		{on("world", "a", strings.ReplaceAll(kilo, "0.01", "1e-8"), "continuous", `<origin xyz="0 0 1"/>`), "link a has 1 kg and the inertia of a body of 0.00012 m"},
		{on("world", "a", strings.Replace(kilo, "<mass", `<origin xyz="0 100 0"/><mass`, 1), "continuous", `<origin xyz="0 0 1"/>`), "the center of mass of link a is 100 m from its joint"},
	} {
		status, out, errs := ukemi("inspect", wild(t, c.body))
		if status != 0 || !strings.Contains(out, c.want) {
			t.Errorf("want %q: status %d, %s%s", c.want, status, out, errs)
		}
	}
	status, out, _ := ukemi("inspect", "--json", wild(t, on("world", "a", kilo+`<visual/>`, "planar", `<axis xyz="0 1 0"/>`)+`<gazebo/>`))
	var x struct {
		Base    string
		Remarks []struct{ Severity, Message string }
		Joints  []struct{ Translations, Rotations [][3]float64 }
	}
	if err := json.Unmarshal([]byte(out), &x); status != 0 || err != nil {
		t.Fatal(err)
	}
	order := ""
	for _, r := range x.Remarks {
		order += r.Severity + " "
	}
	if x.Base != "fixed" || order != "physics reading reading drawing unused " || len(x.Joints[0].Translations) != 2 || x.Joints[0].Rotations[0] != [3]float64{0, 1, 0} {
		t.Errorf("base %q, remarks %q, joints %+v", x.Base, order, x.Joints)
	}
}

// TestRemarksOfManyLines: what differs by a value alone is one remark, and what the reader says of a link the model does not say again.
func TestRemarksOfManyLines(t *testing.T) {
	body := `<link name="world"/>`
	for i, c := range []string{"a", "b", "c"} {
		body += on("world", c, kilo, "revolute", fmt.Sprintf(`<limit lower="-1" upper="1" effort="9" velocity="%d.5"/>`, i+1))
	}
	body += on("a", "tool", `<inertial><mass value="0.1"/><inertia ixx="0" iyy="0" izz="0" ixy="0" ixz="0" iyz="0"/></inertial>`, "fixed", "")
	_, out, errs := ukemi("inspect", wild(t, body))
	if strings.Count(out, "velocity limits hold") != 1 || !strings.Contains(out, `attribute velocity ignored: velocity limits hold where they are asked for (Options.VelocityLimits, --velocity-limits): lines`) {
		t.Errorf("velocities: %s%s", out, errs)
	}
	if strings.Count(out, "not positive definite") != 1 {
		t.Errorf("an inertia: %s", out)
	}
}

func TestInspectWritesBack(t *testing.T) {
	path := wild(t, `<link name="world"/>`+on("world", "a", "", "prismatic", `<limit lower="1" upper="-1"/>`)+`<gazebo/>`)
	out := filepath.Join(t.TempDir(), "fixed.urdf")
	if status, said, errs := ukemi("inspect", path, "--repair", "--out", out); status != 0 || !strings.Contains(said, `does not have what 1 remark listed under "not used" tell of`) {
		t.Fatalf("%s%s", said, errs)
	}
	x := simulateJSON(t, out, "--seconds", "0.1")
	if *x.NV != 1 || *x.Failures != 0 {
		t.Errorf("%+v", x)
	}
	for _, c := range [][]string{{"inspect", path, "--out", out}, {"inspect", path, "--repair", "--out", out + ".txt"}} {
		if status, _, _ := ukemi(c...); status != 1 {
			t.Errorf("%v: status %d", c, status)
		}
	}
}

// TestInspectWritesModels: what the command writes of any model, as URDF or MJCF, moves as the model does.
func TestInspectWritesModels(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ model, out string }{{"block", "b.urdf"}, {"quadruped", "q.urdf"}, {"quadruped", "q.xml"}, {"fivebar", "f.mjcf"}} {
		out := filepath.Join(dir, c.out)
		if status, said, errs := ukemi("inspect", c.model, "--out", out); status != 0 {
			t.Fatalf("%v: %s%s", c, said, errs)
		}
		a := simulateJSON(t, c.model, "--seconds", "0.2", "--timestep", "0.005")
		args := []string{out, "--seconds", "0.2", "--timestep", "0.005"}
		if filepath.Ext(out) == ".urdf" { // which knows no start
			if b := simulateJSON(t, args...); *b.NV != *a.NV || *b.Failures != 0 {
				t.Errorf("%v: %+v", c, b)
			}
			continue
		}
		b := simulateJSON(t, args...)
		for i, q := range a.FinalQ {
			if math.Abs(q-b.FinalQ[i]) > 1e-9 {
				t.Errorf("%v: coordinate %d ends at %g, the model's at %g", c, i, b.FinalQ[i], q)
			}
		}
	}
}
