package dynamics

import (
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Pair is two colliders that may touch. A moves; B may belong to the world.
type Pair struct {
	A, B     int
	Own      bool    `json:",omitempty"` // whether it has a friction of its own
	Friction float64 `json:",omitempty"`
	Turns    bool    `json:",omitempty"` // whether it has lengths of its own that bound torques, see contact.Surface
	Torsion  float64 `json:",omitempty"`
	Rolling  float64 `json:",omitempty"`
}

// PlaceHulls makes the hulls of the colliders that are in pairs. It returns an error, and the collider, when one has a shape that no other
// can touch.
func (m *Model) PlaceHulls() (int, error) {
	for i := range m.Colliders {
		m.Colliders[i].hull = nil // that of terrain takes long to make, but is known to it
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

// collider makes x collider i with the bodies at these poses.
func (m *Model) collider(x *collide.Collider, i int, poses []spatial.Pose) {
	c := &m.Colliders[i]
	x.Index, x.Body, x.Shape, x.Hull, x.Pose, x.At, x.Seen, x.Soft = i, c.Body, &c.Shape, c.hull, c.Pose, spatial.IdentityPose, spatial.Vec{}, c.Surface.Stiffness > 0
	if c.Body != World {
		x.At = poses[c.Body]
	}
}

// What is known of a pair of colliders in the step at hand: not looked at closely, apart by more than empty says, or features found.
const (
	metUnseen = iota
	metNot
	met
)

// meetAll finds the pairs of features that are near enough to take part in the coming step at the given κ. A margin that is
// positive replaces the reach (m).
func (s *Stepper) meetAll(kappa, margin float64) {
	s.meets, s.found, s.vertex.known = s.meets[:0], s.found[:0], false
	if len(s.m.Pairs) == 0 {
		return
	}
	clear(s.met)
	clear(s.heads)
	part := max(nearReach, softReach*kappa)
	s.ballAll(margin, part)
	for _, k := range s.pairs {
		i := int(k)
		p := &s.m.Pairs[i]
		a, b := &s.around[p.A], &s.around[p.B]
		if a.isFar(b) { // most are
			continue
		}
		reach := margin
		if reach <= 0 {
			reach = s.m.Trees[s.m.treeOfPair(i)].Length * part
		}
		reach += s.fall() + 2*(spatial.Norm(spatial.Sub(a.past, b.past))+a.spin+b.spin)
		if !a.near(b, reach) {
			continue
		}
		s.met[i], s.empty[i] = metNot, reach // it may yet be met on the way to knot 3
		if s.besideBox(p, reach) {
			continue
		}
		found := s.find(i, s.world, reach)
		if len(found) > 0 {
			s.met[i] = met
			s.bind(i)
		}
		for k := range found {
			s.add(&found[k])
		}
	}
}

// find finds the features of pair i that are within reach of each other when the bodies are at these poses. They are
// there until the next step.
func (s *Stepper) find(i int, poses []spatial.Pose, reach float64) []collide.Contact {
	p := &s.m.Pairs[i]
	a, b := &s.sides[0], &s.sides[1]
	s.m.collider(a, p.A, poses)
	s.m.collider(b, p.B, poses)
	s.look(p, a, b)
	n := len(s.found)
	s.found = s.finder.Find(s.found, a, b, reach)
	return s.found[n:]
}

// add makes features of those just found, of the pair that was just bound, ones that take part, and returns how many meetings that are.
func (s *Stepper) add(f *collide.Contact) (n int) {
	x := &s.bond
	n = 1
	if x.turns {
		n = 2
	}
	for k := range n {
		if len(s.meets) == cap(s.meets) {
			s.meets = slices.Grow(s.meets, 1)
		}
		s.meets = s.meets[:len(s.meets)+1]
		c := &s.meets[len(s.meets)-1]
		c.Contact, c.pair, c.a, c.b, c.turns, c.next = f, x.pair, x.a, x.b, x.turns, s.heads[x.pair]
		c.on, c.late, c.bounce, c.soft, c.lambda = true, false, gap.Rebound{}, soft{}, spatial.Vec{}
		s.heads[x.pair] = int32(len(s.meets))
		c.tree, c.Mode, c.Lever, c.Guided = x.tree, gap.Mode(k), s.m.Trees[x.tree].Length, s.guided[x.pair]
		c.place(x, s.m.Law == Pyramid)
		if c.Mode == gap.Slide {
			s.relaxMeet(c, x)
		}
	}
	return n
}

// drop takes back what was added last.
func (s *Stepper) drop() {
	n := len(s.meets) - 1
	s.heads[s.meets[n].pair] = s.meets[n].next
	s.meets = s.meets[:n]
}

// verifyPairs adds the pairs of features that would penetrate at knot 3 to those that take part, and reports whether there were
// none. Their islands are to be solved again.
func (s *Stepper) verifyPairs() bool {
	if len(s.m.Pairs) == 0 {
		return true
	}
	ok := true
	s.blind = s.adrift
	s.moveAll()
	for _, k := range s.pairs {
		i := int(k)
		p := &s.m.Pairs[i]
		a, b := &s.around[p.A], &s.around[p.B]
		moved := a.moved(b)
		if !a.near(b, moved) || !a.meets(b) { // most are far
			continue
		}
		if s.met[i] == metUnseen || s.met[i] == metNot && moved > s.empty[i] { // else nothing was found there, nor is nearer
			found := s.find(i, s.world, moved)
			s.met[i], s.empty[i] = metNot, moved
			if len(found) > 0 {
				s.met[i] = met
				ok = s.closing(i, found, false) && ok
				continue
			}
		}
		if (s.met[i] == met || s.m.onSheet(i)) && moved > s.missed(i) && !s.begun(i) { // else other features than those of knot 2 are not deep
			s.endPair(i)
			ok = s.closing(i, s.find(i, s.ends, 0), true) && ok
		}
	}
	return ok
}

// named returns which of the first n meetings is one of that name, −1 if none is.
func (s *Stepper) named(n, pair int, id uint64) int {
	for k := s.heads[pair]; k > 0; k = s.meets[k-1].next {
		if int(k) <= n && s.meets[k-1].ID() == id {
			return int(k) - 1
		}
	}
	return -1
}

// again marks the island of body b as unsolved.
func (s *Stepper) again(b int) {
	if b != World {
		s.probs[s.leader(s.m.Bodies[b].Tree)].done = false
	}
}

// listMeets appends the meetings of the island to its rows.
func (p *problem) listMeets() {
	p.near = p.near[:0]
	for _, i := range p.meets {
		c := &p.s.meets[i]
		p.row(rowMeet).contact = i
		if c.near = -1; c.b != World {
			c.near = p.pairUp(c.a, c.b)
		}
	}
}

// pairUp returns which of the couplings of the island that of two bodies is. Contacts of two bodies come one after the other.
func (p *problem) pairUp(a, b int) int {
	n, x := len(p.near), articulated.Pair{A: a, B: b}
	if n > 0 && p.near[n-1] == x {
		return n - 1
	}
	p.near = append(p.near, x)
	return n
}

// listLoops appends the closures of the island to its rows.
func (p *problem) listLoops() {
	for _, tr := range p.parts {
		for _, i := range tr.loops {
			c := &p.s.closures[i]
			p.row(rowEqual).closure = i
			if c.near = -1; c.b != World {
				c.near = p.pairUp(c.a, c.b)
			}
		}
	}
}

// join says which bodies the rows couple.
func (p *problem) join() {
	p.links, p.told = p.links[:0], false
	if !p.touching() {
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
	p.linked = slices.Grow(p.linked[:0], len(p.near))[:len(p.near)]
	for n := range p.linked {
		p.linked[n] = -1
	}
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
		d.Oval = turnedOval(&d.Oval, c.Pose.Rot, rot)
		return d
	}
	var e spatial.Vec
	*axisOf(&e, par.Comp%3) = 1
	if par.Kind == ParamSurface {
		d.Run = s.surfaceRun(par.Index, par.Comp)
		return d
	}
	if par.Comp < 3 {
		d.Center = rot.MulVec(e)
		d.Run.At = d.Center
		return d
	}
	e = placeTurn(c.Pose.Rot, e)
	d.Center = rot.MulVec(spatial.Cross(e, spatial.Sub(f.Center, c.Pose.Pos)))
	d.Axis = rot.MulVec(spatial.Cross(e, f.Axis))
	r := s.runOf(par.Index, &gap.Frame{Rot: rot})
	d.Run = turnedRun(&r, rot.MulVec(e))
	d.Oval = f.Oval.Turn(e).Turned(rot)
	return d
}

// placeTurnOf returns how parameter par turns its collider, per unit, in world axes at knot 2.
func (s *Stepper) placeTurnOf(par Param) (w spatial.Vec) {
	if par.Kind != ParamPlace || par.Comp < 3 {
		return w
	}
	c := &s.m.Colliders[par.Index]
	*axisOf(&w, par.Comp%3) = 1
	if w = placeTurn(c.Pose.Rot, w); c.Body != World {
		w = s.knots[c.Body].rot.MulVec(w)
	}
	return w
}

// slideByParam returns how far the point of an edge moves along it as parameter par moves the edges of its collider, A's or B's, per unit.
func (s *Stepper) slideByParam(par Param, c *meet, ofA bool) float64 {
	k := &s.m.Colliders[par.Index]
	at, rot := spatial.IdentityPose, &upright
	if k.Body != World {
		at, rot = s.world[k.Body], &s.knots[k.Body].rot
	}
	var v spatial.Vec
	turn := s.placeTurnOf(par)
	switch {
	case par.Kind == ParamShape && k.Shape.Kind == contact.KindTerrain: // byVertex says all
		return 0
	case par.Kind == ParamShape:
		part := c.Crossing(ofA)
		d := part.Shift(&k.Shape, k.hull, par.Comp)
		v = rot.MulVec(spatial.QuatRotate(k.Pose.Rot, d.Center))
	case par.Comp < 3:
		*axisOf(&v, par.Comp) = 1
		v = rot.MulVec(v)
	default:
		v = spatial.Cross(turn, spatial.Sub(c.Slide.At, at.Apply(k.Pose.Pos)))
	}
	ds := spatial.Dot(c.Slide.Lin, v) + spatial.Dot(c.Slide.Ang, turn)
	if !ofA {
		return -ds
	}
	return ds
}

// meetByParam adds the effect of a property of a collider to the meeting of row n.
func (p *problem) meetByParam(par Param, n int) {
	s, c := p.s, p.meetOf(n)
	if par.Kind == ParamPair {
		p.pairLawBy(par, n)
		return
	}
	pair := &s.m.Pairs[c.pair]
	onA, onB := par.Index == pair.A, par.Index == pair.B
	if par.Kind == ParamNormal || par.Kind == ParamOffset || par.Kind == ParamBelt || !onA && !onB {
		return
	}
	if p.meetLawBy(par, n, onA) {
		return
	}
	var u, v gap.Change
	if onA {
		u = s.featureChange(par, &c.A.Feature, c.PartA)
	} else {
		v = s.featureChange(par, &c.B.Feature, c.PartB)
	}
	r := s.respond(c, &u, &v)
	l, turn := &s.lin.meets[p.rows[n].contact], s.placeTurnOf(par)
	if !onA {
		turn = spatial.Scale(-1, turn)
	}
	du, dw := r.Value, c.Turned(&r, p.solver.Lambda[n])
	share, points, slide := s.byVertex(par, c, onA)
	if ofA, ofB := c.Slides(); (ofA || ofB) && par.Kind != ParamSurface {
		ds := s.slideByParam(par, c, onA) + slide
		du = spatial.AddScaled(du, ds, l.slide)
		addWrenchTo(&dw, l.slideTurn.Scaled(ds))
	}
	du.X += l.point * (spatial.Dot(c.PointsTurn, turn) + points)
	p.addRow(n, du, spatial.Scale(spatial.Dot(c.Turn, turn)+share, l.share))
	p.turnMeet(c, l, dw)
}
