package viewer

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// armDesk is a paused desk on an arm of two driven hinges on a free box, whose upper link touches with a ball smaller than its looks.
func armDesk(t testing.TB) *desk {
	t.Helper()
	b := onGround("arm")
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	base := b.AddLink("base", sim.BoxInertia(1, half))
	b.AddFree("float", base)
	b.AddCollider(sim.Collider{Link: base, Shape: contact.Box(half), Friction: 0.8})
	for _, name := range []string{"lower", "upper"} {
		parent := base
		l := b.AddLink(name, sim.BoxInertia(0.2, r3.Vec{X: 0.02, Y: 0.02, Z: 0.1}))
		b.AddJoint(sim.Joint{Name: name, Parent: parent, Child: l, Type: sim.Revolute(r3.Vec{Y: 1}), Origin: sim.At(0, 0, 0.2),
			Axes: []sim.Axis{{Drive: sim.Torque, Effort: 2, Limited: true, Lower: -1, Upper: 1.5}}})
		b.AddVisual(sim.Visual{Link: l, Shape: contact.Box(r3.Vec{X: 0.02, Y: 0.02, Z: 0.1})})
		b.AddVisual(sim.Visual{Link: l, Shape: contact.Sphere(0.05)})
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.03), Friction: 0.5})
		base = l
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewState()
	s.Q[2] = 0.1
	o := Options{Paused: true, Control: func(u []float64, _ int, _ sim.State) { u[1] = 0.25 }}
	d := newDesk(m, o)
	if err := d.goLive(s, &o); err != nil {
		t.Fatal(err)
	}
	d.frame(s.Q)
	return d
}

// openSection shows the board with one section open.
func (d *desk) openSection(s section) {
	d.board.shown = true
	d.board.open = [sections]bool{}
	d.board.open[s] = true
}

// pressRow presses the button of the mouse on a part of the row of that text, at how far along, as a user would: at its pixel.
func (d *desk) pressRow(t testing.TB, text string, part int, at float64) scene.Row {
	t.Helper()
	_, all, _ := d.spot(0, 0)
	for _, s := range d.board.over.Spots {
		if s.Row < 0 || s.Part != part || all[s.Row].row.Text != text {
			continue
		}
		x, y := float64(s.X)+at*float64(s.Width), float64(s.Y)+float64(s.Height)/2
		d.handle(event{kind: moveEvent, x: x, y: y})
		d.handle(event{kind: buttonEvent, down: true, x: x, y: y})
		d.handle(event{kind: buttonEvent, x: x, y: y})
		return all[s.Row].row
	}
	var rows []string
	for _, c := range all {
		rows = append(rows, c.row.Text)
	}
	t.Fatalf("no row %q with part %d among %q", text, part, rows)
	return scene.Row{}
}

// row returns a row of the board.
func (d *desk) row(text string) scene.Row {
	for _, c := range d.controls() {
		if c.row.Text == text {
			return c.row
		}
	}
	return scene.Row{}
}

// TestBoardTakesTheMouse: over the board a drag does not turn the camera and the wheel does not zoom, beside it they do.
func TestBoardTakesTheMouse(t *testing.T) {
	d := armDesk(t)
	d.tap('O', 0)
	_, _, _ = d.spot(0, 0)
	s := d.board.over.Spots[0]
	x, y := float64(s.X)+3, float64(s.Y)+3
	before := d.camera()
	d.dragFrom(leftButton, 0, x, y, x+50, y+30)
	d.handle(event{kind: wheelEvent, y: 1})
	d.handle(event{kind: moveEvent, x: x, y: y})
	d.handle(event{kind: wheelEvent, y: -1})
	d.handle(event{kind: buttonEvent})
	x = float64(s.X + s.Width + 20)
	if after := d.camera(); after.Azimuth != before.Azimuth {
		t.Error("a drag on the board turns the camera")
	}
	d.dragFrom(leftButton, 0, x, y, x+50, y)
	d.handle(event{kind: buttonEvent})
	if after := d.camera(); after.Azimuth == before.Azimuth {
		t.Error("a drag beside the board does not turn the camera")
	}
}

// TestSectionsOpen: every section has a title that opens and closes it; all rows are reached by the wheel.
func TestSectionsOpen(t *testing.T) {
	d := armDesk(t)
	d.tap('O', 0)
	for s := range sections {
		shut := len(d.controls())
		d.pressRow(t, s.String(), 0, 0.5)
		if !d.board.open[s] || len(d.controls()) <= shut {
			t.Errorf("a press on %q does not open it", s)
		}
		d.pressRow(t, s.String(), 0, 0.5)
		if d.board.open[s] || len(d.controls()) != shut {
			t.Errorf("a press on %q does not close it", s)
		}
	}
	for s := range sections {
		d.board.open[s] = true
	}
	d.width, d.height = 640, 360
	seen := map[int]bool{}
	for range 40 {
		_, all, _ := d.spot(0, 0)
		spots := d.board.over.Spots
		for _, s := range spots {
			seen[s.Row] = true
			if s.Y+s.Height > 360 || s.X < 0 {
				t.Fatalf("row %q leaves the picture: %+v", all[max(s.Row, 0)].row.Text, s)
			}
		}
		d.x, d.y = float64(spots[0].X)+5, float64(spots[0].Y)+5
		d.handle(event{kind: wheelEvent, y: -1})
	}
	for i, c := range d.controls() {
		if !seen[i] && c.do != nil {
			t.Errorf("row %q is never seen", c.row.Text)
		}
	}
}

// TestSwitchesOfTheWorld: without gravity what is thrown flies straight, without contact it falls through the ground; all comes back.
func TestSwitchesOfTheWorld(t *testing.T) {
	d := armDesk(t)
	d.openSection(setupSection)
	fall := func() float64 {
		from := d.now().State.Q[2]
		d.forwardBy(30)
		return d.now().State.Q[2] - from
	}
	d.forwardBy(20)
	d.pressRow(t, "contact", 0, 0.5)
	if down := fall(); down > -0.2 {
		t.Errorf("without contact the base moves by %g m in 0.3 s", down)
	}
	if !slices.Equal(d.off(), []string{"contact"}) {
		t.Errorf("off are %v", d.off())
	}
	d.tap(keyBackspace, 0)
	d.pressRow(t, "contact", 0, 0.5)
	d.pressRow(t, "gravity", 0, 0.5)
	if down := fall(); math.Abs(down) > 0.02 {
		t.Errorf("without gravity the base moves by %g m", down)
	}
	d.pressRow(t, "gravity", 0, 0.5)
	if k := d.pressRow(t, "κ", 0, 0.9999); k.Value == "" || d.stepper.Options().Kappa != 0.1 {
		t.Errorf("the right end of κ is %g", d.stepper.Options().Kappa)
	}
	if got := d.stepper.Model(); got.Gravity().Z != -9.81 || got.MaxContacts() == 0 {
		t.Error("gravity or contact did not come back")
	}
}

// TestSlidersMoveJointsAndInputs: a joint goes where it is put and rests there, within its limits; an input is the
// user's until it is given back.
func TestSlidersMoveJointsAndInputs(t *testing.T) {
	d := armDesk(t)
	d.forwardBy(5)
	d.openSection(jointSection)
	d.pressRow(t, "lower", 0, 0.9999)
	q := d.now().State.Q[7]
	if math.Abs(q-1.5) > 0.05 || slices.ContainsFunc(d.now().State.V, func(v float64) bool { return v != 0 }) || !d.paused {
		t.Errorf("the joint is at %g with velocities %v, want 1.5 at rest", q, d.now().State.V)
	}
	if d.row("lower").Value != "1.500" && math.Abs(q-1.5) < 1e-3 {
		t.Errorf("the slider reads %q", d.row("lower").Value)
	}
	_, all, _ := d.spot(0, 0)
	for _, s := range d.board.over.Spots {
		if s.Row >= 0 && s.Part == 0 && all[s.Row].row.Text == "upper" {
			y := float64(s.Y) + 3
			d.dragFrom(leftButton, 0, float64(s.X)+1, y, float64(s.X+s.Width)+500, y+200)
			d.handle(event{kind: buttonEvent})
		}
	}
	if q := d.now().State.Q[8]; q != 1.5 {
		t.Errorf("dragged beyond its end the joint is at %g, want its limit of 1.5", q)
	}
	d.handle(event{kind: moveEvent, x: 0, y: 0})
	if q := d.now().State.Q[8]; q != 1.5 {
		t.Errorf("after the drag the mouse moves the joint to %g", q)
	}
	d.openSection(inputSection)
	d.forwardBy(1)
	if r := d.row("upper"); r.Value != "0.250" || r.On {
		t.Errorf("the controller's input reads %q, taken over %v", r.Value, r.On)
	}
	d.pressRow(t, "upper", 0, 0)
	d.forwardBy(1)
	if d.u[1] != -2 || !d.row("upper").On {
		t.Errorf("the left end of an input of ±2 N m is %g", d.u[1])
	}
	d.pressRow(t, "upper", 1, 0.2)
	d.forwardBy(1)
	if d.u[1] != 0.25 {
		t.Errorf("given back, the input is %g, want the controller's 0.25", d.u[1])
	}
}

// TestSignalsArePicked: charts are chosen one by one, and signals of one kind share one; time is written below.
func TestSignalsArePicked(t *testing.T) {
	d := armDesk(t)
	d.openSection(signalSection)
	d.forwardBy(20)
	titles := func() string {
		var sc scene.Scene
		d.draw(&sc)
		var l []string
		for _, p := range sc.Plots {
			if !(p.To > p.From) {
				t.Errorf("chart %q has no times", p.Title)
			}
			l = append(l, p.Title)
		}
		return strings.Join(l, "|")
	}
	if got := titles(); got != energyTitle {
		t.Errorf("at first the charts are %s", got)
	}
	d.pressRow(t, energyTitle, 0, 0.5)
	d.pressRow(t, "contact force [N]", 1, 0.5)
	d.pressRow(t, "drive forces", 0, 0.5)
	d.pressRow(t, "tau.lower", 0, 0.5)
	d.pressRow(t, "tau.upper", 0, 0.5)
	if got := titles(); got != "contact force [N]|drive forces [N m]" {
		t.Errorf("the charts are %s", got)
	}
	var sc scene.Scene
	d.draw(&sc)
	s := sc.Plots[1].Series
	if len(s) != 2 || s[1].Name != "tau.upper" || s[1].Values[len(s[1].Values)-1] != 0.25 || s[1].Values[0] == s[1].Values[0] {
		t.Errorf("the drives are %+v, want 0.25 N m at last and nothing at the start", s)
	}
	for i := range d.picked {
		d.picked[i] = true
	}
	if n := strings.Count(titles(), "|") + 1; n != mostCharts {
		t.Errorf("%d charts, want at most %d", n, mostCharts)
	}
	d.tap('P', 0)
	if got := titles(); got != "" {
		t.Errorf("P leaves %s", got)
	}
}

// TestBodiesHide and are selected in the tree.
func TestBodiesHide(t *testing.T) {
	d := armDesk(t)
	d.openSection(bodySection)
	items := func() int {
		var sc scene.Scene
		d.draw(&sc)
		return len(sc.Items)
	}
	all := items()
	d.pressRow(t, "upper", 0, 0.5)
	if items() != all-2 || d.selected != -1 {
		t.Errorf("%d of %d things are left, body %d is selected", items(), all, d.selected)
	}
	x, y := d.where(2)
	if body, _ := d.pick(x, y); body == 2 {
		t.Error("a hidden body is picked")
	}
	if d.pressRow(t, "upper", 1, 0.5); d.selected != 2 {
		t.Errorf("body %d is selected", d.selected)
	}
	if d.row("lower").Depth != 1 || d.row("upper").Depth != 2 {
		t.Error("the tree is not one")
	}
}

// TestSelectedBodyTellsItsForces: what its drive applies and its joint carries.
func TestSelectedBodyTellsItsForces(t *testing.T) {
	d := armDesk(t)
	d.selected = 2
	d.forwardBy(3)
	var sc scene.Scene
	d.draw(&sc)
	text := strings.Join(sc.Panels[0].Lines, "\n")
	for _, want := range []string{"drive       0.25 N m", "joint       "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestSelectedBodyTellsItsTurning: by what torque its contacts resist that it spins, and that of a body that resists none is not told.
func TestSelectedBodyTellsItsTurning(t *testing.T) {
	b := onGround("ball")
	for _, torsion := range []float64{0.01, 0} {
		name := fmt.Sprint("ball", torsion)
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddFree(name+"_free", l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1), Friction: 0.5, Surface: contact.Surface{Torsion: torsion}})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewState()
	s.Q[2], s.Q[7], s.Q[9], s.V[5], s.V[11] = 0.1, 1, 0.1, 30, 30
	o := Options{Paused: true}
	d := newDesk(m, o)
	if err := d.goLive(s, &o); err != nil {
		t.Fatal(err)
	}
	d.forwardBy(3)
	for selected, want := range []string{"turning     0.09", ""} {
		d.selected = selected
		var sc scene.Scene
		d.draw(&sc)
		if text := strings.Join(sc.Panels[0].Lines, "\n"); !strings.Contains(text, want) || want == "" && strings.Contains(text, "turning") {
			t.Errorf("body %d: no %q in\n%s", selected, want, text)
		}
	}
}

// TestKeyFramesOfTheBoard are gone to one by one, and copied as JSON.
func TestKeyFramesOfTheBoard(t *testing.T) {
	d := armDesk(t)
	v := blindViewer(d)
	d.openSection(keySection)
	d.forwardBy(10)
	d.pressRow(t, "keep this state (K)", 0, 0.5)
	want := slices.Clone(d.now().State.Q)
	d.forwardBy(10)
	d.pressRow(t, "1: 0.100 s", 0, 0.5)
	if !slices.Equal(d.now().State.Q, want) {
		t.Error("the key frame is another state")
	}
	d.pressRow(t, "1: 0.100 s", 1, 0.5)
	v.paint()
	if got := v.win.(*blind).copied; !strings.HasPrefix(got, `{"q":[`) || !strings.Contains(got, `"time":0.1,`) || !strings.HasSuffix(got, "]}") {
		t.Errorf("the clipboard has %q", got)
	}
}

// TestOpenAnother robot by dropping a file, or the same once more; one that cannot be opened leaves all as it was.
func TestOpenAnother(t *testing.T) {
	boxes, start := twoBoxes(t)
	var asked []string
	d := armDesk(t)
	d.tap(keyF5, 0)
	if !strings.Contains(d.said, "keeps its robot") {
		t.Errorf("a window that opens nothing says %q", d.said)
	}
	d.opener = func(path string) (*Robot, error) {
		asked = append(asked, path)
		if path == "bad.urdf" {
			return nil, errors.New("bad.urdf:3: what is this?")
		}
		return &Robot{Model: boxes, Start: start}, nil
	}
	d.forwardBy(5)
	d.handle(event{kind: dropEvent, path: "bad.urdf"})
	if d.failed == nil || d.model.Name() != "arm" || d.cursor != 5 {
		t.Errorf("a bad file leads to %v with %s at step %d", d.failed, d.model.Name(), d.cursor)
	}
	d.stepper.SetKappa(1e-3)
	d.handle(event{kind: dropEvent, path: "boxes.urdf"})
	if d.failed != nil || d.model != boxes || d.cursor != 0 || d.title != "boxes" || d.stepper.Options().Kappa != 1e-3 || !d.paused {
		t.Errorf("after the drop: %v, %s at step %d, κ %g", d.failed, d.title, d.cursor, d.stepper.Options().Kappa)
	}
	var sc scene.Scene
	d.draw(&sc)
	d.forwardBy(5)
	d.tap(keyF5, 0)
	if len(asked) != 3 || asked[2] != "" || d.cursor != 0 {
		t.Errorf("asked for %q, at step %d", asked, d.cursor)
	}
	if r := replayDesk(t, 5); true {
		r.opener = d.opener
		if r.handle(event{kind: dropEvent, path: "x.urdf"}); len(asked) != 3 {
			t.Error("a replay opens robots")
		}
	}
}

// TestProfileTellsTime of every phase once there was one.
func TestProfileTellsTime(t *testing.T) {
	d := armDesk(t)
	v := blindViewer(d)
	d.openSection(profileSection)
	d.forwardBy(20)
	v.paint()
	d.changed = true
	v.paint()
	for p := range phases {
		if s := d.row(p.String()).Value; s == "–" || s == "" {
			t.Errorf("%s takes %q", p, s)
		}
	}
	if d.row("iterations of a step").Value == "0.0" {
		t.Error("no iterations")
	}
}
