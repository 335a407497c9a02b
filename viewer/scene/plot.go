package scene

import (
	"math"
	"strconv"
)

// plot lays out a line chart: title, grid with numbers, curves, and their names in their colors.
func (o *Overlay) plot(p *Plot) {
	t := o.Face
	width := int(positive(p.Width, 0.5) * float64(o.height))
	height := int(positive(p.Height, 0.2) * float64(o.height))
	pad := t.Line / 2
	head := 0
	if p.Title != "" {
		head += t.Line
	}
	legend := p.legendColumns()
	beside := p.Title != "" && (columns(p.Title)+2+legend)*t.Advance <= width
	names := head
	if !beside {
		head += p.legendLines(width/t.Advance) * t.Line
	}
	foot := 0
	if p.To > p.From {
		foot = t.Line
	}
	g := p.grid(height / t.Line)
	if o.taken(p.Corner)+height+head+foot+2*pad > o.height {
		return // there is no room
	}
	x, y := o.place(p.Corner, width+2*pad, height+head+foot+2*pad)
	x, y = x+pad, y+pad
	if p.Title != "" {
		o.words(x, y, p.Title, dimColor)
	}
	if beside {
		o.legend(x+width-legend*t.Advance, y, width/t.Advance, p)
	} else {
		o.legend(x, y+names, width/t.Advance, p)
	}
	area := Segment{float64(x + (g.columns+1)*t.Advance), float64(y + head + t.Line/3), float64(x + width), float64(y + head + height - t.Line/3)}
	if !(area.X1 > area.X0 && area.Y1 > area.Y0 && g.high > g.low) {
		return
	}
	toY := func(v float64) float64 { return area.Y1 - (v-g.low)/(g.high-g.low)*(area.Y1-area.Y0) }
	from := len(o.segments)
	for i := range g.lines {
		at := math.Floor(toY(g.value(i))) + 0.5
		o.segments = append(o.segments, Segment{area.X0, at, area.X1, at})
		s := g.number(i)
		o.words(x+(g.columns-columns(s))*t.Advance, int(at)-t.Line/2, s, dimColor)
	}
	o.stroke(from, 0.5, axisColor)
	if foot > 0 {
		o.times(p, &area)
	}
	n := p.samples()
	dx := (area.X1 - area.X0) / float64(max(n-1, 1))
	for i := range p.Series {
		s := &p.Series[i]
		from := len(o.segments)
		values := s.Values[:min(len(s.Values), n)]
		for k := 1; k < len(values); k++ {
			a, b := values[k-1], values[k]
			if a-a != 0 || b-b != 0 {
				continue
			}
			o.segments = append(o.segments, Segment{
				area.X0 + dx*float64(k-1), toY(clamp(a, g.low, g.high)),
				area.X0 + dx*float64(k), toY(clamp(b, g.low, g.high)),
			})
		}
		o.stroke(from, math.Max(0.7, float64(o.height)/720), s.Color.Or(ColorOf(i)))
	}
}

// times draws the horizontal axis: lines at round times, with numbers below the area.
func (o *Overlay) times(p *Plot, area *Segment) {
	t := o.Face
	span := p.To - p.From
	step := niceStep(span / math.Max(math.Floor((area.X1-area.X0)/float64(9*t.Advance)), 1))
	from := len(o.segments)
	for k := math.Ceil(p.From/step - 1e-9); k*step <= p.To+1e-9*span; k++ {
		at := math.Floor(area.X0+(k*step-p.From)/span*(area.X1-area.X0)) + 0.5
		o.segments = append(o.segments, Segment{at, area.Y0, at, area.Y1})
		s := tick(k*step, step) + " s"
		left := int(at) - columns(s)*t.Advance/2
		o.words(min(left, int(area.X1)-columns(s)*t.Advance), int(area.Y1)+t.Line/4, s, dimColor)
	}
	o.stroke(from, 0.5, axisColor)
}

// legend writes the names of the series, in lines of so many letters.
func (o *Overlay) legend(x, y, width int, p *Plot) {
	p.eachName(width, func(i, column, line int, name string) {
		o.words(x+column*o.Face.Advance, y+line*o.Face.Line, name, p.Series[i].Color.Or(ColorOf(i)))
	})
}

// eachName goes through the names of the series where the legend has them.
func (p *Plot) eachName(width int, f func(i, column, line int, name string)) {
	column, line := 0, 0
	for i := range p.Series {
		name := shorten(p.Series[i].Name, width)
		if name == "" {
			continue
		}
		if column > 0 && column+columns(name) > width {
			column, line = 0, line+1
		}
		f(i, column, line, name)
		column += columns(name) + 2
	}
}

// legendLines returns how many lines of so many letters the legend takes.
func (p *Plot) legendLines(width int) (n int) {
	p.eachName(width, func(_, _, line int, _ string) { n = line + 1 })
	return n
}

// legendColumns returns the width of the names of all series in letters.
func (p *Plot) legendColumns() int {
	n := 0
	for i := range p.Series {
		if s := p.Series[i].Name; s != "" {
			n += columns(s) + 2
		}
	}
	return max(n-2, 0)
}

// samples returns the number of samples across the plot.
func (p *Plot) samples() int {
	if p.Samples > 0 {
		return p.Samples
	}
	n := 0
	for i := range p.Series {
		n = max(n, len(p.Series[i].Values))
	}
	return n
}

// grid is the vertical axis of a plot: its range and its lines, at whole multiples of a step.
type grid struct {
	low, high, step float64
	first           float64 // multiple of step of the lowest line
	lines           int
	columns         int // of the longest number
}

// grid returns the axis with lines for at most so many numbers one above the other.
func (p *Plot) grid(most int) grid {
	var g grid
	g.low, g.high, g.step = p.limits()
	for math.Floor(g.high/g.step+1e-9)-math.Ceil(g.low/g.step-1e-9)+1 > math.Max(float64(most), 2) {
		g.step = niceStep(g.step * 1.01)
	}
	g.first = math.Ceil(g.low/g.step - 1e-9)
	g.lines = int(clamp(math.Floor(g.high/g.step+1e-9)-g.first+1, 0, 8))
	for i := range g.lines {
		g.columns = max(g.columns, columns(g.number(i)))
	}
	return g
}

func (g *grid) value(i int) float64 { return (g.first + float64(i)) * g.step }

func (g *grid) number(i int) string { return tick(g.value(i), g.step) }

// limits returns the vertical range of a plot and the distance of its grid lines. A range from the data is
// widened to grid lines, so that it jumps seldom while a signal grows.
func (p *Plot) limits() (low, high, step float64) {
	low, high = p.Min, p.Max
	given := high > low && !math.IsInf(high-low, 0)
	if !given {
		low, high = p.extremes()
		if size := math.Max(math.Abs(low), math.Abs(high)); high-low <= 1e-9*size || high == low {
			pad := math.Max(0.5*size, 0.5) // a constant is drawn flat, not as rounding noise
			low, high = low-pad, high+pad
		}
	}
	step = niceStep((high - low) / 3)
	if !given {
		low, high = step*math.Floor(low/step), step*math.Ceil(high/step)
	}
	return low, high, step
}

// extremes returns the least and the greatest finite value of all series, 0 and 1 when there is none.
func (p *Plot) extremes() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range p.Series {
		for _, v := range p.Series[i].Values {
			if v-v == 0 {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if !(high >= low) {
		return 0, 1
	}
	return low, high
}

// niceStep returns the least of 1, 2, 5 times a power of ten that is not below x.
func niceStep(x float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(x)))
	for _, k := range [...]float64{1, 2, 5} {
		if k*base >= x*(1-1e-9) {
			return k * base
		}
	}
	return 10 * base
}

// tick writes a number of a grid with the given step.
func tick(v, step float64) string {
	v = math.Round(v/step) * step
	if v == 0 {
		return "0" // also for −0
	}
	if a := math.Abs(v); a >= 1e5 || step < 1e-4 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', max(0, int(-math.Floor(math.Log10(step)+1e-9))), 64)
}

func clamp(v, low, high float64) float64 { return max(low, min(high, v)) }

func positive(v, otherwise float64) float64 {
	if v > 0 {
		return v
	}
	return otherwise
}
