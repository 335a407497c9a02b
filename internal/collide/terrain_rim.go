package collide

import (
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// The rims of a cylinder on terrain touch a face with their lowest point, if that is over it. Where it lies flat, and on ridges and sharp vertices, its prism touches.

func (f *Finder) rimsOnTerrain() {
	s := f.a.Shape
	axis := spatial.QuatRotate(f.pg.Rot, unit(2))
	for k := range 2 {
		up := spatial.Scale(float64(1-2*k), axis)
		center := spatial.AddScaled(f.pg.Pos, s.HalfLength, up)
		for _, i := range f.near {
			f.rimOnFace(i, uint16(k), up, center)
		}
	}
	f.turn = r3.Vec{}
}

// rimOnFace adds the contact of the lowest point of a rim with a face that it is over.
func (f *Finder) rimOnFace(face int32, k uint16, up, center r3.Vec) {
	n := f.ground.Faces[face].Normal
	down := spatial.AddScaled(spatial.Scale(-1, n), spatial.Dot(n, up), up)
	l := spatial.Norm(down)
	if l < 1e-9 {
		return // flat: the vertices say it
	}
	x := spatial.AddScaled(center, f.a.Shape.Radius/l, down)
	if h := f.height(face, x); !(h <= f.reach && h > -f.ha.depth() && f.faces(face) && f.over(face, x, 0, -1)) || f.isDeep(h) && !f.isBelow(x, -h) {
		return
	}
	weight := flatter(f.moving.parallel(aim{d: up}, aim{d: n}, tilted)).times(f.lying(face).scaled(held).rest())
	f.turn = weight.by
	code := f.faceCode(face)
	f.lay(gap.RimPlane, Part{Code: circleUp + k}, Part{Cell: code}, contactName{circleUp + k, code}, weight.of, r3.Vec{})
}

// lowestOfEnd returns the point of the end of a cylinder, about x, that is the farthest behind a face; x where it lies flat on it.
func (f *Finder) lowestOfEnd(face int32, x r3.Vec) r3.Vec {
	down, ok := spatial.Unit(spatial.Scale(-1, spatial.Across(f.ground.Faces[face].Normal, spatial.QuatRotate(f.pg.Rot, unit(2)))))
	if !ok {
		return x
	}
	return spatial.AddScaled(x, f.a.Shape.Radius, down)
}

// flatter leaves something of the weight of a rim where it lies flat.
func flatter(x share) share { return x.scaled(1 - flatRim).plus(share{of: flatRim}) }
