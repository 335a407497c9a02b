package collide

import (
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// The rims of a cylinder on terrain touch a face with their lowest point, if that is over it. Where it lies flat, four
// of its vertices touch.

// held is how much of the weight of the rims of a cylinder that lies on its side goes to the line along it. Not all, for an end may be
// over another face than the middle of it.
const held = 0.999

func (f *Finder) rimsOnTerrain() {
	for end := range uint16(2) {
		for _, i := range f.near {
			f.rimOnFace(i, end)
		}
	}
	f.turn = r3.Vec{}
}

// ruling is whether a rim keeps its end out of a face.
type ruling struct {
	face int32
	end  uint16
	out  bool
}

// rules reports whether a rim keeps its end out of the plane of a face: where its lowest point is over the face, or
// over another one that reaches as high there, so that who keeps out of that keeps out of the plane. Beyond a ridge the
// ground falls away from the plane, and says nothing of what of the end is over the face. What is deep keeps nothing out:
// cans that started in the ground turned over about their rims in there, where a half-space let them come out upright.
func (f *Finder) rules(end uint16, face int32) bool {
	for _, r := range f.ruled {
		if r.face == face && r.end == end {
			return r.out
		}
	}
	out := false
	center, _ := f.endOf(end)
	if x, ok := f.lowest(face, center); ok && !f.isDeep(f.height(face, x)) {
		h := f.height(face, x) + 1e-9*f.a.Shape.Radius
		for _, i := range f.near {
			if f.ground.Faces[i].MayFace(x) && f.height(i, x) <= h && f.over(i, x, 0, -1) {
				out = true
				break
			}
		}
	}
	f.ruled = append(f.ruled, ruling{face, end, out})
	return out
}

// endOf returns the middle of an end of the cylinder, and its normal.
func (f *Finder) endOf(end uint16) (center, up r3.Vec) {
	up = spatial.Scale(float64(1-2*int(end)), spatial.QuatRotate(f.pg.Rot, unit(2)))
	return spatial.AddScaled(f.pg.Pos, f.a.Shape.HalfLength, up), up
}

// lowest returns the point of the end about a center that is the lowest over the plane of a face; flat on it none is,
// and it returns the center.
func (f *Finder) lowest(face int32, center r3.Vec) (x r3.Vec, ok bool) {
	n, axis := f.ground.Faces[face].Normal, spatial.QuatRotate(f.pg.Rot, unit(2))
	down := spatial.AddScaled(spatial.Scale(-1, n), spatial.Dot(n, axis), axis)
	l := spatial.Norm(down)
	if l < 1e-9 {
		return center, false
	}
	return spatial.AddScaled(center, f.a.Shape.Radius/l, down), true
}

// rimOnFace adds the contact of a rim with a face that its foot is over. It has all its weight where the end lies flat
// too, as on a half-space: there its foot is near the center. Rejected: fading it out there, for what wobbles on a rim
// was held by a contact that is harder the flatter it lies, which took a quarter more iterations than on a half-space.
func (f *Finder) rimOnFace(face int32, end uint16) {
	center, up := f.endOf(end)
	x := spatial.AddScaled(center, f.a.Shape.Radius, gap.RimFoot(f.ground.Faces[face].Normal, up))
	if h := f.height(face, x); !(h <= f.reach && h > -f.ha.depth() && f.faces(face) && f.over(face, x, 0, -1)) || f.isDeep(h) && !f.isBelow(x, -h) {
		return
	}
	weight := f.lying(face).scaled(held).rest()
	f.turn = weight.by
	code := f.faceCode(face)
	f.lay(gap.RimPlane, Part{Code: circleUp + end}, Part{Cell: code}, contactName{circleUp + end, code}, weight.of, r3.Vec{})
}
