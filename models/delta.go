package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// delta has the kinematics of Clavel, "Delta, a fast robot with parallel geometry", 18th International Symposium on
// Industrial Robots, 1988: three driven arms, each with two rods on ball joints that keep the plate level. The sizes
// are plain numbers.
var delta = family{
	name:    "delta",
	source:  "sizes of ours",
	summary: "a delta robot: three driven arms, six rods with balls at their ends, a plate that stays level",
	builder: buildDelta,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i, j := range m.Joints() {
			if m.Inputs() != nil && j.NV == 1 {
				s.Q[j.Q] = 0.1 * float64(i%3)
			}
		}
		closeLoops(m, &s)
		return s
	},
}

func buildDelta(o Options, _ int) *sim.Builder {
	const base, arm, rod, plate, apart = 0.12, 0.2, 0.45, 0.05, 0.04 // radii of the pivots, lengths, half the distance of two rods
	b := o.builder("delta")
	const height = 1.0
	out := base + arm - plate // of a rod's upper end from its lower one, all arms level
	drop := math.Sqrt(rod*rod - out*out)
	p := b.AddLink("plate", o.mass(sim.CylinderInertia(0.2, plate, 0.005)))
	b.AddVisual(sim.Visual{Link: p, Shape: contact.Cylinder(plate, 0.005), Color: dark})
	b.AddJoint(sim.Joint{Name: "plate", Type: sim.Free(), Parent: sim.World, Child: p, Origin: sim.At(0, 0, height-drop)})
	for k := range 3 {
		yaw := 2 * math.Pi / 3 * float64(k)
		turn := sim.RPY(0, 0, yaw)
		leg := sim.Pose{Rot: turn}
		a := o.bar(b, fmt.Sprintf("arm%d", k), 0.2, r3.Vec{X: arm}, orange)
		b.AddJoint(sim.Joint{
			Name: fmt.Sprintf("arm%d", k), Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: a,
			Origin: sim.Pose{Pos: r3.Add(leg.Apply(r3.Vec{X: base}), r3.Vec{Z: height}), Rot: turn},
			Axes:   []sim.Axis{{Drive: sim.Torque, Damping: 0.01 * o.MassScale, Limited: !o.Ideal, Lower: -0.6, Upper: 1.4}},
		})
		for i, side := range []float64{-apart, apart} {
			name := fmt.Sprintf("rod%d%c", k, 'a'+i)
			to := r3.Vec{X: -out, Z: -drop}
			r := o.bar(b, name, 0.02, to, slate)
			b.AddJoint(sim.Joint{
				Name: name, Type: sim.Universal(r3.Vec{Y: 1}, r3.Unit(r3.Cross(r3.Vec{Y: 1}, to))), Parent: a, Child: r, Origin: sim.At(arm, side, 0),
			})
			b.AddLoop(sim.Loop{
				Name: name, Type: sim.LoopPoint, LinkA: r, LinkB: p,
				PoseA: sim.Pose{Pos: to, Rot: quat.Number{Real: 1}}, PoseB: sim.Pose{Pos: leg.Apply(r3.Vec{X: plate, Y: side}), Rot: quat.Number{Real: 1}},
			})
		}
	}
	return b
}
