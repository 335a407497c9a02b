package raster

import (
	"image"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestShadowOfSphere compares the lit bit of every ground pixel with the closed form: p is in the shadow
// of a ball about c when its distance to the line through c along the light is below the radius.
func TestShadowOfSphere(t *testing.T) {
	const w, h, radius = 240, 180, 0.3
	c := vec{X: 0.2, Y: -0.1, Z: 0.8}
	sc := bare(contact.Sphere(radius), 4)
	sc.Items[0].Pose.Pos = c
	sc.Grounds = []scene.Ground{{}}
	sc.Camera.Elevation, sc.Camera.FovY = 0.8, 0.7
	sc.Light.To = vec{X: 0.3, Y: 0.5, Z: 0.9}
	to, _ := spatial.Unit(sc.Light.To)
	r := New(w, h)
	r.Render(image.NewRGBA(image.Rect(0, 0, w, h)), sc)
	v := sc.Camera.View()
	dark := 0
	for i, id := range r.IDs() {
		if id != IDGround {
			continue
		}
		d := v.Ray(float64(i%w)+0.5, float64(i/w)+0.5, w, h)
		p := spatial.AddScaled(v.Eye, -v.Eye.Z/d.Z, d)
		off := spatial.Norm(spatial.Cross(spatial.Sub(p, c), to))
		lit := r.keys[i]&1 == 1
		if math.Abs(off-radius) > 1e-6 && lit != (off > radius) {
			t.Fatalf("ground at %v: lit %v, but the light passes the center at %g of %g", p, lit, off, radius)
		}
		if !lit {
			dark++
		}
	}
	if dark < 500 {
		t.Fatalf("only %d pixels of shadow", dark)
	}
}

// TestShadowOfMesh compares the shadows of a box as a primitive and as a mesh, which use different code.
func TestShadowOfMesh(t *testing.T) {
	const w, h = 240, 180
	half := vec{X: 0.5, Y: 0.2, Z: 0.1}
	sc := bare(contact.Box(half), 4)
	sc.Items[0].Pose = scene.Pose{Pos: vec{Z: 0.7}, Rot: spatial.RPY(0.4, 0.1, 0.9)}
	sc.Grounds = []scene.Ground{{}}
	sc.Camera.Elevation = 0.8
	a, b := New(w, h), New(w, h)
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	a.Render(m, sc)
	sc.Items[0].Mesh = boxMesh(half)
	b.Render(m, sc)
	dark := 0
	for i, id := range a.IDs() {
		if id != IDGround {
			continue
		}
		if a.keys[i]&1 != b.keys[i]&1 {
			t.Fatalf("pixel (%d, %d): lit %d by the box, %d by the mesh", i%w, i/w, a.keys[i]&1, b.keys[i]&1)
		}
		if a.keys[i]&1 == 0 {
			dark++
		}
	}
	if dark < 500 {
		t.Fatalf("only %d pixels of shadow", dark)
	}
}
