package main

import (
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

var contactSheet = flag.Bool("sheet", false, "write docs/img/robots.png, the contact sheet of the robots of the data folder")

// TestRobotsAreSeen: each robot of the data folder, whose meshes are not there, has something to see of every moving
// body that has mass, and most of what is seen is the robot. With -sheet the pictures become one; look at it.
func TestRobotsAreSeen(t *testing.T) {
	const columns, width, height = 6, 320, 240
	files := robots(t)
	rows := (len(files) + columns - 1) / columns
	page := image.NewRGBA(image.Rect(0, 0, columns*width, max(rows, 1)*height))
	for i, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".urdf")
		f := chosen()
		f.repair, f.ground = true, false
		w, err := open(path, f)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.finish(); err != nil {
			t.Fatal(err)
		}
		figure := scene.FromModel(w.model, scene.FigureOptions{MeshDir: filepath.Dir(path)})
		seen := make([]bool, w.model.NB())
		for _, p := range figure.Parts() {
			if p.Body >= 0 {
				seen[p.Body] = true
			}
		}
		if n := len(slices.DeleteFunc(seen, func(b bool) bool { return !b })); 2*n < w.model.NB() {
			t.Errorf("%s: %d of %d bodies are drawn", name, n, w.model.NB())
		}
		var s scene.Scene
		s.Camera.Azimuth, s.Camera.Elevation = -0.9, 0.3
		figure.Aim(&s.Camera, width/height, [][]float64{w.start.Q})
		figure.Fill(&s, w.start.Q)
		s.Panels = append(s.Panels, scene.Panel{Corner: scene.TopLeft, Title: name})
		img := image.NewRGBA(image.Rect(0, 0, width, height))
		raster.New(width, height).Render(img, &s)
		at := image.Pt(i%columns*width, i/columns*height)
		draw.Draw(page, image.Rectangle{at, at.Add(image.Pt(width, height))}, img, image.Point{}, draw.Src)
	}
	if !*contactSheet {
		return
	}
	out, err := os.Create(filepath.Join("..", "..", "docs", "img", "robots.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, page); err != nil {
		t.Fatal(err)
	}
}
