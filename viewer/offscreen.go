package viewer

import (
	"fmt"
	"image"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Offscreen draws scenes with OpenGL into memory, in any size: what it draws does not depend on the screen.
// It needs what a window needs, see [ErrNoWindow]; package raster draws the same scenes without.
//
// All calls must come from one goroutine, which stays on its thread until Close; on macOS it must be the main
// one.
type Offscreen struct {
	width, height int
	canvas        canvas
}

// canvas is memory of the graphics that can be drawn into.
type canvas interface {
	render(dst *image.RGBA, sc *scene.Scene)
	name() string
	close()
}

// NewOffscreen prepares pictures of the given size (pixels). Close must be called when it succeeds.
func NewOffscreen(width, height int) (*Offscreen, error) {
	if width < 1 || height < 1 {
		return nil, fmt.Errorf("viewer: pictures of %d×%d pixels", width, height)
	}
	c, err := openCanvas(width, height)
	if err != nil {
		return nil, err
	}
	return &Offscreen{width, height, c}, nil
}

// Render draws sc into dst. It panics when dst has another size than o.
func (o *Offscreen) Render(dst *image.RGBA, sc *scene.Scene) {
	if dst.Rect.Dx() != o.width || dst.Rect.Dy() != o.height {
		panic("viewer: the image does not have the size of the offscreen renderer")
	}
	o.canvas.render(dst, sc)
}

// Graphics returns what OpenGL calls the graphics processor, or the program that stands in for one.
func (o *Offscreen) Graphics() string { return o.canvas.name() }

// Close frees the memory of the graphics.
func (o *Offscreen) Close() {
	if o.canvas != nil {
		o.canvas.close()
		o.canvas = nil
	}
}
