package urdf_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
)

func TestErrors(t *testing.T) {
	link := func(inner string) string { return `<link name="a">` + inner + `</link>` }
	mass := func(v string) string {
		return link(`<inertial><mass value="` + v + `"/><inertia ixx="1" iyy="1" izz="1"/></inertial>`)
	}
	joint := func(name, parent, child string) string {
		return "\n" + `<joint name="` + name + `" type="continuous"><parent link="` + parent + `"/><child link="` + child + `"/></joint>`
	}
	shape := func(g string) string {
		return link(heavy + `<collision><geometry>` + g + `</geometry></collision>`)
	}
	tests := []struct{ name, body, want string }{
		{"not a number", mass("1.2.3"), `r.urdf:1: link "a": <mass>: attribute value: "1.2.3" is not a number`},
		{"NaN", mass("NaN"), `"NaN" is not a finite number`},
		{"inf", mass("-inf"), `"-inf" is not a finite number`},
		{"overflow", mass("1e999"), `"1e999" is not a finite number`},
		{"comma", mass("1,5"), `"1,5" is not a number; write a decimal point`},
		{"empty", mass(""), `link "a": <mass>: attribute value is empty`},
		{"xacro expression", mass("${2 * m}"), `"${2 * m}" is not a number but an expression: run xacro first`},
		{"xacro element", `<xacro:macro name="leg"/>`, `r.urdf:1: <xacro:macro> is a xacro macro: run xacro first`},
		{"xacro by another prefix", `<q:include xmlns:q="http://www.ros.org/wiki/xacro"/>`, `run xacro first`},
		{"vector", link(heavy + `<collision><origin xyz="1 2"/><geometry><sphere radius="1"/></geometry></collision>`), `link "a": <origin>: attribute xyz="1 2" has 2 numbers, want 3`},

		{"triangle", "\n" + link(`<inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="3"/></inertial>`), `r.urdf:2: link "a": <inertia>: inertia breaks the triangle inequality`},
		{"indefinite", link(`<inertial><mass value="1"/><inertia ixx="1" ixy="2" iyy="1" izz="1"/></inertial>`), `link "a": <inertia>: inertia is not positive definite`},
		{"negative mass", mass("-1"), `link "a": <inertia>: mass is -1 kg, want a positive number`},
		{"no mass", link(`<inertial><inertia ixx="1" iyy="1" izz="1"/></inertial>`), `link "a": <inertial>: has no <mass>`},
		{"half an inertia", link(`<inertial><mass value="1"/><inertia ixx="1"/></inertial>`), `link "a": <inertia>: attribute iyy is missing`},
		{"massless leaf", `<link name="world"/>` + "\n" + link("") + joint("j", "world", "a"), `r.urdf:2: link "a": has no mass but moves, and ends a chain`},

		{"no link", ``, `has no <link>`},
		{"nameless link", `<link/>`, `r.urdf:1: <link>: has no name`},
		{"twin links", pair + "\n" + link(""), `r.urdf:2: link "a": the name is used twice, first on line 1`},
		{"twin joints", pair + link("") + joint("j", "a", "b") + joint("j", "a", "b"), `r.urdf:3: joint "j": the name is used twice, first on line 2`},
		{"nameless joint", pair + `<joint type="fixed"><parent link="a"/><child link="b"/></joint>`, `<joint>: has no name`},
		{"unknown parent", pair + joint("j", "zz", "b"), `r.urdf:2: joint "j": <parent>: there is no link "zz" in this file`},
		{"unknown child", pair + joint("j", "a", "zz"), `joint "j": <child>: there is no link "zz"`},
		{"no parent", pair + `<joint name="j" type="fixed"><child link="b"/></joint>`, `joint "j": has no <parent link="…"/>`},
		{"parent of nothing", pair + `<joint name="j" type="fixed"><parent/><child link="b"/></joint>`, `<parent>: attribute link is missing`},
		{"itself", pair + joint("j", "a", "a"), `parent and child are the same link "a"`},
		{"several roots", pair, `several links are no joint's child: "a" (line 1), "b" (line 1); a robot has one root`},
		{"cycle", pair + joint("j", "a", "b") + joint("k", "b", "a"), `the joints form a cycle of links: `},
		{"cycle beside a root", pair + `<link name="c"/><link name="d"/>` + joint("i", "a", "b") + joint("j", "c", "d") + joint("k", "d", "c"), `"c" → "d" → "c"`},
		{"two parents", pair + `<link name="c"/>` + joint("j", "a", "c") + joint("i", "a", "b") + joint("k", "b", "c"), `r.urdf:4: joint "k": link "c" is already the child of joint "j" on line 2; close a loop by a <loop_joint>`},

		{"unknown type", hinge("screw", ""), `joint "j": unknown type "screw", want revolute,`},
		{"no type", pair + `<joint name="j"><parent link="a"/><child link="b"/></joint>`, `joint "j": has no type`},
		{"zero axis", hinge("continuous", `<axis xyz="0 0 0"/>`), `joint "j": <axis>: xyz (0, 0, 0) is no direction`},
		{"limits", hinge("revolute", `<limit lower="1" upper="-1"/>`), `joint "j": <limit>: lower limit 1 is above upper limit -1`},
		{"locked", hinge("revolute", `<limit lower="1" upper="1"/>`), `lock the joint; make it fixed`},
		{"effort", hinge("continuous", `<limit effort="nan"/>`), `attribute effort is no number; correct it, or load with Repair`},
		{"damping", hinge("continuous", `<dynamics damping="-1"/>`), `attribute damping is -1, want a number ≥ 0`},
		{"mimic of nothing", hinge("continuous", `<mimic joint="zz"/>`), `joint "j": <mimic>: there is no joint "zz"`},
		{"mimic unnamed", hinge("continuous", `<mimic/>`), `<mimic>: attribute joint is missing`},
		{"mimic itself", hinge("continuous", `<mimic joint="j"/>`), `the joint mimics itself`},
		{"mimic circle", hinge("continuous", `<mimic joint="k"/>`) + `<link name="c">` + heavy + `</link><joint name="k" type="continuous"><parent link="b"/><child link="c"/><mimic joint="j"/></joint>`, `joint "k": <mimic>: the joint mimics itself, by way of "j"`},
		{"mimic ball", hinge("ball", `<mimic joint="j"/>`), `a ball joint cannot mimic`},
		{"mimic of fixed", hinge("continuous", `<mimic joint="k"/>`) + `<link name="c"/>` + strings.Replace(joint("k", "b", "c"), "continuous", "fixed", 1), `joint "k" is fixed; only a joint with one free motion`},

		{"no geometry", link(heavy + `<collision/>`), `link "a": <collision>: has no <geometry>`},
		{"empty geometry", shape(``), `<geometry>: holds no shape`},
		{"no radius", shape(`<sphere/>`), `<sphere>: attribute radius is missing`},
		{"negative radius", shape(`<capsule radius="-1" length="1"/>`), `<capsule>: capsule: radius is -1, want a positive length`},
		{"no size", shape(`<box/>`), `<box>: attribute size is missing`},

		{"unclosed", `<link name="a">`, `r.urdf:1: not well-formed XML: `},
		{"entity", link(`&lol;`), `not well-formed XML: invalid character entity &lol;`},
		{"twin attributes", `<link name="a" name="b"/>`, `<link>: attribute name is given twice`},
		{"deep", strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200), `elements are nested deeper than 100`},
		{"two robots", link("") + `</robot><robot name="s">`, `<robot> follows the end of <robot>`},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(c.body, urdf.Options{})
			if err == nil {
				t.Fatalf("no error, want %q", c.want)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q\nwant %q in it", err, c.want)
			}
			if n := strings.Count(err.Error(), "\n"); n > 0 && !strings.HasPrefix(c.name, "twin") && c.name != "half an inertia" {
				t.Errorf("one mistake, %d errors: %v", n+1, err)
			}
		})
	}
}

func TestWholeFileErrors(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "no XML element in it; is this a URDF file?"},
		{"prose", "hello", `text "hello" outside of any element`},
		{"binary", "solid\x00\xff", "f.urdf:1: not well-formed XML"},
		{"MJCF", "<mujoco/>", "the outermost element is <mujoco>, want <robot> (this is an MJCF file, which models/mjcf reads)"},
		{"SDF", "<sdf/>", "(this is an SDFormat file, which is not read; convert it to URDF or MJCF)"},
		{"encoding", `<?xml version="1.0" encoding="ebcdic"?><robot/>`, "convert the file to UTF-8"},
		{"laughs", `<!DOCTYPE robot [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><robot name="&b;"/>`, "invalid character entity &b;"},
		{"attributes", "<robot" + strings.Repeat(" a='1'", 101) + "/>", "more than 100 attributes"},
		{"crowd", "<robot>" + strings.Repeat("<a/>", 1<<18) + "</robot>", "more than 262144 elements"},
	} {
		_, err := urdf.Read(strings.NewReader(c.file), "f.urdf", urdf.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	body := `<robot name="r"><link name="` + "\xfc" + `">` + heavy + `</link></robot>`
	robot, err := urdf.Read(strings.NewReader(`<?xml version="1.0" encoding="ISO-8859-1"?>`+body), "f.urdf", urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := robot.Builder.Build(); err != nil || m.Bodies()[0] != "ü" {
		t.Errorf("latin 1: %v", err)
	}
	if _, err := urdf.Read(strings.NewReader("\ufeff"+`<?xml version="1.0" encoding="us-ascii"?>`+strings.Replace(body, "\xfc", "u", 1)), "f.urdf", urdf.Options{}); err != nil {
		t.Errorf("ASCII after a byte order mark: %v", err)
	}
}

func TestAllMistakesTogether(t *testing.T) {
	_, err := read(`<link name="a"><inertial><mass value="x"/></inertial></link>
		<link name="b"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="9"/></inertial></link>
		<joint name="j" type="screw"><parent link="a"/><child link="b"/></joint>
		<joint name="k" type="continuous"><parent link="a"/><child link="c"/><axis xyz="0 0 0"/></joint>`, urdf.Options{})
	for _, want := range []string{"r.urdf:1: ", "r.urdf:2: ", "r.urdf:3: ", `r.urdf:4: joint "k": <child>`, `r.urdf:4: joint "k": <axis>`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	_, err = read(strings.Repeat("<link/>", 1000), urdf.Options{})
	if n := strings.Count(err.Error(), "\n"); n > 200 || !strings.Contains(err.Error(), "r.urdf: and 901 more") {
		t.Errorf("%d lines of errors", n)
	}
}

type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += int64(len(p))
	return len(p), nil
}

func TestHugeFiles(t *testing.T) {
	e := &endless{}
	_, err := urdf.Read(io.MultiReader(strings.NewReader("<robot>"), e), "big.urdf", urdf.Options{})
	if err == nil || !strings.Contains(err.Error(), "big.urdf: larger than 64 MiB") {
		t.Errorf("error %v", err)
	}
	if e.read > urdf.MaxSize+1<<20 {
		t.Errorf("read %d bytes before refusing", e.read)
	}
	path := filepath.Join(t.TempDir(), "big.urdf")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 100<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := urdf.Load(path, urdf.Options{}); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Errorf("error %v", err)
	}
	if _, err := urdf.Load(filepath.Join(t.TempDir(), "none.urdf"), urdf.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
