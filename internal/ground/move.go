package ground

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// How faces and edges change as a vertex moves, per meter that it moves along d.

// NormalBy returns how the normal of a face changes: with s twice its area along the normal n,
//
//	dn = (1 − nnᵀ) ds/‖s‖,   ds = d × (p − q)
//
// for the corners p and q after the vertex.
func (g *Surface) NormalBy(face, vertex int32, d r3.Vec) (dn r3.Vec) {
	t := &g.Faces[face]
	for k, v := range t.Vertex {
		if v == vertex {
			p, q := g.Vertices[t.Vertex[(k+1)%3]], g.Vertices[t.Vertex[(k+2)%3]]
			ds := spatial.Scale(1/spatial.Norm(area(g.Vertices, t.Vertex)), spatial.Cross(d, spatial.Sub(p, q)))
			dn = spatial.AddScaled(ds, -spatial.Dot(t.Normal, ds), t.Normal)
		}
	}
	return dn
}

// EdgeChange is how an edge changes: its middle, its axis, and what is in the faces beside it.
type EdgeChange struct{ Middle, Axis, InLeft, InRight r3.Vec }

// EdgeBy returns how an edge changes.
func (g *Surface) EdgeBy(e *Edge, vertex int32, d r3.Vec) (c EdgeChange) {
	if vertex == e.From || vertex == e.To {
		c.Middle = spatial.Scale(0.5, d)
		c.Axis = spatial.Scale(1/(2*e.Half), spatial.AddScaled(d, -spatial.Dot(e.Axis, d), e.Axis))
		if vertex == e.From {
			c.Axis = spatial.Scale(-1, c.Axis)
		}
	}
	c.InLeft = spatial.Add(spatial.Cross(g.NormalBy(e.Left, vertex, d), e.Axis), spatial.Cross(g.Faces[e.Left].Normal, c.Axis))
	if c.InRight = c.InLeft; e.Right >= 0 {
		c.InRight = spatial.Add(spatial.Cross(c.Axis, g.Faces[e.Right].Normal), spatial.Cross(e.Axis, g.NormalBy(e.Right, vertex, d)))
	}
	return c
}

// SpokeBy returns how the unit vector along the edge away from vertex v that [Surface.Outside] returned changes.
func (g *Surface) SpokeBy(v int32, along r3.Vec, vertex int32, d r3.Vec) r3.Vec {
	for _, i := range g.spokes[g.first[v]:g.first[v+1]] {
		switch e := &g.Edges[i]; {
		case e.From == v && e.Axis == along:
			return g.EdgeBy(e, vertex, d).Axis
		case e.To == v && spatial.Scale(-1, e.Axis) == along:
			return spatial.Scale(-1, g.EdgeBy(e, vertex, d).Axis)
		}
	}
	return r3.Vec{}
}
