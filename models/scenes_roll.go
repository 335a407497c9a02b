package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The tippe top is a ball with its center of mass 0.15 radii below the middle and a stem on top. It turns over if the moment about its axis
// is within 1 ± 0.15 of that across, here equal (Or, "The dynamics of a tippe top", SIAM J. Appl. Math. 1994), and if it spins so fast
// that its foot goes on sliding: friction lifts its mass and takes a part of the spin.
var tippetop = family{
	name: "tippetop", aliases: []string{"tippe-top"},
	source:  "sizes of ours",
	summary: "a top that turns over onto its stem as it spins",
	builder: func(o Options, _ int) *sim.Builder {
		const r, mass = 0.1, 0.5
		b := o.builder("tippetop")
		in := sim.SphereInertia(mass, r).Placed(sim.At(0, 0, -0.15*r))
		l := b.AddLink("top", o.mass(in))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(r), Friction: o.friction(0.3), Color: orange})
		b.AddCollider(sim.Collider{Name: "stem", Link: l, Shape: contact.Sphere(0.2 * r), Pose: sim.At(0, 0, 1.2*r), Friction: o.friction(0.3), Color: slate})
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[2] = 0.1 + 1e-4
		const lean, spin = 0.2, 80
		s.Q[3], s.Q[4] = math.Cos(lean/2), math.Sin(lean/2)
		s.V[4], s.V[5] = spin*math.Sin(lean), spin*math.Cos(lean) // upright: the axis goes round with it
		return s
	},
}

// Two balls of which one rolls without sliding and the other slides until it rolls, at 5/7 of its speed.
var rolling = family{
	name:    "rolling",
	source:  "sizes of ours",
	summary: "two balls: one rolls, the other slides until it rolls at 5/7 of its speed",
	builder: func(o Options, _ int) *sim.Builder {
		b := o.builder("rolling")
		for i, name := range []string{"rolls", "slides"} {
			loose(b, o, name, sim.SphereInertia(1, 0.1), contact.Sphere(0.1), 0.2, i)
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i := range 2 {
			s.Q[7*i+1], s.Q[7*i+2] = 0.3*float64(i), 0.1
			s.V[6*i] = 1
		}
		s.V[4] = 10
		return s
	},
}

// Two fingers on slides push a box over the ground; inputs are where the fingers are wanted.
var pusher = family{
	name:    "pusher",
	source:  "sizes of ours",
	summary: "two fingers that push a box over the ground",
	builder: func(o Options, _ int) *sim.Builder {
		b := o.builder("pusher")
		k := o.MassScale
		for i, name := range []string{"left", "right"} {
			f := b.AddLink(name, o.mass(sim.CapsuleInertia(0.2, 0.015, 0.04)))
			servo := o.axis(sim.Axis{Drive: sim.Servo, Kp: 500 * k, Kd: 30 * k, Effort: 20})
			b.AddJoint(sim.Joint{Name: name, Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: f, Origin: sim.At(-0.08, 0.025-0.05*float64(i), 0.06), Axes: []sim.Axis{servo}})
			b.AddCollider(sim.Collider{Name: name, Link: f, Shape: contact.Capsule(0.015, 0.04), Friction: o.friction(0.3), Color: slate})
		}
		brick(b, o, "box", 0.5, r3.Vec{X: 0.06, Y: 0.06, Z: 0.04}, 0.3, 0)
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[4] = 0.04 + 1e-4
		s.V[0], s.V[1] = 0.5, 0.45
		return s
	},
}
