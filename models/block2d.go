package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The planar block is one of Dojo's mechanisms [Howell et al. 2022]: a box that slides along x and z and turns about y. Its size is that of
// the block.
var block2d = family{
	name:    "block2d",
	source:  "Howell et al. 2022 (Dojo); size of the block",
	summary: "a box of 1 kg that moves in a plane, thrown",
	builder: func(o Options, _ int) *sim.Builder {
		half := r3.Vec{X: 0.25, Y: 0.25, Z: 0.25}
		return o.assembled("block2d", 0.5, []part{{
			name: "block", joint: "plane", typ: inPlane(), inertia: sim.BoxInertia(1, half), shapes: []solid{{contact.Box(half), sim.IdentityPose}},
		}})
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[2] = 0.3
		PlaceAbove(m, s.Q, 0.3)
		copy(s.V, []float64{1.5, 0, 2})
		return s
	},
}
