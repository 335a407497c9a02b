package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Rows stores the gradients of gap and sliding velocity with respect to twists of the bodies of A and B at knot 3 about O. As covectors
// they are wrenches: row·twist = change.
func (t *Meeting) Rows(ga, gb *[3]spatial.Wrench, a, b *spatial.Motion, invH float64) {
	if t.Mode == Turn {
		t.turnRows(ga, gb, a, b, invH)
		return
	}
	e := t.swings(a, b)
	x := &e.near
	low := x.c
	if t.Kind == RimPlane || t.Kind == PlaneRim {
		low = x.low
	}
	ga[0].Force, ga[0].Torque = x.n, spatial.Cross(low, x.n)
	gb[0].Force, gb[0].Torque = spatial.Scale(-1, ga[0].Force), spatial.Scale(-1, ga[0].Torque)
	s := &straight
	if t.Guided {
		var l slip
		t.slipOf(&l, e, invH)
		s = &l
	}
	t.slideRows(&ga[1], &gb[1], t.T1, s.w[0], a, b, invH)
	t.slideRows(&ga[2], &gb[2], t.T2, s.w[1], a, b, invH)
	if t.Guided {
		for k, tk := range [2]r3.Vec{t.T1, t.T2} {
			by := s.by(k, tk)
			s.leanRow(&ga[k+1], k, 1, by, &ga[0], a, invH)
			s.leanRow(&gb[k+1], k, -1, by, &gb[0], b, invH)
		}
	}
}

// slideRows stores those of the slide along the tangent tk, which leans towards the normal by lean.
func (t *Meeting) slideRows(g, o *spatial.Wrench, tk r3.Vec, lean float64, a, b *spatial.Motion, invH float64) {
	x, wa, wb, q := &t.end.near, &t.end.a, &t.end.b, tk
	if t.Guided {
		q = spatial.AddScaled(tk, lean, t.N)
	}
	switch plain := !t.Belt.spins; { // what most contacts are
	case plain && t.Kind == PointPlane && t.a.radius == 0:
		wa.vertexRows(wb, g, o, b, q, invH)
	case plain && t.Kind == PlanePoint && t.b.radius == 0:
		wb.vertexRows(wa, o, g, a, spatial.Scale(-1, q), invH)
	default:
		// q·(2/h) spin × ½ dc = (1/h)(q × spin)·dc, of A less B
		pull := spatial.Cross(q, spatial.Sub(wa.spin, wb.spin))
		if t.Belt.spins { // t·(W × ½ dc) = (1/h)(t × ½ h W)·dc
			pull = spatial.AddScaled(pull, 0.5/invH, spatial.Cross(tk, t.Belt.spin()))
		}
		var u, v pulled
		back := spatial.Scale(-1, q)
		if t.Kind == PointPoint {
			x.pullPointPoint(&u, &v, &wa.placed, &wb.placed, pull)
			wa.pointRow(g, a, q, u.p, invH)
			wb.pointRow(o, b, back, v.p, invH)
		} else {
			x.pull(&u, &v, t.Kind, &wa.placed, &wb.placed, pull)
			wa.row(g, a, q, &u, invH)
			wb.row(o, b, back, &v, invH)
		}
	}
	if t.Belt.spins {
		t.Belt.A.row(g, tk, wa.pivot)
		t.Belt.B.row(o, spatial.Scale(-1, tk), wb.pivot)
	}
}

// vertexRows stores those of a vertex on a face, along q, which are opposite forces: of a vertex the common point is it,
// so that its own spin cancels.
func (w *swing) vertexRows(face *swing, g, o *spatial.Wrench, m *spatial.Motion, q r3.Vec, invH float64) {
	f := spatial.Scale(invH, spatial.Sub(q, spatial.Cross(q, face.spin)))
	torque := spatial.Cross(w.p, f)
	g.Force.X, g.Force.Y, g.Force.Z = f.X, f.Y, f.Z
	g.Torque.X, g.Torque.Y, g.Torque.Z = torque.X, torque.Y, torque.Z
	torque = spatial.AddScaled(spatial.Cross(face.at, f), invH, m.SpinRow(spatial.Cross(face.reach, q)))
	o.Force.X, o.Force.Y, o.Force.Z = -f.X, -f.Y, -f.Z
	o.Torque.X, o.Torque.Y, o.Torque.Z = -torque.X, -torque.Y, -torque.Z
}

// pointRow is row of a ball, whose center is the point of the core.
func (w *swing) pointRow(g *spatial.Wrench, m *spatial.Motion, t, pull r3.Vec, invH float64) {
	force := spatial.Add(spatial.Sub(t, spatial.Cross(t, w.spin)), pull)
	torque := spatial.Cross(w.p, force)
	if w.reaches() {
		torque = spatial.Add(torque, m.SpinRow(spatial.Cross(w.reach, t)))
	}
	g.Force, g.Torque = spatial.Scale(invH, force), spatial.Scale(invH, torque)
}

// row stores that of the sliding velocity along t, with what the common point pulls at the feature.
func (w *swing) row(g *spatial.Wrench, m *spatial.Motion, t r3.Vec, q *pulled, invH float64) {
	core := spatial.Sub(t, spatial.Cross(t, w.spin))
	torque := spatial.Cross(w.at, core)
	if w.reaches() {
		torque = spatial.Add(torque, m.SpinRow(spatial.Cross(w.reach, t)))
	}
	pulled := spatial.Cross(w.p, q.p)
	if (w.axis != r3.Vec{}) {
		pulled = spatial.Add(pulled, spatial.Cross(w.axis, q.e))
	}
	torque = spatial.Add(torque, pulled)
	if w.oval.is() {
		torque = spatial.Add(torque, q.t)
	}
	g.Force, g.Torque = spatial.Scale(invH, spatial.Add(core, q.p)), spatial.Scale(invH, torque)
}

// Response is how a meeting changes.
type Response struct {
	Value     r3.Vec // gap and sliding velocity
	N, T1, T2 r3.Vec // normal and tangents
	Point     r3.Vec // the contact point
}

// Turned returns what the response does to the impulse on A with the components l: to its force, and to its torque about O. That on B
// changes by the opposite.
func (t *Meeting) Turned(r *Response, l r3.Vec) (w spatial.Wrench) {
	if t.Mode == Turn {
		w.Torque = spatial.Scale(t.Lever, together(l, r.N, r.T1, r.T2))
		return w
	}
	w.Force = together(l, r.N, r.T1, r.T2)
	w.Torque = spatial.Add(spatial.Cross(r.Point, t.Force(l)), spatial.Cross(t.Point, w.Force))
	return w
}

// after returns the change at the end of the motion of the body.
func (c *Change) after(m *spatial.Motion) (d Change) {
	d.Center, d.Axis, d.Radius = m.Rotate(c.Center), m.Rotate(c.Axis), c.Radius
	if c.Oval != (Oval{}) {
		d.Oval = c.Oval.after(m)
	}
	return d
}

// Respond returns how the meeting changes as its features do, at fixed motions of their bodies.
func (t *Meeting) Respond(u, v *Change, a, b *spatial.Motion, invH float64) (r Response) {
	if t.Mode == Turn {
		return t.turnRespond(u, v, a, b, invH)
	}
	e := t.swings(a, b)
	x, wa, wb := &e.near, &e.a, &e.b
	var d2, d3 step
	t.near.vary(&d2, t.Kind, &t.a, &t.b, u, v)
	ua, vb := u.after(a), v.after(b)
	x.vary(&d3, t.Kind, &wa.placed, &wb.placed, &ua, &vb)
	r.N, r.Point = d2.n, d2.c
	if t.Rolls() {
		r.Point = spatial.Add(r.Point, t.responds(x, wa, wb, &d2, &d3, u, v, a, b))
	}
	r.T1, r.T2 = t.turn(r.N)
	r.Value.X = d3.gap
	if t.Ease > 0 { // it follows the gap at knot 2
		r.Value.X -= t.Follow * d2.gap
	}
	sum := spatial.Add(d2.c, d3.c)
	slide := t.slide(wa, wb, invH)
	du := spatial.Sub(wa.respond(a, d2.fa, sum, invH), wb.respond(b, d2.fb, sum, invH))
	ds := du
	if t.Belt.moves || u.Run != (Run{}) || v.Run != (Run{}) {
		ds = spatial.Add(ds, t.redrift(wa, wb, sum, u, v, a, b))
	}
	r.Value.Y = spatial.Dot(t.T1, ds) + spatial.Dot(r.T1, slide)
	r.Value.Z = spatial.Dot(t.T2, ds) + spatial.Dot(r.T2, slide)
	if t.Guided {
		var s slip
		t.slipOf(&s, e, invH)
		miss := spatial.Dot(t.N, du) + spatial.Dot(r.N, s.v) - invH*(d3.gap-d2.gap)
		dw := s.respond(r.N, r.T1, r.T2)
		r.Value.Y += s.w[0]*miss + dw[0]*s.miss
		r.Value.Z += s.w[1]*miss + dw[1]*s.miss
	}
	return r
}

// redrift returns the change of drift as features change, and the sum of the common points of both knots by sum.
func (t *Meeting) redrift(wa, wb *swing, sum r3.Vec, u, v *Change, a, b *spatial.Motion) r3.Vec {
	d := spatial.Sub(t.Belt.A.changes(&u.Run, wa.arm(), a), t.Belt.B.changes(&v.Run, wb.arm(), b))
	return spatial.AddScaled(d, 0.5, spatial.Cross(t.Belt.spin(), sum))
}

// respond returns the change of slide when the point of the core at knot 2 moves by d in the body, so at knot 3 too, and the sum of the
// common points of both knots by sum.
func (w *swing) respond(m *spatial.Motion, d, sum r3.Vec, invH float64) r3.Vec {
	end := m.Rotate(d)
	reach := spatial.Scale(0.5, spatial.Sub(sum, spatial.Add(d, end)))
	return spatial.AddScaled(spatial.Scale(invH, spatial.Sub(end, d)), 2*invH, spatial.Cross(w.spin, reach))
}
