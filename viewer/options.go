package viewer

import (
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Options set up a window. The zero value is a good choice.
type Options struct {
	Title         string // default: the model's name
	Width, Height int    // of the window; default 1280×720, and 640×360 with light settings

	Step    sim.Options    // of the stepper that Run makes and that finds the forces of a Replay
	Control sim.Controller // input of Run; nil is none

	// Stepper is the one a loop with Update steps. With it the window shows contact forces and energy, a
	// drag of the mouse pushes bodies and a key changes κ. Without it the window shows motion only.
	Stepper *sim.Stepper

	Signals []Signal // plots beside the built-in ones
	Camera  *scene.Camera
	Speed   float64 // of the clock; default 1. A loop with Update waits for this clock
	NoClock bool    // as fast as the computer can
	Paused  bool    // starts so

	// Open answers a file that is dropped on the window, or with an empty path a wish to load what is shown once more. Nil refuses; so
	// does what Run does not show.
	Open func(path string) (*Robot, error)

	Figure scene.FigureOptions // where meshes are, and whether collision shapes are drawn

	// Quality selects what the graphics must afford. Default: Full, but Light where OpenGL is emulated by
	// the processor.
	Quality Quality
	hidden  bool // tests draw without showing
}

// Signal is something to plot: one curve per name.
type Signal struct {
	Title string
	Names []string
	// Sample stores the values of all curves at step k. It is called once per step that is shown.
	Sample func(values []float64, k int, s sim.State)
}

// Quality selects between looks and speed.
type Quality uint8

// The qualities.
const (
	Auto  Quality = iota
	Full          // 4 samples per pixel, shadow map of 2048² with soft edges
	Light         // 1 sample while things move, shadow map of 1024²
)
