package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
)

// What a joint is: up to three translations along axes of the joint's frame, then none, one or two hinges (a universal
// joint: the second axis turns with the first), or a spherical rotation. All that tells joints apart is in this file:
// the pose at a configuration, the motion over an interval, the screws at all three knots, the maps between
// velocities and changes of configuration with their transposes, and the maps of configurations themselves.

// NV returns the number of velocities of the body's joint.
func (b *Body) NV() int { return b.NT + b.NR }

// NQ returns the number of coordinates of the body's joint.
func (b *Body) NQ() int {
	if b.NR == 3 {
		return b.NT + 4
	}
	return b.NT + b.NR
}

// scalars returns how many of the joint's degrees of freedom are numbers by themselves; they come first.
func (b *Body) scalars() int {
	if b.NR == 3 {
		return b.NT
	}
	return b.NT + b.NR
}

// ball returns the first degree of freedom of a spherical rotation, −1 for other joints.
func (b *Body) ball() int {
	if b.NR == 3 {
		return b.V + b.NT
	}
	return -1
}

// floats reports whether the joint is free along and about all axes of the world.
func (b *Body) floats() bool {
	return b.Parent == World && b.NT == 3 && b.NR == 3 && b.Axes[0] == (spatial.Vec{X: 1}) && b.Axes[1] == (spatial.Vec{Y: 1}) && b.Axes[2] == (spatial.Vec{Z: 1})
}

// carries reports whether the screw of degree of freedom j of the joint moves with its degree of freedom k.
func (b *Body) carries(k, j int) bool {
	return j >= b.V+b.NT && (k < j || b.NR == 3)
}

// Ball reports whether velocity i belongs to a spherical joint's rotation.
func (m *Model) Ball(i int) bool {
	b := &m.Bodies[m.Dofs[i].Body]
	return b.NR == 3 && i >= b.V+b.NT
}

// Pose.

// move turns p, the pose of the frame of the joint, into that of the body.
func (b *Body) move(p *spatial.Pose, q []float64) {
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
}

// axes stores the axes of the joint at configuration q in world axes; frame is the joint's frame, rot the body's.
func (b *Body) axes(dst []spatial.Vec, q []float64, frame, rot *spatial.Mat3) {
	for j := range dst {
		switch {
		case j >= b.NT && b.NR == 3:
			dst[j] = rot.Col(j - b.NT)
		case j == b.NT+1: // the second axis of a universal joint turns with the first
			r := spatial.AxisAngle(b.Axes[b.NT], q[b.Q+b.NT])
			dst[j] = frame.MulVec(spatial.QuatRotate(r, b.Axes[j]))
		default:
			dst[j] = frame.MulVec(b.Axes[j])
		}
	}
}

// Motion and screws.

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

// screw returns the twist about O of a unit translation along a, or of a unit rotation about the axis a
// through x.
func screw(a, x spatial.Vec, translation bool) spatial.Twist {
	if translation {
		return spatial.Twist{Lin: a}
	}
	return spatial.Twist{Lin: spatial.Cross(x, a), Ang: a}
}

// startScrews computes the motions of the joint of body i at knot 2.
func (s *Stepper) startScrews(i int) {
	b := &s.m.Bodies[i]
	for j := b.V; j < b.V+b.NT+b.NR; j++ {
		s.tree.Screw2[j] = screw(s.axis2[j], s.knots[i].pos, j < b.V+b.NT)
	}
}

// screws computes the motions of the joints of a tree at knot 3.
func (s *Stepper) screws(tr *Tree) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		x := spatial.Add(s.knots[i].pos, s.mo[i].Dx)
		parent := &still
		if b.Parent != World {
			parent = &s.mo[b.Parent]
		}
		for j := 0; j < b.NT; j++ {
			s.tree.Screw3[b.V+j] = spatial.Twist{Lin: parent.Rotate(s.axis2[b.V+j])}
		}
		switch r := b.V + b.NT; b.NR {
		case 1:
			a, t := parent.Rotate(s.axis2[r]), &s.tree.Screw3[r]
			t.Lin, t.Ang = spatial.Cross(x, a), a // a twist that is returned goes through memory twice
		case 2:
			s.tree.Screw3[r] = screw(parent.Rotate(s.axis2[r]), x, false)
			w, _ := spatial.Compose(parent.W, spatial.Scale(s.h/2*s.vNext[r], s.axis2[r]))
			s.tree.Screw3[r+1] = screw(spatial.Rotate(w, s.axis2[r+1]), x, false)
		case 3:
			for j := 0; j < 3; j++ {
				s.tree.Screw3[r+j] = screw(s.mo[i].Rotate(s.axis2[r+j]), x, false)
			}
		}
	}
	if k := s.tree.Bodies[tr.First].Base; k >= 0 {
		i, v := tr.First, s.m.Bodies[tr.First].V
		x := spatial.Add(s.knots[i].pos, s.mo[i].Dx)
		s.tree.Base[k] = articulated.Base{Axes: [3]spatial.Vec(s.axis2[v : v+3]), Rot: s.knots[i].rot, X2: s.knots[i].pos, X3: x, Turn: s.mo[i].W}
	}
}

// pastScrews computes the motions of the bodies of a tree at knot 1 per unit of each coordinate at knot 2 (its velocity
// held fixed) and of each velocity.
func (s *Stepper) pastScrews(l *linear, tr *Tree) {
	h := s.hPast
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		x := spatial.Add(s.knots[i].pos, s.past[i].Dx)
		w := spatial.Vec{}
		if b.Parent != World {
			w = s.past[b.Parent].W
		}
		for j := b.V; j < b.V+b.NT; j++ {
			a := spatial.Rotate(w, s.axis2[j])
			l.screwQ[j] = spatial.Twist{Lin: a}
			l.screwV[j] = spatial.Twist{Lin: spatial.Scale(-h, a)}
		}
		r := b.V + b.NT
		if b.NR == 3 {
			var byQ, byV spatial.Mat3
			s.ballPast(&byQ, &byV, r)
			for j := 0; j < 3; j++ {
				q, v := s.knots[i].rot.MulVec(byQ.Col(j)), s.knots[i].rot.MulVec(byV.Col(j))
				l.screwQ[r+j] = screw(s.past[i].Rotate(q), x, false)
				l.screwV[r+j] = screw(s.past[i].Rotate(v), x, false)
			}
			continue
		}
		for j := r; j < r+b.NR; j++ {
			l.screwQ[j] = screw(spatial.Rotate(w, s.axis2[j]), x, false)
			k := s.beforeRate(j)
			l.screwV[j] = spatial.Twist{Lin: spatial.Scale(k, l.screwQ[j].Lin), Ang: spatial.Scale(k, l.screwQ[j].Ang)}
			w, _ = spatial.Compose(w, spatial.Scale(-h/2*s.v[j], s.axis2[j]))
		}
	}
}

// Coordinates and rates of scalar degrees of freedom.

// angular reports whether dof i is a rotation.
func (s *Stepper) angular(i int) bool { return s.turns[i] }

// coordinate returns the coordinate of scalar dof i after a time h from knot 2 at velocity v.
func (s *Stepper) coordinate(i int, v, h float64) float64 {
	q := s.q[s.m.QIndex[i]]
	if s.angular(i) {
		return q + 2*math.Atan(h/2*v)
	}
	return q + h*v
}

// position returns coordinate of scalar dof i at knot 3, before that at knot 1.
func (s *Stepper) position(i int) float64 { return s.coordinate(i, s.vNext[i], s.h) }
func (s *Stepper) before(i int) float64   { return s.coordinate(i, s.v[i], -s.hPast) }

// rateOf returns ∂v⁺/∂q₃ of scalar dof i.
func (s *Stepper) rateOf(i int) float64 {
	if s.angular(i) {
		xi := s.h / 2 * s.vNext[i]
		return rate(xi, 1/s.h)
	}
	return 1 / s.h
}

// rate returns (1+ξ²)/h, the derivative of a hinge velocity (2/h)ξ with respect to its angle.
func rate(xi, invH float64) float64 { return invH * (1 + xi*xi) }

// beforeRate returns ∂q₁/∂v of scalar dof i.
func (s *Stepper) beforeRate(i int) float64 {
	if s.angular(i) {
		xi := s.hPast / 2 * s.v[i]
		return -s.hPast / (1 + xi*xi)
	}
	return -s.hPast
}

// Poses and rates of spherical rotations.

// ballPose returns the quaternion of the spherical joint with first dof i after the Gibbs vector k·v in
// body axes.
func (s *Stepper) ballPose(i int, k float64, v []float64) spatial.Quat {
	x := spatial.Scale(k, vec3(v[i:]))
	return quat.Mul(getQuat(s.q[s.m.QIndex[i]:]), spatial.GibbsQuat(x))
}

// ballRate adds k·∂v⁺/∂θ₃ = (k/h)(I + [ξ]× + ξξᵀ) of the spherical joint with first dof i to m.
func (s *Stepper) ballRate(m *spatial.Mat3, k float64, i int) {
	x := spatial.Scale(s.h/2, vec3(s.vNext[i:]))
	k /= s.h
	m[0] += k * (1 + x.X*x.X)
	m[1] += k * (x.X*x.Y - x.Z)
	m[2] += k * (x.X*x.Z + x.Y)
	m[3] += k * (x.X*x.Y + x.Z)
	m[4] += k * (1 + x.Y*x.Y)
	m[5] += k * (x.Y*x.Z - x.X)
	m[6] += k * (x.X*x.Z - x.Y)
	m[7] += k * (x.Y*x.Z + x.X)
	m[8] += k * (1 + x.Z*x.Z)
}

// ballStartRate adds k ∂v⁺/∂θ₂ = −(k/h)(I − [ξ]× + ξξᵀ) to m.
func (s *Stepper) ballStartRate(m *spatial.Mat3, k float64, i int) {
	var t spatial.Mat3
	s.ballRate(&t, -k, i)
	for r := 0; r < 3; r++ {
		for c := 0; c < 3; c++ {
			m[3*r+c] += t[3*c+r] // the transpose turns [ξ]× into −[ξ]×
		}
	}
}

// ballPast stores ∂θ₁/∂θ₂ = Rot(ξ) and ∂θ₁/∂v⁻ = −h (I + [ξ]×)/(1+ξ²), of Q₁ = Q₂ cay(−ξ).
func (s *Stepper) ballPast(byQ, byV *spatial.Mat3, i int) {
	xi := spatial.Scale(s.hPast/2, vec3(s.v[i:]))
	byQ.Set(spatial.GibbsQuat(xi))
	g := -s.hPast / (1 + spatial.Dot(xi, xi))
	*byV = skew(spatial.Scale(g, xi))
	byV[0], byV[4], byV[8] = g, g, g
}

// Maps of v⁺ = (q₃ ⊖ q₂)/h: derivatives by the tangents at knots 3 and 2, and their transposes. With ξ = h v⁺/2 that of a
// hinge is ±(1+ξ²)/h, that of a spherical rotation (I + [ξ]× + ξξᵀ)/h and −(I − [ξ]× + ξξᵀ)/h.

// velocityChange stores the change of v⁺ for a tangent dq at knot 3.
func (s *Stepper) velocityChange(tr *Tree, dv, dq []float64) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		for k := b.V; k < b.V+b.NT; k++ {
			dv[k] = dq[k] / s.h
		}
		r := b.V + b.NT
		if b.NR == 3 {
			d := spatial.Scale(1/s.h, spatial.Cayley(s.turnOf(r), vec3(dq[r:])))
			dv[r], dv[r+1], dv[r+2] = d.X, d.Y, d.Z
			continue
		}
		for k := r; k < r+b.NR; k++ {
			dv[k] = s.rateOf(k) * dq[k]
		}
	}
}

// turnOf returns ξ of the spherical joint with first dof i.
func (s *Stepper) turnOf(i int) spatial.Vec { return spatial.Scale(s.h/2, vec3(s.vNext[i:])) }

// velocityPull stores (∂v⁺/∂q₃)ᵀ g.
func (s *Stepper) velocityPull(tr *Tree, y, g []float64) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		for k := b.V; k < b.V+b.NT; k++ {
			y[k] = g[k] / s.h
		}
		r := b.V + b.NT
		if b.NR == 3 {
			x := spatial.Scale(-1, s.turnOf(r)) // (I + [ξ]× + ξξᵀ)ᵀ is that of −ξ
			d := spatial.Scale(1/s.h, spatial.Cayley(x, vec3(g[r:])))
			y[r], y[r+1], y[r+2] = d.X, d.Y, d.Z
			continue
		}
		for k := r; k < r+b.NR; k++ {
			y[k] = s.rateOf(k) * g[k]
		}
	}
}

// startVelocityChange adds the change of v⁺ for a tangent dq at knot 2 of the joint of body b, knot 3 held fixed.
func (s *Stepper) startVelocityChange(b *Body, dv, dq []float64) {
	for k := b.V; k < b.V+b.NT; k++ {
		dv[k] -= dq[k] / s.h
	}
	r := b.V + b.NT
	if b.NR == 3 {
		addTo(dv[r:], -1/s.h, spatial.Cayley(spatial.Scale(-1, s.turnOf(r)), vec3(dq[r:])))
		return
	}
	for k := r; k < r+b.NR; k++ {
		dv[k] -= s.rateOf(k) * dq[k]
	}
}

// startVelocityPull adds (∂v⁺/∂q₂)ᵀ g at fixed q₃ to o.
func (s *Stepper) startVelocityPull(b *Body, o, g []float64) {
	for k := b.V; k < b.V+b.NT; k++ {
		o[k] -= g[k] / s.h
	}
	r := b.V + b.NT
	if b.NR == 3 {
		addTo(o[r:], -1/s.h, spatial.Cayley(s.turnOf(r), vec3(g[r:])))
		return
	}
	for k := r; k < r+b.NR; k++ {
		o[k] -= s.rateOf(k) * g[k]
	}
}

// startVelocity adds to dv what a unit change of coordinate k at knot 2, knot 3 held fixed, does to v⁺.
func (s *Stepper) startVelocity(b *Body, k int, dv []float64) {
	if r := b.V + b.NT; b.NR == 3 && k >= r {
		var m spatial.Mat3
		s.ballStartRate(&m, 1, r)
		for j := 0; j < 3; j++ {
			dv[r+j] += m[3*j+k-r]
		}
		return
	}
	dv[k] -= s.rateOf(k)
}
