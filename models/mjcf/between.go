package mjcf

import "github.com/ukemi-sim/ukemi/sim"

// betweenBodies gives shapes that touch each other MuJoCo's friction, and says once what a missing contact between bodies means here. Those
// that are made are between colliders, each of a geom, of different mechanisms.
func (c *builder) betweenBodies(colliders map[int]sim.Collider) {
	m := c.m
	if m.off.contact || m.off.constraint {
		return
	}
	var solid []int
	for i := range m.Geoms {
		if g := &m.Geoms[i]; g.Type != PlaneGeom && (g.Contype != 0 || g.Conaffinity != 0) {
			solid = append(solid, i)
		}
	}
	for _, i := range solid {
		if g := &m.Geoms[i]; g.Condim > 3 && c.moving[g.Body] {
			c.notes.add(g.Place, "geom", g.Name, "condim above 3: torsional and rolling friction are not simulated"+changes)
		}
	}
	for k := range m.Pairs {
		p := &m.Pairs[k]
		if m.Geoms[p.Geoms[0]].Type != PlaneGeom && m.Geoms[p.Geoms[1]].Type != PlaneGeom {
			c.notes.add(p.Place, "pair", p.Name, "pairs without a plane are not made, geoms touch as their masks say"+changes)
			break
		}
	}
	said := false
	for k, i := range solid {
		for _, j := range solid[:k] {
			a, b := &m.Geoms[i], &m.Geoms[j]
			if a.Body == b.Body || !c.moving[a.Body] && !c.moving[b.Body] || !masks(a, b) || c.excluded(a.Body, b.Body) || c.looped(a.Body, b.Body) {
				continue
			}
			x, isX := colliders[i]
			y, isY := colliders[j]
			switch {
			case isX && isY && c.mechanism(a.Body) != c.mechanism(b.Body):
				c.grip(x, y, a, b)
			case !said:
				c.notes.add(a.Place, "geom", a.Name, "geoms of one robot pass through each other, and so do those that no plane touches and fixed ones that are no planes; "+
					"this and others would touch in MuJoCo"+changes)
				said = true
			}
		}
	}
}

// grip sets the friction of two geoms on each other where it is not what the builder takes by itself: with 0.9 and 0.1, MuJoCo's is 0.9 and
// that of the builder 0.18.
func (c *builder) grip(x, y sim.Collider, a, b *Geom) {
	mu := c.friction(c.mixed(a, b))
	if x.Friction != y.Friction || x.Friction != mu {
		c.b.SetPairFriction(x.Name, y.Name, mu)
	}
}

// mixed returns the sliding friction of two geoms and the dimension of their contact.
func (c *builder) mixed(a, b *Geom) (float64, int) {
	condim := max(a.Condim, b.Condim)
	if a.Priority != b.Priority {
		condim = prior(a, b).Condim
	}
	return mixedFriction(a, b)[0], condim
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
