package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Side says on which knot the motions live that a solve returns: H x = −r moves knot 3 and is driven by
// wrenches paired with motions of knot 2; its transpose the other way round.
type Side uint8

// The sides.
const (
	Forward Side = iota
	Transposed
)

// Solve solves H x = −(Sᵀ Bias + RHS), or the same with Hᵀ, with the last factorization. It leaves x in X and the twists
// of the bodies in Twist, and consumes Bias. The transpose is the same recursion with both sets of screws, and U and V,
// exchanged.
func (s *System) Solve(t Span, to Side) {
	s.up(t, to)
	s.Down(t, to)
}

// up eliminates the joints from the leaves to the root.
func (s *System) up(t Span, to Side) {
	in, _ := s.screws(to)
	for i := t.Last - 1; i >= t.First; i-- {
		s.raise(i, in, to)
	}
}

// screws returns the motions that a side pairs with wrenches, and those along which it moves.
func (s *System) screws(to Side) (in, out []spatial.Twist) {
	if to == Transposed {
		return s.Screw3, s.Screw2
	}
	return s.Screw2, s.Screw3
}

// raise eliminates the joint of body i.
func (s *System) raise(i int, in []spatial.Twist, to Side) {
	b, w := &s.Bodies[i], &s.Bias[i]
	switch {
	case b.Base >= 0:
		s.addJointWrench(i, w, to)
	case b.N == 1:
		g, t := &s.hinges[b.V], &in[b.V]
		force, torque := w.Force, w.Torque // once: w and what is written might overlap, for all the compiler knows
		x := -(spatial.Dot(t.Lin, force) + spatial.Dot(t.Ang, torque) + s.RHS[b.V]) * g.inv
		s.X[b.V] = x
		if b.Parent != World {
			c := &g.u
			if to == Transposed {
				c = &g.v
			}
			p := &s.Bias[b.Parent]
			p.Force = spatial.Add(p.Force, spatial.AddScaled(force, x, c.Force))
			p.Torque = spatial.Add(p.Torque, spatial.AddScaled(torque, x, c.Torque))
		}
	default:
		s.upBlock(i, in, to)
	}
}

// upBlock eliminates a joint with several degrees of freedom.
func (s *System) upBlock(i int, in []spatial.Twist, to Side) {
	b, w := &s.Bodies[i], &s.Bias[i]
	var x [6]float64
	for j := 0; j < b.N; j++ {
		x[j] = in[b.V+j].Power(w) + s.RHS[b.V+j]
	}
	s.pivot(i, &x, to)
	for j := 0; j < b.N; j++ {
		s.X[b.V+j] = -x[j]
	}
	if b.Parent == World {
		return
	}
	p := &s.Bias[b.Parent]
	p.Force, p.Torque = spatial.Add(p.Force, w.Force), spatial.Add(p.Torque, w.Torque)
	for j := 0; j < b.N; j++ {
		c := &s.hinges[b.V+j].u
		if to == Transposed {
			c = &s.hinges[b.V+j].v
		}
		p.Force = spatial.AddScaled(p.Force, -x[j], c.Force)
		p.Torque = spatial.AddScaled(p.Torque, -x[j], c.Torque)
	}
}

// pivot replaces x by D⁻¹ x or D⁻ᵀ x of a joint with several degrees of freedom.
func (s *System) pivot(i int, x *[6]float64, to Side) {
	if to == Transposed {
		s.pivots[i].TSolve(x)
	} else {
		s.pivots[i].Solve(x)
	}
}

// Yield stores −D⁻¹ x as the motion of the joint of body i.
func (s *System) Yield(i int, x *[6]float64) {
	b := &s.Bodies[i]
	if b.N == 1 {
		s.X[b.V] = -x[0] * s.hinges[b.V].inv
		return
	}
	s.pivots[i].Solve(x)
	for j := 0; j < b.N; j++ {
		s.X[b.V+j] = -x[j]
	}
}

// Climb eliminates the joint of body i, whose Bias and RHS are set, and those of its ancestors, whose Bias is set and which
// have no RHS of their own. Down completes the solve; X of all other joints is taken as it is.
func (s *System) Climb(i int) {
	for c := i; c != World; c = s.Bodies[c].Parent {
		b, w := &s.Bodies[c], &s.Bias[c]
		if c != i {
			clear(s.RHS[b.V : b.V+b.N])
		}
		if b.Base >= 0 {
			s.addJointWrench(c, w, Forward)
			continue
		}
		var x [6]float64
		for j := 0; j < b.N; j++ {
			x[j] = s.Screw2[b.V+j].Power(w) + s.RHS[b.V+j]
		}
		s.Yield(c, &x)
		if b.Parent == World {
			continue
		}
		p := &s.Bias[b.Parent]
		p.Force, p.Torque = spatial.Add(p.Force, w.Force), spatial.Add(p.Torque, w.Torque)
		for j := 0; j < b.N; j++ {
			u := &s.hinges[b.V+j].u
			p.Force = spatial.AddScaled(p.Force, s.X[b.V+j], u.Force)
			p.Torque = spatial.AddScaled(p.Torque, s.X[b.V+j], u.Torque)
		}
	}
}

// Down finds the motions from the root to the leaves.
func (s *System) Down(t Span, to Side) {
	_, out := s.screws(to)
	for i := t.First; i < t.Last; i++ {
		s.lower(i, out, to)
	}
}

// lower finds the motion of the joint of body i, whose parent's twist is known, and the twist of the body.
func (s *System) lower(i int, out []spatial.Twist, to Side) {
	b := &s.Bodies[i]
	switch {
	case b.Base >= 0:
		s.solveBase(i, to)
	case b.N == 1:
		var lin, ang spatial.Vec
		x, o, t := s.X[b.V], &out[b.V], &s.Twist[i]
		if b.Parent != World {
			p, g := &s.Twist[b.Parent], &s.hinges[b.V]
			c := &g.v
			if to == Transposed {
				c = &g.u
			}
			lin, ang = p.Lin, p.Ang
			x -= (spatial.Dot(lin, c.Force) + spatial.Dot(ang, c.Torque)) * g.inv
			s.X[b.V] = x
		}
		t.Lin, t.Ang = spatial.AddScaled(lin, x, o.Lin), spatial.AddScaled(ang, x, o.Ang)
	default:
		s.downBlock(i, out, to)
	}
}

func (s *System) downBlock(i int, out []spatial.Twist, to Side) {
	b := &s.Bodies[i]
	var t spatial.Twist
	if b.Parent != World {
		t = s.Twist[b.Parent]
		var x [6]float64
		for j := 0; j < b.N; j++ {
			c := &s.hinges[b.V+j].v
			if to == Transposed {
				c = &s.hinges[b.V+j].u
			}
			x[j] = t.Power(c)
		}
		s.pivot(i, &x, to)
		for j := 0; j < b.N; j++ {
			s.X[b.V+j] -= x[j]
		}
	}
	for j := 0; j < b.N; j++ {
		c, d := &out[b.V+j], s.X[b.V+j]
		t.Lin = spatial.AddScaled(t.Lin, d, c.Lin)
		t.Ang = spatial.AddScaled(t.Ang, d, c.Ang)
	}
	s.Twist[i] = t
}

// at returns origin and turn from knot 2 at the knot whose motions are paired with wrenches or returned.
func (f *Base) at(knot3 bool) (x, turn spatial.Vec) {
	if knot3 {
		return f.X3, f.Turn
	}
	return f.X2, spatial.Vec{}
}

// addJointWrench adds to w the wrench that does to a free base what RHS does to its joint.
func (s *System) addJointWrench(i int, w *spatial.Wrench, to Side) {
	b := &s.Bodies[i]
	r, f := s.RHS[b.V:b.V+6], &s.Base[b.Base]
	x, turn := f.at(to == Transposed)
	force := spatial.Add(spatial.Scale(r[0], f.Axes[0]), spatial.Add(spatial.Scale(r[1], f.Axes[1]), spatial.Scale(r[2], f.Axes[2])))
	t := spatial.Rotate(turn, f.Rot.MulVec(spatial.Vec{X: r[3], Y: r[4], Z: r[5]}))
	w.Force = spatial.Add(w.Force, force)
	w.Torque = spatial.Add(w.Torque, spatial.Add(t, spatial.Cross(x, force)))
}

// solveBase solves the six equations of a free base for its twist and expresses it in its coordinates.
func (s *System) solveBase(i int, to Side) {
	b, w := &s.Bodies[i], &s.Bias[i]
	f, dx := &s.Base[b.Base], s.X[b.V:b.V+6]
	y := [6]float64{-w.Force.X, -w.Force.Y, -w.Force.Z, -w.Torque.X, -w.Torque.Y, -w.Torque.Z}
	s.pivot(i, &y, to)
	t := spatial.Twist{Lin: spatial.Vec{X: y[0], Y: y[1], Z: y[2]}, Ang: spatial.Vec{X: y[3], Y: y[4], Z: y[5]}}
	s.Twist[i] = t
	x, turn := f.at(to == Forward)
	lin := spatial.Add(t.Lin, spatial.Cross(t.Ang, x))
	ang := f.Rot.TMulVec(spatial.Rotate(spatial.Scale(-1, turn), t.Ang))
	for j := 0; j < 3; j++ {
		dx[j] = spatial.Dot(lin, f.Axes[j])
	}
	dx[3], dx[4], dx[5] = ang.X, ang.Y, ang.Z
}
