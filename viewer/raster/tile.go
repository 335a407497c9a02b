package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// hit is what a ray meets first: its depth and a key that names surface and face.
type hit struct {
	z   float64
	key uint32
	tri int32 // of a mesh part
}

// A key is (object << 3 | face) << 1 | lit. Object 0 is the sky; grounds, primitives and mesh parts
// follow. meshKey is added when neighbors with the same key may still need smoothing.
const (
	faceBits = 3
	faceMask = 1<<faceBits - 1
	meshKey  = 1 << 31
)

// topScale brings things drawn on top before all others while they keep their order among themselves.
const topScale = 1e-6

// worker is the scratch memory of one goroutine.
type worker struct {
	*Renderer
	solid, front [tileSize * tileSize]hit // front: translucent and on top
	hasFront     bool
	cand         []int32  // primitives that may cover a pixel
	candTri      []plane3 // triangles that may cover a pixel
}

func newWorker(r *Renderer) *worker { return &worker{Renderer: r} }

// groundObject and what follows are numbers of objects in keys.
func (r *Renderer) groundObject(i int) uint32 { return uint32(1 + i) }
func (r *Renderer) primObject(i int) uint32   { return uint32(1 + len(r.grounds) + i) }
func (r *Renderer) partObject(i int) uint32   { return uint32(1 + len(r.grounds) + len(r.prims) + i) }

// offer keeps the nearer of h and a hit of a thing in the given layer.
func (w *worker) offer(solid, front *hit, ly layer, z float64, key uint32, tri int32) {
	h := solid
	if ly != layerSolid {
		h = front
		w.hasFront = true
		if ly == layerTop {
			z *= topScale
		}
	}
	if z < h.z {
		*h = hit{z, key, tri}
	}
}

// visible finds the first hits through all pixel centers of a tile.
func (w *worker) visible(tile int) {
	for i := range w.solid {
		w.solid[i] = hit{z: math.Inf(1)}
		w.front[i] = hit{z: math.Inf(1)}
	}
	w.hasFront = false
	x0, y0, x1, y1 := w.tiles.bounds(tile)
	w.tileTriangles(tile, x0, y0, x1, y1)
	for _, k := range w.tiles.prims.of(tile) {
		p := &w.prims[k]
		key := w.primObject(int(k)) << faceBits
		xa, ya := max(x0, int(p.box.x0)), max(y0, int(p.box.y0))
		xb, yb := min(x1, int(math.Min(p.box.x1+1, 1<<20))), min(y1, int(math.Min(p.box.y1+1, 1<<20)))
		for y := ya; y < yb; y++ {
			row := (y - y0) * tileSize
			for x := xa; x < xb; x++ {
				z, face, ok := p.hit(p.o, p.ray(float64(x)+0.5, float64(y)+0.5))
				if ok && z > near {
					i := row + x - x0
					w.offer(&w.solid[i], &w.front[i], p.layer, z, key|face, 0)
				}
			}
		}
	}
	for g := range w.grounds {
		gr := &w.grounds[g]
		if !(gr.height > 0) {
			continue
		}
		key := w.groundObject(g) << faceBits
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				if z, ok := gr.hit(float64(x)+0.5, float64(y)+0.5); ok {
					if h := &w.solid[(y-y0)*tileSize+x-x0]; z < h.z {
						*h = hit{z, key, 0}
					}
				}
			}
		}
	}
}

// tileTriangles finds the hits of the triangles of a tile.
func (w *worker) tileTriangles(tile, x0, y0, x1, y1 int) {
	var t plane3
	part := 0
	for _, k := range w.tiles.tris.of(tile) {
		part = w.partOf(int(k), part)
		if !w.triangle(&t, int(k), part) {
			continue
		}
		ly := w.parts[part].layer
		key := w.partObject(part) << faceBits
		xa, xb := max(x0, int(t.box.x0)), min(x1, int(t.box.x1))
		for y := max(y0, int(t.box.y0)); y < min(y1, int(t.box.y1)); y++ {
			row := (y-y0)*tileSize - x0
			for x := xa; x < xb; x++ {
				if z, ok := t.hit(float64(x)+0.5, float64(y)+0.5); ok {
					w.offer(&w.solid[row+x], &w.front[row+x], ly, z, key, t.tri)
				}
			}
		}
	}
}

// partOf returns the part of triangle k, counted over all parts, given one that is not after it.
func (r *Renderer) partOf(k, part int) int {
	for part+1 < len(r.parts) && k >= r.parts[part+1].tri {
		part++
	}
	return part
}

// triangle sets t up for triangle k of all parts.
func (r *Renderer) triangle(t *plane3, k, part int) bool {
	p := &r.parts[part]
	n := k - p.tri
	v := p.mesh.Triangles[n]
	s := r.tiles.screen[p.vertex:]
	t.box, t.part, t.tri = r.tiles.tri[k], int32(part), int32(n)
	return t.set(s[v[0]], s[v[1]], s[v[2]])
}

// drawTile draws one ray per pixel of a tile and keeps depth, identity and key.
func (w *worker) drawTile(tile int) {
	w.visible(tile)
	x0, y0, x1, y1 := w.tiles.bounds(tile)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			i := (y-y0)*tileSize + x - x0
			at := y*w.width + x
			px, py := float64(x)+0.5, float64(y)+0.5
			d := w.eye.ray(px, py)
			c, key := w.color(&w.solid[i], &w.front[i], px, py, d)
			w.keys[at] = key
			w.record(at, &w.solid[i], d)
			put(w.dst.Pix[y*w.dst.Stride+4*x:], c)
		}
	}
}

// castTile keeps depth and identity only.
func (w *worker) castTile(tile int) {
	w.visible(tile)
	x0, y0, x1, y1 := w.tiles.bounds(tile)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			d := w.eye.ray(float64(x)+0.5, float64(y)+0.5)
			w.record(y*w.width+x, &w.solid[(y-y0)*tileSize+x-x0], d)
		}
	}
}

func (w *worker) record(at int, h *hit, d vec) {
	w.depth[at] = float32(h.z * spatial.Norm(d))
	w.ids[at] = w.identity(h.key >> faceBits)
}

// identity returns what IDs says of an object.
func (r *Renderer) identity(object uint32) int32 {
	k := int(object) - 1
	switch {
	case k < 0:
		return IDSky
	case k < len(r.grounds):
		return IDGround
	}
	k -= len(r.grounds)
	if k < len(r.prims) {
		return r.prims[k].item
	}
	return r.parts[k-len(r.prims)].item
}

// color returns the light that comes along a ray, and the key of what it shows.
func (w *worker) color(solid, front *hit, x, y float64, d vec) (rgb, uint32) {
	c, key := w.shadeHit(solid, x, y, d)
	if w.hasFront && front.z < solid.z {
		f, alpha, k := w.shadeFront(front, x, y, d)
		c = c.mix(f, alpha)
		// Any function that tells most pairs apart will do: keys are only compared.
		key = key ^ k*0x9E3779B1 | (key|k)&meshKey
	}
	return c, key
}

func (w *worker) shadeFront(h *hit, x, y float64, d vec) (rgb, float64, uint32) {
	lk := w.lookOf(h.key >> faceBits)
	real := *h
	if lk.layer == layerTop {
		real.z /= topScale
	}
	c, key := w.shadeHit(&real, x, y, d)
	return c, lk.alpha, key
}

// lookOf returns the look of a primitive or mesh part.
func (r *Renderer) lookOf(object uint32) *look {
	k := int(object) - 1 - len(r.grounds)
	if k < len(r.prims) {
		return &r.prims[k].look
	}
	return &r.parts[k-len(r.prims)].look
}
