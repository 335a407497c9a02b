package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// drawPlot draws a line chart: title, grid with numbers, curves, and their names in their colors.
func (r *Renderer) drawPlot(l *layout, p *scene.Plot) {
	t := r.letter
	width := int(positive(p.Width, 0.5) * float64(r.height))
	height := int(positive(p.Height, 0.2) * float64(r.height))
	low, high, step := chartRange(p)
	pad := t.line / 2
	head := 0
	if p.Title != "" {
		head += t.line
	}
	legend := legendColumns(p)
	if legend > 0 && (p.Title == "" || (columns(p.Title)+2+legend)*t.advance > width) {
		head += t.line
	}
	number := 0
	first := math.Ceil(low/step - 1e-9)
	lines := int(clamp(math.Floor(high/step+1e-9)-first+1, 0, 8))
	for i := range lines {
		number = max(number, columns(tick((first+float64(i))*step, step)))
	}
	x, y := r.box(l, p.Corner, width+2*pad, height+head+2*pad)
	x, y = x+pad, y+pad
	if p.Title != "" {
		t.draw(r.dst, x, y, p.Title, dimColor)
	}
	if legend > 0 {
		r.drawLegend(x+width-legend*t.advance, y+head-t.line, p)
	}
	area := rect{float64(x + (number+1)*t.advance), float64(y + head + t.line/3), float64(x + width), float64(y + head + height - t.line/3)}
	if area.empty() || !(high > low) {
		return
	}
	r.lines.resize(r.width, r.height)
	toY := func(v float64) float64 { return area.y1 - (v-low)/(high-low)*(area.y1-area.y0) }
	for i := range lines {
		v := (first + float64(i)) * step
		at := math.Floor(toY(v)) + 0.5
		r.lines.add(stroke{area.x0, at, area.x1, at, 0.5, 1, 1}, nil)
		s := tick(v, step)
		t.draw(r.dst, x+(number-columns(s))*t.advance, int(at)-t.line/2, s, dimColor)
	}
	r.lines.paint(r.dst, axisColor)
	n := chartSamples(p)
	half := math.Max(0.7, float64(r.height)/720)
	for i := range p.Series {
		s := &p.Series[i]
		values := s.Values[:min(len(s.Values), n)]
		for k := 1; k < len(values); k++ {
			a, b := values[k-1], values[k]
			if a-a != 0 || b-b != 0 {
				continue
			}
			dx := (area.x1 - area.x0) / float64(max(n-1, 1))
			r.lines.add(stroke{
				area.x0 + dx*float64(k-1), toY(clamp(a, low, high)),
				area.x0 + dx*float64(k), toY(clamp(b, low, high)), half, 1, 1,
			}, nil)
		}
		r.lines.paint(r.dst, s.Color.Or(scene.ColorOf(i)))
	}
}

func clamp(v, low, high float64) float64 { return max(low, min(high, v)) }

func (r *Renderer) drawLegend(x, y int, p *scene.Plot) {
	for i := range p.Series {
		s := &p.Series[i]
		if s.Name != "" {
			r.letter.draw(r.dst, x, y, s.Name, s.Color.Or(scene.ColorOf(i)))
			x += (columns(s.Name) + 2) * r.letter.advance
		}
	}
}
