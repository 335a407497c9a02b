package urdf_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

const (
	heavy = `<inertial><mass value="2"/><inertia ixx="1" iyy="1" izz="1"/></inertial>`
	pair  = `<link name="a">` + heavy + `</link><link name="b">` + heavy + `</link>`
)

// hinge returns a robot of two links and a joint of the given type between them.
func hinge(kind, inner string) string {
	return pair + `<joint name="j" type="` + kind + `"><parent link="a"/><child link="b"/>` + inner + `</joint>`
}

func read(body string, opt urdf.Options) (*urdf.Robot, error) {
	return urdf.Read(strings.NewReader(`<robot name="r">`+body+`</robot>`), "r.urdf", opt)
}

func build(t *testing.T, body string, opt urdf.Options) (*sim.Model, []urdf.Note) {
	t.Helper()
	robot, err := read(body, opt)
	if err != nil {
		t.Fatal(err)
	}
	m, err := robot.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, robot.Notes
}

func wantNote(t *testing.T, notes []urdf.Note, want string) {
	t.Helper()
	for _, n := range notes {
		if strings.Contains(n.String(), want) {
			return
		}
	}
	t.Errorf("no note %q among %q", want, notes)
}

func near(a, b r3.Vec) bool { return r3.Norm(r3.Sub(a, b)) < 1e-12 }

func TestOptions(t *testing.T) {
	m, _ := build(t, `<link name="a">`+heavy+`<collision><geometry><sphere radius="1"/></geometry></collision></link>`, urdf.Options{})
	if planes, _ := m.HalfSpaces(); m.Timestep() != 0.01 || m.Gravity() != (r3.Vec{Z: -9.81}) || len(planes) != 0 {
		t.Errorf("defaults: timestep %g, gravity %v, %d half-spaces", m.Timestep(), m.Gravity(), len(planes))
	}
	if f := m.Engine().Colliders[0].Friction; f != 0.8 {
		t.Errorf("default friction %g", f)
	}
	m, _ = build(t, `<link name="a">`+heavy+`<collision><geometry><sphere radius="1"/></geometry></collision></link>`,
		urdf.Options{Timestep: 0.002, Gravity: &r3.Vec{}, Ground: true, Friction: 0.3})
	if planes, _ := m.HalfSpaces(); m.Timestep() != 0.002 || m.Gravity() != (r3.Vec{}) || len(planes) != 1 || m.Engine().Colliders[0].Friction != 0.3 {
		t.Errorf("options do not arrive: timestep %g, gravity %v, %d half-spaces", m.Timestep(), m.Gravity(), len(planes))
	}
	m, _ = build(t, hinge("continuous", ""), urdf.Options{Passive: true})
	if m.NU() != 0 {
		t.Errorf("Passive leaves %d inputs", m.NU())
	}
}

func TestBase(t *testing.T) {
	world := `<link name="world"/><link name="b">` + heavy + `</link><joint name="j" type="continuous"><parent link="world"/><child link="b"/></joint>`
	tests := []struct {
		name, body string
		base       urdf.Base
		nv         int
	}{
		{"root with mass floats", hinge("continuous", ""), urdf.AutoBase, 7},
		{"root with mass, fixed", hinge("continuous", ""), urdf.FixedBase, 1},
		{"world", world, urdf.AutoBase, 1},
		{"world, mass or not", strings.Replace(hinge("continuous", ""), `"a"`, `"world"`, -1), urdf.AutoBase, 1},
		{"massless root", strings.ReplaceAll(world, "world", "foot"), urdf.AutoBase, 1},
		{"mass behind a fixed joint", `<link name="a"/><link name="b">` + heavy + `</link><joint name="j" type="fixed"><parent link="a"/><child link="b"/></joint>`, urdf.AutoBase, 6},
		{"planar joints move over the ground", hinge("planaraxis", ""), urdf.AutoBase, 3},
		{"floating joints too", hinge("floating", ""), urdf.AutoBase, 6},
		{"planar, floating asked for", hinge("planar", ""), urdf.FloatingBase, 9},
		{"the name of the base's joint is taken", strings.Replace(hinge("continuous", ""), `"j"`, `"floating_base"`, 1), urdf.AutoBase, 7},
	}
	for _, c := range tests {
		if m, _ := build(t, c.body, urdf.Options{Base: c.base}); m.NV() != c.nv {
			t.Errorf("%s: nv is %d, want %d", c.name, m.NV(), c.nv)
		}
	}
}

func TestInertial(t *testing.T) {
	m, notes := build(t, `<link name="a"><inertial><origin xyz="1 2 3" rpy="0 0 1.5707963267948966"/><mass value="2"/>
		<inertia ixx="1" ixy="0.1" ixz="0" iyy="2" iyz="0" izz="2.5"/></inertial></link>`, urdf.Options{})
	in := m.BodyInertia(0)
	want := sim.Inertia{Mass: 2, COM: r3.Vec{X: 1, Y: 2, Z: 3}, Ixx: 2, Ixy: -0.1, Iyy: 1, Izz: 2.5}
	if in.Mass != 2 || !near(in.COM, want.COM) || math.Abs(in.Ixx-2)+math.Abs(in.Iyy-1)+math.Abs(in.Izz-2.5)+math.Abs(in.Ixy+0.1)+math.Abs(in.Ixz)+math.Abs(in.Iyz) > 1e-12 {
		t.Errorf("inertia %+v, want %+v", in, want)
	}
	if len(notes) != 0 {
		t.Errorf("notes %v", notes)
	}
}

func TestRepair(t *testing.T) {
	link := func(mass, i string) string {
		return `<link name="a"><inertial><mass value="` + mass + `"/><inertia ` + i + `/></inertial></link>`
	}
	for _, c := range []struct{ name, body, note string }{
		{"triangle", link("1", `ixx="1" iyy="1" izz="3"`), `line 1: <inertia> "a": repaired: inertia breaks the triangle inequality`},
		{"indefinite", link("1", `ixx="-1" iyy="1" izz="1"`), "repaired: inertia is not positive definite"},
		{"point", link("1", `ixx="0" iyy="0" izz="0"`), "repaired: inertia is not positive definite"},
		{"noise", link("1", `ixx="1e-20" iyy="1e-20" izz="1e-20"`), "repaired: inertia is that of a point"},
		{"no inertia", `<link name="a"><inertial><mass value="1"/></inertial></link>`, "repaired: inertia is not positive definite"},
		{"no mass", link("0", `ixx="1" iyy="1" izz="1"`), "mass set to 1 g"},
		{"negative mass", link("-1", `ixx="1" iyy="1" izz="1"`), "mass set to 1 g"},
		{"massless leaf", strings.Replace(hinge("revolute", `<limit lower="0" upper="1"/>`), `<link name="b">`+heavy, `<link name="b">`, 1), `<link> "b": repaired: the link has no mass but moves`},
		{"flat box", `<link name="a">` + heavy + `<collision><geometry><box size="1 1 0"/></geometry></collision></link>`, `<box> "a": repaired: box: half extent z is 0, want a positive length in meters: the shape is left out`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := read(c.body, urdf.Options{}); err == nil || !strings.Contains(err.Error(), "load with Repair") {
				t.Errorf("without repair: error %v, want the advice to load with Repair", err)
			}
			_, notes := build(t, c.body, urdf.Options{Repair: true})
			wantNote(t, notes, c.note)
		})
	}
}

// TestImpossiblePartsOfABody: a camera exported as a point and one that breaks the triangle inequality, fixed to a
// trunk that makes up for them, load as they are and count with the file's numbers. A finger that moves with nothing
// else does not.
func TestImpossiblePartsOfABody(t *testing.T) {
	part := func(name, i string) string {
		return `<link name="` + name + `"><inertial><mass value="0.1"/><inertia ` + i + `/></inertial></link>`
	}
	join := func(name, kind, parent string) string {
		return `<joint name="to_` + name + `" type="` + kind + `"><origin xyz="0 0 0.5"/><parent link="` + parent + `"/><child link="` + name + `"/></joint>`
	}
	body := `<link name="a">` + heavy + `</link>` + part("point", `ixx="0" iyy="0" izz="0"`) + join("point", "fixed", "a") +
		part("camera", `ixx="1e-4" iyy="1e-3" izz="2e-3"`) + join("camera", "fixed", "point")
	m, notes := build(t, body, urdf.Options{})
	in := m.BodyInertia(0)
	com := (0.1*0.5 + 0.1*1) / 2.2
	if math.Abs(in.Mass-2.2) > 1e-12 || math.Abs(in.COM.Z-com) > 1e-12 || math.Abs(in.Izz-1.002) > 1e-12 || math.Abs(in.Ixx-(1+1e-4+0.1*0.25+0.1-2.2*com*com)) > 1e-12 {
		t.Errorf("inertia %+v", in)
	}
	wantNote(t, notes, `<inertia> "point": inertia is not positive definite (principal moments 0, 0, 0 kg m²); what the link is fixed to makes up for it`)
	wantNote(t, notes, `<inertia> "camera": inertia breaks the triangle inequality`)
	if w := m.Warnings(); len(w) != 2 || !strings.Contains(w[0], `link "point": inertia is not positive definite`) {
		t.Errorf("warnings %q", w)
	}
	for _, kind := range []string{"continuous", "prismatic"} {
		alone := strings.Replace(body, `name="to_camera" type="fixed"`, `name="to_camera" type="`+kind+`"`, 1)
		if _, err := read(alone, urdf.Options{}); err == nil || !strings.Contains(err.Error(), `link "camera": <inertia>: inertia breaks the triangle inequality`) {
			t.Errorf("%s: error %v", kind, err)
		}
	}
}

func TestMasslessLinks(t *testing.T) {
	// between moving joints and below fixed ones they are allowed
	m, notes := build(t, `<link name="world"/><link name="mid"/><link name="tip">`+heavy+`</link>
		<link name="frame"><inertial><mass value="0"/><origin xyz="1 1 1"/><inertia ixx="0" iyy="0" izz="0"/></inertial></link>
		<joint name="j1" type="continuous"><parent link="world"/><child link="mid"/><axis xyz="0 1 0"/></joint>
		<joint name="j2" type="continuous"><parent link="mid"/><child link="tip"/></joint>
		<joint name="j3" type="fixed"><parent link="tip"/><child link="frame"/><origin xyz="0 0 5"/></joint>`, urdf.Options{})
	if m.NV() != 2 || m.TotalMass() != 2 || len(notes) != 0 {
		t.Errorf("nv %d, mass %g, notes %v", m.NV(), m.TotalMass(), notes)
	}
	if f, err := m.Frame("frame"); err != nil || !near(f.Pose.Pos, r3.Vec{Z: 5}) {
		t.Errorf("frame %+v, %v", f, err)
	}
}
