package scene

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Pose places a frame in the world: position (m) and unit quaternion (w, x, y, z).
type Pose = sim.Pose

// Scene is everything one picture shows.
type Scene struct {
	Items   []Item
	Grounds []Ground
	Arrows  []Arrow
	Traces  []Trace
	Frames  []Frame
	Points  []Point

	Labels []Label
	Panels []Panel
	Boards []Board
	Plots  []Plot

	Camera Camera
	Light  Light
	Sky    Sky

	// Fog is the distance (m) at which half of the color is the horizon's. Default 12 camera
	// distances; negative for none.
	Fog float64
}

// Reset empties every list of s and keeps their memory, the camera, the light and the sky.
func (s *Scene) Reset() {
	s.Items, s.Grounds = s.Items[:0], s.Grounds[:0]
	s.Arrows, s.Traces, s.Frames, s.Points = s.Arrows[:0], s.Traces[:0], s.Frames[:0], s.Points[:0]
	s.Labels, s.Panels, s.Boards, s.Plots = s.Labels[:0], s.Panels[:0], s.Boards[:0], s.Plots[:0]
}

// Item is one solid thing: a shape, or a mesh when Mesh is not nil.
type Item struct {
	Shape contact.Shape
	Mesh  *Mesh
	Scale r3.Vec // of the mesh, per axis of its frame; zero means 1
	Pose  Pose   // of the shape or mesh in the world; zero Rot means no rotation
	Color Color  // alpha below 1 draws the surface nearest to the camera, without a shadow; zero picks Palette by Group
	Name  string
	Group int // what belongs together, such as the number of a link
}

// Ground is the solid half-space normal·x ≤ offset, drawn as a checkered plane.
type Ground struct {
	Normal r3.Vec  // need not be a unit vector; zero means z
	Offset float64 // m
	Cell   float64 // edge of a checker field (m); default 0.5
	Colors [2]Color
}

// Light is a far light such as the sun.
type Light struct {
	To        r3.Vec // from the scene toward the light; default (−0.35, −0.45, 0.85)
	NoShadows bool
}

// Sky is the background: a gradient from the horizon up.
type Sky struct{ Horizon, Zenith Color }
