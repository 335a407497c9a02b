package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What a meeting of points, lines and planes feels of knot 2 needs no twist of either body tried. What moves both bodies
// moves near along, so one side says what the other does; and of a side near feels the velocity v of a point alone: where
// it is a point, that; of two lines the point of A that is nearest, and the rate g = χ·ω, χ = e×n, at which A's line turns
// towards the normal. A slide along q then changes by
//
//	a·x_A + b·x_B + n·dn + gap·dgap,   a = R_Aᵀ(q − q×s_A)/h,   b = −R_Bᵀ(q − q×s_B)/h,
//
// x how far the points of the cores move in their bodies, s the spins: all else that the points do cancels between both
// bodies, but for that these points and the common one lie apart along the normal.

// lever is a covector on what near does.
type lever struct {
	a, b, c r3.Vec // on the points of the cores, each as seen from its body, and the common point
	n       r3.Vec
	gap     float64
}

// pried makes it one on v, of a point and a point or line, the common point of which is the middle of the surfaces.
func (t *Meeting) pried(y *lever) (v r3.Vec) {
	x, n, half := &t.near, t.near.n, spatial.Scale(0.5, y.c)
	dn, gap := spatial.AddScaled(y.n, t.b.radius-t.a.radius, half), y.gap
	switch t.Kind {
	case PointLine:
		v = spatial.Scale(spatial.Dot(t.b.axis, spatial.Add(y.b, half)), t.b.axis)
		dn = spatial.Across(dn, t.b.axis)
	case LinePoint: // the point is of B
		v = spatial.Scale(spatial.Dot(t.a.axis, spatial.Add(y.a, half)), t.a.axis)
		dn, gap = spatial.Scale(-1, spatial.Across(dn, t.a.axis)), -gap
	}
	v = spatial.AddScaled(spatial.Add(half, v), x.inv, spatial.Across(dn, n))
	return spatial.AddScaled(v, gap, n)
}

// overLines returns what a on x_A, b on x_B, each along its line, and dn are on v and g of two lines: with h = n·w
//
//	x_A = −d_a·v − g h d_a·d_a,   x_B = d_b·v + g h d_b·d_a,   dn = −g d_a
func (x *near) overLines(a, b float64, dn r3.Vec) (v r3.Vec, g float64) {
	v = spatial.AddScaled(spatial.Scale(-a, x.da), b, x.db)
	return v, spatial.Dot(x.n, x.d)*spatial.Dot(x.da, v) - spatial.Dot(dn, x.da)
}

// handle is what a side moves near by.
type handle struct {
	one    int // which side
	p, chi r3.Vec
	ua, ub float64 // how far the points of the cores are from the common one along the normal
}

// startLevers is StartRows of them.
func (t *Meeting) startLevers(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	var x bends
	var own slip
	lean := t.bends(&x, &own, l, a, b, invH)
	h := handle{p: t.near.fa}
	if t.Kind < PointPlane {
		h.ua, h.ub = spatial.Dot(t.near.n, spatial.Sub(t.near.fa, t.near.c)), spatial.Dot(t.near.n, spatial.Sub(t.near.fb, t.near.c))
	}
	switch t.Kind {
	case LinePoint, PlanePoint:
		h.one, h.p = 1, t.near.fb
	case LineLine:
		h.chi = spatial.Cross(t.a.axis, t.near.n)
	}
	t.startGap(s, h.one, h.p)
	t.startSlide(s, &x, 0, t.T1, &h, lean, a, b, invH)
	t.startSlide(s, &x, 1, t.T2, &h, lean, a, b, invH)
	m, o, f, p := &s.Impulse[h.one], &s.Impulse[1-h.one], x.f, t.Point
	r0, r1, r2 := x.force.Row(0), x.force.Row(1), x.force.Row(2)
	t.startForce((*[6]float64)(m[0:]), (*[6]float64)(o[0:]), r0, &h)
	t.startForce((*[6]float64)(m[6:]), (*[6]float64)(o[6:]), r1, &h)
	t.startForce((*[6]float64)(m[12:]), (*[6]float64)(o[12:]), r2, &h)
	// the torque changes by dc×f + P×df
	t.startTorque((*[6]float64)(m[18:]), (*[6]float64)(o[18:]), r3.Vec{Y: f.Z, Z: -f.Y}, spatial.AddScaled(spatial.Scale(-p.Z, r1), p.Y, r2), &h)
	t.startTorque((*[6]float64)(m[24:]), (*[6]float64)(o[24:]), r3.Vec{X: -f.Z, Z: f.X}, spatial.AddScaled(spatial.Scale(p.Z, r0), -p.X, r2), &h)
	t.startTorque((*[6]float64)(m[30:]), (*[6]float64)(o[30:]), r3.Vec{X: f.Y, Y: -f.X}, spatial.AddScaled(spatial.Scale(-p.Y, r0), p.X, r1), &h)
}

// startGap stores what the gap feels, which follows that at knot 2 where it is eased.
func (t *Meeting) startGap(s *Start, one int, p r3.Vec) {
	w, o := &s.Rows[one][0], &s.Rows[1-one][0]
	if t.Ease == 0 {
		*w, *o = spatial.Wrench{}, spatial.Wrench{}
		return
	}
	k := -t.Follow
	if one == 1 {
		k = -k
	}
	w.Force = spatial.Scale(k, t.near.n)
	w.Torque = spatial.Cross(p, w.Force)
	o.Force, o.Torque = spatial.Scale(-1, w.Force), spatial.Scale(-1, w.Torque)
}

// in returns what a slide along q feels of how the point of the core moves in its body.
func (w *swing) in(q r3.Vec, m *spatial.Motion, k float64) r3.Vec {
	return spatial.Scale(k, m.Unrotate(spatial.Sub(q, spatial.Cross(q, w.spin))))
}

// startSlide stores what slide k, along q, feels.
func (t *Meeting) startSlide(s *Start, x *bends, k int, q r3.Vec, h *handle, lean *slip, a, b *spatial.Motion, invH float64) {
	ra, rb := &s.Rows[0][1+k], &s.Rows[1][1+k]
	across := q
	if t.Guided {
		q = spatial.AddScaled(q, lean.w[k], t.N)
	}
	switch e := &t.end; t.Kind {
	case PointPlane: // near moves along with the ball, and the normal stays
		v := spatial.AddScaled(e.b.in(q, b, -invH), x.rise[k], t.near.n)
		if put(ra, rb, v, spatial.Cross(h.p, v), spatial.Cross(t.near.n, x.turn[k])); t.a.radius > 0 {
			t.startBall(ra, rb, q, &e.a, -invH, t.a.radius, a)
		}
		e.b.startSpin(rb, q, invH, b)
	case PlanePoint:
		v := spatial.AddScaled(e.a.in(q, a, invH), -x.rise[k], t.near.n)
		if put(rb, ra, v, spatial.Cross(h.p, v), spatial.Cross(t.near.n, x.turn[k])); t.b.radius > 0 {
			t.startBall(rb, ra, q, &e.b, invH, t.b.radius, b)
		}
		e.a.startSpin(ra, q, -invH, a)
	default:
		t.startApart(s, x, k, q, h, a, b, invH)
		e.a.startSpin(ra, q, -invH, a)
		e.b.startSpin(rb, q, invH, b)
	}
	if t.Guided {
		by := lean.by(k, across)
		lean.leanStart(ra, 1, by, a)
		lean.leanStart(rb, -1, by, b)
	}
}

// put stores v and the torque on the side of the handle, and what that leaves of what turns of both feel.
func put(w, o *spatial.Wrench, v, torque, all r3.Vec) {
	w.Force.X, w.Force.Y, w.Force.Z = v.X, v.Y, v.Z
	w.Torque.X, w.Torque.Y, w.Torque.Z = torque.X, torque.Y, torque.Z
	o.Force.X, o.Force.Y, o.Force.Z = -v.X, -v.Y, -v.Z
	o.Torque.X, o.Torque.Y, o.Torque.Z = all.X-torque.X, all.Y-torque.Y, all.Z-torque.Z
}

// startBall adds what the radius of a ball on a face does to it: the common point is that far from its center.
func (t *Meeting) startBall(w, o *spatial.Wrench, q r3.Vec, ball *swing, k, radius float64, m *spatial.Motion) {
	o.Torque = spatial.AddScaled(o.Torque, -math.Abs(k)*radius, spatial.Cross(t.near.n, spatial.Add(q, spatial.Cross(q, ball.spin))))
	ball.startSpin(w, q, k, m)
}

// startApart stores what slide k, along q, feels of other features: the points are apart along the normal, from each
// other and from the common one, and that changes with the gap.
func (t *Meeting) startApart(s *Start, x *bends, k int, q r3.Vec, h *handle, a, b *spatial.Motion, invH float64) {
	e, n := &t.end, t.near.n
	za, zb := spatial.Cross(q, e.a.spin), spatial.Cross(e.b.spin, q)
	dn := spatial.AddScaled(spatial.AddScaled(spatial.AddScaled(x.turn[k], -invH*(h.ua-h.ub), q), -invH*h.ua, za), -invH*h.ub, zb)
	gap := x.rise[k] - invH*(spatial.Dot(q, n)+0.5*spatial.Dot(spatial.Sub(za, zb), n))
	var v r3.Vec
	g := 0.0
	if t.Kind == LineLine {
		v, g = t.near.overLines(spatial.Dot(t.a.axis, e.a.in(q, a, invH)), spatial.Dot(t.b.axis, e.b.in(q, b, -invH)), dn)
		v = spatial.AddScaled(v, gap, n)
	} else {
		v = t.pried(&lever{a: e.a.in(q, a, invH), b: e.b.in(q, b, -invH), n: dn, gap: gap})
	}
	put(&s.Rows[h.one][1+k], &s.Rows[1-h.one][1+k], v, spatial.AddScaled(spatial.Cross(h.p, v), g, h.chi), spatial.Cross(n, dn))
}

// startSpin adds what the spin does: 2 ds × reach, of which ds = −½ D (I + [w]× + wwᵀ) ang, D = ∂spin/∂w.
func (w *swing) startSpin(g *spatial.Wrench, q r3.Vec, k float64, m *spatial.Motion) {
	if w.reaches() { // that of a vertex is none but for rounding
		turn := m.SpinRowBack(spatial.Cross(w.reach, q))
		g.Torque.X, g.Torque.Y, g.Torque.Z = g.Torque.X+k*turn.X, g.Torque.Y+k*turn.Y, g.Torque.Z+k*turn.Z
	}
}

// startForce stores what a component of the impulse's force feels, which is dn on a change of the normal.
func (t *Meeting) startForce(m, o *[6]float64, dn r3.Vec, h *handle) {
	all := spatial.Cross(t.near.n, dn)
	switch {
	case t.Kind >= PointPlane:
		putRow(m, r3.Vec{}, r3.Vec{})
		putRow(o, r3.Vec{}, all)
	case t.Kind == LineLine:
		turn := spatial.Scale(-spatial.Dot(dn, t.near.da), h.chi)
		putRow(m, r3.Vec{}, turn)
		putRow(o, r3.Vec{}, spatial.Sub(all, turn))
	default:
		v := t.pried(&lever{n: dn})
		torque := spatial.Cross(h.p, v)
		putRow(m, v, torque)
		putRow(o, spatial.Scale(-1, v), spatial.Sub(all, torque))
	}
}

// startTorque stores what one of its torque feels, which is dc on the common point and dn on the normal.
func (t *Meeting) startTorque(m, o *[6]float64, dc, dn r3.Vec, h *handle) {
	all := spatial.Cross(t.near.n, dn)
	v, g := dc, 0.0
	switch {
	case t.Kind >= PointPlane: // the common point of which is that of the ball but for its radius
		putRow(m, v, spatial.Cross(h.p, v))
		if t.a.radius+t.b.radius > 0 {
			all = spatial.Add(all, spatial.Cross(spatial.Sub(t.near.c, h.p), v))
		}
		putRow(o, r3.Vec{}, all)
		return
	case t.Kind == LineLine:
		half := spatial.Scale(0.5, dc)
		v, g = t.near.overLines(spatial.Dot(t.a.axis, half), spatial.Dot(t.b.axis, half), spatial.AddScaled(dn, t.b.radius-t.a.radius, half))
		v = spatial.Add(half, v)
	default:
		v = t.pried(&lever{c: dc, n: dn})
	}
	torque := spatial.AddScaled(spatial.Cross(h.p, v), g, h.chi)
	putRow(m, v, torque)
	putRow(o, spatial.Sub(dc, v), spatial.Sub(spatial.Add(all, spatial.Cross(t.near.c, dc)), torque))
}
