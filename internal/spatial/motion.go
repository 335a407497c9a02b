package spatial

// Motion is what a body does over one interval: the displacement of its frame origin and its rotation as a Gibbs vector,
// in world axes. The zero value only displaces: nothing.
type Motion struct {
	W, Dx Vec
	arc   float64 // of W: a dozen vectors are turned by the same rotation

	g, g1, g2 float64 // of the angular velocity, and its derivatives by w·w; see Spin
}

// NewMotion returns the motion that turns a body by the Gibbs vector w and moves its frame origin by dx.
func NewMotion(w, dx Vec) (m Motion) {
	m.Set(w, dx)
	return m
}

// Set makes m the motion that turns a body by the Gibbs vector w and moves its frame origin by dx.
func (m *Motion) Set(w, dx Vec) {
	m.W, m.Dx = w, dx
	s := w.X*w.X + w.Y*w.Y + w.Z*w.Z
	den := 945 + s*(1050+225*s)
	inv := 1 / ((1 + s) * den) // both reciprocals at the price of one
	m.arc = 2 * den * inv
	d, d1 := (1+s)*inv, 1050+450*s
	m.g = (945 + s*(735+64*s)) * d
	m.g1 = (735 + 128*s - m.g*d1) * d
	m.g2 = (128 - 2*m.g1*d1 - 450*m.g) * d
}

// Displace returns (Rot(W) − I) r without cancellation: the displacement of a point at r from the frame origin relative to
// that.
func (m *Motion) Displace(r Vec) Vec { return displace(m.arc, m.W, r) }

// Rotate returns Rot(W) r.
func (m *Motion) Rotate(r Vec) Vec { return Add(r, displace(m.arc, m.W, r)) }

// Spin returns g(w·w) w, half the angle turned about the axis: the angular velocity of the motion over a time h is (2/h)
// Spin. Exactly, g(s) = atan(√s)/√s. Here it is the rational function
//
//	g = (945 + 735 s + 64 s²)/(945 + 1050 s + 225 s²)
//
// with the same series up to s⁴, which needs no trigonometry, errs by 2e-5 at one radian, and falls only to 0.28 as s → ∞:
// so an interval can carry any momentum in less than half a turn.
func (m *Motion) Spin() Vec { return Scale(m.g, m.W) }

// SpinJac returns ∂Spin/∂w v = (g I + 2g′ wwᵀ) v. The matrix is symmetric.
func (m *Motion) SpinJac(v Vec) Vec { return AddScaled(Scale(m.g, v), 2*m.g1*Dot(m.W, v), m.W) }

// Momentum returns the angular momentum of a body with the inertia j about its center of mass, whose motion takes the time
// 2/k: as a world vector of the discrete mechanics,
//
//	ℓ = (I + [w]× + wwᵀ) z,   z = (g I + 2g′ wwᵀ) y,   y = k g J w
//
// (Marsden, West, "Discrete mechanics and variational integrators", 2001, for the Lagrangian with the angular velocity k g w).
func (m *Motion) Momentum(j *Sym3, k float64) Vec {
	return Cayley(m.W, m.SpinJac(Scale(k*m.g, j.MulVec(m.W))))
}

// spinGrad returns z of Momentum and its derivative by w,
//
//	Z = k D J D + 2g′(y wᵀ + (w·y) I + w yᵀ) + 4g″(w·y) wwᵀ,   D = g I + 2g′ wwᵀ.
func (m *Motion) spinGrad(j *Sym3, k float64) (z Vec, zz Sym3) {
	w, g1 := m.W, m.g1
	jw := j.MulVec(w)
	y := Scale(k*m.g, jw)
	wy := Dot(w, y)
	q := 2 * g1 * wy
	z = AddScaled(Scale(m.g, y), q, w)
	// k D J D = k g² J + 2g′(w yᵀ + y wᵀ) + 4k g′²(w·Jw) wwᵀ
	c, e := k*m.g*m.g, 4*g1
	f := 4 * (k*g1*g1*Dot(w, jw) + m.g2*wy)
	zz = Sym3{
		XX: c*j.XX + 2*e*w.X*y.X + f*w.X*w.X + q,
		XY: c*j.XY + e*(w.X*y.Y+w.Y*y.X) + f*w.X*w.Y,
		XZ: c*j.XZ + e*(w.X*y.Z+w.Z*y.X) + f*w.X*w.Z,
		YY: c*j.YY + 2*e*w.Y*y.Y + f*w.Y*w.Y + q,
		YZ: c*j.YZ + e*(w.Y*y.Z+w.Z*y.Y) + f*w.Y*w.Z,
		ZZ: c*j.ZZ + 2*e*w.Z*y.Z + f*w.Z*w.Z + q,
	}
	return z, zz
}
