package urdf_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Kinds of trouble that files of the real world cause, each told by a small robot.

// onWorld returns links hung on the world by joints: name, inner part of the link, type and inner part of the joint.
func onWorld(parts ...string) string {
	var b strings.Builder
	b.WriteString(`<link name="world"/>`)
	for i := 0; i < len(parts); i += 4 {
		b.WriteString(`<link name="` + parts[i] + `">` + parts[i+1] + `</link><joint name="j` + parts[i] + `" type="` + parts[i+2] +
			`"><parent link="world"/><child link="` + parts[i] + `"/>` + parts[i+3] + `</joint>`)
	}
	return b.String()
}

// run takes a second of steps of 10 ms from the start without inputs.
func run(t *testing.T, m *sim.Model) sim.State {
	t.Helper()
	x := m.NewState()
	st := m.NewStepper(sim.Options{})
	for k := range 100 {
		if _, err := st.Step(&x, x, nil); err != nil {
			t.Fatalf("step %d: %v", k+1, err)
		}
	}
	return x
}

func readFile(text string, opt urdf.Options) (*urdf.Robot, error) {
	return urdf.Read(strings.NewReader(text), "f.urdf", opt)
}

func TestXMLVersionsOfTheWild(t *testing.T) {
	body := "<robot name='r'><link name='a'>" + heavy + "</link></robot>"
	for _, head := range []string{`<?xml version="0.0" ?>`, `<?xml version='1.1'?>`, `<?xml version="1.00" encoding="utf-8"?>`, `<?xml  encoding='UTF-8' version = "2"?>`} {
		robot, err := readFile(head+"\n"+body, urdf.Options{})
		if err != nil {
			t.Errorf("%s: %v", head, err)
			continue
		}
		wantNote(t, robot.Notes, "line 1: <?xml>: XML version ")
	}
	for _, head := range []string{`<?xml version="1.0"?>`, `<?xml encoding="utf-8"?>`, ""} {
		if robot, err := readFile(head+body, urdf.Options{}); err != nil || len(robot.Notes) > 0 {
			t.Errorf("%s: %v", head, err)
		}
	}
}

func TestWhatEditorsLeaveAroundTheXML(t *testing.T) {
	body := "<robot name='r'>\r\n<!-- a comment -->\r\n<link name='a'>" + heavy + "</link>\r\n</robot>"
	wide := func(s string, big bool) string {
		var b strings.Builder
		for _, c := range s {
			hi, lo := byte(c>>8), byte(c)
			if !big {
				hi, lo = lo, hi
			}
			b.WriteByte(hi)
			b.WriteByte(lo)
		}
		return b.String()
	}
	for _, c := range []struct{ name, text, note string }{
		{"zero byte", body + "\x00", "zero bytes behind the end"},
		{"zero bytes and lines", body + "\n\x00\x00\n", "line 4: <robot>: zero bytes behind the end"},
		{"the end of file of DOS", body + "\x1a", "behind the end"},
		{"byte order mark", "\ufeff" + body, ""},
		{"UTF-16, little end first", wide("\ufeff<?xml version='1.0' encoding='utf-16'?>"+body, false), ""},
		{"UTF-16, big end first", wide("\ufeff"+body, true), ""},
		{"UTF-16 without a mark", wide(body, false), ""},
		{"UTF-16 only by its declaration", `<?xml version="1.0" encoding="UTF-16"?>` + body, `encoding "UTF-16" read as UTF-8`},
		{"Latin-1 undeclared", strings.Replace(body, "a comment", "von J\xf6rg", 1), "line 2: <robot>: byte 0xf6 is not UTF-8"},
		{"Latin-1 that says UTF-8", `<?xml version="1.0" encoding="UTF-8"?>` + strings.Replace(body, "a comment", "von J\xf6rg", 1), "byte 0xf6 is not UTF-8"},
		{"GBK", `<?xml version="1.0" encoding="gb2312"?>` + strings.Replace(body, "a comment", "\xbb\xfa\xd0\xb5", 1), ""},
	} {
		robot, err := readFile(c.text, urdf.Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if c.note != "" {
			wantNote(t, robot.Notes, c.note)
		} else if len(robot.Notes) > 0 {
			t.Errorf("%s: notes %q", c.name, robot.Notes)
		}
	}
	for text, want := range map[string]string{
		"\xff\xfe\x00\x00<\x00\x00\x00":                              "f.urdf: the file is UTF-32; convert it to UTF-8",
		"version https://git-lfs.github.com/spec/v1\noid sha256:0\n": "run `git lfs pull`",
		"<robot>\r<link name='a'/>\r<link name='a'/>\r</robot>":      "f.urdf:3: link \"a\": the name is used twice, first on line 2",
		"<sdf/>": "convert it to URDF or MJCF",
		"<robot><link name='a'><inertial><mass value='1.0 * ${m}'/></inertial></link></robot>": `"1.0 * ${m}" is not a number but an expression`,
		"<robot><link name='a'><inertial><mass value='1.0 * 2'/></inertial></link></robot>":    `"1.0 * 2" is a formula`,
	} {
		if _, err := readFile(text, urdf.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := readFile(strings.Replace(body, "<link", "\x00<link", 1), urdf.Options{}); err == nil || !strings.Contains(err.Error(), "f.urdf:3: not well-formed XML") {
		t.Errorf("a zero byte inside: %v", err)
	}
}

// TestDefaultNamespace: descriptions of Drake put all elements into a namespace.
func TestDefaultNamespace(t *testing.T) {
	robot, err := readFile(`<robot xmlns="http://drake.mit.edu" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x y" name="r"><link name="a">`+heavy+`</link></robot>`, urdf.Options{})
	if err != nil || len(robot.Notes) != 1 {
		t.Fatalf("%v, %+v", err, robot)
	}
	wantNote(t, robot.Notes, `attribute http://www.w3.org/2001/XMLSchema-instance:schemaLocation="x y" ignored`)
}

func TestLimitsThatSayNoneOrFixed(t *testing.T) {
	// a sled on limits in the wrong order carries a boom locked at 0.3 rad
	body := onWorld("sled", heavy, "prismatic", `<limit lower="2" upper="-2" effort="5"/>`) +
		`<link name="boom"><inertial><origin xyz="0 0 -1"/><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>
		<joint name="k" type="revolute"><parent link="sled"/><child link="boom"/><origin xyz="0 2 0" rpy="0 0 1.5707963267948966"/><axis xyz="1 0 0"/><limit lower="0.3" upper="0.3" effort="5"/></joint>`
	_, err := read(body, urdf.Options{})
	for _, want := range []string{`joint "jsled": <limit>: lower limit 2 is above upper limit -2`, `joint "k": <limit>: limits lower = upper = 0.3 lock the joint`} {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "load with Repair") != 2 {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	m, notes := build(t, body, urdf.Options{Repair: true})
	wantNote(t, notes, `<limit> "jsled": repaired: lower limit 2 is above upper limit -2: the joint has no limits`)
	wantNote(t, notes, `<limit> "k": repaired: limits lower = upper = 0.3 lock the joint; make it fixed and move its origin: the joint is fixed at 0.3`)
	if a := m.Joints()[0].Axes[0]; m.NV() != 1 || a.Limited || a.Effort != 5 {
		t.Errorf("nv %d, axis %+v", m.NV(), a)
	}
	f, _ := m.Frame("boom")
	if r := r3.Rotation(f.Pose.Rot).Rotate(r3.Vec{Z: -1}); !near(r, r3.Vec{X: -math.Sin(0.3), Z: -math.Cos(0.3)}) {
		t.Errorf("the boom hangs along %v", r)
	}
	if c := m.BodyInertia(0).COM; !near(c, r3.Vec{X: -math.Sin(0.3) / 3, Y: 2. / 3, Z: -math.Cos(0.3) / 3}) {
		t.Errorf("center of mass %v", c)
	}
	run(t, m)
	for _, c := range []struct{ limits, want string }{
		{`lower="0.5" upper="0.5000000001"`, "leave no room"},
		{`lower="1e16" upper="1e16"`, "out of reach"},
		{`lower="nan" upper="1"`, "are no numbers"},
		{`lower="inf" upper="inf"`, "out of reach"},
	} {
		j := hinge("prismatic", `<limit `+c.limits+`/>`)
		if _, err := read(j, urdf.Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v", c.limits, err)
		}
		_, notes := build(t, j, urdf.Options{Repair: true})
		wantNote(t, notes, c.want)
	}
}

func TestUnknownEffortsAndLimits(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		limit string
		want  sim.Axis
		notes []string
	}{
		{`lower="-1" upper="1" effort="-1" velocity="-1"`, sim.Axis{Limited: true, Lower: -1, Upper: 1}, []string{"effort -1 read as no bound"}},
		{`lower="0" upper="inf" effort="inf"`, sim.Axis{Limited: true, Lower: 0, Upper: inf}, []string{"upper limit +Inf read as none", "effort +Inf read as no bound"}},
		{`lower="-INF" upper="Infinity" effort="1e30"`, sim.Axis{}, []string{"lower limit -Inf read as none", "effort 1e+30 read as no bound"}},
		{`lower="-1e999" upper="2" effort=""`, sim.Axis{Limited: true, Lower: -inf, Upper: 2}, []string{"lower limit -Inf read as none", "attribute effort is empty, read as absent"}},
	} {
		for _, repair := range []bool{false, true} {
			m, notes := build(t, hinge("prismatic", "<limit "+c.limit+"/>"), urdf.Options{Base: urdf.FixedBase, Repair: repair})
			c.want.Drive = sim.Torque
			if a := m.Joints()[0].Axes[0]; a != c.want {
				t.Errorf("%s: %+v", c.limit, a)
			}
			for _, n := range c.notes {
				wantNote(t, notes, n)
			}
			run(t, m)
		}
	}
}

func TestLeftoversOfTemplates(t *testing.T) {
	for _, v := range []string{"$(arg height) 0 1", "{RADIUS} 0 0", "$x 0 0", "${a b}", "0 @Y@ 0", "{{ z }}"} {
		for _, repair := range []bool{false, true} {
			_, err := read(pair+"\n"+`<joint name="j" type="fixed"><parent link="a"/><child link="b"/><origin xyz="`+v+`"/></joint>`, urdf.Options{Repair: repair})
			if err == nil || !strings.Contains(err.Error(), `r.urdf:2: joint "j": <origin>: attribute xyz: "`+v+`" is not a number`) || !strings.Contains(err.Error(), "run xacro first") {
				t.Errorf("%s: %v", v, err)
			}
		}
	}
	if _, err := read(hinge("${kind}", ""), urdf.Options{}); err == nil || !strings.Contains(err.Error(), `unknown type "${kind}", run xacro first`) {
		t.Errorf("type: %v", err)
	}
	if _, err := read(strings.Replace(hinge("fixed", ""), `parent link="a"`, `parent link="${p}a"`, 1), urdf.Options{}); err == nil || !strings.Contains(err.Error(), `there is no link "${p}a" in this file, which looks like an expression: run xacro first`) {
		t.Errorf("parent: %v", err)
	}
	_, notes := build(t, `<link name="${side}_arm">`+heavy+`<visual><geometry><mesh filename="$(find robot)/arm.stl"/></geometry></visual></link>
		<include filename="$(find robot)/gripper.xacro"/>`, urdf.Options{})
	wantNote(t, notes, `the name "${side}_arm" looks like an expression`)
	wantNote(t, notes, `the file name "$(find robot)/arm.stl" looks like an expression`)
	wantNote(t, notes, `ignored: other files are not read: run xacro first`)
}

func TestNumbersWrittenStrangely(t *testing.T) {
	mass := func(v string) string {
		return `<link name="a"><inertial><mass value="` + v + `"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>`
	}
	for _, c := range []struct{ value, want string }{
		{"2kg", `"2kg" is not a number; leave out the unit`},
		{"pi/2", `"pi/2" is a formula`},
		{"-PI", `"-PI" is a formula`},
		{"−1", `write the minus as a hyphen`},
		{"2,5", `write a decimal point`},
		{"two", `"two" is not a number`},
		{"1 2", `has 2 numbers, want 1`},
	} {
		if _, err := read(mass(c.value), urdf.Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.value, err)
		}
	}
	at := func(v string) string {
		return pair + `<joint name="j" type="fixed"><parent link="a"/><child link="b"/><origin xyz="` + v + `" rpy=" "/></joint>`
	}
	for _, v := range []string{"1,2,3", "1, 2, 3", "1;2 ;3", " 1\t2\n3 "} {
		m, notes := build(t, at(v), urdf.Options{})
		if f, _ := m.Frame("b"); !near(f.Pose.Pos, r3.Vec{X: 1, Y: 2, Z: 3}) {
			t.Errorf("%q read as %v", v, f.Pose.Pos)
		}
		wantNote(t, notes, "attribute rpy is empty, read as absent")
		if strings.ContainsAny(v, ",;") {
			wantNote(t, notes, "commas read as blanks")
		}
	}
	for _, v := range []string{"1,5 2", "1,5 2,5 3,5", "1,2,3,"} {
		if _, err := read(at(v), urdf.Options{}); err == nil {
			t.Errorf("%q is read without a word", v)
		}
	}
}

func TestWhatIsOnlyDrawnRefusesNoRobot(t *testing.T) {
	for _, c := range []struct{ visual, note string }{
		{`<geometry><mesh filename="m.stl" scale="1 2 3 4"/></geometry>`, "the first three are used"},
		{`<geometry><mesh filename="m.stl" scale="0.5"/></geometry>`, "scale 0.5 read as the same along all axes"},
		{`<geometry><mesh filename="m.stl" scale="1 2"/></geometry>`, "not drawn: attribute scale=\"1 2\" has 2 numbers"},
		{`<geometry><mesh filename="m.stl" scale="1 nan 1"/></geometry>`, "not drawn: attribute scale: \"nan\" is not a finite number"},
		{`<geometry><mesh filename="m.stl" scale="0 1 1"/></geometry>`, "not drawn: scale (0, 1, 1) leaves nothing"},
		{`<geometry><mesh/></geometry>`, "not drawn: attribute filename is missing"},
		{`<geometry><box size="1 1 0"/></geometry>`, "not drawn: box: half extent z is 0"},
		{`<geometry><box size="${a}"/></geometry>`, "not drawn: attribute size: \"${a}\" is not a number"},
		{`<geometry/>`, "not drawn: holds no shape"},
		{``, "not drawn: has no <geometry>"},
		{`<origin xyz="1 2"/><geometry><sphere radius="1"/></geometry>`, "not drawn: attribute xyz=\"1 2\" has 2 numbers"},
		{`<geometry><sphere radius="1"/></geometry><material name="m"><color rgba="1 1"/></material>`, "not drawn: attribute rgba=\"1 1\" has 2 numbers"},
	} {
		m, notes := build(t, `<link name="a">`+heavy+`<visual>`+c.visual+`</visual></link><material><color rgba="1 1 1 1"/></material>`, urdf.Options{})
		wantNote(t, notes, c.note)
		wantNote(t, notes, "<material>: not drawn: has no name")
		for _, n := range notes {
			if n.Severity != urdf.Drawing {
				t.Errorf("%v has severity %v", n, n.Severity)
			}
		}
		for _, d := range m.Drawn() {
			if d.Mesh != "" && !strings.Contains(c.note, "not drawn") != (d.Scale != r3.Vec{}) {
				t.Errorf("%s: %+v", c.visual, d)
			}
		}
	}
}

// TestSpindle: a link with mass, all of it on the axis of its hinge.
func TestSpindle(t *testing.T) {
	body := onWorld("beam", heavy, "revolute", `<axis xyz="0 1 0"/><limit lower="-1" upper="1"/>`) +
		"\n" + `<link name="pin"><inertial><origin xyz="0 0 1"/><mass value="1e-3"/><inertia ixx="1e-12" iyy="1e-12" izz="1e-12"/></inertial></link>
		<joint name="k" type="continuous"><parent link="beam"/><child link="pin"/><axis xyz="0 0 1"/><origin xyz="1 0 0"/></joint>`
	robot, err := read(body, urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantNote(t, robot.Notes, `line 2: <link> "pin": turns with an inertia of 1e-12 kg m² about its joint`)
	m, notes := build(t, body, urdf.Options{Repair: true})
	wantNote(t, notes, `<link> "pin": repaired: it turns with an inertia of 1e-12 kg m² about its joint`)
	if in := m.BodyInertia(1); !(in.Izz > 1e-9) || in.Mass != 1e-3 {
		t.Errorf("inertia %+v", in)
	}
	run(t, m)
	if _, notes := build(t, strings.Replace(body, `"0 0 1"/><mass`, `"0 0.1 1"/><mass`, 1), urdf.Options{}); len(notes) != 0 {
		t.Errorf("a mass beside the axis is worth a remark: %q", notes)
	}
}

func TestUndeclaredWorld(t *testing.T) {
	body := strings.Replace(onWorld("mill", heavy, "continuous", ""), `<link name="world"/>`, "", 1)
	m, notes := build(t, body, urdf.Options{})
	wantNote(t, notes, `<parent> "jmill": no link "world" is declared, read as the world itself`)
	if m.NV() != 1 {
		t.Errorf("nv %d", m.NV())
	}
	_, err := read(strings.ReplaceAll(body, "world", "floor"), urdf.Options{})
	if err == nil || !strings.Contains(err.Error(), `there is no link "floor" in this file; declare <link name="floor"/>`) {
		t.Errorf("error %v", err)
	}
	_, err = read(strings.ReplaceAll(body, `"world"`, `"Mill "`), urdf.Options{})
	if err == nil || !strings.Contains(err.Error(), `"mill" differs in capitals or blanks`) {
		t.Errorf("error %v", err)
	}
}

// TestOtherUnits: degrees and millimeters are read as what URDF has, and asked about.
func TestOtherUnits(t *testing.T) {
	solid := func(origin, shape string) string {
		return `<link name="a">` + heavy + `<collision>` + origin + `<geometry>` + shape + `</geometry></collision></link>`
	}
	_, notes := build(t, solid(`<origin rpy="90 0 -180"/>`, `<sphere radius="1"/>`), urdf.Options{})
	wantNote(t, notes, `<origin> "a": attribute rpy="90 0 -180" turns by 180 rad: are they degrees?`)
	_, notes = build(t, solid("", `<box size="100 200 50"/>`), urdf.Options{})
	wantNote(t, notes, `<geometry> "a": touches up to 115 m from its origin: is it in millimeters?`)
	for _, body := range []string{solid(`<origin rpy="6.2832 -6.2832 3.14"/>`, `<sphere radius="1"/>`), solid("", `<box size="20 20 0.1"/>`)} {
		if _, notes := build(t, body, urdf.Options{}); len(notes) > 0 {
			t.Errorf("notes %q", notes)
		}
	}
}

// TestWorldAsChild: a joint that was drawn the wrong way round bolts nothing down.
func TestWorldAsChild(t *testing.T) {
	m, notes := build(t, `<link name="a">`+heavy+`</link><link name="world"/><joint name="bolt" type="fixed"><parent link="a"/><child link="world"/></joint>`, urdf.Options{})
	wantNote(t, notes, `<link> "world": the link called world hangs on joint "bolt" and is a link like any other`)
	if m.NV() != 6 {
		t.Errorf("nv %d", m.NV())
	}
}

func TestNamesOfJoints(t *testing.T) {
	hub := `<link name="a">` + heavy + `</link>`
	for i, name := range []string{`name="j"`, `name="j_2"`, `name="j"`, ``, ``} {
		l := string(rune('b' + i))
		hub += `<link name="` + l + `">` + heavy + `</link><joint ` + name + ` type="continuous"><parent link="a"/><child link="` + l + `"/></joint>`
	}
	robot, err := read(hub, urdf.Options{Repair: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, j := range robot.Builder.Joints()[1:] {
		got = append(got, j.Name)
	}
	if s := strings.Join(got, " "); s != "j j_2 j_3 joint joint_2" {
		t.Errorf("joints %s", s)
	}
	wantNote(t, robot.Notes, `the name is used twice, first on line 1; names of joints must differ: it is called "j_3"`)
	if _, err := robot.Builder.Build(); err != nil {
		t.Error(err)
	}
}

func TestOddJoints(t *testing.T) {
	m, notes := build(t, hinge(" Revolute", `<limit lower="-1" upper="1"/>`), urdf.Options{})
	wantNote(t, notes, `type " Revolute" read as "revolute"`)
	if m.NV() != 7 {
		t.Errorf("nv %d", m.NV())
	}
	m, notes = build(t, hinge("continuous", `<axis xyz="0 0 0"/><limit effort="1"/>`), urdf.Options{Repair: true})
	wantNote(t, notes, "xyz (0, 0, 0) is no direction: the joint is fixed")
	if m.NV() != 6 {
		t.Errorf("nv %d", m.NV())
	}
	_, notes = build(t, hinge("planar", `<axis xyz="0 0 2"/>`), urdf.Options{})
	wantNote(t, notes, "planar joint: slides along (1, 0, 0) and (0, 1, 0) and turns about (0, 0, 1), without drive")
	_, notes = build(t, hinge("floating", ""), urdf.Options{})
	wantNote(t, notes, "floating joint: slides along x, y, z of its frame")
	_, notes = build(t, hinge("continuous", `<dynamics damping="-3" friction="nan"/>`), urdf.Options{Repair: true})
	wantNote(t, notes, "attribute damping is -3, want a number ≥ 0 that is no more than 1e12: it is read as 0")
	wantNote(t, notes, "attribute friction is NaN")
}

func TestTinyAndHugeNumbers(t *testing.T) {
	for _, c := range []struct{ body, note string }{
		{hinge("continuous", `<dynamics friction="1e-12"/>`), "friction 1e-12 read as none"},
		{hinge("continuous", `<dynamics friction="1e11"/>`), "friction 1e+11 read as 1e+06, which holds any robot"},
		{hinge("continuous", `<limit effort="1e-300"/>`), "effort 1e-300 moves nothing: the joint has no drive"},
	} {
		m, notes := build(t, c.body, urdf.Options{Base: urdf.FixedBase})
		wantNote(t, notes, c.note)
		run(t, m)
	}
	for _, c := range []struct{ body, want string }{
		{hinge("continuous", `<origin xyz="1e300 0 0"/>`), `"1e300" is beyond anything a robot has`},
		{`<link name="a"><inertial><mass value="1e-300"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>`, `"1e-300" is beyond anything a robot has; correct it, or load with Repair`},
		{`<link name="a"><inertial><mass value="1e40"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>`, `"1e40" is beyond anything`},
		{hinge("continuous", `<dynamics damping="1e300"/>`), `want a number ≥ 0 that is no more than 1e12`},
		{hinge("continuous", `<mimic joint="k" multiplier="1e9"/>`) + `<link name="c">` + heavy + `</link><joint name="k" type="continuous"><parent link="b"/><child link="c"/></joint>`, "it follows by 1e+09 times and 0"},
	} {
		if _, err := read(c.body, urdf.Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// TestLongChain: a thousand links are a robot like any other, without a remark.
func TestLongChain(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<link name="world"/>`)
	for i := range 1000 {
		parent := fmt.Sprint("l", i-1)
		if i == 0 {
			parent = "world"
		}
		fmt.Fprintf(&b, `<link name="l%d"><inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01"/></inertial></link>
			<joint name="j%d" type="continuous"><parent link="%s"/><child link="l%d"/><origin xyz="0 0 -0.2"/><axis xyz="0 1 0"/></joint>`, i, i, parent, i)
	}
	m, notes := build(t, b.String(), urdf.Options{Repair: true, Timestep: 0.002})
	if m.NV() != 1000 || len(notes) != 0 {
		t.Errorf("nv %d, notes %q", m.NV(), notes)
	}
	x := m.NewState()
	if _, err := m.NewStepper(sim.Options{}).Step(&x, x, nil); err != nil {
		t.Error(err)
	}
}
