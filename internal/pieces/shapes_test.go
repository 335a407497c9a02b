package pieces

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"
)

// form is a mesh of a test.
type form struct {
	vertices  []r3.Vec
	triangles [][3]int32
}

// quad adds a face with its corners counterclockwise from outside.
func (f *form) quad(a, b, c, d r3.Vec) {
	n := int32(len(f.vertices))
	f.vertices = append(f.vertices, a, b, c, d)
	f.triangles = append(f.triangles, [3]int32{n, n + 1, n + 2}, [3]int32{n, n + 2, n + 3})
}

// lathe turns a closed profile of (radius, height), counterclockwise in that plane, around z in n steps.
func lathe(n int, profile ...[2]float64) *form {
	f := &form{}
	at := func(k int, p [2]float64) r3.Vec {
		sin, cos := math.Sincos(2 * math.Pi * float64(k%n) / float64(n))
		return r3.Vec{X: p[0] * cos, Y: p[0] * sin, Z: p[1]}
	}
	for k := range n {
		for i, p := range profile {
			q := profile[(i+1)%len(profile)]
			f.quad(at(k, p), at(k+1, p), at(k+1, q), at(k, q))
		}
	}
	return f
}

// extrude pulls a polygon, counterclockwise, from z = 0 to h. Its ends are fans of the polygon's ears, given as triangles of its corners.
func extrude(h float64, ears [][3]int, profile ...[2]float64) *form {
	f := &form{}
	at := func(p [2]float64, z float64) r3.Vec { return r3.Vec{X: p[0], Y: p[1], Z: z} }
	for i, p := range profile {
		q := profile[(i+1)%len(profile)]
		f.quad(at(p, 0), at(q, 0), at(q, h), at(p, h))
	}
	for _, e := range ears {
		n := int32(len(f.vertices))
		for _, i := range e {
			f.vertices = append(f.vertices, at(profile[i], h))
		}
		for _, i := range e {
			f.vertices = append(f.vertices, at(profile[i], 0))
		}
		f.triangles = append(f.triangles, [3]int32{n, n + 1, n + 2}, [3]int32{n + 3, n + 5, n + 4})
	}
	return f
}

func bracket() *form {
	return extrude(0.03, [][3]int{{0, 1, 2}, {0, 2, 3}, {0, 3, 5}, {3, 4, 5}},
		[2]float64{0, 0}, [2]float64{0.1, 0}, [2]float64{0.1, 0.02}, [2]float64{0.02, 0.02}, [2]float64{0.02, 0.08}, [2]float64{0, 0.08})
}

func cube() *form {
	return extrude(1, [][3]int{{0, 1, 2}, {0, 2, 3}}, [2]float64{0, 0}, [2]float64{1, 0}, [2]float64{1, 1}, [2]float64{0, 1})
}

func cup() *form {
	return lathe(24, [2]float64{0, 0}, [2]float64{0.04, 0}, [2]float64{0.04, 0.1}, [2]float64{0.035, 0.1}, [2]float64{0.035, 0.005}, [2]float64{0, 0.005})
}

func torus(n, m int) *form {
	var p [][2]float64
	for k := range m {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(m))
		p = append(p, [2]float64{0.05 + 0.01*cos, 0.01 * sin})
	}
	return lathe(n, p...)
}

// channel is a U of 6 cm, walls and floor 1 cm thick.
func channel() *form {
	return extrude(0.2, [][3]int{{0, 1, 5}, {0, 5, 6}, {0, 6, 7}, {1, 4, 5}, {1, 2, 4}, {2, 3, 4}}, [2]float64{0, 0}, [2]float64{0.06, 0}, [2]float64{0.06, 0.05}, [2]float64{0.05, 0.05}, [2]float64{0.05, 0.01},
		[2]float64{0.01, 0.01}, [2]float64{0.01, 0.05}, [2]float64{0, 0.05})
}

// mapped returns f with its corners where move puts them, inside out where that mirrors.
func (f *form) mapped(mirrors bool, move func(r3.Vec) r3.Vec) *form {
	out := &form{triangles: slices.Clone(f.triangles)}
	for _, v := range f.vertices {
		out.vertices = append(out.vertices, move(v))
	}
	if mirrors {
		out.invert()
	}
	return out
}

func (f *form) invert() {
	for i := range f.triangles {
		t := &f.triangles[i]
		t[1], t[2] = t[2], t[1]
	}
}

// with returns f and g.
func (f *form) with(g *form) *form {
	out := &form{vertices: slices.Concat(f.vertices, g.vertices), triangles: slices.Clone(f.triangles)}
	n := int32(len(f.vertices))
	for _, t := range g.triangles {
		out.triangles = append(out.triangles, [3]int32{t[0] + n, t[1] + n, t[2] + n})
	}
	return out
}

func turned(v r3.Vec) r3.Vec {
	return r3.NewRotation(0.7, r3.Vec{X: 1, Y: 2, Z: -0.5}).Rotate(v)
}
