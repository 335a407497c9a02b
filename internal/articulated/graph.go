package articulated

import (
	"slices"
	"sort"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Pair names two bodies of an island that feel each other's motion.
type Pair struct{ A, B int }

// Island is some trees of a system, the blocks K that couple their bodies, and their factors. The bodies' own matrices,
// right sides and solutions stay in the system; an island only touches those of its trees, so islands without a common tree
// may be worked on at the same time. Couple comes first; then for every matrix System's screws, A, D and so on are filled in,
// Clear, Blocks are added to, and Factor; then Solve, or Climb and Down, or Respond. System's own methods of these names know no couplings.
//
// Rows that act on bodies by the wrenches N and feel them by the gradients G, with the matrix W, add N_aᵀ W G_b to the block K_ab of
// every two different bodies, and to A_b only what their wrenches on all bodies do not make up for: (Σ_a N_a)ᵀ W G_b, all
// about the reference point of b. Rows that only push bodies against each other add nothing to A: see Factor.
type Island struct {
	s     *System
	trees []Span
	first []int32  // number of the first body of every tree among those of the island
	keys  []uint64 // pairs, in order and each once: what the symbolic pass was made for
	fresh []uint64
	place []int32 // block K_AB of the pairs as they were given

	steps []step  // in the order of elimination
	at    []int32 // step of a body, by its number in the island
	links []link
	cross []cross // of every two links of every step, c before d

	k    []spatial.Mat6   // blocks, K_ab next to K_ba: their indices differ in the last bit
	u, y []spatial.Wrench // U and D⁻¹V
	v    []spatial.Wrench // V of the step at hand

	o    []spatial.Mat6   // what two linked bodies answer to each other, see Respond: per link o_ic, o_ci
	x, z []spatial.Wrench // of the step at hand

	graph
}

// step is the elimination of the joint of a body. Its links are the bodies that feel it: the parent and the neighbors C.
type step struct {
	body        int32
	first, last int32 // links, the parent first
	near        int32 // the first that is not the parent
	next        int32 // body of the links that is eliminated first, or World
	cross       int32
	uy          int32 // U and D⁻¹V of the first link; those of each follow, as many as the joint has degrees of freedom
	way         way
}

// way is how a joint is eliminated.
type way uint8

const (
	general way = iota
	alone       // as System does: the body is coupled to nothing by then
	hinged      // of one degree of freedom, and not on the world
)

// wayOf finds it once all links are known.
func (g *Island) wayOf(e *step) way {
	switch {
	case e.near == e.last && (e.near == e.first || g.links[e.first].block < 0):
		return alone
	case g.s.Bodies[e.body].N == 1 && e.near > e.first:
		return hinged
	}
	return general
}

// link is a body that feels the elimination of another one, i.
type link struct {
	body  int32
	block int32 // K_i,body, −1: none, which only happens to the parent
	add   int32 // block K_parent,body that K_i,body is added to; −1: it becomes that block where it is, or body is the parent
}

// cross is what two links c and d of a step have to do with each other. Those of d and c are next to them: the last bit differs.
type cross struct {
	block  int32 // K_cd
	answer int32 // o_cd
}

// NewIsland returns an island without trees.
func (s *System) NewIsland() *Island { return &Island{s: s} }

// Couple says which trees make up the island, in the order of their bodies, and which of their bodies are coupled: any two
// different ones, named as often and in any order as the caller likes. The order of elimination is found anew only if the
// trees or the set of pairs differ from those of the last call. It depends on nothing else, so neither do the bits.
func (g *Island) Couple(trees []Span, pairs []Pair) {
	g.fresh = g.fresh[:0]
	for _, p := range pairs {
		g.fresh = append(g.fresh, p.key())
	}
	slices.Sort(g.fresh)
	g.fresh = slices.Compact(g.fresh)
	if !slices.Equal(g.keys, g.fresh) || !slices.Equal(g.trees, trees) {
		g.keys, g.fresh = g.fresh, g.keys
		g.trees = append(g.trees[:0], trees...)
		g.order()
	}
	g.place = grown(g.place, len(pairs))
	for n, p := range pairs {
		k, _ := slices.BinarySearch(g.keys, p.key())
		g.place[n] = int32(2 * k)
		if p.A > p.B {
			g.place[n]++
		}
	}
}

// Fill returns how many pairs of bodies an elimination couples, each pair as often as it does: the cost of Factor is in proportion to it
// where there are many.
func (g *Island) Fill() int { return len(g.cross) }

// key returns the pair as one number, the lesser body first.
func (p Pair) key() uint64 { return uint64(min(p.A, p.B))<<32 | uint64(max(p.A, p.B)) }

// Blocks returns what the bodies of pair n, of those given to Couple, feel of each other: K_AB, the wrench on A per twist
// of B, and K_BA. Pairs of the same two bodies share them, so add. They are good until the next call of Couple.
func (g *Island) Blocks(n int) (ab, ba *spatial.Mat6) {
	k := g.place[n]
	return &g.k[k], &g.k[k^1]
}

// Clear zeroes all blocks. Factor leaves something else in them, as in System.A.
func (g *Island) Clear() { clear(g.k) }

// number returns the number of a body among those of the island.
func (g *Island) number(body int) int32 {
	t := sort.Search(len(g.trees), func(t int) bool { return g.trees[t].Last > body })
	return g.first[t] + int32(body-g.trees[t].First)
}

// graph is what the symbolic pass works on: the bodies that are left, by their number in the island, and which of them are
// coupled.
type graph struct {
	body   []int32
	parent []int32
	kids   []int32 // how many children are left
	head   []int32 // first edge of a body, −1: none
	degree []int32 // how many edges lead elsewhere than to the parent, which fills nothing
	edges  []edge  // the two directions of one are next to each other
	mark   []int32 // bodies that scan found, by the number of the scan
	found  []int32 // and the edge to them
	scans  int32
	blocks int32
	wide   int32
	least  tournament
}

type edge struct {
	to, next, block int32
	link            int32 // of the body it comes from, −1: that of the other direction
}

// order eliminates all bodies symbolically, always one of least degree among those whose children are gone. Bodies and not
// whole trees take turns: two chains that touch all along fill nothing that way, and everything tree by tree. Among equals
// the last goes first, which without any coupling is the order of Factor.
func (g *Island) order() {
	g.begin()
	n := len(g.body)
	g.at = grown(g.at, n)
	for k := range n {
		i := int32(n-1) - int32(uint32(g.least[1]))
		g.least.set(int(i), never)
		g.at[i] = int32(k)
		g.dissolve(i)
	}
	most := 0
	for k := range g.steps {
		e := &g.steps[k]
		e.way = g.wayOf(e)
		first := int32(n)
		for j := e.first; j < e.last; j++ {
			l := &g.links[j]
			if at := g.at[l.body]; at < first {
				first, e.next = at, g.body[l.body]
			}
			l.body = g.body[l.body]
		}
		most = max(most, int(e.last-e.first)*g.s.Bodies[e.body].N)
	}
	for k := range g.cross {
		c := &g.cross[k]
		c.answer = g.answer(c.answer)
	}
	g.k = grown(g.k, int(g.blocks))
	g.u, g.y, g.v = grown(g.u, int(g.wide)), grown(g.y, int(g.wide)), grown(g.v, most)
}

// answer returns where o_ab is of an edge from a to b, after the elimination.
func (g *graph) answer(x int32) int32 {
	if l := g.edges[x].link; l >= 0 {
		return 2 * l
	}
	return 2*g.edges[x^1].link + 1
}

// begin lists the bodies and the couplings that are given.
func (g *Island) begin() {
	n := 0
	g.first = g.first[:0]
	for _, t := range g.trees {
		g.first = append(g.first, int32(n))
		n += t.Last - t.First
	}
	g.body, g.parent, g.kids = grown(g.body, n), grown(g.parent, n), grown(g.kids, n)
	g.head, g.degree = grown(g.head, n), grown(g.degree, n)
	g.mark, g.found = grown(g.mark, n), grown(g.found, n)
	clear(g.kids)
	clear(g.degree)
	clear(g.mark)
	for i := range g.head {
		g.head[i] = -1
	}
	g.steps, g.links, g.cross, g.edges = g.steps[:0], g.links[:0], g.cross[:0], g.edges[:0]
	g.scans, g.blocks, g.wide = 0, 0, 0
	for t, sp := range g.trees {
		for b := sp.First; b < sp.Last; b++ {
			i := g.first[t] + int32(b-sp.First)
			g.body[i], g.parent[i] = int32(b), -1
			if p := g.s.Bodies[b].Parent; p != World {
				g.parent[i] = g.first[t] + int32(p-sp.First)
				g.kids[g.parent[i]]++
			}
		}
	}
	for _, k := range g.keys {
		g.connect(g.number(int(k>>32)), g.number(int(uint32(k))), g.block())
	}
	g.least.reset(n)
	for i := range int32(n) {
		g.rank(i)
	}
}

// block returns a new pair of blocks.
func (g *graph) block() int32 {
	g.blocks += 2
	return g.blocks - 2
}

// connect adds an edge from a to b with the block K_ab, and returns it.
func (g *graph) connect(a, b, block int32) int32 {
	e := int32(len(g.edges))
	g.edges = append(g.edges, edge{b, g.head[a], block, -1}, edge{a, g.head[b], block ^ 1, -1})
	g.head[a], g.head[b] = e, e+1
	if g.parent[a] != b {
		g.degree[a]++
	}
	if g.parent[b] != a {
		g.degree[b]++
	}
	return e
}

// scan marks the neighbors of c and takes i out of them.
func (g *graph) scan(c, i int32) {
	g.scans++
	for x := &g.head[c]; *x >= 0; {
		e := &g.edges[*x]
		if e.to == i {
			*x = e.next
			g.degree[c]--
			continue
		}
		g.mark[e.to], g.found[e.to] = g.scans, *x
		x = &e.next
	}
}

// rank enters a body into the tournament, if its children are gone.
func (g *graph) rank(i int32) {
	if g.kids[i] == 0 {
		g.least.set(int(i), uint64(g.degree[i])<<32|uint64(int32(len(g.body)-1)-i))
	}
}

// dissolve eliminates body i: its neighbors become those of the parent, and each other's.
func (g *Island) dissolve(i int32) {
	p := g.parent[i]
	e := step{body: g.body[i], first: int32(len(g.links)), next: World, cross: int32(len(g.cross)), uy: g.wide}
	e.near = e.first
	if p >= 0 {
		g.links = append(g.links, link{p, -1, -1})
		e.near++
	}
	for x := g.head[i]; x >= 0; x = g.edges[x].next {
		d := &g.edges[x]
		if d.to == p {
			d.link = e.first
			g.links[e.first].block = d.block
		} else {
			d.link = int32(len(g.links))
			g.links = append(g.links, link{d.to, d.block, -1})
		}
	}
	e.last = int32(len(g.links))
	ls := g.links[e.first:]
	for a := range ls {
		c := ls[a].body
		g.scan(c, i)
		for b := a + 1; b < len(ls); b++ {
			d := &ls[b]
			x := g.found[d.body]
			switch {
			case g.mark[d.body] != g.scans && c == p:
				x = g.connect(c, d.body, d.block)
			case g.mark[d.body] != g.scans:
				x = g.connect(c, d.body, g.block())
			case c == p:
				d.add = g.edges[x].block
			}
			g.cross = append(g.cross, cross{block: g.edges[x].block, answer: x})
		}
	}
	if p >= 0 {
		g.kids[p]--
	}
	for a := range ls {
		g.rank(ls[a].body)
	}
	g.wide += int32(len(ls) * g.s.Bodies[e.body].N)
	g.steps = append(g.steps, e)
}
