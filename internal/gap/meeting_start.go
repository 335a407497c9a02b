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
	// ds = D (−½)(I + [w]× + wwᵀ) ang, D = ∂spin/∂w
	turn := spatial.Cayley(spatial.Scale(-1, m.W), m.SpinJac(spatial.Cross(w.reach, q)))
	x.twist = spatial.Wrench{Force: spatial.Scale(-1, in), Torque: spatial.AddScaled(spatial.Cross(in, core), -invH, turn)}
	return x
}

// StartRows stores what the meeting feels of knot 2 when its impulse has the components l.
func (t *Meeting) StartRows(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	e := t.swings(a, b)
	x, wa, wb := &e.near, &e.a, &e.b
	var tr track
	if t.Rolls() {
		tr = t.track(x, wa, wb, a, b)
	}
	slide := t.slide(wa, wb, invH)
	var of [2][2]departure // of each slide on each side
	var turn [2]r3.Vec     // what each slide feels of a change of the normal
	t1, t2 := t.Mode.about(t.N, t.T1, t.T2)
	for k, q := range [2]r3.Vec{t1, t2} {
		if t.Mode != Slide {
			of[k][0], of[k][1] = t.turnDeparture(q, a, invH), t.turnDeparture(spatial.Scale(-1, q), b, invH)
			continue
		}
		of[k][0] = wa.departure(q, t.near.fa, a, invH)
		of[k][1] = wb.departure(spatial.Scale(-1, q), t.near.fb, b, invH)
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
		*[3]*float64{&turn[0].X, &turn[0].Y, &turn[0].Z}[j] = spatial.Dot(d1, slide)
		*[3]*float64{&turn[1].X, &turn[1].Y, &turn[1].Z}[j] = spatial.Dot(d2, slide)
	}
	f := t.Force(l)
	for side := range s.Rows {
		var rows [3][6]float64
		for c := range 6 {
			var e [6]float64
			var by [2]Change
			e[c] = 1
			unit := spatial.Twist{Lin: r3.Vec{X: e[0], Y: e[1], Z: e[2]}, Ang: r3.Vec{X: e[3], Y: e[4], Z: e[5]}}
			by[side] = [2]*placed{&t.a, &t.b}[side].carried(&unit)
			d := t.near.vary(t.Kind, &t.a, &t.b, &by[0], &by[1])
			if t.Ease > 0 { // it follows the gap at knot 2
				rows[0][c] = -t.Follow * d.gap
			}
			for k := range of {
				x, y := &of[k][0], &of[k][1]
				rows[k+1][c] = spatial.Dot(x.core, d.fa) + spatial.Dot(y.core, d.fb) + spatial.Dot(spatial.Add(x.sum, y.sum), d.c) +
					spatial.Dot(turn[k], d.n) + unit.Power(&of[k][side].twist)
			}
			if t.Belt.Moves() {
				w := t.Belt.turned(side, unit.Ang)
				rows[1][c] += spatial.Dot(t.T1, w)
				rows[2][c] += spatial.Dot(t.T2, w)
			}
			df, dp := force.MulVec(d.n), d.c
			if t.Rolls() {
				dp = spatial.Add(dp, tr.departs(&d, side, unit.Ang))
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
