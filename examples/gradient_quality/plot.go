package main

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/figure"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// drawQualities writes two panels for each trial: the outcome above, its slope below.
func drawQualities(file string, all []*quality) error {
	rows := make([][]*plot.Plot, 2)
	for i, q := range all {
		top, bottom, err := q.panels(i == 0)
		if err != nil {
			return err
		}
		rows[0], rows[1] = append(rows[0], top), append(rows[1], bottom)
	}
	return figure.WriteTiles(file, 33*vg.Centimeter, 18*vg.Centimeter, 9*vg.Millimeter, 6*vg.Millimeter, rows)
}

func (q *quality) panels(legend bool) (top, bottom *plot.Plot, err error) {
	top, bottom = newPlot(), newPlot()
	top.Title.Text, top.Y.Label.Text = q.name, q.outcome+" (m)"
	bottom.Y.Label.Text, bottom.X.Label.Text = "slope (m per "+q.unit+")", q.number+" ("+q.unit+")"
	last := q.estimates[len(q.estimates)-1]
	cloud, err := plotter.NewScatter(xys(q.at, last.one, 1))
	if err != nil {
		return nil, nil, err
	}
	cloud.Color, cloud.Radius, cloud.Shape = figure.Orange, vg.Points(2), vgdraw.CircleGlyph{}
	bottom.Add(cloud)
	for i, k := range softs {
		y, err := q.outcomes(k)
		if err != nil {
			return nil, nil, err
		}
		for _, at := range []struct {
			plot *plot.Plot
			xy   plotter.XYs
		}{{top, xys(q.at, y, 1)}, {bottom, xys(q.at, q.estimates[i].slopes, 1)}} {
			l, err := plotter.NewLine(at.xy)
			if err != nil {
				return nil, nil, err
			}
			l.Color, l.Width = shade(i, len(softs)), vg.Points(1.6)
			at.plot.Add(l)
			if at.plot == top && legend {
				top.Legend.Add(fmt.Sprintf("κ = %.0e", k), l)
			}
		}
	}
	truth, err := plotter.NewLine(xys(q.at, q.truth, 1))
	if err != nil {
		return nil, nil, err
	}
	truth.Color, truth.Width, truth.Dashes = figure.Orange, vg.Points(1.6), []vg.Length{vg.Points(4), vg.Points(3)}
	bottom.Add(truth)
	if legend {
		bottom.Legend.Add("averaged over the noise", truth)
		bottom.Legend.Add(fmt.Sprintf("randomized, %d rollouts each", last.rollouts), cloud)
	}
	for _, p := range []*plot.Plot{top, bottom} {
		p.X.Min, p.X.Max = q.low, q.high
	}
	return top, bottom, nil
}

// outcomes returns those at κ.
func (q *quality) outcomes(kappa float64) ([]float64, error) {
	g, err := implicit.New(q.model.NewStepper(sim.Options{Kappa: kappa}), implicit.Options{})
	if err != nil {
		return nil, err
	}
	var l []float64
	for _, x := range q.at {
		y, _, err := q.trial.at(g, x)
		if err != nil {
			return nil, err
		}
		l = append(l, y)
	}
	return l, nil
}
