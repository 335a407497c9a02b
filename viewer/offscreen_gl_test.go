//go:build gl && cgo

package viewer

import (
	"bytes"
	"image"
	"testing"
)

// TestOffscreen draws in sizes that no window here could have, beside an open window, and into part of a
// picture.
func TestOffscreen(t *testing.T) {
	onMain(t, func() {
		s, err := openSurface(Options{Width: 320, Height: 180, hidden: true}, func(event) {})
		if err != nil {
			t.Error(err)
			return
		}
		defer s.close()
		sc := workshop()
		for _, size := range [][2]int{{640, 360}, {333, 517}, {2048, 1300}} {
			o, err := NewOffscreen(size[0], size[1])
			if err != nil {
				t.Error(err)
				return
			}
			m := image.NewRGBA(image.Rect(0, 0, size[0], size[1]))
			o.Render(m, sc)
			agree(t, "offscreen", m, sc)
			s.(*window).win.MakeContextCurrent()
			s.draw(sc, &extra{bar: -1}, true)

			// the same picture into part of a larger one
			large := image.NewRGBA(image.Rect(0, 0, size[0]+7, size[1]+5))
			part := large.SubImage(image.Rect(3, 2, size[0]+3, size[1]+2)).(*image.RGBA)
			o.Render(part, sc)
			for y := range size[1] {
				if !bytes.Equal(m.Pix[y*m.Stride:][:4*size[0]], part.Pix[y*part.Stride:][:4*size[0]]) {
					t.Errorf("row %d of %v differs in part of a picture", y, size)
					break
				}
			}
			if large.RGBAAt(0, 0).A != 0 || large.RGBAAt(size[0]+3, 2).A != 0 || large.RGBAAt(size[0]+6, size[1]+4).A != 0 {
				t.Error("pixels around the part were written")
			}
			o.Close()
		}
		if _, err := NewOffscreen(1<<20, 10); err == nil {
			t.Error("a picture a million pixels wide")
		}
	})
}
