package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// A shape and terrain, which is not convex. Apart they are as far as the nearest triangle is. Where the shape is in it,
// the depth is the greatest of
//
//	how far the shape has to move to come off a triangle, of all triangles one by one
//	how far a corner of the shape is below the surface, if there is a solid behind it: ground under a height field, closed meshes
//
// No shorter motion takes the shape out. All of these change by no more than the points of the shape move, so that
// their extremes do. The depth behind the plane of a triangle, which the shape crosses beside it, is none: it was 0.3 m
// at rims. Nor is the shortest motion out of everything, which leaps where a slot is as wide as what is in it. A sheet
// has no inside: what is behind it is apart from it.

// terrain is memory of a search in it.
type terrain struct {
	ground   *ground.Surface
	near     []int32
	triangle contact.Shape
	corners  [3]r3.Vec
	face     Solid // the triangle
	best     Near
}

// toTerrain is Between of a convex shape and terrain.
func (f *Finder) toTerrain(a, b *Solid) Near {
	t := &f.terrain
	t.ground = b.Shape.Terrain.Ground()
	t.best = Near{Gap: math.Inf(1)}
	in := Solid{Shape: a.Shape, At: b.At.Inv().Mul(a.At)}
	if t.ground.Solid {
		f.sunk(&in) // first, as that is cheap, and spares most triangles
	}
	f.acrossFaces(&in)
	x := t.best
	return Near{Gap: x.Gap, Normal: spatial.QuatRotate(b.At.Rot, x.Normal), A: b.At.Apply(x.A), B: b.At.Apply(x.B)}
}

// acrossFaces takes the least of the gaps between a and every triangle if it is less than best.
func (f *Finder) acrossFaces(a *Solid) {
	t := &f.terrain
	t.triangle = contact.Shape{Kind: contact.KindPoints, Vertices: t.corners[:]}
	t.face = Solid{Shape: &t.triangle, At: spatial.IdentityPose}
	low, high := a.lowest(axes[2]), r3.Vec{}
	_, first, bound := t.ground.Nearest(low)
	bound += 1e-12 * (bound + spatial.Norm(low)) // rounded, it may be less than what is as near
	for k, e := range axes {
		l, h := spatial.Dot(e, a.lowest(e)), spatial.Dot(e, a.lowest(spatial.Scale(-1, e)))
		low, high = withCoordinate(low, k, l-bound), withCoordinate(high, k, h+bound)
	}
	t.near = t.ground.Near(t.near[:0], low, high)
	f.acrossFace(a, first)
	least := math.Inf(1)
	for _, i := range t.near {
		if g := f.planeGap(a, i); g < least {
			first, least = i, g
		}
	}
	f.acrossFace(a, first)
	for _, i := range t.near {
		f.acrossFace(a, i)
	}
}

func withCoordinate(v r3.Vec, k int, x float64) r3.Vec {
	switch k {
	case 0:
		v.X = x
	case 1:
		v.Y = x
	default:
		v.Z = x
	}
	return v
}

// planeGap returns how far a is from the plane of a triangle, on either side; negative: the shorter of its ways to one.
// The triangle is no nearer, and no deeper.
func (f *Finder) planeGap(a *Solid, face int32) float64 {
	g := f.terrain.ground
	c := &g.Faces[face]
	p, n := g.Vertices[c.Vertex[0]], c.Normal
	return max(spatial.Dot(n, spatial.Sub(a.lowest(n), p)), spatial.Dot(n, spatial.Sub(p, a.lowest(spatial.Scale(-1, n)))))
}

// gapAlong returns how far a is from a triangle along a direction, at most as far as it is.
func (f *Finder) gapAlong(a *Solid, n r3.Vec, c *ground.Face) float64 {
	high := math.Inf(-1)
	for _, v := range c.Vertex {
		high = max(high, spatial.Dot(n, f.terrain.ground.Vertices[v]))
	}
	return spatial.Dot(n, a.lowest(n)) - high
}

// acrossFace is acrossFaces of one triangle.
func (f *Finder) acrossFace(a *Solid, face int32) {
	t := &f.terrain
	c := &t.ground.Faces[face]
	enough := t.best.Gap - 1e-15*a.Shape.Extent() // what is as near to rounding is not looked for: of flat ground that is every triangle
	if f.planeGap(a, face) >= enough || f.gapAlong(a, t.best.Normal, c) >= enough {
		return
	}
	p, n := t.ground.Vertices[c.Vertex[0]], c.Normal
	for k, v := range c.Vertex {
		t.corners[k] = spatial.Sub(t.ground.Vertices[v], p)
	}
	t.face.At.Pos = p // about which GJK counts
	f.least, f.most = -t.best.Gap-round(a.Shape), enough+round(a.Shape)
	x := f.convex(a, &t.face)
	f.least = 0
	low := a.lowest(n)
	if above := spatial.Dot(n, spatial.Sub(low, p)); x.Gap < min(above, 0) { // the search is coarse inside what is round
		x = Near{Gap: above, Normal: n, A: low, B: spatial.AddScaled(low, -above, n)}
	}
	if x.Gap < t.best.Gap {
		t.best = x
	}
}

// rayTerrain is Ray of terrain, in its frame: through a front, before any other (Möller and Trumbore, "Fast, minimum
// storage ray-triangle intersection", 1997).
func rayTerrain(s *contact.Shape, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	g := s.Terrain.Ground() // with the walls under its rim
	at = math.Inf(1)
	for i := range g.Faces {
		t := &g.Faces[i].Vertex
		o := g.Vertices[t[0]]
		u, v := spatial.Sub(g.Vertices[t[1]], o), spatial.Sub(g.Vertices[t[2]], o)
		normal := spatial.Cross(u, v)
		det := -spatial.Dot(d, normal)
		if det <= 0 {
			continue
		}
		w := spatial.Sub(p, o)
		x := spatial.Cross(w, d)
		a, b, c := spatial.Dot(w, normal)/det, spatial.Dot(v, x)/det, -spatial.Dot(u, x)/det
		if a >= 0 && a < at && b >= 0 && c >= 0 && b+c <= 1 {
			at, ok = a, true
			n = g.Faces[i].Normal
		}
	}
	if !ok {
		at = 0
	}
	return at, n, ok
}
