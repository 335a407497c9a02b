package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Touch is a pair whose side B is a half-space of the world, during one step. Positions are relative to a reference point O that does
// not move during the step; everything is in world axes at knot 2.
type Touch struct {
	N, T1, T2 r3.Vec            // normal (from B to A) and tangents
	Arm       r3.Vec            // center of the feature minus body frame origin
	P         r3.Vec            // center of the feature about O
	Axis      r3.Vec            // of a rim; zero for a ball
	Oval      Oval              // of an oval
	Reach     r3.Vec            // where the impulse acts minus center
	Radius    float64           // of ball or rim; 1 for an oval: what a rim has per radius, an oval has in meters
	Gap2      float64           // gap at knot 2 (m)
	Ease      float64           // added to the gap at knot 3: depth that need not be undone in one step, or minus what a bounce must reach (m)
	Follow    float64           // how much of a fall of the gap at knot 2 ease makes up
	Belt      Belt              // of the surfaces, set after Place
	Mode      Mode              // what the value is; set before Place
	Guided    bool              // whether joints leave the bodies so few freedoms that what sticks has to keep its gap: slides then lean, see lean.go
	Lever     float64           // of what turns (m)
	Wrenches  [3]spatial.Wrench // unit impulses along N, T1, T2 at the contact point, about O
}

// Place fixes a, a ball, rim or oval of a body, against b, a plane of the world, for the coming step: along the normal
// of b, to which t1 and t2 are tangents. The frames at and on are those of the body and of the world.
func (t *Touch) Place(a *Feature, at *Frame, b *Feature, on *Frame, t1, t2 r3.Vec) {
	n := b.Axis
	t.N, t.T1, t.T2 = n, t1, t2
	t.Arm = at.Rot.MulVec(a.Center)
	t.P = spatial.Add(at.Pos, t.Arm)
	t.Radius = a.Radius
	t.Axis, t.Oval = r3.Vec{}, Oval{}
	plane := b.Radius + spatial.Dot(n, spatial.Add(on.Pos, b.Center)) // about O
	switch {
	case a.IsOval():
		t.Oval, t.Radius = a.Oval.Turned(at.Rot), 1
	case a.IsRim():
		t.Axis = at.Rot.MulVec(a.Axis)
	}
	if t.Rolls() {
		r := t.foot(t.Axis, t.Oval)
		t.Reach = spatial.Scale(t.Radius, r.point())
		t.Gap2 = spatial.Dot(n, t.P) - t.Radius*r.depth() - plane
	} else {
		t.Reach = spatial.Scale(-t.Radius, n)
		t.Gap2 = spatial.Dot(n, spatial.Add(t.P, t.Reach)) - plane
	}
	t.act()
}

// act makes the unit impulses act at the contact point.
func (t *Touch) act() {
	c, w := spatial.Add(t.P, t.Reach), &t.Wrenches
	if t.Mode == Turn {
		torques(w, t.Lever, t.N, t.T1, t.T2)
		return
	}
	w[0].Force, w[0].Torque = t.N, spatial.Cross(c, t.N)
	w[1].Force, w[1].Torque = t.T1, spatial.Cross(c, t.T1)
	w[2].Force, w[2].Torque = t.T2, spatial.Cross(c, t.T2)
}

// Rolls reports whether the touch is that of a rim or an oval, whose lowest point runs round it and whose impulse depends on the motion.
func (t *Touch) Rolls() bool { return t.Mode == Slide && (t.Axis != r3.Vec{} || t.Oval.is()) }

// Turn lets the impulse of what rolls act where the motion m of its body wants it.
func (t *Touch) Turn(m *spatial.Motion) {
	r := t.roll(m)
	t.Reach = spatial.Scale(t.Radius, r.at())
	t.act()
}

// Relax lets a touch that starts deeper than reach leave at that much per step instead of at once. Call it
// after Place.
func (t *Touch) Relax(reach float64) { t.Ease, t.Follow = max(0, -t.Gap2-reach), 1 }

// Soften eases what starts in penetration by the given part of its depth. Call it after Place.
func (t *Touch) Soften(part float64) { t.Ease, t.Follow = part*max(0, -t.Gap2), part }

// Eval returns gap (m) and sliding velocity (m/s) at knot 3 of a body that moves by m during the step h.
//
// The gap is that of the pose at knot 3, exact for balls. The sliding velocity is the displacement of the
// feature's center over h plus the turn at the contact point, (2/h) spin × reach: a vertex that does not move does
// not slide, and a ball that rolls does not either. The reach of a rim or oval is the mean of those at both knots.
func (t *Touch) Eval(m *spatial.Motion, invH float64) (gap, v1, v2 float64) {
	if t.Mode == Turn {
		w := along(t.rate(m, invH), t.N, t.T1, t.T2)
		return w.X, w.Y, w.Z
	}
	dp := spatial.Add(m.Dx, m.Displace(t.Arm))
	gap = t.Gap2 + t.Ease + spatial.Dot(t.N, dp)
	v := spatial.Scale(invH, dp)
	if t.Rolls() {
		return t.roundEval(m, gap, invH)
	}
	if t.Radius != 0 {
		v = spatial.AddScaled(v, 2*invH, spatial.Cross(m.Spin(), t.Reach))
	}
	if t.Belt.moves {
		v = spatial.Add(v, t.drift(m, t.Reach))
	}
	return gap, spatial.Dot(t.T1, v), spatial.Dot(t.T2, v)
}

// roundEval is Eval of what rolls; its gap would be the given one if it reached no deeper than at knot 2.
func (t *Touch) roundEval(m *spatial.Motion, gap, invH float64) (end, v1, v2 float64) {
	r := t.roll(m)
	end = gap - t.Radius*(r.end.depth()-r.start.depth())
	var s slip
	t.slipOf(&s, m, &r, invH)
	v := s.v
	if t.Belt.moves {
		v = spatial.Add(v, t.drift(m, spatial.Scale(t.Radius, r.middle())))
	}
	return end, spatial.Dot(t.T1, v) + s.w[0]*s.miss, spatial.Dot(t.T2, v) + s.w[1]*s.miss
}

// Hangs returns the point of the feature, minus its center, on which the gap at the end of the motion m hangs, in axes there: the gap falls
// as that point of the body does.
func (t *Touch) Hangs(m *spatial.Motion) r3.Vec {
	if !t.Rolls() {
		return r3.Vec{}
	}
	f := t.footAfter(m)
	return spatial.Scale(t.Radius, f.lever())
}

// Blunted returns how much deeper the body is at knot 3 than Eval says (m): a rim is blunted where it lies flat.
func (t *Touch) Blunted(m *spatial.Motion) float64 {
	if t.Axis == (r3.Vec{}) {
		return 0
	}
	r := rimOf(t.N, m.Rotate(t.Axis))
	return t.Radius * r.blunted()
}
