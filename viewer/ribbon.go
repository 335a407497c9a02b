package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// ribbons are traces as triangles in clip coordinates: x, y, z, w, r, g, b, a. They are widened here: wide
// lines are not part of the core profile.
type ribbons struct {
	data []float32
}

const ribbonFloats = 8

// bend is a point of a trace on the screen.
type bend struct {
	at       r3.Vec  // relative to the eye
	x, y     float64 // pixels from the middle
	dx, dy   float64 // half width, across
	strength float64
}

// add widens one trace. near is the distance of the near plane; width and height are the picture's.
func (r *ribbons) add(t *scene.Trace, c scene.Color, v *scene.View, clip *matrix, near float64, width, height int) {
	w := t.Pixels() * float64(height) / 720
	f := float64(height) / (2 * v.TanHalf)
	var run []bend
	n := len(t.Points)
	for i, p := range t.Points {
		q := r3.Sub(p, v.Eye)
		z := r3.Dot(q, v.Forward)
		if !spatial.Finite(p) || z <= near { // a trace through the camera is cut, not clipped
			r.emit(run, c, clip, w, width, height)
			run = run[:0]
			continue
		}
		b := bend{at: q, x: f * r3.Dot(q, v.Right) / z, y: f * r3.Dot(q, v.Up) / z, strength: 1}
		if t.Fade {
			b.strength = float64(i+1) / float64(n)
		}
		if k := len(run); k > 0 && math.Hypot(b.x-run[k-1].x, b.y-run[k-1].y) < 0.5 {
			continue // shorter than a pixel: its direction is noise
		}
		run = append(run, b)
	}
	r.emit(run, c, clip, w, width, height)
}

// emit writes a run of bends as a strip without overlaps, which translucent colors would show.
func (r *ribbons) emit(run []bend, c scene.Color, clip *matrix, w float64, width, height int) {
	if len(run) < 2 {
		return
	}
	for i := range run {
		a, b := &run[max(i-1, 0)], &run[min(i+1, len(run)-1)]
		dx, dy := b.x-a.x, b.y-a.y
		l := math.Max(math.Hypot(dx, dy), 1e-9)
		run[i].dx, run[i].dy = -dy/l*w/2, dx/l*w/2
	}
	corner := func(b *bend, side float64) {
		var p [4]float64
		for k := range p {
			p[k] = float64(clip[k])*b.at.X + float64(clip[4+k])*b.at.Y + float64(clip[8+k])*b.at.Z + float64(clip[12+k])
		}
		p[0] += side * b.dx * 2 / float64(width) * p[3]
		p[1] += side * b.dy * 2 / float64(height) * p[3]
		r.data = append(r.data, float32(p[0]), float32(p[1]), float32(p[2]), float32(p[3]),
			float32(c.R), float32(c.G), float32(c.B), float32(c.A*b.strength))
	}
	for i := 1; i < len(run); i++ {
		a, b := &run[i-1], &run[i]
		corner(a, 1)
		corner(a, -1)
		corner(b, 1)
		corner(a, -1)
		corner(b, -1)
		corner(b, 1)
	}
}
