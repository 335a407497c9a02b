package contact

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Terrain is the surface of a shape that does not move, in its own frame: a height field, or a mesh. Make one with
// [HeightField] or [Mesh] and do not change it.
type Terrain struct {
	// a height field
	Columns, Rows int       // of heights along x and along y
	Dx, Dy        float64   // between them (m)
	Heights       []float64 `json:",omitempty"` // row by row, along z (m)

	// a mesh
	Vertices  []r3.Vec   `json:",omitempty"` // m
	Triangles [][3]int32 `json:",omitempty"` // counterclockwise seen from outside

	made      sync.Once
	vertices  []r3.Vec
	triangles [][3]int32
	extent    float64

	grounded sync.Once
	ground   *ground.Surface

	checked sync.Once
	wrong   error
}

// HeightField returns ground given by its heights over a regular grid, columns along x and rows along y of the frame of
// the shape, dx and dy apart (m), the middle of the grid at the origin: heights[row*columns+column], in meters along z,
// belongs to x = (column − (columns−1)/2) dx, y = (row − (rows−1)/2) dy. Below it all is solid; beyond the grid there
// is nothing. The rectangle between four heights is cut into two triangles along the diagonal whose ends differ less in
// height. The slice is copied. All heights are finite: ground with holes is a [Mesh].
func HeightField(columns, rows int, dx, dy float64, heights []float64) Shape {
	return Shape{Kind: KindTerrain, Terrain: &Terrain{Columns: columns, Rows: rows, Dx: dx, Dy: dy, Heights: slices.Clone(heights)}}
}

// Mesh returns the surface of triangles of vertices (m), each counterclockwise seen from outside: the solid is behind
// them. It may have holes and rims. Vertices at one place count as one. The slices are copied.
func Mesh(vertices []r3.Vec, triangles [][3]int32) Shape {
	t := &Terrain{Vertices: slices.Clone(vertices), Triangles: slices.Clone(triangles)}
	t.weld()
	return Shape{Kind: KindTerrain, Terrain: t}
}

// weld makes one vertex of those at one place, where all triangles have vertices that are there.
func (t *Terrain) weld() {
	for _, v := range t.Triangles {
		if low, high := min(v[0], v[1], v[2]), max(v[0], v[1], v[2]); low < 0 || int(high) >= len(t.Vertices) {
			return
		}
	}
	at := make(map[r3.Vec]int32, len(t.Vertices))
	index := make([]int32, len(t.Vertices))
	kept := t.Vertices[:0]
	for i, v := range t.Vertices {
		v.X, v.Y, v.Z = v.X+0, v.Y+0, v.Z+0 // −0 is 0
		n, ok := at[v]
		if !ok {
			n = int32(len(kept))
			kept = append(kept, v)
			at[v] = n
		}
		index[i] = n
	}
	t.Vertices = kept
	for i := range t.Triangles {
		for k, v := range t.Triangles[i] {
			t.Triangles[i][k] = index[v]
		}
	}
}

// IsField reports whether t is a height field.
func (t *Terrain) IsField() bool { return t.Heights != nil || t.Columns != 0 || t.Rows != 0 }

// Surface returns vertices (m) and triangles of t, counterclockwise seen from outside. They are not to be changed.
func (t *Terrain) Surface() ([]r3.Vec, [][3]int32) {
	t.make()
	return t.vertices, t.triangles
}

// Ground returns the surface with its folds, and under a height field the walls below its rim, as the engine needs it:
// of what [Shape.Check] finds fit, made once.
func (t *Terrain) Ground() *ground.Surface {
	t.grounded.Do(func() {
		vertices, triangles := t.Surface()
		t.ground = ground.New(vertices, triangles, t.IsField())
	})
	return t.ground
}

func (t *Terrain) make() {
	t.made.Do(func() {
		t.vertices, t.triangles = t.Vertices, t.Triangles
		if t.IsField() {
			t.triangulate()
		}
		for _, v := range t.vertices {
			t.extent = math.Max(t.extent, spatial.Norm(v))
		}
	})
}

// triangulate makes the triangles of a height field.
func (t *Terrain) triangulate() {
	if t.checkGrid() != nil {
		return
	}
	at := func(c, r int) int32 { return int32(r*t.Columns + c) }
	t.vertices = make([]r3.Vec, 0, len(t.Heights))
	for r := range t.Rows {
		for c := range t.Columns {
			t.vertices = append(t.vertices, r3.Vec{
				X: (float64(c) - float64(t.Columns-1)/2) * t.Dx, Y: (float64(r) - float64(t.Rows-1)/2) * t.Dy, Z: t.Heights[r*t.Columns+c],
			})
		}
	}
	t.triangles = make([][3]int32, 0, 2*(t.Rows-1)*(t.Columns-1))
	for r := range t.Rows - 1 {
		for c := range t.Columns - 1 {
			a, b, d, e := at(c, r), at(c+1, r), at(c+1, r+1), at(c, r+1)
			if math.Abs(t.Heights[a]-t.Heights[d]) <= math.Abs(t.Heights[b]-t.Heights[e]) {
				t.triangles = append(t.triangles, [3]int32{a, b, d}, [3]int32{a, d, e})
			} else {
				t.triangles = append(t.triangles, [3]int32{a, b, e}, [3]int32{b, d, e})
			}
		}
	}
}

// Tied reports whether the derivative by the place of a vertex is one-sided: where triangles around it are coplanar, or a
// rectangle beside it may be cut along either diagonal.
func (t *Terrain) Tied(vertex int) bool {
	if !t.Ground().Folded(int32(vertex)) {
		return true
	}
	if !t.IsField() {
		return false
	}
	c, r := vertex%t.Columns, vertex/t.Columns
	for y := max(r-1, 0); y < min(r+1, t.Rows-1); y++ {
		for x := max(c-1, 0); x < min(c+1, t.Columns-1); x++ {
			h := t.Heights[y*t.Columns+x:]
			if math.Abs(h[0]-h[t.Columns+1]) == math.Abs(h[1]-h[t.Columns]) {
				return true
			}
		}
	}
	return false
}

func (t *Terrain) checkGrid() error {
	switch {
	case t.Columns < 2 || t.Rows < 2:
		return fmt.Errorf("height field: %d by %d heights, want at least 2 by 2", t.Columns, t.Rows)
	case t.Rows > 2*ground.Most/t.Columns || 2*(t.Rows-1)*(t.Columns-1) > ground.Most:
		return fmt.Errorf("height field: %d by %d heights make more than %d triangles: take a coarser grid", t.Columns, t.Rows, ground.Most)
	case len(t.Heights) != t.Columns*t.Rows:
		return fmt.Errorf("height field: there are %d heights, want %d by %d", len(t.Heights), t.Columns, t.Rows)
	case !(t.Dx > 0) || !(t.Dy > 0) || math.IsInf(t.Dx, 0) || math.IsInf(t.Dy, 0):
		return fmt.Errorf("height field: cells of %g by %g m, want positive lengths", t.Dx, t.Dy)
	}
	for i, h := range t.Heights {
		if math.IsNaN(h) || math.IsInf(h, 0) {
			return fmt.Errorf("height field: the height in column %d of row %d is %g: fill it, or leave the triangles at it out of a contact.Mesh if it is a hole", i%t.Columns, i/t.Columns, h)
		}
	}
	return nil
}

// check returns an error that says why t is no terrain.
func (t *Terrain) check() error {
	if t == nil {
		return errors.New("terrain without a surface; use contact.HeightField or contact.Mesh")
	}
	t.checked.Do(func() { t.wrong = t.look() })
	return t.wrong
}

func (t *Terrain) look() error {
	what := "mesh"
	if t.IsField() {
		what = "height field"
		if t.Vertices != nil || t.Triangles != nil {
			return errors.New("height field: it has the triangles of a mesh too")
		}
		if err := t.checkGrid(); err != nil {
			return err
		}
	}
	if err := ground.Check(t.Surface()); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Height returns the height (m) of a height field at the point (x, y) of its frame; ok is false beyond its rim.
func (t *Terrain) Height(x, y float64) (z float64, ok bool) {
	if !t.IsField() || t.checkGrid() != nil {
		return 0, false
	}
	v, f := t.Surface()
	c, r := x/t.Dx+float64(t.Columns-1)/2, y/t.Dy+float64(t.Rows-1)/2
	if !(c >= 0 && r >= 0 && c <= float64(t.Columns-1) && r <= float64(t.Rows-1)) {
		return 0, false
	}
	i, j := min(int(c), t.Columns-2), min(int(r), t.Rows-2)
	cell := 2 * (j*(t.Columns-1) + i)
	for _, tri := range f[cell : cell+2] {
		a := v[tri[0]]
		n := spatial.Cross(spatial.Sub(v[tri[1]], a), spatial.Sub(v[tri[2]], a))
		inside := true
		for k := range tri {
			p, q := v[tri[k]], v[tri[(k+1)%3]]
			inside = inside && (q.X-p.X)*(y-p.Y)-(q.Y-p.Y)*(x-p.X) >= -1e-12*t.Dx*t.Dy
		}
		if inside {
			return a.Z - (n.X*(x-a.X)+n.Y*(y-a.Y))/n.Z, true
		}
	}
	return 0, false
}
