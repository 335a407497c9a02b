package mesh

import (
	"math"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

const degree = math.Pi / 180

// maxTriangles bounds what instances of geometries may add up to.
const maxTriangles = 5_000_000

// geometry appends a geometry, moved by at.
func (d *dae) geometry(g *element, at *affine) error {
	m := g.path("mesh")
	if m == nil {
		for _, k := range g.kids {
			d.ignore(k, k.name+" of a geometry")
		}
		return nil
	}
	d.mesh.begin()
	for _, p := range m.kids {
		switch p.name {
		case "triangles", "polylist", "polygons", "tristrips", "trifans":
			if err := d.primitive(p, at); err != nil {
				return err
			}
		case "lines", "linestrips":
			d.ignore(p, p.name)
		}
	}
	return nil
}

// primitive appends the triangles of one <triangles>, <polylist>, <polygons>, <tristrips> or <trifans>.
func (d *dae) primitive(e *element, at *affine) error {
	stride, offset := 0, -1
	var points []r3.Vec
	for _, in := range e.all("input") {
		o, err := strconv.Atoi(in.attr["offset"])
		if err != nil || o < 0 || o > 100 {
			return d.errorf(in, "offset=%.20q is not a small number", in.attr["offset"])
		}
		stride = max(stride, o+1)
		if in.attr["semantic"] != "VERTEX" {
			continue
		}
		v, err := d.target(in, "source", "vertices")
		if err != nil {
			return err
		}
		for _, p := range v.all("input") {
			if p.attr["semantic"] == "POSITION" {
				if points, err = d.points(p); err != nil {
					return err
				}
				offset = o
			}
		}
	}
	if offset < 0 {
		return d.errorf(e, "has no input of semantic VERTEX with a POSITION")
	}
	base := int32(len(d.mesh.Vertices))
	for _, x := range points {
		if x = at.apply(x); !spatial.Finite(x) {
			return d.errorf(e, "a vertex is not finite after its transforms")
		}
		d.mesh.Vertices = append(d.mesh.Vertices, x)
	}
	var counts []int
	if e.name == "polylist" {
		if c := e.path("vcount"); c != nil {
			var err error
			if counts, err = d.ints(c); err != nil {
				return err
			}
		}
	}
	for _, p := range e.all("p") {
		index, err := d.ints(p)
		if err != nil {
			return err
		}
		corners := make([]int32, len(index)/stride)
		for i := range corners {
			k := index[i*stride+offset]
			if k < 0 || k >= len(points) {
				return d.errorf(p, "vertex %d of %d", k, len(points))
			}
			corners[i] = base + int32(k)
		}
		if err := d.faces(e, corners, counts, at.mirrors()); err != nil {
			return err
		}
	}
	for _, p := range e.all("ph") {
		d.ignore(p, "polygons with holes")
	}
	return nil
}

// faces appends the triangles that the corners of a <p> make in the way of the primitive e.
func (d *dae) faces(e *element, c []int32, counts []int, mirrored bool) error {
	add := func(i, j, k int32) {
		if mirrored {
			j, k = k, j
		}
		d.mesh.Triangles = append(d.mesh.Triangles, [3]int32{i, j, k})
	}
	fan := func(c []int32) {
		for i := 2; i < len(c); i++ {
			add(c[0], c[i-1], c[i])
		}
	}
	switch e.name {
	case "triangles":
		for ; len(c) >= 3; c = c[3:] {
			add(c[0], c[1], c[2])
		}
	case "polylist":
		for _, n := range counts {
			if n < 0 || n > len(c) {
				return d.errorf(e, "vcount names more corners than <p> has")
			}
			fan(c[:n])
			c = c[n:]
		}
	case "polygons", "trifans":
		fan(c)
	case "tristrips":
		for i := 2; i < len(c); i++ {
			if i%2 == 0 {
				add(c[i-2], c[i-1], c[i])
			} else {
				add(c[i-1], c[i-2], c[i])
			}
		}
	}
	if len(d.mesh.Triangles) > maxTriangles || len(d.mesh.Vertices) > maxTriangles {
		return d.errorf(e, "more than %d triangles or vertices; simplify the mesh", maxTriangles)
	}
	return nil
}

// points returns the positions an <input> names.
func (d *dae) points(in *element) ([]r3.Vec, error) {
	src, err := d.target(in, "source", "source")
	if err != nil {
		return nil, err
	}
	list := src.path("float_array")
	if list == nil {
		return nil, d.errorf(src, "has no <float_array>")
	}
	v, err := d.floats(list, string(list.text))
	if err != nil {
		return nil, err
	}
	stride, offset := 3, 0
	if a := src.path("technique_common", "accessor"); a != nil {
		for _, f := range []struct {
			name string
			dst  *int
		}{{"stride", &stride}, {"offset", &offset}} {
			if s := a.attr[f.name]; s != "" {
				if *f.dst, err = strconv.Atoi(s); err != nil || *f.dst < 0 || *f.dst > 1<<20 {
					return nil, d.errorf(a, "%s=%.20q is not a number ≥ 0", f.name, s)
				}
			}
		}
	}
	if stride < 3 {
		return nil, d.errorf(src, "positions have %d coordinates, want 3", stride)
	}
	var out []r3.Vec
	for i := offset; i+3 <= len(v); i += stride {
		out = append(out, r3.Vec{X: v[i], Y: v[i+1], Z: v[i+2]})
	}
	return out, nil
}

func (d *dae) floats(e *element, text string) ([]float64, error) {
	words := strings.Fields(text)
	out := make([]float64, len(words))
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil || math.IsNaN(v) || math.Abs(v) > math.MaxFloat32 {
			return nil, d.errorf(e, "number %d, %.20q, is not a finite number", i, w)
		}
		out[i] = v
	}
	return out, nil
}

func (d *dae) ints(e *element) ([]int, error) {
	words := strings.Fields(string(e.text))
	out := make([]int, len(words))
	for i, w := range words {
		v, err := strconv.Atoi(w)
		if err != nil {
			return nil, d.errorf(e, "index %d, %.20q, is not an integer", i, w)
		}
		out[i] = v
	}
	return out, nil
}
