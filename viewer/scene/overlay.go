package scene

import (
	"math"
	"unicode/utf8"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// The colors of what lies over pictures.
var (
	panelColor = RGB(0x141A22).Alpha(0.62)
	textColor  = RGB(0xF2F5F8)
	dimColor   = RGB(0xAAB6C2)
	axisColor  = RGB(0x8FA0B0).Alpha(0.45)
)

// Near is the least depth at which something is drawn (m).
const Near = 1e-3

// Overlay is the labels, panels, boards and plots of a scene laid out over a picture: the stamps that a renderer puts
// onto it, from first to last. It is made again for every picture and keeps its memory.
type Overlay struct {
	Stamps []Stamp
	Spots  []Spot    // of its boards
	Face   *Typeface // of the text; nil as long as there was nothing to lay out

	width, height int
	margin        int
	used          [4]int // pixels taken from each corner
	segments      []Segment
}

// StampKind says what a [Stamp] is.
type StampKind uint8

// The kinds of stamps.
const (
	Box    StampKind = iota // a filled box with round corners
	Words                   // a line of text
	Stroke                  // straight lines, which must not be painted twice where they overlap
)

// Stamp is one thing to draw over a picture. Coordinates are pixels from the top left corner of the picture.
type Stamp struct {
	Kind          StampKind
	X, Y          int // top left corner of a box or a text
	Width, Height int // of a box
	Radius        float64
	Text          string
	Segments      []Segment
	Half          float64 // half the width of a stroke
	Color         Color
}

// Segment is a straight line between two points of the picture (pixels).
type Segment struct{ X0, Y0, X1, Y1 float64 }

// Arrange lays out the labels, then the panels, the boards and the plots of s, seen in a picture of the given size. The
// lowest foot pixels of the picture are left free of panels and plots.
func (o *Overlay) Arrange(s *Scene, v *View, width, height, foot int) {
	o.Stamps, o.Spots, o.segments = o.Stamps[:0], o.Spots[:0], o.segments[:0]
	if len(s.Labels)+len(s.Panels)+len(s.Boards)+len(s.Plots) == 0 {
		return
	}
	if o.Face == nil || o.Face.Height != height {
		o.Face = NewTypeface(height)
	}
	o.width, o.height, o.margin = width, height, max(height/60, 4)
	o.used = [4]int{BottomLeft: foot, BottomRight: foot}
	for i := range s.Labels {
		o.label(&s.Labels[i], v)
	}
	for i := range s.Panels {
		o.panel(&s.Panels[i])
	}
	for i := range s.Boards {
		o.board(i, &s.Boards[i])
	}
	for i := range s.Plots {
		o.plot(&s.Plots[i])
	}
}

func (o *Overlay) box(x, y, width, height int, radius float64) {
	o.fill(x, y, width, height, radius, panelColor)
}

func (o *Overlay) words(x, y int, text string, c Color) {
	o.Stamps = append(o.Stamps, Stamp{Kind: Words, X: x, Y: y, Text: text, Color: c})
}

// stroke takes the segments from the given one on.
func (o *Overlay) stroke(from int, half float64, c Color) {
	n := len(o.segments)
	o.Stamps = append(o.Stamps, Stamp{Kind: Stroke, Segments: o.segments[from:n:n], Half: half, Color: c})
}

// taken returns the height that place has given away in a corner and the one above or below it.
func (o *Overlay) taken(c Corner) int {
	return o.used[c&1] + o.used[c&1+2] + 2*o.margin // left or right
}

// place takes room of the given size in a corner, fills it with a box and returns its top left corner.
func (o *Overlay) place(c Corner, width, height int) (x, y int) {
	c &= 3
	x, y = o.margin, o.margin+o.used[c]
	if c == TopRight || c == BottomRight {
		x = o.width - o.margin - width
	}
	if c == BottomLeft || c == BottomRight {
		y = o.height - o.margin - o.used[c] - height
	}
	o.used[c] += height + o.margin/2
	o.box(x, y, width, height, float64(o.margin)/2)
	return x, y
}

func (o *Overlay) panel(p *Panel) {
	t := o.Face
	wide, rows := columns(p.Title), len(p.Lines)
	for _, s := range p.Lines {
		wide = max(wide, columns(s))
	}
	gap := 0
	if p.Title != "" {
		rows++
		gap = t.Line / 4
	}
	if rows == 0 {
		return
	}
	pad := t.Line / 2
	x, y := o.place(p.Corner, wide*t.Advance+2*pad, rows*t.Line+gap+2*pad-t.Line/4)
	x, y = x+pad, y+pad
	if p.Title != "" {
		o.words(x, y, p.Title, dimColor)
		y += t.Line + gap
	}
	for _, s := range p.Lines {
		o.words(x, y, s, textColor)
		y += t.Line
	}
}

// label writes a line of text centered above its place, which a thin leader points to.
func (o *Overlay) label(b *Label, v *View) {
	if !spatial.Finite(b.At) {
		return
	}
	fx, fy, z := v.Project(b.At, o.width, o.height)
	if !(z > Near) || math.Abs(fx) > 1e6 || math.Abs(fy) > 1e6 {
		return
	}
	t := o.Face
	pad := t.Line / 4
	width, height := columns(b.Text)*t.Advance+2*pad, t.Line+pad
	x, y := int(fx)-width/2, int(fy)-height-t.Line/2
	o.segments = append(o.segments, Segment{fx, fy, fx, float64(y + height)})
	o.stroke(len(o.segments)-1, math.Max(0.5, float64(o.height)/1440), panelColor)
	o.box(x, y, width, height, float64(pad))
	o.words(x+pad, y+pad/2, b.Text, b.Color.Or(textColor))
}

// columns returns the number of letters of s, which all have one width.
func columns(s string) int { return utf8.RuneCountInString(s) }
