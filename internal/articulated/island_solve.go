package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Solve solves K x = −(Sᵀ Bias + RHS) for the whole island, or with Kᵀ; see System.Solve.
func (g *Island) Solve(to Side) {
	in, _ := g.s.screws(to)
	for k := range g.steps {
		g.raise(&g.steps[k], in, to)
	}
	g.Down(to)
}

// Next returns the body that is eliminated next of those that feel the elimination of this one, or World. Without
// couplings that is the parent.
func (g *Island) Next(body int) int { return int(g.steps[g.at[g.number(body)]].next) }

// Climb is System.Climb: it eliminates the joint of body i, whose Bias and RHS are set, and those of Next(i), its Next and
// so on, whose Bias is set and which have no RHS of their own. Down completes the solve; X of all other joints is taken as it
// is. Free bases off this way must have zeros there and in Bias.
func (g *Island) Climb(i int) {
	s := g.s
	for c := i; c != World; {
		b, e := &s.Bodies[c], &g.steps[g.at[g.number(c)]]
		if c != i {
			clear(s.RHS[b.V : b.V+b.N])
		}
		g.raise(e, s.Screw2, Forward)
		c = int(e.next)
	}
}

// Down finds the motions in the reverse order of elimination, after Solve's or Climb's way up.
func (g *Island) Down(to Side) {
	_, out := g.s.screws(to)
	for k := len(g.steps) - 1; k >= 0; k-- {
		switch e := &g.steps[k]; {
		case e.way == alone:
			g.s.lower(int(e.body), out, to)
		case e.way == hinged && to == Forward:
			g.lowerHinge(e)
		default:
			g.lower(e, out, to)
		}
	}
}

// raise eliminates a joint: x = −D⁻¹(s·w + r). Its links feel U x, and the parent w.
func (g *Island) raise(e *step, in []spatial.Twist, to Side) {
	switch {
	case e.way == alone:
		g.s.raise(int(e.body), in, to)
	case e.way == hinged && to == Forward:
		g.raiseHinge(e)
	default:
		g.raiseBlock(e, in, to)
	}
}

// raiseBlock is raise of any coupled body.
func (g *Island) raiseBlock(e *step, in []spatial.Twist, to Side) {
	s, i := g.s, int(e.body)
	b, w := &s.Bodies[i], &s.Bias[i]
	n := b.N
	var r, x [6]float64
	if b.Base >= 0 {
		s.addJointWrench(i, w, to)
		r = w.Array()
	}
	for j := 0; j < n && b.Base < 0; j++ {
		r[j] = in[b.V+j].Power(w) + s.RHS[b.V+j]
	}
	for j := range n {
		x[j] = -r[j]
	}
	r = x
	s.solveJoint(i, &x, to)
	copy(s.X[b.V:b.V+n], x[:n]) // of a free base its twist, until Down finds coordinates
	if to == Transposed {
		g.passBack(e, w, r[:n])
	} else {
		g.pass(e, w, x[:n])
	}
}

// pass adds what the motion x of a joint does to its links. To the first, if the body does not hang on the world, goes what is
// left of all that the body's motion costs: action is reaction. Where a stiff coupling holds some of the freedoms, U x is a
// small difference of large numbers, and its rounding would be lost to the momentum of all.
func (g *Island) pass(e *step, w *spatial.Wrench, x []float64) {
	s, i := g.s, int(e.body)
	b, ls := &s.Bodies[i], g.links[e.first:e.last]
	var t spatial.Twist
	for j := 0; j < len(x) && b.Base < 0; j++ {
		c := &s.Screw3[b.V+j]
		t.Lin, t.Ang = spatial.AddScaled(t.Lin, x[j], c.Lin), spatial.AddScaled(t.Ang, x[j], c.Ang)
	}
	first := 1
	switch {
	case b.Base >= 0:
		t.Lin, t.Ang = spatial.Vec{X: x[0], Y: x[1], Z: x[2]}, spatial.Vec{X: x[3], Y: x[4], Z: x[5]}
	case b.Parent == World:
		first = 0
	}
	var left spatial.Wrench
	s.A[i].MulTwist(&left, &t)
	left.Force, left.Torque = spatial.Add(left.Force, w.Force), spatial.Add(left.Torque, w.Torque)
	for a := first; a < len(ls); a++ {
		c := int(ls[a].body)
		force, torque := combine(g.u[int(e.uy)+a*len(x):], x)
		q := &s.Bias[c]
		q.Force, q.Torque = spatial.Add(q.Force, force), spatial.Add(q.Torque, torque)
		torque = spatial.Add(torque, spatial.Cross(s.apart(c, i), force))
		left.Force, left.Torque = spatial.Sub(left.Force, force), spatial.Sub(left.Torque, torque)
	}
	if first == 1 {
		c := int(ls[0].body)
		left.Torque = spatial.Add(left.Torque, spatial.Cross(s.apart(i, c), left.Force))
		q := &s.Bias[c]
		q.Force, q.Torque = spatial.Add(q.Force, left.Force), spatial.Add(q.Torque, left.Torque)
	}
}

// passBack is pass on the other side: V D⁻ᵀ r, and w to the parent.
func (g *Island) passBack(e *step, w *spatial.Wrench, r []float64) {
	s := g.s
	if e.near > e.first {
		p := &s.Bias[g.links[e.first].body]
		p.Force, p.Torque = spatial.Add(p.Force, w.Force), spatial.Add(p.Torque, w.Torque)
	}
	for a, l := range g.links[e.first:e.last] {
		force, torque := combine(g.y[int(e.uy)+a*len(r):], r)
		q := &s.Bias[l.body]
		q.Force, q.Torque = spatial.Add(q.Force, force), spatial.Add(q.Torque, torque)
	}
}

// combine returns Σ x_j u_j.
func combine(u []spatial.Wrench, x []float64) (force, torque spatial.Vec) {
	for j, k := range x {
		force, torque = spatial.AddScaled(force, k, u[j].Force), spatial.AddScaled(torque, k, u[j].Torque)
	}
	return force, torque
}

// lower finds the motion of the joint of a coupled body, x −= D⁻¹V t over its links, and the twist of the body. D⁻¹V are the same
// numbers that Factor summed the matrices with.
func (g *Island) lower(e *step, out []spatial.Twist, to Side) {
	s, i := g.s, int(e.body)
	b := &s.Bodies[i]
	n := b.N
	part := g.y[e.uy:]
	if to == Transposed {
		part = g.u[e.uy:]
	}
	var y [6]float64
	for a, l := range g.links[e.first:e.last] {
		t := &s.Twist[l.body]
		for j := range n {
			y[j] += t.Power(&part[a*n+j])
		}
	}
	if to == Transposed {
		s.solveJoint(i, &y, to)
	}
	x := s.X[b.V : b.V+n]
	for j := range x {
		x[j] -= y[j]
	}
	if b.Base >= 0 {
		t := &s.Twist[i]
		t.Lin, t.Ang = spatial.Vec{X: x[0], Y: x[1], Z: x[2]}, spatial.Vec{X: x[3], Y: x[4], Z: x[5]}
		s.baseCoordinates(i, to)
		return
	}
	var t spatial.Twist
	if b.Parent != World {
		t = s.Twist[b.Parent]
	}
	for j := range x {
		c := &out[b.V+j]
		t.Lin, t.Ang = spatial.AddScaled(t.Lin, x[j], c.Lin), spatial.AddScaled(t.Ang, x[j], c.Ang)
	}
	s.Twist[i] = t
}

// solveJoint replaces x by D⁻¹ x or D⁻ᵀ x.
func (s *System) solveJoint(i int, x *[6]float64, to Side) {
	if b := &s.Bodies[i]; b.N == 1 {
		x[0] *= s.hinges[b.V].inv
		return
	}
	s.pivot(i, x, to)
}
