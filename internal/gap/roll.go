package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// foot is the attitude of a rim or an oval to a half-space: what it reaches below its center, and where. Lengths are
// per radius of a rim, of an oval in meters.
type foot struct {
	rim
	n, axis r3.Vec
	oval    Oval
	s       r3.Vec // of an oval, its tip
	h       float64
}

func (t *Touch) foot(axis r3.Vec, q Oval) (f foot) {
	f.n, f.axis = t.N, axis
	if q.is() {
		x := q.tip(f.n)
		f.oval, f.s, f.h = q, x.s, x.h
		return f
	}
	f.rim = rimOf(f.n, axis)
	return f
}

// footAfter returns it at the end of the motion m.
func (t *Touch) footAfter(m *spatial.Motion) foot {
	if t.Oval.is() {
		return t.foot(t.Axis, t.Oval.after(m))
	}
	return t.foot(m.Rotate(t.Axis), Oval{})
}

func (f *foot) tip() tip { return tip{q: &f.oval, n: f.n, s: f.s, h: f.h} }

// depth returns how far it reaches below its center.
func (f *foot) depth() float64 {
	if f.h > 0 {
		return f.h
	}
	return f.rim.depth()
}

// point returns its lowest point relative to the center.
func (f *foot) point() r3.Vec {
	if f.h > 0 {
		return spatial.Scale(-1, f.s)
	}
	return f.rim.point()
}

// lever returns the arm of the gap's gradient.
func (f *foot) lever() r3.Vec {
	if f.h > 0 {
		return f.point()
	}
	return f.rim.lever()
}

// sink returns the change of depth as the feature and the normal change.
func (f *foot) sink(d *Change, dn r3.Vec) float64 {
	if f.h > 0 {
		x := f.tip()
		dh, _ := x.swell(&d.Oval)
		return dh + spatial.Dot(f.s, dn)
	}
	return f.rim.sink(d.Axis, dn)
}

// turn returns the change of point as they do.
func (f *foot) turn(d *Change, dn r3.Vec) r3.Vec {
	if f.h > 0 {
		x := f.tip()
		_, ds := x.swell(&d.Oval)
		return spatial.Scale(-1, spatial.Add(ds, x.bend(dn)))
	}
	return f.rim.turn(f.n, f.axis, d.Axis, dn)
}

// turns returns the change of point for unit rotations about the world's axes.
func (f *foot) turns() (d [3]r3.Vec) {
	for c, w := range [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		if f.h > 0 {
			x := f.tip()
			d[c] = spatial.Sub(x.bend(spatial.Cross(w, f.n)), spatial.Cross(w, f.s))
		} else {
			d[c] = f.rim.turn(f.n, f.axis, spatial.Cross(w, f.axis), r3.Vec{})
		}
	}
	return d
}

// roll is the lowest point of a rim or oval at knots 2 and 3, relative to the center, and where between them the impulse acts.
//
// At the point of knot 2 it keeps the energy of a disk that spins down, but pumps it without bound where the point runs round a
// good part of the rim within a step: then it pushes up one side while the other lands. At the point of knot 3 it only takes
// energy, as a vertex does that is on the ground at the end of the step, but of every spinning disk. So
//
//	point = u₂ + θ(u₃ − u₂),   θ = y²(3 − 2y),   y = ¼‖u₃ − u₂‖²/R²
//
// with y = sin² of half the angle the point goes: what θ takes falls with the fifth power of the step. Of a rim R is the radius, of an oval
// R⁴ = tr Q², the sum of the fourth powers of its radii: the largest, but smooth.
type roll struct {
	start, end foot
	u2, d      r3.Vec  // point at knot 2, change of it till knot 3
	size       float64 // R²
	y          float64
	share      float64 // θ
	slope      float64 // dθ/d‖d‖²
}

func (t *Touch) roll(m *spatial.Motion) (r roll) {
	r.size = 1
	if t.Oval.is() {
		r.size = math.Sqrt(t.Oval.dot(&t.Oval))
	}
	r.start, r.end = t.foot(t.Axis, t.Oval), t.footAfter(m)
	r.u2 = r.start.point()
	r.d = spatial.Sub(r.end.point(), r.u2)
	r.y = spatial.Dot(r.d, r.d) / (4 * r.size)
	r.share, r.slope = r.y*r.y*(3-2*r.y), 1.5*r.y*(1-r.y)/r.size
	return r
}

// at returns where the impulse acts.
func (r *roll) at() r3.Vec { return spatial.AddScaled(r.u2, r.share, r.d) }

// middle returns the arm of the sliding velocity, between the points of both knots. With that of knot 2 the angle of a can that
// wobbles without sliding creeps, at first order in the step.
func (r *roll) middle() r3.Vec { return spatial.AddScaled(r.u2, 0.5, r.d) }

// shift returns how the point of the impulse moves as those of knots 2 and 3 do.
func (r *roll) shift(du2, du3 r3.Vec) r3.Vec {
	dd := spatial.Sub(du3, du2)
	return spatial.AddScaled(spatial.AddScaled(du2, r.share, dd), 2*r.slope*spatial.Dot(r.d, dd), r.d)
}

// grow is what a change of the oval does to it besides, by its size.
func (r *roll) grow(dq *Oval) r3.Vec {
	if r.start.h == 0 {
		return r3.Vec{}
	}
	return spatial.Scale(-4*r.slope*r.y*r.start.oval.dot(dq)/r.size, r.d)
}
