package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// The matrix of a step,
//
//	H_ij = s_i(q2)ᵀ (Σ_{b ∈ subtree(i)∩subtree(j)} A_b) s_j(q3) + joint terms,
//
// has the sparsity of the joint-space inertia matrix but is not symmetric: rows belong to motions at
// knot 2, columns to motions at knot 3. An articulated-body recursion factors it in O(n) without forming
// it (docs/theory.md, section 3).

// articulated is the 6×6 matrix of a body and everything that hangs on it.
type articulated struct{ a spatial.Mat6 }

// hinge holds U = A s(q3), V = Aᵀ s(q2) of a degree of freedom and the inverse pivot of a single one.
type hinge struct {
	u, v spatial.Wrench
	inv  float64
}

// jointBlock is the factored pivot of a joint with several degrees of freedom, or the whole 6×6 matrix
// of a free base.
type jointBlock struct {
	lu   spatial.LU6
	ball spatial.Mat3 // joint part of the matrix on a spherical rotation
}

// freeBase reports whether body i floats and its joint has no forces of its own, so that its pivot is
// the articulated 6×6 matrix itself.
func (s *Stepper) freeBase(i int) bool {
	b := &s.m.Bodies[i]
	return b.Parent == World && b.NT == 3 && b.NR == 3 && s.probs[b.Tree].bareBase
}

// factor eliminates the joints of a tree from the leaves to the root. The body matrices are in s.art,
// the joint terms in s.dj and the balls of s.block.
func (s *Stepper) factor(tr *Tree) bool {
	for i := tr.Last - 1; i >= tr.First; i-- {
		b, a := &s.m.Bodies[i], &s.art[i].a
		if s.freeBase(i) {
			if !s.block[i].lu.Factor((*[36]float64)(a), 6) {
				return false
			}
			continue
		}
		n := b.NT + b.NR
		hs := s.hinge[b.V : b.V+n]
		for j := range hs {
			a.MulTwist(&hs[j].u, &s.screw3[b.V+j])
			a.TMulTwist(&hs[j].v, &s.screw2[b.V+j])
		}
		if n == 1 {
			g := &hs[0]
			d := s.screw2[b.V].Power(&g.u) + s.dj[b.V]
			if !(d > 0 || d < 0) {
				return false
			}
			g.inv = 1 / d
			if b.Parent != World {
				s.art[b.Parent].a.AddDowndate(a, &g.u, scaledWrench(g.inv, &g.v))
			}
			continue
		}
		if !s.factorBlock(i) {
			return false
		}
	}
	return true
}

func scaledWrench(k float64, w *spatial.Wrench) *spatial.Wrench {
	return &spatial.Wrench{Force: spatial.Scale(k, w.Force), Torque: spatial.Scale(k, w.Torque)}
}

// factorBlock eliminates a joint with several degrees of freedom.
func (s *Stepper) factorBlock(i int) bool {
	b, k := &s.m.Bodies[i], &s.block[i]
	n := b.NT + b.NR
	hs := s.hinge[b.V : b.V+n]
	var d [36]float64
	for r := 0; r < n; r++ {
		for c := 0; c < n; c++ {
			d[6*r+c] = s.screw2[b.V+r].Power(&hs[c].u)
		}
		d[7*r] += s.dj[b.V+r]
	}
	if b.NR == 3 {
		for r := 0; r < 3; r++ {
			for c := 0; c < 3; c++ {
				d[6*(b.NT+r)+b.NT+c] += k.ball[3*r+c]
			}
		}
	}
	if !k.lu.Factor(&d, n) {
		return false
	}
	if b.Parent == World {
		return true
	}
	// A ← A − U D⁻¹ Vᵀ: solve for the columns of Vᵀ
	var y [6][6]float64
	for c := 0; c < 6; c++ {
		var x [6]float64
		for r := 0; r < n; r++ {
			x[r] = component(&hs[r].v, c)
		}
		k.lu.Solve(&x)
		y[c] = x
	}
	p := &s.art[b.Parent].a
	p.Add(&s.art[i].a)
	for r := 0; r < n; r++ {
		row := spatial.Wrench{
			Force:  spatial.Vec{X: -y[0][r], Y: -y[1][r], Z: -y[2][r]},
			Torque: spatial.Vec{X: -y[3][r], Y: -y[4][r], Z: -y[5][r]},
		}
		p.AddOuter(&hs[r].u, &row)
	}
	return true
}

func component(w *spatial.Wrench, c int) float64 {
	switch c {
	case 0:
		return w.Force.X
	case 1:
		return w.Force.Y
	case 2:
		return w.Force.Z
	case 3:
		return w.Torque.X
	case 4:
		return w.Torque.Y
	}
	return w.Torque.Z
}

// solve solves H dq = −(Sᵀ bias + rhs) with the last factorization: bias holds a wrench for every body
// (it is consumed), rhs a number for every dof. It leaves dq in s.dq and the twists of the bodies at
// knot 3 in s.twist.
func (s *Stepper) solve(tr *Tree) {
	for i := tr.Last - 1; i >= tr.First; i-- {
		b, w := &s.m.Bodies[i], &s.bias[i]
		n := b.NT + b.NR
		if s.freeBase(i) {
			s.addJointWrench(i, w)
			continue
		}
		if n == 1 {
			g := &s.hinge[b.V]
			u := (s.screw2[b.V].Power(w) + s.rhs[b.V]) * g.inv
			s.dq[b.V] = -u
			if b.Parent != World {
				p := &s.bias[b.Parent]
				p.Force = spatial.Add(p.Force, spatial.AddScaled(w.Force, -u, g.u.Force))
				p.Torque = spatial.Add(p.Torque, spatial.AddScaled(w.Torque, -u, g.u.Torque))
			}
			continue
		}
		var x [6]float64
		for j := 0; j < n; j++ {
			x[j] = s.screw2[b.V+j].Power(w) + s.rhs[b.V+j]
		}
		s.block[i].lu.Solve(&x)
		for j := 0; j < n; j++ {
			s.dq[b.V+j] = -x[j]
		}
		if b.Parent != World {
			p := &s.bias[b.Parent]
			p.Force, p.Torque = spatial.Add(p.Force, w.Force), spatial.Add(p.Torque, w.Torque)
			for j := 0; j < n; j++ {
				g := &s.hinge[b.V+j]
				p.Force = spatial.AddScaled(p.Force, -x[j], g.u.Force)
				p.Torque = spatial.AddScaled(p.Torque, -x[j], g.u.Torque)
			}
		}
	}
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		n := b.NT + b.NR
		if s.freeBase(i) {
			s.solveBase(i)
			continue
		}
		var t spatial.Twist
		if b.Parent != World {
			t = s.twist[b.Parent]
			if n == 1 {
				g := &s.hinge[b.V]
				s.dq[b.V] -= t.Power(&g.v) * g.inv
			} else {
				var x [6]float64
				for j := 0; j < n; j++ {
					x[j] = t.Power(&s.hinge[b.V+j].v)
				}
				s.block[i].lu.Solve(&x)
				for j := 0; j < n; j++ {
					s.dq[b.V+j] -= x[j]
				}
			}
		}
		for j := 0; j < n; j++ {
			c, d := &s.screw3[b.V+j], s.dq[b.V+j]
			t.Lin = spatial.AddScaled(t.Lin, d, c.Lin)
			t.Ang = spatial.AddScaled(t.Ang, d, c.Ang)
		}
		s.twist[i] = t
	}
}

// addJointWrench adds to w the wrench about O that does to a free base what rhs does to its joint.
func (s *Stepper) addJointWrench(i int, w *spatial.Wrench) {
	b, k := &s.m.Bodies[i], &s.knots[i]
	r := s.rhs[b.V : b.V+6]
	f := spatial.Add(spatial.Scale(r[0], s.axis2[b.V]), spatial.Add(spatial.Scale(r[1], s.axis2[b.V+1]), spatial.Scale(r[2], s.axis2[b.V+2])))
	t := k.rot.MulVec(spatial.Vec{X: r[3], Y: r[4], Z: r[5]})
	w.Force = spatial.Add(w.Force, f)
	w.Torque = spatial.Add(w.Torque, spatial.Add(t, spatial.Cross(k.pos, f)))
}

// solveBase solves the six equations of a free base for its twist and expresses it in its coordinates.
func (s *Stepper) solveBase(i int) {
	b, k, w := &s.m.Bodies[i], &s.knots[i], &s.bias[i]
	x := [6]float64{-w.Force.X, -w.Force.Y, -w.Force.Z, -w.Torque.X, -w.Torque.Y, -w.Torque.Z}
	s.block[i].lu.Solve(&x)
	t := spatial.Twist{Lin: spatial.Vec{X: x[0], Y: x[1], Z: x[2]}, Ang: spatial.Vec{X: x[3], Y: x[4], Z: x[5]}}
	s.twist[i] = t
	lin := spatial.Add(t.Lin, spatial.Cross(t.Ang, spatial.Add(k.pos, s.mo[i].dx)))
	ang := k.rot.TMulVec(spatial.Rotate(spatial.Scale(-1, s.mo[i].w), t.Ang))
	for j := 0; j < 3; j++ {
		s.dq[b.V+j] = spatial.Dot(lin, s.axis2[b.V+j])
	}
	s.dq[b.V+3], s.dq[b.V+4], s.dq[b.V+5] = ang.X, ang.Y, ang.Z
}
