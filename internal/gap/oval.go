package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Oval is the ellipsoid about its center whose matrix is Q = R diag(r²) Rᵀ, with radii r along the axes R. Its support function, the point
// it supports along a unit vector n and the change of that with n are
//
//	h = √(nᵀQn),   s = Qn/h,   ds = H dn,   H = (Q − ssᵀ)/h
//
// (H n = 0). A disk is one with a radius of zero. An Oval that is a change of one is symmetric and no more.
type Oval spatial.Sym3

// OvalOf returns the ellipsoid with these radii along the world's axes.
func OvalOf(r r3.Vec) Oval { return Oval{XX: r.X * r.X, YY: r.Y * r.Y, ZZ: r.Z * r.Z} }

// is reports whether q is an ellipsoid rather than none.
func (q *Oval) is() bool { return q.XX > 0 || q.YY > 0 }

func (q *Oval) trace() float64 { return q.XX + q.YY + q.ZZ }

// dot returns the sum of the products of the numbers of two matrices.
func (q *Oval) dot(r *Oval) float64 {
	return q.XX*r.XX + q.YY*r.YY + q.ZZ*r.ZZ + 2*(q.XY*r.XY+q.XZ*r.XZ+q.YZ*r.YZ)
}

func (q *Oval) mulVec(v r3.Vec) r3.Vec { return (*spatial.Sym3)(q).MulVec(v) }

// Turned returns q, or a change of it, turned by rot; by none where it is nil.
func (q Oval) Turned(rot *spatial.Mat3) Oval {
	if rot != nil {
		(*spatial.Sym3)(&q).Conjugate(rot, (*spatial.Sym3)(&q))
	}
	return q
}

// after returns q at the end of the motion m.
func (q *Oval) after(m *spatial.Motion) Oval {
	var r spatial.Mat3
	for c, e := range [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		addColumn(&r, c, 1, m.Rotate(e))
	}
	return q.Turned(&r)
}

// turn returns the change of q as it turns by the rotation vector w: [w]×Q + ([w]×Q)ᵀ.
func (q *Oval) turn(w r3.Vec) Oval {
	x := spatial.Cross(w, r3.Vec{X: q.XX, Y: q.XY, Z: q.XZ})
	y := spatial.Cross(w, r3.Vec{X: q.XY, Y: q.YY, Z: q.YZ})
	z := spatial.Cross(w, r3.Vec{X: q.XZ, Y: q.YZ, Z: q.ZZ})
	return Oval{XX: 2 * x.X, XY: x.Y + y.X, XZ: x.Z + z.X, YY: 2 * y.Y, YZ: y.Z + z.Y, ZZ: 2 * z.Z}
}

// Turn is that change, for who places ovals.
func (q *Oval) Turn(w r3.Vec) Oval { return q.turn(w) }

// isDisk reports whether q is a round ellipsoid that is flat: of its eigenvalues two are the same and one is zero.
func (q *Oval) isDisk() bool {
	xx, yy, zz := q.YY*q.ZZ-q.YZ*q.YZ, q.XX*q.ZZ-q.XZ*q.XZ, q.XX*q.YY-q.XY*q.XY
	size := q.trace()
	if !(xx+yy+zz > (0.25-1e-9)*size*size) {
		return false
	}
	det := q.XX*xx + q.XY*(q.XZ*q.YZ-q.XY*q.ZZ) + q.XZ*(q.XY*q.YZ-q.XZ*q.YY)
	return det < flat*size*size*size
}

// brink returns the point of the rim of a disk that is farthest along d; of other ovals zero.
func (q *Oval) brink(d r3.Vec) (s r3.Vec) {
	if !q.isDisk() {
		return s
	}
	s = q.mulVec(d)
	if l := spatial.Norm(s); l > 0 {
		s = spatial.Scale(math.Sqrt(q.trace()/2)/l, s)
	}
	return s
}

// aside returns the step dn of a normal n without what would take it across the axis of a disk, where what the disk
// supports leaps to the other side.
func (q *Oval) aside(n, dn r3.Vec) r3.Vec {
	out := q.mulVec(n)
	l := spatial.Norm(out)
	if !(l > 0) {
		return dn
	}
	out = spatial.Scale(1/l, out)
	if off, step := spatial.Dot(out, n), spatial.Dot(out, dn); step < -0.9*off {
		return spatial.AddScaled(dn, -0.9*off-step, out)
	}
	return dn
}

// tip is what an oval supports along a unit vector n; of no oval all is zero.
type tip struct {
	q    *Oval
	n, s r3.Vec
	h    float64
}

func (q *Oval) tip(n r3.Vec) (t tip) {
	t.q, t.n = q, n
	if q.is() {
		s := q.mulVec(n)
		h2, size := spatial.Dot(n, s), q.trace()
		if t.h = math.Sqrt(max(h2, 0)); h2 < 1e-6*size && q.isDisk() { // which supports all of it along its axis
			l := spatial.Norm(s)
			if t.h = l / math.Sqrt(size/2); l < 1e-14*size {
				t.h = 0
				return t
			}
		}
		t.s = spatial.Scale(1/t.h, s)
	}
	return t
}

// bend returns H y.
func (t *tip) bend(y r3.Vec) r3.Vec {
	if t.h == 0 {
		return r3.Vec{}
	}
	return spatial.Scale(1/t.h, spatial.AddScaled(t.q.mulVec(y), -spatial.Dot(t.s, y), t.s))
}

// swell returns the changes of h and s as the oval changes by dq, at the same n.
func (t *tip) swell(dq *Oval) (dh float64, ds r3.Vec) {
	if t.h == 0 {
		return 0, ds
	}
	d := dq.mulVec(t.n)
	dh = spatial.Dot(t.n, d) / (2 * t.h)
	return dh, spatial.Scale(1/t.h, spatial.AddScaled(d, -dh, t.s))
}

// torque returns y·∂s as a covector on turns of the oval, at the same n: ∂s = w×s − H(w×n).
func (t *tip) torque(y r3.Vec) r3.Vec {
	return spatial.Add(spatial.Cross(t.s, y), spatial.Cross(t.bend(y), t.n))
}

// add adds the symmetric matrix H to m.
func (t *tip) add(m *Oval) {
	if t.h == 0 {
		return
	}
	k, s, q := 1/t.h, t.s, t.q
	m.XX += k * (q.XX - s.X*s.X)
	m.XY += k * (q.XY - s.X*s.Y)
	m.XZ += k * (q.XZ - s.X*s.Z)
	m.YY += k * (q.YY - s.Y*s.Y)
	m.YZ += k * (q.YZ - s.Y*s.Z)
	m.ZZ += k * (q.ZZ - s.Z*s.Z)
}

// addScaled adds k I + l nnᵀ to m.
func (m *Oval) addScaled(k, l float64, n r3.Vec) {
	m.XX += k + l*n.X*n.X
	m.XY += l * n.X * n.Y
	m.XZ += l * n.X * n.Z
	m.YY += k + l*n.Y*n.Y
	m.YZ += l * n.Y * n.Z
	m.ZZ += k + l*n.Z*n.Z
}

// inverse returns that of m, and its determinant.
func (m *Oval) inverse() (r Oval, det float64) {
	r = Oval{
		XX: m.YY*m.ZZ - m.YZ*m.YZ, XY: m.XZ*m.YZ - m.XY*m.ZZ, XZ: m.XY*m.YZ - m.XZ*m.YY,
		YY: m.XX*m.ZZ - m.XZ*m.XZ, YZ: m.XY*m.XZ - m.XX*m.YZ, ZZ: m.XX*m.YY - m.XY*m.XY,
	}
	det = m.XX*r.XX + m.XY*r.XY + m.XZ*r.XZ
	k := 1 / det
	r.XX, r.XY, r.XZ, r.YY, r.YZ, r.ZZ = k*r.XX, k*r.XY, k*r.XZ, k*r.YY, k*r.YZ, k*r.ZZ
	return r, det
}
