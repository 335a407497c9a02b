// Package golden compares pictures with stored ones, for tests. The flag -update writes the stored ones anew.
package golden

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures instead of comparing with them")

// Difference is by how much the red, green and blue of every pixel differ, of 255.
type Difference []uint8

// Compare returns how got differs from the picture stored at path. It is empty when the picture was written anew, or
// could not be read, which is an error of t.
func Compare(t testing.TB, path string, got *image.RGBA) Difference {
	t.Helper()
	if *update {
		if err := write(path, got); err != nil {
			t.Error(err)
		}
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return nil
	}
	if want.Bounds() != got.Bounds() {
		t.Errorf("%s is %v large, the picture %v", path, want.Bounds(), got.Bounds())
		return nil
	}
	return Between(got, want)
}

func write(path string, m image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// Between returns how two pictures of one size differ.
func Between(a *image.RGBA, b image.Image) Difference {
	var d Difference
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			p := a.Pix[y*a.Stride+4*x:]
			r, g, b, _ := b.At(x, y).RGBA()
			for k, v := range [3]uint32{r >> 8, g >> 8, b >> 8} {
				e := int(p[k]) - int(v)
				d = append(d, uint8(max(e, -e)))
			}
		}
	}
	return d
}

// Values counts the numbers that differ by more than tol.
func (d Difference) Values(tol uint8) (n int) {
	for _, e := range d {
		if e > tol {
			n++
		}
	}
	return n
}

// Pixels counts the pixels of which a number differs by more than tol.
func (d Difference) Pixels(tol uint8) (n int) {
	for i := 0; i < len(d); i += 3 {
		if max(d[i], d[i+1], d[i+2]) > tol {
			n++
		}
	}
	return n
}

// Mean returns the mean difference.
func (d Difference) Mean() float64 {
	sum := 0
	for _, e := range d {
		sum += int(e)
	}
	return float64(sum) / float64(max(len(d), 1))
}
