package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Near is where two shapes are nearest, or deepest in each other. The gap is n·(a − b): as bodies move, its derivative is that of these
// points as points of the bodies, along a normal held fixed. Where several points are as near (faces or edges that lie parallel, shapes
// deep in each other) it is one of them, and a kink.
type Near struct {
	Gap    float64 // negative: by how much A must move along the normal to come out (m)
	Normal r3.Vec  // unit, from B to A
	A, B   r3.Vec  // points of their surfaces (world)
}

// Finder finds distances. It holds scratch memory.
type Finder struct {
	a, b  *Solid
	o     r3.Vec  // the origin of all points here
	size  float64 // of both
	depth polytope
	least float64 // no depth of cores up to this is asked for
	most  float64 // nor a distance of cores from this on
	ray   [2]Solid

	terrain terrain
	other   *Finder // of a projection
	dots    [2]Solid
}

// touching is the distance of cores, as a part of their size, below which the direction between their nearest points
// says too little: rounding turns it by 1e-16/touching.
const touching = 1e-9

// Between returns where a and b are nearest, of which at most one is terrain.
func (f *Finder) Between(a, b *Solid) Near {
	switch {
	case b.Shape.Kind == contact.KindTerrain:
		return f.toTerrain(a, b)
	case a.Shape.Kind == contact.KindTerrain:
		x := f.toTerrain(b, a)
		x.Normal, x.A, x.B = spatial.Scale(-1, x.Normal), x.B, x.A
		return x
	}
	f.most = math.Inf(1)
	return f.convex(a, b)
}

// convex is Between of convex shapes.
func (f *Finder) convex(a, b *Solid) Near {
	f.a, f.b, f.o = a, b, b.At.Pos
	f.size = a.Shape.Extent() + b.Shape.Extent()
	x, n, gap := f.nearest()
	switch {
	case gap > 0 && gap >= f.most:
		return Near{Gap: math.Inf(1)}
	case gap <= touching*f.size:
		x, n, gap = f.deepest(x)
	default:
		x, n, gap = f.polish(x, n, gap)
	}
	ra, rb := round(a.Shape), round(b.Shape)
	return Near{
		Gap: gap - ra - rb, Normal: n,
		A: spatial.AddScaled(spatial.Add(f.o, x.a), -ra, n),
		B: spatial.AddScaled(spatial.Add(f.o, x.b), rb, n),
	}
}

// ToPlane returns where a is nearest to a half-space, B.
func ToPlane(a *Solid, h *contact.HalfSpace) Near {
	p := a.lowest(h.Normal)
	gap := spatial.Dot(h.Normal, p) - h.Offset
	return Near{Gap: gap, Normal: h.Normal, A: p, B: spatial.AddScaled(p, -gap, h.Normal)}
}

// corner is a point of the difference A − B of both cores, v = a − b.
type corner struct{ v, a, b r3.Vec }

// reach returns the corner that reaches farthest along d.
func (f *Finder) reach(d r3.Vec) corner {
	a, b := f.a.farthest(d, f.o), f.b.farthest(spatial.Scale(-1, d), f.o)
	return corner{spatial.Sub(a, b), a, b}
}

// most bounds the search apart, mostDeep that inside: round shapes take some twenty steps, polytopes fewer than they
// have corners. Only what lies on the axis of a cylinder is as deep all around, and takes as many as there are.
const (
	most     = 200
	mostDeep = 120
)

// nearest returns the point of the difference nearest to the origin, the direction to it, and how far the difference is away along that, 0
// where the origin is inside.
func (f *Finder) nearest() (at corner, n r3.Vec, gap float64) {
	var s simplex
	start := spatial.Sub(f.a.At.Pos, f.b.At.Pos)
	if start == (r3.Vec{}) {
		start = r3.Vec{X: 1}
	}
	at = f.reach(spatial.Scale(-1, start))
	s.n, s.p[0] = 1, at
	for range most {
		l := spatial.Norm(at.v)
		if l <= touching*f.size {
			break
		}
		d := spatial.Scale(1/l, at.v)
		w := f.reach(spatial.Scale(-1, d))
		if g := spatial.Dot(d, w.v); g > gap { // no nearer than that
			n, gap = d, g
		}
		if gap > 0 && gap >= f.most || l-gap <= 1e-15*(l+f.size) {
			break
		}
		apart := gap > touching*f.size // that is proven: a flat tetrahedron that seems to hold the origin does not
		x, inside := s.with(w, apart)
		if !inside && !(spatial.Norm(x.v) < l) { // rounding: go on from here with fewer corners
			s.p[0], s.n = at, 1
			if x, inside = s.with(w, apart); !inside && !(spatial.Norm(x.v) < l) {
				break
			}
		}
		if inside {
			return at, n, 0
		}
		at = x
	}
	return at, n, gap
}

// deepest returns the point of the surface of the difference nearest to the origin, which is inside, or x where the difference is flat; the
// normal, from B to A; and minus the depth along it.
func (f *Finder) deepest(x corner) (at corner, n r3.Vec, gap float64) {
	if n, flat := f.depth.begin(f); flat {
		return x, n, 0
	}
	depth := math.Inf(1)
	for range mostDeep {
		k := f.depth.lowest()
		c := f.depth.faces[k]
		w := f.reach(c.n)
		if d := spatial.Dot(c.n, w.v); d < depth { // no deeper than that
			n, depth = c.n, d
		}
		if depth <= f.least || depth-c.offset <= 1e-14*f.size || !f.depth.grow(k, w, 1e-15*f.size) {
			break
		}
	}
	return f.depth.foot(spatial.Scale(depth, n)), spatial.Scale(-1, n), -depth
}

// side turns a normal of something flat from B to A.
func (f *Finder) side(n r3.Vec) r3.Vec {
	if spatial.Dot(n, spatial.Sub(f.a.At.Pos, f.b.At.Pos)) < 0 {
		return spatial.Scale(-1, n)
	}
	return n
}

var axes = [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}

// normalTo returns a unit vector normal to e.
func normalTo(e r3.Vec) r3.Vec {
	least := axes[0]
	for _, d := range axes[1:] {
		if math.Abs(spatial.Dot(d, e)) < math.Abs(spatial.Dot(least, e)) {
			least = d
		}
	}
	n, _ := spatial.Unit(spatial.Cross(e, least))
	return n
}
