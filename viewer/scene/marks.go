package scene

import "gonum.org/v1/gonum/spatial/r3"

// Arrow is a vector drawn in the world, such as a contact force.
type Arrow struct {
	From   r3.Vec
	Vector r3.Vec  // as drawn (m): a force in newtons must be scaled by the caller
	Radius float64 // of the shaft (m); default 0.5 % of the camera distance
	Color  Color   // default orange
	OnTop  bool    // seen through items
}

// Trace is a polyline in the world, such as the path of a foot. Parts behind an item are drawn faintly.
type Trace struct {
	Points []r3.Vec
	Width  float64 // pixels of a picture 720 pixels high; default 3
	Color  Color
	Fade   bool // fades toward Points[0], the oldest
}

// Pixels returns the width of t in a picture 720 pixels high.
func (t *Trace) Pixels() float64 { return positive(t.Width, 3) }

// Frame is a triad of axes: x red, y green, z blue.
type Frame struct {
	Pose Pose
	Size float64 // length of an axis (m); default 10 % of the camera distance
}

// PointKind selects how a [Point] looks.
type PointKind uint8

// The kinds of points.
const (
	Ball         PointKind = iota // a small ball, such as a contact point
	CenterOfMass                  // the black and white ball of crash tests, seen through items
)

// Point is a marker of one place.
type Point struct {
	At     r3.Vec
	Kind   PointKind
	Radius float64 // m; default 0.8 % of the camera distance, twice that for CenterOfMass
	Color  Color
	OnTop  bool // seen through items; always so for CenterOfMass
}

// Label is a line of text at a place in the world.
type Label struct {
	At    r3.Vec
	Text  string
	Color Color
}

// Corner is a corner of the picture.
type Corner uint8

// The four corners. What shares a corner is stacked.
const (
	TopLeft Corner = iota
	TopRight
	BottomLeft
	BottomRight
)

// Panel is a translucent box of text.
type Panel struct {
	Corner Corner
	Title  string
	Lines  []string
}

// Plot is a line chart over the picture.
type Plot struct {
	Corner        Corner
	Title         string
	Series        []Series
	Samples       int     // width of the horizontal axis in samples; default the longest series
	Min, Max      float64 // of the vertical axis; equal means from the data
	From, To      float64 // times at its ends (s); equal means that no times are written
	Width, Height float64 // in picture heights; default 0.5 and 0.2
}

// Series is one curve of a [Plot]. Values that are not finite leave a gap.
type Series struct {
	Name   string
	Color  Color // default by position, from Palette
	Values []float64
}
