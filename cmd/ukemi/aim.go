package main

import (
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// aim returns the controller that makes of c's forces the targets of servos that exert them at the start: a servo that
// a file brings takes a target, not a force.
func aim(m *sim.Model, start sim.State, c sim.Controller) sim.Controller {
	rest, joints := models.HoldInputs(m, start), m.Joints()
	servos := make([]*sim.Axis, m.NU())
	for i := range servos {
		in := m.InputInfo(i)
		if in.Servo {
			servos[i] = &joints[in.Joint].Axes[in.Axis]
		}
	}
	return func(u []float64, k int, x sim.State) {
		c(u, k, x)
		for i, a := range servos {
			if a == nil {
				continue
			}
			if a.Kp > 0 {
				u[i] /= a.Kp
			}
			u[i] += rest[i]
		}
	}
}
