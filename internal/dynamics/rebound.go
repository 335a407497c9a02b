package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Restitution. A contact that the velocity before the knot would close within the step has to open in it at the part e
// of the speed at which it closed, Newton's law between two intervals as Moreau wrote it (1988). So it bounces at the
// knot before it would hit, up to a step too early, and the step counts as given in derivatives.

// jitter is the speed, in those that gravity gives in a timestep, below which nothing bounces: what rests is pressed on
// at about one of them.
const jitter = 2

// surfaceRestitution is which number of a surface restitution is.
const surfaceRestitution = 3

// bounces returns the rebound of a contact of restitution e and normal n whose gap is at knot 2 and fell at the given speed in the interval
// before: it closes in the step with what gravity adds to that.
func (s *Stepper) bounces(e, at, speed float64, n spatial.Vec) (r gap.Rebound) {
	fall := s.weight * math.Abs(spatial.Dot(s.m.Gravity, n))
	if speed > jitter*spatial.Norm(s.m.Gravity)*s.m.Timestep && at-s.h*(speed+fall) < 0 && at+e*s.h*speed > 0 {
		r = gap.Rebound{Share: e * s.h, Speed: speed, Length: s.hPast, Instant: s.instant}
	}
	return r
}

// relaxTouch says by what a contact with a half-space is eased, leave being how far it must come out of the half-space:
// it is soft, or starts deep, or bounces. What rolls on a rim or an oval has no rate at an instant.
func (s *Stepper) relaxTouch(t *touch, c *Contact, leave float64) {
	u := &s.m.Colliders[c.Collider].Surface
	t.bounce = gap.Rebound{}
	if t.soft = (soft{u.Stiffness, u.Damping, 1}); t.soft.k > 0 {
		t.Soften(t.soft.follow(s.h))
		return
	}
	if t.Relax(leave); u.Restitution == 0 || t.Ease > 0 || s.instant && t.Rolls() {
		return
	}
	past := &s.past[c.Body]
	if t.bounce = s.bounces(u.Restitution, t.Gap2, t.Approach(past, s.hPast), t.N); t.bounce.Share > 0 {
		t.Bounce(&t.bounce)
	}
}

// relaxMeet does it for a contact between colliders.
func (s *Stepper) relaxMeet(c *meet, x *bond) {
	if x.soft.k > 0 {
		c.soft, c.soft.part = x.soft, 1/c.Points
		c.Soften(c.soft.follow(s.h))
		return
	}
	if c.Relax(x.leave); x.bounce == 0 || c.Ease > 0 {
		return
	}
	if c.bounce = s.bounces(x.bounce, c.Gap2, c.Approach(s.pastOf(c.a), s.pastOf(c.b), s.hPast), c.N); c.bounce.Share > 0 {
		c.Bounce(&c.bounce)
	}
}

// pairRestitution is the rule by which two coefficients make that of a pair: the larger one. pairRestitutionBy is its derivative by
// that of A or of B, half of each where they are equal.
func (m *Model) pairRestitution(i int) float64 {
	a, b := m.Colliders[m.Pairs[i].A].Surface.Restitution, m.Colliders[m.Pairs[i].B].Surface.Restitution
	return max(a, b)
}

func (m *Model) pairRestitutionBy(i int, ofA bool) float64 {
	return larger(m.Colliders[m.Pairs[i].A].Surface.Restitution, m.Colliders[m.Pairs[i].B].Surface.Restitution, ofA)
}

// bounceBy adds to row n, which bounces with the restitution e, the effect of a number by which that changes at the rate by.
func (p *problem) bounceBy(n int, r *gap.Rebound, e, by float64) {
	p.addRow(n, spatial.Vec{X: -r.Share / e * by * r.Speed}, spatial.Vec{})
}

// reboundByTime returns the direct change of the value of what bounces as h and H grow.
func (s *Stepper) reboundByTime(r *gap.Rebound, t Lengths) float64 {
	if r.Share == 0 {
		return 0
	}
	du := -r.Share * r.Speed * t.Step / s.h
	if !s.instant {
		du += r.Share * r.Speed * t.Before / s.before
	}
	return du
}
