package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Pair is two colliders that may touch. A moves; B may belong to the world.
type Pair struct {
	A, B     int
	Own      bool    `json:",omitempty"` // whether it has a friction of its own
	Friction float64 `json:",omitempty"`
}

// PlaceHulls makes the hulls of the colliders that are in pairs. It returns an error, and the collider, when one has a shape that no other
// can touch.
func (m *Model) PlaceHulls() (int, error) {
	for i := range m.Colliders {
		m.Colliders[i].hull = nil
	}
	for _, p := range m.Pairs {
		for _, i := range [2]int{p.A, p.B} {
			c := &m.Colliders[i]
			if c.hull != nil {
				continue
			}
			h, err := collide.HullOf(&c.Shape)
			if err != nil {
				return i, err
			}
			c.hull = h
		}
	}
	return -1, nil
}

// collider returns collider i with the bodies at these poses.
func (m *Model) collider(i int, poses []spatial.Pose) collide.Collider {
	c := &m.Colliders[i]
	at := spatial.IdentityPose
	if c.Body != World {
		at = poses[c.Body]
	}
	return collide.Collider{Index: i, Body: c.Body, Shape: &c.Shape, Hull: c.hull, Pose: c.Pose, At: at}
}

// sweep returns how far a point of collider i may have moved over the time h at the velocity before.
func (s *Stepper) sweep(i int) float64 {
	c := &s.m.Colliders[i]
	if c.Body == World {
		return 0
	}
	mo := &s.past[c.Body]
	arm := spatial.QuatRotate(s.world[c.Body].Rot, c.Pose.Pos)
	moved := spatial.Norm(spatial.Add(mo.Dx, mo.Displace(arm))) + 2*spatial.Norm(mo.W)*c.Shape.Extent()
	return moved * s.h / s.hPast
}

// meetAll finds the pairs of features that are near enough to take part in the coming step at the given κ. A margin that is
// positive replaces the reach (m).
func (s *Stepper) meetAll(kappa, margin float64) {
	s.meets = s.meets[:0]
	clear(s.met)
	for i := range s.m.Pairs {
		p := &s.m.Pairs[i]
		reach := margin
		if reach <= 0 {
			reach = s.m.Trees[s.m.treeOfPair(i)].Length * max(nearReach, softReach*kappa)
		}
		reach += s.m.GravityRef*s.h*s.h + 2*(s.sweep(p.A)+s.sweep(p.B))
		if s.near(p, s.center2(p.A), s.center2(p.B), reach) {
			s.find(i, reach)
		}
	}
}

// find places the features of pair i that are within reach; all those take part.
func (s *Stepper) find(i int, reach float64) {
	p := &s.m.Pairs[i]
	a, b := s.m.collider(p.A, s.world), s.m.collider(p.B, s.world)
	s.found = s.finder.Find(s.found[:0], &a, &b, reach)
	s.met[i] = len(s.found) > 0 // else it may yet be met on the way to knot 3
	leave := s.h * s.leaveSpeed(i)
	for k := range s.found {
		f := &s.found[k]
		s.meets = append(s.meets, meet{Contact: *f, pair: i, a: a.Body, b: b.Body})
		c := &s.meets[len(s.meets)-1]
		c.place(s)
		c.Relax(leave)
		c.on = c.Gap2 <= reach
	}
}

// verifyPairs adds the pairs of features that would penetrate at knot 3 to those that take part, and reports whether there were
// none. Their islands are to be solved again.
func (s *Stepper) verifyPairs() bool {
	ok, n := true, len(s.meets)
	for i := range s.m.Pairs {
		if !s.met[i] && s.overlaps(i) {
			s.find(i, s.moved(s.m.Pairs[i].A)+s.moved(s.m.Pairs[i].B))
		}
	}
	for i := range s.meets {
		c := &s.meets[i]
		if c.on && i < n {
			continue
		}
		if gap := s.meetValue(c).X; gap-c.Ease <= 0 {
			c.on, ok = true, false
			s.again(c.a)
			s.again(c.b)
		} else {
			c.on = false
		}
	}
	return ok
}

// overlaps reports whether the balls around the colliders of pair i meet on the way to knot 3, taken as straight.
func (s *Stepper) overlaps(i int) bool {
	p := &s.m.Pairs[i]
	d := spatial.Sub(s.center2(p.A), s.center2(p.B))
	way := spatial.Sub(spatial.Sub(s.center3(p.A), s.center3(p.B)), d)
	if l := spatial.Dot(way, way); l > 0 {
		d = spatial.AddScaled(d, min(max(-spatial.Dot(d, way)/l, 0), 1), way)
	}
	return s.near(p, d, spatial.Vec{}, 0)
}

// near reports whether the balls around the colliders of a pair, with these centers, are within reach of each other.
func (s *Stepper) near(p *Pair, a, b spatial.Vec, reach float64) bool {
	return spatial.Norm(spatial.Sub(a, b)) <= s.m.Colliders[p.A].Shape.Extent()+s.m.Colliders[p.B].Shape.Extent()+reach
}

// center2 returns where the frame of collider i is at knot 2, center3 where it is at knot 3.
func (s *Stepper) center2(i int) spatial.Vec {
	c := &s.m.Colliders[i]
	if c.Body == World {
		return c.Pose.Pos
	}
	return s.world[c.Body].Apply(c.Pose.Pos)
}

func (s *Stepper) center3(i int) spatial.Vec {
	c := &s.m.Colliders[i]
	if c.Body == World {
		return c.Pose.Pos
	}
	w, mo := &s.world[c.Body], &s.mo[c.Body]
	arm := spatial.QuatRotate(w.Rot, c.Pose.Pos)
	return spatial.Add(spatial.Add(w.Pos, arm), spatial.Add(mo.Dx, mo.Displace(arm)))
}

// moved returns how far a point of collider i moves to knot 3, at most.
func (s *Stepper) moved(i int) float64 {
	c := &s.m.Colliders[i]
	if c.Body == World {
		return 0
	}
	return spatial.Norm(spatial.Sub(s.center3(i), s.center2(i))) + 2*spatial.Norm(s.mo[c.Body].W)*c.Shape.Extent()
}

// again marks the island of body b as unsolved.
func (s *Stepper) again(b int) {
	if b != World {
		s.probs[s.leader(s.m.Bodies[b].Tree)].done = false
	}
}

// listMeets appends the meetings of the island to its rows and says which bodies they couple.
func (p *problem) listMeets() {
	p.near = p.near[:0]
	for _, i := range p.meets {
		c := &p.s.meets[i]
		p.rows = append(p.rows, row{kind: rowMeet, dof: -1, contact: i})
		if c.near = -1; c.b != World {
			c.near = len(p.near)
			p.near = append(p.near, articulated.Pair{A: c.a, B: c.b})
		}
	}
	if !p.coupled() {
		return
	}
	p.spans = p.spans[:0]
	for _, tr := range p.parts {
		p.spans = append(p.spans, tr.span())
		for i := tr.First; i < tr.Last; i++ {
			p.s.tree.Origin[i] = p.s.o[tr.t]
		}
	}
	if p.graph == nil {
		p.graph = p.s.tree.NewIsland()
	}
	p.graph.Couple(p.spans, p.near)
}

// split makes islands of the trees that the meetings which take part couple. An island has the memory of its first tree, so
// that its number, and the order in which its trees are solved, do not depend on what happened before.
func (s *Stepper) split() {
	if len(s.m.Pairs) == 0 {
		return
	}
	for t := range s.lead {
		s.lead[t] = t
	}
	for i := range s.meets {
		if c := &s.meets[i]; c.on && c.b != World {
			s.link(s.m.Bodies[c.a].Tree, s.m.Bodies[c.b].Tree)
		}
	}
	s.islands = s.islands[:0]
	for t := range s.probs {
		s.probs[t].trees, s.probs[t].meets = 0, s.probs[t].meets[:0]
	}
	for t := range s.parts {
		p := &s.probs[s.leader(t)]
		if p.trees == 0 {
			s.islands = append(s.islands, p)
		}
		p.add(&s.parts[t])
	}
	for _, p := range s.islands {
		p.compose()
	}
	for i := range s.meets {
		if c := &s.meets[i]; c.on {
			p := &s.probs[s.leader(s.m.Bodies[c.a].Tree)]
			p.meets = append(p.meets, i)
		}
	}
}

// add makes tree t the next of the island.
func (p *problem) add(t *part) {
	if p.trees >= len(p.parts) || p.parts[p.trees] != t {
		p.parts = append(p.parts[:p.trees], t)
		p.changed = true
	}
	p.trees++
}

// leader returns the first tree of the island of t, and shortens the way there.
func (s *Stepper) leader(t int) int {
	for s.lead[t] != t {
		s.lead[t] = s.lead[s.lead[t]]
		t = s.lead[t]
	}
	return t
}

func (s *Stepper) link(t, u int) {
	t, u = s.leader(t), s.leader(u)
	s.lead[max(t, u)] = min(t, u)
}

// featureChange returns how parameter par changes f, a part of its collider, per unit, in world axes at knot 2.
func (s *Stepper) featureChange(par Param, f *gap.Feature, part collide.Part) (d gap.Change) {
	c := &s.m.Colliders[par.Index]
	rot := &upright
	if c.Body != World {
		rot = &s.knots[c.Body].rot
	}
	if par.Kind == ParamShape {
		d = part.Shift(&c.Shape, c.hull, par.Comp)
		d.Center = rot.MulVec(spatial.QuatRotate(c.Pose.Rot, d.Center))
		d.Axis = rot.MulVec(spatial.QuatRotate(c.Pose.Rot, d.Axis))
		return d
	}
	var e spatial.Vec
	*axisOf(&e, par.Comp%3) = 1
	if par.Comp < 3 {
		d.Center = rot.MulVec(e)
		return d
	}
	e = placeTurn(c.Pose.Rot, e)
	d.Center = rot.MulVec(spatial.Cross(e, spatial.Sub(f.Center, c.Pose.Pos)))
	d.Axis = rot.MulVec(spatial.Cross(e, f.Axis))
	return d
}

// meetByParam adds the effect of a property of a collider to the meeting of row n.
func (p *problem) meetByParam(par Param, n int) {
	s, c := p.s, p.meetOf(n)
	pair := &s.m.Pairs[c.pair]
	onA, onB := par.Index == pair.A, par.Index == pair.B
	if par.Kind == ParamNormal || par.Kind == ParamOffset || !onA && !onB {
		return
	}
	if par.Kind == ParamFriction {
		mu := s.m.pairFrictionBy(c.pair, onA)
		if s.m.Law == Pyramid {
			mu *= inscribed
		}
		p.addRow(n, spatial.Vec{}, p.solver.Shift(n, ipm.Change{Mu: mu}))
		return
	}
	var u, v gap.Change
	if onA {
		u = s.featureChange(par, &c.A.Feature, c.PartA)
	} else {
		v = s.featureChange(par, &c.B.Feature, c.PartB)
	}
	r := c.Respond(&u, &v, s.motionOf(c.a), s.motionOf(c.b), 1/s.h)
	p.addRow(n, r.Value, spatial.Vec{})
	p.turnMeet(c, &s.lin.meets[p.rows[n].contact], c.Turned(&r, p.solver.Lambda[n]))
}
