package raster

import (
	"image"
	"path/filepath"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/internal/golden"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// workshop shows what the quadruped does not: meshes, a slope, points, a camera near the ground.
func workshop() *scene.Scene {
	s := &scene.Scene{Camera: scene.Camera{Target: vec{Z: 0.2}, Azimuth: 0.6, Elevation: 0.25, Distance: 2}}
	s.Grounds = []scene.Ground{{}, {Normal: vec{X: 0.5, Z: 1}, Offset: -0.5, Colors: [2]scene.Color{scene.RGB(0xB9A58C), scene.RGB(0xA8947C)}}}
	s.Items = []scene.Item{
		{Mesh: golden.Torus(0.3, 0.1, 48, 24), Pose: scene.Pose{Pos: vec{Z: 0.3}, Rot: spatial.RPY(0.9, 0.2, 0)}, Group: 1},
		{Mesh: boxMesh(vec{X: 0.1, Y: 0.15, Z: 0.12}), Pose: scene.Pose{Pos: vec{Y: 0.6, Z: 0.12}}, Group: 2},
		{Mesh: golden.Torus(0.2, 0.05, 32, 16), Pose: scene.Pose{Pos: vec{Y: -0.6, Z: 0.3}}, Color: scene.RGB(0x55B583).Alpha(0.5)},
		{Shape: contact.Points([]vec{{X: 0.6}, {X: 0.7, Y: 0.1, Z: 0.1}, {X: 0.6, Y: 0.2, Z: 0.05}}), Group: 3},
	}
	s.Arrows = []scene.Arrow{{From: vec{X: 0.5, Y: -0.3}, Vector: vec{Z: 0.4}}, {From: vec{X: 0.5, Y: -0.2}, Vector: vec{Z: 0.03}}}
	return s
}

// TestGolden compares small pictures with stored ones. The tolerance is for processors that round
// products and sums together; a change of looks needs -update and a look at the new pictures.
func TestGolden(t *testing.T) {
	noGround := quadruped(2)
	noGround.Grounds, noGround.Panels, noGround.Plots = nil, nil, nil
	noGround.Camera.Elevation = -0.3
	for name, sc := range map[string]*scene.Scene{"quadruped": quadruped(1), "workshop": workshop(), "below": noGround} {
		got := image.NewRGBA(image.Rect(0, 0, 160, 90))
		New(160, 90).Render(got, sc)
		if bad := golden.Compare(t, filepath.Join("testdata", name+".png"), got).Values(3); bad > 20 {
			out := filepath.Join(t.TempDir(), name+".png")
			t.Errorf("%s: %d values differ by more than 3 from the golden picture; run with -update and look (%v, %v)", name, bad, out, WritePNG(out, got))
		}
	}
}
