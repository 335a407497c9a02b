package raster

import (
	"image"
	"image/png"
	"os"
	"testing"
)

func TestLook(t *testing.T) {
	out := os.Getenv("LOOK")
	if out == "" {
		t.Skip()
	}
	r := New(1280, 720)
	m := image.NewRGBA(image.Rect(0, 0, 1280, 720))
	r.Render(m, quadruped(1))
	f, _ := os.Create(out)
	png.Encode(f, m)
	f.Close()
	t.Log(len(r.prims), r.skipped)
}
