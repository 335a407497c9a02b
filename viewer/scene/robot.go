package scene

import "github.com/ukemi-sim/ukemi/sim"

// Robot is a model to be looked at, in a window or on a page.
type Robot struct {
	Title   string // default: the model's name
	Model   *sim.Model
	Start   sim.State
	Control sim.Controller // input; nil is none
	Figure  FigureOptions
	Notes   []string // about the robot; pages show them
}
