package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// The hopper is Raibert's one-legged one [Raibert 1986] as Dojo has it [Howell et al. 2022]: a sphere for a body, one for a
// foot, and a leg without mass that a force lengthens. Torques turn the body against nothing, as if by wheels in it: about
// three axes, of which Dojo drives two.
var hopper = family{
	name:    "hopper",
	source:  "Raibert 1986; Howell et al. 2022 (Dojo)",
	aliases: []string{"raiberthopper"},
	summary: "Raibert's hopper: body 4.18 kg, foot 0.52 kg, a driven leg, torques on the body",
	builder: buildHopper,
	start:   standingHopper,
}

const hopperFoot, hopperBody, hopperLeg = 0.05, 0.1, 0.5 // m: radii of the spheres, distance of their centers

// standingHopper is upright and at rest, its foot touching the ground.
func standingHopper(m *sim.Model) sim.State {
	s := m.NewState()
	s.Q[2], s.Q[7] = hopperFoot+hopperLeg, -hopperLeg
	return s
}

func buildHopper(o Options, _ int) *sim.Builder {
	b := o.builder("hopper")
	mu := o.friction(0.5)
	body := b.AddLink("body", o.mass(sim.SphereInertia(4.18, hopperBody)))
	foot := b.AddLink("foot", o.mass(sim.SphereInertia(0.52, hopperFoot)))
	turn := o.axis(sim.Axis{Drive: sim.Torque})
	b.AddJoint(sim.Joint{
		Name: "floating_base", Type: sim.Free(), Parent: sim.World, Child: body, Axes: []sim.Axis{{}, {}, {}, turn, turn, turn},
	})
	b.AddJoint(sim.Joint{
		Name: "leg", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: body, Child: foot,
		Axes: []sim.Axis{o.axis(sim.Axis{Drive: sim.Torque, Damping: 0.1})},
	})
	b.AddCollider(sim.Collider{Link: body, Shape: contact.Sphere(hopperBody), Friction: mu, Color: orange})
	b.AddCollider(sim.Collider{Link: foot, Shape: contact.Sphere(hopperFoot), Friction: mu, Color: dark})
	rod := sim.Pose{Pos: r3.Vec{Z: hopperLeg / 2}, Rot: quat.Number{Real: 1}}
	b.AddVisual(sim.Visual{Link: foot, Shape: contact.Cylinder(0.015, hopperLeg/2), Pose: rod, Color: slate})
	return b
}
