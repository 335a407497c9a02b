package main

import (
	"fmt"
	"image/color"
	"math"

	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/internal/figure"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

var (
	pale   = color.RGBA{R: 0xa9, G: 0xc8, B: 0xe8, A: 0xff}
	others = []color.Color{
		figure.Orange,
		color.RGBA{R: 0x1b, G: 0x9e, B: 0x77, A: 0xff},
		color.RGBA{R: 0x75, G: 0x70, B: 0xb3, A: 0xff},
	}
)

// draw writes three panels: histograms of both errors with the means of all engines, and the heights of
// the cube's center in the toss whose position error is the median.
func draw(file string, ex toss.Experiment, tosses []toss.Toss, out []outcome, r report) error {
	p1, err := histogram(out, position, "position error (% of width)", r.PositionMean, func(i int) float64 { return toss.Published[i].Position })
	if err != nil {
		return err
	}
	p2, err := histogram(out, rotation, "rotation error (degrees)", r.RotationMean, func(i int) float64 { return toss.Published[i].Rotation })
	if err != nil {
		return err
	}
	p3, err := heights(ex, tosses, out)
	if err != nil {
		return err
	}
	p1.Title.Text = fmt.Sprintf("%d tosses, friction %.3f", r.Tosses, r.Mu)
	return figure.WriteTiles(file, 36*vg.Centimeter, 11*vg.Centimeter, 8*vg.Millimeter, 0, [][]*plot.Plot{{p1, p2, p3}})
}

func histogram(out []outcome, value func(outcome) float64, label string, mean float64, other func(int) float64) (*plot.Plot, error) {
	v := make(plotter.Values, len(out))
	for i, o := range out {
		v[i] = value(o)
	}
	h, err := plotter.NewHist(v, 32)
	if err != nil {
		return nil, err
	}
	h.FillColor, h.LineStyle.Color = pale, color.White
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = label, "tosses"
	p.Add(h)
	top := 0.0
	for _, b := range h.Bins {
		top = math.Max(top, b.Weight)
	}
	line := func(x float64, c color.Color, name string, dash ...vg.Length) error {
		l, err := plotter.NewLine(plotter.XYs{{X: x}, {X: x, Y: top}})
		if err != nil {
			return err
		}
		l.Color, l.Width, l.Dashes = c, vg.Points(2), dash
		p.Add(l)
		p.Legend.Add(fmt.Sprintf("%s %.1f", name, x), l)
		return nil
	}
	if err := line(mean, figure.Blue, "ukemi"); err != nil {
		return nil, err
	}
	for i, o := range toss.Published {
		if err := line(other(i), others[i], o.Engine, vg.Points(5), vg.Points(3)); err != nil {
			return nil, err
		}
	}
	p.Legend.Top = true
	return p, nil
}

func heights(ex toss.Experiment, tosses []toss.Toss, out []outcome) (*plot.Plot, error) {
	k := median(out)
	measured, simulated := plotter.XYs{}, plotter.XYs{}
	for i, s := range tosses[k].Samples {
		t := float64(i) * ex.DT
		measured = append(measured, plotter.XY{X: t, Y: s.Pos[2]})
		simulated = append(simulated, plotter.XY{X: t, Y: out[k].z[i]})
	}
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s: errors %.1f %%, %.1f°", tosses[k].Name, out[k].position, out[k].rotation)
	p.X.Label.Text, p.Y.Label.Text = "time (s)", "height of the center (m)"
	dots, err := plotter.NewScatter(measured)
	if err != nil {
		return nil, err
	}
	dots.Color, dots.Radius, dots.Shape = figure.Ink, vg.Points(1.6), vgdraw.CircleGlyph{}
	l, err := plotter.NewLine(simulated)
	if err != nil {
		return nil, err
	}
	l.Color, l.Width = figure.Blue, vg.Points(2)
	p.Add(l, dots)
	p.Legend.Add("measured", dots)
	p.Legend.Add("simulated", l)
	p.Legend.Top = true
	p.Y.Min = 0
	return p, nil
}

// median returns the toss whose position error is in the middle.
func median(out []outcome) int {
	for i, o := range out {
		less, same := 0, 0
		for _, x := range out {
			if x.position < o.position {
				less++
			} else if x.position == o.position {
				same++
			}
		}
		if less <= len(out)/2 && len(out)/2 < less+same {
			return i
		}
	}
	return 0
}
