package main

import (
	"fmt"
	"image/color"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

var (
	ink  = color.RGBA{R: 0x30, G: 0x30, B: 0x30, A: 0xff}
	dots = color.RGBA{R: 0xd9, G: 0x5f, B: 0x02, A: 0xff}
)

type picture struct {
	motion motion
	curves []*curve
	cloud  *cloud
}

// shade runs from pale for soft contact to dark for hard contact.
func shade(i, n int) color.Color {
	t := float64(i) / float64(n-1)
	mix := func(a, b float64) uint8 { return uint8(a + t*(b-a) + 0.5) }
	return color.RGBA{R: mix(0x8c, 0x08), G: mix(0xc8, 0x2a), B: mix(0xf0, 0x5c), A: 0xff}
}

// draw writes four panels: position above, derivative below, pulled left and pushed right.
func draw(file string, pictures []picture) error {
	panels := make([][]*plot.Plot, 2)
	for _, p := range pictures {
		top, bottom, err := p.panels()
		if err != nil {
			return err
		}
		panels[0], panels[1] = append(panels[0], top), append(panels[1], bottom)
	}
	img := vgimg.New(26*vg.Centimeter, 18*vg.Centimeter)
	canvas := vgdraw.New(img)
	mm := vg.Millimeter
	tiles := vgdraw.Tiles{Rows: 2, Cols: 2, PadX: 9 * mm, PadY: 6 * mm, PadTop: 4 * mm, PadBottom: 3 * mm, PadLeft: 3 * mm, PadRight: 5 * mm}
	for i, row := range plot.Align(panels, tiles, canvas) {
		for j, c := range row {
			panels[i][j].Draw(c)
		}
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if _, err := (vgimg.PngCanvas{Canvas: img}).WriteTo(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (p picture) panels() (top, bottom *plot.Plot, err error) {
	top, bottom = newPlot(), newPlot()
	top.Title.Text = map[string]string{"pull": "pulled off the ground", "push": "pushed along the ground"}[p.motion.name]
	top.Y.Label.Text = map[string]string{"pull": "height after one step (mm)", "push": "distance after one step (mm)"}[p.motion.name]
	bottom.Y.Label.Text = "derivative (h²/m)"
	bottom.X.Label.Text = "force (N)"
	s, err := plotter.NewScatter(points(p.cloud.force, p.cloud.derivative, 1/free))
	if err != nil {
		return nil, nil, err
	}
	s.Color, s.Radius, s.Shape = dots, vg.Points(2.2), vgdraw.CircleGlyph{}
	bottom.Add(s)
	for i, c := range p.curves {
		for _, at := range []struct {
			plot *plot.Plot
			xy   plotter.XYs
		}{{top, points(c.force, c.position, 1e3)}, {bottom, points(c.force, c.derivative, 1/free)}} {
			l, err := plotter.NewLine(at.xy)
			if err != nil {
				return nil, nil, err
			}
			l.Color, l.Width = shade(i, len(p.curves)), vg.Points(1.6)
			at.plot.Add(l)
			if at.plot == top && p.motion.name == "pull" {
				top.Legend.Add(fmt.Sprintf("κ = %.0e", c.kappa), l)
			}
		}
	}
	l, err := plotter.NewLine(points(p.cloud.force, p.cloud.exact, 1/free))
	if err != nil {
		return nil, nil, err
	}
	l.Color, l.Width, l.Dashes = dots, vg.Points(1.2), []vg.Length{vg.Points(4), vg.Points(3)}
	bottom.Add(l)
	if p.motion.name == "pull" {
		bottom.Legend.Add(fmt.Sprintf("smoothing, %d samples", samples), s)
		bottom.Legend.Add("smoothing, exact", l)
	}
	for _, q := range []*plot.Plot{top, bottom} {
		q.X.Min, q.X.Max = 0, 2*p.motion.center
	}
	top.Y.Min = 0
	bottom.Y.Min, bottom.Y.Max = -0.1, 1.2
	for _, a := range []*plot.Axis{&top.X, &bottom.X} {
		f := p.motion.center
		a.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: "0"}, {Value: f / 2}, {Value: f, Label: p.motion.label}, {Value: 1.5 * f}, {Value: 2 * f, Label: fmt.Sprintf("%.4g", 2*f)}}
	}
	top.Title.Padding = vg.Points(6)
	return top, bottom, nil
}

func newPlot() *plot.Plot {
	p := plot.New()
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.XOffs, p.Legend.Padding = vg.Points(8), vg.Points(1.5)
	p.Legend.TextStyle.Font.Size = font.Length(9)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.Label.TextStyle.Color, a.Tick.Color, a.Tick.Label.Color = ink, ink, ink, ink
	}
	p.Add(faintGrid())
	return p
}

func faintGrid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical.Color, g.Horizontal.Color = color.Gray{Y: 0xe6}, color.Gray{Y: 0xe6}
	return g
}

func points(x, y []float64, scale float64) plotter.XYs {
	xy := make(plotter.XYs, len(x))
	for i := range x {
		xy[i] = plotter.XY{X: x[i], Y: scale * y[i]}
	}
	return xy
}
