package models

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Atlas is Boston Dynamics' humanoid of the DARPA challenge (version 5, open hands) with the parameters of the description that Dojo has
// [Howell et al. 2022]: masses, inertias, limits, torques and the points under its feet. Shapes of body and limbs, meshes there, are ours.
var atlas = family{
	name:    "atlas",
	source:  "Boston Dynamics; Howell et al. 2022 (Dojo)",
	summary: "Boston Dynamics Atlas v5: a humanoid of 174 kg and 30 torque-driven joints; standing on bent legs",
	builder: tabled("atlas", 0.8, slices.Concat(atlasBody, atlasLeg("l", 1), atlasLeg("r", -1))),
	start: posed(0.001, map[string]float64{
		"l_leg_hpy": -0.4, "l_leg_kny": 0.8, "l_leg_aky": -0.4, "r_leg_hpy": -0.4, "r_leg_kny": 0.8, "r_leg_aky": -0.4,
		"l_arm_shx": -1.2, "l_arm_ely": 1.57, "l_arm_elx": 0.8, "r_arm_shx": 1.2, "r_arm_ely": 1.57, "r_arm_elx": -0.8,
	}),
}

var atlasBody = []part{
	{
		name: "pelvis", joint: "floating_base", typ: sim.Free(),
		inertia: sim.Inertia{Mass: 9.509, COM: r3.Vec{X: 0.0111, Z: 0.0271}, Ixx: 0.1244, Ixy: 0.0008, Ixz: -0.0007, Iyy: 0.0958, Iyz: -0.0005, Izz: 0.1167},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.1, Y: 0.11, Z: 0.08}), at(0, 0, 0.02)},
		},
	},
	{
		name: "ltorso", joint: "back_bkz", on: "pelvis", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(-0.0125, 0, 0),
		inertia: sim.Inertia{Mass: 2.27, COM: r3.Vec{X: -0.0112984, Y: -3.15366e-06, Z: 0.0746835}, Ixx: 0.0039092, Ixy: -5.04491e-08, Ixz: -0.000342157, Iyy: 0.00341694, Iyz: 4.87119e-07, Izz: 0.00174492},
		axis:    sim.Axis{Limited: true, Lower: -0.663225, Upper: 0.663225, Damping: 0.1, Drive: sim.Torque, Effort: 106},
	},
	{
		name: "mtorso", joint: "back_bky", on: "ltorso", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, 0.162),
		inertia: sim.Inertia{Mass: 0.799, COM: r3.Vec{X: -0.00816266, Y: -0.0131245, Z: 0.0305974}, Ixx: 0.000454181, Ixy: -6.10764e-05, Ixz: 3.94009e-05, Iyy: 0.000483282, Iyz: 5.27463e-05, Izz: 0.000444215},
		axis:    sim.Axis{Limited: true, Lower: -0.219388, Upper: 0.538783, Damping: 0.1, Drive: sim.Torque, Effort: 445},
	},
	{
		name: "utorso", joint: "back_bkx", on: "mtorso", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, 0, 0.05),
		inertia: sim.Inertia{Mass: 84.409, COM: r3.Vec{X: -0.0622, Y: 0.0023, Z: 0.3157}, Ixx: 1.577, Ixy: -0.032, Ixz: 0.102, Iyy: 1.602, Iyz: 0.047, Izz: 0.565},
		axis:    sim.Axis{Limited: true, Lower: -0.523599, Upper: 0.523599, Damping: 0.1, Drive: sim.Torque, Effort: 300},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.16, Y: 0.17, Z: 0.2}), at(-0.08, 0, 0.25)},
		},
	},
	{
		name: "l_clav", joint: "l_arm_shz", on: "utorso", typ: sim.Revolute(r3.Vec{Z: 1}), pose: turned(0.1406, 0.2256, 0.4776, 0, 0, 0, 1),
		inertia: sim.Inertia{Mass: 4.466, COM: r3.Vec{Z: -0.084}, Ixx: 0.011, Iyy: 0.009, Iyz: 0.004, Izz: 0.004},
		axis:    sim.Axis{Limited: true, Lower: -1.5708, Upper: 0.785398, Damping: 0.1, Drive: sim.Torque, Effort: 87},
		shapes: []solid{
			{contact.Capsule(0.07, 0.05), at(0, 0, -0.12)},
		},
	},
	{
		name: "l_scap", joint: "l_arm_shx", on: "l_clav", typ: sim.Revolute(r3.Vec{X: -1}), pose: at(0, -0.11, -0.245),
		inertia: sim.Inertia{Mass: 3.899, Ixx: 0.00319, Iyy: 0.00583, Izz: 0.00583},
		axis:    sim.Axis{Limited: true, Lower: -1.5708, Upper: 1.5708, Damping: 0.1, Drive: sim.Torque, Effort: 99},
	},
	{
		name: "l_uarm", joint: "l_arm_ely", on: "l_scap", typ: sim.Revolute(r3.Vec{Y: -1}), pose: at(0, -0.187, -0.016),
		inertia: sim.Inertia{Mass: 4.386, COM: r3.Vec{Y: 0.065}, Ixx: 0.00656, Iyy: 0.00358, Izz: 0.00656},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 3.14159, Damping: 0.1, Drive: sim.Torque, Effort: 63},
		shapes: []solid{
			{contact.Capsule(0.06, 0.06), turned(0, -0.06, 0, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "l_larm", joint: "l_arm_elx", on: "l_uarm", typ: sim.Revolute(r3.Vec{X: -1}), pose: at(0, -0.119, 0.0092),
		inertia: sim.Inertia{Mass: 3.248, Ixx: 0.00265, Iyy: 0.00446, Izz: 0.00446},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 2.35619, Damping: 0.1, Drive: sim.Torque, Effort: 112},
		shapes: []solid{
			{contact.Capsule(0.055, 0.09), turned(0, -0.14, 0, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "l_ufarm", joint: "l_arm_uwy", on: "l_larm", typ: sim.Revolute(r3.Vec{Y: -1}), pose: turned(0, -0.29955, -0.00921, 0, 0, 1, 0),
		inertia: sim.Inertia{Mass: 2.4798, COM: r3.Vec{X: 0.00015, Y: 0.08296, Z: 0.00037}, Ixx: 0.012731, Iyy: 0.002857, Izz: 0.011948},
		axis:    sim.Axis{Limited: true, Lower: -3.011, Upper: 3.011, Damping: 0.1, Drive: sim.Torque, Effort: 25},
	},
	{
		name: "l_lfarm", joint: "l_arm_mwx", on: "l_ufarm", typ: sim.Revolute(r3.Vec{X: 1}),
		inertia: sim.Inertia{Mass: 0.648, COM: r3.Vec{X: 0.00017, Y: -0.02515, Z: 0.00163}, Ixx: 0.000764, Iyy: 0.000429, Izz: 0.000825},
		axis:    sim.Axis{Limited: true, Lower: -1.7628, Upper: 1.7628, Damping: 0.1, Drive: sim.Torque, Effort: 25},
	},
	{
		name: "l_hand", joint: "l_arm_lwy", on: "l_lfarm", typ: sim.Revolute(r3.Vec{Y: -1}), pose: turned(0, 0, 0, 0, 0, 1, 0),
		inertia: sim.Inertia{Mass: 0.5839, COM: r3.Vec{X: 0.00016, Y: -0.08159, Z: 2e-05}, Ixx: 0.000388, Iyy: 0.000477, Izz: 0.000379},
		axis:    sim.Axis{Limited: true, Lower: -2.9671, Upper: 2.9671, Damping: 0.1, Drive: sim.Torque, Effort: 25},
		shapes: []solid{
			{contact.Sphere(0.05), at(0, -0.1, 0)},
		},
	},
	{
		name: "head", joint: "neck_ay", on: "utorso", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.2546, 0, 0.6215),
		inertia: sim.Inertia{Mass: 1.4199, COM: r3.Vec{X: -0.075493, Y: 3.3383e-05, Z: 0.02774}, Ixx: 0.0039688, Ixy: -1.5797e-06, Ixz: -0.00089293, Iyy: 0.0041178, Iyz: -6.8415e-07, Izz: 0.0035243},
		axis:    sim.Axis{Limited: true, Lower: -0.602139, Upper: 1.14319, Damping: 0.1, Drive: sim.Torque, Effort: 25},
		shapes: []solid{
			{contact.Sphere(0.12), at(-0.02, 0, 0.05)},
		},
	},
	{
		name: "r_clav", joint: "r_arm_shz", on: "utorso", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0.1406, -0.2256, 0.4776),
		inertia: sim.Inertia{Mass: 4.466, COM: r3.Vec{Z: -0.084}, Ixx: 0.011, Iyy: 0.009, Iyz: 0.004, Izz: 0.004},
		axis:    sim.Axis{Limited: true, Lower: -0.785398, Upper: 1.5708, Damping: 0.1, Drive: sim.Torque, Effort: 87},
		shapes: []solid{
			{contact.Capsule(0.07, 0.05), at(0, 0, -0.12)},
		},
	},
	{
		name: "r_scap", joint: "r_arm_shx", on: "r_clav", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, -0.11, -0.245),
		inertia: sim.Inertia{Mass: 3.899, Ixx: 0.00319, Iyy: 0.00583, Izz: 0.00583},
		axis:    sim.Axis{Limited: true, Lower: -1.5708, Upper: 1.5708, Damping: 0.1, Drive: sim.Torque, Effort: 99},
	},
	{
		name: "r_uarm", joint: "r_arm_ely", on: "r_scap", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, -0.187, -0.016),
		inertia: sim.Inertia{Mass: 4.386, COM: r3.Vec{Y: 0.065}, Ixx: 0.00656, Iyy: 0.00358, Izz: 0.00656},
		axis:    sim.Axis{Limited: true, Lower: 0, Upper: 3.14159, Damping: 0.1, Drive: sim.Torque, Effort: 63},
		shapes: []solid{
			{contact.Capsule(0.06, 0.06), turned(0, -0.06, 0, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "r_larm", joint: "r_arm_elx", on: "r_uarm", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, -0.119, 0.0092),
		inertia: sim.Inertia{Mass: 3.248, Ixx: 0.00265, Iyy: 0.00446, Izz: 0.00446},
		axis:    sim.Axis{Limited: true, Lower: -2.35619, Upper: 0, Damping: 0.1, Drive: sim.Torque, Effort: 112},
		shapes: []solid{
			{contact.Capsule(0.055, 0.09), turned(0, -0.14, 0, 0.707107, 0.707107, 0, 0)},
		},
	},
	{
		name: "r_ufarm", joint: "r_arm_uwy", on: "r_larm", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, -0.29955, -0.00921),
		inertia: sim.Inertia{Mass: 2.4798, COM: r3.Vec{X: 0.00015, Y: 0.08296, Z: 0.00037}, Ixx: 0.012731, Iyy: 0.002857, Izz: 0.011948},
		axis:    sim.Axis{Limited: true, Lower: -3.011, Upper: 3.011, Damping: 0.1, Drive: sim.Torque, Effort: 25},
	},
	{
		name: "r_lfarm", joint: "r_arm_mwx", on: "r_ufarm", typ: sim.Revolute(r3.Vec{X: 1}),
		inertia: sim.Inertia{Mass: 0.648, COM: r3.Vec{X: 0.00017, Y: -0.02515, Z: 0.00163}, Ixx: 0.000764, Iyy: 0.000429, Izz: 0.000825},
		axis:    sim.Axis{Limited: true, Lower: -1.7628, Upper: 1.7628, Damping: 0.1, Drive: sim.Torque, Effort: 25},
	},
	{
		name: "r_hand", joint: "r_arm_lwy", on: "r_lfarm", typ: sim.Revolute(r3.Vec{Y: 1}),
		inertia: sim.Inertia{Mass: 0.5839, COM: r3.Vec{X: 0.00016, Y: -0.08159, Z: 2e-05}, Ixx: 0.000388, Iyy: 0.000477, Izz: 0.000379},
		axis:    sim.Axis{Limited: true, Lower: -2.9671, Upper: 2.9671, Damping: 0.1, Drive: sim.Torque, Effort: 25},
		shapes: []solid{
			{contact.Sphere(0.05), at(0, -0.1, 0)},
		},
	},
}

// atlasLeg lists the parts of a leg; y is 1 on the left, −1 on the right.
func atlasLeg(side string, y float64) []part {
	const in, out = 0.174358, 0.786794 // how far it turns
	lower, upper := math.Min(-y*in, y*out), math.Max(-y*in, y*out)
	return []part{
		{
			name: side + "_uglut", joint: side + "_leg_hpz", on: "pelvis", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0, y*0.089, 0),
			inertia: sim.Inertia{Mass: 1.959, COM: r3.Vec{X: 0.00529262, Y: -y * 0.00344732, Z: 0.00313046}, Ixx: 0.00074276, Ixy: -y * 3.79607e-08, Ixz: -2.79549e-05, Iyy: 0.000688179, Iyz: -y * 3.2735e-08, Izz: 0.00041242},
			axis:    sim.Axis{Limited: true, Lower: lower, Upper: upper, Damping: 0.1, Drive: sim.Torque, Effort: 275},
		},
		{
			name: side + "_lglut", joint: side + "_leg_hpx", on: side + "_uglut", typ: sim.Revolute(r3.Vec{X: 1}),
			inertia: sim.Inertia{Mass: 0.898, COM: r3.Vec{X: 0.0133341, Y: y * 0.0170484, Z: -0.0312052}, Ixx: 0.000691326, Ixy: -y * 2.24344e-05, Ixz: 2.50508e-06, Iyy: 0.00126856, Iyz: y * 0.000137862, Izz: 0.00106487},
			axis:    sim.Axis{Limited: true, Lower: -0.523599, Upper: 0.523599, Damping: 0.1, Drive: sim.Torque, Effort: 530},
		},
		{
			name: side + "_uleg", joint: side + "_leg_hpy", on: side + "_lglut", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.05, y*0.0225, -0.066),
			inertia: sim.Inertia{Mass: 8.204, COM: r3.Vec{Z: -0.21}, Ixx: 0.09, Iyy: 0.09, Izz: 0.02},
			axis:    sim.Axis{Limited: true, Lower: -1.61234, Upper: 0.65764, Damping: 0.1, Drive: sim.Torque, Effort: 840},
			shapes: []solid{
				{contact.Capsule(0.08, 0.13), at(0, 0, -0.18)},
			},
		},
		{
			name: side + "_lleg", joint: side + "_leg_kny", on: side + "_uleg", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(-0.05, 0, -0.374),
			inertia: sim.Inertia{Mass: 4.515, COM: r3.Vec{X: 0.001, Z: -0.187}, Ixx: 0.077, Ixz: -0.003, Iyy: 0.076, Izz: 0.01},
			axis:    sim.Axis{Limited: true, Lower: 0, Upper: 2.35637, Damping: 0.1, Drive: sim.Torque, Effort: 890},
			shapes: []solid{
				{contact.Capsule(0.065, 0.14), at(0, 0, -0.2)},
			},
		},
		{
			name: side + "_talus", joint: side + "_leg_aky", on: side + "_lleg", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.422),
			inertia: sim.Inertia{Mass: 0.125, Ixx: 1.01674e-05, Iyy: 8.42775e-06, Izz: 1.30101e-05},
			axis:    sim.Axis{Limited: true, Lower: -1, Upper: 0.7, Damping: 0.1, Drive: sim.Torque, Effort: 740},
		},
		{
			name: side + "_foot", joint: side + "_leg_akx", on: side + "_talus", typ: sim.Revolute(r3.Vec{X: 1}),
			inertia: sim.Inertia{Mass: 2.41, COM: r3.Vec{X: 0.027, Z: -0.067}, Ixx: 0.002, Iyy: 0.007, Izz: 0.008},
			axis:    sim.Axis{Limited: true, Lower: -0.8, Upper: 0.8, Damping: 0.1, Drive: sim.Torque, Effort: 360},
			shapes: []solid{
				{contact.Sphere(0.01), at(-0.0876, 0.066, -0.07645)},
				{contact.Sphere(0.01), at(-0.0876, -0.0626, -0.07645)},
				{contact.Sphere(0.01), at(0.1728, 0.066, -0.07645)},
				{contact.Sphere(0.01), at(0.1728, -0.0626, -0.07645)},
			},
		},
	}
}
