package main

import (
	"fmt"
	"image/color"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// How a picture is drawn: panels in two columns, the names of the curves in a margin right of them.

// hues are Okabe and Ito's colors, which people with any kind of color vision can tell apart.
var hues = []color.Color{
	color.RGBA{0x00, 0x72, 0xb2, 0xff}, color.RGBA{0xd5, 0x5e, 0x00, 0xff}, color.RGBA{0x00, 0x9e, 0x73, 0xff},
	color.RGBA{0xcc, 0x79, 0xa7, 0xff}, color.RGBA{0xe6, 0x9f, 0x00, 0xff}, color.RGBA{0x56, 0xb4, 0xe9, 0xff},
	color.RGBA{0x33, 0x33, 0x33, 0xff},
}

var (
	ink  = color.Gray{0x33}
	pale = color.Gray{0xdd}
)

// dashes tell curves apart once the colors have been used up.
var dashes = [][]vg.Length{nil, {vg.Points(4), vg.Points(2)}, {vg.Points(1), vg.Points(1.5)}}

// face is the kind of type.
const face = "Sans"

// mostNames is how many names fit beside a panel.
const mostNames = 14

// margin is the room for names, as a fraction of the time axis.
const margin = 0.26

func (p *picture) draw() error {
	rows := (len(p.panels) + p.columns - 1) / p.columns
	width, height := 13.5*vg.Inch, (0.45+2.75*vg.Length(rows))*vg.Inch
	img := canvasFor(p.d.Path(), width, height)
	page := draw.New(img)
	head := text.Style{Font: plot.DefaultFont, Color: ink, Handler: plot.DefaultTextHandler}
	head.Font.Size, head.Font.Variant = 13, face
	head.XAlign, head.YAlign = draw.XLeft, draw.YTop
	page.FillText(head, vg.Point{X: page.Min.X + vg.Points(14), Y: page.Max.Y - vg.Points(8)}, p.title)

	grid := make([][]*plot.Plot, rows)
	for i := range grid {
		grid[i] = make([]*plot.Plot, p.columns)
	}
	for i, n := range p.panels {
		d, err := n.plot(p)
		if err != nil {
			return err
		}
		grid[i/p.columns][i%p.columns] = d
	}
	tiles := draw.Tiles{
		Rows: rows, Cols: p.columns, PadX: vg.Points(16), PadY: vg.Points(12),
		PadTop: vg.Points(32), PadBottom: vg.Points(8), PadLeft: vg.Points(8), PadRight: vg.Points(8),
	}
	for i, row := range plot.Align(grid, tiles, page) {
		for k, c := range row {
			if grid[i][k] != nil {
				grid[i][k].Draw(c)
			}
		}
	}
	_, err := img.WriteTo(p.d)
	return err
}

// canvasFor returns a page of the kind of the file, PNG when its name does not say.
func canvasFor(path string, width, height vg.Length) vg.CanvasWriterTo {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".svg":
		return vgsvg.New(width, height)
	case ".pdf":
		return vgpdf.New(width, height)
	}
	return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(144))}
}

// plot draws one panel of the picture.
func (n *panel) plot(p *picture) (*plot.Plot, error) {
	d := plot.New()
	sans(d)
	d.Title.Text = n.title
	if n.unit != "" {
		d.Title.Text += " [" + n.unit + "]"
	}
	d.Title.TextStyle.Font.Size, d.Title.TextStyle.Color, d.Title.Padding = 10.5, ink, vg.Points(4)
	if d.X.Label.Text = p.across; p.across == "" {
		d.X.Label.Text = "time [s]"
	}
	for _, a := range []*plot.Axis{&d.X, &d.Y} {
		a.Label.TextStyle.Font.Size, a.Tick.Label.Font.Size = 8.5, 8.5
		a.Label.TextStyle.Color, a.Tick.Label.Color, a.Color, a.Tick.Color = ink, ink, ink, ink
		a.LineStyle.Width, a.Tick.LineStyle.Width = vg.Points(0.6), vg.Points(0.6)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = pale, pale
	d.Add(grid)
	d.X.LineStyle.Width = 0 // it would run on below the names; the grid shows where time ends
	d.Legend.Top, d.Legend.TextStyle.Font.Size, d.Legend.TextStyle.Color = true, 7, ink
	d.Legend.ThumbnailWidth, d.Legend.Padding, d.Legend.XOffs = vg.Points(14), vg.Points(1.5), vg.Points(-2)

	low, high := math.Inf(1), math.Inf(-1)
	curves := n.shown()
	for i, c := range curves {
		if c.Len() == 0 {
			continue
		}
		l, err := plotter.NewLine(c)
		if err != nil {
			return nil, err
		}
		l.Color, l.Width, l.Dashes = hues[i%len(hues)], vg.Points(1.2), dashes[i/len(hues)%len(dashes)]
		d.Add(l)
		switch {
		case n.alone:
		case len(curves) <= mostNames || i < mostNames-1:
			d.Legend.Add(c.name, l)
		case i == mostNames-1:
			d.Legend.Add("…")
		}
		a, b := c.extent()
		low, high = math.Min(low, a), math.Max(high, b)
	}
	if n.levelName != "" {
		level := plotter.XYs{{X: p.from, Y: n.level}, {X: p.end, Y: n.level}}
		l, err := plotter.NewLine(level)
		if err != nil {
			return nil, err
		}
		l.Color, l.Width, l.Dashes = color.Gray{0x88}, vg.Points(0.8), dashes[1]
		d.Add(l)
		d.Legend.Add(n.levelName, l)
		low, high = math.Min(low, n.level), math.Max(high, n.level)
	}
	if math.IsInf(low, 1) {
		low, high = 0.1, 1 // nothing was recorded
	}
	n.axes(d, p.from, p.end, low, high)
	return d, nil
}

// shown returns the curves that are drawn: of risen ones those that rise above a thousandth of the highest, all where
// none does. A robot of a file has dozens of shapes, and names and colors go to those that push.
func (n *panel) shown() (l []*series) {
	if !n.risen {
		return n.curves
	}
	most := 0.0
	for _, c := range n.curves {
		most = math.Max(most, c.highest())
	}
	for _, c := range n.curves {
		if c.highest() >= most/1000 {
			l = append(l, c)
		}
	}
	return l
}

// sans sets all text of a diagram in the plain face of the page.
func sans(d *plot.Plot) {
	for _, f := range []*font.Font{
		&d.Title.TextStyle.Font, &d.Legend.TextStyle.Font, &d.X.Label.TextStyle.Font,
		&d.Y.Label.TextStyle.Font, &d.X.Tick.Label.Font, &d.Y.Tick.Label.Font,
	} {
		f.Variant = face
	}
}

// axes chooses the ranges: time with the margin for names, values with some air.
func (n *panel) axes(d *plot.Plot, from, end, low, high float64) {
	if end == from {
		end = from + 1
	}
	if end < from {
		from, end = end, from
	}
	if d.X.Min, d.X.Max = from, end; !n.alone {
		d.X.Max += margin * (end - from)
	}
	d.X.Tick.Marker = even{8, end}
	if n.log {
		d.Y.Min, d.Y.Max = math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
		if d.Y.Min == d.Y.Max {
			d.Y.Max *= 10
		}
		d.Y.Scale, d.Y.Tick.Marker = plot.LogScale{}, decades{}
		return
	}
	air := 0.06 * (high - low)
	if least := 1e-9 * math.Max(math.Abs(high), math.Abs(low)); air <= least {
		air = math.Max(least, 1e-12) // a constant would otherwise have no range
		if n.unit == "" {
			air = 1
		}
	}
	d.Y.Min, d.Y.Max = low-air, high+air
	d.Y.Tick.Marker = even{6, math.Inf(1)}
}

// even places about so many labels at round numbers, none beyond end: the margin has no ticks. The ticks that
// come with the library prefer fractions that nobody reads, such as 0.3 and 0.9.
type even struct {
	labels int
	end    float64
}

func (e even) Ticks(low, high float64) []plot.Tick {
	high = math.Min(high, e.end)
	raw := (high - low) / float64(e.labels)
	if !(raw > 0) || math.IsInf(raw, 0) {
		return nil
	}
	power := math.Floor(math.Log10(raw))
	step := math.Pow(10, power)
	for _, k := range []float64{1, 2, 5, 10} {
		if k*step >= raw {
			step *= k
			break
		}
	}
	var l []plot.Tick
	slack := 1e-9 * (high - low)
	for k := math.Ceil((low - slack) / step); k*step <= high+slack && len(l) < 4*e.labels; k++ {
		v := k*step + 0 // no minus zero
		l = append(l, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', 5, 64)})
	}
	return l
}

// decades labels powers of ten, not more of them than fit.
type decades struct{}

func (decades) Ticks(low, high float64) []plot.Tick {
	var l []plot.Tick
	a, b := int(math.Round(math.Log10(low))), int(math.Round(math.Log10(high)))
	every := max(1, (b-a+5)/6)
	for e := a; e <= b; e++ {
		t := plot.Tick{Value: math.Pow(10, float64(e))}
		if (e-a)%every == 0 {
			t.Label = fmt.Sprintf("1e%d", e)
		}
		l = append(l, t)
	}
	return l
}
