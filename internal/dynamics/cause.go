package dynamics

import "math"

// Where a step that fails or is divided went wrong: what the solver's own numbers do not say.

// HalfTurn returns the first body that at the loaded velocity turns by half a turn or more, relative to the world, over
// the interval before the loaded state (Load reports false then) or over the one after it (no solve can start);
// −1 when there is none. It spoils the step at hand.
func (s *Stepper) HalfTurn() int {
	for t := range s.m.Trees {
		part := s.m.Trees[t]
		for part.Last = part.First + 1; part.Last <= s.m.Trees[t].Last; part.Last++ {
			if !s.interval(s.past, &part, s.v, -s.hPast) || !s.interval(s.mo, &part, s.v, s.h) {
				return part.Last - 1
			}
		}
	}
	return -1
}

// Whip returns the body whose joint changes its angle over the step most from that over as long a time before, and by
// how much (rad): where a step goes wild.
func (s *Stepper) Whip() (body int, turn float64) {
	body = -1
	for i := range s.m.Bodies {
		b := &s.m.Bodies[i]
		for k := b.V + b.NT; k < b.V+b.NV(); k++ {
			if d := math.Abs(s.h * (s.vNext[k] - s.v[k])); body < 0 || d > turn {
				body, turn = i, d
			}
		}
	}
	return body, turn
}

// Outside returns the contact or the limit of a scalar dof (the other −1) that the step at hand begins beyond by most,
// and by how much (m or rad), if that is more than a tenth of what the natural speed covers in the step: leaving it
// at once would shake the mechanism. Both are −1 when there is none.
func (s *Stepper) Outside() (contact, dof int, depth float64) {
	contact, dof = -1, -1
	most := 0.1
	for t := range s.parts {
		p := &s.parts[t]
		speed := math.Sqrt(s.m.GravityRef * p.Length)
		for _, c := range p.near {
			if d := -s.touches[c].Gap2; d > most*s.h*speed {
				contact, dof, depth, most = c, -1, d, d/(s.h*speed)
			}
		}
		for n := range p.limits {
			r := &p.limits[n]
			if r.kind != rowLower && r.kind != rowUpper {
				continue
			}
			if d, speed := -s.limitAt(r, s.v, 0), s.m.Dofs[r.dof].Speed; d > most*s.h*speed {
				contact, dof, depth, most = -1, r.dof, d, d/(s.h*speed)
			}
		}
	}
	return contact, dof, depth
}

// Within returns the pair of colliders that the step at hand begins deepest in each other, −1 if none does by a tenth
// of what the natural speed covers in the step, and how deep (m).
func (s *Stepper) Within() (pair int, depth float64) {
	pair = -1
	for i := range s.meets {
		c := &s.meets[i]
		if d := -c.Gap2; d > depth && d > 0.1*s.h*math.Sqrt(s.m.GravityRef*s.m.Trees[c.tree].Length) {
			pair, depth = c.pair, d
		}
	}
	return pair, depth
}
