package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The half-cheetah is Gymnasium's planar one: masses, moments and shapes are those of Dojo's copy, limits,
// springs and dampers Gymnasium's. The moments of Dojo's torso break the triangle inequality by 4 %; here the largest, about which
// it never turns, is smaller.
var halfcheetah = family{
	name:    "halfcheetah",
	source:  "Gymnasium; Howell et al. 2022 (Dojo)",
	summary: "Gymnasium's half-cheetah as in Dojo: a planar runner of 6 driven joints",
	builder: tabled("halfcheetah", 0.4, halfcheetahParts),
	start:   planarAt(0.001),
}

var halfcheetahParts = []part{
	{
		name: "torso", joint: "floating_joint", typ: inPlane(),
		inertia: sim.Inertia{Mass: 6.36031, Ixx: 0.08944, Iyy: 0.8835, Izz: 0.971967},
		shapes: []solid{
			{contact.Capsule(0.046, 0.5), turned(0, 0, 0, 0.707105, 0, 0.707108, 0)},
			{contact.Capsule(0.046, 0.15), turned(0.6, 0, 0.1, 0.90687, 0, 0.42141, 0)},
		},
	},
	{
		name: "bthigh", joint: "bthigh", on: "torso", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(-0.5, 0, 0, 0.946366, 0, -0.323097, 0),
		inertia: sim.Inertia{Mass: 1.5352, COM: r3.Vec{Z: -0.145}, Ixx: 0.01525, Iyy: 0.01525, Izz: 0.001624},
		axis:    sim.Axis{Limited: true, Lower: -0.52, Upper: 1.05, Damping: 6, Stiffness: 240, Friction: 0.0001, Drive: sim.Torque},
		shapes: []solid{
			{contact.Capsule(0.046, 0.145), turned(0.1, 0, -0.13, 0.323291, 8.26605e-07, 0.9463, 8.26605e-07)},
		},
	},
	{
		name: "bshin", joint: "bshin", on: "bthigh", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0, 0, -0.29, 0.659983, 0, 0.75128, 0),
		inertia: sim.Inertia{Mass: 1.5809, COM: r3.Vec{Z: -0.145}, Ixx: 0.0166, Iyy: 0.0166, Izz: 0.00167},
		axis:    sim.Axis{Limited: true, Lower: -0.785, Upper: 0.785, Damping: 4.5, Stiffness: 180, Friction: 0.0001, Drive: sim.Torque},
		shapes: []solid{
			{contact.Capsule(0.046, 0.15), turned(-0.14, 0, -0.07, 0.527619, -1.82713e-06, -0.849481, -1.82713e-06)},
		},
	},
	{
		name: "bfoot", joint: "bfoot", on: "bshin", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0, 0, -0.29, 0.731689, 0, -0.681639, 0),
		inertia: sim.Inertia{Mass: 1.069, COM: r3.Vec{Z: -0.094}, Ixx: 0.005444, Iyy: 0.005444, Izz: 0.001131},
		axis:    sim.Axis{Limited: true, Lower: -0.4, Upper: 0.785, Damping: 3, Stiffness: 120, Friction: 0.0001, Drive: sim.Torque},
		shapes: []solid{
			{contact.Capsule(0.046, 0.094), at(0, 0, -0.094)},
		},
	},
	{
		name: "fthigh", joint: "fthigh", on: "torso", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0.5, 0, 0, 0.96639, 0, 0.257081, 0),
		inertia: sim.Inertia{Mass: 1.42558, COM: r3.Vec{Z: -0.133}, Ixx: 0.01231, Iyy: 0.01231, Izz: 0.001508},
		axis:    sim.Axis{Limited: true, Lower: -1, Upper: 0.7, Damping: 4.5, Stiffness: 180, Friction: 0.0001, Drive: sim.Torque},
		shapes: []solid{
			{contact.Capsule(0.046, 0.133), turned(-0.07, 0, -0.12, 0.96639, 0, 0.257081, 0)},
		},
	},
	{
		name: "fshin", joint: "fshin", on: "fthigh", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0, 0, -0.266, 0.849481, 0, -0.527619, 0),
		inertia: sim.Inertia{Mass: 1.17885, COM: r3.Vec{Z: -0.106}, Ixx: 0.00716, Iyy: 0.00716, Izz: 0.00124},
		axis:    sim.Axis{Limited: true, Lower: -1.2, Upper: 0.87, Damping: 3, Stiffness: 120, Friction: 0.0001, Drive: sim.Torque},
		shapes: []solid{
			{contact.Capsule(0.046, 0.106), turned(0.065, 0, -0.09, 0.955336, 0, -0.29552, 0)},
		},
	},
	{
		name: "ffoot", joint: "ffoot", on: "fshin", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0, 0, -0.212, 0.99875, 0, -0.0499792, 0),
		inertia: sim.Inertia{Mass: 0.84986, COM: r3.Vec{Z: -0.07}, Ixx: 0.002899, Iyy: 0.002899, Izz: 0.000899},
		axis:    sim.Axis{Limited: true, Lower: -0.5, Upper: 0.5, Damping: 1.5, Stiffness: 60, Friction: 0.0001, Drive: sim.Torque},
		shapes: []solid{
			{contact.Capsule(0.046, 0.07), turned(0.045, 0, -0.07, 0.955336, 0, -0.29552, 0)},
		},
	},
}
