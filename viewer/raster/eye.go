package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// eye is the camera as affine functions of the pixel position: the ray through (x, y) has direction
//
//	d = d0 + x dx + y dy,   d·forward = 1
//
// so the parameter of a hit along d is its depth along the forward axis.
type eye struct {
	scene.View
	width, height float64
	focal         float64 // pixels
	d0, dx, dy    vec
}

// near is the least depth that is drawn (m).
const near = scene.Near

func (e *eye) set(c *scene.Camera, width, height int) {
	e.View = c.View()
	e.width, e.height = float64(width), float64(height)
	e.focal = e.height / (2 * e.TanHalf)
	e.dx = spatial.Scale(1/e.focal, e.Right)
	e.dy = spatial.Scale(-1/e.focal, e.Up)
	e.d0 = e.Ray(0, 0, width, height)
}

// ray returns the direction through the point (x, y) of the picture.
func (e *eye) ray(x, y float64) vec {
	return vec{
		X: e.d0.X + x*e.dx.X + y*e.dy.X,
		Y: e.d0.Y + x*e.dx.Y + y*e.dy.Y,
		Z: e.d0.Z + x*e.dx.Z + y*e.dy.Z,
	}
}

// local returns p in camera axes: right, down, forward.
func (e *eye) local(p vec) vec {
	q := spatial.Sub(p, e.Eye)
	return vec{X: spatial.Dot(q, e.Right), Y: -spatial.Dot(q, e.Up), Z: spatial.Dot(q, e.Forward)}
}

// rect is an area of the picture in pixels, empty when x1 <= x0 or y1 <= y0.
type rect struct{ x0, y0, x1, y1 float64 }

func (a rect) join(b rect) rect {
	if a.empty() {
		return b
	}
	if b.empty() {
		return a
	}
	return rect{math.Min(a.x0, b.x0), math.Min(a.y0, b.y0), math.Max(a.x1, b.x1), math.Max(a.y1, b.y1)}
}

func (a rect) empty() bool { return !(a.x1 > a.x0 && a.y1 > a.y0) }

func (a rect) clip(w, h float64) rect {
	return rect{math.Max(a.x0, 0), math.Max(a.y0, 0), math.Min(a.x1, w), math.Min(a.y1, h)}
}

// ball returns the exact bounds of the sphere about p, and the whole picture when the eye's plane cuts it.
func (e *eye) ball(p vec, radius float64) rect {
	c := e.local(p)
	if c.Z+radius < near {
		return rect{}
	}
	if c.Z-radius < near {
		return rect{0, 0, e.width, e.height}
	}
	x0, x1 := slopes(c.X, c.Z, radius)
	y0, y1 := slopes(c.Y, c.Z, radius)
	return rect{
		e.width/2 + e.focal*x0, e.height/2 + e.focal*y0,
		e.width/2 + e.focal*x1, e.height/2 + e.focal*y1,
	}
}

// slopes returns the slopes x/z of the two lines through the origin that touch the circle about (x, z):
//
//	(x z ∓ r √(x² + z² − r²)) / (z² − r²)
func slopes(x, z, r float64) (low, high float64) {
	q := r * math.Sqrt(x*x+z*z-r*r)
	d := 1 / (z*z - r*r)
	return (x*z - q) * d, (x*z + q) * d
}
