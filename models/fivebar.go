package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// fivebar is a leg as in Kenneally, De, Koditschek, "Design principles for a family of direct-drive legged robots", IEEE Robotics and
// Automation Letters 1(2), 2016: two motors on one axis, links of 0.1 and 0.2 m, a quarter of a robot of 6 kg on it.
var fivebar = family{
	name: "fivebar", source: "sizes of ours", aliases: []string{"five-bar"},
	summary: "a leg of five bars on a vertical rail: two servos on one hip axis, the shins joined at the foot; it drops 10 cm",
	builder: buildFivebar,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[0] = 0.35
		closeLoops(m, &s)
		return s
	},
}

func buildFivebar(o Options, _ int) *sim.Builder {
	const thigh, shin, spread, foot = 0.1, 0.2, 1.2, 0.02 // spread: angle of the thighs from straight down
	b := o.builder("fivebar")
	half := r3.Vec{X: 0.06, Y: 0.05, Z: 0.03}
	body := b.AddLink("body", o.mass(sim.BoxInertia(1.5, half)))
	b.AddVisual(sim.Visual{Link: body, Shape: contact.Box(half), Color: dark})
	b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: body})
	knee := r3.Vec{X: thigh * math.Sin(spread), Z: -thigh * math.Cos(spread)}
	down := math.Sqrt(shin*shin - knee.X*knee.X)
	tip := func(side float64) r3.Vec { return r3.Vec{X: -side * knee.X, Z: -down} } // of the foot from the knee
	var shins [2]sim.Link
	for k, name := range []string{"front", "rear"} {
		side := float64(1 - 2*k)
		at := r3.Vec{X: side * knee.X, Z: knee.Z}
		t := o.bar(b, name+"_thigh", 0.05, at, orange)
		b.AddJoint(sim.Joint{
			Name: name + "_hip", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: body, Child: t, Origin: sim.At(0, 0, 0),
			Axes: []sim.Axis{{Drive: sim.Servo, Kp: 40 * o.MassScale, Kd: 0.5 * o.MassScale, Effort: 7 * o.MassScale}},
		})
		s := o.bar(b, name+"_shin", 0.05, tip(side), slate)
		b.AddJoint(sim.Joint{Name: name + "_knee", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: t, Child: s, Origin: sim.At(at.X, 0, at.Z)})
		shins[k] = s
	}
	b.AddLoop(sim.Loop{Name: "foot", Type: sim.LoopHinge, LinkA: shins[0], LinkB: shins[1], PoseA: aboutY(tip(1)), PoseB: aboutY(tip(-1))})
	b.AddCollider(sim.Collider{Name: "foot", Link: shins[0], Shape: contact.Sphere(foot), Pose: sim.At(tip(1).X, 0, tip(1).Z), Friction: o.friction(0.8), Color: dark})
	return b
}
