package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// halfTurn is the smallest scalar part 1 − a·b of a composed rotation, relative to its size, that counts
// as less than half a turn over one interval.
const halfTurn = 1e-3

// still is the motion of the world.
var still spatial.Motion

// interval computes the motions of the bodies of a tree, seen from knot 2, from joint velocities v over the time h. That may
// be negative; the motions are those from knot 2 to 1 then. It reports false when a body would turn by half a turn or more.
//
// The recursion composes displacements, never positions, so that momenta keep full relative precision.
func (s *Stepper) interval(dst []spatial.Motion, tr *Tree, v []float64, h float64) bool {
	half := h / 2
	for i := tr.First; i < tr.Last; i++ {
		b, k := &s.m.Bodies[i], &s.knots[i]
		parent := &still
		if b.Parent != World {
			parent = &dst[b.Parent]
		}
		vb := v[b.V : b.V+b.NT+b.NR]
		ax := s.axis2[b.V : b.V+b.NT+b.NR]
		arm, slide := k.arm, spatial.Vec{}
		for j := 0; j < b.NT; j++ {
			slide = spatial.AddScaled(slide, h*vb[j], ax[j])
		}
		w := parent.W
		switch b.NR {
		case 1:
			xi := half * vb[b.NT]
			if b.Parent == World {
				w = spatial.Scale(xi, ax[b.NT])
				break
			}
			var d float64
			a := spatial.Scale(xi, ax[b.NT])
			if w, d = spatial.Compose(w, a); !(d > halfTurn) {
				return false
			}
		case 2:
			for j := 0; j < 2; j++ {
				var d float64
				if w, d = spatial.Compose(w, spatial.Scale(half*vb[b.NT+j], ax[b.NT+j])); !(d > halfTurn) {
					return false
				}
			}
		case 3:
			xi := k.rot.MulVec(spatial.Vec{X: half * vb[b.NT], Y: half * vb[b.NT+1], Z: half * vb[b.NT+2]})
			var d float64
			if w, d = spatial.Compose(w, xi); !(d > halfTurn) {
				return false
			}
		}
		dx := spatial.Add(parent.Dx, slide)
		if b.Parent != World {
			dx = spatial.Add(dx, parent.Displace(spatial.Add(arm, slide)))
		}
		dst[i].Set(w, dx)
	}
	return true
}

// momentum returns linear momentum and spin of body i over an interval, h the signed time:
//
//	p = m Δc/h      ℓ = Y + w×Y + w(w·Y),  Y = J (2/h) w
//
// J is the inertia in world axes at knot 2. A backward interval gives minus the momenta of the one
// before, because R₁(I + [ξ]× + ξξᵀ) and R₂(I − [ξ]× + ξξᵀ) give the same world vector.
func (s *Stepper) momentum(i int, mo *spatial.Motion, invH float64) (p, l, dc spatial.Vec) {
	k := &s.knots[i]
	dc = spatial.Add(mo.Dx, mo.Displace(k.carm))
	p = spatial.Scale(s.m.Bodies[i].Mass*invH, dc)
	y := spatial.Scale(2*invH, k.inertia.MulVec(mo.W))
	l = spatial.Add(y, spatial.Cross(mo.W, y))
	l = spatial.AddScaled(l, spatial.Dot(mo.W, y), mo.W)
	return p, l, dc
}

// momentumJac stores the derivative A of the body's knot-2 wrench about O with respect to a twist at
// knot 3 (docs/theory.md, section 2):
//
//	A = [ (m/h) I         −(m/h)[r3]×             ]
//	    [ (m/h)[r2]×      K − (m/h)[r2]×[r3]×     ]
//	K = ½( −[Y]× + (w·Y) I + w Yᵀ + (2/h)(I + [w]× + wwᵀ) J )(I − [w]× + wwᵀ)
//
// dc is the displacement of the center of mass that momentum returned.
func (s *Stepper) momentumJac(a *spatial.Mat6, i int, mo *spatial.Motion, dc spatial.Vec, invH float64) {
	k := &s.knots[i]
	w, j := mo.W, &k.inertia
	y := spatial.Scale(2*invH, j.MulVec(w))
	// B = (2/h)(I + [w]× + wwᵀ)J, by columns of J
	g := 2 * invH
	c0 := cayley(w, spatial.Vec{X: g * j.XX, Y: g * j.XY, Z: g * j.XZ})
	c1 := cayley(w, spatial.Vec{X: g * j.XY, Y: g * j.YY, Z: g * j.YZ})
	c2 := cayley(w, spatial.Vec{X: g * j.XZ, Y: g * j.YZ, Z: g * j.ZZ})
	d := spatial.Dot(w, y)
	// rows of M = −[Y]× + (w·Y)I + wYᵀ + B
	r0 := spatial.Vec{X: c0.X + d + w.X*y.X, Y: c1.X + y.Z + w.X*y.Y, Z: c2.X - y.Y + w.X*y.Z}
	r1 := spatial.Vec{X: c0.Y - y.Z + w.Y*y.X, Y: c1.Y + d + w.Y*y.Y, Z: c2.Y + y.X + w.Y*y.Z}
	r2 := spatial.Vec{X: c0.Z + y.Y + w.Z*y.X, Y: c1.Z - y.X + w.Z*y.Y, Z: c2.Z + d + w.Z*y.Z}
	// K = ½ M (I − [w]× + wwᵀ): rows m → m + w×m + w(w·m)
	r0, r1, r2 = cayley(w, r0), cayley(w, r1), cayley(w, r2)

	m := s.m.Bodies[i].Mass * invH
	x := k.r2
	z := spatial.Add(x, dc)
	xz := spatial.Dot(x, z)
	// −[x]×[z]× = (x·z)I − z xᵀ
	*a = spatial.Mat6{
		m, 0, 0, 0, m * z.Z, -m * z.Y,
		0, m, 0, -m * z.Z, 0, m * z.X,
		0, 0, m, m * z.Y, -m * z.X, 0,
		0, -m * x.Z, m * x.Y, 0.5*r0.X + m*(xz-z.X*x.X), 0.5*r0.Y - m*z.X*x.Y, 0.5*r0.Z - m*z.X*x.Z,
		m * x.Z, 0, -m * x.X, 0.5*r1.X - m*z.Y*x.X, 0.5*r1.Y + m*(xz-z.Y*x.Y), 0.5*r1.Z - m*z.Y*x.Z,
		-m * x.Y, m * x.X, 0, 0.5*r2.X - m*z.Z*x.X, 0.5*r2.Y - m*z.Z*x.Y, 0.5*r2.Z + m*(xz-z.Z*x.Z),
	}
}

// cayley returns (I + [w]× + wwᵀ) v, which as a map on rows is v ↦ vᵀ(I − [w]× + wwᵀ).
func cayley(w, v spatial.Vec) spatial.Vec {
	d := w.X*v.X + w.Y*v.Y + w.Z*v.Z
	return spatial.Vec{
		X: v.X + w.Y*v.Z - w.Z*v.Y + d*w.X,
		Y: v.Y + w.Z*v.X - w.X*v.Z + d*w.Y,
		Z: v.Z + w.X*v.Y - w.Y*v.X + d*w.Z,
	}
}

// rate returns (1+ξ²)/h, the derivative of a hinge velocity (2/h)ξ with respect to
// its angle.
func rate(xi, invH float64) float64 { return invH * (1 + xi*xi) }
