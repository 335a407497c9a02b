package models

import (
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The walker is Gymnasium's planar one as Dojo has it: masses and moments of its description. Here knees and
// ankles have limits as well, Gymnasium's: knees bend one way.
var walker = family{
	name:    "walker",
	source:  "Gymnasium; Howell et al. 2022 (Dojo)",
	summary: "Gymnasium's walker as in Dojo: a planar biped of 6 driven joints",
	builder: tabled("walker", 1.9, walkerParts),
	start:   planarAt(0.001),
}

var walkerParts = slices.Concat([]part{
	{
		name: "torso", joint: "floating_joint", typ: inPlane(),
		inertia: sim.Inertia{Mass: 3.53429, Ixx: 0.06185, Iyy: 0.06185, Izz: 0.00441},
		shapes: []solid{
			{contact.Capsule(0.05, 0.2), at(0, 0, 0)},
		},
	},
}, walkerLeg("_left"), walkerLeg(""))

// walkerLeg lists the links of a leg, whose names end as the side's do.
func walkerLeg(side string) []part {
	return []part{
		{
			name: "thigh" + side, joint: "thigh" + side, on: "torso", typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.2),
			inertia: sim.Inertia{Mass: 3.92699, COM: r3.Vec{Z: -0.225}, Ixx: 0.08426, Iyy: 0.08426, Izz: 0.0049},
			axis:    sim.Axis{Damping: 0.1, Friction: 0.0001, Drive: sim.Torque},
			shapes: []solid{
				{contact.Capsule(0.05, 0.225), at(0, 0, -0.225)},
			},
		},
		{
			name: "leg" + side, joint: "leg" + side, on: "thigh" + side, typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.45),
			inertia: sim.Inertia{Mass: 2.71433, COM: r3.Vec{Z: -0.25}, Ixx: 0.06704, Iyy: 0.06704, Izz: 0.00217},
			axis:    sim.Axis{Limited: true, Lower: 0, Upper: 2.61799, Damping: 0.1, Friction: 0.0001, Drive: sim.Torque},
			shapes: []solid{
				{contact.Capsule(0.04, 0.25), at(0, 0, -0.25)},
			},
		},
		{
			name: "foot" + side, joint: "foot" + side, on: "leg" + side, typ: sim.Revolute(r3.Vec{Y: 1}), pose: at(0, 0, -0.5),
			inertia: sim.Inertia{Mass: 5.08938, COM: r3.Vec{X: 0.1}, Ixx: 0.00916, Ixz: -5.14368e-07, Iyy: 0.09046, Izz: 0.09046},
			axis:    sim.Axis{Limited: true, Lower: -0.785398, Upper: 0.785398, Damping: 0.1, Friction: 0.0001, Drive: sim.Torque},
			shapes: []solid{
				{contact.Capsule(0.06, 0.15), turned(0.1, 0, 0, 0.707109, 0, 0.707105, 0)},
			},
		},
	}
}
