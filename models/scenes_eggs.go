package models

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// eggRadii are those of the eggs, in turn: of an egg, a lens, a grain.
var eggRadii = [...]r3.Vec{{X: 0.08, Y: 0.08, Z: 0.11}, {X: 0.11, Y: 0.1, Z: 0.04}, {X: 0.05, Y: 0.06, Z: 0.11}}

var eggs = family{
	name:    "eggs",
	source:  "sizes of ours",
	summary: "N ellipsoids of 8 to 22 cm falling onto each other",
	count:   "eggs, 1 to 200",
	n:       3,
	check:   between(1, 200, "a heap", "eggs"),
	builder: row("eggs", func(b *sim.Builder, o Options, i int) {
		r := eggRadii[i%len(eggRadii)]
		loose(b, o, fmt.Sprintf("egg%d", i+1), sim.EllipsoidInertia(0.5, r), contact.Ellipsoid(r.X, r.Y, r.Z), 0.5, i)
	}),
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i := range m.NV() / 6 {
			q := sim.RPY(0.4*float64(i%5), 0.3*float64(i%3)+0.2, 0.7*float64(i))
			copy(s.Q[7*i:], []float64{0.02 * float64(i%3), 0.015 * float64(i%4), 0.115 + 0.23*float64(i), q.Real, q.Imag, q.Jmag, q.Kmag})
		}
		return s
	},
}
