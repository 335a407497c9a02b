package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Meeting is a pair of features of two bodies that both may move, during one step. Positions are relative to a reference point O that
// both share and that does not move during the step; everything is in world axes at knot 2. Normal, tangents and the one contact point
// of both bodies are those of knot 2, so that what one body loses the other wins; gap and sliding velocity are those of knot 3, of
// the features of knot 2.
type Meeting struct {
	Kind      Kind
	N, T1, T2 r3.Vec            // normal (from B to A) and tangents
	Point     r3.Vec            // where the impulse acts, about O
	Gap2      float64           // gap at knot 2 (m)
	Ease      float64           // added to the gap at knot 3: depth that need not be undone in one step, or minus what a bounce must reach (m)
	Follow    float64           // how much of a fall of the gap at knot 2 ease makes up
	Tie       bool              // whether the normal at knot 2 is arbitrary: a kink, and derivatives are those of a fixed normal
	Wrenches  [3]spatial.Wrench // unit impulses along N, T1, T2 at the contact point, about O, on A; B feels their opposites
	Belt      Belt              // of the surfaces, set after Place
	Mode      Mode              // what the value is; set before Place
	Guided    bool              // whether joints leave the bodies so few freedoms that what sticks has to keep its gap: slides then lean, see lean.go
	Lever     float64           // of what turns (m)

	a, b     placed
	near     near
	diagonal bool
	side     float64 // 1 where A's body has the higher index, else −1
	end      ends    // of the motions last asked for: values, rows and points of what rolls want the same ones
}

// Place fixes the pair for the coming step. The frames are those of the bodies of A and B; that of the world has no Rot. Diagonal
// turns the tangents by an eighth of a turn, as a pyramid of friction wants them.
func (t *Meeting) Place(p *Pair, a, b *Frame, diagonal bool) {
	t.Kind, t.Ease, t.Follow, t.diagonal = p.Kind, 0, 0, diagonal
	t.a.place(&p.A.Feature, a)
	t.b.place(&p.B.Feature, b)
	t.end.begin(&t.a, &t.b)
	t.side = p.order()
	t.near.forget(p.Kind)
	t.near.meet(p.Kind, &t.a, &t.b, p.toward(&t.a, &t.b), p.From)
	t.N, t.Point, t.Gap2, t.Tie = t.near.n, t.near.c, t.near.gap, t.near.tie
	t.tangents()
	t.act()
}

// act makes the unit impulses act at the contact point.
func (t *Meeting) act() {
	c, w := t.Point, &t.Wrenches
	if t.Mode == Turn {
		torques(w, t.Lever, t.N, t.T1, t.T2)
		return
	}
	w[0].Force, w[0].Torque = t.N, spatial.Cross(c, t.N)
	w[1].Force, w[1].Torque = t.T1, spatial.Cross(c, t.T1)
	w[2].Force, w[2].Torque = t.T2, spatial.Cross(c, t.T2)
}

// outward is the normal out of the body of the lower index. Tangents are made from it, so that exchanged sides have the same ones
// where a normal lies level, and the sign of its Z is none.
func (t *Meeting) outward(n r3.Vec) r3.Vec {
	n = spatial.Scale(t.side, n)
	n.Z += 0 // −0 + 0 is 0
	return n
}

func (t *Meeting) tangents() {
	t.T1, t.T2 = spatial.Tangents(t.outward(t.N))
	t.T2 = spatial.Scale(t.side, t.T2)
	if t.diagonal {
		t.T1, t.T2 = eighth(t.T1, t.T2)
	}
}

// turn returns how the tangents change with the normal.
func (t *Meeting) turn(dn r3.Vec) (d1, d2 r3.Vec) {
	d1, d2 = TangentShift(t.outward(t.N), t.outward(dn))
	d2 = spatial.Scale(t.side, d2)
	if t.diagonal {
		d1, d2 = eighth(d1, d2)
	}
	return d1, d2
}

// eighth turns tangents by an eighth of a turn about their normal.
func eighth(t1, t2 r3.Vec) (a, b r3.Vec) {
	const k = math.Sqrt2 / 2
	return spatial.Scale(k, spatial.Add(t1, t2)), spatial.Scale(k, spatial.Sub(t2, t1))
}

// Relax lets a pair that starts deeper than reach leave at that much per step instead of at once. Call it after Place.
func (t *Meeting) Relax(reach float64) { t.Ease, t.Follow = max(0, -t.Gap2-reach), 1 }

// Force returns the impulse on A with the components λ along N, T1, T2.
func (t *Meeting) Force(l r3.Vec) r3.Vec {
	if t.Mode == Turn {
		return r3.Vec{}
	}
	return spatial.AddScaled(spatial.AddScaled(spatial.Scale(l.X, t.N), l.Y, t.T1), l.Z, t.T2)
}

// swing is a side from knot 2 to knot 3.
type swing struct {
	placed        // the feature at knot 3
	spin   r3.Vec // of the motion
	moved  r3.Vec // displacement of the point of the core, as a point of the body
	at     r3.Vec // that point at knot 3
	reach  r3.Vec // from it to the common point, mean of both knots
	pivot  r3.Vec // center of the turn of its surface, in the middle of the step
}

// swing makes w the side whose feature is x at knot 2, and core the point of its core.
func (w *swing) swing(x *placed, m *spatial.Motion, core r3.Vec) {
	w.moved = spatial.Add(m.Dx, m.Displace(x.arm))
	w.placed.after(x, w.moved, m)
	w.spin = m.Spin()
	if core != x.p { // the center is the point of most cores
		w.moved = x.carry(m, core)
	}
	w.at = spatial.Add(core, w.moved)
}

// reaches reports whether there is a reach; that of a vertex is none.
func (w *swing) reaches() bool { return w.reach.X != 0 || w.reach.Y != 0 || w.reach.Z != 0 }

// slide returns the velocity of the body at the common point: the displacement of the point of the core over h, exact, plus the turn
// of the arm from there, (2/h) spin × reach. So vertices and edges that move with a face do not slide on it, nor do balls that roll.
func (w *swing) slide(invH float64) r3.Vec {
	return spatial.AddScaled(spatial.Scale(invH, w.moved), 2*invH, spatial.Cross(w.spin, w.reach))
}

// ends is where the features are nearest at knot 3, and how both sides came there.
type ends struct {
	near
	a, b   swing
	known  bool   // the rest of it, of these turns and displacements of A and B
	wa, xa r3.Vec // one by one: arrays are compared by a call
	wb, xb r3.Vec
}

// begin makes e that of features of which no motions are known. What a ball on a face does not change stays.
func (e *ends) begin(a, b *placed) {
	e.known, e.tie, e.inv, e.bare = false, false, 0, false
	e.a.begin(a)
	e.b.begin(b)
}

// swings finds them for these motions.
func (t *Meeting) swings(a, b *spatial.Motion) *ends {
	e := &t.end
	if e.known && e.wa == a.W && e.wb == b.W && e.xa == a.Dx && e.xb == b.Dx {
		return e
	}
	e.known, e.wa, e.xa, e.wb, e.xb = true, a.W, a.Dx, b.W, b.Dx
	x, wa, wb := &e.near, &e.a, &e.b
	switch t.Kind {
	case PointPlane:
		x.swingOnFace(wa, wb, &t.a, &t.b, a, b, &t.near.fb)
	case PlanePoint:
		x.swingOnFace(wb, wa, &t.b, &t.a, b, a, &t.near.fa)
		x.mirror()
	case PointPoint:
		wa.swingPoint(&t.a, a)
		wb.swingPoint(&t.b, b)
		x.forget(PointPoint)
		x.meetPointPoint(&wa.placed, &wb.placed, t.N)
		if t.passed(x) {
			x.turn(&wa.placed, &wb.placed)
		}
	case LineLine:
		wa.swingLine(&t.a, a, t.near.fa, t.near.s)
		wb.swingLine(&t.b, b, t.near.fb, t.near.t)
		x.forget(LineLine)
		x.meetLineLine(&wa.placed, &wb.placed, t.N)
	default:
		t.swingAny(a, b)
	}
	sum := spatial.Add(t.near.c, x.c)
	wa.reach = spatial.Scale(0.5, spatial.Sub(sum, spatial.Add(t.near.fa, wa.at)))
	wb.reach = spatial.Scale(0.5, spatial.Sub(sum, spatial.Add(t.near.fb, wb.at)))
	if t.Belt.spins {
		wa.pivot, wb.pivot = t.a.halfway(&t.Belt.A, a), t.b.halfway(&t.Belt.B, b)
	}
	return e
}

// swingOnFace is swingAny of a ball on a face, which most contacts are, in two thirds of the time. The point of the
// ball's core is its center, that of the face's is core.
func (x *near) swingOnFace(ball, face *swing, p, q *placed, m, n *spatial.Motion, core *r3.Vec) {
	ball.swingPoint(p, m)
	face.p, face.axis = spatial.Add(q.p, spatial.Add(n.Dx, n.Displace(q.arm))), n.Rotate(q.axis)
	face.moved = q.carry(n, *core)
	face.spin, face.at = n.Spin(), spatial.Add(*core, face.moved)
	x.meetPointPlane(&ball.placed, &face.placed)
}

// swingPoint is swing of a ball or vertex, whose center is the point of the core.
func (w *swing) swingPoint(x *placed, m *spatial.Motion) {
	w.moved = spatial.Add(m.Dx, m.Displace(x.arm))
	w.p = spatial.Add(x.p, w.moved)
	w.spin, w.at = m.Spin(), w.p
}

// swingLine is swing of a line, whose point of the core is that far along it: that moves as the center does, and on as the axis turns.
func (w *swing) swingLine(x *placed, m *spatial.Motion, core r3.Vec, along float64) {
	moved, turned := spatial.Add(m.Dx, m.Displace(x.arm)), m.Displace(x.axis)
	w.p, w.axis = spatial.Add(x.p, moved), spatial.Add(x.axis, turned)
	w.moved = spatial.AddScaled(moved, along, turned)
	w.spin, w.at = m.Spin(), spatial.Add(core, w.moved)
}

// swingAny finds where features of any kind are nearest at knot 3, and how both sides came there.
func (t *Meeting) swingAny(a, b *spatial.Motion) {
	e := &t.end
	e.near.forget(t.Kind)
	x, wa, wb := &e.near, &e.a, &e.b
	wa.swing(&t.a, a, t.near.fa)
	wb.swing(&t.b, b, t.near.fb)
	x.meet(t.Kind, &wa.placed, &wb.placed, t.N, t.N)
	switch {
	case t.Rolls():
	case t.Kind >= OvalPoint:
		if t.passedOval(x, &wa.placed, &wb.placed) {
			*x = behind(t.Kind, &wa.placed, &wb.placed, t.N)
		}
	case t.passed(x):
		x.turn(&wa.placed, &wb.placed)
	}
}

// passed reports whether the cores went through each other during the step rather than past: a distance alone would be positive again
// behind a thin body. That is so if the way from knot 2 to knot 3, taken as straight, ends on the other side and comes nearer than the
// radii. Planes, and lines that cross, have a side anyway; points and lines without radius have nothing to go through.
func (t *Meeting) passed(x *near) bool {
	if t.Kind >= PointPlane || t.near.inv == 0 || x.inv == 0 {
		return false
	}
	d2, d3 := spatial.Sub(t.near.fa, t.near.fb), spatial.Sub(x.fa, x.fb)
	if spatial.Dot(d2, d3) >= 0 {
		return false
	}
	r := t.a.radius + t.b.radius
	way, side := spatial.Sub(d3, d2), spatial.Cross(d2, d3)
	return spatial.Dot(side, side) < r*r*spatial.Dot(way, way)
}

// slide returns the velocity of A's surface on B's.
func (t *Meeting) slide(a, b *swing, invH float64) r3.Vec {
	v := spatial.Sub(a.slide(invH), b.slide(invH))
	if t.Belt.moves {
		v = spatial.Add(v, t.drift(a, b))
	}
	return v
}

// Soften eases what starts in penetration by the given part of its depth. Call it after Place.
func (t *Meeting) Soften(part float64) { t.Ease, t.Follow = part*max(0, -t.Gap2), part }

// Eval returns gap (m) and sliding velocity (m/s) of A on B at knot 3, when the bodies move by a and b during the step h.
func (t *Meeting) Eval(a, b *spatial.Motion, invH float64) (gap, v1, v2 float64) {
	if t.Mode == Turn {
		w := along(t.rate(a, b, invH), t.N, t.T1, t.T2)
		return w.X, w.Y, w.Z
	}
	end := t.swings(a, b)
	v := t.slide(&end.a, &end.b, invH)
	gap, v1, v2 = end.gap+t.Ease, spatial.Dot(t.T1, v), spatial.Dot(t.T2, v)
	if t.Guided {
		var s slip
		t.slipOf(&s, end, invH)
		v1, v2 = v1+s.w[0]*s.miss, v2+s.w[1]*s.miss
	}
	return gap, v1, v2
}

// Sliding returns the sliding velocity alone. That of a vertex on a face needs neither the gap nor the normal there.
func (t *Meeting) Sliding(a, b *spatial.Motion, invH float64) (v1, v2 float64) {
	var v r3.Vec
	switch plain := !t.Guided && !t.Belt.moves; {
	case plain && t.Kind == PointPlane && t.a.radius == 0:
		v = t.near.slidingOnFace(&t.a, &t.b, a, b, &t.near.fb, invH)
	case plain && t.Kind == PlanePoint && t.b.radius == 0:
		v = spatial.Scale(-1, t.near.slidingOnFace(&t.b, &t.a, b, a, &t.near.fa, invH))
	default:
		_, v1, v2 = t.Eval(a, b, invH)
		return v1, v2
	}
	return spatial.Dot(t.T1, v), spatial.Dot(t.T2, v)
}

// slidingOnFace returns the velocity of the vertex p on the face q, whose point of the core is given, to the bit as
// [swing.slide] has it: the reach of a vertex is none.
func (x *near) slidingOnFace(p, q *placed, m, n *spatial.Motion, core *r3.Vec, invH float64) r3.Vec {
	moved, carried := spatial.Add(m.Dx, m.Displace(p.arm)), q.carry(n, *core)
	reach := spatial.Scale(0.5, spatial.Sub(spatial.Add(x.c, spatial.Add(p.p, moved)), spatial.Add(*core, spatial.Add(*core, carried))))
	slide := spatial.AddScaled(spatial.Scale(invH, carried), 2*invH, spatial.Cross(n.Spin(), reach))
	return spatial.Sub(spatial.Scale(invH, moved), slide)
}

// Kinked reports whether the normal is arbitrary at knot 2 or 3.
func (t *Meeting) Kinked(a, b *spatial.Motion) bool {
	return t.Tie || t.swings(a, b).tie
}
