package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// rotor adds an input that lifts a link along its z axis: a thrust (N) of up to most at a point, and the torque that it
// leaves behind, drag (m) times the thrust; the body turns counterclockwise where drag is positive, against a rotor
// that turns clockwise.
func (o Options) rotor(b *sim.Builder, name string, l sim.Link, at r3.Vec, drag, most float64) {
	b.AddThruster(sim.Thruster{
		Name: name, Link: l, Pose: sim.At(at.X, at.Y, at.Z), Force: r3.Vec{Z: 1}, Torque: r3.Vec{Z: drag}, Limited: true, Upper: o.MassScale * most,
	})
}

// The quadrotor is Ascending Technologies' Pelican with the parameters of RotorS (Furrer, Burri, Achtelik and Siegwart
// 2016), which Dojo has too: rotors at the ends of a cross, thrusts of up to 9.9865e-6 kg m times the square of 838
// rad/s, torques of 0.016 m times the thrust. How long rotors take to spin up is not part of it.
var quadrotor = family{
	name:    "quadrotor",
	aliases: []string{"pelican"},
	source:  "AscTec; RotorS (Furrer et al. 2016); Howell et al. 2022 (Dojo)",
	summary: "AscTec Pelican: 1.04 kg with four rotors, whose thrusts are the inputs; dropped, tilted by 0.2 rad",
	builder: buildQuadrotor,
	start:   aloft(1, 0.2),
}

func buildQuadrotor(o Options, _ int) *sim.Builder {
	const arm, top, radius, drag, most = 0.21, 0.05, 0.128, 0.016, 9.9865e-6 * 838 * 838
	b := o.builder("quadrotor")
	mu := o.friction(0.5)
	base := b.AddLink("base_link", o.mass(sim.Inertia{Mass: 1, Ixx: 0.01, Iyy: 0.01, Izz: 0.02}))
	b.AddFree("floating_base", base)
	b.AddCollider(sim.Collider{Link: base, Shape: contact.Box(r3.Vec{X: 0.05, Y: 0.05, Z: 0.1}), Friction: mu, Color: orange})
	for i, name := range []string{"rotor_0", "rotor_1", "rotor_2", "rotor_3"} { // front, left, back, right; clockwise, counterclockwise, …
		s, c := math.Sincos(float64(i) * math.Pi / 2)
		at := sim.At(arm*math.Round(c), arm*math.Round(s), top)
		blade := b.AddLink(name, o.mass(sim.Inertia{Mass: 0.01, Ixx: 1.94999922e-06, Iyy: 0.00013660827869, Izz: 0.00013840827797}))
		b.AddJoint(sim.Joint{Name: name + "_joint", Type: sim.Fixed(), Parent: base, Child: blade, Origin: at})
		b.AddCollider(sim.Collider{Link: blade, Shape: contact.Cylinder(radius, 0.0025), Friction: mu, Color: slate})
		b.AddVisual(sim.Visual{Link: base, Shape: contact.Box(r3.Vec{X: 0.005 + 0.1*math.Abs(c), Y: 0.005 + 0.1*math.Abs(s), Z: 0.005}), Pose: sim.At(0.1*c, 0.1*s, top-0.02), Color: dark})
		o.rotor(b, name, blade, r3.Vec{}, []float64{drag, -drag}[i%2], most)
	}
	return b
}

// The X2 is Skydio's with the parameters of MuJoCo Menagerie (skydio_x2, Apache-2.0), whose thrusts it takes as inputs in N, each up to 13.
var x2 = family{
	name:    "x2",
	aliases: []string{"skydio_x2"},
	source:  "Skydio; MuJoCo Menagerie skydio_x2",
	summary: "Skydio X2: 1.325 kg with four rotors, whose thrusts are the inputs; dropped, tilted by 0.2 rad",
	builder: buildX2,
	start:   aloft(1, 0.2),
}

func buildX2(o Options, _ int) *sim.Builder {
	b := o.builder("x2")
	mu := o.friction(1)
	blade, hull := r3.Vec{X: 0.13, Y: 0.13, Z: 0.01}, r3.Vec{X: 0.16, Y: 0.04, Z: 0.02}
	rotors := []struct {
		name string
		at   r3.Vec
		drag float64
	}{
		{"thrust1", r3.Vec{X: -0.14, Y: -0.18, Z: 0.05}, -0.0201}, {"thrust2", r3.Vec{X: -0.14, Y: 0.18, Z: 0.05}, 0.0201},
		{"thrust3", r3.Vec{X: 0.14, Y: 0.18, Z: 0.08}, -0.0201}, {"thrust4", r3.Vec{X: 0.14, Y: -0.18, Z: 0.08}, 0.0201},
	}
	in := sim.EllipsoidInertia(0.325, hull).Placed(sim.At(0, 0, 0.02))
	for _, r := range rotors {
		in = in.Plus(sim.EllipsoidInertia(0.25, blade).Placed(sim.At(r.at.X, r.at.Y, r.at.Z)))
	}
	body := b.AddLink("x2", o.mass(in))
	b.AddFree("x2/free0", body)
	for _, s := range []solid{
		{contact.Box(r3.Vec{X: 0.06, Y: 0.027, Z: 0.02}), at(0.04, 0, 0.02)},
		{contact.Box(r3.Vec{X: 0.06, Y: 0.027, Z: 0.02}), at(0.04, 0, 0.06)},
		{contact.Box(r3.Vec{X: 0.05, Y: 0.027, Z: 0.02}), at(-0.07, 0, 0.065)},
		{contact.Box(r3.Vec{X: 0.023, Y: 0.017, Z: 0.01}), turned(-0.137, 0.008, 0.065, 1, 0, 0, 1)},
	} {
		b.AddCollider(sim.Collider{Link: body, Shape: s.shape, Pose: s.pose, Friction: mu, Color: orange})
	}
	for _, r := range rotors {
		b.AddCollider(sim.Collider{Link: body, Shape: contact.Ellipsoid(blade.X, blade.Y, blade.Z), Pose: sim.At(r.at.X, r.at.Y, r.at.Z), Friction: mu, Color: slate})
		o.rotor(b, r.name, body, r.at, r.drag, 13)
	}
	return b
}

// aloft returns a start at a height of the lowest point (m), tilted about x and y alike.
func aloft(height, tilt float64) func(*sim.Model) sim.State {
	return func(m *sim.Model) sim.State {
		s := m.NewState()
		q := sim.RPY(tilt, tilt, 0)
		copy(s.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
		PlaceAbove(m, s.Q, height)
		return s
	}
}
