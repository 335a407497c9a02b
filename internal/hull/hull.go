// Package hull computes convex hulls of points.
package hull

import (
	"errors"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// ErrFlat is the error of points that lie in a plane, to within 1e-12 of their extent: they have no hull with a
// volume.
var ErrFlat = errors.New("the points lie in one plane, on one line or in one place")

// Of returns the convex hull of points as triangles of their indices, wound outward. Only corners of the hull are used, not what lies
// inside its faces or edges. Duplicates are allowed.
//
// This is the quickhull of Barber, Dobkin and Huhdanpaa (1996), on points that are moved by less than 1e-12 of
// their extent to a grid. There, the side of a plane on which a point lies is known exactly, so nothing needs a
// tolerance: a face that a point sees is strictly in front of it, and no face is degenerate.
func Of(points []r3.Vec) ([][3]int32, error) {
	h, err := newHull(points)
	if err != nil {
		return nil, err
	}
	h.grow()
	// Of points in one plane the farthest may have been any. What is no corner goes, and then the rest is alone.
	corners := h.corners()
	if len(corners) < h.used() {
		h.reset(corners)
		h.grow()
	}
	var out [][3]int32
	for i := range h.faces {
		if f := &h.faces[i]; !f.dead {
			out = append(out, f.v)
		}
	}
	return out, nil
}

type hull struct {
	grid  []cell // of all points
	faces []facet
	open  []int32 // faces that points may lie in front of
	seen  []int32 // scratch: faces that a point sees
	rim   []edge  // scratch: the edges around them
	after map[int32]int32
}

// facet is a triangle of the hull under construction.
type facet struct {
	v    [3]int32 // its corners, seen counterclockwise from outside
	next [3]int32 // the faces across the edges v0 v1, v1 v2, v2 v0
	out  []int32  // points in front of it, each in one list only
	dead bool
}

// edge is an edge of the rim around what a point sees; face lies beyond.
type edge struct{ a, b, face int32 }

func newHull(points []r3.Vec) (*hull, error) {
	if len(points) > math.MaxInt32 {
		return nil, errors.New("too many points")
	}
	for _, p := range points {
		if !spatial.Finite(p) {
			return nil, errors.New("a point is not finite")
		}
	}
	h := &hull{grid: snap(points), after: map[int32]int32{}}
	all := make([]int32, len(points))
	for i := range all {
		all[i] = int32(i)
	}
	if !h.reset(all) {
		return nil, ErrFlat
	}
	return h, nil
}

// reset starts from a tetrahedron of the given points, and reports false when they are flat.
func (h *hull) reset(points []int32) bool {
	h.faces, h.open = h.faces[:0], h.open[:0]
	t, ok := h.tetrahedron(points)
	if !ok {
		return false
	}
	for i := range t { // the face across from t[i]
		a, b, c := t[(i+1)%4], t[(i+2)%4], t[(i+3)%4]
		if h.side(a, b, c, t[i]) > 0 {
			b, c = c, b
		}
		h.faces = append(h.faces, facet{v: [3]int32{a, b, c}})
	}
	for i := range h.faces {
		f := &h.faces[i]
		for e := range f.v {
			for o := range h.faces {
				if o != i && h.faces[o].has(f.v[(e+1)%3], f.v[e]) {
					f.next[e] = int32(o)
				}
			}
		}
	}
	h.spread(points, 0)
	return true
}

// has reports whether a b is an edge of f.
func (f *facet) has(a, b int32) bool {
	for e := range f.v {
		if f.v[e] == a && f.v[(e+1)%3] == b {
			return true
		}
	}
	return false
}

// tetrahedron returns four points that are not in one plane.
func (h *hull) tetrahedron(points []int32) (t [4]int32, ok bool) {
	if len(points) < 4 {
		return t, false
	}
	// two ends of the longest extent, the point farthest from their line, the point farthest from that plane
	low, high := [3]int32{points[0], points[0], points[0]}, [3]int32{points[0], points[0], points[0]}
	for _, p := range points {
		for k := range low {
			if h.grid[p][k] < h.grid[low[k]][k] {
				low[k] = p
			}
			if h.grid[p][k] > h.grid[high[k]][k] {
				high[k] = p
			}
		}
	}
	axis := 0
	for k := range low {
		if h.grid[high[k]][k]-h.grid[low[k]][k] > h.grid[high[axis]][axis]-h.grid[low[axis]][axis] {
			axis = k
		}
	}
	t[0], t[1] = low[axis], high[axis]
	far := 0.0
	for _, p := range points {
		if d := h.area(t[0], t[1], p); d > far {
			far, t[2] = d, p
		}
	}
	if far == 0 {
		return t, false
	}
	far = 0
	for _, p := range points {
		if d := math.Abs(h.height(t[0], t[1], t[2], p)); d > far || !ok {
			if h.side(t[0], t[1], t[2], p) != 0 {
				far, t[3], ok = d, p, true
			}
		}
	}
	return t, ok
}

// spread puts each point into the list of the first face from the given one on that it is in front of.
func (h *hull) spread(points []int32, from int) {
	for _, p := range points {
		for i := from; i < len(h.faces); i++ {
			if f := &h.faces[i]; h.side(f.v[0], f.v[1], f.v[2], p) > 0 {
				f.out = append(f.out, p)
				break
			}
		}
	}
	for i := from; i < len(h.faces); i++ {
		if len(h.faces[i].out) > 0 {
			h.open = append(h.open, int32(i))
		}
	}
}

// grow takes in the points in front of faces, the farthest first.
func (h *hull) grow() {
	for len(h.open) > 0 {
		at := h.open[len(h.open)-1]
		h.open = h.open[:len(h.open)-1]
		f := &h.faces[at]
		if f.dead || len(f.out) == 0 {
			continue
		}
		eye, far := f.out[0], -1.0
		for _, p := range f.out {
			if d := h.height(f.v[0], f.v[1], f.v[2], p); d > far {
				eye, far = p, d
			}
		}
		h.look(eye, at)
		var homeless []int32
		for _, i := range h.seen {
			f := &h.faces[i]
			homeless = append(homeless, f.out...)
			f.out, f.dead = nil, true
		}
		from := len(h.faces)
		clear(h.after)
		for _, e := range h.rim {
			i := int32(len(h.faces))
			h.after[e.a] = i
			h.faces = append(h.faces, facet{v: [3]int32{e.a, e.b, eye}, next: [3]int32{e.face, 0, 0}})
			o := &h.faces[e.face]
			for k := range o.v {
				if o.v[k] == e.b && o.v[(k+1)%3] == e.a {
					o.next[k] = i
				}
			}
		}
		for i := from; i < len(h.faces); i++ { // neighbors around the eye
			n := h.after[h.faces[i].v[1]]
			h.faces[i].next[1] = n
			h.faces[n].next[2] = int32(i)
		}
		h.spread(homeless, from)
	}
}

// look finds the faces that eye is in front of, of which one is known, and the rim around them.
func (h *hull) look(eye, known int32) {
	h.seen, h.rim = append(h.seen[:0], known), h.rim[:0]
	h.faces[known].dead = true
	for k := 0; k < len(h.seen); k++ {
		f := h.faces[h.seen[k]]
		for e, n := range f.next {
			o := &h.faces[n]
			switch {
			case o.dead: // seen already
			case h.side(o.v[0], o.v[1], o.v[2], eye) > 0:
				o.dead = true
				h.seen = append(h.seen, n)
			default:
				h.rim = append(h.rim, edge{f.v[e], f.v[(e+1)%3], n})
			}
		}
	}
}

// used counts the points that living faces have.
func (h *hull) used() int {
	at := map[int32]bool{}
	for i := range h.faces {
		if f := &h.faces[i]; !f.dead {
			at[f.v[0]], at[f.v[1]], at[f.v[2]] = true, true, true
		}
	}
	return len(at)
}

// corners returns the points at which edges that are not flat meet, three or more, in ascending order.
func (h *hull) corners() []int32 {
	edges := map[int32]int{}
	for i := range h.faces {
		f := &h.faces[i]
		if f.dead {
			continue
		}
		for e := range f.v {
			o := &h.faces[f.next[e]]
			for k := range o.v {
				if o.v[k] == f.v[(e+1)%3] && h.side(f.v[0], f.v[1], f.v[2], o.v[(k+2)%3]) != 0 {
					edges[f.v[e]]++
				}
			}
		}
	}
	var out []int32
	for i := range h.grid {
		if edges[int32(i)] >= 3 {
			out = append(out, int32(i))
		}
	}
	return out
}
