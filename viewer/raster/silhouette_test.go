package raster

import (
	"image"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// bare returns a scene of one shape at the origin seen along −x from the given distance; the shape's
// z axis is up in the picture.
func bare(s contact.Shape, distance float64) *scene.Scene {
	return &scene.Scene{
		Items:  []scene.Item{{Shape: s, Color: scene.RGB(0x808080)}},
		Camera: scene.Camera{Distance: distance, FovY: 0.5},
	}
}

// area returns the number of pixels that show item 0, and the focal length in pixels.
func area(sc *scene.Scene, width, height int) (count, focal float64) {
	r := New(width, height)
	r.Cast(sc)
	for _, id := range r.IDs() {
		if id == 0 {
			count++
		}
	}
	return count, r.eye.focal
}

func TestSilhouettes(t *testing.T) {
	side := spatial.RPY(0, math.Pi/2, 0) // z toward the eye
	roll := spatial.RPY(0.3, 0, 0)       // edges along pixel rows would gain or lose whole rows
	far := 1000.0                        // orthographic but for terms of 1e-3
	for _, c := range []struct {
		name     string
		shape    contact.Shape
		rot      spatial.Quat
		distance float64
		fov      float64
		want     float64 // over focal²
		tol      float64
	}{
		// A sphere's outline is the circle of the cone that touches it: tan² α = r²/(D² − r²).
		{"sphere", contact.Sphere(0.5), spatial.Identity, 3, 0.5, math.Pi * 0.25 / (9 - 0.25), 2e-3},
		{"box", contact.Box(vec{X: 0.5, Y: 0.3, Z: 0.2}), roll, 3, 0.5, 4 * 0.3 * 0.2 / (2.5 * 2.5), 2e-3},
		{"ellipsoid", contact.Ellipsoid(0.5, 0.2, 0.4), roll, far, 1.2e-3, math.Pi * 0.2 * 0.4 / (far * far), 2e-3},
		{"cylinder end on", contact.Cylinder(0.4, 0.5), side, 3, 0.5, math.Pi * 0.16 / (2.5 * 2.5), 2e-3},
		{"capsule end on", contact.Capsule(0.4, 0.5), side, 3, 0.5, math.Pi * 0.16 / (2.5*2.5 - 0.16), 2e-3},
		{"cylinder", contact.Cylinder(0.2, 0.4), roll, far, 1.2e-3, 4 * 0.2 * 0.4 / (far * far), 2e-3},
		{"capsule", contact.Capsule(0.2, 0.3), roll, far, 1.2e-3, (4*0.2*0.3 + math.Pi*0.04) / (far * far), 2e-3},
	} {
		sc := bare(c.shape, c.distance)
		sc.Items[0].Pose.Rot = c.rot
		sc.Camera.FovY = c.fov
		n, f := area(sc, 600, 500)
		if want := c.want * f * f; math.Abs(n/want-1) > c.tol {
			t.Errorf("%s covers %g pixels, want %.1f", c.name, n, want)
		}
	}
}

// An off-axis sphere is seen as an ellipse: with α the half angle of the touching cone and θ the angle
// of its axis to the view, the half axes are sin α cos α / q² and sin α / q, q² = cos² θ − sin² α.
func TestSphereOffAxis(t *testing.T) {
	sc := bare(contact.Sphere(0.3), 2)
	at := vec{Y: 0.7, Z: 0.4}
	sc.Items[0].Pose.Pos = at
	sc.Camera.FovY = 1
	n, f := area(sc, 700, 600)
	d := math.Sqrt(4 + at.Y*at.Y + at.Z*at.Z)
	sin := 0.3 / d
	cos := math.Sqrt(1 - sin*sin)
	q := math.Sqrt(4/(d*d) - sin*sin)
	if want := math.Pi * sin * sin * cos / (q * q * q) * f * f; math.Abs(n/want-1) > 2e-3 {
		t.Errorf("sphere covers %g pixels, want %.1f", n, want)
	}
}

func TestConeSilhouette(t *testing.T) {
	const far = 1000.0
	dir := vec{Y: math.Sin(0.3), Z: math.Cos(0.3)}
	sc := &scene.Scene{
		// 6 radii long, 2.4 wide to each side: the tip of an arrow of radius 0.05; the shaft is 0.6 long.
		Arrows: []scene.Arrow{{From: spatial.Scale(-0.45, dir), Vector: spatial.Scale(0.9, dir), Radius: 0.05}},
		Camera: scene.Camera{Distance: far, FovY: 1.2e-3},
	}
	r := New(600, 500)
	r.Render(image.NewRGBA(image.Rect(0, 0, 600, 500)), sc)
	n := 0.0
	for _, id := range r.IDs() {
		if id == IDMark {
			n++
		}
	}
	f := r.eye.focal / far
	if want := (0.6*0.1 + 0.3*0.12) * f * f; math.Abs(n/want-1) > 2e-3 {
		t.Errorf("arrow covers %g pixels, want %.1f", n, want)
	}
}

// TestUpIsUp checks up and right in pictures: seen from +x, a ball on +y is to the right of one at the
// origin, and a ball on +z is above it.
func TestUpIsUp(t *testing.T) {
	sc := bare(contact.Sphere(0.1), 3)
	sc.Items = append(sc.Items,
		scene.Item{Shape: contact.Sphere(0.1), Pose: scene.Pose{Pos: vec{Y: 0.4}}},
		scene.Item{Shape: contact.Sphere(0.1), Pose: scene.Pose{Pos: vec{Z: 0.4}}})
	r := New(200, 200)
	r.Cast(sc)
	var x, y, n [3]float64
	for i, id := range r.IDs() {
		if id >= 0 {
			x[id] += float64(i % 200)
			y[id] += float64(i / 200)
			n[id]++
		}
	}
	for k := range n {
		x[k] /= n[k]
		y[k] /= n[k]
	}
	if math.Abs(x[0]-99.5) > 0.1 || math.Abs(y[0]-99.5) > 0.1 {
		t.Errorf("target is at (%g, %g), want the middle", x[0], y[0])
	}
	if !(x[1] > x[0]+20) || math.Abs(y[1]-y[0]) > 0.1 || !(y[2] < y[0]-20) || math.Abs(x[2]-x[0]) > 0.1 {
		t.Errorf("+y is at (%g, %g) and +z at (%g, %g) of a picture with the origin in its middle", x[1], y[1], x[2], y[2])
	}
}
