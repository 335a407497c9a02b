package main

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hill writes a picture of 5 by 3 gray pixels: a plateau at the right and the far side, black elsewhere.
func hill(t *testing.T) string {
	t.Helper()
	p := image.NewGray16(image.Rect(0, 0, 5, 3))
	for x := 2; x < 5; x++ {
		p.SetGray16(x, 0, color.Gray16{Y: math.MaxUint16})
		p.SetGray16(x, 1, color.Gray16{Y: math.MaxUint16})
	}
	path := filepath.Join(t.TempDir(), "hill.png")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, p); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTerrainOfAPicture: white is high, the first row is far in y, and what floats starts above what is under it and comes to rest there.
func TestTerrainOfAPicture(t *testing.T) {
	f := terrainFlags{file: hill(t), size: 4, height: 0.5}
	s, err := f.load(t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]float64{{1.9, 0.9, 0.5}, {1.5, 0.1, 0.5}, {1.5, -1, 0}, {-1.9, 0.9, 0}, {-1.9, -0.9, 0}} {
		if z, ok := s.Terrain.Height(c[0], c[1]); !ok || math.Abs(z-c[2]) > 1e-12 {
			t.Errorf("height %g %v at (%g, %g), want %g", z, ok, c[0], c[1], c[2])
		}
	}
	r := simulateJSON(t, "block", "--terrain", f.file, "--terrain-size", "40", "--terrain-height", "0.5", "--seconds", "2")
	if z := r.FinalQ[2]; z < 0.6 || z > 0.8 || *r.Failures != 0 {
		t.Errorf("the block ends at %v", r.FinalQ)
	}
	notPicture := filepath.Join(t.TempDir(), "note.png")
	if err := os.WriteFile(notPicture, []byte("a hill"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"belong to --terrain": {"block", "--terrain-size", "3"},
		"no such file":        {"block", "--terrain", "nothing.png"},
		"takes the place":     {"block", "--terrain", f.file, "--slope", "3"},
		"want a positive":     {"block", "--terrain", f.file, "--terrain-size", "-1"},
		"want a picture":      {"block", "--terrain", "terrain_test.go"},
		"is no PNG":           {"block", "--terrain", notPicture},
		"--terrain-height is NaN m, want a number": {"block", "--terrain", f.file, "--terrain-height", "NaN"},
	} {
		if status, _, errs := ukemi(append([]string{"simulate"}, args...)...); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

// TestFellOffTheTerrain: a mesh whose triangles face down lets everything through, and who walks over the rim of one
// falls; a run that ends so says it.
func TestFellOffTheTerrain(t *testing.T) {
	const corners = "v -9 -9 0\nv 9 -9 0\nv 0 9 0\n"
	for _, c := range []struct {
		mesh, args string
		want       int
	}{
		{corners + "f 1 2 3\n", "block", 0},
		{corners + "f 3 2 1\n", "block", 1},
		{corners + "f 1 2 3\n", "block --q free.x=30", 1},
	} {
		path := filepath.Join(t.TempDir(), "floor.obj")
		if err := os.WriteFile(path, []byte(c.mesh), 0o600); err != nil {
			t.Fatal(err)
		}
		r := simulateJSON(t, append(strings.Fields(c.args), "--terrain", path, "--seconds", "1")...)
		if len(r.Warnings) != c.want || c.want == 1 && !strings.Contains(r.Warnings[0], "block, 4") {
			t.Errorf("%s on %q warns %q, want %d", c.args, c.mesh, r.Warnings, c.want)
		}
	}
}

// TestTerrainSaysWhatItDoesNotUse: colors were taken for heights, and triangles behind those that an STL file counts
// left out, without a word.
func TestTerrainSaysWhatItDoesNotUse(t *testing.T) {
	dir := t.TempDir()
	red := image.NewNRGBA(image.Rect(0, 0, 3, 3))
	for x := range 3 {
		red.SetNRGBA(x, 1, color.NRGBA{R: 200, A: 255})
	}
	file, err := os.Create(filepath.Join(dir, "red.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, red); err != nil {
		t.Fatal(err)
	}
	triangle := make([]byte, 80, 200)
	triangle = append(triangle, 1, 0, 0, 0) // of these
	for range 2 {
		triangle = append(triangle, make([]byte, 12)...)
		for _, v := range []float32{0, 0, 0, 1, 0, 0, 0, 1, 0} {
			triangle = binary.LittleEndian.AppendUint32(triangle, math.Float32bits(v))
		}
		triangle = append(triangle, 0, 0)
	}
	if err := os.WriteFile(filepath.Join(dir, "more.stl"), triangle, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"red.png": "has colors", "more.stl": "50 bytes behind the last triangle", "hill.png": ""} {
		said := ""
		f := terrainFlags{file: filepath.Join(dir, file), size: 1, height: 1}
		if want == "" {
			f.file = hill(t)
		}
		_, err := f.load(func(format string, args ...any) { said += fmt.Sprintf(format, args...) })
		if err != nil || !strings.Contains(said, want) || want == "" && said != "" {
			t.Errorf("%s: said %q, %v, want %q", file, said, err, want)
		}
	}
}
