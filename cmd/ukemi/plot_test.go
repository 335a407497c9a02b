package main

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
	"gonum.org/v1/plot"
)

// TestSeriesThins: a long run leaves at most so many points, merged as the curve asks, with the time of the last.
func TestSeriesThins(t *testing.T) {
	const steps = 9000
	last, most := newSeries("last", steps, nil), newSeries("most", steps, math.Max)
	for k := range steps {
		y := float64(k % 5)
		last.add(float64(k), y)
		most.add(float64(k), y)
	}
	if last.bucket != 5 || last.Len() != 1800 || most.Len() != 1800 {
		t.Fatalf("%d points of %d steps each", last.Len(), last.bucket)
	}
	for i := range last.Len() {
		if x, y := last.XY(i); x != float64(5*i+4) || y != 4 {
			t.Fatalf("point %d is (%g, %g)", i, x, y)
		}
	}
	peak := newSeries("peak", steps, math.Max)
	for _, y := range []float64{1, 7, 2, 0, 3, 5} {
		peak.add(0, y)
	}
	if !slices.Equal(peak.y, []float64{7, 5}) {
		t.Errorf("peaks are %v, want the largest of each bucket", peak.y)
	}
	short := newSeries("short", 10, math.Max)
	short.add(0, 3)
	short.add(1, -1)
	if low, high := short.extent(); short.Len() != 2 || low != -1 || high != 3 {
		t.Errorf("a short run has %d points from %g to %g", short.Len(), low, high)
	}
	if low, high := newSeries("", 1, nil).extent(); low < high {
		t.Errorf("nothing reaches from %g to %g", low, high)
	}
}

// titles returns those of the panels a picture of the model has.
func titles(t *testing.T, name string) (*picture, []string) {
	t.Helper()
	d, err := draft.New(filepath.Join(t.TempDir(), "x.PNG"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Keep(nil) })
	p, err := newPicture(d, load(t, name), 100, choice{})
	if err != nil {
		t.Fatal(err)
	}
	var l []string
	for _, n := range p.panels {
		l = append(l, n.title+" ["+n.unit+"]")
	}
	return p, l
}

// TestPanels: what is drawn follows from what the model has.
func TestPanels(t *testing.T) {
	for name, want := range map[string]string{
		"quadruped": "Position of trunk [m], Joint coordinates [rad], Energy [J], Normal forces [N], Smallest gap [m], Iterations of the solver []",
		"block":     "Position of block [m], Velocities [m/s, rad/s], Energy [J], Normal forces [N], Smallest gap [m], Iterations of the solver []",
		"cartpole":  "Joint coordinates [rad, m], Energy [J], Change of total energy [J], Iterations of the solver []",
		"pendulum":  "Joint coordinates [rad], Energy [J], Change of total energy [J], Iterations of the solver []",
	} {
		if _, got := titles(t, name); strings.Join(got, ", ") != want {
			t.Errorf("%s shows %s\nwant %s", name, strings.Join(got, ", "), want)
		}
	}
}

// TestPictureShowsTheRun compares the last point of every curve with the last moment.
func TestPictureShowsTheRun(t *testing.T) {
	p, _ := titles(t, "quadruped")
	w := load(t, "quadruped")
	st := w.model.NewStepper(sim.Options{})
	var now scene.Moment
	x := w.start.Clone()
	now.Set(0, x)
	now.Report(st, sim.Result{})
	_ = now.Weigh(st)
	if err := p.take(&now); err != nil {
		t.Fatal(err)
	}
	for k := range 30 {
		res, err := st.Step(&x, x, nil)
		if err != nil {
			t.Fatal(err)
		}
		now.Set(0.01*float64(k+1), x)
		now.Report(st, res)
		_ = now.Weigh(st)
		if err := p.take(&now); err != nil {
			t.Fatal(err)
		}
	}
	end := func(title, curve string, points int) float64 {
		for _, n := range p.panels {
			for _, c := range n.curves {
				if n.title == title && c.name == curve {
					if at, _ := c.XY(c.Len() - 1); at != now.Time || c.Len() != points {
						t.Errorf("%s, %s: %d points until %g s, want %d until %g s", title, curve, c.Len(), at, points, now.Time)
					}
					return c.y[c.Len()-1]
				}
			}
		}
		t.Fatalf("there is no curve %q in %q", curve, title)
		return 0
	}
	gap, foot := math.Inf(1), 0.0
	fl := slices.IndexFunc(w.model.Colliders(), func(s string) bool { return strings.HasPrefix(s, "FL_foot") })
	for _, c := range now.Contacts {
		gap = min(gap, c.Gap)
		if c.ID.A == fl {
			foot += c.Force.Z
		}
	}
	thigh := joint(t, w.model, "FL_thigh_joint")
	for _, c := range []struct {
		title, curve string
		points       int
		want         float64
	}{
		{"Position of trunk", "z", 31, x.Q[2]},
		{"Joint coordinates", "FL_thigh", 31, x.Q[thigh.Q]},
		{"Energy", "total", 31, now.TotalEnergy()},
		{"Energy", "potential", 31, now.Energy.Gravity + now.Energy.Spring},
		{"Normal forces", w.model.Colliders()[fl], 30, foot}, // no force at the start
		{"Smallest gap", "closest contact", 30, gap},
		{"Iterations of the solver", "per step", 30, float64(now.Result.Iterations)},
	} {
		if got := end(c.title, c.curve, c.points); got != c.want {
			t.Errorf("%s, %s ends at %g, want %g", c.title, c.curve, got, c.want)
		}
	}
	if foot == 0 {
		t.Error("no foot touches: the forces were not tested")
	}
}

// TestForcesAreSummedByShape: the corners of a box are one curve.
func TestForcesAreSummedByShape(t *testing.T) {
	p, _ := titles(t, "block")
	for _, n := range p.panels {
		if n.title != "Normal forces" {
			continue
		}
		now := scene.Moment{Known: scene.KnownContacts | scene.KnownResult, Contacts: make([]sim.Contact, 8)}
		for i := range now.Contacts {
			now.Contacts[i].ID, now.Contacts[i].Normal = sim.ContactID{Pair: sim.Pair{B: -1}, Feature: i}, r3.Vec{Z: 1}
		}
		now.Contacts[2].Force.Z, now.Contacts[2].Force.X, now.Contacts[7].Force.Z = 3, 40, 4
		n.take(&now)
		if len(n.curves) != 1 || n.curves[0].y[0] != 7 {
			t.Errorf("%d curves, the first says %v, want 7 N", len(n.curves), n.curves[0].y)
		}
		if want := p.m.Mechanism(0).Weight(); n.levelName != "weight" || math.Abs(n.level-want) > 1e-9 {
			t.Errorf("the line for comparison is %q at %g N, want the weight of %g N", n.levelName, n.level, want)
		}
	}
}

// TestWhatDoesNotPushIsNotDrawn: of a robot with dozens of shapes the diagram of forces named the first thirteen, those
// of its trunk, and not the feet it stood on.
func TestWhatDoesNotPushIsNotDrawn(t *testing.T) {
	shapes := []*series{newSeries("trunk", 2, nil), newSeries("left", 2, nil), newSeries("right", 2, nil)}
	n := &panel{risen: true, curves: shapes}
	for i, f := range []float64{1e-6, 20, 35} {
		shapes[i].add(0, 0)
		shapes[i].add(0.01, f)
	}
	if l := n.shown(); !slices.Equal(l, shapes[1:]) {
		t.Errorf("%d curves are drawn, want those of both feet", len(l))
	}
	n.curves = []*series{newSeries("trunk", 2, nil)}
	if l := n.shown(); len(l) != 1 {
		t.Errorf("where nothing pushes %d curves are drawn, want all", len(l))
	}
}

// labels returns those of ticks.
func labels(l []plot.Tick) string {
	var s []string
	for _, k := range l {
		s = append(s, k.Label)
	}
	return strings.Join(s, " ")
}

func TestTicks(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		labels         int
		end, low, high float64
		want           string
	}{
		{8, 2, 0, 2.52, "0 0.5 1 1.5 2"}, // the margin has none
		{6, inf, -1.1, 1.1, "-1 -0.5 0 0.5 1"},
		{6, inf, 0, 1e-7, "0 2e-08 4e-08 6e-08 8e-08 1e-07"},
		{6, inf, 1000, 1012, "1000 1002 1004 1006 1008 1010 1012"},
		{6, inf, 3, 3, ""},
		{6, inf, 3, inf, ""},
		{6, inf, math.NaN(), 3, ""},
	} {
		if got := labels(even{c.labels, c.end}.Ticks(c.low, c.high)); got != c.want {
			t.Errorf("from %g to %g: %q, want %q", c.low, c.high, got, c.want)
		}
	}
	for _, c := range []struct {
		low, high float64
		want      string
	}{{1e-3, 1, "1e-3 1e-2 1e-1 1e0"}, {1e-12, 1, "1e-12  1e-10  1e-8  1e-6  1e-4  1e-2  1e0"}} {
		if got := labels(decades{}.Ticks(c.low, c.high)); got != c.want {
			t.Errorf("decades from %g to %g: %q, want %q", c.low, c.high, got, c.want)
		}
	}
}

// TestAxes: every curve lies inside its diagram, also a constant one, and time leaves room for the names.
func TestAxes(t *testing.T) {
	for _, c := range []struct {
		log, counts    bool
		low, high      float64
		wantLow, atTop float64 // bounds that the range must hold and must not exceed
	}{
		{false, false, -2, 3, -2, 3.5},
		{false, false, 5, 5, 5, 5.001},
		{false, true, 4, 4, 4, 5},
		{false, false, 0, 0, 0, 1e-9},
		{true, false, 3e-8, 0.2, 3e-8, 1},
		{true, false, 1e-3, 1e-3, 1e-3, 1e-2},
	} {
		n := &panel{unit: "m", log: c.log}
		if c.counts {
			n.unit = ""
		}
		d := plot.New()
		n.axes(d, 0, 2, c.low, c.high)
		if !(d.Y.Min <= c.low && d.Y.Max >= c.high && d.Y.Min < d.Y.Max) || d.Y.Max > c.atTop {
			t.Errorf("%g … %g is drawn from %g to %g", c.low, c.high, d.Y.Min, d.Y.Max)
		}
		if d.X.Min != 0 || d.X.Max <= 2.2 {
			t.Errorf("time reaches from %g to %g", d.X.Min, d.X.Max)
		}
	}
	d := plot.New()
	if (&panel{}).axes(d, 0, 0, 0, 1); d.X.Max < 1 {
		t.Errorf("a run of no length has the axis %g", d.X.Max)
	}
}

// TestManyNames: a legend that would run out of its diagram ends in dots.
func TestManyNames(t *testing.T) {
	n := &panel{title: "many"}
	for range 40 {
		c := newSeries("name", 1, nil)
		c.add(0, 1)
		n.curves = append(n.curves, c)
	}
	n.curves = append(n.curves, newSeries("nothing yet", 1, nil))
	if _, err := n.plot(&picture{end: 1}); err != nil {
		t.Error(err)
	}
	if _, err := (&panel{title: "empty", curves: []*series{newSeries("", 1, nil)}}).plot(&picture{end: 1}); err != nil {
		t.Errorf("a panel without points: %v", err)
	}
}
