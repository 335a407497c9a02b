package mjcf_test

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/mjcf"
)

// TestOnlyDrawn: a mistake in what neither touches nor weighs is a note, as in a URDF file; in what does it is an error.
func TestOnlyDrawn(t *testing.T) {
	_, write := folder(t)
	write("x.obj", "v 0 0 0\nv .1 0 0\nv 0 .1 0\nv 0 0 .1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n")
	const ghost = ` contype="0" conaffinity="0" mass="0"`
	scene := func(mesh, geom, rest string) string {
		return `<mujoco><asset><mesh name="x" file="x.obj" ` + mesh + `/><material name="red" rgba="1 0 0 1"/>` + rest + `</asset><worldbody><body name="b"><freejoint/>` +
			`<geom type="box" size=".1 .1 .1" mass="1"/>` + geom + `</body></worldbody></mujoco>`
	}
	shown := `<geom type="mesh" mesh="x"` + ghost + `/>`
	for _, c := range []struct{ mesh, geom, rest, note, err string }{
		{`scale="nan 1 1"`, shown, "", `mesh ignored: attribute scale: "nan" is not a finite number`, ""},
		{`scale="1e999 1 1"`, shown, "", `mesh ignored: attribute scale: "1e999" is not a finite number`, ""},
		{`scale="2"`, shown, "", `mesh ignored: attribute scale="2" has 1 numbers, want 3`, ""},
		{`scale="1,1,1"`, shown, "", `write a decimal point`, ""},
		{`scale=""`, shown, "", `mesh ignored: attribute scale="" has 0 numbers`, ""},
		{`scale="$(s)"`, shown, "", "run xacro first", ""},
		{`refquat="1 0"`, shown, "", `mesh ignored: attribute refquat`, ""},
		{`refpos="x y z"`, shown, "", `mesh ignored: attribute refpos`, ""},
		{`inertia="sharp"`, shown, "", `mesh ignored: attribute inertia="sharp"`, ""},
		{`vertex="0 0 oops"`, shown, "", `mesh ignored: attribute vertex`, ""},
		{`scale="nan 1 1"`, "", "", "mesh ignored", ""}, // nobody uses it
		{"", `<geom size="0"` + ghost + `/>`, "", "not drawn: a sphere needs 1 positive number in size", ""},
		{"", `<geom type="box" size=".1 nan .1"` + ghost + `/>`, "", `not drawn: attribute size: "nan" is not a finite number`, ""},
		{"", `<geom type="capsule" size=".1" fromto="0 0 0 0 0 0"` + ghost + `/>`, "", "not drawn", ""},
		{"", `<geom type="mesh"` + ghost + `/>`, "", "not drawn: attribute mesh is missing", ""},
		{"", `<geom type="mesh" mesh="y"` + ghost + `/>`, "", `not drawn: attribute mesh: there is no mesh "y"`, ""},
		{"", `<geom size=".1" quat="0 0 0 0"` + ghost + `/>`, "", "not drawn", ""},
		{"", `<geom size=".1" pos="0 0"` + ghost + `/>`, "", `not drawn: attribute pos="0 0" has 2 numbers`, ""},
		{"", `<geom size=".1" rgba="1 0 nan 1"/>`, "", `attribute rgba: "nan" is not a finite number; drawn as if it had none`, ""},
		{"", `<geom size=".1" material="blue"/>`, "", `there is no material "blue" to draw it with`, ""},
		{"", "", `<material name="m" rgba="x"/>`, `attribute rgba: "x" is not a number; drawn`, ""},

		{`scale="nan 1 1"`, `<geom type="mesh" mesh="x"/>`, "", "", `<geom>: mesh "x": attribute scale: "nan" is not a finite number`},
		{`scale="nan 1 1"`, `<geom type="mesh" mesh="x" contype="0" conaffinity="0"/>`, "", "", `mesh "x": attribute scale`}, // it weighs
		{`scale="nan 1 1"`, `<geom type="mesh" mesh="x" mass="0" contype="0"/>`, "", "", `mesh "x": attribute scale`},        // others touch it
		{"", `<geom size="0"/>`, "", "", "needs 1 positive"},
		{"", `<geom size="0" contype="zero" conaffinity="0" mass="0"/>`, "", "", "needs 1 positive"},
	} {
		file := scene(c.mesh, c.geom, c.rest)
		m, err := mjcf.ParseFile(write("t.xml", file))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) || !strings.Contains(err.Error(), "t.xml:1: ") {
				t.Errorf("%s\nerror %v, want %q", file, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s\n%v", file, err)
			continue
		}
		r, err := m.Robot(mjcf.Options{Ground: true})
		if err != nil {
			t.Errorf("%s\n%v", file, err)
			continue
		}
		built, err := r.Builder.Build()
		if err != nil {
			t.Errorf("%s\n%v", file, err)
			continue
		}
		said := ""
		for _, n := range r.Notes {
			said += n.String() + "\n"
		}
		if !strings.Contains(said, c.note) || strings.Count(said, "not drawn") > 1 {
			t.Errorf("%s\nsays %q, want %q", file, said, c.note)
		}
		for _, d := range built.Drawn() {
			if s := d.Scale; s != s {
				t.Errorf("%s\ndraws a mesh of scale %v", file, s)
			}
		}
	}
	const stated = `<mujoco><worldbody><body><freejoint/><inertial pos="0 0 0" mass="1" diaginertia="1 1 1"/><geom size=".1"/><geom size="0" contype="0" conaffinity="0"/></body></worldbody></mujoco>`
	if _, err := mjcf.ParseFile(write("s.xml", stated)); err != nil { // what the body weighs is stated
		t.Error(err)
	}
}

// TestNothingButTheWorld: a scene without bodies is a model in which nothing moves.
func TestNothingButTheWorld(t *testing.T) {
	for _, text := range []string{
		"<mujoco/>", "<mujoco><worldbody/></mujoco>", "<mujoco><worldbody/><worldbody/></mujoco>", inWorld(`<geom type="plane" size="1 1 1"/>`), inWorld(`<geom size="1"/>`),
		inWorld(`<light/><camera name="c"/><site name="s"/>`), inWorld(`<body name="world2"/>`), inWorld(`<frame pos="1 0 0"><body><body/></body></frame>`),
	} {
		m, err := mjcf.Parse(strings.NewReader(text), "t.xml")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		r, err := m.Robot(mjcf.Options{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		built, err := r.Builder.Build()
		if err != nil || built.NV() != 0 {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestNumbersBeyondAnything: what overflows in a step is refused at its line.
func TestNumbersBeyondAnything(t *testing.T) {
	for text, want := range map[string]string{
		`<mujoco><option timestep="1e300"/></mujoco>`: "timestep is 1e+300 s, want a number from 1e-09 to 1000", `<mujoco><option timestep="1e-12"/></mujoco>`: "timestep is 1e-12 s, want",
		`<mujoco><option gravity="0 0 -1e300"/></mujoco>`: "attribute gravity: -1e+300 is beyond anything", inBody(`<geom size="1e300"/>`): "attribute size: 1e+300 is beyond",
		inBody(`<geom size="1" pos="0 1e13 0"/>`): "attribute pos: 1e+13 is beyond", inBody(`<joint pos="1e300 0 0"/>`): "beyond anything a robot has", inBody(`<body pos="1e300 0 0"/>`): "beyond anything a robot has",
	} {
		if _, err := mjcf.Parse(strings.NewReader(text), "t.xml"); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "t.xml:1: ") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := mjcf.Parse(strings.NewReader(inBody(`<joint name="k" range="-1e20 1e20"/>`)), "t.xml"); err != nil { // no limits
		t.Error(err)
	}
}
