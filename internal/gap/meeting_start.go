package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Start is the derivative of a meeting with respect to twists of the bodies of A and B at knot 2 about O, knot 3 held fixed: gradient
// rows of gap and sliding velocity, and the change of the wrench of the impulse on A. That on B changes by its opposite.
type Start struct {
	Rows    [2][3]spatial.Wrench
	Impulse [2]spatial.Mat6
}

// departure is how a slide along q feels knot 2. A side whose body is twisted by (lin, ang) there, whose point of the core moves by d and
// whose spin by ds, changes it by
//
//	q·Δslide = core·d + sum·dc + twist·(lin, ang),   with
//
//	Δslide = (1/h)(R in − d) + (2/h)(ds × reach + spin × ½(dc − d − R in)),   in = d − lin − ang×p
type departure struct {
	core, sum r3.Vec
	twist     spatial.Wrench
}

func (w *swing) departure(x *departure, q, core r3.Vec, m *spatial.Motion, invH float64) {
	z := spatial.Cross(q, w.spin)
	in := spatial.Scale(invH, m.Unrotate(spatial.Sub(q, z)))
	x.core = spatial.AddScaled(in, -invH, spatial.Add(q, z))
	x.sum = spatial.Scale(invH, z)
	x.twist.Force, x.twist.Torque = spatial.Scale(-1, in), spatial.Cross(in, core)
	if (w.reach != r3.Vec{}) { // ds = D (−½)(I + [w]× + wwᵀ) ang, D = ∂spin/∂w
		turn := spatial.Cayley(spatial.Scale(-1, m.W), m.SpinJac(spatial.Cross(w.reach, q)))
		x.twist.Torque = spatial.AddScaled(x.twist.Torque, -invH, turn)
	}
}

// unitTwists are those along and about the axes of the world.
var unitTwists = [6]spatial.Twist{
	{Lin: r3.Vec{X: 1}}, {Lin: r3.Vec{Y: 1}}, {Lin: r3.Vec{Z: 1}}, {Ang: r3.Vec{X: 1}}, {Ang: r3.Vec{Y: 1}}, {Ang: r3.Vec{Z: 1}},
}

// sense is what value and impulse feel of a change of near at knot 2.
type sense struct {
	of            [2][2]departure // of each slide on each side
	sums          [2]r3.Vec       // of the common point
	turn          [2]r3.Vec       // what each slide feels of a change of the normal
	rise          [2]float64      // and of the gap
	f             r3.Vec          // the impulse's force
	force, torque spatial.Mat3    // change of the impulse by that of the normal
}

// sense makes x that of the impulse with the components l.
func (t *Meeting) sense(x *sense, l r3.Vec, a, b *spatial.Motion, invH float64) {
	e := t.swings(a, b)
	slide, lean := t.slide(&e.a, &e.b, invH), &straight
	if t.Mode == Slide && t.Guided {
		var l slip
		t.slipOf(&l, e, invH)
		lean = &l
	}
	t1, t2 := t.Mode.about(t.N, t.T1, t.T2)
	for k, q := range [2]r3.Vec{t1, t2} {
		p := &x.of[k]
		if t.Mode != Slide {
			t.turnDeparture(&p[0], q, a, invH)
			t.turnDeparture(&p[1], spatial.Scale(-1, q), b, invH)
			continue
		}
		leaning := spatial.AddScaled(q, lean.w[k], t.N)
		e.a.departure(&p[0], leaning, t.near.fa, a, invH)
		e.b.departure(&p[1], spatial.Scale(-1, leaning), t.near.fb, b, invH)
		if t.Guided {
			by := lean.by(k, q)
			lean.leanStart(&p[0].twist, 1, by, a)
			lean.leanStart(&p[1].twist, -1, by, b)
			x.rise[k] = invH * lean.w[k]
		}
		if x.sums[k] = spatial.Add(p[0].sum, p[1].sum); t.Belt.spins {
			x.sums[k] = spatial.AddScaled(x.sums[k], 0.5, spatial.Cross(q, t.Belt.spin()))
		}
	}
	var turn [2][3]float64
	for j, e := range [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		d1, d2 := t.turn(e)
		if t.Mode == Slide {
			addColumn(&x.force, j, 1, spatial.AddScaled(spatial.AddScaled(spatial.Scale(l.X, e), l.Y, d1), l.Z, d2))
		} else {
			d1, d2 = t.Mode.about(e, d1, d2)
			addColumn(&x.force, j, l.X, e)
			addColumn(&x.torque, j, t.Lever, spatial.AddScaled(spatial.Scale(l.Y, d1), l.Z, d2))
		}
		if turn[0][j], turn[1][j] = spatial.Dot(d1, slide), spatial.Dot(d2, slide); lean != &straight {
			dw, rise := lean.respond(e, d1, d2), spatial.Dot(e, lean.v)
			turn[0][j] += lean.w[0]*rise + dw[0]*lean.miss
			turn[1][j] += lean.w[1]*rise + dw[1]*lean.miss
		}
	}
	for k := range turn {
		x.turn[k] = r3.Vec{X: turn[k][0], Y: turn[k][1], Z: turn[k][2]}
	}
	x.f = t.Force(l)
}

// feeling is the changes of gap, slides, and force and torque of the impulse on A.
type feeling [9]float64

// feel stores those of a change of near.
func (t *Meeting) feel(c *feeling, x *sense, d *step) {
	if t.Ease > 0 { // the gap follows that at knot 2
		c[0] = -t.Follow * d.gap
	}
	for k := range x.of {
		p := &x.of[k]
		c[k+1] = spatial.Dot(p[0].core, d.fa) + spatial.Dot(p[1].core, d.fb) + spatial.Dot(x.sums[k], d.c) + spatial.Dot(x.turn[k], d.n) + x.rise[k]*d.gap
	}
	df := x.force.MulVec(d.n)
	tq := spatial.Add(spatial.Cross(d.c, x.f), spatial.Cross(t.Point, df))
	if t.Mode != Slide {
		tq = spatial.Add(tq, x.torque.MulVec(d.n))
	}
	c[3], c[4], c[5], c[6], c[7], c[8] = df.X, df.Y, df.Z, tq.X, tq.Y, tq.Z
}

// StartRows stores what the meeting feels of knot 2 when its impulse has the components l.
func (t *Meeting) StartRows(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	var x sense
	t.sense(&x, l, a, b, invH)
	switch {
	case t.near.tie || t.Kind >= OvalPoint:
		t.startTwists(s, &x, a, b)
	case t.Kind == PointPlane || t.Kind == PlanePoint:
		t.startFace(s, &x)
	default:
		t.startLevers(s, &x)
	}
	for side := range s.Rows {
		rows := &s.Rows[side]
		for k := range x.of {
			w := &x.of[k][side].twist
			rows[k+1].Force, rows[k+1].Torque = spatial.Add(rows[k+1].Force, w.Force), spatial.Add(rows[k+1].Torque, w.Torque)
		}
		if t.Belt.moves {
			t.startBelts(rows, side, a, b)
		}
	}
}

// startFace is startLevers of a ball on a face: as the ball moves by v so do the common point and the points of both cores, and the normal stays.
func (t *Meeting) startFace(s *Start, x *sense) {
	one, p, n := 0, t.a.p, t.near.n
	if t.Kind == PlanePoint {
		one, p, n = 1, t.b.p, spatial.Scale(-1, n)
	}
	for i := range len(feeling{}) {
		var q r3.Vec
		switch {
		case i == 0 && t.Ease > 0:
			q = spatial.Scale(-t.Follow, n)
		case 0 < i && i < 3:
			y := &x.of[i-1]
			q = spatial.AddScaled(spatial.Add(spatial.Add(y[0].core, y[1].core), x.sums[i-1]), x.rise[i-1], n)
		case i >= 6: // v×f
			q = spatial.Cross(x.f, unitTwists[i-6].Lin)
		}
		turn := spatial.Cross(p, q)
		all, about := t.together(x, i)
		s.put(one, i, q, turn)
		s.put(1-one, i, spatial.Sub(all, q), spatial.Sub(about, turn))
	}
}

// startLevers stores what is felt as one side moves near by the velocity v of a point alone: where it is a point, that; of two lines the point of A that is nearest, and the turn of A's
// line towards the normal, χ·ω with χ = e×n. So each change is q·v + g χ·ω. What moves both bodies moves all of it along, which says what the other side does.
func (t *Meeting) startLevers(s *Start, x *sense) {
	var u [2]Change
	var by [4]feeling
	one, p, chi, ways := 0, t.a.p, r3.Vec{}, 3
	switch t.Kind {
	case LineLine:
		p, chi, ways = t.near.fa, spatial.Cross(t.a.axis, t.near.n), 4
	case LinePoint:
		one, p = 1, t.b.p
	}
	w := &u[one]
	for c := range ways {
		if c < 3 {
			w.Center = unitTwists[c].Lin
		} else {
			w.Center, w.Axis = spatial.Scale(-t.near.s, t.near.n), t.near.n
		}
		var d step
		t.near.vary(&d, t.Kind, &t.a, &t.b, &u[0], &u[1])
		t.feel(&by[c], x, &d)
	}
	for i := range by[0] {
		q := r3.Vec{X: by[0][i], Y: by[1][i], Z: by[2][i]}
		turn := spatial.AddScaled(spatial.Cross(p, q), by[3][i], chi)
		all, about := t.together(x, i)
		s.put(one, i, q, turn)
		s.put(1-one, i, spatial.Sub(all, q), spatial.Sub(about, turn))
	}
}

// together returns number i of what is felt as both bodies are twisted alike, as a covector on that.
func (t *Meeting) together(x *sense, i int) (lin, ang r3.Vec) {
	near := &t.near
	switch {
	case i == 0:
		return
	case i < 3:
		p, sum := &x.of[i-1], x.sums[i-1]
		lin = spatial.Add(spatial.Add(p[0].core, p[1].core), sum)
		ang = spatial.Add(spatial.Cross(near.fa, p[0].core), spatial.Cross(near.fb, p[1].core))
		ang = spatial.Add(ang, spatial.Add(spatial.Cross(near.c, sum), spatial.Cross(near.n, x.turn[i-1])))
		return lin, ang
	case i < 6: // F (ω×n)
		return lin, spatial.Cross(near.n, x.force.Row(i-3))
	}
	// (v + ω×c)×f + P×F(ω×n)
	e := unitTwists[i-6].Lin
	lin = spatial.Cross(x.f, e)
	ang = spatial.Cross(near.c, lin)
	ang = spatial.Add(ang, spatial.Cross(near.n, x.force.TMulVec(spatial.Cross(e, t.Point))))
	if t.Mode != Slide {
		ang = spatial.Add(ang, spatial.Cross(near.n, x.torque.Row(i-6)))
	}
	return lin, ang
}

// put stores number i of what is felt of a side.
func (s *Start) put(side, i int, lin, ang r3.Vec) {
	if i < 3 {
		w := &s.Rows[side][i]
		w.Force, w.Torque = lin, ang
		return
	}
	r := (*[6]float64)(s.Impulse[side][6*(i-3):])
	r[0], r[1], r[2], r[3], r[4], r[5] = lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z
}

// startTwists stores the same by a twist of a side after the other: at a tie, whose normal stays, and of ovals, whose may, and of what rolls.
func (t *Meeting) startTwists(s *Start, x *sense, a, b *spatial.Motion) {
	var tr track
	if t.Rolls() {
		e := t.swings(a, b)
		tr = t.track(&e.near, &e.a, &e.b, a, b)
	}
	var u [2]Change
	for side, at := range [2]*placed{&t.a, &t.b} {
		var by [6]feeling
		for c := range unitTwists {
			u[side] = at.carried(&unitTwists[c])
			var d step
			t.near.vary(&d, t.Kind, &t.a, &t.b, &u[0], &u[1])
			t.feel(&by[c], x, &d)
			if t.Rolls() {
				tq := spatial.Cross(tr.departs(&d, side, unitTwists[c].Ang), x.f)
				by[c][6], by[c][7], by[c][8] = by[c][6]+tq.X, by[c][7]+tq.Y, by[c][8]+tq.Z
			}
		}
		u[side] = Change{}
		for i := range by[0] {
			s.put(side, i, r3.Vec{X: by[0][i], Y: by[1][i], Z: by[2][i]}, r3.Vec{X: by[3][i], Y: by[4][i], Z: by[5][i]})
		}
	}
}

// startBelts adds how drift changes as the body of a side is twisted at knot 2 and the common points stay.
func (t *Meeting) startBelts(rows *[3]spatial.Wrench, side int, a, b *spatial.Motion) {
	e := t.swings(a, b)
	t1, t2 := t.Mode.about(t.N, t.T1, t.T2)
	var by [2][6]float64
	for c := range unitTwists {
		w := t.belts(side, &unitTwists[c], &e.a, &e.b)
		by[0][c], by[1][c] = spatial.Dot(t1, w), spatial.Dot(t2, w)
	}
	for k := range by {
		w, r := spatial.WrenchOf(&by[k]), &rows[k+1]
		r.Force, r.Torque = spatial.Add(r.Force, w.Force), spatial.Add(r.Torque, w.Torque)
	}
}

// belts returns the change of drift as the body of a side is twisted at knot 2 and the common points stay.
func (t *Meeting) belts(side int, tw *spatial.Twist, wa, wb *swing) r3.Vec {
	r, w, sign := &t.Belt.A, wa, 1.0
	if side == 1 {
		r, w, sign = &t.Belt.B, wb, -1
	}
	if t.Mode != Slide {
		return spatial.Scale(sign*t.Lever, spatial.Cross(tw.Ang, r.W))
	}
	return spatial.Scale(sign, r.departs(tw, w.arm()))
}
