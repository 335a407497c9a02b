package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The Panda is Franka Emika's arm with its hand, of the description in example-robot-data (BSD-3-Clause): masses, inertias, limits and
// torques are its maker's. Its fingers move together.
var panda = family{
	name:    "panda",
	source:  "Franka Emika; example-robot-data panda_description",
	summary: "Franka Emika Panda: an arm of 7 torque-driven joints with a hand, bent",
	builder: buildPanda,
	start:   bolted(0, -0.785398, 0, -2.35619, 0, 1.5708, 0.785398, 0.02, 0.02),
}

func buildPanda(o Options, _ int) *sim.Builder {
	b := o.assembled("panda", 0.5, pandaParts)
	b.ChangeJoint("panda_finger_joint2", func(j *sim.Joint) { j.Mimic = &sim.Mimic{Joint: "panda_finger_joint1", Ratio: 1} })
	return b
}

var pandaParts = []part{
	{name: "panda_link0", joint: "base_fixed", typ: sim.Fixed(), looks: []solid{{contact.Cylinder(0.07, 0.15), at(0, 0, 0.15)}}},
	{
		name: "panda_link1", joint: "panda_joint1", on: "panda_link0", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0, 0, 0.333),
		inertia: sim.Inertia{Mass: 4.97068, COM: r3.Vec{X: 0.003875, Y: 0.002081, Z: -0.04762}, Ixx: 0.70337, Ixy: -0.000139, Ixz: 0.006772, Iyy: 0.70661, Iyz: 0.019169, Izz: 0.009117},
		axis:    sim.Axis{Limited: true, Lower: -2.8973, Upper: 2.8973, Damping: 0.003, Drive: sim.Torque, Effort: 87},
	},
	{
		name: "panda_link2", joint: "panda_joint2", on: "panda_link1", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 0.646926, COM: r3.Vec{X: -0.003141, Y: -0.02872, Z: 0.003495}, Ixx: 0.007962, Ixy: -0.003925, Ixz: 0.010254, Iyy: 0.02811, Iyz: 0.000704, Izz: 0.025995},
		axis:    sim.Axis{Limited: true, Lower: -1.7628, Upper: 1.7628, Damping: 0.003, Drive: sim.Torque, Effort: 87},
	},
	{
		name: "panda_link3", joint: "panda_joint3", on: "panda_link2", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, -0.316, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 3.2286, COM: r3.Vec{X: 0.027518, Y: 0.039252, Z: -0.066502}, Ixx: 0.037242, Ixy: -0.004761, Ixz: -0.011396, Iyy: 0.036155, Iyz: -0.012805, Izz: 0.01083},
		axis:    sim.Axis{Limited: true, Lower: -2.8973, Upper: 2.8973, Damping: 0.003, Drive: sim.Torque, Effort: 87},
	},
	{
		name: "panda_link4", joint: "panda_joint4", on: "panda_link3", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.0825, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 3.5879, COM: r3.Vec{X: -0.05317, Y: 0.104419, Z: 0.027454}, Ixx: 0.025853, Ixy: 0.007796, Ixz: -0.001332, Iyy: 0.019552, Iyz: 0.008641, Izz: 0.028323},
		axis:    sim.Axis{Limited: true, Lower: -3.0718, Upper: -0.0698, Damping: 0.003, Drive: sim.Torque, Effort: 87},
	},
	{
		name: "panda_link5", joint: "panda_joint5", on: "panda_link4", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(-0.0825, 0.384, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.22595, COM: r3.Vec{X: -0.011953, Y: 0.041065, Z: -0.038437}, Ixx: 0.035549, Ixy: -0.002117, Ixz: -0.004037, Iyy: 0.029474, Iyz: 0.000229, Izz: 0.008627},
		axis:    sim.Axis{Limited: true, Lower: -2.8973, Upper: 2.8973, Damping: 0.003, Drive: sim.Torque, Effort: 12},
	},
	{
		name: "panda_link6", joint: "panda_joint6", on: "panda_link5", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.66656, COM: r3.Vec{X: 0.060149, Y: -0.014117, Z: -0.010517}, Ixx: 0.001964, Ixy: 0.000109, Ixz: -0.001158, Iyy: 0.004354, Iyz: 0.000341, Izz: 0.005433},
		axis:    sim.Axis{Limited: true, Lower: -0.0175, Upper: 3.7525, Damping: 0.003, Drive: sim.Torque, Effort: 12},
	},
	{
		name: "panda_link7", joint: "panda_joint7", on: "panda_link6", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.088, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.46552, COM: r3.Vec{X: 0.0017561, Y: 0.0013882, Z: 0.0991564}, Ixx: 0.016396, Ixy: 0.000394964, Ixz: -0.000710116, Iyy: 0.0139734, Iyz: -0.00105381, Izz: 0.00667531},
		axis:    sim.Axis{Limited: true, Lower: -2.8973, Upper: 2.8973, Damping: 0.003, Drive: sim.Torque, Effort: 12},
	},
	{
		name: "panda_leftfinger", joint: "panda_finger_joint1", on: "panda_link7", typ: sim.Prismatic(r3.Vec{Y: 1}), pose: turned(0, 0, 0.1654, 0.92388, 0, 0, -0.382683),
		inertia: sim.Inertia{Mass: 0.015, Ixx: 2.375e-06, Iyy: 2.375e-06, Izz: 7.5e-07},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.04, Damping: 0.3, Drive: sim.Torque, Effort: 100},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.011, Y: 0.0075, Z: 0.01}), at(0, 0.0185, 0.011)},
			{contact.Box(r3.Vec{X: 0.011, Y: 0.0044, Z: 0.0019}), at(0, 0.0068, 0.0022)},
			{contact.Box(r3.Vec{X: 0.00875, Y: 0.0035, Z: 0.01175}), turned(0, 0.0159, 0.02835, 0.965926, 0.258819, 0, 0)},
			{contact.Box(r3.Vec{X: 0.00875, Y: 0.0076, Z: 0.00925}), at(0, 0.00758, 0.04525)},
		},
	},
	{
		name: "panda_rightfinger", joint: "panda_finger_joint2", on: "panda_link7", typ: sim.Prismatic(r3.Vec{Y: -1}), pose: turned(0, 0, 0.1654, 0.92388, 0, 0, -0.382683),
		inertia: sim.Inertia{Mass: 0.015, Ixx: 2.375e-06, Iyy: 2.375e-06, Izz: 7.5e-07},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.04, Damping: 0.3},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.011, Y: 0.0075, Z: 0.01}), at(0, -0.0185, 0.011)},
			{contact.Box(r3.Vec{X: 0.011, Y: 0.0044, Z: 0.0019}), at(0, -0.0068, 0.0022)},
			{contact.Box(r3.Vec{X: 0.00875, Y: 0.0035, Z: 0.01175}), turned(0, -0.0159, 0.02835, 0.965926, -0.258819, 0, 0)},
			{contact.Box(r3.Vec{X: 0.00875, Y: 0.0076, Z: 0.00925}), at(0, -0.00758, 0.04525)},
		},
	},
}
