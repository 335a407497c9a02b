package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The monopod is Gymnasium's planar hopper as Dojo has it: masses, moments and damping of its description, with
// Gymnasium's torques and its limits of knee and ankle. `hopper` here is Raibert's.
var monopod = family{
	name:    "monopod",
	aliases: []string{"gymhopper"},
	source:  "Gymnasium; Howell et al. 2022 (Dojo)",
	summary: "Gymnasium's hopper as in Dojo: a planar leg of 3 driven joints",
	builder: tabled("monopod", 2, monopodParts),
	start:   planarAt(0.001),
}

var monopodParts = []part{
	{
		name: "torso", joint: "floating_joint", typ: inPlane(),
		inertia: sim.Inertia{Mass: 3.53429, Ixx: 0.06185, Iyy: 0.06185, Izz: 0.00441},
		shapes:  []solid{{contact.Capsule(0.05, 0.2), at(0, 0, 0)}},
	},
	{
		name: "thigh", joint: "thigh", on: "torso", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.2),
		inertia: sim.Inertia{Mass: 3.92699, COM: r3.Vec{Z: -0.225}, Ixx: 0.08426, Iyy: 0.08426, Izz: 0.0049},
		axis:    sim.Axis{Damping: 1, Friction: 0.0001, Drive: sim.Torque, Effort: 200},
		shapes:  []solid{{contact.Capsule(0.05, 0.225), at(0, 0, -0.225)}},
	},
	{
		name: "leg", joint: "leg", on: "thigh", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.45),
		inertia: sim.Inertia{Mass: 2.71433, COM: r3.Vec{Z: -0.25}, Ixx: 0.06704, Iyy: 0.06704, Izz: 0.00217},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 2.61799, Damping: 1, Friction: 0.0001, Drive: sim.Torque, Effort: 200},
		shapes:  []solid{{contact.Capsule(0.04, 0.25), at(0, 0, -0.25)}},
	},
	{
		name: "foot", joint: "foot", on: "leg", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.5),
		inertia: sim.Inertia{Mass: 5.08938, COM: r3.Vec{X: 0.065}, Ixx: 0.00916, Iyy: 0.09046, Izz: 0.09046},
		axis:    sim.Axis{Limited: true, Lower: -0.785398, Upper: 0.785398, Damping: 1, Friction: 0.0001, Drive: sim.Torque, Effort: 200},
		shapes:  []solid{{contact.Capsule(0.06, 0.195), turned(0.065, 0, 0, 0.707107, 0, 0.707107, 0)}},
	},
}
