package scene

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Mesh is a triangle mesh in its own frame (m). It must not change while a renderer uses it.
type Mesh struct {
	Vertices  []r3.Vec
	Normals   []r3.Vec // one unit vector per corner of a triangle, three per triangle; nil means flat
	Triangles [][3]int32
	Ignored   []string // what a loader found and did not use, one line each
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

// LoadMesh reads a mesh from an STL or OBJ file, chosen by the end of its name.
func LoadMesh(path string) (*Mesh, error) {
	var read func(name string, data []byte) (*Mesh, error)
	switch strings.ToLower(filepath.Ext(path)) {
	case ".stl":
		read = ParseSTL
	case ".obj":
		read = ParseOBJ
	default:
		return nil, fmt.Errorf("%s: not a mesh this program reads; convert it to .stl or .obj", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return read(path, data)
}

// Bounds returns the corners of the smallest box along the axes that holds all vertices.
func (m *Mesh) Bounds() (low, high r3.Vec) {
	if len(m.Vertices) == 0 {
		return
	}
	low, high = m.Vertices[0], m.Vertices[0]
	for _, v := range m.Vertices {
		low = r3.Vec{X: math.Min(low.X, v.X), Y: math.Min(low.Y, v.Y), Z: math.Min(low.Z, v.Z)}
		high = r3.Vec{X: math.Max(high.X, v.X), Y: math.Max(high.Y, v.Y), Z: math.Max(high.Z, v.Z)}
	}
	return
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

// Smooth computes normals: the mean, weighted by area, of the faces around a vertex that meet the
// triangle at an angle below crease (rad). Sharper edges stay sharp.
func (m *Mesh) Smooth(crease float64) {
	face := make([]r3.Vec, len(m.Triangles)) // twice the area long
	unit := make([]r3.Vec, len(m.Triangles))
	start := make([]int32, len(m.Vertices)+1)
	for i, t := range m.Triangles {
		a, b, c := m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
		face[i] = spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a))
		unit[i], _ = spatial.Unit(face[i])
		for _, k := range t {
			start[k+1]++
		}
	}
	for k := 1; k < len(start); k++ {
		start[k] += start[k-1]
	}
	around := make([]int32, 3*len(m.Triangles))
	fill := append([]int32(nil), start...)
	for i, t := range m.Triangles {
		for _, k := range t {
			around[fill[k]] = int32(i)
			fill[k]++
		}
	}
	m.Normals = make([]r3.Vec, 3*len(m.Triangles))
	limit := math.Cos(crease)
	for i, t := range m.Triangles {
		for j, k := range t {
			sum := face[i]
			for _, o := range around[start[k]:start[k+1]] {
				if int(o) != i && spatial.Dot(unit[o], unit[i]) > limit {
					sum = spatial.Add(sum, face[o])
				}
			}
			m.Normals[3*i+j], _ = spatial.Unit(sum)
		}
	}
}
