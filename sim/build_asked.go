package sim

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

// AddPair lets two colliders touch each other whatever else says that they do not: filters, excluded links, a common
// joint, one mechanism. They must be on different bodies, of which at least one moves.
func (b *Builder) AddPair(collider, other string) {
	b.asked = append(b.asked, [2]string{collider, other})
}

// askedPairs adds the pairs that are asked for by name.
func (c *compiler) askedPairs() {
	if len(c.asked) == 0 {
		return
	}
	d, index := c.m.dyn, map[string]int{}
	for i, name := range c.m.colliders {
		index[name] = i
	}
	for _, names := range c.asked {
		a, okA := index[names[0]]
		b, okB := index[names[1]]
		switch {
		case !okA || !okB:
			name := names[1]
			if !okA {
				name = names[0]
			}
			if slices.Contains(c.m.planes, name) {
				c.errorf("pair of colliders %q and %q: half-spaces touch every shape but those of ShapesOnly, without being asked", names[0], names[1])
			} else {
				c.errorf("pair of colliders %q and %q: there is no collider %q", names[0], names[1], name)
			}
		case d.Colliders[a].Body == d.Colliders[b].Body:
			c.errorf("pair of colliders %q and %q: they do not move against each other, both are fixed to %s", names[0], names[1], c.nameOf(d.Colliders[a].Body))
		case max(d.FindPair(a, b), d.FindPair(b, a)) < 0:
			if d.Colliders[a].Body == dynamics.World {
				a, b = b, a
			}
			d.Pairs = append(d.Pairs, dynamics.Pair{A: a, B: b})
		}
	}
}

func (c *compiler) nameOf(body int) string {
	if body == dynamics.World {
		return "the world"
	}
	return "link " + c.m.bodies[body]
}
