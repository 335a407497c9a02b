package raster

import (
	"image"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

type vec = spatial.Vec

// Values of [Renderer.IDs] that are not an index of Scene.Items.
const (
	IDSky    = -1
	IDGround = -2
	IDMark   = -3 // an arrow, frame or point
)

// Options sets up a [Renderer]. The zero value is a good choice.
type Options struct {
	Workers     int  // goroutines; default GOMAXPROCS
	NoAntiAlias bool // one ray per pixel
	NoShadows   bool
}

// Renderer draws scenes of one size. It keeps its memory between frames.
type Renderer struct {
	width, height int
	opt           Options

	sc       *scene.Scene
	dst      *image.RGBA
	eye      eye
	prims    []prim
	parts    []part
	pieces   []scene.Piece // of the marks
	grounds  []ground
	sky      sky
	light    light
	occluder []blob
	skipped  []int

	tiles binning // primitives and triangles by tile
	shade shadows
	depth []float32
	ids   []int32
	keys  []uint32 // what a pixel shows: surface, face, lit or not
	edge  []bool
	lines coverage

	overlay scene.Overlay

	workers []*worker
	job     func(*worker, int)
	jobs    int
	next    atomic.Int64
	wg      sync.WaitGroup

	// The passes as values made once, so that a frame does not allocate them.
	drawTile, markEdges, smoothTile, castTile, fillAO func(*worker, int)
}

// New returns a renderer of pictures width × height pixels.
func New(width, height int) *Renderer { return NewWith(width, height, Options{}) }

// NewWith returns a renderer with options.
func NewWith(width, height int, opt Options) *Renderer {
	if width < 1 || height < 1 || width > 1<<14 || height > 1<<14 {
		panic("raster: width and height must be in 1…16384")
	}
	r := &Renderer{width: width, height: height, opt: opt}
	n := opt.Workers
	if n < 1 {
		n = runtime.GOMAXPROCS(0)
	}
	for range n {
		r.workers = append(r.workers, newWorker(r))
	}
	r.tiles.resize(width, height)
	r.depth = make([]float32, width*height)
	r.ids = make([]int32, width*height)
	r.keys = make([]uint32, width*height)
	r.edge = make([]bool, width*height)
	r.drawTile, r.markEdges, r.smoothTile = (*worker).drawTile, (*worker).markEdges, (*worker).smoothTile
	r.castTile, r.fillAO = (*worker).castTile, (*worker).fillAO
	return r
}

// Render draws sc into dst, which must have the size of r.
func (r *Renderer) Render(dst *image.RGBA, sc *scene.Scene) {
	if dst.Rect.Dx() != r.width || dst.Rect.Dy() != r.height {
		panic("raster: the image does not have the size of the renderer")
	}
	r.dst = dst
	r.load(sc)
	r.castShadows()
	r.run(r.occlusionRows(), r.fillAO)
	r.run(r.tiles.count(), r.drawTile)
	if !r.opt.NoAntiAlias {
		r.run(r.height, r.markEdges)
		r.run(r.tiles.count(), r.smoothTile)
	}
	r.drawTraces()
	r.drawOverlay()
	r.sc, r.dst = nil, nil
}

// Cast fills only [Renderer.Depth] and [Renderer.IDs], as a depth camera would; arrows, frames and
// points are left out.
func (r *Renderer) Cast(sc *scene.Scene) {
	bare := *sc
	bare.Arrows, bare.Frames, bare.Points = nil, nil, nil
	r.load(&bare)
	r.run(r.tiles.count(), r.castTile)
	r.sc = nil
}

// load places everything of sc before the camera and into tiles.
func (r *Renderer) load(sc *scene.Scene) {
	r.sc = sc
	r.eye.set(&sc.Camera, r.width, r.height)
	r.light.set(sc)
	r.sky.set(sc)
	r.prims, r.parts, r.grounds, r.skipped = r.prims[:0], r.parts[:0], r.grounds[:0], r.skipped[:0]
	r.addGrounds()
	r.addItems()
	r.addMarks()
	r.tiles.fill(r)
}

// Depth returns the distance from the eye along the ray through each pixel's center (m), row by row, of
// the last picture; +Inf where there is nothing. Translucent items and markers on top do not count. The
// slice is r's own and is overwritten by the next picture.
func (r *Renderer) Depth() []float32 { return r.depth }

// IDs returns the index in Scene.Items of what each pixel's center shows, or [IDSky], [IDGround] or
// [IDMark], with the rules of [Renderer.Depth].
func (r *Renderer) IDs() []int32 { return r.ids }

// Skipped returns the indices of items of the last picture that could not be drawn: a pose that is not
// finite, an impossible shape or a broken mesh.
func (r *Renderer) Skipped() []int { return r.skipped }

// run calls job for 0…n−1 on all workers and waits. Jobs write to separate places, so the order in
// which workers take them does not show.
func (r *Renderer) run(n int, job func(*worker, int)) {
	if len(r.workers) == 1 || n < 2 {
		for i := range n {
			job(r.workers[0], i)
		}
		return
	}
	r.job, r.jobs = job, n
	r.next.Store(0)
	r.wg.Add(len(r.workers))
	for _, w := range r.workers[1:] {
		go w.drain()
	}
	r.workers[0].drain()
	r.wg.Wait()
}

func (w *worker) drain() {
	defer w.wg.Done()
	for {
		i := int(w.next.Add(1)) - 1
		if i >= w.jobs {
			return
		}
		w.job(w, i)
	}
}
