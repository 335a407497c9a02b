package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Vertices of terrain as parameters: heights of a field and corners of a mesh. What a contact knows of the terrain, the normals
// of faces and the axes of edges, changes with them as the ground package says; here it is what shares of κ make of that,
// and how far points move along edges. Gradients are by the position of the vertex in the frame of the terrain.

// ofTerrain reports whether it is a vertex of terrain by which weights are differentiated.
func (m *moving) ofTerrain() bool { return m != nil && m.ground != nil }

// edge returns the gradient of what f says of the change of an edge.
func (m *moving) edge(e *ground.Edge, f func(c *ground.EdgeChange) float64) (g r3.Vec) {
	for k, x := range [3]*float64{&g.X, &g.Y, &g.Z} {
		c := m.ground.EdgeBy(e, m.at, unit(k))
		*x = f(&c)
	}
	return g
}

// axis returns the gradient of w·e, with e the axis of an edge.
func (m *moving) axis(e *ground.Edge, w r3.Vec) r3.Vec {
	return m.edge(e, func(c *ground.EdgeChange) float64 { return spatial.Dot(w, c.Axis) })
}

// place returns the gradient of w·x, with x the point of an edge that is so far from its middle.
func (m *moving) place(e *ground.Edge, along float64, w r3.Vec) r3.Vec {
	return m.edge(e, func(c *ground.EdgeChange) float64 {
		return spatial.Dot(w, spatial.AddScaled(c.Middle, along, c.Axis))
	})
}

// normal returns the gradient of w·n, with n the normal of a face.
func (m *moving) normal(face int32, w r3.Vec) (g r3.Vec) {
	for k, x := range [3]*float64{&g.X, &g.Y, &g.Z} {
		*x = spatial.Dot(w, m.ground.NormalBy(face, m.at, unit(k)))
	}
	return g
}

// spoke returns the gradient of w·e, with e the unit vector along an edge away from vertex v of terrain.
func (m *moving) spoke(v int32, e, w r3.Vec) (g r3.Vec) {
	for k, x := range [3]*float64{&g.X, &g.Y, &g.Z} {
		*x = spatial.Dot(w, m.ground.SpokeBy(v, e, m.at, unit(k)))
	}
	return g
}

// slidesByVertex returns how the points at which an edge of the shape and a ridge cross on a face move along the edge
// and along the ridge, negative: see alongRidge. With r from the middle of the ridge to the point of the edge, and u from
// the point of the ridge to the middle of the edge,
//
//	ds = (db·q − dm·(e_b×r) − de_b·(r×m))/(e_a·q),   dt = (−(db + t de_b)·p + dm·(e_a×u))/(e_b·p)
func (f *Finder) slidesByVertex(e *ground.Edge, on int32, ea, w r3.Vec, s, t float64) (onEdge, onRidge r3.Vec) {
	m, eb := f.ground.Faces[on].Normal, e.Axis
	q, p := spatial.Cross(m, eb), spatial.Cross(m, ea)
	r, u := spatial.AddScaled(w, s, ea), spatial.AddScaled(w, -t, eb)
	onEdge = spatial.Sub(spatial.Sub(f.moving.place(e, 0, q), f.moving.normal(on, spatial.Cross(eb, r))), f.moving.axis(e, spatial.Cross(r, m)))
	onRidge = spatial.Sub(f.moving.normal(on, spatial.Cross(ea, u)), f.moving.place(e, t, p))
	return spatial.Scale(-1/spatial.Dot(ea, q), onEdge), spatial.Scale(-1/spatial.Dot(eb, p), onRidge)
}

// rimByVertex returns how the point b of a rim that is nearest to a ridge, by w, moves along the rim, negative: see
// slideToLine.
func (f *Finder) rimByVertex(b *crossed, e *ground.Edge, w r3.Vec) r3.Vec {
	k, s2, q := b.gearing(e.Axis, w)
	along := spatial.Dot(spatial.Sub(spatial.Add(b.at, w), f.ground.Middle(e)), e.Axis)
	ds := spatial.AddScaled(f.moving.place(e, along, dualOf(b.axis, e.Axis)), -k/s2, f.moving.axis(e, w))
	return spatial.Scale(-q, ds)
}

// ofRidge returns how far the axis of a capsule or cylinder is from the line of a ridge.
func (f *Finder) ofRidge(axis r3.Vec, e *ground.Edge) share {
	s := f.moving.parallel(aim{d: axis}, aim{d: e.Axis}, crossing)
	if f.moving.ofTerrain() {
		s.by = spatial.Scale(-1, f.moving.axis(e, sineBy(axis, e.Axis, crossing)))
	}
	return s
}

// ofNormal returns how far the axis of a cylinder is from the normal of a face.
func (f *Finder) ofNormal(axis r3.Vec, face int32) share {
	n := f.ground.Faces[face].Normal
	s := f.moving.parallel(aim{d: axis}, aim{d: n}, leaned)
	if f.moving.ofTerrain() {
		s.by = spatial.Scale(-1, f.moving.normal(face, sineBy(axis, n, leaned)))
	}
	return s
}

// sineBy is the derivative of moving.parallel by the direction b.
func sineBy(a, b r3.Vec, bounds [2]float64) r3.Vec {
	c := spatial.Cross(a, b)
	sine := spatial.Norm(c)
	if k := smoothSlope(sine, bounds[0], bounds[1]); k > 0 {
		return spatial.Scale(k/sine, spatial.Cross(c, a))
	}
	return r3.Vec{}
}

// offFace returns how far the axis of a cylinder is from lying along a face.
func (f *Finder) offFace(axis r3.Vec, face int32) share {
	n := f.ground.Faces[face].Normal
	s := f.moving.levelWith(aim{d: axis}, aim{d: n}, flat)
	if f.moving.ofTerrain() {
		c := spatial.Dot(axis, n)
		s.by = spatial.Scale(-smoothSlope(math.Abs(c), flat[0], flat[1])*math.Copysign(1, c), f.moving.normal(face, axis))
	}
	return s
}

// terrainShift is Shift of terrain.
func (p Part) terrainShift(s *contact.Shape, g *ground.Surface, i int) (d gap.Change) {
	moved, k, _ := s.VertexOf(i)
	c, v, way := int(p.Cell), len(g.Vertices), unit(k)
	switch {
	case c >= v+len(g.Edges):
		face := int32(c - v - len(g.Edges))
		if g.Faces[face].Vertex[0] == int32(moved) {
			d.Center = way
		}
		d.Axis = g.NormalBy(face, int32(moved), way)
	case c >= v:
		e := g.EdgeBy(&g.Edges[c-v], int32(moved), way)
		if d.Center = e.Middle; p.Point {
			d.Center = spatial.AddScaled(d.Center, p.Along, e.Axis)
		} else {
			d.Axis = e.Axis
		}
	case c == moved:
		d.Center = way
	}
	return d
}
