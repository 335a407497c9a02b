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

// ExcludePair keeps two colliders from touching each other, by name, as [Builder.Exclude] does all of two links. A pair that
// AddPair asks for as well is an error.
func (b *Builder) ExcludePair(collider, other string) {
	b.parted = append(b.parted, [2]string{collider, other})
}

// ExcludedPairs returns the pairs of colliders excluded so far.
func (b *Builder) ExcludedPairs() [][2]string { return slices.Clone(b.parted) }

// partedPairs finds those that are excluded by name, in both orders.
func (c *compiler) partedPairs() map[[2]int]bool {
	parted := map[[2]int]bool{}
	for _, names := range c.parted {
		a, b := slices.Index(c.m.colliders, names[0]), slices.Index(c.m.colliders, names[1])
		switch {
		case a < 0:
			c.errorf("excluded pair of colliders %q and %q: there is no collider %q", names[0], names[1], names[0])
		case b < 0:
			c.errorf("excluded pair of colliders %q and %q: there is no collider %q", names[0], names[1], names[1])
		case slices.Contains(c.asked, names) || slices.Contains(c.asked, [2]string{names[1], names[0]}):
			c.errorf("pair of colliders %q and %q: ExcludePair keeps them apart, and AddPair asks for them", names[0], names[1])
		}
		parted[[2]int{a, b}], parted[[2]int{b, a}] = true, true
	}
	return parted
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
