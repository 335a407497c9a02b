package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
)

var sphere = family{
	name:    "sphere",
	source:  "sizes of ours",
	summary: "a ball of 1 kg and 0.5 m radius, thrown with backspin",
	builder: buildSphere,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		PlaceAbove(m, s.Q, 0.3)
		copy(s.V, []float64{2, 0, 0, 0, -8, 0})
		return s
	},
}

func buildSphere(o Options, _ int) *sim.Builder {
	const radius, mass = 0.5, 1
	b := o.builder("sphere")
	l := b.AddLink("ball", o.mass(sim.SphereInertia(mass, radius)))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(radius), Friction: o.friction(0.8), Color: orange})
	return b
}
