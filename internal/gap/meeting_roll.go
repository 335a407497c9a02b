package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Where a rim or an oval touches a face runs round it within a step. So its impulse acts between the points of both
// knots, as on half-spaces (roll.go), here of both bodies: the point of knot 3 is seen from the plane, and taken back
// to where the plane was at knot 2. What turns with the plane so stays where it is.

// Rolls reports whether the meeting is that of a rim or an oval with a plane, whose impulse acts where the motions want it.
func (t *Meeting) Rolls() bool {
	if t.Mode == Turn {
		return false
	}
	switch t.Kind {
	case OvalPlane, PlaneOval, RimPlane, PlaneRim:
		return true
	}
	return false
}

// track is the way of the common point from its center.
type track struct {
	byB   bool   // whether B rolls
	u3, d r3.Vec // at knot 3, seen from the plane, and the change since knot 2
	size  float64
	y     float64
	share float64 // θ
	slope float64 // dθ/d‖d‖²
}

// rolling returns which of a pair of things belongs to the side that rolls.
func (r *track) rolling(a, b r3.Vec) r3.Vec {
	if r.byB {
		return b
	}
	return a
}

func (t *Meeting) track(x *near, wa, wb *swing, a, b *spatial.Motion) (r track) {
	r.byB = t.Kind == PlaneOval || t.Kind == PlaneRim
	f, plane := &t.a, b
	if r.byB {
		f, plane = &t.b, a
	}
	r.size = f.radius * f.radius
	if f.oval.is() {
		r.size = math.Sqrt(f.oval.dot(&f.oval))
	}
	r.u3 = spatial.Rotate(spatial.Scale(-1, plane.W), spatial.Sub(x.c, r.rolling(wa.p, wb.p)))
	r.d = spatial.Sub(r.u3, spatial.Sub(t.near.c, f.p))
	if r.size == 0 {
		return r
	}
	r.y = spatial.Dot(r.d, r.d) / (4 * r.size)
	r.share, r.slope = r.y*r.y*(3-2*r.y), 1.5*r.y*(1-r.y)/r.size
	return r
}

// shift returns how far the point of the impulse moves beyond that of knot 2 as both move from their center, that of
// knot 3 as seen from the plane.
func (r *track) shift(du2, du3 r3.Vec) r3.Vec {
	dd := spatial.Sub(du3, du2)
	return spatial.AddScaled(spatial.Scale(r.share, dd), 2*r.slope*spatial.Dot(r.d, dd), r.d)
}

// grow is what a change of what rolls does to it besides, by its size.
func (r *track) grow(f *placed, c *Change) r3.Vec {
	k := 0.0
	switch {
	case f.oval.is():
		k = f.oval.dot(&c.Oval) / (r.size * r.size)
	case f.radius > 0:
		k = 2 * c.Radius / f.radius
	}
	return spatial.Scale(-6*r.y*r.y*(1-r.y)*k, r.d)
}

// Roll lets the impulse of what rolls act where the motions of the bodies want it.
func (t *Meeting) Roll(a, b *spatial.Motion) {
	e := t.swings(a, b)
	x, wa, wb := &e.near, &e.a, &e.b
	r := t.track(x, wa, wb, a, b)
	t.Point = spatial.AddScaled(t.near.c, r.share, r.d)
	t.act()
}

// PointRows stores how the point of that impulse moves as A turns against B at knot 3.
func (t *Meeting) PointRows(d *spatial.Mat3, a, b *spatial.Motion) {
	e := t.swings(a, b)
	x, wa, wb := &e.near, &e.a, &e.b
	r := t.track(x, wa, wb, a, b)
	*d = spatial.Mat3{}
	for c, e := range [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		unit := spatial.Twist{Ang: e}
		var by [2]Change
		f, side, plane, sign := &wa.placed, 0, b, 1.0
		if r.byB {
			f, side, plane, sign = &wb.placed, 1, a, -1
		}
		by[side] = f.carried(&unit)
		var dx step
		x.vary(&dx, t.Kind, &wa.placed, &wb.placed, &by[0], &by[1])
		du3 := spatial.Rotate(spatial.Scale(-1, plane.W), spatial.Sub(dx.c, by[side].Center))
		addColumn(d, c, sign, r.shift(r3.Vec{}, du3))
	}
}

// departs returns how the point of the impulse moves beyond that of knot 2 as a side is twisted there, when that changes near by d.
func (r *track) departs(d *step, side int, turn r3.Vec) r3.Vec {
	du2, du3 := spatial.Sub(d.c, r.rolling(d.fa, d.fb)), r3.Vec{}
	if (side == 0) == r.byB { // the plane
		du3 = spatial.Cross(turn, r.u3)
	}
	return r.shift(du2, du3)
}

// responds returns that as features change, which changes near at the knots by d2 and d3.
func (t *Meeting) responds(x *near, wa, wb *swing, d2, d3 *step, u, v *Change, a, b *spatial.Motion) r3.Vec {
	r := t.track(x, wa, wb, a, b)
	f, c, plane := &t.a, u, b
	if r.byB {
		f, c, plane = &t.b, v, a
	}
	du3 := spatial.Sub(d3.c, r.rolling(d3.fa, d3.fb))
	du3 = spatial.Rotate(spatial.Scale(-1, plane.W), du3)
	return spatial.Add(r.shift(spatial.Sub(d2.c, r.rolling(d2.fa, d2.fb)), du3), r.grow(f, c))
}
