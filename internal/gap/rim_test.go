package gap_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// leaning places the rim of a disk of radius 0.2 that leans by tilt from lying flat, towards direction az.
func leaning(tilt, az float64) (t gap.Touch, f gap.Feature, origin r3.Vec, rot spatial.Mat3) {
	f = gap.Feature{Center: r3.Vec{Z: -0.1}, Axis: r3.Vec{Z: 1}, Radius: 0.2} // the rim of its lower end
	s, c := math.Sincos(az)
	w, _ := spatial.GibbsOf(r3.Vec{X: -tilt * s, Y: tilt * c})
	rot.Set(spatial.GibbsQuat(w))
	origin = r3.Vec{X: 0.3, Y: -0.1, Z: 0.1}
	place(&t, f, r3.Vec{Z: 1}, 0, origin, &rot, r3.Vec{})
	return t, f, origin, rot
}

// TestRimHasALowestPoint: the gap of a rim is the true one at any tilt beyond 7e-4, and at most 1e-4 radii too large below.
func TestRimHasALowestPoint(t *testing.T) {
	worst := 0.0
	for i := 0; i < 2000; i++ {
		tilt := math.Pow(10, -6+6*float64(i)/2000)
		touch, _, _, _ := leaning(tilt, 0.7*float64(i))
		want := 0.1 - 0.1*math.Cos(tilt) - 0.2*math.Sin(tilt)
		d := touch.Gap2 - want
		still := spatial.NewMotion(r3.Vec{}, r3.Vec{})
		if b := touch.Blunted(&still); math.Abs(d-b) > 1e-15 {
			t.Errorf("tilt %g: the gap is off by %g, Blunted says %g", tilt, d, b)
		}
		if d < -1e-15 || tilt > 7.01e-4 && d > 1e-15 {
			t.Errorf("tilt %g: the gap is off by %g", tilt, d)
		}
		worst = math.Max(worst, d/0.2)
	}
	t.Logf("worst %g radii", worst)
	if !(worst < 1e-4) {
		t.Errorf("the gap of a rim is off by %g radii", worst)
	}
}

// TestRimDerivatives compares all derivatives of a rim with differences where it is hard: nearly flat, passing through flat
// within the step, its point running around.
func TestRimDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	const eps, invH = 3e-8, 100 // differences over the 7e-4 in which a rim is blunted leave 1e-6 of curvature and of rounding
	worst := [2]float64{}
	for n := 0; n < 300; n++ {
		tilt := []float64{2e-4, 6e-4, 9e-4, 0.02, 0.5}[n%5]
		touch, f, origin, rot := leaning(tilt, 6*rng.Float64())
		m := spatial.NewMotion(gauss(rng, []float64{1e-4, 1e-3, 0.1}[n/5%3]), gauss(rng, 0.01))
		touch.Relax([]float64{0, 10}[n%2])
		var g, g2 [3]spatial.Wrench
		var point, point2 spatial.Mat3
		touch.Rows(&g, &m, invH)
		touch.PointRows(&point, &m)
		touch.Turn(&m)
		touch.StartRows(&g2, &point2, &m, invH)
		check := func(k int, hi, lo [6]float64, want [6]float64) {
			for i := range want {
				e := math.Abs((hi[i]-lo[i])/(2*eps)-want[i]) / (1 + math.Abs(want[i]))
				worst[k] = math.Max(worst[k], e)
				if !(e < 5e-6) {
					t.Fatalf("case %d, check %d: value %d changes by %g, want %g", n, k, i, (hi[i]-lo[i])/(2*eps), want[i])
				}
			}
		}
		state := func(touch gap.Touch, m *spatial.Motion) [6]float64 {
			touch.Turn(m)
			a, b, c := touch.Eval(m, invH)
			p := spatial.Add(touch.P, touch.Reach)
			return [6]float64{a, b / invH, c / invH, p.X, p.Y, p.Z}
		}
		for c := 0; c < 3; c++ { // turns at knot 3, then at knot 2 with knot 3 held fixed
			var e [3]float64
			e[c] = 1
			tw := spatial.Twist{Ang: r3.Vec{X: e[0], Y: e[1], Z: e[2]}}
			want := [6]float64{tw.Power(&g[0]), tw.Power(&g[1]) / invH, tw.Power(&g[2]) / invH, point[c], point[3+c], point[6+c]}
			check(0, state(touch, moved(origin, m, tw, eps)), state(touch, moved(origin, m, tw, -eps)), want)
			start := func(k float64) [6]float64 {
				at := spatial.NewMotion(spatial.Scale(k/2, tw.Ang), spatial.Displace(spatial.Scale(k/2, tw.Ang), origin))
				var turned, by spatial.Mat3
				by.Set(spatial.GibbsQuat(at.W))
				turned.Mul(&by, &rot)
				w, _ := spatial.Compose(m.W, spatial.Scale(-1, at.W))
				rest := spatial.NewMotion(w, spatial.Sub(m.Dx, at.Dx))
				var x gap.Touch
				place(&x, f, r3.Vec{Z: 1}, 0, spatial.Add(origin, at.Dx), &turned, r3.Vec{})
				x.Relax([]float64{0, 10}[n%2])
				return state(x, &rest)
			}
			want = [6]float64{tw.Power(&g2[0]), tw.Power(&g2[1]) / invH, tw.Power(&g2[2]) / invH, point2[c], point2[3+c], point2[6+c]}
			check(1, start(eps), start(-eps), want)
		}
	}
	t.Logf("worst errors %.1e at knot 3, %.1e at knot 2", worst[0], worst[1])
}
