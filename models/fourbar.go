package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

var fourbar = family{
	name: "fourbar", source: "sizes of ours", aliases: []string{"four-bar"},
	summary: "a four-bar linkage of hinges: crank 20 cm, coupler 50 cm, rocker 40 cm, pivots 60 cm apart, let go with the crank up",
	builder: buildFourbar,
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[0] = 2.5
		closeLoops(m, &s)
		return s
	},
}

func buildFourbar(o Options, _ int) *sim.Builder {
	b := o.builder("fourbar")
	left, right := r3.Vec{Z: 1}, r3.Vec{X: 0.6, Z: 1}
	crank := r3.Vec{Z: -0.2} // from left, in the neutral configuration
	knee := r3.Add(left, crank)
	tip := meetingPoint(knee, right, 0.5, 0.4)
	bar := func(name string, parent sim.Link, at, along r3.Vec, color sim.Color) sim.Link {
		l := o.bar(b, name, 1*r3.Norm(along), along, color) // 1 kg/m
		b.AddJoint(sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: l, Origin: sim.Pose{Pos: at, Rot: quat.Number{Real: 1}}})
		return l
	}
	c := bar("crank", sim.World, left, crank, orange)
	k := bar("coupler", c, crank, r3.Sub(tip, knee), slate)
	r := bar("rocker", sim.World, right, r3.Sub(tip, right), dark)
	b.AddLoop(sim.Loop{Name: "tip", Type: sim.LoopHinge, LinkA: k, LinkB: r, PoseA: aboutY(r3.Sub(tip, knee)), PoseB: aboutY(r3.Sub(tip, right))})
	return b
}

// bar adds a link, a round bar of the given mass from its origin to a point, that is only drawn.
func (o Options) bar(b *sim.Builder, name string, mass float64, to r3.Vec, color sim.Color) sim.Link {
	const radius = 0.01
	half := r3.Norm(to)/2 - radius
	at := sim.Pose{Pos: r3.Scale(0.5, to), Rot: upTo(to)}
	l := b.AddLink(name, o.mass(sim.CapsuleInertia(mass, radius, half).Placed(at)))
	b.AddVisual(sim.Visual{Link: l, Shape: contact.Capsule(radius, half), Pose: at, Color: color})
	return l
}

// upTo returns the shortest rotation of the z axis to the direction of v.
func upTo(v r3.Vec) quat.Number {
	u := r3.Unit(v)
	if u.Z < -0.999 {
		return quat.Number{Imag: 1} // either way round: a bar looks the same
	}
	q := quat.Number{Real: 1 + u.Z, Imag: -u.Y, Jmag: u.X}
	return quat.Scale(1/quat.Abs(q), q)
}

// aboutY is the frame of a hinge about y at a point.
func aboutY(p r3.Vec) sim.Pose { return sim.Pose{Pos: p, Rot: sim.RPY(-math.Pi/2, 0, 0)} }

// meetingPoint returns the lower of the two points of the plane y = 0 at the distances ra from a and rb from b.
func meetingPoint(a, b r3.Vec, ra, rb float64) r3.Vec {
	ab := r3.Sub(b, a)
	d := r3.Norm(ab)
	x := (d*d + ra*ra - rb*rb) / (2 * d)
	y := math.Sqrt(ra*ra - x*x)
	u := r3.Scale(1/d, ab)
	return r3.Add(a, r3.Add(r3.Scale(x, u), r3.Scale(y, r3.Vec{X: u.Z, Z: -u.X})))
}

// closeLoops assembles a start; that of a model of the zoo can be.
func closeLoops(m *sim.Model, s *sim.State) {
	if err := m.Assemble(s); err != nil {
		panic(err)
	}
}
