package mesh

import "gonum.org/v1/gonum/spatial/r3"

// mostParts is how many objects of a file are taken for pieces of a convex decomposition; programs for that make some dozens.
const mostParts = 64

// Hulls returns the convex solids that stand for m where things touch: the objects of its file when they are several and each is convex,
// which is how programs for convex decomposition write their result, else the hull of all.
func (m *Mesh) Hulls() ([]*Mesh, error) {
	if pieces := m.pieces(); pieces != nil {
		return pieces, nil
	}
	hull, err := m.Hull()
	if err != nil {
		return nil, err
	}
	return []*Mesh{hull}, nil
}

// pieces returns the hulls of m's objects, or nil when there is one or an object is not convex.
func (m *Mesh) pieces() []*Mesh {
	if len(m.Parts) == 0 || len(m.Parts) > mostParts {
		return nil
	}
	var out []*Mesh
	from := int32(0) // triangles before the first object are one too
	for i := range len(m.Parts) + 1 {
		to := int32(len(m.Triangles))
		if i < len(m.Parts) {
			to = m.Parts[i]
		}
		if from == to {
			continue
		}
		part := &Mesh{Vertices: m.Vertices, Triangles: m.Triangles[from:to]}
		solid, err := part.Inertia(1)
		if err != nil {
			return nil
		}
		hull, err := Hull(part.used())
		if err != nil {
			return nil
		}
		filled, err := hull.Inertia(1)
		const convex = 0.99 // of its hull's volume
		if err != nil || solid.Mass < convex*filled.Mass {
			return nil
		}
		out = append(out, hull)
		from = to
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// used returns the vertices that triangles of m have.
func (m *Mesh) used() []r3.Vec {
	seen := make(map[int32]bool, len(m.Triangles))
	var out []r3.Vec
	for _, t := range m.Triangles {
		for _, k := range t {
			if !seen[k] {
				seen[k] = true
				out = append(out, m.Vertices[k])
			}
		}
	}
	return out
}
