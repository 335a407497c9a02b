package pieces

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// triangle is three corners, counterclockwise from outside.
type triangle [3]r3.Vec

// across returns the normal of t, as long as twice its area.
func (t *triangle) across() r3.Vec {
	return spatial.Cross(spatial.Sub(t[1], t[0]), spatial.Sub(t[2], t[0]))
}

func compareVec(a, b r3.Vec) int {
	return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y), cmp.Compare(a.Z, b.Z))
}

// clean returns the triangles that have an area, each once, in an order of their own: that of the mesh means nothing.
func clean(vertices []r3.Vec, triangles [][3]int32) ([]triangle, error) {
	out := make([]triangle, 0, len(triangles))
	for i, f := range triangles {
		var t triangle
		for k, v := range f {
			if v < 0 || int(v) >= len(vertices) {
				return nil, fmt.Errorf("triangle %d has vertex %d of %d", i, v, len(vertices))
			}
			p := vertices[v]
			if !spatial.Finite(p) {
				return nil, fmt.Errorf("vertex %d is not finite", v)
			}
			t[k] = r3.Vec{X: p.X + 0, Y: p.Y + 0, Z: p.Z + 0} // −0 becomes 0
		}
		for k := 0; k < 2 && (compareVec(t[1], t[0]) < 0 || compareVec(t[2], t[0]) < 0); k++ {
			t = triangle{t[1], t[2], t[0]}
		}
		if n := t.across(); n != (r3.Vec{}) && spatial.Finite(n) {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no triangle has an area")
	}
	slices.SortFunc(out, func(a, b triangle) int {
		return cmp.Or(compareVec(a[0], b[0]), compareVec(a[1], b[1]), compareVec(a[2], b[2]))
	})
	return slices.Compact(out), nil
}

// extent returns the corners of the box along the axes that holds all triangles.
func extent(all []triangle) (low, high r3.Vec) {
	low, high = all[0][0], all[0][0]
	for i := range all {
		for _, p := range all[i] {
			low = r3.Vec{X: min(low.X, p.X), Y: min(low.Y, p.Y), Z: min(low.Z, p.Z)}
			high = r3.Vec{X: max(high.X, p.X), Y: max(high.Y, p.Y), Z: max(high.Z, p.Z)}
		}
	}
	return low, high
}

// weld numbers the corners of triangles: those within about 1e-6 of the size of the mesh are one.
func weld(all []triangle, size float64) (of [][3]int32, count int) {
	type cell [3]int64
	seen := make(map[cell]int32, len(all))
	of = make([][3]int32, len(all))
	low, _ := extent(all)
	for i := range all {
		for k, p := range all[i] {
			d := spatial.Scale(1e6/size, spatial.Sub(p, low))
			c := cell{int64(math.Round(d.X)), int64(math.Round(d.Y)), int64(math.Round(d.Z))}
			n, ok := seen[c]
			if !ok {
				n = int32(len(seen))
				seen[c] = n
			}
			of[i][k] = n
		}
	}
	return of, len(seen)
}

// Closed reports whether every edge of a triangle is met by one of another in the opposite direction, and there are some.
func Closed(of [][3]int32) bool {
	edges := make(map[[2]int32]int, 3*len(of)/2)
	for _, f := range of {
		for k := range f {
			if a, b := f[k], f[(k+1)%3]; a < b {
				edges[[2]int32{a, b}]++
			} else if b < a {
				edges[[2]int32{b, a}]--
			}
		}
	}
	for _, n := range edges {
		if n != 0 {
			return false
		}
	}
	return len(of) > 0
}

// components divides triangles into those that hang together by corners. More than most are taken for one.
func components(all []triangle, of [][3]int32, count, most int) [][]triangle {
	root := make([]int32, count)
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, f := range of {
		a, b, c := find(f[0]), find(f[1]), find(f[2])
		low := min(a, b, c)
		root[a], root[b], root[c] = low, low, low
	}
	at := map[int32]int{}
	var out [][]triangle
	for i, f := range of {
		r := find(f[0])
		k, ok := at[r]
		if !ok {
			k = len(out)
			at[r] = k
			if out = append(out, nil); len(out) > most {
				return [][]triangle{all}
			}
		}
		out[k] = append(out[k], all[i])
	}
	return out
}

// crease is an edge at which the surface turns in, with the planes to cut along there.
type crease struct {
	a, b   r3.Vec
	sharp  float64 // sine of how far it turns in
	planes [3]plane
}

// creases returns the edges of dents.
func creases(all []triangle, of [][3]int32) (out []crease) {
	type half struct{ face, corner int32 }
	first := make(map[[2]int32]half, 3*len(all)/2)
	for i, f := range of {
		for k := range f {
			a, b := f[k], f[(k+1)%3]
			if _, ok := first[[2]int32{a, b}]; !ok {
				first[[2]int32{a, b}] = half{int32(i), int32(k)}
			}
		}
	}
	for i, f := range of {
		for k := range f {
			o, ok := first[[2]int32{f[(k+1)%3], f[k]}]
			if !ok || f[k] > f[(k+1)%3] {
				continue
			}
			n, okN := spatial.Unit(all[i].across())
			m, okM := spatial.Unit(all[o.face].across())
			a, b := all[i][k], all[i][(k+1)%3]
			e, okE := spatial.Unit(spatial.Sub(b, a))
			if !okN || !okM || !okE {
				continue
			}
			const dent = 0.05 // rad, of the shallowest
			sharp := spatial.Dot(spatial.Cross(m, n), e)
			if sharp < dent {
				continue
			}
			c := crease{a: a, b: b, sharp: sharp, planes: [3]plane{through(n, a), through(m, a), {}}}
			if u, ok := spatial.Unit(spatial.Sub(n, m)); ok {
				c.planes[2] = through(u, a)
			}
			out = append(out, c)
		}
	}
	return out
}
