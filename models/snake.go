package models

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The snake and the twister are of Dojo's mechanisms [Howell et al. 2022]; sizes are ours. Both are rods in a row that
// fall to the ground: the snake's on ball joints, the twister's on hinges about x, y and z in turn.
var (
	snake = family{
		name:    "snake",
		source:  "Howell et al. 2022 (Dojo); sizes of ours",
		summary: "N rods of 0.3 m and 0.3 kg on driven ball joints, dropped",
		count:   "rods, 1 to 100",
		n:       5,
		check:   between(1, 100, "a snake", "rods"),
		builder: func(o Options, n int) *sim.Builder {
			return buildRods(o, fmt.Sprintf("snake%d", n), n, func(int) sim.JointType { return sim.Spherical() })
		},
		start: planarAt(0.2),
	}
	twister = family{
		name:    "twister",
		source:  "Howell et al. 2022 (Dojo); sizes of ours",
		summary: "N rods of 0.3 m and 0.3 kg on driven hinges about x, y and z in turn, dropped",
		count:   "rods, 1 to 100",
		n:       5,
		check:   between(1, 100, "a twister", "rods"),
		builder: func(o Options, n int) *sim.Builder {
			return buildRods(o, fmt.Sprintf("twister%d", n), n, func(i int) sim.JointType {
				return sim.Revolute([3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[i%3])
			})
		},
		start: func(m *sim.Model) sim.State {
			s := m.NewState()
			for i := 7; i < len(s.Q); i++ {
				s.Q[i] = 0.4
			}
			PlaceAbove(m, s.Q, 0.2)
			return s
		},
	}
)

// buildRods joins n rods along x, the first one free.
func buildRods(o Options, name string, n int, joint func(i int) sim.JointType) *sim.Builder {
	const mass, radius, half = 0.3, 0.03, 0.12 // 0.3 m with its caps
	b := o.builder(name)
	along := sim.Pose{Pos: r3.Vec{X: half + radius}, Rot: sim.RPY(0, 1.5707963267948966, 0)}
	in := o.mass(sim.CapsuleInertia(mass, radius, half).Placed(along))
	var last sim.Link
	for i := range n {
		l := b.AddLink(fmt.Sprintf("rod%d", i+1), in)
		if i == 0 {
			b.AddFree("floating_base", l)
		} else {
			typ := joint(i - 1)
			axes := make([]sim.Axis, typ.NV())
			for k := range axes {
				axes[k] = o.axis(sim.Axis{Drive: sim.Torque, Damping: 0.02})
			}
			b.AddJoint(sim.Joint{Name: fmt.Sprintf("joint%d", i), Type: typ, Parent: last, Child: l, Origin: at(2*(half+radius), 0, 0), Axes: axes})
		}
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Capsule(radius, half), Pose: along, Friction: o.friction(0.6), Color: [2]sim.Color{orange, slate}[i%2]})
		last = l
	}
	return b
}
