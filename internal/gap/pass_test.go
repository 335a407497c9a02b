package gap_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/spatial/r3"
)

// throughs calls f with balls and capsules that cross a thin ball or capsule within a step, off by a little.
func throughs(f func(name string, rng *rand.Rand, e *encounter)) {
	rng := rand.New(rand.NewPCG(41, 42))
	for range 40 {
		for _, c := range []struct {
			name string
			kind gap.Kind
		}{{"balls", gap.PointPoint}, {"ball and capsule", gap.PointLine}, {"capsule and ball", gap.LinePoint},
			{"ovals", gap.OvalOval}, {"oval and ball", gap.OvalPoint}, {"oval and capsule", gap.OvalLine}, {"capsule and oval", gap.LineOval}} {
			name, k := c.name, c.kind
			e := encounter{pair: gap.Pair{Kind: k}}
			e.pair.A = gap.Side{Body: 0, Feature: gap.Feature{Center: gauss(rng, 0.01), Radius: 0.03}}
			e.pair.B = gap.Side{Body: 1, Feature: gap.Feature{Center: gauss(rng, 0.01), Radius: 0.05}}
			if k == gap.PointLine || k == gap.OvalLine {
				e.pair.B.Axis = anyAxis(rng)
			}
			if k == gap.LinePoint || k == gap.LineOval {
				e.pair.A.Axis = anyAxis(rng)
			}
			if k == gap.OvalOval || k == gap.OvalPoint || k == gap.OvalLine {
				e.pair.A.Oval, e.pair.A.Radius = gap.OvalOf(r3.Vec{X: 0.02, Y: 0.03, Z: 0.04}), 0
			}
			if k == gap.OvalOval || k == gap.LineOval {
				e.pair.B.Oval, e.pair.B.Radius = gap.OvalOf(r3.Vec{X: 0.06, Y: 0.05, Z: 0.04}), 0
			}
			e.a, e.b = anyBody(rng, r3.Vec{}), anyBody(rng, r3.Vec{})
			e.b.m.Dx, e.b.pos = gauss(rng, 0.01), gauss(rng, 0.1)
			// A goes from 0.3 before B to 0.4 behind, across all axes
			way := anyAxis(rng)
			for _, s := range []struct {
				b *body
				f *gap.Side
			}{{&e.a, &e.pair.A}, {&e.b, &e.pair.B}} {
				if s.f.Axis != (r3.Vec{}) {
					axis := spatial.QuatRotate(s.b.rot, s.f.Axis)
					way = r3.Unit(r3.Sub(way, r3.Scale(r3.Dot(axis, way), axis)))
				}
			}
			w := gauss(rng, 0.02)
			e.a.m, e.b.m = spatial.NewMotion(w, r3.Scale(0.7, way)), spatial.NewMotion(gauss(rng, 0.02), gauss(rng, 0.01))
			e.a.pos = r3.Add(e.b.pos, r3.Scale(-0.3, way))
			f(name, rng, &e)
		}
	}
}

// TestThroughAThinBody: what goes through another within a step has a gap below minus its radii, behind it as in front; what goes past
// it at a distance has not. There is a jump where it turns, by twice the distance of the
// cores: deep inside both.
func TestThroughAThinBody(t *testing.T) {
	throughs(func(name string, _ *rand.Rand, e *encounter) {
		last := math.NaN()
		for i := range 101 {
			x := *e
			x.a.m.Dx = r3.Scale(float64(i)/100, e.a.m.Dx)
			m, v := x.met(r3.Vec{})
			if d := math.Abs(v[0] - last); d > 0.7/100+1e-3 && (v[0] > 0 || last > 0) {
				t.Errorf("%s: a jump of %g at %d %% of the way", name, d, i)
			}
			if last < 0 && v[0] > 0 {
				t.Errorf("%s: out again at %d %% of the way", name, i)
			}
			last = v[0]
			if i == 100 && !(v[0] < -0.3) {
				t.Errorf("%s: a gap of %g behind, %g before", name, v[0], m.Gap2)
			}
		}
		aside, _ := spatial.Tangents(r3.Unit(e.a.m.Dx))
		for _, s := range []*gap.Side{&e.pair.A, &e.pair.B} {
			if b := [2]*body{&e.a, &e.b}[s.Body]; s.Axis != (r3.Vec{}) {
				aside = r3.Unit(r3.Cross(spatial.QuatRotate(b.rot, s.Axis), e.a.m.Dx))
			}
		}
		e.a.pos = r3.Add(e.a.pos, r3.Scale(0.2, aside))
		if _, v := e.met(r3.Vec{}); v[0] < 0 {
			t.Errorf("%s: a gap of %g past it", name, v[0])
		}
	})
}

// TestDerivativesBehindAThinBody: the rows there are those of that gap.
func TestDerivativesBehindAThinBody(t *testing.T) {
	throughs(func(name string, rng *rand.Rand, e *encounter) {
		l := gauss(rng, 1)
		m, _ := e.met(l)
		var g [2][3]spatial.Wrench
		m.Rows(&g[0], &g[1], &e.a.m, &e.b.m, invH)
		for c := range 6 {
			tw := unitTwist(c)
			slopes(t, name, func(eps float64) *encounter {
				x := *e
				x.a = e.a.after(tw, eps)
				return &x
			}, l, []float64{tw.Power(&g[0][0]), tw.Power(&g[0][1]) / invH, tw.Power(&g[0][2]) / invH})
		}
		sizes(t, rng, e, &m, l)
		mirror(t, e)
		tol.Within(t, math.Abs(m.Gap2-0.22), 0.07, "gap before") // radii of ovals differ by 0.02
	})
}
