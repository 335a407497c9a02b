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
	if w.reaches() { // ds = D (−½)(I + [w]× + wwᵀ) ang, D = ∂spin/∂w
		turn := m.SpinRowBack(spatial.Cross(w.reach, q))
		x.twist.Torque = spatial.AddScaled(x.twist.Torque, -invH, turn)
	}
}

// unitTwists are those along and about the axes of the world.
var unitTwists = [6]spatial.Twist{
	{Lin: r3.Vec{X: 1}}, {Lin: r3.Vec{Y: 1}}, {Lin: r3.Vec{Z: 1}}, {Ang: r3.Vec{X: 1}}, {Ang: r3.Vec{Y: 1}}, {Ang: r3.Vec{Z: 1}},
}

// sense is what value and impulse feel of a change of near at knot 2.
type sense struct {
	of    [2][2]departure // of each slide on each side
	sums  [2]r3.Vec       // of the common point
	turn  [2]r3.Vec       // what each slide feels of a change of the normal
	rise  [2]float64      // and of the gap
	f     r3.Vec          // the impulse's force
	force spatial.Mat3    // change of it by that of the normal
}

// sense makes x that of the impulse with the components l.
func (t *Meeting) sense(x *sense, l r3.Vec, a, b *spatial.Motion, invH float64) {
	e := t.swings(a, b)
	slide, lean := t.slide(&e.a, &e.b, invH), &straight
	if t.Guided {
		var l slip
		t.slipOf(&l, e, invH)
		lean = &l
	}
	for k, q := range [2]r3.Vec{t.T1, t.T2} {
		p := &x.of[k]
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
	f, y, z := &x.force, l.Y, l.Z
	f[0], f[1], f[2] = l.X+y*d1[0]+z*d2[0], y*d1[1]+z*d2[1], y*d1[2]+z*d2[2]
	f[3], f[4], f[5] = y*d1[3]+z*d2[3], l.X+y*d1[4]+z*d2[4], y*d1[5]+z*d2[5]
	f[6], f[7], f[8] = y*d1[6]+z*d2[6], y*d1[7]+z*d2[7], l.X+y*d1[8]+z*d2[8]
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
	c[3], c[4], c[5], c[6], c[7], c[8] = df.X, df.Y, df.Z, tq.X, tq.Y, tq.Z
}

// StartRows stores what the meeting feels of knot 2 when its impulse has the components l.
func (t *Meeting) StartRows(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	if t.Mode == Turn {
		t.turnStart(s, l, a, b, invH)
		return
	}
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
	if t.Belt.moves {
		for side := range s.Rows {
			t.startBelts(&s.Rows[side], side, a, b)
		}
	}
}

// startFace is startLevers of a ball on a face: as the ball moves by v so do the common point and the points of both
// cores, and the normal stays.
func (t *Meeting) startFace(s *Start, x *sense) {
	one, p, n := 0, t.a.p, t.near.n
	if t.Kind == PlanePoint {
		one, p, n = 1, t.b.p, spatial.Scale(-1, n)
	}
	t.startGap(s, one, p, n)
	var all alike
	t.alike(&all, x)
	for k := range x.of {
		y := &x.of[k]
		q := spatial.AddScaled(spatial.Add(spatial.Add(y[0].core, y[1].core), x.sums[k]), x.rise[k], n)
		s.putSlide(one, k, q, spatial.Cross(p, q), &all, x)
	}
	m, o := &s.Impulse[one], &s.Impulse[1-one]
	*o = spatial.Mat6{}
	clear(m[:18])
	turn, lin := levers(p, x.f), all.lin()
	for j := range turn {
		putRow((*[6]float64)(m[18+6*j:]), lin[j], turn[j]) // v×f, as of all
		putAng((*[6]float64)(o[6*j:]), all.force[j])
		putAng((*[6]float64)(o[18+6*j:]), spatial.Sub(all.torque[j], turn[j]))
	}
}

// startGap stores what the gap feels, which follows that at knot 2 where it is eased, as a side moves by p and the other one does not.
func (t *Meeting) startGap(s *Start, side int, p, n r3.Vec) {
	w, o := &s.Rows[side][0], &s.Rows[1-side][0]
	if t.Ease > 0 {
		w.Force = spatial.Scale(-t.Follow, n)
		w.Torque = spatial.Cross(p, w.Force)
		o.Force, o.Torque = spatial.Scale(-1, w.Force), spatial.Scale(-1, w.Torque)
	} else {
		*w, *o = spatial.Wrench{}, spatial.Wrench{}
	}
}

// startLines is startLevers of two lines, transposed. As the point of A moves by v and its line turns at the rate g towards the normal,
//
//	fa = v − (d_a·v) e_a − g (n·w)(d_a·d_a) e_a,   fb = (d_b·v) e_b + g (n·w)(d_b·d_a) e_b,   n = −g d_a
func (t *Meeting) startLines(s *Start, x *sense) {
	near, ea, eb, da, db := &t.near, t.a.axis, t.b.axis, t.near.da, t.near.db
	p, chi, h := near.fa, spatial.Cross(ea, near.n), spatial.Dot(near.n, near.d)
	d := step{n: spatial.Scale(-1, da), fa: spatial.Scale(-h*spatial.Dot(da, da), ea), fb: spatial.Scale(h*spatial.Dot(db, da), eb)}
	d.c = spatial.Scale(0.5, spatial.AddScaled(spatial.Add(d.fa, d.fb), t.b.radius-t.a.radius, d.n))
	var turns feeling
	t.feel(&turns, x, &d)
	t.startGap(s, 0, p, near.n) // which a turn towards the normal does not change
	var all alike
	t.alike(&all, x)
	for k := range x.of {
		y, half := &x.of[k], spatial.Scale(0.5, x.sums[k])
		u, v := spatial.Add(y[0].core, half), spatial.Add(y[1].core, half)
		q := spatial.AddScaled(spatial.AddScaled(u, -spatial.Dot(ea, u), da), spatial.Dot(eb, v), db) // u·fa + v·fb as a covector on v
		q = spatial.AddScaled(q, x.rise[k], near.n)
		s.putSlide(0, k, q, spatial.AddScaled(spatial.Cross(p, q), turns[1+k], chi), &all, x)
	}
	m, o := &s.Impulse[0], &s.Impulse[1]
	for j, lin := range all.lin() {
		ang := spatial.Scale(turns[3+j], chi)
		putRow((*[6]float64)(m[6*j:]), r3.Vec{}, ang)
		putRow((*[6]float64)(o[6*j:]), r3.Vec{}, spatial.Sub(all.force[j], ang))
		u := spatial.Scale(0.5, lin) // of v×f
		q := spatial.AddScaled(spatial.AddScaled(u, -spatial.Dot(ea, u), da), spatial.Dot(eb, u), db)
		ang = spatial.AddScaled(spatial.Cross(p, q), turns[6+j], chi)
		putRow((*[6]float64)(m[18+6*j:]), q, ang)
		putRow((*[6]float64)(o[18+6*j:]), spatial.Sub(lin, q), spatial.Sub(all.torque[j], ang))
	}
}

// startLevers stores what is felt as one side moves near by the velocity v of a point alone: where it is a point, that;
// of two lines the point of A that is nearest, and the turn of A's line towards the normal, χ·ω with χ = e×n. So each
// change is q·v + g χ·ω. What moves both bodies moves all of it along, which says what the other side does.
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
	var all alike
	t.alike(&all, x)
	lever := func(i int) (q, ang r3.Vec) {
		q = r3.Vec{X: by[0][i], Y: by[1][i], Z: by[2][i]}
		return q, spatial.Cross(p, q)
	}
	q, ang := lever(0)
	w, o := &s.Rows[one][0], &s.Rows[1-one][0]
	w.Force, w.Torque, o.Force, o.Torque = q, ang, spatial.Scale(-1, q), spatial.Scale(-1, ang)
	for k := range x.of {
		q, ang = lever(1 + k)
		s.putSlide(one, k, q, ang, &all, x)
	}
	mine, other := &s.Impulse[one], &s.Impulse[1-one]
	for j, lin := range all.lin() {
		q, ang = lever(3 + j)
		putRow((*[6]float64)(mine[6*j:]), q, ang)
		putRow((*[6]float64)(other[6*j:]), spatial.Scale(-1, q), spatial.Sub(all.force[j], ang))
		q, ang = lever(6 + j)
		putRow((*[6]float64)(mine[18+6*j:]), q, ang)
		putRow((*[6]float64)(other[18+6*j:]), spatial.Sub(lin, q), spatial.Sub(all.torque[j], ang))
	}
}

// alike is what is felt as both bodies are twisted alike, as covectors on that: by the slides, and by force and torque
// of the impulse on A, of these what turns do.
type alike struct {
	slides        [2]spatial.Wrench
	force, torque [3]r3.Vec
	f             r3.Vec // of the impulse
}

// lin is what moving does to the components of the torque: v×f.
func (x *alike) lin() [3]r3.Vec {
	f := x.f
	return [3]r3.Vec{{Y: f.Z, Z: -f.Y}, {X: -f.Z, Z: f.X}, {X: f.Y, Y: -f.X}}
}

// alike makes all that.
func (t *Meeting) alike(all *alike, x *sense) {
	near, n := &t.near, t.near.n
	for k := range x.of {
		p, sum, w := &x.of[k], x.sums[k], &all.slides[k]
		w.Force = spatial.Add(spatial.Add(p[0].core, p[1].core), sum)
		ang := spatial.Add(spatial.Cross(near.fa, p[0].core), spatial.Cross(near.fb, p[1].core))
		w.Torque = spatial.Add(ang, spatial.Add(spatial.Cross(near.c, sum), spatial.Cross(n, x.turn[k])))
	}
	// F (ω×n), and (v + ω×c)×f + P×F(ω×n)
	all.f = x.f
	p, lever, tq := t.Point, levers(near.c, x.f), &all.torque
	r0, r1, r2 := x.force.Row(0), x.force.Row(1), x.force.Row(2)
	all.force[0], all.force[1], all.force[2] = spatial.Cross(n, r0), spatial.Cross(n, r1), spatial.Cross(n, r2)
	tq[0] = spatial.Add(lever[0], spatial.Cross(n, spatial.AddScaled(spatial.Scale(-p.Z, r1), p.Y, r2)))
	tq[1] = spatial.Add(lever[1], spatial.Cross(n, spatial.AddScaled(spatial.Scale(p.Z, r0), -p.X, r2)))
	tq[2] = spatial.Add(lever[2], spatial.Cross(n, spatial.AddScaled(spatial.Scale(-p.Y, r0), p.X, r1)))
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

// putSlide stores what slide k feels of a side, and of the other one what that leaves of all, with what its motion feels.
func (s *Start) putSlide(side, k int, lin, ang r3.Vec, all *alike, x *sense) {
	w, twist := &s.Rows[side][1+k], &x.of[k][side].twist
	w.Force, w.Torque = spatial.Add(lin, twist.Force), spatial.Add(ang, twist.Torque)
	w, twist = &s.Rows[1-side][1+k], &x.of[k][1-side].twist
	w.Force = spatial.Add(spatial.Sub(all.slides[k].Force, lin), twist.Force)
	w.Torque = spatial.Add(spatial.Sub(all.slides[k].Torque, ang), twist.Torque)
}

// putRow stores a row of a matrix.
func putRow(r *[6]float64, lin, ang r3.Vec) {
	r[0], r[1], r[2], r[3], r[4], r[5] = lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z
}

// putAng stores the half of it that turns feel.
func putAng(r *[6]float64, ang r3.Vec) { r[3], r[4], r[5] = ang.X, ang.Y, ang.Z }

// startTwists stores the same by a twist of a side after the other: at a tie, whose normal stays, and of ovals, whose
// may, and of what rolls.
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
			lin, ang := r3.Vec{X: by[0][i], Y: by[1][i], Z: by[2][i]}, r3.Vec{X: by[3][i], Y: by[4][i], Z: by[5][i]}
			switch i {
			case 0:
				s.Rows[side][0] = spatial.Wrench{Force: lin, Torque: ang}
			case 1, 2:
				w := &x.of[i-1][side].twist
				s.Rows[side][i] = spatial.Wrench{Force: spatial.Add(lin, w.Force), Torque: spatial.Add(ang, w.Torque)}
			default:
				putRow((*[6]float64)(s.Impulse[side][6*(i-3):]), lin, ang)
			}
		}
	}
}

// startBelts adds how drift changes as the body of a side is twisted at knot 2 and the common points stay.
func (t *Meeting) startBelts(rows *[3]spatial.Wrench, side int, a, b *spatial.Motion) {
	e := t.swings(a, b)
	var by [2][6]float64
	for c := range unitTwists {
		w := t.belts(side, &unitTwists[c], &e.a, &e.b)
		by[0][c], by[1][c] = spatial.Dot(t.T1, w), spatial.Dot(t.T2, w)
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
	return spatial.Scale(sign, r.departs(tw, w.arm()))
}
