package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Compliance. With the gap g and its negative part g₋, a point of a soft contact feels the force of a spring and a
// damper at the end of the step, where it pushes:
//
//	f = −k g₃ − d (g₃ − g₂₋)/h ≥ 0
//
// A contact between shapes takes both as many times as it counts for points (collide.Contact.Points).
//
// In the block that is a compliance c = 1/(w (k + d/h)) of the normal part, λ = w f, on the value u = g₃ − ρ g₂₋ with ρ = d/(k h + d):
// 0 ≤ u + c λ ⟂ λ ≥ 0. ρ eases what starts in penetration; the contact never is deep.
//
// κ belongs to the gap beyond the spring, g₃ + f/k, as in hard contact. At rest the slack of the block is 1 − ρ of
// that, so the unit of its product is, too: with the whole one a damper of d = 45 k h let a ball rest 46 κℓ higher than
// its spring says.

// soft is the law of a contact: stiffness (N/m), 0 where it is hard, and damping (N s/m).
type soft struct {
	k, d float64
	part float64 // one over the points that it counts for, which go to 0 as it fades
}

// which numbers of a surface they are.
const (
	surfaceStiffness = 4
	surfaceDamping   = 5
)

// follow is ρ in a step of length h.
func (c *soft) follow(h float64) float64 {
	if c.d == 0 {
		return 0
	}
	return c.d / (c.k*h + c.d)
}

// kinked reports whether a step that begins at this gap is one-sided by it: dampers follow what is inside, not what is outside.
func (c *soft) kinked(gap2, reach float64) bool {
	return c.k > 0 && c.d > 0 && math.Abs(gap2) < reach
}

// compliance is c in the step at hand.
func (c *soft) compliance(s *Stepper) float64 { return c.part * s.h / (s.weight * (c.k*s.h + c.d)) }

// describe gives the block of a soft contact its compliance, and the value it had if its gap did not move.
func (c *soft) describe(b *ipm.Block, s *Stepper) {
	if c.k == 0 {
		return
	}
	b.Compliance = c.compliance(s)
	b.Kappa *= 1 - c.follow(s.h)
	b.Past.X -= c.follow(s.h) * min(b.Past.X, 0)
}

// byTime returns the direct change of the value, compliance included, and the relative one of the unit of κ, as h and H grow.
func (c *soft) byTime(s *Stepper, gap2, lambda float64, t Lengths) (du, unit float64) {
	q := c.k*s.h + c.d
	follow := -c.k * c.d / (q * q) * t.Step
	compliance := c.part*c.d/(s.weight*q*q)*t.Step - c.compliance(s)/s.weight*t.weight()
	return follow*max(0, -gap2) + compliance*lambda, c.d / (s.h * q) * t.Step
}

// byPoints returns the change of the value per point that the contact counts for, which are n.
func (c *soft) byPoints(s *Stepper, n, lambda float64) float64 {
	if c.k == 0 {
		return 0
	}
	return -c.compliance(s) / n * lambda
}

// softBy adds to row n, a contact of law c, the effect of a number by which that changes at the rates by.
func (p *problem) softBy(n int, c *soft, by soft, gap2 float64) {
	s := p.s
	if c.k == 0 {
		return
	}
	h, q := s.h, c.k*s.h+c.d
	follow := (by.d*c.k - by.k*c.d) * h / (q * q)
	compliance := -c.compliance(s) * (by.k*h + by.d) / q
	unit := (by.k*c.d/c.k - by.d) / q * p.blocks[n].Kappa
	p.addRow(n, spatial.Vec{X: follow*max(0, -gap2) + compliance*p.solver.Lambda[n].X}, spatial.Vec{})
	p.shiftBy(n, ipm.Change{Kappa: p.kappa * unit})
}

// pairSoft is the rule by which two surfaces make the law of a pair: springs in series, whose dampers take together
// what they would under the same force.
func (m *Model) pairSoft(i int) soft {
	a, b := &m.Colliders[m.Pairs[i].A].Surface, &m.Colliders[m.Pairs[i].B].Surface
	switch {
	case a.Stiffness == 0:
		return soft{b.Stiffness, b.Damping, 1}
	case b.Stiffness == 0:
		return soft{a.Stiffness, a.Damping, 1}
	}
	x, y := a.Stiffness, b.Stiffness
	return soft{x * y / (x + y), (a.Damping*y*y + b.Damping*x*x) / ((x + y) * (x + y)), 1}
}

// softness is how the law of a contact changes with the numbers of one of its surfaces: stiffness by stiffness, damping
// by stiffness, damping by damping.
type softness struct{ kk, dk, dd float64 }

func (r softness) of(comp int) soft {
	if comp == surfaceStiffness {
		return soft{r.kk, r.dk, 0}
	}
	return soft{0, r.dd, 0}
}

// pairSoftBy is that of pairSoft by the surface of A or of B.
func (m *Model) pairSoftBy(i int, ofA bool) softness {
	a, b := &m.Colliders[m.Pairs[i].A].Surface, &m.Colliders[m.Pairs[i].B].Surface
	if !ofA {
		a, b = b, a
	}
	switch {
	case a.Stiffness == 0:
		return softness{}
	case b.Stiffness == 0:
		return softness{1, 0, 1}
	}
	x, y := a.Stiffness, b.Stiffness
	sum := x + y
	return softness{y * y / (sum * sum), 2 * y * (b.Damping*x - a.Damping*y) / (sum * sum * sum), y * y / (sum * sum)}
}
