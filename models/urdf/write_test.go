package urdf_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// roundTrip writes the robot, reads it back and compares everything a model is built from.
func roundTrip(t *testing.T, robot *urdf.Robot, opt urdf.Options) *urdf.Robot {
	t.Helper()
	var text bytes.Buffer
	if err := robot.Write(&text); err != nil {
		t.Fatal(err)
	}
	opt.Repair = false
	again, err := urdf.Read(bytes.NewReader(text.Bytes()), "again.urdf", opt)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text.String())
	}
	for _, n := range again.Notes {
		if n.Severity == urdf.Physics && !strings.Contains(n.Message, "touch") && !strings.Contains(n.Message, "steps may take") {
			t.Errorf("read back with %v", n)
		}
	}
	a, b := robot.Builder, again.Builder
	equal := func(what string, x, y float64) {
		t.Helper()
		if d := math.Abs(x - y); x != y && !(d <= 1e-12*math.Max(1, math.Abs(x))) {
			t.Errorf("%s: %v became %v", what, x, y)
		}
	}
	vec := func(what string, x, y r3.Vec) {
		t.Helper()
		equal(what, x.X, y.X)
		equal(what, x.Y, y.Y)
		equal(what, x.Z, y.Z)
	}
	pose := func(what string, x, y sim.Pose) {
		t.Helper()
		vec(what, x.Pos, y.Pos)
		if x.Rot == (quat.Number{}) {
			x.Rot.Real = 1
		}
		d := quat.Mul(quat.Conj(x.Rot), y.Rot)
		equal(what+" turned", 0, math.Hypot(d.Imag, math.Hypot(d.Jmag, d.Kmag)))
	}
	shift := 0 // of links, where the world is one more
	if n := first(b.Links()); len(n) > 0 && n[0] == "world" && first(a.Links())[0] != "world" {
		shift = 1
	}
	names, masses := a.Links()
	names2, masses2 := b.Links()
	if len(names)+shift != len(names2) {
		t.Fatalf("%d links became %d", len(names), len(names2))
	}
	for i, n := range names {
		k := i + shift
		if n != names2[k] {
			t.Errorf("link %q became %q", n, names2[k])
		}
		x, y := masses[i], masses2[k]
		vec(n+" center of mass", x.COM, y.COM)
		scale := math.Abs(x.Ixx) + math.Abs(x.Iyy) + math.Abs(x.Izz) + 1e-300
		for _, p := range [][2]float64{{x.Ixx, y.Ixx}, {x.Ixy, y.Ixy}, {x.Ixz, y.Ixz}, {x.Iyy, y.Iyy}, {x.Iyz, y.Iyz}, {x.Izz, y.Izz}} {
			equal(n+" inertia", p[0]/scale, p[1]/scale)
		}
		equal(n+" mass", 1, (y.Mass+1e-300)/(x.Mass+1e-300))
	}
	ja, jb := a.Joints(), b.Joints()
	byName := map[string]sim.Joint{}
	for _, j := range jb {
		byName[j.Name] = j
	}
	for _, x := range ja {
		y, ok := byName[x.Name]
		if !ok || len(y.Type.Trans) != len(x.Type.Trans) || len(y.Type.Rot) != len(x.Type.Rot) || int(y.Child) != int(x.Child)+shift ||
			x.Parent != sim.World && int(y.Parent) != int(x.Parent)+shift {
			t.Errorf("joint %q became %+v", x.Name, y)
			continue
		}
		pose("origin of "+x.Name, x.Origin, y.Origin)
		for k := range x.Type.Trans {
			vec("axis of "+x.Name, x.Type.Trans[k], y.Type.Trans[k])
		}
		for k := range x.Type.Rot {
			vec("axis of "+x.Name, x.Type.Rot[k], y.Type.Rot[k])
		}
		if x.Parent == sim.World {
			continue // has no properties
		}
		if fmt.Sprintf("%+v %v", x.Axes, x.Mimic != nil) != fmt.Sprintf("%+v %v", y.Axes, y.Mimic != nil) || x.Mimic != nil && *x.Mimic != *y.Mimic {
			t.Errorf("joint %q: %+v became %+v", x.Name, x.Axes, y.Axes)
		}
	}
	ca, cb := a.Colliders(), b.Colliders()
	if len(ca) != len(cb) {
		t.Fatalf("%d colliders became %d", len(ca), len(cb))
	}
	for i, x := range ca {
		y := cb[i]
		if x.Name != y.Name || int(y.Link) != int(x.Link)+shift || x.Friction != y.Friction || fmt.Sprint(x.Shape) != fmt.Sprint(y.Shape) {
			t.Errorf("collider %+v became %+v", x, y)
		}
		pose("collider "+x.Name, x.Pose, y.Pose)
	}
	va, vb := a.Visuals(), b.Visuals()
	if len(va) != len(vb) {
		t.Fatalf("%d visuals became %d", len(va), len(vb))
	}
	for i, x := range va {
		y := vb[i]
		if x.Name != y.Name || x.Color != y.Color || x.Mesh != y.Mesh || x.Scale != y.Scale || fmt.Sprint(x.Shape) != fmt.Sprint(y.Shape) {
			t.Errorf("visual %+v became %+v", x, y)
		}
		pose("visual", x.Pose, y.Pose)
	}
	ma, err := robot.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	mb, err := again.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	if ma.NV() != mb.NV() || ma.NU() != mb.NU() || ma.Name() != mb.Name() {
		t.Errorf("nv %d became %d, inputs %d became %d", ma.NV(), mb.NV(), ma.NU(), mb.NU())
	}
	for _, f := range ma.Frames() {
		g, err := mb.Frame(f.Name)
		if err != nil || g.Body != f.Body {
			t.Errorf("frame %q became %+v, %v", f.Name, g, err)
		}
		pose("frame "+f.Name, f.Pose, g.Pose)
	}
	return again
}

func first(names []string, _ []sim.Inertia) []string { return names }

func TestWriteRealRobots(t *testing.T) {
	for _, path := range dataFiles(t) {
		for _, base := range []urdf.Base{urdf.AutoBase, urdf.FixedBase} {
			opt := urdf.Options{Repair: true, Base: base}
			robot, err := urdf.Load(path, opt)
			if err != nil {
				t.Fatal(err)
			}
			opt.Base = urdf.AutoBase // the file says it itself
			again := roundTrip(t, robot, opt)
			if again.Base != robot.Base {
				t.Errorf("%s: base %v became %v", filepath.Base(path), robot.Base, again.Base)
			}
			if t.Failed() {
				t.Fatalf("in %s", path)
			}
		}
	}
}

func TestWriteAllKinds(t *testing.T) {
	body := onWorld("a", heavy+`<visual name="v"><origin xyz="1 2 3" rpy="1 1.5707963267948966 2"/><geometry><mesh filename="m&amp;n.stl" scale="1 -2 3"/></geometry><material name="x"><color rgba="1 .5 .25 1"/></material></visual>
		<collision name="b &lt; c"><geometry><capsule radius=".1" length=".3"/></geometry></collision><collision><geometry><sphere radius="1"/></geometry></collision>
		<collision><geometry><box size="1 2 3"/></geometry></collision><collision><origin rpy="0 -1.5707963267948966 0.1"/><geometry><cylinder radius=".1" length="3"/></geometry></collision>
		<collision><geometry><mesh filename="c.stl"/></geometry></collision>`, "prismatic", `<axis xyz="1 2 3"/>`)
	for i, j := range []string{
		`"revolute"><axis xyz="-1 0 0"/><limit lower="-1" upper="inf" effort="3" velocity="4"/><dynamics damping=".1" friction=".2"/>`,
		`"continuous"><limit effort="5" velocity="2"/>`, `"prismatic"><limit lower="-1" upper="1"/>`, `"floating">`, `"planar"><axis xyz="0 0 -1"/><dynamics damping="2"/>`,
		`"ball"><limit effort="2"/><dynamics damping="3"/>`, `"orbital"><axis xyz="1 0 0"/>`, `"orbital"><axis xyz="0.3 -0.5 -0.1"/>`,
		`"fixed"><origin xyz="0 0 1" rpy="1 2 3"/>`, `"continuous"><mimic joint="j0" multiplier="-2" offset=".3"/>`, `"revolute"><limit lower="0.5" upper="0.5"/>`, `"revolute"><limit lower="1" upper="-1"/>`,
	} {
		n := fmt.Sprint(i)
		body += `<link name="l` + n + `">` + heavy + `</link><joint name="j` + n + `" type=` + j + `<parent link="a"/><child link="l` + n + `"/></joint>`
	}
	robot, err := read(body, urdf.Options{Repair: true})
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, robot, urdf.Options{})
	var text bytes.Buffer
	if err := robot.Write(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`velocity="4"`, `<mesh filename="c.stl"/>`, `filename="m&amp;n.stl"`, `effort="1e+16"`, `upper="1e+16"`} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%s is not in\n%s", want, text.String())
		}
	}
	robot.Builder.AddJoint(sim.Joint{Name: "screw", Type: sim.Cylindrical(r3.Vec{X: 1}), Parent: 1, Child: robot.Builder.AddLink("odd", sim.SphereInertia(1, 1))})
	if err := robot.Write(&text); err == nil || !strings.Contains(err.Error(), `joint "screw": URDF has no joint with these axes`) {
		t.Errorf("error %v", err)
	}
}

// TestWriteBases: whichever way the root hangs on the world, what was written says so.
func TestWriteBases(t *testing.T) {
	for _, body := range []string{
		hinge("continuous", ""), hinge("planar", ""), hinge("floating", ""), `<link name="a">` + heavy + `</link>`,
		`<link name="a"/>`, onWorld("a", heavy, "continuous", ""), strings.Replace(hinge("continuous", ""), `"j"`, `"floating_base"`, 1),
		`<link name="a"/><link name="b">` + heavy + `</link><joint name="j" type="fixed"><parent link="a"/><child link="b"/></joint>`,
	} {
		for _, base := range []urdf.Base{urdf.AutoBase, urdf.FloatingBase, urdf.FixedBase} {
			robot, err := read(body, urdf.Options{Base: base, Repair: true})
			if strings.Contains(body, "world") && base == urdf.FloatingBase {
				if err == nil || !strings.Contains(err.Error(), `link "world": the root is called "world" and cannot float`) {
					t.Errorf("the world floats: %v", err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			roundTrip(t, robot, urdf.Options{})
			if t.Failed() {
				t.Fatalf("base %d of %s", base, body)
			}
		}
	}
}

func TestWriteFileMovesMeshes(t *testing.T) {
	path := workspace(t, `<link name="a">`+heavy+`<visual><geometry><mesh filename="../meshes/cube.obj"/></geometry></visual>
		<visual><geometry><mesh filename="package://thing/meshes/cube.obj"/></geometry></visual></link>`)
	robot, err := urdf.Load(path, urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(filepath.Dir(path), "..", "..", "fixed.urdf")
	if err := robot.WriteFile(out); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(out)
	if !strings.Contains(string(text), `"thing/meshes/cube.obj"`) || !strings.Contains(string(text), `"package://thing/meshes/cube.obj"`) {
		t.Errorf("wrote %s", text)
	}
	if robot, err := urdf.Load(out, urdf.Options{}); err != nil || len(robot.Notes) != 0 {
		t.Errorf("%v, %q", err, robot.Notes)
	}
	if err := robot.WriteFile(filepath.Join(out, "x.urdf")); err == nil {
		t.Error("wrote below a file")
	}
}
