package collide

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// share is a part of a weight, and how it changes as A turns against B, by its rotation vector in world axes.
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

// swing returns how the component of a normal, of A or B, along the axis changes as A turns against B: a face's axis and normals turn with their bodies,
// the axis of edges e_a and e_b by dn = d_a ((n×e_a)·δ), d_a dual to e_a.
func (x *axis) swing(normal r3.Vec, ofA bool) (g r3.Vec) {
	switch {
	case x.faceA >= 0 && ofA, x.faceB >= 0 && !ofA:
		return g
	case x.faceA >= 0:
		return spatial.Cross(x.n, normal)
	case x.edgeA >= 0:
		g = spatial.Scale(spatial.Dot(x.dual, normal), spatial.Cross(x.n, x.along))
	}
	if ofA {
		g = spatial.Add(g, spatial.Cross(normal, x.n))
	}
	return g
}

// ofEdges remembers the edges that the axis is across.
func (x *axis) ofEdges(ea, eb r3.Vec) {
	x.along, x.dual = ea, dualOf(ea, eb)
}

// tie returns the share of a face whose cosine with the axis is c, when that of the best face is best: 1 of the best, less of those nearly as good.
// The axis points out of B; sign is −1 for faces of A.
func (x *axis) tie(best, c float64, bestNormal, normal r3.Vec, ofA bool) (s share) {
	if s.of = 1 - smooth(best-c, 0, tied); s.of == 0 || s.of == 1 {
		return s
	}
	k := -smoothSlope(best-c, 0, tied)
	if ofA {
		k = -k
	}
	s.by = spatial.Scale(k, spatial.Sub(x.swing(bestNormal, ofA), x.swing(normal, ofA)))
	return s
}
