package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/mesh"
	"github.com/ukemi-sim/ukemi/sim"
)

// terrainFlags say which terrain takes the place of the ground.
type terrainFlags struct {
	file   string
	size   float64
	height float64
}

func (f *terrainFlags) add(c *cobra.Command) {
	l := c.Flags()
	l.StringVar(&f.file, "terrain", "", "`file` of terrain in place of the ground: a PNG whose gray is height, black 0, or a mesh (STL, OBJ, DAE)\nof the world. What floats starts above it")
	l.Float64Var(&f.size, "terrain-size", 10, "length of the longer side of the PNG of --terrain (`meters`)")
	l.Float64Var(&f.height, "terrain-height", 1, "height of what is white in the PNG of --terrain (`meters`)")
}

func (f *terrainFlags) check(set func(string) bool, ground *groundFlags) error {
	switch {
	case f.file == "" && (set("terrain-size") || set("terrain-height")):
		return errors.New("--terrain-size and --terrain-height belong to --terrain")
	case f.file != "" && ground.moved:
		return errors.New("--terrain takes the place of the ground, which --slope and --ground-pose place")
	case f.file == "":
		return nil
	}
	return errors.Join(within("terrain-height", f.height, -huge, huge, "m"), positive("terrain-size", f.size, "m"))
}

// load reads the terrain; what of the file it does not use it says.
func (f *terrainFlags) load(say func(format string, args ...any)) (contact.Shape, error) {
	switch strings.ToLower(filepath.Ext(f.file)) {
	case ".png":
	case ".stl", ".obj", ".dae":
		m, err := mesh.Load(f.file)
		if err != nil {
			return contact.Shape{}, fmt.Errorf("--terrain: %w", err)
		}
		for _, what := range m.Ignored {
			say("--terrain: not used: %s", what)
		}
		return contact.Mesh(m.Vertices, m.Triangles), nil
	default:
		return contact.Shape{}, fmt.Errorf("--terrain is %q, want a picture (.png) or a mesh (.stl, .obj, .dae)", f.file)
	}
	file, err := os.Open(f.file)
	if err != nil {
		return contact.Shape{}, fmt.Errorf("--terrain: %w", err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		return contact.Shape{}, fmt.Errorf("--terrain: %s is no PNG that can be read: %w", f.file, err)
	}
	if !gray(picture) {
		say("--terrain: %s has colors or is seen through: how bright it is over black is taken for height", f.file)
	}
	return f.field(picture), nil
}

func gray(p image.Image) bool {
	for y := p.Bounds().Min.Y; y < p.Bounds().Max.Y; y++ {
		for x := p.Bounds().Min.X; x < p.Bounds().Max.X; x++ {
			if r, g, b, opacity := p.At(x, y).RGBA(); r != g || g != b || opacity != math.MaxUint16 {
				return false
			}
		}
	}
	return true
}

// field returns the height field of a picture, whose first row is the farthest in y.
func (f *terrainFlags) field(p image.Image) contact.Shape {
	b := p.Bounds()
	heights := make([]float64, 0, b.Dx()*b.Dy())
	for y := b.Max.Y - 1; y >= b.Min.Y; y-- {
		for x := b.Min.X; x < b.Max.X; x++ {
			gray := color.Gray16Model.Convert(p.At(x, y)).(color.Gray16)
			heights = append(heights, f.height*float64(gray.Y)/math.MaxUint16)
		}
	}
	cell := f.size / float64(max(b.Dx()-1, b.Dy()-1, 1))
	return contact.HeightField(b.Dx(), b.Dy(), cell, cell, heights)
}

// addTerrain puts the terrain into the world, and what floats above it.
func (w *world) addTerrain() error {
	s, err := w.flags.terrain.load(w.say)
	if err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return fmt.Errorf("--terrain: %s: %w", w.flags.terrain.file, err)
	}
	w.builder.AddTerrain("terrain", s, sim.Pose{})
	if w.placed {
		return nil // the start is one of the world
	}
	models.PlaceOnTerrain(w.model, w.start.Q, s.Terrain)
	return nil
}
