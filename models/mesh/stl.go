package mesh

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// ParseSTL reads a binary or ASCII STL file; name is the file named in errors. Its stored normals are
// ignored, since many writers leave them zero; vertices are welded.
func ParseSTL(name string, data []byte) (*Mesh, error) {
	const header, record = 84, 50
	// Some binary files begin with "solid" too, so the exact length decides first.
	if len(data) >= header {
		n := uint64(binary.LittleEndian.Uint32(data[80:]))
		want := header + n*record
		switch {
		case uint64(len(data)) == want:
			return binarySTL(name, data[header:], int(n))
		case isSolid(data) && bytes.IndexByte(data[:header], 0) < 0: // the count of a binary file has a zero byte
		case uint64(len(data)) < want:
			return nil, fmt.Errorf("%s: truncated: binary STL of %d triangles must have %d bytes, this file has %d", name, n, want, len(data))
		default:
			m, err := binarySTL(name, data[header:want], int(n))
			if err == nil {
				m.Ignored = append(m.Ignored, fmt.Sprintf("%s: %d bytes behind the last triangle", name, uint64(len(data))-want))
			}
			return m, err
		}
	}
	if !isSolid(data) {
		return nil, fmt.Errorf("%s: not an STL file: shorter than the 84 byte header and no \"solid\" at its start", name)
	}
	return asciiSTL(name, data)
}

func isSolid(data []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	return len(text) >= 5 && bytes.EqualFold(text[:5], []byte("solid"))
}

func binarySTL(name string, data []byte, n int) (*Mesh, error) {
	m := &Mesh{Vertices: make([]r3.Vec, 0, 3*n), Triangles: make([][3]int32, 0, n)}
	number := func(at int) float64 {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(data[at:])))
	}
	for i := range n {
		for j := range 3 {
			at := 50*i + 12 + 12*j
			v := r3.Vec{X: number(at), Y: number(at + 4), Z: number(at + 8)}
			if !spatial.Finite(v) {
				return nil, fmt.Errorf("%s: triangle %d: corner %d (%g, %g, %g) is not finite", name, i, j, v.X, v.Y, v.Z)
			}
			m.Vertices = append(m.Vertices, v)
		}
		k := int32(3 * i)
		m.Triangles = append(m.Triangles, [3]int32{k, k + 1, k + 2})
	}
	return m.finish(name)
}

func asciiSTL(name string, data []byte) (*Mesh, error) {
	m := &Mesh{}
	corners, solid, facet := 0, false, 0
	line := 0
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		line++
		word := strings.Fields(text)
		if len(word) == 0 {
			continue
		}
		bad := func(what string) error { return fmt.Errorf("%s:%d: %s", name, line, what) }
		switch strings.ToLower(word[0]) {
		case "solid":
			if solid {
				return nil, bad("\"solid\" inside a solid")
			}
			solid = true
			m.begin()
		case "endsolid":
			if !solid || facet != 0 {
				return nil, bad("\"endsolid\" out of place")
			}
			solid = false
		case "facet":
			if !solid || facet != 0 {
				return nil, bad("\"facet\" out of place")
			}
			facet, corners = line, 0
		case "outer", "endloop":
		case "vertex":
			if facet == 0 || corners == 3 {
				return nil, bad("\"vertex\" out of place: a facet has exactly three")
			}
			v, err := vector(word[1:])
			if err != nil {
				return nil, bad("vertex: " + err.Error())
			}
			m.Vertices = append(m.Vertices, v)
			corners++
		case "endfacet":
			if facet == 0 || corners != 3 {
				return nil, bad("a facet needs exactly three vertices")
			}
			k := int32(len(m.Vertices))
			m.Triangles = append(m.Triangles, [3]int32{k - 3, k - 2, k - 1})
			facet = 0
		default:
			return nil, bad(fmt.Sprintf("unknown word %.20q", word[0]))
		}
	}
	if solid {
		return nil, fmt.Errorf("%s:%d: file ends inside a solid: \"endsolid\" is missing", name, line)
	}
	return m.finish(name)
}

// finish welds and counts what a reader has put together.
func (m *Mesh) finish(name string) (*Mesh, error) {
	if len(m.Triangles) == 0 {
		return nil, fmt.Errorf("%s: there are no triangles in it", name)
	}
	m.Weld()
	m.count()
	return m, nil
}

// vector reads three finite numbers.
func vector(word []string) (r3.Vec, error) {
	if len(word) < 3 {
		return r3.Vec{}, fmt.Errorf("%d numbers, want 3", len(word))
	}
	var v [3]float64
	for i := range v {
		x, err := strconv.ParseFloat(word[i], 64)
		if err != nil || math.IsNaN(x) || math.Abs(x) > math.MaxFloat32 {
			return r3.Vec{}, fmt.Errorf("%.20q is not a finite number", word[i])
		}
		v[i] = x
	}
	return r3.Vec{X: v[0], Y: v[1], Z: v[2]}, nil
}
