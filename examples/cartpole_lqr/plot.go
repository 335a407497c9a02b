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

var colors = []color.Color{figure.Blue, figure.Orange}

const shown = 8 // s

// draw writes three panels over time: angle, cart, force.
func draw(file string, swings []*swing) error {
	var panels []*plot.Plot
	for i, label := range []string{"pole angle (rad)", "cart position (m)", "force (N)"} {
		p := plot.New()
		p.X.Label.Text, p.Y.Label.Text = "time (s)", label
		p.Legend.Top, p.Legend.TextStyle.Font.Size = true, font.Length(9)
		p.Legend.Padding = vg.Points(1.5)
		p.Add(figure.Grid())
		for j, s := range swings {
			l, err := line(s.t, [][]float64{s.theta, s.x, s.force}[i])
			if err != nil {
				return err
			}
			l.Color, l.Width = colors[j], vg.Points(2)
			p.Add(l)
			if i > 0 {
				continue
			}
			p.Legend.Add(fmt.Sprintf("from %.2f rad", s.angle), l)
			d, err := line(s.t, s.linear)
			if err != nil {
				return err
			}
			d.Color, d.Dashes = colors[j], []vg.Length{vg.Points(3), vg.Points(3)}
			p.Add(d)
			p.Legend.Add("linear model", d)
		}
		panels = append(panels, p)
	}
	return figure.WriteTiles(file, 30*vg.Centimeter, 9*vg.Centimeter, 8*vg.Millimeter, 0, [][]*plot.Plot{panels})
}

func line(t, y []float64) (*plotter.Line, error) {
	var xy plotter.XYs
	for i := range t {
		if t[i] <= shown {
			xy = append(xy, plotter.XY{X: t[i], Y: y[i]})
		}
	}
	return plotter.NewLine(xy)
}
