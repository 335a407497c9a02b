package golden

import (
	"image"
	"path/filepath"
	"testing"
)

// TestDifferenceIsSeen stores a picture, changes one number of one pixel and two of another, and counts.
func TestDifferenceIsSeen(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 8, 4))
	for i := range m.Pix {
		m.Pix[i] = uint8(7*i) | 3
	}
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	path := filepath.Join(t.TempDir(), "a.png")
	if err := write(path, m); err != nil {
		t.Fatal(err)
	}
	if d := Compare(t, path, m); len(d) != 3*32 || d.Values(0) != 0 || d.Mean() != 0 {
		t.Errorf("a picture differs from itself: %v", d)
	}
	bump := func(i, by int) { m.Pix[i] = uint8(int(m.Pix[i]) ^ by) }
	bump(0, 1)
	bump(m.Stride+4, 2)
	bump(m.Stride+5, 2)
	d := Compare(t, path, m)
	if d.Values(0) != 3 || d.Values(1) != 2 || d.Values(2) != 0 || d.Pixels(0) != 2 || d.Pixels(1) != 1 || d.Mean() != 5.0/96 {
		t.Errorf("%d values and %d pixels differ, mean %g", d.Values(0), d.Pixels(0), d.Mean())
	}
}

// complaints counts what a test says is wrong.
type complaints struct {
	testing.TB
	n int
}

func (c *complaints) Helper()               {}
func (c *complaints) Error(...any)          { c.n++ }
func (c *complaints) Errorf(string, ...any) { c.n++ }

// TestMissingPictureIsAnError: nothing to compare with must not pass for agreement.
func TestMissingPictureIsAnError(t *testing.T) {
	dir := t.TempDir()
	small := image.NewRGBA(image.Rect(0, 0, 2, 2))
	path := filepath.Join(dir, "small.png")
	if err := write(path, small); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		m    *image.RGBA
	}{{filepath.Join(dir, "none.png"), small}, {path, image.NewRGBA(image.Rect(0, 0, 3, 2))}, {"golden.go", small}} {
		said := &complaints{TB: t}
		if d := Compare(said, c.path, c.m); d != nil || said.n != 1 {
			t.Errorf("%s: %d complaints, difference %v", c.path, said.n, d)
		}
	}
}
