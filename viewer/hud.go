package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// hud makes triangles of what lies over the picture: x, y (pixels), u, v (in the atlas), r, g, b, a.
type hud struct {
	atlas         *atlas
	overlay       scene.Overlay
	data          []float32
	width, height float64
}

const hudFloats = 8

// fill makes the triangles of a scene's overlay, and of the time bar when bar, the share of it that is filled, is
// not negative.
func (h *hud) fill(sc *scene.Scene, v *scene.View, width, height int, bar float64) {
	if h.atlas == nil || h.atlas.face.Height != height {
		h.atlas = newAtlas(height)
		h.overlay.Face = h.atlas.face
	}
	h.data = h.data[:0]
	h.width, h.height = float64(width), float64(height)
	foot := 0
	if bar >= 0 {
		foot = int(barHeight(h.height))
	}
	h.overlay.Arrange(sc, v, width, height, foot)
	for i := range h.overlay.Stamps {
		s := &h.overlay.Stamps[i]
		switch s.Kind {
		case scene.Box:
			h.box(s)
		case scene.Words:
			h.text(s)
		case scene.Stroke:
			for _, g := range s.Segments {
				h.line(g, s.Half, &s.Color)
			}
		}
	}
	if bar >= 0 {
		h.bar(bar)
	}
}

func (h *hud) vertex(x, y, u, v float64, c *scene.Color) {
	h.data = append(h.data, float32(x), float32(y), float32(u), float32(v), float32(c.R), float32(c.G), float32(c.B), float32(c.A))
}

// quad adds a rectangle with a rectangle of the atlas on it.
func (h *hud) quad(x0, y0, x1, y1 float64, t cell, c *scene.Color) {
	h.vertex(x0, y0, t.u0, t.v0, c)
	h.vertex(x1, y0, t.u1, t.v0, c)
	h.vertex(x1, y1, t.u1, t.v1, c)
	h.vertex(x0, y0, t.u0, t.v0, c)
	h.vertex(x1, y1, t.u1, t.v1, c)
	h.vertex(x0, y1, t.u0, t.v1, c)
}

// box adds a box with round corners.
func (h *hud) box(s *scene.Stamp) {
	a, c := h.atlas, &s.Color
	x, y, x1, y1 := float64(s.X), float64(s.Y), float64(s.X+s.Width), float64(s.Y+s.Height)
	r := math.Min(s.Radius, math.Min(x1-x, y1-y)/2)
	h.quad(x+r, y, x1-r, y1, a.full, c)
	h.quad(x, y+r, x+r, y1-r, a.full, c)
	h.quad(x1-r, y+r, x1, y1-r, a.full, c)
	h.quad(x, y, x+r, y+r, a.round, c)
	h.quad(x1, y, x1-r, y+r, a.round, c)
	h.quad(x, y1, x+r, y1-r, a.round, c)
	h.quad(x1, y1, x1-r, y1-r, a.round, c)
}

// text adds a line of text.
func (h *hud) text(s *scene.Stamp) {
	x, y := float64(s.X), float64(s.Y+h.atlas.face.Ascent)
	for _, r := range s.Text {
		g, t := h.atlas.letter(r)
		if w := g.Mask.Rect.Dx(); w > 0 {
			x0, y0 := x+float64(g.At.X), y+float64(g.At.Y)
			h.quad(x0, y0, x0+float64(w), y0+float64(g.Mask.Rect.Dy()), t, &s.Color)
		}
		x += float64(h.atlas.face.Advance)
	}
}

// line adds a straight line. It covers a pixel whose center is at the distance d from it by half + 1/2 − d, at least
// 0 and at most 1, as in package raster.
func (h *hud) line(g scene.Segment, half float64, c *scene.Color) {
	dx, dy := g.X1-g.X0, g.Y1-g.Y0
	l := math.Hypot(dx, dy)
	if !(l > 0) {
		return
	}
	half = math.Min(half, softRows-2)
	out := half + 0.5
	nx, ny := -dy*out/l, dx*out/l
	t := h.atlas.soft
	u, edge := (t.u0+t.u1)/2, t.v0
	middle := edge + out/float64(h.atlas.size())
	for _, side := range [2]float64{-1, 1} {
		ox, oy := side*nx, side*ny
		h.vertex(g.X0+ox, g.Y0+oy, u, edge, c)
		h.vertex(g.X1+ox, g.Y1+oy, u, edge, c)
		h.vertex(g.X1, g.Y1, u, middle, c)
		h.vertex(g.X0+ox, g.Y0+oy, u, edge, c)
		h.vertex(g.X1, g.Y1, u, middle, c)
		h.vertex(g.X0, g.Y0, u, middle, c)
	}
}

var (
	barColor   = scene.RGB(0x141A22).Alpha(0.62)
	barShare   = selectColor.Alpha(0.7)
	barPointer = selectColor
)

// bar draws the time bar along the lower edge. It is thinner than the strip that takes the mouse.
func (h *hud) bar(share float64) {
	t := math.Round(barHeight(h.height) / 2)
	h.quad(0, h.height-t, h.width, h.height, h.atlas.full, &barColor)
	h.quad(0, h.height-t, share*h.width, h.height, h.atlas.full, &barShare)
	h.quad(share*h.width-1, h.height-2*t, share*h.width+1, h.height, h.atlas.full, &barPointer)
}
