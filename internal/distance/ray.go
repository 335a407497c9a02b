package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Ray returns where the ray from p along the unit vector d enters the solid (m along d), and the normal of the surface there, out of the
// solid. A ray that starts inside does not enter.
func (f *Finder) Ray(s *Solid, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	back := quat.Conj(s.At.Rot)
	p, d = spatial.QuatRotate(back, spatial.Sub(p, s.At.Pos)), spatial.QuatRotate(back, d)
	x := s.Shape
	switch x.Kind {
	case contact.KindSphere:
		at, n, ok = rayBall(r3.Vec{}, x.Radius, p, d)
	case contact.KindBox:
		at, n, ok = rayBox(x.Half, p, d)
	case contact.KindCylinder:
		at, n, ok = rayCylinder(x, p, d)
	case contact.KindCapsule:
		at, n, ok = rayCapsule(x, p, d)
	case contact.KindTerrain:
		at, n, ok = rayTerrain(x, p, d)
	default:
		at, n, ok = f.rayConvex(x, p, d)
	}
	return at, spatial.QuatRotate(s.At.Rot, n), ok
}

// RayPlane is Ray of a half-space.
func RayPlane(h *contact.HalfSpace, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	height, speed := spatial.Dot(h.Normal, p)-h.Offset, spatial.Dot(h.Normal, d)
	if height < 0 || speed >= 0 {
		return 0, n, false
	}
	return -height / speed, h.Normal, true
}

func rayBall(c r3.Vec, r float64, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	p = spatial.Sub(p, c)
	b := spatial.Dot(p, d)
	q := spatial.AddScaled(p, -b, d) // the point of the line nearest to the center
	h := r*r - spatial.Dot(q, q)
	if h < 0 || spatial.Dot(p, p) < r*r {
		return 0, n, false
	}
	at = -b - math.Sqrt(h)
	return at, spatial.Scale(1/r, spatial.AddScaled(p, at, d)), at >= 0
}

// rayBox cuts the ray to what is between each two faces.
func rayBox(half, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	at, end := math.Inf(-1), math.Inf(1)
	for _, e := range axes {
		h, x, v := spatial.Dot(half, e), spatial.Dot(p, e), spatial.Dot(d, e)
		if v == 0 {
			if math.Abs(x) > h {
				return 0, n, false
			}
			continue
		}
		s := math.Copysign(1, v)
		if in := (-s*h - x) / v; in > at {
			at, n = in, spatial.Scale(-s, e)
		}
		end = min(end, (s*h-x)/v)
	}
	return at, n, at >= 0 && at <= end
}

// raySide is where the ray enters and leaves the endless cylinder about z.
func raySide(r float64, p, d r3.Vec) (in, out float64, ok bool) {
	a := d.X*d.X + d.Y*d.Y
	if a == 0 {
		return math.Inf(-1), math.Inf(1), p.X*p.X+p.Y*p.Y <= r*r
	}
	b := (p.X*d.X + p.Y*d.Y) / a
	qx, qy := p.X-b*d.X, p.Y-b*d.Y
	h := (r*r - qx*qx - qy*qy) / a
	if h < 0 {
		return 0, 0, false
	}
	return -b - math.Sqrt(h), -b + math.Sqrt(h), true
}

func rayCylinder(s *contact.Shape, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	at, end, ok := raySide(s.Radius, p, d)
	if !ok {
		return 0, n, false
	}
	n = r3.Vec{X: (p.X + at*d.X) / s.Radius, Y: (p.Y + at*d.Y) / s.Radius}
	if d.Z == 0 {
		return at, n, at >= 0 && math.Abs(p.Z) <= s.HalfLength
	}
	up := math.Copysign(1, d.Z)
	if in := (-up*s.HalfLength - p.Z) / d.Z; in > at {
		at, n = in, r3.Vec{Z: -up}
	}
	end = min(end, (up*s.HalfLength-p.Z)/d.Z)
	return at, n, at >= 0 && at <= end
}

// rayCapsule takes the first of side and caps that is met from outside all of them.
func rayCapsule(s *contact.Shape, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	top := r3.Vec{Z: s.HalfLength}
	near := r3.Vec{Z: min(max(p.Z, -s.HalfLength), s.HalfLength)}
	if from := spatial.Sub(p, near); spatial.Dot(from, from) < s.Radius*s.Radius {
		return 0, n, false // inside
	}
	at = math.Inf(1)
	for _, c := range [2]r3.Vec{top, spatial.Scale(-1, top)} {
		if x, m, hit := rayBall(c, s.Radius, p, d); hit && x < at {
			at, n, ok = x, m, true
		}
	}
	if x, _, hit := raySide(s.Radius, p, d); hit && x >= 0 && x < at && math.Abs(p.Z+x*d.Z) <= s.HalfLength {
		at, n, ok = x, r3.Vec{X: (p.X + x*d.X) / s.Radius, Y: (p.Y + x*d.Y) / s.Radius}, true
	}
	return at, n, ok
}

// rayConvex moves on along the ray to the plane across the way to the nearest point, again and again: no part of the
// shape is on the near side of such a plane (van den Bergen, "Ray casting against general convex objects with
// application to continuous collision detection", 2004).
func (f *Finder) rayConvex(s *contact.Shape, p, d r3.Vec) (at float64, n r3.Vec, ok bool) {
	a, b := &f.ray[0], &f.ray[1]
	*a, *b = Solid{&dot, spatial.Pose{Pos: p, Rot: spatial.Identity}}, Solid{s, spatial.IdentityPose}
	eps := 1e-12 * (s.Extent() + spatial.Norm(p))
	for range most {
		x := f.Between(a, b)
		if x.Gap <= eps {
			return at, n, n != (r3.Vec{}) // without a way to it the ray started inside
		}
		n = x.Normal
		speed := -spatial.Dot(n, d)
		if speed <= 0 {
			return 0, n, false
		}
		at += x.Gap / speed
		a.At.Pos = spatial.AddScaled(p, at, d)
	}
	return 0, n, false // it grazes
}
