package rows

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sync"

	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// Picture says how a [Renderer] draws.
type Picture struct {
	Width, Height int         // pixels, 16 to 4096
	Show          [][]float64 // configurations (NQ each) that shall be seen whole, the first as the camera sees it at rest
	Azimuth       float64     // rad: where the eye stands as seen from the model, from +x toward +y
	Elevation     float64     // rad above the horizontal
	Distance      float64     // m; 0 is as near as shows them
	Follow        bool        // moves with the center of mass, along the ground
	Workers       int         // goroutines; 0 is one per processor
}

// Renderer draws states of a model, without a screen. Calls from several goroutines take turns.
type Renderer struct {
	mu       sync.Mutex
	m        *Model
	size     image.Rectangle
	follow   bool
	figure   *scene.Figure
	renderer *raster.Renderer
	scene    scene.Scene
	offset   r3.Vec // from the center of mass to what the camera looks at
	target   r3.Vec
}

// NewRenderer returns a renderer of m.
func NewRenderer(m *Model, o Picture) (*Renderer, error) {
	if min(o.Width, o.Height) < 16 || max(o.Width, o.Height) > 4096 {
		return nil, fmt.Errorf("a picture of %d × %d pixels, want 16 to 4096 each", o.Width, o.Height)
	}
	for _, v := range []float64{o.Azimuth, o.Elevation, o.Distance} {
		if v-v != 0 || o.Distance < 0 {
			return nil, fmt.Errorf("a camera at azimuth %g, elevation %g, distance %g", o.Azimuth, o.Elevation, o.Distance)
		}
	}
	if len(o.Show) == 0 {
		return nil, errors.New("nothing to show: no configuration")
	}
	for _, q := range o.Show {
		if len(q) != m.NQ() {
			return nil, fmt.Errorf("a configuration of %d numbers, want %d", len(q), m.NQ())
		}
	}
	r := &Renderer{m: m, size: image.Rect(0, 0, o.Width, o.Height), follow: o.Follow,
		figure:   scene.FromModel(m.Model, scene.FigureOptions{}),
		renderer: raster.NewWith(o.Width, o.Height, raster.Options{Workers: o.Workers})}
	c := &r.scene.Camera
	c.Azimuth, c.Elevation = o.Azimuth, o.Elevation
	r.figure.Aim(c, float64(o.Width)/float64(o.Height), o.Show)
	if o.Distance > 0 {
		c.Distance = o.Distance
	}
	r.figure.Fill(&r.scene, o.Show[0])
	r.target = c.Target
	r.offset = r3.Sub(c.Target, r.figure.CenterOfMass())
	return r, nil
}

// Render draws a row of a state into pixels, height×width×3.
func (r *Renderer) Render(x []float64, pixels []uint8) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := r.size.Dx() * r.size.Dy() * 3; len(pixels) != n || len(x) != r.m.NQ()+r.m.NV() {
		return fmt.Errorf("%d numbers and %d bytes, want %d and %d", len(x), len(pixels), r.m.NQ()+r.m.NV(), n)
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("number %d of the state is %g", i, v)
		}
	}
	r.figure.Fill(&r.scene, x[:r.m.NQ()])
	if c := r.figure.CenterOfMass(); r.follow {
		r.scene.Camera.Target = r3.Vec{X: c.X + r.offset.X, Y: c.Y + r.offset.Y, Z: r.target.Z}
	}
	picture := image.NewRGBA(r.size)
	r.renderer.Render(picture, &r.scene)
	for i := range len(pixels) / 3 {
		copy(pixels[3*i:3*i+3], picture.Pix[4*i:])
	}
	return nil
}
