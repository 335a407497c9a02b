package contact

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Feature is one thing on a body that can touch a half-space, in body axes relative to the body frame.
type Feature struct {
	Center r3.Vec  // ball center, or center of the rim's disk (m)
	Axis   r3.Vec  // unit axis of a rim, zero for a ball
	Radius float64 // of the ball or of the rim (m); 0 for a vertex
}

// IsRim reports whether f is a rim rather than a ball.
func (f *Feature) IsRim() bool { return f.Axis != r3.Vec{} }

// Features returns the features of s placed at pose in the body frame, in a fixed order.
func (s Shape) Features(pose spatial.Pose) []Feature {
	n, r := 1, s.Radius
	switch s.Kind {
	case KindCapsule:
		n = 2
	case KindBox:
		n, r = 8, 0
	case KindPoints:
		n, r = len(s.Vertices), 0
	case KindCylinder:
		n = 2 * capPoints
	}
	fs := make([]Feature, n)
	for k := range fs {
		fs[k] = Feature{Center: pose.Apply(s.Center(k)), Radius: r}
		if s.Kind == KindCylinder {
			if k%capPoints == 0 {
				fs[k].Axis = spatial.QuatRotate(pose.Rot, r3.Vec{Z: 1})
			} else {
				fs[k].Radius = 0
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

// Touch is a feature against a half-space during one step. Positions are relative to a reference point O that does not move
// during the step; everything is in world axes at knot 2.
type Touch struct {
	N, T1, T2 r3.Vec            // normal (out of the half-space) and tangents
	Arm       r3.Vec            // center of the feature minus body frame origin
	P         r3.Vec            // center of the feature about O
	Axis      r3.Vec            // of a rim; zero for a ball
	Reach     r3.Vec            // where the impulse acts minus center
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
	t.Axis = r3.Vec{}
	plane := s.Offset - spatial.Dot(n, o) // about O
	if f.IsRim() {
		t.Axis = rot.MulVec(f.Axis)
		r := rimOf(n, t.Axis)
		t.Reach = spatial.Scale(f.Radius, r.point())
		t.Gap2 = spatial.Dot(n, t.P) - f.Radius*r.depth() - plane
	} else {
		t.Reach = spatial.Scale(-f.Radius, n)
		t.Gap2 = spatial.Dot(n, spatial.Add(t.P, t.Reach)) - plane
	}
	t.act()
}

// act makes the unit impulses act at the contact point.
func (t *Touch) act() {
	c, w := spatial.Add(t.P, t.Reach), &t.Wrenches
	w[0].Force, w[0].Torque = t.N, spatial.Cross(c, t.N)
	w[1].Force, w[1].Torque = t.T1, spatial.Cross(c, t.T1)
	w[2].Force, w[2].Torque = t.T2, spatial.Cross(c, t.T2)
}

// IsRim reports whether the touch is that of a rim, whose impulse depends on the motion.
func (t *Touch) IsRim() bool { return t.Axis != r3.Vec{} }

// Turn lets the impulse of a rim act where the motion m of its body wants it.
func (t *Touch) Turn(m *spatial.Motion) {
	r := t.roll(m)
	t.Reach = spatial.Scale(t.Radius, r.at())
	t.act()
}

// Relax lets a touch that starts deeper than reach leave at that much per step instead of at once. Call it
// after Place.
func (t *Touch) Relax(reach float64) { t.Ease = max(0, -t.Gap2-reach) }

// Eval returns gap (m) and sliding velocity (m/s) at knot 3 of a body that moves by m during the step h.
//
// The gap is that of the pose at knot 3, exact for balls. The sliding velocity is the displacement of the
// feature's center over h plus the turn at the contact point, (2/h) spin × reach: a vertex that does not move does
// not slide, and a ball that rolls does not either. The reach of a rim is the mean of those at both knots.
func (t *Touch) Eval(m *spatial.Motion, invH float64) (gap, v1, v2 float64) {
	dp := spatial.Add(m.Dx, m.Displace(t.Arm))
	gap = t.Gap2 + t.Ease + spatial.Dot(t.N, dp)
	v := spatial.Scale(invH, dp)
	if t.Radius != 0 {
		reach := t.Reach
		if t.IsRim() {
			r := t.roll(m)
			gap -= t.Radius * (r.end.depth() - r.start.depth())
			reach = spatial.Scale(t.Radius, r.middle())
		}
		v = spatial.AddScaled(v, 2*invH, spatial.Cross(m.Spin(), reach))
	}
	return gap, spatial.Dot(t.T1, v), spatial.Dot(t.T2, v)
}

// Blunted returns how much deeper the body is at knot 3 than Eval says (m): a rim is blunted where it lies flat.
func (t *Touch) Blunted(m *spatial.Motion) float64 {
	if !t.IsRim() {
		return 0
	}
	r := rimOf(t.N, m.Rotate(t.Axis))
	return t.Radius * r.blunted()
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
	reach := t.Reach
	if t.IsRim() {
		r, axis := t.roll(m), m.Rotate(t.Axis)
		reach = spatial.Scale(t.Radius, r.middle())
		g[0].Torque = spatial.AddScaled(g[0].Torque, t.Radius, spatial.Cross(r.end.lever(), t.N))
		t.addSwing(g, r.end.turns(t.N, axis), m, invH)
	}
	// d((2/h) spin × reach)·t = (1/h)(reach×t)·D (I − [w]× + wwᵀ)dθ, D = ∂spin/∂w
	g[1].Torque = spatial.AddScaled(g[1].Torque, invH, spinRow(m, spatial.Cross(reach, t.T1)))
	g[2].Torque = spatial.AddScaled(g[2].Torque, invH, spinRow(m, spatial.Cross(reach, t.T2)))
}

// addSwing adds to the rows of the sliding velocity that the point of the rim at one of the knots moves by du.
func (t *Touch) addSwing(g *[3]spatial.Wrench, du [3]r3.Vec, m *spatial.Motion, invH float64) {
	// t·((2/h) spin × ½ r du) = (r/h)(t × spin)·du
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		a := spatial.Scale(t.Radius*invH, spatial.Cross(tk, m.Spin()))
		row := r3.Vec{X: spatial.Dot(a, du[0]), Y: spatial.Dot(a, du[1]), Z: spatial.Dot(a, du[2])}
		g[k+1].Torque = spatial.Add(g[k+1].Torque, row)
	}
}

// spinRow returns (I − [w]× + wwᵀ)ᵀ D r.
func spinRow(m *spatial.Motion, r r3.Vec) r3.Vec { return spatial.Cayley(m.W, m.SpinJac(r)) }

// PointRows stores how the point of a rim's impulse moves with a turn of the body at knot 3.
func (t *Touch) PointRows(d *spatial.Mat3, m *spatial.Motion) {
	r := t.roll(m)
	*d = spatial.Mat3{}
	for c, du := range r.end.turns(t.N, m.Rotate(t.Axis)) {
		addColumn(d, c, t.Radius, r.shift(r3.Vec{}, du))
	}
}

func addColumn(d *spatial.Mat3, c int, k float64, v r3.Vec) {
	d[c] += k * v.X
	d[3+c] += k * v.Y
	d[6+c] += k * v.Z
}

// StartRows is the derivative of a touch with respect to a twist of the body at knot 2 about O, knot 3
// held fixed: gradient rows g of gap and sliding velocity, and the matrix d with which the contact point
// moves, dc = lin + d·ang.
func (t *Touch) StartRows(g *[3]spatial.Wrench, d *spatial.Mat3, m *spatial.Motion, invH float64) {
	// balls: dc = lin + ang×p
	p := t.P
	*d = spatial.Mat3{0, p.Z, -p.Y, -p.Z, 0, p.X, p.Y, -p.X, 0}
	g[0] = spatial.Wrench{}
	reach, low := t.Reach, p // low is where the gap at knot 2 has its lever
	var du [3]r3.Vec
	if t.IsRim() {
		r := t.roll(m)
		reach = spatial.Scale(t.Radius, r.middle())
		low = spatial.AddScaled(p, t.Radius, r.start.lever())
		du = r.start.turns(t.N, t.Axis)
		for c := range du {
			addColumn(d, c, t.Radius, r.shift(du[c], r3.Vec{}))
		}
	}
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		torque := spatial.Cross(p, tk)
		if t.Radius != 0 {
			// d((2/h) spin × reach)·t with dw = −½(I + [w]× + wwᵀ) ang
			torque = spatial.Add(torque, spatial.Cayley(spatial.Scale(-1, m.W), m.SpinJac(spatial.Cross(reach, tk))))
		}
		g[k+1] = spatial.Wrench{Force: spatial.Scale(-invH, tk), Torque: spatial.Scale(-invH, torque)}
	}
	if t.IsRim() {
		t.addSwing(g, du, m, invH)
	}
	if t.Ease > 0 { // it follows the gap at knot 2
		g[0] = spatial.Wrench{Force: spatial.Scale(-1, t.N), Torque: spatial.Cross(t.N, low)}
	}
}
