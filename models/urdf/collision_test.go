package urdf_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

func collide(file, scale string) string {
	return `<collision><origin xyz="0.1 0 0"/><geometry><mesh filename="` + file + `" scale="` + scale + `"/></geometry></collision>`
}

// load builds the description in a workspace with the given extra mesh.
func load(t *testing.T, body, extra string) (*sim.Model, *urdf.Robot) {
	t.Helper()
	path := workspace(t, body)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "extra.obj"), []byte(extra), 0o600); err != nil {
		t.Fatal(err)
	}
	robot, err := urdf.Load(path, urdf.Options{Ground: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := robot.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, robot
}

// TestMeshesTouch: a link rests on the convex hull of its mesh, at the mesh's pose and scale; a mirrored one as well.
func TestMeshesTouch(t *testing.T) {
	for _, c := range []struct {
		name, file, scale string
		low               float64 // of the mesh below its origin
	}{
		{"cube", "../meshes/cube.obj", "0.2 0.2 0.2", 0},
		{"mirrored, with unequal scales", "package://thing/meshes/cube.obj", "0.2 -0.1 -0.3", 0.3},
		{"open: its hull", "../meshes/open.obj", "0.2 0.2 -0.2", 0.2},
		{"one scale for all", "../meshes/cube.obj", "-0.2", 0.2},
	} {
		m, robot := load(t, `<link name="a">`+heavy+collide(c.file, c.scale)+`</link>`, "")
		if low, ok := models.Lowest(m, m.NewState().Q); !ok || math.Abs(low+c.low) > 1e-12 {
			t.Errorf("%s: the lowest point is %g, want %g", c.name, low, -c.low)
		}
		wantNote(t, robot.Notes, `touches by its convex hull`)
		x := m.NewState()
		models.PlaceAbove(m, x.Q, 0.01)
		tr, err := m.NewStepper(sim.Options{}).Rollout(x, 100, nil)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if low, _ := models.Lowest(m, tr.States[100].Q); low < -1e-9 || low > 1e-3 {
			t.Errorf("%s: its lowest point is at %g m after 1 s", c.name, low)
		}
	}
}

// TestSeveralMeshes: every <collision> of a link touches; a file whose objects are convex touches by each, one with a dent by its hull.
func TestSeveralMeshes(t *testing.T) {
	two := "o low\n" + cubeOBJ + "o high\n" + strings.NewReplacer("v 0 ", "v 3 ", "v 1 ", "v 4 ").Replace(openOBJ[:strings.Index(openOBJ, "f")]) +
		"f -5 -6 -7 -8\nf -4 -3 -2 -1\nf -8 -7 -3 -4\nf -6 -5 -1 -2\nf -7 -6 -2 -3\nf -1 -5 -8 -4\n"
	m, robot := load(t, `<link name="a">`+heavy+collide("extra.obj", "0.1 0.1 0.1")+collide("../meshes/cube.obj", "1 1 1")+`<collision><geometry><sphere radius="1"/></geometry></collision></link>`, two)
	if got := strings.Join(m.Colliders(), " "); got != "a a_2 a_3 a_4" {
		t.Errorf("colliders %q", got)
	}
	wantNote(t, robot.Notes, `touches by its 2 convex objects`)
	dented := strings.Replace(two, "v 4 1 1", "v 3.1 0.1 0.1", 1)
	if m, _ := load(t, `<link name="a">`+heavy+collide("extra.obj", "0.1 0.1 0.1")+`</link>`, dented); len(m.Colliders()) != 1 {
		t.Errorf("a file with a dented object has colliders %q", m.Colliders())
	}
}

// TestManyCorners: a mesh of many corners touches by some of them, and is said to.
func TestManyCorners(t *testing.T) {
	m, robot := load(t, `<link name="a">`+heavy+collide("extra.obj", "1 1 1")+`</link>`, ballOBJ(20))
	var points []int
	for _, d := range m.Drawn() {
		if d.Shape.Kind == contact.KindPoints {
			points = append(points, len(d.Shape.Vertices))
		}
	}
	if len(points) != 1 || points[0] != 256 {
		t.Errorf("hulls of %d corners", points)
	}
	wantNote(t, robot.Notes, `by 256 of 762 corners: others are up to 0.016 m outside of it`)
}

// ballOBJ returns a ball of radius 1 in n bands.
func ballOBJ(n int) string {
	var b strings.Builder
	for i := range n + 1 {
		a := math.Pi * float64(i) / float64(n)
		for k := range 2 * n {
			c := math.Pi * float64(k) / float64(n)
			fmt.Fprintf(&b, "v %g %g %g\n", math.Sin(a)*math.Cos(c), math.Sin(a)*math.Sin(c), math.Cos(a))
		}
	}
	for i := range n {
		for k := range 2 * n {
			j := (k + 1) % (2 * n)
			fmt.Fprintf(&b, "f %d %d %d %d\n", 2*n*i+k+1, 2*n*(i+1)+k+1, 2*n*(i+1)+j+1, 2*n*i+j+1)
		}
	}
	return b.String()
}

// TestWriteCollisionMeshes: what touches by a mesh is written as that mesh, in its place among the shapes.
func TestWriteCollisionMeshes(t *testing.T) {
	path := workspace(t, `<link name="a">`+heavy+collide("../meshes/cube.obj", "1 2 -3")+`<collision><geometry><sphere radius="1"/></geometry></collision></link>`)
	robot, err := urdf.Load(path, urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(filepath.Dir(path), "again.urdf")
	if err := robot.WriteFile(out); err != nil {
		t.Fatal(err)
	}
	again, err := urdf.Load(out, urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := robot.Builder.Colliders(), again.Builder.Colliders()
	if len(a) != 2 || len(b) != 2 {
		t.Fatalf("%d colliders became %d", len(a), len(b))
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].Shape.Kind != b[i].Shape.Kind || len(a[i].Shape.Vertices) != len(b[i].Shape.Vertices) {
			t.Errorf("%+v became %+v", a[i], b[i])
		}
		for k, v := range a[i].Shape.Vertices {
			if w := b[i].Shape.Vertices[k]; v != w {
				t.Errorf("corner %v became %v", v, w)
			}
		}
	}
}

// TestHugeScale: a mesh scaled out of all numbers touches nothing, and is no reason to refuse the robot.
func TestHugeScale(t *testing.T) {
	m, robot := load(t, `<link name="a">`+heavy+collide("../meshes/cube.obj", "1e200 1e300 1")+collide("extra.obj", "1e10 1 1")+`</link>`, strings.ReplaceAll(cubeOBJ, "v 1", "v 1e38"))
	if n := len(m.Colliders()); n != 1 {
		t.Errorf("%d colliders", n)
	}
	wantNote(t, robot.Notes, "touches up to")
	wantNote(t, robot.Notes, "touches nothing: its description is wrong")
}

// TestMeshesSayWhatIsNotUsed: triangles behind those that a file counts, an axis that is not z, cameras: what a reader of meshes left out
// it kept to itself. A file that two links name says it once.
func TestMeshesSayWhatIsNotUsed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "five.stl"), fixture.LongSTL(), 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(name string) string {
		return `<link name="` + name + `">` + heavy + `<collision><geometry><mesh filename="five.stl"/></geometry></collision></link>`
	}
	const joint = `<joint name="j" type="continuous"><parent link="a"/><child link="b"/></joint>`
	r, err := urdf.Read(strings.NewReader(`<robot name="r">`+link("a")+link("b")+joint+`</robot>`), "r.urdf", urdf.Options{MeshDirs: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, n := range r.Notes {
		if strings.Contains(n.Message, "five.stl: 50 bytes behind the last triangle") {
			said++
		}
	}
	if said != 1 {
		t.Errorf("said %d times: %v", said, r.Notes)
	}
}
