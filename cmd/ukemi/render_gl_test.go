//go:build gl && cgo

package main

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// TestRenderGL compares the quadruped as OpenGL draws it with the picture of the software renderer.
func TestRenderGL(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no DISPLAY; run under xvfb-run")
	}
	dir := t.TempDir()
	var pictures [2]image.Image
	for i, more := range [][]string{nil, {"--gl"}} {
		path := filepath.Join(dir, "q.png")
		args := append([]string{"render", "quadruped", "--at", "0.3", "--size", "2000x500", "--com", "--out", path}, more...)
		if s, _, errs := ukemi(args...); s != 0 {
			t.Fatalf("%v: %s", args, errs)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		pictures[i], err = png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, b := pictures[0], pictures[1]
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%v and %v", a.Bounds(), b.Bounds())
	}
	var sum float64
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, bl2, _ := b.At(x, y).RGBA()
			for _, d := range [3]int{int(r) - int(r2), int(g) - int(g2), int(bl) - int(bl2)} {
				sum += float64(max(d, -d)) / 257
			}
		}
	}
	mean := sum / float64(3*a.Bounds().Dx()*a.Bounds().Dy())
	if mean > 4 || mean == 0 {
		t.Errorf("the pictures differ by %.2f of 255 on average, want a little", mean)
	}
	t.Logf("mean difference %.2f of 255", mean)
}
