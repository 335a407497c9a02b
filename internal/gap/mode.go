package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Mode is what a touch measures besides its gap, and its multiplier acts on: how it slides, how fast its body spins
// about the normal, or how fast it rolls about the tangents, times a lever, so that all of them are speeds and the
// multipliers impulses.
type Mode uint8

// The modes.
const (
	Slide Mode = iota
	Spin
	Roll
)

// about returns the directions along or about which a contact with this normal and these tangents measures its speeds, or changes of all of
// them; the second of a spin is none.
func (m Mode) about(n, t1, t2 r3.Vec) (a, b r3.Vec) {
	if m == Spin {
		return n, r3.Vec{}
	}
	return t1, t2
}

func (t *Touch) about() (a, b r3.Vec) { return t.Mode.about(t.N, t.T1, t.T2) }

// turnRows is Rows where the touch does not slide.
func (t *Touch) turnRows(g *[3]spatial.Wrench, m *spatial.Motion, invH float64) {
	at := spatial.Add(t.P, spatial.Add(m.Dx, m.Displace(t.Arm)))
	if t.Rolls() {
		r := t.roll(m)
		at = spatial.AddScaled(at, t.Radius, r.end.lever())
	}
	g[0] = pressing(1, t.N, at)
	a, b := t.about()
	g[1] = spatial.Wrench{Torque: spatial.Scale(invH*t.Lever, m.SpinRow(a))}
	g[2] = spatial.Wrench{Torque: spatial.Scale(invH*t.Lever, m.SpinRow(b))}
}

// turnStartRows makes the rows of StartRows those of a touch that does not slide.
func (t *Touch) turnStartRows(g *[3]spatial.Wrench, m *spatial.Motion, invH float64) {
	a, b := t.about()
	g[1] = spatial.Wrench{Torque: spatial.Scale(-invH*t.Lever, m.SpinRowBack(a))}
	g[2] = spatial.Wrench{Torque: spatial.Scale(-invH*t.Lever, m.SpinRowBack(b))}
	if t.Belt.spins { // a·(ang × W)
		g[1].Torque = spatial.AddScaled(g[1].Torque, t.Lever, spatial.Cross(t.Belt.A.W, a))
		g[2].Torque = spatial.AddScaled(g[2].Torque, t.Lever, spatial.Cross(t.Belt.A.W, b))
	}
}

// turnBy returns the changes of the rates under a shift.
func (t *Touch) turnBy(s *Shift, m *spatial.Motion, invH float64) (v1, v2 float64) {
	a, b := t.Mode.about(s.Normal, s.T1, s.T2)
	w := spatial.Scale(2*invH*t.Lever, m.Spin())
	w = spatial.AddScaled(w, t.Lever, t.Belt.spin())
	x, y := t.about()
	turn := spatial.Scale(t.Lever, spatial.Sub(s.RunA.W, s.RunB.W))
	return spatial.Dot(a, w) + spatial.Dot(x, turn), spatial.Dot(b, w) + spatial.Dot(y, turn)
}

// Turned returns what a shift does to force and torque of the impulse l, beyond that its point moves.
func (t *Touch) Turned(s *Shift, l r3.Vec) (force, torque r3.Vec) {
	force = spatial.Scale(l.X, s.Normal)
	if t.Mode == Slide {
		return spatial.AddScaled(spatial.AddScaled(force, l.Y, s.T1), l.Z, s.T2), torque
	}
	a, b := t.Mode.about(s.Normal, s.T1, s.T2)
	return force, spatial.Scale(t.Lever, spatial.AddScaled(spatial.Scale(l.Y, a), l.Z, b))
}

// turnRows is what Rows stores beyond the gap where the meeting does not slide.
func (t *Meeting) turnRows(ga, gb *[3]spatial.Wrench, a, b *spatial.Motion, invH float64) {
	x, y := t.Mode.about(t.N, t.T1, t.T2)
	for k, d := range [2]r3.Vec{x, y} {
		ga[k+1] = spatial.Wrench{Torque: spatial.Scale(invH*t.Lever, a.SpinRow(d))}
		gb[k+1] = spatial.Wrench{Torque: spatial.Scale(-invH*t.Lever, b.SpinRow(d))}
	}
}

// turnDeparture is how a rate of turning about q feels a turn of a side at knot 2.
func (t *Meeting) turnDeparture(x *departure, q r3.Vec, m *spatial.Motion, invH float64) {
	x.twist.Torque = spatial.Scale(-invH*t.Lever, m.SpinRowBack(q))
}
