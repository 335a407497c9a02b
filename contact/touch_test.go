package contact_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

func gauss(rng *rand.Rand, s float64) r3.Vec {
	return r3.Vec{X: s * rng.NormFloat64(), Y: s * rng.NormFloat64(), Z: s * rng.NormFloat64()}
}

func attitude(rng *rand.Rand) spatial.Quat {
	q, _ := spatial.Normalize(spatial.Quat{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()})
	return q
}

var shapes = []contact.Shape{
	contact.Sphere(0.3), contact.Capsule(0.1, 0.2), contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}),
	contact.Cylinder(0.2, 0.1), contact.Points([]r3.Vec{{X: 0.1}, {Y: -0.2, Z: 0.3}}),
}

// TestEveryShapeIsTested: the tests of this file go through the list above; a kind of shape that is not on it would pass them all.
func TestEveryShapeIsTested(t *testing.T) {
	tested := map[contact.Kind]bool{}
	for _, s := range shapes {
		tested[s.Kind] = true
	}
	for k := contact.Kind(1); k.String() != "unknown"; k++ {
		if !tested[k] {
			t.Errorf("no shape in the list is a %v", k)
		}
	}
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
	worst := map[contact.Kind]float64{}
	for n := 0; n < 400; n++ {
		shape := shapes[n%len(shapes)]
		plane := contact.HalfSpace{Offset: rng.NormFloat64()}
		plane.Normal, _ = spatial.Unit(gauss(rng, 1))
		t1, t2 := spatial.Tangents(plane.Normal)
		var rot spatial.Mat3
		rot.Set(attitude(rng))
		origin, o := gauss(rng, 0.5), gauss(rng, 2)
		m, invH := spatial.NewMotion(gauss(rng, 0.3), gauss(rng, 0.2)), 100.0
		for _, f := range shape.Features(spatial.Pose{Pos: gauss(rng, 0.2), Rot: attitude(rng)}) {
			var touch contact.Touch
			f.Place(&touch, &plane, t1, t2, origin, &rot, o)
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
					worst[shape.Kind] = math.Max(worst[shape.Kind], d)
					if !(d < 1e-8) {
						t.Fatalf("%v: row %d, direction %d: difference %g", shape.Kind, k, c, d)
					}
				}
			}
		}
	}
	t.Logf("worst errors by shape: %v", worst)
}

// TestGapAgainstSurfacePoints compares the smallest gap of a shape with a brute-force search over points
// of its surface, at knot 2 and again where Eval says it is after the step.
func TestGapAgainstSurfacePoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := 0; n < 100; n++ {
		shape := shapes[n%len(shapes)]
		plane := contact.HalfSpace{Offset: rng.NormFloat64()}
		plane.Normal, _ = spatial.Unit(gauss(rng, 1))
		t1, t2 := spatial.Tangents(plane.Normal)
		at := attitude(rng)
		var rot spatial.Mat3
		rot.Set(at)
		origin, o := gauss(rng, 0.5), gauss(rng, 2)
		place := spatial.Pose{Pos: gauss(rng, 0.2), Rot: attitude(rng)}
		m := spatial.NewMotion(gauss(rng, 0.02), gauss(rng, 0.2))
		gap2, gap3 := math.Inf(1), math.Inf(1)
		for _, f := range shape.Features(place) {
			var touch contact.Touch
			f.Place(&touch, &plane, t1, t2, origin, &rot, o)
			gap2 = math.Min(gap2, touch.Gap2)
			g, _, _ := touch.Eval(&m, 100)
			gap3 = math.Min(gap3, g)
		}
		pts, coarse := surface(shape)
		want2, want3 := math.Inf(1), math.Inf(1)
		for _, p := range pts {
			x := spatial.QuatRotate(at, place.Apply(p))
			want2 = math.Min(want2, r3.Dot(plane.Normal, r3.Add(o, r3.Add(origin, x)))-plane.Offset)
			y := r3.Add(m.Dx, m.Rotate(x))
			want3 = math.Min(want3, r3.Dot(plane.Normal, r3.Add(o, r3.Add(origin, y)))-plane.Offset)
		}
		if d := want2 - gap2; d < -1e-12 || d > coarse+1e-12 {
			t.Errorf("%v: gap %g, its surface points say %g", shape.Kind, gap2, want2)
		}
		if d := want3 - gap3; d < -1e-12 || d > coarse+1e-12 {
			t.Errorf("%v: gap %g after a step, its surface points say %g", shape.Kind, gap3, want3)
		}
	}
}

// TestRollingDoesNotSlide turns a ball about the point it touches: no sliding, to rounding, for a step of
// any length, when its center moves by the arc h ω r, which the motion knows to a relative error of 1e-3 at two radians.
func TestRollingDoesNotSlide(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for n := 0; n < 20; n++ {
		plane := contact.HalfSpace{}
		plane.Normal, _ = spatial.Unit(gauss(rng, 1))
		t1, t2 := spatial.Tangents(plane.Normal)
		r, h := 0.1+rng.Float64(), 0.001+0.1*rng.Float64()
		f := contact.Sphere(r).Features(spatial.IdentityPose)[0]
		var rot spatial.Mat3
		rot.Set(spatial.Identity)
		var touch contact.Touch
		f.Place(&touch, &plane, t1, t2, spatial.Scale(r, plane.Normal), &rot, r3.Vec{})
		omega := gauss(rng, 5)
		turn := spatial.Scale(h, omega)
		w, _ := spatial.GibbsOf(turn)
		m := spatial.NewMotion(w, spatial.Vec{})
		arc := spatial.Scale(2, m.Spin())
		if angle := spatial.Norm(turn); spatial.Norm(spatial.Sub(arc, turn)) > 1e-3*math.Pow(angle/2, 9)*angle+1e-15 {
			t.Errorf("a turn by %g rad has an arc of %g", angle, spatial.Norm(arc))
		}
		m = spatial.NewMotion(w, spatial.Scale(r, spatial.Cross(arc, plane.Normal)))
		if _, a, b := touch.Eval(&m, 1/h); math.Abs(a)+math.Abs(b) > 1e-12 {
			t.Errorf("a rolling ball slides at (%g, %g) m/s", a, b)
		}
	}
}

func TestWrenchesActAtTheContactPoint(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, shape := range shapes {
		plane := contact.HalfSpace{Offset: 0.2}
		plane.Normal, _ = spatial.Unit(gauss(rng, 1))
		t1, t2 := spatial.Tangents(plane.Normal)
		var rot spatial.Mat3
		rot.Set(attitude(rng))
		for _, f := range shape.Features(spatial.IdentityPose) {
			var touch contact.Touch
			f.Place(&touch, &plane, t1, t2, gauss(rng, 1), &rot, gauss(rng, 1))
			c := spatial.Add(touch.P, touch.Reach)
			for k, d := range []r3.Vec{touch.N, touch.T1, touch.T2} {
				if touch.Wrenches[k].Force != d || r3.Norm(r3.Sub(touch.Wrenches[k].Torque, r3.Cross(c, d))) > 1e-14 {
					t.Errorf("%v: wrench %d does not act at the contact point", shape.Kind, k)
				}
			}
			if x := r3.Dot(touch.N, r3.Cross(touch.T1, touch.T2)); math.Abs(x-1) > 1e-14 {
				t.Errorf("normal and tangents are not a right-handed frame: %g", x)
			}
		}
	}
}

func TestShapeCheckNamesTheMistake(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, s := range []contact.Shape{
		{}, contact.Sphere(0), contact.Sphere(-1), contact.Sphere(nan), contact.Sphere(inf), contact.Capsule(1, 0), contact.Capsule(nan, 1),
		contact.Cylinder(0, 1), contact.Cylinder(1, -2), contact.Box(r3.Vec{X: 1, Y: 1}), contact.Box(r3.Vec{X: nan, Y: 1, Z: 1}),
		contact.Points(nil), contact.Points([]r3.Vec{{X: inf}}), {Kind: 77, Radius: 1},
	} {
		if s.Check() == nil {
			t.Errorf("%+v passes its check", s)
		}
	}
	for _, s := range shapes {
		if err := s.Check(); err != nil {
			t.Error(err)
		}
		for _, f := range s.Features(spatial.IdentityPose) {
			if r := r3.Norm(f.Center) + f.Radius; !f.IsRim() && r > s.Extent()+1e-12 {
				t.Errorf("%v: a feature at %g lies outside the extent %g", s.Kind, r, s.Extent())
			}
		}
	}
}
