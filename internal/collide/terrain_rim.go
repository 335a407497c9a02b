package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// The rims of a cylinder on terrain touch a face with their lowest point, if that is over it, and ridges and sharp vertices as the disks that ellipsoids touch.
// The vertices of its prism, which are inset, say where it lies flat.

func (f *Finder) rimsOnTerrain() {
	s := f.a.Shape
	axis := spatial.QuatRotate(f.pg.Rot, unit(2))
	for k := range 2 {
		up := spatial.Scale(float64(1-2*k), axis)
		center := spatial.AddScaled(f.pg.Pos, s.HalfLength, up)
		for _, i := range f.near {
			f.rimOnFace(i, uint16(k), up, center)
		}
		f.egg.part = Part{Code: rimUp + uint16(k)}
		for _, i := range f.ridges {
			f.rimOnRidge(i, up)
		}
		for _, v := range f.peaks {
			m := f.toOval(gap.OvalPoint, Part{Cell: v}, r3.Vec{})
			n := f.intoTerrain(m.n)
			if out, _ := f.ground.Outside(v, n); out <= 0 {
				f.layRim(Part{Cell: v}, &m, up, n, share{of: 1})
			}
		}
		f.egg.part = Part{}
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
	if h := f.height(face, x); !(h <= f.reach && h > -f.ha.depth() && f.faces(face) && f.over(face, x, 0, -1)) {
		return
	}
	var lying share
	lying.of, lying.by = f.lying(face)
	weight := flatter(leaningOn(up, n)).times(lying.scaled(held).rest())
	f.turn = weight.by
	code := f.faceCode(face)
	f.lay(gap.RimPlane, Part{Code: circleUp + k}, Part{Cell: code}, contactName{circleUp + k, code}, weight.of, r3.Vec{})
}

// flatter leaves something of the weight of a rim where it lies flat.
func flatter(x share) share { return x.scaled(1 - flatRim).plus(share{of: flatRim}) }

// rimOnRidge adds the contact of a rim with a ridge, where the normal is one of the ridge's.
func (f *Finder) rimOnRidge(i int32, up r3.Vec) {
	e, part := &f.ground.Edges[i], Part{Cell: f.edgeCode(i)}
	m := f.toOval(gap.OvalLine, part, r3.Vec{})
	n := f.intoTerrain(m.n)
	if math.Abs(m.along) <= e.Half && spatial.Dot(n, e.InLeft) < 0 && spatial.Dot(n, e.InRight) < 0 {
		g := f.ground.Faces
		weight := leaningOn(up, g[e.Left].Normal)
		if e.Right >= 0 {
			weight = weight.times(leaningOn(up, g[e.Right].Normal))
		}
		f.layRim(part, &m, up, n, flatter(weight))
	}
}

// layRim adds a contact of a rim that is on the side of the ground.
func (f *Finder) layRim(part Part, m *nearby, up, n r3.Vec, weight share) {
	if spatial.Dot(up, n) > bothEnds || m.gap < -f.ha.depth() {
		return
	}
	f.turn = weight.by
	f.lay(m.kind, f.egg.part, part, contactName{f.egg.part.Code, part.Cell}, weight.of, r3.Vec{})
}
