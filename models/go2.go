package models

import (
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Go2 is Unitree's quadruped with the parameters of its maker as MuJoCo Menagerie has them (unitree_go2, BSD-3-Clause): masses, inertias,
// limits, torques, friction and armature of joints, shapes that touch. The imu is part of the base.
var go2 = family{
	name:    "go2",
	source:  "Unitree; MuJoCo Menagerie unitree_go2",
	summary: "Unitree Go2: 15.2 kg, 12 torque-driven joints, trunk, legs and feet that touch; standing",
	builder: tabled("go2", 0.8, go2Parts),
	start:   floating(0.001, 0, 0.9, -1.8, 0, 0.9, -1.8, 0, 0.9, -1.8, 0, 0.9, -1.8),
}

var go2Parts = slices.Concat([]part{
	{
		name: "base", joint: "base/free0", typ: sim.Free(),
		inertia: sim.Inertia{Mass: 6.921, COM: r3.Vec{X: 0.021112, Z: -0.005366}, Ixx: 0.02448, Ixy: 0.00012166, Ixz: 0.00148481, Iyy: 0.098077, Iyz: -3.12005e-05, Izz: 0.107},
		shapes: []solid{
			{contact.Box(r3.Vec{X: 0.1881, Y: 0.04675, Z: 0.057}), at(0, 0, 0)},
			{contact.Cylinder(0.05, 0.045), at(0.285, 0, 0.01)},
			{contact.Sphere(0.047), at(0.293, 0, -0.06)},
		},
	},
}, go2Leg("FL", 1, 1), go2Leg("FR", 1, -1), go2Leg("RL", -1, 1), go2Leg("RR", -1, -1))

// go2Leg lists the links of a leg: x is 1 in front and −1 at the rear, y 1 on the left and −1 on the right. Thighs
// reach farther at the rear, and the shape of one calf differs from the others as published.
func go2Leg(name string, x, y float64) []part {
	hip, thigh, calf := name+"_hip", name+"_thigh", name+"_calf"
	lower, upper := -1.5708, 3.4907
	if x < 0 {
		lower, upper = -0.5236, 4.5379
	}
	shin := solid{contact.Cylinder(0.013, 0.06), turned(0.01, 0, -0.06, 0.995004, 0, -0.0998334, 0)}
	if name == "FL" {
		shin = solid{contact.Cylinder(0.012, 0.06), turned(0.008, 0, -0.06, 0.994493, 0, -0.104807, 0)}
	}
	axis := func(lower, upper, effort float64) sim.Axis {
		return sim.Axis{Limited: true, Lower: lower, Upper: upper, Damping: 2, Friction: 0.2, Armature: 0.01, Drive: sim.Torque, Effort: effort}
	}
	return []part{
		{
			name: hip, joint: hip + "_joint", on: "base", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0.1934*x, 0.0465*y, 0),
			inertia: sim.Inertia{Mass: 0.678, COM: r3.Vec{X: -0.0054 * x, Y: 0.00194 * y, Z: -0.000105}, Ixx: 0.00048, Ixy: -3.01008e-06 * x * y, Ixz: 1.10995e-06 * x, Iyy: 0.000884, Iyz: -1.42003e-06 * y, Izz: 0.000596},
			axis:    axis(-1.0472, 1.0472, 23.7),
			shapes:  []solid{{contact.Cylinder(0.046, 0.02), turned(0, 0.08*y, 0, 0.707107, 0.707107, 0, 0)}},
		},
		{
			name: thigh, joint: thigh + "_joint", on: hip, typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0.0955*y, 0),
			inertia: sim.Inertia{Mass: 1.152, COM: r3.Vec{X: -0.00374, Y: -0.0223 * y, Z: -0.0327}, Ixx: 0.00584, Ixy: 8.72e-05 * y, Ixz: -0.000289001, Iyy: 0.0058, Iyz: 0.000808 * y, Izz: 0.00103},
			axis:    axis(lower, upper, 23.7),
			shapes:  []solid{{contact.Box(r3.Vec{X: 0.1065, Y: 0.01225, Z: 0.017}), turned(0, 0, -0.1065, 0.707107, 0, 0.707107, 0)}},
		},
		{
			name: calf, joint: calf + "_joint", on: thigh, typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.213),
			inertia: sim.Inertia{Mass: 0.241352, COM: r3.Vec{X: 0.00629595, Y: -0.000622121 * y, Z: -0.141417}, Ixx: 0.00146354, Ixy: 2.17545e-07 * y, Ixz: 5.96681e-06, Iyy: 0.00148999, Iyz: 1.22479e-05 * y, Izz: 5.32693e-05},
			axis:    axis(-2.7227, -0.83776, 45.43),
			shapes: []solid{
				shin,
				{contact.Cylinder(0.011, 0.0325), turned(0.02, 0, -0.148, 0.999688, 0, 0.0249974, 0)},
				{contact.Sphere(0.022), at(-0.002, 0, -0.213)},
			},
			tip: rubberFoot,
		},
	}
}
