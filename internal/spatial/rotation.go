package spatial

import (
	"math"

	"gonum.org/v1/gonum/num/quat"
)

// A finite rotation over one interval is carried as its Gibbs vector w = tan(θ/2)·axis, the variable
// of the Cayley map: composing rotations needs no trigonometry and keeps full relative precision for small ones.

// Displace returns (Rot(w) − I) r without cancellation:
//
//	(2/(1+w·w)) (w×r + w×(w×r))
func Displace(w, r Vec) Vec { return displace(arc(w), w, r) }

// arc returns the factor of Displace, which does not depend on r and costs its only division.
func arc(w Vec) float64 { return 2 / (1 + w.X*w.X + w.Y*w.Y + w.Z*w.Z) }

func displace(arc float64, w, r Vec) Vec {
	c := Cross(w, r)
	cc := Cross(w, c)
	return Vec{X: arc * (c.X + cc.X), Y: arc * (c.Y + cc.Y), Z: arc * (c.Z + cc.Z)}
}

// Rotate returns Rot(w) r for the Gibbs vector w.
func Rotate(w, r Vec) Vec { return Add(r, Displace(w, r)) }

// Compose returns the Gibbs vector of Rot(a)·Rot(b) and the scalar 1 − a·b. The composed angle passes
// half a turn where that scalar passes zero; callers reject rotations near it.
func Compose(a, b Vec) (Vec, float64) {
	d := 1 - Dot(a, b)
	s := Add(Add(a, b), Cross(a, b))
	return Scale(1/d, s), d
}

// Cayley returns (I + [w]× + wwᵀ) v, which as a map on rows is v ↦ vᵀ(I − [w]× + wwᵀ).
func Cayley(w, v Vec) Vec {
	d := w.X*v.X + w.Y*v.Y + w.Z*v.Z
	return Vec{
		X: v.X + w.Y*v.Z - w.Z*v.Y + d*w.X,
		Y: v.Y + w.Z*v.X - w.X*v.Z + d*w.Y,
		Z: v.Z + w.X*v.Y - w.Y*v.X + d*w.Z,
	}
}

// Turn returns the Gibbs vector of Rot(w) after a turn by the angle 2x about the axis, and false where either comes near half
// a turn. The tangent of x is carried as a fraction, so that one division does for both.
func Turn(w, axis Vec, x float64) (Vec, bool) {
	n, d := tangent(x * x)
	n *= x
	if !(x*x <= smallTurn) {
		n, d = math.Sincos(x)
	}
	c := d - n*(w.X*axis.X+w.Y*axis.Y+w.Z*axis.Z)
	inv := 1 / c
	axis.X, axis.Y, axis.Z = n*axis.X, n*axis.Y, n*axis.Z
	return Vec{
		X: inv * (d*w.X + axis.X + (w.Y*axis.Z - w.Z*axis.Y)),
		Y: inv * (d*w.Y + axis.Y + (w.Z*axis.X - w.X*axis.Z)),
		Z: inv * (d*w.Z + axis.Z + (w.X*axis.Y - w.Y*axis.X)),
	}, x < halfTurn && x > -halfTurn && c > NearHalfTurn*d
}

// halfTurn is the largest x of Turn and GibbsOf, just below half a turn for twice of it, and NearHalfTurn the smallest scalar
// part 1 − a·b of a composed rotation, relative to its size, that counts as less than half a turn over one interval.
const (
	halfTurn     = 1.57
	NearHalfTurn = 1e-3
)

// smallTurn is the square of half a radian: turns of a step are below, and there tangent is good to rounding.
const smallTurn = 0.25

// tangent returns n and d > 0 with tan x = x n/d, s = x²: the continued fraction of Lambert to the seventh power.
func tangent(s float64) (n, d float64) {
	return 135135 - s*(17325-s*(378-s)), 135135 - s*(62370-s*(3150-28*s))
}

// GibbsOf returns the Gibbs vector tan(θ/2)·axis of the rotation vector v, and false from half a turn on.
func GibbsOf(v Vec) (Vec, bool) {
	x := Scale(0.5, v)
	s := Dot(x, x)
	if s <= smallTurn {
		n, d := tangent(s)
		return Scale(n/d, x), true
	}
	r := math.Sqrt(s)
	if !(r < halfTurn) {
		return Vec{}, false
	}
	return Scale(math.Tan(r)/r, x), true
}

// GibbsQuat returns the unit quaternion of the Gibbs vector w.
func GibbsQuat(w Vec) Quat {
	c := 1 / math.Sqrt(1+Dot(w, w))
	return Quat{Real: c, Imag: c * w.X, Jmag: c * w.Y, Kmag: c * w.Z}
}

// TurnRate returns d v/dθ t of the rotation vector v, for a further turn t in body axes at its end: the inverse of the right
// Jacobian of the exponential (Chirikjian, "Stochastic Models, Information Theory, and Lie Groups", vol. 2, 2012, section
// 10.3), in terms of the Gibbs vector x of v:
//
//	(g (I + [x]×) + (1 − g)/(x·x) xxᵀ) t,   g = |v|/2 / tan(|v|/2)
//
// That of a turn in the axes of the start is the transpose, which is the map of −v.
func TurnRate(v, t Vec) Vec {
	y := Scale(0.5, v)
	s := Dot(y, y)
	// with y = v/2: x = y/g, so g x = y, and (1 − g)/(x·x) xxᵀ = (1 − g)/s yyᵀ
	var g, e float64
	if s <= smallTurn {
		n, d := tangent(s)
		g, e = d/n, (45045-s*(2772-27*s))/n
	} else {
		n := math.Sqrt(s)
		g = n / math.Tan(n)
		e = (1 - g) / s
	}
	return AddScaled(Add(Scale(g, t), Cross(y, t)), e*Dot(y, t), y)
}

// RightJac stores the right Jacobian of the rotation exponential at v, the inverse of TurnRate.
func RightJac(j *Mat3, v Vec) {
	t2 := Dot(v, v)
	a, b := 0.5-t2/24, 1.0/6-t2/120
	if t2 > 1e-8 {
		t := math.Sqrt(t2)
		a, b = (1-math.Cos(t))/t2, (t-math.Sin(t))/(t2*t)
	}
	x := Mat3{0, -v.Z, v.Y, v.Z, 0, -v.X, -v.Y, v.X, 0}
	var xx Mat3
	xx.Mul(&x, &x)
	for i := range j {
		j[i] = -a*x[i] + b*xx[i]
	}
	j[0]++
	j[4]++
	j[8]++
}

// AxisAngle returns the quaternion of a rotation by angle (rad) about the unit axis.
func AxisAngle(axis Vec, angle float64) Quat {
	s, c := math.Sincos(angle / 2)
	return Quat{Real: c, Imag: s * axis.X, Jmag: s * axis.Y, Kmag: s * axis.Z}
}

// RotationVector returns the quaternion exp(v/2): a rotation by |v| rad about v.
func RotationVector(v Vec) Quat {
	if Dot(v, v) <= 4*smallTurn {
		w, _ := GibbsOf(v)
		return GibbsQuat(w)
	}
	n := Norm(v)
	return AxisAngle(Scale(1/n, v), n)
}

// LogQuat returns the rotation vector (axis times angle in [0, π]) of the unit quaternion q.
func LogQuat(q Quat) Vec {
	v := Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag}
	if q.Real < 0 {
		v, q.Real = Scale(-1, v), -q.Real
	}
	n := Norm(v)
	if n < 1e-150 {
		return Scale(2, v)
	}
	return Scale(2*math.Atan2(n, q.Real)/n, v)
}

// RPY returns the quaternion of fixed-axis roll, pitch, yaw (URDF): Rz(yaw) Ry(pitch) Rx(roll).
func RPY(roll, pitch, yaw float64) Quat {
	x := AxisAngle(Vec{X: 1}, roll)
	y := AxisAngle(Vec{Y: 1}, pitch)
	z := AxisAngle(Vec{Z: 1}, yaw)
	return quat.Mul(z, quat.Mul(y, x))
}

// Normalize returns q scaled to length one, and false when q is zero or not finite.
func Normalize(q Quat) (Quat, bool) {
	n := math.Sqrt(q.Real*q.Real + q.Imag*q.Imag + q.Jmag*q.Jmag + q.Kmag*q.Kmag)
	if !(n > 1e-100 && n < 1e100) { // squares may be out of range
		n = quat.Abs(q)
	}
	if !(n > 1e-100) || math.IsInf(n, 0) {
		return Identity, false
	}
	return quat.Scale(1/n, q), true
}

// QuatRotate returns q r q*.
func QuatRotate(q Quat, r Vec) Vec {
	v := Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag}
	t := Scale(2, Cross(v, r))
	return Add(AddScaled(r, q.Real, t), Cross(v, t))
}

// QuatAxes stores what [QuatRotate] makes of the unit vectors, in fewer operations.
func QuatAxes(axes *[3]Vec, q Quat) {
	w, x, y, z := q.Real, q.Imag, q.Jmag, q.Kmag
	x2, y2, z2 := 2*x, 2*y, 2*z
	axes[0] = Vec{X: 1 - (y*y2 + z*z2), Y: w*z2 + x*y2, Z: x*z2 - w*y2}
	axes[1] = Vec{X: y*x2 - w*z2, Y: 1 - (z*z2 + x*x2), Z: w*x2 + y*z2}
	axes[2] = Vec{X: w*y2 + z*x2, Y: z*y2 - w*x2, Z: 1 - (x*x2 + y*y2)}
}
