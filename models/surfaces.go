package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Scenes of surfaces that do more than slide with friction.

// belt adds a shape of the world whose surface runs along it.
func belt(b *sim.Builder, o Options, name string, at sim.Pose, half, velocity r3.Vec) {
	b.AddCollider(sim.Collider{Name: name, Link: sim.World, Shape: contact.Box(half), Pose: at, Friction: o.friction(0.5), Surface: contact.Surface{Velocity: velocity}, Color: slate})
}

var conveyor = family{
	name:    "conveyor",
	source:  "sizes of ours",
	summary: "N crates dropped on a conveyor belt of 1 m/s, which hands them to one that runs across",
	count:   "crates, 1 to 20",
	n:       3,
	check:   between(1, 20, "a conveyor", "crates"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("conveyor%d", n))
		belt(b, o, "belt", sim.At(0, 0, 0.45), r3.Vec{X: 1, Y: 0.25, Z: 0.05}, r3.Vec{X: 1})
		belt(b, o, "cross", sim.At(1.4, 0.75, 0.35), r3.Vec{X: 0.4, Y: 1, Z: 0.05}, r3.Vec{Y: 1})
		for i := range n {
			brick(b, o, fmt.Sprintf("crate%d", i+1), 2, r3.Vec{X: 0.1, Y: 0.08, Z: 0.07}, 0.5, 0)
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i := range m.NV() / 6 {
			s.Q[7*i], s.Q[7*i+1], s.Q[7*i+2] = -0.8, 0.02*float64(i%3-1), 0.57+spaced+0.5*float64(i)
		}
		return s
	},
}

// turntableSpin is how fast the table turns (rad/s), and turntableHeight where its top is (m).
const (
	turntableSpin   = 3.0
	turntableHeight = 0.3
)

var turntable = family{
	name:    "turntable",
	source:  "sizes of ours",
	summary: "a disk that turns with 3 rad/s: a ball rolls on it in circles with 2/7 of that, a block rides along, and one farther out is flung off",
	builder: func(o Options, _ int) *sim.Builder {
		const radius, half = 1.0, 0.05
		b := o.builder("turntable")
		table := sim.At(0, 0, turntableHeight-half)
		b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Cylinder(radius, half), Pose: table, Friction: o.friction(0.5),
			Surface: contact.Surface{Spin: r3.Vec{Z: turntableSpin}}, Color: slate})
		ball := b.AddLink("ball", o.mass(sim.SphereInertia(0.5, 0.07)))
		b.AddFree("ball", ball)
		b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.07), Friction: o.friction(0.5), Color: orange})
		b.AddVisual(sim.Visual{Link: ball, Shape: contact.Sphere(0.015), Pose: sim.At(0.063, 0, 0), Color: slate}) // to see it turn
		brick(b, o, "near", 0.5, r3.Vec{X: 0.06, Y: 0.06, Z: 0.06}, 0.5, 0)
		brick(b, o, "far", 0.5, r3.Vec{X: 0.06, Y: 0.06, Z: 0.06}, 0.5, 1)
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		copy(s.Q, []float64{-0.75, 0, turntableHeight + 0.07 + 1e-6})
		v := r3.Vec{X: 0.03, Y: -0.15} // and what it turns with to roll
		slip := r3.Sub(v, r3.Cross(r3.Vec{Z: turntableSpin}, r3.Vec{X: s.Q[0], Y: s.Q[1]}))
		w := r3.Scale(1/0.07, r3.Cross(r3.Vec{Z: 1}, slip))
		copy(s.V, []float64{v.X, v.Y, 0, w.X, w.Y, 0})
		for i, r := range []float64{0.1, 0.8} {
			copy(s.Q[7*(i+1):], []float64{r, 0, turntableHeight + 0.06 + 1e-6})
			s.V[6*(i+1)+1], s.V[6*(i+1)+5] = turntableSpin*r, turntableSpin
		}
		return s
	},
}

// The balls of the cradle hang a little apart: Newton's law takes contacts that close in one step as one impact, after
// which all balls move. So a blow has to reach the next gap in a later step.
var cradle = family{
	name:    "cradle",
	source:  "sizes of ours",
	summary: "Newton's cradle: N balls on strings of 1 m, the first one let go at 8°",
	count:   "balls, 2 to 20",
	n:       5,
	check:   between(2, 20, "a cradle", "balls"),
	builder: func(o Options, n int) *sim.Builder {
		const radius, length, apart = 0.1, 1.0, 0.006
		b := o.builder(fmt.Sprintf("cradle%d", n))
		at := sim.At(0, 0, -length)
		for i := range n {
			name := fmt.Sprintf("ball%d", i+1)
			l := b.AddLink(name, o.mass(sim.SphereInertia(1, radius).Placed(at)))
			b.AddJoint(sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: -1}), Parent: sim.World, Child: l, Origin: sim.At((2*radius+apart)*(float64(i)-float64(n-1)/2), 0, length+0.3)})
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(radius), Pose: at, Surface: contact.Surface{Restitution: 1}, Color: [2]sim.Color{orange, slate}[i%2]})
			b.AddVisual(sim.Visual{Link: l, Shape: contact.Capsule(0.004, length/2), Pose: sim.At(0, 0, -length/2), Color: slate})
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[0] = -8 * math.Pi / 180
		return s
	},
}

var bowls = family{
	name:    "bowls",
	source:  "sizes of ours",
	summary: "three balls thrown along the ground, which begin to roll: one freely, one that resists rolling, one that spins and resists that",
	builder: func(o Options, _ int) *sim.Builder {
		const radius = 0.1
		b := o.builder("bowls")
		for i, u := range []contact.Surface{{}, {Rolling: 0.003}, {Torsion: 0.003}} {
			name := []string{"free", "resisted", "spinning"}[i]
			l := b.AddLink(name, o.mass(sim.SphereInertia(1, radius)))
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(radius), Friction: o.friction(0.2), Surface: u, Color: [2]sim.Color{orange, slate}[i%2]})
			b.AddVisual(sim.Visual{Link: l, Shape: contact.Sphere(0.02), Pose: sim.At(0.09, 0, 0), Color: [2]sim.Color{slate, orange}[i%2]}) // to see it turn
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i := range 3 {
			s.Q[7*i+1], s.Q[7*i+2] = 0.4*float64(i-1), 0.1+1e-6
			s.V[6*i] = 2
		}
		s.V[17] = 15
		return s
	},
}
