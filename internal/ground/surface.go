package ground

import (
	"cmp"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Surface is triangles with the solid behind them, in their own frame (m). It does not change.
type Surface struct {
	Vertices []r3.Vec
	Faces    []Face
	Edges    []Edge
	Deep     bool    // the solid goes down along z without end, and has walls under its rim: the ground under a height field
	Solid    bool    // all that is behind it is solid: it is deep or closed. Else it is a sheet
	Extent   float64 // of the ball about the origin around all of it (m)
	room     bool    // it is closed around what is not solid
	top      float64 // of its vertices
	sharp    []bool
	first    []int32 // first[v] … first[v+1] of spokes are the edges at vertex v
	spokes   []int32
	tree     tree
}

// Face is a triangle: its vertices counterclockwise seen from outside, and the edges from each to the next.
type Face struct {
	Vertex, Edge [3]int32
	Normal       r3.Vec
	middle       r3.Vec
	size, spread float64 // its corners' largest distance from its middle, and the slope, away from the normal, of where the planes meet that bound what is over it
}

// MayFace reports whether x may be over the face or behind it, between the planes through its edges; mostly it is not,
// which is known at once.
func (t *Face) MayFace(x r3.Vec) bool {
	w := spatial.Sub(x, t.middle)
	h := spatial.Dot(t.Normal, w)
	out := t.size + math.Abs(h)*t.spread
	return !(spatial.Dot(w, w)-h*h > out*out)
}

// MayPlumb reports whether x may be straight above or below the face.
func (t *Face) MayPlumb(x r3.Vec) bool {
	dx, dy := x.X-t.middle.X, x.Y-t.middle.Y
	return dx*dx+dy*dy <= t.size*t.size
}

// Edge is a line between two faces: the one on its left has it from From to To, the one on its right the other way. On
// the rim of the surface Right is −1.
type Edge struct {
	From, To, Left, Right int32
	Axis                  r3.Vec
	Half                  float64 // of its length (m)
	Bend                  Bend
	InLeft, InRight       r3.Vec // unit, in the faces left and right, across the edge and away from it; see beside
}

// Bend is how a surface folds at an edge.
type Bend int8

// The folds. What lies on flat ground feels no edges: that of two coplanar triangles is no feature, so that nothing trips over it.
const (
	Flat Bend = iota
	Ridge
	Valley
)

// level is the sine of the fold below which ground is flat: over a meter it deviates by less than a quarter of a micrometer.
const level = 1e-6

// New returns the surface of triangles that [Check] finds fit. A deep one has solid below all of it.
func New(vertices []r3.Vec, triangles [][3]int32, deep bool) *Surface {
	if deep {
		vertices, triangles = walls(vertices, triangles)
	}
	g := &Surface{Vertices: vertices, Deep: deep, Faces: make([]Face, len(triangles))}
	for i, t := range triangles {
		g.Faces[i].Vertex = t
		g.Faces[i].Normal, _ = spatial.Unit(area(vertices, t))
	}
	g.join(triangles)
	g.gather()
	g.sharp = make([]bool, len(vertices))
	var s scratch
	for v := range vertices {
		g.sharp[v] = g.isSharp(v, &s)
	}
	for i := range g.Faces {
		g.bound(int32(i))
	}
	g.tree.build(vertices, triangles, g.cones())
	g.top = math.Inf(-1)
	for _, v := range vertices {
		g.Extent, g.top = max(g.Extent, spatial.Norm(v)), max(g.top, v.Z)
	}
	g.Solid = g.isSolid()
	g.room = g.Solid && !deep && g.volume() < 0
	return g
}

func area(vertices []r3.Vec, t [3]int32) r3.Vec {
	a := vertices[t[0]]
	return spatial.Cross(spatial.Sub(vertices[t[1]], a), spatial.Sub(vertices[t[2]], a))
}

// side is an edge of a triangle, low before high.
type side struct {
	low, high  int32
	face, edge int32 // which of its edges
}

// sides returns the edges of all triangles, equal ones beside each other.
func sides(triangles [][3]int32) []side {
	l := make([]side, 0, 3*len(triangles))
	for i, t := range triangles {
		for k := range t {
			v, w := t[k], t[(k+1)%3]
			l = append(l, side{min(v, w), max(v, w), int32(i), int32(k)})
		}
	}
	slices.SortFunc(l, func(a, b side) int {
		return cmp.Or(cmp.Compare(a.low, b.low), cmp.Compare(a.high, b.high), cmp.Compare(a.face, b.face))
	})
	return l
}

// join makes edges of the sides of triangles.
func (g *Surface) join(triangles [][3]int32) {
	l := sides(triangles)
	for i := 0; i < len(l); i++ {
		s := l[i]
		n := int32(len(g.Edges))
		e := Edge{From: triangles[s.face][s.edge], To: triangles[s.face][(s.edge+1)%3], Left: s.face, Right: -1}
		g.Faces[s.face].Edge[s.edge] = n
		if i+1 < len(l) && l[i+1].low == s.low && l[i+1].high == s.high {
			i++
			e.Right = l[i].face
			g.Faces[e.Right].Edge[l[i].edge] = n
		}
		d := spatial.Sub(g.Vertices[e.To], g.Vertices[e.From])
		length := spatial.Norm(d)
		e.Axis, e.Half = spatial.Scale(1/length, d), length/2
		e.InLeft, e.InRight = g.beside(&e)
		e.Bend = g.bend(&e)
		g.Edges = append(g.Edges, e)
	}
}

func (g *Surface) bend(e *Edge) Bend {
	if e.Right < 0 {
		return Ridge
	}
	switch s := spatial.Dot(e.InRight, g.Faces[e.Left].Normal); {
	case s < -level:
		return Ridge
	case s > level:
		return Valley
	}
	if spatial.Dot(g.Faces[e.Left].Normal, g.Faces[e.Right].Normal) < 0 {
		return Ridge // a blade: the faces are back to back
	}
	return Flat
}

// beside returns the unit vectors in the faces left and right of an edge. At the rim of a sheet the back of the face is
// on the right: what leans over the rim touches it from below too. With a wall across the face instead, nothing there
// held a body back but what of it was behind the face, which pushed it up by as much.
func (g *Surface) beside(e *Edge) (left, right r3.Vec) {
	left = spatial.Cross(g.Faces[e.Left].Normal, e.Axis)
	if e.Right >= 0 {
		return left, spatial.Cross(e.Axis, g.Faces[e.Right].Normal)
	}
	return left, left
}

// Middle returns the point halfway along an edge.
func (g *Surface) Middle(e *Edge) r3.Vec {
	return spatial.Scale(0.5, spatial.Add(g.Vertices[e.From], g.Vertices[e.To]))
}

// gather lists the edges at every vertex.
func (g *Surface) gather() {
	g.first = make([]int32, len(g.Vertices)+1)
	for i := range g.Edges {
		g.first[g.Edges[i].From+1]++
		g.first[g.Edges[i].To+1]++
	}
	for v := range g.Vertices {
		g.first[v+1] += g.first[v]
	}
	g.spokes = make([]int32, 2*len(g.Edges))
	next := slices.Clone(g.first)
	for i := range g.Edges {
		for _, v := range [2]int32{g.Edges[i].From, g.Edges[i].To} {
			g.spokes[next[v]] = int32(i)
			next[v]++
		}
	}
}

// Spokes calls f with the unit vector along each edge away from vertex v.
func (g *Surface) Spokes(v int32, f func(r3.Vec)) {
	for _, i := range g.spokes[g.first[v]:g.first[v+1]] {
		e := &g.Edges[i]
		if e.From == v {
			f(e.Axis)
		} else {
			f(spatial.Scale(-1, e.Axis))
		}
	}
}

// Outside returns how far the unit vector n is outside the directions in which vertex v is the farthest of the surface
// around it: the largest product with an edge away from v, which is returned too. It is 0 or less inside.
func (g *Surface) Outside(v int32, n r3.Vec) (most float64, along r3.Vec) {
	most = math.Inf(-1)
	g.Spokes(v, func(e r3.Vec) {
		if s := spatial.Dot(n, e); s > most {
			most, along = s, e
		}
	})
	return most, along
}

// Folded reports whether no face around vertex v is coplanar with another one. Where one is, a fold comes to be between
// them as the vertex moves, a ridge to one side and a valley to the other; not between the walls under deep ground, whose
// vertices move up and down.
func (g *Surface) Folded(v int32) bool {
	for _, i := range g.spokes[g.first[v]:g.first[v+1]] {
		for _, face := range [2]int32{g.Edges[i].Left, g.Edges[i].Right} {
			if face < 0 {
				continue
			}
			for _, e := range g.Faces[face].Edge {
				if x := &g.Edges[e]; x.Bend == Flat && !(g.Deep && g.Faces[x.Left].Normal.Z == 0) {
					return false
				}
			}
		}
	}
	return true
}

// IsSharp reports whether vertex v sticks out: there are directions, and more than a fan of them, in which it is the
// farthest of the surface around it.
func (g *Surface) IsSharp(v int32) bool { return g.sharp[v] }

// scratch is memory of isSharp.
type scratch struct{ spokes []r3.Vec }

// isSharp looks for the middle of these directions: they are a cone, whose corners are common normals of two edges.
// That of a pit is on the other side.
func (g *Surface) isSharp(v int, s *scratch) bool {
	s.spokes = s.spokes[:0]
	g.Spokes(int32(v), func(e r3.Vec) { s.spokes = append(s.spokes, e) })
	var out, middle r3.Vec
	rim := false
	for _, i := range g.spokes[g.first[v]:g.first[v+1]] {
		e := &g.Edges[i]
		out = spatial.Add(out, g.Faces[e.Left].Normal)
		if e.Right >= 0 {
			out = spatial.Add(out, g.Faces[e.Right].Normal)
			continue
		}
		rim = true
		if n := spatial.Scale(-1, e.InLeft); farthest(s.spokes, n) <= 1e-12 {
			middle = spatial.Add(middle, n) // at a flat corner all common normals are those of the face and of its back
		}
	}
	for i, e := range s.spokes {
		for _, f := range s.spokes[:i] {
			n, ok := spatial.Unit(spatial.Cross(e, f))
			if !ok {
				continue
			}
			for range 2 {
				if farthest(s.spokes, n) <= 1e-12 {
					middle = spatial.Add(middle, n)
				}
				n = spatial.Scale(-1, n)
			}
		}
	}
	n, ok := spatial.Unit(middle)
	return ok && farthest(s.spokes, n) < -level && (rim || spatial.Dot(n, out) > 0)
}

func farthest(spokes []r3.Vec, n r3.Vec) float64 {
	most := math.Inf(-1)
	for _, e := range spokes {
		most = max(most, spatial.Dot(n, e))
	}
	return most
}

// Near appends the faces whose boxes overlap the box from low to high, in ascending order.
func (g *Surface) Near(dst []int32, low, high r3.Vec) []int32 {
	return g.search(dst, &search{within: span{low, high}, radius: math.Inf(1)})
}

// Facing appends the faces, in ascending order, to which what is in the box from low to high may be near: those whose
// boxes are within reach of it along every axis, but for such as neither they nor the folds and corners around them can
// face anything in the box. Deep ground reaches up without end.
func (g *Surface) Facing(dst []int32, low, high r3.Vec, reach float64) []int32 {
	far := r3.Vec{X: reach, Y: reach, Z: reach}
	half := spatial.Scale(0.5, spatial.Sub(high, low))
	s := search{of: span{low, high}, within: span{spatial.Sub(low, far), spatial.Add(high, far)}, middle: spatial.Add(low, half), radius: spatial.Norm(half), deep: g.Deep}
	if !g.Deep {
		return g.search(dst, &s)
	}
	s.within.high.Z = math.Inf(1)
	n := len(dst)
	dst = g.search(dst, &s)
	sunk := max(g.top-low.Z, 0)
	walls := func(i int32) bool { // behind which the box is farther than any of it can be below the ground
		t := &g.Faces[i]
		h := spatial.Dot(t.Normal, spatial.Sub(s.middle, t.middle))
		return t.Normal.Z <= 0 && h < -s.radius-sunk
	}
	return dst[:n+len(slices.DeleteFunc(dst[n:], walls))]
}

func (g *Surface) search(dst []int32, s *search) []int32 {
	n := len(dst)
	dst = g.tree.find(dst, s)
	slices.Sort(dst[n:])
	return dst
}
