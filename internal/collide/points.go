package collide

import (
	"cmp"
	"errors"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/hull"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// coplanar is the angle (rad) within which triangles of a hull are one face.
const coplanar = 1e-4

// ofPoints makes the hull of points; their vertices keep the points' numbers as codes.
func (h *Hull) ofPoints(points []r3.Vec) error {
	if len(points) > mostPoints {
		return errTooMany
	}
	triangles, err := hull.Of(points)
	var loops [][]int32
	switch {
	case err == nil:
		h.solid = true
		loops = merged(points, triangles)
	case errors.Is(err, hull.ErrFlat):
		l := outline(points)
		if len(l) < 3 {
			h.ofFew(points)
			return nil
		}
		back := slices.Clone(l)
		slices.Reverse(back)
		loops = [][]int32{l, back}
	default:
		return err
	}
	at := make([]int32, len(points)) // one more than the vertex
	h.index = at
	for _, l := range loops {
		for k, i := range l {
			if at[i] == 0 {
				h.vertices = append(h.vertices, corner{points[i], uint16(i)})
				at[i] = int32(len(h.vertices))
			}
			l[k] = at[i] - 1
		}
		h.faces = append(h.faces, facet{loop: l})
	}
	for i := range at {
		at[i]--
	}
	h.join()
	h.number(len(points))
	return nil
}

// ofFew makes the hull of points on one line: two vertices and the edge between them, or one vertex.
func (h *Hull) ofFew(points []r3.Vec) {
	far := func(from r3.Vec) (best int) {
		for i := range points {
			if spatial.Norm(spatial.Sub(points[i], from)) > spatial.Norm(spatial.Sub(points[best], from)) {
				best = i
			}
		}
		return best
	}
	i := far(points[0])
	j := far(points[i])
	h.index = make([]int32, len(points))
	h.vertices = []corner{{points[i], uint16(i)}}
	if points[i] != points[j] {
		h.vertices = append(h.vertices, corner{points[j], uint16(j)})
		h.index[j] = 1
		h.edges = []ridge{{from: 0, to: 1, left: -1, right: -1}}
		h.number(len(points))
	}
}

// merged returns the loops around the triangles of a hull that lie in one plane, the largest triangle's plane first.
func merged(points []r3.Vec, triangles [][3]int32) (loops [][]int32) {
	normals, order, across := make([]r3.Vec, len(triangles)), make([]int, len(triangles)), map[[2]int32]int{}
	area := make([]float64, len(triangles))
	for i, t := range triangles {
		n := spatial.Cross(spatial.Sub(points[t[1]], points[t[0]]), spatial.Sub(points[t[2]], points[t[0]]))
		area[i] = spatial.Norm(n)
		normals[i], _ = spatial.Unit(n)
		order[i] = i
		for k := range t {
			across[[2]int32{t[k], t[(k+1)%3]}] = i
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(area[j], area[i]) })
	of := make([]int, len(triangles)) // one more than the loop
	for _, seed := range order {
		if of[seed] != 0 {
			continue
		}
		next, mark := map[int32]int32{}, len(loops)+1
		patch := []int{seed}
		of[seed] = mark
		for n := 0; n < len(patch); n++ {
			t := triangles[patch[n]]
			for k := range t {
				o := across[[2]int32{t[(k+1)%3], t[k]}]
				if of[o] == 0 && spatial.Norm(spatial.Sub(normals[o], normals[seed])) < coplanar {
					of[o] = mark
					patch = append(patch, o)
				}
			}
		}
		for _, i := range patch {
			t := triangles[i]
			for k := range t {
				if of[across[[2]int32{t[(k+1)%3], t[k]}]] != mark {
					next[t[k]] = t[(k+1)%3]
				}
			}
		}
		t := triangles[seed]
		first := int32(-1)
		for k := range t { // a corner of the seed lies on the rim, unless it is in the middle of its plane
			if _, ok := next[t[k]]; ok && first < 0 {
				first = t[k]
			}
		}
		if first < 0 {
			for v := range next {
				if first < 0 || v < first {
					first = v
				}
			}
		}
		loop := []int32{first}
		for v := next[first]; v != first && len(loop) <= len(next); v = next[v] {
			loop = append(loop, v)
		}
		loops = append(loops, loop)
	}
	return loops
}

// outline returns the corners of points in one plane, counterclockwise about a normal of it (Andrew, "Another efficient algorithm for
// convex hulls in two dimensions", 1979); fewer than three where they are on one line.
func outline(points []r3.Vec) []int32 {
	far := func(from r3.Vec, of func(r3.Vec) r3.Vec) (best r3.Vec) {
		for _, p := range points {
			if d := of(spatial.Sub(p, from)); spatial.Norm(d) > spatial.Norm(best) {
				best = d
			}
		}
		return best
	}
	long := far(points[0], func(d r3.Vec) r3.Vec { return d })
	normal := far(points[0], func(d r3.Vec) r3.Vec { return spatial.Cross(long, d) })
	t1, ok1 := spatial.Unit(long)
	n, ok2 := spatial.Unit(normal)
	if !ok1 || !ok2 || spatial.Norm(normal) < 1e-9*spatial.Dot(long, long) {
		return nil
	}
	t2 := spatial.Cross(n, t1)
	order := make([]int32, len(points))
	xy := make([][2]float64, len(points))
	for i, p := range points {
		d := spatial.Sub(p, points[0])
		order[i], xy[i] = int32(i), [2]float64{spatial.Dot(t1, d), spatial.Dot(t2, d)}
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(xy[i][0], xy[j][0]), cmp.Compare(xy[i][1], xy[j][1]))
	})
	least := 1e-12 * spatial.Dot(long, long)
	half := func(from []int32) (l []int32) {
		for _, i := range from {
			for len(l) >= 2 {
				o, a, b := xy[l[len(l)-2]], xy[l[len(l)-1]], xy[i]
				if (a[0]-o[0])*(b[1]-o[1])-(a[1]-o[1])*(b[0]-o[0]) > least {
					break
				}
				l = l[:len(l)-1]
			}
			l = append(l, i)
		}
		return l[:len(l)-1]
	}
	lower := half(order)
	slices.Reverse(order)
	return append(lower, half(order)...)
}
