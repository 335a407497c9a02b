package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The xArm 6 is UFACTORY's arm with the parameters of its maker (xarm_ros, xarm_description, BSD-3-Clause): limits,
// torques, damping, friction, and the masses and inertias that it gives for type 6 (HT_BR2). Gains are those that
// MuJoCo Menagerie gives joints of such torques of the xArm 7; shapes, meshes there, are ours.
var xarm6 = family{
	name:    "xarm6",
	source:  "UFACTORY, xarm_ros xarm_description; MuJoCo Menagerie ufactory_xarm7 (gains)",
	summary: "UFACTORY xArm 6: an arm of 6 joints on servos, bent",
	builder: tabled("xarm6", 0.5, xarm6Parts),
	start:   bolted(0, -0.4, -0.9, 0, 1.3, 0),
}

var xarm6Parts = []part{
	{
		name: "link_base", joint: "base_fixed", typ: sim.Fixed(),
		looks: []solid{{contact.Cylinder(0.06, 0.085), at(0, 0, 0.085)}},
	},
	{
		name: "link1", joint: "joint1", on: "link_base", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0, 0, 0.267),
		inertia: sim.Inertia{Mass: 2.3814, COM: r3.Vec{X: 0.00022, Y: 0.02951, Z: -0.0124}, Ixx: 0.0058562, Ixy: -1.79e-05, Ixz: 3.55e-06, Iyy: 0.0050316, Iyz: -0.000888336, Izz: 0.00353665},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 50, Kp: 1500, Kd: 150},
		shapes: []solid{
			{contact.Capsule(0.06, 0.04), at(0, 0, -0.05)},
		},
	},
	{
		name: "link2", joint: "joint2", on: "link1", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 2.2675, COM: r3.Vec{X: 0.03881, Y: -0.22783, Z: 0.03496}, Ixx: 0.0283158, Ixy: 0.005, Ixz: 0.00066546, Iyy: 0.0058, Iyz: -0.0045741, Izz: 0.0273447},
		axis:    sim.Axis{Limited: true, Lower: -2.059, Upper: 2.0944, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 50, Kp: 1500, Kd: 150},
		shapes: []solid{
			{contact.Capsule(0.05, 0.12), turned(0.02, -0.16, 0.06, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "link3", joint: "joint3", on: "link2", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0.0535, -0.2845, 0),
		inertia: sim.Inertia{Mass: 1.875, COM: r3.Vec{X: 0.07041, Y: 0.11631, Z: 0.0107}, Ixx: 0.0063483, Ixy: -0.0015397, Ixz: 0.00096858, Iyy: 0.00379758, Iyz: 0.00186567, Izz: 0.00595768},
		axis:    sim.Axis{Limited: true, Lower: -3.927, Upper: 0.19198, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 32, Kp: 1000, Kd: 100},
		shapes: []solid{
			{contact.Capsule(0.045, 0.11), turned(0.07, 0.18, 0.03, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "link4", joint: "joint4", on: "link3", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.0775, 0.3425, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.3192, COM: r3.Vec{X: -0.00018, Y: 0.01798, Z: -0.02291}, Ixx: 0.004896, Ixy: -6.925e-06, Ixz: -1.418e-05, Iyy: 0.00445694, Iyz: -0.00023186, Izz: 0.00134332},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 32, Kp: 1000, Kd: 100},
		shapes: []solid{
			{contact.Capsule(0.045, 0.05), at(0, 0, -0.05)},
		},
	},
	{
		name: "link5", joint: "joint5", on: "link4", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.33854, COM: r3.Vec{X: 0.0651, Y: 0.03096, Z: 0.00315}, Ixx: 0.00146378, Ixy: -0.000450624, Ixz: 0.000284306, Iyy: 0.00184192, Iyz: 0.000130866, Izz: 0.00233352},
		axis:    sim.Axis{Limited: true, Lower: -1.69297, Upper: 3.14159, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 32, Kp: 1000, Kd: 100},
		shapes: []solid{
			{contact.Capsule(0.042, 0.03), turned(0.06, 0.05, 0, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "link6", joint: "joint6", on: "link5", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.076, 0.097, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 0.17, COM: r3.Vec{Y: -0.00677, Z: -0.01098}, Ixx: 9.3e-05, Iyy: 5.87e-05, Iyz: -3.6e-06, Izz: 0.000132},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 20, Kp: 800, Kd: 80},
		shapes: []solid{
			{contact.Sphere(0.038), at(0, 0, -0.02)},
		},
	},
}
