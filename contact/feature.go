package contact

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Feature is one thing on a body that can touch a half-space, in body axes relative to the body frame.
type Feature struct {
	Center r3.Vec  // ball center, or center of the rim's disk (m)
	Axis   r3.Vec  // unit axis of a rim, zero for a ball
	Side   r3.Vec  // unit vector across a rim's axis: where its points go when the disk lies flat
	Radius float64 // of the ball or of the rim (m); 0 for a vertex
	Turn   int     // which of rimPoints points around a rim; 0 is the lowest
}

// rimPoints is how many points stand around each end of a cylinder. Number 0 is exactly the support
// point while the cylinder leans or rolls; the others carry it when it stands. Three would do for
// standing; four keep the support area at least 64 % of the disk in every direction of tilt.
const rimPoints = 4

// flat is the sine of the tilt below which a disk counts as lying flat on the half-space and its rim
// points stay fixed to the body. The true rim then dips at most flat·radius below them.
const flat = 1e-6

// IsRim reports whether f is a point of a rim rather than a ball.
func (f *Feature) IsRim() bool { return f.Axis != r3.Vec{} }

// Features returns the features of s placed at pose in the body frame, in a fixed order.
func (s Shape) Features(pose spatial.Pose) []Feature {
	ball := func(c r3.Vec) Feature { return Feature{Center: pose.Apply(c), Radius: s.Radius} }
	var fs []Feature
	switch s.Kind {
	case KindSphere:
		fs = append(fs, ball(r3.Vec{}))
	case KindCapsule:
		fs = append(fs, ball(r3.Vec{Z: s.HalfLength}), ball(r3.Vec{Z: -s.HalfLength}))
	case KindBox:
		for i := 0; i < 8; i++ {
			fs = append(fs, ball(boxCorner(s.Half, i)))
		}
	case KindPoints:
		for _, v := range s.Vertices {
			fs = append(fs, ball(v))
		}
	case KindCylinder:
		axis := spatial.QuatRotate(pose.Rot, r3.Vec{Z: 1})
		side := spatial.QuatRotate(pose.Rot, r3.Vec{X: 1})
		for _, z := range [...]float64{s.HalfLength, -s.HalfLength} {
			for k := 0; k < rimPoints; k++ {
				fs = append(fs, Feature{Center: pose.Apply(r3.Vec{Z: z}), Axis: axis, Side: side, Radius: s.Radius, Turn: k})
			}
		}
	}
	return fs
}

// boxCorner returns corner i of a box: bit 0, 1, 2 of i choose −x, −y, −z.
func boxCorner(h r3.Vec, i int) r3.Vec {
	if i&1 != 0 {
		h.X = -h.X
	}
	if i&2 != 0 {
		h.Y = -h.Y
	}
	if i&4 != 0 {
		h.Z = -h.Z
	}
	return h
}

// HalfSpace is the solid n·x ≤ Offset of the world; its surface is what bodies rest on.
type HalfSpace struct {
	Normal r3.Vec  // unit, out of the solid, world axes
	Offset float64 // m along Normal from the world origin
}

// Touch is a feature against a half-space, fixed for one step at knot 2. Positions are relative to a
// reference point O that does not move during the step; everything is in world axes.
type Touch struct {
	N, T1, T2 r3.Vec            // normal (out of the half-space) and tangents
	Arm       r3.Vec            // center of the feature minus body frame origin
	P         r3.Vec            // center of the feature about O
	E, A      r3.Vec            // rim: unit direction from center to point, axis; zero for a ball
	low       r3.Vec            // rim: direction of its lowest point
	lean      float64           // rim: sine of the tilt, 0 when it lies flat
	turn      int               // rim: quarter turns from the lowest point
	Reach     r3.Vec            // contact point minus center
	Radius    float64           // of ball or rim
	Gap2      float64           // gap at knot 2 (m)
	Ease      float64           // added to the gap at knot 3: depth that need not be undone in one step (m)
	Wrenches  [3]spatial.Wrench // unit impulses along N, T1, T2 at the contact point, about O
}

// Place fixes the feature against the half-space s for the coming step.
//
//	origin   body frame origin about O          rot   body axes → world axes
//	o        the point O in world coordinates
func (f *Feature) Place(t *Touch, s *HalfSpace, t1, t2 r3.Vec, origin r3.Vec, rot *spatial.Mat3, o r3.Vec) {
	n := s.Normal
	t.N, t.T1, t.T2 = n, t1, t2
	t.Arm = rot.MulVec(f.Center)
	t.P = spatial.Add(origin, t.Arm)
	t.Radius = f.Radius
	t.E, t.A = r3.Vec{}, r3.Vec{}
	if f.IsRim() {
		t.A = rot.MulVec(f.Axis)
		t.turn = f.Turn
		t.low, t.lean = f.lowest(n, t.A, rot)
		t.E = quarter(f.Turn, t.A, t.low)
		t.Reach = spatial.Scale(f.Radius, t.E)
	} else {
		t.Reach = spatial.Scale(-f.Radius, n)
	}
	c := spatial.Add(t.P, t.Reach)
	t.Gap2 = spatial.Dot(n, c) + (spatial.Dot(n, o) - s.Offset)
	w := &t.Wrenches
	w[0].Force, w[0].Torque = n, spatial.Cross(c, n)
	w[1].Force, w[1].Torque = t1, spatial.Cross(c, t1)
	w[2].Force, w[2].Torque = t2, spatial.Cross(c, t2)
}

// lowest returns the unit direction across axis a from the disk's center to its lowest point and the sine
// of the tilt, or a direction fixed to the body and 0 when the disk lies flat.
func (f *Feature) lowest(n, a r3.Vec, rot *spatial.Mat3) (r3.Vec, float64) {
	d := spatial.AddScaled(spatial.Scale(-1, n), spatial.Dot(n, a), a) // −n without its part along a
	if l := spatial.Norm(d); l > flat {
		return spatial.Scale(1/l, d), l
	}
	return rot.MulVec(f.Side), 0
}

// quarter returns d turned about a by a number of quarter turns.
func quarter(turn int, a, d r3.Vec) r3.Vec {
	switch turn {
	case 1:
		return spatial.Cross(a, d)
	case 2:
		return spatial.Scale(-1, d)
	case 3:
		return spatial.Cross(d, a)
	}
	return d
}

// Relax lets a touch that starts deeper than reach leave at that much per step instead of at once. Call it
// after Place.
func (t *Touch) Relax(reach float64) { t.Ease = max(0, -t.Gap2-reach) }

// Eval returns gap (m) and sliding velocity (m/s) at knot 3 of a body that moves by m during the step h.
//
// The gap is exact for balls. The sliding velocity is the displacement of the feature's center over h
// plus the turn at the contact point, (2/h) spin × reach: a vertex that does not move does not slide, and a
// ball that rolls does not either.
func (t *Touch) Eval(m *spatial.Motion, invH float64) (gap, v1, v2 float64) {
	dp := spatial.Add(m.Dx, m.Displace(t.Arm))
	gap = t.Gap2 + t.Ease + spatial.Dot(t.N, dp)
	if t.A != (r3.Vec{}) {
		e, _ := t.rimPoint(m)
		gap += t.Radius * spatial.Dot(t.N, spatial.Sub(e, t.E))
	}
	v := spatial.Scale(invH, dp)
	if t.Radius != 0 {
		v = spatial.AddScaled(v, 2*invH, spatial.Cross(m.Spin(), t.Reach))
	}
	return gap, spatial.Dot(t.T1, v), spatial.Dot(t.T2, v)
}

// rimPoint returns the unit direction of the rim point at knot 3, the knot-2 direction projected onto
// the turned disk, and the length of that projection.
func (t *Touch) rimPoint(m *spatial.Motion) (e r3.Vec, length float64) {
	a := m.Rotate(t.A)
	p := spatial.AddScaled(t.E, -spatial.Dot(a, t.E), a)
	length = max(spatial.Norm(p), 1e-9) // a quarter turn of the axis in one step
	return spatial.Scale(1/length, p), length
}

// Rows stores the gradients of gap and sliding velocity with respect to a twist of the body at knot 3
// about O. As covectors they are wrenches: row·twist = change.
func (t *Touch) Rows(g *[3]spatial.Wrench, m *spatial.Motion, invH float64) {
	p := spatial.Add(t.P, spatial.Add(m.Dx, m.Displace(t.Arm)))
	g[0].Force, g[0].Torque = t.N, spatial.Cross(p, t.N)
	g[1].Force, g[1].Torque = spatial.Scale(invH, t.T1), spatial.Scale(invH, spatial.Cross(p, t.T1))
	g[2].Force, g[2].Torque = spatial.Scale(invH, t.T2), spatial.Scale(invH, spatial.Cross(p, t.T2))
	if t.Radius == 0 {
		return
	}
	if t.A != (r3.Vec{}) {
		a := m.Rotate(t.A)
		e, length := t.rimPoint(m)
		// n·de with e = unit(E − a(a·E)) and da = dθ×a
		k := spatial.Scale(1/length, spatial.AddScaled(t.N, -spatial.Dot(e, t.N), e))
		row := spatial.AddScaled(spatial.Scale(spatial.Dot(a, t.E), spatial.Cross(a, k)), spatial.Dot(k, a), spatial.Cross(a, t.E))
		g[0].Torque = spatial.AddScaled(g[0].Torque, -t.Radius, row)
	}
	// d((2/h) spin × reach)·t = (1/h)(reach×t)·D (I − [w]× + wwᵀ)dθ, D = ∂spin/∂w
	g[1].Torque = spatial.AddScaled(g[1].Torque, invH, spinRow(m, spatial.Cross(t.Reach, t.T1)))
	g[2].Torque = spatial.AddScaled(g[2].Torque, invH, spinRow(m, spatial.Cross(t.Reach, t.T2)))
}

// spinRow returns (I − [w]× + wwᵀ)ᵀ D r.
func spinRow(m *spatial.Motion, r r3.Vec) r3.Vec { return spatial.Cayley(m.W, m.SpinJac(r)) }

// StartRows is the derivative of a touch with respect to a twist of the body at knot 2 about O, knot 3
// held fixed: gradient rows g of gap and sliding velocity, and the matrix d with which the contact point
// moves, dc = lin + d·ang.
func (t *Touch) StartRows(g *[3]spatial.Wrench, d *spatial.Mat3, m *spatial.Motion, invH float64) {
	// balls: dc = lin + ang×p
	p := t.P
	*d = spatial.Mat3{0, p.Z, -p.Y, -p.Z, 0, p.X, p.Y, -p.X, 0}
	g[0] = spatial.Wrench{}
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		torque := spatial.Cross(p, tk)
		if t.Radius != 0 {
			// d((2/h) spin × reach)·t with dw = −½(I + [w]× + wwᵀ) ang
			torque = spatial.Add(torque, spatial.Cayley(spatial.Scale(-1, m.W), m.SpinJac(spatial.Cross(t.Reach, tk))))
		}
		g[k+1] = spatial.Wrench{Force: spatial.Scale(-invH, tk), Torque: spatial.Scale(-invH, torque)}
	}
	if t.A != (r3.Vec{}) {
		t.rimStart(g, d, m, invH)
	}
	if t.Ease > 0 { // it follows the gap at knot 2, whose change is N·dc
		g[0].Force = spatial.Sub(g[0].Force, t.N)
		g[0].Torque = spatial.Sub(g[0].Torque, d.TMulVec(t.N))
	}
}

// rimStart adds what a rim feels of knot 2 besides a ball: the direction of its point turns with the axis.
func (t *Touch) rimStart(g *[3]spatial.Wrench, d *spatial.Mat3, m *spatial.Motion, invH float64) {
	a := m.Rotate(t.A)
	e, length := t.rimPoint(m)
	row := func(c int) (gap, v1, v2 float64) {
		de := t.rimTurn(c)
		q := spatial.AddScaled(de, -spatial.Dot(a, de), a)
		q = spatial.Scale(1/length, spatial.AddScaled(q, -spatial.Dot(e, q), e))
		v := spatial.Scale(2*invH*t.Radius, spatial.Cross(m.Spin(), de))
		d[c] += t.Radius * de.X
		d[3+c] += t.Radius * de.Y
		d[6+c] += t.Radius * de.Z
		return t.Radius * spatial.Dot(t.N, q), spatial.Dot(t.T1, v), spatial.Dot(t.T2, v)
	}
	var x, y, z [3]float64
	x[0], x[1], x[2] = row(0)
	y[0], y[1], y[2] = row(1)
	z[0], z[1], z[2] = row(2)
	for k := range g {
		g[k].Torque = spatial.Add(g[k].Torque, r3.Vec{X: x[k], Y: y[k], Z: z[k]})
	}
}

// rimTurn returns dE for a unit rotation of the body at knot 2 about world axis c.
func (t *Touch) rimTurn(c int) r3.Vec {
	ang := [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[c]
	return t.turnRim(spatial.Cross(ang, t.A), spatial.Cross(ang, t.low), r3.Vec{})
}
