package mesh

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// ParseOBJ reads vertices, normals, faces and the beginnings of objects and groups of a Wavefront OBJ file; name is the
// file named in errors. Polygons become fans of triangles. Everything else, such as materials, is listed in
// Mesh.Ignored.
func ParseOBJ(name string, data []byte) (*Mesh, error) {
	m := &Mesh{}
	var normals []r3.Vec     // vn, as listed
	var use []int32          // normal of each corner, −1 for none
	ignored := []string(nil) // words in order of appearance
	first := map[string]int{}
	count := map[string]int{}
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		text, _, _ = strings.Cut(text, "#")
		word := strings.Fields(text)
		if len(word) == 0 {
			continue
		}
		bad := func(err error) error { return fmt.Errorf("%s:%d: %s: %w", name, line, word[0], err) }
		switch word[0] {
		case "v", "vn":
			v, err := vector(word[1:])
			if err != nil {
				return nil, bad(err)
			}
			if word[0] == "v" {
				m.Vertices = append(m.Vertices, v)
			} else {
				v, _ = spatial.Unit(v) // zero stands for "none"
				normals = append(normals, v)
			}
		case "f":
			if len(word) < 4 {
				return nil, bad(fmt.Errorf("%d corners, want 3 or more", len(word)-1))
			}
			var a, b [2]int32
			for i, w := range word[1:] {
				c, err := corner(w, len(m.Vertices), len(normals))
				if err != nil {
					return nil, bad(err)
				}
				if i == 0 {
					a = c
				} else if i > 1 {
					m.Triangles = append(m.Triangles, [3]int32{a[0], b[0], c[0]})
					use = append(use, a[1], b[1], c[1])
				}
				b = c
			}
		case "o", "g":
			m.begin()
		default:
			w := strings.ToValidUTF8(fmt.Sprintf("%.20s", word[0]), "?")
			if count[w] == 0 {
				if len(ignored) == maxIgnored {
					return nil, bad(fmt.Errorf("more than %d kinds of unknown lines; is this an OBJ file?", maxIgnored))
				}
				first[w] = line
				ignored = append(ignored, w)
			}
			count[w]++
		}
	}
	if len(m.Triangles) == 0 {
		return nil, fmt.Errorf("%s: no faces; is this an OBJ file?", name)
	}
	for _, w := range ignored {
		m.Ignored = append(m.Ignored, fmt.Sprintf("%s:%d: %s (%d lines)", name, first[w], w, count[w]))
	}
	m.Normals = cornerNormals(m, use, normals)
	return m.finish(name)
}

// maxIgnored bounds the kinds of lines a loader skips before it doubts that the file is what it says.
const maxIgnored = 40

// corner reads "v", "v/vt", "v//vn" or "v/vt/vn": one-based, or negative from the last.
func corner(s string, vertices, normals int) ([2]int32, error) {
	part := strings.Split(s, "/")
	c := [2]int32{-1, -1}
	var err error
	if c[0], err = index(part[0], vertices, "vertex"); err != nil || len(part) < 3 || part[2] == "" {
		return c, err
	}
	c[1], err = index(part[2], normals, "normal")
	return c, err
}

func index(s string, n int, what string) (int32, error) {
	k, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return -1, fmt.Errorf("%s index %.20q is not an integer", what, s)
	}
	if k < 0 {
		k += int64(n) + 1
	}
	if k < 1 || k > int64(n) || k > math.MaxInt32 {
		return -1, fmt.Errorf("%s index %s, but %d came before", what, s, n)
	}
	return int32(k - 1), nil
}

// cornerNormals returns the normals of all corners, or nil when the file gives none. A corner without
// one takes its triangle's.
func cornerNormals(m *Mesh, use []int32, normals []r3.Vec) []r3.Vec {
	if len(normals) == 0 {
		return nil
	}
	out := make([]r3.Vec, len(use))
	for i, k := range use {
		if k >= 0 && normals[k] != (r3.Vec{}) {
			out[i] = normals[k]
			continue
		}
		t := m.Triangles[i/3]
		a := m.Vertices[t[0]]
		out[i], _ = spatial.Unit(spatial.Cross(spatial.Sub(m.Vertices[t[1]], a), spatial.Sub(m.Vertices[t[2]], a)))
	}
	return out
}
