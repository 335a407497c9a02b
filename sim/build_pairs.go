package sim

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

// linkPair is two links in a fixed order.
type linkPair struct{ a, b Link }

func pairOf(a, b Link) linkPair { return linkPair{min(a, b), max(a, b)} }

// SetSelfContact says whether shapes of one mechanism touch each other: links that a chain of joints connects, the shapes of a base that
// is bolted to the world included. By default they do not, since shapes of real robots overlap at their joints. Links that share a
// joint never do.
func (b *Builder) SetSelfContact(on bool) { b.self = on }

// Exclude keeps the shapes of two links from touching each other; sim.World is that of fixed shapes.
func (b *Builder) Exclude(l, k Link) { b.apart = append(b.apart, pairOf(l, k)) }

// Excluded returns the pairs of links excluded so far.
func (b *Builder) Excluded() [][2]Link {
	var l [][2]Link
	for _, p := range b.apart {
		l = append(l, [2]Link{p.a, p.b})
	}
	return l
}

// SetPairFriction sets the Coulomb coefficient between two colliders, or between a collider and a half-space, by name. By default it is
// 2 μ_a μ_b/(μ_a + μ_b): that of equal ones, and zero where one is; on half-spaces it is that of the shape. Called again for the same two, in either order, the last value holds.
func (b *Builder) SetPairFriction(collider, other string, mu float64) {
	b.grips = append(b.grips, grip{collider, other, mu})
}

// PairFrictions returns the coefficients set so far by the names of two colliders, in both orders.
func (b *Builder) PairFrictions() map[[2]string]float64 {
	l := map[[2]string]float64{}
	for _, g := range b.grips {
		l[[2]string{g.a, g.b}], l[[2]string{g.b, g.a}] = g.mu, g.mu
	}
	return l
}

type grip struct {
	a, b string
	mu   float64
}

// SetPairTurning sets the lengths (m) that, times the normal force, bound the torques of contacts between two
// colliders, or of a collider on a half-space, about the normal and about the tangents: see [contact.Surface]. By
// default they are the larger ones of the two shapes, on half-spaces those of the shape. Called again for the same two, in either order, the last values hold.
func (b *Builder) SetPairTurning(collider, other string, torsion, rolling float64) {
	b.turns = append(b.turns, turning{collider, other, [2]float64{torsion, rolling}})
}

// PairTurnings returns torsion and rolling (m) set so far by the names of two colliders, in both orders.
func (b *Builder) PairTurnings() map[[2]string][2]float64 {
	l := map[[2]string][2]float64{}
	for _, t := range b.turns {
		l[[2]string{t.a, t.b}], l[[2]string{t.b, t.a}] = t.lengths, t.lengths
	}
	return l
}

type turning struct {
	a, b    string
	lengths [2]float64
}

// mostPairs is how many pairs of colliders a model may have: tables of them take some 32 bytes a pair, two gigabytes.
const mostPairs = 60_000_000

// pairs lists the pairs of colliders that may touch each other.
func (c *compiler) pairs() {
	d, s := c.m.dyn, c.colliders
	apart := map[linkPair]bool{}
	for _, p := range c.apart {
		if p.a < World || int(p.b) >= len(c.links) {
			c.errorf("excluded links %d and %d: there are %d links", p.a, p.b, len(c.links))
		}
		apart[p] = true
	}
	own := make([]Link, len(s)) // mechanism of each
	for i := range s {
		own[i] = c.mechanism(s[i].Link)
	}
	parted := c.partedPairs()
	count := 0
	c.eachPair(own, apart, parted, func(dynamics.Pair) { count++ })
	if count > mostPairs {
		c.errorf("%d colliders make %d pairs that may touch each other, more than %d; give them filters, Exclude links, or join shapes of a link into their hull", len(s), count, mostPairs)
		return
	}
	d.Pairs = slices.Grow(d.Pairs, count)
	c.eachPair(own, apart, parted, func(p dynamics.Pair) { d.Pairs = append(d.Pairs, p) })
	c.askedPairs()
	if i, err := d.PlaceHulls(); err != nil {
		p := d.Pairs[slices.IndexFunc(d.Pairs, func(p dynamics.Pair) bool { return p.A == i || p.B == i })]
		c.errorf("colliders %q and %q may touch: %q: %w; or Exclude their links or give them filters", c.m.colliders[p.A], c.m.colliders[p.B], c.m.colliders[i], err)
	}
	c.setGrips()
}

// sinking warns of what is so soft that it falls through a sheet.
func (c *compiler) sinking() {
	for i, p := range c.m.dyn.Pairs {
		if sinks, middle, ok := c.m.dyn.SinksThrough(i); ok {
			c.m.warnings = append(c.m.warnings, fmt.Sprintf("collider %q: its contact with %q is so soft that it sinks in by %.3g m where one point carries it, more than the %.3g m to its middle: from there on it falls through, for a mesh with a rim has no inside; make it stiffer, or the mesh closed", c.m.colliders[p.A], c.m.colliders[p.B], sinks, middle))
		}
	}
}

// eachPair goes through the pairs of colliders that may touch each other. own is the mechanism of each.
func (c *compiler) eachPair(own []Link, apart map[linkPair]bool, parted map[[2]int]bool, take func(dynamics.Pair)) {
	d, s := c.m.dyn, c.colliders
	for i := range s {
		for j := i + 1; j < len(s); j++ {
			if own[i] == own[j] && !c.self || d.Colliders[i].Body == d.Colliders[j].Body {
				continue
			}
			p := dynamics.Pair{A: i, B: j}
			if d.Colliders[i].Body == dynamics.World {
				p.A, p.B = j, i
			}
			if len(apart) > 0 && apart[pairOf(s[i].Link, s[j].Link)] || !c.allowed(i, j) || !c.meet(p, own[i] == own[j]) {
				continue
			}
			if len(parted) > 0 && parted[[2]int{i, j}] {
				continue
			}
			take(p)
		}
	}
}

// allowed reports whether the filters of two colliders let them touch. Terrain without one touches all shapes, as half-spaces do.
func (c *compiler) allowed(i, j int) bool {
	a, b := &c.colliders[i], &c.colliders[j]
	for _, s := range [2]*Collider{a, b} {
		if s.Shape.Kind == contact.KindTerrain && s.Filter == nil {
			return true
		}
	}
	return a.filter().Touch(b.filter())
}

func (s *Collider) filter() contact.Filter {
	if s.Filter == nil {
		return contact.Everyone
	}
	return *s.Filter
}

// meet reports whether two colliders, of one mechanism or not, are ones that touch: those of different mechanisms, and
// those of one if asked for and not neighbors. A loop makes neighbors as a joint does.
func (c *compiler) meet(p dynamics.Pair, together bool) bool {
	d := c.m.dyn
	if c.looped(d.Colliders[p.A].Body, d.Colliders[p.B].Body) {
		return false
	}
	if !together {
		return true
	}
	a, b := d.Colliders[p.A].Body, d.Colliders[p.B].Body
	return c.self && d.Bodies[a].Parent != b && (b == dynamics.World || d.Bodies[b].Parent != a)
}

// looped reports whether a loop is between two bodies.
func (c *compiler) looped(a, b int) bool {
	for _, l := range c.loops {
		if l.LinkA < World || l.LinkB < World || int(max(l.LinkA, l.LinkB)) >= len(c.links) {
			continue // an error that closeLoops tells
		}
		i, _ := c.at(l.LinkA, Pose{})
		j, _ := c.at(l.LinkB, Pose{})
		if i == a && j == b || i == b && j == a {
			return true
		}
	}
	return false
}

// mechanism returns the first link of the mechanism of a link: the one next to the world from which it hangs, or that floats from
// what is bolted to the world.
func (c *compiler) mechanism(l Link) Link {
	for l != World {
		j := &c.joints[c.parent[l]]
		if j.Parent == World || j.Type.NV() == 6 && c.body[j.Parent] == dynamics.World {
			break
		}
		l = j.Parent
	}
	return l
}

// setGrips gives pairs the coefficients and lengths of their own.
func (c *compiler) setGrips() {
	index := map[string]int{}
	for i, name := range c.m.colliders {
		index[name] = i
	}
	d := c.m.dyn
	find := func(what, x, y string) *dynamics.Pair {
		a, okA := index[x]
		b, okB := index[y]
		if k := slices.Index(c.planeName, y); okA && !okB && k >= 0 {
			return c.footing(what, a, k)
		}
		if !okA || !okB {
			c.errorf("%s: there are no colliders %q and %q", what, x, y)
			return nil
		}
		i := max(d.FindPair(a, b), d.FindPair(b, a))
		if i < 0 {
			c.errorf("%s: colliders %q and %q do not touch each other: %s", what, x, y, c.keptApart(a, b))
			return nil
		}
		return &d.Pairs[i]
	}
	for _, g := range c.grips {
		p := find("pair friction", g.a, g.b)
		switch {
		case p == nil:
		case !nonNegative(g.mu):
			c.errorf("pair friction of %q and %q is %g, want a finite number ≥ 0", g.a, g.b, g.mu)
		default:
			if p.Own, p.Friction = true, min(g.mu, steepest); g.mu > steepest {
				c.m.warnings = append(c.m.warnings, fmt.Sprintf("pair friction of %q and %q: %g acts as %g", g.a, g.b, g.mu, float64(steepest)))
			}
		}
	}
	for _, t := range c.turns {
		p := find("pair torsion and rolling", t.a, t.b)
		switch {
		case p == nil:
		case !nonNegative(t.lengths[0]) || !nonNegative(t.lengths[1]):
			c.errorf("pair torsion of %q and %q is %g m and rolling %g m, want finite lengths ≥ 0", t.a, t.b, t.lengths[0], t.lengths[1])
		default:
			if err := (&contact.Surface{Torsion: t.lengths[0], Rolling: t.lengths[1]}).Check(); err != nil {
				c.errorf("pair of %q and %q: %w", t.a, t.b, err)
			}
			p.Turns, p.Torsion, p.Rolling = true, t.lengths[0], t.lengths[1]
		}
	}
}

// keptApart says by what two colliders that may not touch are kept from it.
func (c *compiler) keptApart(a, b int) string {
	d, x, y := c.m.dyn, c.colliders[a].Link, c.colliders[b].Link
	i, j := d.Colliders[a].Body, d.Colliders[b].Body
	switch {
	case i == j:
		return "they are on one body, or both on the world"
	case slices.ContainsFunc(c.parted, func(p [2]string) bool {
		return p == [2]string{c.m.colliders[a], c.m.colliders[b]} || p == [2]string{c.m.colliders[b], c.m.colliders[a]}
	}):
		return "they are excluded by name"
	case !c.allowed(a, b):
		return "their filters have no group in common; AddPair lets them"
	case slices.Contains(c.apart, pairOf(x, y)):
		return "their links are excluded; AddPair lets them"
	case c.looped(i, j):
		return "a loop joins their bodies; AddPair lets them"
	case !c.self:
		return "they are of one mechanism, without SetSelfContact; AddPair lets them"
	}
	return "a joint is between their bodies; AddPair lets them"
}

// footing returns what collider a and half-space k have of their own, made when first asked for.
func (c *compiler) footing(what string, a, k int) *dynamics.Pair {
	d := c.m.dyn
	if !slices.ContainsFunc(d.Contacts, func(x dynamics.Contact) bool { return x.Collider == a && x.Plane == k }) {
		c.errorf("%s: collider %q does not touch half-space %q", what, c.m.colliders[a], c.planeName[k])
		return nil
	}
	for i := range d.Footings {
		if f := &d.Footings[i]; f.A == a && f.B == k {
			return f
		}
	}
	d.Footings = append(d.Footings, dynamics.Pair{A: a, B: k})
	return &d.Footings[len(d.Footings)-1]
}

// validPairs checks the pairs of a model that was read.
func (m *Model) validPairs() error {
	d := m.dyn
	seen := map[dynamics.Pair]bool{}
	for _, p := range d.Pairs {
		n := len(d.Colliders)
		key := dynamics.Pair{A: min(p.A, p.B), B: max(p.A, p.B)}
		if p.A < 0 || p.A >= n || p.B < 0 || p.B >= n || seen[key] {
			return fmt.Errorf("pair of colliders %d and %d: there are %d, or it is listed twice", p.A, p.B, n)
		}
		a, b := &d.Colliders[p.A], &d.Colliders[p.B]
		if a.Body == dynamics.World || a.Body == b.Body || a.Shape.Kind == contact.KindTerrain || !nonNegative(p.Friction) || !nonNegative(p.Torsion) || !nonNegative(p.Rolling) {
			return fmt.Errorf("pair of colliders %q and %q: cannot touch, or friction %g, torsion %g m, rolling %g m", m.colliders[p.A], m.colliders[p.B], p.Friction, p.Torsion, p.Rolling)
		}
		seen[key] = true
	}
	for _, p := range d.Footings {
		if p.A < 0 || p.A >= len(d.Colliders) || p.B < 0 || p.B >= len(d.Planes) || !nonNegative(p.Friction) || !nonNegative(p.Torsion) || !nonNegative(p.Rolling) {
			return fmt.Errorf("collider %d on half-space %d: friction %g, torsion %g m, rolling %g m", p.A, p.B, p.Friction, p.Torsion, p.Rolling)
		}
	}
	if i, err := d.PlaceHulls(); err != nil {
		return fmt.Errorf("collider %q: %w", m.colliders[i], err)
	}
	return nil
}
