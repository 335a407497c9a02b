package viewer

import (
	"image"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// typeface is Go Mono in one size, drawn into an atlas of masks that also holds what boxes and lines need.
type typeface struct {
	height  int // of the picture it is made for
	atlas   *image.Alpha
	glyphs  map[rune]glyph
	advance float64 // pixels, the same for all
	ascent  float64
	line    float64 // distance of lines

	full  cell // opaque
	round cell // the upper left quarter of a disk
	soft  cell // opaque in the middle, transparent at the upper and lower edge
}

// cell is a rectangle of the atlas in its texture coordinates.
type cell struct{ u0, v0, u1, v1 float64 }

// glyph is the mask of a letter relative to the pen on the base line (pixels).
type glyph struct {
	cell
	x, y, w, h float64
}

// letters are all the atlas has: what the viewer writes, and Greek for the names of signals.
func letters() (l []rune) {
	for r := ' '; r <= '~'; r++ {
		l = append(l, r)
	}
	for r := 'α'; r <= 'ω'; r++ {
		l = append(l, r)
	}
	return append(l, []rune("ΓΔΘΛΣΦΨΩ°±²³·×−–…←→↑↓≤≥äöüÄÖÜßéèêçñåøæ")...)
}

const atlasSize = 512

func newTypeface(height int) *typeface {
	parsed, err := opentype.Parse(gomono.TTF)
	if err != nil {
		panic("viewer: the embedded font does not parse: " + err.Error())
	}
	size := math.Round(clamp(float64(height)/720*17, 10, 34)) // all letters must fit into the atlas
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("viewer: the embedded font has no face: " + err.Error())
	}
	m := face.Metrics()
	adv, _ := face.GlyphAdvance('0')
	t := &typeface{
		height: height, atlas: image.NewAlpha(image.Rect(0, 0, atlasSize, atlasSize)), glyphs: map[rune]glyph{},
		advance: float64(adv.Ceil()), ascent: float64(m.Ascent.Ceil()), line: math.Round(size * 1.3),
	}
	t.marks()
	x, y, row := 100, 1, 66 // right of the marks first
	for _, r := range letters() {
		dr, mask, mp, _, ok := face.Glyph(fixed.Point26_6{}, r)
		if !ok {
			continue
		}
		w, h := dr.Dx(), dr.Dy()
		if x+w+1 > atlasSize {
			x, y, row = 1, y+row, 0
		}
		if y+h+1 > atlasSize {
			panic("viewer: the letters do not fit into the atlas")
		}
		row = max(row, h+1)
		for v := range h {
			for u := range w {
				_, _, _, a := mask.At(mp.X+u, mp.Y+v).RGBA()
				t.atlas.Pix[(y+v)*t.atlas.Stride+x+u] = uint8(a >> 8)
			}
		}
		t.glyphs[r] = glyph{cellOf(x, y, x+w, y+h), float64(dr.Min.X), float64(dr.Min.Y), float64(w), float64(h)}
		x += w + 1
	}
	return t
}

func cellOf(x0, y0, x1, y1 int) cell {
	const s = 1.0 / atlasSize
	return cell{float64(x0) * s, float64(y0) * s, float64(x1) * s, float64(y1) * s}
}

// marks draws the cells that are no letters into the upper left of the atlas.
func (t *typeface) marks() {
	put := func(x, y int, a float64) { t.atlas.Pix[y*t.atlas.Stride+x] = uint8(255*clamp(a, 0, 1) + 0.5) }
	for y := range 4 {
		for x := range 4 {
			put(x, y, 1)
		}
	}
	t.full = cellOf(1, 1, 3, 3)
	const r = 32
	// A few opaque texels beyond the inner edges: else a filter would draw a seam along them.
	for y := range r + 4 {
		for x := range r + 4 {
			put(10+x, y, r-math.Hypot(max(0, float64(r-x)-0.5), max(0, float64(r-y)-0.5))+0.5)
		}
	}
	t.round = cellOf(10, 0, 10+r, r)
	// Rows 40…44: the outermost are transparent; the cell ends in their middle.
	for y := range 3 {
		for x := range 4 {
			put(x, 41+y, 1)
		}
	}
	t.soft = cellOf(1, 40, 3, 45)
	t.soft.v0 += 0.5 / atlasSize
	t.soft.v1 -= 0.5 / atlasSize
}
