package scene_test

import (
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/internal/golden"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

func zoo(t testing.TB, name string) (*sim.Model, sim.State) {
	t.Helper()
	m, start, err := models.Load(name, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m, start
}

// goldens are models that will hardly change.
var goldens = map[string]bool{"quadruped": true, "ant": true, "block": true}

// TestGolden renders every model of the zoo after 30 steps and compares some with stored pictures.
func TestGolden(t *testing.T) {
	for _, e := range models.All() {
		m, st := zoo(t, e.Name)
		f := scene.FromModel(m, scene.FigureOptions{})
		if len(f.Skipped()) > 0 {
			t.Errorf("%s: %v", e.Name, f.Skipped())
		}
		s := &scene.Scene{Camera: scene.Camera{Azimuth: -0.9, Elevation: 0.3}}
		low, high := f.Bounds(st.Q)
		s.Camera.Fit(low, high, 16.0/9)
		trail := scene.Trail{}
		step := m.NewStepper(sim.Options{})
		for range 30 {
			if _, err := step.Step(&st, st, nil); err != nil {
				t.Fatal(err)
			}
			f.Fill(s, st.Q)
			trail.Add(s, f)
		}
		var now scene.Moment
		now.Report(step, sim.Result{})
		f.AddContacts(s, now.Contacts)
		f.AddCenterOfMass(s)
		compare(t, e.Name, s)
	}
}

func compare(t *testing.T, name string, s *scene.Scene) {
	t.Helper()
	got := image.NewRGBA(image.Rect(0, 0, 160, 90))
	r := raster.New(160, 90)
	r.Render(got, s)
	if k := r.Skipped(); len(k) > 0 {
		t.Errorf("%s: items %v not drawn", name, k)
	}
	if !goldens[name] {
		return
	}
	// A pixel at an edge may fall to the other side on a processor that rounds otherwise.
	if bad := golden.Compare(t, filepath.Join("testdata", name+".png"), got).Values(8); bad > 100 {
		t.Errorf("%s: %d values differ from the golden picture; run with -update and look", name, bad)
	}
}

func TestFillReusesMemory(t *testing.T) {
	m, st := zoo(t, "quadruped")
	f, s := scene.FromModel(m, scene.FigureOptions{}), &scene.Scene{}
	f.Fill(s, st.Q)
	if n := testing.AllocsPerRun(20, func() { f.Fill(s, st.Q) }); n != 0 {
		t.Errorf("Fill allocates %v times", n)
	}
}

// TestFitHoldsBounds projects the corners of the bounds into the picture.
func TestFitHoldsBounds(t *testing.T) {
	m, st := zoo(t, "quadruped")
	f := scene.FromModel(m, scene.FigureOptions{})
	low, high := f.Bounds(st.Q)
	if d := r3.Sub(high, low); d.X < 0.3 || d.X > 1 || d.Z < 0.3 || d.Z > 0.5 {
		t.Errorf("bounds of the standing quadruped are %v", d)
	}
	for _, az := range []float64{0, 1, 2.5} {
		for _, el := range []float64{-0.4, 0.3, 1.5} {
			c := scene.Camera{Azimuth: az, Elevation: el}
			c.Fit(low, high, 16.0/9)
			v := c.View()
			reach := 0.0
			for i := range 8 {
				p := low
				if i&1 > 0 {
					p.X = high.X
				}
				if i&2 > 0 {
					p.Y = high.Y
				}
				if i&4 > 0 {
					p.Z = high.Z
				}
				x, y, z := v.Project(p, 1600, 900)
				if z <= 0 || x < 0 || x > 1600 || y < 0 || y > 900 {
					t.Errorf("azimuth %g, elevation %g: corner at (%.0f, %.0f), depth %g", az, el, x, y, z)
				}
				reach = max(reach, math.Abs(x-800)/800, math.Abs(y-450)/450)
			}
			if reach < 0.75 {
				t.Errorf("azimuth %g, elevation %g: the model fills only %.2f of the picture", az, el, reach)
			}
		}
	}
}

// link builds a floating body with a visual mesh and a collider.
func link(t *testing.T, mesh string, color sim.Color) *sim.Model {
	b := sim.NewBuilder("link")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("link", sim.SphereInertia(1, 0.1))
	b.AddFree("free", l)
	b.AddVisual(sim.Visual{Link: l, Mesh: mesh})
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1), Color: color})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMeshes checks that a found mesh replaces the collider, that a lost one is reported and replaced by it,
// and that a collider with a color is drawn in any case.
func TestMeshes(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"urdf", "meshes"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	obj := "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n"
	if err := os.WriteFile(filepath.Join(dir, "meshes", "part.obj"), []byte(obj), 0o666); err != nil {
		t.Fatal(err)
	}
	opt := scene.FigureOptions{MeshDir: filepath.Join(dir, "urdf")}
	for _, name := range []string{"../meshes/part.obj", "package://robot/meshes/part.obj"} {
		f := scene.FromModel(link(t, name, sim.Color{}), opt)
		if p := f.Parts(); len(p) != 1 || p[0].Mesh == nil || len(f.Skipped()) != 0 {
			t.Errorf("%s: parts %+v, skipped %v; want the mesh", name, p, f.Skipped())
		}
	}
	f := scene.FromModel(link(t, "lost.obj", sim.Color{}), opt)
	if p := f.Parts(); len(p) != 1 || p[0].Mesh != nil {
		t.Errorf("lost mesh: parts %+v, want the collider", p)
	}
	if s := strings.Join(f.Skipped(), "\n"); !strings.Contains(s, "lost.obj") || !strings.Contains(s, "does not exist") {
		t.Errorf("lost mesh: skipped %q", s)
	}
	f = scene.FromModel(link(t, "../meshes/part.obj", sim.Color{R: 1, A: 1}), opt)
	if p := f.Parts(); len(p) != 2 {
		t.Errorf("colored collider: %d parts, want mesh and collider", len(p))
	}
	// a screw that is found does not replace a trunk that is not
	b := sim.NewBuilder("trunk")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("trunk", sim.SphereInertia(1, 0.1))
	b.AddFree("free", l)
	b.AddVisual(sim.Visual{Link: l, Mesh: "lost.obj"})
	b.AddVisual(sim.Visual{Link: l, Shape: contact.Sphere(0.01)})
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1)})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	f = scene.FromModel(m, opt)
	if p := f.Parts(); len(p) != 2 {
		t.Errorf("trunk with a lost mesh: %d parts, want screw and collider", len(p))
	}
	opt.Collision = true
	f = scene.FromModel(link(t, "../meshes/part.obj", sim.Color{}), opt)
	if p := f.Parts(); len(p) != 1 || p[0].Mesh != nil {
		t.Errorf("collision: parts %+v, want the collider", p)
	}
}

// TestPointsAreDrawnAsTheirHull: as balls at their corners meshes that touch looked like cauliflowers, larger than what touches.
func TestPointsAreDrawnAsTheirHull(t *testing.T) {
	wedge := []r3.Vec{{}, {X: 1}, {Y: 1}, {Z: 1}, {X: 0.2, Y: 0.2, Z: 0.2}} // the last is inside
	b := sim.NewBuilder("points")
	b.SetGravity(r3.Vec{})
	b.SetTimestep(0.01)
	for _, points := range [][]r3.Vec{wedge, {{}, {X: 1}, {Y: 1}}} {
		l := b.AddLink(fmt.Sprintf("link%d", len(points)), sim.SphereInertia(1, 0.1))
		b.AddFree(fmt.Sprintf("free%d", len(points)), l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Points(points)})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	f := scene.FromModel(m, scene.FigureOptions{})
	for _, parts := range [][]scene.Part{f.Parts(), f.Solids()} {
		if len(parts) != 2 || parts[0].Mesh == nil || len(parts[0].Mesh.Triangles) != 4 || parts[1].Mesh != nil {
			t.Errorf("parts %+v, want a mesh of four triangles and three points in a plane as they are", parts)
		}
	}
}

// invisible returns a robot of a trunk, an arm and a hand without anything to look at; the trunk may have a shape that touches.
func invisible(t *testing.T, mesh string, touches bool) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("ghost")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	half := r3.Vec{X: 0.05, Y: 0.04, Z: 0.1}
	parent := b.AddLink("trunk", sim.BoxInertia(2, half))
	b.AddFree("free", parent)
	if touches {
		b.AddCollider(sim.Collider{Link: parent, Shape: contact.Sphere(5), Friction: 1})
	}
	for _, name := range []string{"arm", "hand"} {
		l := b.AddLink(name, sim.BoxInertia(1, half).Placed(sim.At(0, 0, 0.1)))
		b.AddJoint(sim.Joint{Name: name + "_joint", Type: sim.Revolute(r3.Vec{X: 1}), Parent: parent, Child: l, Origin: sim.At(0.3, 0, 0.4)})
		parent = l
	}
	if mesh != "" {
		b.AddVisual(sim.Visual{Link: parent, Mesh: mesh})
	}
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestBones: a robot without visuals, or whose meshes are lost, is drawn as bones, masses and the box at its end; what
// is complete gets none.
func TestBones(t *testing.T) {
	kinds := func(m *sim.Model, opt scene.FigureOptions) string {
		var l []string
		for _, p := range scene.FromModel(m, opt).Parts() {
			l = append(l, m.Bodies()[p.Body]+" "+[...]string{contact.KindSphere: "ball", contact.KindCapsule: "rod", contact.KindBox: "box"}[p.Shape.Kind])
		}
		return strings.Join(l, ", ")
	}
	all := "trunk ball, trunk rod, arm rod, arm ball, arm rod, hand box"
	if got := kinds(invisible(t, "", false), scene.FigureOptions{}); got != all {
		t.Errorf("nothing to see is drawn as %s", got)
	}
	// a shape for contact may be larger than the robot: it would hide the rest
	if got := kinds(invisible(t, "", true), scene.FigureOptions{}); got != all {
		t.Errorf("with one shape for contact it is drawn as %s", got)
	}
	if got := kinds(invisible(t, "", true), scene.FigureOptions{Collision: true}); got != "trunk ball" {
		t.Errorf("its collision shapes are %s", got)
	}
	if got := kinds(invisible(t, "none.stl", false), scene.FigureOptions{}); got != all {
		t.Errorf("a lost mesh is drawn as %s", got)
	}
	m := invisible(t, "", false)
	f := scene.FromModel(m, scene.FigureOptions{})
	for _, p := range f.Parts() {
		if p.Shape.Kind == contact.KindCapsule && p.Body == 0 {
			if end := p.Pose.Apply(r3.Vec{Z: p.Shape.HalfLength}); r3.Norm(r3.Sub(end, r3.Vec{X: 0.3, Z: 0.4})) > 1e-9 {
				t.Errorf("the bone of the trunk ends at %v, want the joint of the arm", end)
			}
		}
	}
	if low, high := f.Bounds(m.NewState().Q); high.X-low.X < 0.6 || high.Z-low.Z < 0.8 {
		t.Errorf("the camera frames %v to %v", low, high)
	}
	for _, e := range models.All() { // all of the zoo have visuals or shapes on most bodies
		m, _ := zoo(t, e.Name)
		f := scene.FromModel(m, scene.FigureOptions{})
		if drawn := len(m.Drawn()); len(f.Parts()) > drawn {
			t.Errorf("%s has %d parts and draws %d", e.Name, drawn, len(f.Parts()))
		}
	}
}
