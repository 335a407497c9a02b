package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The humanoid is MuJoCo's (model/humanoid, Apache-2.0), after Tassa, Erez and Todorov (2012): capsules of water, 21
// driven joints. A hip has three hinges, on links without mass.
var humanoid = family{
	name:    "humanoid",
	source:  "Tassa, Erez and Todorov 2012; MuJoCo",
	summary: "MuJoCo's humanoid: 21 torque-driven joints; standing",
	builder: tabled("humanoid", 1, humanoidParts),
	start:   floating(0.001, 0, 0, 0),
}

var humanoidParts = []part{
	{
		name: "torso", joint: "root", typ: sim.Free(),
		inertia: sim.Inertia{Mass: 8.90746, COM: r3.Vec{X: -0.00253938, Z: 0.0346626}, Ixx: 0.173149, Ixz: -0.00349839, Iyy: 0.15401, Izz: 0.0412119},
		shapes: []solid{
			{contact.Capsule(0.07, 0.07), turned(0, 0, 0, 0.707107, 0.707107, 0, 0)},
			{contact.Capsule(0.06, 0.06), turned(-0.01, 0, -0.12, 0.707107, 0.707107, 0, 0)},
			{contact.Sphere(0.09), at(0, 0, 0.19)},
		},
	},
	{
		name: "waist_lower/abdomen_z", joint: "abdomen_z", on: "torso", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(-0.01, 0, -0.195),
		axis: sim.Axis{Limited: true, Lower: -0.785398, Upper: 0.785398, Damping: 5, Stiffness: 20, Armature: 0.01, Drive: sim.Torque, Effort: 40},
	},
	{
		name: "waist_lower", joint: "abdomen_y", on: "waist_lower/abdomen_z", typ: sim.Revolute(r3.Vec{Y: 1}),
		inertia: sim.Inertia{Mass: 2.26195, COM: r3.Vec{Z: -0.065}, Ixx: 0.00985304, Iyy: 0.00374578, Izz: 0.00985304},
		axis:    sim.Axis{Limited: true, Lower: -1.309, Upper: 0.523599, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 40},
		shapes: []solid{
			{contact.Capsule(0.06, 0.06), turned(0, 0, -0.065, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "pelvis", joint: "abdomen_x", on: "waist_lower", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, 0, -0.13),
		inertia: sim.Inertia{Mass: 6.61619, COM: r3.Vec{X: -0.02, Z: -0.1}, Ixx: 0.052318, Iyy: 0.0243221, Izz: 0.052318},
		axis:    sim.Axis{Limited: true, Lower: -0.610865, Upper: 0.610865, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 40},
		shapes: []solid{
			{contact.Capsule(0.09, 0.07), turned(-0.02, 0, -0.1, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "thigh_right/hip_x_right", joint: "hip_x_right", on: "pelvis", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, -0.1, -0.14),
		axis: sim.Axis{Limited: true, Lower: -0.523599, Upper: 0.174533, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 40},
	},
	{
		name: "thigh_right/hip_z_right", joint: "hip_z_right", on: "thigh_right/hip_x_right", typ: sim.Revolute(r3.Vec{Z: 1}),
		axis: sim.Axis{Limited: true, Lower: -1.0472, Upper: 0.610865, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 40},
	},
	{
		name: "thigh_right", joint: "hip_y_right", on: "thigh_right/hip_z_right", typ: sim.Revolute(r3.Vec{Y: 1}),
		inertia: sim.Inertia{Mass: 4.75175, COM: r3.Vec{Y: 0.005, Z: -0.17}, Ixx: 0.0749517, Iyy: 0.074894, Iyz: 0.00196078, Izz: 0.0082851},
		axis:    sim.Axis{Limited: true, Lower: -2.61799, Upper: 0.349066, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 120},
		shapes: []solid{
			{contact.Capsule(0.06, 0.170074), turned(0, 0.005, -0.17, 0.999892, 0.0147011, 0, 0)},
		},
	},
	{
		name: "shin_right", joint: "knee_right", on: "thigh_right", typ: sim.Revolute(r3.Vec{Y: -1}), pose: at(0, 0.01, -0.38),
		inertia: sim.Inertia{Mass: 2.7557, COM: r3.Vec{Z: -0.17}, Ixx: 0.032608, Iyy: 0.032608, Izz: 0.00318989},
		axis:    sim.Axis{Limited: true, Lower: -2.79253, Upper: 0.0349066, Damping: 0.2, Stiffness: 1, Armature: 0.01, Drive: sim.Torque, Effort: 80},
		shapes: []solid{
			{contact.Capsule(0.049, 0.15), at(0, 0, -0.17)},
		},
	},
	{
		name: "foot_right/ankle_y_right", joint: "ankle_y_right", on: "shin_right", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.33),
		axis: sim.Axis{Limited: true, Lower: -0.872665, Upper: 0.872665, Damping: 0.2, Stiffness: 6, Armature: 0.01, Drive: sim.Torque, Effort: 20},
	},
	{
		name: "foot_right", joint: "ankle_x_right", on: "foot_right/ankle_y_right", typ: sim.Revolute(r3.Vec{X: 0.894427, Z: 0.447214}), pose: at(0, 0, -0.04),
		inertia: sim.Inertia{Mass: 1.13114, COM: r3.Vec{X: 0.035, Z: -0.04}, Ixx: 0.000903017, Iyy: 0.00594372, Izz: 0.00644646},
		axis:    sim.Axis{Limited: true, Lower: -0.872665, Upper: 0.872665, Damping: 0.2, Stiffness: 3, Armature: 0.01, Drive: sim.Torque, Effort: 20},
		shapes: []solid{
			{contact.Capsule(0.027, 0.105475), turned(0.035, -0.02, -0.04, 0.707107, -0.0670402, -0.703922, 0)},
			{contact.Capsule(0.027, 0.105475), turned(0.035, 0.02, -0.04, 0.707107, 0.0670402, -0.703922, 0)},
		},
	},
	{
		name: "thigh_left/hip_x_left", joint: "hip_x_left", on: "pelvis", typ: sim.Revolute(r3.Vec{X: -1}), pose: at(0, 0.1, -0.14),
		axis: sim.Axis{Limited: true, Lower: -0.523599, Upper: 0.174533, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 40},
	},
	{
		name: "thigh_left/hip_z_left", joint: "hip_z_left", on: "thigh_left/hip_x_left", typ: sim.Revolute(r3.Vec{Z: -1}),
		axis: sim.Axis{Limited: true, Lower: -1.0472, Upper: 0.610865, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 40},
	},
	{
		name: "thigh_left", joint: "hip_y_left", on: "thigh_left/hip_z_left", typ: sim.Revolute(r3.Vec{Y: 1}),
		inertia: sim.Inertia{Mass: 4.75175, COM: r3.Vec{Y: -0.005, Z: -0.17}, Ixx: 0.0749517, Iyy: 0.074894, Iyz: -0.00196078, Izz: 0.0082851},
		axis:    sim.Axis{Limited: true, Lower: -2.61799, Upper: 0.349066, Damping: 5, Stiffness: 10, Armature: 0.01, Drive: sim.Torque, Effort: 120},
		shapes: []solid{
			{contact.Capsule(0.06, 0.170074), turned(0, -0.005, -0.17, 0.999892, -0.0147011, 0, 0)},
		},
	},
	{
		name: "shin_left", joint: "knee_left", on: "thigh_left", typ: sim.Revolute(r3.Vec{Y: -1}), pose: at(0, -0.01, -0.38),
		inertia: sim.Inertia{Mass: 2.7557, COM: r3.Vec{Z: -0.17}, Ixx: 0.032608, Iyy: 0.032608, Izz: 0.00318989},
		axis:    sim.Axis{Limited: true, Lower: -2.79253, Upper: 0.0349066, Damping: 0.2, Stiffness: 1, Armature: 0.01, Drive: sim.Torque, Effort: 80},
		shapes: []solid{
			{contact.Capsule(0.049, 0.15), at(0, 0, -0.17)},
		},
	},
	{
		name: "foot_left/ankle_y_left", joint: "ankle_y_left", on: "shin_left", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.33),
		axis: sim.Axis{Limited: true, Lower: -0.872665, Upper: 0.872665, Damping: 0.2, Stiffness: 6, Armature: 0.01, Drive: sim.Torque, Effort: 20},
	},
	{
		name: "foot_left", joint: "ankle_x_left", on: "foot_left/ankle_y_left", typ: sim.Revolute(r3.Vec{X: -0.894427, Z: -0.447214}), pose: at(0, 0, -0.04),
		inertia: sim.Inertia{Mass: 1.13114, COM: r3.Vec{X: 0.035, Z: -0.04}, Ixx: 0.000903017, Iyy: 0.00594372, Izz: 0.00644646},
		axis:    sim.Axis{Limited: true, Lower: -0.872665, Upper: 0.872665, Damping: 0.2, Stiffness: 3, Armature: 0.01, Drive: sim.Torque, Effort: 20},
		shapes: []solid{
			{contact.Capsule(0.027, 0.105475), turned(0.035, -0.02, -0.04, 0.707107, -0.0670402, -0.703922, 0)},
			{contact.Capsule(0.027, 0.105475), turned(0.035, 0.02, -0.04, 0.707107, 0.0670402, -0.703922, 0)},
		},
	},
	{
		name: "upper_arm_right/shoulder1_right", joint: "shoulder1_right", on: "torso", typ: sim.Revolute(r3.Vec{X: 0.816497, Y: 0.408248, Z: 0.408248}), pose: at(0, -0.17, 0.06),
		axis: sim.Axis{Limited: true, Lower: -1.48353, Upper: 1.0472, Damping: 0.2, Stiffness: 1, Armature: 0.01, Drive: sim.Torque, Effort: 20},
	},
	{
		name: "upper_arm_right", joint: "shoulder2_right", on: "upper_arm_right/shoulder1_right", typ: sim.Revolute(r3.Vec{Y: -0.707107, Z: 0.707107}),
		inertia: sim.Inertia{Mass: 1.66108, COM: r3.Vec{X: 0.08, Y: -0.08, Z: -0.08}, Ixx: 0.0110324, Ixy: 0.00487319, Ixz: 0.00487319, Iyy: 0.0110324, Iyz: -0.00487319, Izz: 0.0110324},
		axis:    sim.Axis{Limited: true, Lower: -1.48353, Upper: 1.0472, Damping: 0.2, Stiffness: 1, Armature: 0.01, Drive: sim.Torque, Effort: 20},
		shapes: []solid{
			{contact.Capsule(0.04, 0.138564), turned(0.08, -0.08, -0.08, 0.888074, -0.325058, -0.325058, 0)},
		},
	},
	{
		name: "lower_arm_right", joint: "elbow_right", on: "upper_arm_right", typ: sim.Revolute(r3.Vec{Y: -0.707107, Z: 0.707107}), pose: at(0.18, -0.18, -0.18),
		inertia: sim.Inertia{Mass: 1.22954, COM: r3.Vec{X: 0.109623, Y: 0.109623, Z: 0.109623}, Ixx: 0.00931867, Ixy: -0.00434856, Ixz: -0.00434856, Iyy: 0.00931867, Iyz: -0.00434856, Izz: 0.00931867},
		axis:    sim.Axis{Limited: true, Lower: -1.74533, Upper: 0.872665, Damping: 0.2, Armature: 0.01, Drive: sim.Torque, Effort: 40},
		shapes: []solid{
			{contact.Capsule(0.031, 0.138564), turned(0.09, 0.09, 0.09, 0.459701, 0.627963, -0.627963, 0)},
			{contact.Sphere(0.04), turned(0.18, 0.18, 0.18, 0.888074, -0.325058, 0.325058, 0)},
		},
	},
	{
		name: "upper_arm_left/shoulder1_left", joint: "shoulder1_left", on: "torso", typ: sim.Revolute(r3.Vec{X: -0.816497, Y: 0.408248, Z: -0.408248}), pose: at(0, 0.17, 0.06),
		axis: sim.Axis{Limited: true, Lower: -1.48353, Upper: 1.0472, Damping: 0.2, Stiffness: 1, Armature: 0.01, Drive: sim.Torque, Effort: 20},
	},
	{
		name: "upper_arm_left", joint: "shoulder2_left", on: "upper_arm_left/shoulder1_left", typ: sim.Revolute(r3.Vec{Y: -0.707107, Z: -0.707107}),
		inertia: sim.Inertia{Mass: 1.66108, COM: r3.Vec{X: 0.08, Y: 0.08, Z: -0.08}, Ixx: 0.0110324, Ixy: -0.00487319, Ixz: 0.00487319, Iyy: 0.0110324, Iyz: 0.00487319, Izz: 0.0110324},
		axis:    sim.Axis{Limited: true, Lower: -1.48353, Upper: 1.0472, Damping: 0.2, Stiffness: 1, Armature: 0.01, Drive: sim.Torque, Effort: 20},
		shapes: []solid{
			{contact.Capsule(0.04, 0.138564), turned(0.08, 0.08, -0.08, 0.888074, 0.325058, -0.325058, 0)},
		},
	},
	{
		name: "lower_arm_left", joint: "elbow_left", on: "upper_arm_left", typ: sim.Revolute(r3.Vec{Y: -0.707107, Z: -0.707107}), pose: at(0.18, 0.18, -0.18),
		inertia: sim.Inertia{Mass: 1.22954, COM: r3.Vec{X: 0.109623, Y: -0.109623, Z: 0.109623}, Ixx: 0.00931867, Ixy: 0.00434856, Ixz: -0.00434856, Iyy: 0.00931867, Iyz: 0.00434856, Izz: 0.00931867},
		axis:    sim.Axis{Limited: true, Lower: -1.74533, Upper: 0.872665, Damping: 0.2, Armature: 0.01, Drive: sim.Torque, Effort: 40},
		shapes: []solid{
			{contact.Capsule(0.031, 0.138564), turned(0.09, -0.09, 0.09, 0.459701, -0.627963, -0.627963, 0)},
			{contact.Sphere(0.04), turned(0.18, -0.18, 0.18, 0.888074, 0.325058, 0.325058, 0)},
		},
	},
}
