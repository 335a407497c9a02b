package main

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/figure"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// fitPanel is a diagram of measured and predicted.
type fitPanel struct {
	title, label        string
	measured, predicted plotter.XYs
}

func (p *fitPanel) add(t, measured, predicted float64) {
	if !math.IsNaN(measured) {
		p.measured = append(p.measured, plotter.XY{X: t, Y: measured})
	}
	if !math.IsNaN(predicted) {
		p.predicted = append(p.predicted, plotter.XY{X: t, Y: predicted})
	}
}

// thin keeps so many points that a picture can show.
func thin(xy plotter.XYs) plotter.XYs {
	const most = 2000
	every := len(xy)/most + 1
	var l plotter.XYs
	for i := 0; i < len(xy); i += every {
		l = append(l, xy[i])
	}
	return l
}

// drawFit writes the diagrams below each other.
func drawFit(file string, panels []fitPanel) error {
	var rows [][]*plot.Plot
	for i, n := range panels {
		p := plot.New()
		p.Add(figure.Grid())
		p.Y.Label.Text = n.label
		a, err := plotter.NewLine(thin(n.measured))
		if err != nil {
			return err
		}
		b, err := plotter.NewLine(thin(n.predicted))
		if err != nil {
			return err
		}
		a.Color, a.Width = figure.Blue, vg.Points(2.2)
		b.Color, b.Width = figure.Orange, vg.Points(1)
		p.Add(a, b)
		if i == 0 {
			p.Title.Text = n.title
			p.Legend.Add("measured", a)
			p.Legend.Add("predicted", b)
			p.Legend.Top, p.Legend.Left, p.Legend.YOffs = true, true, vg.Points(20) // beside the title
		}
		if i == len(panels)-1 {
			p.X.Label.Text = "time (s)"
		}
		rows = append(rows, []*plot.Plot{p})
	}
	height := 20*vg.Millimeter + 37*vg.Millimeter*vg.Length(len(rows))
	return figure.WriteTiles(file, 200*vg.Millimeter, height, 0, 2*vg.Millimeter, rows)
}
