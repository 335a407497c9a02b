package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Belt is how fast the surfaces of A and B run over their bodies, at knot 2 in world axes (m/s). A surface stays where it is and turns with its
// body.
type Belt struct{ A, B r3.Vec }

func (b *Belt) moves() bool { return *b != Belt{} }

// drift returns the velocity of A's surface on B's where the bodies do not slide.
func (b *Belt) drift() r3.Vec { return spatial.Sub(b.A, b.B) }

// turned returns the change of drift as the body of a side, A's first, turns by w at knot 2.
func (b *Belt) turned(side int, w r3.Vec) r3.Vec {
	if side == 0 {
		return spatial.Cross(w, b.A)
	}
	return spatial.Cross(b.B, w)
}

// Before returns what the surfaces did at knot 1, to which these motions of the bodies lead back from knot 2.
func (b *Belt) Before(ofA, ofB *spatial.Motion) Belt {
	if !b.moves() {
		return *b
	}
	return Belt{A: ofA.Rotate(b.A), B: ofB.Rotate(b.B)}
}

// Slides returns the parts of the sliding velocity that are the surfaces' alone.
func (b *Belt) Slides(t1, t2 r3.Vec) (v1, v2 float64) {
	d := b.drift()
	return spatial.Dot(t1, d), spatial.Dot(t2, d)
}
