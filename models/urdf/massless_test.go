package urdf_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestSpeckOnASlider(t *testing.T) {
	body := onWorld("beam", heavy, "revolute", `<axis xyz="0 1 0"/><limit lower="-1" upper="1"/>`) +
		"\n" + `<link name="dot"><inertial><mass value="1e-11"/><inertia ixx="1e-15" iyy="1e-15" izz="1e-15"/></inertial></link>
		<joint name="k" type="prismatic"><parent link="beam"/><child link="dot"/><limit lower="0" upper="0.1"/></joint>`
	_, notes := build(t, body, urdf.Options{})
	wantNote(t, notes, `line 2: <link> "dot": moves with a mass of 1e-11 kg`)
	wantNote(t, notes, `load with Repair to make it 0.001 kg`)
	m, notes := build(t, body, urdf.Options{Repair: true})
	wantNote(t, notes, `line 2: <link> "dot": repaired: it moves with a mass of 1e-11 kg`)
	if in := m.BodyInertia(1); math.Abs(in.Mass-1e-3) > 1e-12 || math.Abs(in.Ixx-1e-7) > 1e-16 {
		t.Errorf("inertia %+v", in)
	}
	run(t, m)
	if _, notes := build(t, strings.NewReplacer("1e-11", "1e-3", "1e-15", "1e-7").Replace(body), urdf.Options{}); len(notes) != 0 {
		t.Errorf("a gram is worth a remark: %q", notes)
	}
}

func TestArmWithoutInertials(t *testing.T) {
	drawn := `<visual><geometry><box size="1 0.2 0.1"/></geometry></visual>`
	body := onWorld("a", drawn, "continuous", `<axis xyz="0 1 0"/>`)
	for i, axis := range []string{"1 0 0", "0 0 1", "1 0 0"} {
		l, p := string(rune('b'+i)), string(rune('a'+i))
		body += "\n" + `<link name="` + l + `"/><joint name="j` + l + `" type="continuous"><parent link="` + p + `"/><child link="` + l + `"/><axis xyz="` + axis + `"/></joint>`
	}
	_, err := read(body, urdf.Options{})
	for _, l := range []string{"a", "b", "c", "d"} {
		if err == nil || !strings.Contains(err.Error(), `link "`+l+`": has no mass but moves`) {
			t.Errorf("link %s is not in %v", l, err)
		}
	}
	m, notes := build(t, body, urdf.Options{Repair: true})
	wantNote(t, notes, `<link> "a": repaired: the link has no mass but moves, and so have the links that hang on it; it got that of its drawn shapes at 1000 kg/m³, 20 kg`)
	wantNote(t, notes, `<link> "d": repaired: the link has no mass but moves, and ends a chain; it got that of a ball of 1 g and 1 cm radius`)
	if in, want := m.BodyInertia(0), sim.BoxInertia(20, r3.Vec{X: 0.5, Y: 0.1, Z: 0.05}); math.Abs(in.Mass-20) > 1e-12 || math.Abs(in.Ixx-want.Ixx)+math.Abs(in.Izz-want.Izz) > 1e-12 {
		t.Errorf("inertia %+v, want %+v", in, want)
	}
	run(t, m)
}

// TestMasslessWristInLine: first and last axis of a massless wrist in line move nothing; across, they may.
func TestMasslessWristInLine(t *testing.T) {
	wrist := func(last string) string {
		body := onWorld("a", heavy, "continuous", `<axis xyz="0 1 0"/>`)
		for i, axis := range []string{"1 0 0", "0 0 1", last} {
			l, p, in := string(rune('b'+i)), string(rune('a'+i)), ""
			if l == "d" {
				in = heavy
			}
			body += "\n" + `<link name="` + l + `">` + in + `</link><joint name="j` + l + `" type="continuous"><parent link="` + p + `"/><child link="` + l + `"/><axis xyz="` + axis + `"/></joint>`
		}
		return body
	}
	m, notes := build(t, wrist("0 1 0"), urdf.Options{})
	if len(notes) != 0 || m.TotalMass() != 4 {
		t.Errorf("mass %g, notes %q", m.TotalMass(), notes)
	}
	run(t, m)
	_, err := read(wrist("2 0 0"), urdf.Options{})
	for _, want := range []string{`r.urdf:2: link "b": has no mass, and the joints around "b", "c" can move without moving anything`, `r.urdf:3: link "c"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if _, err := read(wrist("1 1e-9 0"), urdf.Options{}); err == nil {
		t.Error("in line to a billionth is independent")
	}
	m, _ = build(t, wrist("2 0 0"), urdf.Options{Repair: true})
	if math.Abs(m.TotalMass()-4.002) > 1e-12 {
		t.Errorf("mass %g", m.TotalMass())
	}
	run(t, m)
}

// TestDampedWristInLine: damping resists where no mass does.
func TestDampedWristInLine(t *testing.T) {
	wrist := func(dynamics string) string {
		return onWorld("a", heavy, "continuous", `<axis xyz="0 1 0"/>`) + `<link name="b"/><joint name="jb" type="continuous"><parent link="a"/><child link="b"/>` + dynamics + `</joint>` +
			`<link name="c">` + heavy + `</link><joint name="jc" type="continuous"><parent link="b"/><child link="c"/></joint>`
	}
	if _, err := read(wrist(""), urdf.Options{}); err == nil {
		t.Error("two hinges in line around a massless link load")
	}
	m, _ := build(t, wrist(`<dynamics damping="0.1"/>`), urdf.Options{})
	run(t, m)
}

// TestShapesWithoutMass: a link between moving joints may have no mass, but not without a word when it has shapes.
func TestShapesWithoutMass(t *testing.T) {
	body := onWorld("a", `<collision><geometry><box size="0.1 0.1 0.1"/></geometry></collision>`, "continuous", `<axis xyz="0 0 1"/>`) +
		`<link name="b">` + heavy + `</link><joint name="jb" type="continuous"><parent link="a"/><child link="b"/></joint>`
	m, notes := build(t, body, urdf.Options{})
	wantNote(t, notes, `<link> "a": moves and has shapes but no mass`)
	if m.TotalMass() != 2 {
		t.Errorf("mass %g", m.TotalMass())
	}
	m, notes = build(t, body, urdf.Options{Repair: true})
	wantNote(t, notes, `<link> "a": repaired: the link moves and has shapes but no mass; it got that of its collision shapes at 1000 kg/m³, 1 kg`)
	if math.Abs(m.TotalMass()-3) > 1e-12 {
		t.Errorf("mass %g", m.TotalMass())
	}
}

// TestMasslessFloatingBase: six motions of a base and a hinge need more than one body.
func TestMasslessFloatingBase(t *testing.T) {
	one := `<link name="hub"/>` + "\n" + `<link name="a">` + heavy + `</link><joint name="ja" type="continuous"><parent link="hub"/><child link="a"/></joint>`
	two := one + `<link name="b">` + heavy + `</link><joint name="jb" type="continuous"><parent link="hub"/><child link="b"/><origin xyz="0 1 0"/></joint>`
	_, err := read(one, urdf.Options{Base: urdf.FloatingBase})
	if err == nil || !strings.Contains(err.Error(), `r.urdf:1: link "hub": has no mass, and the joints around "hub" can move without moving anything`) {
		t.Errorf("error %v", err)
	}
	for _, body := range []string{one, two} {
		m, _ := build(t, body, urdf.Options{Base: urdf.FloatingBase, Repair: body == one})
		run(t, m)
	}
}

func TestInertiaOfShapes(t *testing.T) {
	shapes := `<collision><origin xyz="1 0 0"/><geometry><sphere radius="0.1"/></geometry></collision>` +
		`<visual><geometry><box size="9 9 9"/></geometry></visual>`
	for _, c := range []struct {
		name, inertial string
		mass           float64
		note           string
	}{
		{"NaN mass", `<mass value="nan"/><inertia ixx="1" iyy="1" izz="1"/>`, 1000 * 4e-3 / 3 * math.Pi, `attribute value: "nan" is not a finite number: the link has the inertia of its collision shapes`},
		{"infinite inertia", `<mass value="1"/><inertia ixx="inf" iyy="1" izz="1"/>`, 1000 * 4e-3 / 3 * math.Pi, `attribute ixx: "inf"`},
		{"no mass", `<inertia ixx="1" iyy="1" izz="1"/>`, 1000 * 4e-3 / 3 * math.Pi, `has no <mass>: the link has the inertia of`},
		{"mass alone", `<mass value="3"/>`, 3, "the file's mass is spread over its collision shapes"},
		{"zero inertia", `<origin xyz="1 0 0" rpy="1 2 3"/><mass value="3"/><inertia ixx="0" iyy="0" izz="0"/>`, 3, "the file's mass is spread over its collision shapes"},
	} {
		body := `<link name="a"><inertial>` + c.inertial + `</inertial>` + shapes + `</link>`
		if _, err := read(body, urdf.Options{}); err == nil || !strings.Contains(err.Error(), "load with Repair") {
			t.Errorf("%s: error %v", c.name, err)
		}
		m, notes := build(t, body, urdf.Options{Repair: true})
		wantNote(t, notes, c.note)
		in, i := m.BodyInertia(0), 0.4*c.mass*0.01
		if math.Abs(in.Mass-c.mass) > 1e-12 || math.Abs(in.Ixx-i)+math.Abs(in.Iyy-i)+math.Abs(in.Ixy) > 1e-12 {
			t.Errorf("%s: %+v", c.name, in)
		}
	}
}
