package models

import "github.com/ukemi-sim/ukemi/sim"

var (
	orange = sim.Color{R: 0.94, G: 0.42, B: 0.13, A: 1}
	slate  = sim.Color{R: 0.30, G: 0.36, B: 0.42, A: 1}
	dark   = sim.Color{R: 0.14, G: 0.15, B: 0.17, A: 1}
)
