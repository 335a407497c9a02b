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

func (w *swing) departure(q, core r3.Vec, m *spatial.Motion, invH float64) (x departure) {
	z := spatial.Cross(q, w.spin)
	in := spatial.Scale(invH, spatial.Rotate(spatial.Scale(-1, m.W), spatial.Sub(q, z)))
	x.core = spatial.AddScaled(in, -invH, spatial.Add(q, z))
	x.sum = spatial.Scale(invH, z)
	x.twist = spatial.Wrench{Force: spatial.Scale(-1, in), Torque: spatial.Cross(in, core)}
	if (w.reach != r3.Vec{}) { // ds = D (−½)(I + [w]× + wwᵀ) ang, D = ∂spin/∂w
		turn := spatial.Cayley(spatial.Scale(-1, m.W), m.SpinJac(spatial.Cross(w.reach, q)))
		x.twist.Torque = spatial.AddScaled(x.twist.Torque, -invH, turn)
	}
	return x
}

// unitTwists are those along and about the axes of the world.
var unitTwists = [6]spatial.Twist{
	{Lin: r3.Vec{X: 1}}, {Lin: r3.Vec{Y: 1}}, {Lin: r3.Vec{Z: 1}}, {Ang: r3.Vec{X: 1}}, {Ang: r3.Vec{Y: 1}}, {Ang: r3.Vec{Z: 1}},
}

// twisted stores how the meeting at knot 2 changes with unit twists of A and of B about O. What moves both bodies moves all of it along, so one
// side says what the other does; of a point, turns are shifts. Not so at a tie, whose normal stays, nor of ovals, whose may.
func (t *Meeting) twisted(by *[2][6]step) {
	var u [2]Change
	if t.near.tie || t.Kind >= OvalPoint {
		for side, x := range [2]*placed{&t.a, &t.b} {
			for c := range unitTwists {
				u[side] = x.carried(&unitTwists[c])
				by[side][c] = t.near.vary(t.Kind, &t.a, &t.b, &u[0], &u[1])
			}
			u[side] = Change{}
		}
		return
	}
	x, one := &t.a, 0
	if (t.a.axis != r3.Vec{} && t.b.axis == r3.Vec{}) {
		x, one = &t.b, 1
	}
	d, e, w := &by[one], &by[1-one], &u[one]
	for c := range 3 {
		w.Center = unitTwists[c].Lin
		d[c] = t.near.vary(t.Kind, &t.a, &t.b, &u[0], &u[1])
	}
	p := [3]float64{x.p.X, x.p.Y, x.p.Z}
	for c := 3; c < 6; c++ {
		if i, j := (c-2)%3, (c-1)%3; (x.axis == r3.Vec{}) { // e_c × p = p_i e_j − p_j e_i
			d[c].mix(p[i], &d[j], -p[j], &d[i])
		} else {
			w.Center, w.Axis = spatial.Cross(unitTwists[c].Ang, x.p), spatial.Cross(unitTwists[c].Ang, x.axis)
			d[c] = t.near.vary(t.Kind, &t.a, &t.b, &u[0], &u[1])
		}
	}
	for c := range unitTwists {
		all := t.near.moved(&unitTwists[c])
		e[c].mix(1, &all, -1, &d[c])
	}
}

// moved returns the change as everything is twisted about O.
func (x *near) moved(t *spatial.Twist) (d step) {
	at := func(p r3.Vec) r3.Vec { return spatial.Add(t.Lin, spatial.Cross(t.Ang, p)) }
	d.n, d.c, d.fa, d.fb = spatial.Cross(t.Ang, x.n), at(x.c), at(x.fa), at(x.fb)
	return d
}

// mix makes dx the sum of multiples of two changes.
func (dx *step) mix(k float64, d *step, l float64, e *step) {
	dx.gap = k*d.gap + l*e.gap
	dx.n, dx.c = spatial.AddScaled(spatial.Scale(k, d.n), l, e.n), spatial.AddScaled(spatial.Scale(k, d.c), l, e.c)
	dx.fa, dx.fb = spatial.AddScaled(spatial.Scale(k, d.fa), l, e.fa), spatial.AddScaled(spatial.Scale(k, d.fb), l, e.fb)
}

// StartRows stores what the meeting feels of knot 2 when its impulse has the components l.
func (t *Meeting) StartRows(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	e := t.swings(a, b)
	x, wa, wb := &e.near, &e.a, &e.b
	var tr track
	if t.Rolls() {
		tr = t.track(x, wa, wb, a, b)
	}
	slide, lean := t.slide(wa, wb, invH), t.slipOf(e, invH)
	var of [2][2]departure // of each slide on each side
	var turn [2]r3.Vec     // what each slide feels of a change of the normal
	t1, t2 := t.Mode.about(t.N, t.T1, t.T2)
	for k, q := range [2]r3.Vec{t1, t2} {
		if t.Mode != Slide {
			of[k][0], of[k][1] = t.turnDeparture(q, a, invH), t.turnDeparture(spatial.Scale(-1, q), b, invH)
			continue
		}
		leans := spatial.AddScaled(q, lean.w[k], t.N)
		of[k][0] = wa.departure(leans, t.near.fa, a, invH)
		of[k][1] = wb.departure(spatial.Scale(-1, leans), t.near.fb, b, invH)
		lean.leanStart(&of[k][0].twist, k, 1, a)
		lean.leanStart(&of[k][1].twist, k, -1, b)
		if t.Belt.spins {
			of[k][0].sum = spatial.AddScaled(of[k][0].sum, 0.5, spatial.Cross(q, t.Belt.spin()))
		}
	}
	var force, torque spatial.Mat3 // change of the impulse by that
	for j := range 3 {
		e := [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[j]
		d1, d2 := t.turn(e)
		if t.Mode == Slide {
			addColumn(&force, j, 1, spatial.AddScaled(spatial.AddScaled(spatial.Scale(l.X, e), l.Y, d1), l.Z, d2))
		} else {
			d1, d2 = t.Mode.about(e, d1, d2)
			addColumn(&force, j, l.X, e)
			addColumn(&torque, j, t.Lever, spatial.AddScaled(spatial.Scale(l.Y, d1), l.Z, d2))
		}
		dw := lean.respond(e, d1, d2)
		*[3]*float64{&turn[0].X, &turn[0].Y, &turn[0].Z}[j] = spatial.Dot(d1, slide) + lean.w[0]*spatial.Dot(e, lean.v) + dw[0]*lean.miss
		*[3]*float64{&turn[1].X, &turn[1].Y, &turn[1].Z}[j] = spatial.Dot(d2, slide) + lean.w[1]*spatial.Dot(e, lean.v) + dw[1]*lean.miss
	}
	f := t.Force(l)
	var by [2][6]step
	t.twisted(&by)
	sums := [2]r3.Vec{spatial.Add(of[0][0].sum, of[0][1].sum), spatial.Add(of[1][0].sum, of[1][1].sum)}
	for side := range s.Rows {
		var rows [3][6]float64
		for k := range of {
			rows[k+1] = of[k][side].twist.Array()
		}
		for c := range 6 {
			d := &by[side][c]
			if t.Ease > 0 { // it follows the gap at knot 2
				rows[0][c] = -t.Follow * d.gap
			}
			for k := range of {
				x, y := &of[k][0], &of[k][1]
				rows[k+1][c] += spatial.Dot(x.core, d.fa) + spatial.Dot(y.core, d.fb) + spatial.Dot(sums[k], d.c) + spatial.Dot(turn[k], d.n) + invH*lean.w[k]*d.gap
			}
			if t.Belt.moves {
				w := t.belts(side, &unitTwists[c], wa, wb)
				rows[1][c] += spatial.Dot(t1, w)
				rows[2][c] += spatial.Dot(t2, w)
			}
			df, dp := force.MulVec(d.n), d.c
			if t.Rolls() {
				dp = spatial.Add(dp, tr.departs(d, side, unitTwists[c].Ang))
			}
			tq := spatial.Add(spatial.Cross(dp, f), spatial.Cross(t.Point, df))
			if t.Mode != Slide {
				tq = spatial.Add(tq, torque.MulVec(d.n))
			}
			for i, v := range [6]float64{df.X, df.Y, df.Z, tq.X, tq.Y, tq.Z} {
				s.Impulse[side][6*i+c] = v
			}
		}
		for k := range rows {
			s.Rows[side][k] = spatial.WrenchOf(&rows[k])
		}
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
