package gap_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// body is a body at knot 2 about O, and its motion to knot 3.
type body struct {
	pos r3.Vec
	rot spatial.Quat
	m   spatial.Motion
}

func anyBody(rng *rand.Rand, at r3.Vec) body {
	return body{pos: r3.Add(at, gauss(rng, 0.2)), rot: attitude(rng), m: spatial.NewMotion(gauss(rng, 0.15), gauss(rng, 0.05))}
}

func (b *body) frame() *gap.Frame {
	var rot spatial.Mat3
	rot.Set(b.rot)
	return &gap.Frame{Pos: b.pos, Rot: &rot}
}

// after returns the body after a further twist eps·t about O at knot 3.
func (b body) after(t spatial.Twist, eps float64) body {
	b.m = *moved(b.pos, b.m, t, eps)
	return b
}

// from returns the body that starts from a twist eps·t about O at knot 2, and ends where it did.
func (b body) from(t spatial.Twist, eps float64) body {
	w := spatial.Scale(eps/2, t.Ang)
	dx := spatial.AddScaled(spatial.Displace(w, b.pos), eps, t.Lin)
	b.pos, b.rot = r3.Add(b.pos, dx), quat.Mul(spatial.GibbsQuat(w), b.rot)
	back, _ := spatial.Compose(b.m.W, spatial.Scale(-1, w))
	b.m.Set(back, r3.Sub(b.m.Dx, dx))
	return b
}

// encounter is a pair of two moving bodies.
type encounter struct {
	pair     gap.Pair
	a, b     body
	diagonal bool
	guided   bool
	relax    float64
	mode     gap.Mode
}

// met places and evaluates an encounter: gap and slide (as a displacement), point, normal, the wrench of the impulse l on A.
func (e *encounter) met(l r3.Vec) (t gap.Meeting, values []float64) {
	t.Guided, t.Mode, t.Lever = e.guided, e.mode, 0.7
	t.Place(&e.pair, e.a.frame(), e.b.frame(), e.diagonal)
	t.Relax(e.relax)
	if t.Rolls() {
		t.Roll(&e.a.m, &e.b.m)
	}
	g, v1, v2 := t.Eval(&e.a.m, &e.b.m, invH)
	f, at := t.Force(l), t.Point
	torque := r3.Cross(t.Point, f)
	if t.Mode == gap.Turn { // a torque acts nowhere
		g, at = g/invH, r3.Vec{}
		torque = r3.Scale(t.Lever, r3.Add(r3.Scale(l.X, t.N), r3.Add(r3.Scale(l.Y, t.T1), r3.Scale(l.Z, t.T2))))
	}
	for _, v := range []r3.Vec{{X: g, Y: v1 / invH, Z: v2 / invH}, at, t.N, f, torque} {
		values = append(values, v.X, v.Y, v.Z)
	}
	return t, values
}

const invH = 100.0

func anyAxis(rng *rand.Rand) r3.Vec { return r3.Unit(gauss(rng, 1)) }

func anyPoint(rng *rand.Rand) gap.Feature {
	return gap.Feature{Center: gauss(rng, 0.2), Radius: 0.1 * float64(rng.IntN(3))}
}

func anyLine(rng *rand.Rand) gap.Feature {
	f := anyPoint(rng)
	f.Axis = anyAxis(rng)
	return f
}

func anyRim(rng *rand.Rand) gap.Feature {
	f := anyLine(rng)
	f.Radius = 0.05 + 0.2*rng.Float64()
	return f
}

func anyOval(rng *rand.Rand) gap.Feature {
	var rot spatial.Mat3
	rot.Set(attitude(rng))
	r := func() float64 { return 0.06 + 0.24*rng.Float64() }
	f := anyPoint(rng)
	f.Oval = gap.OvalOf(r3.Vec{X: r(), Y: r(), Z: r()}).Turned(&rot)
	return f
}

// anyFeatures makes pairs of every kind. A kind that is not here fails all tests that go through encounters.
var anyFeatures = map[gap.Kind][2]func(*rand.Rand) gap.Feature{
	gap.PointPoint: {anyPoint, anyPoint},
	gap.PointLine:  {anyPoint, anyLine},
	gap.LinePoint:  {anyLine, anyPoint},
	gap.LineLine:   {anyLine, anyLine},
	gap.PointPlane: {anyPoint, anyLine},
	gap.PlanePoint: {anyLine, anyPoint},
	gap.OvalPoint:  {anyOval, anyPoint},
	gap.PointOval:  {anyPoint, anyOval},
	gap.OvalLine:   {anyOval, anyLine},
	gap.LineOval:   {anyLine, anyOval},
	gap.OvalPlane:  {anyOval, anyLine},
	gap.PlaneOval:  {anyLine, anyOval},
	gap.OvalOval:   {anyOval, anyOval},
	gap.RimPlane:   {anyRim, anyLine},
	gap.PlaneRim:   {anyLine, anyRim},
}

// encounters calls f with n random encounters of every kind, whose normals are well defined at both knots.
func encounters(t *testing.T, n int, f func(t *testing.T, rng *rand.Rand, e *encounter)) {
	for k := gap.Kind(1); k.String() != "unknown"; k++ {
		t.Run(k.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(21, uint64(k)))
			features, ok := anyFeatures[k]
			if !ok {
				t.Fatalf("no features for pairs of kind %v: what they do is not tested", k)
			}
			done := 0
			for i := range n {
				e := encounter{a: anyBody(rng, r3.Vec{X: 0.5, Z: 0.6}), b: anyBody(rng, r3.Vec{Y: -0.5}), diagonal: i%2 == 0, guided: i%3 > 0, relax: []float64{0, -5}[i/2%2]}
				e.pair = gap.Pair{Kind: k, A: gap.Side{Body: 0, Feature: features[0](rng)}, B: gap.Side{Body: 1, Feature: features[1](rng)}}
				if e.clear() {
					f(t, rng, &e)
					done++
				}
			}
			if done < n/4 {
				t.Errorf("%d of %d encounters are far from kinks", done, n)
			}
		})
	}
}

// clear reports whether the features are at least 0.2 m, and lines 0.3 rad, from a kink.
func (e *encounter) clear() bool {
	m, _ := e.met(r3.Vec{})
	ea := spatial.QuatRotate(e.a.rot, e.pair.A.Axis)
	eb := spatial.QuatRotate(e.b.rot, e.pair.B.Axis)
	across := e.pair.Kind != gap.LineLine || r3.Norm(r3.Cross(ea, eb)) > 0.5
	return across && math.Abs(m.Gap2+e.pair.A.Radius+e.pair.B.Radius) > 0.4 && math.Abs(m.N.Z) > 0.05
}

// TestGapOfAPair is that at which it meets, to the bit.
func TestGapOfAPair(t *testing.T) {
	encounters(t, 200, func(t *testing.T, _ *rand.Rand, e *encounter) {
		if m, _ := e.met(r3.Vec{}); e.pair.Gap(e.a.frame(), e.b.frame()) != m.Gap2 {
			t.Errorf("%g, meets at %g", e.pair.Gap(e.a.frame(), e.b.frame()), m.Gap2)
		}
	})
}

func unitTwist(c int) (t spatial.Twist) {
	var e [6]float64
	e[c] = 1
	return spatial.Twist{Lin: r3.Vec{X: e[0], Y: e[1], Z: e[2]}, Ang: r3.Vec{X: e[3], Y: e[4], Z: e[5]}}
}

// slopes compares derivatives with central differences of the values of an encounter at ±eps and ±2 eps. Those leave
// 3e-20 times fifth derivatives, and 1e-11 of rounding. (Of two values third derivatives are left, which are up to 10⁵
// where tangents lean.)
func slopes(t *testing.T, what string, at func(eps float64) *encounter, l r3.Vec, want []float64) {
	t.Helper()
	const eps = 3e-5
	_, hi := at(eps).met(l)
	_, lo := at(-eps).met(l)
	_, higher := at(2 * eps).met(l)
	_, lower := at(-2 * eps).met(l)
	for i := range want {
		d := (8*(hi[i]-lo[i]) - (higher[i] - lower[i])) / (12 * eps)
		tol.Within(t, math.Abs(d-want[i])/(1+math.Abs(d)), 1e-8, "%s: value %d changes by %g, said %g", what, i, d, want[i])
	}
}

// flat is what Response says of the values of met.
func flat(m *gap.Meeting, r *gap.Response, l r3.Vec) (v []float64) {
	w, g := m.Turned(r, l), r.Value.X
	if m.Mode == gap.Turn {
		g /= invH
	}
	for _, x := range []r3.Vec{{X: g, Y: r.Value.Y / invH, Z: r.Value.Z / invH}, r.Point, r.N, w.Force, w.Torque} {
		v = append(v, x.X, x.Y, x.Z)
	}
	return v
}

// TestMeetingDerivatives compares every derivative of every kind of pair with central differences: by both poses at knot 3 and at
// knot 2, by center, axis and radius of both features.
func TestMeetingDerivatives(t *testing.T) {
	encounters(t, 60, func(t *testing.T, rng *rand.Rand, e *encounter) {
		e.mode = []gap.Mode{gap.Slide, gap.Slide, gap.Turn}[rng.IntN(3)]
		l := gauss(rng, 1)
		m, _ := e.met(l)
		first := 1.0 // what the first number of the value is divided by: a gap, or a rate as the others are
		if e.mode == gap.Turn {
			first = invH
		}
		var g [2][3]spatial.Wrench
		var s gap.Start
		m.Rows(&g[0], &g[1], &e.a.m, &e.b.m, invH)
		m.StartRows(&s, l, &e.a.m, &e.b.m, invH)
		for side := range 2 {
			on := func(change func(body) body) *encounter {
				x := *e
				of := [2]*body{&x.a, &x.b}[side]
				*of = change(*of)
				return &x
			}
			for c := range 6 {
				tw := unitTwist(c)
				at3 := []float64{tw.Power(&g[side][0]) / first, tw.Power(&g[side][1]) / invH, tw.Power(&g[side][2]) / invH}
				ends := atEnd(&m, e, side, &tw, l)
				slopes(t, fmt.Sprintf("side %d, knot 3, direction %d", side, c), func(eps float64) *encounter {
					return on(func(b body) body { return b.after(tw, eps) })
				}, l, append(at3, ends...))
				at2 := []float64{tw.Power(&s.Rows[side][0]) / first, tw.Power(&s.Rows[side][1]) / invH, tw.Power(&s.Rows[side][2]) / invH}
				from := func(eps float64) *encounter { return on(func(b body) body { return b.from(tw, eps) }) }
				slopes(t, fmt.Sprintf("side %d, knot 2, direction %d", side, c), from, l, at2)
				eps := math.Cbrt(0x1p-52)
				_, hi := from(eps).met(l)
				_, lo := from(-eps).met(l)
				for i := range 6 {
					d := (hi[9+i] - lo[9+i]) / (2 * eps)
					tol.Within(t, math.Abs(d-s.Impulse[side][6*i+c])/(1+math.Abs(d)), 1e-8, "side %d: the wrench's part %d by direction %d at knot 2", side, i, c)
				}
			}
		}
		sizes(t, rng, e, &m, l)
	})
}

// atEnd returns how point, normal, force and torque change with a twist at knot 3: only what rolls knows it.
func atEnd(m *gap.Meeting, e *encounter, side int, tw *spatial.Twist, l r3.Vec) []float64 {
	v := make([]float64, 12)
	if !m.Rolls() {
		return v
	}
	var d spatial.Mat3
	m.PointRows(&d, &e.a.m, &e.b.m)
	p := d.MulVec(r3.Scale(float64(1-2*side), tw.Ang))
	t := r3.Cross(p, m.Force(l))
	v[0], v[1], v[2], v[9], v[10], v[11] = p.X, p.Y, p.Z, t.X, t.Y, t.Z
	return v
}

// sizes is that check by the numbers of the features.
func sizes(t *testing.T, rng *rand.Rand, e *encounter, m *gap.Meeting, l r3.Vec) {
	for side := range 2 {
		f := [2]*gap.Side{&e.pair.A, &e.pair.B}[side].Feature
		rot := [2]*body{&e.a, &e.b}[side].rot
		turn := anyAxis(rng) // of the axis
		some := func() float64 { return 0.1 * (f.Oval.XX + f.Oval.YY + f.Oval.ZZ) * rng.NormFloat64() }
		swell := gap.Oval{XX: some(), XY: some(), XZ: some(), YY: some(), YZ: some(), ZZ: some()}
		for c := range 6 {
			if c == 5 && !f.IsOval() {
				continue
			}
			var in gap.Change // in body axes
			switch c {
			case 3:
				in.Radius = 1
			case 4:
				in.Axis = r3.Cross(turn, f.Axis)
			case 5:
				in.Oval = swell
			default:
				in.Center = unitTwist(c).Lin
			}
			var by [2]gap.Change
			var at spatial.Mat3
			at.Set(rot)
			by[side] = gap.Change{Oval: in.Oval.Turned(&at), Center: spatial.QuatRotate(rot, in.Center), Axis: spatial.QuatRotate(rot, in.Axis), Radius: in.Radius}
			r := m.Respond(&by[0], &by[1], &e.a.m, &e.b.m, invH)
			slopes(t, fmt.Sprintf("side %d, size %d", side, c), func(eps float64) *encounter {
				x := *e
				y := &[2]*gap.Side{&x.pair.A, &x.pair.B}[side].Feature
				y.Center, y.Radius = r3.Add(f.Center, r3.Scale(eps, in.Center)), f.Radius+eps*in.Radius
				if c == 4 {
					w := spatial.Scale(eps/2, turn)
					y.Axis = spatial.Rotate(w, f.Axis)
				}
				if c == 5 {
					y.Oval = more(f.Oval, eps, swell)
				}
				return &x
			}, l, flat(m, &r, l))
		}
	}
}

// TestSwappedSidesMirror: with A and B exchanged everything is the same to the bit, or its opposite.
func TestSwappedSidesMirror(t *testing.T) {
	encounters(t, 200, func(t *testing.T, rng *rand.Rand, e *encounter) {
		e.diagonal = false
		mirror(t, e)
	})
}

func mirror(t *testing.T, e *encounter) {
	t.Helper()
	s := encounter{pair: e.pair, a: e.b, b: e.a, guided: e.guided, relax: e.relax}
	s.pair.Swap()
	m, x := e.met(r3.Vec{})
	w, y := s.met(r3.Vec{})
	if m.N != r3.Scale(-1, w.N) || m.T1 != w.T1 || m.T2 != r3.Scale(-1, w.T2) || m.Point != w.Point || m.Gap2 != w.Gap2 || m.Tie != w.Tie {
		t.Errorf("%v: normal %v and %v, point %v and %v, gap %g and %g", e.pair.Kind, m.N, w.N, m.Point, w.Point, m.Gap2, w.Gap2)
	}
	if x[0] != y[0] || x[1] != -y[1] || x[2] != y[2] {
		t.Errorf("%v: gap and slide %v, swapped %v", e.pair.Kind, x[:3], y[:3])
	}
	var g, h [2][3]spatial.Wrench
	m.Rows(&g[0], &g[1], &e.a.m, &e.b.m, invH)
	w.Rows(&h[0], &h[1], &s.a.m, &s.b.m, invH)
	for k, sign := range []float64{1, -1, 1} {
		if g[0][k] != h[1][k].Scaled(sign) || g[1][k] != h[0][k].Scaled(sign) {
			t.Errorf("%v: row %d is %v, swapped %v", e.pair.Kind, k, g[0][k], h[1][k])
		}
	}
}
