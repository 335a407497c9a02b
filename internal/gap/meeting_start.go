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
	x.turns(t, l, slide)
	if lean != &straight {
		x.leans(t, lean)
	}
	x.f = t.Force(l)
}

// turns finds what impulse and slides feel of a change of the normal.
func (x *sense) turns(t *Meeting, l, slide r3.Vec) {
	var d1, d2 spatial.Mat3 // of the tangents
	t.turnSlopes(&d1, &d2)
	if t.Mode == Slide {
		for k := range x.force {
			x.force[k] = l.Y*d1[k] + l.Z*d2[k]
		}
		for k := 0; k < 9; k += 4 {
			x.force[k] = l.X + l.Y*d1[k] + l.Z*d2[k]
		}
	} else {
		if t.Mode == Spin {
			d1, d2 = spatial.Mat3{0: 1, 4: 1, 8: 1}, spatial.Mat3{}
		}
		x.force = spatial.Mat3{0: l.X, 4: l.X, 8: l.X}
		for k := range x.torque {
			x.torque[k] = t.Lever * (l.Y*d1[k] + l.Z*d2[k])
		}
	}
	x.turn[0], x.turn[1] = d1.TMulVec(slide), d2.TMulVec(slide)
}

// leans adds what leaning slides feel.
func (x *sense) leans(t *Meeting, s *slip) {
	for j := range 3 {
		e := unitTwists[j].Lin
		d1, d2 := t.turn(e)
		dw, rise := s.respond(e, d1, d2), spatial.Dot(e, s.v)
		for k := range x.turn {
			*component(&x.turn[k], j) += s.w[k]*rise + dw[k]*s.miss
		}
	}
}

func component(v *r3.Vec, j int) *float64 { return [3]*float64{&v.X, &v.Y, &v.Z}[j] }

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
	case t.Kind == LineLine:
		t.startLines(s, &x)
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
	var all [len(feeling{})]spatial.Wrench
	t.together(&all, x)
	if t.Ease > 0 {
		q := spatial.Scale(-t.Follow, n)
		s.put(one, 0, q, spatial.Cross(p, q), &all[0])
	} else {
		s.put(one, 0, r3.Vec{}, r3.Vec{}, &all[0])
	}
	for k := range x.of {
		y := &x.of[k]
		q := spatial.AddScaled(spatial.Add(spatial.Add(y[0].core, y[1].core), x.sums[k]), x.rise[k], n)
		s.put(one, 1+k, q, spatial.Cross(p, q), &all[1+k])
	}
	turn := levers(p, x.f)
	for j := range turn {
		s.put(one, 3+j, r3.Vec{}, r3.Vec{}, &all[3+j])
		s.put(one, 6+j, all[6+j].Force, turn[j], &all[6+j]) // v×f, as of all
	}
}

// startLines is startLevers of two lines, transposed. As the point of A moves by v and its line turns at the rate g towards the normal,
//
//	fa = v − (d_a·v) e_a − g (n·w)(d_a·d_a) e_a,   fb = (d_b·v) e_b + g (n·w)(d_b·d_a) e_b,   n = −g d_a
func (t *Meeting) startLines(s *Start, x *sense) {
	near, ea, eb, da, db := &t.near, t.a.axis, t.b.axis, t.near.da, t.near.db
	p, chi, h := near.fa, spatial.Cross(ea, near.n), spatial.Dot(near.n, near.d)
	pull := func(a, b r3.Vec) r3.Vec { // a·fa + b·fb as a covector on v
		return spatial.AddScaled(spatial.AddScaled(a, -spatial.Dot(ea, a), da), spatial.Dot(eb, b), db)
	}
	d := step{n: spatial.Scale(-1, da), fa: spatial.Scale(-h*spatial.Dot(da, da), ea), fb: spatial.Scale(h*spatial.Dot(db, da), eb)}
	d.c = spatial.Scale(0.5, spatial.AddScaled(spatial.Add(d.fa, d.fb), t.b.radius-t.a.radius, d.n))
	var turns feeling
	t.feel(&turns, x, &d)
	var all [len(feeling{})]spatial.Wrench
	t.together(&all, x)
	put := func(i int, q r3.Vec) {
		s.put(0, i, q, spatial.AddScaled(spatial.Cross(p, q), turns[i], chi), &all[i])
	}
	if t.Ease > 0 {
		put(0, spatial.Scale(-t.Follow, near.n))
	} else {
		put(0, r3.Vec{})
	}
	for k := range x.of {
		y, half := &x.of[k], spatial.Scale(0.5, x.sums[k])
		put(1+k, spatial.AddScaled(pull(spatial.Add(y[0].core, half), spatial.Add(y[1].core, half)), x.rise[k], near.n))
	}
	for j := range 3 {
		put(3+j, r3.Vec{})
		half := spatial.Scale(0.5, all[6+j].Force) // of v×f
		put(6+j, pull(half, half))
	}
}

// startLevers stores what is felt as one side moves near by the velocity v of a point alone: where it is a point, that; of two lines the point of A that is nearest, and the turn of A's
// line towards the normal, χ·ω with χ = e×n. So each change is q·v + g χ·ω. What moves both bodies moves all of it along, which says what the other side does.
func (t *Meeting) startLevers(s *Start, x *sense) {
	var u [2]Change
	var by [3]feeling
	one, p := 0, t.a.p
	if t.Kind == LinePoint {
		one, p = 1, t.b.p
	}
	for c := range by {
		u[one].Center = unitTwists[c].Lin
		var d step
		t.near.vary(&d, t.Kind, &t.a, &t.b, &u[0], &u[1])
		t.feel(&by[c], x, &d)
	}
	var all [len(feeling{})]spatial.Wrench
	t.together(&all, x)
	for i := range all {
		q := r3.Vec{X: by[0][i], Y: by[1][i], Z: by[2][i]}
		s.put(one, i, q, spatial.Cross(p, q), &all[i])
	}
}

// together stores what is felt as both bodies are twisted alike, as covectors on that.
func (t *Meeting) together(all *[len(feeling{})]spatial.Wrench, x *sense) {
	near, n := &t.near, t.near.n
	for k := range x.of {
		p, sum, w := &x.of[k], x.sums[k], &all[1+k]
		w.Force = spatial.Add(spatial.Add(p[0].core, p[1].core), sum)
		ang := spatial.Add(spatial.Cross(near.fa, p[0].core), spatial.Cross(near.fb, p[1].core))
		w.Torque = spatial.Add(ang, spatial.Add(spatial.Cross(near.c, sum), spatial.Cross(n, x.turn[k])))
	}
	// F (ω×n), and (v + ω×c)×f + P×F(ω×n)
	f, p, lever := x.f, t.Point, levers(near.c, x.f)
	r0, r1, r2 := x.force.Row(0), x.force.Row(1), x.force.Row(2)
	all[3].Torque, all[4].Torque, all[5].Torque = spatial.Cross(n, r0), spatial.Cross(n, r1), spatial.Cross(n, r2)
	all[6].Force = r3.Vec{Y: f.Z, Z: -f.Y}
	all[7].Force = r3.Vec{X: -f.Z, Z: f.X}
	all[8].Force = r3.Vec{X: f.Y, Y: -f.X}
	all[6].Torque = spatial.Add(lever[0], spatial.Cross(n, spatial.AddScaled(spatial.Scale(-p.Z, r1), p.Y, r2)))
	all[7].Torque = spatial.Add(lever[1], spatial.Cross(n, spatial.AddScaled(spatial.Scale(p.Z, r0), -p.X, r2)))
	all[8].Torque = spatial.Add(lever[2], spatial.Cross(n, spatial.AddScaled(spatial.Scale(-p.Y, r0), p.X, r1)))
	for j := range 3 {
		if w := &all[6+j]; t.Mode != Slide {
			w.Torque = spatial.Add(w.Torque, spatial.Cross(n, x.torque.Row(j)))
		}
	}
}

// levers returns c×(f×e) for the axes e of the world.
func levers(c, f r3.Vec) [3]r3.Vec {
	x, y, z := c.X*f.X, c.Y*f.Y, c.Z*f.Z
	return [3]r3.Vec{
		{X: -y - z, Y: c.X * f.Y, Z: c.X * f.Z},
		{X: c.Y * f.X, Y: -z - x, Z: c.Y * f.Z},
		{X: c.Z * f.X, Y: c.Z * f.Y, Z: -x - y},
	}
}

// put stores number i of what is felt of a side, and of the other one what that leaves of all.
func (s *Start) put(side, i int, lin, ang r3.Vec, all *spatial.Wrench) {
	s.putRow(side, i, lin, ang)
	s.putRow(1-side, i, spatial.Sub(all.Force, lin), spatial.Sub(all.Torque, ang))
}

func (s *Start) putRow(side, i int, lin, ang r3.Vec) {
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
			s.putRow(side, i, r3.Vec{X: by[0][i], Y: by[1][i], Z: by[2][i]}, r3.Vec{X: by[3][i], Y: by[4][i], Z: by[5][i]})
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
