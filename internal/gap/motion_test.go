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

// TestMeetingIsTouchOnTheGround: a ball, vertex, rim or oval on a plane of the world meets it as it touches it, also
// where it runs round within the step.
func TestMeetingIsTouchOnTheGround(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	still := spatial.NewMotion(r3.Vec{}, r3.Vec{})
	for i := range 300 {
		kind, any := gap.PointPlane, anyPoint
		switch i % 3 {
		case 1:
			kind, any = gap.RimPlane, anyRim
		case 2:
			kind, any = gap.OvalPlane, anyOval
		}
		f, n, offset, o, b := any(rng), anyAxis(rng), rng.NormFloat64(), gauss(rng, 1), anyBody(rng, r3.Vec{})
		at, ground := b.frame(), gap.Frame{Pos: r3.Scale(-1, o)}
		var touch gap.Touch
		if f.IsOval() { // without a radius, as on half-spaces
			f.Radius = 0
		}
		place(&touch, f, n, offset, b.pos, at.Rot, o)
		m := gap.Meeting{Guided: true}
		m.Place(&gap.Pair{Kind: kind, A: gap.Side{Feature: f}, B: gap.Side{Body: gap.World, Feature: gap.HalfSpace(n, offset)}}, at, &ground, false)
		touch.Relax(0.1)
		m.Relax(0.1)
		if m.Rolls() {
			touch.Turn(&b.m)
			m.Roll(&b.m, &still)
		}
		var g, h, other [3]spatial.Wrench
		touch.Rows(&g, &b.m, invH)
		m.Rows(&h, &other, &b.m, &still, invH)
		a1, a2, a3 := touch.Eval(&b.m, invH)
		b1, b2, b3 := m.Eval(&b.m, &still, invH)
		tol.Within(t, math.Abs(a1-b1)+math.Abs(a2-b2)/invH+math.Abs(a3-b3)/invH, 1e-14, "value")
		for k := range g {
			x, y, z := g[k].Array(), h[k].Array(), touch.Wrenches[k].Array()
			w := m.Wrenches[k].Array()
			for i := range x {
				tol.Within(t, math.Abs(x[i]-y[i])/invH, 1e-13, "row %d", k) // a touch of a vertex does not lean, a meeting by its rounding
				tol.Within(t, math.Abs(z[i]-w[i]), 1e-14, "wrench %d", k)
			}
		}
	}
}

// TestCommonMotionNeitherOpensNorSlides: when both bodies move as one the gap stays. Vertices, edges and faces that touch then do not slide
// at all; between the centers of balls and axes the arc differs from the chord by the cube of the turn.
func TestCommonMotionNeitherOpensNorSlides(t *testing.T) {
	encounters(t, 60, func(t *testing.T, rng *rand.Rand, e *encounter) {
		w, dx := gauss(rng, 0.05), gauss(rng, 0.1)
		for _, b := range []*body{&e.a, &e.b} { // about O
			b.m = spatial.NewMotion(w, r3.Add(dx, spatial.Displace(w, b.pos)))
		}
		e.relax = 0
		m, x := e.met(r3.Vec{})
		apart := math.Abs(m.Gap2 + e.pair.A.Radius + e.pair.B.Radius)
		if e.pair.Kind == gap.PointPlane || e.pair.Kind == gap.PlanePoint {
			apart = e.pair.A.Radius + e.pair.B.Radius // the common point is the ball's
		}
		tol.Within(t, math.Abs(x[0]-max(m.Gap2, m.Gap2+m.Ease)), 1e-14, "gap")
		tol.Within(t, math.Hypot(x[1], x[2]), 2*apart*math.Pow(spatial.Norm(w), 3)+1e-15, "slide of features %g m apart that turn by %g", apart, 2*spatial.Norm(w))
	})
}

// TestWheelsDoNotSlide: two balls whose surfaces run at the same speed, as wheels that drive each other, do not slide; nor does a ball
// on a plate that drives it, or in the turn of a capsule's side. Stopped, they slide at the speed of the other.
func TestWheelsDoNotSlide(t *testing.T) {
	const ra, rb, h = 0.2, 0.3, 1 / invH
	z, still := r3.Vec{Z: 1}, spatial.NewMotion(r3.Vec{}, r3.Vec{})
	spin := func(axis r3.Vec, speed, r float64) spatial.Motion { // of a wheel whose surface runs at the speed
		w, _ := spatial.GibbsOf(r3.Scale(speed*h/r, axis))
		return spatial.NewMotion(w, r3.Vec{})
	}
	run := spatial.NewMotion(r3.Vec{}, r3.Vec{Y: h})
	ball, wheel := gap.Feature{Radius: ra}, gap.Feature{Radius: rb, Axis: z}
	for name, c := range map[string]struct {
		kind gap.Kind
		b    gap.Feature
		m    spatial.Motion
	}{
		"ball on ball":    {gap.PointPoint, gap.Feature{Radius: rb}, spin(z, 1, rb)},
		"ball on capsule": {gap.PointLine, wheel, spin(z, 1, rb)},
		"ball on plate":   {gap.PointPlane, gap.Feature{Radius: rb, Axis: r3.Vec{X: 1}}, run},
	} {
		e := encounter{pair: gap.Pair{Kind: c.kind, A: gap.Side{Body: 0, Feature: ball}, B: gap.Side{Body: 1, Feature: c.b}}}
		e.a = body{pos: r3.Vec{X: ra + rb}, rot: spatial.Identity, m: spin(z, -1, ra)}
		e.b = body{rot: spatial.Identity, m: c.m}
		_, x := e.met(r3.Vec{})
		tol.Within(t, math.Abs(x[0]), 1e-15, "%s: gap", name)
		tol.Within(t, math.Hypot(x[1], x[2])*invH, 1e-9, "%s: slide (m/s)", name) // of the spin for the half angle
		e.a.m = still
		_, x = e.met(r3.Vec{})
		tol.Within(t, math.Abs(math.Hypot(x[1], x[2])*invH-1), 1e-9, "%s: slide when stopped", name)
	}
}

// TestNearestPoints: no points of the cores are nearer than the gap says, and some of many sampled are nearly as near. The normal of
// lines is that of their axes.
func TestNearestPoints(t *testing.T) {
	encounters(t, 60, func(t *testing.T, rng *rand.Rand, e *encounter) {
		m, _ := e.met(r3.Vec{})
		if m.Rolls() && m.Gap2 < 0 {
			return // behind a plane it is deep by more than it is far
		}
		rim := e.pair.Kind == gap.RimPlane || e.pair.Kind == gap.PlaneRim
		points := func(b *body, f *gap.Feature, plane bool) (p []r3.Vec) {
			for range 100 {
				x := f.Center
				switch {
				case rim && !plane: // its points
					t1, t2 := spatial.Tangents(f.Axis)
					y, z := math.Sincos(2 * math.Pi * rng.Float64())
					x = r3.Add(x, r3.Add(r3.Scale(f.Radius*y, t1), r3.Scale(f.Radius*z, t2)))
				case plane:
					t1, t2 := spatial.Tangents(f.Axis)
					x = r3.Add(x, r3.Add(r3.Scale(rng.NormFloat64(), t1), r3.Scale(rng.NormFloat64(), t2)))
				case f.IsOval(): // on its surface
					q, n := spatial.Sym3(f.Oval), anyAxis(rng)
					s := q.MulVec(n)
					x = r3.Add(x, r3.Scale(1/math.Sqrt(r3.Dot(n, s)), s))
				case f.Axis != r3.Vec{}:
					x = r3.Add(x, r3.Scale(rng.NormFloat64(), f.Axis))
				}
				p = append(p, r3.Add(b.pos, spatial.QuatRotate(b.rot, x)))
			}
			return p
		}
		apart := m.Gap2 + e.pair.A.Radius + e.pair.B.Radius // of the cores
		switch e.pair.Kind {
		case gap.RimPlane:
			apart -= e.pair.A.Radius
		case gap.PlaneRim:
			apart -= e.pair.B.Radius
		}
		least := math.Inf(1)
		for _, p := range points(&e.a, &e.pair.A.Feature, e.pair.Kind == gap.PlanePoint || e.pair.Kind == gap.PlaneOval || e.pair.Kind == gap.PlaneRim) {
			for _, q := range points(&e.b, &e.pair.B.Feature, e.pair.Kind == gap.PointPlane || e.pair.Kind == gap.OvalPlane || e.pair.Kind == gap.RimPlane) {
				least = math.Min(least, r3.Norm(r3.Sub(p, q)))
			}
		}
		if least < math.Abs(apart)-1e-12 || least > math.Abs(apart)+0.2 {
			t.Errorf("nearest of sampled points are %g apart, the cores %g", least, apart)
		}
		if a, b := spatial.QuatRotate(e.a.rot, e.pair.A.Axis), spatial.QuatRotate(e.b.rot, e.pair.B.Axis); e.pair.Kind == gap.LineLine && r3.Dot(m.N, r3.Cross(a, b)) <= 0 {
			t.Error("the normal of two lines is not that of their axes")
		}
	})
}

func BenchmarkMeeting(b *testing.B) {
	for k := gap.Kind(1); k.String() != "unknown"; k++ {
		rng := rand.New(rand.NewPCG(27, uint64(k)))
		e := encounter{a: anyBody(rng, r3.Vec{X: 0.5, Z: 0.6}), b: anyBody(rng, r3.Vec{Y: -0.5})}
		e.pair = gap.Pair{Kind: k, A: gap.Side{Body: 0, Feature: anyFeatures[k][0](rng)}, B: gap.Side{Body: 1, Feature: anyFeatures[k][1](rng)}}
		m, _ := e.met(r3.Vec{})
		fa, fb := e.a.frame(), e.b.frame()
		var g [2][3]spatial.Wrench
		var s gap.Start
		also, n := e.a.m, 0 // what is asked again of the same motions is known
		also.Set(r3.Scale(1.1, also.W), also.Dx)
		for name, f := range map[string]func(){
			"place": func() { m.Place(&e.pair, fa, fb, false) },
			"eval":  func() { n++; m.Eval([]*spatial.Motion{&e.a.m, &also}[n%2], &e.b.m, invH) },
			"rows":  func() { m.Rows(&g[0], &g[1], &e.a.m, &e.b.m, invH) },
			"start": func() { m.StartRows(&s, r3.Vec{X: 1}, &e.a.m, &e.b.m, invH) },
		} {
			b.Run(k.String()+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					f()
				}
			})
		}
	}
}
