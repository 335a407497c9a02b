package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// solid is a free body of one shape.
type solid struct {
	name  string
	shape contact.Shape
	mass  float64
	mu    float64
}

// solids returns a model of free bodies, with gravity and a ground below if there is some.
func solids(t testing.TB, g float64, law sim.FrictionLaw, list ...solid) *sim.Model {
	t.Helper()
	return solidsAt(t, 0.01, g, law, list...)
}

// solidsAt is solids with a timestep.
func solidsAt(t testing.TB, h, g float64, law sim.FrictionLaw, list ...solid) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("solids")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{Z: -g})
	b.SetFrictionLaw(law)
	if g > 0 {
		b.AddGround()
	}
	for _, s := range list {
		in := sim.SphereInertia(s.mass, s.shape.Radius)
		if s.shape.Kind == contact.KindBox {
			in = sim.BoxInertia(s.mass, s.shape.Half)
		} else if s.shape.Kind == contact.KindEllipsoid {
			in = sim.EllipsoidInertia(s.mass, s.shape.Half)
		} else if s.shape.Kind == contact.KindCapsule {
			in = sim.BoxInertia(s.mass, r3.Vec{X: s.shape.Radius, Y: s.shape.Radius, Z: s.shape.Radius + s.shape.HalfLength})
		}
		l := b.AddLink(s.name, in)
		b.AddFree(s.name, l)
		b.AddCollider(sim.Collider{Name: s.name, Link: l, Shape: s.shape, Friction: s.mu})
	}
	return mustModel(t, b)
}

// balls returns a model of n free balls of 0.1 m.
func balls(t testing.TB, n int, g float64) *sim.Model {
	t.Helper()
	var list []solid
	for i := range n {
		list = append(list, solid{fmt.Sprintf("ball%d", i), contact.Sphere(0.1), 1 + 0.3*float64(i%10), 0.5})
	}
	return solids(t, g, sim.Cone, list...)
}

// tower returns n boxes on each other, of side 0.2 m and the given masses.
func tower(t testing.TB, masses ...float64) (*sim.Model, sim.State) {
	t.Helper()
	var list []solid
	for i, mass := range masses {
		list = append(list, solid{fmt.Sprintf("box%d", i), contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), mass, 0.5})
	}
	m := solids(t, 9.81, sim.Cone, list...)
	x := m.NewState()
	for i := range masses {
		x.Q[7*i+2] = 0.1 + 0.2*float64(i)
	}
	return m, x
}

// place puts free body i of a model of free bodies.
func place(x *sim.State, i int, pos r3.Vec, vel, spin r3.Vec) {
	copy(x.Q[7*i:], []float64{pos.X, pos.Y, pos.Z})
	copy(x.V[6*i:], []float64{vel.X, vel.Y, vel.Z, spin.X, spin.Y, spin.Z})
}

// thrown returns bodies of like shapes, thrown at each other: shape 0 balls, 1 boxes, 2 capsules, 3 balls and boxes, 4 balls and capsules.
func thrown(t testing.TB, rng *rand.Rand, h float64, kind, n int, law sim.FrictionLaw, mu float64) (*sim.Model, sim.State) {
	var list []solid
	for i := range n {
		s := solid{name: fmt.Sprintf("body%d", i), mass: math.Exp(rng.NormFloat64()), mu: mu}
		switch ball := kind >= 3 && i%2 == 0; {
		case ball || kind == 0:
			s.shape = contact.Sphere(0.05 + 0.1*rng.Float64())
		case kind == 1 || kind == 3:
			s.shape = contact.Box(r3.Vec{X: 0.05 + 0.1*rng.Float64(), Y: 0.1, Z: 0.05 + 0.1*rng.Float64()})
		default:
			s.shape = contact.Capsule(0.05+0.05*rng.Float64(), 0.1*rng.Float64()+0.02)
		}
		list = append(list, s)
	}
	if kind >= 3 && n > 2 { // only what is known: one body of the other kind
		for i := 2; i < n; i++ {
			list[i].shape = contact.Sphere(0.05 + 0.1*rng.Float64())
		}
	}
	m := solidsAt(t, h, 0, law, list...)
	x := m.NewState()
	turned := randomQuat(rng)
	for i := range n {
		at := turn(turned, [4]r3.Vec{{X: 0.5}, {X: -0.55}, {Y: 0.6}, {Z: 0.5}}[i])
		place(&x, i, at, r3.Add(r3.Scale(-4, at), randomVec(rng, 0.2)), randomVec(rng, 3))
		q := randomQuat(rng)
		copy(x.Q[7*i+3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	}
	return m, x
}

// reports returns what all contacts did in the last step, half-spaces first.
func reports(s *sim.Stepper) []dynamics.ContactReport {
	e := s.Engine()
	l := make([]dynamics.ContactReport, len(e.Model().Contacts))
	e.Contacts(l)
	for _, m := range e.Meetings(nil) {
		l = append(l, m.ContactReport)
	}
	return l
}

// hitting returns the number of places where bodies push each other.
func hitting(s *sim.Stepper) (n int) {
	for _, c := range s.Engine().Meetings(nil) {
		if r3.Norm(c.Impulse) > 0.01 {
			n++
		}
	}
	return n
}
