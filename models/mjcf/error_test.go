package mjcf_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/models/mjcf"
)

// TestErrorsNameThePlace: every mistake is an error that names file, line, element and what to do.
func TestErrorsNameThePlace(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"", "no XML element"},
		{"solid", "outside of any element"},
		{"<robot/>", "t.xml:1: the outermost element is <robot>, want <mujoco> (this is a URDF file, which models/urdf reads)"},
		{"<mujocoinclude/>", "to be included by another one"},
		{"<mujoco>\n<worldbody></mujoco>", "t.xml:2: not well-formed XML"},
		{"<mujoco/><mujoco/>", "follows the end"},
		{`<mujoco a="1" a="2"/>`, "given twice"},
		{"<mujoco>&lol;</mujoco>", "not well-formed"},
		{`<mujoco><compiler coordinate="global"/></mujoco>`, "gave it up"},
		{`<mujoco><compiler angle="grad"/></mujoco>`, `t.xml:1: <compiler>: attribute angle="grad", want radian, degree`},
		{`<mujoco><compiler eulerseq="xy"/></mujoco>`, "three of the letters"},
		{`<mujoco><option timestep="-1"/></mujoco>`, "want a positive number"},
		{`<mujoco><option gravity="0 0"/></mujoco>`, "has 2 numbers, want 3"},
		{`<mujoco><option gravity="0 0 nan"/></mujoco>`, "not a finite number"},
		{`<mujoco><option gravity="0,0,1"/></mujoco>`, "write a decimal point"},
		{`<mujoco><default><default/></default></mujoco>`, "attribute class is missing"},
		{`<mujoco><default><default class="a"/><default class="a"/></default></mujoco>`, "defined twice"},
		{inBody(`<geom class="x" size="1"/>`), `there is no class "x"`},
		{inBody("\n<geom name=\"g\" type=\"box\" size=\"1 1\"/>"), `t.xml:2: <geom> "g": a box needs 3 positive numbers in size, number 3 is 0`},
		{inBody(`<geom/>`), "needs 1 positive"},
		{inBody(`<geom type="mesh"/>`), "attribute mesh is missing"},
		{inBody(`<geom type="mesh" mesh="m"/>`), `there is no mesh "m"`},
		{inBody(`<geom type="plane"/>`), "can only belong to what does not move"},
		{inBody(`<geom size="1" euler="0 0 0" quat="1 0 0 0"/>`), "both give the orientation"},
		{inBody(`<geom size="1" quat="0 0 0 0"/>`), "is no orientation"},
		{inBody(`<geom type="sphere" size="1" fromto="0 0 0 1 1 1"/>`), "fromto is for capsules"},
		{inBody(`<geom type="capsule" size="1" fromto="0 0 0 0 0 0"/>`), "the same"},
		{inBody(`<geom size="1" friction="-1"/>`), "negative"},
		{inBody(`<geom size="1" condim="2"/>`), "want 1, 3, 4 or 6"},
		{`<mujoco><worldbody><geom name="a" size="1"/></worldbody><contact><pair geom1="a" geom2="a" condim="5"/></contact></mujoco>`, "want 1, 3, 4 or 6"},
		{`<mujoco><worldbody><geom name="a" size="1"/></worldbody><contact><pair geom1="a" geom2="a" friction="1 1 -1"/></contact></mujoco>`, "negative"},
		{inBody(`<geom size="1" mass="-1"/>`), "must not be negative"},
		{inBody(`<geom size="1" material="m"/>`), "no material"},
		{inBody(`<joint axis="0 0 0"/>`), "is no direction"},
		{inBody(`<joint type="ball"/>`), "goes with no other rotation"},
		{inBody(`<joint limited="true"/>`), "is empty, but the joint is limited"},
		{inBody(`<joint range="1 -1" limited="true"/>`), `range="1 -1" is empty, but the joint is limited; write the lower limit first`},
		{inBody(`<joint damping="-1"/>`), "want a number ≥ 0"},
		{inBody(`<freejoint/>`), "goes with no other joint"},
		{inBody(`<body><freejoint/></body>`), "child of the world"},
		{inWorld(`<joint/>`), "the world has no joints"},
		{inWorld(`<body name="b"/><body name="b"/>`), "used twice"},
		{inWorld(`<body><inertial pos="0 0 0"/></body>`), "attribute mass is missing"},
		{inWorld(`<body><inertial mass="1"/></body>`), "attribute pos is missing"},
		{inWorld(`<body><inertial mass="-1" pos="0 0 0"/></body>`), "mass is -1 kg"},
		{inBody(`<replicate count="0"/>`), "want a positive whole number"},
		{inBody(`<frame scale="2"/>`), "not supported"},
		{whole(`<actuator><motor/></actuator>`), "acts on nothing"},
		{whole(`<actuator><motor joint="x"/></actuator>`), `there is no joint "x"`},
		{whole(`<actuator><motor joint="j" site="s"/></actuator>`), "both say what"},
		{whole(`<actuator><motor joint="j" ctrlrange="1 0" ctrllimited="true"/></actuator>`), "is empty"},
		{whole(`<actuator><position joint="j" kv="1" dampratio="1"/></actuator>`), "keep one"},
		{whole(`<actuator><position joint="j" inheritrange="1"/></actuator>`), "with a range"},
		{whole(`<tendon><fixed><joint joint="x" coef="1"/></fixed></tendon>`), `there is no joint "x"`},
		{whole(`<tendon><fixed/></tendon>`), "holds no joint"},
		{whole(`<equality><connect body1="a"/></equality>`), "anchor is missing"},
		{whole(`<equality><weld body1="z"/></equality>`), `no body "z"`},
		{whole(`<equality><joint/></equality>`), "joint1 is missing"},
		{whole(`<contact><pair geom1="g" geom2="x"/></contact>`), `no geom "x"`},
		{whole(`<keyframe><key qpos="1"/></keyframe>`), "has 1 numbers, the model has 2 coordinates"},
		{`<mujoco><include file="a.xml"/></mujoco>`, "did not come from a file"},
		{`<mujoco><asset><hfield size="1 -1 1 1" nrow="2" ncol="2"/></asset></mujoco>`, `t.xml:1: <hfield>: attribute size="1 -1 1 1": the half lengths`},
		{`<mujoco><asset><hfield size="1 1 0 1" nrow="2" ncol="2"/></asset></mujoco>`, "are positive"},
		{`<mujoco><asset><hfield size="1 1 1 1" nrow="1" ncol="2"/></asset></mujoco>`, "at least 2 by 2"},
		{`<mujoco><asset><hfield size="1 1 1 1" nrow="2" ncol="2" elevation="1 2"/></asset></mujoco>`, "want nrow × ncol = 4"},
		{whole(``)[:8] + "<statistic/>", "not well-formed"},
	} {
		m, err := mjcf.Parse(strings.NewReader(c.file), "t.xml")
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			for _, n := range m.Notes {
				said += n.String() + "\n"
			}
		}
		if !strings.Contains(said, c.want) {
			t.Errorf("%s\nsays %q, want %q", c.file, said, c.want)
		}
	}
}

// TestAllMistakesAreReportedTogether wants each of them, and the end of a hopeless list.
func TestAllMistakesAreReportedTogether(t *testing.T) {
	_, err := mjcf.Parse(strings.NewReader(inBody(strings.Repeat("<geom/>\n", 150))), "t.xml")
	if err == nil || strings.Count(err.Error(), "needs 1 positive") != 100 || !strings.Contains(err.Error(), "and 50 more") {
		t.Errorf("%v", err)
	}
}

// folder returns a folder of the test's own, and what writes a file in it and returns its path.
func folder(t *testing.T) (dir string, write func(name, text string) string) {
	dir = t.TempDir()
	return dir, func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

// TestHostilePaths: a model cannot make its reader look at files that are no part of it.
func TestHostilePaths(t *testing.T) {
	dir, write := folder(t)
	write("secret.txt", "top secret")
	write("cycle.xml", `<mujocoinclude><include file="cycle.xml"/></mujocoinclude>`)
	write("garbage.stl", "garbage")
	if err := os.Mkdir(filepath.Join(dir, "folder.xml"), 0o700); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"/etc/passwd":           "absolute paths are not followed",
		"/etc/hosts.xml":        "absolute paths are not followed",
		`C:\windows\system.xml`: "absolute paths are not followed",
		"http://x.org/a.xml":    "addresses on the net",
		"secret.txt":            `files ending in ".txt" are not supported`,
		"cycle.xml":             "already part of the model",
		"main.xml":              "already part of the model",
		"./main.xml":            "already part of the model",
		"folder.xml":            "no regular file",
		"nothing.xml":           "there is no file nothing.xml",
		"":                      "attribute file is missing",
	} {
		path := write("main.xml", `<mujoco><include file="`+file+`"/></mujoco>`)
		if _, err := mjcf.ParseFile(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "main.xml:1") && file != "cycle.xml" {
			t.Errorf("include %q: %v, want %q", file, err, want)
		}
		if file == "" || strings.HasSuffix(want, "model") || strings.HasPrefix(want, "there") || strings.HasPrefix(want, "no regular") {
			continue
		}
		path = write("main.xml", `<mujoco><asset><mesh name="m" file="`+file+`"/></asset></mujoco>`)
		m, err := mjcf.ParseFile(path)
		if err != nil || len(m.Notes) != 1 || !strings.Contains(m.Notes[0].Message, "mesh ignored: not read") {
			t.Errorf("mesh %q: %v, %v", file, m, err)
		}
	}
	path := write("main.xml", `<mujoco><compiler meshdir="/etc"/><asset><mesh name="m" file="a.stl"/><mesh name="n" file="http://x/a.stl"/></asset></mujoco>`)
	if m, err := mjcf.ParseFile(path); err != nil || len(m.Notes) != 2 {
		t.Errorf("%v, %v", m, err)
	}
	// meshes that are not there are one note: forty of them hid what else a file says
	path = write("main.xml", "<mujoco><asset><mesh file=\"a.stl\"/>\n<mesh file=\"b.stl\"/>\n<mesh file=\"c.txt\"/></asset></mujoco>")
	m, err := mjcf.ParseFile(path)
	if err != nil || len(m.Notes) != 2 || !strings.Contains(m.Notes[0].String(), "there is no file a.stl (also line 2)") {
		t.Errorf("two meshes that are not there, and one of another kind: %v, %v", m, err)
	}
	write("pointer.stl", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
	for file, want := range map[string]string{"garbage.stl": "garbage.stl", "Garbage.STL": "there is no file Garbage.STL, but garbage.stl, which differs in capitals", "pointer.stl": "run `git lfs pull`"} {
		path = write("main.xml", `<mujoco><asset><mesh name="m" file="`+file+`"/></asset></mujoco>`)
		if m, err := mjcf.ParseFile(path); err != nil || len(m.Notes) != 1 || !strings.Contains(m.Notes[0].Message, want) {
			t.Errorf("%v, %v", m, err)
		}
	}
	if _, err := mjcf.ParseFile(dir); err == nil {
		t.Error("a folder is read")
	}
	if _, err := mjcf.ParseFile(filepath.Join(dir, "no.xml")); err == nil || !strings.Contains(err.Error(), "no.xml") {
		t.Errorf("%v", err)
	}
}

// TestBombs: files that would blow up are refused, large ones are read.
func TestBombs(t *testing.T) {
	deep := strings.Repeat("<body>", 1000)
	wide := inWorld(strings.Repeat("<site/>", 300000))
	nested := strings.Repeat(`<replicate count="99">`, 6) + `<geom size="1"/>` + strings.Repeat("</replicate>", 6)
	for name, file := range map[string]string{
		"deep": "<mujoco><worldbody>" + deep, "wide": wide, "replicas": inWorld(nested), "long": `<mujoco model="` + strings.Repeat("x", mjcf.MaxSize) + `"/>`,
		"entities": `<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><mujoco model="&b;"/>`,
	} {
		start := time.Now()
		if _, err := mjcf.Parse(strings.NewReader(file), "t.xml"); err == nil {
			t.Errorf("%s: is read", name)
		} else if s := err.Error(); len(s) > 2000 {
			t.Errorf("%s: the error has %d bytes", name, len(s))
		}
		t.Logf("%s: refused in %v", name, time.Since(start))
	}
}

// TestTenThousandGeoms reads and builds a large file; the log says how long it took.
func TestTenThousandGeoms(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<mujoco><default><geom type="capsule" size=".1 .2"/></default><worldbody><geom type="plane" size="1 1 1"/>`)
	for i := range 1000 {
		fmt.Fprintf(&b, `<body name="b%d" pos="%d 0 1"><freejoint/>`, i, i)
		for k := range 10 {
			fmt.Fprintf(&b, "<geom pos=\"0 0 %d\" margin=\".1\"/>\n", k)
		}
		b.WriteString("</body>")
	}
	b.WriteString(`</worldbody></mujoco>`)
	start := time.Now()
	m, err := mjcf.Parse(strings.NewReader(b.String()), "t.xml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Robot(mjcf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	model, err := r.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Geoms) != 10001 || len(model.Colliders()) != 10000 || len(r.Notes) > 10 {
		t.Errorf("%d geoms, %d colliders, %d notes", len(m.Geoms), len(model.Colliders()), len(r.Notes))
	}
	t.Logf("%v", time.Since(start))
}
