package main

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/figure"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// draw writes measured and predicted torques of the first motion of the test, one panel per joint.
func draw(file string, p *problem, f *fitted) error {
	mo := &p.test[0]
	tau, err := f.Regression.Predict(f.Values, mo)
	if err != nil {
		return err
	}
	const every = 10 // samples of a point
	var panels [][]*plot.Plot
	joints := f.model.Joints()
	for i := range joints {
		var measured, predicted plotter.XYs
		for s := 0; s < len(tau); s += every {
			x := mo.Start + float64(s)*mo.Step
			measured = append(measured, plotter.XY{X: x, Y: mo.Torque[s][i]})
			predicted = append(predicted, plotter.XY{X: x, Y: tau[s][i]})
		}
		pl := plot.New()
		pl.Add(figure.Grid())
		pl.Y.Label.Text = fmt.Sprintf("joint %d (N m)", i+1)
		a, err := plotter.NewLine(measured)
		if err != nil {
			return err
		}
		b, err := plotter.NewLine(predicted)
		if err != nil {
			return err
		}
		a.Color, a.Width = figure.Blue, vg.Points(2.2)
		b.Color, b.Width = figure.Orange, vg.Points(1)
		pl.Add(a, b)
		switch i {
		case 0:
			pl.Title.Text = "Torques of a motion that was not learned from"
			pl.Legend.Add("measured", a)
			pl.Legend.Add("predicted", b)
			pl.Legend.Top, pl.Legend.Left = true, true
		case len(joints) - 1:
			pl.X.Label.Text = "time (s)"
		}
		panels = append(panels, []*plot.Plot{pl})
	}
	return figure.WriteTiles(file, 200*vg.Millimeter, 280*vg.Millimeter, 0, 2*vg.Millimeter, panels)
}
