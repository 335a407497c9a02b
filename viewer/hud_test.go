package viewer

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestTypefaceHasWhatTheViewerWrites covers the help and Greek names of signals in all sizes.
func TestTypefaceHasWhatTheViewerWrites(t *testing.T) {
	for _, height := range []int{120, 360, 720, 1080, 2160, 4320} {
		f := newTypeface(height)
		for _, r := range strings.Join(helpLines, "") + "κ μ λ θ × ²·äöü" {
			if g, ok := f.glyphs[r]; !ok || r != ' ' && g.w == 0 {
				t.Errorf("height %d: there is no %q", height, r)
			}
		}
	}
}

func TestHudStaysInThePicture(t *testing.T) {
	var h hud
	h.begin(1280, 720)
	for c := range scene.Corner(4) {
		h.panel(&scene.Panel{Corner: c, Title: "title", Lines: []string{"one", "two"}})
		h.plot(&scene.Plot{Corner: c, Title: "p", Series: []scene.Series{{Name: "a", Values: []float64{1, math.NaN(), 3, 2}}}})
	}
	h.bar(0.5)
	for i := 0; i < len(h.data); i += hudFloats {
		if x, y := h.data[i], h.data[i+1]; !(x >= 0 && x <= 1280 && y >= 0 && y <= 720) {
			t.Fatalf("a corner is at (%g, %g)", x, y)
		}
	}
}

func TestPlotRange(t *testing.T) {
	for _, c := range []struct {
		values          []float64
		low, high, step float64
	}{
		{[]float64{0, 10}, 0, 10, 5},
		{[]float64{-1, 2.5}, -2, 4, 2},
		{[]float64{3, 3 + 1e-12}, 1, 5, 1},
		{[]float64{math.NaN()}, 0, 1, 0.5},
		{nil, 0, 1, 0.5},
	} {
		low, high, step := plotRange(&scene.Plot{Series: []scene.Series{{Values: c.values}}})
		if math.Abs(low-c.low)+math.Abs(high-c.high)+math.Abs(step-c.step) > 1e-9 {
			t.Errorf("%v gives %g … %g by %g, want %g … %g by %g", c.values, low, high, step, c.low, c.high, c.step)
		}
	}
}

func TestWrap(t *testing.T) {
	l := wrap(strings.Repeat("word ", 30), 20)
	for _, s := range l {
		if columns(s) > 20 || strings.HasPrefix(s, " ") {
			t.Errorf("line %q", s)
		}
	}
	if got := strings.Join(strings.Fields(strings.Join(l, " ")), " "); got != strings.TrimSpace(strings.Repeat("word ", 30)) {
		t.Errorf("wrapping lost words: %q", got)
	}
}
