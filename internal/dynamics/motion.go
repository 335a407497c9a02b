package dynamics

import (
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

// axes stores the axes of the joint in world axes, of the rotations of its body and of the parent. A last hinge does not move
// its own axis, so that it is as fixed in the body as those of a spherical rotation; all others are fixed in the parent.
func (b *Body) axes(dst []spatial.Vec, parent, rot *spatial.Mat3) {
	for j := range dst {
		switch {
		case j >= b.NT && b.NR == 3:
			dst[j] = rot.Col(j - b.NT)
		case j >= b.NT && j == len(dst)-1:
			dst[j] = rot.MulVec(b.Axes[j])
		default:
			dst[j] = parent.MulVec(spatial.QuatRotate(b.Origin.Rot, b.Axes[j]))
		}
	}
}

// neutralAxes is axes near the neutral configuration, where the second axis of a universal joint has hardly turned.
func (b *Body) neutralAxes(dst []spatial.Vec, frame, rot *spatial.Mat3) {
	for j := range dst {
		if dst[j] = frame.MulVec(b.Axes[j]); j >= b.NT && b.NR == 3 {
			dst[j] = rot.MulVec(b.Axes[j])
		}
	}
}

// Motion and screws.

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
		if b.NT == 0 && b.NR == 1 {
			if !dst[i].Hinge(parent, &k.arm, &s.axis2[b.V], half*v[b.V]) {
				return false
			}
			continue
		}
		arm, dx := k.arm, parent.Dx
		for j := b.V; j < b.V+b.NT; j++ {
			slide := spatial.Scale(h*v[j], s.axis2[j])
			arm, dx = spatial.Add(arm, slide), spatial.Add(dx, slide)
		}
		w, ok := parent.W, true
		switch r := b.V + b.NT; b.NR {
		case 1:
			w, ok = spatial.Turn(w, s.axis2[r], half*v[r])
		case 2:
			if w, ok = spatial.Turn(w, s.axis2[r], half*v[r]); ok {
				w, ok = spatial.Turn(w, s.axis2[r+1], half*v[r+1])
			}
		case 3:
			w, ok = spatial.GibbsOf(spatial.Scale(h, vec3(v[r:])))
			if w = k.rot.MulVec(w); b.Parent != World {
				var d float64
				w, d = spatial.Compose(parent.W, w)
				ok = ok && d > spatial.NearHalfTurn
			}
		}
		if !ok {
			return false
		}
		if b.Parent != World {
			dx = spatial.Add(dx, parent.Displace(arm))
		}
		dst[i].Set(w, dx)
	}
	return true
}

// screw returns the twist about O of a unit translation along a, or of a unit rotation about the axis a
// through x.
func screw(a, x spatial.Vec, translation bool) (t spatial.Twist) {
	setScrew(&t, a, x, translation)
	return t
}

// setScrew makes t that, in its place: what was just written number by number is slow to copy.
func setScrew(t *spatial.Twist, a, x spatial.Vec, translation bool) {
	if translation {
		t.Lin, t.Ang = a, spatial.Vec{}
		return
	}
	t.Lin, t.Ang = spatial.Cross(x, a), a
}

// startScrews computes the motions of the joint of body i at knot 2.
func (s *Stepper) startScrews(i int) {
	b := &s.m.Bodies[i]
	for j := b.V; j < b.V+b.NT+b.NR; j++ {
		setScrew(&s.tree.Screw2[j], s.axis2[j], s.knots[i].pos, j < b.V+b.NT)
	}
}

// screws computes the motions of the joints of a tree at knot 3, but not of a free base: see screws3.
func (s *Stepper) screws(tr *Tree) {
	first, k := tr.First, s.tree.Bodies[tr.First].Base
	if k >= 0 {
		i, v := tr.First, s.m.Bodies[tr.First].V
		x := spatial.Add(s.knots[i].pos, s.mo[i].Dx)
		s.tree.Base[k] = articulated.Base{Axes: [3]spatial.Vec(s.axis2[v : v+3]), Rot: s.knots[i].rot, X2: s.knots[i].pos, X3: x, Turn: s.mo[i].W}
		first++
	}
	for i := first; i < tr.Last; i++ {
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
			setScrew(&s.tree.Screw3[r], parent.Rotate(s.axis2[r]), x, false)
			w, _ := spatial.Turn(parent.W, s.axis2[r], s.h/2*s.vNext[r])
			setScrew(&s.tree.Screw3[r+1], spatial.Rotate(w, s.axis2[r+1]), x, false)
		case 3:
			for j := 0; j < 3; j++ {
				setScrew(&s.tree.Screw3[r+j], s.mo[i].Rotate(s.axis2[r+j]), x, false)
			}
		}
	}
}

// screws3 returns the motions of the joint of body i at knot 3. Those of a free base, which solves do without, are
// found in room; in s.tree they are not numbers.
func (s *Stepper) screws3(room *[6]spatial.Twist, i int) []spatial.Twist {
	b, k := &s.m.Bodies[i], s.tree.Bodies[i].Base
	if k < 0 {
		return s.tree.Screw3[b.V : b.V+b.NV()]
	}
	base := &s.tree.Base[k]
	for j := range 3 {
		setScrew(&room[j], base.Axes[j], base.X3, true)
		setScrew(&room[3+j], s.mo[i].Rotate(s.axis2[b.V+3+j]), base.X3, false)
	}
	return room[:]
}

// pastScrews computes the motions of the bodies of a tree at knot 1 per unit of each coordinate at knot 2 (its velocity
// held fixed) and of each velocity. At an instant there is no knot 1: what stands for it is minus the change of the
// bodies' twists, relative to what is carried along with the coordinate. See instantJac.
func (s *Stepper) pastScrews(l *linear, tr *Tree) {
	if s.instant {
		s.instantScrews(l, tr)
		return
	}
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		x := spatial.Add(s.knots[i].pos, s.past[i].Dx)
		w := spatial.Vec{}
		if b.Parent != World {
			w = s.past[b.Parent].W
		}
		for j := b.V; j < b.V+b.NT; j++ {
			l.screwQ[j] = spatial.Twist{Lin: spatial.Rotate(w, s.axis2[j])}
			l.screwV[j] = l.screwQ[j].Scaled(-s.hPast)
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
			l.screwV[j] = l.screwQ[j].Scaled(-s.hPast)
			w, _ = spatial.Turn(w, s.axis2[j], -s.hPast/2*s.v[j])
		}
	}
}

// instantScrews is pastScrews at an instant. The screw s of a coordinate carries everything below it, but not the twist t
// of what is above, so relative to it twists change by −s × t.
func (s *Stepper) instantScrews(l *linear, tr *Tree) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		above := s.above(i)
		for j := b.V; j < b.V+b.NV(); j++ {
			l.screwQ[j] = s.tree.Screw2[j].Cross(&above)
			l.screwV[j] = s.tree.Screw2[j].Scaled(-1)
			if r := b.ball(); r < 0 || j < r {
				addTwist(&above, s.v[j], &s.tree.Screw2[j])
			}
		}
	}
}

// above returns the twist at an instant of the parent of body i.
func (s *Stepper) above(i int) (t spatial.Twist) {
	if p := s.m.Bodies[i].Parent; p != World {
		t = s.rates[p]
	}
	return t
}

// instantRates computes the twists of the bodies of a tree at knot 2, of a state whose velocity is one at the knot.
func (s *Stepper) instantRates(tr *Tree) {
	for i := tr.First; i < tr.Last; i++ {
		b, t := &s.m.Bodies[i], s.above(i)
		for j := b.V; j < b.V+b.NV(); j++ {
			addTwist(&t, s.v[j], &s.tree.Screw2[j])
		}
		s.rates[i] = t
	}
}

// Coordinates and rates. A velocity is the change of the configuration over the interval, divided by its length: Δq/h of a
// number, the rotation vector over h, in body axes, of a spherical rotation.

// angular reports whether dof i is a rotation.
func (s *Stepper) angular(i int) bool { return s.turns[i] }

// coordinate returns the coordinate of scalar dof i after a time h from knot 2 at velocity v.
func (s *Stepper) coordinate(i int, v, h float64) float64 { return s.q[s.m.QIndex[i]] + h*v }

// position returns coordinate of scalar dof i at knot 3, behind that at knot 1.
func (s *Stepper) position(i int) float64 { return s.coordinate(i, s.vNext[i], s.h) }
func (s *Stepper) behind(i int) float64   { return s.coordinate(i, s.v[i], -s.before) }

// ballPose returns the quaternion of the spherical joint with first dof i after a time h from knot 2 at velocities v.
func (s *Stepper) ballPose(i int, v []float64, h float64) spatial.Quat {
	q := getQuat(s.q[s.m.QIndex[i]:])
	if h == 0 {
		return q
	}
	return quat.Mul(q, spatial.RotationVector(spatial.Scale(h, vec3(v[i:]))))
}

// turnOf returns the rotation vector of the spherical joint with first dof i over the step.
func (s *Stepper) turnOf(i int) spatial.Vec { return spatial.Scale(s.h, vec3(s.vNext[i:])) }

// ballRate adds k ∂v⁺/∂θ₃ of the spherical joint with first dof i to m, θ₃ in the axes of knot 3.
func (s *Stepper) ballRate(m *spatial.Mat3, k float64, i int) {
	turn := s.turnOf(i)
	k /= s.h
	for c, e := range [3]spatial.Vec{{X: k}, {Y: k}, {Z: k}} {
		d := spatial.TurnRate(turn, e)
		m[c] += d.X
		m[3+c] += d.Y
		m[6+c] += d.Z
	}
}

// ballStartRate adds k ∂v⁺/∂θ₂ to m: minus the transpose of that by θ₃.
func (s *Stepper) ballStartRate(m *spatial.Mat3, k float64, i int) {
	var t spatial.Mat3
	s.ballRate(&t, -k, i)
	for r := 0; r < 3; r++ {
		for c := 0; c < 3; c++ {
			m[3*r+c] += t[3*c+r]
		}
	}
}

// ballPast stores ∂θ₁/∂θ₂ and ∂θ₁/∂v⁻, of Q₁ = Q₂ exp(−h v⁻) for the interval before.
func (s *Stepper) ballPast(byQ, byV *spatial.Mat3, i int) {
	back := spatial.Scale(-s.before, vec3(s.v[i:]))
	byQ.Set(spatial.RotationVector(spatial.Scale(-1, back)))
	spatial.RightJac(byV, back)
	for k := range byV {
		byV[k] *= -s.before
	}
}

// Maps of v⁺ = (q₃ ⊖ q₂)/h: derivatives by the tangents at knots 3 and 2, and their transposes. That of a number is ±1/h,
// that of a spherical rotation TurnRate, whose transpose is that of the opposite turn.

// velocityChange stores the change of v⁺ for a tangent dq at knot 3.
func (p *problem) velocityChange(dv, dq []float64) {
	s := p.s
	invH := 1 / s.h
	for _, tr := range p.parts {
		for k := tr.V0; k < tr.V1; k++ {
			dv[k] = invH * dq[k]
		}
		for _, r := range tr.rolls {
			putVec(dv[r:], spatial.Scale(invH, spatial.TurnRate(s.turnOf(r), vec3(dq[r:]))))
		}
	}
}

// velocityPull stores (∂v⁺/∂q₃)ᵀ g.
func (p *problem) velocityPull(y, g []float64) {
	s := p.s
	invH := 1 / s.h
	for _, tr := range p.parts {
		for k := tr.V0; k < tr.V1; k++ {
			y[k] = invH * g[k]
		}
		for _, r := range tr.rolls {
			putVec(y[r:], spatial.Scale(invH, spatial.TurnRate(spatial.Scale(-1, s.turnOf(r)), vec3(g[r:]))))
		}
	}
}

// startVelocityChange adds the change of v⁺ for a tangent dq at knot 2 of the joint of body b, knot 3 held fixed.
func (s *Stepper) startVelocityChange(b *Body, dv, dq []float64) {
	for k := b.V; k < b.V+b.scalars(); k++ {
		dv[k] -= dq[k] / s.h
	}
	if r := b.ball(); r >= 0 {
		addTo(dv[r:], -1/s.h, spatial.TurnRate(spatial.Scale(-1, s.turnOf(r)), vec3(dq[r:])))
	}
}

// startVelocityPull adds (∂v⁺/∂q₂)ᵀ g at fixed q₃ to o.
func (s *Stepper) startVelocityPull(b *Body, o, g []float64) {
	for k := b.V; k < b.V+b.scalars(); k++ {
		o[k] -= g[k] / s.h
	}
	if r := b.ball(); r >= 0 {
		addTo(o[r:], -1/s.h, spatial.TurnRate(s.turnOf(r), vec3(g[r:])))
	}
}

// startVelocity adds to dv what a unit change of coordinate k at knot 2, knot 3 held fixed, does to v⁺.
func (s *Stepper) startVelocity(b *Body, k int, dv []float64) {
	r := b.ball()
	if r < 0 || k < r {
		dv[k] -= 1 / s.h
		return
	}
	e := [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}}[k-r]
	addTo(dv[r:], -1/s.h, spatial.TurnRate(spatial.Scale(-1, s.turnOf(r)), e))
}

func putVec(v []float64, a spatial.Vec) { v[0], v[1], v[2] = a.X, a.Y, a.Z }
