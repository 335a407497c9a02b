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

var colors = []color.Color{color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}, color.RGBA{R: 0xd9, G: 0x5f, B: 0x02, A: 0xff}}

const shown = 8 // s

// draw writes three panels over time: angle, cart, force.
func draw(file string, swings []*swing) error {
	var panels []*plot.Plot
	for i, label := range []string{"pole angle (rad)", "cart position (m)", "force (N)"} {
		p := plot.New()
		p.X.Label.Text, p.Y.Label.Text = "time (s)", label
		p.Legend.Top, p.Legend.TextStyle.Font.Size = true, font.Length(9)
		p.Legend.Padding = vg.Points(1.5)
		g := plotter.NewGrid()
		g.Vertical.Color, g.Horizontal.Color = color.Gray{Y: 0xe6}, color.Gray{Y: 0xe6}
		p.Add(g)
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
	img := vgimg.New(30*vg.Centimeter, 9*vg.Centimeter)
	mm := vg.Millimeter
	tiles := vgdraw.Tiles{Rows: 1, Cols: 3, PadX: 8 * mm, PadTop: 4 * mm, PadBottom: 3 * mm, PadLeft: 3 * mm, PadRight: 5 * mm}
	for i, c := range plot.Align([][]*plot.Plot{panels}, tiles, vgdraw.New(img))[0] {
		panels[i].Draw(c)
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

func line(t, y []float64) (*plotter.Line, error) {
	var xy plotter.XYs
	for i := range t {
		if t[i] <= shown {
			xy = append(xy, plotter.XY{X: t[i], Y: y[i]})
		}
	}
	return plotter.NewLine(xy)
}
