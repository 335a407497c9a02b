package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Impact is when a feature of a shape meets a half-space: the gap, the closing speed c at the start of the step and the
// closing acceleration a of gravity say that gap = c τ + ½ a τ².
type Impact struct {
	Contact   int         // with a half-space; −1: none
	At        float64     // τ, s after the start of the step
	Now, Back spatial.Vec // points of the body, in its frame, on which the gaps at knots 2 and 1 hang: those of a rim or oval differ
	touch     gap.Touch
	speed     float64 // c (m/s)
	fall      float64 // a (m/s²)
	length    float64 // of the interval before (s)
}

// falls is how many steps a body has fallen that comes down so fast that its impact counts.
const falls = 10

// Impact returns the first impact of the step just loaded. Most of what flies feels nothing but gravity, and where a
// joint pushes, the error of τ is one of second order. The velocity at an instant is not that of an interval: the first
// step of a motion has none.
func (s *Stepper) Impact() Impact {
	first := Impact{Contact: -1, At: s.h}
	if s.instant {
		return first
	}
	for i := range s.m.Contacts {
		if c := s.impact(i); c.touch.Gap2 > 0 && c.speed > falls*s.m.GravityRef*s.m.Timestep && c.At < first.At {
			first = c
		}
	}
	if first.Contact >= 0 {
		s.hang(&first)
	}
	return first
}

// impact returns when contact i would close.
func (s *Stepper) impact(i int) Impact {
	c := &s.m.Contacts[i]
	k, world := &s.knots[c.Body], gap.Frame{Pos: spatial.Scale(-1, s.o[s.m.Bodies[c.Body].Tree])}
	m := Impact{Contact: i, length: s.hPast}
	t := &m.touch
	t.Place(&c.Feature, &gap.Frame{Pos: k.pos, Rot: &k.rot}, &s.walls[c.Plane], &world, s.t1[c.Plane], s.t2[c.Plane])
	before, _, _ := t.Eval(&s.past[c.Body], -1/s.hPast)
	m.fall = -spatial.Dot(t.N, s.m.Gravity)
	m.speed = (before-t.Gap2)/s.hPast + m.fall*s.before/2
	m.At = 2 * t.Gap2 / (m.speed + math.Sqrt(max(0, m.speed*m.speed+2*m.fall*t.Gap2)))
	return m
}

// hang finds the points on which the gaps hang.
func (s *Stepper) hang(m *Impact) {
	c, t := &s.m.Contacts[m.Contact], &m.touch
	k, past := &s.knots[c.Body], &s.past[c.Body]
	now, back := t.Hangs(&still), t.Hangs(past)
	m.Now = spatial.Add(c.Feature.Center, k.rot.TMulVec(now))
	m.Back = spatial.Add(c.Feature.Center, k.rot.TMulVec(spatial.Rotate(spatial.Scale(-1, past.W), back)))
}

// slope returns the change of τ for those of gap, c and a.
func (m *Impact) slope(gap, speed, fall float64) float64 {
	return (gap - m.At*speed - m.At*m.At/2*fall) / (m.speed + m.fall*m.At)
}

// Slope returns the change of τ as the points Now and Back move by these at knots 2 and 1.
func (m *Impact) Slope(now, back spatial.Vec) float64 {
	gap := spatial.Dot(m.touch.N, now)
	return m.slope(gap, (spatial.Dot(m.touch.N, back)-gap)/m.length, 0)
}

// ImpactByParam returns the change of τ by a parameter at fixed poses of all bodies at both knots, those of the step at hand.
func (s *Stepper) ImpactByParam(m *Impact, p Param) float64 {
	c, t := &s.m.Contacts[m.Contact], &m.touch
	switch p.Kind {
	case ParamGravity:
		var e spatial.Vec
		*axisOf(&e, p.Comp) = 1
		a := -spatial.Dot(t.N, e)
		return m.slope(0, a*m.length/2, a)
	case ParamTimestep:
		return m.slope(0, (m.fall-m.speed/m.length)*s.growth.Before, 0) // the mean is taken over more time
	case ParamNormal, ParamOffset:
		if c.Plane != p.Index {
			return 0
		}
	case ParamShape, ParamPlace:
		if c.Collider != p.Index {
			return 0
		}
	default:
		return 0
	}
	sh := s.shift(p, c, m.Contact)
	a, o := -spatial.Dot(sh.Normal, s.m.Gravity), s.o[s.m.Bodies[c.Body].Tree]
	now, back := t.GapBy(&sh, &still, o), t.GapBy(&sh, &s.past[c.Body], o)
	return m.slope(now, (back-now)/m.length+a*m.length/2, a)
}
