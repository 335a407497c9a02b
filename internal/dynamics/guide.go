package dynamics

// roomy is how many freedoms between two bodies leave the point at which they touch free to move any way.
const roomy = 6

// guided reports whether joints leave less than that between two bodies, or a body and the world. A contact that sticks then may have to keep its gap
// exactly, see [gap.Touch.Guided]. Followers are none; loops are not looked for.
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

// guides returns it for all pairs of colliders.
func (m *Model) guides() []bool {
	g := make([]bool, len(m.Pairs))
	for i, p := range m.Pairs {
		g[i] = m.guided(m.Colliders[p.A].Body, m.Colliders[p.B].Body)
	}
	return g
}
