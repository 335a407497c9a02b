package ground

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// endless is how far the walls under the rim of deep ground go down, in diagonals of the box around it: what is beside
// them never sees their end.
const endless = 10

// walls returns the surface of deep ground with the walls of the solid under its rim, straight down, two triangles
// below each edge. Without them what comes from the side would be nowhere at the surface, and at once deep below it.
func walls(vertices []r3.Vec, triangles [][3]int32) ([]r3.Vec, [][3]int32) {
	low, high := spatial.Bounds(vertices)
	bottom := low.Z - endless*spatial.Norm(spatial.Sub(high, low))
	vertices, triangles = append([]r3.Vec(nil), vertices...), append([][3]int32(nil), triangles...)
	foot := map[int32]int32{}
	below := func(v int32) int32 {
		w, ok := foot[v]
		if !ok {
			w = int32(len(vertices))
			vertices = append(vertices, r3.Vec{X: vertices[v].X, Y: vertices[v].Y, Z: bottom})
			foot[v] = w
		}
		return w
	}
	l := sides(triangles)
	for i := 0; i < len(l); i++ {
		if i+1 < len(l) && l[i+1].low == l[i].low && l[i+1].high == l[i].high {
			i++
			continue
		}
		from, to := triangles[l[i].face][l[i].edge], triangles[l[i].face][(l[i].edge+1)%3]
		a, b := below(from), below(to)
		triangles = append(triangles, [3]int32{to, from, a}, [3]int32{to, a, b})
	}
	return vertices, triangles
}

// isSolid reports whether the surface parts what is in the solid from what is not: closed, or deep ground.
func (g *Surface) isSolid() bool {
	for i := range g.Edges {
		if g.Edges[i].Right < 0 {
			return g.Deep
		}
	}
	return true
}

// volume is that behind a closed surface, negative where it is the wall of a room.
func (g *Surface) volume() (v float64) {
	for i := range g.Faces {
		t := &g.Faces[i].Vertex
		v += spatial.Dot(g.Vertices[t[0]], spatial.Cross(g.Vertices[t[1]], g.Vertices[t[2]])) / 6
	}
	return v
}

// Inside reports whether p is in the solid behind a surface that is [Surface.Solid]: how often more a line straight up
// leaves it than enters it. In a room, whose walls face inwards, all that is not the room is solid. Bodies of one mesh
// that overlap are one solid.
func (g *Surface) Inside(p r3.Vec) bool {
	n := g.leaves(len(g.tree.level)-1, 0, p)
	return n > 0 || g.room && n == 0
}

// leaves counts the faces below the box i of a level that the line straight up from p goes through from behind, less those from before.
func (g *Surface) leaves(level, i int, p r3.Vec) (n int) {
	s := &g.tree.level[level][i]
	if p.X < s.low.X || p.X > s.high.X || p.Y < s.low.Y || p.Y > s.high.Y || p.Z > s.high.Z {
		return 0
	}
	if level == 0 {
		f := &g.Faces[g.tree.face[i]]
		if n = g.around(f, p); n != 0 && float64(n)*spatial.Dot(f.Normal, spatial.Sub(p, g.Vertices[f.Vertex[0]])) >= 0 {
			n = 0 // it is below p
		}
		return n
	}
	for k := i * fan; k < min((i+1)*fan, len(g.tree.level[level-1])); k++ {
		n += g.leaves(level-1, k, p)
	}
	return n
}

// around returns how often a face winds about the vertical line through p: 1 of one that looks up, −1 of one that looks
// down, else 0. What is on an edge belongs to one of the faces beside it, as both compute the same number for it
// (Sunday's rule of half-open edges: "Inclusion of a point in a polygon", 2001).
func (g *Surface) around(f *Face, p r3.Vec) (n int) {
	for k, v := range f.Vertex {
		a, b, up := g.Vertices[v], g.Vertices[f.Vertex[(k+1)%3]], 1
		if a.Y > b.Y {
			a, b, up = b, a, -1
		}
		if a.Y <= p.Y && p.Y < b.Y && (b.X-a.X)*(p.Y-a.Y)-(p.X-a.X)*(b.Y-a.Y) > 0 {
			n += up
		}
	}
	return n
}

// Nearest returns the point of the surface nearest to p, a face that it is on, and how far it is.
func (g *Surface) Nearest(p r3.Vec) (at r3.Vec, face int32, away float64) {
	x := nearest{p: p, square: math.Inf(1)}
	g.approach(&x, len(g.tree.level)-1, 0)
	return x.at, x.face, math.Sqrt(x.square)
}

// nearest is the nearest point so far.
type nearest struct {
	p, at  r3.Vec
	face   int32
	square float64 // of the distance
}

// approach looks for nearer points in the box i of a level, in the nearest of the boxes in it first.
func (g *Surface) approach(x *nearest, level, i int) {
	if level == 0 {
		t := g.tree.face[i]
		at := g.foot(t, x.p)
		if d := spatial.Sub(x.p, at); spatial.Dot(d, d) < x.square {
			x.at, x.face, x.square = at, t, spatial.Dot(d, d)
		}
		return
	}
	var order [fan]int
	var far [fan]float64
	n := 0
	for k := i * fan; k < min((i+1)*fan, len(g.tree.level[level-1])); k++ {
		d := g.tree.level[level-1][k].square(x.p)
		j := n
		for ; j > 0 && far[j-1] > d; j-- {
			order[j], far[j] = order[j-1], far[j-1]
		}
		order[j], far[j] = k, d
		n++
	}
	for j := range n {
		if far[j] < x.square {
			g.approach(x, level-1, order[j])
		}
	}
}

// square returns the square of the distance of p from a box.
func (s *span) square(p r3.Vec) float64 {
	d := r3.Vec{X: max(s.low.X-p.X, p.X-s.high.X, 0), Y: max(s.low.Y-p.Y, p.Y-s.high.Y, 0), Z: max(s.low.Z-p.Z, p.Z-s.high.Z, 0)}
	return spatial.Dot(d, d)
}

// foot returns the point of a face nearest to p.
func (g *Surface) foot(face int32, p r3.Vec) (at r3.Vec) {
	f, beyond, least := &g.Faces[face], false, math.Inf(1)
	for k, v := range f.Vertex {
		a := g.Vertices[v]
		e, d := spatial.Sub(g.Vertices[f.Vertex[(k+1)%3]], a), spatial.Sub(p, a)
		if spatial.Dot(spatial.Cross(f.Normal, e), d) >= 0 {
			continue
		}
		beyond = true
		x := spatial.AddScaled(a, min(max(spatial.Dot(d, e)/spatial.Dot(e, e), 0), 1), e)
		if w := spatial.Sub(p, x); spatial.Dot(w, w) < least {
			at, least = x, spatial.Dot(w, w)
		}
	}
	if !beyond {
		at = spatial.AddScaled(p, -spatial.Dot(f.Normal, spatial.Sub(p, g.Vertices[f.Vertex[0]])), f.Normal)
	}
	return at
}
