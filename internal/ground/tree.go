package ground

import (
	"cmp"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// fan is how many boxes one of the level above holds.
const fan = 4

// span is a box along the axes.
type span struct{ low, high r3.Vec }

func (s *span) add(t *span) {
	s.low = r3.Vec{X: min(s.low.X, t.low.X), Y: min(s.low.Y, t.low.Y), Z: min(s.low.Z, t.low.Z)}
	s.high = r3.Vec{X: max(s.high.X, t.high.X), Y: max(s.high.Y, t.high.Y), Z: max(s.high.Z, t.high.Z)}
}

func (s *span) overlaps(t *span) bool {
	return s.above(t) && s.low.Z <= t.high.Z && t.low.Z <= s.high.Z
}

// above reports whether some of s is above or below some of t.
func (s *span) above(t *span) bool {
	return s.low.X <= t.high.X && t.low.X <= s.high.X && s.low.Y <= t.high.Y && t.low.Y <= s.high.Y
}

// node is a box and the directions in which its triangles face.
type node struct {
	span
	cone
}

func (n *node) add(m *node) {
	n.span.add(&m.span)
	n.cone = n.join(&m.cone)
}

// tree is the boxes of triangles in the order of a space-filling curve, and over them levels of boxes of four, up to
// one (Kamel and Faloutsos, "On packing R-trees", CIKM 1993; along Morton's curve).
type tree struct {
	face  []int32
	level [][]node // of triangles first
}

func (t *tree) build(vertices []r3.Vec, triangles [][3]int32, cones []cone) {
	boxes := make([]span, len(triangles))
	all := span{low: r3.Vec{X: math.Inf(1), Y: math.Inf(1), Z: math.Inf(1)}, high: r3.Vec{X: math.Inf(-1), Y: math.Inf(-1), Z: math.Inf(-1)}}
	for i, f := range triangles {
		boxes[i] = span{vertices[f[0]], vertices[f[0]]}
		for _, v := range f[1:] {
			boxes[i].add(&span{vertices[v], vertices[v]})
		}
		all.add(&boxes[i])
	}
	keys := make([]uint64, len(triangles))
	t.face = make([]int32, len(triangles))
	for i := range boxes {
		keys[i], t.face[i] = all.place(&boxes[i]), int32(i)
	}
	slices.SortFunc(t.face, func(a, b int32) int {
		return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b))
	})
	first := make([]node, len(boxes))
	for i, f := range t.face {
		first[i] = node{boxes[f], cones[f]}
	}
	t.level = append(t.level, first)
	for l := first; len(l) > 1; l = t.level[len(t.level)-1] {
		up := make([]node, 0, (len(l)+fan-1)/fan)
		for i := 0; i < len(l); i += fan {
			s := l[i]
			for k := i + 1; k < min(i+fan, len(l)); k++ {
				s.add(&l[k])
			}
			up = append(up, s)
		}
		t.level = append(t.level, up)
	}
}

// place returns where the middle of a box lies on Morton's curve through s: the bits of its coordinates in turn.
func (s *span) place(b *span) (key uint64) {
	const bits = 21
	for k, c := range [3][4]float64{
		{b.low.X, b.high.X, s.low.X, s.high.X}, {b.low.Y, b.high.Y, s.low.Y, s.high.Y}, {b.low.Z, b.high.Z, s.low.Z, s.high.Z},
	} {
		x := 0.0
		if w := c[3] - c[2]; w > 0 {
			x = (c[0]/2 + c[1]/2 - c[2]) / w
		}
		n := uint64(min(max(x, 0), 1) * (1<<bits - 1))
		for i := range bits {
			key |= n >> i & 1 << (3*i + k)
		}
	}
	return key
}

// search is what a surface is asked for: the box of what is looked at, its ball, and how far it reaches.
type search struct {
	of, within span // the box alone, and with its reach
	middle     r3.Vec
	radius     float64
	deep       bool
}

// wants reports whether something in n may face what is looked at. Under deep ground that is also what is straight below.
func (s *search) wants(n *node) bool {
	if !n.overlaps(&s.within) {
		return false
	}
	half := spatial.Scale(0.5, spatial.Sub(n.high, n.low))
	w := spatial.Sub(s.middle, spatial.Add(n.low, half))
	return n.leads(w, s.radius+spatial.Norm(half)) || s.deep && s.of.low.Z <= n.high.Z && s.of.above(&n.span)
}

// find appends the triangles that a search wants.
func (t *tree) find(dst []int32, s *search) []int32 {
	if len(t.face) == 0 {
		return dst
	}
	return t.visit(dst, len(t.level)-1, 0, s)
}

func (t *tree) visit(dst []int32, level, i int, s *search) []int32 {
	if !s.wants(&t.level[level][i]) {
		return dst
	}
	if level == 0 {
		return append(dst, t.face[i])
	}
	for k := i * fan; k < min((i+1)*fan, len(t.level[level-1])); k++ {
		dst = t.visit(dst, level-1, k, s)
	}
	return dst
}
