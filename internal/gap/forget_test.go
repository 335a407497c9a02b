package gap_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestSlidingIsThatOfEval to the bit, of vertices as of what is round, where tangents lean and where they do not.
func TestSlidingIsThatOfEval(t *testing.T) {
	encounters(t, 100, func(t *testing.T, rng *rand.Rand, e *encounter) {
		if rng.IntN(2) == 0 {
			e.pair.A.Radius, e.pair.B.Radius = 0, 0
		}
		m, _ := e.met(r3.Vec{})
		v1, v2 := m.Sliding(&e.a.m, &e.b.m, invH)
		if _, w1, w2 := m.Eval(&e.a.m, &e.b.m, invH); v1 != w1 || v2 != w2 {
			t.Errorf("slides by %g, %g, Eval says %g, %g", v1, v2, w1, w2)
		}
	})
}

// TestMeetingForgets: a meeting that was one of another kind before is, to the bit, what a new one is. Steppers use their memory again.
func TestMeetingForgets(t *testing.T) {
	var used gap.Meeting
	encounters(t, 20, func(t *testing.T, rng *rand.Rand, e *encounter) {
		old := encounter{a: e.a, b: e.b, pair: gap.Pair{Kind: gap.Kind(1 + rng.IntN(len(anyFeatures))), A: gap.Side{Body: 0}, B: gap.Side{Body: 1}}}
		features := anyFeatures[old.pair.Kind]
		old.pair.A.Feature, old.pair.B.Feature = features[0](rng), features[1](rng)
		if e.guided = false; rng.IntN(2) == 0 {
			e.pair.A.Radius, e.pair.B.Radius = 0, 0
		}
		said := func(m *gap.Meeting, e *encounter) (v [2][3]spatial.Wrench, s gap.Start, values [3]float64) {
			m.Place(&e.pair, e.a.frame(), e.b.frame(), false)
			if m.Rolls() {
				m.Roll(&e.a.m, &e.b.m)
			}
			values[0], values[1], values[2] = m.Eval(&e.a.m, &e.b.m, invH)
			m.Rows(&v[0], &v[1], &e.a.m, &e.b.m, invH)
			m.StartRows(&s, r3.Vec{X: 1, Y: 2, Z: 3}, &e.a.m, &e.b.m, invH)
			return v, s, values
		}
		said(&used, &old)
		rows, start, values := said(&used, e)
		var fresh gap.Meeting
		if r, s, v := said(&fresh, e); r != rows || s != start || v != values {
			t.Errorf("after a meeting of kind %v: %v, a new one %v", old.pair.Kind, values, v)
		}
	})
}
