package ground

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What is far from a surface faces few of its triangles: a point is over a face only between the planes through its
// edges, and beside a fold or a corner only between the normals around it. So boxes of the tree know the cone that
// holds all these directions, to both sides of the surface, and a search leaves out those boxes from which no direction
// in the cone leads to what is looked at. Without that, soft contact, which is felt from afar, looks at thousands of
// faces.

// cone is the directions within an angle of an axis, and their opposites.
type cone struct {
	axis      r3.Vec
	cos, sine float64 // of the angle; a cosine of 0 is all directions
}

// all is the cone of every direction.
var all = cone{}

// fading is how far, in radians, contacts reach beyond the normals of a fold or corner before they are gone; corners
// that are sharp make more of it.
const fading = 0.1

// around returns the cone around an axis that holds the directions which add goes through, or all.
func around(axis r3.Vec, each func(add func(r3.Vec))) cone {
	least := 1.0
	each(func(d r3.Vec) { least = min(least, spatial.Dot(axis, d)) })
	angle := math.Acos(max(least, -1)) + fading
	if angle >= math.Pi/2 {
		return all
	}
	return cone{axis, math.Cos(angle), math.Sin(angle)}
}

// join returns a cone that holds both.
func (c *cone) join(d *cone) cone {
	if c.cos == 0 || d.cos == 0 {
		return all
	}
	axis, ok := spatial.Unit(spatial.Add(c.axis, d.axis))
	if !ok {
		return all
	}
	angle := 0.0
	for _, x := range [2]*cone{c, d} {
		angle = max(angle, math.Acos(min(spatial.Dot(axis, x.axis), 1))+math.Atan2(x.sine, x.cos))
	}
	if angle >= math.Pi/2 {
		return all
	}
	return cone{axis, math.Cos(angle), math.Sin(angle)}
}

// leads reports whether a direction of c may lead between two balls, w apart and of radii that add up to r: between the
// middles it differs by the arcsine of r/‖w‖ at most.
func (c *cone) leads(w r3.Vec, r float64) bool {
	far := spatial.Dot(w, w)
	if c.cos == 0 || far <= r*r {
		return true
	}
	l := math.Sqrt(far)
	return math.Abs(spatial.Dot(c.axis, w)) >= c.cos*math.Sqrt(far-r*r)-c.sine*r-1e-9*l
}

// cones returns that of each face.
func (g *Surface) cones() []cone {
	l := make([]cone, len(g.Faces))
	for i := range g.Faces {
		l[i] = around(g.Faces[i].Normal, func(add func(r3.Vec)) {
			for k := range 3 {
				g.rays(int32(i), k, add)
				g.normals(g.Faces[i].Vertex[k], add)
			}
		})
	}
	return l
}

// bound finds what [Face.MayFace] needs.
func (g *Surface) bound(face int32) {
	const more = 1 + 1e-9 // of rounding
	t := &g.Faces[face]
	for _, v := range t.Vertex {
		t.middle = spatial.AddScaled(t.middle, 1./3, g.Vertices[v])
	}
	for k, v := range t.Vertex {
		t.size = max(t.size, more*spatial.Norm(spatial.Sub(g.Vertices[v], t.middle)))
		g.rays(face, k, func(d r3.Vec) {
			if c := spatial.Dot(d, t.Normal); c > 0 {
				t.spread = max(t.spread, more*math.Sqrt(max(1-c*c, 0))/c)
			} else {
				t.spread = math.Inf(1)
			}
		})
	}
}

// rays goes through the directions away from corner k of a face along which the planes meet that bound what is over it:
// any two of those that stand on it and those halfway to its neighbors. What is over a face is where such rays from its
// corners, mixed, lead.
func (g *Surface) rays(face int32, k int, add func(r3.Vec)) {
	t := &g.Faces[face]
	for _, p := range g.planes(t.Edge[(k+2)%3], face) {
		for _, q := range g.planes(t.Edge[k], face) {
			d := spatial.Cross(p, q)
			if spatial.Dot(d, t.Normal) < 0 {
				d = spatial.Scale(-1, d)
			}
			if u, ok := spatial.Unit(d); ok {
				add(u)
			} else {
				add(spatial.Scale(-1, t.Normal)) // there is no bound
			}
		}
	}
}

// planes returns the normals of the plane that stands on a face along an edge, and of that halfway to the other side.
func (g *Surface) planes(edge, face int32) [2]r3.Vec {
	e := &g.Edges[edge]
	in, out := e.InLeft, e.InRight
	if face != e.Left {
		in, out = out, in
	}
	if e.Right < 0 {
		return [2]r3.Vec{in, in}
	}
	return [2]r3.Vec{in, spatial.Sub(in, out)}
}

// normals goes through those of the faces around a vertex, and of the walls at the rim.
func (g *Surface) normals(v int32, add func(r3.Vec)) {
	for _, i := range g.spokes[g.first[v]:g.first[v+1]] {
		e := &g.Edges[i]
		add(spatial.Cross(e.Axis, e.InLeft))
		add(spatial.Cross(e.InRight, e.Axis))
	}
}
