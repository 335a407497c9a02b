package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// A cylinder touches another shape with one of two things. Where its side lies on a face, or on the side of another or of a capsule, that is
// the line along it with its radius, exact while it lies flat: it rolls. Else it is a prism inside it, up to 0.5 % of the radius
// smaller: rims that lean on a face touch with a vertex of it, so a coin that rolls on its rim bumps, on shapes, not on half-spaces. To be
// exact there the corners of the prism would have to go over into the disk (see rimUp) with which spheres and ellipsoids meet a rim.

// flat are the sines of the angle between the axis of a cylinder and a face between which it goes from lying on its side to a prism. Its
// ends as balls reach r (1 − cos) of it too far: 0.13 % of the radius at the first, 1.1 % at the second.
var flat = [2]float64{0.05, 0.15}

// rolling adds the contacts of the side of cylinders in two faces of the share s, and returns how much of it they take.
func (f *Finder) rolling(p *polygon, s share, faceA, faceB int) (taken share) {
	a, b := &f.ha, &f.hb
	sideA, sideB := a.isSide(faceA), b.isSide(faceB)
	switch {
	case sideB && (sideA || f.a.Shape.Kind == contact.KindCapsule):
		ea, eb := spatial.QuatRotate(f.pa.Rot, unit(2)), spatial.QuatRotate(f.pb.Rot, unit(2))
		ha, hb := f.a.Shape.HalfLength, f.b.Shape.HalfLength
		at, on := segments(ea, eb, spatial.Sub(f.pa.Pos, f.pb.Pos), ha, hb)
		if math.Abs(at) >= ha || math.Abs(on) >= hb {
			return share{}
		}
		f.lines(s)
		return s
	case sideA:
		e, n := spatial.QuatRotate(f.pa.Rot, unit(2)), b.normal[faceB]
		c := spatial.Dot(e, n)
		up := share{smooth(math.Abs(c), flat[0], flat[1]), spatial.Scale(math.Copysign(smoothSlope(math.Abs(c), flat[0], flat[1]), c), spatial.Cross(e, n))}
		if s = s.times(up.rest()); s.of == 0 {
			return share{}
		}
		f.spine.place(a.spine, &f.pa)
		if p.share = s.times(f.overlapHulls(p, &f.spine, b, -1, faceB)); p.share.of > 0 && f.corners(p) {
			return p.share
		}
	}
	return share{}
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
