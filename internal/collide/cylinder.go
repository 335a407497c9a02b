package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// A cylinder touches a shape with faces with up to three things. Where its side lies on a face, or on the side of
// another or of a capsule, that is the line along it with its radius, exact while it lies flat: it rolls. Else half of
// the weight goes to where both are nearest: side or rim, exact too (cylinder_near.go); on an edge, where that is steep
// on its plane. So it rolls, wobbles and spins on its rims as on a half-space. The rest goes to a prism inside it, 0.5
// % of the radius smaller where a side is flat: the vertices of its ends carry it where it stands. What crosses an end
// crosses the circle (disk.go).

// flat are the sines of the angle between the axis of a cylinder and a face between which it goes from lying on its side to that. Its
// ends as balls reach r (1 − cos) of it too far: 2e-6 of the radius at the first, 2e-5 at the second.
var flat = [2]float64{0.002, 0.006}

// rolling adds the contacts of the side of cylinders in two faces of this share, and returns how much of it they take.
func (f *Finder) rolling(p *polygon, all share, faceA, faceB int) (took share) {
	a, b := &f.ha, &f.hb
	sideA, sideB := a.isSide(faceA), b.isSide(faceB)
	switch {
	case sideB && (sideA || f.a.Shape.Kind == contact.KindCapsule):
		ea, eb := spatial.QuatRotate(f.pa.Rot, unit(2)), spatial.QuatRotate(f.pb.Rot, unit(2))
		ha, hb := f.a.Shape.HalfLength, f.b.Shape.HalfLength
		s, t := segments(ea, eb, spatial.Sub(f.pa.Pos, f.pb.Pos), ha, hb)
		if math.Abs(s) >= ha || math.Abs(t) >= hb {
			return took
		}
		f.lines(all)
		return all
	case sideA:
		took = f.sideOn(p, all, faceB)
	case sideB && faceA >= 0:
		f.exchanged(func() { took = f.sideOn(p, all.mirrored(), faceA) })
		took = took.mirrored()
	}
	return took
}

// sideOn adds the contacts of the side of a cylinder of A on a face of B, as far as it lies on it.
func (f *Finder) sideOn(p *polygon, all share, face int) (took share) {
	lying := f.moving.levelWith(aim{d: spatial.QuatRotate(f.pa.Rot, unit(2))}, f.hb.aim(face), flat).rest()
	if lying.of == 0 {
		return took
	}
	f.spine.place(f.ha.spine, &f.pa)
	if p.share = all.times(lying).times(f.overlapHulls(p, &f.spine, &f.hb, -1, face)); p.share.of > 0 && f.corners(p) {
		return p.share
	}
	return took
}

// isSide reports whether a face is one of the side of a cylinder.
func (x *solid) isSide(face int) bool { return x.spine != nil && face >= 0 && face < sides }

// sphereCylinder: the side, the end or the rim that is nearest.
func (f *Finder) sphereCylinder() {
	x, s := into(&f.pb, f.pa.Pos), f.b.Shape
	r := math.Hypot(x.X, x.Y)
	above, beside := math.Abs(x.Z)-s.HalfLength, r-s.Radius
	switch {
	case above <= 0 && (beside > 0 || beside >= above):
		f.add(gap.PointLine, Part{}, Part{Code: side}, 1)
	case beside <= 0:
		face := f.b.Hull.faces[sides]
		if x.Z < 0 {
			face = f.b.Hull.faces[sides+1]
		}
		f.add(gap.PointPlane, Part{}, Part{Code: face.code}, 1)
	case x.Z < 0:
		f.add(gap.PointOval, Part{}, Part{Code: rimDown}, 1)
	default:
		f.add(gap.PointOval, Part{}, Part{Code: rimUp}, 1)
	}
}
