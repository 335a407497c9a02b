package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Distance is where two colliders are nearest, or how deep they are in each other. Cylinders are round here, as they
// are against half-spaces; steps let them touch each other as prisms of 32 sides. Where several points are as near
// (parallel faces, edges, axes; the middle of what is deep inside) these are some of them. In terrain the gap is a
// bound of the way out, which follows the motion of the shape without a leap: the longest that one triangle, or the
// corner that is deepest below the surface of a solid, asks for.
type Distance struct {
	Pair
	BodyA, BodyB   int     // that carry the colliders, −1 for the world
	Gap            float64 // m; negative: how far A must move along the normal to come out
	Normal         r3.Vec  // unit, from B to A, world axes
	PointA, PointB r3.Vec  // the nearest points of both surfaces, world coordinates (m): PointA = PointB + Gap·Normal
}

// Distance returns how far any two colliders, or a collider and a half-space, are apart, whether or not they may touch each other.
func (q *Query) Distance(p Pair) (Distance, error) {
	d := q.m.dyn
	k, plane := p.HalfSpace()
	if p.A < 0 || p.A >= len(d.Colliders) || p.B >= len(d.Colliders) || plane && k >= len(d.Planes) {
		return Distance{}, fmt.Errorf("sim: distance of colliders %d and %d: model %q has %d, and half-spaces −1 … −%d as the second", p.A, p.B, q.m.name, len(d.Colliders), len(d.Planes))
	}
	if p.A == p.B {
		return Distance{}, fmt.Errorf("sim: distance of collider %q of model %q from itself", q.m.colliders[p.A], q.m.name)
	}
	if !plane && d.Colliders[p.A].Shape.Kind == contact.KindTerrain && d.Colliders[p.B].Shape.Kind == contact.KindTerrain {
		return Distance{}, fmt.Errorf("sim: distance of colliders %q and %q of model %q: both are terrain", q.m.colliders[p.A], q.m.colliders[p.B], q.m.name)
	}
	x := Distance{Pair: p, BodyA: d.Colliders[p.A].Body, BodyB: int(World)}
	var near distance.Near
	if plane {
		near = distance.ToPlane(&q.solids[p.A], &d.Planes[k])
	} else {
		near, x.BodyB = q.finder.Between(&q.solids[p.A], &q.solids[p.B]), d.Colliders[p.B].Body
	}
	x.Gap, x.Normal, x.PointA, x.PointB = near.Gap, near.Normal, near.A, near.B
	return x, nil
}

// Nearest returns the pair that is nearest, or deepest in each other: of those given, or of all that may touch each other
// ([Model.Pairs]) when pairs is nil. It is an error to ask for it where there are none.
func (q *Query) Nearest(pairs []Pair) (Distance, error) {
	if pairs == nil {
		pairs = q.pairs
	}
	least := Distance{Gap: math.Inf(1)}
	for _, p := range pairs {
		if q.farther(p, least.Gap) {
			continue
		}
		x, err := q.Distance(p)
		if err != nil {
			return x, err
		}
		if x.Gap < least.Gap {
			least = x
		}
	}
	if math.IsInf(least.Gap, 1) {
		return least, fmt.Errorf("sim: nearest pair: model %q has no colliders that may touch each other", q.m.name)
	}
	return least, nil
}

// farther reports whether the balls around two colliders are farther apart than gap.
func (q *Query) farther(p Pair, gap float64) bool {
	n := len(q.solids)
	if p.A < 0 || p.A >= n || p.B < 0 || p.B >= n {
		return false
	}
	return q.solids[p.A].Beyond(&q.solids[p.B], gap)
}

// Gradient stores the derivative of the gap of x, which this configuration has, by the tangent of the configuration
// (length NV; m/m, of rotations m/rad): n·(∂PointA − ∂PointB) of the nearest points as points of their bodies. Where
// these are not the only ones it is the derivative by some of them: a kink. Joints that mimic another have columns of
// their own.
func (q *Query) Gradient(dst []float64, x *Distance) {
	clear(dst)
	q.pull(dst, x.BodyA, x.PointA, x.Normal)
	q.pull(dst, x.BodyB, x.PointB, spatial.Scale(-1, x.Normal))
}

// pull adds the derivative of n·p, p a point of the body, by the tangent of the configuration.
func (q *Query) pull(dst []float64, body int, p, n r3.Vec) {
	for i := body; i >= 0; i = q.m.dyn.Bodies[i].Parent {
		b := &q.m.dyn.Bodies[i]
		for j := b.V; j < b.V+b.NV(); j++ {
			t := q.m.dyn.Screw(i, j, q.axes, q.poses, p)
			dst[j] += spatial.Dot(n, t.Lin)
		}
	}
}

// Hit is where a ray meets a collider or half-space.
type Hit struct {
	Collider int     // index in [Model.Colliders], or −1−k for half-space k
	Body     int     // that carries it, −1 for the world
	Distance float64 // along the ray (m); +Inf where it meets nothing
	Point    r3.Vec  // world (m)
	Normal   r3.Vec  // unit, out of the solid, world axes
}

// Ray returns the first collider or half-space that the ray from a point (world, m) in a direction of any length but zero enters. What the
// point is inside of it does not enter: a sensor does not see the link that it is in.
func (q *Query) Ray(from, direction r3.Vec) (Hit, error) {
	d, ok := spatial.Unit(direction)
	if !ok || !spatial.Finite(d) || !spatial.Finite(from) {
		return Hit{}, fmt.Errorf("sim: a ray from (%g, %g, %g) along (%g, %g, %g)", from.X, from.Y, from.Z, direction.X, direction.Y, direction.Z)
	}
	hit := Hit{Distance: math.Inf(1), Body: int(World)}
	for i := range q.solids {
		s := &q.solids[i]
		to, r := spatial.Sub(s.At.Pos, from), s.Shape.Extent()
		along := spatial.Dot(to, d)
		if along+r < 0 || along-r > hit.Distance || spatial.Dot(to, to)-along*along > r*r*(1+1e-12) {
			continue
		}
		if at, n, ok := q.finder.Ray(s, from, d); ok && at < hit.Distance {
			hit = Hit{Collider: i, Body: q.m.dyn.Colliders[i].Body, Distance: at, Normal: n}
		}
	}
	for k := range q.m.dyn.Planes {
		if at, n, ok := distance.RayPlane(&q.m.dyn.Planes[k], from, d); ok && at < hit.Distance {
			hit = Hit{Collider: -1 - k, Body: int(World), Distance: at, Normal: n}
		}
	}
	if !math.IsInf(hit.Distance, 1) {
		hit.Point = spatial.AddScaled(from, hit.Distance, d)
	}
	return hit, nil
}
