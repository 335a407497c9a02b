package raster

import (
	"bytes"
	"image"
	"image/draw"
	"image/gif"
	"math"
	"strings"
	"testing"
)

func TestGIFDecodesToTheFrames(t *testing.T) {
	const w, h, n = 160, 90, 14
	var buf bytes.Buffer
	g, err := NewGIF(&buf, w, h, 30)
	if err != nil {
		t.Fatal(err)
	}
	r := New(w, h)
	var frames []*image.RGBA
	for i := range n {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		r.Render(m, quadruped(float64(i/2)*0.2)) // every picture twice
		frames = append(frames, m)
		if err := g.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := gif.DecodeAll(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Image) != n || all.LoopCount != 0 {
		t.Fatalf("%d frames, loop count %d, want %d, 0", len(all.Image), all.LoopCount, n)
	}
	total := 0
	shown := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, p := range all.Image {
		total += all.Delay[i]
		draw.Draw(shown, p.Rect, p, p.Rect.Min, draw.Over)
		if i%2 == 1 && p.Rect.Dx()*p.Rect.Dy() != 1 {
			t.Errorf("frame %d repeats the one before but stores %v", i, p.Rect)
		}
		sum, worst := 0.0, 0.0
		for k := range shown.Pix {
			d := float64(shown.Pix[k]) - float64(frames[i].Pix[k])
			sum += d * d
			worst = math.Max(worst, math.Abs(d))
		}
		if rms := math.Sqrt(sum / float64(len(shown.Pix))); rms > 4 || worst > 48 {
			t.Errorf("frame %d: colors are off by %.2f RMS, %g at worst", i, rms, worst)
		}
	}
	// 30 frames per second is 3⅓ hundredths each: rounding must not add up.
	if total != 47 {
		t.Errorf("%d frames last %d hundredths of a second, want 47", n, total)
	}
}

func TestGIFOfOneColor(t *testing.T) {
	var buf bytes.Buffer
	g, _ := NewGIF(&buf, 3, 2, 1)
	if err := g.Add(image.NewRGBA(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := gif.DecodeAll(&buf); err != nil {
		t.Error(err)
	}
}

func TestGIFErrors(t *testing.T) {
	if _, err := NewGIF(nil, 3, 2, 60); err == nil || !strings.Contains(err.Error(), "60 frames per second") {
		t.Errorf("60 frames per second: %v", err)
	}
	if _, err := NewGIF(nil, 0, 2, 10); err == nil {
		t.Error("width 0 is accepted")
	}
	var buf bytes.Buffer
	g, _ := NewGIF(&buf, 3, 2, 10)
	if err := g.Add(image.NewRGBA(image.Rect(0, 0, 2, 2))); err == nil {
		t.Error("a frame of another size is accepted")
	}
	if err := g.Close(); err == nil {
		t.Error("an animation of no frames is accepted")
	}
}

func BenchmarkGIF(b *testing.B) {
	const w, h = 640, 360
	r := New(w, h)
	var frames []*image.RGBA
	for i := range 20 {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		r.Render(m, quadruped(float64(i)*0.05))
		frames = append(frames, m)
	}
	var buf bytes.Buffer
	g, _ := NewGIF(&buf, w, h, 50)
	i := 0
	for b.Loop() {
		g.Add(frames[i%len(frames)])
		i++
	}
	b.ReportMetric(float64(buf.Len())/float64(i), "B/frame")
}
