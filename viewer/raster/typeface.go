package raster

import (
	"image"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// typeface draws text in one size of Go Mono. Glyphs are kept as masks once drawn.
type typeface struct {
	face    font.Face
	glyphs  map[rune]*glyph
	advance int // pixels, the same for all runes
	ascent  int
	line    int // distance of lines
}

// glyph is the mask of a rune, placed relative to the pen on the base line.
type glyph struct {
	mask image.Alpha
	at   image.Point
}

// newTypeface returns the font for a picture of the given height.
func newTypeface(height int) *typeface {
	parsed, err := opentype.Parse(gomono.TTF)
	if err != nil {
		panic("raster: the embedded font does not parse: " + err.Error())
	}
	size := math.Max(10, math.Round(float64(height)/720*17))
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("raster: the embedded font has no face: " + err.Error())
	}
	t := &typeface{face: face, glyphs: map[rune]*glyph{}}
	adv, _ := face.GlyphAdvance('0')
	t.advance = adv.Ceil()
	m := face.Metrics()
	t.ascent = m.Ascent.Ceil()
	t.line = int(math.Round(size * 1.3))
	return t
}

func (t *typeface) glyph(c rune) *glyph {
	if g, ok := t.glyphs[c]; ok {
		return g
	}
	g := &glyph{}
	dr, mask, mp, _, ok := t.face.Glyph(fixed.Point26_6{}, c)
	if !ok && c != '?' {
		g = t.glyph('?')
	} else if ok {
		// The face reuses its mask for the next rune: copy.
		g.mask = *image.NewAlpha(image.Rect(0, 0, dr.Dx(), dr.Dy()))
		for y := range dr.Dy() {
			for x := range dr.Dx() {
				_, _, _, a := mask.At(mp.X+x, mp.Y+y).RGBA()
				g.mask.Pix[y*g.mask.Stride+x] = uint8(a >> 8)
			}
		}
		g.at = dr.Min
	}
	t.glyphs[c] = g
	return g
}

// columns returns the number of runes of s.
func columns(s string) (n int) {
	for range s {
		n++
	}
	return
}

// draw writes s with its top left corner at (x, y).
func (t *typeface) draw(dst *image.RGBA, x, y int, s string, c scene.Color) {
	y += t.ascent
	for _, ch := range s {
		g := t.glyph(ch)
		r := g.mask.Rect
		for v := range r.Dy() {
			py := y + g.at.Y + v
			if py < 0 || py >= dst.Rect.Dy() {
				continue
			}
			for u, a := range g.mask.Pix[v*g.mask.Stride : v*g.mask.Stride+r.Dx()] {
				px := x + g.at.X + u
				if a != 0 && px >= 0 && px < dst.Rect.Dx() {
					blend(dst.Pix[py*dst.Stride+4*px:], 255*c.R, 255*c.G, 255*c.B, c.A*float64(a)/255)
				}
			}
		}
		x += t.advance
	}
}
