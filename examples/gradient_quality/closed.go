package main

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// constants are what the closed forms need.
type constants struct {
	normal float64 // γ·gap at each corner (J s)
	tangen float64 // cone product at each corner (J)
}

// newConstants: κ = 1 means M g h ℓ for gaps and M g h √(gℓ) for sliding, ℓ the radius of gyration.
func newConstants(m *sim.Model, kappa float64) constants {
	unit := m.KappaUnit(0)
	l := unit / (mass * gravity * timestep)
	return constants{normal: kappa * unit, tangen: kappa * unit / l * math.Sqrt(gravity*l)}
}

// rest returns the gap at which four corners carry the weight: 4γ = m g h, γ·gap = κ unit.
func (c constants) rest() float64 { return corners * c.normal / (mass * gravity * timestep) }

// gap returns the gap after one step from rest at gap z, and its derivative by the vertical force. With
//
//	m (v⁺ − 0) = h (F − m g) + 4γ        balance of momentum
//	φ = z + h v⁺                         gap after the step
//	γ φ = κ unit                         relaxed contact
//
// and P = z + h² (F/m − g), the gap without contact, φ is the positive root of φ² − Pφ − 4hκunit/m = 0.
func (c constants) gap(z, force float64) (phi, derivative float64) {
	p := z + timestep*timestep*(force/mass-gravity)
	root := math.Sqrt(p*p + 4*corners*timestep*c.normal/mass)
	if p > 0 {
		phi = (p + root) / 2
	} else { // the same without cancellation
		phi = 2 * corners * timestep * c.normal / mass / (root - p)
	}
	return phi, free * phi / root
}

func (c constants) pull(force float64) (position, derivative float64) { return c.gap(0, force) }

// push returns the way slid in one step from rest. With b the friction at each corner, B = μγ and s2 the
// free component of the cone's slack,
//
//	m v = h F − 4 b                      balance of momentum
//	s2 B − v b = κ unitₜ ,  s2 b = B v   relaxed friction: s ∘ g = κ unitₜ (1, 0, 0)
//
// so v (B² − b²) = κ unitₜ b: a cubic in b with one root in (0, min(B, hF/4)). Differentiating both gives
// dv/dF.
func (c constants) push(force float64) (position, derivative float64) {
	phi, _ := c.gap(c.rest(), 0)
	most := friction * c.normal / phi // B
	speed := func(b float64) float64 { return (timestep*force - corners*b) / mass }
	low, high := 0.0, math.Min(most, timestep*force/corners)
	for range 200 { // bisection to the last bit
		b := (low + high) / 2
		if speed(b)*(most-b)*(most+b) > c.tangen*b {
			low = b
		} else {
			high = b
		}
	}
	b := (low + high) / 2
	// of two ways to the speed take the one that does not cancel
	v := speed(b)
	if slip := (most - b) * (most + b); slip > most*most/2 {
		v = c.tangen * b / slip
	}
	// (B² − b²) dv = (2vb + κ unitₜ) db ,  m dv + 4 db = h dF
	x, y := (most-b)*(most+b), 2*v*b+c.tangen
	return timestep * v, timestep * timestep * y / (y*mass + corners*x)
}
