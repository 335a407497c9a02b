package models

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The slider is one of Dojo's mechanisms [Howell et al. 2022], which has one and N of them; sizes are ours. Boxes slide on each other's
// vertical rails. Springs carry them: N at rest are a spring and sag by what hangs below.
var slider = family{
	name:    "slider",
	source:  "Howell et al. 2022 (Dojo); sizes of ours",
	aliases: []string{"nslider"},
	summary: "N boxes of 1 kg, each on a driven vertical slider with a spring, below the one before",
	count:   "boxes, 1 to 100",
	n:       1,
	check:   between(1, 100, "a row of sliders", "boxes"),
	builder: buildSlider,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[0] = 0.1
		return s
	},
}

func buildSlider(o Options, n int) *sim.Builder {
	const mass, stiffness, damping, apart = 1, 400, 2, 0.4
	b := o.builder(fmt.Sprintf("slider%d", n))
	half := r3.Vec{X: 0.06, Y: 0.06, Z: 0.1}
	parent, origin := sim.World, sim.At(0, 0, apart*float64(n)+0.5)
	for i := range n {
		l := b.AddLink(fmt.Sprintf("box%d", i+1), o.mass(sim.BoxInertia(mass, half)))
		b.AddJoint(sim.Joint{
			Name: fmt.Sprintf("slide%d", i+1), Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: parent, Child: l, Origin: origin,
			Axes: []sim.Axis{o.scaled(sim.Axis{Drive: sim.Torque, Stiffness: stiffness * float64(n-i), Damping: damping})},
		})
		rail := sim.At(0, 0, apart/2)
		b.AddVisual(sim.Visual{Link: l, Shape: contact.Cylinder(0.01, apart/2), Pose: rail, Color: dark})
		b.AddVisual(sim.Visual{Link: l, Shape: contact.Box(half), Color: [2]sim.Color{orange, slate}[i%2]})
		parent, origin = l, sim.At(0, 0, -apart)
	}
	return b
}
