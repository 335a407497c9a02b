package scene

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// ends returns the ends of a shaft or tip along its axis.
func ends(p *Piece) (low, high r3.Vec) {
	return p.Pose.Apply(r3.Vec{Z: -p.Half}), p.Pose.Apply(r3.Vec{Z: p.Half})
}

func apart(a, b r3.Vec) float64 { return r3.Norm(r3.Sub(a, b)) }

// TestArrowReachesFromEndToEnd: the shaft starts where the arrow does, the tip goes on where the shaft ends and ends
// where the vector points, whatever its direction and length.
func TestArrowReachesFromEndToEnd(t *testing.T) {
	from := r3.Vec{X: 1, Y: 2, Z: 3}
	for _, v := range []r3.Vec{{Z: 1}, {Z: -1}, {X: 0.3, Y: -0.4, Z: 0.1}, {X: 1e-3}, {Y: 50}} {
		s := Scene{Arrows: []Arrow{{From: from, Vector: v, Radius: 0.02}}}
		l := s.AppendPieces(nil)
		if len(l) != 2 || l[0].Kind != ShaftPiece || l[1].Kind != TipPiece {
			t.Fatalf("%v becomes %+v", v, l)
		}
		a, b := ends(&l[0])
		c, d := ends(&l[1])
		if worst := max(apart(a, from), apart(b, c), apart(d, r3.Add(from, v))); worst > 1e-12*(1+r3.Norm(v)) {
			t.Errorf("%v: ends miss by %g m: shaft %v…%v, tip %v…%v", v, worst, a, b, c, d)
		}
		if l[1].Radius <= l[0].Radius {
			t.Errorf("%v: the tip is %g wide, the shaft %g", v, l[1].Radius, l[0].Radius)
		}
	}
}

// TestVanishingArrowVanishes: below the length of its tip all of an arrow shrinks in proportion.
func TestVanishingArrowVanishes(t *testing.T) {
	radius := func(length float64) float64 {
		s := Scene{Arrows: []Arrow{{Vector: r3.Vec{X: length}, Radius: 0.1}}}
		l := s.AppendPieces(nil)
		if tip := &l[1]; math.Abs(tip.Half/tip.Radius-1.25) > 1e-12 {
			t.Errorf("the tip of an arrow of %g m is %g m long and %g m wide", length, 2*tip.Half, tip.Radius)
		}
		return l[0].Radius
	}
	if radius(5) != 0.1 || radius(1) != 0.1 {
		t.Errorf("long arrows are %g and %g thick, want 0.1", radius(5), radius(1))
	}
	if a := radius(0.09); math.Abs(a-0.01) > 1e-15 {
		t.Errorf("an arrow of a tenth of the tip's length is %g thick, want 0.01", a)
	}
	s := Scene{Arrows: []Arrow{{}, {Vector: r3.Vec{X: math.NaN()}}, {From: r3.Vec{Y: math.Inf(1)}, Vector: r3.Vec{X: 1}}}}
	if l := s.AppendPieces(nil); len(l) != 0 {
		t.Errorf("arrows that are nothing or nowhere become %+v", l)
	}
}

// TestFrameAxes: three arrows along the turned axes in red, green and blue.
func TestFrameAxes(t *testing.T) {
	q := spatial.RPY(0.3, -0.5, 1.2)
	s := Scene{Frames: []Frame{{Pose: Pose{Pos: r3.Vec{X: 2}, Rot: q}, Size: 0.5}, {Pose: Pose{Rot: spatial.Quat{Real: math.NaN()}}}}}
	l := s.AppendPieces(nil)
	if len(l) != 6 {
		t.Fatalf("%d pieces, want three shafts and tips of the frame that is finite", len(l))
	}
	for k, axis := range []r3.Vec{{X: 0.5}, {Y: 0.5}, {Z: 0.5}} {
		_, tip := ends(&l[2*k+1])
		if d := apart(tip, r3.Add(r3.Vec{X: 2}, spatial.QuatRotate(q, axis))); d > 1e-14 {
			t.Errorf("axis %d ends %g m beside its place", k, d)
		}
		c := [3]float64{l[2*k].Color.R, l[2*k].Color.G, l[2*k].Color.B}
		if c[k] < c[(k+1)%3] || c[k] < c[(k+2)%3] {
			t.Errorf("axis %d has the color %v", k, c)
		}
	}
}

func TestPoints(t *testing.T) {
	s := Scene{
		Camera: Camera{Distance: 10},
		Points: []Point{{}, {Kind: CenterOfMass}, {Radius: 0.3, OnTop: true, Color: RGB(0xFF)}, {At: r3.Vec{X: math.NaN()}}},
	}
	l := s.AppendPieces([]Piece{{}})[1:]
	if len(l) != 3 {
		t.Fatalf("%d balls, want 3: one is nowhere", len(l))
	}
	plain, mass, top := l[0], l[1], l[2]
	if plain.Radius != 0.08 || plain.OnTop || plain.Quarters || plain.Color == (Color{}) {
		t.Errorf("a plain point is %+v", plain)
	}
	if mass.Radius != 0.16 || !mass.OnTop || !mass.Quarters {
		t.Errorf("the center of mass is %+v", mass)
	}
	if top.Radius != 0.3 || !top.OnTop || top.Quarters || top.Color != RGB(0xFF) {
		t.Errorf("a chosen point is %+v", top)
	}
}

// TestPlaneAxes: unit, perpendicular, right-handed, for normals of every direction; x and y on level ground.
func TestPlaneAxes(t *testing.T) {
	for _, n := range []r3.Vec{{}, {Z: 7}, {X: 1}, {X: -2}, {Y: 1}, {X: 1, Y: 1e-3}, {X: 0.5, Z: 1}, {X: -1, Y: 2, Z: -3}} {
		g := Ground{Normal: n}
		u, t1, t2, ok := g.Plane()
		if !ok {
			t.Errorf("%v has no plane", n)
		}
		for _, c := range []struct{ got, want float64 }{
			{r3.Norm(u), 1}, {r3.Norm(t1), 1}, {r3.Norm(t2), 1}, {r3.Dot(u, t1), 0}, {apart(r3.Cross(t1, t2), u), 0},
		} {
			if math.Abs(c.got-c.want) > 1e-14 {
				t.Errorf("%v: axes %v %v %v", n, u, t1, t2)
			}
		}
	}
	if _, t1, t2, _ := (&Ground{}).Plane(); t1 != (r3.Vec{X: 1}) || t2 != (r3.Vec{Y: 1}) {
		t.Errorf("the level ground has the axes %v and %v", t1, t2)
	}
	for _, g := range []Ground{{Normal: r3.Vec{X: math.NaN()}}, {Offset: math.Inf(1)}, {Normal: r3.Vec{Z: math.Inf(1)}}} {
		if _, _, _, ok := g.Plane(); ok {
			t.Errorf("%+v has a plane", g)
		}
	}
}

// TestDefaultsOfTheSurroundings: what a scene leaves out is filled in, what it says is kept.
func TestDefaultsOfTheSurroundings(t *testing.T) {
	var s Scene
	s.Camera.Distance = 5
	if f := s.FogDensity(); math.Abs(f*60*60-1) > 1e-12 {
		t.Errorf("the fog's range is %g m, want twelve camera distances", 1/math.Sqrt(f))
	}
	if s.Fog = 10; s.FogDensity() != 0.01 {
		t.Errorf("fog of 10 m has the density %g", s.FogDensity())
	}
	if s.Fog = -1; s.FogDensity() != 0 {
		t.Errorf("no fog has the density %g", s.FogDensity())
	}
	if d := s.Light.Direction(); math.Abs(r3.Norm(d)-1) > 1e-15 || d.Z < 0.5 {
		t.Errorf("the light comes from %v", d)
	}
	if d := (&Light{To: r3.Vec{X: 3}}).Direction(); d != (r3.Vec{X: 1}) {
		t.Errorf("light from x comes from %v", d)
	}
	red := RGB(0xFF0000)
	if h, z := (&Sky{Zenith: red}).Shades(); h == (Color{}) || z != red {
		t.Errorf("the sky is %v and %v", h, z)
	}
	g := Ground{Cell: 2, Colors: [2]Color{red}}
	if a, b := g.Shades(); a != red || b == (Color{}) || b == red || g.Edge() != 2 || (&Ground{}).Edge() != 0.5 {
		t.Errorf("the ground has fields of %g m in %v and %v", g.Edge(), a, b)
	}
	if k := Stretch(r3.Vec{}); k != (r3.Vec{X: 1, Y: 1, Z: 1}) || Stretch(k) != k || Stretch(r3.Vec{X: 2}) != (r3.Vec{X: 2}) {
		t.Errorf("no scale is %v", k)
	}
}

// TestLinearLight checks the transfer function at its ends, its joint, middle gray, and beyond its range.
func TestLinearLight(t *testing.T) {
	for _, c := range []struct{ s, want float64 }{{0, 0}, {1, 1}, {0.04045, 0.0031308}, {0.5, 0.21404}, {-1, 0}, {3, 1}} {
		if r, g, b := (Color{c.s, c.s, c.s, 0.3}).Linear(); math.Abs(r-c.want) > 1e-5 || r != g || g != b {
			t.Errorf("%g is the light %g, %g, %g, want %g", c.s, r, g, b, c.want)
		}
	}
}
