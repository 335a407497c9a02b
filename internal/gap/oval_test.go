package gap_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/spatial/r3"
)

// resting is an oval on a half-space.
type resting struct {
	f      gap.Feature
	n      r3.Vec
	offset float64
	b      body
	relax  float64
}

// touched returns its gap and slide (as a displacement), and where the impulse acts.
func (r *resting) touched() (t gap.Touch, v [6]float64) {
	var rot spatial.Mat3
	rot.Set(r.b.rot)
	place(&t, r.f, r.n, r.offset, r.b.pos, &rot, r3.Vec{})
	t.Relax(r.relax)
	t.Turn(&r.b.m)
	g, v1, v2 := t.Eval(&r.b.m, invH)
	p := r3.Add(t.P, t.Reach)
	return t, [6]float64{g, v1 / invH, v2 / invH, p.X, p.Y, p.Z}
}

// TestOvalOnTheGround compares all derivatives of an oval on a half-space with central differences: by the pose at knots 3 and 2, by its
// center and matrix and by the normal. Its turn within the step goes up to where the point of the impulse leaves that of knot 2.
func TestOvalOnTheGround(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	eps := math.Cbrt(0x1p-52)
	for n := range 200 {
		x := resting{f: anyOval(rng), n: anyAxis(rng), b: anyBody(rng, r3.Vec{}), relax: []float64{0, 10}[n%2]}
		x.f.Radius = 0
		x.offset = r3.Dot(x.n, x.b.pos) - 0.2
		x.b.m = spatial.NewMotion(gauss(rng, []float64{0.05, 0.5}[n/2%2]), gauss(rng, 0.05))
		touch, _ := x.touched()
		check := func(what string, at func(eps float64) resting, want [6]float64) {
			t.Helper()
			hi, lo := at(eps), at(-eps)
			_, p := hi.touched()
			_, q := lo.touched()
			for i := range want {
				d := (p[i] - q[i]) / (2 * eps)
				tol.Within(t, math.Abs(d-want[i])/(1+math.Abs(d)), 2e-8, "case %d, %s: value %d changes by %g, said %g", n, what, i, d, want[i])
			}
		}
		var g, g2 [3]spatial.Wrench
		var point, point2 spatial.Mat3
		touch.Rows(&g, &x.b.m, invH)
		touch.PointRows(&point, &x.b.m)
		touch.StartRows(&g2, &point2, &x.b.m, invH)
		rows := func(g *[3]spatial.Wrench, tw *spatial.Twist, dc r3.Vec) [6]float64 {
			return [6]float64{tw.Power(&g[0]), tw.Power(&g[1]) / invH, tw.Power(&g[2]) / invH, dc.X, dc.Y, dc.Z}
		}
		for c := range 6 {
			tw := unitTwist(c)
			check(fmt.Sprint("knot 3, direction ", c), func(eps float64) resting { y := x; y.b = x.b.after(tw, eps); return y }, rows(&g, &tw, point.MulVec(tw.Ang)))
			check(fmt.Sprint("knot 2, direction ", c), func(eps float64) resting { y := x; y.b = x.b.from(tw, eps); return y }, rows(&g2, &tw, r3.Add(tw.Lin, point2.MulVec(tw.Ang))))
		}
		respond := func(what string, sh gap.Shift, at func(eps float64) resting) {
			du, p := touch.Respond(&sh, &x.b.m, r3.Vec{}, invH)
			check(what, at, [6]float64{du.X, du.Y / invH, du.Z / invH, p.X, p.Y, p.Z})
		}
		var rot spatial.Mat3
		rot.Set(x.b.rot)
		e := anyAxis(rng)
		respond("center", gap.Shift{Center: rot.MulVec(e)}, func(eps float64) resting { y := x; y.f.Center = r3.Add(y.f.Center, r3.Scale(eps, e)); return y })
		some := func() float64 { return 0.1 * (x.f.Oval.XX + x.f.Oval.YY + x.f.Oval.ZZ) * rng.NormFloat64() }
		swell := gap.Oval{XX: some(), XY: some(), XZ: some(), YY: some(), YZ: some(), ZZ: some()}
		respond("matrix", gap.Shift{Oval: swell.Turned(&rot)}, func(eps float64) resting { y := x; y.f.Oval = more(y.f.Oval, eps, swell); return y })
		dn := r3.Cross(e, x.n)
		sh := gap.Shift{Normal: dn}
		sh.T1, sh.T2 = gap.TangentShift(x.n, dn)
		if math.Abs(x.n.Z) > 0.05 {
			respond("normal", sh, func(eps float64) resting { y := x; y.n = r3.Unit(r3.Add(y.n, r3.Scale(eps, dn))); return y })
		}
	}
}

// more returns q + k d.
func more(q gap.Oval, k float64, d gap.Oval) gap.Oval {
	return gap.Oval{XX: q.XX + k*d.XX, XY: q.XY + k*d.XY, XZ: q.XZ + k*d.XZ, YY: q.YY + k*d.YY, YZ: q.YZ + k*d.YZ, ZZ: q.ZZ + k*d.ZZ}
}

// TestRoundOvalIsABall: an oval of equal radii does on half-spaces, balls, lines, planes and ovals what a ball does.
func TestRoundOvalIsABall(t *testing.T) {
	rng := rand.New(rand.NewPCG(53, 54))
	round := func(f gap.Feature) gap.Feature {
		f.Oval, f.Radius = gap.OvalOf(r3.Vec{X: f.Radius, Y: f.Radius, Z: f.Radius}), 0
		return f
	}
	for _, k := range [][2]gap.Kind{{gap.PointPoint, gap.OvalPoint}, {gap.PointLine, gap.OvalLine}, {gap.PointPlane, gap.OvalPlane}, {gap.PointPoint, gap.OvalOval}} {
		for range 50 {
			e := encounter{a: anyBody(rng, r3.Vec{X: 0.5, Z: 0.6}), b: anyBody(rng, r3.Vec{Y: -0.5})}
			ball := gap.Feature{Center: gauss(rng, 0.2), Radius: 0.2}
			e.pair = gap.Pair{Kind: k[0], A: gap.Side{Body: 0, Feature: ball}, B: gap.Side{Body: 1, Feature: anyFeatures[k[0]][1](rng)}}
			if k[1] == gap.OvalOval {
				e.pair.B.Radius = 0.1
			}
			o := e
			o.pair.Kind, o.pair.A.Feature = k[1], round(ball)
			if k[1] == gap.OvalOval {
				o.pair.B.Feature = round(e.pair.B.Feature)
			}
			m, v := e.met(r3.Vec{X: 1, Y: 2, Z: 3})
			if m.Gap2 < 0.1 { // what goes through is behind, and there an oval is the ball that holds it
				continue
			}
			_, w := o.met(r3.Vec{X: 1, Y: 2, Z: 3})
			for i := range v {
				tol.Within(t, math.Abs(v[i]-w[i]), 1e-13, "%v: value %d", k[1], i)
			}
		}
	}
	for range 50 {
		x := resting{f: gap.Feature{Center: gauss(rng, 0.2), Radius: 0.2}, n: anyAxis(rng), b: anyBody(rng, r3.Vec{})}
		y := x
		y.f = round(x.f)
		a, v := x.touched()
		_, w := y.touched()
		p := r3.Add(a.P, a.Reach)
		for i, u := range [6]float64{v[0], v[1], v[2], p.X, p.Y, p.Z} {
			tol.Within(t, math.Abs(u-w[i]), 1e-14, "half-space: value %d", i)
		}
	}
}

// TestCommonNormalIsFound: for ovals of all proportions, near and deep in each other, the search ends where no direction of many is
// better when they are apart, none nearby when they are not, and the normals at the nearest points are those of the surfaces.
func TestCommonNormalIsFound(t *testing.T) {
	rng := rand.New(rand.NewPCG(55, 56))
	still := spatial.NewMotion(r3.Vec{}, r3.Vec{})
	apart, deep := 0, 0
	for n := range 3000 {
		r := func() float64 { return math.Pow(10, -2+2*rng.Float64()) }
		oval := func() gap.Feature { return gap.Feature{Oval: gap.OvalOf(r3.Vec{X: r(), Y: r(), Z: r()})} }
		e := encounter{a: body{pos: gauss(rng, 0.2), rot: attitude(rng), m: still}, b: body{rot: attitude(rng), m: still}}
		e.pair = gap.Pair{Kind: gap.OvalOval, A: gap.Side{Body: 0, Feature: oval()}, B: gap.Side{Body: 1, Feature: oval()}}
		switch n % 3 {
		case 1:
			e.pair.Kind, e.pair.B.Feature = gap.OvalPoint, gap.Feature{}
		case 2:
			e.pair.Kind, e.pair.B.Feature = gap.OvalLine, gap.Feature{Axis: anyAxis(rng)}
		}
		m, _ := e.met(r3.Vec{})
		axis := spatial.QuatRotate(e.b.rot, e.pair.B.Axis)
		phi := func(v r3.Vec) float64 {
			if axis != (r3.Vec{}) {
				v = r3.Unit(r3.Sub(v, r3.Scale(r3.Dot(axis, v), axis)))
			}
			g := r3.Dot(v, r3.Sub(e.a.pos, e.b.pos))
			for _, s := range []struct {
				b *body
				f *gap.Side
			}{{&e.a, &e.pair.A}, {&e.b, &e.pair.B}} {
				var rot spatial.Mat3
				rot.Set(s.b.rot)
				q := spatial.Sym3(s.f.Oval.Turned(&rot))
				g -= math.Sqrt(math.Max(0, r3.Dot(v, q.MulVec(v))))
			}
			return g
		}
		tol.Within(t, math.Abs(phi(m.N)-m.Gap2), 1e-14, "gap")
		for i := range 300 {
			v := anyAxis(rng)
			if m.Gap2 < 0 || i%2 == 0 { // near the normal
				v = r3.Unit(r3.Add(m.N, r3.Scale(1e-3, v)))
			}
			if d := phi(v) - m.Gap2; d > 1e-12 {
				t.Errorf("case %d (%v): %g apart along %v, said %g along %v", n, e.pair.Kind, phi(v), v, m.Gap2, m.N)
				break
			}
		}
		if m.Gap2 > 0 {
			apart++
		} else {
			deep++
		}
	}
	if apart < 500 || deep < 500 {
		t.Errorf("only %d apart and %d not", apart, deep)
	}
}
