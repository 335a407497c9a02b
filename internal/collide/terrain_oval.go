package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// An ellipsoid touches terrain as a ball does, by its normals instead of its center: a face where its nearest point is
// over it, a ridge or a sharp vertex where the normal is one of theirs.

// ovalOnTerrain adds these contacts. The middle of the ellipsoid is at x.
func (f *Finder) ovalOnTerrain(x r3.Vec) {
	g, found := f.ground, false
	for _, i := range f.near {
		part := Part{Cell: f.faceCode(i)}
		if !f.faces(i) || f.height(i, x) < 0 {
			continue
		}
		m := f.toOval(gap.OvalPlane, part, r3.Vec{})
		low := into(&f.pb, m.at)
		at := spatial.AddScaled(low, nudge*f.a.Shape.Extent(), g.Faces[i].Normal) // above the plane, not on it
		if m.gap < -shallow*f.a.Shape.Extent() && !f.isBelow(spatial.AddScaled(low, m.gap/2, g.Faces[i].Normal), -m.gap/2) {
			continue
		}
		if m.gap <= f.reach && f.over(i, at, 1, -1) {
			f.lay(gap.OvalPlane, Part{}, part, contactName{0, part.Cell}, 1, r3.Vec{})
			found = true
		}
	}
	if i, _ := f.below(x); g.Deep && !found && i >= 0 {
		f.lay(gap.OvalPlane, Part{}, Part{Cell: f.faceCode(i)}, contactName{0, f.faceCode(i)}, 1, r3.Vec{})
	}
	for _, i := range f.ridges {
		e, part := &g.Edges[i], Part{Cell: f.edgeCode(i)}
		m := f.toOval(gap.OvalLine, part, r3.Vec{})
		n := f.intoTerrain(m.n)
		if math.Abs(m.along) <= more*e.Half && spatial.Dot(n, e.InLeft) < tie && spatial.Dot(n, e.InRight) < tie {
			f.lay(gap.OvalLine, Part{}, part, contactName{0, part.Cell}, 1, r3.Vec{})
		}
	}
	for _, v := range f.peaks {
		part := Part{Cell: v}
		m := f.toOval(gap.OvalPoint, part, r3.Vec{})
		if s, _ := g.Outside(v, f.intoTerrain(m.n)); s <= tie {
			f.lay(gap.OvalPoint, Part{}, part, contactName{0, v}, 1, r3.Vec{})
		}
	}
}

// nudge is how far above a face its nearest point is asked for, in sizes of the ellipsoid.
const nudge = 1e-9

// intoTerrain turns a direction of the world into the frame of the terrain.
func (f *Finder) intoTerrain(n r3.Vec) r3.Vec { return spatial.QuatRotate(quat.Conj(f.pb.Rot), n) }
