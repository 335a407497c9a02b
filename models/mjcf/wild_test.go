package mjcf_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ukemi-sim/ukemi/models/mjcf"
)

// TestUnitOfAngles: degrees are what nothing said means, and not what many think.
func TestUnitOfAngles(t *testing.T) {
	arm := func(compiler, first, second string) string {
		return "<mujoco>" + compiler + `<worldbody><body><joint name="a" range="` + first + `"/><geom size="1"/><body><joint name="b" range="` + second + `"/><geom size="1"/></body></body></worldbody></mujoco>`
	}
	const degree, radian = `<compiler angle="degree"/>`, `<compiler angle="radian"/>`
	for _, c := range []struct{ text, note string }{
		{arm("", "-1.57 1.57", "-3.1 0"), `<joint> "b": no limited hinge reaches more than 3.1 degrees`},
		{arm("", "-1.57 1.57", "-90 0"), ""},
		{arm(degree, "-1.57 1.57", "-3.1 0"), ""},
		{arm(radian, "-1.57 1.57", "-3.1 0"), ""},
		{arm(radian, "-1.57 1.57", "-90 0"), `<joint> "b": its range reaches 90 rad, as <compiler angle="radian"/> says: is it in degrees?`},
	} {
		m, err := mjcf.Parse(strings.NewReader(c.text), "t.xml")
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, n := range m.Notes {
			said += n.String() + "\n"
		}
		if !strings.Contains(said, c.note) || c.note == "" && strings.Contains(said, "range") {
			t.Errorf("%s says %q, want %q", c.text, said, c.note)
		}
	}
}

// TestWhatEditorsLeaveAroundTheXML: such files are as common here as among URDF files, and the same reading mends them.
func TestWhatEditorsLeaveAroundTheXML(t *testing.T) {
	body := "<mujoco>\r\n<!-- a -- comment -->\r\n<worldbody><body><freejoint/><geom name='ball' size='1'/></body></worldbody></mujoco>"
	wide := func(s string, order binary.AppendByteOrder) string {
		var b []byte
		for _, c := range utf16.Encode([]rune(s)) {
			b = order.AppendUint16(b, c)
		}
		return string(b)
	}
	for _, c := range []struct{ name, text, note string }{
		{"plain", body, ""},
		{"version 0.0", `<?xml version="0.0" ?>` + body, `<?xml>: XML version "0.0" read as 1.0`},
		{"version 1.1", "<?xml version='1.1'?>\n" + body, `<?xml>: XML version "1.1" read as 1.0`},
		{"zero byte", body + "\x00\n", "zero bytes behind the end"},
		{"the end of file of DOS", body + "\x1a", "zero bytes behind the end"},
		{"byte order mark", "\ufeff" + body, ""},
		{"UTF-16, little end first", wide("\ufeff<?xml version='1.0' encoding='utf-16'?>"+body, binary.LittleEndian), ""},
		{"UTF-16 without a mark", wide(body, binary.BigEndian), ""},
		{"UTF-16 only by its declaration", `<?xml version="1.0" encoding="UTF-16"?>` + body, `encoding "UTF-16" read as UTF-8`},
		{"Latin-1 undeclared", strings.Replace(body, "ball", "J\xf6rg", 1), "byte 0xf6 is not UTF-8"},
		{"Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?>` + strings.Replace(body, "ball", "J\xf6rg", 1), ""},
		{"old Macs", strings.ReplaceAll(body, "\r\n", "\r"), ""},
	} {
		m, err := mjcf.Parse(strings.NewReader(c.text), "t.xml")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		said := ""
		for _, n := range m.Notes {
			said += n.String() + "\n"
		}
		if !strings.Contains(said, c.note) || c.note == "" && strings.Contains(said, "t.xml:1: <?") {
			t.Errorf("%s: notes %q, want %q", c.name, said, c.note)
		}
		if name := m.Geoms[0].Name; name != "ball" && name != "Jörg" {
			t.Errorf("%s: a geom is called %q", c.name, name)
		}
	}
	for text, want := range map[string]string{
		"\xff\xfe\x00\x00<\x00\x00\x00":                              "t.xml: the file is UTF-32; convert it to UTF-8",
		"version https://git-lfs.github.com/spec/v1\noid sha256:0\n": "run `git lfs pull`",
		`<?xml version="1.0" encoding="klingon"?><mujoco/>`:          `encoding "klingon" is not known here`,
		"<mujoco>\r<worldbody>\r<geom/>\r</worldbody>\r</mujoco>":    "t.xml:3: <geom>",
		"<mujoco><worldbody>":                                        "the file is cut off",
		"<sdf/>":                                                     "convert it to URDF or MJCF",
		inBody(`<geom size="${r}"/>`):                                `attribute size: "${r}" is not a number but an expression: run xacro first`,
		inBody(`<joint range="{{ a }} 1"/>`):                         `attribute range: "{{ a }} 1" is not a number but an expression`,
		inBody(`<geom size="@R@"/>`):                                 `"@R@" is not a number but an expression`,
	} {
		if _, err := mjcf.Parse(strings.NewReader(text), "t.xml"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestWeights: moving bodies that nothing could move are named with their lines, all together, and repaired when asked for.
func TestWeights(t *testing.T) {
	body := func(inner string) string {
		return "<mujoco><worldbody>\n<body name='a'><freejoint/>" + inner + "</body></worldbody></mujoco>"
	}
	for _, c := range []struct{ text, wrong, note string }{
		{body(""), `t.xml:2: <body> "a": moves, but has no mass`, "a ball of 1 g and 1 cm radius"},
		{body("<geom size='.1' density='0'/>\n<body name='b'><joint/></body>"), `t.xml:3: <body> "b": moves, but has no mass`, "a ball of 1 g"},
		{body("<inertial pos='0 0 0' mass='1' diaginertia='1 1 3'/>"), `t.xml:2: <body> "a": inertia breaks the triangle inequality`, "principal moments 1, 1, 3 changed to"},
		{body("<inertial pos='0 0 0' mass='1' diaginertia='0 0 0'/>"), `t.xml:2: <body> "a": inertia is not positive definite`, "changed to 1e-06, 1e-06, 1e-06"},
		{body("<geom size='1' mass='20'/>\n<body name='b'><joint/></body>"), `t.xml:3: <body> "b": moves`, "a ball of 2 g and 1.26 cm radius"},
	} {
		m, err := mjcf.Parse(strings.NewReader(c.text), "t.xml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Robot(mjcf.Options{}); err == nil || !strings.Contains(err.Error(), c.wrong) || !strings.Contains(err.Error(), "or load with Repair: ") {
			t.Errorf("%s: %v, want %q", c.text, err, c.wrong)
		}
		r, err := m.Robot(mjcf.Options{Repair: true})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		said := ""
		for _, n := range r.Notes {
			if n.Physics() {
				said += n.String() + "\n"
			}
		}
		if !strings.Contains(said, c.note) {
			t.Errorf("%s: %q, want %q", c.text, said, c.note)
		}
		if _, err := r.Builder.Build(); err != nil {
			t.Errorf("%s: %v", c.text, err)
		}
	}
	for _, text := range []string{ // what is welded to it, or hangs on it, makes up for it
		body("<inertial pos='0 0 0' mass='1' diaginertia='0 0 0'/><body><geom size='1'/></body>"),
		"<mujoco><worldbody><body><joint/><body><joint axis='0 1 0'/><geom size='1' pos='1 1 0'/></body></body></worldbody></mujoco>",
	} {
		if r, err := mjcf.Parse(strings.NewReader(text), "t.xml"); err != nil {
			t.Error(err)
		} else if b, err := r.Robot(mjcf.Options{}); err != nil {
			t.Errorf("%s: %v", text, err)
		} else if _, err := b.Builder.Build(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	m, err := mjcf.Parse(strings.NewReader(body("<geom size='1' mass='1e300'/>")), "t.xml")
	if err == nil {
		_, err = m.Robot(mjcf.Options{Repair: true})
	}
	if err == nil || !strings.Contains(err.Error(), `t.xml:2: <body> "a": a mass of 1e+300 kg is beyond anything a robot has`) {
		t.Error(err)
	}
}
