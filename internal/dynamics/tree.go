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
		if b.NT+b.NR == 1 {
			var parent *spatial.Mat6
			if b.Parent != World {
				parent = &s.art[b.Parent].a
			}
			g := &s.hinge[b.V]
			g.inv = spatial.Eliminate(parent, a, &g.u, &g.v, &s.screw3[b.V], &s.screw2[b.V], s.dj[b.V])
			if g.inv-g.inv != 0 { // infinite or not a number
				return false
			}
			continue
		}
		if !s.factorBlock(i) {
			return false
		}
	}
	return true
}

// factorBlock eliminates a joint with several degrees of freedom.
func (s *Stepper) factorBlock(i int) bool {
	b, k := &s.m.Bodies[i], &s.block[i]
	n := b.NT + b.NR
	hs := s.hinge[b.V : b.V+n]
	for j := range hs {
		s.art[i].a.MulTwist(&hs[j].u, &s.screw3[b.V+j])
		s.art[i].a.TMulTwist(&hs[j].v, &s.screw2[b.V+j])
	}
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

// side says on which knot the motions live that a solve returns: H dq = −r moves knot 3 and is driven by
// wrenches paired with motions of knot 2; its transpose the other way round.
type side uint8

const (
	forward side = iota
	transposed
)

// solve solves H x = −(Sᵀ bias + rhs), or the same with Hᵀ, with the last factorization: bias holds a wrench
// for every body (it is consumed), rhs a number for every dof. It leaves x in s.dq and the twists of the
// bodies in s.twist. The transpose is the same recursion with both sets of screws, and U and V, exchanged.
func (s *Stepper) solve(tr *Tree, to side) {
	s.solveUp(tr, to)
	s.solveDown(tr, to)
}

// solveUp eliminates the joints from the leaves to the root.
func (s *Stepper) solveUp(tr *Tree, to side) {
	in := s.screw2
	if to == transposed {
		in = s.screw3
	}
	for i := tr.Last - 1; i >= tr.First; i-- {
		b, w := &s.m.Bodies[i], &s.bias[i]
		n := b.NT + b.NR
		if s.freeBase(i) {
			s.addJointWrench(i, w, to)
			continue
		}
		if n == 1 {
			g, t := &s.hinge[b.V], &in[b.V]
			force, torque := w.Force, w.Torque // once: w and what is written might overlap, for all the compiler knows
			x := -(spatial.Dot(t.Lin, force) + spatial.Dot(t.Ang, torque) + s.rhs[b.V]) * g.inv
			s.dq[b.V] = x
			if b.Parent != World {
				c := &g.u
				if to == transposed {
					c = &g.v
				}
				p := &s.bias[b.Parent]
				p.Force = spatial.Add(p.Force, spatial.AddScaled(force, x, c.Force))
				p.Torque = spatial.Add(p.Torque, spatial.AddScaled(torque, x, c.Torque))
			}
			continue
		}
		var x [6]float64
		for j := 0; j < n; j++ {
			x[j] = in[b.V+j].Power(w) + s.rhs[b.V+j]
		}
		s.solvePivot(i, &x, to)
		for j := 0; j < n; j++ {
			s.dq[b.V+j] = -x[j]
		}
		if b.Parent != World {
			p := &s.bias[b.Parent]
			p.Force, p.Torque = spatial.Add(p.Force, w.Force), spatial.Add(p.Torque, w.Torque)
			for j := 0; j < n; j++ {
				c := &s.hinge[b.V+j].u
				if to == transposed {
					c = &s.hinge[b.V+j].v
				}
				p.Force = spatial.AddScaled(p.Force, -x[j], c.Force)
				p.Torque = spatial.AddScaled(p.Torque, -x[j], c.Torque)
			}
		}
	}
}

func (s *Stepper) solvePivot(i int, x *[6]float64, to side) {
	if to == transposed {
		s.block[i].lu.TSolve(x)
	} else {
		s.block[i].lu.Solve(x)
	}
}

// solveDown finds the motions from the root to the leaves.
func (s *Stepper) solveDown(tr *Tree, to side) {
	out := s.screw3
	if to == transposed {
		out = s.screw2
	}
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		n := b.NT + b.NR
		if s.freeBase(i) {
			s.solveBase(i, to)
			continue
		}
		if n == 1 {
			var lin, ang spatial.Vec
			x, o, t := s.dq[b.V], &out[b.V], &s.twist[i]
			if b.Parent != World {
				p, g := &s.twist[b.Parent], &s.hinge[b.V]
				c := &g.v
				if to == transposed {
					c = &g.u
				}
				lin, ang = p.Lin, p.Ang
				x -= (spatial.Dot(lin, c.Force) + spatial.Dot(ang, c.Torque)) * g.inv
				s.dq[b.V] = x
			}
			t.Lin, t.Ang = spatial.AddScaled(lin, x, o.Lin), spatial.AddScaled(ang, x, o.Ang)
			continue
		}
		var t spatial.Twist
		if b.Parent != World {
			t = s.twist[b.Parent]
			var x [6]float64
			for j := 0; j < n; j++ {
				c := &s.hinge[b.V+j].v
				if to == transposed {
					c = &s.hinge[b.V+j].u
				}
				x[j] = t.Power(c)
			}
			s.solvePivot(i, &x, to)
			for j := 0; j < n; j++ {
				s.dq[b.V+j] -= x[j]
			}
		}
		for j := 0; j < n; j++ {
			c, d := &out[b.V+j], s.dq[b.V+j]
			t.Lin = spatial.AddScaled(t.Lin, d, c.Lin)
			t.Ang = spatial.AddScaled(t.Ang, d, c.Ang)
		}
		s.twist[i] = t
	}
}

// baseAt returns origin and turn from knot 2 of a free base at the knot whose motions are paired with
// wrenches (in) or returned (out).
func (s *Stepper) baseAt(i int, knot3 bool) (x, w spatial.Vec) {
	if knot3 {
		return spatial.Add(s.knots[i].pos, s.mo[i].Dx), s.mo[i].W
	}
	return s.knots[i].pos, spatial.Vec{}
}

// addJointWrench adds to w the wrench about O that does to a free base what rhs does to its joint.
func (s *Stepper) addJointWrench(i int, w *spatial.Wrench, to side) {
	b, k := &s.m.Bodies[i], &s.knots[i]
	r := s.rhs[b.V : b.V+6]
	x, turn := s.baseAt(i, to == transposed)
	f := spatial.Add(spatial.Scale(r[0], s.axis2[b.V]), spatial.Add(spatial.Scale(r[1], s.axis2[b.V+1]), spatial.Scale(r[2], s.axis2[b.V+2])))
	t := spatial.Rotate(turn, k.rot.MulVec(spatial.Vec{X: r[3], Y: r[4], Z: r[5]}))
	w.Force = spatial.Add(w.Force, f)
	w.Torque = spatial.Add(w.Torque, spatial.Add(t, spatial.Cross(x, f)))
}

// solveBase solves the six equations of a free base for its twist and expresses it in its coordinates.
func (s *Stepper) solveBase(i int, to side) {
	b, k, w := &s.m.Bodies[i], &s.knots[i], &s.bias[i]
	y := [6]float64{-w.Force.X, -w.Force.Y, -w.Force.Z, -w.Torque.X, -w.Torque.Y, -w.Torque.Z}
	s.solvePivot(i, &y, to)
	t := spatial.Twist{Lin: spatial.Vec{X: y[0], Y: y[1], Z: y[2]}, Ang: spatial.Vec{X: y[3], Y: y[4], Z: y[5]}}
	s.twist[i] = t
	x, turn := s.baseAt(i, to == forward)
	lin := spatial.Add(t.Lin, spatial.Cross(t.Ang, x))
	ang := k.rot.TMulVec(spatial.Rotate(spatial.Scale(-1, turn), t.Ang))
	for j := 0; j < 3; j++ {
		s.dq[b.V+j] = spatial.Dot(lin, s.axis2[b.V+j])
	}
	s.dq[b.V+3], s.dq[b.V+4], s.dq[b.V+5] = ang.X, ang.Y, ang.Z
}
