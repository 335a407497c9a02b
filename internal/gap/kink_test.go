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

// kinks are pairs whose normal is arbitrary: at rest, axes in the world's, B's body at the origin of O.
var kinks = map[string]struct {
	kind  gap.Kind
	a, b  gap.Feature
	apart float64 // of the cores
}{
	"one center":            {gap.PointPoint, gap.Feature{Radius: 0.1}, gap.Feature{Radius: 0.2}, 0},
	"one vertex":            {gap.PointPoint, gap.Feature{}, gap.Feature{}, 0},
	"center on a line":      {gap.PointLine, gap.Feature{Center: r3.Vec{X: 0.3}, Radius: 0.1}, gap.Feature{Axis: r3.Vec{X: 1}, Radius: 0.1}, 0},
	"vertex on an edge":     {gap.PointLine, gap.Feature{Center: r3.Vec{Z: -0.3}}, gap.Feature{Axis: r3.Vec{Z: 1}}, 0},
	"parallel lines":        {gap.LineLine, gap.Feature{Center: r3.Vec{X: 0.3, Y: 0.4}, Axis: r3.Vec{Z: 1}, Radius: 0.1}, gap.Feature{Axis: r3.Vec{Z: 1}, Radius: 0.1}, 0.5},
	"opposite lines":        {gap.LineLine, gap.Feature{Center: r3.Vec{X: 0.3, Y: 0.4, Z: 7}, Axis: r3.Vec{Z: -1}}, gap.Feature{Axis: r3.Vec{Z: 1}}, 0.5},
	"nearly parallel lines": {gap.LineLine, gap.Feature{Center: r3.Vec{Y: 0.5}, Axis: r3.Vec{X: 1, Z: 1e-9}}, gap.Feature{Axis: r3.Vec{X: 1}}, 0.5},
	"one line":              {gap.LineLine, gap.Feature{Center: r3.Vec{Z: 0.5}, Axis: r3.Vec{Z: 1}, Radius: 0.1}, gap.Feature{Axis: r3.Vec{Z: 1}, Radius: 0.2}, 0},
	"one center of ovals":   {gap.OvalOval, gap.Feature{Oval: gap.OvalOf(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1})}, gap.Feature{Oval: gap.OvalOf(r3.Vec{X: 0.2, Y: 0.2, Z: 0.2})}, -0.1 - 0.2},
	"center of an oval":     {gap.OvalPoint, gap.Feature{Oval: gap.OvalOf(r3.Vec{X: 0.3, Y: 0.1, Z: 0.1})}, gap.Feature{Radius: 0.2}, -0.1},
	"line through an oval":  {gap.OvalLine, gap.Feature{Oval: gap.OvalOf(r3.Vec{X: 0.3, Y: 0.1, Z: 0.1})}, gap.Feature{Axis: r3.Vec{X: 1}, Radius: 0.2}, -0.1},
	"one line turned round": {gap.LineLine, gap.Feature{Axis: r3.Vec{Z: -1}}, gap.Feature{Axis: r3.Vec{Z: 1}}, 0},
}

// TestKinksAreDeclared: where features have no direction from each other the normal is a unit vector, the gap that of the distance, all
// derivatives are finite, and Tie and Kinked say so; also when the kink comes at knot 3, and with the sides exchanged.
func TestKinksAreDeclared(t *testing.T) {
	for name, k := range kinks {
		e := encounter{pair: gap.Pair{Kind: k.kind, A: gap.Side{Body: 3, Feature: k.a}, B: gap.Side{Body: 1, Feature: k.b}}}
		e.a = body{rot: spatial.Identity, m: spatial.NewMotion(r3.Vec{}, r3.Vec{})}
		e.b = e.a
		m := finite(t, name, &e)
		if !m.Tie || !m.Kinked(&e.a.m, &e.b.m) {
			t.Errorf("%s: no kink is declared", name)
		}
		tol.Within(t, math.Abs(m.Gap2-(k.apart-k.a.Radius-k.b.Radius)), 1e-15, "%s: gap", name)
		mirror(t, &e)
		// apart at knot 2, and there at knot 3
		d := r3.Scale(0.3, r3.Unit(r3.Vec{X: 1, Y: -0.5, Z: 2}))
		w := spatial.Vec{X: 0.1, Y: -0.2, Z: 0.05}
		start := spatial.Rotate(spatial.Scale(-1, w), r3.Vec{})
		e.a.rot = spatial.GibbsQuat(spatial.Scale(-1, w))
		e.a.pos = r3.Add(start, d)
		e.a.m = spatial.NewMotion(w, r3.Scale(-1, d))
		m = finite(t, name+" at knot 3", &e)
		if m.Tie || !m.Kinked(&e.a.m, &e.b.m) {
			t.Errorf("%s: tie %v at knot 2, kinked %v at knot 3", name, m.Tie, m.Kinked(&e.a.m, &e.b.m))
		}
		mirror(t, &e)
	}
	encounters(t, 20, func(t *testing.T, _ *rand.Rand, e *encounter) {
		e.pair.A.Radius, e.pair.B.Radius = 0, 0
		if m := finite(t, "no radius", e); m.Kinked(&e.a.m, &e.b.m) {
			t.Error("features without radius are no kink")
		}
	})
}

// finite fails unless all that a meeting says is finite and its frame is one.
func finite(t *testing.T, name string, e *encounter) gap.Meeting {
	t.Helper()
	l := r3.Vec{X: 1, Y: 2, Z: 3}
	m, values := e.met(l)
	var g [2][3]spatial.Wrench
	var s gap.Start
	m.Rows(&g[0], &g[1], &e.a.m, &e.b.m, invH)
	m.StartRows(&s, l, &e.a.m, &e.b.m, invH)
	all := append([]float64{m.Gap2}, values...)
	for side := range 2 {
		for k := range 3 {
			x, y := g[side][k].Array(), s.Rows[side][k].Array()
			all = append(append(all, x[:]...), y[:]...)
		}
		all = append(all, s.Impulse[side][:]...)
	}
	by := [2]gap.Change{{Center: r3.Vec{X: 1}, Radius: 1}, {Center: r3.Vec{Y: 1}, Radius: 1}}
	r := m.Respond(&by[0], &by[1], &e.a.m, &e.b.m, invH)
	for _, v := range append(all, flat(&m, &r, l)...) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%s: not finite", name)
		}
	}
	tol.Within(t, math.Abs(r3.Dot(m.N, r3.Cross(m.T1, m.T2))-1), 1e-15, "%s: normal and tangents", name)
	return m
}
