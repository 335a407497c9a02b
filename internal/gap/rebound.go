package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Rebound is how a pair that is about to hit leaves again: its gap has to grow by share × the speed of approach, over which the value is
//
//	gap at knot 3 − gap at knot 2 − share × approach
//
// The approach is a property of the features of knot 2 and of the interval before: how fast the gap fell there.
type Rebound struct {
	Share   float64 // of the approach that must be left behind in the step: a time (s); 0 where nothing bounces
	Speed   float64 // of approach (m/s)
	Length  float64 // of the interval before (s)
	Instant bool    // whether that is a sliver, whose motion stands for the velocities at an instant
}

// Bounce makes the touch leave again.
func (t *Touch) Bounce(r *Rebound) { t.Ease = -(t.Gap2 + r.Share*r.Speed) }

// Approach returns how fast the gap fell in the interval before, of the given length, back over which m leads.
func (t *Touch) Approach(m *spatial.Motion, length float64) float64 {
	fall := spatial.Dot(t.N, spatial.Add(m.Dx, m.Displace(t.Arm)))
	if t.Rolls() {
		r := t.roll(m)
		fall -= t.Radius * (r.end.depth() - r.start.depth())
	}
	return fall / length
}

// pressing returns the wrench about O of a force of size k along n at p.
func pressing(k float64, n, p r3.Vec) spatial.Wrench {
	w := spatial.Wrench{Force: n, Torque: spatial.Cross(p, n)}
	return w.Scaled(k)
}

// ReboundRows stores the gradients of what a bounce adds to the value, by a twist of the body at knot 1 and at knot 2.
func (t *Touch) ReboundRows(at1, at2 *spatial.Wrench, b *Rebound, m *spatial.Motion) {
	low := t.P
	if t.Rolls() {
		r := t.foot(t.Axis, t.Oval)
		low = spatial.AddScaled(low, t.Radius, r.lever())
	}
	*at2 = spatial.Wrench{Force: spatial.Scale(-1, t.N), Torque: spatial.Cross(t.N, low)}
	if b.Instant { // twists of knot 1 are then minus changes of the velocity, beyond what turns with the body
		v := spatial.Scale(-1/b.Length, spatial.Add(m.Dx, m.Displace(t.Arm)))
		*at1 = pressing(-b.Share, t.N, t.P)
		at2.Torque = spatial.AddScaled(at2.Torque, b.Share, spatial.Cross(v, t.N))
		return
	}
	var g [3]spatial.Wrench
	t.Rows(&g, m, 1)
	k := b.Share / b.Length
	*at1 = g[0].Scaled(-k)
	*at2 = at2.Scaled(1 - k)
}

// ReboundBy returns the change of what a bounce adds to the value, under a shift.
func (t *Touch) ReboundBy(b *Rebound, s *Shift, m *spatial.Motion, o r3.Vec) float64 {
	return -t.GapBy(s, &spatial.Motion{}, o) - b.Share/b.Length*t.fallBy(s, m)
}

// Bounce makes the meeting leave again.
func (t *Meeting) Bounce(r *Rebound) { t.Ease = -(t.Gap2 + r.Share*r.Speed) }

// fall returns the displacements of the points of the cores back to knot 1.
func (t *Meeting) fall(a, b *spatial.Motion) (ofA, ofB r3.Vec) {
	return t.a.carry(a, t.near.fa), t.b.carry(b, t.near.fb)
}

// carry returns the displacement of a point of the body.
func (x *placed) carry(m *spatial.Motion, at r3.Vec) r3.Vec {
	return spatial.Add(m.Dx, m.Displace(spatial.Add(x.arm, spatial.Sub(at, x.p))))
}

// Approach returns how fast the gap fell in the interval before, of the given length, back over which a and b lead: to
// first order, as points of the cores moved along the normal.
func (t *Meeting) Approach(a, b *spatial.Motion, length float64) float64 {
	da, db := t.fall(a, b)
	return spatial.Dot(t.N, spatial.Sub(da, db)) / length
}

// ReboundRows stores the gradients of what a bounce adds to the value, by twists of the bodies of A and B about O at knots 1 and 2.
func (t *Meeting) ReboundRows(at1, at2 *[2]spatial.Wrench, r *Rebound, a, b *spatial.Motion) {
	k := r.Share / r.Length
	da, db := t.fall(a, b)
	for side := range at1 {
		x, core, moved, sign := &t.a, t.near.fa, da, 1.0
		if side == 1 {
			x, core, moved, sign = &t.b, t.near.fb, db, -1
		}
		if p := core; r.Instant {
			at1[side] = pressing(-sign*r.Share, t.N, p)
		} else {
			p = spatial.Add(core, moved)
			at1[side] = pressing(-sign*k, t.N, p)
		}
		var row [6]float64
		for c := range row {
			var e [6]float64
			var by [2]Change
			e[c] = 1
			unit := spatial.Twist{Lin: r3.Vec{X: e[0], Y: e[1], Z: e[2]}, Ang: r3.Vec{X: e[3], Y: e[4], Z: e[5]}}
			by[side] = x.carried(&unit)
			var d step
			t.near.vary(&d, t.Kind, &t.a, &t.b, &by[0], &by[1])
			along := spatial.Add(unit.Lin, spatial.Cross(unit.Ang, core)) // of the point of the body
			va, vb := d.fa, d.fb                                          // of the points of the cores, in their bodies
			turned := spatial.Scale(-1, along)                            // knot 1 stays
			if r.Instant {
				turned = spatial.Cross(unit.Ang, moved) // the velocity turns with the body
			}
			if side == 0 {
				va = spatial.Sub(va, along)
			} else {
				vb = spatial.Sub(vb, along)
			}
			own := spatial.Sub(a.Displace(va), b.Displace(vb))
			fall := spatial.Dot(d.n, spatial.Sub(da, db)) + spatial.Dot(t.N, spatial.AddScaled(own, sign, turned))
			row[c] = -d.gap - k*fall
		}
		at2[side] = spatial.WrenchOf(&row)
	}
}

// ReboundBy returns the change of what a bounce adds to the value as the features do.
func (t *Meeting) ReboundBy(r *Rebound, u, v *Change, a, b *spatial.Motion) float64 {
	da, db := t.fall(a, b)
	var d step
	t.near.vary(&d, t.Kind, &t.a, &t.b, u, v)
	own := spatial.Sub(a.Displace(d.fa), b.Displace(d.fb))
	fall := spatial.Dot(d.n, spatial.Sub(da, db)) + spatial.Dot(t.N, own)
	return -d.gap - r.Share/r.Length*fall
}
