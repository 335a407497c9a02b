package raster

import "math"

// kind is what a ray can hit.
type kind uint8

const (
	kindSphere kind = iota
	kindCapsule
	kindBox
	kindCylinder
	kindEllipsoid
	kindCone // apex at +z, base at −z: the tip of an arrow
)

// solid is the size of a primitive in its own frame (m).
type solid struct {
	kind kind
	r, h float64 // radius, half length
	half vec     // box, radii of an ellipsoid
}

// hit returns where the ray o + t d enters the solid, t > 0, and on which face. Rays that start inside
// do not hit: the camera may stand in a thing and look out.
func (s *solid) hit(o, d vec) (t float64, face uint32, ok bool) {
	switch s.kind {
	case kindSphere:
		t, ok = hitSphere(o, d, s.r)
		return t, 0, ok
	case kindCapsule:
		return s.hitCapsule(o, d)
	case kindBox:
		return s.hitBox(o, d)
	case kindCylinder:
		return s.hitCylinder(o, d)
	case kindEllipsoid: // a ball where lengths are measured by its radii
		t, ok = hitSphere(s.scaled(o), s.scaled(d), 1)
		return t, 0, ok
	}
	return s.hitCone(o, d)
}

func (s *solid) scaled(v vec) vec {
	return vec{X: v.X / s.half.X, Y: v.Y / s.half.Y, Z: v.Z / s.half.Z}
}

func hitSphere(o, d vec, r float64) (float64, bool) {
	a := d.X*d.X + d.Y*d.Y + d.Z*d.Z
	b := o.X*d.X + o.Y*d.Y + o.Z*d.Z
	c := o.X*o.X + o.Y*o.Y + o.Z*o.Z - r*r
	q := b*b - a*c
	if q < 0 {
		return 0, false
	}
	t := (-b - math.Sqrt(q)) / a
	return t, t > 0
}

func (s *solid) hitCapsule(o, d vec) (float64, uint32, bool) {
	a := d.X*d.X + d.Y*d.Y
	b := o.X*d.X + o.Y*d.Y
	c := o.X*o.X + o.Y*o.Y - s.r*s.r
	q := b*b - a*c
	if q < 0 {
		return 0, 0, false
	}
	// A ray that enters the infinite cylinder beyond one end can only enter through that end's cap.
	z := -d.Z
	if a > 0 {
		t := (-b - math.Sqrt(q)) / a
		z = o.Z + t*d.Z
		if math.Abs(z) <= s.h {
			return t, 0, t > 0
		}
	}
	o.Z -= math.Copysign(s.h, z)
	t, ok := hitSphere(o, d, s.r)
	return t, 0, ok
}

func (s *solid) hitBox(o, d vec) (float64, uint32, bool) {
	enter, leave := math.Inf(-1), math.Inf(1)
	face := uint32(0)
	if d.X != 0 {
		i := 1 / d.X
		m := math.Abs(i) * s.half.X
		c := -o.X * i
		enter, leave = c-m, c+m
		if i > 0 {
			face = 1
		}
	} else if math.Abs(o.X) > s.half.X {
		return 0, 0, false
	}
	if d.Y != 0 {
		i := 1 / d.Y
		m := math.Abs(i) * s.half.Y
		c := -o.Y * i
		if c-m > enter {
			enter, face = c-m, 2
			if i > 0 {
				face = 3
			}
		}
		leave = min(leave, c+m)
	} else if math.Abs(o.Y) > s.half.Y {
		return 0, 0, false
	}
	if d.Z != 0 {
		i := 1 / d.Z
		m := math.Abs(i) * s.half.Z
		c := -o.Z * i
		if c-m > enter {
			enter, face = c-m, 4
			if i > 0 {
				face = 5
			}
		}
		leave = min(leave, c+m)
	} else if math.Abs(o.Z) > s.half.Z {
		return 0, 0, false
	}
	return enter, face, enter > 0 && enter <= leave
}

func (s *solid) hitCylinder(o, d vec) (float64, uint32, bool) {
	a := d.X*d.X + d.Y*d.Y
	b := o.X*d.X + o.Y*d.Y
	c := o.X*o.X + o.Y*o.Y - s.r*s.r
	q := b*b - a*c
	if q < 0 {
		return 0, 0, false
	}
	z := -d.Z
	if a > 0 {
		t := (-b - math.Sqrt(q)) / a
		z = o.Z + t*d.Z
		if math.Abs(z) <= s.h {
			return t, 0, t > 0
		}
	}
	face := uint32(1)
	if z < 0 {
		face = 2
	}
	t := (math.Copysign(s.h, z) - o.Z) / d.Z
	x, y := o.X+t*d.X, o.Y+t*d.Y
	return t, face, t > 0 && x*x+y*y <= s.r*s.r
}

// hitCone meets x² + y² = k² (h − z)², k = r/2h, between −h and h, and the base disk.
func (s *solid) hitCone(o, d vec) (float64, uint32, bool) {
	k := s.r / (2 * s.h)
	k *= k
	w := o.Z - s.h
	a := d.X*d.X + d.Y*d.Y - k*d.Z*d.Z
	b := o.X*d.X + o.Y*d.Y - k*w*d.Z
	c := o.X*o.X + o.Y*o.Y - k*w*w
	best, face := math.Inf(1), uint32(0)
	if q := b*b - a*c; q >= 0 && a != 0 {
		q = math.Sqrt(q)
		for _, t := range [2]float64{(-b - q) / a, (-b + q) / a} {
			if z := o.Z + t*d.Z; t > 0 && t < best && math.Abs(z) <= s.h {
				best = t
			}
		}
	}
	if d.Z > 0 {
		t := (-s.h - o.Z) / d.Z
		x, y := o.X+t*d.X, o.Y+t*d.Y
		if t > 0 && t < best && x*x+y*y <= s.r*s.r {
			best, face = t, 2
		}
	}
	return best, face, !math.IsInf(best, 1)
}

// normal returns the outward unit normal at the point p of face.
func (s *solid) normal(p vec, face uint32) vec {
	switch s.kind {
	case kindSphere:
		i := 1 / s.r
		return vec{X: p.X * i, Y: p.Y * i, Z: p.Z * i}
	case kindCapsule:
		i := 1 / s.r
		return vec{X: p.X * i, Y: p.Y * i, Z: (p.Z - max(-s.h, min(s.h, p.Z))) * i}
	case kindBox:
		return boxNormals[face&7]
	case kindCylinder:
		if face == 0 {
			i := 1 / s.r
			return vec{X: p.X * i, Y: p.Y * i}
		}
		return vec{Z: 3 - 2*float64(face)}
	case kindEllipsoid:
		n := s.scaled(s.scaled(p))
		i := 1 / math.Sqrt(n.X*n.X+n.Y*n.Y+n.Z*n.Z)
		return vec{X: n.X * i, Y: n.Y * i, Z: n.Z * i}
	}
	if face != 0 {
		return vec{Z: -1}
	}
	k := s.r / (2 * s.h)
	rho := math.Sqrt(p.X*p.X + p.Y*p.Y)
	i := 1 / (rho*math.Sqrt(1+k*k) + 1e-12)
	return vec{X: p.X * i, Y: p.Y * i, Z: k * rho * i}
}

var boxNormals = [8]vec{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}, {Z: 1}, {Z: -1}}
