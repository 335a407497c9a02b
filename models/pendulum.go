package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

var pendulum = family{
	name:    "pendulum",
	source:  "sizes of ours",
	summary: "a rod of 1 m and 1 kg on a driven hinge, let go at 45°",
	builder: buildPendulum,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[0] = math.Pi / 4
		return s
	},
}

func buildPendulum(o Options, _ int) *sim.Builder {
	const mass, radius, half = 1, 0.02, 0.48 // 1 m with its caps
	b := o.builder("pendulum")
	at := sim.At(0, 0, -(half + radius))
	l := b.AddLink("rod", o.mass(sim.CapsuleInertia(mass, radius, half).Placed(at)))
	b.AddJoint(sim.Joint{
		Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l,
		Origin: sim.At(0, 0, 1.5), Axes: []sim.Axis{{Drive: sim.Torque}},
	})
	b.AddVisual(sim.Visual{Link: l, Shape: contact.Capsule(radius, half), Pose: at, Color: orange})
	return b
}
