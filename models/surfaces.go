package models

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Scenes of surfaces that do more than slide with friction.

// belt adds a shape of the world whose surface runs along it.
func belt(b *sim.Builder, o Options, name string, at sim.Pose, half, velocity r3.Vec) {
	b.AddCollider(sim.Collider{Name: name, Link: sim.World, Shape: contact.Box(half), Pose: at, Friction: o.friction(0.5), Surface: contact.Surface{Velocity: velocity}, Color: slate})
}

var conveyor = family{
	name:    "conveyor",
	source:  "sizes of ours",
	summary: "N crates dropped on a conveyor belt of 1 m/s, which hands them to one that runs across",
	count:   "crates, 1 to 20",
	n:       3,
	check:   between(1, 20, "a conveyor", "crates"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("conveyor%d", n))
		belt(b, o, "belt", sim.At(0, 0, 0.45), r3.Vec{X: 1, Y: 0.25, Z: 0.05}, r3.Vec{X: 1})
		belt(b, o, "cross", sim.At(1.4, 0.75, 0.35), r3.Vec{X: 0.4, Y: 1, Z: 0.05}, r3.Vec{Y: 1})
		for i := range n {
			brick(b, o, fmt.Sprintf("crate%d", i+1), 2, r3.Vec{X: 0.1, Y: 0.08, Z: 0.07}, 0.5, 0)
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i := range m.NV() / 6 {
			s.Q[7*i], s.Q[7*i+1], s.Q[7*i+2] = -0.8, 0.02*float64(i%3-1), 0.57+spaced+0.5*float64(i)
		}
		return s
	},
}
