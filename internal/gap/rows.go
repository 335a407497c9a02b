package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Rows stores the gradients of gap and sliding velocity with respect to a twist of the body at knot 3
// about O. As covectors they are wrenches: row·twist = change.
func (t *Touch) Rows(g *[3]spatial.Wrench, m *spatial.Motion, invH float64) {
	if t.Mode == Turn {
		t.turnRows(g, m, invH)
		return
	}
	p := spatial.Add(t.P, spatial.Add(m.Dx, m.Displace(t.Arm)))
	g[0].Force, g[0].Torque = t.N, spatial.Cross(p, t.N)
	g[1].Force, g[1].Torque = spatial.Scale(invH, t.T1), spatial.Scale(invH, spatial.Cross(p, t.T1))
	g[2].Force, g[2].Torque = spatial.Scale(invH, t.T2), spatial.Scale(invH, spatial.Cross(p, t.T2))
	reach := t.Reach
	if t.Rolls() {
		reach = t.reaches(m)
	}
	if t.Belt.spins {
		t.addBelt(g, m, p, reach)
	}
	if t.Radius == 0 {
		return
	}
	if t.Rolls() {
		r := t.roll(m)
		down := spatial.Scale(t.Radius, spatial.Cross(r.end.lever(), t.N))
		g[0].Torque = spatial.Add(g[0].Torque, down)
		t.addSwing(g, r.end.turns(), m, invH)
		if t.Guided {
			t.addLean(g, &r, down, m, invH)
		}
	}
	// d((2/h) spin × reach)·t = (1/h)(reach×t)·D (I − [w]× + wwᵀ)dθ, D = ∂spin/∂w
	g[1].Torque = spatial.AddScaled(g[1].Torque, invH, m.SpinRow(spatial.Cross(reach, t.T1)))
	g[2].Torque = spatial.AddScaled(g[2].Torque, invH, m.SpinRow(spatial.Cross(reach, t.T2)))
}

// addSwing adds to the rows of the sliding velocity that the lowest point at one of the knots moves by du.
func (t *Touch) addSwing(g *[3]spatial.Wrench, du [3]r3.Vec, m *spatial.Motion, invH float64) {
	spin := m.Spin()
	if t.Belt.spins {
		spin = spatial.AddScaled(spin, 0.5/invH, t.Belt.spin())
	}
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		g[k+1].Torque = spatial.Add(g[k+1].Torque, t.swing(tk, spin, du, invH))
	}
}

// swing returns the row of the part of the velocity along q that comes from du: q·((2/h) spin × ½ r du) = (r/h)(q × spin)·du.
func (t *Touch) swing(q, spin r3.Vec, du [3]r3.Vec, invH float64) r3.Vec {
	a := spatial.Scale(t.Radius*invH, spatial.Cross(q, spin))
	return r3.Vec{X: spatial.Dot(a, du[0]), Y: spatial.Dot(a, du[1]), Z: spatial.Dot(a, du[2])}
}

// addBelt adds to the rows of the sliding velocity that the velocity of surfaces that turn is another at another place;
// p is the center of the feature at knot 3.
func (t *Touch) addBelt(g *[3]spatial.Wrench, m *spatial.Motion, p, reach r3.Vec) {
	x := t.lag(m, reach)
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		f := spatial.Scale(0.5, spatial.Cross(tk, t.Belt.spin())) // t·(W × ½ dp)
		g[k+1].Force, g[k+1].Torque = spatial.Add(g[k+1].Force, f), spatial.Add(g[k+1].Torque, spatial.Cross(p, f))
		t.Belt.A.row(&g[k+1], tk, x.o)
	}
}

// addBeltStart adds to that along tk by a twist at knot 2 what the surfaces do.
func (t *Touch) addBeltStart(g *spatial.Wrench, tk r3.Vec, m *spatial.Motion, reach r3.Vec) {
	r := &t.Belt.A
	g.Torque = spatial.Add(g.Torque, spatial.Cross(r.V, tk)) // t·(ang × V)
	if !t.Belt.spins {
		return
	}
	f := spatial.Scale(0.5, spatial.Cross(tk, t.Belt.spin())) // t·(W × ½ dP)
	g.Force, g.Torque = spatial.Add(g.Force, f), spatial.Add(g.Torque, spatial.Cross(t.P, f))
	x := t.lag(m, reach)
	g.Torque = spatial.Add(g.Torque, spatial.Cross(r.W, spatial.Cross(spatial.Sub(x.c, x.o), tk))) // t·((ang × W) × arm)
	f = spatial.Scale(-0.5, spatial.Cross(tk, r.W))                                                // −t·(W × ½ do)
	g.Force, g.Torque = spatial.Add(g.Force, f), spatial.Add(g.Torque, spatial.Cross(r.At, f))
}

// PointRows stores how the point of the impulse of a rim or oval moves with a turn of the body at knot 3.
func (t *Touch) PointRows(d *spatial.Mat3, m *spatial.Motion) {
	r := t.roll(m)
	*d = spatial.Mat3{}
	for c, du := range r.end.turns() {
		addColumn(d, c, t.Radius, r.shift(r3.Vec{}, du))
	}
}

func addColumn(d *spatial.Mat3, c int, k float64, v r3.Vec) {
	d[c] += k * v.X
	d[3+c] += k * v.Y
	d[6+c] += k * v.Z
}

// StartRows is the derivative of a touch with respect to a twist of the body at knot 2 about O, knot 3
// held fixed: gradient rows g of gap and sliding velocity, and the matrix d with which the contact point
// moves, dc = lin + d·ang.
func (t *Touch) StartRows(g *[3]spatial.Wrench, d *spatial.Mat3, m *spatial.Motion, invH float64) {
	if t.Mode == Turn {
		*d = spatial.Mat3{}
		t.turnStartRows(g, m, invH)
		return
	}
	// balls: dc = lin + ang×p
	p := t.P
	*d = spatial.Mat3{0, p.Z, -p.Y, -p.Z, 0, p.X, p.Y, -p.X, 0}
	g[0] = spatial.Wrench{}
	reach, low := t.Reach, p // low is where the gap at knot 2 has its lever
	var du [3]r3.Vec
	if t.Rolls() {
		r := t.roll(m)
		reach = spatial.Scale(t.Radius, r.middle())
		low = spatial.AddScaled(p, t.Radius, r.start.lever())
		du = r.start.turns()
		for c := range du {
			addColumn(d, c, t.Radius, r.shift(du[c], r3.Vec{}))
		}
	}
	for k, tk := range [2]r3.Vec{t.T1, t.T2} {
		torque := spatial.Cross(p, tk)
		if t.Radius != 0 {
			// d((2/h) spin × reach)·t with dw = −½(I + [w]× + wwᵀ) ang
			torque = spatial.Add(torque, m.SpinRowBack(spatial.Cross(reach, tk)))
		}
		g[k+1] = spatial.Wrench{Force: spatial.Scale(-invH, tk), Torque: spatial.Scale(-invH, torque)}
		if t.Belt.moves {
			t.addBeltStart(&g[k+1], tk, m, reach)
		}
	}
	if t.Rolls() {
		t.addSwing(g, du, m, invH)
		if t.Guided {
			t.addLeanStart(g, m, invH)
		}
	}
	if t.Ease > 0 { // it follows the gap at knot 2
		g[0] = pressing(-t.Follow, t.N, low)
	}
}
