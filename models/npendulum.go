package models

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The N-pendulum is one of Dojo's mechanisms [Howell et al. 2022]: rods of a meter and a kilogram on parallel hinges. Two of them are the
// double pendulum, whose motion is chaotic.
var npendulum = family{
	name:    "npendulum",
	source:  "Howell et al. 2022 (Dojo); sizes of ours",
	summary: "N rods of 1 m and 1 kg on parallel hinges without friction, let go from the horizontal",
	count:   "rods, 1 to 100",
	n:       2,
	check:   between(1, 100, "a pendulum", "rods"),
	builder: buildNPendulum,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[0] = 1.5
		return s
	},
}

func buildNPendulum(o Options, n int) *sim.Builder {
	const mass, radius, half = 1, 0.03, 0.47 // 1 m with its caps
	b := o.builder(fmt.Sprintf("npendulum%d", n))
	down := sim.At(0, 0, -half-radius)
	in := o.mass(sim.CapsuleInertia(mass, radius, half).Placed(down))
	parent, origin := sim.World, sim.At(0, 0, float64(n)+0.2)
	for i := range n {
		l := b.AddLink(fmt.Sprintf("rod%d", i+1), in)
		b.AddJoint(sim.Joint{Name: fmt.Sprintf("hinge%d", i+1), Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: l, Origin: origin})
		b.AddVisual(sim.Visual{Link: l, Shape: contact.Capsule(radius, half), Pose: down, Color: [2]sim.Color{orange, slate}[i%2]})
		parent, origin = l, sim.At(0, 0, -1)
	}
	return b
}
