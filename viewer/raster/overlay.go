package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

var (
	panelColor = scene.RGB(0x141A22).Alpha(0.62)
	textColor  = scene.RGB(0xF2F5F8)
	dimColor   = scene.RGB(0xAAB6C2)
	axisColor  = scene.RGB(0x8FA0B0).Alpha(0.45)
)

// layout stacks boxes in the corners of the picture.
type layout struct {
	used   [4]int // pixels taken from each corner
	margin int
}

// drawOverlay draws labels, then panels, then plots.
func (r *Renderer) drawOverlay() {
	sc := r.sc
	if len(sc.Labels)+len(sc.Panels)+len(sc.Plots) == 0 {
		return
	}
	if r.letter == nil {
		r.letter = newTypeface(r.height)
	}
	for i := range sc.Labels {
		r.drawLabel(&sc.Labels[i])
	}
	l := layout{margin: max(r.height/60, 4)}
	for i := range sc.Panels {
		r.drawPanel(&l, &sc.Panels[i])
	}
	for i := range sc.Plots {
		r.drawPlot(&l, &sc.Plots[i])
	}
}

// box takes a place of the given size in a corner and returns its top left corner.
func (r *Renderer) box(l *layout, c scene.Corner, width, height int) (x, y int) {
	c &= 3
	x, y = l.margin, l.margin+l.used[c]
	if c == scene.TopRight || c == scene.BottomRight {
		x = r.width - l.margin - width
	}
	if c == scene.BottomLeft || c == scene.BottomRight {
		y = r.height - l.margin - l.used[c] - height
	}
	l.used[c] += height + l.margin/2
	r.fillBox(x, y, width, height, float64(l.margin)/2)
	return x, y
}

// fillBox paints a translucent box with round corners.
func (r *Renderer) fillBox(x, y, width, height int, radius float64) {
	for v := max(0, -y); v < height && y+v < r.height; v++ {
		for u := max(0, -x); u < width && x+u < r.width; u++ {
			ex := radius - math.Min(float64(u)+0.5, float64(width-u)-0.5)
			ey := radius - math.Min(float64(v)+0.5, float64(height-v)-0.5)
			a := panelColor.A
			if ex > 0 && ey > 0 {
				a *= max(0, min(1, radius+0.5-math.Sqrt(ex*ex+ey*ey)))
			}
			if a > 0 {
				blend(r.dst.Pix[(y+v)*r.dst.Stride+4*(x+u):], 255*panelColor.R, 255*panelColor.G, 255*panelColor.B, a)
			}
		}
	}
}

func (r *Renderer) drawPanel(l *layout, p *scene.Panel) {
	t := r.letter
	wide, rows := columns(p.Title), len(p.Lines)
	for _, s := range p.Lines {
		wide = max(wide, columns(s))
	}
	gap := 0
	if p.Title != "" {
		rows++
		gap = t.line / 4
	}
	if rows == 0 {
		return
	}
	pad := t.line / 2
	x, y := r.box(l, p.Corner, wide*t.advance+2*pad, rows*t.line+gap+2*pad-t.line/4)
	x, y = x+pad, y+pad
	if p.Title != "" {
		t.draw(r.dst, x, y, p.Title, dimColor)
		y += t.line + gap
	}
	for _, s := range p.Lines {
		t.draw(r.dst, x, y, s, textColor)
		y += t.line
	}
}

// drawLabel writes a line of text centered above its place, which a thin leader points to.
func (r *Renderer) drawLabel(b *scene.Label) {
	if !spatial.Finite(b.At) {
		return
	}
	fx, fy, z := r.eye.Project(b.At, r.width, r.height)
	if !(z > near) || math.Abs(fx) > 1e6 || math.Abs(fy) > 1e6 {
		return
	}
	t := r.letter
	pad := t.line / 4
	width, height := columns(b.Text)*t.advance+2*pad, t.line+pad
	x, y := int(fx)-width/2, int(fy)-height-t.line/2
	r.lines.resize(r.width, r.height)
	r.lines.add(stroke{fx, fy, fx, float64(y + height), math.Max(0.5, float64(r.height)/1440), 1, 1}, nil)
	r.lines.paint(r.dst, panelColor)
	r.fillBox(x, y, width, height, float64(pad))
	t.draw(r.dst, x+pad, y+pad/2, b.Text, b.Color.Or(textColor))
}
