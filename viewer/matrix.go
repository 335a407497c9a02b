package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// matrix is a 4×4 matrix in the column-major order of OpenGL.
type matrix [16]float32

// rows makes a matrix of four rows, each a vector and a last element.
func rows(a r3.Vec, a4 float64, b r3.Vec, b4 float64, c r3.Vec, c4 float64, d r3.Vec, d4 float64) matrix {
	return matrix{
		float32(a.X), float32(b.X), float32(c.X), float32(d.X),
		float32(a.Y), float32(b.Y), float32(c.Y), float32(d.Y),
		float32(a.Z), float32(b.Z), float32(c.Z), float32(d.Z),
		float32(a4), float32(b4), float32(c4), float32(d4),
	}
}

// perspective maps points relative to the eye to clip coordinates. Relative to the eye, not to the world's
// origin: single precision is then fine at the eye, wherever the robot has walked to.
func perspective(v *scene.View, aspect, near, far float64) matrix {
	sy := 1 / v.TanHalf
	sx := sy / aspect
	a, b := (far+near)/(far-near), -2*far*near/(far-near)
	return rows(r3.Scale(sx, v.Right), 0, r3.Scale(sy, v.Up), 0, r3.Scale(a, v.Forward), b, v.Forward, 0)
}

// sunView maps points relative to the eye to the clip coordinates of the light: a box around balls.
type sunView struct {
	u, v, to  r3.Vec // axes, to the light
	low, high r3.Vec // along them, relative to the eye
}

func newSunView(to r3.Vec) sunView {
	side := r3.Vec{X: 1}
	if math.Abs(to.X) > 0.9 {
		side = r3.Vec{Y: 1}
	}
	u := r3.Unit(r3.Cross(side, to))
	inf := math.Inf(1)
	return sunView{u: u, v: r3.Cross(to, u), to: to, low: r3.Vec{X: inf, Y: inf, Z: inf}, high: r3.Vec{X: -inf, Y: -inf, Z: -inf}}
}

// include grows the box to hold a ball.
func (s *sunView) include(at r3.Vec, r float64) {
	p := r3.Vec{X: r3.Dot(s.u, at), Y: r3.Dot(s.v, at), Z: r3.Dot(s.to, at)}
	s.low = r3.Vec{X: math.Min(s.low.X, p.X-r), Y: math.Min(s.low.Y, p.Y-r), Z: math.Min(s.low.Z, p.Z-r)}
	s.high = r3.Vec{X: math.Max(s.high.X, p.X+r), Y: math.Max(s.high.Y, p.Y+r), Z: math.Max(s.high.Z, p.Z+r)}
}

func (s *sunView) empty() bool { return !(s.high.X > s.low.X) }

// pad widens the box a little: nothing then touches the outermost texels of the map, which stand for
// everything beyond.
func (s *sunView) pad() {
	d := r3.Scale(0.01, r3.Sub(s.high, s.low))
	s.low, s.high = r3.Sub(s.low, d), r3.Add(s.high, d)
}

func (s *sunView) matrix() matrix {
	x, y, z := 2/(s.high.X-s.low.X), 2/(s.high.Y-s.low.Y), -2/(s.high.Z-s.low.Z)
	return rows(
		r3.Scale(x, s.u), -x*(s.low.X+s.high.X)/2,
		r3.Scale(y, s.v), -y*(s.low.Y+s.high.Y)/2,
		r3.Scale(z, s.to), -z*(s.low.Z+s.high.Z)/2, r3.Vec{}, 1)
}
