package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The youBot is KUKA's arm on four wheels, with the parameters of its maker's description (youbot_description) that
// Dojo has [Howell et al. 2022], and the boxes and cylinders it has where its meshes are not used. As there its base
// slides and turns on a plane, driven by forces, while its wheels, which carry rollers, turn beside the ground. Gains
// are ours: the torque limit at 0.1 rad.
var youbot = family{
	name:    "youbot",
	source:  "KUKA, youbot_description; Howell et al. 2022 (Dojo)",
	summary: "KUKA youBot: an arm of 5 joints on servos with a gripper, on a driven base that slides and turns over the ground; stretched up",
	builder: buildYoubot,
	start: posed(0, map[string]float64{
		"arm_joint_1": 2.95, "arm_joint_2": 1.13, "arm_joint_3": -2.55, "arm_joint_4": 1.79, "arm_joint_5": 2.92, "gripper_finger_joint_l": 0.005, "gripper_finger_joint_r": 0.005,
	}),
}

func buildYoubot(o Options, _ int) *sim.Builder {
	b := o.assembled("youbot", 0.5, youbotParts)
	b.ChangeJoint("base_footprint_joint", func(j *sim.Joint) {
		push := o.axis(sim.Axis{Drive: sim.Torque})
		j.Axes = []sim.Axis{push, push, push}
	})
	return b
}

// overGround slides along x and y and turns about z.
func overGround() sim.JointType {
	return sim.JointType{Trans: []r3.Vec{{X: 1}, {Y: 1}}, Rot: []r3.Vec{{Z: 1}}}
}

var youbotParts = []part{
	{
		name: "base_link", joint: "base_footprint_joint", typ: overGround(), pose: at(0, 0, 0.083),
		inertia: sim.Inertia{Mass: 22, Ixx: 5.65223, Ixy: -0.00971993, Ixz: 1.29399, Iyy: 5.66947, Iyz: -0.00737958, Izz: 3.6832},
		looks:   []solid{{contact.Box(r3.Vec{X: 0.29, Y: 0.13, Z: 0.045}), at(0, 0, 0)}},
	},
	{
		name: "wheel_link_fl", joint: "wheel_joint_fl", on: "base_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.228, 0.158, -0.034),
		inertia: sim.Inertia{Mass: 1.5, Ixx: 0.0248235, Ixy: -0.00142347, Ixz: 0.00100546, Iyy: 0.0304363, Iyz: -8.54693e-06, Izz: 0.023528},
		axis:    sim.Axis{Damping: 1, Friction: 1, Drive: sim.Torque, Effort: 30},
		looks:   []solid{{contact.Cylinder(0.0475, 0.02375), turned(0, 0, 0, 0.707107, 0.707107, 0, 0)}},
	},
	{
		name: "wheel_link_fr", joint: "wheel_joint_fr", on: "base_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.228, -0.158, -0.034),
		inertia: sim.Inertia{Mass: 1.5, Ixx: 0.0248235, Ixy: -0.00142347, Ixz: 0.00100546, Iyy: 0.0304363, Iyz: -8.54693e-06, Izz: 0.023528},
		axis:    sim.Axis{Damping: 1, Friction: 1, Drive: sim.Torque, Effort: 30},
		looks:   []solid{{contact.Cylinder(0.0475, 0.02375), turned(0, 0, 0, 0.707107, 0.707107, 0, 0)}},
	},
	{
		name: "wheel_link_bl", joint: "wheel_joint_bl", on: "base_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(-0.228, 0.158, -0.034),
		inertia: sim.Inertia{Mass: 1.5, Ixx: 0.0248235, Ixy: -0.00142347, Ixz: 0.00100546, Iyy: 0.0304363, Iyz: -8.54693e-06, Izz: 0.023528},
		axis:    sim.Axis{Damping: 1, Friction: 1, Drive: sim.Torque, Effort: 30},
		looks:   []solid{{contact.Cylinder(0.0475, 0.02375), turned(0, 0, 0, 0.707107, 0.707107, 0, 0)}},
	},
	{
		name: "wheel_link_br", joint: "wheel_joint_br", on: "base_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(-0.228, -0.158, -0.034),
		inertia: sim.Inertia{Mass: 1.5, Ixx: 0.0248235, Ixy: -0.00142347, Ixz: 0.00100546, Iyy: 0.0304363, Iyz: -8.54693e-06, Izz: 0.023528},
		axis:    sim.Axis{Damping: 1, Friction: 1, Drive: sim.Torque, Effort: 30},
		looks:   []solid{{contact.Cylinder(0.0475, 0.02375), turned(0, 0, 0, 0.707107, 0.707107, 0, 0)}},
	},
	{
		name: "plate_link", joint: "plate_joint", on: "base_link", typ: sim.Fixed(), pose: at(-0.159, 0, 0.046),
		inertia: sim.Inertia{Mass: 2.397, Ixx: 0.01, Iyy: 0.01, Izz: 0.01},
		looks:   []solid{{contact.Box(r3.Vec{X: 0.12, Y: 0.12, Z: 0.01}), at(0, 0, 0.02)}},
	},
	{
		name: "arm_link_0", joint: "arm_joint_0", on: "base_link", typ: sim.Fixed(), pose: at(0.143, 0, 0.046),
		inertia: sim.Inertia{Mass: 0.961, Ixx: 0.01, Iyy: 0.01, Izz: 0.01},
		shapes: []solid{
			{contact.Cylinder(0.093, 0.039), at(0.023, 0, 0.006)},
		},
	},
	{
		name: "arm_link_1", joint: "arm_joint_1", on: "arm_link_0", typ: sim.Revolute(r3.Vec{Z: -1}), pose: at(0.024, 0, 0.096),
		inertia: sim.Inertia{Mass: 1.39, COM: r3.Vec{X: 0.01489, Y: 0.00213, Z: 0.00213}, Ixx: 0.0029525, Iyy: 0.0060091, Izz: 0.0058821},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 5.89921, Damping: 1, Friction: 0.5, Drive: sim.Servo, Effort: 9.5, Kp: 95, Kd: 9.5},
		shapes: []solid{
			{contact.Cylinder(0.08, 0.051), at(0, 0, 0)},
		},
	},
	{
		name: "arm_link_2", joint: "arm_joint_2", on: "arm_link_1", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.033, 0, 0.019),
		inertia: sim.Inertia{Mass: 1.318, COM: r3.Vec{X: 0.01053, Y: -0.0307, Z: 0.08597}, Ixx: 0.0031145, Iyy: 0.0005843, Izz: 0.0031631},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 2.70526, Damping: 1, Friction: 0.5, Drive: sim.Servo, Effort: 9.5, Kp: 95, Kd: 9.5},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.037, Y: 0.041, Z: 0.111}), at(0.001, -0.041, 0.074)},
		},
	},
	{
		name: "arm_link_3", joint: "arm_joint_3", on: "arm_link_2", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, 0.155),
		inertia: sim.Inertia{Mass: 0.821, COM: r3.Vec{X: 0.0001, Y: 0.0207, Z: 0.07107}, Ixx: 0.00172767, Iyy: 0.00041967, Izz: 0.0018468},
		axis:    sim.Axis{Limited: true, Lower: -5.18363, Upper: 0, Damping: 1, Friction: 0.5, Drive: sim.Servo, Effort: 6, Kp: 60, Kd: 6},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.032, Y: 0.027, Z: 0.096}), at(0, 0.025, 0.067)},
		},
	},
	{
		name: "arm_link_4", joint: "arm_joint_4", on: "arm_link_3", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, 0.135),
		inertia: sim.Inertia{Mass: 0.769, COM: r3.Vec{X: 0.00011, Y: -0.02, Z: 0.05019}, Ixx: 0.0006764, Iyy: 0.0010573, Izz: 0.000661},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 3.57792, Damping: 1, Friction: 0.5, Drive: sim.Servo, Effort: 2, Kp: 20, Kd: 2},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.029, Y: 0.05, Z: 0.059}), at(0, 0, 0.026)},
		},
	},
	{
		name: "arm_link_5", joint: "arm_joint_5", on: "arm_link_4", typ: sim.Revolute(r3.Vec{Z: -1}), pose: at(-0.002, 0, 0.13),
		inertia: sim.Inertia{Mass: 0.687, COM: r3.Vec{Y: 0.00115, Z: -0.01683}, Ixx: 0.0001934, Iyy: 0.0001602, Izz: 6.89e-05},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 5.84685, Damping: 0.5, Friction: 0.5, Drive: sim.Servo, Effort: 1, Kp: 10, Kd: 1},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.027, Y: 0.048, Z: 0.015}), at(0.003, 0, -0.034)},
		},
	},
	{
		name: "gripper_palm_link", joint: "gripper_palm_joint", on: "arm_link_5", typ: sim.Fixed(),
		inertia: sim.Inertia{Mass: 0.1, Ixx: 0.01, Iyy: 0.01, Izz: 0.01},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.025, Y: 0.047, Z: 0.027}), at(0, 0, 0)},
		},
	},
	{
		name: "gripper_finger_link_l", joint: "gripper_finger_joint_l", on: "gripper_palm_link", typ: sim.Prismatic(r3.Vec{Y: -1}), pose: turned(0.004, 0.008, 0.046, 0, 0, 0, 1),
		inertia: sim.Inertia{Mass: 0.01, COM: r3.Vec{Y: -0.001}, Ixx: 0.01, Iyy: 0.01, Izz: 0.01},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.0115, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 1, Kp: 1000, Kd: 20},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.007, Y: 0.01, Z: 0.023}), at(0, 0, 0)},
		},
	},
	{
		name: "gripper_finger_link_r", joint: "gripper_finger_joint_r", on: "gripper_palm_link", typ: sim.Prismatic(r3.Vec{Y: -1}), pose: at(0.004, -0.008, 0.046),
		inertia: sim.Inertia{Mass: 0.01, COM: r3.Vec{Y: -0.001}, Ixx: 0.01, Iyy: 0.01, Izz: 0.01},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.0115, Damping: 1, Friction: 1, Drive: sim.Servo, Effort: 1, Kp: 1000, Kd: 20},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.007, Y: 0.01, Z: 0.023}), at(0, 0, 0)},
		},
	},
	{
		name: "base_laser_front_link", joint: "base_laser_front_hokuyo_urg04_laser_joint", on: "base_link", typ: sim.Fixed(), pose: at(0.3, 0, -0.03),
		inertia: sim.Inertia{Mass: 0.16, Ixx: 0.1, Iyy: 0.1, Izz: 0.1},
		looks:   []solid{{contact.Cylinder(0.03, 0.035), at(0, 0, 0)}},
	},
}
