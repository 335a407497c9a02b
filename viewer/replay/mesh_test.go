package replay

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// gear is an OBJ file of a prism with n teeth, 0.2 m wide and 0.1 m high.
func gear(n int) string {
	var b strings.Builder
	for i := range 2 * n {
		r := 0.1 - 0.02*float64(i%2)
		s, c := math.Sincos(math.Pi * float64(i) / float64(n))
		fmt.Fprintf(&b, "v %g %g -0.05\nv %g %g 0.05\n", r*c, r*s, r*c, r*s)
	}
	fmt.Fprintf(&b, "v 0 0 -0.05\nv 0 0 0.05\n")
	low, high := 4*n+1, 4*n+2
	for i := range 2 * n {
		a, c := 2*i+1, 2*((i+1)%(2*n))+1
		fmt.Fprintf(&b, "f %d %d %d %d\nf %d %d %d\nf %d %d %d\n", a, c, c+1, a+1, high, a+1, c+1, low, c, a)
	}
	return b.String()
}

// TestBrowserShapes shows a mesh, mirrored and scaled, and every shape beside it.
func TestBrowserShapes(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "gear.obj"), []byte(gear(12)), 0o666))
	b := sim.NewBuilder("shapes")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	b.AddHalfSpace("slope", r3.Vec{X: 0.5, Z: 1}, -0.4)
	add := func(x float64, v sim.Visual) {
		l := b.AddLink(fmt.Sprintf("link%g", x), sim.SphereInertia(1, 0.1))
		b.AddFree(fmt.Sprintf("free%g", x), l)
		v.Link, v.Pose = l, sim.At(x, 0, 0.2)
		b.AddVisual(v)
	}
	add(0, sim.Visual{Mesh: "gear.obj", Scale: r3.Vec{X: 1.5, Y: -1.5, Z: 1}})
	add(0.4, sim.Visual{Shape: contact.Capsule(0.05, 0.1)})
	add(0.8, sim.Visual{Shape: contact.Cylinder(0.1, 0.1)})
	add(1.2, sim.Visual{Shape: contact.Points([]r3.Vec{{X: 0.1}, {Y: 0.1}, {Z: 0.1}})})
	add(1.6, sim.Visual{Shape: contact.Sphere(0.1), Color: sim.Color{R: 0.2, G: 0.7, B: 0.9, A: 0.4}})
	add(2, sim.Visual{Shape: contact.Ellipsoid(0.1, 0.15, 0.05)})
	m, err := b.Build()
	must(t, err)
	f := NewFilm(m, Options{Still: true, Figure: scene.FigureOptions{MeshDir: dir}})
	if s := f.Figure().Skipped(); len(s) > 0 {
		t.Fatal(s)
	}
	f.Start(m.NewStepper(sim.Options{}), m.NewState())
	page := filepath.Join(dir, "shapes.html")
	file, err := os.Create(page)
	must(t, err)
	must(t, f.WriteHTML(file))
	must(t, file.Close())

	p := open(t, page)
	picture(t, p, "shapes")
	var box struct {
		N         int
		Low, High [3]float64
	}
	must(t, p.Eval(`(() => { const g = ukemi.stage.bodies[0].children[0].geometry; g.computeBoundingBox();
		return {n: g.attributes.position.count, low: g.boundingBox.min.toArray(), high: g.boundingBox.max.toArray()}; })()`, &box))
	if want := 3 * 4 * 24; box.N != want {
		t.Errorf("the mesh has %d corners, want %d", box.N, want)
	}
	for k, want := range [3]float64{0.1, 0.1, 0.05} {
		if math.Abs(box.High[k]-want) > 1e-5 || math.Abs(box.Low[k]+want) > 1e-5 {
			t.Errorf("axis %d of the mesh reaches from %g to %g, want ±%g", k, box.Low[k], box.High[k], want)
		}
	}
	var stretched [3]float64
	must(t, p.Eval(`ukemi.stage.bodies[5].children[0].scale.toArray()`, &stretched))
	if stretched != [3]float64{0.1, 0.15, 0.05} {
		t.Errorf("the ellipsoid is a ball stretched by %v", stretched)
	}
	if l := p.Problems(); len(l) > 0 {
		t.Errorf("the console says %q", l)
	}
}
