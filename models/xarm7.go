package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The xArm 7 is UFACTORY's arm with its gripper, with the parameters of its maker as MuJoCo Menagerie has them (ufactory_xarm7,
// BSD-3-Clause). Two loops close its fingers' linkages. Shapes that are meshes there are boxes around them here.
var xarm7 = family{
	name:    "xarm7",
	source:  "UFACTORY; MuJoCo Menagerie ufactory_xarm7",
	summary: "UFACTORY xArm 7: an arm of 7 joints on servos with a gripper of two linkages, bent",
	builder: buildXarm7,
	start:   assembledAt(0, -0.247, 0, 0.909, 0, 1.15644, 0),
}

func buildXarm7(o Options, _ int) *sim.Builder {
	b := o.assembled("xarm7", 0.5, xarm7Parts)
	b.ChangeJoint("left_driver_joint", func(j *sim.Joint) { j.Mimic = &sim.Mimic{Joint: "right_driver_joint", Ratio: 1} })
	closeFinger(b, "left_finger", "left_inner_knuckle", at(0, -0.015, 0.015), at(0, 0.035465, 0.042039))
	closeFinger(b, "right_finger", "right_inner_knuckle", at(0, 0.015, 0.015), at(0, -0.035465, 0.042039))
	return b
}

var xarm7Parts = []part{
	{name: "link_base", joint: "base_fixed", typ: sim.Fixed(), looks: []solid{{contact.Cylinder(0.06, 0.1), at(0, 0, 0.1)}}},
	{
		name: "link1", joint: "joint1", on: "link_base", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0, 0, 0.387),
		inertia: sim.Inertia{Mass: 2.382, COM: r3.Vec{X: -0.0002, Y: 0.02905, Z: -0.01233}, Ixx: 0.0056905, Ixy: -1.579e-05, Ixz: 5.125e-06, Iyy: 0.0049566, Iyz: -0.000873381, Izz: 0.00331666},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Damping: 10, Friction: 1, Armature: 0.1, Drive: sim.Servo, Kp: 1500, Kd: 150, Effort: 50},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0484289, Y: 0.0659236, Z: 0.0800446}), at(-5.94519e-05, 0.00937167, -0.0319556)},
		},
	},
	{
		name: "link2", joint: "joint2", on: "link1", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.869, COM: r3.Vec{X: 0.00022, Y: -0.12856, Z: 0.01735}, Ixx: 0.0095989, Ixy: 1.54104e-06, Ixz: 5.56003e-06, Iyy: 0.00382472, Iyz: -0.00317156, Izz: 0.00756567},
		axis:    sim.Axis{Limited: true, Lower: -2.059, Upper: 2.0944, Damping: 10, Friction: 1, Armature: 0.1, Drive: sim.Servo, Kp: 1500, Kd: 150, Effort: 50},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0475038, Y: 0.119572, Z: 0.0806253}), at(-7.9181e-05, -0.0722079, 0.0383818)},
		},
	},
	{
		name: "link3", joint: "joint3", on: "link2", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, -0.293, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.6383, COM: r3.Vec{X: 0.0466, Y: -0.02463, Z: -0.00768}, Ixx: 0.00310955, Ixy: 0.000308371, Ixz: -0.000584528, Iyy: 0.00264483, Iyz: 0.000338895, Izz: 0.0026624},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Damping: 5, Friction: 1, Armature: 0.1, Drive: sim.Servo, Kp: 1000, Kd: 100, Effort: 30},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.068634, Y: 0.068143, Z: 0.0719348}), at(0.0262196, 0.000948224, -0.0291663)},
		},
	},
	{
		name: "link4", joint: "joint4", on: "link3", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.0525, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.7269, COM: r3.Vec{X: 0.07047, Y: -0.11575, Z: 0.012}, Ixx: 0.005889, Ixy: 0.00137112, Ixz: 0.00088143, Iyy: 0.00359703, Iyz: -0.00176215, Izz: 0.00543245},
		axis:    sim.Axis{Limited: true, Lower: -0.19198, Upper: 3.927, Damping: 5, Friction: 1, Armature: 0.1, Drive: sim.Servo, Kp: 1000, Kd: 100, Effort: 30},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0814951, Y: 0.105943, Z: 0.0747031}), at(0.0387649, -0.0632328, 0.0322066)},
		},
	},
	{
		name: "link5", joint: "joint5", on: "link4", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.0775, -0.3425, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.3203, COM: r3.Vec{X: -0.00032, Y: 0.01604, Z: -0.026}, Ixx: 0.00534665, Ixy: 1.51168e-05, Ixz: -3.68981e-07, Iyy: 0.0049779, Iyz: -0.00022132, Izz: 0.0013624},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Damping: 5, Friction: 1, Armature: 0.1, Drive: sim.Servo, Kp: 1000, Kd: 100, Effort: 30},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.042426, Y: 0.0644924, Z: 0.105248}), at(2.05617e-05, 0.0219392, -0.0677526)},
		},
	},
	{
		name: "link6", joint: "joint6", on: "link5", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0, 0, 0, 0.707107, 0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 1.325, COM: r3.Vec{X: 0.06469, Y: 0.03278, Z: 0.02141}, Ixx: 0.0014745, Ixy: -0.000487998, Ixz: 0.000295301, Iyy: 0.0019037, Iyz: 0.00014749, Izz: 0.0023652},
		axis:    sim.Axis{Limited: true, Lower: -1.69297, Upper: 3.14159, Damping: 2, Friction: 1, Armature: 0.1, Drive: sim.Servo, Kp: 800, Kd: 80, Effort: 20},
	},
	{
		name: "link7", joint: "joint7", on: "link6", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.076, 0.097, 0, 0.707107, -0.707107, 0, 0),
		inertia: sim.Inertia{Mass: 0.71156, COM: r3.Vec{X: 0.000498429, Y: -0.000209647, Z: 0.0339303}, Ixx: 0.00102418, Ixy: -3.37452e-07, Ixz: -7.65363e-06, Iyy: 0.000839987, Iyz: -5.84343e-05, Izz: 0.000398088},
		axis:    sim.Axis{Limited: true, Lower: -6.28319, Upper: 6.28319, Damping: 2, Friction: 1, Armature: 0.1, Drive: sim.Servo, Kp: 800, Kd: 80, Effort: 20},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0376628, Y: 0.0448484, Z: 0.0135}), at(6.79623e-05, -0.00715162, -0.0135)},
		},
	},
	{
		name: "left_outer_knuckle", joint: "left_driver_joint", on: "link7", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0, -0.035, 0.059098, 0, 0, 0, 1),
		inertia: sim.Inertia{Mass: 0.033618, COM: r3.Vec{Y: 0.021559, Z: 0.015181}, Ixx: 1.9111e-05, Iyy: 6.6256e-06, Iyz: -7.30079e-06, Izz: 1.3185e-05},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.85, Damping: 0.1, Friction: 1, Armature: 0.005},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0059, Y: 0.038684, Z: 0.0278506}), at(0, 0.0127798, 0.0201817)},
		},
	},
	{
		name: "left_finger", joint: "left_finger_joint", on: "left_outer_knuckle", typ: sim.Revolute(r3.Vec{X: -1}), pose: at(0, 0.035465, 0.042039),
		inertia: sim.Inertia{Mass: 0.048304, COM: r3.Vec{Y: -0.016413, Z: 0.029258}, Ixx: 1.7493e-05, Iyy: 1.7225e-05, Iyz: 4.64332e-06, Izz: 5.14662e-06},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.85, Friction: 1, Armature: 0.1},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.015, Y: 0.002, Z: 0.0095}), at(0, -0.024003, 0.032)},
			{contact.Box(r3.Vec{X: 0.015, Y: 0.002, Z: 0.0095}), at(0, -0.024003, 0.05)},
		},
	},
	{
		name: "left_inner_knuckle", joint: "left_inner_knuckle_joint", on: "link7", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0, -0.02, 0.074098, 0, 0, 0, 1),
		inertia: sim.Inertia{Mass: 0.0230126, COM: r3.Vec{X: 1.86601e-06, Y: 0.0220468, Z: 0.0261335}, Ixx: 6.0949e-06, Iyy: 6.01955e-06, Iyz: -2.75317e-06, Izz: 5.07862e-06},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.85, Damping: 0.00125, Stiffness: 0.05, Rest: 2.62, Friction: 1, Armature: 0.1},
	},
	{
		name: "right_outer_knuckle", joint: "right_driver_joint", on: "link7", typ: sim.Revolute(r3.Vec{X: -1}), pose: turned(0, 0.035, 0.059098, 0, 0, 0, 1),
		inertia: sim.Inertia{Mass: 0.033618, COM: r3.Vec{Y: -0.021559, Z: 0.015181}, Ixx: 1.9111e-05, Iyy: 6.6256e-06, Iyz: 7.30079e-06, Izz: 1.3185e-05},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.85, Damping: 0.1, Friction: 1, Armature: 0.005, Drive: sim.Servo, Kp: 100, Kd: 10, Effort: 50},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0059, Y: 0.038684, Z: 0.0278506}), at(0, -0.0127798, 0.0201817)},
		},
	},
	{
		name: "right_finger", joint: "right_finger_joint", on: "right_outer_knuckle", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, -0.035465, 0.042039),
		inertia: sim.Inertia{Mass: 0.048304, COM: r3.Vec{Y: 0.016413, Z: 0.029258}, Ixx: 1.7493e-05, Iyy: 1.7225e-05, Iyz: -4.64349e-06, Izz: 5.14659e-06},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.85, Friction: 1, Armature: 0.1},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.015, Y: 0.002, Z: 0.0095}), at(0, 0.024003, 0.032)},
			{contact.Box(r3.Vec{X: 0.015, Y: 0.002, Z: 0.0095}), at(0, 0.024003, 0.05)},
		},
	},
	{
		name: "right_inner_knuckle", joint: "right_inner_knuckle_joint", on: "link7", typ: sim.Revolute(r3.Vec{X: -1}), pose: turned(0, 0.02, 0.074098, 0, 0, 0, 1),
		inertia: sim.Inertia{Mass: 0.023013, COM: r3.Vec{X: 1.866e-06, Y: -0.022047, Z: 0.026133}, Ixx: 6.0949e-06, Iyy: 6.0197e-06, Iyz: 2.7531e-06, Izz: 5.0784e-06},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 0.85, Damping: 0.00125, Stiffness: 0.05, Rest: 2.62, Friction: 1, Armature: 0.1},
	},
}
