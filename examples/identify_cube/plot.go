package main

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/internal/figure"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// draw writes three panels: both errors of the tosses kept apart, model by model, and the height of the cube in the toss
// whose error is the median, as measured, as published parameters have it and as the best model does.
func draw(file string, d *data, rungs []rung, best *rung) error {
	position, err := steps(rungs, "position error (% of width)", toss.Published[0].Position, func(e errors) float64 { return e.Position })
	if err != nil {
		return err
	}
	rotation, err := steps(rungs, "rotation error (degrees)", toss.Published[0].Rotation, func(e errors) float64 { return e.Rotation })
	if err != nil {
		return err
	}
	height, err := heights(d, &rungs[0], best)
	if err != nil {
		return err
	}
	return figure.WriteTiles(file, 40*vg.Centimeter, 13*vg.Centimeter, 8*vg.Millimeter, 0, [][]*plot.Plot{{position, rotation, height}})
}

// steps draws an error against what was found.
func steps(rungs []rung, label string, published float64, value func(errors) float64) (*plot.Plot, error) {
	p := plot.New()
	p.Y.Label.Text, p.Y.Min = label, 0
	p.Add(figure.Grid())
	var names []string
	var measured, fitted plotter.XYs
	for i, r := range rungs {
		names = append(names, r.Found)
		measured = append(measured, plotter.XY{X: float64(i), Y: value(r.Test)})
		fitted = append(fitted, plotter.XY{X: float64(i), Y: value(r.Fitted)})
	}
	for _, c := range []struct {
		name string
		xys  plotter.XYs
	}{{"start as measured", measured}, {"start fitted to the flight", fitted}} {
		l, s, err := plotter.NewLinePoints(c.xys)
		if err != nil {
			return nil, err
		}
		l.Color, l.Width, s.Shape, s.Radius = figure.Blue, vg.Points(2), vgdraw.CircleGlyph{}, vg.Points(3)
		if c.name != "start as measured" {
			l.Color = figure.Orange
		}
		s.Color = l.Color
		p.Add(l, s)
		p.Legend.Add(c.name, l, s)
	}
	l, err := plotter.NewLine(plotter.XYs{{X: 0, Y: published}, {X: float64(len(rungs) - 1), Y: published}})
	if err != nil {
		return nil, err
	}
	l.Color, l.Dashes = figure.Ink, []vg.Length{vg.Points(4), vg.Points(3)}
	p.Add(l)
	p.Legend.Add("published: "+toss.Published[0].Engine, l)
	p.NominalX(names...)
	p.X.Tick.Label.Rotation, p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = 0.6, vgdraw.XRight, vgdraw.YTop
	return p, nil
}

func heights(d *data, first, best *rung) (*plot.Plot, error) {
	order := make([]int, len(d.test))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if best.out[a].position < best.out[b].position {
			return -1
		}
		return 1
	})
	k := order[len(order)/2]
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s: errors %.1f %%, %.1f°; published %.1f %%, %.1f°", d.test[k].Name, best.out[k].position, best.out[k].rotation, first.out[k].position, first.out[k].rotation)
	p.X.Label.Text, p.Y.Label.Text = "time (s)", "height of the center (m)"
	p.Add(figure.Grid())
	var measured plotter.XYs
	for i, s := range d.test[k].Samples {
		measured = append(measured, plotter.XY{X: float64(i) * d.ex.DT, Y: s.Pos[2]})
	}
	curve := func(name string, heights []float64, line func(l *plotter.Line)) error {
		var xys plotter.XYs
		for i, z := range heights {
			xys = append(xys, plotter.XY{X: float64(i) * d.ex.DT, Y: z})
		}
		l, err := plotter.NewLine(xys)
		if err != nil {
			return err
		}
		l.Width = vg.Points(2)
		line(l)
		p.Add(l)
		p.Legend.Add(name, l)
		return nil
	}
	if err := curve("published parameters", first.out[k].height, func(l *plotter.Line) { l.Color, l.Dashes = figure.Orange, []vg.Length{vg.Points(4), vg.Points(3)} }); err != nil {
		return nil, err
	}
	if err := curve("parameters found", best.out[k].height, func(l *plotter.Line) { l.Color = figure.Blue }); err != nil {
		return nil, err
	}
	dots, err := plotter.NewScatter(measured)
	if err != nil {
		return nil, err
	}
	dots.Color, dots.Radius, dots.Shape = figure.Ink, vg.Points(1.6), vgdraw.CircleGlyph{}
	p.Add(dots)
	p.Legend.Add("measured", dots)
	p.Legend.Top, p.Y.Min = true, 0
	return p, nil
}
