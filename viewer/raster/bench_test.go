package raster

import (
	"image"
	"testing"

	"github.com/ukemi-sim/ukemi/viewer/internal/golden"
)

func BenchmarkRender(b *testing.B) {
	for _, c := range []struct {
		name          string
		width, height int
		opt           Options
	}{
		{"720p", 1280, 720, Options{}},
		{"720p/one worker", 1280, 720, Options{Workers: 1}},
		{"720p/no anti-aliasing", 1280, 720, Options{NoAntiAlias: true}},
		{"1080p", 1920, 1080, Options{}},
		{"360p/one worker", 640, 360, Options{Workers: 1}},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := NewWith(c.width, c.height, c.opt)
			dst := image.NewRGBA(image.Rect(0, 0, c.width, c.height))
			sc := quadruped(1)
			r.Render(dst, sc)
			b.ReportAllocs()
			for b.Loop() {
				r.Render(dst, sc)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fps")
		})
	}
}

func BenchmarkMesh(b *testing.B) {
	sc := workshop()
	sc.Items[0].Mesh = golden.Torus(0.3, 0.1, 480, 144) // 138240 triangles
	r := New(1280, 720)
	dst := image.NewRGBA(image.Rect(0, 0, 1280, 720))
	r.Render(dst, sc)
	b.ReportAllocs()
	for b.Loop() {
		r.Render(dst, sc)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fps")
}

func BenchmarkCast(b *testing.B) {
	sc := quadruped(1)
	r := NewWith(640, 360, Options{Workers: 1})
	for b.Loop() {
		r.Cast(sc)
	}
}
