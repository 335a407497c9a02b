package raster

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// quadruped returns a scene of about 40 primitives: a four-legged robot with force arrows, a trace, a
// few things lying around and overlays. phase moves the legs.
func quadruped(phase float64) *scene.Scene {
	s := &scene.Scene{Camera: scene.Camera{
		Target: vec{Z: 0.25}, Azimuth: -0.9, Elevation: 0.32, Distance: 2.2,
	}}
	s.Grounds = []scene.Ground{{Normal: vec{Z: 1}}}
	add := func(sh contact.Shape, pos vec, q spatial.Quat, c scene.Color) {
		s.Items = append(s.Items, scene.Item{Shape: sh, Pose: scene.Pose{Pos: pos, Rot: q}, Color: c})
	}
	body, dark, blue := scene.RGB(0xE8E6E1), scene.RGB(0x3A3F47), scene.RGB(0x4C8DD6)
	trunk := vec{Z: 0.355 + 0.01*math.Sin(2*phase)}
	add(contact.Box(vec{X: 0.28, Y: 0.09, Z: 0.07}), trunk, spatial.Identity, body)
	add(contact.Box(vec{X: 0.08, Y: 0.06, Z: 0.05}), spatial.Add(trunk, vec{X: 0.34, Z: 0.04}), spatial.Identity, dark)
	add(contact.Cylinder(0.03, 0.03), spatial.Add(trunk, vec{X: 0.1, Z: 0.1}), spatial.Identity, dark)
	for i := range 4 {
		sx, sy := float64(1-i/2*2), float64(1-i%2*2)
		hip := spatial.Add(trunk, vec{X: 0.24 * sx, Y: 0.13 * sy, Z: -0.01})
		swing := 0.5 * math.Sin(phase+math.Pi*float64((i+i/2)%2))
		turn := spatial.RPY(math.Pi/2, 0, 0)
		add(contact.Cylinder(0.05, 0.04), hip, turn, dark)
		thigh := spatial.RPY(0, 0.6+swing, 0)
		knee := spatial.Add(hip, spatial.QuatRotate(thigh, vec{Z: -0.2}))
		add(contact.Capsule(0.035, 0.1), spatial.Scale(0.5, spatial.Add(hip, knee)), thigh, blue)
		add(contact.Sphere(0.04), knee, spatial.Identity, dark)
		shin := spatial.RPY(0, -0.7+swing/2, 0)
		foot := spatial.Add(knee, spatial.QuatRotate(shin, vec{Z: -0.22}))
		add(contact.Capsule(0.02, 0.11), spatial.Scale(0.5, spatial.Add(knee, foot)), shin, body)
		add(contact.Sphere(0.028), foot, spatial.Identity, dark)
		if i == 0 || i == 3 {
			s.Arrows = append(s.Arrows, scene.Arrow{From: foot, Vector: vec{X: 0.06 * sx, Z: 0.34}})
			s.Points = append(s.Points, scene.Point{At: spatial.Add(foot, vec{Z: -0.02})})
		}
		if i == 0 {
			var path []vec
			for k := range 60 {
				a := phase - 0.1*float64(60-k)
				path = append(path, vec{X: foot.X - 0.025*float64(60-k), Y: foot.Y, Z: 0.03 + 0.08*math.Max(0, math.Sin(a-phase))})
			}
			s.Traces = append(s.Traces, scene.Trace{Points: append(path, foot), Color: scene.RGB(0xE0443E), Fade: true})
		}
	}
	for i := range 12 {
		a := 2 * math.Pi * float64(i) / 12
		at := vec{X: 1.3 * math.Cos(a), Y: 1.3 * math.Sin(a), Z: 0.09}
		c := scene.ColorOf(i)
		switch i % 4 {
		case 0:
			add(contact.Box(vec{X: 0.09, Y: 0.09, Z: 0.09}), at, spatial.RPY(0, 0, a), c)
		case 1:
			add(contact.Sphere(0.09), at, spatial.Identity, c)
		case 2:
			add(contact.Cylinder(0.08, 0.09), at, spatial.Identity, c)
		case 3:
			at.Z = 0.05
			add(contact.Capsule(0.05, 0.12), at, spatial.RPY(math.Pi/2, 0, a), c)
		}
	}
	s.Items = append(s.Items, scene.Item{
		Shape: contact.Box(vec{X: 0.28, Y: 0.09, Z: 0.07}), Color: blue.Alpha(0.35),
		Pose: scene.Pose{Pos: spatial.Add(trunk, vec{X: 0.3, Y: 0.7}), Rot: spatial.RPY(0, 0.2, 0.3)},
	})
	s.Points = append(s.Points, scene.Point{At: trunk, Kind: scene.CenterOfMass})
	s.Frames = append(s.Frames, scene.Frame{Pose: scene.Pose{Pos: vec{X: -0.6, Y: -0.6}}, Size: 0.25})
	s.Panels = append(s.Panels, scene.Panel{Title: "quadruped", Lines: []string{
		fmt.Sprintf("t      %6.2f s", phase), "energy  41.37 J", "gap    −1e-6 m", "contacts    2"}})
	var force, speed []float64
	for k := range 160 {
		x := phase + float64(k)/20
		force = append(force, 60+50*math.Sin(3*x)*math.Exp(-float64(k)/90))
		speed = append(speed, 40+20*math.Cos(2*x))
	}
	s.Plots = append(s.Plots, scene.Plot{Corner: scene.BottomRight, Title: "normal force [N]", Samples: 200,
		Series: []scene.Series{{Name: "front left", Values: force}, {Name: "hind right", Values: speed}}})
	s.Labels = append(s.Labels, scene.Label{At: spatial.Add(trunk, vec{Z: 0.2}), Text: "trunk"})
	return s
}
