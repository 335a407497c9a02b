package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The necklace is a closed chain of N links, which touch a peg and each other. It starts as a regular polygon around
// the peg and falls onto it.
const (
	linkRadius = 0.012
	linkLength = 0.08
	pegRadius  = 0.05
)

var necklace = family{
	name:    "necklace",
	source:  "sizes of ours",
	summary: "a closed chain of N links that hangs on a peg",
	count:   "links, 8 to 200",
	n:       12,
	check:   between(8, 200, "a necklace", "links"),
	builder: buildNecklace,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		n := len(m.Bodies())
		s.Q[0], s.Q[2] = -linkLength/2, pegHeight(n)+pegRadius+linkRadius+0.002
		for i := 1; i < n; i++ { // each turned against the one before by a corner
			q := sim.RPY(0, 2*math.Pi/float64(n), 0)
			copy(s.Q[7+4*(i-1):], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
		}
		return s
	},
}

// pegHeight lets it hang free of the ground.
func pegHeight(n int) float64 { return 0.1 + float64(n)*linkLength/2 }

func buildNecklace(o Options, n int) *sim.Builder {
	b := o.builder(fmt.Sprintf("necklace%d", n))
	b.SetSelfContact(true)
	b.AddCollider(sim.Collider{Name: "peg", Link: sim.World, Shape: contact.Capsule(pegRadius, 0.1), Pose: sim.Pose{Pos: r3.Vec{Z: pegHeight(n)}, Rot: sim.RPY(math.Pi/2, 0, 0)}, Friction: o.friction(0.3), Color: dark})
	half := linkLength/2 - linkRadius
	along := sim.Pose{Pos: r3.Vec{X: linkLength / 2}, Rot: sim.RPY(0, math.Pi/2, 0)} // from the joint
	in := o.mass(sim.CapsuleInertia(0.01, linkRadius, half).Placed(along))
	parent := sim.World
	damping := o.axis(sim.Axis{Damping: 1e-5})
	for i := range n {
		name := fmt.Sprintf("link%d", i+1)
		l := b.AddLink(name, in)
		if i == 0 {
			b.AddFree("free", l)
		} else {
			b.AddJoint(sim.Joint{Name: fmt.Sprintf("joint%d", i+1), Type: sim.Spherical(), Parent: parent, Child: l, Origin: sim.At(linkLength, 0, 0), Axes: []sim.Axis{damping, damping, damping}})
		}
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Capsule(linkRadius, half), Pose: along, Friction: o.friction(0.3), Color: [2]sim.Color{orange, slate}[i%2]})
		parent = l
	}
	b.AddLoop(sim.Loop{Name: "clasp", Type: sim.LoopPoint, LinkA: parent, LinkB: 0, PoseA: sim.At(linkLength, 0, 0), PoseB: sim.IdentityPose})
	b.Exclude(parent, 0)
	return b
}
