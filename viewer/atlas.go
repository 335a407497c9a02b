package viewer

import (
	"image"
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// atlas is a picture of masks for the graphics: the letters of a typeface, entered as they are asked for, and what
// boxes and lines need.
type atlas struct {
	face  *scene.Typeface
	mask  *image.Alpha // square
	cells map[rune]cell
	x, y  int  // where the next letter goes
	stale bool // the mask has changed since the graphics took it

	full  cell // opaque
	round cell // the upper left quarter of a disk
	soft  cell // transparent at its upper edge, opaque from one texel below it on
}

// cell is a rectangle of the atlas in its texture coordinates.
type cell struct{ u0, v0, u1, v1 float64 }

const (
	marksHeight = 84  // of the rows that the cells of boxes and lines take
	manyLetters = 256 // there is room for
	softRows    = 40  // of the soft cell, which bounds half the width of lines (pixels)
)

func newAtlas(height int) *atlas {
	face := scene.NewTypeface(height)
	size := 256
	for (size-marksHeight)*(size-2*face.Advance) < manyLetters*(face.Advance+1)*(face.Line+1) {
		size *= 2
	}
	a := &atlas{face: face, mask: image.NewAlpha(image.Rect(0, 0, size, size)), cells: map[rune]cell{}, x: 1, y: marksHeight, stale: true}
	a.marks()
	return a
}

func (a *atlas) size() int { return a.mask.Rect.Dx() }

func (a *atlas) cellOf(x0, y0, x1, y1 int) cell {
	s := 1 / float64(a.size())
	return cell{float64(x0) * s, float64(y0) * s, float64(x1) * s, float64(y1) * s}
}

// letter returns where a letter is in the atlas. One for which there is no room becomes the letter '?', or
// nothing.
func (a *atlas) letter(r rune) (*scene.Glyph, cell) {
	g := a.face.Glyph(r)
	if c, ok := a.cells[r]; ok {
		return g, c
	}
	w, h := g.Mask.Rect.Dx(), g.Mask.Rect.Dy()
	if a.x+w+1 > a.size() {
		a.x, a.y = 1, a.y+a.face.Line+1
	}
	if a.y+max(h, a.face.Line)+1 > a.size() {
		if r == '?' {
			return &scene.Glyph{}, cell{}
		}
		return a.letter('?')
	}
	for v := range h {
		copy(a.mask.Pix[(a.y+v)*a.mask.Stride+a.x:], g.Mask.Pix[v*g.Mask.Stride:][:w])
	}
	c := a.cellOf(a.x, a.y, a.x+w, a.y+h)
	a.cells[r], a.stale = c, true
	a.x += w + 1
	return g, c
}

// marks draws the cells that are no letters into the upper left of the atlas.
func (a *atlas) marks() {
	put := func(x, y int, v float64) { a.mask.Pix[y*a.mask.Stride+x] = uint8(255*clamp(v, 0, 1) + 0.5) }
	for y := range 4 {
		for x := range 4 {
			put(x, y, 1)
		}
	}
	a.full = a.cellOf(1, 1, 3, 3)
	const r = 32
	// A few opaque texels beyond the inner edges: else a filter would draw a seam along them.
	for y := range r + 4 {
		for x := range r + 4 {
			put(10+x, y, r-math.Hypot(max(0, float64(r-x)-0.5), max(0, float64(r-y)-0.5))+0.5)
		}
	}
	a.round = a.cellOf(10, 0, 10+r, r)
	// The filter makes a ramp from the middle of a transparent row to the middle of the opaque one below.
	for y := range softRows + 1 {
		for x := range 4 {
			put(x, 41+y, 1)
		}
	}
	a.soft = a.cellOf(1, 40, 3, 40+softRows)
	a.soft.v0 += 0.5 / float64(a.size())
}
