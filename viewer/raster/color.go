package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// rgb is light in linear color.
type rgb struct{ r, g, b float64 }

func (a rgb) add(b rgb) rgb       { return rgb{a.r + b.r, a.g + b.g, a.b + b.b} }
func (a rgb) mul(b rgb) rgb       { return rgb{a.r * b.r, a.g * b.g, a.b * b.b} }
func (a rgb) scale(s float64) rgb { return rgb{a.r * s, a.g * s, a.b * s} }
func (a rgb) mix(b rgb, s float64) rgb {
	return rgb{a.r + s*(b.r-a.r), a.g + s*(b.g-a.g), a.b + s*(b.b-a.b)}
}

// clamp bounds a to what a screen can show, before samples are averaged: otherwise one bright sample
// would hide seven others and edges of highlights would have stairs.
func (a rgb) clamp() rgb { return rgb{min(a.r, 1), min(a.g, 1), min(a.b, 1)} }

// linear returns c without its alpha as light.
func linear(c scene.Color) (l rgb) {
	l.r, l.g, l.b = c.Linear()
	return l
}

// toSRGB is the inverse of the transfer function of [scene.Color.Linear].
func toSRGB(c float64) float64 {
	if c <= 0.0031308 {
		return 12.92 * c
	}
	return 1.055*math.Pow(c, 1/2.4) - 0.055
}

// encodeSize is fine enough that dark tones, where sRGB is steepest, move by less than one step.
const encodeSize = 1 << 13

var encodeTable = func() (t [encodeSize + 1]uint8) {
	for i := range t {
		t[i] = uint8(255*toSRGB(float64(i)/encodeSize) + 0.5)
	}
	return
}()

// encode returns the byte of light v.
func encode(v float64) uint8 {
	i := int(v*encodeSize + 0.5)
	if uint(i) > encodeSize {
		if v > 1 { // the integer of a huge number may be anything
			return 255
		}
		return 0
	}
	return encodeTable[i]
}

// put stores c as an opaque pixel.
func put(pix []uint8, c rgb) {
	pix = pix[:4:4]
	pix[0], pix[1], pix[2], pix[3] = encode(c.r), encode(c.g), encode(c.b), 255
}
