package viewer

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestPauseAndStep(t *testing.T) {
	d := liveDesk(t, Options{})
	d.advance(0.1, time.Second)
	if d.cursor != 0 {
		t.Fatalf("a paused desk went to step %d", d.cursor)
	}
	d.tap(keySpace, 0)
	d.advance(0.1, time.Second)
	if d.cursor != 10 {
		t.Errorf("0.1 s at 100 Hz led to step %d, want 10", d.cursor)
	}
	d.tap(keyRight, 0)
	if d.cursor != 11 || !d.paused {
		t.Errorf("→ led to step %d, paused %v; want 11, true", d.cursor, d.paused)
	}
	d.tap(keyUp, 0)
	if d.cursor != 11+far {
		t.Errorf("↑ led to step %d, want %d", d.cursor, 11+far)
	}
	d.tap(keyHome, 0)
	if d.cursor != 0 || d.tape.last != 11+far {
		t.Errorf("Home led to step %d of %d", d.cursor, d.tape.last)
	}
}

// TestStepBackAndOnRepeats steps back and simulates again: the same bits must come out.
func TestStepBackAndOnRepeats(t *testing.T) {
	d := liveDesk(t, Options{})
	d.forwardBy(60)
	want := d.now().State.Clone()
	d.tap(keyDown, 0)
	if d.cursor != 60-far {
		t.Fatalf("↓ led to step %d, want %d", d.cursor, 60-far)
	}
	d.tap(keySpace, 0)
	for d.cursor < 60 {
		d.advance(0.01, time.Second)
		if d.tape.last != d.cursor {
			t.Fatalf("the tape ends at %d while step %d was just made", d.tape.last, d.cursor)
		}
	}
	for i, q := range d.now().State.Q {
		if q != want.Q[i] {
			t.Fatalf("coordinate %d is %g, was %g the first time", i, q, want.Q[i])
		}
	}
	d.tap(keyBackspace, 0)
	if d.cursor != 0 || d.tape.last != 0 || d.now().State.Q[2] != 0.12 {
		t.Errorf("reset led to step %d, height %g", d.cursor, d.now().State.Q[2])
	}
}

func TestTapeForgetsTheOldest(t *testing.T) {
	p := newTape(4)
	for k := range 10 {
		p.next().values = []float64{float64(k)}
	}
	if p.first != 6 || p.last != 9 {
		t.Fatalf("the tape holds %d … %d, want 6 … 9", p.first, p.last)
	}
	for k := p.first; k <= p.last; k++ {
		if p.at(k).values[0] != float64(k) {
			t.Errorf("step %d is %g", k, p.at(k).values[0])
		}
	}
}

func TestSpeed(t *testing.T) {
	d := liveDesk(t, Options{})
	d.tap(keySpace, 0)
	d.tap(keyEqual, 0)
	d.advance(0.1, time.Second)
	if d.cursor != 20 {
		t.Errorf("double speed led to step %d in 0.1 s, want 20", d.cursor)
	}
	d.tap(keyMinus, 0)
	d.tap(keyMinus, 0)
	d.tap(keyMinus, 0)
	d.advance(0.2, time.Second)
	if d.cursor != 25 {
		t.Errorf("quarter speed led to step %d in 0.2 s, want 25", d.cursor)
	}
	if s := d.clock.String(); s != "1/4×" {
		t.Errorf("the speed reads %q", s)
	}
}

func TestDoubleClickSelects(t *testing.T) {
	d := liveDesk(t, Options{})
	for body, name := range d.model.Bodies() {
		x, y := d.where(body)
		d.handle(event{kind: buttonEvent, down: true, x: x, y: y, at: 1})
		d.handle(event{kind: buttonEvent, x: x, y: y, at: 1.05})
		if d.selected == body {
			t.Errorf("one click selected %s", name)
		}
		d.handle(event{kind: buttonEvent, down: true, x: x + 1, y: y, at: 1.2})
		d.handle(event{kind: buttonEvent, x: x + 1, y: y, at: 1.25})
		if d.selected != body {
			t.Errorf("a double click on %s selected body %d", name, d.selected)
		}
	}
	if x, y := d.where(0); true {
		d.handle(event{kind: buttonEvent, down: true, x: x, y: y, at: 2})
		d.handle(event{kind: buttonEvent, down: true, x: x, y: y, at: 2 + 2*doubleTime})
	}
	if d.selected != 1 {
		t.Error("two slow clicks selected something")
	}
	d.tap(keyEscape, 0)
	if d.selected != -1 {
		t.Error("Esc kept the selection")
	}
}

// TestPushMovesTheBody drags the left box to the right with ctrl and the right button: it must go there,
// the other one must stay, and after the drag no force may be left.
func TestPushMovesTheBody(t *testing.T) {
	d := liveDesk(t, Options{})
	d.forwardBy(30)
	at := d.now().State.Q[0]
	x, y := d.where(0)
	d.dragFrom(rightButton, control, x, y, x+60, y-60)
	if d.selected != 0 || d.push.kind != pull {
		t.Fatalf("selected %d, push %v", d.selected, d.push.kind)
	}
	d.forwardBy(100)
	moved := d.now().State.Q[0] - at
	c := d.camera()
	v := c.View()
	want := 60 * 2 * v.TanHalf * 3 / 360 // 60 pixels at a distance of 3 m
	if math.Abs(moved-want) > 0.1 || d.now().State.Q[2] < 0.15 {
		t.Errorf("the box moved by %.3f m to height %.3f m, want %.3f m and lifted", moved, d.now().State.Q[2], want)
	}
	if other := d.now().State.Q[7]; math.Abs(other-0.5) > 1e-3 {
		t.Errorf("the other box is at %.4f m", other)
	}
	d.handle(event{kind: buttonEvent, button: rightButton, x: x + 60, y: y - 60})
	d.forwardBy(100)
	if z := d.now().State.Q[2]; math.Abs(z-0.1) > 1e-3 {
		t.Errorf("let go, the box rests at %.4f m, want 0.1", z)
	}
	if v := d.now().State.V[0]; math.Abs(v) > 1e-3 {
		t.Errorf("let go, the box moves at %g m/s", v)
	}
}

// TestPushIsStable drags every body of the robots of the zoo: what is light must not start to ring.
func TestPushIsStable(t *testing.T) {
	for _, name := range []string{"quadruped", "ant"} {
		m, start, err := models.Load(name, models.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for body, link := range m.Bodies() {
			for _, kind := range []pushKind{pull, twist} {
				d := newDesk(m, Options{Paused: true})
				if err := d.goLive(start.Clone(), &Options{}); err != nil {
					t.Fatal(err)
				}
				d.forwardBy(20)
				d.posesAt(d.poses, d.cursor)
				in := m.BodyInertia(body)
				d.push.begin(kind, m, body, d.poses, d.poses[body].Apply(in.COM))
				d.push.target.Z += 0.2
				d.push.turn = scene.Upright(quat.Mul(sim.RPY(0, 0, 1), d.push.turn))
				d.forwardBy(120)
				if d.failed != nil {
					t.Fatalf("%s, %s: %v", name, link, d.failed)
				}
				// Held still, it may swing a little, but neighboring steps must not alternate.
				jump := 0.0
				for k := d.cursor - 10; k < d.cursor; k++ {
					a, b, c := d.tape.at(k-1).State.V, d.tape.at(k).State.V, d.tape.at(k+1).State.V
					for i := range b {
						jump = math.Max(jump, math.Min(math.Abs(b[i]-a[i]), math.Abs(c[i]-b[i]))*turns(a[i], b[i], c[i]))
					}
				}
				if jump > 2 {
					t.Errorf("%s: push %v of %s rings with %.2g m/s or rad/s", name, kind, link, jump)
				}
			}
		}
	}
}

// turns is 1 where the middle of three values is an extreme, else 0.
func turns(a, b, c float64) float64 {
	if (b-a)*(c-b) < 0 {
		return 1
	}
	return 0
}

func TestTwistTurnsTheBody(t *testing.T) {
	d := liveDesk(t, Options{})
	d.forwardBy(30)
	x, y := d.where(1)
	d.dragFrom(leftButton, control, x, y, x+120, y) // a third of the height: 60° about the vertical
	d.forwardBy(200)
	if d.push.kind != twist {
		t.Fatalf("push is %v", d.push.kind)
	}
	q := d.now().State.Q[10:14]
	yaw := 2 * math.Atan2(q[3], q[0])
	if math.Abs(yaw) < 0.5 || math.Abs(yaw) > 1.2 {
		t.Errorf("the box turned by %.2f rad, want about 1", yaw)
	}
}

func TestDragMovesTheCamera(t *testing.T) {
	d := liveDesk(t, Options{})
	before := d.camera()
	d.dragFrom(leftButton, 0, 5, 5, 95, 50)
	d.handle(event{kind: buttonEvent, x: 95, y: 50})
	c := d.camera()
	if math.Abs(before.Azimuth-c.Azimuth-math.Pi/4) > 1e-9 || math.Abs(c.Elevation-before.Elevation-math.Pi/8) > 1e-9 {
		t.Errorf("the camera turned from (%.3f, %.3f) to (%.3f, %.3f)", before.Azimuth, before.Elevation, c.Azimuth, c.Elevation)
	}
	// What was at the target's depth stays under the pointer when panned.
	v := c.View()
	p := r3.Add(c.Target, r3.Scale(0.3, v.Right))
	x, y, _ := v.Project(p, 640, 360)
	d.dragFrom(rightButton, 0, x, y, x+40, y+25)
	d.handle(event{kind: buttonEvent, button: rightButton, x: x + 40, y: y + 25})
	c = d.camera()
	v = c.View()
	if x1, y1, _ := v.Project(p, 640, 360); math.Abs(x1-x-40)+math.Abs(y1-y-25) > 1e-6 {
		t.Errorf("the point went from (%.1f, %.1f) to (%.1f, %.1f), want 40 right and 25 down", x, y, x1, y1)
	}
	near := c.Distance
	d.handle(event{kind: wheelEvent, y: 2})
	if got := d.camera().Distance; math.Abs(got/near-math.Exp(-0.24)) > 1e-9 {
		t.Errorf("two turns of the wheel changed the distance from %g to %g", near, got)
	}
	if d.tape.last != 0 || d.push.kind != noPush {
		t.Error("moving the camera touched the simulation")
	}
}

func TestCameraCyclesAndTracks(t *testing.T) {
	d := liveDesk(t, Options{})
	var sc scene.Scene
	d.draw(&sc)
	d.tap(keyRightBr, 0)
	if d.lens.mode != lensTrack {
		t.Fatalf("] led to camera %v", d.lens.mode)
	}
	d.now().State.Q[0] += 2 // the mass center of both moves by 1
	d.draw(&sc)
	if x := d.lens.free.Target.X; math.Abs(x-1) > 1e-9 {
		t.Errorf("the tracking camera looks at x = %g, want 1", x)
	}
	for range lensModes {
		d.draw(&sc)
		d.tap(keyLeftBr, 0)
	}
	if d.lens.mode != lensTrack {
		t.Errorf("a round of [ ended at %v", d.lens.mode)
	}
}

func TestKappaKeys(t *testing.T) {
	d := liveDesk(t, Options{})
	for range 4 {
		d.tap(keyPeriod, 0)
	}
	if k := d.stepper.Options().Kappa; math.Abs(k/1e-3-1) > 1e-12 {
		t.Errorf("four presses of . made κ %g, want 1e-3", k)
	}
	d.forwardBy(100)
	soft := d.now().State.Q[2]
	for range 4 {
		d.tap(keyComma, 0)
	}
	if k := d.stepper.Options().Kappa; math.Abs(k/1e-5-1) > 1e-12 {
		t.Errorf("and back made κ %g, want 1e-5", k)
	}
	d.tap(keyHome, 0)
	d.tap(keySpace, 0)
	d.advance(0.01, time.Second)
	d.forwardBy(99)
	if hard := d.now().State.Q[2]; !(soft > hard) {
		t.Errorf("the box rests at %g when soft and at %g when hard", soft, hard)
	}
	for range 99 {
		d.tap(keyPeriod, 0)
	}
	if k := d.stepper.Options().Kappa; k != softest {
		t.Errorf("κ went up to %g", k)
	}
}

// TestToggles presses every key there is in every mode and draws: whatever comes out must be drawable.
func TestToggles(t *testing.T) {
	d := liveDesk(t, Options{Signals: []Signal{{Title: "height [m]", Names: []string{"left"}, Sample: func(v []float64, _ int, s sim.State) { v[0] = s.Q[2] }}}})
	d.forwardBy(40)
	var sc scene.Scene
	for round := range 3 {
		for k := key(' '); k < 350; k++ {
			d.tap(k, 0)
			d.draw(&sc)
		}
		if d.quit {
			t.Fatalf("a key without ctrl quit in round %d", round)
		}
	}
	d.tap('Q', control)
	if !d.quit {
		t.Error("ctrl-Q did not quit")
	}
}

func TestPictureTells(t *testing.T) {
	d := liveDesk(t, Options{})
	d.forwardBy(60)
	var sc scene.Scene
	d.selected = 1
	d.tap('M', 0)
	d.tap('E', 0)
	d.draw(&sc)
	if len(sc.Arrows) == 0 || len(sc.Traces) != 1 || len(sc.Frames) != 2 || len(sc.Plots) != 1 || len(sc.Labels) != 1 {
		t.Errorf("%d arrows, %d traces, %d frames, %d plots, %d labels", len(sc.Arrows), len(sc.Traces), len(sc.Frames), len(sc.Plots), len(sc.Labels))
	}
	text := strings.Join(sc.Panels[0].Lines, "\n")
	for _, w := range []string{"time", "0.60 s", "paused", "energy", "contacts", "iterations", "κ", "residual"} {
		if !strings.Contains(text, w) {
			t.Errorf("the text lacks %q:\n%s", w, text)
		}
	}
	d.tap(keyF1, 0)
	d.draw(&sc)
	help := strings.Join(sc.Panels[1].Lines, "\n")
	for _, w := range []string{"space", "backspace", "ctrl-drag", "κ"} {
		if !strings.Contains(help, w) {
			t.Errorf("the help lacks %q", w)
		}
	}
	sum := 0.0
	for i := range d.now().Contacts {
		sum += d.now().Contacts[i].Force.Z
	}
	if math.Abs(sum-2*9.81) > 0.5 {
		t.Errorf("contacts carry %.2f N, want the weight of 19.62 N", sum)
	}
}

// TestStepAtRestIsShown: a step at rest needs no iteration, and that is shown; before the first step nothing is.
func TestStepAtRestIsShown(t *testing.T) {
	d := liveDesk(t, Options{})
	shown := func() string {
		var sc scene.Scene
		d.draw(&sc)
		return strings.Join(sc.Panels[0].Lines, "\n")
	}
	if text := shown(); strings.Contains(text, "iterations") || !math.IsNaN(iterationChart().value(0, d.now())) {
		t.Errorf("the start had iterations:\n%s", text)
	}
	for range 1000 {
		if d.forwardBy(1); d.now().Result.Iterations == 0 {
			break
		}
	}
	if text := shown(); d.now().Result.Iterations != 0 || !strings.Contains(text, "iterations") || iterationChart().value(0, d.now()) != 0 {
		t.Errorf("%+v:\n%s", d.now().Result, text)
	}
}

func TestFailureIsShown(t *testing.T) {
	d := liveDesk(t, Options{Control: nil})
	d.stepper.SetKappa(-1)
	d.tap(keySpace, 0)
	d.advance(0.05, time.Second)
	if !d.paused || d.failed == nil {
		t.Fatal("a failed step did not pause")
	}
	var sc scene.Scene
	d.draw(&sc)
	last := sc.Panels[len(sc.Panels)-1]
	if !strings.Contains(strings.Join(last.Lines, " "), "κ is -1") {
		t.Errorf("the failure reads %q", last.Lines)
	}
}
