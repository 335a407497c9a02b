package main

import (
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// hold makes servos of the torques of a world that is not finished yet.
func hold(w *world) int { return models.Hold(w.builder, w.model) }

// servos turns every torque-driven joint into a servo of the given gains, and gives them to those that are servos.
func servos(w *world, kp, kd float64) {
	for _, j := range w.model.Joints() {
		if len(j.Axes) > 0 && (models.TorqueDriven(j) || j.Axes[0].Drive == sim.Servo) {
			w.builder.SetServo(j.Name, kp, kd)
		}
	}
}
