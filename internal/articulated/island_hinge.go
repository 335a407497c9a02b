package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Most of what is coupled is links on hinges. Here are the elimination and the solve of theirs, without the loops over
// degrees of freedom of island.go and island_solve.go, to which they are the same in every bit.

// eliminateHinge is eliminate of a body on a joint of one degree of freedom that does not hang on the world.
func (g *Island) eliminateHinge(at *step) bool {
	s, i := g.s, int(at.body)
	ls, j := g.links[at.first:at.last], s.Bodies[i].V
	s2, s3, h := &s.Screw2[j], &s.Screw3[j], &s.hinges[j]
	u, y := g.u[at.uy:][:len(ls)], g.y[at.uy:][:len(ls)]
	kii := s.A[i]
	for _, l := range ls {
		if l.block >= 0 {
			take(&kii, &g.k[l.block^1], s.apart(int(l.body), i))
		}
	}
	if !s.eliminateHinge(i, &kii, nil) {
		return false
	}
	var e [2]spatial.Wrench // E, and what it is about another point
	var sum spatial.Wrench  // of U of the neighbors
	all := &e[0]
	for a := 1; a < len(ls); a++ {
		l := &ls[a]
		g.k[l.block^1].MulTwist(&u[a], s3)
		g.k[l.block].TMulTwist(&y[a], s2)
		force, torque := u[a].Force, u[a].Torque
		if d := s.apart(int(l.body), i); d != (spatial.Vec{}) {
			torque = spatial.Add(torque, spatial.Cross(d, force))
		}
		sum.Force, sum.Torque = spatial.Add(sum.Force, force), spatial.Add(sum.Torque, torque)
	}
	if b := ls[0].block; b >= 0 {
		g.k[b].TMulTwist(&y[0], s2)
		h.v.Force, h.v.Torque = spatial.Add(h.v.Force, y[0].Force), spatial.Add(h.v.Torque, y[0].Torque)
	}
	s.A[i].MulTwist(all, s3)
	h.u.Force, h.u.Torque = spatial.Sub(all.Force, sum.Force), spatial.Sub(all.Torque, sum.Torque)
	u[0].Force, u[0].Torque, y[0].Force, y[0].Torque = h.u.Force, h.u.Torque, h.v.Force, h.v.Torque
	for a := range y {
		y[a].Force, y[a].Torque = spatial.Scale(h.inv, y[a].Force), spatial.Scale(h.inv, y[a].Torque)
	}
	g.merge(i, ls)
	x := g.cross[at.cross:]
	for a := range ls {
		c, ea := int(ls[a].body), e[:1]
		if d := s.apart(i, c); d != (spatial.Vec{}) {
			ea = e[1:]
			ea[0].Force, ea[0].Torque = all.Force, spatial.Add(all.Torque, spatial.Cross(d, all.Force))
		}
		s.A[c].Downdate(ea, y[a:a+1])
		for b := a + 1; b < len(ls); b++ {
			g.k[x[0].block].Downdate(u[a:a+1], y[b:b+1])
			g.k[x[0].block^1].Downdate(u[b:b+1], y[a:a+1])
			x = x[1:]
		}
	}
	return true
}

// raiseHinge is raise of such a body, forward.
func (g *Island) raiseHinge(e *step) {
	s, i := g.s, int(e.body)
	ls, j := g.links[e.first:e.last], s.Bodies[i].V
	w, s3, u := &s.Bias[i], &s.Screw3[j], g.u[e.uy:][:len(ls)]
	x := -(s.Screw2[j].Power(w) + s.RHS[j]) * s.hinges[j].inv
	s.X[j] = x
	var left spatial.Wrench
	s.A[i].MulTwist(&left, &spatial.Twist{Lin: spatial.Scale(x, s3.Lin), Ang: spatial.Scale(x, s3.Ang)})
	left.Force, left.Torque = spatial.Add(left.Force, w.Force), spatial.Add(left.Torque, w.Torque)
	for a := 1; a < len(ls); a++ {
		c := int(ls[a].body)
		q, force, torque := &s.Bias[c], spatial.Scale(x, u[a].Force), spatial.Scale(x, u[a].Torque)
		q.Force, q.Torque = spatial.Add(q.Force, force), spatial.Add(q.Torque, torque)
		if d := s.apart(c, i); d != (spatial.Vec{}) {
			torque = spatial.Add(torque, spatial.Cross(d, force))
		}
		left.Force, left.Torque = spatial.Sub(left.Force, force), spatial.Sub(left.Torque, torque)
	}
	q := &s.Bias[ls[0].body] // the parent, in whose tree O is the same
	q.Force, q.Torque = spatial.Add(q.Force, left.Force), spatial.Add(q.Torque, left.Torque)
}

// lowerHinge is lower of such a body, forward.
func (g *Island) lowerHinge(e *step) {
	s, i := g.s, int(e.body)
	ls, j := g.links[e.first:e.last], s.Bodies[i].V
	y, s3, t := g.y[e.uy:][:len(ls)], &s.Screw3[j], &s.Twist[i]
	sum := 0.0
	for a := range ls {
		sum += s.Twist[ls[a].body].Power(&y[a])
	}
	x, p := s.X[j]-sum, &s.Twist[ls[0].body]
	s.X[j] = x
	t.Lin, t.Ang = spatial.AddScaled(p.Lin, x, s3.Lin), spatial.AddScaled(p.Ang, x, s3.Ang)
}
