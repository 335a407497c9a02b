package models

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The chain shows cost against size: it hangs free of the ground, without contacts, so that nothing but the
// recursion over its links is at work.
//
// A hanging chain is taut. Where it is fixed, its stiffest waves have the frequency ω = 2√(n g/ℓ), and as with
// every symplectic method whose joints hold exactly, steps beyond h = 2/ω do not converge: at 10 ms this
// happens to chains of more than about 260 links, 1000 links need 4 ms.
var chain = family{
	name:    "chain",
	source:  "sizes of ours",
	summary: "N hanging links of 0.2 m and 0.5 kg on crosswise hinges, swinging",
	count:   "links, 1 to 10000",
	n:       5,
	check: func(n int) error {
		if n < 1 || n > 10000 {
			return fmt.Errorf("a chain has 1 to 10000 links")
		}
		return nil
	},
	builder: buildChain,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		// straight and leaning both ways: bent further down, a long chain would crack like a whip
		for i := range min(2, len(s.Q)) {
			s.Q[i] = 0.3
		}
		return s
	},
}

func buildChain(o Options, n int) *sim.Builder {
	const mass, radius, length = 0.5, 0.02, 0.2
	const half = length/2 - radius
	b := o.builder(fmt.Sprintf("chain%d", n))
	at := sim.At(0, 0, -length/2)
	in := o.mass(sim.CapsuleInertia(mass, radius, half).Placed(at))
	parent, origin := sim.World, sim.At(0, 0, float64(n)*length+0.3)
	axes := [2]r3.Vec{{Y: 1}, {X: 1}}
	colors := [2]sim.Color{orange, slate}
	for i := range n {
		l := b.AddLink(fmt.Sprintf("link%d", i+1), in)
		b.AddJoint(sim.Joint{Name: fmt.Sprintf("hinge%d", i+1), Type: sim.Revolute(axes[i%2]), Parent: parent, Child: l, Origin: origin})
		b.AddVisual(sim.Visual{Link: l, Shape: contact.Capsule(radius, half), Pose: at, Color: colors[i%2]})
		parent, origin = l, sim.At(0, 0, -length)
	}
	return b
}
