package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Mode is what a touch measures and its multiplier acts on: its gap and how it slides, or how fast its body turns about
// normal and tangents, times a lever, so that all of that are speeds and the multipliers impulses. A contact that resists
// turning has one of both: what is said of gap and sliding velocity is said of these three rates of the second, and its
// impulse is a torque alone.
type Mode uint8

// The modes.
const (
	Slide Mode = iota
	Turn
)

// torques makes w the unit impulses of what turns about normal and tangents.
func torques(w *[3]spatial.Wrench, lever float64, n, t1, t2 r3.Vec) {
	for k, q := range [3]r3.Vec{n, t1, t2} {
		w[k] = spatial.Wrench{Torque: spatial.Scale(lever, q)}
	}
}

// along returns the components of v.
func along(v, n, t1, t2 r3.Vec) r3.Vec {
	return r3.Vec{X: spatial.Dot(n, v), Y: spatial.Dot(t1, v), Z: spatial.Dot(t2, v)}
}

// together returns the vector of these components.
func together(l, n, t1, t2 r3.Vec) r3.Vec {
	return spatial.AddScaled(spatial.AddScaled(spatial.Scale(l.X, n), l.Y, t1), l.Z, t2)
}

// rate returns how fast the touch turns, times its lever.
func (t *Touch) rate(m *spatial.Motion, invH float64) r3.Vec {
	w := spatial.Scale(2*invH*t.Lever, m.Spin())
	if t.Belt.spins {
		w = spatial.AddScaled(w, t.Lever, t.Belt.spin())
	}
	return w
}

// turnRows is Rows where the touch turns.
func (t *Touch) turnRows(g *[3]spatial.Wrench, m *spatial.Motion, invH float64) {
	for k, q := range [3]r3.Vec{t.N, t.T1, t.T2} {
		g[k] = spatial.Wrench{Torque: spatial.Scale(invH*t.Lever, m.SpinRow(q))}
	}
}

// turnStartRows is StartRows of it.
func (t *Touch) turnStartRows(g *[3]spatial.Wrench, m *spatial.Motion, invH float64) {
	for k, q := range [3]r3.Vec{t.N, t.T1, t.T2} {
		g[k] = spatial.Wrench{Torque: spatial.Scale(-invH*t.Lever, m.SpinRowBack(q))}
		if t.Belt.spins { // q·(ang × W)
			g[k].Torque = spatial.AddScaled(g[k].Torque, t.Lever, spatial.Cross(t.Belt.A.W, q))
		}
	}
}

// turnBy returns the changes of the rates under a shift.
func (t *Touch) turnBy(s *Shift, m *spatial.Motion, invH float64) r3.Vec {
	turn := spatial.Scale(t.Lever, spatial.Sub(s.RunA.W, s.RunB.W))
	return spatial.Add(along(t.rate(m, invH), s.Normal, s.T1, s.T2), along(turn, t.N, t.T1, t.T2))
}

// Turned returns what a shift does to force and torque of the impulse l, beyond that its point moves.
func (t *Touch) Turned(s *Shift, l r3.Vec) (force, torque r3.Vec) {
	if t.Mode == Turn {
		return force, spatial.Scale(t.Lever, together(l, s.Normal, s.T1, s.T2))
	}
	return together(l, s.Normal, s.T1, s.T2), torque
}

// rate returns how fast A turns on B, times the lever.
func (t *Meeting) rate(a, b *spatial.Motion, invH float64) r3.Vec {
	w := spatial.Scale(2*invH*t.Lever, spatial.Sub(a.Spin(), b.Spin()))
	if t.Belt.spins {
		w = spatial.AddScaled(w, t.Lever, t.Belt.spin())
	}
	return w
}

// turnRows is Rows where the meeting turns.
func (t *Meeting) turnRows(ga, gb *[3]spatial.Wrench, a, b *spatial.Motion, invH float64) {
	for k, q := range [3]r3.Vec{t.N, t.T1, t.T2} {
		ga[k] = spatial.Wrench{Torque: spatial.Scale(invH*t.Lever, a.SpinRow(q))}
		gb[k] = spatial.Wrench{Torque: spatial.Scale(-invH*t.Lever, b.SpinRow(q))}
	}
}

// turnRespond is Respond of it.
func (t *Meeting) turnRespond(u, v *Change, a, b *spatial.Motion, invH float64) (r Response) {
	var d step
	t.near.vary(&d, t.Kind, &t.a, &t.b, u, v)
	r.N = d.n
	r.T1, r.T2 = t.turn(r.N)
	turn := spatial.Scale(t.Lever, spatial.Sub(u.Run.W, v.Run.W))
	r.Value = spatial.Add(along(t.rate(a, b, invH), r.N, r.T1, r.T2), along(turn, t.N, t.T1, t.T2))
	return r
}

// turnStart is StartRows of it: rates and impulse feel how the directions turn, and the rates the motions.
func (t *Meeting) turnStart(s *Start, l r3.Vec, a, b *spatial.Motion, invH float64) {
	rate := t.rate(a, b, invH)
	var x bends
	x.turns(t, l, rate)
	turn := [3]r3.Vec{rate, x.turn[0], x.turn[1]}
	var u [2]Change
	for side, at := range [2]*placed{&t.a, &t.b} {
		var rates [3][6]float64
		m := &s.Impulse[side]
		*m = spatial.Mat6{}
		for c := range unitTwists {
			u[side] = at.carried(&unitTwists[c])
			var d step
			t.near.vary(&d, t.Kind, &t.a, &t.b, &u[0], &u[1])
			for k := range rates {
				rates[k][c] = spatial.Dot(turn[k], d.n)
			}
			tq := spatial.Scale(t.Lever, x.force.MulVec(d.n))
			m[18+c], m[24+c], m[30+c] = tq.X, tq.Y, tq.Z
		}
		u[side] = Change{}
		mo, run, k := a, t.Belt.A.W, t.Lever
		if side == 1 {
			mo, run, k = b, t.Belt.B.W, -t.Lever
		}
		for n, q := range [3]r3.Vec{t.N, t.T1, t.T2} {
			w := spatial.WrenchOf(&rates[n])
			w.Torque = spatial.AddScaled(w.Torque, -invH*k, mo.SpinRowBack(q))
			if t.Belt.spins { // q·(ang × W)
				w.Torque = spatial.AddScaled(w.Torque, k, spatial.Cross(run, q))
			}
			s.Rows[side][n] = w
		}
	}
}
