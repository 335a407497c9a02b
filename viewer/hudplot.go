package viewer

import (
	"math"
	"strconv"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// plot draws a line chart: title, grid with numbers, curves, and their names in their colors.
func (h *hud) plot(p *scene.Plot) {
	f := h.font
	w, hh := 0.5*h.height, 0.2*h.height
	if p.Width > 0 {
		w = p.Width * h.height
	}
	if p.Height > 0 {
		hh = p.Height * h.height
	}
	pad := f.line / 2
	legend := 0
	for i := range p.Series {
		legend += columns(p.Series[i].Name) + 2
	}
	head := 0.0
	if p.Title != "" {
		head += f.line
	}
	if p.Title == "" || float64(columns(p.Title)+legend)*f.advance > w {
		head += f.line
	}
	low, high, step := plotRange(p)
	x, y := h.box(p.Corner, w+2*pad, hh+head+2*pad)
	x, y = x+pad, y+pad
	h.text(x, y, p.Title, dimColor)
	at := x + w - float64(legend-2)*f.advance
	for i := range p.Series {
		s := &p.Series[i]
		h.text(at, y+head-f.line, s.Name, s.Color.Or(scene.ColorOf(i)))
		at += float64(columns(s.Name)+2) * f.advance
	}
	n := 0
	for v := low; v <= high+step/2; v += step {
		n = max(n, columns(gridNumber(v, step)))
	}
	x0, x1 := x+float64(n+1)*f.advance, x+w
	y0, y1 := y+head+0.6*f.line, y+head+hh-f.line/3
	toY := func(v float64) float64 { return y1 - (clamp(v, low, high)-low)/(high-low)*(y1-y0) }
	for v := low; v <= high+step/2; v += step {
		s := gridNumber(v, step)
		yy := math.Floor(toY(v)) + 0.5
		h.quad(x0, yy-0.5, x1, yy+0.5, f.full, axisColor)
		h.text(x+float64(n-columns(s))*f.advance, yy-f.line/2, s, dimColor)
	}
	h.curves(p, x0, x1, toY)
}

// curves draws the series of a plot.
func (h *hud) curves(p *scene.Plot, x0, x1 float64, toY func(float64) float64) {
	n := p.Samples
	for i := range p.Series {
		n = max(n, len(p.Series[i].Values))
	}
	dx := (x1 - x0) / float64(max(n-1, 1))
	for i := range p.Series {
		s := &p.Series[i]
		c := s.Color.Or(scene.ColorOf(i))
		for k := 1; k < len(s.Values); k++ {
			a, b := s.Values[k-1], s.Values[k]
			if a-a != 0 || b-b != 0 {
				continue
			}
			h.line(x0+dx*float64(k-1), toY(a), x0+dx*float64(k), toY(b), math.Max(1.4, h.height/360), c)
		}
	}
}

// plotRange returns the vertical range of a plot and the distance of its grid lines, from the data widened
// to grid lines.
func plotRange(p *scene.Plot) (low, high, step float64) {
	low, high = p.Min, p.Max
	if !(high > low) {
		low, high = math.Inf(1), math.Inf(-1)
		for i := range p.Series {
			for _, v := range p.Series[i].Values {
				if v-v == 0 {
					low, high = math.Min(low, v), math.Max(high, v)
				}
			}
		}
	}
	if !(high >= low) {
		low, high = 0, 1
	}
	if high-low <= 1e-6*math.Max(math.Abs(low), math.Abs(high)) || high == low {
		pad := math.Max(0.5*math.Abs(high), 0.5) // a constant is drawn flat, not as rounding noise
		low, high = low-pad, high+pad
	}
	base := math.Pow(10, math.Floor(math.Log10((high-low)/3)))
	step = 10 * base
	for _, k := range [...]float64{1, 2, 5} {
		if k*base >= (high-low)/3*(1-1e-9) {
			step = k * base
			break
		}
	}
	return step * math.Floor(low/step+1e-9), step * math.Ceil(high/step-1e-9), step
}

// gridNumber writes a number of a grid with the given step.
func gridNumber(v, step float64) string {
	v = math.Round(v/step) * step
	if v == 0 {
		return "0"
	}
	if math.Abs(v) >= 1e5 || step < 1e-4 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', max(0, int(-math.Floor(math.Log10(step)+1e-9))), 64)
}
