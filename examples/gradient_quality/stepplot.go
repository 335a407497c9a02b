package main

import (
	"fmt"
	"image/color"

	"github.com/ukemi-sim/ukemi/internal/figure"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

type picture struct {
	motion motion
	curves []*curve
}

// shade runs from pale for soft contact to dark for hard contact.
func shade(i, n int) color.Color {
	return figure.Mix(color.RGBA{R: 0x8c, G: 0xc8, B: 0xf0}, color.RGBA{R: 0x08, G: 0x2a, B: 0x5c}, float64(i)/float64(n-1))
}

// drawStep writes four panels: position above, derivative below, pulled left and pushed right.
func drawStep(file string, pictures []picture) error {
	panels := make([][]*plot.Plot, 2)
	for _, p := range pictures {
		top, bottom, err := p.panels()
		if err != nil {
			return err
		}
		panels[0], panels[1] = append(panels[0], top), append(panels[1], bottom)
	}
	return figure.WriteTiles(file, 26*vg.Centimeter, 18*vg.Centimeter, 9*vg.Millimeter, 6*vg.Millimeter, panels)
}

func (p picture) panels() (top, bottom *plot.Plot, err error) {
	top, bottom = newPlot(), newPlot()
	top.Title.Text = map[string]string{"pull": "pulled off the ground", "push": "pushed along the ground"}[p.motion.name]
	top.Y.Label.Text = map[string]string{"pull": "height after one step (mm)", "push": "distance after one step (mm)"}[p.motion.name]
	bottom.Y.Label.Text = "derivative (h²/m)"
	bottom.X.Label.Text = "force (N)"
	for i, c := range p.curves {
		for _, at := range []struct {
			plot *plot.Plot
			xy   plotter.XYs
		}{{top, xys(c.force, c.position, 1e3)}, {bottom, xys(c.force, c.derivative, 1/free)}} {
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
		a.Color, a.Label.TextStyle.Color, a.Tick.Color, a.Tick.Label.Color = figure.Ink, figure.Ink, figure.Ink, figure.Ink
	}
	p.Add(figure.Grid())
	return p
}

func xys(x, y []float64, scale float64) plotter.XYs {
	xy := make(plotter.XYs, len(x))
	for i := range x {
		xy[i] = plotter.XY{X: x[i], Y: scale * y[i]}
	}
	return xy
}
