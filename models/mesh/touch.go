package mesh

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/pieces"
	"gonum.org/v1/gonum/spatial/r3"
)

// mostParts is how many objects of a file are taken for pieces of a convex decomposition; programs for that make some dozens.
const mostParts = 64

// Touch says by which convex solids a mesh touches.
type Touch struct {
	Solids [][]r3.Vec // corners of each (m)
	How    string     // in words, behind "touches by": "its convex hull"
	Loud   bool       // they are farther from the mesh than was asked for, or notably so where nothing was
}

// Progress returns what hears of the parts of a mesh of some name, nil where nobody does.
func Progress(all func(mesh string, parts int), name string) func(parts int) {
	if all == nil {
		return nil
	}
	return func(parts int) { all(name, parts) }
}

// notable is how far outside of a mesh its hull may be without a word, of the diagonal of its box.
const notable = 0.02

// Touch returns the convex solids that stand for m where things touch: the objects of its file when they are several and each is convex,
// which is how programs for convex decomposition write their result; else pieces that are at most so many meters outside of it, where
// decompose is positive; else the hull of all. Progress, if not nil, hears of parts as they are cut and joined.
func (m *Mesh) Touch(decompose float64, progress func(parts int)) (*Touch, error) {
	if objects := m.objects(); objects != nil {
		return &Touch{Solids: objects, How: fmt.Sprintf("its %d convex objects", len(objects))}, nil
	}
	if decompose != 0 {
		return m.decomposed(decompose, progress)
	}
	hull, err := m.Hull()
	if err != nil {
		return nil, err
	}
	t := &Touch{Solids: [][]r3.Vec{hull.Vertices}, How: "its convex hull"}
	if off := m.Swelling(); off > 0 {
		t.How += fmt.Sprintf(", which is up to %.2g m outside of it (Options.Decompose, --decompose, takes convex pieces)", off)
		t.Loud = true
	}
	return t, nil
}

// Swelling returns how far the hull of m is outside of it (m), 0 where that is less than 2 % of the diagonal of its box. Of a mesh so large
// that loading it would take seconds longer, more than 200 000 triangles, nobody asks: 0.
func (m *Mesh) Swelling() float64 {
	const many = 200_000
	if len(m.Triangles) > many {
		return 0
	}
	low, high := m.Bounds()
	enough := notable * r3.Norm(r3.Sub(high, low))
	off, err := pieces.Outside(m.Vertices, m.Triangles, enough)
	if err != nil || off <= enough {
		return 0
	}
	return off
}

// decomposed is Touch with pieces that are at most tolerance outside, or the hull where there are none.
func (m *Mesh) decomposed(tolerance float64, progress func(parts int)) (*Touch, error) {
	r, err := pieces.Of(m.Vertices, m.Triangles, pieces.Options{Tolerance: tolerance, Progress: progress})
	if err != nil {
		hull, flat := m.Hull()
		if flat != nil {
			return nil, flat
		}
		return &Touch{Solids: [][]r3.Vec{hull.Vertices}, How: fmt.Sprintf("its convex hull, as it cannot be divided: %v", err), Loud: true}, nil
	}
	t := &Touch{Solids: r.Pieces, How: "its convex hull"}
	if n := len(r.Pieces); n > 1 {
		t.How = fmt.Sprintf("%d convex pieces", n)
	}
	if r.Outside > r.Found {
		t.How += fmt.Sprintf(", up to %.2g m outside of it", r.Outside)
	} else {
		t.How += fmt.Sprintf(", less than %.1g m outside of it", r.Found)
	}
	if r.Outside > max(tolerance, r.Found) {
		t.How += fmt.Sprintf(" and not %.2g m: %s", tolerance, short(r))
		t.Loud = true
	}
	if r.Sheet {
		t.How += "; it is not closed, and some of it is taken for a sheet with no inside"
	}
	return t, nil
}

// short says why pieces are farther outside than was asked for.
func short(r *pieces.Result) string {
	switch {
	case r.Outside <= r.Sought:
		return fmt.Sprintf("%.2g m, 1/2000 of its size, is the finest", r.Sought)
	case len(r.Pieces) == pieces.DefaultMost:
		return fmt.Sprintf("%d pieces are the most", pieces.DefaultMost)
	}
	return "cuts by planes come no closer"
}

// objects returns the corners of the hulls of m's objects, or nil when there is one or an object is not convex.
func (m *Mesh) objects() (out [][]r3.Vec) {
	if len(m.Parts) == 0 || len(m.Parts) > mostParts {
		return nil
	}
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
		out = append(out, hull.Vertices)
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
