package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Rows stores the gradients of gap and sliding velocity with respect to twists of the bodies of A and B at knot 3 about O. As covectors
// they are wrenches: row·twist = change.
func (t *Meeting) Rows(ga, gb *[3]spatial.Wrench, a, b *spatial.Motion, invH float64) {
	x, wa, wb := t.swings(a, b)
	ga[0] = spatial.Wrench{Force: x.n, Torque: spatial.Cross(x.c, x.n)}
	gb[0] = ga[0].Scaled(-1)
	spin := spatial.Sub(wa.spin, wb.spin)
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		// t·(2/h) spin × ½ dc = (1/h)(t × spin)·dc, of A less B
		q := x.pull(t.Kind, &wa.placed, &wb.placed, spatial.Cross(tk, spin))
		ga[k+1] = wa.row(a, tk, q.pa, q.ea, invH)
		gb[k+1] = wb.row(b, spatial.Scale(-1, tk), q.pb, q.eb, invH)
	}
}

// row returns that of the sliding velocity along t, with what the common point pulls at center and axis of the feature.
func (w *swing) row(m *spatial.Motion, t, center, axis r3.Vec, invH float64) spatial.Wrench {
	core := spatial.Sub(t, spatial.Cross(t, w.spin))
	torque := spatial.Add(spatial.Cross(w.at, core), spinRow(m, spatial.Cross(w.reach, t)))
	torque = spatial.Add(torque, spatial.Add(spatial.Cross(w.p, center), spatial.Cross(w.axis, axis)))
	return spatial.Wrench{Force: spatial.Scale(invH, spatial.Add(core, center)), Torque: spatial.Scale(invH, torque)}
}

// Response is how a meeting changes.
type Response struct {
	Value     r3.Vec // gap and sliding velocity
	N, T1, T2 r3.Vec // normal and tangents
	Point     r3.Vec // the contact point
}

// Turned returns the change of the impulse on A with the components l, and of its torque about O.
func (t *Meeting) Turned(r *Response, l r3.Vec) (w spatial.Wrench) {
	w.Force = spatial.AddScaled(spatial.AddScaled(spatial.Scale(l.X, r.N), l.Y, r.T1), l.Z, r.T2)
	w.Torque = spatial.Add(spatial.Cross(r.Point, t.Force(l)), spatial.Cross(t.Point, w.Force))
	return w
}

// sway is an infinitesimal change of a side.
type sway struct {
	at   Change        // of the feature at knot 2, world axes
	body spatial.Twist // of what of that is a motion of the body
	spin r3.Vec        // of the spin of the motion
}

// start is the sway of a body by the twist b at knot 2 about O, knot 3 held fixed.
func (x *placed) start(m *spatial.Motion, b *spatial.Twist) sway {
	return sway{at: x.carried(b), body: *b, spin: m.SpinJac(spatial.Scale(-0.5, spatial.Cayley(m.W, b.Ang)))}
}

// after returns the change at the end of the motion of the body.
func (c *Change) after(m *spatial.Motion) Change {
	return Change{Center: m.Rotate(c.Center), Axis: m.Rotate(c.Axis), Radius: c.Radius}
}

// passage is a meeting from knot 2 to knot 3.
type passage struct {
	*Meeting
	end    near // at knot 3
	wa, wb swing
	slide  r3.Vec // of A on B
	a, b   *spatial.Motion
	invH   float64
}

func (t *Meeting) passage(a, b *spatial.Motion, invH float64) (p passage) {
	p = passage{Meeting: t, a: a, b: b, invH: invH}
	p.end, p.wa, p.wb = t.swings(a, b)
	p.slide = spatial.Sub(p.wa.slide(invH), p.wb.slide(invH))
	return p
}

// respond returns how the meeting changes as its sides sway, and what is nearest at knot 3 changes by d3.
func (p *passage) respond(u, v *sway, d3 *step) (r Response) {
	d2 := p.near.vary(p.Kind, &p.Meeting.a, &p.Meeting.b, &u.at, &v.at)
	r.N, r.Point = d2.n, d2.c
	r.T1, r.T2 = p.turn(r.N)
	r.Value.X = d3.gap
	if p.Ease > 0 { // it follows the gap at knot 2
		r.Value.X -= d2.gap
	}
	sum := spatial.Add(d2.c, d3.c)
	ds := spatial.Sub(p.wa.respond(p.a, u, p.near.fa, d2.fa, sum, p.invH), p.wb.respond(p.b, v, p.near.fb, d2.fb, sum, p.invH))
	r.Value.Y = spatial.Dot(p.T1, ds) + spatial.Dot(r.T1, p.slide)
	r.Value.Z = spatial.Dot(p.T2, ds) + spatial.Dot(r.T2, p.slide)
	return r
}

// respond returns the change of slide when the side sways, its point core at knot 2 moves by d, and the sum of the common points of
// both knots by sum. What the point moves in the body, it moves at knot 3 too.
func (w *swing) respond(m *spatial.Motion, u *sway, core, d, sum r3.Vec, invH float64) r3.Vec {
	in := spatial.Sub(d, spatial.Add(u.body.Lin, spatial.Cross(u.body.Ang, core)))
	end := m.Rotate(in)
	reach := spatial.Scale(0.5, spatial.Sub(sum, spatial.Add(d, end)))
	turn := spatial.Add(spatial.Cross(u.spin, w.reach), spatial.Cross(w.spin, reach))
	return spatial.AddScaled(spatial.Scale(invH, spatial.Sub(end, d)), 2*invH, turn)
}

// Start is the derivative of a meeting with respect to twists of the bodies of A and B at knot 2 about O, knot 3 held fixed: gradient
// rows of gap and sliding velocity, and the change of the wrench of the impulse on A. That on B changes by its opposite.
type Start struct {
	Rows    [2][3]spatial.Wrench
	Impulse [2]spatial.Mat6
}

// StartRows stores what the meeting feels of knot 2 when its impulse has the components l.
func (t *Meeting) StartRows(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	p := t.passage(a, b, invH)
	for side := range s.Rows {
		var rows [3][6]float64
		for c := range 6 {
			var e [6]float64
			var w [2]sway
			e[c] = 1
			unit := spatial.Twist{Lin: r3.Vec{X: e[0], Y: e[1], Z: e[2]}, Ang: r3.Vec{X: e[3], Y: e[4], Z: e[5]}}
			if side == 0 {
				w[0] = t.a.start(a, &unit)
			} else {
				w[1] = t.b.start(b, &unit)
			}
			r := p.respond(&w[0], &w[1], &step{})
			rows[0][c], rows[1][c], rows[2][c] = r.Value.X, r.Value.Y, r.Value.Z
			turned := t.Turned(&r, l)
			for i, f := range turned.Array() {
				s.Impulse[side][6*i+c] = f
			}
		}
		for k := range rows {
			s.Rows[side][k] = spatial.WrenchOf(&rows[k])
		}
	}
}

// Respond returns how the meeting changes as its features do, at fixed motions of their bodies.
func (t *Meeting) Respond(u, v *Change, a, b *spatial.Motion, invH float64) Response {
	p := t.passage(a, b, invH)
	ua, vb := u.after(a), v.after(b)
	d3 := p.end.vary(t.Kind, &p.wa.placed, &p.wb.placed, &ua, &vb)
	return p.respond(&sway{at: *u}, &sway{at: *v}, &d3)
}
