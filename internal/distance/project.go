package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// curved reports whether the core of a shape is no polytope.
func curved(s *contact.Shape) bool { return s.Kind == contact.KindCylinder }

// polish goes on from nearest points where a core is curved, by the nearest point of each core to that of the other in
// turn (von Neumann, Cheney and Goldstein): near each other two shapes of which one is round come to the end in a few
// turns, where simplices of points close to each other have lost their digits. It takes what leaves the least to prove.
func (f *Finder) polish(at corner, n r3.Vec, gap float64) (corner, r3.Vec, float64) {
	if !curved(f.a.Shape) && !curved(f.b.Shape) {
		return at, n, gap
	}
	best, least := at, math.Inf(1) // how much is left to prove
	for range turns {
		l := spatial.Norm(at.v)
		if l <= touching*f.size {
			break
		}
		d := spatial.Scale(1/l, at.v)
		w := f.reach(spatial.Scale(-1, d))
		if g := spatial.Dot(d, w.v); l-g < least {
			best, n, gap, least = at, d, g, l-g
		}
		if least <= 1e-15*(l+f.size) {
			break
		}
		at.a = f.project(f.a, at.b)
		at.b = f.project(f.b, at.a)
		at.v = spatial.Sub(at.a, at.b)
	}
	return best, n, gap
}

const turns = 60

// project returns the point of a core nearest to p, which is outside; both about the origin o.
func (f *Finder) project(s *Solid, p r3.Vec) r3.Vec {
	x := s.Shape
	at := spatial.Pose{Pos: spatial.Sub(s.At.Pos, f.o), Rot: s.At.Rot}
	p = spatial.QuatRotate(quat.Conj(at.Rot), spatial.Sub(p, at.Pos))
	switch x.Kind {
	case contact.KindSphere:
		p = r3.Vec{}
	case contact.KindCapsule:
		p = r3.Vec{Z: clamp(p.Z, x.HalfLength)}
	case contact.KindBox:
		p = r3.Vec{X: clamp(p.X, x.Half.X), Y: clamp(p.Y, x.Half.Y), Z: clamp(p.Z, x.Half.Z)}
	case contact.KindCylinder:
		if l := math.Hypot(p.X, p.Y); l > x.Radius {
			p.X, p.Y = p.X*(x.Radius/l), p.Y*(x.Radius/l)
		}
		p.Z = clamp(p.Z, x.HalfLength)
	default:
		if f.other == nil {
			f.other = &Finder{}
		}
		f.dots[0], f.dots[1] = Solid{&dot, spatial.Pose{Pos: p, Rot: spatial.Identity}}, Solid{x, spatial.IdentityPose}
		p = f.other.Between(&f.dots[0], &f.dots[1]).B
	}
	return at.Apply(p)
}

// dot is a point.
var dot = contact.Shape{Kind: contact.KindSphere}

func clamp(x, most float64) float64 { return min(max(x, -most), most) }
