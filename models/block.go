package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The block is that of Dojo [Howell et al. 2022]: a cube with eight contacts at its corners.
var block = family{
	name:    "block",
	aliases: []string{"box"},
	summary: "Dojo's cube, 0.5 m and 1 kg, eight corner contacts, tossed tumbling",
	builder: buildBlock,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		q := sim.RPY(0.5, 0.3, 0.2)
		copy(s.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
		PlaceAbove(m, s.Q, 0.5)
		copy(s.V, []float64{1, 0.3, 0, 2, 5, 1})
		return s
	},
}

func buildBlock(o Options, _ int) *sim.Builder {
	const mass = 1
	half := r3.Vec{X: 0.25, Y: 0.25, Z: 0.25}
	b := o.builder("block")
	l := b.AddLink("block", o.mass(sim.BoxInertia(mass, half)))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: o.friction(0.8), Color: orange})
	return b
}
