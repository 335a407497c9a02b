// Package figure is what the plots of examples and benchmarks have in common.
package figure

import (
	"image/color"
	"io"

	"github.com/ukemi-sim/ukemi/internal/draft"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Colors that the plots share.
var (
	Blue   = color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}
	Orange = color.RGBA{R: 0xd9, G: 0x5f, B: 0x02, A: 0xff}
	Ink    = color.RGBA{R: 0x30, G: 0x30, B: 0x30, A: 0xff}
)

// Mix returns the color at t from a (0) to b (1).
func Mix(a, b color.RGBA, t float64) color.Color {
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + t*(float64(b)-float64(a)) + 0.5) }
	return color.RGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 0xff}
}

// Grid returns grid lines that stay behind the curves.
func Grid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical.Color, g.Horizontal.Color = color.Gray{Y: 0xe6}, color.Gray{Y: 0xe6}
	return g
}

// Write makes a PNG file of the given size of what paint draws.
func Write(file string, width, height vg.Length, paint func(vgdraw.Canvas)) error {
	img := vgimg.New(width, height)
	paint(vgdraw.New(img))
	_, err := draft.Write(file, func(f io.Writer) error {
		_, err := vgimg.PngCanvas{Canvas: img}.WriteTo(f)
		return err
	})
	return err
}

// WriteTiles is Write for rows of panels with aligned axes, padX and padY apart.
func WriteTiles(file string, width, height, padX, padY vg.Length, panels [][]*plot.Plot) error {
	const mm = vg.Millimeter
	tiles := vgdraw.Tiles{
		Rows: len(panels), Cols: len(panels[0]), PadX: padX, PadY: padY,
		PadTop: 4 * mm, PadBottom: 3 * mm, PadLeft: 3 * mm, PadRight: 5 * mm,
	}
	return Write(file, width, height, func(c vgdraw.Canvas) {
		for i, row := range plot.Align(panels, tiles, c) {
			for j, at := range row {
				panels[i][j].Draw(at)
			}
		}
	})
}
