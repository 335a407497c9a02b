package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The UR5e is Universal Robots' arm with the parameters of its maker as MuJoCo Menagerie has them (universal_robots_ur5e, BSD-3-Clause).
var ur5e = family{
	name:    "ur5e",
	source:  "Universal Robots; MuJoCo Menagerie universal_robots_ur5e",
	summary: "Universal Robots UR5e: an arm of 6 joints on servos, bent",
	builder: tabled("ur5e", 0.5, ur5eParts),
	start:   bolted(-1.5708, -1.5708, 1.5708, -1.5708, -1.5708, 0),
}

var ur5eParts = []part{
	{name: "base", joint: "base_fixed", typ: sim.Fixed(), looks: []solid{{contact.Cylinder(0.075, 0.05), at(0, 0, 0.05)}}},
	{
		name: "shoulder_link", joint: "shoulder_pan_joint", on: "base", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0.163, 0, 0, 0, -1),
		inertia: sim.Inertia{Mass: 3.7, Ixx: 0.0102675, Iyy: 0.0102675, Izz: 0.00666},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Armature: 0.1, Drive: sim.Servo, Kp: 2000, Kd: 400, Effort: 150},
		shapes: []solid{
			{contact.Capsule(0.06, 0.06), at(0, 0, -0.04)},
		},
	},
	{
		name: "upper_arm_link", joint: "shoulder_lift_joint", on: "shoulder_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0, 0.138, 0, 0.707107, 0, 0.707107, 0),
		inertia: sim.Inertia{Mass: 8.393, COM: r3.Vec{Z: 0.2125}, Ixx: 0.133886, Iyy: 0.133886, Izz: 0.0151074},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Armature: 0.1, Drive: sim.Servo, Kp: 2000, Kd: 400, Effort: 150},
		shapes: []solid{
			{contact.Capsule(0.06, 0.06), turned(0, -0.04, 0, 0.707107, 0.707107, 0, 0)},
			{contact.Capsule(0.05, 0.2), at(0, 0, 0.2)},
		},
	},
	{
		name: "forearm_link", joint: "elbow_joint", on: "upper_arm_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, -0.131, 0.425),
		inertia: sim.Inertia{Mass: 2.275, COM: r3.Vec{Z: 0.196}, Ixx: 0.0311796, Iyy: 0.0311796, Izz: 0.004095},
		axis:    sim.Axis{Limited: true, Lower: -3.1415, Upper: 3.1415, Armature: 0.1, Drive: sim.Servo, Kp: 2000, Kd: 400, Effort: 150},
		shapes: []solid{
			{contact.Capsule(0.055, 0.06), turned(0, 0.08, 0, 0.707107, 0.707107, 0, 0)},
			{contact.Capsule(0.038, 0.19), at(0, 0, 0.2)},
		},
	},
	{
		name: "wrist_1_link", joint: "wrist_1_joint", on: "forearm_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0, 0, 0.392, 0.707107, 0, 0.707107, 0),
		inertia: sim.Inertia{Mass: 1.219, COM: r3.Vec{Y: 0.127}, Ixx: 0.0025599, Iyy: 0.0025599, Izz: 0.0021942},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Armature: 0.1, Drive: sim.Servo, Kp: 500, Kd: 100, Effort: 28},
		shapes: []solid{
			{contact.Capsule(0.04, 0.07), turned(0, 0.05, 0, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "wrist_2_link", joint: "wrist_2_joint", on: "wrist_1_link", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0, 0.127, 0),
		inertia: sim.Inertia{Mass: 1.219, COM: r3.Vec{Z: 0.1}, Ixx: 0.0025599, Iyy: 0.0025599, Izz: 0.0021942},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Armature: 0.1, Drive: sim.Servo, Kp: 500, Kd: 100, Effort: 28},
		shapes: []solid{
			{contact.Capsule(0.04, 0.06), at(0, 0, 0.04)},
			{contact.Capsule(0.04, 0.04), turned(0, 0.02, 0.1, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "wrist_3_link", joint: "wrist_3_joint", on: "wrist_2_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, 0.1),
		inertia: sim.Inertia{Mass: 0.1889, COM: r3.Vec{Y: 0.0771683}, Ixx: 9.90863e-05, Iyy: 0.000132134, Izz: 9.90863e-05},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Armature: 0.1, Drive: sim.Servo, Kp: 500, Kd: 100, Effort: 28},
		shapes: []solid{
			{contact.Cylinder(0.04, 0.02), turned(0, 0.08, 0, 0.707107, 0.707107, 0, 0)},
		},
	},
}
