package scene

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Plane returns the unit normal of g and the axes of its checker, which for the level ground are x and y. It
// reports false for a ground that is not finite, which is not drawn.
func (g *Ground) Plane() (n, t1, t2 r3.Vec, ok bool) {
	n = g.Normal
	if n == (r3.Vec{}) {
		n = r3.Vec{Z: 1}
	}
	if n, ok = spatial.Unit(n); !ok || g.Offset-g.Offset != 0 {
		return n, t1, t2, false
	}
	t1, ok = spatial.Unit(spatial.AddScaled(r3.Vec{X: 1}, -n.X, n))
	if !ok || math.Abs(n.X) > 0.99 {
		t1, _ = spatial.Unit(spatial.AddScaled(r3.Vec{Y: 1}, -n.Y, n))
	}
	return n, t1, spatial.Cross(n, t1), true
}

// Edge returns the edge of a checker field (m).
func (g *Ground) Edge() float64 { return positive(g.Cell, 0.5) }

// Shades returns the colors of the two kinds of fields.
func (g *Ground) Shades() (light, dark Color) {
	return g.Colors[0].Or(RGB(0xA7B3BF)), g.Colors[1].Or(RGB(0x94A2B0))
}

// Direction returns the unit vector toward the light.
func (l *Light) Direction() r3.Vec {
	to, ok := spatial.Unit(l.To)
	if !ok {
		to, _ = spatial.Unit(r3.Vec{X: -0.35, Y: -0.45, Z: 0.85})
	}
	return to
}

// Shades returns the colors of the sky at the horizon and overhead.
func (s *Sky) Shades() (horizon, zenith Color) {
	return s.Horizon.Or(RGB(0xD9E4EE)), s.Zenith.Or(RGB(0x5B8CC4))
}

// FogDensity returns 1/range² of the fog (1/m²): something at the squared distance dd is seen through a share
// of 1/(1 + dd·density).
func (s *Scene) FogDensity() float64 {
	if s.Fog < 0 {
		return 0
	}
	f := positive(s.Fog, 12*s.Camera.Reach())
	return 1 / (f * f)
}

// Stretch returns the scale of a mesh along its axes: s, or 1 when s is zero.
func Stretch(s r3.Vec) r3.Vec {
	if s == (r3.Vec{}) {
		return r3.Vec{X: 1, Y: 1, Z: 1}
	}
	return s
}
