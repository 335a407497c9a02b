package scene

import (
	"image"
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// overlay lays out s over a picture of the given height in the format 16:9.
func overlay(t *testing.T, s *Scene, height int) *Overlay {
	t.Helper()
	var o Overlay
	v := s.Camera.View()
	o.Arrange(s, &v, height*16/9, height, 0)
	return &o
}

// of returns the stamps of one kind.
func of(o *Overlay, k StampKind) (l []Stamp) {
	for _, s := range o.Stamps {
		if s.Kind == k {
			l = append(l, s)
		}
	}
	return l
}

// word returns the stamp of a text.
func word(t *testing.T, o *Overlay, text string) Stamp {
	t.Helper()
	for _, s := range of(o, Words) {
		if s.Text == text {
			return s
		}
	}
	t.Fatalf("there is no %q", text)
	return Stamp{}
}

func rect(s Stamp) image.Rectangle { return image.Rect(s.X, s.Y, s.X+s.Width, s.Y+s.Height) }

// TestCornersStack puts two panels and a plot into every corner: they touch the corner's margins, follow each other
// and never overlap.
func TestCornersStack(t *testing.T) {
	var s Scene
	for c := range Corner(4) {
		s.Panels = append(s.Panels, Panel{Corner: c, Title: "title", Lines: []string{"one"}}, Panel{Corner: c, Lines: []string{"a longer line"}})
		s.Plots = append(s.Plots, Plot{Corner: c, Width: 0.3, Height: 0.1})
	}
	for _, height := range []int{360, 720, 2160} {
		o := overlay(t, &s, height)
		boxes := of(o, Box)
		if len(boxes) != 12 {
			t.Fatalf("%d boxes", len(boxes))
		}
		picture := image.Rect(0, 0, height*16/9, height)
		for i, b := range boxes {
			r := rect(b)
			if !r.In(picture.Inset(o.margin)) {
				t.Errorf("height %d: box %v is beyond the margins of %v", height, r, picture)
			}
			for _, other := range boxes[:i] {
				if r.Overlaps(rect(other)) {
					t.Errorf("height %d: boxes %v and %v overlap", height, r, rect(other))
				}
			}
		}
		first := rect(boxes[6]) // of the last corner but one: bottom right
		if first.Max != picture.Max.Sub(image.Pt(o.margin, o.margin)) {
			t.Errorf("height %d: the first box at the bottom right ends at %v", height, first.Max)
		}
		if gap := first.Min.Y - rect(boxes[7]).Max.Y; gap != o.margin/2 {
			t.Errorf("height %d: %d pixels between boxes, want %d", height, gap, o.margin/2)
		}
	}
}

// TestPanelHoldsItsText: every line lies within the box, whatever the letters.
func TestPanelHoldsItsText(t *testing.T) {
	s := Scene{Panels: []Panel{{Corner: BottomRight, Title: "κ and more", Lines: []string{"", "ä line of letters", "z"}}}}
	o := overlay(t, &s, 720)
	box := rect(of(o, Box)[0])
	last := -1
	for _, w := range of(o, Words) {
		r := image.Rect(w.X, w.Y, w.X+columns(w.Text)*o.Face.Advance, w.Y+o.Face.Line)
		if !r.In(box) && w.Text != "" {
			t.Errorf("%q at %v leaves the box %v", w.Text, r, box)
		}
		if w.Y < last+o.Face.Line {
			t.Errorf("%q is %d pixels below the line before, want at least %d", w.Text, w.Y-last, o.Face.Line)
		}
		last = w.Y
	}
	if word(t, o, "κ and more").Color == word(t, o, "z").Color {
		t.Error("title and text have one color")
	}
	if o := overlay(t, &Scene{Panels: []Panel{{Corner: TopLeft}}}, 720); len(o.Stamps) != 0 {
		t.Errorf("an empty panel shows %+v", o.Stamps)
	}
}

// TestLabelPointsAtItsPlace: the leader starts where the place is seen and ends at the box, which is centered above.
func TestLabelPointsAtItsPlace(t *testing.T) {
	s := Scene{Camera: Camera{Distance: 4}, Labels: []Label{{At: r3.Vec{Y: 0.5, Z: 0.2}, Text: "knee", Color: RGB(0xFF0000)}}}
	o := overlay(t, &s, 720)
	v := s.Camera.View()
	x, y, _ := v.Project(s.Labels[0].At, 1280, 720)
	if len(o.Stamps) != 3 {
		t.Fatalf("%d stamps, want leader, box and text", len(o.Stamps))
	}
	leader, box, text := o.Stamps[0], rect(o.Stamps[1]), o.Stamps[2]
	if g := leader.Segments[0]; g.X0 != x || g.Y0 != y || g.X1 != x || g.Y1 != float64(box.Max.Y) {
		t.Errorf("the leader is %+v, the place is seen at (%g, %g), the box is %v", g, x, y, box)
	}
	if middle := float64(box.Min.X+box.Max.X) / 2; math.Abs(middle-x) > 1 || box.Max.Y >= int(y) {
		t.Errorf("the box %v is not centered above (%g, %g)", box, x, y)
	}
	if text.Text != "knee" || text.Color != RGB(0xFF0000) || !image.Pt(text.X, text.Y).In(box) {
		t.Errorf("the text is %+v in %v", text, box)
	}
}

// TestLabelsOutOfSight are left out: behind the eye, not finite, or so far aside that pixels lose their meaning.
func TestLabelsOutOfSight(t *testing.T) {
	for _, at := range []r3.Vec{{X: 9}, {X: math.NaN()}, {X: 3.99, Y: 1e5}} {
		s := Scene{Camera: Camera{Distance: 4}, Labels: []Label{{At: at, Text: "lost"}}}
		if o := overlay(t, &s, 720); len(o.Stamps) != 0 {
			t.Errorf("a label at %v shows %+v", at, o.Stamps)
		}
	}
}

// TestFootIsLeftFree lifts what is at the bottom, and nothing else.
func TestFootIsLeftFree(t *testing.T) {
	s := Scene{}
	for c := range Corner(4) {
		s.Panels = append(s.Panels, Panel{Corner: c, Lines: []string{"x"}})
	}
	var a, b Overlay
	v := s.Camera.View()
	a.Arrange(&s, &v, 640, 360, 0)
	b.Arrange(&s, &v, 640, 360, 30)
	for c, want := range [4]int{TopLeft: 0, TopRight: 0, BottomLeft: 30, BottomRight: 30} {
		if got := of(&a, Box)[c].Y - of(&b, Box)[c].Y; got != want {
			t.Errorf("a foot of 30 pixels lifts corner %d by %d, want %d", c, got, want)
		}
	}
}

// TestArrangeAgain: an overlay that was used for another scene and size lays out as a new one, without new memory.
func TestArrangeAgain(t *testing.T) {
	s := Scene{Labels: []Label{{Text: "here"}}, Panels: []Panel{{Title: "t", Lines: []string{"a", "b"}}}}
	v := s.Camera.View()
	var used Overlay
	used.Arrange(&Scene{Plots: []Plot{{Title: "old", Series: series(1, 2)}}}, &v, 1280, 720, 12)
	used.Arrange(&s, &v, 640, 360, 0)
	fresh := overlay(t, &s, 360)
	if len(used.Stamps) != len(fresh.Stamps) || used.Face.Height != 360 {
		t.Fatalf("%d stamps in letters for %d rows", len(used.Stamps), used.Face.Height)
	}
	for i := range fresh.Stamps {
		a, b := used.Stamps[i], fresh.Stamps[i]
		if a.Kind != b.Kind || rect(a) != rect(b) || a.Text != b.Text || len(a.Segments) != len(b.Segments) {
			t.Errorf("stamp %d is %+v, want %+v", i, a, b)
		}
	}
	if n := testing.AllocsPerRun(20, func() { used.Arrange(&s, &v, 640, 360, 0) }); n != 0 {
		t.Errorf("laying out again allocates %v times", n)
	}
}
