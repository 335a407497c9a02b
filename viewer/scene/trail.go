package scene

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Trail remembers the path of a point of a body.
type Trail struct {
	Body   int
	At     r3.Vec // in the body frame
	Length int    // points kept; 0 keeps all
	Color  Color
	Width  float64
	points []r3.Vec
}

// Add appends where the point is in f as last drawn, and adds the path so far to s.
func (t *Trail) Add(s *Scene, f *Figure) {
	p := f.poses[t.Body].Apply(t.At)
	// Points closer than a pixel or so would only cost time.
	if n := len(t.points); n == 0 || r3.Norm(spatial.Sub(p, t.points[n-1])) > 2e-3*f.size {
		t.points = append(t.points, p)
		if t.Length > 0 && len(t.points) > t.Length {
			copy(t.points, t.points[1:])
			t.points = t.points[:t.Length]
		}
	}
	s.Traces = append(s.Traces, Trace{Points: t.points, Color: t.Color, Width: t.Width, Fade: true})
}
