package viewer

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// replayDesk is a desk on a recorded fall of two boxes, with n steps.
func replayDesk(t *testing.T, n int) *desk {
	t.Helper()
	m, s := twoBoxes(t)
	rec, err := m.NewStepper(sim.Options{}).Rollout(s, n, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{}
	d := newDesk(m, o)
	d.width, d.height = 640, 360
	if err := d.play(rec, &o); err != nil {
		t.Fatal(err)
	}
	d.frame(s.Q)
	return d
}

// TestTogglesSwitchWhatTheHelpSays presses each key and looks at what the picture holds before and after.
func TestTogglesSwitchWhatTheHelpSays(t *testing.T) {
	d := armDesk(t)
	d.forwardBy(40)
	d.selected = 1
	for _, c := range []struct {
		key   key
		what  string
		count func(*scene.Scene) int
	}{
		{'C', "contact points", func(s *scene.Scene) int { return len(s.Points) }},
		{'F', "force arrows", func(s *scene.Scene) int { return len(s.Arrows) }},
		{'M', "mass center", func(s *scene.Scene) int { return len(s.Points) }},
		{'R', "traces", func(s *scene.Scene) int { return len(s.Traces) }},
		{'L', "names", func(s *scene.Scene) int { return len(s.Labels) }},
		{'T', "see-through bodies", func(s *scene.Scene) int {
			n := 0
			for _, it := range s.Items {
				if it.Color.Or(scene.ColorOf(0)).A < 1 {
					n++
				}
			}
			return n
		}},
		{'S', "no shadows", func(s *scene.Scene) int {
			if s.Light.NoShadows {
				return 1
			}
			return 0
		}},
		{'B', "contact shapes in place of visuals", func(s *scene.Scene) int { return -len(s.Items) }},
		{'I', "inertia boxes", func(s *scene.Scene) int { return len(s.Items) }},
		{'N', "joint axes", func(s *scene.Scene) int { return len(s.Arrows) }},
		{'O', "the board", func(s *scene.Scene) int { return len(s.Boards) }},
		{'P', "plots", func(s *scene.Scene) int { return len(s.Plots) }},
		{keyF2, "text", func(s *scene.Scene) int { return len(s.Panels) }},
		{keyF1, "help in place of the plot", func(s *scene.Scene) int { return len(s.Plots) }},
	} {
		count := func() int {
			var sc scene.Scene
			d.draw(&sc)
			return c.count(&sc)
		}
		before := count()
		d.tap(c.key, 0)
		between := count()
		d.tap(c.key, 0)
		if after := count(); between == before || after != before {
			t.Errorf("%q changes the %s from %d to %d and back to %d", rune(c.key), c.what, before, between, after)
		}
	}
	frames := func() int {
		var sc scene.Scene
		d.draw(&sc)
		return len(sc.Frames)
	}
	got := []int{frames()}
	d.tap('E', 0)
	got = append(got, frames())
	d.selected = -1
	got = append(got, frames())
	d.tap('E', 0)
	if got = append(got, frames()); got[0] != 0 || got[1] != 2 || got[2] != 3 || got[3] != 0 {
		t.Errorf("E shows %v frames, want none, those of world and selection, those of the bodies, none", got)
	}
	if d.tap('W', 0); !d.shown("wires") {
		t.Error("W shows no wires")
	}
	if d.tap(keyF12, 0); !d.shot {
		t.Error("F12 asks for no picture")
	}
}

// TestHelpFits into the smallest window that is opened by itself.
func TestHelpFits(t *testing.T) {
	d := liveDesk(t, Options{})
	d.tap(keyF1, 0)
	var sc scene.Scene
	d.draw(&sc)
	var o scene.Overlay
	v := sc.Camera.View()
	o.Arrange(&sc, &v, 640, 360, 0)
	boxes := 0
	for _, s := range o.Stamps {
		if s.Kind == scene.Box {
			boxes++
			if s.X < 0 || s.Y < 0 || s.X+s.Width > 640 || s.Y+s.Height > 360 {
				t.Errorf("a panel is at (%d, %d), %d×%d in a picture of 640×360", s.X, s.Y, s.Width, s.Height)
			}
		}
	}
	if boxes < 2 {
		t.Errorf("%d panels", boxes)
	}
}

// TestJointCharts: the first joints with one axis, or the selected one; a floating base shows where it is.
func TestJointCharts(t *testing.T) {
	m, start, err := models.Load("quadruped", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Paused: true}
	d := newDesk(m, o)
	if err := d.goLive(start, &o); err != nil {
		t.Fatal(err)
	}
	c := d.jointChart()
	if len(c.names) != curves || c.value(2, d.now()) != start.Q[9] {
		t.Errorf("the first joints are %v, the third at %g, want %g", c.names, c.value(2, d.now()), start.Q[9])
	}
	d.selected = 3
	if c := d.jointChart(); len(c.names) != 1 || c.names[0] != m.Joints()[3].Name || c.value(0, d.now()) != start.Q[9] {
		t.Errorf("the selected joint is %v at %g", c.names, c.value(0, d.now()))
	}
	d.selected = 0
	if c := d.jointChart(); strings.Join(c.names, "") != "xyz" || c.value(2, d.now()) != start.Q[2] || !strings.Contains(c.title, "[m]") {
		t.Errorf("the base shows %q: %v", c.title, c.names)
	}
}

// TestChartsLeaveOutWhatIsNotKnown: a hole in a curve, no made-up zero.
func TestChartsLeaveOutWhatIsNotKnown(t *testing.T) {
	sample := func(v []float64, _ int, s sim.State) { v[0] = s.Q[2] }
	d := liveDesk(t, Options{Signals: []Signal{{Title: "one", Names: []string{"a"}, Sample: sample}, {Title: "two", Names: []string{"b"}, Sample: sample}}})
	var unknown, known moment
	unknown.take(0, d.now().State)
	known.take(0, d.now().State)
	known.Known = scene.KnownContacts | scene.KnownEnergy | scene.KnownResult
	known.Energy = sim.Energy{Kinetic: 3, Gravity: -1}
	known.Contacts = make([]sim.Contact, 2)
	known.Contacts[0].Force.Z, known.Contacts[1].Force.Z = 5, -2
	known.Result.Iterations = 7
	known.values, unknown.values = []float64{0.2, 0.3}, []float64{0.2}
	for _, c := range []struct {
		chart chart
		want  []float64
	}{{energyChart(), []float64{3, 2}}, {d.forceChart(), []float64{3, 5}}, {iterationChart(), []float64{7}}, {d.allCharts()[4], []float64{0.3}}} {
		for i, want := range c.want {
			if got := c.chart.value(i, &known); got != want {
				t.Errorf("%s, %s is %g, want %g", c.chart.title, c.chart.names[i], got, want)
			}
			if got := c.chart.value(i, &unknown); !math.IsNaN(got) {
				t.Errorf("%s, %s is %g where nothing is known", c.chart.title, c.chart.names[i], got)
			}
		}
	}
}

// TestPlotEndsAtTheCursor and holds no more than its width.
func TestPlotEndsAtTheCursor(t *testing.T) {
	d := liveDesk(t, Options{})
	d.forwardBy(plotSteps + 50)
	height := chart{"height", []string{"z"}, func(_ int, m *moment) float64 { return m.State.Q[2] }}
	if v := d.plot(height).Series[0].Values; len(v) != plotSteps || v[len(v)-1] != d.now().State.Q[2] {
		t.Errorf("%d values of %d", len(v), plotSteps)
	}
	d.scrub(10 - d.cursor)
	if v := d.plot(height).Series[0].Values; len(v) != 11 || v[0] != 0.12 || v[10] != d.now().State.Q[2] {
		t.Errorf("at step 10 there are %d values, from %g", len(v), v[0])
	}
}

// TestPageKeysWalkTheTree: up to the parent, down to the next body.
func TestPageKeysWalkTheTree(t *testing.T) {
	d := liveDesk(t, Options{})
	for _, c := range []struct {
		key  key
		want int
	}{{keyPageUp, -1}, {keyPageDown, 0}, {keyPageDown, 1}, {keyPageDown, 0}, {keyPageUp, -1}} {
		if d.tap(c.key, 0); d.selected != c.want {
			t.Errorf("key %d selects %d, want %d", c.key, d.selected, c.want)
		}
	}
}

// TestRecordingsCannotBeTouched: a push or another κ would be a lie; the user is told.
func TestRecordingsCannotBeTouched(t *testing.T) {
	d := replayDesk(t, 20)
	d.posesAt(d.poses, 0)
	x, y := d.where(0)
	d.dragFrom(rightButton, control, x, y, x+50, y)
	if d.push.kind != noPush || !strings.Contains(d.said, "recording") {
		t.Errorf("a drag pushes (%v), it says %q", d.push.kind, d.said)
	}
	kappa := d.stepper.Options().Kappa
	d.tap(keyPeriod, 0)
	if d.stepper.Options().Kappa != kappa || !strings.Contains(d.said, "κ belongs") {
		t.Errorf("κ became %g, it says %q", d.stepper.Options().Kappa, d.said)
	}
	d.mode, d.stepper = loop, nil
	d.dragFrom(rightButton, control, x, y, x+50, y)
	if d.push.kind != noPush || !strings.Contains(d.said, "Options.Stepper") {
		t.Errorf("in a loop without a stepper it says %q", d.said)
	}
}

// TestDragBesideBodiesTakesTheSelected: light bodies are hard to hit.
func TestDragBesideBodiesTakesTheSelected(t *testing.T) {
	d := liveDesk(t, Options{})
	d.dragFrom(leftButton, control, 5, 5, 50, 5)
	if d.push.kind != noPush {
		t.Error("a drag of nothing takes hold of something")
	}
	d.selected = 1
	d.dragFrom(leftButton, control|shift, 5, 5, 50, 5)
	if d.push.kind != pull || d.push.body != 1 || math.Abs(d.push.grip.X)+math.Abs(d.push.grip.Y)+math.Abs(d.push.grip.Z) > 1e-12 {
		t.Errorf("it takes body %d at %v, want the selected at its center of mass", d.push.body, d.push.grip)
	}
	d.tap(keyEscape, 0)
	if d.push.kind != noPush || d.selected != -1 || d.drag != noDrag {
		t.Error("Esc does not let go")
	}
}

// TestTimeBar: its strip takes the mouse where there is something to go through, from one edge to the other.
func TestTimeBar(t *testing.T) {
	d := replayDesk(t, 80)
	low := d.height - 1
	for _, c := range []struct {
		x    float64
		want int
	}{{0, 0}, {160, 20}, {639.9, 80}} {
		d.handle(event{kind: buttonEvent, down: true, x: c.x, y: low})
		if d.drag != barDrag || d.cursor != c.want || !d.paused {
			t.Errorf("a press at %g leads to step %d, want %d", c.x, d.cursor, c.want)
		}
	}
	d.handle(event{kind: moveEvent, x: -50, y: 10})
	if d.cursor != 0 {
		t.Errorf("a drag beyond the edge leads to step %d", d.cursor)
	}
	d.handle(event{kind: buttonEvent, x: -50, y: 10})
	d.handle(event{kind: moveEvent, x: 300, y: low})
	if d.cursor != 0 || d.drag != noDrag {
		t.Errorf("after the drag the mouse moves the cursor to %d", d.cursor)
	}
	if one := liveDesk(t, Options{}); one.overBar(one.height - 1) {
		t.Error("there is a time bar for one moment")
	}
}

// TestPickMisses: outside of the picture, the sky and the ground are no body.
func TestPickMisses(t *testing.T) {
	d := liveDesk(t, Options{})
	for _, p := range [][2]float64{{-1, 5}, {5, -1}, {640, 5}, {5, 360}, {2, 2}, {320, 355}} {
		if body, _ := d.pick(p[0], p[1]); body != -1 {
			t.Errorf("at %v there is body %d", p, body)
		}
	}
	x, y := d.where(1)
	body, at := d.pick(x, y)
	local := d.poses[1].Inv().Apply(at)
	if most := max(math.Abs(local.X), math.Abs(local.Y), math.Abs(local.Z)); body != 1 || math.Abs(most-0.1) > 1e-4 {
		t.Errorf("body %d at %v, want the surface of the box", body, local)
	}
}
