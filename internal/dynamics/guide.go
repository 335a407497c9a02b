package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// roomy is how many freedoms between two bodies leave the point at which they touch free to move any way.
const roomy = 6

// guided reports whether joints leave less than that between two bodies, or a body and the world. A contact that sticks
// then may have to keep its gap exactly, see [gap.Touch.Guided]. Followers are none; what else guides them, loops and
// other contacts, is left to [problem.lean].
func (m *Model) guided(a, b int) bool {
	free := 0
	for a != b { // children come after their parents, and the world before all
		if a < b {
			a, b = b, a
		}
		free += m.Bodies[a].NV()
		for i := range m.Mimics {
			if d := m.Mimics[i].Dof - m.Bodies[a].V; d >= 0 && d < m.Bodies[a].NV() {
				free--
			}
		}
		a = m.Bodies[a].Parent
	}
	return free < roomy
}

// guides returns it for all pairs of colliders, and for all bodies and the world.
func (m *Model) guides() (pairs, bodies []bool) {
	pairs, bodies = make([]bool, len(m.Pairs)), make([]bool, len(m.Bodies))
	for i, p := range m.Pairs {
		pairs[i] = m.guided(m.Colliders[p.A].Body, m.Colliders[p.B].Body)
	}
	for i := range bodies {
		bodies[i] = m.guided(i, World)
	}
	return pairs, bodies
}

// trio is up to how many trees on an island slides lean: of many something gives way, and scenes of heaps took a tenth more iterations.
const trio = 3

// lean lets the slides of all contacts of the island lean in the step at hand, and reports whether some did not.
// Contacts and loops guide a body as joints do: an egg that sticks to both sides of a groove turns about the line
// through both points, and where its gaps fall on that way no force opens them. What touches a single shape is guided
// by nothing. To lean always costs heaps a fifth more iterations.
func (p *problem) lean() (more bool) {
	if len(p.parts) > trio || !p.crowded() {
		return false
	}
	for i := range p.rows {
		switch r := &p.rows[i]; r.kind {
		case rowTouch:
			t := &p.s.touches[r.at]
			more = more || !t.Guided && t.Rolls()
			t.Guided = true
		case rowMeet:
			c := &p.s.meets[r.contact]
			more = more || !c.Guided
			c.Guided = true
		}
	}
	return more
}

// across is the cosine of normals from which on terrain touches as two shapes do: the walls of a slot or a groove, not
// ground that is rough.
const across = 0.5

// crowded reports whether more than one pair of shapes touches in the island, or terrain does on sides that face each
// other, or loops hold it.
func (p *problem) crowded() bool {
	type pair struct {
		kind rowKind
		a, b int
	}
	var first pair
	var normal spatial.Vec
	for i, n := 0, 0; i < len(p.rows); i++ {
		at, to := pair{kind: p.rows[i].kind}, normal
		switch r := &p.rows[i]; r.kind {
		case rowTouch:
			c := &p.s.m.Contacts[r.contact]
			at.a, at.b = c.Collider, c.Plane
		case rowMeet:
			c := &p.s.meets[r.contact]
			if at.a = c.pair; p.s.m.onTerrain(c.pair) {
				to = c.N
			}
		default:
			continue
		}
		if n++; n == 1 {
			first, normal = at, to
		} else if at != first || spatial.Dot(to, normal) < across*spatial.Dot(normal, normal) {
			return true
		}
	}
	return p.shut < len(p.rows)
}
