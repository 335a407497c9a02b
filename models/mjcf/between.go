package mjcf

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
)

// meet reports whether two geoms, none of them a plane, touch each other here, and whether they would in MuJoCo and do
// not here: those of one robot do where that is asked for.
func (c *builder) meet(i, j int) (here, there bool) {
	a, b := &c.m.Geoms[i], &c.m.Geoms[j]
	if a.Body == b.Body || !c.moving[a.Body] && !c.moving[b.Body] || !masks(a, b) || c.excluded(a.Body, b.Body) || c.looped(a.Body, b.Body) {
		return false, false
	}
	if c.mechanism(a.Body) != c.mechanism(b.Body) {
		return true, false
	}
	x, y := c.carrier(a.Body), c.carrier(b.Body)
	if x == y || c.above(x) == y || c.above(y) == x {
		return false, false
	}
	return c.opt.SelfContact, !c.opt.SelfContact
}

// above returns the body that carries the parent of a body that carries others.
func (c *builder) above(body int) int {
	if body == 0 {
		return -1
	}
	return c.carrier(c.m.Bodies[body].Parent)
}

// bodyPairs returns the pairs of the file that are none with a plane, and can move against each other.
func (c *builder) bodyPairs() (l []*Pair) {
	if c.m.off.contact || c.m.off.constraint {
		return nil
	}
	for k := range c.m.Pairs {
		p := &c.m.Pairs[k]
		a, b := &c.m.Geoms[p.Geoms[0]], &c.m.Geoms[p.Geoms[1]]
		if a.Type != PlaneGeom && b.Type != PlaneGeom && c.carrier(a.Body) != c.carrier(b.Body) {
			l = append(l, p)
		}
	}
	return l
}

// solid returns the geoms that may touch others which are no planes.
func (c *builder) solid() (l []int) {
	if c.m.off.contact || c.m.off.constraint {
		return nil
	}
	for i := range c.m.Geoms {
		if g := &c.m.Geoms[i]; g.Type != PlaneGeom && (g.Contype != 0 || g.Conaffinity != 0) {
			l = append(l, i)
		}
	}
	return l
}

// meets returns the geoms that touch others which are no planes.
func (c *builder) meets() []bool {
	l := make([]bool, len(c.m.Geoms))
	solid := c.solid()
	for k, i := range solid {
		for _, j := range solid[:k] {
			if l[i] && l[j] {
				continue
			}
			if here, _ := c.meet(i, j); here {
				l[i], l[j] = true, true
			}
		}
	}
	for _, p := range c.bodyPairs() {
		l[p.Geoms[0]], l[p.Geoms[1]] = true, true
	}
	return l
}

// apartFromParents keeps the shapes of a body from those of its parent, also where several joints are between them:
// MuJoCo's rule, which does not hold for what is fixed to the world.
func (c *builder) apartFromParents() {
	of := map[int][]int{} // the bodies that each carries
	for i := range c.m.Bodies {
		of[c.carrier(i)] = append(of[c.carrier(i)], i)
	}
	for i := range c.m.Bodies {
		if b := &c.m.Bodies[i]; b.NumJoints > 1 && c.above(i) > 0 {
			for _, x := range of[i] {
				for _, y := range of[c.above(i)] {
					c.b.Exclude(c.link[x], c.link[y])
				}
			}
		}
	}
}

// betweenBodies gives shapes that touch each other MuJoCo's friction, makes the pairs of the file, and says once what a
// missing contact between bodies means here. Those that are made are between colliders, of a geom one or its pieces.
func (c *builder) betweenBodies(colliders map[int][]sim.Collider) {
	m, solid := c.m, c.solid()
	said := false
	say := func(a *Geom) {
		if !said {
			c.notes.add(a.Place, "geom", a.Name, "geoms of one robot pass through each other unless asked to touch (Options.SelfContact, --self-contact), and geoms without a shape that can touch pass through everything; "+
				"in MuJoCo this one and others would touch"+changes)
			said = true
		}
	}
	paired := map[[2]int]bool{}
	for _, p := range c.bodyPairs() {
		c.pair(p, colliders, say)
		paired[p.Geoms], paired[[2]int{p.Geoms[1], p.Geoms[0]}] = true, true
	}
	made := make([][]sim.Collider, len(m.Geoms)) // of thousands of geoms these are millions of pairs
	for i, s := range colliders {
		made[i] = s
	}
	for k, i := range solid {
		for _, j := range solid[:k] {
			if len(paired) > 0 && paired[[2]int{i, j}] {
				continue
			}
			here, there := c.meet(i, j)
			switch x, y := made[i], made[j]; {
			case here && x != nil && y != nil:
				for p := range x {
					for q := range y {
						c.grip(&x[p], &y[q], &m.Geoms[i], &m.Geoms[j])
					}
				}
			case here || there:
				say(&m.Geoms[i])
			}
		}
	}
}

// pair makes a pair of the file: its friction holds, and masks and exclusions do not.
func (c *builder) pair(p *Pair, colliders map[int][]sim.Collider, say func(*Geom)) {
	xs, ys := colliders[p.Geoms[0]], colliders[p.Geoms[1]]
	if xs == nil || ys == nil {
		say(&c.m.Geoms[p.Geoms[0]])
		return
	}
	friction := c.pairFriction(p)
	for i := range xs {
		for k := range ys {
			x, y := &xs[i], &ys[k]
			c.b.AddPair(x.Name, y.Name)
			c.b.SetPairFriction(x.Name, y.Name, friction[0])
			c.turn(x, y, friction)
		}
	}
}

// pairFriction returns the friction of a pair of the file, sliding, torsional and rolling.
func (c *builder) pairFriction(p *Pair) [3]float64 {
	if p.Friction[0] != p.Friction[1] || p.Condim == 6 && p.Friction[3] != p.Friction[4] {
		c.notef(p.Place, "pair", p.Name, "friction that depends on the direction is not simulated: the first coefficient holds%s", changes)
	}
	return c.friction([3]float64{p.Friction[0], p.Friction[2], p.Friction[3]}, p.Condim)
}

// turn sets friction against turning of two shapes where it is not what the builder takes by itself, the larger one.
// That is MuJoCo's rule unless priorities differ, a condim above 3 is of one shape alone, or a shape has its friction
// of a plane or a pair.
func (c *builder) turn(x, y *sim.Collider, want [3]float64) {
	if got := (contact.Surface{Torsion: max(x.Surface.Torsion, y.Surface.Torsion), Rolling: max(x.Surface.Rolling, y.Surface.Rolling)}); got != turning(want) {
		c.b.SetPairTurning(x.Name, y.Name, want[1], want[2])
	}
}

// grip sets the friction of two geoms on each other where it is not what the builder takes by itself: with 0.9 and 0.1, MuJoCo's is 0.9 and
// that of the builder 0.18.
func (c *builder) grip(x, y *sim.Collider, a, b *Geom) {
	friction := c.friction(mixedFriction(a, b))
	if mu := friction[0]; x.Friction != y.Friction || x.Friction != mu {
		c.b.SetPairFriction(x.Name, y.Name, mu)
	}
	c.turn(x, y, friction)
}

// mechanism returns the body next to the world from which a body hangs, as sim.Builder.SetSelfContact counts them.
func (c *builder) mechanism(body int) int { return c.top[body] }

func (c *builder) excluded(a, b int) bool {
	for _, e := range c.m.Excludes {
		if e.Bodies == [2]int{a, b} || e.Bodies == [2]int{b, a} {
			return true
		}
	}
	return false
}

// looped reports whether a loop joins two bodies, which then do not touch.
func (c *builder) looped(a, b int) bool {
	a, b = c.carrier(a), c.carrier(b)
	for i := range c.m.Equalities {
		e := &c.m.Equalities[i]
		if e.Type != Connect && e.Type != Weld || !c.active(e) {
			continue
		}
		if x, y := c.carrier(e.Bodies[0]), c.carrier(e.Bodies[1]); x == a && y == b || x == b && y == a {
			return true
		}
	}
	return false
}
