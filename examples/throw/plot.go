package main

import (
	"fmt"
	"image/color"

	"github.com/ukemi-sim/ukemi/internal/figure"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// pale runs from light to blue over the iterations.
func pale(t float64) color.Color {
	return figure.Mix(color.RGBA{R: 0xd2, G: 0xe2, B: 0xf2}, figure.Blue, t)
}

// draw writes the throws of all iterations from the side and from above, the last one with outlines of the
// box, and the distance from the target over the iterations.
func draw(file string, kept []path) error {
	side, above, fall := newPlot("x (m)", "z (m)"), newPlot("x (m)", "y (m)"), newPlot("iteration", "distance (m)")
	last := kept[len(kept)-1]
	for _, view := range []struct {
		plot *plot.Plot
		axes [2]r3.Vec
	}{{side, [2]r3.Vec{{X: 1}, {Z: 1}}}, {above, [2]r3.Vec{{X: 1}, {Y: 1}}}} {
		flat := func(p r3.Vec) plotter.XY { return plotter.XY{X: r3.Dot(p, view.axes[0]), Y: r3.Dot(p, view.axes[1])} }
		for i, k := range kept[:len(kept)-1] {
			var xy plotter.XYs
			for _, s := range k.states {
				xy = append(xy, flat(center(s)))
			}
			if err := add(view.plot, xy, pale(float64(i)/float64(len(kept))), 1); err != nil {
				return err
			}
		}
		for i := 0; i <= steps; i += 6 {
			t := float64(i) / steps
			if err := add(view.plot, outline(last.states[i], flat), fade(t), 0.9); err != nil {
				return err
			}
		}
		var xy plotter.XYs
		for _, s := range last.states {
			xy = append(xy, flat(center(s)))
		}
		if err := add(view.plot, xy, figure.Orange, 2); err != nil {
			return err
		}
		cross, err := plotter.NewScatter(plotter.XYs{flat(target)})
		if err != nil {
			return err
		}
		cross.Shape, cross.Radius, cross.Color = vgdraw.CrossGlyph{}, vg.Points(6), color.Black
		view.plot.Add(cross)
	}
	fall.Y.Scale, fall.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	at := map[float64]plotter.XYs{}
	for i, k := range kept[:len(kept)-1] {
		d, _, _ := miss(k.states[steps])
		at[k.kappa] = append(at[k.kappa], plotter.XY{X: float64(i), Y: d})
	}
	for i, k := range []float64{1e-3, 1e-6} {
		if len(at[k]) == 0 {
			continue
		}
		l, p, err := plotter.NewLinePoints(at[k])
		if err != nil {
			return err
		}
		c := pale([]float64{0.35, 1}[i])
		l.Color, p.Color, p.Shape, p.Radius = c, c, vgdraw.CircleGlyph{}, vg.Points(2.5)
		fall.Add(l, p)
		fall.Legend.Add(fmt.Sprintf("κ = %.0e", k), l, p)
	}
	side.Y.Min = 0
	// meters are as long in both directions of a view: 24 cm for 2.75 m
	for _, p := range []*plot.Plot{side, above} {
		p.X.Min, p.X.Max = -0.25, 2.5
	}
	side.Y.Max = 0.8
	above.Y.Min, above.Y.Max = -0.2, 0.9
	const cm = vg.Centimeter
	return figure.Write(file, 27*cm, 26.5*cm, func(canvas vgdraw.Canvas) {
		place := func(p *plot.Plot, bottom, top vg.Length) {
			p.Draw(vgdraw.Crop(canvas, 0.3*cm, -0.6*cm, bottom, top-26.5*cm))
		}
		place(side, 17.9*cm, 26.2*cm)
		place(above, 6.7*cm, 17.5*cm)
		place(fall, 0.3*cm, 6.3*cm)
	})
}

func fade(t float64) color.Color {
	return figure.Mix(color.RGBA{R: 0xf8, G: 0xd8, B: 0xb8}, figure.Orange, t)
}

func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	p.Legend.Top, p.Legend.Padding, p.Legend.TextStyle.Font.Size = true, vg.Points(1.5), font.Length(10)
	p.Add(figure.Grid())
	return p
}

func add(p *plot.Plot, xy plotter.XYs, c color.Color, width float64) error {
	l, err := plotter.NewLine(xy)
	if err != nil {
		return err
	}
	l.Color, l.Width = c, vg.Points(width)
	p.Add(l)
	return nil
}

func center(s sim.State) r3.Vec { return r3.Vec{X: s.Q[0], Y: s.Q[1], Z: s.Q[2]} }

// outline is a line along the edges of the box, some of them twice.
func outline(s sim.State, flat func(r3.Vec) plotter.XY) plotter.XYs {
	turn := r3.Rotation(rotation(s))
	var xy plotter.XYs
	for _, k := range []int{0, 1, 3, 2, 0, 4, 5, 7, 6, 4, 5, 1, 3, 7, 6, 2} {
		sign := func(bit int) float64 { return float64(2*(k>>bit&1) - 1) }
		xy = append(xy, flat(r3.Add(center(s), turn.Rotate(r3.Vec{X: sign(0) * half.X, Y: sign(1) * half.Y, Z: sign(2) * half.Z}))))
	}
	return xy
}
