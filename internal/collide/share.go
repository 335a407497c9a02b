package collide

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// share is a part of the weights of two colliders, and how it changes as A turns against B, by its rotation vector in world axes.
type share struct {
	of   float64
	turn r3.Vec
}

func (s share) plus(t share) share  { return share{s.of + t.of, spatial.Add(s.turn, t.turn)} }
func (s share) minus(t share) share { return share{s.of - t.of, spatial.Sub(s.turn, t.turn)} }

func (s share) times(t share) share {
	return share{s.of * t.of, spatial.AddScaled(spatial.Scale(t.of, s.turn), s.of, t.turn)}
}

// rest is what s leaves of one.
func (s share) rest() share { return share{1 - s.of, spatial.Scale(-1, s.turn)} }

// tied is how much smaller the cosine of a face with the axis may be than that of the best one for it to take part.
const tied = 0.02

// facing is the share of a face of A or B with the normal n of which the best one's is so: 1 of that, less of those nearly as good.
func (x *axis) facing(n, best r3.Vec, less float64, ofA bool) share {
	s := share{of: 1}
	if less == 0 {
		return s
	}
	s.of -= smooth(less, 0, tied)
	if k := smoothSlope(less, 0, tied); k > 0 {
		if ofA {
			k = -k
		}
		s.turn = spatial.Scale(k, x.along(spatial.Sub(n, best), ofA))
	}
	return s
}

// along returns how e·n changes as A turns by δ against B, for e fixed to one of them, which is δ×e of A: the normal n of a face of A turns with it, and with
// c = e_a×e_b of the edges that n came from,
//
//	dn = ((δ×e_a)×e_b)/(c·n)   across n
func (x *axis) along(e r3.Vec, ofA bool) (g r3.Vec) {
	if ofA {
		g = spatial.Cross(e, x.n)
	}
	switch {
	case x.edgeA >= 0:
		k := 1 / spatial.Dot(spatial.Cross(x.alongA, x.alongB), x.n)
		g = spatial.AddScaled(g, k, spatial.Cross(x.alongA, spatial.Cross(x.alongB, spatial.Across(e, x.n))))
	case x.faceA >= 0:
		g = spatial.Add(g, spatial.Cross(x.n, e))
	}
	return g
}

// rescale divides the weights of what was found by their total.
func (f *Finder) rescale(total share) {
	for i := range f.dst[f.first:] {
		c := &f.dst[f.first+i]
		c.Weight /= total.of
		c.Turn = spatial.Scale(1/total.of, spatial.AddScaled(c.Turn, -c.Weight, total.turn))
	}
}
