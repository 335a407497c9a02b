package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The exoskeleton holds a human arm at shoulder and elbow, as Dojo has it [Howell et al. 2022]: four hinges, masses and
// inertias of the device and of the arm of a person of 75 kg, ranges of the human joints. It touches nothing; what is
// drawn is ours. Its base stands in the world.
var exoskeleton = family{
	name:    "exoskeleton",
	source:  "Howell et al. 2022 (Dojo)",
	summary: "an exoskeleton of the arm: 12.4 kg on four torque-driven hinges, with an arm of 3.75 kg in it; let go raised",
	builder: tabled("exoskeleton", 0.5, exoskeletonParts),
	start:   bolted(0.9, 0.5, 0, -0.6),
}

var exoskeletonParts = []part{
	{name: "base", joint: "base_fixed", typ: sim.Fixed(), looks: []solid{{contact.Box(r3.Vec{X: 0.06, Y: 0.06, Z: 0.65}), at(0.45, 0, 0.65)}}},
	{
		name: "sAA_Unit", joint: "sAA", on: "base", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.2483, 0, 1.15, 0.5, 0.5, 0.5, 0.5),
		inertia: sim.Inertia{Mass: 6.712, COM: r3.Vec{Y: 0.1301, Z: -0.1279}, Ixx: 0.378789, Ixy: -0.0006556, Ixz: -0.0006709, Iyy: 0.192833, Iyz: 0.0540633, Izz: 0.195684},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 1.5708, Drive: sim.Torque},
		looks:   []solid{{contact.Box(r3.Vec{X: 0.04, Y: 0.12, Z: 0.04}), at(0, 0.1301, -0.1279)}},
	},
	{
		name: "sFE_Unit", joint: "sFE", on: "sAA_Unit", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 3.487, COM: r3.Vec{X: 0.0001, Y: 0.1051, Z: -0.1201}, Ixx: 0.110868, Ixy: -9.77e-05, Ixz: 3.99e-05, Iyy: 0.0689688, Iyz: 0.0384741, Izz: 0.0569634},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 1.5708, Drive: sim.Torque},
	},
	{
		name: "sIE_Unit", joint: "sIE", on: "sFE_Unit", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0.3087, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.663, COM: r3.Vec{X: -0.0006, Y: 0.1079, Z: -0.03}, Ixx: 0.0266938, Ixy: 0.0001282, Ixz: -5.56e-05, Iyy: 0.007941, Iyz: 0.0038772, Izz: 0.0235228},
		axis:    sim.Axis{Limited: true, Lower: -1.39626, Upper: 0.436332, Drive: sim.Torque},
		looks:   []solid{{contact.Cylinder(0.07, 0.02), at(0, 0.02, -0.08)}},
	},
	{
		name: "eFE_Unit", joint: "eFE", on: "sIE_Unit", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 0.494, COM: r3.Vec{Y: 0.0557, Z: -0.0803}, Ixx: 0.0069974, Ixy: -9e-07, Ixz: -4e-07, Iyy: 0.0035498, Iyz: 0.001812, Izz: 0.0037622},
		axis:    sim.Axis{Limited: true, Lower: -2.18166, Upper: 0, Drive: sim.Torque},
		looks:   []solid{{contact.Box(r3.Vec{X: 0.03, Y: 0.08, Z: 0.02}), at(0, 0.06, -0.08)}},
	},
	{
		name: "lower_arm", joint: "eFe_to_lower", on: "eFE_Unit", typ: sim.Fixed(),
		inertia: sim.Inertia{Mass: 1.5, COM: r3.Vec{Y: 0.125}, Ixx: 0.00851563, Iyy: 0.00140625, Izz: 0.00851563},
		looks:   []solid{{contact.Capsule(0.035, 0.09), turned(0, 0.125, 0, 0.707107, 0.707107, 0, 0)}},
	},
	{
		name: "upper_arm", joint: "sIE_to_upper", on: "sIE_Unit", typ: sim.Fixed(),
		inertia: sim.Inertia{Mass: 2.25, COM: r3.Vec{Z: -0.155}, Ixx: 0.01875, Iyy: 0.01875, Izz: 0.00375},
		looks:   []solid{{contact.Capsule(0.045, 0.11), at(0, 0, -0.155)}},
	},
}
