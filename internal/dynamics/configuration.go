package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
)

func getQuat(q []float64) spatial.Quat {
	return spatial.Quat{Real: q[0], Imag: q[1], Jmag: q[2], Kmag: q[3]}
}

func putQuat(q []float64, r spatial.Quat) {
	q[0], q[1], q[2], q[3] = r.Real, r.Imag, r.Jmag, r.Kmag
}

// Neutral stores the reference configuration: zero, or the middle of the limits where zero is outside
// them, and no rotation of spherical joints. Mimics follow; their limits are limits of what they follow.
func (m *Model) Neutral(q []float64) {
	for i := range m.Dofs {
		d, k := &m.Dofs[i], m.QIndex[i]
		if m.Ball(i) {
			b := &m.Bodies[d.Body]
			if i == b.V+b.NT {
				putQuat(q[b.Q+b.NT:], spatial.Identity)
			}
			continue
		}
		q[k] = 0
		if low, up := m.room(i); low > 0 || up < 0 {
			switch {
			case math.IsInf(up, 1):
				q[k] = low
			case math.IsInf(low, -1):
				q[k] = up
			default:
				q[k] = (low + up) / 2
			}
		}
	}
	for _, c := range m.Mimics {
		q[m.QIndex[c.Dof]] = c.At(q[m.QIndex[c.Of]])
	}
}

// room returns the limits of dof i and of all that mimic it, in its own coordinate, or its own alone when they
// have nothing in common.
func (m *Model) room(i int) (low, up float64) {
	d := &m.Dofs[i]
	low, up = d.Lower, d.Upper
	for _, c := range m.Mimics {
		if c.Of != i || c.Ratio == 0 || c.Curve != [3]float64{} { // a curve may come back to a limit
			continue
		}
		a, b := (m.Dofs[c.Dof].Lower-c.Offset)/c.Ratio, (m.Dofs[c.Dof].Upper-c.Offset)/c.Ratio
		low, up = math.Max(low, math.Min(a, b)), math.Min(up, math.Max(a, b))
	}
	if low > up {
		return d.Lower, d.Upper
	}
	return low, up
}

// Kinematics stores the world poses of all body frames at configuration q.
func (m *Model) Kinematics(poses []spatial.Pose, q []float64) {
	for i := range m.Bodies {
		var w *spatial.Pose
		if p := m.Bodies[i].Parent; p != World {
			w = &poses[p]
		}
		m.Bodies[i].Place(&poses[i], w, q)
	}
}

// Place stores the world pose of the body frame at configuration q into p; w is that of its parent, nil for the world.
func (b *Body) Place(p, w *spatial.Pose, q []float64) {
	if w == nil {
		*p = b.Origin
	} else {
		p.Pos, p.Rot = spatial.Add(w.Pos, spatial.QuatRotate(w.Rot, b.Origin.Pos)), quat.Mul(w.Rot, b.Origin.Rot)
	}
	b.move(p, q)
}

// Integrate stores q ⊕ h v into dst (which may be q): numbers change by h v, spherical rotations turn by the rotation vector
// h v in body axes. A negative h goes back in time.
func (m *Model) Integrate(dst, q, v []float64, h float64) {
	for i := range m.Bodies {
		b := &m.Bodies[i]
		for k := range b.scalars() {
			dst[b.Q+k] = q[b.Q+k] + h*v[b.V+k]
		}
		if w := b.ball(); w >= 0 {
			b.turnBall(dst, q, spatial.RotationVector(spatial.Scale(h, vec3(v[w:]))))
		}
	}
}

// turnBall stores the quaternion of the joint's spherical rotation, turned by r in body axes.
func (b *Body) turnBall(dst, q []float64, r spatial.Quat) {
	k := b.Q + b.NT
	p, _ := spatial.Normalize(quat.Mul(getQuat(q[k:]), r))
	putQuat(dst[k:], p)
}

// Difference stores b ⊖ a into the tangent vector d: a ⊞ d = b with ⊞ of [Model.Displace].
func (m *Model) Difference(d, b, a []float64) {
	for i := range m.Bodies {
		bd := &m.Bodies[i]
		for k := range bd.scalars() {
			d[bd.V+k] = b[bd.Q+k] - a[bd.Q+k]
		}
		if w := bd.ball(); w >= 0 {
			r := bd.Q + bd.NT
			l := spatial.LogQuat(quat.Mul(quat.Conj(getQuat(a[r:])), getQuat(b[r:])))
			d[w], d[w+1], d[w+2] = l.X, l.Y, l.Z
		}
	}
}

// Displace stores q ⊞ d into dst (which may be q): scalars add, quaternions are multiplied on the right
// by the rotation vector, in body axes.
func (m *Model) Displace(dst, q, d []float64) {
	for i := range m.Bodies {
		b := &m.Bodies[i]
		for k := range b.scalars() {
			dst[b.Q+k] = q[b.Q+k] + d[b.V+k]
		}
		if w := b.ball(); w >= 0 {
			b.turnBall(dst, q, spatial.RotationVector(vec3(d[w:])))
		}
	}
}
