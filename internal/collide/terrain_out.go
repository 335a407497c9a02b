package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What is deep in terrain leaves along the shortest way. Features cross wherever a shape that is flush with a wall
// reaches into it by a hair: the edges of a can whose end is on the wall are as deep below the top of the wall as the
// can is high, and pushed it up by that. A contact whose shape comes off sideways by less than it is deep is none; what
// it comes off there has a contact of its own.

// shallow is how deep, in depths of the shape, a contact is without a look at other ways out: what rests is never deeper.
const shallow = 0.01

// isDeep reports whether a contact of this gap has to be the shortest way out.
func (f *Finder) isDeep(gap float64) bool { return gap < -shallow*f.ha.depth() }

// isBehind reports whether a contact of this gap has to be of something that is in the terrain. Beside the rim of a
// sheet there is nothing that could be, so less of it is asked there.
func (f *Finder) isBehind(gap float64) bool {
	if f.ground.Solid {
		return f.isDeep(gap)
	}
	return gap < -1e-6*f.ha.depth()
}

// isShortest reports whether x, a point of terrain that is deep in the shape along n (out of the terrain), comes out of
// no other face of it before: left and right are those of its own edge, which meet there.
func (x *solid) isShortest(at, n r3.Vec, deep float64, left, right int32) bool {
	for i, m := range x.normal {
		if int32(i) == left || int32(i) == right || math.Abs(spatial.Dot(m, n)) > sideways {
			continue
		}
		if x.offset[i]-spatial.Dot(m, at) < flushPart*deep {
			return false
		}
	}
	return true
}

// flushPart is how much shorter that way has to be. Where edges cross deep near a corner of the shape, and it leaves by
// as much over both, the one that was left out may be the one that nothing stands for: boxes on rough ground sank by a
// centimeter where 1 was tried.
const flushPart = 0.05

// sideways is the cosine between normals of faces over which the shape comes off sideways. Over those on its far side
// it would go on through the surface, and thin hulls did.
const sideways = 0.3

// isBelow reports whether a point of the shape is about as deep as a contact of it says. It is behind a sheet only if
// the line to it from the middle of the shape goes through the sheet.
func (f *Finder) isBelow(x r3.Vec, deep float64) bool {
	if !f.ground.Solid && !f.ground.Pierces(f.eye, x) {
		return false
	}
	return f.isUnder(x, deep)
}

// isUnder is isBelow of what is no point of the shape.
func (f *Finder) isUnder(x r3.Vec, deep float64) bool {
	g := f.ground
	if g.Solid && !g.Inside(x) {
		return false
	}
	_, _, away := g.Nearest(x)
	return away >= deep/2
}

// crossesDeep reports whether edge j of the shape is as deep below a ridge as their common normal says: with the ridge
// going through the shape, or something of the edge below the ridge. What is flush with a wall, or leans over a rim
// from beside it, crosses the ridge in its plane alone.
func (f *Finder) crossesDeep(e *ground.Edge, j int, deep float64) bool {
	if in := f.ha.cut(f.ground.Middle(e), e.Axis, e.Half); f.ground.Solid && in >= 0 || in >= flushPart*deep {
		return true
	}
	x, in := f.lowestUnder(e, j)
	if in < flushPart*deep || f.ground.Solid {
		return in >= flushPart*deep
	}
	_, _, away := f.ground.Nearest(x) // the planes of the faces go on behind the sheet
	return away >= flushPart*deep && f.ground.Pierces(f.eye, x)
}

// cut returns how deep in the shape the middle is of what it has of a line, which reaches so far to both sides of a
// point: half as deep as the deepest of it at least. It is negative if the line passes by.
func (x *solid) cut(at, axis r3.Vec, half float64) float64 {
	low, high := -half, half
	for i, m := range x.normal {
		out, slope := spatial.Dot(m, at)-x.offset[i], spatial.Dot(m, axis)
		switch s := -out / slope; {
		case slope > 0:
			high = min(high, s)
		case slope < 0:
			low = max(low, s)
		case out > 0:
			return -out
		}
	}
	if low > high {
		return high - low
	}
	in, middle := math.Inf(1), spatial.AddScaled(at, (low+high)/2, axis)
	for i, m := range x.normal {
		in = min(in, x.offset[i]-spatial.Dot(m, middle))
	}
	return max(in, 0) // but for rounding
}

// lowestUnder returns the point of edge j of the shape that is the farthest behind both faces of a ridge, a rim and the
// wall under it, and how far. Along the edge both depths are linear: the lesser is the greatest at an end, or where
// they are equal.
func (f *Finder) lowestUnder(e *ground.Edge, j int) (x r3.Vec, in float64) {
	a, from := &f.ha, f.ground.Vertices[e.From]
	left, right := spatial.Cross(e.InLeft, e.Axis), spatial.Cross(e.Axis, e.InRight) // into the solid
	if e.Right < 0 {
		right = e.InLeft
	}
	depths := func(s float64) (x r3.Vec, l, r float64) {
		x = spatial.AddScaled(a.center(j), s, a.axis[j])
		d := spatial.Sub(x, from)
		return x, spatial.Dot(left, d), spatial.Dot(right, d)
	}
	in = math.Inf(-1)
	half := a.edges[j].half
	_, l, r := depths(0)
	slope := spatial.Dot(spatial.Sub(left, right), a.axis[j])
	for _, s := range [3]float64{-half, half, min(max((r-l)/slope, -half), half)} {
		if y, l, r := depths(s); min(l, r) > in {
			x, in = y, min(l, r)
		}
	}
	return x, in
}

// endsThere reports whether a ridge, at a point of it where a contact is so deep, ends so close that the shape leaves
// over its end: a little inside of the ridge something else of the surface is nearer than its two faces. The rim of a
// sheet has no inside: it ends where nothing of the surface goes on beyond its end.
func (f *Finder) endsThere(e *ground.Edge, at r3.Vec, deep float64) bool {
	if e.Right < 0 {
		v, along := e.To, e.Axis
		if spatial.Dot(spatial.Sub(at, f.ground.Middle(e)), along) < 0 {
			v, along = e.From, spatial.Scale(-1, along)
		}
		if spatial.Dot(along, spatial.Sub(f.ground.Vertices[v], at)) > flushPart*deep {
			return false
		}
		on, _ := f.ground.Outside(v, along)
		return on <= sideways
	}
	in, ok := spatial.Unit(spatial.Add(e.InLeft, e.InRight))
	if !ok {
		return false // it is flat
	}
	x := spatial.AddScaled(at, 2*flushPart*deep, in)
	return !f.isUnder(x, min(-f.height(e.Left, x), -f.height(e.Right, x)))
}
