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
		q[m.QIndex[c.Dof]] = c.Ratio*q[m.QIndex[c.Of]] + c.Offset
	}
}

// room returns the limits of dof i and of all that mimic it, in its own coordinate, or its own alone when they
// have nothing in common.
func (m *Model) room(i int) (low, up float64) {
	d := &m.Dofs[i]
	low, up = d.Lower, d.Upper
	for _, c := range m.Mimics {
		if c.Of != i || c.Ratio == 0 {
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
		b := &m.Bodies[i]
		p := b.Origin
		if b.Parent != World {
			p = poses[b.Parent].Mul(p)
		}
		poses[i] = b.jointPose(p, q)
	}
}

// jointPose returns the pose of the body given the pose p of its joint frame.
func (b *Body) jointPose(p spatial.Pose, q []float64) spatial.Pose {
	for k := 0; k < b.NT; k++ {
		p.Pos = spatial.AddScaled(p.Pos, q[b.Q+k], spatial.QuatRotate(p.Rot, b.Axes[k]))
	}
	switch r := b.Q + b.NT; b.NR {
	case 1:
		p.Rot = quat.Mul(p.Rot, spatial.AxisAngle(b.Axes[b.NT], q[r]))
	case 2:
		p.Rot = quat.Mul(p.Rot, spatial.AxisAngle(b.Axes[b.NT], q[r]))
		p.Rot = quat.Mul(p.Rot, spatial.AxisAngle(b.Axes[b.NT+1], q[r+1]))
	case 3:
		p.Rot = quat.Mul(p.Rot, getQuat(q[r:]))
	}
	return p
}

// Integrate stores q ⊕ h v into dst (which may be q): translations add, rotations turn by 2 atan(h v/2)
// about their axes, the map of the Cayley integrator. A negative h goes back in time.
func (m *Model) Integrate(dst, q, v []float64, h float64) {
	for i := range m.Bodies {
		b := &m.Bodies[i]
		for k := 0; k < b.NT; k++ {
			dst[b.Q+k] = q[b.Q+k] + h*v[b.V+k]
		}
		r, w := b.Q+b.NT, b.V+b.NT
		if b.NR == 3 {
			xi := spatial.Vec{X: h / 2 * v[w], Y: h / 2 * v[w+1], Z: h / 2 * v[w+2]}
			p, _ := spatial.Normalize(quat.Mul(getQuat(q[r:]), spatial.GibbsQuat(xi)))
			putQuat(dst[r:], p)
			continue
		}
		for k := 0; k < b.NR; k++ {
			dst[r+k] = q[r+k] + 2*math.Atan(h/2*v[w+k])
		}
	}
}

// Difference stores b ⊖ a into the tangent vector d: a ⊞ d = b with ⊞ of [Model.Displace].
func (m *Model) Difference(d, b, a []float64) {
	for i := range m.Bodies {
		bd := &m.Bodies[i]
		for k := 0; k < bd.NT; k++ {
			d[bd.V+k] = b[bd.Q+k] - a[bd.Q+k]
		}
		r, w := bd.Q+bd.NT, bd.V+bd.NT
		if bd.NR == 3 {
			l := spatial.LogQuat(quat.Mul(quat.Conj(getQuat(a[r:])), getQuat(b[r:])))
			d[w], d[w+1], d[w+2] = l.X, l.Y, l.Z
			continue
		}
		for k := 0; k < bd.NR; k++ {
			d[w+k] = b[r+k] - a[r+k]
		}
	}
}

// Displace stores q ⊞ d into dst (which may be q): scalars add, quaternions are multiplied on the right
// by the rotation vector, in body axes.
func (m *Model) Displace(dst, q, d []float64) {
	for i := range m.Bodies {
		b := &m.Bodies[i]
		for k := 0; k < b.NT; k++ {
			dst[b.Q+k] = q[b.Q+k] + d[b.V+k]
		}
		r, w := b.Q+b.NT, b.V+b.NT
		if b.NR == 3 {
			l := spatial.RotationVector(spatial.Vec{X: d[w], Y: d[w+1], Z: d[w+2]})
			p, _ := spatial.Normalize(quat.Mul(getQuat(q[r:]), l))
			putQuat(dst[r:], p)
			continue
		}
		for k := 0; k < b.NR; k++ {
			dst[r+k] = q[r+k] + d[w+k]
		}
	}
}

// SetScales fixes the reference inertia and natural speed of every dof and the mass and length of every
// tree from the neutral configuration. It reports the first dof that moves no inertia, or −1.
func (m *Model) SetScales() int {
	q := make([]float64, m.NQ)
	m.Neutral(q)
	poses := make([]spatial.Pose, len(m.Bodies))
	m.Kinematics(poses, q)

	m.GravityRef = spatial.Norm(m.Gravity)
	if m.GravityRef == 0 {
		m.GravityRef = 9.81
	}
	type composite struct {
		m float64
		c spatial.Vec  // first moment about the tree's origin
		i spatial.Sym3 // about the tree's origin
	}
	comp := make([]composite, len(m.Bodies))
	bad := -1
	for t := range m.Trees {
		tr := &m.Trees[t]
		o := poses[tr.First].Pos
		for i := tr.Last - 1; i >= tr.First; i-- {
			b, c := &m.Bodies[i], &comp[i]
			var rot spatial.Mat3
			rot.Set(poses[i].Rot)
			var j spatial.Sym3
			j.Conjugate(&rot, &b.Inertia)
			r := spatial.Sub(poses[i].Apply(b.COM), o)
			c.m += b.Mass
			c.c = spatial.AddScaled(c.c, b.Mass, r)
			c.i = c.i.Add(j).Add(spatial.PointInertia(b.Mass, r))
			if p := b.Parent; p != World {
				comp[p].m += c.m
				comp[p].c = spatial.Add(comp[p].c, c.c)
				comp[p].i = comp[p].i.Add(c.i)
			}
		}
		var all composite
		for i := tr.First; i < tr.Last; i++ {
			if m.Bodies[i].Parent == World {
				all.m += comp[i].m
				all.c = spatial.Add(all.c, comp[i].c)
				all.i = all.i.Add(comp[i].i)
			}
		}
		tr.Mass = all.m
		tr.Length = math.Sqrt(math.Max(0, (all.i.XX+all.i.YY+all.i.ZZ)/2-spatial.Dot(all.c, all.c)/all.m) / all.m)
		for i := tr.First; i < tr.Last; i++ {
			b, c := &m.Bodies[i], &comp[i]
			frame := b.Origin
			if b.Parent != World {
				frame = poses[b.Parent].Mul(frame)
			}
			for k := 0; k < b.NV(); k++ {
				d := &m.Dofs[b.V+k]
				if k < b.NT {
					d.Scale = c.m + d.Armature
					d.Speed = math.Sqrt(m.GravityRef * tr.Length)
				} else {
					a := spatial.QuatRotate(frame.Rot, b.Axes[k])
					if b.NR == 3 {
						a = spatial.QuatRotate(poses[i].Rot, b.Axes[k])
					}
					x := spatial.Sub(poses[i].Pos, o)
					// moment about the axis through x: aᵀ(I_O)a moved by the parallel-axis rule
					u := spatial.Cross(a, x)
					io := c.i.MulVec(a)
					d.Scale = spatial.Dot(a, io) - 2*spatial.Dot(u, spatial.Cross(a, c.c)) + c.m*spatial.Dot(u, u) + d.Armature
					d.Speed = math.Sqrt(m.GravityRef / tr.Length)
				}
				if !(d.Scale > 1e-12*tr.Mass*tr.Length*tr.Length*boolTo(k >= b.NT, 1, 0)) && bad < 0 {
					bad = b.V + k
				}
			}
		}
	}
	return bad
}

func boolTo(c bool, a, b float64) float64 {
	if c {
		return a
	}
	return b
}
