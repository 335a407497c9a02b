//go:build !lean

package raster

import (
	"image"
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// drawOverlay draws text and charts over the picture as the scene lays them out.
func (r *Renderer) drawOverlay() {
	o := &r.overlay
	o.Arrange(r.sc, &r.eye.View, r.width, r.height, 0)
	for i := range o.Stamps {
		s := &o.Stamps[i]
		switch s.Kind {
		case scene.Box:
			r.fillBox(s)
		case scene.Words:
			drawText(r.dst, o.Face, s)
		case scene.Stroke:
			r.lines.resize(r.width, r.height)
			for _, g := range s.Segments {
				r.lines.add(stroke{g.X0, g.Y0, g.X1, g.Y1, s.Half, 1, 1}, nil)
			}
			r.lines.paint(r.dst, s.Color)
		}
	}
}

// fillBox paints a translucent box with round corners.
func (r *Renderer) fillBox(s *scene.Stamp) {
	x, y, width, height, c := s.X, s.Y, s.Width, s.Height, s.Color
	for v := max(0, -y); v < height && y+v < r.height; v++ {
		for u := max(0, -x); u < width && x+u < r.width; u++ {
			ex := s.Radius - math.Min(float64(u)+0.5, float64(width-u)-0.5)
			ey := s.Radius - math.Min(float64(v)+0.5, float64(height-v)-0.5)
			a := c.A
			if ex > 0 && ey > 0 {
				a *= max(0, min(1, s.Radius+0.5-math.Sqrt(ex*ex+ey*ey)))
			}
			if a > 0 {
				blend(r.dst.Pix[(y+v)*r.dst.Stride+4*(x+u):], 255*c.R, 255*c.G, 255*c.B, a)
			}
		}
	}
}

// drawText writes a line of text.
func drawText(dst *image.RGBA, t *scene.Typeface, s *scene.Stamp) {
	x, y, c := s.X, s.Y+t.Ascent, s.Color
	for _, letter := range s.Text {
		g := t.Glyph(letter)
		r := g.Mask.Rect
		for v := range r.Dy() {
			py := y + g.At.Y + v
			if py < 0 || py >= dst.Rect.Dy() {
				continue
			}
			for u, a := range g.Mask.Pix[v*g.Mask.Stride : v*g.Mask.Stride+r.Dx()] {
				px := x + g.At.X + u
				if a != 0 && px >= 0 && px < dst.Rect.Dx() {
					blend(dst.Pix[py*dst.Stride+4*px:], 255*c.R, 255*c.G, 255*c.B, c.A*float64(a)/255)
				}
			}
		}
		x += t.Advance
	}
}
