package main

import "github.com/ukemi-sim/ukemi/sim"

// aim returns the controller that makes of c's forces the targets of servos that exert them at the start: a servo that
// a file brings takes a target, not a force.
func aim(m *sim.Model, start sim.State, c sim.Controller) sim.Controller {
	e, rest := m.Engine(), targets(m, start)
	return func(u []float64, k int, x sim.State) {
		c(u, k, x)
		for i := range e.Dofs {
			if d := &e.Dofs[i]; d.Drive == sim.Servo {
				if d.Kp > 0 {
					u[d.Input] /= d.Kp
				}
				u[d.Input] += rest[d.Input]
			}
		}
	}
}
