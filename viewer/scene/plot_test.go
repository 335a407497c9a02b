package scene

import (
	"math"
	"slices"
	"testing"
)

func series(values ...float64) []Series { return []Series{{Values: values}} }

func TestPlotLimits(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		p               Plot
		low, high, step float64
	}{
		{Plot{Series: series(3, 97)}, 0, 100, 50},
		{Plot{Series: series(0, 10)}, 0, 10, 5},
		{Plot{Series: series(-1, 2.5)}, -2, 4, 2},
		{Plot{Series: series(-0.12, nan, 0.05)}, -0.2, 0.1, 0.1},
		{Plot{Series: series(4, 4)}, 2, 6, 2},
		{Plot{Series: series(3, 3+1e-12)}, 1, 5, 1},
		{Plot{Series: series(nan, math.Inf(1))}, 0, 1, 0.5},
		{Plot{Min: -1, Max: 2}, -1, 2, 1},
		{Plot{Min: -1, Max: 2, Series: series(50)}, -1, 2, 1},
		{Plot{Max: math.Inf(1), Series: series(1, 2)}, 1, 2, 0.5},
		{Plot{}, 0, 1, 0.5},
	} {
		low, high, step := c.p.limits()
		if math.Abs(low-c.low)+math.Abs(high-c.high)+math.Abs(step-c.step) > 1e-12 {
			t.Errorf("the range of %v is %g…%g by %g, want %g…%g by %g", c.p.Series, low, high, step, c.low, c.high, c.step)
		}
	}
}

func TestGridNumbers(t *testing.T) {
	for _, c := range []struct {
		p    Plot
		want []string
	}{
		{Plot{Series: series(-0.12, 0.05)}, []string{"-0.2", "-0.1", "0", "0.1"}},
		{Plot{Min: 0.9, Max: 4.1}, []string{"2", "4"}},
		{Plot{Series: series(0, 2.4e6)}, []string{"0", "1e+06", "2e+06", "3e+06"}},
		{Plot{Series: series(0, 3e-5)}, []string{"0", "1e-05", "2e-05", "3e-05"}},
	} {
		g := c.p.grid(99)
		var got []string
		widest := 0
		for i := range g.lines {
			got = append(got, g.number(i))
			widest = max(widest, columns(g.number(i)))
		}
		if !slices.Equal(got, c.want) || g.columns != widest {
			t.Errorf("%+v has the numbers %q, %d columns wide; want %q", c.p, got, g.columns, c.want)
		}
	}
	if got := tick(-0.30000000000000004, 0.1); got != "-0.3" {
		t.Errorf("a number that was rounded reads %q", got)
	}
}

// TestCurveFollowsItsValues: the ends of segments are where the grid says the values are, and a hole stays one.
func TestCurveFollowsItsValues(t *testing.T) {
	p := Plot{Samples: 11, Min: 0, Max: 10, Series: series(0, 10, math.NaN(), 5, 5, 99)}
	o := overlay(t, &Scene{Plots: []Plot{p}}, 720)
	strokes := of(o, Stroke)
	if len(strokes) != 2 {
		t.Fatalf("%d strokes, want the grid and a curve", len(strokes))
	}
	grid, curve := strokes[0].Segments, strokes[1].Segments
	zero, five, ten := grid[0], grid[1], grid[2]
	if len(curve) != 3 {
		t.Fatalf("%d segments, want 3: the hole takes two", len(curve))
	}
	dx := (zero.X1 - zero.X0) / 10
	near := func(a, b float64) bool { return math.Abs(a-b) <= 0.5 } // grid lines are on whole pixels
	for i, want := range []Segment{
		{zero.X0, zero.Y0, zero.X0 + dx, ten.Y0},
		{zero.X0 + 3*dx, five.Y0, zero.X0 + 4*dx, five.Y0},
		{zero.X0 + 4*dx, five.Y0, zero.X0 + 5*dx, ten.Y0}, // 99 is drawn at the edge
	} {
		if got := curve[i]; !near(got.X0, want.X0) || !near(got.Y0, want.Y0) || !near(got.X1, want.X1) || !near(got.Y1, want.Y1) {
			t.Errorf("segment %d is %+v, want %+v", i, got, want)
		}
	}
}

// TestLongCurveIsCut: a series longer than the axis ends with it.
func TestLongCurveIsCut(t *testing.T) {
	o := overlay(t, &Scene{Plots: []Plot{{Samples: 3, Series: series(1, 2, 3, 4, 5)}}}, 720)
	strokes := of(o, Stroke)
	grid, curve := strokes[0].Segments[0], strokes[1].Segments
	if len(curve) != 2 || curve[1].X1 != grid.X1 {
		t.Errorf("a curve of 3 samples has %d segments and ends at %g, the axis at %g", len(curve), curve[len(curve)-1].X1, grid.X1)
	}
}

// TestLegend: names stand in their colors beside the title where there is room, else below it.
func TestLegend(t *testing.T) {
	red := RGB(0xFF0000)
	p := Plot{Title: "force", Series: []Series{{Name: "left", Values: []float64{1}}, {}, {Name: "right", Color: red}}}
	o := overlay(t, &Scene{Plots: []Plot{p}}, 720)
	title, left, right := word(t, o, "force"), word(t, o, "left"), word(t, o, "right")
	if left.Y != title.Y || right.Y != title.Y || left.Color != ColorOf(0) || right.Color != red {
		t.Errorf("title %+v, names %+v and %+v", title, left, right)
	}
	if gap := right.X - left.X; gap != 6*o.Face.Advance {
		t.Errorf("%d pixels between the names, want six letters of %d", gap, o.Face.Advance)
	}
	box := of(o, Box)[0]
	if end := right.X + 5*o.Face.Advance; end != box.X+box.Width-o.Face.Line/2 {
		t.Errorf("the last name ends at %d in a box that ends at %d", end, box.X+box.Width)
	}
	p.Title = "a title that leaves no room for names"
	o = overlay(t, &Scene{Plots: []Plot{p}}, 720)
	if title, left := word(t, o, p.Title), word(t, o, "left"); left.Y != title.Y+o.Face.Line {
		t.Errorf("the names stand %d pixels below a long title, want a line of %d", left.Y-title.Y, o.Face.Line)
	}
}

// TestTinyPlot has no room for a curve: it is a box, and nothing breaks.
func TestTinyPlot(t *testing.T) {
	o := overlay(t, &Scene{Plots: []Plot{{Width: 0.001, Height: 0.001, Series: series(1, 2)}}}, 90)
	if n := len(of(o, Stroke)); n != 0 {
		t.Errorf("%d strokes in a plot of no width", n)
	}
}
