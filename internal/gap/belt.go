package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Run is how the surface of a body runs over it, at knot 2 in world axes: with the velocity V, and turning by W about
// the point At, about O. Another one can be a change of it.
type Run struct{ V, W, At r3.Vec }

// Belt is how the surfaces of A and B run. A surface stays where it is and turns with its body.
//
// The velocity of a surface that turns is that at the middle of the common points of knots 2 and 3, about the middle of
// where its center is then:
//
//	V + W × (½(c₂ + c₃) − ½(o₂ + o₃))
//
// With c₂ alone what rides on a turntable flies off: a ball that rolls on it gains speed at first order in the step.
type Belt struct {
	A, B  Run
	moves bool // whether one of them runs
	spins bool // whether one of them turns
}

// NewBelt returns what surfaces are together.
func NewBelt(a, b Run) (x Belt) {
	x.A, x.B = a, b
	x.spins = a.W != r3.Vec{} || b.W != r3.Vec{}
	x.moves = x.spins || a.V != r3.Vec{} || b.V != r3.Vec{}
	return x
}

// Moves reports whether a surface runs.
func (b *Belt) Moves() bool { return b.moves }

// spin returns the angular velocity of A's surface over its body less that of B's.
func (b *Belt) spin() r3.Vec { return spatial.Sub(b.A.W, b.B.W) }

// at returns the velocity of a surface at the end of the arm from its center.
func (r *Run) at(arm r3.Vec) r3.Vec {
	if r.W == (r3.Vec{}) {
		return r.V
	}
	return spatial.Add(r.V, spatial.Cross(r.W, arm))
}

// departs returns the change of that as the body is twisted at knot 2 and the common points stay.
func (r *Run) departs(t *spatial.Twist, arm r3.Vec) r3.Vec {
	v := spatial.Cross(t.Ang, r.V)
	if r.W == (r3.Vec{}) {
		return v
	}
	center := spatial.Add(t.Lin, spatial.Cross(t.Ang, r.At))
	return spatial.AddScaled(spatial.Add(v, spatial.Cross(spatial.Cross(t.Ang, r.W), arm)), -0.5, spatial.Cross(r.W, center))
}

// changes returns the change of it as the run changes by d, over the motion m.
func (r *Run) changes(d *Run, arm r3.Vec, m *spatial.Motion) r3.Vec {
	center := spatial.Scale(0.5, spatial.Add(d.At, m.Rotate(d.At)))
	return spatial.Sub(d.at(arm), spatial.Cross(r.W, center))
}

// row adds to g, the gradient of a slide along t by a twist at knot 3, that the center moves from o, where it is in the middle of the step.
func (r *Run) row(g *spatial.Wrench, t, o r3.Vec) {
	f := spatial.Scale(-0.5, spatial.Cross(t, r.W))
	end := spatial.Sub(spatial.Scale(2, o), r.At)
	g.Force, g.Torque = spatial.Add(g.Force, f), spatial.Add(g.Torque, spatial.Cross(end, f))
}

// Before returns what the surfaces did at knot 1, to which these motions of the bodies lead back from knot 2.
func (b *Belt) Before(ofA, ofB *spatial.Motion) (x Belt) {
	x = *b
	x.A.V, x.B.V = ofA.Rotate(b.A.V), ofB.Rotate(b.B.V)
	if b.spins {
		x.A.W, x.B.W = ofA.Rotate(b.A.W), ofB.Rotate(b.B.W)
	}
	return x
}

// halfway returns where the center of a surface of the body of x is in the middle of the motion m.
func (x *placed) halfway(r *Run, m *spatial.Motion) r3.Vec {
	return spatial.AddScaled(r.At, 0.5, x.carry(m, r.At))
}

// drift returns the velocity of A's surface on B's where the bodies do not slide.
func (t *Meeting) drift(a, b *swing) r3.Vec {
	if !t.Belt.spins {
		return spatial.Sub(t.Belt.A.V, t.Belt.B.V)
	}
	return spatial.Sub(t.Belt.A.at(a.arm()), t.Belt.B.at(b.arm()))
}

// arm returns where the common point is from the center of the surface of a side, in the middle of the step.
func (w *swing) arm() r3.Vec {
	return spatial.Sub(spatial.AddScaled(spatial.Add(w.at, w.reach), -0.5, w.moved), w.pivot)
}

// Drifts returns the parts of the sliding velocity, or of the rates of turning, that are the surfaces' alone.
func (t *Meeting) Drifts(a, b *spatial.Motion) (v r3.Vec) {
	switch {
	case !t.Belt.moves:
		return v
	case t.Mode == Turn:
		return along(spatial.Scale(t.Lever, t.Belt.spin()), t.N, t.T1, t.T2)
	}
	e := t.swings(a, b)
	d := t.drift(&e.a, &e.b)
	return r3.Vec{Y: spatial.Dot(t.T1, d), Z: spatial.Dot(t.T2, d)}
}

// lag is where in the middle of the step the common point and the center of A's surface are.
type lag struct{ c, o r3.Vec }

func (t *Touch) lag(m *spatial.Motion, reach r3.Vec) lag {
	origin := spatial.Sub(t.P, t.Arm)
	moved := spatial.Add(m.Dx, m.Displace(spatial.Sub(t.Belt.A.At, origin)))
	c := spatial.AddScaled(t.P, 0.5, spatial.Add(m.Dx, m.Displace(t.Arm)))
	return lag{spatial.Add(c, reach), spatial.AddScaled(t.Belt.A.At, 0.5, moved)}
}

// drift is that of a meeting; reach is where the common point is from the center of the feature, in the middle of the step.
func (t *Touch) drift(m *spatial.Motion, reach r3.Vec) r3.Vec {
	b := &t.Belt
	if !b.spins {
		return spatial.Sub(b.A.V, b.B.V)
	}
	x := t.lag(m, reach)
	return spatial.Sub(b.A.at(spatial.Sub(x.c, x.o)), b.B.at(spatial.Sub(x.c, b.B.At)))
}

// reaches returns where the common point is from the center of the feature, the mean of both knots.
func (t *Touch) reaches(m *spatial.Motion) r3.Vec {
	if !t.Rolls() {
		return t.Reach
	}
	r := t.roll(m)
	return spatial.Scale(t.Radius, r.middle())
}

// Drifts returns the parts of the sliding velocity, or of the rates of turning, that are the surfaces' alone.
func (t *Touch) Drifts(m *spatial.Motion) (v r3.Vec) {
	switch {
	case !t.Belt.moves:
		return v
	case t.Mode == Turn:
		return along(spatial.Scale(t.Lever, t.Belt.spin()), t.N, t.T1, t.T2)
	}
	d := t.drift(m, t.reaches(m))
	return r3.Vec{Y: spatial.Dot(t.T1, d), Z: spatial.Dot(t.T2, d)}
}
