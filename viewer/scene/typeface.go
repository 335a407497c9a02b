//go:build !lean

package scene

import (
	"image"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Typeface is Go Mono in the size that suits a picture: the type of all text over pictures. Glyphs are kept
// once they were asked for, so it belongs to one goroutine.
type Typeface struct {
	Height  int // of the picture that it is made for
	Advance int // of a letter, the same for all (pixels)
	Ascent  int // of the base line below the top of a line (pixels)
	Line    int // distance of lines (pixels)

	face   font.Face
	glyphs map[rune]*Glyph
}

// Glyph is the mask of a letter, placed relative to the pen on the base line.
type Glyph struct {
	Mask image.Alpha
	At   image.Point
}

// NewTypeface returns the typeface of pictures of the given height.
func NewTypeface(height int) *Typeface {
	parsed, err := opentype.Parse(gomono.TTF)
	if err != nil {
		panic("scene: the embedded font does not parse: " + err.Error())
	}
	size := math.Max(10, math.Round(float64(height)/720*17))
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("scene: the embedded font has no face: " + err.Error())
	}
	advance, _ := face.GlyphAdvance('0')
	return &Typeface{
		Height: height, Advance: advance.Ceil(), Ascent: face.Metrics().Ascent.Ceil(), Line: int(math.Round(size * 1.3)),
		face: face, glyphs: map[rune]*Glyph{},
	}
}

// Glyph returns the glyph of a letter, that of '?' where the typeface has none.
func (t *Typeface) Glyph(c rune) *Glyph {
	if g, ok := t.glyphs[c]; ok {
		return g
	}
	g := &Glyph{}
	dr, mask, mp, _, ok := t.face.Glyph(fixed.Point26_6{}, c)
	if !ok && c != '?' {
		g = t.Glyph('?')
	} else if ok {
		// The face reuses its mask for the next rune: copy.
		g.Mask = *image.NewAlpha(image.Rect(0, 0, dr.Dx(), dr.Dy()))
		for y := range dr.Dy() {
			for x := range dr.Dx() {
				_, _, _, a := mask.At(mp.X+x, mp.Y+y).RGBA()
				g.Mask.Pix[y*g.Mask.Stride+x] = uint8(a >> 8)
			}
		}
		g.At = dr.Min
	}
	t.glyphs[c] = g
	return g
}
