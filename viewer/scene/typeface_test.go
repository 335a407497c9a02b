//go:build !lean

package scene

import "testing"

// TestTypefaceGrowsWithThePicture: some 33 lines fit one above the other, but for the smallest pictures.
func TestTypefaceGrowsWithThePicture(t *testing.T) {
	for _, height := range []int{90, 360, 720, 1080, 2160} {
		f := NewTypeface(height)
		if lines := height / f.Line; height >= 480 && (lines < 30 || lines > 36) {
			t.Errorf("%d lines fit into %d rows", lines, height)
		}
		for _, r := range "Hgjκ·−|Ä" {
			g := f.Glyph(r)
			if g.Mask.Rect.Dx() > f.Advance+1 || g.At.Y < -f.Ascent || g.At.Y+g.Mask.Rect.Dy() > f.Line-f.Ascent+2 {
				t.Errorf("height %d: %q is %v at %v in a line of %d, ascent %d", height, r, g.Mask.Rect, g.At, f.Line, f.Ascent)
			}
			ink := 0
			for _, a := range g.Mask.Pix {
				ink = max(ink, int(a))
			}
			if ink < 64 {
				t.Errorf("height %d: the darkest pixel of %q is %d of 255", height, r, ink)
			}
		}
	}
	f := NewTypeface(720)
	if f.Glyph('漢') != f.Glyph('?') || f.Glyph('A') == f.Glyph('B') {
		t.Error("a letter that is not there must become '?', and others themselves")
	}
}
