package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The ant is Dojo's copy of Gymnasium's: masses, damping and dry friction from Dojo's description, joint
// ranges from Gymnasium's. Dojo gives each leg the moments of a capsule along z although it lies in the
// plane; here they are turned with the capsule.
var ant = family{
	name:    "ant",
	source:  "Gymnasium; Howell et al. 2022 (Dojo)",
	summary: "Gymnasium's ant as in Dojo: a torso and four legs of two driven joints, dropped",
	builder: buildAnt,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i, down := range antDown {
			s.Q[7+2*i+1] = down
		}
		PlaceAbove(m, s.Q, 0.1)
		return s
	},
}

// antDown is the direction in which each ankle bends down.
var antDown = [4]float64{1, -1, -1, 1}

func buildAnt(o Options, _ int) *sim.Builder {
	const (
		radius   = 0.08
		legHalf  = 0.14142
		footHalf = 0.282845
		hipRange = math.Pi / 6
		least    = math.Pi / 6 // bend of an ankle
		most     = 7 * math.Pi / 18
	)
	b := o.builder("ant")
	mu := o.friction(0.8)
	torso := b.AddLink("torso", o.mass(sim.SphereInertia(0.32724923474893675, 0.25)))
	b.AddFree("floating_base", torso)
	b.AddCollider(sim.Collider{Link: torso, Shape: contact.Sphere(0.25), Friction: mu, Color: orange})
	axis := sim.Axis{Limited: true, Drive: sim.Torque, Damping: 1, Friction: 1e-4}
	for i, way := range [4]r3.Vec{{X: 1, Y: 1}, {X: -1, Y: 1}, {X: -1, Y: -1}, {X: 1, Y: -1}} {
		// capsules lie along the leg: turn z to the horizontal, then to its heading
		flat := sim.RPY(0, math.Pi/2, math.Atan2(way.Y, way.X))
		legAt := sim.Pose{Pos: r3.Scale(0.1, way), Rot: flat}
		footAt := sim.Pose{Pos: r3.Scale(0.2, way), Rot: flat}
		leg := b.AddLink(fmt.Sprintf("leg_%d", i+1), o.mass(sim.CapsuleInertia(0.03647692799740343, radius, legHalf).Placed(legAt)))
		aux := sim.CapsuleInertia(0.03647692799740343, radius, legHalf).Placed(legAt)
		foot := b.AddLink(fmt.Sprintf("foot_%d", i+1), o.mass(aux.Plus(sim.CapsuleInertia(0.06491137880161697, radius, footHalf).Placed(footAt))))

		hip, ankle := axis, axis
		hip.Lower, hip.Upper = -hipRange, hipRange
		ankle.Lower, ankle.Upper = least, most
		if antDown[i] < 0 {
			ankle.Lower, ankle.Upper = -most, -least
		}
		bend := r3.Vec{X: -1, Y: 1}
		if way.X*way.Y < 0 {
			bend = r3.Vec{X: 1, Y: 1}
		}
		at := sim.At(0.2*way.X, 0.2*way.Y, 0)
		b.AddJoint(sim.Joint{Name: fmt.Sprintf("hip_%d", i+1), Type: sim.Revolute(r3.Vec{Z: 1}), Parent: torso, Child: leg, Origin: at, Axes: []sim.Axis{o.axis(hip)}})
		b.AddJoint(sim.Joint{Name: fmt.Sprintf("ankle_%d", i+1), Type: sim.Revolute(bend), Parent: leg, Child: foot, Origin: at, Axes: []sim.Axis{o.axis(ankle)}})
		b.AddCollider(sim.Collider{Link: leg, Shape: contact.Capsule(radius, legHalf), Pose: legAt, Friction: mu, Color: slate})
		b.AddCollider(sim.Collider{Link: foot, Shape: contact.Capsule(radius, footHalf), Pose: footAt, Friction: mu, Color: dark})
	}
	return b
}
