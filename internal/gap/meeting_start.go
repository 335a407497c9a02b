package gap

import (
	"math"

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

// bends is what slides and impulse feel of a change of the normal, but for where it moves points.
type bends struct {
	turn  [2]r3.Vec    // what each slide feels
	rise  [2]float64   // and of one of the gap
	f     r3.Vec       // the impulse's force
	force spatial.Mat3 // change of it
}

// bends makes x that of the impulse with the components l, and returns how slides lean, which is stored in own where they do.
func (t *Meeting) bends(x *bends, own *slip, l r3.Vec, a, b *spatial.Motion, invH float64) (lean *slip) {
	e := t.swings(a, b)
	lean = &straight
	if t.Guided {
		t.slipOf(own, e, invH)
		lean = own
	}
	x.f = t.Force(l)
	x.turns(t, l, t.slide(&e.a, &e.b, invH))
	if t.Guided {
		x.rise[0], x.rise[1] = invH*lean.w[0], invH*lean.w[1]
		x.leans(t, lean)
	}
	return lean
}

// sense is what value and impulse feel of a change of near at knot 2.
type sense struct {
	bends
	of   [2][2]departure // of each slide on each side
	sums [2]r3.Vec       // of the common point
}

// sense makes x that of the impulse with the components l.
func (t *Meeting) sense(x *sense, l r3.Vec, a, b *spatial.Motion, invH float64) {
	var own slip
	lean, e := t.bends(&x.bends, &own, l, a, b, invH), &t.end
	for k, q := range [2]r3.Vec{t.T1, t.T2} {
		p := &x.of[k]
		leaning := spatial.AddScaled(q, lean.w[k], t.N)
		e.a.departure(&p[0], leaning, t.near.fa, a, invH)
		e.b.departure(&p[1], spatial.Scale(-1, leaning), t.near.fb, b, invH)
		if t.Guided {
			by := lean.by(k, q)
			lean.leanStart(&p[0].twist, 1, by, a)
			lean.leanStart(&p[1].twist, -1, by, b)
		}
		if x.sums[k] = spatial.Add(p[0].sum, p[1].sum); t.Belt.spins {
			x.sums[k] = spatial.AddScaled(x.sums[k], 0.5, spatial.Cross(q, t.Belt.spin()))
		}
	}
}

// turns finds what impulse and slides feel of a change of the normal: of [TangentShift], that of T1 has the sign of
// outward once, that of T2 twice. Diagonal tangents are as half of those of either axis.
func (x *bends) turns(t *Meeting, l, v r3.Vec) {
	n, k := t.outward(t.N), t.side
	s := math.Copysign(1, n.Z)
	a := -1 / (s + n.Z)
	p, q := n.X*a, n.Y*a
	k *= s
	y, z := l.Y, l.Z
	if t.diagonal {
		y, z = math.Sqrt2/2*(y-z), math.Sqrt2/2*(y+z)
	}
	y *= k
	f := &x.force
	f[0], f[1], f[2] = l.X+2*y*p+z*q, z*p, (y*p+z*q)*p
	f[3], f[4], f[5] = y*q, l.X+y*p+2*z*q, (y*p+z*q)*q
	f[6], f[7], f[8] = -y, -z, l.X
	b := p*v.X + q*v.Y
	d1, d2 := r3.Vec{X: k * (p*v.X + b - v.Z), Y: k * p * v.Y, Z: k * p * b}, r3.Vec{X: q * v.X, Y: b + q*v.Y - v.Z, Z: q * b}
	if t.diagonal {
		d1, d2 = eighth(d1, d2)
	}
	x.turn[0], x.turn[1] = d1, d2
}

// leans adds what leaning slides feel.
func (x *bends) leans(t *Meeting, s *slip) {
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
	if t.near.tie || t.Kind >= OvalPoint || t.Belt.spins {
		t.startTwists(s, l, a, b, invH)
	} else {
		t.startLevers(s, l, a, b, invH)
	}
	if t.Belt.moves {
		for side := range s.Rows {
			t.startBelts(&s.Rows[side], side, a, b)
		}
	}
}

// putRow stores a row of a matrix.
func putRow(r *[6]float64, lin, ang r3.Vec) {
	r[0], r[1], r[2], r[3], r[4], r[5] = lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z
}

// startTwists stores what is felt by one twist of a side after the other: at a tie, whose normal stays, and of ovals, whose
// may, of what rolls, and of surfaces that turn.
func (t *Meeting) startTwists(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	var x sense
	t.sense(&x, l, a, b, invH)
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
			t.feel(&by[c], &x, &d)
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
