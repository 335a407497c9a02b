package raster

// tileSize is the edge of a tile in pixels.
const tileSize = 16

// binning says which primitives and triangles may show in each tile: lists in one array per kind, cut
// by start, ordered by number. Two passes (count, then place) keep them free of allocations.
type binning struct {
	width, height int // pixels
	nx, ny        int // tiles

	world  []vec   // vertices of all meshes
	screen []vec   // the same in homogeneous pixels: (x z, y z, z)
	tri    []box16 // bounds of all triangles

	prims, tris lists
}

// lists are the numbers in each cell of a grid.
type lists struct {
	start []int32 // one more than cells
	list  []int32
}

func (l *lists) reset(cells int) {
	if len(l.start) != cells+1 {
		l.start = make([]int32, cells+1)
	}
	clear(l.start)
	l.list = l.list[:0]
}

// count notes one more number for a cell; after all counts comes settle, then place in the same order.
func (l *lists) count(cell int) { l.start[cell]++ }

func (l *lists) settle() {
	sum := int32(0)
	for i, n := range l.start {
		l.start[i] = sum
		sum += n
	}
	if cap(l.list) < int(sum) {
		l.list = make([]int32, sum, sum+sum/4)
	}
	l.list = l.list[:sum]
}

func (l *lists) place(cell int, k int32) {
	l.list[l.start[cell]] = k
	l.start[cell]++
}

// done puts start back to where each list begins, after place has moved it to where each ends.
func (l *lists) done() {
	copy(l.start[1:], l.start[:len(l.start)-1])
	l.start[0] = 0
}

func (l *lists) of(cell int) []int32 { return l.list[l.start[cell]:l.start[cell+1]] }

func (b *binning) resize(width, height int) {
	b.width, b.height = width, height
	b.nx, b.ny = (width+tileSize-1)/tileSize, (height+tileSize-1)/tileSize
}

func (b *binning) count() int { return b.nx * b.ny }

func (b *binning) clearMeshes() { b.world, b.screen, b.tri = b.world[:0], b.screen[:0], b.tri[:0] }

// bounds returns the pixels of tile i.
func (b *binning) bounds(i int) (x0, y0, x1, y1 int) {
	x0, y0 = i%b.nx*tileSize, i/b.nx*tileSize
	return x0, y0, min(x0+tileSize, b.width), min(y0+tileSize, b.height)
}

// fill sorts the primitives and triangles of r into tiles.
func (b *binning) fill(r *Renderer) {
	b.prims.reset(b.count())
	b.tris.reset(b.count())
	for pass := range 2 {
		for i := range r.prims {
			b.addPrim(&r.prims[i], int32(i), pass == 0)
		}
		for i := range b.tri {
			b.addTriangle(&b.tri[i], int32(i), pass == 0)
		}
		if pass == 0 {
			b.prims.settle()
			b.tris.settle()
		}
	}
	b.prims.done()
	b.tris.done()
}

func (b *binning) addPrim(p *prim, k int32, counting bool) {
	q := p.box.clip(float64(b.width), float64(b.height))
	if q.empty() {
		return
	}
	x1, y1 := min(int(q.x1)/tileSize, b.nx-1), min(int(q.y1)/tileSize, b.ny-1)
	for y := int(q.y0) / tileSize; y <= y1; y++ {
		for x := int(q.x0) / tileSize; x <= x1; x++ {
			switch {
			case !p.near((float64(x)+0.5)*tileSize, (float64(y)+0.5)*tileSize, tileSize):
			case counting:
				b.prims.count(y*b.nx + x)
			default:
				b.prims.place(y*b.nx+x, k)
			}
		}
	}
}

func (b *binning) addTriangle(t *box16, k int32, counting bool) {
	if t.x1 <= t.x0 || t.y1 <= t.y0 {
		return
	}
	x1, y1 := int(t.x1-1)/tileSize, int(t.y1-1)/tileSize
	for y := int(t.y0) / tileSize; y <= y1; y++ {
		for x := int(t.x0) / tileSize; x <= x1; x++ {
			if counting {
				b.tris.count(y*b.nx + x)
			} else {
				b.tris.place(y*b.nx+x, k)
			}
		}
	}
}
