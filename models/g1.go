package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// G1 is Unitree's humanoid of 29 joints with the parameters of its maker as MuJoCo Menagerie has them (unitree_g1, BSD-3-Clause): masses,
// inertias, limits, servos. Where its shapes are meshes here are boxes around them, of those that Menagerie's file names.
var g1 = family{
	name:    "g1",
	source:  "Unitree; MuJoCo Menagerie unitree_g1",
	summary: "Unitree G1: a humanoid of 29 joints on servos; standing",
	builder: tabled("g1", 0.6, g1Parts),
	start:   floating(0.001, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2, 0.2, 0, 1.28, 0, 0, 0, 0.2, -0.2, 0, 1.28),
}

var g1Parts = []part{
	{
		name: "pelvis", joint: "floating_base_joint", typ: sim.Free(),
		inertia: sim.Inertia{Mass: 3.813, COM: r3.Vec{Z: -0.07605}, Ixx: 0.010549, Ixz: 2.1e-06, Iyy: 0.0093089, Izz: 0.0079184},
		looks:   []solid{{contact.Box(r3.Vec{X: 0.06, Y: 0.07, Z: 0.06}), at(0, 0, -0.06)}},
	},
	{
		name: "left_hip_pitch_link", joint: "left_hip_pitch_joint", on: "pelvis", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0.064452, -0.1027),
		inertia: sim.Inertia{Mass: 1.35, COM: r3.Vec{X: 0.002741, Y: 0.047791, Z: -0.02606}, Ixx: 0.001811, Ixy: 3.68001e-05, Ixz: -3.44002e-05, Iyy: 0.0014193, Iyz: 0.000171, Izz: 0.0012812},
		axis:    sim.Axis{Limited: true, Lower: -2.5307, Upper: 2.8798, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 10.3186, Effort: 88},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0412784, Y: 0.0494054, Z: 0.0585823}), at(-0.00103767, 0.0494054, -0.0214614)},
		},
	},
	{
		name: "left_hip_roll_link", joint: "left_hip_roll_joint", on: "left_hip_pitch_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0, 0.052, -0.030465, 0.996179, 0, -0.0873386, 0),
		inertia: sim.Inertia{Mass: 1.52, COM: r3.Vec{X: 0.029812, Y: -0.001045, Z: -0.087934}, Ixx: 0.0023773, Ixy: -3.80017e-06, Ixz: -0.0003908, Iyy: 0.0024123, Iyz: 1.84e-05, Izz: 0.0016595},
		axis:    sim.Axis{Limited: true, Lower: -0.5236, Upper: 2.9671, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 15.8008, Effort: 139},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0532396, Y: 0.0489454, Z: 0.0853044}), at(0.0269208, -0.000171173, -0.0388197)},
		},
	},
	{
		name: "left_hip_yaw_link", joint: "left_hip_yaw_joint", on: "left_hip_roll_link", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0.025001, 0, -0.12412),
		inertia: sim.Inertia{Mass: 1.702, COM: r3.Vec{X: -0.057709, Y: -0.010981, Z: -0.15078}, Ixx: 0.0057774, Ixy: -0.000541101, Ixz: -0.0023948, Iyy: 0.0076124, Iyz: -0.000707202, Izz: 0.003149},
		axis:    sim.Axis{Limited: true, Lower: -2.7576, Upper: 2.7576, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 5.78319, Effort: 88},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.089817, Y: 0.0443413, Z: 0.113115}), at(-0.0374323, -0.00104196, -0.113115)},
		},
	},
	{
		name: "left_knee_link", joint: "left_knee_joint", on: "left_hip_yaw_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(-0.078273, 0.0021489, -0.17734, 0.996179, 0, 0.0873386, 0),
		inertia: sim.Inertia{Mass: 1.932, COM: r3.Vec{X: 0.005457, Y: 0.003964, Z: -0.12074}, Ixx: 0.011329, Ixy: 4.81665e-05, Ixz: -4.48975e-05, Iyy: 0.011277, Iyz: -0.0007146, Izz: 0.0015168},
		axis:    sim.Axis{Limited: true, Lower: -0.087267, Upper: 2.8798, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 9.0796, Effort: 139},
	},
	{
		name: "left_ankle_pitch_link", joint: "left_ankle_pitch_joint", on: "left_knee_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, -9.4445e-05, -0.30001),
		inertia: sim.Inertia{Mass: 0.074, COM: r3.Vec{X: -0.007269, Z: 0.011137}, Ixx: 8.4e-06, Ixz: -2.89999e-06, Iyy: 1.89e-05, Izz: 1.26e-05},
		axis:    sim.Axis{Limited: true, Lower: -0.87267, Upper: 0.5236, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.92387, Effort: 50},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.018, Y: 0.00650001, Z: 0.0187239}), at(-0.00649999, 5.78223e-05, -0.00583397)},
		},
	},
	{
		name: "left_ankle_roll_link", joint: "left_ankle_roll_joint", on: "left_ankle_pitch_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, 0, -0.017558),
		inertia: sim.Inertia{Mass: 0.608, COM: r3.Vec{X: 0.026505, Z: -0.016425}, Ixx: 0.0002231, Ixy: 2e-07, Ixz: 8.9101e-05, Iyy: 0.0016161, Iyz: -1.00002e-07, Izz: 0.0016667},
		axis:    sim.Axis{Limited: true, Lower: -0.2618, Upper: 0.2618, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.54435, Effort: 50},
		shapes: []solid{
			{contact.Sphere(0.005), at(-0.05, 0.025, -0.03)},
			{contact.Sphere(0.005), at(-0.05, -0.025, -0.03)},
			{contact.Sphere(0.005), at(0.12, 0.03, -0.03)},
			{contact.Sphere(0.005), at(0.12, -0.03, -0.03)},
		},
	},
	{
		name: "right_hip_pitch_link", joint: "right_hip_pitch_joint", on: "pelvis", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, -0.064452, -0.1027),
		inertia: sim.Inertia{Mass: 1.35, COM: r3.Vec{X: 0.002741, Y: -0.047791, Z: -0.02606}, Ixx: 0.001811, Ixy: -3.68001e-05, Ixz: -3.44002e-05, Iyy: 0.0014193, Iyz: -0.000171, Izz: 0.0012812},
		axis:    sim.Axis{Limited: true, Lower: -2.5307, Upper: 2.8798, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 10.319, Effort: 88},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0412784, Y: 0.0494054, Z: 0.0585819}), at(-0.00103767, -0.0494054, -0.0214618)},
		},
	},
	{
		name: "right_hip_roll_link", joint: "right_hip_roll_joint", on: "right_hip_pitch_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0, -0.052, -0.030465, 0.996179, 0, -0.0873386, 0),
		inertia: sim.Inertia{Mass: 1.52, COM: r3.Vec{X: 0.029812, Y: 0.001045, Z: -0.087934}, Ixx: 0.0023773, Ixy: 3.80017e-06, Ixz: -0.0003908, Iyy: 0.0024123, Iyz: -1.84e-05, Izz: 0.0016595},
		axis:    sim.Axis{Limited: true, Lower: -2.9671, Upper: 0.5236, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 15.8059, Effort: 139},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0532396, Y: 0.0489454, Z: 0.0853044}), at(0.0269208, 0.000171173, -0.0388197)},
		},
	},
	{
		name: "right_hip_yaw_link", joint: "right_hip_yaw_joint", on: "right_hip_roll_link", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0.025001, 0, -0.12412),
		inertia: sim.Inertia{Mass: 1.702, COM: r3.Vec{X: -0.057709, Y: 0.010981, Z: -0.15078}, Ixx: 0.0057774, Ixy: 0.000541101, Ixz: -0.0023948, Iyy: 0.0076124, Iyz: 0.000707202, Izz: 0.003149},
		axis:    sim.Axis{Limited: true, Lower: -2.7576, Upper: 2.7576, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 5.78385, Effort: 88},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.089817, Y: 0.0443413, Z: 0.113115}), at(-0.0374323, 0.00104196, -0.113115)},
		},
	},
	{
		name: "right_knee_link", joint: "right_knee_joint", on: "right_hip_yaw_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(-0.078273, -0.0021489, -0.17734, 0.996179, 0, 0.0873386, 0),
		inertia: sim.Inertia{Mass: 1.932, COM: r3.Vec{X: 0.005457, Y: -0.003964, Z: -0.12074}, Ixx: 0.011329, Ixy: -4.8239e-05, Ixz: 4.48973e-05, Iyy: 0.011277, Iyz: 0.000714601, Izz: 0.0015168},
		axis:    sim.Axis{Limited: true, Lower: -0.087267, Upper: 2.8798, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 9.07956, Effort: 139},
	},
	{
		name: "right_ankle_pitch_link", joint: "right_ankle_pitch_joint", on: "right_knee_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 9.4445e-05, -0.30001),
		inertia: sim.Inertia{Mass: 0.074, COM: r3.Vec{X: -0.007269, Z: 0.011137}, Ixx: 8.4e-06, Ixz: -2.89999e-06, Iyy: 1.89e-05, Izz: 1.26e-05},
		axis:    sim.Axis{Limited: true, Lower: -0.87267, Upper: 0.5236, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.92387, Effort: 50},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.018, Y: 0.00650001, Z: 0.0187239}), at(-0.00649999, -5.78223e-05, -0.00583397)},
		},
	},
	{
		name: "right_ankle_roll_link", joint: "right_ankle_roll_joint", on: "right_ankle_pitch_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, 0, -0.017558),
		inertia: sim.Inertia{Mass: 0.608, COM: r3.Vec{X: 0.026505, Z: -0.016425}, Ixx: 0.0002231, Ixy: -2e-07, Ixz: 8.9101e-05, Iyy: 0.0016161, Iyz: 1.00002e-07, Izz: 0.0016667},
		axis:    sim.Axis{Limited: true, Lower: -0.2618, Upper: 0.2618, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.54436, Effort: 50},
		shapes: []solid{
			{contact.Sphere(0.005), at(-0.05, 0.025, -0.03)},
			{contact.Sphere(0.005), at(-0.05, -0.025, -0.03)},
			{contact.Sphere(0.005), at(0.12, 0.03, -0.03)},
			{contact.Sphere(0.005), at(0.12, -0.03, -0.03)},
		},
	},
	{
		name: "waist_yaw_link", joint: "waist_yaw_joint", on: "pelvis", typ: sim.Revolute(r3.Vec{Z: 1}),
		inertia: sim.Inertia{Mass: 0.214, COM: r3.Vec{X: 0.003494, Y: 0.000233, Z: 0.018034}, Ixx: 0.00010673, Ixy: 2.70281e-06, Ixz: -7.63112e-06, Iyy: 0.00010422, Iyz: -2.00998e-07, Izz: 0.0001625},
		axis:    sim.Axis{Limited: true, Lower: -2.618, Upper: 2.618, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 10.2633, Effort: 88},
	},
	{
		name: "waist_roll_link", joint: "waist_roll_joint", on: "waist_yaw_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(-0.0039635, 0, 0.044),
		inertia: sim.Inertia{Mass: 0.086, COM: r3.Vec{Y: 2.3e-05}, Ixx: 7.079e-06, Iyy: 6.339e-06, Izz: 8.245e-06},
		axis:    sim.Axis{Limited: true, Lower: -0.52, Upper: 0.52, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 16.1981, Effort: 50},
	},
	{
		name: "torso_link", joint: "waist_pitch_joint", on: "waist_roll_link", typ: sim.Revolute(r3.Vec{Y: 1}),
		inertia: sim.Inertia{Mass: 7.818, COM: r3.Vec{X: 0.00203158, Y: 0.000339683, Z: 0.184568}, Ixx: 0.121698, Ixy: 3.11093e-05, Ixz: -0.00374229, Iyy: 0.109825, Iyz: -1.55074e-05, Izz: 0.027522},
		axis:    sim.Axis{Limited: true, Lower: -0.52, Upper: 0.52, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 9.28048, Effort: 50},
		looks:   []solid{{contact.Box(r3.Vec{X: 0.07, Y: 0.09, Z: 0.14}), at(0, 0, 0.16)}, {contact.Sphere(0.07), at(0.01, 0, 0.42)}},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0746985, Y: 0.0746542, Z: 0.0145971}), at(0.00608792, 0.000145871, 0.227576)},
		},
	},
	{
		name: "left_shoulder_pitch_link", joint: "left_shoulder_pitch_joint", on: "torso_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0.0039563, 0.10022, 0.24778, 0.990264, 0.139201, 1.38722e-05, -9.86868e-05),
		inertia: sim.Inertia{Mass: 0.718, COM: r3.Vec{Y: 0.035892, Z: -0.011628}, Ixx: 0.0004291, Ixy: -9.20002e-06, Ixz: 6.39978e-06, Iyy: 0.000453, Iyz: 2.26001e-05, Izz: 0.000423},
		axis:    sim.Axis{Limited: true, Lower: -3.0892, Upper: 2.6704, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 10.8177, Effort: 25},
		shapes: []solid{
			{contact.Cylinder(0.03, 0.025), turned(0, 0.04, -0.01, 0.707107, 0, 0.707107, 0)},
		},
	},
	{
		name: "left_shoulder_roll_link", joint: "left_shoulder_roll_joint", on: "left_shoulder_pitch_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0, 0.038, -0.013831, 0.990268, -0.139172, 0, 0),
		inertia: sim.Inertia{Mass: 0.643, COM: r3.Vec{X: -0.000227, Y: 0.00727, Z: -0.063243}, Ixx: 0.0006177, Ixy: -1.00008e-06, Ixz: 8.7e-06, Iyy: 0.0006912, Iyz: -5.30032e-06, Izz: 0.0003894},
		axis:    sim.Axis{Limited: true, Lower: -1.5882, Upper: 2.2515, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 9.96963, Effort: 25},
		shapes: []solid{
			{contact.Cylinder(0.03, 0.015), at(-0.004, 0.006, -0.053)},
		},
	},
	{
		name: "left_shoulder_yaw_link", joint: "left_shoulder_yaw_joint", on: "left_shoulder_roll_link", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0, 0.00624, -0.1032),
		inertia: sim.Inertia{Mass: 0.734, COM: r3.Vec{X: 0.010773, Y: -0.002949, Z: -0.072009}, Ixx: 0.000998804, Ixy: 7.89971e-06, Ixz: 0.000141201, Iyy: 0.0010605, Iyz: -2.85999e-05, Izz: 0.0004354},
		axis:    sim.Axis{Limited: true, Lower: -2.618, Upper: 2.618, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 7.34707, Effort: 25},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0405928, Y: 0.0372594, Z: 0.0726355}), at(0.00778206, -0.00415307, -0.0410614)},
		},
	},
	{
		name: "left_elbow_link", joint: "left_elbow_joint", on: "left_shoulder_yaw_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.015783, 0, -0.080518),
		inertia: sim.Inertia{Mass: 0.6, COM: r3.Vec{X: 0.064956, Y: 0.004454, Z: -0.010062}, Ixx: 0.0002891, Ixy: 6.53002e-05, Ixz: 1.72001e-05, Iyy: 0.0004152, Iyz: -5.60009e-06, Izz: 0.0004197},
		axis:    sim.Axis{Limited: true, Lower: -1.0472, Upper: 2.0944, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 7.11109, Effort: 25},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0648876, Y: 0.0330162, Z: 0.0376027}), at(0.0351125, 0.00176092, -0.00782758)},
		},
	},
	{
		name: "left_wrist_roll_link", joint: "left_wrist_roll_joint", on: "left_elbow_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0.1, 0.00188791, -0.01),
		inertia: sim.Inertia{Mass: 0.085445, COM: r3.Vec{X: 0.0171394, Y: 0.000537591, Z: 4.8864e-07}, Ixx: 4.82154e-05, Ixy: -4.24514e-06, Ixz: 5.10751e-09, Iyy: 3.7229e-05, Iyz: -1.23121e-09, Izz: 5.48211e-05},
		axis:    sim.Axis{Limited: true, Lower: -1.97222, Upper: 1.97222, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.55255, Effort: 25},
	},
	{
		name: "left_wrist_pitch_link", joint: "left_wrist_pitch_joint", on: "left_wrist_roll_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.038, 0, 0),
		inertia: sim.Inertia{Mass: 0.48405, COM: r3.Vec{X: 0.0229999, Y: -0.00111685, Z: -0.00111658}, Ixx: 0.000165797, Ixy: -1.2312e-05, Ixz: 1.2317e-05, Iyy: 0.000429541, Iyz: 8.14249e-07, Izz: 0.000429537},
		axis:    sim.Axis{Limited: true, Lower: -1.61443, Upper: 1.61443, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.9566, Effort: 5},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0515, Y: 0.0284907, Z: 0.0284907}), at(0.023, 0, 0)},
		},
	},
	{
		name: "left_wrist_yaw_link", joint: "left_wrist_yaw_joint", on: "left_wrist_pitch_link", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0.046, 0, 0),
		inertia: sim.Inertia{Mass: 0.254576, COM: r3.Vec{X: 0.0708244, Y: 0.000191745, Z: 0.00161742}, Ixx: 0.000150445, Ixy: 3.76029e-05, Ixz: -2.95447e-06, Iyy: 0.000643114, Iyz: 3.77545e-06, Izz: 0.000560114},
		axis:    sim.Axis{Limited: true, Lower: -1.61443, Upper: 1.61443, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.73822, Effort: 5},
	},
	{
		name: "right_shoulder_pitch_link", joint: "right_shoulder_pitch_joint", on: "torso_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: turned(0.0039563, -0.10021, 0.24778, 0.990264, -0.139201, 1.38722e-05, 9.86868e-05),
		inertia: sim.Inertia{Mass: 0.718, COM: r3.Vec{Y: -0.035892, Z: -0.011628}, Ixx: 0.0004291, Ixy: 9.20002e-06, Ixz: 6.39978e-06, Iyy: 0.000453, Iyz: -2.26001e-05, Izz: 0.000423},
		axis:    sim.Axis{Limited: true, Lower: -3.0892, Upper: 2.6704, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 10.8107, Effort: 25},
		shapes: []solid{
			{contact.Cylinder(0.03, 0.025), turned(0, -0.04, -0.01, 0.707107, 0, 0.707107, 0)},
		},
	},
	{
		name: "right_shoulder_roll_link", joint: "right_shoulder_roll_joint", on: "right_shoulder_pitch_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(0, -0.038, -0.013831, 0.990268, 0.139172, 0, 0),
		inertia: sim.Inertia{Mass: 0.643, COM: r3.Vec{X: -0.000227, Y: -0.00727, Z: -0.063243}, Ixx: 0.0006177, Ixy: 1.00008e-06, Ixz: 8.7e-06, Iyy: 0.0006912, Iyz: 5.30032e-06, Izz: 0.0003894},
		axis:    sim.Axis{Limited: true, Lower: -2.2515, Upper: 1.5882, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 9.96966, Effort: 25},
		shapes: []solid{
			{contact.Cylinder(0.03, 0.015), at(-0.004, -0.006, -0.053)},
		},
	},
	{
		name: "right_shoulder_yaw_link", joint: "right_shoulder_yaw_joint", on: "right_shoulder_roll_link", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0, -0.00624, -0.1032),
		inertia: sim.Inertia{Mass: 0.734, COM: r3.Vec{X: 0.010773, Y: 0.002949, Z: -0.072009}, Ixx: 0.000998804, Ixy: -7.89971e-06, Ixz: 0.000141201, Iyy: 0.0010605, Iyz: 2.85999e-05, Izz: 0.0004354},
		axis:    sim.Axis{Limited: true, Lower: -2.618, Upper: 2.618, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 7.34738, Effort: 25},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0405928, Y: 0.0372594, Z: 0.0726355}), at(0.00778206, 0.00415307, -0.0410614)},
		},
	},
	{
		name: "right_elbow_link", joint: "right_elbow_joint", on: "right_shoulder_yaw_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.015783, 0, -0.080518),
		inertia: sim.Inertia{Mass: 0.6, COM: r3.Vec{X: 0.064956, Y: -0.004454, Z: -0.010062}, Ixx: 0.0002891, Ixy: -6.53002e-05, Ixz: 1.72001e-05, Iyy: 0.0004152, Iyz: 5.60009e-06, Izz: 0.0004197},
		axis:    sim.Axis{Limited: true, Lower: -1.0472, Upper: 2.0944, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 7.10947, Effort: 25},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0648876, Y: 0.0330162, Z: 0.0376027}), at(0.0351125, -0.00176092, -0.00782758)},
		},
	},
	{
		name: "right_wrist_roll_link", joint: "right_wrist_roll_joint", on: "right_elbow_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0.1, -0.00188791, -0.01),
		inertia: sim.Inertia{Mass: 0.085445, COM: r3.Vec{X: 0.0171394, Y: -0.000537591, Z: 4.8864e-07}, Ixx: 4.82154e-05, Ixy: 4.24514e-06, Ixz: 5.10751e-09, Iyy: 3.7229e-05, Iyz: 1.23121e-09, Izz: 5.48211e-05},
		axis:    sim.Axis{Limited: true, Lower: -1.97222, Upper: 1.97222, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.55255, Effort: 25},
	},
	{
		name: "right_wrist_pitch_link", joint: "right_wrist_pitch_joint", on: "right_wrist_roll_link", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0.038, 0, 0),
		inertia: sim.Inertia{Mass: 0.48405, COM: r3.Vec{X: 0.0229999, Y: 0.00111685, Z: -0.00111658}, Ixx: 0.000165797, Ixy: 1.2312e-05, Ixz: 1.2317e-05, Iyy: 0.000429541, Iyz: -8.14249e-07, Izz: 0.000429537},
		axis:    sim.Axis{Limited: true, Lower: -1.61443, Upper: 1.61443, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.95657, Effort: 5},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.0515, Y: 0.0284907, Z: 0.0284907}), at(0.023, 0, 0)},
		},
	},
	{
		name: "right_wrist_yaw_link", joint: "right_wrist_yaw_joint", on: "right_wrist_pitch_link", typ: sim.Revolute(r3.Vec{Z: 1}), pose: at(0.046, 0, 0),
		inertia: sim.Inertia{Mass: 0.254576, COM: r3.Vec{X: 0.0708244, Y: -0.000191745, Z: 0.00161742}, Ixx: 0.000150445, Ixy: -3.76029e-05, Ixz: -2.95447e-06, Iyy: 0.000643114, Iyz: -3.77545e-06, Izz: 0.000560114},
		axis:    sim.Axis{Limited: true, Lower: -1.61443, Upper: 1.61443, Friction: 0.3, Armature: 0.01, Drive: sim.Servo, Kp: 500, Kd: 4.73822, Effort: 5},
	},
}
