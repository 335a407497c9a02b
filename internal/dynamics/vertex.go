package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// vertex is what was found of a pair by the position of a vertex of points, which changes the shares of contacts. They
// are found anew for it: to keep these derivatives for all vertices in every step, in which few ask for them, would
// cost more than all else that contacts know.
type vertex struct {
	known   bool
	pair, i int
	ofA     bool
	found   []collide.Contact
}

// byVertex returns how a vertex, if that is what par moves, of A or of B changes the share of a contact and the points
// it counts for, and how far what slides there moves by how directions change.
func (s *Stepper) byVertex(par Param, c *meet, ofA bool) (share, points, slide float64) {
	i, along, ok := s.m.Colliders[par.Index].Shape.VertexOf(par.Comp)
	if c.late || par.Kind != ParamShape || !ok {
		return 0, 0, 0
	}
	v := &s.vertex
	if !v.known || v.pair != c.pair || v.i != i || v.ofA != ofA {
		v.known, v.pair, v.i, v.ofA = true, c.pair, i, ofA
		s.findByVertex()
	}
	for i := range v.found {
		if f := &v.found[i]; f.ID() == c.ID() {
			var e spatial.Vec
			if *axisOf(&e, along) = 1; !ofA {
				e = spatial.Scale(-1, e)
			}
			return spatial.Dot(f.Turn, e), spatial.Dot(f.PointsTurn, e), spatial.Dot(f.Slide.Ang, e)
		}
	}
	return 0, 0, 0
}

func (s *Stepper) findByVertex() {
	v, p := &s.vertex, &s.m.Pairs[s.vertex.pair]
	reach := 0.0
	for k := s.heads[v.pair]; k > 0; k = s.meets[k-1].next {
		if c := &s.meets[k-1]; !c.late {
			reach = max(reach, c.Contact.Gap)
		}
	}
	a, b := &s.sides[0], &s.sides[1]
	s.m.collider(a, p.A, s.world)
	s.m.collider(b, p.B, s.world)
	s.look(p, a, b)
	v.found = s.finder.FindByVertex(v.found[:0], a, b, reach+s.m.Trees[s.m.treeOfPair(v.pair)].Length, v.ofA, v.i)
}
