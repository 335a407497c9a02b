package models

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// The quadruped is Unitree's A1 with the parameters its maker publishes (unitree_ros, a1_description). Links, joints
// and frames have the names of that description. Feet, hips, thighs and the corners of the trunk touch the ground, so
// that it lies where it falls; with 4 contacts only the feet do, as is usual in studies of walking, with 12 the trunk
// as well.
var quadruped = family{
	name:    "quadruped",
	source:  "Unitree, unitree_ros a1_description",
	aliases: []string{"a1"},
	summary: "Unitree A1: 13.7 kg, 12 torque-driven joints, feet, trunk and legs that touch; standing on bent legs",
	count:   "contacts, 4 (the feet), 12 (with the corners of the trunk) or 24 (with hips and thighs)",
	n:       24,
	check: func(n int) error {
		if n != 4 && n != 12 && n != 24 {
			return fmt.Errorf("the quadruped has 4 contacts (its feet), 12 (with the corners of its trunk) or 24 (with hips and thighs)")
		}
		return nil
	},
	builder: buildQuadruped,
	start:   Standing,
}

// Standing returns the quadruped at rest on bent legs, each foot below its hip, 2 cm above the ground.
func Standing(m *sim.Model) sim.State {
	const thigh, calf = 0.9, -1.8
	s := m.NewState()
	for i := range 4 {
		copy(s.Q[7+3*i:], []float64{0, thigh, calf})
	}
	PlaceAbove(m, s.Q, 0.02)
	return s
}

func buildQuadruped(o Options, contacts int) *sim.Builder {
	b := o.builder("quadruped")
	addQuadruped(b, o, contacts)
	return b
}

func addQuadruped(b *sim.Builder, o Options, contacts int) {
	mu := o.friction(0.8)
	trunkBox := contact.Box(r3.Vec{X: 0.1335, Y: 0.097, Z: 0.057})
	trunk := b.AddLink("trunk", o.mass(sim.Inertia{
		Mass: 6, COM: r3.Vec{Y: 0.0041, Z: -0.0005},
		Ixx: 0.0158533, Ixy: -3.66e-05, Ixz: -6.11e-05, Iyy: 0.0377999, Iyz: -2.75e-05, Izz: 0.0456542,
	}))
	b.AddFree("floating_base", trunk)
	if contacts >= 12 {
		b.AddCollider(sim.Collider{Link: trunk, Shape: trunkBox, Friction: mu, Color: orange})
	} else {
		b.AddVisual(sim.Visual{Link: trunk, Shape: trunkBox, Color: orange})
	}
	imu := b.AddLink("imu_link", o.mass(sim.Inertia{Mass: 0.001, Ixx: 1e-4, Iyy: 1e-4, Izz: 1e-4}))
	b.AddJoint(sim.Joint{Name: "imu_joint", Type: sim.Fixed(), Parent: trunk, Child: imu})
	for _, leg := range []struct {
		name        string
		front, left float64 // signs
	}{{"FR", 1, -1}, {"FL", 1, 1}, {"RR", -1, -1}, {"RL", -1, 1}} {
		addLeg(b, o, mu, trunk, leg.name, leg.front, leg.left, contacts == 24)
	}
}

// addLeg adds one leg; front and left are ±1. Only the foot touches, or all of it.
func addLeg(b *sim.Builder, o Options, mu float64, trunk sim.Link, name string, front, left float64, all bool) {
	hip := b.AddLink(name+"_hip", o.mass(sim.Inertia{
		Mass: 0.696, COM: r3.Vec{X: -0.003311 * front, Y: 0.000635 * left, Z: 3.1e-05},
		Ixx: 0.000469246, Ixy: -9.409e-06 * front * left, Ixz: -3.42e-07 * front,
		Iyy: 0.00080749, Iyz: -4.66e-07 * left, Izz: 0.000552929,
	}))
	thigh := b.AddLink(name+"_thigh", o.mass(sim.Inertia{
		Mass: 1.013, COM: r3.Vec{X: -0.003237, Y: -0.022327 * left, Z: -0.027326},
		Ixx: 0.005529065, Ixy: 4.825e-06 * left, Ixz: 0.000343869,
		Iyy: 0.005139339, Iyz: 2.2448e-05 * left, Izz: 0.001367788,
	}))
	calf := b.AddLink(name+"_calf", o.mass(sim.Inertia{
		Mass: 0.166, COM: r3.Vec{X: 0.006435, Z: -0.107388},
		Ixx: 0.002997972, Ixz: -0.000141163, Iyy: 0.003014022, Izz: 3.2426e-05,
	}))
	const footRadius = 0.02
	foot := b.AddLink(name+"_foot", o.mass(sim.Inertia{Mass: 0.06, Ixx: 9.6e-06, Iyy: 9.6e-06, Izz: 9.6e-06}))

	x, y := r3.Vec{X: 1}, r3.Vec{Y: 1}
	hinge := func(part string, axis r3.Vec, parent, child sim.Link, at sim.Pose, lower, upper float64) {
		b.AddJoint(sim.Joint{
			Name: name + "_" + part + "_joint", Type: sim.Revolute(axis), Parent: parent, Child: child, Origin: at,
			Axes: []sim.Axis{o.axis(sim.Axis{
				Limited: true, Lower: lower, Upper: upper, Drive: sim.Torque, Effort: 33.5, Damping: 0.01, Friction: 0.2,
			})},
		})
	}
	hinge("hip", x, trunk, hip, sim.At(0.1805*front, 0.047*left, 0), -0.802851455917, 0.802851455917)
	hinge("thigh", y, hip, thigh, sim.At(0, 0.0838*left, 0), -1.0471975512, 4.18879020479)
	hinge("calf", y, thigh, calf, sim.At(0, 0, -0.2), -2.69653369433, -0.916297857297)
	b.AddJoint(sim.Joint{Name: name + "_foot_fixed", Type: sim.Fixed(), Parent: calf, Child: foot, Origin: sim.At(0, 0, -0.2)})

	across := sim.Pose{Rot: sim.RPY(1.57079632679, 0, 0)}
	along := sim.Pose{Pos: r3.Vec{Z: -0.1}, Rot: quat.Number{Real: 1}}
	b.AddVisual(sim.Visual{Link: hip, Shape: contact.Cylinder(0.046, 0.02), Pose: across, Color: slate})
	b.AddVisual(sim.Visual{Link: thigh, Shape: contact.Box(r3.Vec{X: 0.017, Y: 0.01225, Z: 0.1}), Pose: along, Color: slate})
	b.AddVisual(sim.Visual{Link: calf, Shape: contact.Box(r3.Vec{X: 0.008, Y: 0.008, Z: 0.1}), Pose: along, Color: dark})
	if all { // no color: they are not drawn
		b.AddCollider(sim.Collider{Link: hip, Shape: contact.Sphere(0.046), Friction: mu})
		b.AddCollider(sim.Collider{Link: thigh, Shape: contact.Capsule(0.02, 0.1), Pose: along, Friction: mu})
	}
	b.AddCollider(sim.Collider{Link: foot, Shape: contact.Sphere(footRadius), Friction: mu, Color: dark})
}
