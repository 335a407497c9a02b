package collide

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestPointsOfEdgesOfBoxes: where a point of an edge is said to be, it is, on hulls too: half of their edges ran
// against the axes of the box, and where one nearly along an edge of points crossed it, the contact was mirrored to the
// other end.
func TestPointsOfEdgesOfBoxes(t *testing.T) {
	s := contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.3})
	h, err := HullOf(&s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range h.edges {
		e := &h.edges[i]
		f := Part{Code: e.code, Along: 0.05, marks: marks{Point: true}}.Feature(&s, h)
		want := r3.Add(h.halfway(e), r3.Scale(0.05, e.axis))
		if r3.Norm(r3.Sub(f.Center, want)) > 1e-15 {
			t.Errorf("edge %d: point at %v, want %v", i, f.Center, want)
		}
		if n := r3.Cross(h.faces[e.left].normal, e.axis); r3.Dot(n, r3.Sub(h.faces[e.left].middle, h.halfway(e))) < 0 {
			t.Errorf("edge %d: the face on its left is on its right", i)
		}
	}
}
