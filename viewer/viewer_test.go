package viewer

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// loopViewer is a window that draws nothing around a loop of the caller.
func loopViewer(t *testing.T, o Options) (*Viewer, sim.State) {
	m, s := twoBoxes(t)
	if o.Stepper == nil {
		o.Stepper = m.NewStepper(sim.Options{})
	}
	d := newDesk(m, o)
	d.mode = loop
	return blindViewer(d), s
}

func TestUpdateKeepsTheClock(t *testing.T) {
	v, s := loopViewer(t, Options{Speed: 2})
	st := v.desk.stepper
	start := time.Now()
	for range 40 { // 0.4 s at double speed
		r, err := st.Step(&s, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		v.Report(r)
		v.Update(s)
	}
	if d := time.Since(start); d < 190*time.Millisecond {
		t.Errorf("0.4 s at double speed took %v, want about 0.2 s", d)
	}
	if v.desk.cursor != 39 || v.Frames() == 0 {
		t.Errorf("step %d is on show after 40, %d pictures", v.desk.cursor, v.Frames())
	}
	if m := v.desk.now(); len(m.Contacts) == 0 || !m.Knows(scene.KnownResult) {
		t.Errorf("contacts or the report are missing: %d contacts, %+v", len(m.Contacts), m.Result)
	}
}

func TestUpdateWithoutClockIsFast(t *testing.T) {
	v, s := loopViewer(t, Options{NoClock: true})
	start := time.Now()
	for range 1000 { // 10 s
		v.Update(s)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("1000 updates took %v", d)
	}
	if n := v.Frames(); n == 0 || n > 400 {
		t.Errorf("%d pictures were drawn for 1000 updates", n)
	}
}

// TestUpdateHoldsWhilePaused pauses from inside, steps once, and goes on: the loop must have been let out
// exactly for the step.
func TestUpdateHoldsWhilePaused(t *testing.T) {
	v, s := loopViewer(t, Options{Paused: true})
	none := event{}
	v.win.(*blind).script = []event{none, none, press(keyRight, 0), none, none, press(keySpace, 0)}
	v.Update(s) // the first state; held until →
	if v.win.(*blind).polls != 3 || !v.desk.paused {
		t.Fatalf("%d polls, paused %v; want 3, true", v.win.(*blind).polls, v.desk.paused)
	}
	v.Update(s) // the step; held until space
	if v.desk.paused || v.desk.cursor != 1 {
		t.Errorf("paused %v at step %d, want false at 1", v.desk.paused, v.desk.cursor)
	}
	v.win.(*blind).script = []event{press(keySpace, 0), press('Q', control)}
	for range 3 {
		v.Update(s)
	}
	if !v.Closed() {
		t.Error("ctrl-Q in a pause did not close")
	}
}

// TestRestartReachesTheLoop presses backspace in a pause: the loop must be told once, and a loop that does
// not ask must get on all the same.
func TestRestartReachesTheLoop(t *testing.T) {
	v, s := loopViewer(t, Options{NoClock: true})
	for range 5 {
		v.Update(s)
	}
	v.desk.handle(press(keySpace, 0))
	v.win.(*blind).script = []event{press(keyBackspace, 0)}
	v.Update(s)
	if !v.Restart() || v.Restart() {
		t.Error("the loop was not told once")
	}
	v.win.(*blind).script = []event{press(keySpace, 0)}
	v.Update(s)
	if v.desk.cursor != 0 || v.desk.time() != 0 {
		t.Errorf("the first update after a restart is step %d", v.desk.cursor)
	}
	v.desk.handle(press(keyBackspace, 0)) // not asked for this time
	v.win.(*blind).script = []event{press(keySpace, 0), {}, {}, press(keySpace, 0)}
	polls := v.win.(*blind).polls
	v.desk.clock.free = false
	v.Update(s)
	v.Update(s)
	if got := v.win.(*blind).polls - polls; got < 4 {
		t.Errorf("a pause after a restart nobody asked for lasted %d polls, want 4", got)
	}
}

func TestReplayLooksIntoTheSteps(t *testing.T) {
	m, s := twoBoxes(t)
	rec, err := m.NewStepper(sim.Options{}).Rollout(s, 80, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{}
	d := newDesk(m, o)
	if err := d.play(rec, &o); err != nil {
		t.Fatal(err)
	}
	v := blindViewer(d)
	v.begin()
	for end := time.Now().Add(10 * time.Second); !d.paused && time.Now().Before(end); {
		v.cycle()
	}
	if d.cursor != 80 || !d.paused {
		t.Fatalf("the replay stands at step %d of 80, paused %v", d.cursor, d.paused)
	}
	if m := d.now(); !m.Knows(scene.KnownResult|scene.KnownContacts|scene.KnownEnergy) || !slices.Equal(m.Contacts, rec.Contacts[79]) || len(m.Contacts) < 4 {
		t.Errorf("known %b, %d contacts", m.Known, len(m.Contacts))
	}
	d.tap(keySpace, 0)
	if d.cursor != 0 || d.paused {
		t.Error("space at the end did not play again")
	}
	d.height, d.width = 360, 640
	d.handle(event{kind: buttonEvent, down: true, x: 320, y: 358})
	if d.cursor != 40 {
		t.Errorf("a click in the middle of the time bar led to step %d", d.cursor)
	}
	// A step that came from elsewhere must not get forces it never had.
	rec.States[50].Q[2] += 0.01
	rec.Contacts = nil
	if err := d.play(rec, &o); err != nil {
		t.Fatal(err)
	}
	d.look(50)
	if d.tape.at(50).Knows(scene.KnownContacts) {
		t.Error("forces were made up for a state that the step does not lead to")
	}
	// Recorded forces are shown even there.
	rec.Contacts = make([][]sim.Contact, 80)
	rec.Contacts[49] = []sim.Contact{{Force: r3.Vec{Z: 3}}}
	if err := d.play(rec, &o); err != nil {
		t.Fatal(err)
	}
	d.look(50)
	d.look(20)
	if m := d.tape.at(50); !m.Knows(scene.KnownContacts) || len(m.Contacts) != 1 || m.Contacts[0].Force.Z != 3 {
		t.Errorf("recorded contacts are not shown: %v", m.Contacts)
	}
	if m := d.tape.at(20); !m.Knows(scene.KnownContacts) || len(m.Contacts) != 0 {
		t.Errorf("%d contacts where the recording has none", len(m.Contacts))
	}
}

func TestBadStatesAreErrors(t *testing.T) {
	m, s := twoBoxes(t)
	o := Options{}
	bad := s.Clone()
	bad.Q = bad.Q[1:]
	if err := newDesk(m, o).goLive(bad, &o); err == nil {
		t.Error("a state of the wrong length was taken")
	}
	if err := newDesk(m, o).play(&sim.Trajectory{States: []sim.State{s, bad}}, &o); err == nil || !strings.Contains(err.Error(), "state 1") {
		t.Errorf("a bad trajectory gives %v", err)
	}
	v, s := loopViewer(t, Options{NoClock: true})
	v.Update(s)
	v.Update(sim.State{})
	if v.desk.failed == nil || v.desk.cursor != 0 {
		t.Error("a bad state of a loop was shown")
	}
	other, _ := twoBoxes(t)
	if _, err := Open(m, Options{Stepper: other.NewStepper(sim.Options{})}); err == nil || !strings.Contains(err.Error(), "another model") {
		t.Errorf("a stepper of another model gives %v", err)
	}
}

// TestNoScreenIsAClearError opens a window where there is none: without the tag, or without DISPLAY.
func TestNoScreenIsAClearError(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	m, s := twoBoxes(t)
	err := Run(m, s, Options{})
	if !errors.Is(err, ErrNoWindow) {
		t.Fatalf("Run gives %v", err)
	}
	if !strings.Contains(err.Error(), "apt-get install") {
		t.Errorf("the error does not say what to install: %v", err)
	}
}

func TestSetupInstallsThePackages(t *testing.T) {
	script, err := os.ReadFile("setup.sh")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(script), `build="`+packages+`"`) {
		t.Error("setup.sh and packages.go name different packages")
	}
}
