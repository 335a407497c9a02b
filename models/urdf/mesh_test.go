package urdf_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
)

// cubeOBJ is the cube [0, 1]³; openOBJ lacks a face of it.
const (
	openOBJ = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0 0 1\nv 1 0 1\nv 1 1 1\nv 0 1 1\nf 4 3 2 1\nf 5 6 7 8\nf 1 2 6 5\nf 3 4 8 7\nf 2 3 7 6\n"
	cubeOBJ = openOBJ + "f 8 4 1 5\n"
)

// workspace writes a package "thing" with meshes and a description, and returns the description's path.
func workspace(t *testing.T, description string) string {
	t.Helper()
	root := t.TempDir()
	path := filepath.Join(root, "thing", "urdf", "thing.urdf")
	for name, text := range map[string]string{
		path: `<robot name="thing">` + description + `</robot>`, filepath.Join(root, "thing", "meshes", "cube.obj"): cubeOBJ,
		filepath.Join(root, "thing", "meshes", "open.obj"): openOBJ, filepath.Join(root, "thing", "meshes", "bad.obj"): "v 0 0\n",
		filepath.Join(root, "more", "far.obj"): cubeOBJ,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// TestInertiaOfMeshes: a link without inertial takes that of its meshes, at their pose and scale.
func TestInertiaOfMeshes(t *testing.T) {
	mesh := func(tag, file, scale string) string {
		return `<` + tag + `><origin xyz="1 0 0"/><geometry><mesh filename="` + file + `" scale="` + scale + `"/></geometry></` + tag + `>`
	}
	for _, c := range []struct {
		name, shapes string
		mass, x      float64 // of the center of mass
	}{
		{"drawn", mesh("visual", "package://thing/meshes/cube.obj", "0.1 0.2 0.3"), 6, 1.05},
		{"mirrored", mesh("visual", "../meshes/cube.obj", "-0.1 0.2 0.3"), 6, 0.95},
		{"open: its hull", mesh("visual", "../meshes/open.obj", "0.1 0.2 0.3"), 6, 1.05},
		{"for collision, before what is drawn", mesh("collision", "../meshes/cube.obj", "0.1 0.1 0.1") + mesh("visual", "../meshes/cube.obj", "1 1 1"), 1, 1.05},
		{"in a search folder", mesh("visual", "far.obj", "0.1 0.1 0.1"), 1, 1.05},
		{"in millimeters: a ball", mesh("visual", "../meshes/cube.obj", "50 50 50"), 1e-3, 0},
		{"nowhere: a ball", mesh("visual", "near.obj", "0.1 0.1 0.1"), 1e-3, 0},
		{"spoiled: a ball", mesh("visual", "../meshes/bad.obj", "0.1 0.1 0.1"), 1e-3, 0},
	} {
		path := workspace(t, onWorld("a", c.shapes, "continuous", ""))
		robot, err := urdf.Load(path, urdf.Options{Repair: true, MeshDirs: []string{filepath.Join(filepath.Dir(path), "..", "..", "more")}})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		m, err := robot.Builder.Build()
		if err != nil {
			t.Fatal(err)
		}
		if in := m.BodyInertia(0); math.Abs(in.Mass-c.mass) > 1e-12 || math.Abs(in.COM.X-c.x) > 1e-12 {
			t.Errorf("%s: %+v, want %g kg at x = %g", c.name, in, c.mass, c.x)
		}
		wantNote(t, robot.Notes, "repaired: the link has no mass but moves")
		switch {
		case strings.HasPrefix(c.name, "in millimeters"):
			wantNote(t, robot.Notes, `its drawn shapes would weigh 1.25e+08 kg and are not used to estimate its mass: are they in millimeters?`)
		case strings.HasPrefix(c.name, "nowhere"):
			wantNote(t, robot.Notes, `mesh "near.obj": file does not exist; looked for`)
		case strings.HasPrefix(c.name, "spoiled"):
			wantNote(t, robot.Notes, `bad.obj:1: v: 2 numbers, want 3`)
		}
	}
}

func TestMeshDirOfMuJoCo(t *testing.T) {
	draw := func(file string) string {
		return `<link name="a">` + heavy + `<visual><geometry><mesh filename="` + file + `"/></geometry></visual></link>`
	}
	for _, c := range []struct{ compiler, file, want string }{
		{`meshdir="../meshes"`, "package://lost/deep/cube.obj", "../meshes/cube.obj"},
		{`meshdir="../meshes/"`, "cube.obj", "../meshes/cube.obj"},
		{`meshdir=".." strippath="false"`, "meshes/cube.obj", "../meshes/cube.obj"},
		{`meshdir="nowhere"`, "../meshes/cube.obj", "../meshes/cube.obj"},
		{`assetdir="../meshes"`, "x/cube.obj", "../meshes/cube.obj"},
		{``, "../meshes/cube.obj", "../meshes/cube.obj"},
	} {
		robot, err := urdf.Load(workspace(t, `<mujoco><compiler `+c.compiler+` balanceinertia="true"/><option timestep="1"/></mujoco>`+draw(c.file)), urdf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := robot.Builder.Build()
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Drawn()[0].Mesh; got != c.want {
			t.Errorf("%s, %s: mesh %q, want %q", c.compiler, c.file, got, c.want)
		}
		wantNote(t, robot.Notes, `<compiler>: attribute balanceinertia="true" ignored`)
		wantNote(t, robot.Notes, `<option>: ignored`)
		if len(robot.Notes) != 2 {
			t.Errorf("notes %q", robot.Notes)
		}
	}
}

func TestMeshNotes(t *testing.T) {
	robot, err := urdf.Load(workspace(t, `<link name="a">`+heavy+`<visual><geometry><mesh filename="/etc/passwd"/></geometry></visual>
		<visual><geometry><mesh filename="gone.stl"/></geometry></visual><visual><geometry><mesh filename="gone.stl"/></geometry></visual></link>`), urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantNote(t, robot.Notes, `<mesh> "a": 2 mesh files are not found or not read, the first: mesh "/etc/passwd": not a mesh this program reads`)
	if len(robot.Notes) != 1 || robot.Notes[0].Severity != urdf.Drawing {
		t.Errorf("notes %q", robot.Notes)
	}
	if m, err := robot.Builder.Build(); err != nil || len(m.Drawn()) != 3 || m.TotalMass() != 2 {
		t.Errorf("%v", err)
	}
}
