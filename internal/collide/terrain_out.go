package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What is deep in terrain leaves along the shortest way. Features cross wherever a shape that is flush with a wall reaches into it by a hair: the edges of a can whose end is on the wall are as deep below the top of
// the wall as the can is high, and pushed it up by that. A contact whose shape comes off sideways by less than it is deep is none; what it comes off there has a contact of its own.

// shallow is how deep, in depths of the shape, a contact is without a look at other ways out: what rests is never deeper.
const shallow = 0.01

// isDeep reports whether a contact of this gap has to be the shortest way out.
func (f *Finder) isDeep(gap float64) bool { return gap < -shallow*f.ha.depth() }

// isShortest reports whether x, a point of terrain that is deep in the shape along n (out of the terrain), comes out of no other face of it before: left and right are those of
// its own edge, which meet there.
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

// flushPart is how much shorter that way has to be. Where edges cross deep near a corner of the shape, and it leaves by as much over both, the one that was left out may be the one
// that nothing stands for: boxes on rough ground sank by a centimeter where 1 was tried.
const flushPart = 0.05

// sideways is the cosine between normals of faces over which the shape comes off sideways. Over those on its far side it would go on through the surface, and thin hulls did.
const sideways = 0.3

// isBelow reports whether a point of the shape is about as deep as a contact of it says.
func (f *Finder) isBelow(x r3.Vec, deep float64) bool {
	g := f.ground
	if g.Solid && !g.Inside(x) {
		return false
	}
	_, _, away := g.Nearest(x)
	return away >= deep/2
}

// endsThere reports whether a ridge, at a point of it where a contact is so deep, ends so close that the shape leaves over its end: a little inside of the ridge something else of the surface is nearer than its
// two faces.
func (f *Finder) endsThere(e *ground.Edge, at r3.Vec, deep float64) bool {
	in, ok := spatial.Unit(spatial.Add(e.InLeft, e.InRight))
	if !ok {
		return false // it is flat
	}
	x := spatial.AddScaled(at, 2*flushPart*deep, in)
	away := -f.height(e.Left, x)
	if e.Right >= 0 {
		away = min(away, -f.height(e.Right, x))
	}
	return !f.isBelow(x, away)
}
