package spatial

// Motion is what a body does over one interval: the displacement of its frame origin and its rotation as a Gibbs vector,
// in world axes. The zero value only displaces: nothing.
type Motion struct {
	W, Dx Vec
	arc   float64 // of W: a dozen vectors are turned by the same rotation

	g, inv      float64 // of the angular velocity, and one over its denominator; see Spin
	slope, bend float64 // g′, and g + 2(1 + w·w) g′, which rows of contacts ask for again and again
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
	m.arc, m.inv = 2*den*inv, (1+s)*inv
	m.g = (945 + s*(735+64*s)) * m.inv
	m.slope = (735 + 128*s - m.g*(1050+450*s)) * m.inv
	m.bend = m.g + 2*(1+s)*m.slope
}

// Hinge makes m the motion of a body that follows the parent, arm from its frame origin, and turns by the angle 2x about the
// axis. Like Turn it is false near half a turn.
func (m *Motion) Hinge(parent *Motion, arm, axis *Vec, x float64) bool {
	w, ok := Turn(parent.W, *axis, x)
	m.Set(w, Add(parent.Dx, parent.Displace(*arm)))
	return ok
}

// Displace returns (Rot(W) − I) r without cancellation: the displacement of a point at r from the frame origin relative to
// that.
func (m *Motion) Displace(r Vec) Vec { return displace(m.arc, m.W, r) }

// Rotate returns Rot(W) r.
func (m *Motion) Rotate(r Vec) Vec { return Add(r, displace(m.arc, m.W, r)) }

// Unrotate returns Rot(W)ᵀ r.
func (m *Motion) Unrotate(r Vec) Vec {
	k, w := m.arc, m.W
	c := Cross(w, r)
	d := Cross(w, c)
	return Vec{X: r.X + k*(d.X-c.X), Y: r.Y + k*(d.Y-c.Y), Z: r.Z + k*(d.Z-c.Z)}
}

// Spin returns g(w·w) w, half the angle turned about the axis: the angular velocity of the motion over a time h is (2/h)
// Spin. Exactly, g(s) = atan(√s)/√s. Here it is the rational function
//
//	g = (945 + 735 s + 64 s²)/(945 + 1050 s + 225 s²)
//
// with the same series up to s⁴, which needs no trigonometry, errs by 2e-5 at one radian, and falls only to 0.28 as s → ∞:
// so an interval can carry any momentum in less than half a turn.
func (m *Motion) Spin() Vec { return Scale(m.g, m.W) }

// curve returns g″, s = w·w.
func (m *Motion) curve(s float64) float64 {
	return (128 - 450*m.g - 2*m.slope*(1050+450*s)) * m.inv
}

// SpinRow returns what a covector r on twice the spin is on a turn of the body at the end of the motion:
//
//	(I + [w]× + wwᵀ)(g I + 2g′ wwᵀ) r = g (r + w×r) + (g + 2(1 + w·w) g′)(w·r) w
func (m *Motion) SpinRow(r Vec) Vec { return m.spinRow(r, m.g) }

// SpinRowBack returns what it is on a turn at its start, but for the sign: there w is turned around.
func (m *Motion) SpinRowBack(r Vec) Vec { return m.spinRow(r, -m.g) }

// spinRow is both, of which h is g with the sign of the cross product.
func (m *Motion) spinRow(r Vec, h float64) Vec {
	w, g := m.W, m.g
	k := m.bend * (w.X*r.X + w.Y*r.Y + w.Z*r.Z)
	return Vec{
		X: g*r.X + h*(w.Y*r.Z-w.Z*r.Y) + k*w.X,
		Y: g*r.Y + h*(w.Z*r.X-w.X*r.Z) + k*w.Y,
		Z: g*r.Z + h*(w.X*r.Y-w.Y*r.X) + k*w.Z,
	}
}

// Momentum returns the angular momentum of a body with the inertia j about its center of mass, whose motion takes the time
// 2/k: as a world vector of the discrete mechanics,
//
//	ℓ = (I + [w]× + wwᵀ) (g I + 2g′ wwᵀ) k g J w = k(a c + a′ (w·c) w),   a = g²,   c = (I + [w]× + wwᵀ) J w
//
// (Marsden, West, "Discrete mechanics and variational integrators", 2001, for the Lagrangian with the angular velocity k g w).
func (m *Motion) Momentum(j *Sym3, k float64) Vec {
	w := m.W
	y := j.MulVec(w)
	// w·c = (1 + w·w) w·y
	a := k * m.g * m.g
	s := w.X*w.X + w.Y*w.Y + w.Z*w.Z
	b := (a + 2*k*m.g*m.slope*(1+s)) * (w.X*y.X + w.Y*y.Y + w.Z*y.Z)
	return Vec{
		X: a*(y.X+w.Y*y.Z-w.Z*y.Y) + b*w.X,
		Y: a*(y.Y+w.Z*y.X-w.X*y.Z) + b*w.Y,
		Z: a*(y.Z+w.X*y.Y-w.Y*y.X) + b*w.Z,
	}
}

// spinFactors are what the derivative of Momentum is made of, see MomentumJac.
type spinFactors struct{ a, f, p, q float64 }

// factors returns the spinFactors of m over the time 2/k.
func (m *Motion) factors(k float64) spinFactors {
	s := m.W.X*m.W.X + m.W.Y*m.W.Y + m.W.Z*m.W.Z
	g1 := m.slope
	a, f, t := k/2*m.g*m.g, k*m.g*g1, k*(g1*g1+m.g*m.curve(s)) // halves of a, a′, a″ of Momentum
	return spinFactors{a: a, f: f, p: a + 2*(1+s)*f, q: 1.5*f + (1+s)*t}
}
