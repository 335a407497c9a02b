package scene

import (
	"fmt"

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

// Report is what the text over a picture says about a moment. Values that are NaN, and counts below zero,
// are left out.
type Report struct {
	Title      string
	Time       float64 // s
	Speed      float64 // of the playback; 1 is real time
	Kappa      float64
	Energy     float64 // J
	Residual   float64
	Iterations int
	Contacts   int
}

// AddTo adds the report to s as a panel in the top left corner.
func (r *Report) AddTo(s *Scene) {
	lines := []string{fmt.Sprintf("time       %.2f s", r.Time)}
	value := func(format string, x float64) {
		if x == x {
			lines = append(lines, fmt.Sprintf(format, x))
		}
	}
	count := func(format string, n int) {
		if n >= 0 {
			lines = append(lines, fmt.Sprintf(format, n))
		}
	}
	if r.Speed != 1 {
		value("speed      %.3g×", r.Speed)
	}
	value("energy     %.4g J", r.Energy)
	count("contacts   %d", r.Contacts)
	count("iterations %d", r.Iterations)
	value("κ          %.1e", r.Kappa)
	value("residual   %.1e", r.Residual)
	s.Panels = append(s.Panels, Panel{Corner: TopLeft, Title: r.Title, Lines: lines})
}
