package models

import (
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The 2F-85 is Robotiq's gripper with the parameters of MuJoCo Menagerie (robotiq_2f85, BSD-2-Clause): a servo closes both fingers,
// each a linkage that a loop closes and a spring holds upright. Shapes that are meshes there are boxes around them here.
var robotiq = family{
	name:    "robotiq",
	source:  "Robotiq; MuJoCo Menagerie robotiq_2f85",
	aliases: []string{"2f85"},
	summary: "Robotiq 2F-85: a gripper of two linkages on one servo, open",
	builder: buildRobotiq,
	start:   assembledAt(),
}

func buildRobotiq(o Options, _ int) *sim.Builder {
	b := o.assembled("robotiq", 0.7, robotiqParts)
	b.ChangeJoint("right_driver_joint", func(j *sim.Joint) { j.Mimic = &sim.Mimic{Joint: "left_driver_joint", Ratio: 1} })
	closeFinger(b, "left_follower", "left_coupler", at(0, 0.018, -0.0065), at(0, 0.0060989, 0.047596))
	closeFinger(b, "right_follower", "right_coupler", at(0, 0.018, -0.0065), at(0, 0.0060989, 0.047596))
	return b
}

// closeFinger closes the linkage of a finger: a point of one link is one of the other.
func closeFinger(b *sim.Builder, tip, rod string, onTip, onRod sim.Pose) {
	b.AddLoop(sim.Loop{Name: tip, Type: sim.LoopPoint, LinkA: b.Link(tip), LinkB: b.Link(rod), PoseA: onTip, PoseB: onRod})
}

var robotiqParts = slices.Concat(
	[]part{{name: "base", joint: "base_fixed", typ: sim.Fixed(), looks: []solid{{contact.Cylinder(0.0375, 0.035), at(0, 0, 0.035)}}}},
	finger("right", 0.0306011, 0.0132, -0.707107, sim.Axis{Limited: true, Lower: 0, Upper: 0.8, Damping: 0.1, Armature: 0.005}),
	finger("left", -0.0306011, -0.0132, 0.707107, sim.Axis{Limited: true, Lower: 0, Upper: 0.8, Damping: 0.1, Armature: 0.005, Drive: sim.Servo, Kp: 100, Kd: 10, Effort: 5}),
)

// finger lists the links of the finger of a side: driver and spring link stand off the middle by so much along x,
// turned by half the angle whose sine is sin about z.
func finger(side string, driver, spring, sin float64, drive sim.Axis) []part {
	return []part{
		{
			name: side + "_driver", joint: side + "_driver_joint", on: "base", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(driver, 0, 0.065704, 0.707107, 0, 0, sin),
			inertia: sim.Inertia{Mass: 0.00899563, COM: r3.Vec{Y: 0.0177547, Z: 0.00107314}, Ixx: 1.72352e-06, Iyy: 3.28615e-07, Iyz: -9.19898e-08, Izz: 1.60245e-06},
			axis:    drive,
			shapes: []solid{
				{contact.Box(r3.Vec{X: 0.012, Y: 0.0231359, Z: 0.0114695}), at(0, 0.0156361, 0.00138985)},
			},
		},
		{
			name: side + "_coupler", joint: side + "_coupler_joint", on: side + "_driver", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, 0.0315, -0.0041),
			inertia: sim.Inertia{Mass: 0.0140974, COM: r3.Vec{Y: 0.00301209, Z: 0.0232175}, Ixx: 3.52216e-06, Iyy: 4.10785e-06, Iyz: -4.17789e-07, Izz: 9.42343e-07},
			axis:    sim.Axis{Limited: true, Lower: -1.57, Upper: 0, Armature: 0.001},
			shapes: []solid{
				{contact.Box(r3.Vec{X: 0.0135, Y: 0.00905654, Z: 0.0295616}), at(0, 0.00305739, 0.0235625)},
			},
		},
		{
			name: side + "_spring_link", joint: side + "_spring_link_joint", on: "base", typ: sim.Revolute(r3.Vec{X: 1}), pose: turned(spring, 0, 0.0717, 0.707107, 0, 0, sin),
			inertia: sim.Inertia{Mass: 0.0221642, COM: r3.Vec{Y: 0.0181624, Z: 0.0212658}, Ixx: 6.71733e-06, Iyy: 6.29906e-06, Iyz: -3.12563e-06, Izz: 5.30878e-06},
			axis:    sim.Axis{Limited: true, Lower: -0.296706, Upper: 0.8, Damping: 0.00125, Stiffness: 0.05, Rest: 2.62, Armature: 0.001},
			shapes: []solid{
				{contact.Box(r3.Vec{X: 0.0195, Y: 0.0245498, Z: 0.0277204}), at(0, 0.018558, 0.0217286)},
			},
		},
		{
			name: side + "_follower", joint: side + "_follower_joint", on: side + "_spring_link", typ: sim.Revolute(r3.Vec{X: 1}), pose: at(0, 0.037, 0.044),
			inertia: sim.Inertia{Mass: 0.0160222, COM: r3.Vec{Y: 0.0046922, Z: 0.0102474}, Ixx: 4.37656e-06, Iyy: 3.78002e-06, Iyz: 1.12146e-06, Izz: 1.21365e-06},
			axis:    sim.Axis{Limited: true, Lower: -0.872664, Upper: 0.872664, Armature: 0.001},
			shapes: []solid{
				{contact.Box(r3.Vec{X: 0.0075, Y: 0.0149491, Z: 0.0252556}), at(0, 0.0090473, 0.0127593)},
				{contact.Box(r3.Vec{X: 0.011, Y: 0.004, Z: 0.009375}), at(0, -0.0035, 0.035145)},
				{contact.Box(r3.Vec{X: 0.011, Y: 0.004, Z: 0.009375}), at(0, -0.0035, 0.016395)},
			},
		},
	}
}
