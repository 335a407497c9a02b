package raster

import (
	"image"
	"math"
	"testing"
)

// flat returns a picture of one color.
func flat(w, h int, c [3]uint8) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c[0], c[1], c[2], 255
	}
	return m
}

// TestPaletteFindsFewColors: a picture of a few colors keeps them, however seldom they are.
func TestPaletteFindsFewColors(t *testing.T) {
	m := flat(64, 64, [3]uint8{167, 179, 191})
	rare := [][3]uint8{{250, 3, 3}, {20, 130, 60}, {90, 90, 200}}
	for i, c := range rare {
		copy(m.Pix[4*(100*i+7):], c[:])
	}
	p := newPalette([]*image.RGBA{m})
	for _, c := range append(rare, [3]uint8{167, 179, 191}) {
		got := p.colors[p.nearest(int(c[0]), int(c[1]), int(c[2]))]
		for k := range c {
			if d := int(got[k]) - int(c[k]); max(d, -d) > 1 {
				t.Errorf("%v becomes %v", c, got)
				break
			}
		}
	}
	if p.used > paletteSize {
		t.Errorf("%d colors, the last of 256 is taken", p.used)
	}
}

// TestDitherKeepsTheMean: a shade between colors of the palette comes out right on average, and every time the same.
func TestDitherKeepsTheMean(t *testing.T) {
	ramp := image.NewRGBA(image.Rect(0, 0, 256, 8))
	for y := range 8 {
		for x := range 256 {
			i := y*ramp.Stride + 4*x
			ramp.Pix[i], ramp.Pix[i+1], ramp.Pix[i+2] = uint8(x), uint8(x), uint8(x)
		}
	}
	p := newPalette([]*image.RGBA{ramp})
	for _, v := range []uint8{30, 77, 128, 200} {
		m := flat(64, 64, [3]uint8{v, v, v})
		sum, row, again := 0.0, make([]uint8, 64), make([]uint8, 64)
		for y := range 64 {
			p.dither(row, m.Pix[y*m.Stride:], y)
			p.dither(again, m.Pix[y*m.Stride:], y+8)
			for x, k := range row {
				if k != again[x] {
					t.Fatalf("row %d is dithered otherwise eight rows below", y)
				}
				sum += float64(p.colors[k][1])
			}
		}
		if mean := sum / (64 * 64); math.Abs(mean-float64(v)) > 3 {
			t.Errorf("the gray %d comes out as %.1f on average", v, mean)
		}
	}
}

// TestBayerPattern: offsets stay within the span, cancel over the pattern, and differ from their neighbors.
func TestBayerPattern(t *testing.T) {
	var p palette
	p.setDither()
	sum := 0
	for y := range 8 {
		for x := range 8 {
			v := p.bayer[y][x]
			sum += v
			if max(v, -v) > (ditherSpan+1)/2 {
				t.Errorf("the offset at (%d, %d) is %d", x, y, v)
			}
			if v == p.bayer[y][(x+1)&7] && v == p.bayer[(y+1)&7][x] {
				t.Errorf("the offset %d at (%d, %d) stands beside itself", v, x, y)
			}
		}
	}
	if sum != 0 {
		t.Errorf("the pattern changes the brightness by %d in 64 pixels", sum)
	}
}

// TestSquareMean compares the mean of the checker over a pixel with many samples of it.
func TestSquareMean(t *testing.T) {
	wave := func(x float64) float64 { return 1 - 2*math.Mod(math.Floor(x)+1e6, 2) }
	for _, c := range [][2]float64{{0.3, 0.2}, {0.9, 0.4}, {-3.2, 0.7}, {5, 1.5}, {2.4, 7.3}, {-1, 1e-6}} {
		const n = 20000
		sum := 0.0
		for i := range n {
			sum += wave(c[0] - c[1]/2 + c[1]*(float64(i)+0.5)/n)
		}
		if got, want := squareMean(c[0], c[1]), sum/n; math.Abs(got-want) > 2e-4 {
			t.Errorf("the mean over %g around %g is %g, want %g", c[1], c[0], got, want)
		}
	}
}

// TestEncodeRounds: every byte comes back from the light it stands for, and what is no light is black or white.
func TestEncodeRounds(t *testing.T) {
	for b := range 256 {
		s := float64(b) / 255
		light := s / 12.92
		if s > 0.04045 {
			light = math.Pow((s+0.055)/1.055, 2.4)
		}
		if got := encode(light); int(got) != b {
			t.Errorf("the light of %d becomes %d", b, got)
		}
	}
	for v, want := range map[float64]uint8{-1: 0, 2: 255, 1e30: 255, -1e30: 0, math.Inf(1): 255} {
		if got := encode(v); got != want {
			t.Errorf("light of %g is %d", v, got)
		}
	}
	if got := encode(math.NaN()); got != 0 {
		t.Errorf("no number is %d", got)
	}
}
