package main

import (
	"fmt"
	"image/color"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/figure"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// plotPrecision draws error against CPU time, a panel for each scene and a curve for each engine.
func (r *result) plotPrecision(file string) error {
	var panels []*plot.Plot
	for _, s := range scenes {
		if s.parts&precision == 0 || r.at(s.name, ukemi, "end", reference) == nil {
			continue
		}
		p, err := r.panel(s)
		if err != nil {
			return err
		}
		panels = append(panels, p)
	}
	const columns = 2
	if len(panels) == 0 || len(panels)%columns != 0 {
		return fmt.Errorf("the result has %d scenes of work and precision, want all of them for a plot", len(panels))
	}
	rows := slices.Collect(slices.Chunk(panels, columns))
	const mm = vg.Millimeter
	return figure.WriteTiles(file, columns*115*mm, vg.Length(len(rows))*80*mm, 6*mm, 6*mm, rows)
}

func (r *result) panel(s scene) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text = s.title
	p.X.Label.Text = "CPU time of 1 s (ms)"
	p.Y.Label.Text = "error of positions (mm)"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Top = true
	p.Add(figure.Grid())
	colors := []color.Color{figure.Orange, figure.Blue, figure.Ink}
	glyphs := []vgdraw.GlyphDrawer{vgdraw.CircleGlyph{}, vgdraw.BoxGlyph{}, vgdraw.PyramidGlyph{}}
	for i, e := range precisionEngines {
		var at plotter.XYs
		for _, h := range timesteps {
			if m := r.at(s.name, e, "end", h); m != nil && m.Error > 0 {
				at = append(at, plotter.XY{X: m.Least / h * 1e-3, Y: 1e3 * m.Error})
			}
		}
		if len(at) == 0 {
			continue
		}
		line, points, err := plotter.NewLinePoints(at)
		if err != nil {
			return nil, err
		}
		line.Color, points.Color, points.Shape = colors[i], colors[i], glyphs[i]
		p.Add(line, points)
		p.Legend.Add(e, line, points)
	}
	return p, nil
}
