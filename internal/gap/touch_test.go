package gap_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

var gauss, attitude = fixture.Gauss, fixture.Attitude

// features are those that touch half-spaces.
var features = map[string]gap.Feature{
	"ball":   {Center: r3.Vec{X: 0.1, Y: -0.2, Z: 0.05}, Radius: 0.3},
	"vertex": {Center: r3.Vec{X: 0.1, Y: 0.2, Z: -0.3}},
	"oval":   {Center: r3.Vec{X: 0.1, Z: -0.2}, Oval: gap.OvalOf(r3.Vec{X: 0.3, Y: 0.1, Z: 0.2})},
	"rim":    {Center: r3.Vec{X: -0.1, Z: 0.2}, Axis: r3.Vec{X: 0.6, Z: 0.8}, Radius: 0.2},
}

// place places f on a body at origin about o with the attitude rot against a half-space.
func place(touch *gap.Touch, f gap.Feature, n r3.Vec, offset float64, origin r3.Vec, rot *spatial.Mat3, o r3.Vec) {
	t1, t2 := spatial.Tangents(n)
	wall := gap.HalfSpace(n, offset)
	touch.Guided = true
	touch.Place(&f, &gap.Frame{Pos: origin, Rot: rot}, &wall, &gap.Frame{Pos: spatial.Scale(-1, o)}, t1, t2)
}

// moved returns the motion m after a further twist t·eps of the body about O at knot 3.
func moved(origin r3.Vec, m spatial.Motion, t spatial.Twist, eps float64) *spatial.Motion {
	turn := spatial.Scale(eps/2, t.Ang)
	x := spatial.Add(origin, m.Dx)
	dx := spatial.Add(m.Dx, spatial.AddScaled(spatial.Displace(turn, x), eps, t.Lin))
	w, _ := spatial.Compose(turn, m.W)
	m.Set(w, dx)
	return &m
}

func TestRowsAreDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	worst := map[string]float64{}
	for n := 0; n < 400; n++ {
		normal, _ := spatial.Unit(gauss(rng, 1))
		offset := rng.NormFloat64()
		var rot spatial.Mat3
		rot.Set(attitude(rng))
		origin, o := gauss(rng, 0.5), gauss(rng, 2)
		m, invH := spatial.NewMotion(gauss(rng, 0.3), gauss(rng, 0.2)), 100.0
		for name, f := range features {
			var touch gap.Touch
			place(&touch, f, normal, offset, origin, &rot, o)
			var g [3]spatial.Wrench
			touch.Rows(&g, &m, invH)
			for c := 0; c < 6; c++ {
				var e [6]float64
				e[c] = 1
				tw := spatial.Twist{Lin: r3.Vec{X: e[0], Y: e[1], Z: e[2]}, Ang: r3.Vec{X: e[3], Y: e[4], Z: e[5]}}
				eval := func(eps float64) [3]float64 {
					a, b, c := touch.Eval(moved(origin, m, tw, eps), invH)
					return [3]float64{a, b / invH, c / invH}
				}
				eps := math.Cbrt(0x1p-52)
				hi, lo := eval(eps), eval(-eps)
				for k := range hi {
					want := tw.Power(&g[k])
					if k > 0 {
						want /= invH
					}
					// central differences leave 4e-11 times third derivatives of order one
					d := math.Abs((hi[k]-lo[k])/(2*eps) - want)
					worst[name] = math.Max(worst[name], d)
					if !(d < 1e-8) {
						t.Fatalf("%v: row %d, direction %d: difference %g", name, k, c, d)
					}
				}
			}
		}
	}
	t.Logf("worst errors by feature: %v", worst)
}

// TestRollingDoesNotSlide turns a ball about the point it touches: no sliding, to rounding, for a step of
// any length, when its center moves by the arc h ω r, which the motion knows to a relative error of 1e-3 at two radians.
func TestRollingDoesNotSlide(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for n := 0; n < 20; n++ {
		normal, _ := spatial.Unit(gauss(rng, 1))
		r, h := 0.1+rng.Float64(), 0.001+0.1*rng.Float64()
		var rot spatial.Mat3
		rot.Set(spatial.Identity)
		var touch gap.Touch
		place(&touch, gap.Feature{Radius: r}, normal, 0, spatial.Scale(r, normal), &rot, r3.Vec{})
		omega := gauss(rng, 5)
		turn := spatial.Scale(h, omega)
		w, _ := spatial.GibbsOf(turn)
		m := spatial.NewMotion(w, spatial.Vec{})
		arc := spatial.Scale(2, m.Spin())
		if angle := spatial.Norm(turn); spatial.Norm(spatial.Sub(arc, turn)) > 1e-3*math.Pow(angle/2, 9)*angle+1e-15 {
			t.Errorf("a turn by %g rad has an arc of %g", angle, spatial.Norm(arc))
		}
		m = spatial.NewMotion(w, spatial.Scale(r, spatial.Cross(arc, normal)))
		if _, a, b := touch.Eval(&m, 1/h); math.Abs(a)+math.Abs(b) > 1e-12 {
			t.Errorf("a rolling ball slides at (%g, %g) m/s", a, b)
		}
	}
}

func TestWrenchesActAtTheContactPoint(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for name, f := range features {
		normal, _ := spatial.Unit(gauss(rng, 1))
		var rot spatial.Mat3
		rot.Set(attitude(rng))
		var touch gap.Touch
		place(&touch, f, normal, 0.2, gauss(rng, 1), &rot, gauss(rng, 1))
		c := spatial.Add(touch.P, touch.Reach)
		for k, d := range []r3.Vec{touch.N, touch.T1, touch.T2} {
			if touch.Wrenches[k].Force != d || r3.Norm(r3.Sub(touch.Wrenches[k].Torque, r3.Cross(c, d))) > 1e-14 {
				t.Errorf("%v: wrench %d does not act at the contact point", name, k)
			}
		}
		if x := r3.Dot(touch.N, r3.Cross(touch.T1, touch.T2)); math.Abs(x-1) > 1e-14 {
			t.Errorf("normal and tangents are not a right-handed frame: %g", x)
		}
	}
}
