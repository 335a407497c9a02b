package ground

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Pierces reports whether the segment from one point to another goes through a front of the surface. A sheet has no
// inside: what is behind its triangles has come through them only if such a segment, from where it was, says so; else
// it came around the rim. What passes at an edge goes through it.
func (g *Surface) Pierces(from, to r3.Vec) bool {
	s := segment{from: from, d: spatial.Sub(to, from)}
	s.box = span{from, from}
	s.box.add(&span{to, to})
	return g.pierces(&s, len(g.tree.level)-1, 0)
}

// segment is what Pierces looks along.
type segment struct {
	from, d r3.Vec
	box     span
}

// pierces is Pierces of the faces in box i of a level.
func (g *Surface) pierces(s *segment, level, i int) bool {
	if !g.tree.level[level][i].overlaps(&s.box) {
		return false
	}
	if level == 0 {
		return s.goesThrough(g, &g.Faces[g.tree.face[i]])
	}
	for k := i * fan; k < min((i+1)*fan, len(g.tree.level[level-1])); k++ {
		if g.pierces(s, level-1, k) {
			return true
		}
	}
	return false
}

// rounded is by how much of its size a triangle is larger for what goes through it, so that nothing slips through between two.
const rounded = 1e-9

func (s *segment) goesThrough(g *Surface, t *Face) bool {
	above := spatial.Dot(t.Normal, spatial.Sub(s.from, g.Vertices[t.Vertex[0]]))
	down := -spatial.Dot(t.Normal, s.d)
	if above < 0 || above > down || down == 0 {
		return false
	}
	x := spatial.AddScaled(s.from, above/down, s.d)
	for k, v := range t.Vertex {
		p := g.Vertices[v]
		e := spatial.Sub(g.Vertices[t.Vertex[(k+1)%3]], p)
		if spatial.Dot(spatial.Cross(t.Normal, e), spatial.Sub(x, p)) < -rounded*math.Sqrt(spatial.Dot(e, e))*t.size {
			return false
		}
	}
	return true
}
