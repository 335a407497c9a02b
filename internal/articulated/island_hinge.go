package articulated

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Most of what is coupled is links on hinges. Here are the elimination and the solve of theirs, without the loops over degrees of freedom of island.go and
// island_solve.go, to which they are the same in every bit.

// eliminateHinge is eliminate of a body on a joint of one degree of freedom that does not hang on the world.
func (g *Island) eliminateHinge(e *step) bool {
	s, i := g.s, int(e.body)
	ls, j := g.links[e.first:e.last], s.Bodies[i].V
	s2, s3, h := &s.Screw2[j], &s.Screw3[j], &s.hinges[j]
	u, y := g.u[e.uy:][:len(ls)], g.y[e.uy:][:len(ls)]
	kii := s.A[i]
	for _, l := range ls {
		if l.block >= 0 {
			take(&kii, &g.k[l.block^1], s.apart(int(l.body), i))
		}
	}
	if !s.eliminateHinge(i, &kii, nil) {
		return false
	}
	var all, sum spatial.Wrench // E, and U of the neighbors
	for a := 1; a < len(ls); a++ {
		l := &ls[a]
		g.k[l.block^1].MulTwist(&u[a], s3)
		g.k[l.block].TMulTwist(&y[a], s2)
		w := u[a]
		if d := s.apart(int(l.body), i); d != (spatial.Vec{}) {
			w = about(&w, d)
		}
		sum.Force, sum.Torque = spatial.Add(sum.Force, w.Force), spatial.Add(sum.Torque, w.Torque)
	}
	if b := ls[0].block; b >= 0 {
		g.k[b].TMulTwist(&y[0], s2)
		h.v.Force, h.v.Torque = spatial.Add(h.v.Force, y[0].Force), spatial.Add(h.v.Torque, y[0].Torque)
	}
	s.A[i].MulTwist(&all, s3)
	h.u.Force, h.u.Torque = spatial.Sub(all.Force, sum.Force), spatial.Sub(all.Torque, sum.Torque)
	u[0], y[0] = h.u, h.v
	for a := range y {
		y[a] = y[a].Scaled(h.inv)
	}
	g.merge(i, ls)
	x := g.cross[e.cross:]
	for a := range ls {
		c, ea := int(ls[a].body), [1]spatial.Wrench{all}
		if d := s.apart(i, c); d != (spatial.Vec{}) {
			ea[0] = about(&all, d)
		}
		s.A[c].Downdate(ea[:], y[a:a+1])
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
		f, q := u[a].Scaled(x), &s.Bias[c]
		q.Force, q.Torque = spatial.Add(q.Force, f.Force), spatial.Add(q.Torque, f.Torque)
		if d := s.apart(c, i); d != (spatial.Vec{}) {
			f = about(&f, d)
		}
		left.Force, left.Torque = spatial.Sub(left.Force, f.Force), spatial.Sub(left.Torque, f.Torque)
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
