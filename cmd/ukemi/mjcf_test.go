package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
)

// mjcfRobots returns the published MJCF files, none when the data are not there.
func mjcfRobots(t *testing.T) []string {
	t.Helper()
	return fixture.Data(t, "mjcf/*.xml", "mjcf_menagerie/*/*.xml")
}

// TestMJCFRobotsRun simulates every file for 2 s on the ground, limp, held and driven at random. No step fails, and
// nothing is in the ground.
func TestMJCFRobotsRun(t *testing.T) {
	for _, f := range mjcfRobots(t) {
		for _, ctrl := range []string{"none", "hold", "random"} {
			t.Run(filepath.Base(f)+"/"+ctrl, func(t *testing.T) {
				args := []string{f, "--controller", ctrl, "--timestep", "0.01"}
				if filepath.Base(f) == "brax_test_convex_convex.xml" {
					args = append(args, "--repair") // its meshes are not published with it
				}
				s := simulateJSON(t, args...)
				checkRun(t, s, 200)
			})
		}
	}
}

const slider = `<!-- a -- comment --><mujoco model="s"><worldbody>
<body name="b" pos="0 0 .05"><freejoint name="root"/><geom size=".1" margin=".1"/><body><joint name="j"/><geom name="g" size=".1" pos="1 0 0"/></body></body>
</worldbody>
<actuator><motor joint="j"/></actuator>
<keyframe><key name="first" qpos="0 0 1 1 0 0 0 .5"/><key name="second" qpos="0 0 2 1 0 0 0 .25"/></keyframe></mujoco>`

// TestMJCFStart: a robot starts in its keyframe, out of the ground, and says so.
func TestMJCFStart(t *testing.T) {
	dir := t.TempDir()
	file := write(t, "s.xml", slider)
	low := write(t, "low.xml", strings.Replace(strings.Replace(slider, "0 0 1 1", "0 0 .05 1", 1), "<worldbody>", `<worldbody><geom type="plane" size="1 1 1" pos="0 0 .3"/>`, 1))
	short := []string{"--seconds", "0.01", "--timestep", "0.0001"}
	for _, c := range []struct {
		args []string
		z, q float64
		says string
	}{
		{[]string{file}, 1, 0.5, `starts in keyframe "first"`},
		{[]string{file, "--keyframe", "second"}, 2, 0.25, `starts in keyframe "second"`},
		{[]string{file, "--height", "0.2"}, 0.3, 0.5, ""},
		{[]string{low}, 0.4, 0.5, "the start was lifted: it reached 0.35 m into the ground"},
		{[]string{low, "--ground=false"}, 0.4, 0.5, "--ground=false has no effect"},
	} {
		s := simulateJSON(t, append(c.args, short...)...)
		if z, q := s.FinalQ[2], s.FinalQ[7]; z > c.z+1e-3 || z < c.z-2e-3 || q > c.q+0.01 || q < c.q-0.01 {
			t.Errorf("%v ends at z = %g, q = %g, want about %g, %g", c.args, z, q, c.z, c.q)
		}
		if _, out, errs := ukemi(append([]string{"simulate"}, append(c.args, short...)...)...); !strings.Contains(out+errs, c.says) {
			t.Errorf("%v does not say %q: %s%s", c.args, c.says, out, errs)
		}
	}
	own := write(t, "own.xml", strings.Replace(slider, `<worldbody>`, `<option timestep="0.002"/><worldbody>`, 1))
	for _, c := range []struct {
		args  []string
		steps int
	}{{[]string{file}, 10}, {[]string{own}, 50}, {[]string{own, "--timestep", "0.005"}, 20}} {
		s := simulateJSON(t, append(c.args, "--seconds", "0.1")...)
		if *s.Steps != c.steps {
			t.Errorf("%v takes %d steps in 0.1 s, want %d", c.args, *s.Steps, c.steps)
		}
	}
	if status, out, errs := ukemi("inspect", file); status != 0 || !strings.Contains(out, "s.xml:2: <geom>") {
		t.Errorf("inspect: %s%s", out, errs)
	}
	urdfAsXML := write(t, "u.xml", `<robot name="r"><link name="a"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial></link></robot>`)
	if status, out, errs := ukemi("inspect", urdfAsXML); status != 0 || !strings.Contains(out, "floating_base") {
		t.Errorf("a URDF file that ends in .xml: %s%s", out, errs)
	}
	if status, out, errs := ukemi("inspect", write(t, "m.urdf", slider)); status != 0 || !strings.Contains(out, "m.urdf:2: <geom>") {
		t.Errorf("an MJCF file that ends in .urdf: %s%s", out, errs)
	}
	for args, want := range map[string]string{
		"simulate " + file + " --keyframe third":     `there is no keyframe "third"`,
		"simulate " + file + " --base fixed":         "--base is for URDF files",
		"simulate block --keyframe home":             "--keyframe is for files",
		"simulate " + urdfAsXML + " --keyframe home": "--keyframe is for MJCF files",
		"simulate " + write(t, "e.xml", "<sdf/>"):    "this is an SDFormat file",
		"simulate " + write(t, "m.xml", `<mujoco><asset><mesh name="m" file="m.stl"/></asset><worldbody><body><freejoint/><geom type="mesh" mesh="m"/></body></worldbody></mujoco>`): "--repair does so",
		"simulate " + write(t, "e.sdf", "<sdf/>"):    "convert it to URDF or MJCF",
		"simulate " + filepath.Join(dir, "none.xml"): "no file",
	} {
		if status, _, errs := ukemi(strings.Fields(args)...); status != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %q, want %q", args, status, errs, want)
		}
	}
}
