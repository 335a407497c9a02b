package ground

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Most is how many triangles a surface may have.
const Most = 1 << 21

// thin is the height of a triangle, in lengths of its longest edge, below which it has no normal.
const thin = 1e-9

// Check returns an error that says why triangles are no surface: which of them, and what to do. Holes are no mistake;
// what falls through them falls.
func Check(vertices []r3.Vec, triangles [][3]int32) error {
	switch {
	case len(triangles) == 0:
		return fmt.Errorf("there are no triangles")
	case len(triangles) > Most:
		return fmt.Errorf("%d triangles, at most %d are possible: simplify it", len(triangles), Most)
	}
	for i, v := range vertices {
		if !spatial.Finite(v) {
			return fmt.Errorf("vertex %d is not finite", i)
		}
	}
	for i, t := range triangles {
		long := 0.0
		for k, v := range t {
			if v < 0 || int(v) >= len(vertices) {
				return fmt.Errorf("triangle %d has the vertex %d, there are %d", i, v, len(vertices))
			}
			if w := t[(k+1)%3]; w >= 0 && int(w) < len(vertices) {
				long = max(long, spatial.Norm(spatial.Sub(vertices[w], vertices[v])))
			}
		}
		if !(spatial.Norm(area(vertices, t)) > thin*long*long) {
			return fmt.Errorf("triangle %d has no area: its vertices %d, %d and %d lie on one line; remove it", i, t[0], t[1], t[2])
		}
	}
	if i, j := duplicate(triangles); i >= 0 {
		return fmt.Errorf("triangles %d and %d have the same vertices: a surface has one side, and a body of no thickness none; remove one of them", i, j)
	}
	return checkSides(triangles)
}

// duplicate returns two triangles of the same vertices, or −1.
func duplicate(triangles [][3]int32) (int, int) {
	type named struct {
		v [3]int32
		i int
	}
	l := make([]named, len(triangles))
	for i, t := range triangles {
		slices.Sort(t[:])
		l[i] = named{t, i}
	}
	slices.SortFunc(l, func(a, b named) int { return cmp.Or(slices.Compare(a.v[:], b.v[:]), cmp.Compare(a.i, b.i)) })
	for k := 1; k < len(l); k++ {
		if l[k].v == l[k-1].v {
			return l[k-1].i, l[k].i
		}
	}
	return -1, -1
}

// checkSides returns an error where an edge does not have at most two triangles, which see it in opposite directions.
func checkSides(triangles [][3]int32) error {
	l := sides(triangles)
	for i := 0; i < len(l); {
		j := i + 1
		for j < len(l) && l[j].low == l[i].low && l[j].high == l[i].high {
			j++
		}
		a := l[i]
		switch {
		case j-i > 2:
			return fmt.Errorf("the edge between vertices %d and %d belongs to %d triangles (%d, %d, %d …), a surface has at most two: split the mesh",
				a.low, a.high, j-i, a.face, l[i+1].face, l[i+2].face)
		case j-i == 2:
			b := l[i+1]
			if triangles[a.face][a.edge] == triangles[b.face][b.edge] {
				return fmt.Errorf("triangles %d and %d are wound against each other: one has its front where the other has its back; turn one around", a.face, b.face)
			}
		}
		i = j
	}
	return nil
}
