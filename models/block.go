package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The block is that of Dojo [Howell et al. 2022]: a cube with eight contacts at its corners.
var block = family{
	name:    "block",
	source:  "Howell et al. 2022 (Dojo)",
	aliases: []string{"box"},
	summary: "Dojo's cube, 0.5 m and 1 kg, eight corner contacts, tossed tumbling",
	builder: func(o Options, _ int) *sim.Builder { return buildBlock(o, "block", nil) },
	start:   tossed,
}

// The driven block is pushed and pulled by a force at its center, in world axes: three inputs (N).
var drivenBlock = family{
	name:    "driven_block",
	source:  "Howell et al. 2022 (Dojo)",
	summary: "the block with a force at its center as input, 0.1 m above the ground",
	builder: func(o Options, _ int) *sim.Builder {
		force := o.axis(sim.Axis{Drive: sim.Torque})
		return buildBlock(o, "driven_block", []sim.Axis{force, force, force, {}, {}, {}})
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		PlaceAbove(m, s.Q, 0.1)
		return s
	},
}

func tossed(m *sim.Model) sim.State {
	s := m.NewState()
	q := sim.RPY(0.5, 0.3, 0.2)
	copy(s.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	PlaceAbove(m, s.Q, 0.5)
	copy(s.V, []float64{1, 0.3, 0, 2, 5, 1})
	return s
}

func buildBlock(o Options, name string, axes []sim.Axis) *sim.Builder {
	const mass = 1
	half := r3.Vec{X: 0.25, Y: 0.25, Z: 0.25}
	b := o.builder(name)
	l := b.AddLink("block", o.mass(sim.BoxInertia(mass, half)))
	b.AddJoint(sim.Joint{Name: "free", Type: sim.Free(), Parent: sim.World, Child: l, Axes: axes})
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: o.friction(0.8), Color: orange})
	return b
}
