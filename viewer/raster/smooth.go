package raster

// samples are eight places in a pixel, one in each row and column of an 8×8 grid.
var samples = [8][2]float64{
	{0.5625, 0.0625}, {0.8125, 0.1875}, {0.1875, 0.3125}, {0.4375, 0.4375},
	{0.9375, 0.5625}, {0.0625, 0.6875}, {0.6875, 0.8125}, {0.3125, 0.9375},
}

// Differences of color, summed over the channels (of 255): below sameColor an edge is not seen; above
// creaseColor two pixels of one mesh show a crease.
const (
	sameColor   = 3
	creaseColor = 24
)

// markEdges marks the pixels of row y whose neighbors show something else.
func (w *worker) markEdges(y int) {
	row := w.keys[y*w.width : (y+1)*w.width]
	up, down := row, row
	dyu, dyd := 0, 0
	if y > 0 {
		up, dyu = w.keys[(y-1)*w.width:y*w.width], -1
	}
	if y+1 < w.height {
		down, dyd = w.keys[(y+1)*w.width:(y+2)*w.width], 1
	}
	up, down = up[:len(row)], down[:len(row)]
	out := w.edge[y*w.width : (y+1)*w.width]
	last := len(row) - 1
	for x, k := range row {
		l, r := row[max(x-1, 0)], row[min(x+1, last)]
		if k == l && k == r && k == up[x] && k == down[x] && k < meshKey {
			out[x] = false
			continue
		}
		out[x] = w.differs(k, l, x, y, max(x-1, 0), y) || w.differs(k, r, x, y, min(x+1, last), y) ||
			w.differs(k, up[x], x, y, x, y+dyu) || w.differs(k, down[x], x, y, x, y+dyd)
	}
}

// differs reports whether the pixels (x, y) and (u, v) with keys k and l show an edge.
func (w *worker) differs(k, l uint32, x, y, u, v int) bool {
	limit := sameColor
	if k == l {
		if k < meshKey {
			return false
		}
		limit = creaseColor
	}
	a := w.dst.Pix[y*w.dst.Stride+4*x:][:3:3]
	b := w.dst.Pix[v*w.dst.Stride+4*u:][:3:3]
	sum := 0
	for i := range a {
		d := int(a[i]) - int(b[i])
		sum += max(d, -d)
	}
	return sum > limit
}

// smoothTile draws the marked pixels of a tile again, as the mean of eight rays.
func (w *worker) smoothTile(tile int) {
	x0, y0, x1, y1 := w.tiles.bounds(tile)
	for y := y0; y < y1; y++ {
		for x, marked := range w.edge[y*w.width+x0 : y*w.width+x1] {
			if marked {
				put(w.dst.Pix[y*w.dst.Stride+4*(x0+x):], w.supersample(tile, x0+x, y))
			}
		}
	}
}

func (w *worker) supersample(tile, x, y int) rgb {
	w.candidates(tile, x, y)
	var sum rgb
	for _, s := range samples {
		px, py := float64(x)+s[0], float64(y)+s[1]
		var solid, front hit
		w.first(&solid, &front, px, py)
		c, _ := w.color(&solid, &front, px, py, w.eye.ray(px, py))
		sum = sum.add(c.clamp())
	}
	return sum.scale(1.0 / float64(len(samples)))
}

// candidates lists what may cover the pixel (x, y).
func (w *worker) candidates(tile, x, y int) {
	w.cand, w.candTri = w.cand[:0], w.candTri[:0]
	fx, fy := float64(x), float64(y)
	for _, k := range w.tiles.prims.of(tile) {
		p := &w.prims[k]
		if b := &p.box; b.x0 <= fx+1 && b.x1 >= fx && b.y0 <= fy+1 && b.y1 >= fy && p.near(fx+0.5, fy+0.5, 1) {
			w.cand = append(w.cand, k)
		}
	}
	part := 0
	var t plane3
	for _, k := range w.tiles.tris.of(tile) {
		part = w.partOf(int(k), part)
		b := &w.tiles.tri[k]
		if x < int(b.x0) || x >= int(b.x1) || y < int(b.y0) || y >= int(b.y1) {
			continue
		}
		if w.triangle(&t, int(k), part) {
			w.candTri = append(w.candTri, t)
		}
	}
}

// first finds the first hits of one ray among the candidates.
func (w *worker) first(solid, front *hit, x, y float64) {
	solid.z, front.z = inf, inf
	w.hasFront = false
	for i := range w.candTri {
		t := &w.candTri[i]
		if z, ok := t.hit(x, y); ok {
			w.offer(solid, front, w.parts[t.part].layer, z, w.partObject(int(t.part))<<faceBits, t.tri)
		}
	}
	for _, k := range w.cand {
		p := &w.prims[k]
		if z, face, ok := p.hit(p.o, p.ray(x, y)); ok && z > near {
			w.offer(solid, front, p.layer, z, w.primObject(int(k))<<faceBits|face, 0)
		}
	}
	for g := range w.grounds {
		gr := &w.grounds[g]
		if !(gr.height > 0) {
			continue
		}
		if z, ok := gr.hit(x, y); ok && z < solid.z {
			*solid = hit{z, w.groundObject(g) << faceBits, 0}
		}
	}
}
