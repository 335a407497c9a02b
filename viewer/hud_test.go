package viewer

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestAtlasHoldsWhatTheViewerWrites covers the help and Greek names of signals in all sizes.
func TestAtlasHoldsWhatTheViewerWrites(t *testing.T) {
	for _, height := range []int{120, 360, 720, 1080, 2160, 4320} {
		a := newAtlas(height)
		question, _ := a.letter('?')
		for _, r := range strings.Join(helpLines(), "") + "–…" + "κ μ λ θ × ²·äöü" {
			g, c := a.letter(r)
			if r != ' ' && (g == question || g.Mask.Rect.Dx() == 0) {
				t.Errorf("height %d: there is no %q", height, r)
			}
			x, y := int(math.Round(c.u0*float64(a.size()))), int(math.Round(c.v0*float64(a.size())))
			for v := range g.Mask.Rect.Dy() {
				w := g.Mask.Rect.Dx()
				if !slices.Equal(a.mask.Pix[(y+v)*a.mask.Stride+x:][:w], g.Mask.Pix[v*g.Mask.Stride:][:w]) {
					t.Fatalf("height %d: the mask of %q was overwritten", height, r)
				}
			}
		}
	}
}

// TestAtlasIsTakenOnceByTheGraphics: new letters make it stale, known ones do not.
func TestAtlasIsTakenOnceByTheGraphics(t *testing.T) {
	var h hud
	write := func(s string) bool {
		h.fill(&scene.Scene{Panels: []scene.Panel{{Lines: []string{s}}}}, &scene.View{}, 640, 360, -1)
		stale := h.atlas.stale
		h.atlas.stale = false
		return stale
	}
	for _, c := range []struct {
		text string
		want bool
	}{{"abc", true}, {"cab", false}, {"abd", true}, {"", false}} {
		if got := write(c.text); got != c.want {
			t.Errorf("after %q the atlas is stale: %v, want %v", c.text, got, c.want)
		}
	}
}

// TestFullAtlasWritesQuestionMarks: no text may be lost without a sign, and no other text may break.
func TestFullAtlasWritesQuestionMarks(t *testing.T) {
	a := newAtlas(720)
	question, at := a.letter('?')
	n := 0
	for r := rune(0x21); r < 0x3000; r++ {
		if a.face.Glyph(r) == question {
			continue // the typeface has none
		}
		n++
		if _, c := a.letter(r); c == at && r != '?' {
			if n < manyLetters {
				t.Errorf("only %d letters have room, want %d", n, manyLetters)
			}
			return
		}
	}
	t.Logf("all %d letters of the typeface have room", n)
}

func TestHudStaysInThePicture(t *testing.T) {
	var h hud
	var sc scene.Scene
	for c := range scene.Corner(4) {
		sc.Panels = append(sc.Panels, scene.Panel{Corner: c, Title: "title", Lines: []string{"one", "two"}})
		sc.Plots = append(sc.Plots, scene.Plot{Corner: c, Title: "p", Series: []scene.Series{{Name: "a", Values: []float64{1, math.NaN(), 3, 2}}}})
	}
	h.fill(&sc, &scene.View{}, 1280, 720, 0.5)
	for i := 0; i < len(h.data); i += hudFloats {
		if x, y := h.data[i], h.data[i+1]; !(x >= 0 && x <= 1280 && y >= 0 && y <= 720) {
			t.Fatalf("a corner is at (%g, %g)", x, y)
		}
	}
}

// sample returns the mask of the atlas at a texture coordinate, filtered as the graphics do.
func (a *atlas) sample(u, v float64) float64 {
	x, y := u*float64(a.size())-0.5, v*float64(a.size())-0.5
	x0, y0 := math.Floor(x), math.Floor(y)
	at := func(x, y float64) float64 { return float64(a.mask.Pix[int(y)*a.mask.Stride+int(x)]) / 255 }
	row := func(y float64) float64 { return at(x0, y) + (x-x0)*(at(x0+1, y)-at(x0, y)) }
	return row(y0) + (y-y0)*(row(y0+1)-row(y0))
}

// TestLineCoversWhatTheRasterCovers follows the texture across lines of several widths.
func TestLineCoversWhatTheRasterCovers(t *testing.T) {
	for _, half := range []float64{0.5, 0.7, 1, 3, 20} {
		h := hud{atlas: newAtlas(360)}
		h.line(scene.Segment{X0: 10, Y0: 50, X1: 90, Y1: 50}, half, &scene.Color{})
		for k := range 2 { // a quad above the line and one below
			edge, middle := h.data[6*k*hudFloats:], h.data[(6*k+2)*hudFloats:]
			if far := math.Abs(float64(edge[1]) - 50); math.Abs(far-half-0.5) > 1e-5 || middle[1] != 50 {
				t.Errorf("half width %g: the quad reaches from %g to %g pixels", half, far, middle[1]-50)
			}
			for d := 0.0; d <= half+0.5; d += 0.1 {
				s := d / (half + 0.5)
				v := float64(middle[3]) + s*(float64(edge[3])-float64(middle[3]))
				want := clamp(half+0.5-d, 0, 1)
				if got := h.atlas.sample(float64(edge[2]), v); math.Abs(got-want) > 0.01 {
					t.Errorf("half width %g: %g pixels from the line it covers %.3f, want %.3f", half, d, got, want)
				}
			}
		}
	}
}

// TestTimeBarLeavesRoom: panels and plots stand above the strip that takes the mouse.
func TestTimeBarLeavesRoom(t *testing.T) {
	var h hud
	sc := scene.Scene{Panels: []scene.Panel{{Corner: scene.BottomLeft, Lines: []string{"x"}}}}
	lowest := func(bar float64) int {
		h.fill(&sc, &scene.View{}, 1280, 720, bar)
		s := h.overlay.Stamps[0]
		return s.Y + s.Height
	}
	if free, over := lowest(-1), lowest(0.5); free-over != int(barHeight(720)) {
		t.Errorf("the time bar lifts a panel from %d to %d, want by %g pixels", free, over, barHeight(720))
	}
}

func TestWrap(t *testing.T) {
	l := wrap(strings.Repeat("word ", 30), 20)
	for _, s := range l {
		if len(s) > 20 || strings.HasPrefix(s, " ") {
			t.Errorf("line %q", s)
		}
	}
	if got := strings.Join(strings.Fields(strings.Join(l, " ")), " "); got != strings.TrimSpace(strings.Repeat("word ", 30)) {
		t.Errorf("wrapping lost words: %q", got)
	}
}
