package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// still marks the island as not moved by the tangent at hand.
func (p *problem) still() {
	s := p.s
	p.parted = false
	p.stay()
	for _, tr := range p.parts {
		clear(s.tree.Twist[tr.First:tr.Last])
		clear(s.lin.direct.wrench[tr.First:tr.Last])
		clear(s.tree.X[tr.V0:tr.V1])
	}
	p.clearRows()
	clear(s.lin.dl[p.first:][:len(p.rows)])
}

// stay marks it as not moved at knot 2.
func (p *problem) stay() {
	for _, tr := range p.parts {
		clear(p.s.lin.t2[tr.First:tr.Last])
	}
}

// clearRows zeroes the direct changes of the rows.
func (p *problem) clearRows() {
	l := p.s.lin
	clear(l.direct.du[p.first:][:len(p.rows)])
	clear(l.direct.k[p.first:][:len(p.rows)])
	for n := p.joints; n < p.met; n++ {
		l.touches[p.rows[n].at].df = spatial.Vec{}
	}
	for n := p.met; n < p.shut; n++ {
		l.meets[p.rows[n].contact].df = spatial.Vec{}
	}
	for n := p.shut; n < len(p.rows); n++ {
		l.closures[p.rows[n].closure].dt = spatial.Vec{}
	}
}

// ContactTangent stores the change of the impulse of every contact with a half-space (world axes, N s), and of the angular one by which
// it resists turning (N m s), for the tangent of the last JVP or ParamColumn.
func (s *Stepper) ContactTangent(dst []spatial.Wrench) {
	clear(dst)
	for _, p := range s.islands {
		for n := p.joints; n < p.met; n++ {
			addWrenchTo(&dst[p.rows[n].contact], p.contactTangent(n))
		}
	}
}

// contactTangent returns the change of the impulse of row n of a contact.
func (p *problem) contactTangent(n int) spatial.Wrench {
	s, r, l := p.s, &p.rows[n], p.multiplier(n)
	if r.kind == rowMeet {
		c, d := p.meetOf(n), &s.lin.meets[r.contact]
		if r.turns() {
			return spatial.Wrench{Torque: spatial.Add(d.df, torqueOf(&c.Wrenches, l))}
		}
		return spatial.Wrench{Force: spatial.Add(d.df, c.Force(l))}
	}
	t, d := &s.touches[r.at], &s.lin.touches[r.at]
	if r.turns() {
		return spatial.Wrench{Torque: spatial.Add(d.df, torqueOf(&t.Wrenches, l))}
	}
	return spatial.Wrench{Force: spatial.Add(d.df, t.force(l))}
}

// JointTangent stores the change of every joint's impulse (force and torque about the body frame origin at
// the start of the step, world axes) for the tangent of the last JVP or ParamColumn.
func (s *Stepper) JointTangent(dst []spatial.Wrench) {
	l := s.lin
	for i := range s.m.Bodies {
		dst[i] = l.direct.wrench[i]
		addProduct(&dst[i], &l.a3[i], &s.tree.Twist[i])
	}
	for _, p := range s.islands {
		for n := p.joints; n < len(p.rows); n++ {
			p.thrust(dst, nil, n, p.multiplier(n))
		}
		for n := p.met; n < p.shut; n++ {
			s.swing(dst, p.meetOf(n))
		}
	}
	for i := len(s.m.Bodies) - 1; i >= 0; i-- {
		if p := s.m.Bodies[i].Parent; p != World {
			dst[p].Force = spatial.Add(dst[p].Force, dst[i].Force)
			dst[p].Torque = spatial.Add(dst[p].Torque, dst[i].Torque)
		}
	}
	for i := range dst {
		x, t := s.knots[i].pos, &l.t2[i]
		dx := spatial.Add(t.Lin, spatial.Cross(t.Ang, x))
		d := spatial.Add(spatial.Cross(x, dst[i].Force), spatial.Cross(dx, l.sum[i].Force))
		dst[i].Torque = spatial.Sub(dst[i].Torque, d)
	}
}
