package scene

import "math"

// Color is sRGB red, green, blue and alpha in [0, 1]. The zero Color means "none given".
type Color struct{ R, G, B, A float64 }

// RGB returns the opaque color 0xRRGGBB.
func RGB(hex uint32) Color {
	return Color{float64(hex>>16&255) / 255, float64(hex>>8&255) / 255, float64(hex&255) / 255, 1}
}

// Or returns c, or d when c is zero.
func (c Color) Or(d Color) Color {
	if c == (Color{}) {
		return d
	}
	return c
}

// Alpha returns c with alpha a.
func (c Color) Alpha(a float64) Color { c.A = a; return c }

// Palette holds colors that can be told apart, also beside each other, for groups and curves.
var Palette = [...]Color{
	RGB(0x4C8DD6), // blue
	RGB(0xF2A03D), // orange
	RGB(0x55B583), // green
	RGB(0xDD5E5A), // red
	RGB(0x9A7BD0), // violet
	RGB(0xE3C64C), // yellow
	RGB(0x4FB9C9), // teal
	RGB(0xD987B5), // pink
}

// ColorOf returns the palette color of group g, any integer.
func ColorOf(g int) Color {
	n := len(Palette)
	return Palette[(g%n+n)%n]
}

// Linear returns c without its alpha as light, each in [0, 1]: the transfer function of IEC 61966-2-1.
func (c Color) Linear() (r, g, b float64) { return toLinear(c.R), toLinear(c.G), toLinear(c.B) }

func toLinear(c float64) float64 {
	c = math.Max(0, math.Min(1, c))
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
