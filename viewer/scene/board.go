package scene

import (
	"math"
	"unicode/utf8"
)

// Board is a panel of rows that answer to the pointer. It keeps to the height that is left in its corner; what does not fit
// is reached by scrolling.
type Board struct {
	Corner Corner
	Width  int // of its rows in letters
	Rows   []Row
	Scroll int // rows above the first that is shown; brought into range when it is laid out
}

// RowKind says what a [Row] is.
type RowKind uint8

// The kinds of rows.
const (
	NoteRow  RowKind = iota // text alone
	FoldRow                 // the title of a section, open when On
	TickRow                 // a box to tick, then text, which may be pressed by itself
	SlideRow                // a name, a slider at At in 0 … 1, a value
	PressRow                // a button, and another one where there is a Value
)

// Row is one line of a [Board].
type Row struct {
	Kind  RowKind
	Text  string
	Value string // at the right
	On    bool   // ticked, open, pressed
	At    float64
	Depth int // letters it is moved in by
}

// Spot is a part of a board that answers to the pointer.
type Spot struct {
	Board               int
	Row                 int // −1 for what lies between rows
	Part                int // 0 for the box, slider or button, 1 for what is right of it
	X, Y, Width, Height int
}

// Share returns how far a pixel is along the spot, from 0 to 1.
func (s *Spot) Share(x float64) float64 {
	return clamp((x-float64(s.X))/math.Max(float64(s.Width), 1), 0, 1)
}

// At returns the spot at a pixel; false where there is no board.
func (o *Overlay) At(x, y float64) (Spot, bool) {
	for i := len(o.Spots) - 1; i >= 0; i-- { // those of rows come after that of their board
		s := &o.Spots[i]
		if x >= float64(s.X) && x < float64(s.X+s.Width) && y >= float64(s.Y) && y < float64(s.Y+s.Height) {
			return *s, true
		}
	}
	return Spot{}, false
}

var (
	markColor  = RGB(0xFFC94D) // ticks, handles, what is on
	railColor  = RGB(0xF2F5F8).Alpha(0.16)
	buttonRest = RGB(0xF2F5F8).Alpha(0.10)
)

// board lays out board number k.
func (o *Overlay) board(k int, b *Board) {
	t := o.Face
	pad := t.Line / 2
	fit := min((o.height-o.taken(b.Corner)-2*pad)/t.Line, len(b.Rows))
	if fit <= 0 {
		return
	}
	b.Scroll = max(0, min(b.Scroll, len(b.Rows)-fit))
	width := b.Width*t.Advance + 2*pad
	x, y := o.place(b.Corner, width, fit*t.Line+2*pad-t.Line/4)
	o.Spots = append(o.Spots, Spot{k, -1, 0, x, y, width, fit*t.Line + 2*pad})
	if fit < len(b.Rows) { // how much there is beyond
		long := fit * t.Line
		o.fill(x+width-pad/2-2, y+pad+long*b.Scroll/len(b.Rows), 3, max(long*fit/len(b.Rows), 6), 1, railColor.Alpha(0.5))
	}
	for i := range fit {
		o.row(k, b.Scroll+i, &b.Rows[b.Scroll+i], x+pad, y+pad+i*t.Line, b.Width)
	}
}

// row lays out one row of the given width in letters.
func (o *Overlay) row(k, i int, r *Row, x, y, width int) {
	t := o.Face
	right := x + width*t.Advance
	x += r.Depth * t.Advance
	spot := func(part, x, width int) { o.Spots = append(o.Spots, Spot{k, i, part, x, y, width, t.Line}) }
	words := func(x int, text string, room int, c Color) { o.words(x, y, shorten(text, room/t.Advance), c) }
	value := columns(r.Value) * t.Advance
	switch r.Kind {
	case NoteRow:
		words(x, r.Text, right-x-value, dimColor)
		o.words(right-value, y, r.Value, textColor)
	case FoldRow:
		sign := "+"
		if r.On {
			sign = "−"
		}
		o.words(x, y, sign, dimColor)
		words(x+2*t.Advance, r.Text, right-x-2*t.Advance-value, textColor)
		o.words(right-value, y, r.Value, dimColor)
		spot(0, x, right-x)
	case TickRow:
		o.tick(x, y, r.On)
		c := textColor
		if r.Value == "" && r.At > 0 { // its text is chosen
			c = markColor
		}
		words(x+2*t.Advance, r.Text, right-x-2*t.Advance-value, c)
		o.words(right-value, y, r.Value, dimColor)
		spot(0, x, 2*t.Advance)
		spot(1, x+2*t.Advance, right-x-2*t.Advance)
	case SlideRow:
		name, number := width*2/5*t.Advance, 8*t.Advance
		words(x, r.Text, name-t.Advance/2, dimColor)
		o.slider(x+name, y, right-number-x-name, r.At, r.On)
		o.words(right-value, y, r.Value, textColor)
		spot(1, x, name)
		spot(0, x+name, right-number-x-name)
	case PressRow:
		main := right - x
		if r.Value != "" {
			side := value + t.Advance
			main -= side + t.Advance/2
			o.button(right-side, y, side, r.Value, false)
			spot(1, right-side, side)
		}
		o.button(x, y, main, r.Text, r.On)
		spot(0, x, main)
	}
}

func (o *Overlay) tick(x, y int, on bool) {
	t := o.Face
	e := t.Advance*3/2 - 1
	y += (t.Line - e) / 2
	o.fill(x, y, e, e, float64(e)/5, railColor)
	if !on {
		return
	}
	fx, fy, fe := float64(x), float64(y), float64(e)
	from := len(o.segments)
	o.segments = append(o.segments, Segment{fx + 0.2*fe, fy + 0.5*fe, fx + 0.42*fe, fy + 0.75*fe}, Segment{fx + 0.42*fe, fy + 0.75*fe, fx + 0.82*fe, fy + 0.22*fe})
	o.stroke(from, math.Max(0.8, fe/12), markColor)
}

// slider draws a rail with a handle; a slider whose number somebody else sets is pale.
func (o *Overlay) slider(x, y, width int, at float64, own bool) {
	t := o.Face
	high := max(t.Line/5, 2)
	o.fill(x, y+(t.Line-high)/2, width, high, float64(high)/2, railColor)
	if !(at >= 0 && at <= 1) {
		at = clamp(at, 0, 1)
		if at != at {
			return
		}
	}
	c := textColor
	if own {
		c = markColor
	}
	wide, tall := max(t.Advance*2/3, 3), t.Line*7/10
	o.fill(x+int(math.Round(at*float64(width-wide))), y+(t.Line-tall)/2, wide, tall, float64(wide)/3, c)
}

func (o *Overlay) button(x, y, width int, text string, on bool) {
	t := o.Face
	c := textColor
	if on {
		c = markColor
	}
	o.fill(x, y+1, width, t.Line-2, float64(t.Line)/5, buttonRest)
	text = shorten(text, width/t.Advance)
	o.words(x+(width-columns(text)*t.Advance)/2, y, text, c)
}

// fill adds a box of the given color.
func (o *Overlay) fill(x, y, width, height int, radius float64, c Color) {
	o.Stamps = append(o.Stamps, Stamp{Kind: Box, X: x, Y: y, Width: width, Height: height, Radius: radius, Color: c})
}

// shorten leaves out the middle of a text of more than n letters: names of joints differ at both ends.
func shorten(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	if n < 3 {
		return ""
	}
	r := []rune(s)
	head := n / 2
	return string(r[:head]) + "…" + string(r[utf8.RuneCountInString(s)-(n-1-head):])
}
