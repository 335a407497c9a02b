package spatial

import "math"

// Mat3 is a 3×3 matrix in row-major order.
type Mat3 [9]float64

// Sym3 is a symmetric 3×3 matrix, such as a rotational inertia.
type Sym3 struct{ XX, XY, XZ, YY, YZ, ZZ float64 }

// Set stores the rotation matrix of the unit quaternion q into m.
func (m *Mat3) Set(q Quat) {
	w, x, y, z := q.Real, q.Imag, q.Jmag, q.Kmag
	m[0], m[1], m[2] = 1-2*(y*y+z*z), 2*(x*y-w*z), 2*(x*z+w*y)
	m[3], m[4], m[5] = 2*(x*y+w*z), 1-2*(x*x+z*z), 2*(y*z-w*x)
	m[6], m[7], m[8] = 2*(x*z-w*y), 2*(y*z+w*x), 1-2*(x*x+y*y)
}

// MulVec returns m v.
func (m *Mat3) MulVec(v Vec) Vec {
	return Vec{
		X: m[0]*v.X + m[1]*v.Y + m[2]*v.Z,
		Y: m[3]*v.X + m[4]*v.Y + m[5]*v.Z,
		Z: m[6]*v.X + m[7]*v.Y + m[8]*v.Z,
	}
}

// TMulVec returns mᵀ v.
func (m *Mat3) TMulVec(v Vec) Vec {
	return Vec{
		X: m[0]*v.X + m[3]*v.Y + m[6]*v.Z,
		Y: m[1]*v.X + m[4]*v.Y + m[7]*v.Z,
		Z: m[2]*v.X + m[5]*v.Y + m[8]*v.Z,
	}
}

// Mul stores a b into m. m may not alias a or b.
func (m *Mat3) Mul(a, b *Mat3) {
	for i := 0; i < 9; i += 3 {
		x, y, z := a[i], a[i+1], a[i+2]
		m[i] = x*b[0] + y*b[3] + z*b[6]
		m[i+1] = x*b[1] + y*b[4] + z*b[7]
		m[i+2] = x*b[2] + y*b[5] + z*b[8]
	}
}

// Row returns row i.
func (m *Mat3) Row(i int) Vec { return Vec{X: m[3*i], Y: m[3*i+1], Z: m[3*i+2]} }

// Col returns column j of m.
func (m *Mat3) Col(j int) Vec { return Vec{X: m[j], Y: m[3+j], Z: m[6+j]} }

// Quat returns the quaternion of the rotation matrix m (Shepperd, J. Guidance 1(3), 1978).
func (m *Mat3) Quat() Quat {
	var q Quat
	if t := m[0] + m[4] + m[8]; t > 0 {
		s := 2 * math.Sqrt(1+t)
		q = Quat{Real: s / 4, Imag: (m[7] - m[5]) / s, Jmag: (m[2] - m[6]) / s, Kmag: (m[3] - m[1]) / s}
	} else if m[0] >= m[4] && m[0] >= m[8] {
		s := 2 * math.Sqrt(1+m[0]-m[4]-m[8])
		q = Quat{Real: (m[7] - m[5]) / s, Imag: s / 4, Jmag: (m[1] + m[3]) / s, Kmag: (m[2] + m[6]) / s}
	} else if m[4] >= m[8] {
		s := 2 * math.Sqrt(1-m[0]+m[4]-m[8])
		q = Quat{Real: (m[2] - m[6]) / s, Imag: (m[1] + m[3]) / s, Jmag: s / 4, Kmag: (m[5] + m[7]) / s}
	} else {
		s := 2 * math.Sqrt(1-m[0]-m[4]+m[8])
		q = Quat{Real: (m[3] - m[1]) / s, Imag: (m[2] + m[6]) / s, Jmag: (m[5] + m[7]) / s, Kmag: s / 4}
	}
	q, _ = Normalize(q)
	return q
}

// MulVec returns s v.
func (s *Sym3) MulVec(v Vec) Vec {
	return Vec{
		X: s.XX*v.X + s.XY*v.Y + s.XZ*v.Z,
		Y: s.XY*v.X + s.YY*v.Y + s.YZ*v.Z,
		Z: s.XZ*v.X + s.YZ*v.Y + s.ZZ*v.Z,
	}
}

// Conjugate stores R j Rᵀ into s. s may alias j.
func (s *Sym3) Conjugate(r *Mat3, j *Sym3) {
	a := j.MulVec(Vec{X: r[0], Y: r[1], Z: r[2]})
	b := j.MulVec(Vec{X: r[3], Y: r[4], Z: r[5]})
	c := j.MulVec(Vec{X: r[6], Y: r[7], Z: r[8]})
	s.XX = r[0]*a.X + r[1]*a.Y + r[2]*a.Z
	s.XY = r[0]*b.X + r[1]*b.Y + r[2]*b.Z
	s.XZ = r[0]*c.X + r[1]*c.Y + r[2]*c.Z
	s.YY = r[3]*b.X + r[4]*b.Y + r[5]*b.Z
	s.YZ = r[3]*c.X + r[4]*c.Y + r[5]*c.Z
	s.ZZ = r[6]*c.X + r[7]*c.Y + r[8]*c.Z
}

// Add returns s + t.
func (s Sym3) Add(t Sym3) Sym3 {
	return Sym3{s.XX + t.XX, s.XY + t.XY, s.XZ + t.XZ, s.YY + t.YY, s.YZ + t.YZ, s.ZZ + t.ZZ}
}

// PointInertia returns the rotational inertia m (r·r I − r rᵀ) of a point mass at r.
func PointInertia(m float64, r Vec) Sym3 {
	return Sym3{
		XX: m * (r.Y*r.Y + r.Z*r.Z), XY: -m * r.X * r.Y, XZ: -m * r.X * r.Z,
		YY: m * (r.X*r.X + r.Z*r.Z), YZ: -m * r.Y * r.Z, ZZ: m * (r.X*r.X + r.Y*r.Y),
	}
}

// TMul stores aᵀb.
func (m *Mat3) TMul(a, b *Mat3) {
	at := a.transposed()
	m.Mul(&at, b)
}

// MulT stores abᵀ.
func (m *Mat3) MulT(a, b *Mat3) {
	bt := b.transposed()
	m.Mul(a, &bt)
}

func (m *Mat3) transposed() Mat3 {
	return Mat3{m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}
}
