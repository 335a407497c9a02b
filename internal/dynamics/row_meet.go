package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Contacts between two colliders: u and λ as in row_touch.go, of A on B. Both bodies feel the impulse at one point along one
// normal, so no momentum is lost. Everything is about the reference point O of A's tree, from which that of B's is at off.

// meet is a pair of features in the step at hand.
type meet struct {
	gap.Meeting
	*collide.Contact       // which features, and their part of the κ of the pair; of those found in the step at hand
	pair             int   // of colliders
	tree             int   // whose length measures it
	next             int32 // one more than the index of another one of the pair, 0: none
	a, b             int   // bodies; b may be World
	off              spatial.Vec
	on               bool
	bounce           gap.Rebound       // of the step at hand
	soft             soft              // zero where it is hard
	turns            bool              // whether the contact has two
	mass, friction   float64           // of the pair
	late             bool              // whether its features face each other at knot 3 only
	along            spatial.Wrench    // on twists of A against B about the O of A: how far a point of an edge moves along it
	nb               [3]spatial.Wrench // unit impulses on B about its own O
	ga, gb           [3]spatial.Wrench // derivative of the value by twists at knot 3, each body about its own O
	near             int               // which of the island's couplings it is, −1 when B is the world
	lambda           spatial.Vec       // multiplier at the last residual
}

// meetStart is what the linearization knows of it.
type meetStart struct {
	gap.Start                   // by twists at knot 2 about the O of A
	past      [2]spatial.Wrench // of the gap by twists at knot 1 about the O of A, where it bounces
	share     spatial.Vec       // of the multiplier per share of the κ of the pair
	point     float64           // of the value per point that a soft one counts for
	slide     spatial.Vec       // of the value per distance that a point of an edge moves along it, and of the impulse on A
	slideTurn spatial.Wrench
	df        spatial.Vec // direct change of the impulse as normal and tangents turn, of the last perturbation; of what turns, of the angular one
}

// motionOf returns the motion of a body to knot 3.
func (s *Stepper) motionOf(b int) *spatial.Motion {
	if b == World {
		return &still
	}
	return &s.mo[b]
}

func (s *Stepper) pastOf(b int) *spatial.Motion {
	if b == World {
		return &still
	}
	return &s.past[b]
}

// frameOf returns where body b is about o.
func (s *Stepper) frameOf(b int, o spatial.Vec) gap.Frame {
	if b == World {
		return gap.Frame{Pos: spatial.Scale(-1, o)}
	}
	return gap.Frame{Pos: spatial.Sub(s.world[b].Pos, o), Rot: &s.knots[b].rot}
}

// place fixes the meeting for the step.
func (c *meet) place(x *bond, pyramid bool) {
	c.Place(&c.Pair, &x.fa, &x.fb, pyramid)
	if x.belt.Moves() || c.Belt.Moves() {
		c.Belt = x.belt
	}
	c.off, c.mass, c.friction = x.off, x.mass, x.friction
	if a, b := c.Slides(); a || b {
		at := spatial.Sub(c.Slide.At, x.o)
		c.along.Force, c.along.Torque = c.Slide.Lin, spatial.Add(c.Slide.Ang, spatial.Cross(at, c.Slide.Lin))
	}
	c.oppose()
}

// oppose makes what B feels the opposite of what A feels.
func (c *meet) oppose() {
	for k := range c.nb { // in place: what was just written number by number is slow to copy
		a, b := &c.Wrenches[k], &c.nb[k]
		b.Force = spatial.Scale(-1, a.Force)
		b.Torque = spatial.Sub(spatial.Scale(-1, a.Torque), spatial.Cross(c.off, b.Force))
	}
}

func (s *Stepper) originOf(b int) spatial.Vec { return s.o[s.m.Bodies[b].Tree] }

// toB moves a wrench about the O of A to that of B.
func (c *meet) toB(w spatial.Wrench) spatial.Wrench {
	w.Torque = spatial.Sub(w.Torque, spatial.Cross(c.off, w.Force))
	return w
}

// fromB returns a twist about the O of B as one about that of A.
func (c *meet) fromB(t *spatial.Twist) spatial.Twist {
	return spatial.Twist{Lin: spatial.Sub(t.Lin, spatial.Cross(t.Ang, c.off)), Ang: t.Ang}
}

func (s *Stepper) meetValue(c *meet) (u spatial.Vec) {
	if c.Rolls() {
		c.Roll(s.motionOf(c.a), s.motionOf(c.b))
		c.oppose()
	}
	u.X, u.Y, u.Z = c.Eval(s.motionOf(c.a), s.motionOf(c.b), 1/s.h)
	return u
}

func (s *Stepper) meetPast(c *meet) (u spatial.Vec) {
	if c.Mode == gap.Turn {
		return s.turnPast(c)
	}
	if c.Belt.Moves() {
		now := c.Belt
		c.Belt = now.Before(s.pastOf(c.a), s.pastOf(c.b))
		u.Y, u.Z = c.Sliding(s.pastOf(c.a), s.pastOf(c.b), -1/s.hPast)
		c.Belt = now
	} else {
		u.Y, u.Z = c.Sliding(s.pastOf(c.a), s.pastOf(c.b), -1/s.hPast)
	}
	if u.X = c.Gap2; c.late {
		u.X = max(u.X, 0)
	}
	return u
}

// describeMeet states the law of a meeting, whose κ is its part of that of the pair.
func (s *Stepper) describeMeet(b *ipm.Block, c *meet) {
	b.Mu = c.friction
	s.m.lawWith(b, c.turns)
	b.Kappa *= c.Weight
	b.KappaT *= c.Weight
	c.soft.describe(b, s)
}

// add adds sign·Nᵀλ to the wrenches of both bodies.
func (c *meet) add(dst []spatial.Wrench, l spatial.Vec, sign float64) {
	addWrench(&dst[c.a], &c.Wrenches, l, sign)
	if c.b != World {
		addWrench(&dst[c.b], &c.nb, l, sign)
	}
}

// powers returns J t for twists of the bodies at knot 3.
func (c *meet) powers(t []spatial.Twist) spatial.Vec {
	u := powers(&c.ga, &t[c.a])
	if c.b != World {
		u = spatial.Add(u, powers(&c.gb, &t[c.b]))
	}
	return u
}

// sums returns N z.
func (c *meet) sums(z []spatial.Twist) spatial.Vec {
	u := powers(&c.Wrenches, &z[c.a])
	if c.b != World {
		u = spatial.Add(u, powers(&c.nb, &z[c.b]))
	}
	return u
}

// back adds Jᵀz to what both bodies feel at knot 3.
func (c *meet) back(dst []spatial.Wrench, z spatial.Vec) {
	addWrench(&dst[c.a], &c.ga, z, 1)
	if c.b != World {
		addWrench(&dst[c.b], &c.gb, z, 1)
	}
}

// meetMatrix adds NᵀWG to the matrices. What two moving bodies feel of each other alone is told: see articulated.Island.
func (s *Stepper) meetMatrix(p *problem, c *meet, w *ipm.Matrix, normalOnly bool) {
	c.Rows(&c.ga, &c.gb, s.motionOf(c.a), s.motionOf(c.b), 1/s.h)
	for k := range c.gb {
		b := &c.gb[k]
		b.Torque = spatial.Sub(b.Torque, spatial.Cross(c.off, b.Force))
	}
	if c.b == World {
		addContact(&s.tree.A[c.a], &c.Wrenches, &c.ga, w, normalOnly)
		if c.Rolls() {
			arm := s.armOf(c)
			addTorque(&s.tree.A[c.a], c.Force(c.lambda), &arm)
		}
		return
	}
	link := p.linked[c.near]
	if link < 0 {
		return
	}
	ab, ba := p.graph.Blocks(link)
	addContact(ab, &c.Wrenches, &c.gb, w, normalOnly)
	addContact(ba, &c.nb, &c.ga, w, normalOnly)
	if c.Rolls() {
		arm, back := s.armOf(c), spatial.Scale(-1, c.Force(c.lambda))
		addTorque(ab, back, &arm)
		addTorque(ba, back, &arm)
	}
}

// meetAnswer returns what the value answers to the row's own multiplier, see Local.
func (s *Stepper) meetAnswer(p *problem, c *meet, normalOnly bool) (a ipm.Matrix) {
	add := func(o *spatial.Mat6, n, g *[3]spatial.Wrench) {
		var b ipm.Matrix
		o.Answers((*[9]float64)(&b), n, g)
		for k := range a {
			a[k] += b[k]
		}
	}
	add(&s.tree.Response[c.a], &c.Wrenches, &c.ga)
	if c.b != World {
		add(&s.tree.Response[c.b], &c.nb, &c.gb)
		if link := p.linked[c.near]; link >= 0 {
			ab, ba := p.graph.Answers(link)
			add(ab, &c.nb, &c.ga)
			add(ba, &c.Wrenches, &c.gb)
		}
	}
	if normalOnly {
		a = ipm.Matrix{0: a[0]}
	}
	return a
}

// massOfPair returns the mass that a contact of pair i moves, and the tree whose length measures it.
func (m *Model) massOfPair(i int) float64 {
	a, b := &m.Colliders[m.Pairs[i].A], &m.Colliders[m.Pairs[i].B]
	if b.Body == World {
		return a.Mass
	}
	return a.Mass * b.Mass / (a.Mass + b.Mass)
}

// treeOfPair returns the tree whose length measures the gaps of pair i: the smaller one.
func (m *Model) treeOfPair(i int) int {
	a, b := m.Colliders[m.Pairs[i].A].Body, m.Colliders[m.Pairs[i].B].Body
	t := m.Bodies[a].Tree
	if b != World {
		if u := m.Bodies[b].Tree; m.Trees[u].Length < m.Trees[t].Length {
			t = u
		}
	}
	return t
}

// startMeet prepares what the meeting feels of knot 2.
func (p *problem) startMeet(n int, lambda spatial.Vec) {
	s, c, l := p.s, p.meetOf(n), &p.s.lin.meets[p.rows[n].contact]
	c.StartRows(&l.Start, lambda, s.motionOf(c.a), s.motionOf(c.b), 1/s.h)
	if l.past = [2]spatial.Wrench{}; c.bounce.Share > 0 {
		var at2 [2]spatial.Wrench
		c.ReboundRows(&l.past, &at2, &c.bounce, s.pastOf(c.a), s.pastOf(c.b))
		l.Rows[0][0], l.Rows[1][0] = at2[0], at2[1]
	}
	p.slideMeet(l, c, lambda)
	b := &p.blocks[n]
	l.share = p.solver.Shift(n, ipm.Change{Kappa: p.kappa * b.Kappa / c.Weight, KappaT: p.kappa * b.KappaT / c.Weight})
	if p.normalOnly(n) {
		l.share.Y, l.share.Z = 0, 0
	}
	l.point = c.soft.byPoints(s, c.Points, lambda.X)
}

// slideMeet adds to what the meeting feels of knot 2 that a point of an edge, which another edge crosses, moves along its own.
func (p *problem) slideMeet(l *meetStart, c *meet, lambda spatial.Vec) {
	var u, v gap.Change
	switch ofA, ofB := c.Slides(); {
	case ofA:
		u.Center, u.Axis = c.Slide.Axis, c.Slide.Bend
	case ofB:
		v.Center, v.Axis = c.Slide.Axis, c.Slide.Bend
	default:
		return
	}
	s := p.s
	r := s.respond(c, &u, &v)
	l.slide, l.slideTurn = r.Value, c.Turned(&r, lambda)
	for side, sign := range [2]float64{1, -1} {
		for k, x := range [3]float64{r.Value.X, r.Value.Y, r.Value.Z} {
			addWrenchTo(&l.Rows[side][k], c.along.Scaled(sign*x))
		}
		along := c.along.Scaled(sign)
		l.Impulse[side].AddOuter(&l.slideTurn, &along)
	}
}

// respond returns how a meeting changes as its features do.
func (s *Stepper) respond(c *meet, u, v *gap.Change) gap.Response {
	r := c.Respond(u, v, s.motionOf(c.a), s.motionOf(c.b), 1/s.h)
	if c.bounce.Share > 0 {
		r.Value.X += c.ReboundBy(&c.bounce, u, v, s.pastOf(c.a), s.pastOf(c.b))
	}
	return r
}

// turnBy returns how the bodies turn against each other at knot 2.
func (c *meet) turnBy(t []spatial.Twist) spatial.Vec {
	w := t[c.a].Ang
	if c.b != World {
		w = spatial.Sub(w, t[c.b].Ang)
	}
	return w
}

// pushMeet adds what twists at knots 1 and 2 do to the meeting of row n at fixed knot 3, or, with twists t3 there, at
// these: its value and, by its share of κ, its multiplier change, and its impulse turns by dw.
func (p *problem) pushMeet(n int, t1, t2, t3 []spatial.Twist) {
	s, c, l := p.s, p.meetOf(n), &p.s.lin.meets[p.rows[n].contact]
	a := t2[c.a]
	du := powers(&l.Rows[0], &a)
	var dw, x spatial.Wrench
	l.Impulse[0].MulTwist(&dw, &a)
	if c.b != World {
		b := c.fromB(&t2[c.b])
		du = spatial.Add(du, powers(&l.Rows[1], &b))
		l.Impulse[1].MulTwist(&x, &b)
		dw.Force, dw.Torque = spatial.Add(dw.Force, x.Force), spatial.Add(dw.Torque, x.Torque)
	}
	if t3 != nil {
		du = spatial.Add(du, c.powers(t3))
		dw.Torque = spatial.Add(dw.Torque, s.armTorque(c, t3))
	}
	if c.bounce.Share > 0 {
		du.X += t1[c.a].Power(&l.past[0])
		if c.b != World {
			b := c.fromB(&t1[c.b])
			du.X += b.Power(&l.past[1])
		}
	}
	turn := c.turnBy(t2)
	du.X += l.point * spatial.Dot(c.PointsTurn, turn)
	p.addRow(n, du, spatial.Scale(spatial.Dot(c.Turn, turn), l.share))
	p.turnMeet(c, l, dw)
}

// turnMeet takes the change dw of the impulse on A, about its O, off the balances.
func (p *problem) turnMeet(c *meet, l *meetStart, dw spatial.Wrench) {
	bias := p.s.tree.Bias
	if l.df = spatial.Add(l.df, dw.Force); c.Mode == gap.Turn {
		l.df = spatial.Add(l.df, dw.Torque)
	}
	subWrench(&bias[c.a], dw)
	if c.b != World {
		addWrenchTo(&bias[c.b], c.toB(dw))
	}
}

func subWrench(w *spatial.Wrench, x spatial.Wrench) {
	w.Force, w.Torque = spatial.Sub(w.Force, x.Force), spatial.Sub(w.Torque, x.Torque)
}

func addWrenchTo(w *spatial.Wrench, x spatial.Wrench) {
	w.Force, w.Torque = spatial.Add(w.Force, x.Force), spatial.Add(w.Torque, x.Torque)
}

// pullMeet is the transpose of pushMeet: z are twists, the cotangents of the bodies' balances; what knots 1 and 2 of both bodies feel is
// added to pull1 and pull.
func (p *problem) pullMeet(n int, z []spatial.Twist, pull1, pull []spatial.Wrench) {
	c, l := p.meetOf(n), &p.s.lin.meets[p.rows[n].contact]
	rel, y := z[c.a], p.s.lin.zeta[p.first+n]
	if c.b != World {
		b := c.fromB(&z[c.b])
		rel.Lin, rel.Ang = spatial.Sub(rel.Lin, b.Lin), spatial.Sub(rel.Ang, b.Ang)
	}
	turn := spatial.Wrench{Torque: spatial.Scale(-spatial.Dot(l.share, p.s.lin.eta[p.first+n]), c.Turn)}
	turn.Torque = spatial.AddScaled(turn.Torque, l.point*y.X, c.PointsTurn)
	c.toPast(l, pull1, y.X)
	var w spatial.Wrench
	l.Impulse[0].TMulTwist(&w, &rel)
	addWrench(&pull[c.a], &l.Rows[0], y, 1)
	subWrench(&pull[c.a], w)
	addWrenchTo(&pull[c.a], turn)
	if c.b == World {
		return
	}
	l.Impulse[1].TMulTwist(&w, &rel)
	w = w.Scaled(-1)
	addWrench(&w, &l.Rows[1], y, 1)
	subWrench(&w, turn)
	addWrenchTo(&pull[c.b], c.toB(w))
}

// toPast adds k times what the gap feels of knot 1 to the wrenches of both bodies, where it bounces.
func (c *meet) toPast(l *meetStart, dst []spatial.Wrench, k float64) {
	if c.bounce.Share == 0 {
		return
	}
	addWrenchTo(&dst[c.a], l.past[0].Scaled(k))
	if c.b != World {
		addWrenchTo(&dst[c.b], c.toB(l.past[1].Scaled(k)))
	}
}

func (s *Stepper) meetByTime(c *meet, u, lambda spatial.Vec, t Lengths) (d direct) {
	v := c.Drifts(s.motionOf(c.a), s.motionOf(c.b)) // they do not depend on it
	d.du = spatial.Vec{Y: -(u.Y - v.Y) * t.Step / s.h, Z: -(u.Z - v.Z) * t.Step / s.h}
	if c.Mode == gap.Turn {
		d.du.X = -(u.X - v.X) * t.Step / s.h
		return d
	}
	if c.soft.k > 0 {
		d.du.X, d.law.Kappa = c.soft.byTime(s, c.Gap2, lambda.X, t)
	} else if c.Ease > 0 && c.Ease+c.Gap2 < 0 { // as of touches
		d.du.X = -t.Step * s.touchLeaving(c.tree)
	}
	d.du.X += s.reboundByTime(&c.bounce, t)
	return d
}

// meetOf returns the meeting of row n.
func (p *problem) meetOf(n int) *meet { return &p.s.meets[p.rows[n].contact] }

// liftMeet adds what the cotangent of the impulse of row n leaves on the twists of both bodies at knot 2 as normal and
// tangents turn, and, as the joints' sums say, on those at knot 3.
func (p *problem) liftMeet(n int) {
	s, c := p.s, p.meetOf(n)
	l, st := &s.lin.lift, &s.lin.meets[p.rows[n].contact]
	turn := s.cotangent(&p.rows[n])
	var w spatial.Wrench
	st.Impulse[0].TMulTwist(&w, &turn)
	addWrenchTo(&l.at2[c.a], w)
	if c.b != World {
		st.Impulse[1].TMulTwist(&w, &turn)
		addWrenchTo(&l.at2[c.b], c.toB(w))
	}
	s.swingBack(l.at3, c, l.sum)
}
