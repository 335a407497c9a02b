package robust

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Systems are the mechanisms that are thrown.
var Systems = []string{"box", "capsule", "chain", "quadruped"}

// build returns the named mechanism. mass is its total mass (kg), except for the quadruped, whose own mass it
// multiplies.
func build(system string, h, mass, mu float64) (*sim.Model, error) {
	if system == "quadruped" {
		e, err := models.Find("quadruped:12")
		if err != nil {
			return nil, err
		}
		return e.Builder(models.Options{Timestep: h, MassScale: mass, Friction: &mu}).Build()
	}
	b := sim.NewBuilder(system)
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	add := func(name string, in sim.Inertia, s contact.Shape) sim.Link {
		l := b.AddLink(name, in)
		b.AddCollider(sim.Collider{Filter: &contact.Filter{}, Link: l, Shape: s, Friction: mu})
		return l
	}
	switch system {
	case "box":
		half := r3.Vec{X: 0.25, Y: 0.2, Z: 0.15}
		b.AddFree("free", add("box", sim.BoxInertia(mass, half), contact.Box(half)))
	case "capsule":
		b.AddFree("free", add("capsule", sim.CapsuleInertia(mass, 0.1, 0.2), contact.Capsule(0.1, 0.2)))
	case "chain":
		const links, radius, half = 5, 0.04, 0.1
		var last sim.Link
		for i := range links {
			l := add(fmt.Sprintf("link%d", i+1), sim.CapsuleInertia(mass/links, radius, half), contact.Capsule(radius, half))
			if i == 0 {
				b.AddFree("free", l)
			} else {
				axis := [2]r3.Vec{{X: 1}, {Y: 1}}[i%2]
				b.AddJoint(sim.Joint{
					Name: fmt.Sprintf("hinge%d", i), Type: sim.Revolute(axis), Parent: last, Child: l,
					Origin: sim.At(0, 0, -2*(half+radius)),
				})
			}
			last = l
		}
	default:
		return nil, fmt.Errorf("robust: there is no mechanism %q; there are %v", system, Systems)
	}
	return b.Build()
}

// throw returns a random start: any attitude, joints anywhere in the middle half of their ranges, speeds of a
// few m/s and rad/s, close above the ground more often than far from it.
func throw(m *sim.Model, r *rand.Rand) sim.State {
	s := m.NewState()
	var q [4]float64
	n := 0.0
	for i := range q {
		q[i] = r.NormFloat64()
		n += q[i] * q[i]
	}
	for i := range q {
		s.Q[3+i] = q[i] / math.Sqrt(n)
	}
	for _, j := range m.Joints()[1:] {
		low, up := -1.0, 1.0
		if a := j.Axes[0]; a.Limited {
			low, up = a.Lower, a.Upper
		}
		s.Q[j.Q] = low + (up-low)*(0.25+0.5*r.Float64())
	}
	far := r.Float64()
	models.PlaceAbove(m, s.Q, 0.3*far*far*far)
	for i := range s.V {
		switch {
		case i < 3:
			s.V[i] = 2 * r.NormFloat64()
		case i < 6:
			s.V[i] = 4 * r.NormFloat64()
		default:
			s.V[i] = 2 * r.NormFloat64()
		}
	}
	return s
}
