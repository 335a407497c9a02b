package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Terrain is asked triangle by triangle, all of them: what is far by its ball is not looked at closely.

// toTerrain is Between of a convex shape and terrain: the nearest triangle, or of those that the shape is in, the one whose plane it is the least deep behind.
func (f *Finder) toTerrain(a, b *Solid) Near {
	vertices, triangles := b.Shape.Terrain.Surface()
	f.corners = append(f.corners[:0], r3.Vec{}, r3.Vec{}, r3.Vec{})
	f.triangle = contact.Shape{Kind: contact.KindPoints, Vertices: f.corners}
	one := Solid{Shape: &f.triangle, At: spatial.IdentityPose}
	best, deep := Near{Gap: math.Inf(1)}, Near{Gap: math.Inf(-1)}
	center, radius := a.At.Pos, a.Shape.Extent()
	for _, t := range triangles {
		for k, v := range t {
			f.corners[k] = b.At.Apply(vertices[v])
		}
		p, q, r := f.corners[0], f.corners[1], f.corners[2]
		size := max(spatial.Norm(spatial.Sub(q, p)), spatial.Norm(spatial.Sub(r, p)))
		if spatial.Norm(spatial.Sub(center, p))-size-radius > best.Gap {
			continue
		}
		one.At.Pos = p // about which GJK counts
		for k := range f.corners {
			f.corners[k] = spatial.Sub([3]r3.Vec{p, q, r}[k], p)
		}
		x := f.convex(a, &one)
		if x.Gap > 0 {
			if x.Gap < best.Gap {
				best = x
			}
			continue
		}
		n, _ := spatial.Unit(spatial.Cross(spatial.Sub(q, p), spatial.Sub(r, p)))
		low := a.lowest(n)
		if gap := spatial.Dot(n, spatial.Sub(low, p)); gap <= 0 && gap > deep.Gap {
			deep = Near{Gap: gap, Normal: n, A: low, B: spatial.AddScaled(low, -gap, n)}
		}
	}
	if !math.IsInf(deep.Gap, -1) {
		return deep
	}
	return best
}

// rayTerrain is Ray of terrain, in its frame: through a front, before any other (Möller and Trumbore, "Fast, minimum storage ray-triangle intersection", 1997).
func rayTerrain(s *contact.Shape, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	vertices, triangles := s.Terrain.Surface()
	at = math.Inf(1)
	for _, t := range triangles {
		o := vertices[t[0]]
		u, v := spatial.Sub(vertices[t[1]], o), spatial.Sub(vertices[t[2]], o)
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
			n, _ = spatial.Unit(normal)
		}
	}
	if !ok {
		at = 0
	}
	return at, n, ok
}
