package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The uuv is the Mini Tortuga as Dojo has it [Howell et al. 2022]: as heavy as the water it displaces, so that there is
// no gravity here, whatever the options say; the water slows it down by a linear drag. Four propellers push in the
// plane and two upward. How much they push at most (20 N) is ours.
var uuv = family{
	name:    "uuv",
	aliases: []string{"mini_tortuga"},
	source:  "Howell et al. 2022 (Dojo)",
	summary: "the Mini Tortuga, a boat under water: 19.2 kg, no weight, linear drag, six propellers; drifting",
	builder: buildUUV,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[2] = 0.6
		copy(s.V, []float64{0.5, 0.2, -0.3, 0.2, 0.3, 0.5})
		return s
	},
}

func buildUUV(o Options, _ int) *sim.Builder {
	const drag, most = 10, 20 // N s/m and N m s/rad; N
	b := o.builder("uuv")
	b.SetGravity(r3.Vec{})
	mu := o.friction(0.5)
	base := b.AddLink("base_link", o.mass(sim.Inertia{
		Mass: 19.1834, Ixx: 0.29874124659, Ixy: -0.03211874071, Ixz: 0.00179507011, Iyy: 0.50529405748, Iyz: -0.00095289894, Izz: 0.62284393213,
	}))
	axes := make([]sim.Axis, 6)
	for i := range axes {
		axes[i] = o.axis(sim.Axis{Damping: drag})
	}
	b.AddJoint(sim.Joint{Name: "floating_base", Type: sim.Free(), Parent: sim.World, Child: base, Axes: axes})
	for _, x := range []float64{0.12, -0.12} {
		b.AddCollider(sim.Collider{Link: base, Shape: contact.Sphere(0.21), Pose: sim.At(x, 0, 0.07), Friction: mu, Color: orange})
	}
	up := sim.RPY(0, -math.Pi/2, 0)
	for i, p := range []sim.Pose{ // each pushes along the x axis of its frame
		{Pos: r3.Vec{X: 0.14, Y: -0.09, Z: 0.059}, Rot: sim.RPY(0, 0, -3*math.Pi/4)},
		{Pos: r3.Vec{X: 0.14, Y: 0.09, Z: 0.059}, Rot: sim.RPY(0, 0, 3*math.Pi/4)},
		{Pos: r3.Vec{X: -0.14, Y: -0.09, Z: 0.059}, Rot: sim.RPY(0, 0, -math.Pi/4)},
		{Pos: r3.Vec{X: -0.14, Y: 0.09, Z: 0.059}, Rot: sim.RPY(0, 0, math.Pi/4)},
		{Pos: r3.Vec{Y: -0.0855, Z: 0.165}, Rot: up}, {Pos: r3.Vec{Y: 0.0855, Z: 0.165}, Rot: up},
	} {
		name := []string{"rotor_1", "rotor_2", "rotor_3", "rotor_4", "rotor_5", "rotor_6"}[i]
		l := b.AddLink(name, o.mass(sim.Inertia{Mass: 0.01, Ixx: 1.94999922e-06, Iyy: 0.00013660827869, Izz: 0.00013840827797}))
		b.AddJoint(sim.Joint{Name: name + "_joint", Type: sim.Fixed(), Parent: base, Child: l, Origin: p})
		b.AddVisual(sim.Visual{Link: l, Shape: contact.Cylinder(0.04, 0.06), Pose: sim.Pose{Pos: r3.Vec{X: 0.15}, Rot: up}, Color: slate})
		b.AddThruster(sim.Thruster{Name: name, Link: l, Force: r3.Vec{X: 1}, Limited: true, Lower: -o.MassScale * most, Upper: o.MassScale * most})
	}
	return b
}
