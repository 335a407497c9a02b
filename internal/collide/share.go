package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// share is a part of a weight, and how it changes as A turns against B, by its rotation vector in world axes, or as a vertex moves.
type share struct {
	of float64
	by r3.Vec
}

func (s share) plus(t share) share { return share{s.of + t.of, spatial.Add(s.by, t.by)} }

func (s share) minus(t share) share { return share{s.of - t.of, spatial.Sub(s.by, t.by)} }

func (s share) times(t share) share {
	return share{s.of * t.of, spatial.AddScaled(spatial.Scale(t.of, s.by), s.of, t.by)}
}

func (s share) scaled(k float64) share { return share{k * s.of, spatial.Scale(k, s.by)} }

// rest is what s leaves of 1.
func (s share) rest() share { return share{1 - s.of, spatial.Scale(-1, s.by)} }

// mirrored is s where B turns against A.
func (s share) mirrored() share { return share{s.of, spatial.Scale(-1, s.by)} }

// parallel returns how far a direction of A and one of B are from each other's line by the sine between them, from 0 at
// the first bound to 1 at the second.
func (m *moving) parallel(a, b aim, bounds [2]float64) (s share) {
	c := spatial.Cross(a.d, b.d)
	sine := spatial.Norm(c)
	if s.of = 1; sine >= bounds[1] { // mostly
		return s
	}
	s.of = smooth(sine, bounds[0], bounds[1])
	if k := smoothSlope(sine, bounds[0], bounds[1]); k > 0 { // d‖a×b‖ = c/‖c‖·(da×b + a×db)
		c = spatial.Scale(k/sine, c)
		s.by = spatial.Add(m.pull(true, a.code, a.d, spatial.Cross(b.d, c)), m.pull(false, b.code, b.d, spatial.Cross(c, a.d)))
	}
	return s
}

// levelWith returns how far a direction of A is from being across one of B, between these sines.
func (m *moving) levelWith(a, b aim, sines [2]float64) (s share) {
	c := spatial.Dot(a.d, b.d)
	s.of = smooth(math.Abs(c), sines[0], sines[1])
	if k := smoothSlope(math.Abs(c), sines[0], sines[1]) * math.Copysign(1, c); k != 0 {
		s.by = spatial.Scale(k, spatial.Add(m.pull(true, a.code, a.d, b.d), m.pull(false, b.code, b.d, a.d)))
	}
	return s
}

// swing returns how the component of a normal, of A or B, along the axis changes: that of a face is its normal, n or
// −n, that of edges e_a and e_b changes by dn = −d_a (n·de_a) − d_b (n·de_b), d_a and d_b dual to them.
func (x *axis) swing(m *moving, normal aim, ofA bool) (g r3.Vec) {
	g = m.pull(ofA, normal.code, normal.d, x.n)
	switch d := normal.d; {
	case x.faceA >= 0:
		g = spatial.Add(g, spatial.Scale(-1, m.pull(true, x.codeA, spatial.Scale(-1, x.n), d)))
	case x.faceB >= 0:
		g = spatial.Add(g, m.pull(false, x.codeB, x.n, d))
	case x.edgeA >= 0:
		g = spatial.Add(g, m.pull(true, x.codeA, x.along, spatial.Scale(-spatial.Dot(x.dual, d), x.n)))
		g = spatial.Add(g, m.pull(false, x.codeB, x.across, spatial.Scale(-spatial.Dot(dualOf(x.across, x.along), d), x.n)))
	}
	return g
}

// named gives the axis of hulls the codes of what it came from.
func (x *axis) named(a, b *solid) {
	switch {
	case x.faceA >= 0:
		x.codeA = a.faces[x.faceA].code
	case x.faceB >= 0:
		x.codeB = b.faces[x.faceB].code
	case x.edgeA >= 0:
		x.codeA, x.codeB = a.edges[x.edgeA].code, b.edges[x.edgeB].code
	}
}

// ofEdges remembers the edges that the axis is across.
func (x *axis) ofEdges(ea, eb r3.Vec) {
	x.along, x.across, x.dual = ea, eb, dualOf(ea, eb)
}

// tie returns the share of a face whose cosine with the axis is c, when that of the best face is best: 1 of the best,
// less of those nearly as good. The axis points out of B; sign is −1 for faces of A.
func (x *axis) tie(best, c float64, bestNormal, normal r3.Vec, ofA bool) (s share) {
	return x.tieOf(nil, best, c, aim{d: bestNormal}, aim{d: normal}, ofA)
}

// tieOf is tie of faces with codes.
func (x *axis) tieOf(m *moving, best, c float64, bestNormal, normal aim, ofA bool) (s share) {
	if s.of = 1 - smooth(best-c, 0, tied); s.of == 0 || s.of == 1 {
		return s
	}
	k := -smoothSlope(best-c, 0, tied)
	if ofA {
		k = -k
	}
	s.by = spatial.Scale(k, spatial.Sub(x.swing(m, bestNormal, ofA), x.swing(m, normal, ofA)))
	return s
}
