package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// hud collects the text, boxes and lines over the picture as triangles: x, y (pixels), u, v (in the atlas),
// r, g, b, a.
type hud struct {
	font          *typeface
	data          []float32
	width, height float64
	used          [4]float64 // pixels taken from each corner
}

const hudFloats = 8

var (
	panelColor = scene.RGB(0x141A22).Alpha(0.62)
	textColor  = scene.RGB(0xF2F5F8)
	dimColor   = scene.RGB(0xAAB6C2)
	axisColor  = scene.RGB(0x8FA0B0).Alpha(0.45)
)

// begin empties h for a picture of the given size.
func (h *hud) begin(width, height int) {
	if h.font == nil || h.font.height != height {
		h.font = newTypeface(height)
	}
	h.data = h.data[:0]
	h.width, h.height = float64(width), float64(height)
	h.used = [4]float64{}
}

func (h *hud) vertex(x, y, u, v float64, c *scene.Color) {
	h.data = append(h.data, float32(x), float32(y), float32(u), float32(v), float32(c.R), float32(c.G), float32(c.B), float32(c.A))
}

// quad adds a rectangle with a rectangle of the atlas on it.
func (h *hud) quad(x0, y0, x1, y1 float64, t cell, c scene.Color) {
	h.vertex(x0, y0, t.u0, t.v0, &c)
	h.vertex(x1, y0, t.u1, t.v0, &c)
	h.vertex(x1, y1, t.u1, t.v1, &c)
	h.vertex(x0, y0, t.u0, t.v0, &c)
	h.vertex(x1, y1, t.u1, t.v1, &c)
	h.vertex(x0, y1, t.u0, t.v1, &c)
}

// fill adds a box with round corners.
func (h *hud) fill(x, y, w, hh, r float64, c scene.Color) {
	f := h.font
	r = math.Min(r, math.Min(w, hh)/2)
	x1, y1 := x+w, y+hh
	h.quad(x+r, y, x1-r, y1, f.full, c)
	h.quad(x, y+r, x+r, y1-r, f.full, c)
	h.quad(x1-r, y+r, x1, y1-r, f.full, c)
	h.quad(x, y, x+r, y+r, f.round, c)
	h.quad(x1, y, x1-r, y+r, f.round, c)
	h.quad(x, y1, x+r, y1-r, f.round, c)
	h.quad(x1, y1, x1-r, y1-r, f.round, c)
}

// text writes a line with its top left corner at (x, y).
func (h *hud) text(x, y float64, s string, c scene.Color) {
	f := h.font
	x, y = math.Round(x), math.Round(y)+f.ascent
	for _, r := range s {
		g, ok := f.glyphs[r]
		if !ok {
			g = f.glyphs['?']
		}
		if g.w > 0 {
			h.quad(x+g.x, y+g.y, x+g.x+g.w, y+g.y+g.h, g.cell, c)
		}
		x += f.advance
	}
}

// line adds a straight line of the given width.
func (h *hud) line(x0, y0, x1, y1, width float64, c scene.Color) {
	dx, dy := x1-x0, y1-y0
	l := math.Hypot(dx, dy)
	if !(l > 0) {
		return
	}
	// A margin on both sides lets the edge of the atlas's soft cell smooth the line.
	s := (width + 1.5) / 2 / l
	nx, ny := -dy*s, dx*s
	t := h.font.soft
	m := (t.u0 + t.u1) / 2
	h.vertex(x0+nx, y0+ny, m, t.v0, &c)
	h.vertex(x1+nx, y1+ny, m, t.v0, &c)
	h.vertex(x1-nx, y1-ny, m, t.v1, &c)
	h.vertex(x0+nx, y0+ny, m, t.v0, &c)
	h.vertex(x1-nx, y1-ny, m, t.v1, &c)
	h.vertex(x0-nx, y0-ny, m, t.v1, &c)
}

// box takes a place in a corner and returns its top left corner.
func (h *hud) box(c scene.Corner, w, hh float64) (x, y float64) {
	c &= 3
	margin := math.Max(h.height/60, 4)
	x, y = margin, margin+h.used[c]
	if c == scene.TopRight || c == scene.BottomRight {
		x = h.width - margin - w
	}
	if c == scene.BottomLeft || c == scene.BottomRight {
		y = h.height - margin - h.used[c] - hh
	}
	h.used[c] += hh + margin/2
	h.fill(x, y, w, hh, margin/2, panelColor)
	return x, y
}

func (h *hud) panel(p *scene.Panel) {
	f := h.font
	wide, n := columns(p.Title), float64(len(p.Lines))
	for _, s := range p.Lines {
		wide = max(wide, columns(s))
	}
	gap := 0.0
	if p.Title != "" {
		n++
		gap = f.line / 4
	}
	if n == 0 {
		return
	}
	pad := f.line / 2
	x, y := h.box(p.Corner, float64(wide)*f.advance+2*pad, n*f.line+gap+2*pad-f.line/4)
	x, y = x+pad, y+pad
	if p.Title != "" {
		h.text(x, y, p.Title, dimColor)
		y += f.line + gap
	}
	for _, s := range p.Lines {
		h.text(x, y, s, textColor)
		y += f.line
	}
}

// label writes a line of text above its place, which a thin leader points to.
func (h *hud) label(b *scene.Label, v *scene.View) {
	x, y, z := v.Project(b.At, int(h.width), int(h.height))
	if !(z > 0) || math.Abs(x) > 1e5 || math.Abs(y) > 1e5 {
		return
	}
	f := h.font
	pad := f.line / 4
	w, hh := float64(columns(b.Text))*f.advance+2*pad, f.line+pad
	x0, y0 := math.Round(x-w/2), math.Round(y-hh-f.line/2)
	h.line(x, y, x, y0+hh, 1, panelColor)
	h.fill(x0, y0, w, hh, pad, panelColor)
	h.text(x0+pad, y0+pad/2, b.Text, b.Color.Or(textColor))
}

// bar draws the time bar along the lower edge. It is thinner than the strip that takes the mouse.
func (h *hud) bar(share float64) {
	t := math.Round(barHeight(h.height) / 2)
	h.quad(0, h.height-t, h.width, h.height, h.font.full, panelColor)
	h.quad(0, h.height-t, share*h.width, h.height, h.font.full, selectColor.Alpha(0.7))
	h.quad(share*h.width-1, h.height-2*t, share*h.width+1, h.height, h.font.full, selectColor)
}

func columns(s string) (n int) {
	for range s {
		n++
	}
	return
}
