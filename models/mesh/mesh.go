package mesh

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Mesh is a triangle mesh in its own frame (m).
type Mesh struct {
	Vertices   []r3.Vec
	Normals    []r3.Vec // one unit vector per corner of a triangle, three per triangle; nil means flat
	Triangles  [][3]int32
	Parts      []int32  // the triangles at which the objects of the file begin, ascending; nil where it has none
	Degenerate int      // triangles without area; they are kept
	Ignored    []string // what a reader found and did not use, one line each
}

// Check returns an error that names the first impossible index or number of m, or nil.
func (m *Mesh) Check() error {
	if len(m.Normals) != 0 && len(m.Normals) != 3*len(m.Triangles) {
		return fmt.Errorf("mesh: %d normals for %d triangles, want three per triangle or none", len(m.Normals), len(m.Triangles))
	}
	for i, v := range m.Vertices {
		if !spatial.Finite(v) {
			return fmt.Errorf("mesh: vertex %d is not finite", i)
		}
	}
	for i, v := range m.Normals {
		if !spatial.Finite(v) {
			return fmt.Errorf("mesh: normal %d is not finite", i)
		}
	}
	for i, t := range m.Triangles {
		for _, k := range t {
			if k < 0 || int(k) >= len(m.Vertices) {
				return fmt.Errorf("mesh: triangle %d has vertex %d of %d", i, k, len(m.Vertices))
			}
		}
	}
	return nil
}

// corners returns the vertices of triangle i.
func (m *Mesh) corners(i int) (a, b, c r3.Vec) {
	t := &m.Triangles[i]
	return m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
}

// Bounds returns the corners of the smallest box along the axes that holds all vertices.
func (m *Mesh) Bounds() (low, high r3.Vec) { return spatial.Bounds(m.Vertices) }

// Scaled returns a copy of m with coordinates multiplied by those of k, which may be negative: triangles stay
// wound outward when an odd number of them is. It has no normals.
func (m *Mesh) Scaled(k r3.Vec) *Mesh {
	out := &Mesh{Vertices: make([]r3.Vec, len(m.Vertices)), Triangles: append([][3]int32(nil), m.Triangles...), Parts: m.Parts}
	for i, v := range m.Vertices {
		out.Vertices[i] = r3.Vec{X: k.X * v.X, Y: k.Y * v.Y, Z: k.Z * v.Z}
	}
	if k.X*k.Y*k.Z < 0 {
		for i := range out.Triangles {
			t := &out.Triangles[i]
			t[1], t[2] = t[2], t[1]
		}
	}
	out.count()
	return out
}

// Weld merges vertices at exactly the same place. STL files have three of their own per triangle.
func (m *Mesh) Weld() {
	seen := make(map[r3.Vec]int32, len(m.Vertices))
	to := make([]int32, len(m.Vertices))
	n := int32(0)
	for i, v := range m.Vertices {
		v = r3.Vec{X: v.X + 0, Y: v.Y + 0, Z: v.Z + 0} // −0 becomes 0
		k, ok := seen[v]
		if !ok {
			k = n
			seen[v] = k
			m.Vertices[k] = v
			n++
		}
		to[i] = k
	}
	m.Vertices = m.Vertices[:n]
	for i := range m.Triangles {
		for j, k := range m.Triangles[i] {
			m.Triangles[i][j] = to[k]
		}
	}
}

// begin notes that an object begins with the next triangle.
func (m *Mesh) begin() {
	at := int32(len(m.Triangles))
	if n := len(m.Parts); n == 0 || m.Parts[n-1] != at {
		m.Parts = append(m.Parts, at)
	}
}

// count counts the triangles without area.
func (m *Mesh) count() {
	m.Degenerate = 0
	for i := range m.Triangles {
		a, b, c := m.corners(i)
		if spatial.Norm(spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a))) == 0 {
			m.Degenerate++
		}
	}
}
