package dynamics

import "slices"

// Islands returns how many groups of trees the last solve found that nothing couples: each was solved by itself.
func (s *Stepper) Islands() int { return len(s.islands) }

// split makes islands of the trees that loops and the meetings which take part couple. An island has the memory of its first tree, so
// that its number, and the order in which its trees are solved, do not depend on what happened before.
func (s *Stepper) split() {
	if !s.m.joins() {
		return
	}
	for t := range s.lead {
		s.lead[t] = t
	}
	a, b := World, World
	for i := range s.meets {
		if c := &s.meets[i]; c.on && c.b != World && (c.a != a || c.b != b) { // contacts of two bodies come one after the other
			s.link(s.m.Bodies[c.a].Tree, s.m.Bodies[c.b].Tree)
			a, b = c.a, c.b
		}
	}
	for i := range s.m.Loops {
		if l := &s.m.Loops[i]; l.B != World {
			s.link(s.m.Bodies[l.A].Tree, s.m.Bodies[l.B].Tree)
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

// separate makes every tree an island: contacts take no part in what follows.
func (s *Stepper) separate() {
	if len(s.islands) == len(s.parts) && !s.m.joins() {
		return
	}
	s.islands = s.islands[:0]
	for t := range s.parts {
		p := &s.probs[t]
		p.s, p.trees = s, 0
		p.add(&s.parts[t])
		p.meets, p.near = p.meets[:0], p.near[:0]
		s.lead[t] = t
		s.islands = append(s.islands, p)
		p.compose()
	}
}

// compose finds what follows from the trees of the island.
func (p *problem) compose() {
	p.parts = p.parts[:p.trees]
	if !p.changed && p.composed == p.trees {
		return
	}
	p.changed, p.composed = false, p.trees
	p.mimics = p.mimics[:0]
	n := 0
	for _, tr := range p.parts {
		p.mimics = append(p.mimics, tr.mimics...)
		n += len(tr.limits) + cap(tr.near)
	}
	p.rows, p.blocks = slices.Grow(p.rows[:0], n), slices.Grow(p.blocks[:0], n)
	p.mimic.init(len(p.mimics))
}

// has reports whether tree t is one of the island's.
func (p *problem) has(t int) bool {
	for _, tr := range p.parts {
		if tr.t == t {
			return true
		}
	}
	return false
}
