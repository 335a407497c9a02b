package mjcf_test

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestHeightFieldIsTerrain: a ball falls on a height field where MuJoCo has it, at the corner that the file's first
// row, the farthest in y, raises; and slides with MuJoCo's friction of the two.
func TestHeightFieldIsTerrain(t *testing.T) {
	const file = `<mujoco><asset><hfield name="h" nrow="3" ncol="3" size="2 1 0.5 0.1" elevation="0 4 4  0 4 4  0 0 0"/></asset>
<worldbody><geom name="ground" type="hfield" hfield="h" pos="1 0 0.25" friction="0.9"/>
<body name="ball" pos="2.5 0.5 1.2"><freejoint/><geom name="ball" size="0.1" friction="0.3"/></body></worldbody></mujoco>`
	r, m := build(t, file, mjcf.Options{})
	for _, n := range r.Notes {
		if n.Element == "<geom>" {
			t.Errorf("note %v", n)
		}
	}
	var ground sim.Collider
	for _, c := range r.Builder.Colliders() {
		if c.Name == "ground" {
			ground = c
		}
	}
	if ground.Shape.Kind != contact.KindTerrain {
		t.Fatalf("colliders %+v", r.Builder.Colliders())
	}
	if z, _ := ground.Shape.Terrain.Height(1.5, 0.5); z != 0.5 {
		t.Errorf("height %g at the high corner", z)
	}
	if z, _ := ground.Shape.Terrain.Height(-1.5, -0.9); z != 0 {
		t.Errorf("height %g at the low corner", z)
	}
	x, err := r.Start(m, "")
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewStepper(sim.Options{})
	for range 1000 {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	if math.Abs(x.Q[2]-0.85) > 1e-4 {
		t.Errorf("the ball rests at %v", x.Q[:3])
	}
}

// TestHeightFieldOfAPicture: gray is height between the darkest and the brightest pixel, eight bits of it, and the
// first row is far in y. What is no such picture is named.
func TestHeightFieldOfAPicture(t *testing.T) {
	dir := t.TempDir()
	save := func(name string, p image.Image) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, p); err != nil {
			t.Fatal(err)
		}
	}
	gray := image.NewGray16(image.Rect(0, 0, 3, 2))
	gray.SetGray16(2, 0, color.Gray16{Y: 0xC8FF})
	gray.SetGray16(0, 1, color.Gray16{Y: 0x64FF})
	save("gray.png", gray)
	red := image.NewRGBA(image.Rect(0, 0, 2, 2))
	red.Set(1, 1, color.RGBA{R: 255, A: 255})
	save("red.png", red)
	save("line.png", image.NewGray(image.Rect(0, 0, 9, 1)))
	if err := os.WriteFile(filepath.Join(dir, "note.png"), []byte("a hill"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"gray.png": "", "red.png": "the picture has colors", "line.png": "9 by 1 pixels", "note.png": "no PNG", "none.png": "no file none.png", "hills.tif": "only .png, .bin, .hf, .hfield\n",
	} {
		file := filepath.Join(dir, "world.xml")
		text := `<mujoco><asset><hfield name="h" file="` + name + `" size="2 1 1 1"/></asset><worldbody><geom type="hfield" hfield="h"/></worldbody></mujoco>`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := mjcf.ParseFile(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var said strings.Builder
		for _, n := range m.Notes {
			said.WriteString(n.String() + "\n")
		}
		if want != "" {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%s: notes %q, want %q", name, said.String(), want)
			}
			continue
		}
		h := m.HFields[0]
		if h.Rows != 2 || h.Cols != 3 || len(h.Elevation) != 6 || h.Elevation[0] != 0.5 || h.Elevation[5] != 1 || h.Elevation[1] != 0 {
			t.Errorf("%s: %+v, %s", name, h, said.String())
		}
	}
}

// TestUnreadFieldsAndMeshesOfMJCF: sixteen bits of a height map are read as eight, and what is behind the triangles
// that an STL file counts is left out. Neither was said; and a body without a name was called "" where its mass is
// missed, though all else calls it body1.
func TestUnreadFieldsAndMeshesOfMJCF(t *testing.T) {
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "fine.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, image.NewGray16(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "five.stl"), fixture.LongSTL(), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "r.xml")
	read := func(mesh string) (*mjcf.Robot, error) {
		text := `<mujoco><asset><hfield name="h" file="fine.png" size="1 1 1 1"/><mesh name="m" file="` + mesh + `"/></asset>
<worldbody><geom type="hfield" hfield="h"/><body><freejoint/><geom type="mesh" mesh="m"/></body></worldbody></mujoco>`
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return mjcf.Load(path, mjcf.Options{})
	}
	r, err := read("five.stl")
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprint(r.Notes)
	for _, want := range []string{"of the 16 bits of a pixel the first 8 are read", "not used: five.stl: 50 bytes behind the last triangle"} {
		if !strings.Contains(all, want) {
			t.Errorf("no word of %q: %s", want, all)
		}
	}
	if _, err := read("none.stl"); err == nil || !strings.Contains(err.Error(), `the mass of body "body1" should come from mesh "m"`) {
		t.Errorf("a mesh that is missed: %v", err)
	}
}
