package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The cartpole has the parameters of Gymnasium's CartPole [Barto, Sutton and Anderson 1983]: cart 1 kg, pole
// 0.1 kg and 1 m, force 10 N, track ±2.4 m. Here the pole is a solid rod, not a point mass.
var cartpole = family{
	name:    "cartpole",
	source:  "Barto, Sutton and Anderson 1983; Gymnasium",
	summary: "a 1 kg cart on a track, driven by a force, with an unactuated pole that starts near the top",
	builder: buildCartpole,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[1] = 0.05
		return s
	},
}

func buildCartpole(o Options, _ int) *sim.Builder {
	const radius, half = 0.025, 0.475 // 1 m with its caps
	b := o.builder("cartpole")
	size := r3.Vec{X: 0.2, Y: 0.1, Z: 0.08}
	cart := b.AddLink("cart", o.mass(sim.BoxInertia(1, size)))
	up := sim.At(0, 0, half+radius)
	pole := b.AddLink("pole", o.mass(sim.CapsuleInertia(0.1, radius, half).Placed(up)))
	b.AddJoint(sim.Joint{
		Name: "track", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: cart, Origin: sim.At(0, 0, 1.2),
		Axes: []sim.Axis{o.axis(sim.Axis{Limited: true, Lower: -2.4, Upper: 2.4, Drive: sim.Torque, Effort: 10})},
	})
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: cart, Child: pole})
	b.AddVisual(sim.Visual{Link: cart, Shape: contact.Box(size), Color: slate})
	b.AddVisual(sim.Visual{Link: pole, Shape: contact.Capsule(radius, half), Pose: up, Color: orange})
	return b
}
