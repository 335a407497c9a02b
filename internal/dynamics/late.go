package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Features that are found in each other where a step ends take part in its next solve. Those that face each other only
// there are late.

// begun reports whether the step begins with pair i so deep in each other, or may do so, that what faces each other at
// its end does not say what will. (With one graze of depth instead a box that had bounced 1.07 grazes into another
// turned 17 degrees in the next step, and 4 mm of a corner that nobody looked at into it.)
func (s *Stepper) begun(i int) bool {
	for k := s.heads[i]; k > 0; k = s.meets[k-1].next {
		if c := &s.meets[k-1]; !c.late && c.Gap2 < -blindDepth*s.graze(i) {
			return true
		}
	}
	return s.m.pairSoft(i).k > 0
}

// blindDepth is how deep, in grazes, features may be where the step begins to take part late.
const blindDepth = 10

// shallowRim is how deep, in grazes, rims on faces may be without taking part late.
const shallowRim = 0.05

// closing makes those of the features just found take part that do not yet and would penetrate at knot 3, and reports
// whether there were none. Those that only face each other there are late: where the step begins they say nothing, for
// lines and planes have no ends. Those that are deep there would push along a normal that is none, or the opposite one
// where lines turn past each other: the step is blind to them, and better divided.
func (s *Stepper) closing(pair int, found []collide.Contact, late bool) bool {
	n, ok := len(s.meets), true
	if len(found) > 0 {
		s.bind(pair)
	}
	for k := range found {
		if i := s.named(n, pair, found[k].ID()); i >= 0 {
			s.blind = s.blind || late && found[k].Gap < -s.missed(pair) && s.twisted(&s.meets[i])
			continue
		}
		if late {
			found[k].Weight, found[k].Turn = fixedWeight(found[k].Weight), spatial.Vec{}
		}
		added, least := s.add(&found[k]), 0.0
		for i := len(s.meets) - added; i < len(s.meets) && late; i++ {
			c := &s.meets[i]
			c.late, c.Ease, c.bounce, least = true, 0, gap.Rebound{}, -s.missed(pair)
			if c.Kind == gap.RimPlane || c.Kind == gap.PlaneRim { // no corner of a polygon that is there: as it tilts, a face comes down on the rim between two of them
				least = -shallowRim * s.graze(pair)
			}
		}
		c := &s.meets[len(s.meets)-added]
		twisted := late && s.twisted(c)
		deep := s.meetValue(c).X-c.Ease <= least || twisted && found[k].Gap <= least
		if blind := twisted || late && c.Gap2 < -blindDepth*s.graze(pair); !deep || blind {
			s.blind = s.blind || deep
			for range added {
				s.drop()
			}
			continue
		}
		s.adrift = s.adrift || late && wanders(&found[k])
		s.again(c.a)
		s.again(c.b)
		ok = false
	}
	return ok
}

// fixedWeight returns the power of two nearest to weight w, by their ratio: the share of κ of what takes part late. As
// found it would follow where the step without it ended, which nothing differentiates, and with the turn of w taken for one
// by where the step begins derivatives of stairs were off by 1e-5. What has an equal share with one, two, three … others
// stays clear of where this jumps.
func fixedWeight(w float64) float64 {
	f, e := math.Frexp(w)
	if f < math.Sqrt2/2 {
		e--
	}
	return math.Ldexp(1, e)
}

// wanders reports whether c is at a point of an edge or rim that moves along it. Late it is where the step without it
// ended, which nothing differentiates: such steps are better divided too.
func wanders(c *collide.Contact) bool {
	a, b := c.Slides()
	return a || b
}

// twisted reports whether c is of lines that turn past each other in the step: their normal, which leans toward that of
// knot 2, is at knot 3 the opposite of what it was found with there, so that what is deep passes for apart. (With that
// sense at knot 2 too such steps are solved whole, in a hundred iterations, and the derivative of what slides was off
// by 1e-3 to 1e-1.)
func (s *Stepper) twisted(c *meet) bool {
	if c.Kind != gap.LineLine {
		return false
	}
	s.meetValue(c)
	return c.Twisted()
}
