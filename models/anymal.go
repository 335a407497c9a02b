package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// ANYmal C is ANYbotics' quadruped with the parameters of its maker as MuJoCo Menagerie has them (anybotics_anymal_c, BSD-3-Clause), servos
// and shapes included.
var anymal = family{
	name:    "anymal",
	source:  "ANYbotics; MuJoCo Menagerie anybotics_anymal_c",
	aliases: []string{"anymal_c"},
	summary: "ANYbotics ANYmal C: 12 joints on servos, trunk, legs and feet that touch; standing",
	builder: tabled("anymal", 0.8, anymalParts),
	start:   floating(0.001, 0, 0.4, -0.8, 0, 0.4, -0.8, 0, -0.4, 0.8, 0, -0.4, 0.8),
}

// rubberFoot is how feet resist spinning and rolling in MuJoCo Menagerie (m).
var rubberFoot = contact.Surface{Torsion: 0.02, Rolling: 0.01}

var anymalParts = []part{
	{
		name: "base", joint: "base/free0", typ: sim.Free(),
		inertia: sim.Inertia{Mass: 19.2035, COM: r3.Vec{X: 0.0025, Z: 0.0502071}, Ixx: 0.217374, Iyy: 0.639559, Izz: 0.624031},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.29, Y: 0.07, Z: 0.09}), at(0, 0, 0)},
			{contact.Cylinder(0.09, 0.0725), turned(0.2175, 0.07, 0, 0.707107, 0, 0.707107, 0)},
			{contact.Cylinder(0.09, 0.0725), turned(-0.2175, 0.07, 0, 0.707107, 0, 0.707107, 0)},
			{contact.Cylinder(0.09, 0.0725), turned(0.2175, -0.07, 0, 0.707107, 0, 0.707107, 0)},
			{contact.Cylinder(0.09, 0.0725), turned(-0.2175, -0.07, 0, 0.707107, 0, 0.707107, 0)},
			{contact.Box(r3.Vec{X: 0.055, Y: 0.07, Z: 0.09}), at(0.4695, 0, 0)},
			{contact.Cylinder(0.09, 0.055), turned(0.4695, 0.07, 0, 0.707107, 0, 0.707107, 0)},
			{contact.Cylinder(0.09, 0.055), turned(0.4695, -0.07, 0, 0.707107, 0, 0.707107, 0)},
			{contact.Box(r3.Vec{X: 0.055, Y: 0.07, Z: 0.09}), turned(-0.4695, 0, 0, 0, 0, 0, 1)},
			{contact.Cylinder(0.09, 0.055), turned(-0.4695, -0.07, 0, 0, -0.707107, 0, 0.707107)},
			{contact.Cylinder(0.09, 0.055), turned(-0.4695, 0.07, 0, 0, -0.707107, 0, 0.707107)},
			{contact.Cylinder(0.07, 0.06), at(-0.364, 0, 0.1335)},
		},
	},
	{
		name: "LF_HIP", joint: "LF_HAA", on: "base", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0.2999, 0.104, 0, 0.258819, 0.965926, 0, 0),
		inertia: sim.Inertia{Mass: 2.781, COM: r3.Vec{X: 0.0566606, Y: -0.015294, Z: -0.00829784}, Ixx: 0.00329552, Ixy: -1.03893e-05, Ixz: 0.000107063, Iyy: 0.00504435, Iyz: -0.000319491, Izz: 0.00572691},
		axis:    sim.Axis{Limited: true, Lower: -0.72, Upper: 0.49, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.05, 0.07), turned(0.0599, -0.0119598, -0.006905, 0.353553, 0.612372, -0.612372, 0.353553)},
		},
	},
	{
		name: "LF_THIGH", joint: "LF_HFE", on: "LF_HIP", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0.0599, -0.0725816, -0.041905, 0.183013, -0.683013, 0.683013, 0.183013),
		inertia: sim.Inertia{Mass: 3.071, COM: r3.Vec{X: 0.0308147, Y: 4.64995e-05, Z: -0.245696}, Ixx: 0.0295638, Ixy: 4.42982e-05, Ixz: 0.00414244, Iyy: 0.0299041, Iyz: 9.44476e-05, Izz: 0.00486108},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.065, 0.04), turned(0.04, 0, 0, 0.5, 0.5, -0.5, -0.5)},
			{contact.Box(r3.Vec{X: 0.0375, Y: 0.03, Z: 0.141314}), turned(0.03, 0, -0.141314, 0.707107, 0, 0, -0.707107)},
			{contact.Cylinder(0.05, 0.07), turned(0.0303, 0, -0.285, 0.707107, 0, 0.707107, 0)},
		},
	},
	{
		name: "LF_SHANK", joint: "LF_KFE", on: "LF_THIGH", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0.1003, 0, -0.285),
		inertia: sim.Inertia{Mass: 0.58842, COM: r3.Vec{X: 0.005462, Y: -0.0612528, Z: -0.0806598}, Ixx: 0.0101612, Ixy: -5.35732e-05, Ixz: -2.26601e-05, Iyy: 0.00881038, Iyz: -0.00181936, Izz: 0.00154978},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.06, 0.02), turned(0.02, 0, 0, 0.5, 0.5, -0.5, -0.5)},
			{contact.Box(r3.Vec{X: 0.057499, Y: 0.03375, Z: 0.019}), turned(0.02, -0.057499, 0, 0.5, 0.5, -0.5, -0.5)},
			{contact.Cylinder(0.0175, 0.141252), turned(0.01305, -0.08795, -0.168985, 0.707107, 0, 0, -0.707107)},
			{contact.Sphere(0.03), turned(0.01305, -0.08795, -0.31547, 0.707107, 0, 0, -0.707107)},
		},
		tip: rubberFoot,
	},
	{
		name: "RF_HIP", joint: "RF_HAA", on: "base", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0.2999, -0.104, 0, 0.258819, -0.965926, 0, 0),
		inertia: sim.Inertia{Mass: 2.781, COM: r3.Vec{X: 0.0567633, Y: 0.015294, Z: -0.00829784}, Ixx: 0.00329553, Ixy: -1.10059e-05, Ixz: -0.000109121, Iyy: 0.00504617, Iyz: 0.000319493, Izz: 0.00572872},
		axis:    sim.Axis{Limited: true, Lower: -0.49, Upper: 0.72, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.05, 0.07), turned(0.0599, 0.0119598, -0.006905, 0.353553, -0.612372, -0.612372, -0.353553)},
		},
	},
	{
		name: "RF_THIGH", joint: "RF_HFE", on: "RF_HIP", typ: sim.Revolute(r3.Vec{X: -1}), pose: turned(0.0599, 0.0725816, -0.041905, 0.183013, 0.683013, 0.683013, -0.183013),
		inertia: sim.Inertia{Mass: 3.071, COM: r3.Vec{X: 0.0308147, Y: 4.64995e-05, Z: -0.245696}, Ixx: 0.0295638, Ixy: 4.43879e-05, Ixz: 0.00414242, Iyy: 0.0299041, Iyz: 0.000114793, Izz: 0.00486108},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.065, 0.04), turned(0.04, 0, 0, 0.5, 0.5, 0.5, 0.5)},
			{contact.Box(r3.Vec{X: 0.0375, Y: 0.03, Z: 0.141314}), turned(0.03, 0, -0.141314, 0.707107, 0, 0, 0.707107)},
			{contact.Cylinder(0.05, 0.07), turned(0.0303, 0, -0.285, 0.707107, 0, 0.707107, 0)},
		},
	},
	{
		name: "RF_SHANK", joint: "RF_KFE", on: "RF_THIGH", typ: sim.Revolute(r3.Vec{X: -1}), pose: at(0.1003, 0, -0.285),
		inertia: sim.Inertia{Mass: 0.58842, COM: r3.Vec{X: 0.005462, Y: 0.0612528, Z: -0.0806598}, Ixx: 0.0101612, Ixy: 5.35732e-05, Ixz: -2.26601e-05, Iyy: 0.00881038, Iyz: 0.00181936, Izz: 0.00154978},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.06, 0.02), turned(0.02, 0, 0, 0.5, 0.5, 0.5, 0.5)},
			{contact.Box(r3.Vec{X: 0.057499, Y: 0.03375, Z: 0.019}), turned(0.02, 0.057499, 0, 0.5, 0.5, 0.5, 0.5)},
			{contact.Cylinder(0.0175, 0.141252), turned(0.01305, 0.08795, -0.168985, 0.707107, 0, 0, 0.707107)},
			{contact.Sphere(0.03), turned(0.01305, 0.08795, -0.31547, 0.707107, 0, 0, 0.707107)},
		},
		tip: rubberFoot,
	},
	{
		name: "LH_HIP", joint: "LH_HAA", on: "base", typ: sim.Revolute(r3.Vec{X: -1}), pose: turned(-0.2999, 0.104, 0, 0, 0, 0.965926, -0.258819),
		inertia: sim.Inertia{Mass: 2.781, COM: r3.Vec{X: 0.0567633, Y: 0.015294, Z: -0.00829784}, Ixx: 0.00329553, Ixy: -1.10059e-05, Ixz: -0.000109121, Iyy: 0.00504617, Iyz: 0.000319493, Izz: 0.00572872},
		axis:    sim.Axis{Limited: true, Lower: -0.72, Upper: 0.49, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.05, 0.07), turned(0.0599, 0.0119598, -0.006905, 0.353553, -0.612372, -0.612372, -0.353553)},
		},
	},
	{
		name: "LH_THIGH", joint: "LH_HFE", on: "LH_HIP", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0.0599, 0.0725816, -0.041905, 0.183013, 0.683013, 0.683013, -0.183013),
		inertia: sim.Inertia{Mass: 3.071, COM: r3.Vec{X: 0.0308147, Y: 4.64995e-05, Z: -0.245696}, Ixx: 0.0295638, Ixy: 4.43879e-05, Ixz: 0.00414242, Iyy: 0.0299041, Iyz: 0.000114793, Izz: 0.00486108},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.065, 0.04), turned(0.04, 0, 0, 0.5, 0.5, -0.5, -0.5)},
			{contact.Box(r3.Vec{X: 0.0375, Y: 0.03, Z: 0.141314}), turned(0.03, 0, -0.141314, 0.707107, 0, 0, -0.707107)},
			{contact.Cylinder(0.05, 0.07), turned(0.0303, 0, -0.285, 0.707107, 0, 0.707107, 0)},
		},
	},
	{
		name: "LH_SHANK", joint: "LH_KFE", on: "LH_THIGH", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0.1003, 0, -0.285),
		inertia: sim.Inertia{Mass: 0.58842, COM: r3.Vec{X: 0.005462, Y: 0.0612528, Z: -0.0806598}, Ixx: 0.0101612, Ixy: 5.35732e-05, Ixz: -2.26601e-05, Iyy: 0.00881038, Iyz: 0.00181936, Izz: 0.00154978},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.06, 0.02), turned(0.02, 0, 0, 0.5, 0.5, -0.5, -0.5)},
			{contact.Box(r3.Vec{X: 0.057499, Y: 0.03375, Z: 0.019}), turned(0.02, 0.057499, 0, 0.5, 0.5, -0.5, -0.5)},
			{contact.Cylinder(0.0175, 0.141252), turned(0.01305, 0.08795, -0.168985, 0.707107, 0, 0, -0.707107)},
			{contact.Sphere(0.03), turned(0.01305, 0.08795, -0.31547, 0.707107, 0, 0, -0.707107)},
		},
		tip: rubberFoot,
	},
	{
		name: "RH_HIP", joint: "RH_HAA", on: "base", typ: sim.Revolute(r3.Vec{X: -1}), pose: turned(-0.2999, -0.104, 0, 0, 0, -0.965926, -0.258819),
		inertia: sim.Inertia{Mass: 2.781, COM: r3.Vec{X: 0.0566606, Y: -0.015294, Z: -0.00829784}, Ixx: 0.00329552, Ixy: -1.03893e-05, Ixz: 0.000107063, Iyy: 0.00504435, Iyz: -0.000319491, Izz: 0.00572691},
		axis:    sim.Axis{Limited: true, Lower: -0.49, Upper: 0.72, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.05, 0.07), turned(0.0599, -0.0119598, -0.006905, 0.353553, 0.612372, -0.612372, 0.353553)},
		},
	},
	{
		name: "RH_THIGH", joint: "RH_HFE", on: "RH_HIP", typ: sim.Revolute(r3.Vec{X: -1}), pose: turned(0.0599, -0.0725816, -0.041905, 0.183013, -0.683013, 0.683013, 0.183013),
		inertia: sim.Inertia{Mass: 3.071, COM: r3.Vec{X: 0.0308147, Y: 4.64995e-05, Z: -0.245696}, Ixx: 0.0295638, Ixy: 4.42982e-05, Ixz: 0.00414244, Iyy: 0.0299041, Iyz: 9.44476e-05, Izz: 0.00486108},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.065, 0.04), turned(0.04, 0, 0, 0.5, 0.5, 0.5, 0.5)},
			{contact.Box(r3.Vec{X: 0.0375, Y: 0.03, Z: 0.141314}), turned(0.03, 0, -0.141314, 0.707107, 0, 0, 0.707107)},
			{contact.Cylinder(0.05, 0.07), turned(0.0303, 0, -0.285, 0.707107, 0, 0.707107, 0)},
		},
	},
	{
		name: "RH_SHANK", joint: "RH_KFE", on: "RH_THIGH", typ: sim.Revolute(r3.Vec{X: -1}), pose: at(0.1003, 0, -0.285),
		inertia: sim.Inertia{Mass: 0.58842, COM: r3.Vec{X: 0.005462, Y: -0.0612528, Z: -0.0806598}, Ixx: 0.0101612, Ixy: -5.35732e-05, Ixz: -2.26601e-05, Iyy: 0.00881038, Iyz: -0.00181936, Izz: 0.00154978},
		axis:    sim.Axis{Limited: true, Lower: -9.42478, Upper: 9.42478, Damping: 1, Friction: 0.1, Drive: sim.Servo, Kp: 100, Kd: 0, Effort: 80},
		shapes: []solid{
			{contact.Cylinder(0.06, 0.02), turned(0.02, 0, 0, 0.5, 0.5, 0.5, 0.5)},
			{contact.Box(r3.Vec{X: 0.057499, Y: 0.03375, Z: 0.019}), turned(0.02, -0.057499, 0, 0.5, 0.5, 0.5, 0.5)},
			{contact.Cylinder(0.0175, 0.141252), turned(0.01305, -0.08795, -0.168985, 0.707107, 0, 0, 0.707107)},
			{contact.Sphere(0.03), turned(0.01305, -0.08795, -0.31547, 0.707107, 0, 0, 0.707107)},
		},
		tip: rubberFoot,
	},
}
