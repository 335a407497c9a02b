package dynamics

// guided reports whether joints alone hold two bodies, or a body and the world, to each other: no floating base is between them, which would make
// room for a contact that sticks. Such contacts have to keep their gap exactly, see [gap.Touch.Guided].
func (m *Model) guided(a, b int) bool {
	if a != World && b != World && m.Bodies[a].Tree == m.Bodies[b].Tree {
		return true
	}
	return !m.adrift(a) && !m.adrift(b)
}

// adrift reports whether a body belongs to a tree that floats.
func (m *Model) adrift(body int) bool {
	return body != World && m.Bodies[m.Trees[m.Bodies[body].Tree].First].floats()
}
